"""Settings: read once, all faults told at once, secrets never shown."""

from __future__ import annotations

import stat

import pytest

from bot import config
from bot.config import ConfigError


def test_without_any_setting_everything_has_a_default(tmp_path):
    loaded = config.load()
    assert loaded.database == f"sqlite+aiosqlite:///{tmp_path / 'data' / 'spotter.db'}"
    assert (loaded.web_host, loaded.chat_model, loaded.embeddings) == ("127.0.0.1", "", "minilm")


def test_every_fault_is_told_at_once_by_the_name_of_its_variable(monkeypatch):
    monkeypatch.setenv("SPOTTER_WEB_PORT", "x")
    monkeypatch.setenv("SPOTTER_SECRET_KEY", "short-secret")
    monkeypatch.setenv("SPOTTER_CHAT_MODEL", "llama")
    with pytest.raises(ConfigError) as fault:
        config.load()
    told = str(fault.value)
    assert [name in told for name in ("SPOTTER_WEB_PORT", "SPOTTER_SECRET_KEY", "SPOTTER_CHAT_MODEL")] == [
        True
    ] * 3
    assert "short-secret" not in told


@pytest.mark.parametrize(
    ("text", "shards"), [("0,1,2", (0, 1, 2)), ("0-3", (0, 1, 2, 3)), ("5", (5,)), ("0-1,4", (0, 1, 4))]
)
def test_shards_are_lists_and_ranges(monkeypatch, text, shards):
    monkeypatch.setenv("SPOTTER_SHARD_IDS", text)
    monkeypatch.setenv("SPOTTER_SHARD_COUNT", "8")
    assert config.load().shard_ids == shards


@pytest.mark.parametrize("count", ["", "2"])
def test_shards_need_a_count_above_them(monkeypatch, count):
    monkeypatch.setenv("SPOTTER_SHARD_IDS", "0-3")
    monkeypatch.setenv("SPOTTER_SHARD_COUNT", count)
    with pytest.raises(ConfigError, match="SPOTTER_SHARD_COUNT"):
        config.load()


@pytest.mark.parametrize("plain", ["postgresql://u@h/d", "postgres://u@h/d"])
def test_a_plain_postgresql_address_gets_its_driver(monkeypatch, plain):
    monkeypatch.setenv("SPOTTER_DATABASE_URL", plain)
    assert config.load().database == "postgresql+asyncpg://u@h/d"


def test_a_key_is_made_once_and_kept_for_its_owner_only(tmp_path):
    first, second = config.load().keys(), config.load().keys()
    mode = (tmp_path / "data" / "secret.key").stat().st_mode
    assert first == second
    assert stat.S_IMODE(mode) == 0o600


def test_several_keys_are_a_rotation(monkeypatch):
    monkeypatch.setenv("SPOTTER_SECRET_KEY", "the-new-key-0123456789, the-old-key-0123456789")
    assert config.load().keys() == ("the-new-key-0123456789", "the-old-key-0123456789")


def test_a_damaged_key_file_is_not_replaced(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret.key").write_text("oops")
    with pytest.raises(ConfigError, match="damaged"):
        config.load().keys()


def test_a_dotenv_file_is_read(tmp_path):
    (tmp_path / ".env").write_text("SPOTTER_WEB_PORT=9000\nSOMETHING_ELSE=1\n")
    assert config.load().web_port == 9000


def test_slips_of_the_pen_are_found(monkeypatch):
    monkeypatch.setenv("SPOTTER_DISCRD_TOKEN", "x")
    assert config.unknown_variables() == ("SPOTTER_DISCRD_TOKEN",)
