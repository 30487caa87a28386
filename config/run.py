"""`make run`: the whole product on one machine, until Ctrl-C.

Prepares the database, fills an empty ledger with the demo firm, and keeps the web server and a Celery worker with its
clock running, with a Redis of their own where REDIS_URL names none. What ends by itself ends all, and is said.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from config import broker

ROOT = Path(__file__).resolve().parent.parent
# A worker ends its job first; one that takes longer is killed, and the job is done anew the next time.
GRACE_SECONDS = 15
SECONDS_TO_START = 60
_PR_SET_PDEATHSIG = 1

Environment = dict[str, str]


class CannotRun(Exception):
    """The text says what is in the way and what to do."""


class Child:
    """A process that ends with us, however we end."""

    def __init__(self, name: str, command: list[str], environment: Environment, *, quiet: bool = False) -> None:
        self.name = name
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL if quiet else None,
            # A session of its own: the terminal's Ctrl-C reaches us alone, and we end the others in order.
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            say(f"The {self.name} took too long and was killed.")
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # its own children, where it left any
        self.process.wait()


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def main() -> None:
    port = free_port()
    environment = {**os.environ}
    environment.setdefault("SITE_URL", f"http://localhost:{port}")
    with ExitStack() as stack:
        children = []

        def start(name: str, *command: str, quiet: bool = False) -> Child:
            child = Child(name, list(command), environment, quiet=quiet)
            stack.callback(child.stop)
            children.append(child)
            return child

        if "REDIS_URL" not in environment:
            try:
                private = broker.PrivateRedis(var_folder(environment))
                private.wait(start("Redis", *private.command(), quiet=True).process)
                environment["REDIS_URL"] = private.url
            except broker.NoBroker as reason:
                say(f"{reason} Until then imports, large reports and flags wait.")
        environment.setdefault("STATIC_COLLECTED", "yes")
        manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
        say("Preparing the database; an empty one is filled with a demo firm …")
        manage(environment, "migrate", "--verbosity", "0")
        sign_ins = manage(environment, "demo", "--if-empty")
        web = start("web server", sys.executable, "-m", "gunicorn", *web_options(port))
        if "REDIS_URL" in environment:
            celery = (sys.executable, "-m", "celery", "--quiet", "-A", "config")
            start("worker", *celery, "worker", "-B", "-c", "2", "-l", "WARNING")
            # What fell due while the machine was off is flagged now, not tonight.
            subprocess.run([*celery, "call", nightly_sweep()], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        wait_for(web, port)
        say(f"{sign_ins}\nThe ledger is at http://localhost:{port}/ (Ctrl-C ends it)")
        watch(children)


def web_options(port: int) -> Iterator[str]:
    workers = max(2, (os.cpu_count() or 2) // 2)
    yield from ("config.wsgi", "--bind", f"{os.environ.get('BIND', '127.0.0.1')}:{port}", "--log-level", "warning")
    # Threads keep their database connections; two for each worker is what a laptop feeds.
    yield from ("--workers", str(workers), "--threads", "2")


def var_folder(environment: Environment) -> Path:
    folder = Path(environment.get("VAR_DIR", ROOT / "var"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def nightly_sweep() -> str:
    from django.conf import settings

    return str(settings.CELERY_BEAT_SCHEDULE["raise-flags"]["task"])


def free_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotRun(f"PORT={text} is no port.")
    port = int(text)
    with socket.socket() as probe:
        probe.settimeout(2)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise CannotRun(f"Port {port} is taken by another program. Choose another one: make run PORT={port + 1}")
    return port


def manage(environment: Environment, *command: str) -> str:
    """What the command says; its complaints go to the terminal."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise CannotRun(f"{done.stdout}manage.py {' '.join(command)} failed; the reason stands above.")
    return done.stdout


def wait_for(web: Child, port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with urlopen(f"http://localhost:{port}/healthz/", timeout=2):
                return
        except (URLError, OSError):
            if web.process.poll() is not None or time.monotonic() > deadline:
                raise CannotRun("The web server did not start; the reason stands above.") from None
        time.sleep(0.1)


def watch(children: list[Child]) -> None:
    while True:
        for child in children:
            if (status := child.process.poll()) is not None:
                raise CannotRun(f"The {child.name} ended with status {status}, so the others are ended too.")
        time.sleep(0.5)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Ctrl-C and a polite kill end everything in order, and quietly."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    try:
        yield
    except KeyboardInterrupt:
        say("\nEnded.")


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 -- this is what its user reads


if __name__ == "__main__":
    try:
        with ended_by_signals():
            main()
    except CannotRun as reason:
        sys.exit(str(reason))
