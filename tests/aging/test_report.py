"""The aging report: worked examples with every number, and the rules that they follow."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Sum

from aging.buckets import Basis
from aging.queries import Items, reports
from aging.question import Grouping, Meaning, Question
from customers.models import Customer, Role, User
from ledger.documents import Instalment
from ledger.models import Entry
from tests.aging.asking import ask, items, question, rows, said, totals
from tests.build import a_customer, a_team, a_user
from tests.ledger.desk import Desk, day, money

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(code="001", name="One", owner=a_user(username="wang"), region="East"))


# --- worked examples -----------------------------------------------------------------------------------------


@pytest.fixture
def worked(desk: Desk) -> Desk:
    invoice = desk.invoice(1000, "2025-01-01", due_date=day("2025-01-31"))
    payment = desk.payment(400, "2025-02-20", automatic=False)
    desk.allocate(payment, invoice, 400, "2025-03-05")
    desk.credit_note(100, "2025-03-10")
    return desk


def test_a_payment_stands_unapplied_until_the_day_of_its_allocation(worked: Desk) -> None:
    assert totals("2025-02-28") == {
        "1-30": "1000.00", "unapplied": "-400.00", "balance": "600.00", "overdue": "1000.00",
    }  # fmt: skip


def test_a_part_payment_leaves_the_rest_in_the_bucket_of_its_due_date(worked: Desk) -> None:
    assert totals("2025-03-10") == {
        "31-60": "600.00", "unapplied": "-100.00", "balance": "500.00", "overdue": "600.00",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2024-12-31", {}),
        ("2025-01-01", {"not_due": "1000.00", "balance": "1000.00"}),
        ("2025-01-31", {"not_due": "1000.00", "balance": "1000.00"}),
        ("2025-02-01", {"1-30": "1000.00", "balance": "1000.00", "overdue": "1000.00"}),
        ("2025-03-02", {"1-30": "1000.00", "unapplied": "-400.00", "balance": "600.00", "overdue": "1000.00"}),
        ("2025-03-03", {"31-60": "1000.00", "unapplied": "-400.00", "balance": "600.00", "overdue": "1000.00"}),
        ("2025-03-05", {"31-60": "600.00", "balance": "600.00", "overdue": "600.00"}),
        ("2025-04-02", {"61-90": "600.00", "unapplied": "-100.00", "balance": "500.00", "overdue": "600.00"}),
        ("2026-01-31", {"181-365": "600.00", "unapplied": "-100.00", "balance": "500.00", "overdue": "600.00"}),
        ("2026-02-01", {"365+": "600.00", "unapplied": "-100.00", "balance": "500.00", "overdue": "600.00"}),
    ],
)
def test_each_day_of_the_worked_example(worked: Desk, as_of: str, expected: dict[str, str]) -> None:
    assert totals(as_of) == expected


def test_a_report_never_changes_when_something_later_is_posted(worked: Desk) -> None:
    before = totals("2025-02-28")
    worked.invoice(5000, "2025-03-01")
    worked.payment(9000, "2025-03-02")
    assert totals("2025-02-28") == before


def test_entries_of_the_future_are_not_in_today_s_report(desk: Desk) -> None:
    today = date.today()  # noqa: DTZ011
    desk.invoice(100, today.isoformat(), due_date=today)
    desk.invoice(900, (today + timedelta(days=20)).isoformat())
    desk.payment(30, (today + timedelta(days=5)).isoformat())
    assert totals(today.isoformat()) == {"not_due": "100.00", "balance": "100.00"}
    assert totals((today + timedelta(days=30)).isoformat())["balance"] == "970.00"


# --- buckets, bases and columns ------------------------------------------------------------------------------

LIMITS = {0: "not_due", 1: "1-30", 30: "1-30", 31: "31-60", 60: "31-60", 61: "61-90", 90: "61-90", 91: "91-180",
          180: "91-180", 181: "181-365", 365: "181-365", 366: "365+"}  # fmt: skip


def test_sql_puts_each_day_past_due_where_the_table_of_limits_says(desk: Desk) -> None:
    as_of = day("2025-12-31")
    for position, days in enumerate(LIMITS):
        desk.invoice(2**position, "2024-01-01", due_date=as_of - timedelta(days=days))
    expected: dict[str, Decimal] = {}
    for position, key in enumerate(LIMITS.values()):
        expected[key] = expected.get(key, Decimal(0)) + 2**position
    report = ask("2025-12-31")
    found = dict(zip([bucket.key for bucket in report.buckets], report.totals.buckets, strict=True))
    assert found == expected
    assert report.totals.overdue == sum(expected.values()) - expected["not_due"]


def test_sql_puts_each_day_since_the_document_where_the_table_of_limits_says(desk: Desk) -> None:
    as_of = day("2025-12-31")
    for position, days in enumerate(LIMITS):
        desk.invoice(2**position, (as_of - timedelta(days=days)).isoformat(), due_date=as_of)
    expected: dict[str, Decimal] = {}
    for position, key in enumerate(LIMITS.values()):
        key = "0-30" if key in ("not_due", "1-30") else key
        expected[key] = expected.get(key, Decimal(0)) + 2**position
    report = ask("2025-12-31", basis="document")
    assert dict(zip([bucket.key for bucket in report.buckets], report.totals.buckets, strict=True)) == expected
    assert report.totals.overdue == 0


def test_other_limits_change_columns_and_sums_alike(worked: Desk, settings: Any) -> None:
    settings.AGING_LIMITS = (10, 38)
    assert totals("2025-03-10") == {
        "11-38": "600.00", "unapplied": "-100.00", "balance": "500.00", "overdue": "600.00",
    }  # fmt: skip


def test_overdue_counts_from_due_dates_whatever_the_basis(worked: Desk) -> None:
    assert totals("2025-02-28", basis="document") == {
        "31-60": "1000.00", "unapplied": "-400.00", "balance": "600.00", "overdue": "1000.00",
    }  # fmt: skip


def test_an_invoice_is_as_old_as_the_earliest_shipment_that_it_bills(desk: Desk) -> None:
    early = desk.shipment(100, "2025-01-01")
    late = desk.shipment(200, "2025-02-15")
    desk.invoice(300, "2025-03-01", shipments=[late, early])
    desk.invoice(50, "2025-03-01")
    assert totals("2025-03-31", basis="shipment") == {"0-30": "50.00", "61-90": "300.00", "balance": "350.00"}
    assert totals("2025-02-28", basis="shipment", unbilled="aged") == {
        "0-30": "200.00", "31-60": "100.00", "balance": "300.00", "overdue": "100.00",
    }  # fmt: skip


def test_every_instalment_is_as_old_as_the_goods(desk: Desk) -> None:
    goods = desk.shipment(100, "2025-01-01")
    parts = [Instalment(day("2025-03-31"), money(60)), Instalment(day("2025-06-30"), money(40))]
    desk.invoice(100, "2025-03-01", shipments=[goods], instalments=parts)
    assert totals("2025-04-01", basis="shipment") == {"61-90": "100.00", "balance": "100.00", "overdue": "60.00"}
    assert totals("2025-04-01") == {"not_due": "40.00", "1-30": "60.00", "balance": "100.00", "overdue": "60.00"}


def test_goods_that_are_billed_no_more_count_no_more(desk: Desk) -> None:
    goods = desk.shipment(100, "2025-01-01")
    first = desk.invoice(100, "2025-02-01", shipments=[goods])
    desk.red_letter(first, "2025-03-01")
    desk.invoice(100, "2025-03-01", shipments=[goods], replaces=first)
    assert totals("2025-02-28", basis="shipment") == {"31-60": "100.00", "balance": "100.00"}
    assert totals("2025-03-01", basis="shipment")["31-60"] == "100.00"


def test_unbilled_shipments_stand_in_a_column_of_their_own_or_in_the_buckets(desk: Desk) -> None:
    desk.shipment(70, "2025-01-01", due_date=day("2025-01-31"))
    desk.invoice(30, "2025-01-01", due_date=day("2025-01-31"))
    assert totals("2025-02-10") == {"unbilled": "70.00", "1-30": "30.00", "balance": "100.00", "overdue": "30.00"}
    assert totals("2025-02-10", unbilled="aged") == {"1-30": "100.00", "balance": "100.00", "overdue": "100.00"}


def test_billing_a_shipment_moves_it_and_adds_nothing(desk: Desk) -> None:
    goods = desk.shipment(70, "2025-01-01")
    desk.invoice(70, "2025-01-20", shipments=[goods], due_date=day("2025-02-19"))
    assert totals("2025-01-19") == {"unbilled": "70.00", "balance": "70.00"}
    assert totals("2025-01-20") == {"not_due": "70.00", "balance": "70.00"}


def test_credits_of_every_kind_are_negative_and_unaged(desk: Desk) -> None:
    desk.goods_return(10, "2025-01-01")
    desk.payment(20, "2025-01-01")
    desk.opening(-40, "2025-01-01")
    desk.discount(80, "2025-01-01")
    assert totals("2025-12-31") == {"unapplied": "-150.00", "balance": "-150.00"}


def test_a_refund_is_a_debt_until_it_meets_its_credit(desk: Desk) -> None:
    desk.payment(20, "2025-01-01")
    desk.refund(20, "2025-01-10")
    report = ask("2025-01-31")
    assert report.totals.balance == 0


def test_a_customer_without_anything_open_has_no_row(desk: Desk) -> None:
    invoice = desk.invoice(100, "2025-01-01")
    desk.payment(100, "2025-02-01", invoices=[(invoice, None)])
    assert rows(ask("2025-02-01")) == {}
    assert list(rows(ask("2025-01-31"))) == ["001"]


def test_debts_and_credits_that_make_up_for_each_other_still_have_a_row(desk: Desk) -> None:
    desk.invoice(100, "2025-01-01", due_date=day("2025-01-31"))
    desk.payment(100, "2025-02-01", automatic=False)
    assert rows(ask("2025-02-01")) == {"001": {"1-30": "100.00", "unapplied": "-100.00", "overdue": "100.00"}}


# --- as known on a day ---------------------------------------------------------------------------------------


def test_the_report_as_it_was_known_leaves_out_what_was_recorded_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clock(text: str) -> None:
        moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    clock("2025-01-05 10:00")
    goods = desk.shipment(100, "2024-12-01")
    invoice = desk.invoice(100, "2024-12-20", shipments=[goods], due_date=day("2024-12-25"))
    clock("2025-01-09 10:00")
    desk.payment(60, "2024-12-30", invoices=[(invoice, None)])
    early = desk.shipment(7, "2024-11-01")
    desk.invoice(7, "2024-12-20", shipments=[early], due_date=day("2025-01-31"))
    assert totals("2024-12-31") == {"not_due": "7.00", "1-30": "40.00", "balance": "47.00", "overdue": "40.00"}
    assert totals("2024-12-31", known_on="2025-01-05") == {
        "1-30": "100.00", "balance": "100.00", "overdue": "100.00",
    }  # fmt: skip
    assert totals("2024-12-31", known_on="2025-01-04") == {}
    assert totals("2024-12-31", basis="shipment", known_on="2025-01-05")["0-30"] == "100.00"
    assert totals("2024-12-31", basis="shipment") == {
        "0-30": "40.00", "31-60": "7.00", "balance": "47.00", "overdue": "40.00",
    }  # fmt: skip


# --- rows ----------------------------------------------------------------------------------------------------


@pytest.fixture
def firm() -> dict[str, Any]:
    """Two salespeople, a customer handed over from one to the other, a parent with branches, two regions."""
    li, zhao = a_user(username="li"), a_user(username="zhao")
    head = a_customer(code="H", name="Head", owner=li, region="East", key_account=True)
    branch = a_customer(code="B", name="Branch", owner=li, region="West", parent=head)
    twig = a_customer(code="T", name="Twig", owner=zhao, region="", parent=branch)
    moved = a_customer(code="M", name="Moved", owner=li, region="West")
    for customer, amount in ((head, 1), (branch, 20), (twig, 300), (moved, 4000)):
        Desk(customer).invoice(amount, "2025-01-01", due_date=day("2025-01-31"))
    Customer.objects.filter(pk=moved.pk).update(owner=zhao)
    moved.refresh_from_db()
    Desk(moved).invoice(50000, "2025-01-10", due_date=day("2025-12-31"))
    return {"li": li, "zhao": zhao, "head": head, "branch": branch, "twig": twig, "moved": moved}


def balances(as_of: str = "2025-02-10", user: User | None = None, **facts: Any) -> dict[str, int]:
    return {row.key: int(row.amounts.balance) for row in ask(as_of, user, **facts)}


def test_rows_by_customer_are_in_the_order_of_their_codes(firm: dict[str, Any]) -> None:
    assert list(balances().items()) == [("B", 20), ("H", 1), ("M", 54000), ("T", 300)]


def test_rows_by_salesperson_of_the_sale_and_by_the_owner_now_are_two_reports(firm: dict[str, Any]) -> None:
    assert balances(by="salesperson") == {"li": 4021, "zhao": 50300}
    assert balances(by="salesperson", meaning="sale") == {"li": 4021, "zhao": 50300}
    assert balances(by="salesperson", meaning="owner") == {"li": 21, "zhao": 54300}


def test_rows_by_region_by_key_account_and_by_the_parent_at_the_top(firm: dict[str, Any]) -> None:
    assert balances(by="region") == {"": 300, "East": 1, "West": 54020}
    assert balances(by="key_account") == {"no": 54320, "yes": 1}
    assert balances(by="parent") == {"H": 321, "M": 54000}


def test_customers_who_are_each_other_s_parents_stand_for_themselves(firm: dict[str, Any]) -> None:
    Customer.objects.filter(code="H").update(parent=firm["twig"])
    assert balances(by="parent") == {"B": 20, "H": 1, "M": 54000, "T": 300}


def test_sales_and_customers_of_nobody_have_a_row(firm: dict[str, Any]) -> None:
    nobody = a_customer(code="N", name="Nobody's")
    Desk(nobody, by=a_user(Role.FINANCE)).invoice(7, "2025-01-01")
    for meaning in Meaning:
        report = ask("2025-02-10", by="salesperson", meaning=meaning)
        [row] = [row for row in report if row.key == ""]
        assert (row.group, row.amounts.balance) == (None, Decimal(7))
        assert [item.customer_code for item in items("2025-02-10", by="salesperson", meaning=meaning,
                groups=(None,)).iterator()] == ["N"]  # fmt: skip


def test_each_filter_leaves_what_it_names(firm: dict[str, Any]) -> None:
    assert balances(region="West") == {"B": 20, "M": 54000}
    assert balances(region="") == {"T": 300}
    assert balances(key_account=True) == {"H": 1}
    assert balances(key_account=False) == {"B": 20, "M": 54000, "T": 300}
    assert balances(customer=firm["moved"].pk) == {"M": 54000}
    assert balances(salesperson=firm["li"].pk) == {"B": 20, "H": 1}
    assert balances(salesperson=firm["li"].pk, meaning="sale") == {"B": 20, "H": 1, "M": 4000}
    assert balances(overdue_only=True) == {"B": 20, "H": 1, "M": 4000, "T": 300}
    assert balances(region="West", salesperson=firm["zhao"].pk, overdue_only=True) == {"M": 4000}


def test_two_currencies_are_never_added_up(firm: dict[str, Any]) -> None:
    abroad = a_customer(code="U", name="Abroad", owner=firm["li"], currency="USD", parent=firm["head"], region="East")
    Desk(abroad).invoice(9, "2025-01-01")
    for by in Grouping:
        found = reports(question("2025-02-10", by=by))
        assert [(report.currency, report.totals.balance) for report in found] == [
            ("CNY", Decimal(54321)),
            ("USD", Decimal(9)),
        ]
    assert balances(currency="USD") == {"U": 9}
    [nothing] = reports(question("2025-02-10", currency="EUR"))
    assert (nothing.currency, len(nothing)) == ("EUR", 0)


def test_an_empty_ledger_has_an_empty_report() -> None:
    report = ask("2025-01-01")
    assert (report.currency, len(report), report.totals.balance) == ("CNY", 0, Decimal(0))


def test_rows_can_be_put_in_the_order_of_any_column(firm: dict[str, Any]) -> None:
    report = ask("2025-02-10")
    assert [row.key for row in report.sorted("balance", descending=True)] == ["M", "T", "B", "H"]
    assert [row.key for row in report.sorted("overdue")] == ["H", "B", "T", "M"]
    assert [row.key for row in report.sorted("name")] == ["B", "H", "M", "T"]
    assert next(iter(report.sorted("not_due", descending=True))).key == "M"


# --- who sees what -------------------------------------------------------------------------------------------


def test_a_salesperson_sees_the_customers_owned_now_and_apart_from_them_the_own_sales(firm: dict[str, Any]) -> None:
    li, zhao = firm["li"], firm["zhao"]
    assert balances(user=li) == {"B": 20, "H": 1}
    assert balances(user=zhao) == {"M": 54000, "T": 300}
    assert balances(user=li, meaning="sale") == {"B": 20, "H": 1, "M": 4000}
    assert balances(user=zhao, meaning="sale") == {"M": 50000, "T": 300}
    assert balances(user=li, by="salesperson") == {"li": 4021}
    assert balances(user=zhao, by="salesperson", meaning="owner") == {"zhao": 54300}


def test_filters_do_not_widen_what_a_user_sees(firm: dict[str, Any]) -> None:
    assert balances(user=firm["li"], customer=firm["twig"].pk) == {}
    assert balances(user=firm["li"], salesperson=firm["zhao"].pk) == {}
    assert balances(user=firm["li"], salesperson=firm["zhao"].pk, meaning="sale") == {}
    assert balances(user=firm["li"], by="parent") == {"H": 21}


def test_a_manager_sees_the_team_and_the_others_see_all(firm: dict[str, Any]) -> None:
    team = a_team()
    User.objects.filter(username="li").update(team=team)
    manager = a_user(Role.MANAGER, team=team)
    assert balances(user=manager) == {"B": 20, "H": 1}
    assert balances(user=manager, by="salesperson") == {"li": 21}
    for role in (Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR):
        assert sum(balances(user=a_user(role)).values()) == 54321


# --- the items behind the numbers ----------------------------------------------------------------------------


def numbers(report: Any) -> list[tuple[str, tuple[Any, ...], Decimal]]:
    """Every number of a report: its column, its row (none: the total), its amount."""
    names = ["unbilled", *(bucket.key for bucket in report.buckets), "unapplied", "balance", "overdue"]
    found: list[tuple[str, tuple[Any, ...], Decimal]]
    found = [(name, (), amount) for name, amount in zip(names, report.totals.all(), strict=True)]
    for row in report:
        found += [(name, (row.group,), amount) for name, amount in zip(names, row.amounts.all(), strict=True)]
    return found


@pytest.mark.parametrize("by", Grouping)
@pytest.mark.parametrize("basis", Basis)
@pytest.mark.parametrize("unbilled", ["column", "aged"])
@pytest.mark.parametrize("as_of", ["2025-02-10", "2030-01-01"])
def test_the_items_behind_each_number_add_up_to_it(
    firm: dict[str, Any], by: Grouping, basis: Basis, unbilled: str, as_of: str
) -> None:
    Desk(firm["head"]).shipment(700, "2025-01-05")
    Desk(firm["branch"]).payment(5, "2025-02-05", automatic=False)
    Desk(firm["twig"]).payment(100, "2025-03-05")
    asked = question(as_of, by=by, basis=basis, unbilled=unbilled)
    [report] = reports(asked)
    assert report.totals.balance == {"2025-02-10": 55016, "2030-01-01": 54916}[as_of]
    for column, groups, amount in numbers(report):
        found = Items(asked, None, column, groups)
        assert found.sum == amount
        listed = list(found.iterator())
        assert sum((item.open for item in listed), Decimal(0)) == amount
        assert found.count() == len(listed)


def test_an_item_says_what_it_is(worked: Desk) -> None:
    debt, credit = items("2025-02-28")[0:50]
    assert (debt.customer_code, debt.customer_name, debt.region, debt.kind) == ("001", "One", "East", "invoice")
    assert (debt.date, debt.due_date, debt.days) == (day("2025-01-01"), day("2025-01-31"), 28)
    assert (debt.column, debt.document_amount, debt.open) == ("1–30 days", Decimal(1000), Decimal(1000))
    assert (debt.salesperson, debt.owner) == ("wang", "wang")
    assert (credit.kind, credit.days, credit.due_date, credit.open) == ("payment", None, None, Decimal(-400))


def test_items_are_sorted_and_cut_in_the_database(firm: dict[str, Any]) -> None:
    asked = items("2025-02-10")
    assert [item.customer_code for item in asked[0:2]] == ["B", "H"]
    assert [int(item.open) for item in asked.order_by("-open")[1:3]] == [4000, 300]
    assert [item.customer_code for item in asked.order_by("customer_name", "nonsense")[2:]] == ["M", "M", "T"]
    assert (len(asked[1:3]), asked.count()) == (2, 5)


def test_items_of_another_are_not_shown(firm: dict[str, Any]) -> None:
    assert items("2025-02-10", firm["li"], groups=(firm["twig"].pk,)).count() == 0
    assert items("2025-02-10", firm["zhao"], groups=(firm["twig"].pk,)).count() == 1


# --- laws ----------------------------------------------------------------------------------------------------


def test_the_report_proves_itself_on_every_day(firm: dict[str, Any], worked: Desk) -> None:
    worked.reverse(worked.payment(55, "2025-02-01"), "2025-04-01")
    for days in range(0, 200, 7):
        as_of = day("2024-12-28") + timedelta(days=days)
        posted = Entry.objects.filter(date__lte=as_of).aggregate(total=Sum("amount"))["total"] or 0
        for by in Grouping:
            for basis in Basis:
                [report] = reports(Question(as_of=as_of, by=by, basis=basis))
                totals = report.totals
                assert totals.balance == posted
                assert totals.unbilled + sum(totals.buckets) + totals.unapplied == totals.balance
                for row in report:
                    amounts = row.amounts
                    assert amounts.unbilled + sum(amounts.buckets) + amounts.unapplied == amounts.balance
                    assert said(report, amounts)


def test_a_report_takes_a_handful_of_statements(firm: dict[str, Any], django_assert_max_num_queries: Any) -> None:
    for by in Grouping:
        with django_assert_max_num_queries(4):
            reports(question("2025-02-10", by=by))
