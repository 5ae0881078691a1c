"""Denial and ordinary words in the four other languages: each twin differs from its positive by scope alone. By rules alone."""

from __future__ import annotations

import pytest

from safety import backstop
from safety.assess import assess
from safety.lexicon import lexicon
from safety.matcher import read
from safety.types import Tier, Turn


@pytest.fixture(autouse=True)
def _rules_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(backstop, "score", lambda *_: None)


TWINS = [
    (
        "mein linker fuß ist seit gestern taub",
        "kein taubheitsgefühl im linken fuß, kraft ist auch da, 4 einheiten ok?",
    ),
    ("se me duerme el pie derecho desde ayer", "sin hormigueo y sin adormecimiento, puedo subir la carga?"),
    ("meu pé direito está dormente desde ontem", "sem dormência e sem formigamento, posso aumentar a carga?"),
    (
        "mon pied droit est engourdi depuis hier",
        "pas d'engourdissement, pas de fourmis, je passe à cinq séances ?",
    ),
    ("mein linker arm wird immer schwächer", "mein linker arm war schon immer schwächer beim curlen"),
    ("ich spüre meinen po nicht mehr beim sitzen", "ich spüre den po beim hip thrust nicht"),
    ("la pierna izquierda está cada vez más débil", "la pierna izquierda siempre fue más débil"),
    ("perdi força na perna desde ontem", "perdi força no supino com a dieta"),
    (
        "é normal ficar com o períneo dormente depois do terra de ontem?",
        "o que quer dizer anestesia em sela?",
    ),
    ("c'est normal d'avoir le périnée engourdi depuis hier ?", "je sens bien mon périnée, tout est normal"),
    (
        "j'ai perdu la force du pied gauche depuis trois semaines",
        "j'ai perdu de la force pendant les vacances",
    ),
]


def _tier(text: str) -> Tier:
    return assess([Turn(text)])[0].tier


@pytest.mark.parametrize(("positive", "negative"), TWINS)
def test_a_finding_is_referred_and_its_twin_is_not(positive: str, negative: str) -> None:
    """The same words refer when asserted and not when denied."""
    assert _tier(positive) >= Tier.REFER
    assert _tier(negative) < Tier.REFER


@pytest.mark.parametrize(
    ("language", "word", "tag"), [("de", "gut", "belly"), ("de", "dick", "saddle"), ("es", "si", "back")]
)
def test_ordinary_words_lose_their_english_meaning(language: str, word: str, tag: str) -> None:
    """German "gut" is good, not the belly; in an English message it stays what it is."""
    assert tag not in read(word, lexicon(language)).marks


def test_quiet_words_leave_no_marks() -> None:
    """Words that only steer scope are looked up but are never evidence."""
    reading = read("numb but in my foot", lexicon())
    assert "but" in reading.tokens.tags[1]
    assert "but" not in reading.marks
    assert "towards" not in reading.marks


@pytest.mark.parametrize(
    ("language", "tag", "word"),
    [
        ("de", "sinceword", "seit"),
        ("es", "sinceword", "desde"),
        ("fr", "sinceword", "depuis"),
        ("pt", "sinceword", "desde"),
        ("de", "greeting", "hallo"),
        ("es", "greeting", "hola"),
        ("fr", "greeting", "salut"),
        ("pt", "greeting", "oi"),
        ("de", "joiner", "und"),
        ("es", "joiner", "y"),
        ("fr", "joiner", "et"),
        ("pt", "joiner", "e"),
    ],
)
def test_words_that_steer_stand_in_their_own_language(language: str, tag: str, word: str) -> None:
    """An ordinary word of a language loses what the English files say of it, so it has to be in that language's own."""
    assert any(tag in entry.tags for entry in lexicon(language).look_up(word))
