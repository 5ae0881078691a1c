"""The command line as scripts and people use it: lines in and out, exit status, errors in one line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app

ROOT = Path(__file__).resolve().parents[2]
RUNNER = CliRunner()
COMMANDS = (
    "chat",
    "ask",
    "assess",
    "guard",
    "run",
    "web",
    "index",
    "demo",
    "doctor",
    "migrate",
    "eval",
    "bench",
    "audit",
)


def spotter(*arguments, given="", home, **settings):
    """Run the real command; returns the finished process."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SPOTTER_")}
    env |= {
        "SPOTTER_DATA_DIR": str(home),
        "OMP_NUM_THREADS": "1",
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    return subprocess.run([sys.executable, "-m", "bot", *arguments], input=given, capture_output=True, text=True, env=env, cwd=home.parent, timeout=120, check=False)  # fmt: skip


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """A data folder with the model exported and the documents indexed, once for all tests."""
    folder = tmp_path_factory.mktemp("home") / "data"
    built = Path(os.environ.get("SPOTTER_TEST_MODEL", ROOT / ".spotter" / "models"))
    if built.is_dir():
        shutil.copytree(built, folder / "models")
    done = spotter("prepare", home=folder)
    assert done.returncode == 0, done.stderr
    return folder


def lines(process):
    """Standard output as objects."""
    return [json.loads(line) for line in process.stdout.splitlines()]


def test_help_names_every_command():
    shown = RUNNER.invoke(app, ["--help"])
    assert shown.exit_code == 0
    assert [name for name in COMMANDS if name not in shown.stdout] == []


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("eval", "bench", "audit")])
def test_every_command_has_help(command):
    assert RUNNER.invoke(app, [command, "--help"]).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask"], "spotter ask --help"),
        (["nope"], "No such command"),
        (["guard"], "--jsonl"),
        (["demo"], "Missing argument"),
    ],
)
def test_bad_usage_is_one_line_and_status_2(tmp_path, arguments, told):
    done = spotter(*arguments, home=tmp_path / "h")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert told.lower() in done.stderr.lower()


def test_a_wrong_setting_is_one_line_and_status_1(tmp_path):
    done = spotter("audit", "verify", home=tmp_path / "h", SPOTTER_WEB_PORT="x", SPOTTER_CHAT_MODEL="y")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "SPOTTER_WEB_PORT" in done.stderr
    assert "SPOTTER_CHAT_MODEL" in done.stderr


def test_a_missing_file_is_one_line_and_status_1(tmp_path):
    done = spotter("index", "nothing-here", home=tmp_path / "h")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "nothing-here" in done.stderr


def test_assess_answers_line_by_line_and_goes_on_after_a_bad_one(tmp_path):
    given = '{"id": 1, "text": "can\'t feel it when I wipe"}\nnot json\n[]\n{"text": "no id"}\n{"id": 5, "turns": ["my leg is numb", {"speaker": "bot", "text": "ok"}, "thanks"]}\n{"id": 6}\n'
    done = spotter("assess", "--jsonl", given=given, home=tmp_path / "h")
    first, broken, array, anonymous, turns, empty = lines(done)
    assert done.returncode == 0
    assert list(first) == ["id", "tier", "nerve", "crisis", "clarify", "findings", "ms"]
    assert (first["tier"], first["nerve"]) == ("EMERGENCY", True)
    assert list(first["findings"][0]) == ["concept", "start", "end", "assertion"]
    assert (anonymous["id"], turns["id"]) == (None, 5)
    assert ["error" in one for one in (broken, array, empty)] == [True] * 3


def test_no_bytes_end_the_run(tmp_path):
    given = (
        '{"id": "\\ud800", "text": "\\ud800 numb \\u0000 leg"}\n\ufeff{"id": 2, "text": "'
        + "a" * 50_000
        + '"}\n'
        + "[" * 5000
        + "\n"
    )
    done = spotter("assess", "--jsonl", given=given, home=tmp_path / "h", LC_ALL="C", PYTHONUTF8="0")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 3)


