"""JSON lines in, JSON lines out: a line that cannot be read is answered with its error, and the next one follows."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, TypeAlias

from safety.types import Turn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    Record: TypeAlias = dict[str, Any]


class BadLine(ValueError):
    """A line that is not what the command reads. The message says what is missing."""


async def answer_lines(answer: Callable[[Record], Awaitable[Record]]) -> None:
    """Answer every line of standard input with one line, in order, as soon as it is ready."""
    for number, line in enumerate(_lines(), 1):
        record: Record = {}
        try:
            record = _record(line)
            result = await answer(record)
        except BadLine as fault:
            result = {"error": f"line {number}: {fault}"}
        out = json.dumps({"id": record.get("id"), **result}, ensure_ascii=False) + "\n"
        # bytes, so that neither the locale nor half a surrogate pair can end the run
        sys.stdout.buffer.write(out.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()


def text_of(record: Record, key: str) -> str:
    """A text field of a line. Raises `BadLine`."""
    value = record.get(key)
    if not isinstance(value, str):
        raise BadLine(f'"{key}" must be a text')
    return value


def turns_of(record: Record, key: str) -> tuple[Turn, ...]:
    """The conversation of a line, the message to answer last: `key` alone, or "turns". Raises `BadLine`.

    A turn is a text (the person's), or {"text", "speaker"} with the speaker "person" or "bot" ("role" and "content" with "user" and
    "assistant" are understood too).
    """
    if key in record:
        return (Turn(text_of(record, key)),)
    turns = record.get("turns")
    if not isinstance(turns, list) or not turns:
        raise BadLine(f'give "{key}" (a text) or "turns" (a list, the last one to answer)')
    made = tuple(_turn(turn) for turn in turns)
    if made[-1].speaker != "person":
        raise BadLine("the last turn must be the person's")
    return made


def _turn(turn: Any) -> Turn:
    """One turn of a line."""
    if isinstance(turn, str):
        return Turn(turn)
    if isinstance(turn, dict):
        text = turn.get("text", turn.get("content"))
        speaker = turn.get("speaker", turn.get("role", "person"))
        if isinstance(text, str) and isinstance(speaker, str):
            return Turn(
                text, "bot" if speaker.lower() in ("bot", "assistant", "spotter", "system") else "person"
            )
    raise BadLine('a turn is a text, or {"text", "speaker"} with the speaker "person" or "bot"')


def _lines() -> Iterator[str]:
    """Lines of standard input that hold anything; bytes that are no UTF-8 are replaced, not fatal."""
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "replace").strip("\ufeff \t\r\n")
        if text:
            yield text


def _record(line: str) -> Record:
    """One line as an object. Raises `BadLine`."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"is not JSON ({error})") from None
    if not isinstance(record, dict):
        raise BadLine('is not an object such as {"id": 1, ...}')
    return record
