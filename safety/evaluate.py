"""How good is the safety layer? `spotter eval safety` (or `python -m safety.evaluate`, without the states of the messages).

Measures the labelled messages under messages/development: all, or the half whose families nothing was tuned on (the default: it is the figure that
means something). Prints sensitivity and specificity with confidence bounds, exact tiers, macro-F1, per concept, rule and tag, the confusion table,
times and, on demand, the list of errors and a plot of recall against false alarms.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safety.assess import assess
from safety.backstop import REFER
from safety.messages import Message, load
from safety.types import Assessment, Tier, Turn

LETTERS = ("E", "U", "R", "C", "N", "K", "?")
_LETTER = {Tier.EMERGENCY: "E", Tier.URGENT: "U", Tier.REFER: "R", Tier.CAUTION: "C", Tier.NONE: "N"}
Embed = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One message, what came out, and how long it took (milliseconds, embedding not counted)."""

    message: Message
    assessment: Assessment
    ms: float

    @property
    def letter(self) -> str:
        """What came out, as the label letters say it."""
        if self.assessment.crisis:
            return "K"
        if self.assessment.clarify and self.assessment.tier < Tier.REFER:
            return "?"
        return _LETTER[self.assessment.tier]

    @property
    def flagged(self) -> bool:
        """Whether the person is sent to somebody."""
        return self.assessment.tier >= Tier.REFER

    @property
    def wrong(self) -> bool:
        """Whether it is an error (CAUTION and NONE are not told apart here)."""
        same = {"C": "N"}
        return same.get(self.letter, self.letter) != same.get(self.message.letter, self.message.letter)


def measure(messages: Sequence[Message], embed: Embed | None = None) -> list[Outcome]:
    """Assess every message. `embed`: text to the states of its word pieces, or None for rules and text heads alone."""
    outcomes = []
    for message in messages:
        read = [embed(text) if embed else None for text in message.turns]
        turns = [Turn(text) for text in message.turns]
        assessment, state = Assessment(), None
        for number, states in enumerate(read):
            began = time.perf_counter()
            assessment, state = assess(turns[: number + 1], state=state, states=states)
        outcomes.append(Outcome(message, assessment, (time.perf_counter() - began) * 1000))
    return outcomes


