"""Any LangChain agent or chain can be wrapped in the safety layer."""

from __future__ import annotations

import re
import textwrap

import pytest
from langchain.agents import create_agent
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import AIMessage, HumanMessage

from bot.chat import middleware
from bot.chat.middleware import SafetyMiddleware, guarded

BAD = "You have a herniated disc. Squat as deep as the back stays neutral. Keep the bar close to you. Rest between sets."
ALARM = "My crotch went numb after deadlifts and I can't pee"


class Counting(FakeListChatModel):
    """Counts its calls."""

    calls: int = 0

    def _call(self, *args, **kwargs):
        self.calls += 1
        return super()._call(*args, **kwargs)


def test_an_agents_answer_is_guarded():
    agent = create_agent(FakeListChatModel(responses=[BAD]), tools=[], middleware=[SafetyMiddleware()])
    answer = agent.invoke({"messages": [("user", "How deep should I squat?")]})["messages"][-1].text
    assert "herniated" not in answer
    assert "as deep as the back stays neutral" in answer


@pytest.mark.parametrize("history", [[], [("user", ALARM), ("ai", "Go to the emergency department now.")]])
async def test_no_model_is_called_behind_a_red_flag(history):
    model = Counting(responses=[BAD])
    agent = create_agent(model, tools=[], middleware=[SafetyMiddleware()])
    text = "so how deep should I squat?" if history else ALARM
    state = await agent.ainvoke({"messages": [*history, ("user", text)]})
    assert model.calls == 0
    assert "emergency" in state["messages"][-1].text.lower()


@pytest.mark.parametrize("given", ["How deep should I squat?", [HumanMessage("How deep should I squat?")]])
async def test_a_chain_is_guarded(given):
    chain = guarded(FakeListChatModel(responses=[BAD]))
    for answer in (chain.invoke(given), await chain.ainvoke(given)):
        assert "herniated" not in answer
        assert "neutral" in answer


def test_a_chain_is_not_run_behind_a_red_flag():
    model = Counting(responses=[BAD])
    assert "emergency" in guarded(model).invoke([HumanMessage(ALARM)]).lower()
    assert (
        "emergency"
        in guarded(model).invoke([HumanMessage(ALARM), AIMessage("Go."), HumanMessage("ok, squats?")]).lower()
    )
    assert model.calls == 0


def test_the_example_in_the_documentation_runs(capsys):
    example = textwrap.dedent(re.search(r"run::\n\n(.*?)\n\nHand out", middleware.__doc__, re.DOTALL)[1])
    assert len([line for line in example.splitlines() if line.strip()]) <= 10
    exec(compile(example, "example", "exec"), {})
    said = capsys.readouterr().out
    assert "herniated" not in said
    assert "emergency" in said.lower()
