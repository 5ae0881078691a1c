"""Ask a chat model through LangChain: within a time limit, with retries, behind a circuit breaker. Everything that goes wrong is a `ModelFault`."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from bot.chat import metrics
from bot.chat.awaiting import within
from bot.chat.capped import PLAIN, cap
from bot.chat.circuit import Circuit
from bot.chat.faults import OUTAGE, TRANSIENT, Kind, ModelFault
from bot.chat.settings import OLLAMA
from bot.logs import logger

if TYPE_CHECKING:
    from tenacity import RetryCallState

    from bot.chat.prompting import Prompt
    from bot.chat.settings import ChatSettings

log = logger("chat")

SCHEMA: dict[str, Any] = {
    "title": "answer",
    "description": "The sentences of an answer.",
    "type": "object",
    "additionalProperties": False,
    "required": ["sentences"],
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["text", "passages"],
                "properties": {
                    "text": {"type": "string"},
                    "passages": {"type": "array", "items": {"type": "integer"}},
                },
            },
        }
    },
}
"""Form of a structured answer (JSON schema)."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a model wrote, and what it cost."""

    text: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cut: bool = False
    """It stopped because it ran out of tokens."""


class Model(Protocol):
    """Anything that writes: the real one below, and a cached one for evaluation."""

    name: str

    @property
    def form(self) -> str:
        """Which prompt it wants next: "structured" or "lines"."""

    async def ask(self, prompt: Prompt, seconds: float) -> Written:
        """What it writes, within `seconds`. Raises `ModelFault`."""

    async def close(self) -> None:
        """Let go of connections."""


class ChatModel:
    """A LangChain chat model by its setting."""

    def __init__(self, settings: ChatSettings, circuit: Circuit | None = None) -> None:
        """Nothing is loaded or called before the first question."""
        self.name = settings.model
        self._settings = settings
        self._circuit = circuit or Circuit()
        self._structured = settings.format != "lines"
        self._cool = True
        self._model: Any = None

    @property
    def form(self) -> str:
        """The structured form until the provider refuses it."""
        return "structured" if self._structured else "lines"

    async def ask(self, prompt: Prompt, seconds: float) -> Written:
        """What the model writes, within `seconds`. Raises `ModelFault`."""
        if not self._circuit.enter():
            raise ModelFault(Kind.OPEN)
        began = time.monotonic()
        written, fault = await within(self._tries(prompt, began + seconds), seconds)
        metrics.SECONDS.observe(time.monotonic() - began)
        if fault is not None:
            self._note(fault, prompt.form)
            raise fault
        self._circuit.succeeded()
        metrics.CIRCUIT_OPEN.set(0)
        assert isinstance(written, Written)
        return written

    async def close(self) -> None:
        """Close the provider's connections. LangChain has no call for it, so its clients are asked one by one."""
        clients = [getattr(self._model, name, None) for name in ("root_async_client", "_async_client")]
        for client in clients:
            close = getattr(client, "close", None)
            if close is not None:
                await close()
        self._model = None

    def _note(self, fault: ModelFault, form: str) -> None:
        """Tell the circuit breaker and the log; switch to lines where the provider does not take a schema."""
        if fault.kind in OUTAGE:
            self._circuit.failed()
        else:
            self._circuit.succeeded()
        metrics.CIRCUIT_OPEN.set(0 if self._circuit.closed else 1)
        if fault.kind is Kind.REQUEST:
            fault.again = self._give_way(form)
        log.warning(
            "chat_fault", kind=fault.kind.value, status=fault.status, provider=self._settings.provider
        )

    def _give_way(self, form: str) -> bool:
        """Ask in a plainer way where the provider does not take what is sent: without a schema, then without a temperature."""
        if form == "structured" and self._settings.format == "auto":
            self._structured = False
            return True
        if self._cool and self._model is not None:
            self._cool = False
            self._model = self._model.model_copy(update={"temperature": None})
            return True
        return False

    async def _tries(self, prompt: Prompt, deadline: float) -> Written:
        """Try until it works, the fault is of the lasting sort, or there is no time left."""
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt

        def hopeful(error: BaseException) -> bool:
            return isinstance(error, ModelFault) and error.kind in TRANSIENT

        def pause(state: RetryCallState) -> float:
            return _pause(state, deadline)

        async for attempt in AsyncRetrying(
            retry=retry_if_exception(hopeful),
            stop=stop_after_attempt(self._settings.tries),
            wait=pause,
            before_sleep=_count,
            reraise=True,
        ):
            with attempt:
                return await self._once(prompt, max(0.1, deadline - time.monotonic()))
        raise ModelFault(Kind.ERROR)

    async def _once(self, prompt: Prompt, seconds: float) -> Written:
        """One request."""
        from langchain_core.messages import HumanMessage, SystemMessage
        from langsmith import tracing_context

        runnable = await asyncio.to_thread(self._runnable, prompt.form)
        messages = [SystemMessage(prompt.system), HumanMessage(prompt.question)]
        # whatever the host's environment says of LangSmith: people's words go to the provider and nowhere else
        with tracing_context(enabled=False):
            answer, fault = await within(runnable.ainvoke(messages), seconds)
        if fault is not None:
            raise fault
        return _written(answer)

    def connect(self) -> None:
        """Load the provider's client, without calling anything. Raises what the client raises: a missing package, a missing key."""
        if self._model is None:
            self._model = connect(self._settings)

    def _runnable(self, form: str) -> Any:
        """The model as it is asked for an answer of this form."""
        self.connect()
        if form != "structured":
            return self._model
        # the first step is the model bound to the schema as its provider wants it; the second, LangChain's parser, would finish what was
        # cut off, and takes seconds of the event loop over a long text that is no JSON: `bot.chat.parsing` reads instead
        chain = self._model.with_structured_output(SCHEMA)
        return getattr(chain, "first", chain)


