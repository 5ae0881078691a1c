"""What can be set of the chat model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

LOCAL = frozenset({"ollama", "llamacpp", "huggingface", "gpt4all"})
"""Providers that run on the host's own machines, unless their address says otherwise."""

Format = Literal["auto", "structured", "lines"]


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """Settings of the chat model. Each field is SPOTTER_CHAT_<NAME>."""

    model: str
    """`provider:model`."""
    url: str = ""
    """Address of the API; empty: the provider's own."""
    key: str = field(default="", repr=False)
    """API key; empty: where the provider's client looks by itself (its own environment variable)."""
    local: bool | None = None
    """Whether the model runs on machines of the host's own; None: by the provider's name (Ollama's cloud models are not)."""
    symptoms: bool = False
    """Whether messages that tell of symptoms may go to a provider that is not local."""
    seconds: float = 10.0
    """Time limit of an answer, tries together; must be below SPOTTER_ANSWER_SECONDS."""
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

    @property
    def provider(self) -> str:
        """The part before the colon."""
        return self.model.partition(":")[0]

    @property
    def is_local(self) -> bool:
        """Whether what is sent stays with the host."""
        if self.local is not None:
            return self.local
        return self.provider in LOCAL and not self.model.endswith("cloud")
