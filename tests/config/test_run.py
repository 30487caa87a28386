"""`make run`: everything starts together, and nothing outlives it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from config import broker, run
from tests.worker import ROOT


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def prepared(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation with a user in its database: nobody waits for the demo firm."""
    folder = tmp_path_factory.mktemp("prepared")
    shutil.copy(installed, folder / "ledger.sqlite3")
    somebody = "from customers.models import User; User.objects.create(username='somebody')"
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", somebody]
    subprocess.run(command, cwd=ROOT, env=alone(folder), check=True)
    return folder


@pytest.fixture
def environment(port: int, prepared: Path, tmp_path: Path) -> dict[str, str]:
    folder = tmp_path / "var"
    shutil.copytree(prepared, folder)
    return {**alone(folder), "PORT": str(port)}


def alone(folder: Path) -> dict[str, str]:
    """The environment of a machine of one's own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "DATABASE_URL")}
    return {**kept, "VAR_DIR": str(folder), "PYTHONWARNINGS": "ignore"}


@pytest.fixture
def started(environment: dict[str, str], tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    log = tmp_path / "run.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.run"], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
    wait_until(lambda: "Ctrl-C" in log.read_text() or process.poll() is not None)
    assert process.poll() is None, log.read_text()
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait()


def wait_until(condition: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def processes_with(word: str) -> list[int]:
    """The processes whose command or environment holds `word`."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(OSError):
                if word.encode() in (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes():
                    found.append(int(folder.name))
    return found


pytestmark = [
    # It starts databases of its own.
    pytest.mark.any_engine,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc to look for processes in"),
]


@pytest.mark.redis
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_nothing_outlives_it_however_it_ends(
    started: "subprocess.Popen[bytes]", end: int, environment: dict[str, str], tmp_path: Path
) -> None:
    assert len(processes_with(environment["VAR_DIR"])) >= 4, "ourselves, Redis, the web server and the worker"
    started.send_signal(end)
    assert started.wait(120) == (-end if end == signal.SIGKILL else 0)
    wait_until(lambda: processes_with(environment["VAR_DIR"]) == [])


@pytest.mark.redis
def test_when_a_part_of_it_dies_all_is_ended_and_said(
    started: "subprocess.Popen[bytes]", environment: dict[str, str], tmp_path: Path
) -> None:
    [redis] = [n for n in processes_with(environment["VAR_DIR"]) if "redis-server" in command_of(n)]
    os.kill(redis, signal.SIGKILL)
    assert started.wait(60) == 1
    assert "The Redis ended with status -9" in (tmp_path / "run.log").read_text()
    assert processes_with(environment["VAR_DIR"]) == []


def command_of(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def test_a_port_that_is_taken_is_said_before_anything_is_done(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", str(port))
    assert run.free_port() == port
    with socket.create_server(("127.0.0.1", port)), pytest.raises(run.CannotRun, match="Choose another one"):
        run.free_port()


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", ""])
def test_a_port_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(run.CannotRun, match="is no port"):
        run.free_port()


def test_without_a_redis_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(broker, "find_server", lambda: None)
    with pytest.raises(broker.NoBroker, match="install one"):
        broker.PrivateRedis(tmp_path).command()


def test_a_socket_in_a_deep_folder_is_put_elsewhere(tmp_path: Path) -> None:
    assert len(str(broker.PrivateRedis(tmp_path / ("deep/" * 30)).socket)) < broker.LONGEST_SOCKET
