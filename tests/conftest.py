"""What every test stands on: both engines, no broker unless asked for, and an honest list of what was left out."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import redis
from celery.app.task import Task
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.creation import DatabaseCreation as PostgresqlCreation
from django.test import TransactionTestCase
from kombu import Connection
from pytest_django import DjangoDbBlocker

from config import broker
from tests.emptying import copy_of_sqlite, quick_emptying
from tests.worker import ROOT, Worker

SHARED_DATA = ROOT.parent / "shared" / "data"
# The shell draws the same without a window, and costs a good part less.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)

hypothesis.settings.register_profile("suite", deadline=None, print_blob=True)
hypothesis.settings.load_profile("suite")


def _has_redis() -> bool:
    return (
        broker.answers(os.environ["TEST_REDIS_URL"])
        if "TEST_REDIS_URL" in os.environ
        else broker.find_server() is not None
    )


# What a test with the marker needs, and whether it is here.
NEEDS: dict[str, tuple[str, Callable[[], bool]]] = {
    "postgresql": ("PostgreSQL", lambda: settings.DATABASES["default"]["ENGINE"].endswith("postgresql")),
    "redis": ("Redis", _has_redis),
    "browser": ("Chromium", lambda: CHROMIUM is not None),
    "gettext": ("GNU gettext", lambda: shutil.which("xgettext") is not None),
    "shared": ("real data", SHARED_DATA.is_dir),
}


# Fixtures that open the database by themselves.
OPENING = {"db", "transactional_db", "live_server", "django_db_setup", "client", "admin_client", "broker_url"}


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their markers
def pytest_itemcollected(item: pytest.Item) -> None:
    """What never opens the database asks nothing of an engine. What a page says and refuses is the same on both: that
    each engine answers the questions of every page is seen by the budgets, and what the services do by their tests.
    """
    fixtures = set(getattr(item, "fixturenames", ()))
    is_of_django = issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
    opens_database = item.get_closest_marker("django_db") or fixtures & OPENING or is_of_django
    if item.get_closest_marker("postgresql"):
        return
    if not opens_database or item.path.stem.endswith(("_page", "_pages")):
        item.add_marker(pytest.mark.any_engine)


@pytest.hookimpl(trylast=True)  # after the order has become random
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = {marker: name for marker, (name, is_here) in NEEDS.items() if not is_here()}
    for item in items:
        if "redis_url" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.redis)
        for marker, name in missing.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"no {name}"))
        if item.get_closest_marker("browser"):  # other tests ask the server for the same
            item.add_marker(pytest.mark.no_cover)
    # The longest first: at the end no process waits for another's.
    items.sort(key=lambda item: not (item.get_closest_marker("browser") or "bench" in item.path.parts))


# --- databases ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite as the product uses it, in a file, so that a worker in another process sees it too."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "ledger.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Made once for each process; nobody waits for the disk, and what a test commits is taken back quickly."""
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # For every process that connects from now on, such as a worker; and for this one.
                name = connection.ops.quote_name(connection.settings_dict["NAME"])
                cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
            connection.close()
        with quick_emptying():
            yield


@pytest.fixture(scope="session")
def installed(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The file of a new installation on SQLite, for whoever starts the product in a process of its own: a copy of the
    tests' own database, which takes no time, or migrated where that is another engine's.
    """
    file = tmp_path_factory.mktemp("installed") / "ledger.sqlite3"
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            copy_of_sqlite(file).close()
    else:
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{file}"}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    return file


@pytest.fixture(scope="session", autouse=True)
def _a_killed_worker_does_not_keep_the_database() -> Iterator[None]:
    """Its server process may outlive it for a moment, in which the test's database could not be dropped."""

    def drop(self: Any, name: str, verbosity: int) -> None:
        with self._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(name)} WITH (FORCE)")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PostgresqlCreation, "_destroy_test_db", drop)
        yield


# --- nothing reaches anyone else ----------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _alone(settings: Any, tmp_path: Path) -> None:
    """No test reaches a cache or a file of anyone else's, or waits for a slow password."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}
    }
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.LANGUAGE_CODE = "en"


@pytest.fixture(autouse=True)
def sent_tasks(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> list[tuple[str, tuple[Any, ...]]]:
    """The Celery tasks that the test has sent, by name; they go nowhere unless the test takes `broker_url`."""
    sent: list[tuple[str, tuple[Any, ...]]] = []
    if "broker_url" not in request.fixturenames:

        def apply_async(self: Any, args: Any = None, kwargs: Any = None, **options: Any) -> None:
            sent.append((self.name, tuple(args or ())))

        monkeypatch.setattr(Task, "apply_async", apply_async)
    return sent


# --- a real Redis and a real worker -------------------------------------------------------------------------


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """A Redis for this process alone: our own, or that of TEST_REDIS_URL, one database for each process."""
    if (given := os.environ.get("TEST_REDIS_URL")) is not None:
        number = int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 0
        url, slash, database = given.rpartition("/")
        yield f"{url}{slash}{int(database) + number}" if database.isdecimal() and slash else given
        return
    private = broker.PrivateRedis(tmp_path_factory.mktemp("redis"))
    process = subprocess.Popen(private.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        private.wait(process)
        yield private.url
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def broker_url(redis_url: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty Redis, to which tasks sent by the test really go, and where its cache is."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}}
    send: Any = Task.apply_async
    with Connection(redis_url.replace("unix://", "redis+socket://")) as link:

        def apply_async(self: Any, *args: Any, **options: Any) -> Any:
            return send(self, *args, connection=link, **options)

        monkeypatch.setattr(Task, "apply_async", apply_async)
        yield redis_url


@pytest.fixture
def worker(broker_url: str, transactional_db: None, tmp_path: Path) -> Iterator[Worker]:
    """A worker that takes what the test sends, once the test starts it. Killed at the end."""
    made = Worker(broker_url, tmp_path)
    try:
        yield made
    finally:
        made.kill()


# --- what was left out --------------------------------------------------------------------------------------


def _left_out(reporter: Any) -> dict[str, str]:
    """The tests that did not run, with the reason of each."""
    return {
        report.nodeid: str(
            report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        ).removeprefix("Skipped: ")
        for report in reporter.stats.get("skipped", [])
    }


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """With REQUIRE_ALL nothing may be left out; REPORT names a file for whoever adds up several runs."""
    yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return
    left_out = _left_out(reporter)
    if (report := os.environ.get("TESTS_REPORT")) is not None:
        ran = sorted({r.nodeid for outcome in ("passed", "failed") for r in reporter.stats.get(outcome, [])})
        Path(report).write_text(json.dumps({"left_out": left_out, "ran": ran}))
    elif left_out and os.environ.get("REQUIRE_ALL") and session.exitstatus == pytest.ExitCode.OK:
        reporter.write_line("REQUIRE_ALL is set and tests were left out.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Last of all: what this run could not test."""
    reasons: dict[str, int] = {}
    for reason in _left_out(terminalreporter).values():
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"Left out: {count} tests: {reason}")
