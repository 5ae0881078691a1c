"""The client: one connection to Discord, from settings to shutdown. What it does stands in `bot.exts`, what it shows in `bot.ui`."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import OrderedDict
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, NoReturn

import discord
from discord.ext import commands

from bot import app as root
from bot.exts import EXTENSIONS
from bot.health import HEALTH
from bot.heard import Heard
from bot.logs import logger
from bot.rate_limits import counting
from bot.shards import EVERY, SPARE, Turnstile
from bot.traces import TRACES
from bot.ui import demos, endpoint
from bot.ui.actions import PREFIX, Action, Actions
from bot.ui.guildbook import GuildBook
from bot.ui.kept_session import keep_sessions
from bot.ui.limits import Limits
from bot.ui.pacing import Pace
from bot.ui.portal import examine
from bot.ui.retrying import persist
from bot.ui.tree import Translator, Tree
from bot.warming import warm_up

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.app import App
    from bot.config import Settings
    from bot.types import Reply

log = logger("client")

__all__ = ["Spotter", "examine", "run", "serve"]

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
"""All that is needed: mentions, replies that ping, direct messages and commands come with their content without the privileged intent."""
AT_ONCE = 24
"""Questions worked on at the same time: enough to keep one core and the database busy, few enough to be done within the time limits."""
SWITCH = 0.0005
"""Seconds after which the thread that reads and searches hands over to the event loop. With Python's own 5 ms each of the many small steps of a
question (to the database and back, to Discord and back) waits that long while another question is being read."""
SEEN = 4096
"""Events remembered, so that one that is delivered twice is handled once."""


class Spotter(commands.AutoShardedBot):
    """Spotter in Discord."""

    tree: Tree

    def __init__(self, app: App, *, background: bool = True) -> None:
        """Serve `app`; without `background` nothing happens by itself, only in answer to events."""
        settings = app.settings
        given: dict[str, Any] = {
            "shard_ids": list(settings.shard_ids) or None,
            "shard_count": settings.shard_count,
            "application_id": settings.discord_application_id,
        }
        self.pace = Pace()
        super().__init__(
            **given,
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=INTENTS,
            http_trace=self.pace.watching(counting()),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=60.0,
            allowed_contexts=discord.app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=discord.app_commands.AppInstallationType(guild=True, user=True),
        )
        self.app = app
        self.background = background
        self.actions = Actions()
        self.book = GuildBook(app.store.guilds)
        self.limits = Limits()
        self.desk = asyncio.Semaphore(AT_ONCE)
        """Room for the questions that are worked on at the same time."""
        self.spared_until = 0.0
        """Until when (monotonic) the store is spared what answers can do without."""
        self.due = asyncio.Event()
        """Set when a review card may be missing or out of date."""
        self.turnstile = Turnstile(settings.data_dir)
        self.heard = Heard(settings.data_dir)
        self.tree.ids = {}
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._latest: OrderedDict[str, str] = OrderedDict()
        self._tasks: set[asyncio.Task[object]] = set()
        self.stopping = False

    # -- events ----------------------------------------------------------------------------------------------------------------------

    async def setup_hook(self) -> None:
        """Load the extensions and make the commands known."""
        await self.tree.set_translator(Translator())
        self.add_dynamic_items(Action)
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        settings = self.app.settings
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        await self.tree.register(
            settings.data_dir / f"commands-{self.application_id}", settings.discord_api_url
        )

    async def on_message(self, message: discord.Message, /) -> None:
        """No prefix commands: `bot.exts.mentions` listens."""

    async def on_interaction(self, interaction: discord.Interaction[Spotter]) -> None:
        """Take submitted modals; discord.py knows only those that were opened since the process started."""
        data: Any = interaction.data or {}
        custom_id = str(data.get("custom_id", ""))
        if interaction.type is discord.InteractionType.modal_submit and custom_id.startswith(PREFIX):
            await self.actions.perform(interaction, custom_id)

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        """Log a failure in a listener; its arguments hold people's words and stay out."""
        log.error("listener failed", where=event_method, exc_info=sys.exc_info()[1])

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002 - discord.py passes it
        """Wait for this shard's turn: over all machines where they share a database, else over this data folder."""
        store, shard = self.app.store, shard_id or 0
        if store.database.server is not None:
            try:
                await store.turns.take(f"id{shard % max(1, self.turnstile.concurrency)}", hold=EVERY + SPARE)
            except Exception as error:
                log.exception("no turn from the database", shard=shard, exc_info=error)
            else:
                return
        await self.turnstile.wait(shard)

    async def connect(self, *, reconnect: bool = True) -> None:
        """Ask where the gateway is before connecting; discord.py would take its own address where the shards are set."""
        _, url, limits = await persist(self.http.get_bot_gateway)
        endpoint.gateway(url)
        self.turnstile.concurrency = limits["max_concurrency"]
        await super().connect(reconnect=reconnect)

    # -- what the extensions use -----------------------------------------------------------------------------------------------------

    def fresh(self, event: int) -> bool:
        """Whether an event is seen for the first time in this process."""
        if event in self._seen:
            return False
        self._seen[event] = None
        if len(self._seen) > SEEN:
            self._seen.popitem(last=False)
        return True

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Count the running task as work that a shutdown waits for."""
        task = asyncio.current_task()
        assert task is not None
        mine = task not in self._tasks
        self._tasks.add(task)
        try:
            yield
        finally:
            if mine:
                self._tasks.discard(task)

    def wake(self) -> None:
        """Have the review cards looked after now."""
        self.due.set()
        self.dispatch("case_due")

    def remember(self, person: str, reply: Reply) -> None:
        """Note a person's latest answer, for `/report`."""
        if reply.exchange:
            self._latest[f"{reply.question.guild or ''}/{person}"] = reply.exchange
            self._latest.move_to_end(f"{reply.question.guild or ''}/{person}")
            if len(self._latest) > SEEN:
                self._latest.popitem(last=False)

    def latest(self, person: int | str, guild: int | str | None) -> str | None:
        """The exchange of a person's latest answer here since the process started."""
        return self._latest.get(f"{guild or ''}/{person}")

    def serves(self) -> tuple[str, ...]:
        """Ids of the servers whose events come to this process."""
        return tuple(str(guild.id) for guild in self.guilds)

    # -- life ------------------------------------------------------------------------------------------------------------------------

    async def finish(self) -> None:
        """Take nothing new, finish what was begun within the time set, and leave."""
        if self.stopping:
            return
        self.stopping = True
        HEALTH.forget()
        log.info("stopping", unfinished=len(self._tasks))
        for shard in self.shards.values():
            with suppress(discord.DiscordException, OSError):
                await shard.disconnect()
        begun = {task for task in self._tasks if task is not asyncio.current_task()}
        if begun:
            _, left = await asyncio.wait(begun, timeout=self.app.settings.shutdown_seconds)
            if left:
                log.warning("left unfinished", number=len(left))
        await self.close()


