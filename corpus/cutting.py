"""Cut documents into passages: claim by claim where there are claims, else by size at paragraph and sentence ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus import sentences
from corpus.passages import Passage, passage_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corpus.claims import Claim, Document
    from corpus.texts import Text

SMALLEST, LARGEST, OVERLAP = 400, 500, 100
"""Characters of a foreign passage, and how many at most are repeated from the one before (sizes measured best on lifting questions)."""


def cut_claims(document: Document) -> list[Passage]:
    """One passage a claim, with its speaker, topic, stance and gate."""
    return [_from_claim(document, claim) for claim in document.claims]


def _from_claim(document: Document, claim: Claim) -> Passage:
    # a caveat must not be parted from what it qualifies, so such a claim is one sentence to the reader
    whole = claim.handling == "caveat"
    return Passage(
        id=passage_id(document.id, claim.text),
        document=document.id,
        title=document.title,
        kind=document.kind,
        section=claim.section,
        speaker=claim.speaker,
        text=claim.text,
        sentences=(claim.text,) if whole else sentences.split(claim.text),
        topic=claim.topic,
        stance=claim.stance,
        gate=claim.gate,
        source=claim.sources[0] if claim.sources else document.source,
        trust=document.trust,
        asked=claim.asked,
    )


def cut_text(text: Text) -> list[Passage]:
    """Passages of a foreign file, with ids that stay the same as long as document and words do."""
    passages: list[Passage] = []
    seen: dict[str, int] = {}
    for section in text.sections:
        for piece in _pack(sentences.split(paragraph) for paragraph in section.paragraphs):
            words = " ".join(piece)
            ordinal = seen.get(words, 0)
            seen[words] = ordinal + 1
            passages.append(
                Passage(
                    id=passage_id(text.id, words, ordinal),
                    document=text.id,
                    title=text.title,
                    kind=text.kind,
                    section=section.path,
                    speaker="",
                    text=words,
                    sentences=piece,
                    source=text.source,
                )
            )
    return passages


def _pack(paragraphs: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Sentences packed into pieces: ended by a paragraph's end from SMALLEST on, by LARGEST otherwise."""
    piece: list[str] = []
    fresh = 0  # sentences of the piece that are not repeated from the one before
    for paragraph in paragraphs:
        for sentence in paragraph:
            if fresh and _length(piece) + 1 + len(sentence) > LARGEST:
                yield tuple(piece)
                piece, fresh = _tail(piece, LARGEST - len(sentence) - 1), 0
            piece.append(sentence)
            fresh += 1
        if fresh and _length(piece) >= SMALLEST:
            yield tuple(piece)
            piece, fresh = _tail(piece, OVERLAP), 0
    if fresh:
        yield tuple(piece)


def _tail(piece: list[str], room: int) -> list[str]:
    """The last sentences of a piece that fit into the overlap and the room left."""
    kept: list[str] = []
    for sentence in reversed(piece[1:]):
        if _length([sentence, *kept]) > min(OVERLAP, room):
            break
        kept.insert(0, sentence)
    return kept


def _length(piece: list[str]) -> int:
    return sum(len(sentence) for sentence in piece) + max(0, len(piece) - 1)
