"""Image, Compose file, entrypoint and systemd unit."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest
import yaml
from where import DEPLOY, ROOT

from bot.config import PREFIX, Settings

COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
OURS = ("bot", "console", "migration")
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
UNIT = (DEPLOY / "spotter.service").read_text("utf-8")
KNOWN = {PREFIX + name.upper() for name in Settings.model_fields}


def test_bot_and_console_are_one_image_and_locked_down():
    assert len({SERVICES[name]["image"] for name in OURS}) == 1
    for name in OURS:
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in SERVICES[name]["security_opt"]


def test_the_optional_parts_are_behind_their_profiles():
    profiles = {name: service["profiles"] for name, service in SERVICES.items() if "profiles" in service}
    assert profiles == {
        "migration": ["postgres"],
        "postgres": ["postgres"],
        "chroma": ["chroma"],
        "ollama": ["ollama"],
    }


def test_nothing_is_published_beyond_this_machine():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_what_is_used_is_declared():
    for service in SERVICES.values():
        assert set(service.get("networks", [])) <= set(COMPOSE["networks"])
        assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= set(COMPOSE["volumes"])
        assert set(service.get("depends_on", {})) <= set(SERVICES)


@pytest.mark.parametrize("text", [DOCKERFILE, UNIT, (DEPLOY / "compose.yaml").read_text("utf-8"), (DEPLOY / "entrypoint.sh").read_text("utf-8")], ids=["image", "unit", "compose", "entrypoint"])  # fmt: skip
def test_every_variable_is_a_setting(text):
    ours = {"SPOTTER_IMAGE", "SPOTTER_FILLED", "SPOTTER_COMMAND"}
    assert set(re.findall(r"SPOTTER_[A-Z_]+", text)) - KNOWN - ours == set()


def test_a_stopping_bot_has_the_time_it_takes():
    seconds = Settings.model_fields["shutdown_seconds"].default
    assert int(SERVICES["bot"]["stop_grace_period"].rstrip("s")) > seconds
    assert int(re.search(r"TimeoutStopSec=(\d+)", UNIT).group(1)) > seconds


def test_the_image_is_not_root_and_asks_for_its_health():
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001:10001$", last, flags=re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert "/healthz" in last


def test_everything_the_image_copies_is_let_through_and_exists():
    allowed = set(
        re.findall(r"^!(\S+)$", (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8"), flags=re.MULTILINE)
    )
    copied = [
        words.split()[:-1]
        for words in re.findall(r"^COPY (?:--chmod=\d+ )?(?!--from)(.+)$", DOCKERFILE, flags=re.MULTILINE)
    ]
    assert {source for sources in copied for source in sources} == allowed
    assert [source for source in allowed - {"README.md"} if not (ROOT / source).exists()] == []


def start(tmp_path, *arguments, **variables) -> subprocess.CompletedProcess[str]:
    """The entrypoint, with `echo` in place of `spotter`."""
    given = {
        "SPOTTER_FILLED": str(tmp_path / "filled"),
        "SPOTTER_DATA_DIR": str(tmp_path / "data"),
        "SPOTTER_COMMAND": "printenv",
    }
    environment = {"PATH": os.environ["PATH"]} | given | variables
    return subprocess.run([DEPLOY / "entrypoint.sh", *arguments], env=environment, check=False, capture_output=True, text=True, timeout=20)  # fmt: skip


@pytest.fixture
def filled(tmp_path):
    model = tmp_path / "filled" / "models" / "minilm"
    model.mkdir(parents=True)
    (model / "manifest.json").write_text("1")
    (tmp_path / "filled" / "index" / "shared").mkdir(parents=True)
    (tmp_path / "filled" / "index" / "shared" / "CURRENT").write_text("from the image")
    (tmp_path / "data").mkdir()
    return tmp_path


@pytest.mark.parametrize(("ordinal", "ids"), [(0, "0-3"), (3, "12-15"), (12, "48-51")])
def test_shards_follow_from_the_ordinal(filled, ordinal, ids):
    assert (
        start(filled, "SPOTTER_SHARD_IDS", SHARDS_EACH="4", HOSTNAME=f"spotter-bot-{ordinal}").stdout.strip()
        == ids
    )


def test_a_host_without_an_ordinal_is_refused(filled):
    refused = start(filled, "SPOTTER_SHARD_IDS", SHARDS_EACH="4", HOSTNAME="laptop")
    assert (refused.returncode, "laptop" in refused.stderr) == (2, True)


def test_an_empty_volume_is_filled_and_a_newer_model_replaces_an_older_one(filled):
    start(filled, "PATH")
    assert (filled / "data" / "models" / "minilm" / "manifest.json").read_text() == "1"
    (filled / "filled" / "models" / "minilm" / "manifest.json").write_text("2")
    start(filled, "PATH")
    assert (filled / "data" / "models" / "minilm" / "manifest.json").read_text() == "2"
    assert [path.name for path in (filled / "data" / "models").iterdir()] == ["minilm"]


def test_an_index_in_place_is_left_alone(filled):
    (filled / "data" / "index" / "shared").mkdir(parents=True)
    (filled / "data" / "index" / "shared" / "CURRENT").write_text("mine")
    start(filled, "PATH")
    assert (filled / "data" / "index" / "shared" / "CURRENT").read_text() == "mine"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_takes_the_unit(tmp_path):
    unit = UNIT.replace("/opt/spotter/bin/spotter", "/bin/true").replace(
        "=spotter\nGroup=spotter", "=daemon\nGroup=daemon"
    )
    (tmp_path / "spotter@run.service").write_text(unit)
    checked = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "spotter@run.service"],
        check=False,
        capture_output=True,
        text=True,
    )
    said = [line for line in checked.stderr.splitlines() if "spotter@run" in line]
    assert (checked.returncode, said) == (0, [])


@pytest.mark.parametrize("script", sorted(DEPLOY.glob("*.sh")), ids=lambda path: path.name)
def test_scripts_are_plain_shell(script):
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