def wilson(hits: int, total: int, z: float = 1.96) -> tuple[float, float, float]:
    """Share with its 95 % Wilson interval: (share, low, high)."""
    if not total:
        return 0.0, 0.0, 1.0
    p = hits / total
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * ((p * (1 - p) / total + z * z / (4 * total * total)) ** 0.5) / (1 + z * z / total)
    return p, max(middle - half, 0.0), min(middle + half, 1.0)


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The headline figures, each share as (share, low, high), and counts."""
    ranked = [o for o in outcomes if not (o.message.crisis or o.message.clarify)]
    sick = [o for o in ranked if o.message.tier >= Tier.REFER]
    well = [o for o in ranked if o.message.tier < Tier.REFER]
    worst = [o for o in ranked if o.message.letter == "E"]
    nerve = [o for o in ranked if o.message.nerve]
    crisis = [o for o in outcomes if o.message.crisis]
    over = [o for o in ranked if o.assessment.tier > max(o.message.tier, Tier.CAUTION)]
    times = sorted(o.ms for o in outcomes)
    return {
        "messages": len(outcomes),
        "flagged of REFER and above": _share(sick, lambda o: o.flagged),
        "specificity": _share(well, lambda o: not o.flagged),
        "EMERGENCY flagged": _share(worst, lambda o: o.flagged),
        "EMERGENCY called so": _share(worst, lambda o: o.assessment.tier is Tier.EMERGENCY),
        "nerve recall": _share(nerve, lambda o: o.assessment.nerve),
        "nerve specificity": _share(
            [o for o in ranked if not o.message.nerve], lambda o: not o.assessment.nerve
        ),
        "exact tier": _share(ranked, lambda o: o.letter == o.message.letter),
        "over-triage": wilson(len(over), len(ranked)),
        "macro-F1": macro_f1(ranked),
        "crisis recall": _share(crisis, lambda o: o.assessment.crisis),
        "crisis specificity": _share(
            [o for o in outcomes if not o.message.crisis], lambda o: not o.assessment.crisis
        ),
        "ms p50": times[len(times) // 2] if times else 0.0,
        "ms p95": times[int(len(times) * 0.95)] if times else 0.0,
    }


def _share(outcomes: Sequence[Outcome], good: Callable[[Outcome], bool]) -> tuple[float, float, float]:
    return wilson(sum(map(good, outcomes)), len(outcomes))


def macro_f1(outcomes: Sequence[Outcome]) -> float:
    """Mean F1 over the five tiers."""
    scores = []
    for tier in Tier:
        hit = sum(o.message.tier is tier and o.assessment.tier is tier for o in outcomes)
        named = sum(o.message.tier is tier for o in outcomes) + sum(
            o.assessment.tier is tier for o in outcomes
        )
        scores.append(2 * hit / named if named else 1.0)
    return sum(scores) / len(scores)


def by_tag(outcomes: Sequence[Outcome]) -> dict[str, tuple[int, int, int, int]]:
    """Per tag: (should be flagged, of these flagged, should not be, of these flagged wrongly)."""
    table: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for o in outcomes:
        if o.message.crisis or o.message.clarify:
            continue
        for tag in {
            *o.message.tags,
            f"language {o.message.language}",
            "conversation" if len(o.message.turns) > 1 else "single",
        }:
            row = table[tag]
            offset = 0 if o.message.tier >= Tier.REFER else 2
            row[offset] += 1
            row[offset + 1] += o.flagged
    return {tag: (row[0], row[1], row[2], row[3]) for tag, row in sorted(table.items())}


def confusion(outcomes: Sequence[Outcome]) -> Counter[tuple[str, str]]:
    """How often each label came out as each letter."""
    return Counter((o.message.letter, o.letter) for o in outcomes)


def curve(outcomes: Sequence[Outcome]) -> list[tuple[float, float, float]]:
    """(threshold, false-alarm share, recall) of the backstop's "refer" head beside the rules, for the plot."""
    ranked = [
        (o, dict(o.assessment.scores).get("refer", 0.0))
        for o in outcomes
        if not (o.message.crisis or o.message.clarify)
    ]
    points = []
    for step in range(1, 100):
        threshold = step / 100
        flagged = [(o, _by_rules(o) or score >= threshold) for o, score in ranked]
        sick = [f for o, f in flagged if o.message.tier >= Tier.REFER]
        well = [f for o, f in flagged if o.message.tier < Tier.REFER]
        points.append((threshold, sum(well) / max(len(well), 1), sum(sick) / max(len(sick), 1)))
    return points


def _by_rules(outcome: Outcome) -> bool:
    return outcome.flagged and "backstop" not in outcome.assessment.rules


def plot(outcomes: Sequence[Outcome], path: Path) -> None:
    """Recall against false alarms as an SVG of our own, with the chosen operating point."""
    points = curve(outcomes)
    line = " ".join(f"{60 + 400 * x:.1f},{440 - 400 * y:.1f}" for _, x, y in points)
    chosen = min(points, key=lambda p: abs(p[0] - REFER))
    x, y = 60 + 400 * chosen[1], 440 - 400 * chosen[2]
    grid = "".join(
        f'<line x1="60" x2="460" y1="{440 - 40 * n}" y2="{440 - 40 * n}" stroke="#ddd"/><text x="52" y="{444 - 40 * n}" text-anchor="end">{n * 10}%</text>'
        f'<text x="{60 + 40 * n}" y="460" text-anchor="middle">{n * 10}%</text>'
        for n in range(11)
    )
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 500 500" font-family="sans-serif" font-size="11"><rect width="500" height="500" fill="#fff"/>'
        f'{grid}<polyline points="{line}" fill="none" stroke="#0a6" stroke-width="2"/><circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="#c30"/>'
        f'<text x="{x + 9:.1f}" y="{y + 14:.1f}">chosen: {chosen[2]:.1%} recall, {chosen[1]:.1%} false alarms</text>'
        '<text x="260" y="485" text-anchor="middle">false alarms among messages that need nobody</text>'
        '<text x="16" y="240" text-anchor="middle" transform="rotate(-90 16 240)">recall of REFER and above</text></svg>\n',
        encoding="utf-8",
    )


