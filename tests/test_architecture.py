"""Rules about the code itself, read from its syntax trees: what may be made, sent, caught, read and logged where."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from bot.logs import FORBIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("bot", "retrieval", "corpus", "safety")
EDGES = {
    "bot/app.py": "closes the store, then raises again",
    "bot/cli.py": "the command line",
    "bot/coach.py": "the failure table: safety layer, retriever, answerer, store",
    "bot/commands/safety.py": "the safety layer alone, closed as in the path",
    "bot/doctor.py": "a check that fails is a finding",
    "bot/health.py": "a probe: whatever way a part fails, it is not ready",
    "bot/outbox.py": "the store, tried again",
}
"""Files of the core that may catch everything, and why; handlers of Discord and the console may too, if they log it or say why."""
HANDLERS = ("bot/ui/", "bot/exts/", "bot/web/", "bot/client.py")
HEAVY = (
    "torch",
    "sentence_transformers",
    "chromadb",
    "transformers",
    "langchain",
    "onnxruntime",
    "discord",
    "alembic",
)
"""Libraries that are imported where they are used; Discord's and Alembic's in the files that are about nothing else."""


def modules() -> Iterator[tuple[str, ast.Module, list[str]]]:
    """Every module of the product: (path, tree, lines)."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            text = path.read_text("utf-8")
            yield str(path.relative_to(ROOT)), ast.parse(text), text.splitlines()


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    """Calls of a function or method of that name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name in (
            getattr(node.func, "id", None),
            getattr(node.func, "attr", None),
        ):
            yield node


def test_only_the_guard_makes_what_may_be_sent():
    makers = {path for path, tree, _ in modules() if any(calls(tree, "Guarded"))}
    assert makers == {"safety/guard.py"}


def test_only_the_path_makes_replies():
    makers = {
        path
        for path, tree, _ in modules()
        if any(calls(tree, "Reply")) and not any(getattr(one, "name", "") == "Reply" for one in tree.body)
    }
    assert makers == {"bot/coach.py"}


def test_only_deliver_hands_a_reply_to_a_sink():
    senders = {
        path
        for path, tree, _ in modules()
        for call in calls(tree, "send")
        for argument in call.args
        if "reply" in (getattr(argument, "id", ""), getattr(argument, "attr", ""))
    }
    assert senders == {"bot/ui/deliver.py"}


def test_a_guarded_text_cannot_be_forged():
    from safety.guard import Action, Guarded

    try:
        Guarded("Just stretch it.", Action.PASS)
    except TypeError:
        return
    raise AssertionError("a Guarded was made outside of safety.guard")


def test_everything_is_caught_at_the_named_edges_only():
    wrong = []
    for path, tree, lines in modules():
        for node in ast.walk(tree):
            if not isinstance(node, ast.ExceptHandler):
                continue
            names = {getattr(one, "id", "") for one in ast.walk(node.type)} if node.type else {"Exception"}
            if not names & {"Exception", "BaseException"}:
                continue
            raises = any(isinstance(one, ast.Raise) and one.exc is None for one in ast.walk(node))
            allowed = path in EDGES or path.startswith(HANDLERS)
            told = any(
                getattr(getattr(one, "value", None), "id", "") == "log" for one in ast.walk(node)
            ) and path.startswith(HANDLERS)
            if not allowed or not (raises or told or "edge:" in lines[node.lineno - 1]):
                wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


def test_no_error_is_swallowed_without_a_word():
    silent = [
        f"{path}:{node.lineno}"
        for path, tree, lines in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and all(isinstance(one, ast.Pass) for one in node.body)
        and "#" not in "".join(lines[node.lineno - 1 : node.end_lineno])
    ]
    assert silent == []


def test_only_the_settings_read_the_environment():
    readers = {
        path
        for path, tree, _ in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb")
    }
    assert readers == {"bot/config.py"}


def test_log_calls_have_a_fixed_event_and_no_key_that_could_hold_text():
    wrong = []
    for path, tree, _ in modules():
        for node in ast.walk(tree):
            if not (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and getattr(node.func.value, "id", "") == "log"
            ):
                continue
            fixed = len(node.args) == 1 and isinstance(node.args[0], ast.Constant)
            keys = {keyword.arg for keyword in node.keywords}
            texts = [
                one
                for keyword in node.keywords
                for one in ast.walk(keyword.value)
                if getattr(one, "attr", "") == "text"
            ]
            if not fixed or keys & FORBIDDEN or texts:
                wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


def test_heavy_libraries_are_imported_where_they_are_used():
    homes = {
        "discord": ("bot/client.py", "bot/exts/", "bot/ui/", "bot/shards.py"),
        "alembic": ("bot/store/migrations/",),
        "langchain": ("retrieval/langchain_", "bot/langchain", "bot/chat"),
    }
    wrong = []
    for path, tree, _ in modules():
        for node in tree.body:
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            heavy = {
                name.split(".")[0].split("_")[0] if name.startswith("langchain") else name.split(".")[0]
                for name in names
            } & set(HEAVY)
            wrong += [f"{path}: {name}" for name in heavy if not path.startswith(homes.get(name, ()))]
    assert wrong == []
