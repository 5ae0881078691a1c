"""Alerts and dashboard ask for metrics that Spotter really exports, with labels that these really have."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from prometheus_client import REGISTRY
from where import DEPLOY, ROOT

import bot.chat.metrics
import bot.health
import bot.metrics  # noqa: F401 - registers its metrics
from bot.config import Settings

ALERTS = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8"))
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
BOARD = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text("utf-8"))
ASKED = {rule["alert"]: rule["expr"] for rule in RULES} | {
    f"{panel['title']} {target['refId']}": target["expr"]
    for panel in BOARD["panels"]
    for target in panel["targets"]
}
FROM_OUTSIDE = {"instance", "job"}


def exported() -> dict[str, set[str]]:
    """Sample name -> its labels, of everything this process exports under our name."""
    found: dict[str, set[str]] = {}
    for collector in list(REGISTRY._collector_to_names):
        for name in REGISTRY._collector_to_names[collector]:
            found[name] = set(getattr(collector, "_labelnames", ())) | (
                {"le"} if name.endswith("_bucket") else set()
            )
    return found


@pytest.mark.parametrize("expression", ASKED.values(), ids=ASKED)
def test_every_metric_asked_for_is_exported(expression):
    names = set(re.findall(r"\b(?:spotter|process)_[a-z_]+", expression))
    assert names | ({"up"} if expression.startswith("up{") else set())
    assert names - set(exported()) == set()


@pytest.mark.parametrize("expression", ASKED.values(), ids=ASKED)
def test_every_label_asked_for_is_there(expression):
    labels = set(re.findall(r"(\w+)\s*(?:=~|!=|!~|=)\s*\"", expression))
    labels |= {
        label.strip() for group in re.findall(r"\bby \(([^)]*)\)", expression) for label in group.split(",")
    }
    there = set().union(
        *(exported().get(name, set()) for name in re.findall(r"\bspotter_[a-z_]+", expression))
    )
    assert labels - there - FROM_OUTSIDE == set()


def test_stages_and_tiers_named_in_alerts_exist():
    from bot.metrics import SEVERITIES

    source = "".join(path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py"))
    for expression in ASKED.values():
        for stage in "|".join(re.findall(r'stage=~?"([^"]+)"', expression)).split("|"):
            assert not stage or f'"{stage}"' in source
        for tier in "|".join(re.findall(r'tier=~?"([^"]+)"', expression)).split("|"):
            assert not tier or tier in SEVERITIES


RULE = {
    "type": "object",
    "required": ["alert", "expr", "labels", "annotations"],
    "additionalProperties": False,
    "properties": {
        "alert": {"type": "string", "pattern": "^Spotter[A-Za-z]+$"},
        "expr": {"type": "string"},
        "for": {"type": "string", "pattern": "^[0-9]+[smhd]$"},
        "labels": {
            "type": "object",
            "properties": {"severity": {"enum": ["page", "ticket"]}},
            "required": ["severity"],
        },
        "annotations": {"type": "object", "required": ["summary", "runbook"]},
    },
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_is_well_formed_and_has_its_page_in_the_runbook(rule):
    jsonschema.validate(rule, RULE)
    headings = re.findall(r"^## (\w+)$", (DEPLOY / "runbook.md").read_text("utf-8"), flags=re.MULTILINE)
    assert rule["alert"] in headings
    assert rule["annotations"]["runbook"] == f"deploy/runbook.md#{rule['alert'].lower()}"


@pytest.mark.parametrize("expression", ASKED.values(), ids=ASKED)
def test_brackets_match(expression):
    assert [expression.count(sign) for sign in "([{"] == [expression.count(sign) for sign in ")]}"]


def test_the_dashboard_is_one_that_grafana_takes():
    assert {"uid", "title", "schemaVersion", "panels", "templating"} <= set(BOARD)
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert max(x for x, _ in cells) < 24
        assert not cells & taken
        taken |= cells
        assert panel["datasource"]["uid"] == "${source}"


def test_every_metric_of_ours_is_on_the_dashboard():
    shown = " ".join(target["expr"] for panel in BOARD["panels"] for target in panel["targets"])
    ours = {
        name
        for name in exported()
        if name.startswith("spotter_") and not name.endswith(("_created", "_sum", "_count"))
    }
    totals = {name for name in ours if name.endswith(("_total", "_bucket"))}
    bare = {
        name for name in ours - totals if f"{name}_total" not in totals and f"{name}_bucket" not in totals
    }
    assert {name for name in totals | bare if name not in shown} == set()


UNPACKED = Path(sys.prefix) / "promtool"
"""Where `make promtool` puts it."""
PROMTOOL = shutil.which("promtool") or (str(UNPACKED) if UNPACKED.exists() else "")


@pytest.mark.skipif(not PROMTOOL, reason="promtool is not here: make promtool")
def test_promtool_takes_rules_and_configuration():
    folder = DEPLOY / "prometheus"
    for words in (["rules", "alerts.yml"], ["config", "prometheus.yml"]):
        assert subprocess.run([PROMTOOL, "check", *words], cwd=folder, check=False).returncode == 0


def test_prometheus_asks_where_the_image_answers():
    target = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text("utf-8"))["scrape_configs"][0]["static_configs"][0]["targets"][0]  # fmt: skip
    assert f"SPOTTER_METRICS_PORT={target.rpartition(':')[2]}" in (DEPLOY / "Dockerfile").read_text("utf-8")
    assert Settings.model_fields["metrics_port"].default == 0