def decisions_report(path: Path) -> str:
    """Which rules cry wolf, from moderators' decisions exported as JSON lines {"rules": [...], "outcome": "..."}."""
    fired: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        decision = json.loads(line)
        for rule in set(decision.get("rules", ())):
            fired[rule] += 1
            false[rule] += decision.get("outcome") in ("false-alarm", "false alarm")
    rows = sorted(fired, key=lambda r: (-false[r] / fired[r], r))
    return "\n".join(
        f"{rule:<24}{false[rule]:>4} of {fired[rule]:>4} false alarms ({false[rule] / fired[rule]:.0%})"
        for rule in rows
    )


def report(outcomes: Sequence[Outcome]) -> str:
    """Everything but the errors, as text."""
    lines = []
    for name, value in figures(outcomes).items():
        if isinstance(value, tuple):
            lines.append(f"{name:<28}{value[0]:.3f}   (95 %: {value[1]:.3f} to {value[2]:.3f})")
        else:
            lines.append(f"{name:<28}{value:.3f}" if isinstance(value, float) else f"{name:<28}{value}")
    counts = confusion(outcomes)
    lines += ["", "label \\ came out  " + "".join(f"{x:>6}" for x in LETTERS)]
    lines += [f"{a:<18}" + "".join(f"{counts[a, b] or '.':>6}" for b in LETTERS) for a in LETTERS]
    lines += ["", f"{'tag':<18}{'to flag':>9}{'flagged':>9}{'not to':>9}{'wrongly':>9}"]
    lines += [f"{tag:<18}{a:>9}{b:>9}{c:>9}{d:>9}" for tag, (a, b, c, d) in by_tag(outcomes).items()]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None, embed: Embed | None = None) -> int:
    """Command line. `embed` is given by `spotter eval safety`. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="spotter eval safety", description=(__doc__ or "").split("\n\n", maxsplit=1)[0]
    )
    parser.add_argument(
        "--part",
        default="held-out",
        choices=("held-out", "tuned", "all"),
        help="which families (default: held-out)",
    )
    parser.add_argument("--errors", action="store_true", help="list the messages that came out wrong")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="write recall against false alarms as SVG")
    parser.add_argument("--json", action="store_true", help="figures as one JSON line")
    parser.add_argument(
        "--decisions", type=Path, metavar="FILE", help="moderators' exported decisions: which rules cry wolf"
    )
    options = parser.parse_args(arguments)
    if options.decisions:
        sys.stdout.write(decisions_report(options.decisions) + "\n")
        return 0
    messages = [
        m for m in load("development") if options.part == "all" or m.held_out == (options.part == "held-out")
    ]
    outcomes = measure(messages, embed)
    sys.stdout.write((json.dumps(figures(outcomes)) if options.json else report(outcomes)) + "\n")
    if options.errors:
        for o in outcomes:
            if o.wrong:
                rules = ", ".join(o.assessment.rules)
                sys.stdout.write(
                    f"{o.message.id} [{o.message.family}] {o.message.letter} came out {o.letter} ({rules}): {' >> '.join(o.message.turns)}\n"
                )
    if options.plot:
        plot(outcomes, options.plot)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
