"""`manage.py aging`: what scripts and schedulers rely on."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from customers.models import Role, User
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
FEB = ("--as-of", "2025-02-28")


@pytest.fixture
def firm() -> User:
    li = a_user(username="li", first_name="Li")
    one = Desk(a_customer(code="001", name="上海一号", owner=li, region="East"))
    invoice = one.invoice(1000, "2025-01-01", due_date=day("2025-01-31"))
    payment = one.payment(400, "2025-02-20", automatic=False)
    one.allocate(payment, invoice, 400, "2025-03-05")
    one.credit_note(100, "2025-03-10")
    Desk(a_customer(code="002", name="Two", owner=a_user(username="zhao"))).shipment("1.50", "2025-02-01")
    return li


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("aging", *arguments, stdout=out)
    return out.getvalue()


def asked(*arguments: str) -> Any:
    return json.loads(said(*arguments, "--format", "json"))


def test_json_is_one_object_with_money_as_text(firm: User) -> None:
    answer = asked(*FEB)
    assert {name: answer[name] for name in ("as_of", "known_on", "basis", "currency")} == {
        "as_of": "2025-02-28", "known_on": None, "basis": "due", "currency": "CNY",
    }  # fmt: skip
    assert answer["buckets"][0] == {"key": "not_due", "label": "not due"}
    keys = ["not_due", "1-30", "31-60", "61-90", "91-180", "181-365", "365+"]
    assert [bucket["key"] for bucket in answer["buckets"]] == keys
    nothing = dict.fromkeys(keys, "0.00")
    assert answer["rows"] == [
        {"key": "001", "name": "上海一号", "unbilled": "0.00", "buckets": nothing | {"1-30": "1000.00"},
         "unapplied": "-400.00", "balance": "600.00", "overdue": "1000.00"},
        {"key": "002", "name": "Two", "unbilled": "1.50", "buckets": nothing, "unapplied": "0.00",
         "balance": "1.50", "overdue": "0.00"},
    ]  # fmt: skip
    assert answer["totals"] == {
        "unbilled": "1.50", "buckets": nothing | {"1-30": "1000.00"}, "unapplied": "-400.00", "balance": "601.50",
        "overdue": "1000.00",
    }  # fmt: skip
    assert set(answer) == {"as_of", "known_on", "basis", "currency", "buckets", "rows", "totals"}


def test_json_of_several_currencies_has_a_report_for_each(firm: User) -> None:
    Desk(a_customer(code="U", name="Abroad", owner=firm, currency="USD")).invoice(9, "2025-01-01")
    answer = asked(*FEB)
    assert set(answer) == {"reports"}
    assert [(one["currency"], one["totals"]["balance"]) for one in answer["reports"]] == [
        ("CNY", "601.50"), ("USD", "9.00"),
    ]  # fmt: skip
    assert asked(*FEB, "--currency", "USD")["currency"] == "USD"


def keys(*arguments: str) -> list[str]:
    return [row["key"] for row in asked(*FEB, *arguments)["rows"]]


def test_every_choice_of_the_command(firm: User) -> None:
    assert keys() == ["001", "002"]
    assert keys("--by", "salesperson") == ["li", "zhao"]
    assert keys("--by", "region") == ["", "East"]
    assert keys("--salesperson", "li") == ["001"]
    assert keys("--customer", "002") == ["002"]
    assert keys("--region", "East") == ["001"]
    assert keys("--key-account", "yes") == []
    assert keys("--overdue-only") == ["001"]
    assert keys("--known-on", "2025-01-01") == []
    assert keys("--by", "salesperson", "--meaning", "owner") == ["li", "zhao"]
    assert asked(*FEB, "--unbilled", "aged")["totals"]["buckets"]["not_due"] == "1.50"
    assert asked(*FEB, "--basis", "document")["buckets"][0]["key"] == "0-30"


def test_the_report_as_a_user_sees_it(firm: User) -> None:
    a_user(Role.FINANCE, username="mei")
    assert keys("--user", "li") == ["001"]
    assert keys("--user", "zhao") == ["002"]
    assert keys("--user", "mei") == ["001", "002"]


@pytest.mark.parametrize("arguments", [("--customer", "002"), ("--salesperson", "zhao")])
def test_a_user_cannot_ask_about_what_is_out_of_sight(arguments: tuple[str, str], firm: User) -> None:
    with pytest.raises(CommandError, match=f"“{arguments[1]}”"):
        asked(*FEB, *arguments, "--user", "li")
    assert asked(*FEB, *arguments)["rows"]


def test_the_table_stands_in_columns_whatever_the_script(firm: User) -> None:
    lines = said(*FEB).splitlines()
    assert lines[0].split("  ")[0] == "customer code"
    assert lines[-1].startswith("Total")
    assert "1,000.00" in lines[1]
    # A Chinese character is as wide as two digits.
    assert [len(line.encode("gbk", "replace")) for line in lines[1:]] == [len(lines[1].encode("gbk"))] * 3


def test_lines_for_a_spreadsheet(firm: User) -> None:
    lines = said(*FEB, "--format", "csv").splitlines()
    assert lines[1] == "001,上海一号,CNY,0.00,0.00,1000.00,0.00,0.00,0.00,0.00,0.00,-400.00,600.00,1000.00"


@pytest.mark.parametrize("kind", ["table", "json", "csv", "xlsx"])
def test_a_file_holds_the_same(kind: str, firm: User, tmp_path: Path) -> None:
    path = tmp_path / f"report.{kind}"
    assert said(*FEB, "--format", kind, "--output", str(path)) == ""
    if kind == "xlsx":
        assert openpyxl.load_workbook(path)["By customer"]["A4"].value == "001"
    else:
        assert path.read_text(encoding="utf-8") == said(*FEB, "--format", kind).replace("\r\n", "\n")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_that_cannot_be_written_leaves_nothing_behind(firm: User, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        said(*FEB, "--output", str(tmp_path / "none" / "report.csv"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--as-of", "2025-02-30"], "is not a date"),
        (["--known-on", "31.12.2025"], "is not a date"),
        (["--as-of", "1800-01-01"], "is not between"),
        (["--basis", "guess"], "invalid choice"),
        (["--user", "nobody"], "There is no user “nobody”"),
        (["--customer", "nobody"], "There is no customer “nobody”"),
        (["--format", "xlsx"], "needs --output"),
    ],
)
def test_a_wrong_argument_is_refused_with_a_sentence(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        said(*arguments)


@pytest.mark.parametrize("arguments", [["--as-of", "2025-02-30"], ["--format", "xlsx"], ["--basis", "guess"]])
def test_wrong_usage_ends_with_status_2(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, ROOT / "manage.py", "aging", *arguments], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr
