"""An installation of the first version is brought up to date with its books and their guards."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.worker import ROOT

pytestmark = pytest.mark.any_engine

# Where each app stood in version 0.1.0.
FIRST_VERSION = ["customers 0001", "ledger 0002", "flags 0001", "jobs 0002"]
MIGRATE = """
import sys, django
from django.core.management import call_command
django.setup()
for target in sys.argv[1:]:
    call_command("migrate", *target.split(), verbosity=0)
"""


def migrate(file: Path, *targets: str) -> None:
    """To each of the targets in turn, such as "ledger 0002"; an empty one is the latest state of all."""
    file.parent.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"sqlite:///{file}",
        "VAR_DIR": str(file.parent),
    }
    command = [sys.executable, "-c", MIGRATE, *targets]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def guards(file: Path) -> dict[str, str]:
    with sqlite3.connect(file) as database:
        return dict(database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())


def columns(file: Path) -> dict[str, list[str]]:
    with sqlite3.connect(file) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(row[1] for row in database.execute(f"PRAGMA table_info({name})")) for name in tables}


@pytest.fixture
def first_version(tmp_path: Path) -> Path:
    file = tmp_path / "old" / "ledger.sqlite3"
    migrate(file, *FIRST_VERSION)
    with sqlite3.connect(file) as database:
        database.execute(
            "INSERT INTO customers_customer"
            " (code, name, region, currency, terms_kind, terms_days, key_account, tax_id, created_at)"
            " VALUES ('C1', '杭州锦程纺织有限公司', '', 'CNY', 'net', 30, 0, '', '2026-01-01')"
        )
    return file


def test_an_installation_of_the_first_version_is_brought_up_to_date_with_every_guard(
    first_version: Path, installed: Path
) -> None:
    migrate(first_version, "")
    assert guards(first_version) == guards(installed)
    assert columns(first_version) == columns(installed)
    with sqlite3.connect(first_version) as database:
        [(name, initials)] = database.execute("SELECT name, initials FROM customers_customer").fetchall()
    assert name == "杭州锦程纺织有限公司"
    assert "hzjcfzyxgs" in initials
    migrate(first_version, "customers 0001")
    assert guards(first_version).keys() >= {"customer_keeps_currency", "entry_has_currency_of_customer"}
