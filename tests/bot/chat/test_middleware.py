"""Any LangChain agent or chain can be wrapped in the safety layer."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
from langchain.agents import create_agent
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda

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


@pytest.mark.parametrize("key", ["input", "question", "query", "text", "messages"])
async def test_a_chain_that_takes_a_dictionary_is_assessed_by_what_it_holds(key):
    ran = []
    chain = guarded(RunnableLambda(lambda given: ran.append(given) or BAD))
    for ask in (chain.invoke, chain.ainvoke):
        said = ask({key: ALARM})
        assert "emergency" in (said if isinstance(said, str) else await said).lower()
    assert ran == []
    assert "herniated" not in chain.invoke({key: "How deep should I squat?"})


@pytest.mark.parametrize("given", [{}, {"frage": ALARM}, {"input": ""}, [], 7])
def test_what_cannot_be_assessed_is_not_answered(given):
    model = Counting(responses=[BAD])
    with pytest.raises(ValueError, match="nothing to assess"):
        guarded(model).invoke(given)
    assert model.calls == 0


def test_a_prompt_in_front_of_a_model_is_assessed():
    chain = ChatPromptTemplate.from_messages([("system", "You coach."), ("human", "{q}")]) | guarded(
        FakeListChatModel(responses=[BAD])
    )
    assert "emergency" in chain.invoke({"q": ALARM}).lower()
    assert "herniated" not in chain.invoke({"q": "How deep should I squat?"})


def test_what_an_agent_says_beside_a_call_of_a_tool_is_guarded_and_the_call_stays():
    call = {"name": "look", "args": {}, "id": "1"}
    first = AIMessage(BAD, tool_calls=[call])
    state = {"messages": [HumanMessage("How deep should I squat?"), first]}
    after = SafetyMiddleware().after_model(state, None)["messages"][0]
    assert "herniated" not in after.text
    assert after.tool_calls[0]["name"] == "look"
    blocks = AIMessage([{"type": "text", "text": BAD}])
    after = SafetyMiddleware().after_model({"messages": [state["messages"][0], blocks]}, None)["messages"][0]
    assert "herniated" not in str(after.content)


DOCUMENTED = {
    "docstring": re.search(r"run::\n\n(.*?)\n\nHand out", middleware.__doc__, re.DOTALL)[1],
    "README": re.search(
        r"```python\n(.*?)```", (Path(middleware.__file__).parent / "README.md").read_text("utf-8"), re.DOTALL
    )[1],
}


@pytest.mark.parametrize("where", DOCUMENTED)
def test_the_example_in_the_documentation_runs(where, capsys):
    example = textwrap.dedent(DOCUMENTED[where])
    assert len([line for line in example.splitlines() if line.strip()]) <= 10
    exec(compile(example, "example", "exec"), {})
    said = capsys.readouterr().out
    assert "herniated" not in said
    assert "emergency" in said.lower()
