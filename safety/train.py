"""Train the backstop: `make train`, or `python -m safety.train [--data DIR] [--jobs N]`. Some twenty-five minutes on two cores, and 3 GB of memory.

Learns from messages/training and the tuned half of messages/development: every message that is one turn long, and the turns of harmless
conversations in which the rules see no sign ("and after that?" is nothing to worry about by itself), and the ways to ask for what the documents
say (`corpus/documents/asked`). The network is kept small and starved (half of the columns and of the hidden units are left out at every step, the
states a quarter of the time), since families of twins differ in a word or two: it must not lean on any single one. Chances are calibrated on scores
of folds that were not trained on; families never straddle folds.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from safety.assess import embeddable
from safety.concepts import concept_of
from safety.findings import candidates
from safety.fitting import Examples, Recipe, fit, packed, states_of
from safety.language import detect
from safety.lexicon import lexicon
from safety.matcher import read
from safety.messages import Message, load
from safety.semantic import HEADS, TEXT, WEIGHTS, columns
from safety.sight import relevant, sight, telling, trimmed
from safety.types import Tier

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDS = 3
TURN = "turn"
"""Tag of a turn taken out of a conversation: whether the conversation's ache is in it is not known."""
ASKED = Path(__file__).parent.parent / "corpus" / "documents" / "asked"
"""Ways to ask, one a list item."""
SYMPTOMS = frozenset({"when-to-seek-help", "living-with-sciatica", "imaging-and-mri"})
"""Documents about symptoms: somebody may ask for what they say because of his own."""
RARE = 6.0
"""Weight of a message in crisis beside one that is not; the calibration takes it out of the chances again."""
RECIPE = Recipe(
    hidden=128,
    looks=16,
    values=128,
    epochs=14,
    copies=3,
    folds=FOLDS,
    rare=tuple(RARE if head == "crisis" else 1.0 for head in HEADS),
)
"""Three copies: AUC of EMERGENCY out of fold 0.970 for one, 0.972 for three, before there were states."""


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go")
    parser.add_argument(
        "--data", type=Path, default=Path(".spotter"), help="where the embedding model is kept or built"
    )
    parser.add_argument("--scores", type=Path, help="also write the out-of-fold chances here (npz)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        help="networks trained side by side (default: one a core)",
    )
    options = parser.parse_args()
    messages = single([*load("training"), *(m for m in load("development") if not m.held_out)]) + asked()
    print(f"{len(messages)} messages in {len({m.family for m in messages})} families")
    states = states_of([embeddable(m.turns[-1]) for m in messages], options.data)
    every = np.ones(len(messages), np.float32)
    examples = _with_whole(
        messages,
        Examples(
            matrix(messages), targets(messages), every, folds(messages), np.arange(len(messages)), states
        ),
    )
    copies, logits = fit(examples, replace(RECIPE, seed=options.seed), options.jobs)
    calibration = _calibrate(logits, examples.targets)
    arrays = packed(copies, calibration)
    np.savez(options.out, allow_pickle=False, **arrays)  # uncompressed: unpacking would cost at every start
    print(f"wrote {options.out} ({options.out.stat().st_size / 1e6:.2f} MB)")
    if options.scores:
        chances = 1 / (1 + np.exp(-(logits * calibration[:, None, :, 0] + calibration[:, None, :, 1])))
        np.savez(
            options.scores,
            allow_pickle=False,
            chances=chances[:, : len(messages)].astype(np.float32),
            texts=np.array([m.turns[-1] for m in messages]),
        )


def single(messages: list[Message]) -> list[Message]:
    """What can be learnt from: messages of one turn, and as such the turns of harmless conversations, tagged `TURN`.

    Not a turn in which the rules see a sign: it may be the next one that explains it.
    """
    found: list[Message] = []
    for message in messages:
        if message.clarify or (len(message.turns) > 1 and (message.crisis or message.tier >= Tier.REFER)):
            continue
        if len(message.turns) == 1:
            found.append(message)
        else:
            found += [
                replace(message, turns=(turn,), tags=message.tags | {TURN})
                for turn in message.turns
                if not _sign(turn)
            ]
    return found


