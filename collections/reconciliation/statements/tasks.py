"""Statements for many customers, and many mails."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from config.jobs.models import Job
from config.jobs.progress import Progress
from config.jobs.registry import Outcome, job
from ledger.errors import LedgerError
from reconciliation.statements.drafting import forget_old
from reconciliation.statements.making import TOGETHER, Wish, made_in, make_of, read_many
from reconciliation.statements.models import Statement
from reconciliation.statements.queries.firm import letterhead
from reconciliation.statements.queries.statements import customers_by_key, statements_by_key
from reconciliation.statements.sending import is_sent_by, send, usual_address


class _Tally:
    """What became of each, for the page of the result."""

    def __init__(self) -> None:
        self.statements: list[int] = []
        self.sent = 0
        # Customers of whose statements a demand was asked, and who had nothing overdue.
        self.undemanded: list[int] = []
        self.failed: list[tuple[int, str]] = []

    def result(self) -> dict[str, Any]:
        return {
            "statements": self.statements,
            "sent": self.sent,
            "undemanded": self.undemanded,
            "failed": self.failed,
        }


def wish_params(wish: Wish) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, date) else value for name, value in asdict(wish).items()}


def _wish(params: dict[str, Any]) -> Wish:
    days = {name: date.fromisoformat(params[name]) for name in ("first", "last")}
    by = params["demand_by"]
    return Wish(**{**params, **days, "demand_by": date.fromisoformat(by) if by else None})


@job("statements", writes=False)
def make_statements(job: Job, progress: Progress) -> Outcome:
    """One by one, each in a transaction of its own: killed and run again, it goes on where it was."""
    wish, keys, tally, firm = _wish(job.params["wish"]), job.params["customers"], _Tally(), letterhead()
    for start in range(0, len(keys), TOGETHER):
        customers = customers_by_key(job.user, keys[start : start + TOGETHER])
        found = read_many(customers, wish)
        for number, customer in enumerate(customers, start):
            progress(number, len(keys), _("Making statements"))
            try:
                statement = made_in(job.pk, customer) or make_of(
                    by=job.user, customer=customer, wish=wish, account=found[customer.pk], firm=firm, job=job.pk
                )
                tally.statements.append(statement.pk)
                if wish.demand_by is not None and statement.demand_by is None:
                    tally.undemanded.append(customer.pk)
                if job.params["send"]:
                    _send(job, statement, tally)
            except LedgerError as refusal:
                tally.failed.append((customer.pk, refusal.message))
    return Outcome(result=tally.result())


@job("send_statements", writes=False)
def send_statements(job: Job, progress: Progress) -> Outcome:
    keys, tally = job.params["statements"], _Tally()
    for number, statement in enumerate(_in_lots(job, keys)):
        progress(number, len(keys), _("Sending statements"))
        tally.statements.append(statement.pk)
        try:
            _send(job, statement, tally)
        except LedgerError as refusal:
            tally.failed.append((statement.customer_id, refusal.message))
    return Outcome(result=tally.result())


def _in_lots(job: Job, keys: list[int]) -> Iterator[Statement]:
    for start in range(0, len(keys), TOGETHER):
        yield from statements_by_key(job.user, keys[start : start + TOGETHER])


def _send(job: Job, statement: Statement, tally: _Tally) -> None:
    if is_sent_by(statement, job.pk):
        tally.sent += 1
        return
    to = usual_address(statement)
    if not to:
        tally.failed.append((statement.customer_id, _("The customer has no contact with an e-mail address.")))
        return
    send(by=job.user, statement=statement, to=to, job=job.pk)
    tally.sent += 1


@shared_task
def remove_drafts() -> int:
    """What customers have begun and not sent in days, with its files."""
    return forget_old(timezone.now())
