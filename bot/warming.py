"""What a process that stays does before its first question, so that nobody waits for it: models, lexicon, index, and the lint of our own words."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from bot import catalogue
from bot.showing import titles
from bot.statements import whole
from bot.wording import attributed
from corpus import names
from corpus.cutting import cut_claims
from corpus.documents import load
from safety.assess import assess
from safety.guard import guard
from safety.lint import lint
from safety.types import Tier, Turn

if TYPE_CHECKING:
    from bot.app import App

QUESTION = "How do I hinge?"
ROUNDS = (20_000, 20, 20)
"""Objects made before the collector looks for cycles (Python's own: 700, 10, 10): a question makes some 10,000, nearly all gone by count."""


def warm_up(app: App) -> None:
    """Read and compile everything that the path uses, and lint every claim of ours as it would be said. Blocks, for a second or two."""
    read = app.retriever.read(QUESTION)
    assessment, _ = assess((Turn(QUESTION),), states=read.states)
    guard(QUESTION, "Keep the bar close and push the floor away. [1]", assessment)
    app.retriever.search(QUESTION, vector=read.vector)
    catalogue.read(app.settings.data_dir)
    titles()
    names.mentioned("hinge")
    lint_claims()
    spare_collector()


def spare_collector() -> None:
    """Keep what is loaded for good (lexicon, rules, index) out of the collector's rounds, and let a question's own objects die by count first."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*ROUNDS)


def lint_claims() -> None:
    """Have the lint judge our own claims in both forms, bare and with their source; it remembers sentences, and answers are made of these."""
    for document in load():
        for passage in cut_claims(document):
            said = whole(passage.text)
            for form in dict.fromkeys((said, attributed(passage, said))):
                lint(f"{form} [1]", Tier.NONE)
                lint(f"{form} [1]", Tier.REFER)
