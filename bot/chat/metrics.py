"""What Prometheus may see of the chat model: counts, tokens and times. No guilds, no text."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

OUTCOMES = Counter(
    "spotter_chat_answers",
    "Answers by what the chat model contributed: written, or why it was not used.",
    ["outcome"],
)
CONDENSED = Counter(
    "spotter_chat_condensed",
    "Follow-ups made to stand alone: rewritten by the model, or why it was done without one.",
    ["outcome"],
)
RETRIES = Counter("spotter_chat_retries", "Second and third tries, by the fault before.", ["kind"])
SENTENCES = Counter("spotter_chat_sentences", "Sentences of chat models by verdict.", ["verdict"])
TOKENS = Counter("spotter_chat_tokens", "Tokens paid for.", ["direction"])
COST = Counter("spotter_chat_cost", "Money spent, in the currency of the prices set.")
SECONDS = Histogram(
    "spotter_chat_seconds",
    "Time of one answer by the model, tries together.",
    buckets=(0.25, 0.5, 1, 2, 4, 8, 16),
)
CIRCUIT_OPEN = Gauge(
    "spotter_chat_circuit_open", "1 while the provider is not asked because it failed again and again."
)
BUDGET_USED = Gauge(
    "spotter_chat_budget_used",
    "Largest share of its daily budget that any server has booked today, 0 to 1; at 1 its answers are written without the model.",
)
