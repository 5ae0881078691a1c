"""Spotter's safety layer for anything built with LangChain: as a middleware of agents and as a Runnable around anything that answers.

What is written to the agent is assessed before any model sees it; at URGENT and above, in a crisis and where a question has to be asked
back, the referral is the answer and no model is called. What the agent says is guarded before it is the answer. Ten lines that run::

    from langchain.agents import create_agent
    from langchain_core.language_models import FakeListChatModel

    from bot.chat.middleware import SafetyMiddleware

    model = FakeListChatModel(responses=["You have a herniated disc. Squat as deep as the back stays neutral."])
    agent = create_agent(model, tools=[], middleware=[SafetyMiddleware()])
    for text in ("How deep should I squat?", "My crotch went numb after deadlifts"):
        state = agent.invoke({"messages": [("user", text)]})
        print(state["messages"][-1].text)

Hand out the final state, not the tokens as they come: a stream shows what the guard has not read. An error in the safety layer is raised,
so that nothing goes out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain.agents.middleware import AgentMiddleware, hook_config
from langchain_core.messages import AIMessage, HumanMessage, convert_to_messages
from langchain_core.runnables import RunnableLambda

from safety.assess import assess
from safety.guard import guard, refer
from safety.types import Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import Runnable

    from safety.types import Assessment


KEYS = ("messages", "input", "question", "query", "text")
"""Under which a dictionary may hold what was asked."""


class SafetyMiddleware(AgentMiddleware[Any, Any, Any]):
    """Stands in front of and behind the model of a LangChain agent (`langchain.agents.create_agent`)."""

    @hook_config(can_jump_to=["end"])
    def before_agent(self, state: Any, runtime: Any) -> dict[str, Any] | None:
        """End with the referral where nothing may be coached; no model and no tool is called then."""
        del runtime
        assessment = assessed(state["messages"])
        if assessment.coaching:
            return None
        return {"messages": [AIMessage(refer(assessment).text)], "jump_to": "end"}

    def after_model(self, state: Any, runtime: Any) -> dict[str, Any] | None:
        """Put the guarded text in place of what the model said; calls of tools stay."""
        del runtime
        last = state["messages"][-1]
        if not isinstance(last, AIMessage) or not last.text:
            return None
        said = guard(asked(state["messages"]), last.text, assessed(state["messages"]))
        return {"messages": [last.model_copy(update={"content": said.text})]}


def guarded(inner: Runnable[Any, Any]) -> Runnable[Any, str]:
    """`inner` (a chat model or a chain) with the safety layer on both sides.

    Takes what a chat model takes (a string, messages, a prompt) or a dictionary that holds it under one of `KEYS`, and gives the text that
    may be shown. Raises ValueError for anything else: what cannot be assessed is not answered.
    """

    def messages(given: Any) -> list[BaseMessage]:
        found = given
        if isinstance(given, dict):
            found = next((given[key] for key in KEYS if given.get(key)), None)
        if hasattr(found, "to_messages"):
            found = found.to_messages()
        if isinstance(found, str):
            return [HumanMessage(found)]
        if not found or not isinstance(found, list | tuple):
            raise ValueError(
                f"nothing to assess: give a string, messages, or a dictionary with one of {KEYS}"
            )
        return convert_to_messages(found)

    def closing(given: Any, said: Any) -> str:
        text = said if isinstance(said, str) else str(getattr(said, "text", said))
        return guard(asked(messages(given)), text, assessed(messages(given))).text

    def run(given: Any) -> str:
        assessment = assessed(messages(given))
        return closing(given, inner.invoke(given)) if assessment.coaching else refer(assessment).text

    async def arun(given: Any) -> str:
        assessment = assessed(messages(given))
        return closing(given, await inner.ainvoke(given)) if assessment.coaching else refer(assessment).text

    return RunnableLambda(run, arun, name="guarded")


def assessed(messages: Sequence[BaseMessage]) -> Assessment:
    """The assessment of a conversation; what the model said last is not part of the question."""
    turns = [
        Turn(message.text, "person" if isinstance(message, HumanMessage) else "bot")
        for message in messages
        if isinstance(message, HumanMessage | AIMessage) and message.text
    ]
    while turns and turns[-1].speaker == "bot":
        turns.pop()
    assessment, _ = assess(turns or [Turn("")])
    return assessment


def asked(messages: Sequence[BaseMessage]) -> str:
    """What the person wrote last."""
    return next((one.text for one in reversed(messages) if isinstance(one, HumanMessage)), "")
