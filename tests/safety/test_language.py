"""Language detection, trouble in languages without a lexicon, and what each lexicon makes of plain examples."""

from __future__ import annotations

import pytest

from safety.assess import assess
from safety.language import LANGUAGES, detect, trouble
from safety.lexicon import lexicon
from safety.types import Tier, Turn


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("my left leg goes numb when i squat, is that normal", "en"),
        ("se me duerme la pierna despues del squat, es normal?", "es"),
        ("minha perna fica dormente depois do deadlift, é normal?", "pt"),
        ("mein bein schläft beim deadlift immer ein, ist das normal?", "de"),
        ("j'ai la jambe engourdie apres mes squats, c'est normal?", "fr"),
        ("mi si addormenta la gamba dopo gli stacchi", "other"),
        ("デッドリフトの後から足がしびれます", "other"),
        ("нога онемела после становой", "other"),
        ("entrepierna dormida, paso horas sentado", "es"),
        ("hérnia operada em 2015, zero sintomas", "pt"),
        ("ellbogen zwickt bei dips", "de"),
        ("zéro contrôle vessie", "fr"),
        ("aucune sensation à l'entrejambe", "fr"),
        ("d'you squat or c'mon", "en"),
        ("deadlift pr today", "en"),
        ("whats valsalva actually do", "en"),
        ("convert 225 to kg pls", "en"),
        ("swollen, hot, sore to squeeze", "en"),
        ("no arms are normal, hands normal, walking normal", "en"),
        ("can't hang on another night. i'm ready to die", "en"),
        ("num to sentindo a perna direita", "pt"),
        ("", "en"),
        ("🔥🔥🔥", "en"),
    ],
)
def test_detect(text: str, language: str) -> None:
    """The language a person would name; English where nothing tells."""
    assert detect(text) == language


def test_characters_that_take_no_room_do_not_change_the_language():
    """Zero-width spaces cut words in two for the eye of a program only; a decomposed accent is the letter it belongs to."""
    for text in ("no tingling no weakness just numbness when i wipe", "no siento el periné desde ayer"):
        hidden = "\u200b".join(text)
        assert detect(hidden) == detect(text)
        assert assess([Turn(hidden)])[0].tier is assess([Turn(text)])[0].tier
    assert detect("no siento el perine\u0301 desde ayer") == "es"


def test_detect_never_raises() -> None:
    """Any text has an answer, look-alikes and control characters included."""
    for text in ("\x00\ud800", "сan't fееl my lеg", "ñ" * 5000, "a" * 10000, "¿?¡!"):
        assert detect(text) in LANGUAGES


@pytest.mark.parametrize(
    "text",
    [
        "non sento più la zona tra le gambe",
        "mijn been tintelt sinds gisteren",
        "drętwieje mi stopa po treningu",
        "bacağım uyuşuyor",
        "jag har domningar i benet",
        "онемела нога",
        "左脚发麻",
        "腰が痛くて足がしびれる",
        "لا أشعر بساقي",
    ],
)
def test_trouble(text: str) -> None:
    """Lost feeling in a language that is not read is noticed."""
    assert trouble(text)


@pytest.mark.parametrize(
    "text",
    [
        "quante serie di squat a settimana?",
        "hoeveel rust tussen sets?",
        "сколько белка в день нужно?",
        "ベンチプレスのフォームを見て",
    ],
)
def test_no_trouble(text: str) -> None:
    """Ordinary gym talk in such a language is left alone."""
    assert not trouble(text)


@pytest.mark.parametrize(
    "text",
    [
        "no siento nada entre las piernas desde el peso muerto",
        "se me duerme el pie derecho desde hace una semana",
        "não sinto nada entre as pernas desde ontem",
        "meu pé direito está dormente faz uma semana",
        "zwischen den beinen ist alles taub seit gestern",
        "mein rechter fuß ist seit einer woche taub",
        "je sens plus rien entre les jambes depuis hier",
        "mon pied droit est engourdi depuis une semaine",
    ],
)
def test_refers(text: str) -> None:
    """A lost feeling that lasts is referred in each language."""
    assert assess([Turn(text)])[0].tier >= Tier.REFER


@pytest.mark.parametrize(
    "text",
    [
        "cuantas series de peso muerto a la semana?",
        "tengo agujetas en los gluteos por las zancadas",
        "quantas séries de agachamento por semana?",
        "wie viele sätze kreuzheben pro woche?",
        "muskelkater in den beinen nach den kniebeugen",
        "combien de séries de squat par semaine?",
    ],
)
def test_leaves_gym_talk_alone(text: str) -> None:
    """Questions of training and sore muscles are no reason to refer."""
    assert assess([Turn(text)])[0].tier < Tier.REFER


@pytest.mark.parametrize("language", ["es", "pt", "de", "fr"])
def test_lexicon_has_every_kind_of_word(language: str) -> None:
    """Each language names what the rules need: parts, feelings, organs, context."""
    own = lexicon(language)
    english = lexicon("en")
    assert len(own.atoms) > len(english.atoms) + 500
