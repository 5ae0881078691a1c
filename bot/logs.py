"""Logging: structlog, to standard error, with ids, tiers and timings and never a word of what people wrote.

Two processors hold the last line of defence: `withhold` empties keys that could carry message text, and `trace` writes an exception as its
type and its stack of code places, without its message, because messages of exceptions quote their input.
"""

from __future__ import annotations

import logging
import sys
import traceback
from typing import TYPE_CHECKING, Any, TextIO

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

FORBIDDEN = frozenset(
    {
        "answer", "body", "citations", "content", "description", "draft", "embed", "excerpt", "findings", "guarded", "input", "message",
        "messages", "name", "note", "params", "passage", "payload", "person", "prompt", "query", "question", "reason_text", "reply",
        "response", "sentence", "text", "title", "token", "transcript", "turn", "turns", "user", "username", "words",
    }
)  # fmt: skip
"""Keys that are never written, whatever stands in them."""

LONGEST = 200
"""Characters of a value: ids and figures are short, messages are not."""


def configure(level: str = "info", form: str = "auto", stream: TextIO | None = None) -> None:
    """Set logging up for this process: `form` is "console", "json" or "auto" (readable on a terminal)."""
    out = stream or sys.stderr
    readable = form == "console" or (form == "auto" and out.isatty())
    number = logging.getLevelNamesMapping()[level.upper()]
    last: Processor = (
        structlog.dev.ConsoleRenderer(colors=out.isatty())
        if readable
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            trace,
            withhold,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    _bridge(number, out)


def logger(name: str) -> FilteringBoundLogger:
    """A logger for the module `name`. Until somebody calls `configure`, errors go to standard error with the same two processors."""
    if not structlog.is_configured():
        configure("error")
    bound: FilteringBoundLogger = structlog.get_logger(module=name)
    return bound


def withhold(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Empty forbidden keys, and values too long to be an id or a figure; `withheld` names them, so that the slip is found."""
    caught = [
        key
        for key, value in event.items()
        if key in FORBIDDEN or (isinstance(value, str) and len(value) > LONGEST and key != "stack")
    ]
    for key in caught:
        event[key] = "[withheld]"
    if caught:
        event["withheld"] = sorted(caught)
    return event


def trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Turn `exc_info` into `error` (the type) and `stack` (file:line function, innermost last), leaving the exception's words out."""
    info: Any = event.pop("exc_info", None)
    error = (
        info
        if isinstance(info, BaseException)
        else (info[1] if isinstance(info, tuple) else sys.exc_info()[1] if info else None)
    )
    if error is not None:
        event["error"] = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)[-8:]
        event["stack"] = " < ".join(
            f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames
        )
    return event


class _Plain(logging.Formatter):
    """Records of other libraries: level, logger, place. Their words only at warning and above, cut short, without arguments."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, without the arguments that the library would have put into its message."""
        words = str(record.msg)[:LONGEST].replace("\n", " ")
        error = f" ({record.exc_info[0].__name__})" if record.exc_info and record.exc_info[0] else ""
        return f"{record.levelname.lower()} {record.name}: {words}{error}"


def _bridge(number: int, out: TextIO) -> None:
    """Send what libraries log by the standard library to the same stream, quieter."""
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Plain())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.WARNING))
