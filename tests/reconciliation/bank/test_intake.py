"""A file is taken whole or not at all, and no line twice, whatever export brings it."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.models import Role
from reconciliation.bank import comparing, intake, recognition
from reconciliation.bank.accounts import is_same_number
from reconciliation.bank.comparing import Taken
from reconciliation.bank.errors import StatementRefused
from reconciliation.bank.formats import reading
from reconciliation.bank.formats.parsed import ParsedFile, ParsedLine
from reconciliation.bank.intake import check, take
from reconciliation.bank.models import BankAccount, BankLine, BankStatement, ColumnMapping
from reconciliation.bank.queries import gaps
from reconciliation.bank.recognition import Stored, fingerprints, new_lines
from tests.build import a_user
from tests.reconciliation.bank.building import a_statement, an_account
from tests.reconciliation.bank.files import CAMT, CSV, MT940, OFX, a_file, entry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 1)


@pytest.fixture
def account() -> BankAccount:
    return an_account(number="622200001234", name="Basic")


def taken(path: Path, **facts: Any) -> Taken:
    facts = {"by": a_user(Role.FINANCE), "file_name": path.name, "now": timezone.now(), "today": TODAY, **facts}
    return take(path, **facts)


def test_a_file_is_taken_with_all_that_it_says(tmp_path: Path, account: BankAccount) -> None:
    result = taken(a_file(tmp_path, CSV))
    assert (result.new, result.known, result.errors) == (3, 0, [])
    statement = BankStatement.objects.get()
    assert (statement.account, statement.first_date, statement.last_date) == (
        account,
        date(2026, 3, 1),
        date(2026, 3, 31),
    )
    assert (statement.opening, statement.closing, statement.line_count, statement.new_count) == (
        Decimal("1000.00"),
        Decimal("1180.00"),
        3,
        3,
    )
    with statement.file.open("rb") as kept:
        assert kept.read() == CSV.encode()
    first = BankLine.objects.order_by("pk")[0]
    assert (first.amount, first.open_amount, first.payer_name, first.currency, first.balance) == (
        Decimal("300.00"),
        Decimal("300.00"),
        "甲公司",
        "CNY",
        Decimal("1300.00"),
    )


def test_who_follows_hears_of_new_statements(
    tmp_path: Path, account: BankAccount, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Any] = []
    monkeypatch.setattr(intake, "FOLLOWERS", [heard.append])
    with django_capture_on_commit_callbacks(execute=True):
        taken(a_file(tmp_path, CSV))
    assert heard == [[BankStatement.objects.get().pk]]


def test_the_same_file_again_is_said_so_and_nothing_is_done(tmp_path: Path, account: BankAccount) -> None:
    path = a_file(tmp_path, CSV)
    taken(path)
    again = taken(path)
    assert again.is_known
    assert (BankStatement.objects.count(), BankLine.objects.count()) == (1, 3)


def test_overlapping_files_bring_each_line_once(tmp_path: Path, account: BankAccount) -> None:
    lines = CSV.splitlines()
    early = "\n".join([*lines[:2], "起始日期：2026-03-01,终止日期：2026-03-16", *lines[3:6]])
    assert taken(a_file(tmp_path, early, "early")).new == 2
    later = taken(a_file(tmp_path, CSV, "later"))
    assert (later.new, later.known) == (1, 2)
    assert BankLine.objects.count() == 3


def test_another_format_of_the_same_account_brings_nothing_twice(tmp_path: Path, account: BankAccount) -> None:
    taken(a_file(tmp_path, CSV))
    # By the reference of the bank, which both give.
    swift = MT940.format(closing="1180,00").replace(
        "RC20,50NTRFNONREF\n:86:returned payment", "D20,00NTRFX//B-3\n:86:x"
    )
    swift = swift.replace(":61:2603170317RD0,50NTRFNONREF\n:86:fee taken back\n", "")
    assert (taken(a_file(tmp_path, swift, "swift")).new, BankLine.objects.count()) == (0, 3)
    # By the balance, without any reference, name or memo.
    plain = "日期,金额,余额\n2026-03-15,300,1300\n2026-03-16,-100,1200\n2026-03-17,-20,1180\n2026-03-18,-80,1100\n"
    result = taken(a_file(tmp_path, plain, "plain"), account=account)
    assert (result.new, result.known) == (1, 3)


def test_two_payments_alike_on_one_day_are_two(tmp_path: Path, account: BankAccount) -> None:
    heading, line = "日期,金额,对方户名,摘要\n", "2026-03-15,5.00,甲公司,货款\n"
    assert taken(a_file(tmp_path, heading + line * 2, "a"), account=account).new == 2
    assert taken(a_file(tmp_path, heading + line * 3, "b"), account=account).new == 1
    assert taken(a_file(tmp_path, heading + line, "c"), account=account).new == 0
    assert BankLine.objects.count() == 3


@pytest.mark.any_engine
def test_lines_alike_cost_one_look_each(monkeypatch: pytest.MonkeyPatch) -> None:
    look = Mock(wraps=recognition._digest)
    monkeypatch.setattr(recognition, "_digest", look)
    line = ParsedLine(date(2026, 3, 1), Decimal(5), payer_name="甲")
    assert len(set(fingerprints([line] * 500, []))) == look.call_count == 500


def test_a_file_is_read_before_the_accounts_are_locked(
    tmp_path: Path, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    depths = []

    def noted(path: Path, columns: Sequence[str] | None) -> ParsedFile:
        depths.append(len(connection.savepoint_ids))
        return reading.read(path, columns)

    monkeypatch.setattr(comparing, "read", noted)
    assert taken(a_file(tmp_path, CSV)).new == 3
    assert depths == [len(connection.savepoint_ids)]


def lines_of(draw: Any) -> ParsedLine:
    return ParsedLine(
        date(2026, 3, draw.draw(st.integers(1, 2))),
        Decimal(draw.draw(st.sampled_from([1, 2, -1]))),
        reference=draw.draw(st.sampled_from(["", "R1", "R2"])),
        payer_name=draw.draw(st.sampled_from(["", "甲"])),
    )


@pytest.mark.any_engine
@given(st.data())
@settings(max_examples=25, deadline=None)
def test_what_was_taken_is_known_in_any_order_and_part(data: Any) -> None:
    lines = [lines_of(data) for _n in range(data.draw(st.integers(0, 6)))]
    marks = fingerprints(lines, [])
    assert len(set(marks)) == len(lines)
    stored = [
        Stored(one.date, one.amount, one.reference, one.balance, one.payer_name, one.memo, mark)
        for one, mark in zip(lines, marks, strict=True)
    ]
    part = data.draw(st.permutations(lines))[: data.draw(st.integers(0, len(lines)))]
    assert new_lines(part, stored) == []
    # And what comes on top is new: as many as there are more of them.
    assert len(new_lines([*lines, *part], stored)) == len(part)
    assert len(set(marks) | set(fingerprints(part, marks))) == len(marks) + len(part)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (CSV.replace("300.00", "3OO.00"), None),
        (CSV.replace("20260315", "20360315"), None),
        (CSV.replace("622200001234", "888800001234"), "888800001234"),
        (CSV.replace("人民币", "美元"), "USD"),
        ("日期,金额\n2026-03-15,5.00\n", "Choose the account"),
        ("日期,金额\n", "no lines"),
        (MT940.format(closing="1180,00").partition(":62F:")[0], None),
    ],
)
def test_a_file_is_refused_as_a_whole(tmp_path: Path, account: BankAccount, content: str, says: str | None) -> None:
    path = a_file(tmp_path, content)
    if says is None:
        assert taken(path).errors
    else:
        with pytest.raises(StatementRefused, match=says):
            taken(path)
    assert (BankStatement.objects.count(), BankLine.objects.count(), ColumnMapping.objects.count()) == (0, 0, 0)


def test_another_account_than_the_one_that_was_chosen_is_a_mistake(tmp_path: Path, account: BankAccount) -> None:
    other, dollars = an_account(), an_account(number="622200001234", currency="USD")
    assert "622200001234" in taken(a_file(tmp_path, CSV), account=other).errors[0].message
    assert "CNY" in taken(a_file(tmp_path, CSV), account=dollars).errors[0].message
    assert not BankStatement.objects.exists()


def test_a_file_of_several_currencies_goes_to_the_accounts_of_each(tmp_path: Path, account: BankAccount) -> None:
    entries = entry("180.00") + entry("7.00", currency="USD")
    path = a_file(tmp_path, CAMT.format(version="02", entries=entries))
    with pytest.raises(StatementRefused, match="USD"):
        taken(path)
    dollars = an_account(number=account.number, currency="USD")
    assert taken(path).new == 2
    assert set(BankLine.objects.values_list("account", "amount")) == {
        (account.pk, Decimal("180.00")),
        (dollars.pk, Decimal("7.00")),
    }


def test_only_finance_takes_statements(tmp_path: Path, account: BankAccount) -> None:
    for role in (Role.SALESPERSON, Role.MANAGER, Role.AUDITOR):
        with pytest.raises(StatementRefused):
            taken(a_file(tmp_path, CSV), by=a_user(role))
    assert not BankLine.objects.exists()


def test_confirmed_columns_are_remembered_for_files_of_that_kind(tmp_path: Path, account: BankAccount) -> None:
    content = "列一,列二,列三,列四\n2026-03-15,5.00,甲,x\n2026-03-16,6.00,乙,y\n"
    path = a_file(tmp_path, content, "first")
    assert check(path, today=TODAY, account=account).errors
    columns = ["date", "received", "payer_name", "memo"]
    assert taken(path, account=account, columns=columns).new == 2
    next_one = check(a_file(tmp_path, content.replace("-03-", "-04-"), "next"), today=TODAY, account=account)
    assert (next_one.is_remembered, next_one.errors, next_one.new) == (True, [], 2)


def test_numbers_of_accounts_are_known_again() -> None:
    account = BankAccount(number="1291993480", currency="EUR")
    for said in ("1291993480", "1291.99.3480", "1291 9934 80", "BKCH/1291993480", "1291.99.3480EUR"):
        assert is_same_number(said, account), said
    assert not is_same_number("91993480", account)
    assert not is_same_number("", account)


def test_gaps_between_statements_are_found() -> None:
    account, may = an_account(), Decimal(50)
    first = a_statement(account, first_date=date(2026, 3, 1), last_date=date(2026, 3, 31), closing=Decimal(10))
    within = a_statement(account, first_date=date(2026, 3, 5), last_date=date(2026, 3, 9))
    april = a_statement(
        account, first_date=date(2026, 4, 2), last_date=date(2026, 4, 30), opening=Decimal(10), closing=Decimal(40)
    )
    later = a_statement(account, first_date=date(2026, 5, 5), last_date=date(2026, 5, 31), opening=may)
    unsaid = a_statement(account, first_date=date(2026, 7, 1), last_date=date(2026, 7, 31))
    found = gaps([unsaid, later, april, within, first])
    assert [(gap.before, gap.after, gap.difference) for gap in found] == [
        (april, later, Decimal(10)),
        (later, unsaid, None),
    ]


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[dict[str, Any], str, int]:
    code = 0
    try:
        call_command("import_bank", *args, "--format", "json")
    except CommandError as error:
        code = error.returncode
    out, err = capsys.readouterr()
    return json.loads(out), err, code


def test_the_command_says_what_a_file_holds_without_any_account(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said, _err, code = run(capsys, str(a_file(tmp_path, CSV)), "--dry-run")
    assert code == 0
    assert said == {
        "format": "csv",
        "lines": 3,
        "in": "300.00",
        "out": "120.00",
        "currencies": ["CNY"],
        "first_date": "2026-03-15",
        "last_date": "2026-03-17",
        "opening": "1000.00",
        "closing": "1180.00",
        "errors": [],
    }
    said, _err, _code = run(capsys, str(a_file(tmp_path, OFX)), "--dry-run")
    assert (said["opening"], said["closing"], said["in"], said["out"]) == (None, "2200.00", "1234.50", "34.50")
    entries = entry("180.00") + entry("7.00", "DBIT", currency="USD")
    said, _err, _code = run(capsys, str(a_file(tmp_path, CAMT.format(version="02", entries=entries))), "--dry-run")
    assert (said["in"], said["out"], said["currencies"]) == (None, None, ["CNY", "USD"])
    assert said["by_currency"]["USD"] == {"lines": 1, "in": "0.00", "out": "7.00"}
    assert not BankStatement.objects.exists()


def test_the_command_takes_a_file_once(
    tmp_path: Path, account: BankAccount, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path, CSV)
    assert run(capsys, str(path), "--account", "Basic")[2] == 0
    assert BankLine.objects.count() == 3
    call_command("import_bank", str(path))
    assert "taken before" in capsys.readouterr().out
    with pytest.raises(CommandError) as error:
        call_command("import_bank", str(path), "--account", "nobody's")
    assert error.value.returncode == 2


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 99, b"\xff\xfe\x00", b"PK\x03\x04", b"{1:", b"<", b",,,\n,,", None]
)
def test_the_command_survives_any_file(
    tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "nothing" if content is None else a_file(tmp_path, content)
    said, err, code = run(capsys, str(path), "--dry-run")
    assert (code, said["format"], said["lines"], len(said["errors"])) == (1, None, 0, 1)
    assert said["errors"][0]["message"] in err
