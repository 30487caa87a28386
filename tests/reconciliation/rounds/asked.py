"""Customers that were asked in a round, without the paper that they received."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from customers.models import Customer
from ledger.models import Entry
from reconciliation.rounds.models import Reconciliation, Round, State
from reconciliation.rounds.rhythm import last_month_end
from reconciliation.statements.models import Answer, AnswerLine, Statement
from tests.build import a_user

_count = itertools.count(1)


def a_statement(customer: Customer, *, last_date: date, closing: str = "100.00") -> Statement:
    return Statement.objects.create(
        customer=customer,
        reference=f"S-{next(_count)}",
        first_date=last_date.replace(day=1),
        last_date=last_date,
        layout="open",
        language="en",
        currency=customer.currency,
        opening=Decimal(0),
        closing=Decimal(closing),
        overdue=Decimal(0),
        unbilled=Decimal(0),
        unapplied=Decimal(0),
        content={},
        pdf="statements/none.pdf",
        sha256="0" * 64,
        size=1,
        made_at=timezone.now(),
    )


def under_way(
    customer: Customer, *, state: State = State.ASKED, asked_on: date | None = None, **facts: Any
) -> Reconciliation:
    """A reconciliation whose customer was asked today, or on a day, and has a fortnight to answer."""
    today = timezone.localdate()
    last_day = last_month_end(today)
    found, _is_new = Round.objects.get_or_create(last_day=last_day, defaults={"opened_at": timezone.now()})
    asked = asked_on or today
    return Reconciliation.objects.create(
        **{
            "round": found,
            "customer": customer,
            "statement": a_statement(customer, last_date=last_day),
            "currency": customer.currency,
            "balance": Decimal("100.00"),
            "state": state,
            "asked_on": asked,
            "answer_by": asked + timedelta(days=14),
            **facts,
        }
    )


def answered(asked: Reconciliation, *, agrees: bool = False, lines: list[dict[str, Any]] | None = None) -> Answer:
    """As a stamped paper that one of us has scanned."""
    assert asked.statement is not None
    answer = Answer.objects.create(
        statement=asked.statement,
        verdict="agrees" if agrees else "differs",
        name="Ms Zhang",
        at=timezone.now(),
        sha256=asked.statement.sha256,
        closing=asked.statement.closing,
        recorded_by=a_user(),
        paper_on=timezone.localdate(),
    )
    for facts in lines or []:
        AnswerLine.objects.create(answer=answer, **facts)
    return answer


def line_of(entry: Entry, kind: str, amount: str | None = None, note: str = "") -> dict[str, Any]:
    return {
        "kind": kind,
        "entry": entry,
        "document": entry.number,
        "amount": None if amount is None else Decimal(amount),
        "note": note,
    }