def run(settings: Settings) -> None:
    """Serve Discord until told to stop. Errors are one line on standard error that says what to do, and exit status 1."""
    _offer_health(settings)
    if not settings.discord_token.get_secret_value():
        _refuse(
            "SPOTTER_DISCORD_TOKEN is not set. Make a bot at https://discord.com/developers/applications and put its token there."
        )
    try:
        asyncio.run(serve(settings))
    except discord.LoginFailure:
        _refuse(
            "Discord refused the token. Reset it under Bot in the developer portal and set SPOTTER_DISCORD_TOKEN again."
        )
    except discord.PrivilegedIntentsRequired:
        _refuse(
            "Discord refused the intents. Spotter needs no privileged one: check that the token belongs to a bot."
        )
    except discord.ConnectionClosed as closed:
        _refuse(f"Discord closed the connection for good (code {closed.code}). See 'spotter doctor'.")
    except (discord.HTTPException, discord.GatewayNotFound, OSError) as error:
        _refuse(f"Discord cannot be reached at {settings.discord_api_url} ({type(error).__name__}).")


async def serve(settings: Settings) -> None:
    """Open everything, connect, and stay until a signal ends it."""
    endpoint.point_to(settings.discord_api_url)
    keep_sessions()
    sys.setswitchinterval(SWITCH)
    if settings.traces_url:
        TRACES.begin(settings.traces_url)
    async with root.running(settings) as app:
        await asyncio.to_thread(warm_up, app)
        await asyncio.to_thread(demos.catalogue)
        client = Spotter(app)
        HEALTH.watch(app, client)
        loop = asyncio.get_running_loop()
        ending: list[asyncio.Task[None]] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, lambda: ending.append(asyncio.create_task(client.finish())))
        try:
            async with client:
                await client.start(settings.discord_token.get_secret_value())
        finally:
            HEALTH.forget()  # also where no signal ended it: what is watched is about to be closed
            await asyncio.to_thread(TRACES.end)
        if ending:
            await asyncio.gather(*ending)
    log.info("stopped")


def _offer_health(settings: Settings) -> None:
    """Answer probes and Prometheus, where a port is set."""
    if not settings.metrics_port:
        return
    try:
        HEALTH.serve(settings.metrics_host, settings.metrics_port)
    except OSError as error:
        _refuse(
            f"SPOTTER_METRICS_PORT: cannot listen on {settings.metrics_host}:{settings.metrics_port} ({error.strerror})."
        )


def _refuse(line: str) -> NoReturn:
    """Say what is wrong and end with status 1."""
    sys.stderr.write(line + "\n")
    raise SystemExit(1)
