"""Everything that the console's pages share, built once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.templating import Jinja2Templates

from bot.store.console import Console as Reads
from bot.store.console_queue import ConsoleQueue
from bot.web.ages import minutes, span
from bot.web.bulk import Jobs
from bot.web.limits import Limit
from bot.web.marking import harmless
from bot.web.severity import SCALE

if TYPE_CHECKING:
    from bot.store.store import Store
    from bot.web.authority import Authority
    from bot.web.sessions import Cookies

HERE = Path(__file__).parent


def _limits() -> dict[str, Limit]:
    """Sign-ins by address; uncovered texts, writes and questions to Discord by moderator."""
    return {
        "login": Limit(20, 600),
        "reveal": Limit(30, 600),
        "write": Limit(240, 60),
        "guild": Limit(20, 60),
        "events": Limit(60, 60),
    }


@dataclass(frozen=True, slots=True)
class Desk:
    """The console's state. Nothing in it belongs to one moderator."""

    store: Store
    authority: Authority
    cookies: Cookies
    origin: str
    """Scheme, host and port under which moderators reach the console."""
    practice: bool = False
    sign_in: Any = None
    """The sign-in with Discord (`bot.web.signin.SignIn`); None in practice."""
    reads: Reads = field(init=False)
    queue: ConsoleQueue = field(init=False)
    jobs: Jobs = field(init=False)
    limits: dict[str, Limit] = field(default_factory=_limits)
    templates: Jinja2Templates = field(init=False)

    def __post_init__(self) -> None:
        """Build what follows from the rest."""
        object.__setattr__(self, "reads", Reads(self.store.database))
        object.__setattr__(self, "queue", ConsoleQueue(self.store.database))
        object.__setattr__(self, "jobs", Jobs(self.store))
        object.__setattr__(self, "templates", _templates())


def _templates() -> Jinja2Templates:
    """Templates: everything is escaped, a misspelt name is an error."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    environment.filters |= {"harmless": harmless, "span": span, "minutes": minutes}
    environment.globals |= {"asset": _Assets(HERE / "static"), "scale": SCALE}
    return Jinja2Templates(env=environment)


class _Assets:
    """Addresses of static files with their hash, so that browsers may keep them for ever."""

    def __init__(self, folder: Path) -> None:
        """Hash every file once."""
        self._hashes = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            for path in folder.iterdir()
            if path.is_file()
        }

    def __call__(self, name: str) -> str:
        """The address of a file. Raises `KeyError` for one that is not there."""
        return f"/static/{name}?v={self._hashes[name]}"
