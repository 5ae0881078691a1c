"""What tells of somebody's health is not sent to a hosted provider; what only asks about lifting, or about backs in general, is."""

from __future__ import annotations

import pytest

from bot.chat.faults import Kind, ModelFault
from bot.chat.sendable import check
from bot.chat.settings import ChatSettings
from corpus.questions import load
from safety.assess import assess
from safety.messages import load as load_messages
from safety.types import Tier, Turn

HOSTED = ChatSettings("openai:x")
TELLING = """my knee aches after squats, what can i do?
shoulder hurts when benching, which drills help?
my hip pinches at the bottom of the squat
i feel dizzy after heavy sets
diagnosed with spondylolisthesis, can i squat?
i'm pregnant, can i deadlift?
i have diabetes and high blood pressure, how do i start lifting?
recovering from surgery on my knee, when can i squat?
heart flutters when i bench
i take blood thinners, is that a problem?
tendonitis in the elbow
feeling depressed, does lifting help?
is it normal that my back is sore?
How deep should I squat? Sharp pain in the groin at the bottom.
my friend has back pain, what should he do
tengo dolor de espalda al levantar
mein rücken tut weh beim kreuzheben
j'ai mal au dos après le soulevé""".splitlines()
ASKING = """how deep should i squat?
should i squeeze my glutes at the top of a deadlift?
does stretching fix tight hamstrings?
what causes back pain in deadlifts?
does rounding the back cause injuries?
how many sets of jefferson curls?
is foam rolling useless?
which muscles rotate the hip?
which stretch do i do for my hamstrings?""".splitlines()


def sent(*texts, settings=HOSTED):
    """Whether texts of a conversation may be sent; why not, if not."""
    assessment, _ = assess([Turn(text) for text in texts])
    try:
        check(texts, assessment, settings)
    except ModelFault as fault:
        return fault.kind
    return True


@pytest.mark.parametrize("text", TELLING)
def test_what_tells_of_health_stays_home(text):
    assert sent(text) in (Kind.PRIVATE, Kind.URGENT)
    assert sent("how deep should i squat?", text) in (Kind.PRIVATE, Kind.URGENT)


@pytest.mark.parametrize("text", ASKING)
def test_what_only_asks_is_sent(text):
    assert sent(text) is True


def test_hardly_a_labelled_symptom_goes_to_a_hosted_provider():
    """By words alone; on the path the question's meaning (its vector) is read as well."""
    messages = [one for one in load_messages("development") if one.tier >= Tier.CAUTION or one.crisis]
    through = [one.turns for one in messages if sent(*one.turns) is True]
    assert len(messages) > 300
    assert len(through) <= 0.02 * len(messages), through


def test_most_questions_about_lifting_are_sent():
    asked = [one for one in load() if one.kind in ("answerable", "disagreement")]
    assert sum(sent(*one.turns) is True for one in asked) >= 0.7 * len(asked)


def test_where_the_host_allows_it_symptoms_are_sent_and_urgent_ones_are_not():
    allowed = ChatSettings("openai:x", symptoms=True)
    assert sent("my back is sore after deadlifts", settings=allowed) is True
    assert sent("my groin went numb and i cannot pee", settings=allowed) is Kind.URGENT