def test_assess_imports_neither_index_nor_torch(tmp_path):
    code = (
        'import sys, io; sys.stdin = io.TextIOWrapper(io.BytesIO(b\'{"id": 1, "text": "hello"}\\n\'));'
        "from bot.cli import app; app(['assess', '--jsonl'], standalone_mode=False);"
        "print([m for m in ('chromadb', 'torch', 'sentence_transformers', 'langchain_core', 'discord', 'sqlalchemy') if m in sys.modules])"
    )
    env = os.environ | {"SPOTTER_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=env, cwd=tmp_path, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_guard_stops_a_dangerous_reply_and_passes_a_good_one(tmp_path):
    given = "\n".join(
        json.dumps(line)
        for line in (
            {
                "id": "a",
                "question": "my leg is numb",
                "reply": "Cancel your doctor's appointment and push through the numbness.",
            },
            {
                "id": "b",
                "question": "how deep should I squat?",
                "reply": "Squat to a depth at which your back stays neutral.",
            },
        )
    )
    bad, good = lines(spotter("guard", "--jsonl", given=given, home=tmp_path / "h"))
    assert list(bad) == ["id", "action", "reasons", "text"]
    assert bad["action"] in ("amend", "replace")
    assert "push through" not in bad["text"].lower()
    assert good["action"] == "pass"


def test_the_audit_of_an_empty_database_is_whole(tmp_path):
    done = spotter("audit", "verify", home=tmp_path / "h")
    assert (done.returncode, done.stdout.strip()) == (0, "No audit entries yet.")


@pytest.mark.slow
def test_ask_answers_with_citations_and_keeps_nothing_between_lines(home):
    given = "\n".join(
        json.dumps(line)
        for line in (
            {"id": 1, "question": "can't feel it when I wipe since yesterday"},
            {"id": 2, "question": "how many sets for the low back drills?"},
            {"id": 3, "question": "how much protein should I eat a day?"},
            {"id": 4, "turns": ["how do I do a jefferson curl?", "and how many sets?"]},
        )
    )
    done = spotter("ask", "--jsonl", given=given, home=home)
    referred, answered, declined, follow_up = lines(done)
    assert list(answered) == ["id", "tier", "action", "answer", "citations", "answered", "disagreement", "ms"]
    assert (referred["tier"], referred["action"], referred["citations"]) == ("EMERGENCY", "replace", [])
    assert (answered["tier"], answered["answered"]) == ("NONE", True)
    assert list(answered["citations"][0]) == ["document", "title", "passage"]
    assert all(f"[{n}]" in answered["answer"] for n in range(1, len(answered["citations"]) + 1))
    assert (declined["answered"], declined["citations"]) == (False, [])
    assert "three sets" in follow_up["answer"].lower()


@pytest.mark.slow
def test_a_named_person_is_remembered_and_an_unnamed_one_is_not(home):
    spotter("ask", "--person", "me", "my left leg is numb since deadlifts", home=home)
    again = spotter("ask", "--person", "me", "how do I do a jefferson curl?", home=home)
    other = spotter("ask", "how do I do a jefferson curl?", home=home)
    assert "REFER" in again.stdout or "URGENT" in again.stdout
    assert "REFER" not in other.stdout


@pytest.mark.slow
def test_the_tour_shows_its_five_stops_and_ends_without_a_terminal(home):
    done = spotter("tour", home=home)
    assert done.returncode == 0
    assert [
        word
        for word in ("[1]", "The sources disagree", "Not in my documents", "URGENT", "case ")
        if word not in done.stdout
    ] == []
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.slow
def test_chat_reads_a_conversation_from_a_pipe(home):
    done = spotter(
        "chat", given="how do I do a jefferson curl?\nand how many sets?\n/sources\n/quit\n", home=home
    )
    assert done.returncode == 0
    assert done.stdout.count("Sources") >= 2


@pytest.mark.slow
def test_doctor_finds_a_fresh_installation_sound(home):
    done = spotter("doctor", home=home)
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_own_files_are_indexed_through_the_lint_and_a_deleted_one_stops_answering_at_once(home, tmp_path):
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "sled.md").write_text(
        "# Prowler basics\n\nPush the prowler with straight arms and short quick steps for forty metres.\n"
    )
    (notes / "bad.txt").write_text(
        "Ditch your doctor and cancel your surgery, you do not need any of them at all.\n"
    )
    (notes / "empty.txt").write_text("")
    mine = tmp_path / "data"
    shutil.copytree(home / "models", mine / "models")
    done = spotter("index", str(notes), home=mine)
    assert "Kept out by the safety lint" in done.stdout
    assert "empty.txt" in done.stdout
    ask = {"given": '{"id": 1, "question": "how do I push the prowler?"}', "home": mine}
    (found,) = lines(spotter("ask", "--jsonl", **ask))
    assert "short quick steps" in found["answer"]
    (notes / "sled.md").unlink()
    (gone,) = lines(spotter("ask", "--jsonl", **ask))
    assert "short quick steps" not in gone["answer"]
