"""Settings: everything that can be set from outside, read once from `SPOTTER_*` variables and an optional `.env` file.

Nothing else in the project reads the environment (a test over the syntax tree holds it).
"""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "SPOTTER_"


class ConfigError(ValueError):
    """The settings cannot be used. The message lists every fault, one a line, by the name of its variable."""


def default_data_dir() -> Path:
    """`.spotter` beside the code when run from a checkout, else `~/.local/share/spotter` (or `$XDG_DATA_HOME/spotter`)."""
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").is_file():
        return checkout / ".spotter"
    share = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(share).expanduser() / "spotter"


class Settings(BaseSettings):
    """What can be set from outside. Each field `name` is the variable `SPOTTER_NAME`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    discord_token: SecretStr = SecretStr("")
    """The bot's token; needed by `spotter run` only."""
    discord_api_url: str = "https://discord.com/api/v10"
    """Discord's REST address; a REST proxy or a test double otherwise. The gateway's address is asked of it."""
    discord_application_id: int | None = None
    """Only needed where the token does not tell it (a test double)."""

    database_url: str = ""
    """An SQLAlchemy URL, `postgresql://...` or `sqlite:///...`; empty: `spotter.db` in the data folder."""
    chroma_url: str = ""
    """A Chroma server, `http://host:8000`; empty: embedded, in the data folder."""
    data_dir: Path = Field(default_factory=default_data_dir)
    """Where the index, the model, the database and the key live."""
    secret_key: SecretStr = SecretStr("")
    """Key for everything encrypted at rest: at least 16 characters. Several, separated by commas, for a rotation: the first encrypts,
    all decrypt. Empty: one is made and kept in `secret.key` in the data folder, readable by its owner only."""

    chat_model: str = ""
    """`provider:model` as LangChain knows it, e.g. `ollama:llama3.1`; empty: answers are put together from the documents without a model."""
    chat_url: str = ""
    """Address of the model's API, for anything that speaks OpenAI's (`openai:...`) or Ollama's; empty: OPENAI_BASE_URL or OLLAMA_HOST where
    they are set, else the provider's own."""
    chat_key: SecretStr = SecretStr("")
    """The provider's API key; empty: where its client looks by itself (OPENAI_API_KEY, ANTHROPIC_API_KEY ...)."""
    chat_local: bool | None = None
    """Whether what is sent stays on machines of the host's own; empty: by the provider's name and address."""
    chat_symptoms: bool = False
    """Whether questions that tell of symptoms may go to a provider that is not local; nothing urgent ever does."""
    chat_seconds: float = Field(default=9.0, gt=0)
    """How long the model may take for a question, all tries together, before the answer without it goes out."""
    chat_daily_tokens: int = Field(default=200_000, ge=0)
    """Tokens that a server may use in a day (UTC), all processes together; 0: no limit."""
    chat_daily_cost: float = Field(default=0.0, ge=0)
    """Money that a server may use in a day, in the currency of the prices; 0: no limit."""
    chat_prompt_price: float = Field(default=0.0, ge=0)
    """What a million tokens of prompts cost."""
    chat_completion_price: float = Field(default=0.0, ge=0)
    """What a million tokens of answers cost."""
    chat_format: Literal["auto", "structured", "lines"] = "auto"
    """`structured`: answers as JSON by the provider's schema; `lines`: as plain lines; `auto`: the first until it is refused."""
    embeddings: str = "minilm"
    """`minilm` (packaged, int8), `minilm-fp32`, or the name or path of any sentence-transformers model."""

    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8300, ge=0, le=65535)
    web_public_url: str = ""
    """The console's address as moderators type it, e.g. `https://spotter.example.org`; needed for the sign-in and for links from cards."""
    web_client_id: str = ""
    web_client_secret: SecretStr = SecretStr("")
    """Discord application's OAuth2 id and secret, for the moderators' sign-in."""
    web_proxy: str = "127.0.0.1"
    """Addresses or networks of the proxy in front of the console, separated by commas, whose word on who asks is taken: without it every
    moderator seems to come from the proxy, and all share one limit of sign-ins."""

    shard_ids: Annotated[tuple[int, ...], NoDecode] = ()
    """Shards of this process: `0,1,2` or `0-3`; empty: all."""
    shard_count: int | None = Field(default=None, ge=1)
    """Shards in all; empty: as Discord recommends."""

    keep_exchanges_days: float = Field(default=7, gt=0)
    """Questions and answers are deleted after so many days."""
    keep_cases_days: float = Field(default=30, gt=0)
    """A review case is deleted so many days after it was closed. What nobody closes is closed by itself ("expired"), and everything that was
    written in it deleted at once: a case in direct messages, where there are no moderators, so many days after it was opened; any other
    when nothing has happened to it (no claim, no new flagged message) for twice so many days."""
    keep_audit_days: float = Field(default=365, gt=0)
    """The audit trail (who did what when, no message text) is deleted after so many days."""

    log_format: Literal["auto", "console", "json"] = "auto"
    """`auto`: readable on a terminal, JSON otherwise."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    metrics_port: int = Field(default=0, ge=0, le=65535)
    """Port for Prometheus on `metrics_host`; 0: off."""
    metrics_host: str = "127.0.0.1"
    traces_url: str = ""
    """An OpenTelemetry collector (OTLP over gRPC, `http://host:4317`) for one trace a question, without text; empty: none. Needs the extra
    `otel`."""

    answer_seconds: float = Field(default=12.0, gt=0)
    """How long an answer may be worked on (retrieval and chat model) before the fallback goes out."""
    store_seconds: float = Field(default=3.0, gt=0)
    """How long the store may take before the reply goes out unrecorded and is queued for another try."""
    shutdown_seconds: float = Field(default=20.0, gt=0)
    """How long a stopping process may take to finish what it began."""

    @field_validator("shard_ids", mode="before")
    @classmethod
    def _shards(cls, value: Any) -> Any:
        """Read `0,1,2` and `0-3`."""
        return _numbers(value) if isinstance(value, str) else value

    @field_validator("log_level", "log_format", "chat_format", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        """Accept `INFO` for `info`."""
        return value.lower() if isinstance(value, str) else value

    @field_validator("data_dir")
    @classmethod
    def _expanded(cls, value: Path) -> Path:
        """Resolve `~` and relative paths once, so that a later change of folder does not move the data."""
        return value.expanduser().absolute()

    @field_validator("discord_api_url", "web_public_url", "chroma_url", "traces_url", "chat_url")
    @classmethod
    def _address(cls, value: str) -> str:
        """Require http(s), drop a closing slash."""
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        """Accept the plain names of the two databases and put the asynchronous driver in."""
        for plain, driver in (
            ("postgresql://", "postgresql+asyncpg://"),
            ("postgres://", "postgresql+asyncpg://"),
            ("sqlite://", "sqlite+aiosqlite://"),
        ):
            if value.startswith(plain):
                return driver + value.removeprefix(plain)
        if value and not value.startswith(("postgresql+asyncpg://", "sqlite+aiosqlite://")):
            raise ValueError("must begin with postgresql:// or sqlite:///")
        return value

    @field_validator("secret_key")
    @classmethod
    def _key(cls, value: SecretStr) -> SecretStr:
        """Refuse keys that are too short to be keys."""
        if any(len(key) < 16 for key in _split(value.get_secret_value())):
            raise ValueError("every key needs at least 16 characters (try: openssl rand -hex 32)")
        return value

    @field_validator("chat_model")
    @classmethod
    def _model(cls, value: str) -> str:
        """Require the provider's name, without which LangChain guesses."""
        provider, _, model = value.partition(":")
        if value and not (provider and model):
            raise ValueError("must be provider:model, e.g. ollama:llama3.1")
        if len(value) > 128:
            raise ValueError("must be at most 128 characters, so that it can be kept with each answer")
        return value

    @model_validator(mode="after")
    def _patience(self) -> Settings:
        """The model has to give up before the answer does, so that the answer without it still goes out in time."""
        if self.chat_model and self.chat_seconds >= self.answer_seconds:
            raise ValueError("SPOTTER_CHAT_SECONDS must be below SPOTTER_ANSWER_SECONDS")
        if self.chat_daily_cost and not (self.chat_prompt_price or self.chat_completion_price):
            raise ValueError(
                "SPOTTER_CHAT_DAILY_COST needs SPOTTER_CHAT_PROMPT_PRICE or SPOTTER_CHAT_COMPLETION_PRICE"
            )
        return self

    @model_validator(mode="after")
    def _sharding(self) -> Settings:
        """Shard ids without their count, or beyond it, cannot be connected."""
        if self.shard_ids and self.shard_count is None:
            raise ValueError("SPOTTER_SHARD_IDS needs SPOTTER_SHARD_COUNT beside it")
        if self.shard_count is not None and any(shard >= self.shard_count for shard in self.shard_ids):
            raise ValueError(f"SPOTTER_SHARD_IDS must be below SPOTTER_SHARD_COUNT ({self.shard_count})")
        return self

    @property
    def database(self) -> str:
        """The database's URL with its driver: the one set, or SQLite in the data folder."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'spotter.db'}"

    @property
    def keep_exchanges(self) -> timedelta:
        """Retention of questions and answers."""
        return timedelta(days=self.keep_exchanges_days)

    @property
    def keep_cases(self) -> timedelta:
        """Retention of a case after it was closed."""
        return timedelta(days=self.keep_cases_days)

    @property
    def keep_audit(self) -> timedelta:
        """Retention of the audit trail."""
        return timedelta(days=self.keep_audit_days)

    @property
    def chat_address(self) -> str:
        """Where the chat model is asked: the address set, else what the provider's client would take from the environment by itself."""
        names = {"openai": ("OPENAI_BASE_URL", "OPENAI_API_BASE"), "ollama": ("OLLAMA_HOST",)}
        provider = self.chat_model.partition(":")[0]
        found = self.chat_url or next(filter(None, map(os.environ.get, names.get(provider, ()))), "")
        return found if not found or "://" in found else f"http://{found}"

    @property
    def chat_secret(self) -> str:
        """The chat model's key. Servers of one's own that speak OpenAI's API often want none, but its client does: they get a word."""
        if self.chat_key.get_secret_value() or not (self.chat_model.startswith("openai:") and self.chat_url):
            return self.chat_key.get_secret_value()
        return os.environ.get("OPENAI_API_KEY") or "none"

    def keys(self) -> tuple[str, ...]:
        """The secret keys, the encrypting one first. Makes and keeps one (mode 600) when none is set.

        Raises `ConfigError` when the data folder cannot be written.
        """
        return _split(self.secret_key.get_secret_value()) or (_kept_key(self.data_dir / "secret.key"),)


