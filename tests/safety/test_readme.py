"""What the documents of the safety layer say is so: files, links, rule names and the example."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from safety.assess import assess
from safety.phrasing import book
from safety.types import Tier, Turn

SAFETY = Path(__file__).parents[2] / "safety"
TEXT = (SAFETY / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [SAFETY / "README.md", SAFETY / "SOURCES.md", SAFETY / "messages" / "README.md"]


def ranges(text: str, letter: str) -> set[int]:
    """Rule numbers of one letter that a text names, "K0 to K17" and "K2c to K2e" included."""
    named = {int(n) for n in re.findall(rf"\b{letter}(\d+)[a-e]?\b", text)}
    for low, high in re.findall(rf"\b{letter}(\d+)[a-e]? to {letter}(\d+)", text):
        named |= set(range(int(low), int(high) + 1))
    return named


@pytest.mark.parametrize(("letter", "last"), [("K", 17), ("T", 12), ("X", 20), ("F", 20)])
def test_every_rule_is_explained(letter: str, last: int):
    section = TEXT[TEXT.index("## What the rules are called") : TEXT.index("## Ask it why")]
    first = 0 if letter == "K" else 1
    assert ranges(section, letter) == set(range(first, last + 1))


def test_every_rule_that_the_code_can_name_is_explained():
    code = "".join(
        (SAFETY / f"{name}.py").read_text(encoding="utf-8")
        for name in ("assertion", "assess", "compose", "findings")
    )
    named = set(re.findall(r'"([KTX]\d+[a-e]?)\b', code))
    assert len(named) > 20
    assert not {
        rule
        for rule in named
        if not re.search(rf"\b{rule}\b", TEXT) and int(re.sub(r"\D", "", rule)) not in ranges(TEXT, rule[0])
    }
    assert {f"F{n}" for n in range(1, 21)} >= {rule.id for rule in book().rules}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_links_and_files_exist(document: Path):
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", text):
        assert (document.parent / target).exists(), target
    if document.name == "README.md" and document.parent == SAFETY:
        for name in re.findall(r"`([a-z_]+\.py)`", text):
            assert (SAFETY / name).exists(), name


def test_anchors_exist():
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ")).strip().lower().replace(" ", "-")
        for line in TEXT.splitlines()
        if line.startswith("#")
    }
    anchors = {
        a for d in DOCUMENTS for a in re.findall(r"README\.md#([\w-]+)\)", d.read_text(encoding="utf-8"))
    }
    assert anchors <= headings


def test_the_example_does_what_it_says():
    code = TEXT[TEXT.index("```python\n") + 10 :]
    made: dict[str, object] = {}
    exec(compile(code[: code.index("```")], "README.md", "exec"), made)
    assessment = made["assessment"]
    assert assessment.tier is Tier.EMERGENCY
    assert "K3" in assessment.rules
    assert not assessment.coaching
    assert made["refer"](assessment).text


def test_the_explained_message_is_explained_as_shown():
    message = re.search(r'assess --explain "([^"]+)"', TEXT)
    assert message is not None
    assessment, _ = assess([Turn(message.group(1))])
    assert assessment.tier is Tier.EMERGENCY
    assert assessment.rules[0] == "K1"
    shown = {(f.concept, f.assertion.value) for f in assessment.findings}
    assert shown == {("E7", "absent"), ("E1", "present")}
    for finding in assessment.findings:
        assert finding.rule.split(":")[0] in TEXT
