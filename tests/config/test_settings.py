"""Settings come from the environment; what cannot be understood stops the start and is called by its name."""

import os
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

SETTINGS = str(Path(__file__).parents[2] / "config" / "settings.py")


@pytest.fixture
def settings_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The settings as a process with these variables, and no others of ours, would have them."""

    def read(**variables: str) -> dict[str, Any]:
        for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG"):
            monkeypatch.delenv(name, raising=False)
        for name, value in {"VAR_DIR": str(tmp_path / "var"), **variables}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(SETTINGS)

    return read


def test_without_any_variable_it_runs_on_sqlite_and_keeps_its_key(settings_of: Any, tmp_path: Path) -> None:
    first, second = settings_of(), settings_of()
    assert first["DATABASES"]["default"]["NAME"] == str(tmp_path / "var" / "ledger.sqlite3")
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) > 50
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert first["DEBUG"] is False


def test_postgresql_is_chosen_by_its_address(settings_of: Any) -> None:
    database = settings_of(DATABASE_URL="postgres://u:p@db:5433/books", CONN_MAX_AGE="5")["DATABASES"]["default"]
    assert (database["ENGINE"], database["HOST"], database["PORT"]) == ("django.db.backends.postgresql", "db", 5433)
    assert database["CONN_MAX_AGE"] == 5
    assert database["CONN_HEALTH_CHECKS"]


def test_a_socket_of_redis_is_written_as_the_queue_and_as_the_cache_want_it(settings_of: Any) -> None:
    found = settings_of(REDIS_URL="unix:///run/redis.sock?db=3")
    assert found["CELERY_BROKER_URL"] == "redis+socket:///run/redis.sock?virtual_host=3"
    assert found["CACHES"]["default"]["LOCATION"] == "unix:///run/redis.sock?db=3"


@pytest.mark.parametrize(
    ("text", "meant"), [("yes", True), ("TRUE", True), ("0", False), ("off", False), ("", False)]
)
def test_yes_and_no_are_read_as_people_write_them(text: str, meant: bool, settings_of: Any) -> None:
    assert settings_of(DEBUG=text)["DEBUG"] is meant


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("HTTPS", "2"),
        ("DATABASE_URL", "books"),
        ("DATABASE_URL", "mysql://db/books"),
        ("CONN_MAX_AGE", "long"),
        ("REDIS_URL", "http://redis"),
        ("LANGUAGE_CODE", "klingon"),
        ("TIME_ZONE", "Asia/Shangri-La"),
        ("ALLOCATION_ORDER", "newest"),
        ("AGING_LIMITS", "30,x"),
        ("AGING_LIMITS", "60,30"),
        ("IMPORT_MAX_BYTES", "50MB"),
        ("CELERY_VISIBILITY_TIMEOUT", "1h"),
        ("EMAIL_URL", "mailbox"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_value_that_cannot_be_understood_is_refused_by_name(name: str, value: str, settings_of: Any) -> None:
    variables = {"DATABASE_URL": "postgres://db/books"} if name == "CONN_MAX_AGE" else {}
    with pytest.raises(ImproperlyConfigured, match=name):
        settings_of(**variables, **{name: value})


def test_a_password_is_not_repeated_in_the_complaint(settings_of: Any) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        settings_of(REDIS_URL="amqp://user:secret@host")
    assert "secret" not in str(refusal.value)
    assert "REDIS_URL" in os.environ
