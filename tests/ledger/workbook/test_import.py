"""What an import posts, skips, warns of and refuses; a refused file changes nothing."""

import copy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from customers.models import Contact, Customer, Role, User
from ledger.models import Allocation, Entry, Posting
from ledger.verification import breaches
from tests.build import a_customer, a_user
from tests.ledger.workbook.files import FIRM, a_csv_zip, a_workbook, csv_text, imported

pytestmark = pytest.mark.django_db


def firm(**changes: Any) -> dict[str, list[list[Any]]]:
    return {**copy.deepcopy(FIRM), **changes}


def counts() -> list[int]:
    return [model._default_manager.count() for model in (User, Customer, Contact, Posting, Entry, Allocation)]


def open_amount(number: str) -> Decimal:
    return Entry.objects.get(number=number, instalment=1).open_amount


def test_a_whole_firm_is_posted_by_the_rules_of_the_ledger(tmp_path: Path) -> None:
    taken = imported(a_workbook(tmp_path / "firm.xlsx", firm()))
    assert taken.errors == []
    assert taken.posted == {
        "customers": 2, "opening": 2, "shipments": 3, "invoices": 3, "payments": 3, "allocations": 0,
    }  # fmt: skip
    assert taken.sums["payments"] == {"CNY": Decimal("500.00"), "USD": Decimal("89.99")}
    customer = Customer.objects.get(code="C1")
    assert (customer.owner and customer.owner.username, customer.key_account, customer.credit_limit) == (
        "lina", True, Decimal("50000.00"),
    )  # fmt: skip
    assert customer.contacts.get().email == "wang@example.com"
    # 3 x 33.50 + 10 x 1.25 = 113.00; I1 bills it with S2, I3 returns 40, P1 pays 100 of I1 and 400 of the opening.
    assert Entry.objects.get(number="S1").document_amount == Decimal("113.00")
    assert Entry.objects.get(number="S1").shipment.lines.count() == 2
    assert [open_amount(n) for n in ("S1", "S2", "S3")] == [Decimal("0.00")] * 3
    assert open_amount("I1") == Decimal("173.00")
    assert open_amount("O1") == Decimal("600.00")
    assert Entry.objects.get(number="P2").payment.matures_on == date(2026, 9, 5)
    assert Entry.objects.get(number="P1").payment.bank_reference == "000123"
    assert list(breaches()) == []


def test_headings_may_be_chinese_in_any_order_and_case(tmp_path: Path) -> None:
    sheets = {
        "客户": [["客户名称", "客户编码", "业务员", "大客户"], ["甲公司", "001", "lina", "是"]],
        "发票": [
            ["日期", "金额", "发票号", "客户编码", "发票类型"],
            ["2026年3月1日", "１，２３４．５０元", "F1", "001", "普票"],
        ],
        "INVOICES OF LAST YEAR": [["x"]],
    }
    taken = imported(a_workbook(tmp_path / "firm.xlsx", sheets))
    assert taken.errors == []
    assert [w.sheet for w in taken.warnings if w.sheet] == ["INVOICES OF LAST YEAR"]
    entry = Entry.objects.get(number="F1")
    assert (entry.date, entry.amount, entry.invoice.kind) == (date(2026, 3, 1), Decimal("1234.50"), "general")
    assert Customer.objects.search("jgs").get() == entry.customer


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_zip_of_csv_files_is_the_same_workbook(tmp_path: Path, encoding: str) -> None:
    taken = imported(a_csv_zip(tmp_path / "firm.zip", firm(), encoding))
    assert taken.errors == []
    assert taken.posted["invoices"] == 3
    assert Customer.objects.get(code="C1").name == "华东机械有限公司"


def test_a_folder_of_csv_files_is_the_same_workbook(tmp_path: Path) -> None:
    for name, rows in firm().items():
        (tmp_path / f"{name}.csv").write_text(csv_text(rows), encoding="utf-8")
    assert imported(tmp_path).posted["payments"] == 3


