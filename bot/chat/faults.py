"""What can go wrong with a chat model, as values: each has a kind that is counted, and ends in an answer from the documents."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """Why a model gave nothing that can be used."""

    TIMEOUT = "timeout"
    RATE = "rate"
    """429: too many requests."""
    SERVER = "server"
    """5xx."""
    CONNECTION = "connection"
    ACCESS = "access"
    """401 and 403: the key is wrong."""
    REQUEST = "request"
    """Any other 4xx: the provider does not take what was sent."""
    REFUSAL = "refusal"
    EMPTY = "empty"
    CUT = "cut"
    FORMAT = "format"
    LONG = "long"
    REPEATS = "repeats"
    ERROR = "error"
    OPEN = "open"
    """Not asked: the circuit breaker is open."""
    BUDGET = "budget"
    """Not asked: the guild has used up its day's budget."""
    PRIVATE = "private"
    """Not asked: symptoms, and the provider is not the host's own."""
    URGENT = "urgent"
    """Not asked: what would be sent holds something urgent."""
    UNBOOKED = "unbooked"
    """Not asked: the ledger of the budget cannot be reached."""
    UNSUPPORTED = "unsupported"
    """Answered, but too little of it holds."""


TRANSIENT = frozenset({Kind.RATE, Kind.SERVER, Kind.CONNECTION})
"""Worth another try."""
OUTAGE = TRANSIENT | {Kind.TIMEOUT, Kind.ACCESS, Kind.ERROR}
"""These count against the circuit breaker: asking again soon would fail again."""


class ModelFault(Exception):
    """A model gave nothing that can be used. Carries the kind and, if it was HTTP, the status; never text."""

    def __init__(self, kind: Kind, status: int | None = None, *, after: float | None = None) -> None:
        """`after`: seconds the provider asks to wait."""
        super().__init__(kind.value)
        self.kind = kind
        self.status = status
        self.after = after
        self.again = False
        """The model is asked in another way from now on: worth another try at once."""


def classify(error: BaseException) -> ModelFault:
    """The fault behind whatever a provider's client raised. Clients differ; status codes and class names do not."""
    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, ModelFault):
            return behind
        behind = behind.__cause__
    status = _status(error)
    if status is not None:
        return ModelFault(_of_status(status), status, after=_after(error))
    names = " ".join(each.__name__.lower() for each in type(error).__mro__)
    kind = next((kind for sign, kind in _SIGNS if sign in names), Kind.ERROR)
    return ModelFault(kind)


_SIGNS = (
    ("timeout", Kind.TIMEOUT),
    ("refusal", Kind.REFUSAL),
    ("contentfilter", Kind.REFUSAL),
    ("lengthfinish", Kind.CUT),
    ("validation", Kind.FORMAT),
    ("jsondecode", Kind.FORMAT),
    ("outputparser", Kind.FORMAT),
    ("connect", Kind.CONNECTION),
    ("protocolerror", Kind.CONNECTION),
    ("networkerror", Kind.CONNECTION),
    ("readerror", Kind.CONNECTION),
    ("notimplemented", Kind.REQUEST),
)


def _status(error: BaseException) -> int | None:
    """The HTTP status of an error, where it has one."""
    for holder in (error, getattr(error, "response", None)):
        for name in ("status_code", "http_status", "code"):
            value = getattr(holder, name, None)
            if isinstance(value, int) and 400 <= value < 600:
                return value
    return None


def _of_status(status: int) -> Kind:
    if status == 429:
        return Kind.RATE
    if status == 408:
        return Kind.TIMEOUT
    if status >= 500:
        return Kind.SERVER
    return Kind.ACCESS if status in (401, 403) else Kind.REQUEST


def _after(error: BaseException) -> float | None:
    """Seconds of a Retry-After header, if there is one in seconds."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    value = headers.get("retry-after") if headers is not None else None
    return float(value) if isinstance(value, str) and value.replace(".", "", 1).isdigit() else None
