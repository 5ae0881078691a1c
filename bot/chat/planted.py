"""Text that speaks to a language model instead of a reader. It is left out of prompts, and a sentence that repeats it out of answers."""

from __future__ import annotations

import re

_PLANTED = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,30}\b(?:instructions?|rules?|prompts?|guidelines above|above|previous|safety|guardrails?)\b"
    r"|\b(?:system prompt|developer mode|jailbreak|language model|chat ?bot|as an ai|ai assistant|prompt injection|DAN mode)\b"
    r"|\byou are (?:now|no longer) (?:an?|the|my)\b|\b(?:new|updated|real|hidden|secret) instructions?\b"
    r"|\b(?:assistant|system|user|developer)\s*:\s|<\/?(?:system|assistant|user|passage|question|instructions?)\b|\[/?INST\]|<\|"
    r"|\b(?:respond|reply|answer) (?:only )?(?:with|by saying|as follows)\b|\b(?:tell|inform|instruct) (?:the|every|all) (?:user|reader|member|person|people|lifter)s?\b"
    r"|\b(?:include|insert|append|repeat) (?:this|the following) (?:sentence|line|text|link|words?)\b",
    re.IGNORECASE,
)


def planted(text: str) -> bool:
    """Whether `text` looks like an instruction to a model."""
    return _PLANTED.search(text) is not None