def test_the_same_file_again_posts_nothing_and_a_grown_one_only_what_is_new(tmp_path: Path) -> None:
    imported(a_workbook(tmp_path / "a.xlsx", firm()))
    before = counts()
    again = imported(tmp_path / "a.xlsx")
    assert again.errors == []
    assert set(again.posted.values()) == {0}
    assert again.skipped == {
        "customers": 2, "opening": 2, "shipments": 3, "invoices": 3, "payments": 3, "allocations": 0,
    }  # fmt: skip
    assert counts() == before
    grown = firm()
    grown["Payments"].append(["P9", "C1", "2026-04-01", 10, None, None, None, None])
    taken = imported(a_workbook(tmp_path / "b.xlsx", grown))
    assert taken.posted["payments"] == 1
    assert list(breaches()) == []


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "heading"),
    [
        ("Invoices", 1, 3, 314, "amount"),
        ("Invoices", 1, 2, "2026-02-11", "date"),
        ("Invoices", 1, 4, "general", "kind"),
        ("Payments", 1, 1, "C2", "customer"),
        ("Payments", 1, 5, "999", "bank reference"),
        ("Shipments", 3, 3, 201, "amount"),
        ("Opening", 1, 4, "2026-01-11", "due date"),
        ("Customers", 1, 1, "another name", "name"),
    ],
)
def test_the_same_number_with_other_content_is_an_error(
    tmp_path: Path, sheet: str, row: int, column: int, value: object, heading: str
) -> None:
    imported(a_workbook(tmp_path / "a.xlsx", firm()))
    before = counts()
    changed = firm()
    changed[sheet][row][column] = value
    taken = imported(a_workbook(tmp_path / "b.xlsx", changed))
    assert [(e.sheet, e.row, e.column) for e in taken.errors] == [(sheet, row + 1, heading)]
    assert counts() == before


def test_all_errors_of_a_file_are_reported_in_one_go_and_nothing_is_posted(tmp_path: Path) -> None:
    sheets = firm()
    sheets["Customers"][2][6] = "XYZ"
    sheets["Opening"][1][1] = "31.12.2026"
    sheets["Shipments"][3][3] = None
    sheets["Invoices"][1][3] = "12,34"
    sheets["Payments"][1][3] = 10**15
    sheets["Payments"][2][4] = "barter"
    before = counts()
    taken = imported(a_workbook(tmp_path / "firm.xlsx", sheets))
    found = {(e.sheet, e.row, e.column, e.value) for e in taken.errors}
    assert found >= {
        ("Customers", 3, "currency", "XYZ"),
        ("Opening", 2, "date", "31.12.2026"),
        ("Shipments", 4, "amount", None),
        ("Invoices", 2, "amount", "12,34"),
        ("Payments", 2, "amount", "1000000000000000"),
        ("Payments", 3, "method", "barter"),
    }
    assert set(taken.posted.values()) == {0}
    assert counts() == before


def test_what_refers_to_a_faulty_row_is_no_mistake_of_its_own(tmp_path: Path) -> None:
    sheets = firm()
    sheets["Invoices"][2][3] = "nothing"
    taken = imported(a_workbook(tmp_path / "firm.xlsx", sheets))
    assert [(e.sheet, e.row) for e in taken.errors] == [("Invoices", 3)]


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "says"),
    [
        ("Invoices", 1, 1, "C9", "no customer"),
        ("Invoices", 1, 2, "1989-12-31", "check the year"),
        ("Invoices", 1, 2, "2999-01-01", "check the year"),
        ("Invoices", 1, 2, "2026-02-30", "calendar"),
        ("Invoices", 1, 3, 1.234, "two decimal places"),
        ("Invoices", 1, 3, 0, "zero"),
        ("Invoices", 1, 5, 313, "tax"),
        ("Invoices", 1, 7, "S1;S9", "no document"),
        ("Invoices", 1, 9, "2026-02-01", "before the step"),
        ("Invoices", 3, 11, "I9", "no document"),
        ("Invoices", 2, 11, "I1", "credit note"),
        ("Payments", 1, 7, "I1:1000", "is open"),
        ("Payments", 1, 7, "I1:abc", "names no amount"),
        ("Payments", 1, 7, "I2", "another customer"),
        ("Payments", 1, 6, "2026-09-01", "acceptance bill"),
        ("Payments", 1, 0, None, "required"),
        ("Shipments", 2, 1, "C2", "one shipment"),
        ("Shipments", 1, 3, 7, "quantity times unit price"),
        ("Shipments", 1, 5, "many", "not a number"),
        ("Customers", 1, 4, 9999, "days"),
        ("Customers", 1, 5, -1, "negative"),
        ("Customers", 1, 8, "nobody", "e-mail"),
        ("Customers", 1, 9, "perhaps", "neither yes nor no"),
        ("Customers", 2, 0, "C1", "differs"),
    ],
)
def test_each_mistake_says_where_it_is_and_what_is_wrong(
    tmp_path: Path, sheet: str, row: int, column: int, value: object, says: str
) -> None:
    sheets = firm()
    sheets[sheet][row][column] = value
    before = counts()
    taken = imported(a_workbook(tmp_path / "firm.xlsx", sheets))
    assert any(e.sheet == sheet and says in e.message for e in taken.errors), taken.errors
    assert all(e.row for e in taken.errors)
    assert counts() == before


