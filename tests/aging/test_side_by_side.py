"""The report beside another day and spread over a second grouping: every number, and laws that hold for any books."""

import csv
import io
import json
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aging import workbook
from aging.comparison import Comparison, days_to_compare
from aging.pivot import Pivot
from aging.queries import Items, comparisons, pivots, reports
from aging.question import ACROSS, Grouping, Question
from customers.models import Role, User
from tests.aging.asking import question
from tests.build import a_customer, a_user
from tests.laws import examples
from tests.ledger.desk import Desk, day, money

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY = "2025-01-31", "2025-02-28"


@pytest.fixture
def firm() -> dict[str, Any]:
    """Two customers of li in two regions, one of zhao, one of nobody.

    On 31 January One owes 100 (not due) and Two 50 (1 day late); on 28 February One owes 60 of it (28 days late) and
    a new 20, Two has paid, Three owes 7, Four has paid 5 ahead.
    """
    li, zhao = a_user(username="li", language="en"), a_user(username="zhao", language="en")
    one = a_customer(code="001", name="One", owner=li, region="East", key_account=True)
    two = a_customer(code="002", name="Two", owner=li, region="West")
    three = a_customer(code="003", name="Three", owner=zhao, region="East")
    four = a_customer(code="004", name="Four", owner=None)
    Desk(one).invoice(100, "2025-01-01", number="I-1", due_date=day("2025-01-31"))
    Desk(two).invoice(50, "2025-01-01", number="I-2", due_date=day("2025-01-30"))
    Desk(one).payment(40, "2025-02-10")
    Desk(two).payment(50, "2025-02-11")
    Desk(one).invoice(20, "2025-02-20", number="I-3", due_date=day("2025-03-20"))
    Desk(three).invoice(7, "2025-02-20", number="I-4", due_date=day("2025-03-20"))
    Desk(four, by=a_user(Role.FINANCE)).payment(5, "2025-02-15", number="P-9")
    return {"li": li, "zhao": zhao, "one": one, "two": two, "three": three, "four": four}


def one_comparison(user: User | None = None, **facts: Any) -> Comparison:
    facts.setdefault("compare", day(JANUARY))
    [found] = comparisons(question(FEBRUARY, **facts), user=user)
    return found


def one_pivot(across: str, user: User | None = None, **facts: Any) -> Pivot:
    [found] = pivots(question(FEBRUARY, across=Grouping(across), **facts), user=user)
    return found


def figures(found: Comparison) -> dict[str, list[str]]:
    return {row.row.key: [str(value) for value in row.figures()] for row in found.rows}


def cells(found: Pivot) -> dict[str, dict[str, str]]:
    heads = [head.key for head in found.columns]
    return {
        row.head.key: dict(zip([*heads, "total"], map(str, row.amounts()), strict=True))
        for row in [*found.rows, found.totals]
    }


def test_each_group_is_told_on_both_days_the_worst_movement_first(firm: dict[str, Any]) -> None:
    found = one_comparison()
    assert figures(found) == {
        # balance: now, then, change, change in %; overdue: the same
        "001": ["80.00", "100.00", "-20.00", "-20.0", "60.00", "0.00", "60.00", "None"],
        "003": ["7.00", "0.00", "7.00", "None", "0.00", "0.00", "0.00", "None"],
        "004": ["-5.00", "0.00", "-5.00", "None", "0.00", "0.00", "0.00", "None"],
        "002": ["0.00", "50.00", "-50.00", "-100.0", "0.00", "50.00", "-50.00", "-100.0"],
    }
    assert [row.row.key for row in found.rows] == ["001", "003", "004", "002"]
    total = [str(value) for value in found.totals.figures()]
    assert total == ["82.00", "150.00", "-68.00", "-45.3", "60.00", "50.00", "10.00", "20.0"]


def test_every_column_of_the_report_has_its_total_on_both_days(firm: dict[str, Any]) -> None:
    found = one_comparison()
    changes = [(str(change.now), str(change.then)) for change in found.totals.changes()]
    names = ["unbilled", *(bucket.key for bucket in found.buckets), "unapplied", "balance", "overdue"]
    told = {name: change for name, change in zip(names, changes, strict=True) if change != ("0.00", "0.00")}
    assert told == {
        "not_due": ("27.00", "100.00"),
        "1-30": ("60.00", "50.00"),
        "unapplied": ("-5.00", "0.00"),
        "balance": ("82.00", "150.00"),
        "overdue": ("60.00", "50.00"),
    }


