"""Finance rejects what it has not seen: reversed, told and flagged, or nothing at all."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from customers.models import Role, User
from flags.models import Flag, FlagKind
from ledger import posting
from ledger.confirmation import confirm
from ledger.errors import InvalidDocument, NotPermitted
from ledger.models import Entry
from ledger.verification import breaches
from reconciliation.books.models import Rejection
from reconciliation.books.rejecting import clear_what_was_recorded_again, reject
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, money

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance() -> User:
    return a_user(role=Role.FINANCE)


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user()))


def state() -> tuple[int, int, int]:
    return Entry.objects.count(), Rejection.objects.count(), Flag.objects.count()


def test_a_rejected_payment_is_reversed_and_its_salesperson_told(desk: Desk, finance: User) -> None:
    invoice = desk.invoice(1000, "2026-03-01")
    paid = desk.payment(400, "2026-03-10", number="P-1", invoices=[(invoice, None)])
    outcome = reject(entries=[paid, paid], by=finance, reason="  the bank shows nothing ")
    [rejection] = outcome.done
    invoice.refresh_from_db()
    paid.refresh_from_db()
    assert invoice.open_amount == money(1000)
    assert paid.reversed_on is not None
    assert paid.reversed_by.memo == rejection.reason == "the bank shows nothing"
    flag = Flag.objects.get()
    assert (flag.kind, flag.entry, flag.amount_at_stake, flag.raised_for) == (
        FlagKind.REJECTED,
        paid,
        money(400),
        desk.customer.owner,
    )
    assert list(breaches()) == []
    again = reject(entries=[paid], by=finance, reason="once more")
    assert (again.done, again.already, again.refused) == ([], [rejection], [])


def test_the_database_keeps_what_was_rejected(desk: Desk, finance: User) -> None:
    reject(entries=[desk.payment(400, "2026-03-10")], by=finance, reason="not seen")
    attacks = (lambda: Rejection.objects.update(reason="other"), lambda: Rejection.objects.all().delete())
    for attack in attacks:
        with pytest.raises(DatabaseError, match="never edited or deleted"), transaction.atomic():
            attack()
    assert Rejection.objects.get().reason == "not seen"


def test_of_several_those_that_cannot_be_rejected_are_told_and_left_whole(desk: Desk, finance: User) -> None:
    billed = desk.shipment(100, "2026-03-01", number="S-1")
    invoice = desk.invoice(100, "2026-03-02", number="F-1", shipments=[billed])
    seen = desk.payment(30, "2026-03-03", number="P-1")
    confirm(entries=[seen], by=finance)
    slip = desk.payment(20, "2026-03-03", number="P-2")
    desk.reverse(slip, "2026-03-04")
    wrong = desk.payment(40, "2026-03-05", number="P-3")
    other = Desk(a_customer(owner=a_user())).shipment(70, "2026-03-05")
    outcome = reject(entries=[billed, invoice, seen, slip, wrong, other], by=finance, reason="not so")
    assert [one.entry for one in outcome.done] == [wrong, other]
    assert [entry for entry, _why in outcome.refused] == [billed, invoice, seen, slip]
    said = [why for _entry, why in outcome.refused]
    assert "F-1" in said[0]
    assert said[1:] == [
        "invoice F-1 is neither goods nor money; there is nothing to reject.",
        "payment P-1 is confirmed; withdraw the confirmation first.",
        "payment P-2 was reversed already.",
    ]
    assert not Entry.objects.filter(reverses__in=[billed, invoice, seen]).exists()
    assert Flag.objects.count() == 2


@pytest.mark.parametrize(
    ("by_finance", "reason", "error"), [(True, "  ", InvalidDocument), (False, "no", NotPermitted)]
)
def test_nobody_but_finance_rejects_and_never_without_a_reason(
    desk: Desk, finance: User, by_finance: bool, reason: str, error: Any
) -> None:
    paid = desk.payment(40, "2026-03-05")
    before = state()
    with pytest.raises(error):
        reject(entries=[paid], by=finance if by_finance else desk.by, reason=reason)
    assert state() == before
    with pytest.raises(IntegrityError), transaction.atomic():
        Rejection.objects.create(entry=paid, reason="", by=finance, recorded_at=paid.recorded_at)


@pytest.mark.django_db(transaction=True)
def test_recorded_again_it_is_off_the_desk(
    desk: Desk, finance: User, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setattr(posting, "FOLLOWERS", [clear_what_was_recorded_again])
    paid = desk.payment(400, "2026-03-10", number="P-1", bank_reference="B-77")
    reject(entries=[paid], by=finance, reason="the bank shows 300.00")
    desk.payment(5, "2026-03-10", number="P-9")
    assert Flag.objects.open().count() == 1
    client.force_login(desk.by)
    page = client.get(reverse("books:rejected-entry", args=[paid.pk])).content.decode()
    address = f"{reverse('ledger:payment-new')}?customer={desk.customer.pk}&amp;again={paid.pk}"
    assert address in page
    form = client.get(address.replace("&amp;", "&")).content.decode()
    for said in ('value="P-1"', 'value="B-77"', 'value="400.00"', 'value="2026-03-10"'):
        assert said in form, said
    assert "yes" not in client.get(reverse("books:rejected")).content.decode().split("<tbody")[1].split("</tbody")[0]
    desk.payment(300, "2026-03-10", number="P-1")
    assert Flag.objects.open().count() == 0
    listed = client.get(reverse("books:rejected") + "?again=yes").content.decode()
    assert "P-1" in listed
    assert "the bank shows 300.00" in listed


def test_the_door_asks_for_the_reason_and_opens_to_finance_alone(desk: Desk, finance: User, client: Client) -> None:
    paid, other = desk.payment(40, "2026-03-05", number="P-1"), desk.payment(50, "2026-03-05", number="P-2")
    url = reverse("books:reject")
    client.force_login(desk.by)
    assert client.post(url, {"rows": paid.pk, "reason": "no"}).status_code == 403
    client.force_login(finance)
    before = state()
    asked = client.post(url, {"rows": f"{paid.pk},{other.pk}"}).content.decode()
    assert "P-1" in asked
    assert "P-2" in asked
    assert "Fill this in." not in asked
    assert "P-1" in client.get(url, {"rows": paid.pk}).content.decode()
    assert "Fill this in." in client.post(url, {"rows": paid.pk, "reason": " "}).content.decode()
    assert state() == before
    answer = client.post(url, {"rows": f"{paid.pk},{other.pk}", "reason": "not seen"}, follow=True)
    assert "2 documents were rejected." in answer.content.decode()
    hidden = Desk(a_customer(owner=a_user()))
    client.force_login(hidden.by)
    assert client.get(reverse("books:rejected-entry", args=[paid.pk])).status_code == 404
