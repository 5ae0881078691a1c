"""`spotter web`: it says what is missing, takes no port that is taken, and ends in good order."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from bot.config import ConfigError
from bot.web.serve import bound

ROOT = Path(__file__).resolve().parents[3]


def test_a_port_that_is_taken_is_named():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(ConfigError, match="cannot listen on 127"):
            bound("127.0.0.1", other.getsockname()[1])


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_practice_queue_opens_at_once_and_leaves_nothing_behind(tmp_path, number):
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(tmp_path),
        "SPOTTER_DATA_DIR": str(tmp_path / "data"),
    }
    command = [sys.executable, "-m", "bot", "web", "--practice", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=tmp_path)
    try:
        line = process.stdout.readline()
        address = next(word for word in line.split() if word.startswith("http://127.0.0.1:"))
        with urllib.request.urlopen(f"{address}/login", timeout=10) as answer:
            assert answer.status == 200
        assert list(tmp_path.glob("spotter-practice-*"))
        process.send_signal(number)
        assert process.wait(20) in (0, 130)
    finally:
        process.kill()
        process.communicate()
    assert not list(tmp_path.glob("spotter-practice-*"))
