"""A month is closed with its report, which is the same a year later, whatever comes into the month since."""

import json
import uuid
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from customers.models import Role, User
from ledger import closing, documents
from ledger.closing import open_month
from ledger.confirmation import confirm
from ledger.models import Entry, LatePosting, PeriodClose
from ledger.posting import Sent, post
from reconciliation.closing import services
from reconciliation.closing.models import ClosingReport
from reconciliation.closing.queries import State, checklist, months
from reconciliation.closing.report import compose, digest_of
from reconciliation.closing.services import close_month
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money

pytestmark = pytest.mark.django_db

SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def finance() -> User:
    return a_user(role=Role.FINANCE)


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(code="C-1", name="Acme", owner=a_user()))


def a_past(desk: Desk, finance: User) -> dict[str, Entry]:
    """Owed before September 100; in it goods of 1,000 billed in full, 400 paid and confirmed, 50 paid and not."""
    desk.opening(100, "2026-08-01")
    goods = desk.shipment(1000, "2026-09-05")
    desk.invoice(1000, "2026-09-06", shipments=[goods], due_date=day("2026-10-06"))
    paid = desk.payment(400, "2026-09-10")
    confirm(entries=[goods, paid], by=finance, on=day("2026-09-30"))
    return {"unseen": desk.payment(50, "2026-09-20", automatic=False, number="P-50")}


def late_payment(desk: Desk, finance: User) -> Entry:
    sent = Sent.form(uuid.uuid4(), "late", late_reason="found in the post")
    return post(documents.payment, finance, sent, desk.customer, date=day("2026-09-25"), amount=money(30))