def test_salespeople_are_compared_too(firm: dict[str, Any]) -> None:
    found = figures(one_comparison(by="salesperson", meaning="owner"))
    assert found["li"][:4] == ["80.00", "150.00", "-70.00", "-46.7"]
    assert found["zhao"][:4] == ["7.00", "0.00", "7.00", "None"]
    assert found[""][:4] == ["-5.00", "0.00", "-5.00", "None"]


def test_a_column_without_a_percentage_stands_last_in_either_order(firm: dict[str, Any]) -> None:
    found = one_comparison()
    for descending in (False, True):
        order = [row.row.key for row in found.sorted("balance_percent", descending=descending).rows]
        assert order[:2] == (["001", "002"] if descending else ["002", "001"])


def test_currencies_are_compared_apart(firm: dict[str, Any]) -> None:
    dollars = a_customer(code="005", currency="USD", owner=firm["li"])
    Desk(dollars).invoice(9, "2025-02-01")
    found = comparisons(question(FEBRUARY, compare=day(JANUARY)))
    assert [(one.currency, str(one.totals.balance.change)) for one in found] == [("CNY", "-68.00"), ("USD", "9.00")]


def test_a_comparison_takes_two_statements_and_a_pivot_one(firm: dict[str, Any]) -> None:
    for ask, statements in (
        (lambda: comparisons(question(FEBRUARY, compare=day(JANUARY))), 2),
        (lambda: pivots(question(FEBRUARY, by="customer", across=Grouping.REGION)), 1),
    ):
        with CaptureQueriesContext(connection) as queries:
            ask()
        # Besides them one looks whether anything has happened since a past day, which costs next to nothing.
        assert sum("GROUP BY" in query["sql"] for query in queries) == statements


def test_salespeople_are_spread_over_regions_with_totals_that_agree(firm: dict[str, Any]) -> None:
    assert cells(one_pivot("region", by="salesperson", meaning="owner")) == {
        "": {"": "-5.00", "East": "87.00", "total": "82.00"},  # the totals stand last and have no key either
        "li": {"": "0.00", "East": "80.00", "total": "80.00"},
        "zhao": {"": "0.00", "East": "7.00", "total": "7.00"},
    }


def test_customers_are_spread_over_key_accounts_and_salespeople(firm: dict[str, Any]) -> None:
    found = cells(one_pivot("key_account", by="customer"))
    assert found["001"] == {"no": "0.00", "yes": "80.00", "total": "80.00"}
    assert found["004"] == {"no": "-5.00", "yes": "0.00", "total": "-5.00"}
    assert found[""] == {"no": "2.00", "yes": "80.00", "total": "82.00"}
    found = cells(one_pivot("salesperson", by="region", meaning="owner"))
    assert found["East"] == {"": "0.00", "li": "80.00", "zhao": "7.00", "total": "87.00"}


def test_nobody_is_told_more_than_the_report_tells(firm: dict[str, Any]) -> None:
    assert set(figures(one_comparison(firm["li"]))) == {"001", "002"}
    assert set(cells(one_pivot("region", firm["zhao"], by="customer"))) == {"003", ""}
    stranger = a_user()
    assert len(one_comparison(stranger)) == 0
    assert len(one_pivot("region", stranger)) == 0


# --- laws -----------------------------------------------------------------------------------------------------

ACTS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["invoice", "shipment", "payment"]),
        st.integers(1, 500),
        st.integers(0, 120),
    ),
    max_size=12,
)


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, by=st.sampled_from(list(Grouping)), across=st.sampled_from(ACROSS), back=st.integers(0, 90))
def test_nothing_moved_since_now_movements_add_up_and_pivots_prove_themselves(
    acts: list[Any], by: Grouping, across: Grouping, back: int
) -> None:
    # What earlier examples posted stays: the laws hold for all of it.
    clerk, sellers = a_user(Role.FINANCE), [a_user(), a_user()]
    customers = [
        a_customer(owner=[*sellers, None][n % 3], region=["", "East", "West"][n % 3], key_account=n % 2 == 0)
        for n in range(4)
    ]
    first = day("2025-01-01")
    for place, act, amount, after in acts:
        on = (first + timedelta(days=after)).isoformat()
        getattr(Desk(customers[place], by=clerk), act)(amount, on)
    today = day("2025-05-01")
    asked = Question(as_of=today, by=by)
    for report in reports(asked):
        [still] = comparisons(Question(as_of=today, by=by, compare=today))
        assert all(change.change == 0 for row in still.rows for change in row.changes())
        [moved] = comparisons(Question(as_of=today, by=by, compare=today - timedelta(days=back)))
        for column, total in enumerate(moved.totals.changes()):
            assert sum((list(row.changes())[column].change for row in moved.rows), Decimal(0)) == total.change
        assert moved.totals.balance.now == report.totals.balance
        if across == by:
            continue
        [pivot] = pivots(Question(as_of=today, by=by, across=across))
        assert pivot.totals.total == report.totals.balance
        assert pivot.totals.amounts()[-1] == sum(pivot.totals.amounts()[:-1], Decimal(0))
        balances = {row.group: row.amounts.balance for row in report if row.amounts.balance}
        assert {row.head.group: row.total for row in pivot.rows if row.total} == balances


