"""The client's life beside Discord: what probes see of it."""

from __future__ import annotations

import socket

import pytest

from bot import client
from bot.config import Settings


def test_a_taken_port_for_probes_is_one_line_and_status_1(tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        chosen = Settings(_env_file=None, data_dir=tmp_path, metrics_port=port)
        with pytest.raises(SystemExit) as ended:
            client.run(chosen)
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "SPOTTER_METRICS_PORT" in said
    assert str(port) in said


async def test_a_stopping_process_is_not_ready_any_more(monkeypatch):
    forgotten = []
    monkeypatch.setattr(client.HEALTH, "forget", lambda: forgotten.append(True))

    class Stopping:
        def __init__(self):
            self.stopping, self.shards, self._tasks = False, {}, set()

        async def close(self):
            assert forgotten

    bot = Stopping()
    await client.Spotter.finish(bot)
    assert bot.stopping
    assert forgotten == [True]