def test_what_was_waited_for_is_in_the_report(desk: Desk, finance: User, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.opening(100, "2026-08-01")
    monkeypatch.setattr(closing, "_wait_for_postings", lambda: desk.payment(30, "2026-09-20"))
    close = close_month(month=SEPTEMBER, by=finance)
    [part] = json.loads(close.report.content)["currencies"]
    assert part["moved"]["closing"] == "70.00"


def test_the_report_says_what_was_known_to_the_cent(desk: Desk, finance: User) -> None:
    a_past(desk, finance)
    close = close_month(month=SEPTEMBER, by=finance, note="all checked")
    [part] = json.loads(close.report.content)["currencies"]
    assert part["moved"] == {
        "opening": "100.00",
        "kind_shipment": "1000.00",
        "kind_invoice": "0.00",
        "kind_payment": "-450.00",
        "closing": "650.00",
    }
    assert part["books"]["totals"] == {"sales": "650.00", "finance": "700.00", "difference": "-50.00", "count": 1}
    assert part["aging"]["totals"]["balance"] == "650.00"
    assert part["aging"]["totals"]["unapplied"] == "-50.00"
    [row] = part["unconfirmed"]
    assert (row["number"], row["amount"], row["days"], row["code"]) == ("P-50", "-50.00", 10, "C-1")
    assert close.report.digest == digest_of(close.report.content)


def test_a_year_later_it_is_the_same_byte_by_byte(desk: Desk, finance: User, monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_past(desk, finance)
    close = close_month(month=SEPTEMBER, by=finance)
    kept = close.report.content.encode()
    late_payment(desk, finance)
    confirm(entries=[made["unseen"]], by=finance)
    desk.allocate_automatically()
    Desk(desk.customer, by=finance).reverse(made["unseen"], f"{timezone.localdate()}")
    later = timezone.now() + timedelta(days=366)
    monkeypatch.setattr(timezone, "now", lambda: later)
    desk.payment(5, later.date().isoformat())
    assert ClosingReport.objects.get().content.encode() == kept
    again = compose(month=SEPTEMBER, as_of=close.closed_until, known=close.recorded_at)
    assert again.encode() == kept
    now = compose(month=SEPTEMBER, as_of=close.closed_until, known=later)
    assert json.loads(now)["currencies"][0]["books"]["totals"]["sales"] == "620.00"


def test_the_next_months_opening_names_what_came_late_into_the_closed_one(
    desk: Desk, finance: User, client: Client
) -> None:
    a_past(desk, finance)
    september = close_month(month=SEPTEMBER, by=finance)
    late_payment(desk, finance)
    desk.payment(5, "2026-10-03")
    october = close_month(month=date(2026, 10, 1), by=finance)
    late_payment(desk, finance)
    [before], [part] = (json.loads(one.report.content)["currencies"] for one in (september, october))
    assert (before["moved"]["closing"], part["moved"]["opening"], before["late"]) == ("650.00", "620.00", [])
    assert [(row["amount"], row["reason"], row["code"]) for row in part["late"]] == [
        ("-30.00", "found in the post", "C-1")
    ]
    again = compose(month=date(2026, 10, 1), as_of=october.closed_until, known=october.recorded_at)
    assert again == october.report.content
    client.force_login(finance)
    page = client.get(reverse("closing:month", args=["2026-10"])).content.decode()
    assert "of it 1 entry that came after the last month was closed" in page
    assert reverse("closing:month", args=["2026-09"]) + "#late" in page
    book = load_workbook(BytesIO(b"".join(client.get(reverse("closing:workbook", args=["2026-10"])))))
    assert [cell.value for cell in book["Came late CNY"][2]][-2:] == ["found in the post", -30]


def test_closed_again_it_has_another_report_and_keeps_the_first(desk: Desk, finance: User) -> None:
    a_past(desk, finance)
    first = close_month(month=SEPTEMBER, by=finance)
    open_month(month=SEPTEMBER, by=finance, reason="a payment was missing")
    desk.payment(70, "2026-09-29")
    second = close_month(month=SEPTEMBER, by=finance)
    sales = [json.loads(one.report.content)["currencies"][0]["books"]["totals"]["sales"] for one in (first, second)]
    assert sales == ["650.00", "580.00"]


@pytest.mark.parametrize(
    "statement", ["UPDATE closing_closingreport SET content = '{}'", "DELETE FROM closing_closingreport"]
)
def test_the_database_keeps_the_report(desk: Desk, finance: User, statement: str) -> None:
    a_past(desk, finance)
    close_month(month=SEPTEMBER, by=finance)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_without_a_report_no_month_is_closed(desk: Desk, finance: User, monkeypatch: pytest.MonkeyPatch) -> None:
    a_past(desk, finance)

    def broken(**_facts: Any) -> str:
        raise RuntimeError("no disk")

    monkeypatch.setattr(services, "compose", broken)
    with pytest.raises(RuntimeError):
        close_month(month=SEPTEMBER, by=finance)
    assert not PeriodClose.objects.exists()


def test_the_list_of_months_and_what_is_still_open(desk: Desk, finance: User) -> None:
    a_past(desk, finance)
    today = date(2026, 11, 25)

    def states() -> list[tuple[int, str, int]]:
        return [(month.first.month, month.state, month.late) for month in months(today=today)]

    assert states() == [(11, "running", 0), (10, "open", 0), (9, "open", 0), (8, "next", 0)]
    close_month(month=date(2026, 8, 1), by=finance)
    close_month(month=SEPTEMBER, by=finance)
    late_payment(desk, finance)
    assert states() == [(11, "running", 0), (10, "next", 0), (9, "closed", 1), (8, "closed", 0)]


def test_what_is_still_to_be_done_is_what_its_lists_show(desk: Desk, finance: User, client: Client) -> None:
    made = a_past(desk, finance)
    desk.shipment(70, "2026-09-30")
    desk.payment(8, "2026-10-01", automatic=False)
    client.force_login(finance)
    for expected in ([0, 2, 1, 1], [0, 1, 1, 1]):
        checks = checklist(finance, SEPTEMBER)
        assert [check.count for check in checks] == expected
        shown = [client.get(check.url).context["table"].paginated_rows for check in checks]
        assert [len(rows) for rows in shown] == expected
        confirm(entries=[made["unseen"]], by=finance)


def test_what_is_confirmed_in_the_next_month_is_no_difference_of_the_last(desk: Desk, finance: User) -> None:
    made = a_past(desk, finance)
    assert confirm(entries=[made["unseen"]], by=finance).done
    close = close_month(month=SEPTEMBER, by=finance)
    [part] = json.loads(close.report.content)["currencies"]
    assert part["books"]["totals"] == {"sales": "650.00", "finance": "650.00", "difference": "0.00", "count": 0}


def test_the_pages_close_show_and_open(desk: Desk, finance: User, client: Client) -> None:
    a_past(desk, finance)
    client.force_login(desk.by)
    assert client.get(reverse("closing:months")).status_code == 403
    assert client.post(reverse("closing:close", args=["2026-08"])).status_code == 403
    client.force_login(a_user(role=Role.AUDITOR))
    assert client.get(reverse("closing:months")).status_code == 200
    assert client.post(reverse("closing:close", args=["2026-08"])).status_code == 403
    client.force_login(finance)
    assert client.get(reverse("closing:month", args=["2031-01"])).status_code == 404
    assert "Close Aug 2026" in client.get(reverse("closing:months")).content.decode()
    refused = client.post(reverse("closing:close", args=["2026-11"]), {"note": ""}).content.decode()
    assert "is not over yet" in refused
    client.post(reverse("closing:close", args=["2026-08"]), {"note": "first"})
    page = client.post(reverse("closing:close", args=["2026-09"]), {"note": "x"}, follow=True).content.decode()
    for said in (
        "Sep 2026 is closed.",
        "650.00",
        "700.00",
        "P-50",
        "Acme",
        ClosingReport.objects.latest("pk").digest,
    ):
        assert said in page, said
    late_payment(desk, finance)
    assert "found in the post" in client.get(reverse("closing:month", args=["2026-09"])).content.decode()
    file = b"".join(client.get(reverse("closing:workbook", args=["2026-09"])))
    book = load_workbook(BytesIO(file))
    assert book.sheetnames == ["About", "Aging CNY", "Both books CNY", "Not confirmed CNY"]
    assert [cell.value for cell in book["Both books CNY"][2]][:6] == ["C-1", "Acme", 650, 700, -50, 1]
    refused = client.post(reverse("closing:open", args=["2026-09"]), {"note": " "}).content.decode()
    assert "Fill this in." in refused
    client.post(reverse("closing:open", args=["2026-09"]), {"note": "the auditor asks"})
    assert months(today=date(2026, 11, 25))[2].state == State.NEXT
    assert LatePosting.objects.count() == 1