# --- the page -------------------------------------------------------------------------------------------------


def page(client: Client, address: str, **said: Any) -> str:
    response = client.get(address, said or None)
    assert response.status_code == 200, address
    return unescape(response.content.decode())


@pytest.fixture
def finance() -> Client:
    client = Client()
    client.force_login(a_user(Role.FINANCE, language="en"))
    return client


def test_the_page_compares_and_leads_to_the_items_of_either_day_and_back(
    firm: dict[str, Any], finance: Client
) -> None:
    here = f"{reverse('aging:report')}?as_of={FEBRUARY}&compare={JANUARY}&sort=-balance_change"
    response = finance.get(here)
    table = response.context["table"]
    assert [row.record.row.key for row in table.paginated_rows] == ["003", "004", "001", "002"]
    [two] = [row.record for row in table.paginated_rows if row.record.row.key == "002"]
    then = table.rows_compared.before.items("balance", two.row)
    items = finance.get(then)
    assert [item.record.number for item in items.context["table"].paginated_rows] == ["I-2"]
    assert items.context["back"] == here
    assert f"as_of={JANUARY}" in then


def test_the_page_offers_the_days_that_one_usually_compares_with(firm: dict[str, Any], finance: Client) -> None:
    assert [str(then) for _name, then in days_to_compare(day("2024-02-29"))] == ["2024-01-31", "2023-02-28"]
    response = finance.get(reverse("aging:report"), {"as_of": FEBRUARY, "region": "East"})
    [month, _year] = response.context["days"]
    assert f"compare={JANUARY}" in month[2]
    assert "region=East" in month[2]
    assert finance.get(month[2]).context["report"].before.as_of == day(JANUARY)


def test_every_number_of_a_pivot_leads_to_items_that_add_up_to_it(firm: dict[str, Any], finance: Client) -> None:
    for by, across in (("salesperson", "region"), ("customer", "key_account"), ("region", "salesperson")):
        response = finance.get(reverse("aging:report"), {"as_of": FEBRUARY, "by": by, "across": across})
        spreads = response.context["table"].spreads
        report, addresses = spreads.report, spreads.addresses
        looked_at = 0
        for row in [*report.rows, report.totals]:
            for place, amount in enumerate(row.amounts()):
                if not amount:
                    continue
                head = row.head if row is not report.totals else None
                column = report.columns[place] if place < len(report.columns) else None
                items = finance.get(addresses.items("balance", head, column)).context["table"]
                assert sum(item.record.open for item in items.paginated_rows) == amount
                looked_at += 1
        assert looked_at > 5


def test_a_row_of_a_pivot_leads_to_its_customers_and_back(firm: dict[str, Any], finance: Client) -> None:
    here = f"{reverse('aging:report')}?as_of={FEBRUARY}&by=salesperson&across=region&sort=name"
    spreads = finance.get(here).context["table"].spreads
    [li] = [row for row in spreads.report.rows if row.head.key == "li"]
    narrower = finance.get(spreads.addresses.row(li.head))
    assert [row.head.key for row in narrower.context["report"].rows] == ["001"]
    assert narrower.context["back"] == here


def test_what_cannot_be_asked_together_is_said(firm: dict[str, Any], finance: Client) -> None:
    address = reverse("aging:report")
    assert "not both at once" in page(finance, address, compare=JANUARY, across="region")
    assert "would be the same" in page(finance, address, by="region", across="region")
    assert "is not a date" in page(finance, address, compare="soon")
    hostile = finance.get(reverse("aging:items"), {"across": "region", "cell": "\0"})
    assert hostile.status_code == 404


