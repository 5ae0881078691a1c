"""Nothing that this project itself says trips its own lint: claims, cards, the bot's words, referrals."""

import tomllib
from pathlib import Path

import pytest

from bot.showing import demo_words, gated
from bot.statements import whole
from bot.wording import attributed
from corpus.cutting import cut_claims
from corpus.documents import load
from corpus.exercises import load as load_exercises
from safety.guard import Action, guard
from safety.lint import lint
from safety.referral import QUESTIONS, block, footer, referral
from safety.types import Assessment, Tier, Topic
from safety.wordings import LANGUAGES

ROOT = Path(__file__).parents[2]
CLAIMS = [(document.id, passage) for document in load() for passage in cut_claims(document)]


def strings(value):
    """Every string in nested tables."""
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in items for text in strings(item)]


@pytest.mark.parametrize("tier", [Tier.NONE, Tier.CAUTION])
def test_every_claim_passes_bare_and_with_its_source(tier):
    said = [(name, form) for name, p in CLAIMS for form in (whole(p.text), attributed(p, whole(p.text)))]
    assert len(said) > 400
    assert [(name, fault) for name, text in said for fault in lint(f"{text} [1]", tier)] == []


def test_every_title_passes():
    heads = {p.title for _, p in CLAIMS}
    assert [(text, lint(text, Tier.NONE)) for text in heads if lint(text, Tier.NONE)] == []


@pytest.mark.parametrize("tier", [Tier.NONE, Tier.CAUTION, Tier.REFER])
def test_every_card_passes_the_guard_at_every_tier_at_which_it_is_shown(tier):
    for exercise in load_exercises().values():
        for fault in (False, True):
            words = demo_words(exercise, tier, fault=fault)
            guarded = guard(exercise.name, words, Assessment(tier=tier, topic=Topic.SPINE), kind="demo")
            assert words in guarded.text, (
                exercise.id,
                gated(exercise, tier),
                guarded.reasons,
                lint(words, tier),
            )


@pytest.mark.parametrize("path", sorted((ROOT / "bot" / "locales").glob("*.toml")), ids=lambda p: p.stem)
def test_what_the_bot_says_of_itself_passes(path):
    texts = strings(tomllib.loads(path.read_text("utf-8")))
    faulty = [
        (text, guard("", text, Assessment(), kind="notice").reasons)
        for text in texts
        if text.strip() and guard("", text, Assessment(), kind="notice").action is not Action.PASS
    ]
    assert faulty == []


def assessments():
    """Every kind of assessment that has a text of its own."""
    for language in LANGUAGES:
        for other in (False, True):
            for minor in (False, True):
                told = {"language": language, "other": other, "minor": minor}
                for topic in Topic:
                    for tier in (Tier.REFER, Tier.URGENT, Tier.EMERGENCY):
                        yield Assessment(tier=tier, topic=topic, nerve=True, **told)
                yield Assessment(crisis=True, **told)
                yield Assessment(clarify=QUESTIONS, **told)
                yield Assessment(tier=Tier.CAUTION, **told)
                yield Assessment(education=True, **told)


def test_every_referral_block_and_footer_passes():
    faulty = []
    for assessment in assessments():
        texts = [referral(assessment).text, footer(assessment)]
        texts += [block(assessment)] if assessment.tier == Tier.REFER else []
        faulty += [fault for text in texts for fault in lint(text, assessment.tier)]
    assert {(fault.rule, fault.words, fault.sentence) for fault in faulty} == set()
