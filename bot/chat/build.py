"""Build everything that asks the chat model from its settings; called by `bot.app` and by measurements."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.answering import ExtractiveAnswerer
from bot.chat.answerer import ChatModelAnswerer
from bot.chat.booked import BookedModel
from bot.chat.budget import Budget, Price
from bot.chat.faults import Kind, ModelFault
from bot.chat.grounding import Grounding
from bot.chat.model import ChatModel
from bot.chat.prompting import Prompt
from bot.chat.standalone import Condenser

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.chat.budget import Ledger
    from bot.chat.model import Model
    from bot.chat.settings import ChatSettings
    from bot.types import Answerer
    from retrieval.embeddings import Vectors

PACKAGES = {
    "openai": "langchain_openai",
    "anthropic": "langchain_anthropic",
    "google_genai": "langchain_google_genai",
    "mistralai": "langchain_mistralai",
    "ollama": "langchain_ollama",
}
"""Providers whose package is one of our extras."""
EXTRAS = {"google_genai": "google", "mistralai": "mistral"}
"""Where the extra has another name than the provider."""

MENDING = {
    Kind.ACCESS: "check SPOTTER_CHAT_KEY",
    Kind.REQUEST: "check the name behind the colon in SPOTTER_CHAT_MODEL, and SPOTTER_CHAT_URL",
    Kind.RATE: "the provider has had too many requests, or the account is used up",
    Kind.TIMEOUT: "too slow: try a smaller model, or raise SPOTTER_CHAT_SECONDS",
    Kind.ERROR: "check SPOTTER_CHAT_URL, and whether the provider is up",
}
"""What to do about a fault of a first request."""


@dataclass(frozen=True, slots=True)
class Chat:
    """What the path is given where a chat model is set."""

    answerer: Answerer
    condenser: Condenser
    budget: Budget
    model: BookedModel

    async def close(self) -> None:
        """Let go of the provider's connections."""
        await self.model.close()


def build(
    settings: ChatSettings,
    embed: Callable[[Sequence[str]], Vectors] | None,
    *,
    ledger: Ledger | None = None,
    model: Model | None = None,
) -> Chat:
    """Answerer and condenser over one model and one budget.

    `embed` gives vectors of texts (the index' embedder); `ledger` keeps the budget, in memory where there is none; `model` stands in for
    the provider's (evaluation, tests).
    """
    budget = Budget(
        tokens=settings.daily_tokens,
        cost=settings.daily_cost,
        price=Price(settings.prompt_price, settings.completion_price),
        ledger=ledger,
    )
    booked = BookedModel(model or ChatModel(settings), budget, settings.max_tokens)
    answerer = ChatModelAnswerer(booked, Grounding(embed), ExtractiveAnswerer(), settings)
    return Chat(answerer, Condenser(booked, settings), budget, booked)


async def ready(settings: ChatSettings) -> tuple[ChatModel, str | None]:
    """The provider's model with its client loaded, nothing called; and what keeps it from working, as one line that says how to mend it."""
    model, told = ChatModel(settings), missing(settings)
    if told is not None:
        return model, told
    loading = asyncio.ensure_future(asyncio.to_thread(model.connect))
    await asyncio.wait({loading})
    error = loading.exception()
    return model, None if error is None else _told(error, settings.provider)


async def probe(settings: ChatSettings) -> tuple[float, str | None]:
    """Ask the model for one word: the seconds it took, and what keeps it from working, as "what: how to mend it"."""
    model, told = await ready(settings)
    if told is not None:
        return 0.0, told
    began = time.monotonic()
    try:
        await model.ask(Prompt("You answer with one word.", "Say: ready", "", "plain"), settings.seconds)
    except ModelFault as fault:
        status = f" ({fault.status})" if fault.status else ""
        return 0.0, f"no answer, {fault.kind.value}{status}: {MENDING.get(fault.kind, MENDING[Kind.ERROR])}"
    finally:
        await model.close()
    return time.monotonic() - began, None


def missing(settings: ChatSettings) -> str | None:
    """What to install for the provider, or None: for `spotter doctor` and for a clear word at the start."""
    package = PACKAGES.get(settings.provider)
    if package is None or find_spec(package) is not None:
        return None
    extra = EXTRAS.get(settings.provider, settings.provider)
    return f"SPOTTER_CHAT_MODEL: {settings.provider} needs its package: pip install 'spotter[{extra}]'"


def _told(error: BaseException, provider: str) -> str:
    """What keeps a client from being set up. Its own words are not repeated: they may hold what was set, the key among it."""
    if isinstance(error, ImportError):
        return f"SPOTTER_CHAT_MODEL: {provider} needs its package: pip install langchain-{provider.replace('_', '-')}"
    if isinstance(error, ValueError) and "provider" in str(error):
        return f"SPOTTER_CHAT_MODEL: LangChain knows no provider {provider}"
    return f"SPOTTER_CHAT_MODEL: {provider} cannot be set up ({type(error).__name__}): check SPOTTER_CHAT_KEY and SPOTTER_CHAT_URL"