def test_a_missing_required_column_is_one_clear_error(tmp_path: Path) -> None:
    sheets = firm(Payments=[["number", "date", "amount"], ["P1", "2026-03-01", 5], ["P2", "2026-03-01", 5]])
    taken = imported(a_workbook(tmp_path / "firm.xlsx", sheets))
    assert [(e.sheet, e.row, e.column) for e in taken.errors] == [("Payments", 1, "customer 客户编码")]


def test_unknown_columns_are_reported_and_passed_over(tmp_path: Path) -> None:
    sheets = firm()
    for row, value in zip(sheets["Invoices"], ("colour", "red", "blue", "green"), strict=True):
        row.append(value)
    taken = imported(a_workbook(tmp_path / "firm.xlsx", sheets))
    assert taken.errors == []
    assert ("Invoices", "colour") in {(w.sheet, w.column) for w in taken.warnings}


def test_a_file_without_a_known_sheet_says_how_sheets_are_named(tmp_path: Path) -> None:
    taken = imported(a_workbook(tmp_path / "x.xlsx", {"Sheet1": [["a"], [1]]}))
    assert "Customers 客户" in taken.errors[0].message


def test_codes_keep_their_leading_zeros_and_namesakes_are_warned_about(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["code", "name", "salesperson"],
        ["0200769623", "One", "lina"],
        [200769623, "Two", "lina"],
    ]
    taken = imported(a_workbook(tmp_path / "x.xlsx", {"Customers": rows}))
    assert set(Customer.objects.values_list("code", flat=True)) == {"0200769623", "200769623"}
    assert [w.value for w in taken.warnings if "leading zeros" in w.message] == ["200769623"]


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    rows = [["code", "name", "salesperson"], ["C1", "=1+1", "lina"], ["+2", "@x", "lina"]]
    imported(a_workbook(tmp_path / "x.xlsx", {"Customers": rows}))
    assert set(Customer.objects.values_list("code", "name")) == {("C1", "=1+1"), ("+2", "@x")}


def test_binary_noise_is_read_to_the_cent(tmp_path: Path) -> None:
    sheets = firm()
    sheets["Invoices"][2][3] = 0.1 + 0.2
    sheets["Payments"][2][3] = "0.30"
    assert imported(a_workbook(tmp_path / "x.xlsx", sheets)).errors == []
    assert Entry.objects.get(number="I2").amount == Decimal("0.30")


def test_unknown_salespeople_are_created_on_request_only(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "x.xlsx", firm())
    refused = imported(path, create_salespeople=False)
    assert {e.column for e in refused.errors} == {"salesperson"}
    assert not User.objects.exists()
    taken = imported(path)
    lina = User.objects.get()
    assert (lina.username, lina.role, lina.has_usable_password()) == ("lina", Role.SALESPERSON, False)
    assert [w.message for w in taken.warnings if w.value == "lina"] == [
        "The salesperson lina is new; an administrator gives the password to sign in with."
    ]


