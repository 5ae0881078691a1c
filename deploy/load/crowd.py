"""The people of the made-up Discord: what they ask, what they get, and how they ask again where Discord says that nobody is there."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from bot.ui.words import words as lines
from deploy.load.world import ALL, ME, words

if TYPE_CHECKING:
    from deploy.load.gateway import Gateway
    from deploy.load.texts import Texts
    from deploy.load.world import World

Way = Literal["slash", "mention"]
PATIENCE = 3.0
"""Seconds after which Discord itself says "The application did not respond"."""
AGAIN = 2.0
"""Seconds after which a person who read that asks again."""
HURT = 10
"""Every so manieth person tells of red flags, in their first server only."""
MENTIONS = 0.3
"""Share of questions asked by a mention; each costs two requests under Discord's limit, a command costs none."""
APOLOGIES = tuple(
    lines("en")(f"error.{key}").split(" (")[0].split("{")[0] for key in ("interrupted", "slow", "failed")
)
HELD_BACK = lines("en")("ask.wait").split("{", maxsplit=1)[0]


@dataclass(slots=True)
class Asked:
    """One question and what came of it."""

    number: int
    text: str
    person: int
    guild: int
    channel: int
    way: Way
    serious: bool
    began: float
    sent: float = 0.0
    """When it was asked last."""
    event: int = 0
    events: list[int] = field(default_factory=list)
    """Ids under which it was asked."""
    acked: bool = False
    flags: int = 0
    answer_id: int = 0
    answer: dict[str, Any] | None = None
    """What a command's answer shows; None: it is still "thinking", or nothing at all."""
    answers: list[str] = field(default_factory=list)
    """Each thing the person saw as an answer; an edit to the same words is none."""
    done: float | None = None
    unheard: int = 0
    """How often Discord said that nobody is there."""
    strayed: bool = False
    """Whether an answer was shown in another server."""

    @property
    def kind(self) -> str:
        """What the person has in the end."""
        if not self.answers:
            return "silence"
        last = self.answers[-1]
        if last.startswith(APOLOGIES):
            return "apology"
        return "held back" if last.startswith(HELD_BACK) else "answer"


class Crowd:
    """Everybody, and every question."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        """Ask over `gateway`."""
        self.world, self.gateway = world, gateway
        self.asked: list[Asked] = []
        self.pressed: dict[str, Asked] = {}
        self.mentioned: dict[str, Asked] = {}
        self.cards: list[dict[str, Any]] = []
        """Messages of Spotter's that answer nobody: review cards."""
        self._waiting: set[asyncio.Task[None]] = set()
        self._order: list[int] = []
        self._chance = random.Random(9)  # noqa: S311 - who asks when

    @property
    def open(self) -> list[Asked]:
        """Questions without an answer."""
        return [one for one in self.asked if not one.answers]

    def hurt(self, person: int) -> bool:
        """Whether a person tells of red flags."""
        return self.world.people.index(person) % HURT == 0

    async def ask(self, texts: Texts) -> Asked:
        """The next person asks the next question, in one of their two servers."""
        if not self._order:  # everybody has a turn before anybody has two
            self._order = self._chance.sample(self.world.people, len(self.world.people))
        person, chance, number = self._order.pop(), self._chance, len(self.asked)
        home, hurt = chance.random() < 0.5, self.hurt(person)
        guild = self.world.home(person) if home else self.world.away(person)
        serious = hurt and home
        text = texts.serious(number) if serious else texts.plain(number) if hurt else texts.ordinary(number)
        way: Way = "mention" if chance.random() < MENTIONS else "slash"
        asked = Asked(number, text, person, guild, guild + 1, way, serious, time.monotonic())
        self.asked.append(asked)
        await (self._mention(asked) if way == "mention" else self._slash(asked))
        return asked

    async def close(self) -> None:
        """Stop asking again."""
        for task in self._waiting:
            task.cancel()
        await asyncio.gather(*self._waiting, return_exceptions=True)

    def shown(self, asked: Asked, message: dict[str, Any]) -> None:
        """An answer to a command, new or edited."""
        self._saw(asked, words(message))

    def said(self, message: dict[str, Any]) -> None:
        """A message of Spotter's in a channel."""
        reference = (message.get("message_reference") or {}).get("message_id")
        asked = self.mentioned.get(str(reference))
        if asked is None:
            if not reference:
                self.cards.append(message)
            return
        asked.strayed |= int(message["channel_id"]) != asked.channel
        self._saw(asked, words(message), again=True)

    def _saw(self, asked: Asked, text: str, *, again: bool = False) -> None:
        """Note what a person sees."""
        if again or not asked.answers or asked.answers[-1] != text:
            asked.answers.append(text)
        if asked.done is None:
            asked.done = time.monotonic()

    async def _mention(self, asked: Asked) -> None:
        """Write a message. It stays where it is, whether or not Spotter is there."""
        event = self._sent(asked)
        message = self.world.message(event, asked.channel, asked.person, {"content": f"<@{ME}> {asked.text}"})
        message["mentions"] = [self.world.user(ME)]
        self.world.rooms[asked.channel].messages.append(message)
        self.mentioned[str(event)] = asked
        given = {"guild_id": str(asked.guild), "member": self.world.member(asked.person, user=False)}
        await self.gateway.dispatch(asked.guild, "MESSAGE_CREATE", message | given)

    async def _slash(self, asked: Asked) -> None:
        """Use the command; again where Discord says that nobody is there."""
        event, asked.acked = self._sent(asked), False
        token = f"token-{event}"
        self.pressed[token] = asked
        channel = self.world.channel(self.world.rooms[asked.channel]) | {"permissions": ALL}
        options = [{"name": "question", "type": 3, "value": asked.text}]
        await self.gateway.dispatch(asked.guild, "INTERACTION_CREATE", {
            "id": str(event), "application_id": str(ME), "type": 2, "token": token, "version": 1, "guild_id": str(asked.guild),
            "channel_id": str(asked.channel), "channel": channel, "data": {"id": "600", "name": "ask", "type": 1, "options": options},
            "member": self.world.member(asked.person) | {"permissions": "2048"}, "app_permissions": ALL, "locale": "en-US",
            "guild_locale": "en-US", "entitlements": [], "authorizing_integration_owners": {"0": str(asked.guild)}, "context": 0,
            "attachment_size_limit": 10485760,
        })  # fmt: skip
        task = asyncio.create_task(self._unless_heard(asked, token))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def _unless_heard(self, asked: Asked, token: str) -> None:
        """Ask again, as a person would, if the command was not acknowledged in time."""
        await asyncio.sleep(PATIENCE)
        if asked.acked:
            return
        asked.unheard += 1
        del self.pressed[token]
        await asyncio.sleep(AGAIN)
        await self._slash(asked)

    def _sent(self, asked: Asked) -> int:
        """A fresh event for a question."""
        asked.event, asked.sent = self.world.new_id(), time.monotonic()
        asked.events.append(asked.event)
        return asked.event