def connect(settings: ChatSettings) -> Any:
    """LangChain's chat model for the settings; retries are ours, so the client makes none of its own."""
    from langchain.chat_models import init_chat_model

    fields: dict[str, Any] = {"temperature": 0}
    if settings.url:
        fields["base_url"] = settings.url
    if settings.key:
        fields["api_key"] = settings.key
    if settings.provider == "ollama":
        fields |= {
            "base_url": settings.url or OLLAMA,
            "num_predict": settings.max_tokens,
            "client_kwargs": {"timeout": settings.seconds, "headers": _headers(settings) | PLAIN},
            "async_client_kwargs": {"event_hooks": {"response": [cap]}},
        }
        fields.pop("api_key", None)
    else:
        fields |= {"max_tokens": settings.max_tokens, "timeout": settings.seconds, "max_retries": 0}
    if settings.provider == "openai":
        from httpx import AsyncClient

        fields |= {
            "http_async_client": AsyncClient(timeout=settings.seconds, event_hooks={"response": [cap]}),
            "default_headers": PLAIN,
        }
    return init_chat_model(settings.model, **fields)


def _headers(settings: ChatSettings) -> dict[str, str]:
    """Ollama takes a key as a header only, and only where it stands behind something that asks for one."""
    return {"authorization": f"Bearer {settings.key}"} if settings.key else {}


def _written(raw: Any) -> Written:
    """The text of a message, or the arguments of the tool call that holds it with some providers; a refusal is a fault."""
    reason = str(raw.response_metadata.get("finish_reason") or raw.response_metadata.get("done_reason") or "")
    if raw.additional_kwargs.get("refusal") or reason in ("content_filter", "refusal", "SAFETY"):
        raise ModelFault(Kind.REFUSAL)
    usage = raw.usage_metadata or {}
    text = raw.text if isinstance(raw.text, str) else str(raw.content)
    if raw.tool_calls:
        text = json.dumps(raw.tool_calls[0]["args"])
    cut = reason in ("length", "max_tokens", "MAX_TOKENS")
    return Written(text, usage.get("input_tokens"), usage.get("output_tokens"), cut)


def _pause(state: RetryCallState, deadline: float) -> float:
    """Seconds before the next try: what the provider asks for, else a little longer each time; never beyond the time limit."""
    from tenacity import wait_random_exponential

    error = state.outcome.exception() if state.outcome else None
    asked = error.after if isinstance(error, ModelFault) else None
    pause = asked if asked is not None else wait_random_exponential(multiplier=0.2, max=2)(state)
    if error is not None and time.monotonic() + pause >= deadline - 0.2:
        raise error
    return float(pause)


def _count(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    metrics.RETRIES.labels(error.kind.value if isinstance(error, ModelFault) else Kind.ERROR.value).inc()