def test_a_salesperson_may_be_called_by_the_full_name_that_one_person_has(tmp_path: Path) -> None:
    lina = a_user(username="lina", last_name="李", first_name="娜")
    for username in ("zhang1", "zhang2"):
        a_user(username=username, last_name="张", first_name="伟")
    rows = [["code", "name", "salesperson"], ["C1", "One", "李娜"]]
    assert imported(a_workbook(tmp_path / "x.xlsx", {"Customers": rows}), create_salespeople=False).errors == []
    assert Customer.objects.get().owner == lina
    lina.is_active = False
    lina.save()
    assert imported(a_workbook(tmp_path / "x.xlsx", {"Customers": rows})).skipped["customers"] == 1
    rows = [["code", "name", "salesperson"], ["C2", "Two", "张伟"]]
    [refused] = imported(a_workbook(tmp_path / "y.xlsx", {"Customers": rows})).errors
    assert (refused.column, refused.value) == ("salesperson", "张伟")
    assert "several people" in refused.message
    assert User.objects.count() == 3


def test_with_a_sheet_of_allocations_nothing_is_settled_by_itself(tmp_path: Path) -> None:
    sheets = firm(Allocations=[["from", "to", "amount", "date"], ["P1", "O1", 30, "2026-04-01"]])
    sheets["Payments"][1][7] = None
    taken = imported(a_workbook(tmp_path / "x.xlsx", sheets))
    assert (taken.errors, taken.posted["allocations"]) == ([], 1)
    assert (open_amount("P1"), open_amount("O1")) == (Decimal("-470.00"), Decimal("970.00"))
    assert imported(tmp_path / "x.xlsx").skipped["allocations"] == 1
    assert list(breaches()) == []


@pytest.mark.parametrize(
    ("allocation", "says"),
    [
        (["P1", "O1", 5000, None], "is open"),
        (["P1", "I9", 10, None], "no document"),
        (["P1", "O1", -10, None], "above zero"),
        (["P1", "O1", 10, "2026-01-02"], "before its entries"),
        (["P2", "O1", 10, None], "same customer"),
    ],
)
def test_an_allocation_that_cannot_be_is_refused(tmp_path: Path, allocation: list[Any], says: str) -> None:
    sheets = firm(Allocations=[["from", "to", "amount", "date"], allocation])
    taken = imported(a_workbook(tmp_path / "x.xlsx", sheets))
    assert [says in e.message for e in taken.errors if e.sheet == "Allocations"] == [True], taken.errors
    assert not Entry.objects.exists()


def test_a_file_of_allocations_alone_settles_what_is_in_the_ledger(tmp_path: Path) -> None:
    sheets = firm(Allocations=[["from", "to", "amount", "date"], ["P1", "O1", 20, None]])
    sheets["Payments"][1][7] = None
    imported(a_workbook(tmp_path / "a.xlsx", sheets))
    later: dict[str, list[list[Any]]] = {"Allocations": [["from", "to", "amount", "date"], ["P1", "O1", 30, None]]}
    assert imported(a_workbook(tmp_path / "b.xlsx", later)).posted["allocations"] == 1


def test_a_dry_run_counts_and_posts_nothing(tmp_path: Path) -> None:
    before = counts()
    taken = imported(a_workbook(tmp_path / "x.xlsx", firm()), dry_run=True)
    assert taken.posted["invoices"] == 3
    assert counts() == before


def test_a_salesperson_imports_for_the_own_customers_alone(tmp_path: Path) -> None:
    lina, other = a_user(username="lina"), a_user()
    a_customer(code="C1", owner=lina)
    a_customer(code="C2", owner=other)
    rows: list[list[Any]] = [
        ["number", "customer", "date", "amount"],
        ["P1", "C1", "2026-01-01", 5],
        ["P2", "C2", "2026-01-01", 5],
    ]
    taken = imported(a_workbook(tmp_path / "x.xlsx", {"Payments": rows}), by=lina)
    assert [(e.row, e.column) for e in taken.errors] == [(3, "customer")]
    assert not Entry.objects.exists()
    assert imported(a_workbook(tmp_path / "y.xlsx", {"Payments": rows[:2]}), by=lina).posted["payments"] == 1
    customers = [["code", "name"], ["C3", "New"]]
    assert imported(a_workbook(tmp_path / "z.xlsx", {"Customers": customers}), by=lina).errors[0].column == "code"


def test_empty_rows_are_skipped_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [None],
        ["number", "customer", "date", "amount"],
        [None, None],
        ["P1", "C9", "2026-01-01", 5],
    ]
    taken = imported(a_workbook(tmp_path / "x.xlsx", {"Payments": rows}))
    assert [(e.row, e.column) for e in taken.errors] == [(4, "customer")]
