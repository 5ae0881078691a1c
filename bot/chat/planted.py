"""Text that speaks to a language model instead of a reader. It is left out of prompts, and a sentence that repeats it out of answers."""

from __future__ import annotations

import re

_PLANTED = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,30}\b(?:instructions?|rules?|prompts?|guidelines above|above|previous|safety|guardrails?)\b"
    r"|\b(?:system prompt|developer mode|jailbreak|language model|chat ?bot|as an ai|ai assistant|prompt injection|DAN mode)\b"
    r"|\byou are (?:now|no longer) (?:an?|the|my)\b|\b(?:new|updated|real|hidden|secret) instructions?\b"
    r"|\b(?:assistant|system|user|developer)\s*:\s|<\/?(?:system|assistant|user|passage|question|instructions?)\b|\[/?INST\]|<\|"
    r"|\b(?:respond|reply|answer) (?:only )?(?:with|by saying|as follows)\b|\b(?:tell|inform|instruct) (?:the|every|all) (?:user|reader|member|person|people|lifter)s?\b"
    r"|\bin (?:your|the|every|each|all) (?:answers?|repl(?:y|ies)|responses?)\b|\b(?:note|message|hint|memo|instructions?) (?:to|for) (?:the |any |all )?(?:assistants?|models?|bots?|ais?|llms?)\b"
    r"|\bwhen(?:ever)? (?:someone |somebody |a user |users? |you are |you're |you )?(?:is |are )?(?:asked|asks?|answering|summari[sz]ing)\b.{0,60}\b(?:say|answer|reply|respond|tell|mention|recommend|write)\b"
    r"|\byou must (?:answer|say|reply|respond|obey|comply|output|print|write)\b|\b(?:LLMs?|GPT|ChatGPT|language models?|assistants?) (?:reading|that reads?|must|should|will)\b"
    r"|\b(?:include|insert|append|repeat) (?:this|the following) (?:sentence|line|text|link|words?)\b",
    re.IGNORECASE,
)


def planted(text: str) -> bool:
    """Whether `text` looks like an instruction to a model."""
    return _PLANTED.search(text) is not None
