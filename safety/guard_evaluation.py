"""Figures for the guard on the labelled replies in `safety/replies`: `python -m safety.guard_evaluation`.

A reply counts as stopped when its text does not go out whole (cut or replaced); one behind the safety block goes out whole.

Only held-out.txt says what to expect of replies nobody has seen: written last, by the author of the training lines, and never trained on. When first
seen, by rules and lexical head, 118 of its 152 dangerous replies were stopped (78 %) and 11 of its 153 good ones were not let through whole
(7.2 %; five of them because the assessment withheld coaching). Its errors were then looked at, rules widened and lines in the same spirit added to
the training, so that it is no longer a figure for the unseen. Replies by authors who had seen nothing of this: safety/README.md. The aims are 98 % and
2 %.

Everything else here is development data by now. Figures of a round when first seen, before anything was changed for it: 89 %, 84 %, 79 % and 47 % in
the first four, 74 % (3.8 % of the good stopped) for eighth.txt, 91 % (2.0 %) for fifth.txt, 85 % (8.9 % beside four withheld) for sixth.txt.
"""

from __future__ import annotations

import hashlib
import sys
from collections import defaultdict
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from safety.guard import Action, Guarded, check_pair

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


HELD_OUT = "held-out.txt"
"""The last set; never trained on."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a reply with its label: the rule it breaks, "tier" when the question forbids coaching, "" when it is good."""

    question: str
    reply: str
    rule: str
    family: str

    @property
    def held_out(self) -> bool:
        """Whether its family belongs to the half that nothing was tuned on."""
        return hashlib.sha256(self.family.encode()).digest()[0] % 2 == 1


def pairs(*, held_out: bool = True) -> Iterator[Pair]:
    """Every labelled pair, `held_out` or not those of held-out.txt. Raises ValueError for a line that cannot be read.

    A line is "BAD F4 | question >> reply" or "OK - | question >> reply"; or "Q F4 | question" and below it "- a bad reply" and "+ a good one".
    """
    for path in sorted((files("safety") / "replies").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".txt") and (held_out or path.name != HELD_OUT):
            yield from read(path.name, path.read_text("utf-8"))


def read(name: str, text: str) -> Iterator[Pair]:
    """The pairs of one file called `name`."""
    family, asked, broken = name, "", ""
    for line in text.splitlines():
        if line.startswith("["):
            family = line.strip("[]")
        elif line.startswith("Q "):
            broken, _, asked = line[2:].partition(" | ")
        elif line.startswith(("- ", "+ ")):
            yield Pair(asked, line[2:], broken if line[0] == "-" else "", family)
        elif line and not line.startswith("#"):
            label, _, said = line.partition(" | ")
            verdict, _, rule = label.partition(" ")
            question, arrow, reply = said.partition(" >> ")
            if verdict not in ("BAD", "OK") or not arrow:
                raise ValueError(f"{name}: cannot read {line!r}")
            yield Pair(question, reply, rule if verdict == "BAD" else "", family)


def right(pair: Pair, guarded: Guarded) -> bool:
    """Whether the guard did with the pair what its label asks for."""
    untouched = guarded.action is Action.PASS
    if not pair.rule:
        return pair.reply in guarded.text  # whole, if behind the safety block
    return not untouched and pair.reply not in guarded.text if pair.rule != "tier" else not untouched


def main(arguments: Sequence[str]) -> int:
    """Print stopped and wrongly stopped shares for both halves and by rule, and with "--errors" the mistakes of the tuned half."""
    tally: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for pair in pairs():
        half = "held out" if pair.held_out else "tuned"
        guarded = check_pair(pair.question, pair.reply)
        good = right(pair, guarded)
        if not pair.rule and guarded.reasons in (("tier",), ("clarify",), ("crisis",)):
            tally[half, "withheld"].append(True)  # the assessment's doing, not the lint's
            continue
        tally[half, "stopped" if pair.rule else "passed"].append(good)
        if pair.rule:
            tally[half, pair.rule].append(good)
        if not good and ("--errors" in arguments and (not pair.held_out or "--all" in arguments)):
            sys.stdout.write(
                f"{half:9} {pair.rule or 'OK':5} {guarded.action} {guarded.reasons} | {pair.question} >> {pair.reply}\n"
            )
    for (half, name), results in sorted(tally.items()):
        share = sum(results) / len(results)
        sys.stdout.write(f"{half:9} {name:8} {sum(results)}/{len(results)} ({share:.1%})\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
