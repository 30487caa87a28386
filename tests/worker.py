"""A real Celery worker for a test: a process of its own, on the test's database, over a real Redis."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def database_url() -> str:
    """The address of the test's database, for another process."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    return f"postgres://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST']}:{facts['PORT'] or 5432}/{facts['NAME']}"


class Worker:
    """Not started yet when a test receives it; `start` may be called again after `kill`.

    The tasks of modules named in `also` are registered besides those of the product: kinds of job made for a test.
    """

    def __init__(self, broker: str, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "worker.log"
        self.mails = folder / "mails"
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": broker,
            "VAR_DIR": str(folder),
            "MEDIA_DIR": str(settings.MEDIA_ROOT),
            "SECRET_KEY": settings.SECRET_KEY,
            "EMAIL_URL": f"filemail:///{self.mails}",
            # What a killed worker held is delivered again soon.
            "CELERY_VISIBILITY_TIMEOUT": "3",
            "PYTHONWARNINGS": "ignore",
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, *, also: tuple[str, ...] = (), concurrency: int = 1) -> None:
        """One more worker process, ready to take tasks when this returns."""
        name = f"test-{uuid.uuid4().hex[:6]}@localhost"
        with self.log.open("ab") as log:
            self._processes.append(
                subprocess.Popen(
                    [
                        *(sys.executable, "-m", "celery", "-A", "config", "worker", "-n", name, "-l", "INFO"),
                        *("-c", str(concurrency), "--without-gossip", "--without-mingle", "--without-heartbeat"),
                        *(word for module in also for word in ("-I", module)),
                    ],
                    cwd=ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )
        self.wait_until(lambda: f"{name} ready" in self.log.read_text())

    def kill(self) -> None:
        """SIGKILL to the workers and their children alike: nothing is said good-bye to."""
        for process in self._processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._processes.clear()

    def kill_children(self) -> None:
        """SIGKILL to what does the tasks; the workers themselves live on and start others."""
        for process in self._processes:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            for child in children:
                os.kill(int(child), signal.SIGKILL)

    def wait_until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"{self.log.read_text()[-3000:]}\nWaited for {seconds} s in vain."
            time.sleep(0.05)
