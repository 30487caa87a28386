"""A difference has an owner, a day, a thread, and ends by a posting or by words."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from customers.models import Customer, Role, User
from ledger import documents
from ledger.models import Entry
from ledger.posting import post
from reconciliation.comparison.choices import ClassChoices
from reconciliation.comparison.queries.comparisons import bridge_of
from reconciliation.rounds.differences import (
    Found,
    assign,
    classify,
    comment,
    record,
    reopen,
    resolve_by_explanation,
    resolve_by_posting,
)
from reconciliation.rounds.errors import DifferenceRefused
from reconciliation.rounds.lists import record_differences
from reconciliation.rounds.models import Comment, Difference, Reconciliation, State
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk
from tests.reconciliation.comparison.build import a_list
from tests.reconciliation.rounds.asked import under_way

pytestmark = pytest.mark.django_db


def a_difference(customer: Customer, *, reconciliation: Reconciliation | None = None, **facts: Any) -> Difference:
    found = Found(
        **{
            "source": f"test:{uuid4()}",
            "kind": ClassChoices.AMOUNT,
            "words": "Invoice F-1: 100.00 ours, 90.00 theirs",
            "amount": Decimal("10.00"),
            **facts,
        }
    )
    today = timezone.localdate()
    return record([found], customer=customer, by=None, today=today, reconciliation=reconciliation)[0]


def a_discount(customer: Customer, by: User, amount: str = "10.00") -> Entry:
    day = timezone.localdate()
    post(
        documents.invoice,
        by=by,
        key=uuid4(),
        customer=customer,
        number=f"F-{uuid4()}"[:20],
        date=day,
        amount=Decimal("100"),
    )
    return post(
        documents.discount, by=by, key=uuid4(), customer=customer, number="", date=day, amount=Decimal(amount)
    )


def thread(difference: Difference) -> list[str]:
    return list(Comment.objects.filter(difference=difference).values_list("text", flat=True))


def test_what_is_found_twice_is_recorded_once() -> None:
    customer, today = a_customer(), timezone.localdate()
    found = Found("answer:1:2", ClassChoices.UNKNOWN, "Invoice F-1 is unknown", Decimal("100.00"))
    first = record([found], customer=customer, by=None, today=today)
    again = record([found, found], customer=customer, by=None, today=today)
    assert (len(first), again, Difference.objects.count()) == (1, [], 1)


def test_an_owner_has_a_day_of_the_firms_rules_unless_another_is_named() -> None:
    owner = a_user()
    difference = a_difference(a_customer(owner=owner))
    finance, today = a_user(Role.FINANCE), timezone.localdate()
    assign(difference=difference, owner=owner, by=finance)
    difference.refresh_from_db()
    assert (difference.owner, difference.due_on) == (owner, today + timedelta(days=14))
    assign(difference=difference, owner=finance, by=finance, due_on=today + timedelta(days=3))
    difference.refresh_from_db()
    assert (difference.owner, difference.due_on) == (finance, today + timedelta(days=3))
    assert len(thread(difference)) == 2


def test_nobody_owns_a_difference_of_a_customer_whom_they_may_not_see() -> None:
    owner, stranger = a_user(), a_user()
    difference = a_difference(a_customer(owner=owner))
    with pytest.raises(DifferenceRefused, match="cannot look after this customer"):
        assign(difference=difference, owner=stranger, by=a_user(Role.FINANCE))
    with pytest.raises(DifferenceRefused, match="may not act"):
        comment(difference=difference, by=stranger, text="Mine?")
    with pytest.raises(DifferenceRefused, match="later day"):
        assign(difference=difference, owner=owner, by=a_user(Role.FINANCE), due_on=date(2020, 1, 1))
    difference.refresh_from_db()
    assert (difference.owner, difference.due_on, thread(difference)) == (None, None, [])


def test_a_posting_of_the_same_customer_resolves_it() -> None:
    finance = a_user(Role.FINANCE)
    customer = a_customer()
    difference, discount = a_difference(customer), a_discount(customer, finance)
    resolve_by_posting(difference=difference, entry=discount, by=finance, note="agreed by phone")
    difference.refresh_from_db()
    assert (difference.resolution, difference.posted, difference.resolved_by) == ("posted", discount, finance)
    assert thread(difference)[-1].endswith("agreed by phone")


def test_a_posting_of_another_customer_resolves_nothing() -> None:
    finance = a_user(Role.FINANCE)
    difference, elsewhere = a_difference(a_customer()), a_discount(a_customer(), finance)
    with pytest.raises(DifferenceRefused, match="no standing document"):
        resolve_by_posting(difference=difference, entry=elsewhere, by=finance)
    with pytest.raises(DatabaseError, match="own customer"), transaction.atomic():
        Difference.objects.filter(pk=difference.pk).update(
            resolution="posted", posted=elsewhere, resolved_on=timezone.localdate(), resolved_by=finance
        )
    difference.refresh_from_db()
    assert (difference.is_open, thread(difference)) == (True, [])


def test_an_explanation_says_something_and_is_given_once() -> None:
    finance = a_user(Role.FINANCE)
    difference = a_difference(a_customer())
    with pytest.raises(DifferenceRefused, match="Say why"):
        resolve_by_explanation(difference=difference, explanation="  ", by=finance)
    resolve_by_explanation(difference=difference, explanation="booked in their next month", by=finance)
    with pytest.raises(DifferenceRefused, match="was resolved by"):
        resolve_by_explanation(difference=difference, explanation="another reason", by=finance)
    difference.refresh_from_db()
    assert difference.explanation == "booked in their next month"


def test_the_last_resolution_ends_the_reconciliation_and_reopening_begins_it_again() -> None:
    finance, customer = a_user(Role.FINANCE), a_customer()
    asked = under_way(customer, state=State.DIFFERS)
    one, two = (
        record(
            [Found(f"test:{n}", ClassChoices.AMOUNT, f"line {n}", Decimal(n))],
            customer=customer,
            by=None,
            today=timezone.localdate(),
            reconciliation=asked,
        )[0]
        for n in (1, 2)
    )
    resolve_by_explanation(difference=one, explanation="in transit", by=finance)
    asked.refresh_from_db()
    assert asked.state == State.DIFFERS
    resolve_by_explanation(difference=two, explanation="in transit", by=finance)
    asked.refresh_from_db()
    assert (asked.state, asked.closed_on) == (State.EXPLAINED, timezone.localdate())
    reopen(difference=two, reason="it was not", by=finance)
    asked.refresh_from_db()
    assert (asked.state, asked.closed_on) == (State.DIFFERS, None)


def test_the_thread_tells_a_change_of_kind_and_every_word() -> None:
    finance = a_user(Role.FINANCE)
    difference = a_difference(a_customer())
    classify(difference=difference, kind=ClassChoices.PRICE, by=finance)
    classify(difference=difference, kind=ClassChoices.PRICE, by=finance)
    comment(difference=difference, by=finance, text=" They ask for the old price list. ")
    assert thread(difference) == ["amount differs → price dispute", "They ask for the old price list."]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE rounds_difference SET amount = 1",
        "UPDATE rounds_difference SET words = 'nothing'",
        "DELETE FROM rounds_difference",
        "UPDATE rounds_comment SET text = 'nothing'",
        "DELETE FROM rounds_comment",
    ],
)
def test_the_database_keeps_what_was_found_and_said(change: str) -> None:
    difference = a_difference(a_customer())
    comment(difference=difference, by=a_user(Role.FINANCE), text="as it was")
    with pytest.raises(DatabaseError, match="never edited or deleted"), transaction.atomic():
        connection.cursor().execute(change)
    difference.refresh_from_db()
    assert (difference.amount, thread(difference)) == (Decimal("10.00"), ["as it was"])


def test_the_database_refuses_a_resolution_without_its_facts() -> None:
    difference = a_difference(a_customer())
    for facts in ({"resolution": "explained"}, {"resolution": "posted"}, {"explanation": "no resolution"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Difference.objects.filter(pk=difference.pk).update(**facts)


def test_what_a_list_left_over_is_recorded_once_and_adds_up_to_its_bridge() -> None:
    salesperson = a_user()
    customer = a_customer(owner=salesperson)
    desk = Desk(customer)
    desk.invoice(100, "2026-03-02", number="FP-1")
    desk.invoice(70, "2026-03-05", number="FP-2")
    row = a_list(
        salesperson, customer, "2026-03-03,,FP-1,采购,,100.00,", "2026-03-20,,FP-9,运费,,8.00,", as_of="2026-03-31"
    )
    asked = under_way(customer)
    new = record_differences(row=row, by=salesperson)
    assert record_differences(row=row, by=salesperson) == []
    walked = bridge_of(row)
    assert sum(one.amount or 0 for one in new) == walked.ours - walked.theirs == Decimal("62.00")
    asked.refresh_from_db()
    assert asked.state == State.DIFFERS
    with pytest.raises(DifferenceRefused, match="may not act"):
        record_differences(row=row, by=a_user())
