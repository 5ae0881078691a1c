"""Build the answerer from its settings; called by `bot.app` alone."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.answering import ExtractiveAnswerer
from bot.chat.answerer import ChatModelAnswerer
from bot.chat.budget import Budget, Price
from bot.chat.grounding import Grounding
from bot.chat.model import ChatModel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.chat.model import Model
    from bot.chat.settings import ChatSettings
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


def build(
    settings: ChatSettings,
    embed: Callable[[Sequence[str]], Vectors] | None,
    *,
    model: Model | None = None,
) -> ChatModelAnswerer:
    """The answerer. `embed` gives vectors of texts (the index' embedder); `model` stands in for the provider's (evaluation, tests)."""
    budget = Budget(
        tokens=settings.daily_tokens,
        cost=settings.daily_cost,
        price=Price(settings.prompt_price, settings.completion_price),
    )
    return ChatModelAnswerer(
        model or ChatModel(settings), Grounding(embed), budget, ExtractiveAnswerer(), settings
    )


def missing(settings: ChatSettings) -> str | None:
    """What to install for the provider, or None: for `spotter doctor` and for a clear word at the start."""
    package = PACKAGES.get(settings.provider)
    if package is None or find_spec(package) is not None:
        return None
    extra = EXTRAS.get(settings.provider, settings.provider)
    return f"SPOTTER_CHAT_MODEL: {settings.provider} needs its package: pip install 'spotter[{extra}]'"
