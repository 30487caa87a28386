"""Flags that an act raises: once to a source, shown like any other, never touched by the sweep."""

from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Role
from flags import digest
from flags.models import Flag, FlagKind
from flags.raising import clear_flag, raise_flag
from flags.services import acknowledge, snooze
from flags.sweep import raise_flags, refresh_flags
from ledger.models import Entry
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))


def rejected(desk: Desk, entry: Entry, **facts: Any) -> Flag:
    facts = {"reason": "the bank shows nothing", "amount": money(400), **facts}
    return raise_flag(
        kind=FlagKind.REJECTED,
        source=f"rejection:{entry.pk}",
        customer=desk.customer,
        entry=entry,
        since=entry.date,
        **facts,
    )


def silent(desk: Desk, statement: int = 7) -> Flag:
    return raise_flag(
        kind=FlagKind.CUSTOMER_SILENT,
        source=f"statement:{statement}",
        customer=desk.customer,
        since=day("2026-10-31"),
        path="/reconciliation/statements/7/",
    )


def test_a_source_raises_once_until_it_is_cleared(desk: Desk) -> None:
    first = silent(desk)
    assert silent(desk) == first
    assert clear_flag(kind=FlagKind.CUSTOMER_SILENT, source="statement:7")
    assert not clear_flag(kind=FlagKind.CUSTOMER_SILENT, source="statement:7")
    again = silent(desk)
    assert again != first
    assert list(Flag.objects.open()) == [again]


def test_raised_again_it_is_brought_up_to_date_and_stays_put_off(desk: Desk) -> None:
    payment = desk.payment(400, "2026-01-01")
    flag = rejected(desk, payment)
    snooze(flags=[flag], by=desk.by, until=timezone.localdate().replace(month=12, day=31))
    again = rejected(desk, payment, reason="the bank shows 300.00", amount=money(100))
    assert (again.pk, again.reason, again.amount_at_stake) == (flag.pk, "the bank shows 300.00", money(100))
    assert again.snoozed_until is not None


def test_the_sweep_leaves_it_alone(desk: Desk) -> None:
    flags = [silent(desk), rejected(desk, desk.payment(400, "2026-01-01"))]
    today = timezone.localdate()
    counted = raise_flags(as_of=today)
    refresh_flags(as_of=today, customers=[desk.customer.pk], patience=1)
    assert list(Flag.objects.open().order_by("pk")) == flags
    assert "rejected" not in counted.open


def test_an_entry_may_be_overdue_and_rejected_at_once(desk: Desk) -> None:
    invoice = desk.invoice(100, "2026-01-01", due_date=day("2026-01-31"))
    rejected(desk, invoice)
    raise_flags(as_of=day("2026-02-01"))
    raise_flags(as_of=day("2026-02-01"))
    assert sorted(Flag.objects.open().filter(entry=invoice).values_list("kind", flat=True)) == [
        "not_sent",
        "overdue",
        "rejected",
    ]


@pytest.mark.parametrize(
    "facts", [{"kind": "overdue", "source": "x:1"}, {"kind": "rejected"}, {"kind": "overdue", "entry": None}]
)
def test_the_database_refuses_a_source_of_the_sweeps_and_an_act_without_one(
    desk: Desk, facts: dict[str, Any]
) -> None:
    entry = desk.payment(400, "2026-01-01")
    plain = {"customer": desk.customer, "entry": entry, "since": entry.date, "amount_at_stake": 0}
    with pytest.raises(IntegrityError), transaction.atomic():
        Flag.objects.create(raised_on=entry.date, **{**plain, **facts})
    with pytest.raises(ValueError, match="an act raises"):
        raise_flag(kind=FlagKind.OVERDUE, source="x:1", customer=desk.customer, since=entry.date)


def test_who_knows_of_a_rejection_has_dealt_with_it(desk: Desk) -> None:
    flag = rejected(desk, desk.payment(400, "2026-01-01"))
    other = silent(desk)
    acknowledge(flag=flag, by=desk.by, note="It was another customer's.")
    acknowledge(flag=other, by=desk.by, note="They promised it for Friday.")
    assert list(Flag.objects.open()) == [other]
    assert flag.notes.get().note == "It was another customer's."


def test_it_is_seen_on_the_desk_in_the_list_on_its_page_and_in_the_mail(desk: Desk, client: Client) -> None:
    flag = rejected(desk, desk.payment(400, "2026-01-01", number="P-1"), path="/ledger/rejected/")
    silent(desk)
    client.force_login(desk.by)
    pages = [
        (reverse("desk"), ["2 documents", "payment P-1", "the bank shows nothing", "Statement of account", "400.00"]),
        (reverse("desk") + "?kind=customer_silent", ["Statement of account", 'href="/reconciliation/statements/7/"']),
        (reverse("flags:list") + "?kind=rejected", ["Payment P-1", "Rejected by finance"]),
        (reverse("flags:list") + "?q=P-1", ["Payment P-1"]),
        (reverse("flags:list") + "?kind=customer_silent", ["Statement of account"]),
        (reverse("flags:detail", args=[flag.pk]), ["the bank shows nothing", 'href="/ledger/rejected/"']),
        (reverse("customers:timeline", args=[desk.customer.pk]), ["Flag raised: rejected by finance"]),
    ]
    for address, said in pages:
        page = client.get(address).content.decode()
        for words in said:
            assert words.lower() in page.lower(), (address, words)
    assert "customer_silent" not in client.get(reverse("flags:list") + "?q=P-1").content.decode().split("<tbody")[1]
    digest.send_all(day=timezone.localdate())
    [sent] = mail.outbox
    assert "payment P-1 (the bank shows nothing)" in sent.body
    assert "statement of account" in sent.body


def test_thresholds_know_only_what_a_sweep_finds(client: Client) -> None:
    client.force_login(a_user(role=Role.FINANCE))
    page = client.get(reverse("flags:thresholds")).content.decode()
    assert "days_overdue" in page
    assert "days_rejected" not in page
