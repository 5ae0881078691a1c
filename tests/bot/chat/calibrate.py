"""Choose the thresholds of the meaning check on `pairs.toml`. Run from the root: `python tests/bot/chat/calibrate.py DATA_DIR`."""

from __future__ import annotations

import sys
import tomllib
from itertools import chain
from pathlib import Path

from bot.chat.grounding import Grounding, Verdict, exact, shared, thresholds
from bot.indexing import gather
from safety.types import Tier


def pairs(name="pairs.toml"):
    """(sentence, passage, whether it holds) of every pair of a file."""
    everything = gather([]).passages
    data = tomllib.loads((Path(__file__).parent / name).read_text("utf-8"))
    told = [(pair, [one for one in everything if pair["claim"] in one.text]) for pair in data["pair"]]
    # a claim may be put in other words one day; a file whose claims are gone measures nothing
    assert sum(len(found) == 1 for _, found in told) >= 0.9 * len(told)
    for pair, found in told:
        if len(found) != 1:
            continue
        for text, holds in chain(((t, True) for t in pair["holds"]), ((t, False) for t in pair["fails"])):
            yield text, found[0], holds


def measured(embed):
    """(holds, exact verdict, cosine, share, sentence) of every pair."""
    grounding = Grounding(embed)
    return [
        (holds, exact(text, [one], Tier.NONE), grounding._near([(text, [one])])[0], shared(text, [one]), text)
        for text, one, holds in pairs()
    ]


def say(*words) -> None:
    """One line on standard output."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def main() -> None:
    """Print what the thresholds do, and the least near and shared of what holds."""
    from retrieval.embeddings import load as embedder

    rows = measured(embedder("minilm", Path(sys.argv[1])).embed)
    limits = thresholds()
    for holds, verdict, near, share, text in rows:
        passed = (
            verdict is Verdict.HOLDS
            and near >= limits.near
            and share >= limits.shared
            and near + share >= limits.sum
        )
        if passed != holds:
            say(f"{'lost' if holds else 'LET THROUGH'} {verdict} near={near:.2f} shared={share:.2f} {text}")
    good = [row for row in rows if row[0]]
    say(len(good), "hold,", len(rows) - len(good), "do not")
    say(
        "least near",
        sorted(round(row[2], 2) for row in good)[:6],
        "least shared",
        sorted(round(row[3], 2) for row in good)[:6],
    )
    left = [row for row in rows if not row[0] and row[1] is Verdict.HOLDS]
    say("left to the meaning check:", [(round(row[2], 2), round(row[3], 2), row[4]) for row in left])


if __name__ == "__main__":
    main()