def load(**overrides: Any) -> Settings:
    """The settings from the environment and `.env`, with `overrides` on top. Raises `ConfigError` naming every fault at once."""
    try:
        return Settings(**overrides)
    except ValidationError as faults:
        raise ConfigError("\n".join(_fault(dict(fault)) for fault in faults.errors())) from None


def unknown_variables() -> tuple[str, ...]:
    """Variables that begin with `SPOTTER_` and mean nothing: most often a slip of the pen.

    Told by `spotter doctor`, never refused, because Kubernetes sets `SPOTTER_SERVICE_HOST` and its like by
    itself.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return tuple(
        sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)
    )


def _fault(fault: dict[str, Any]) -> str:
    """One fault as a line: the variable and what is wrong, without the value (it may be a secret)."""
    where = f"{PREFIX}{str(fault['loc'][0]).upper()}: " if fault["loc"] else ""
    return where + str(fault["msg"]).removeprefix("Value error, ")


def _split(keys: str) -> tuple[str, ...]:
    """Keys separated by commas."""
    return tuple(key.strip() for key in keys.split(",") if key.strip())


def _numbers(text: str) -> tuple[int, ...]:
    """`0,2,4-6` as (0, 2, 4, 5, 6)."""
    numbers: set[int] = set()
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        first, dash, last = part.partition("-")
        if not first.isdigit() or (dash and not last.isdigit()):
            raise ValueError("must be numbers such as 0,1,2 or 0-3")
        numbers.update(range(int(first), int(last or first) + 1))
    return tuple(sorted(numbers))


def _kept_key(path: Path) -> str:
    """The key kept in `path`, made the first time. Two processes that start at once agree on one."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _write_key(path)
        key = path.read_text("ascii").strip()
    except OSError as error:
        raise ConfigError(
            f"SPOTTER_DATA_DIR: cannot keep a key in {path.parent} ({error.strerror}); set SPOTTER_SECRET_KEY"
        ) from error
    if len(key) < 16:
        raise ConfigError(f"{path} is damaged: put the old key back from a backup, or set SPOTTER_SECRET_KEY")
    return key


def _write_key(path: Path) -> None:
    """Write a fresh key beside `path` and link it there: whole or not at all, and never over another one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