def asked(folder: Path = ASKED) -> list[Message]:
    """The ways to ask for what our documents say: harmless, whatever body parts they name. A heading is a family."""
    found: list[Message] = []
    for path in sorted(folder.glob("*.md")):
        if path.stem in SYMPTOMS:
            continue
        heading = ""
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line.startswith("#"):
                heading = line.strip("# ")
            elif line.startswith("- ") and not _sign(line[2:]):
                name = f"{path.stem}-{number}"
                found.append(
                    Message(name, f"{path.stem} {heading}", (line[2:],), "N", frozenset({TURN}), "en")
                )
    return found


def _sign(text: str) -> bool:
    """Whether the rules see anything in a text that by itself would need a clinician."""
    found = candidates(read(text, lexicon(detect(text))))
    return any(concept_of(candidate).tier >= Tier.REFER for candidate in found)


def _with_whole(messages: list[Message], examples: Examples) -> Examples:
    """`examples`, and once more every message of which only some clauses were read: whole, and for the crisis head alone (`backstop.raised`)."""
    from scipy import sparse

    whole = matrix(messages, whole=True)
    rows = np.flatnonzero(np.asarray(abs(whole - examples.columns).sum(axis=1)).ravel() > 0)
    wanted = np.full((len(rows), len(HEADS)), np.nan, np.float32)
    crisis = HEADS.index("crisis")
    wanted[:, crisis] = examples.targets[rows, crisis]
    return Examples(
        sparse.vstack([examples.columns, whole[rows]]).tocsr(),
        np.concatenate([examples.targets, wanted]),
        np.concatenate([examples.weights, examples.weights[rows]]),
        np.concatenate([examples.fold, examples.fold[rows]]),
        np.concatenate([examples.text, examples.text[rows]]),
        examples.states,
    )


def _calibrate(logits: NDArray[np.float32], wanted: NDArray[np.float32]) -> NDArray[np.float64]:
    """Slope and intercept per head (Platt), without and with the states: float64 (2, heads, 2)."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    calibration = np.zeros((2, len(HEADS), 2))
    for known in (0, 1):
        for n, head in enumerate(HEADS):
            used = ~np.isnan(wanted[:, n])
            x, y = logits[known, used, n], wanted[used, n] > 0
            model = LogisticRegression(C=1e6).fit(x.reshape(-1, 1), y)
            calibration[known, n] = model.coef_[0, 0], model.intercept_[0]
            states = "with states" if known else "without"
            print(
                f"{head:>10} {states:>12}: {y.sum()} of {len(y)}, out of fold AUC {roc_auc_score(y, x):.4f}"
            )
    return calibration


def matrix(messages: list[Message], *, whole: bool = False) -> Any:
    """Sparse (n, TEXT) of what `semantic.columns` makes of each message's last turn: of its telling clauses, or of the `whole`."""
    from scipy import sparse

    rows, cols, values = [], [], []
    for n, message in enumerate(messages):
        text = message.turns[-1]
        language = detect(text)
        complete = read(text, lexicon(language))
        reading = trimmed(complete)
        found = candidates(reading)
        kept = telling(reading, found)
        words = " ".join(complete.tokens.words) if whole else relevant(reading, kept)
        at, value = columns(words, sight(reading, found, kept))
        rows.append(np.full(len(at), n))
        cols.append(at)
        values.append(value)
    return sparse.csr_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(cols))), shape=(len(messages), TEXT)
    )


def targets(messages: list[Message]) -> NDArray[np.float32]:
    """What each head must say of each message, float32 (n, heads); nan where it says nothing (self-harm has no tier)."""
    tiers = {"caution": Tier.CAUTION, "refer": Tier.REFER, "urgent": Tier.URGENT, "emergency": Tier.EMERGENCY}
    wanted = np.full((len(messages), len(HEADS)), np.nan, np.float32)
    for n, message in enumerate(messages):
        for k, head in enumerate(HEADS):
            if head == "crisis":
                wanted[n, k] = message.crisis
            elif not message.crisis and not (head == "caution" and TURN in message.tags):
                wanted[n, k] = message.tier >= tiers[head] if head in tiers else message.nerve
    return wanted


def folds(messages: list[Message]) -> NDArray[np.int64]:
    """Fold of each message, by family, the same at every run."""
    order = {f: n % FOLDS for n, f in enumerate(sorted({m.family for m in messages}, key=_hash_of))}
    return np.array([order[m.family] for m in messages])


def _hash_of(text: str) -> int:
    from zlib import crc32

    return crc32(text.encode())


if __name__ == "__main__":
    main()