def test_a_way_back_never_leads_out_of_the_house(firm: dict[str, Any], finance: Client) -> None:
    items = finance.get(reverse("aging:items"), {"as_of": FEBRUARY, "next": "https://evil.example/"})
    assert items.context["back"].startswith(reverse("aging:report"))


def test_a_salesperson_cannot_spread_over_salespeople(firm: dict[str, Any]) -> None:
    client = Client()
    client.force_login(firm["li"])
    refused = client.get(reverse("aging:report"), {"across": "salesperson"})
    assert set(refused.context["filterset"].form.errors) == {"across"}
    assert "One" in page(client, reverse("aging:report"), as_of=FEBRUARY, across="region")


# --- files and the command ------------------------------------------------------------------------------------


def lines_of(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"))))


def test_what_is_seen_is_exported(firm: dict[str, Any], finance: Client) -> None:
    said = {"as_of": FEBRUARY, "compare": JANUARY, "_export": "csv"}
    rows = lines_of(finance.get(reverse("aging:report"), said))
    assert rows[0][3:7] == ["balance 2025-02-28", "balance 2025-01-31", "balance, change", "balance, change in %"]
    assert rows[1] == ["001", "One", "CNY", "80.00", "100.00", "-20.00", "-20.0", "60.00", "0.00", "60.00", ""]
    said = {"as_of": FEBRUARY, "across": "key_account", "by": "region", "_export": "csv"}
    rows = lines_of(finance.get(reverse("aging:report"), said))
    assert rows[0] == ["region", "name", "currency", "other customers", "key accounts", "Total"]
    assert rows[1] == ["East", "East", "CNY", "7.00", "80.00", "87.00"]


def test_the_workbook_has_a_sheet_for_it(firm: dict[str, Any]) -> None:
    for facts, title, corner in (
        ({"compare": day(JANUARY)}, "Compared", ["80.0", "100.0", "-20.0"]),
        ({"across": Grouping.REGION, "by": "salesperson", "meaning": "owner"}, "Spread", ["-5.0", "0.0", "-5.0"]),
    ):
        file = io.BytesIO()
        workbook.write(file, question(FEBRUARY, **facts), user=None)
        sheet = openpyxl.load_workbook(file)[title]
        found = [
            [str(float(cell)) if isinstance(cell, int | float) else cell for cell in row]
            for row in sheet.iter_rows(min_row=4, values_only=True)
        ]
        assert corner in [row[3:6] for row in found]


def said_by(*options: str) -> Any:
    out = io.StringIO()
    call_command("aging", "--as-of", FEBRUARY, "--format", "json", *options, stdout=out)
    return json.loads(out.getvalue())


def test_the_command_compares_and_spreads_and_answers_as_ever_without(firm: dict[str, Any]) -> None:
    compared = said_by("--compare", JANUARY)
    assert compared["totals"]["overdue"] == {"now": "60.00", "then": "50.00", "change": "10.00"}
    assert compared["rows"][0]["balance"] == {
        "now": "80.00", "then": "100.00", "change": "-20.00", "percent": "-20.0",
    }  # fmt: skip
    spread = said_by("--across", "region", "--by", "salesperson", "--meaning", "owner")
    assert spread["totals"] == {"cells": ["-5.00", "87.00"], "total": "82.00"}
    assert set(said_by()) == {"as_of", "known_on", "basis", "currency", "buckets", "rows", "totals"}


def test_a_job_that_was_queued_before_there_was_a_comparison_is_still_read(firm: dict[str, Any]) -> None:
    params = question(FEBRUARY).as_params()
    del params["compare"], params["across"]
    assert Question.from_params(params) == question(FEBRUARY)
    asked = question(FEBRUARY, compare=day(JANUARY), across=Grouping.REGION)
    assert Question.from_params(asked.as_params()) == asked


def test_the_items_of_a_cell_are_counted_and_summed(firm: dict[str, Any]) -> None:
    asked = question(FEBRUARY, by="region", across=Grouping.KEY_ACCOUNT, currency="CNY")
    assert Items(asked, None, groups=("East",), across=(1,)).sum == money(80)
    assert Items(asked, None, groups=("East",), across=(0,)).sum == money(7)
    assert Items(asked, None, across=(0,)).count() == 2
