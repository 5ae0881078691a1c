"""What can be set of the chat model."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from bot.config import Settings

LOCAL = frozenset({"ollama", "llamacpp", "huggingface", "gpt4all"})
"""Providers that run on the host's own machines, unless their address says otherwise."""
OLLAMA = "http://127.0.0.1:11434"
"""Where Ollama is asked unless SPOTTER_CHAT_URL or OLLAMA_HOST say otherwise."""
REWRITING = 0.2
"""Share of the time limit that making a follow-up stand alone may take; the answer has the rest."""

Format = Literal["auto", "structured", "lines"]


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """Settings of the chat model. Each field but `tries` and `max_tokens` is SPOTTER_CHAT_<NAME>."""

    model: str
    """`provider:model`."""
    url: str = ""
    """Address of the API; empty: the provider's own."""
    key: str = field(default="", repr=False)
    """API key; empty: where the provider's client looks by itself (its own environment variable)."""
    local: bool | None = None
    """Whether the model runs on machines of the host's own; None: by the provider's name and address (Ollama's cloud models are not)."""
    symptoms: bool = False
    """Whether messages that tell of symptoms may go to a provider that is not local."""
    seconds: float = 9.0
    """Time limit of a question, rewriting and all tries together; must be below SPOTTER_ANSWER_SECONDS."""
    tries: int = 3
    max_tokens: int = 700
    """Tokens of an answer at most."""
    daily_tokens: int = 200_000
    """Per guild and day; 0: no limit."""
    daily_cost: float = 0.0
    """Per guild and day, in the currency of the prices; 0: no limit."""
    prompt_price: float = 0.0
    """Of a million tokens."""
    completion_price: float = 0.0
    """Of a million tokens."""
    format: Format = "auto"
    """`structured`: JSON by the provider's schema; `lines`: plain lines; `auto`: the first, and the second for good once it is refused."""

    @classmethod
    def of(cls, settings: Settings, model: str = "") -> ChatSettings:
        """The chat model's part of the settings; `model` in place of the one set (for measuring)."""
        return cls(
            model=model or settings.chat_model,
            url=settings.chat_address,
            key=settings.chat_secret,
            local=settings.chat_local,
            symptoms=settings.chat_symptoms,
            seconds=settings.chat_seconds,
            daily_tokens=settings.chat_daily_tokens,
            daily_cost=settings.chat_daily_cost,
            prompt_price=settings.chat_prompt_price,
            completion_price=settings.chat_completion_price,
            format=settings.chat_format,
        )

    @property
    def provider(self) -> str:
        """The part before the colon."""
        return self.model.partition(":")[0]

    @property
    def place(self) -> str:
        """Where what is sent goes: the address' host, else the provider."""
        return urlsplit(self.url).hostname or self.provider

    @property
    def is_local(self) -> bool:
        """Whether what is sent stays with the host."""
        if self.local is not None:
            return self.local
        return self.provider in LOCAL and not self.model.endswith("cloud") and _near(self.url)

    @property
    def sends_symptoms(self) -> bool:
        """Whether messages that tell of symptoms (below URGENT) may be sent."""
        return self.is_local or self.symptoms


def _near(url: str) -> bool:
    """Whether an address is this machine's or of a private network: a private or loopback number, or a name without a domain."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan", ".localhost"))
