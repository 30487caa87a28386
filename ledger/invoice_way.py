"""The invoice's way to the customer's books: issued, sent, received, booked."""

from collections.abc import Iterable
from datetime import date as Date

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from config.dates import shown_day
from customers.models import Customer, User
from ledger.errors import InvalidDocument, NotPermitted
from ledger.models import Entry, Invoice, InvoiceStep
from ledger.posting import announce

Step = InvoiceStep.Step
COLUMNS = InvoiceStep.COLUMNS
UNDELIVERED = (Step.FAILED, Step.BOUNCED)


@transaction.atomic
def record_step(
    *,
    by: User,
    invoice: Invoice,
    step: str,
    date: Date,
    carrier: str = "",
    tracking_number: str = "",
    note: str = "",
) -> InvoiceStep:
    """Records that the invoice was sent, received or booked; that a mail failed or bounced, after which it counts
    as not sent; or that the latest step was recorded by mistake (`taken_back`). Every step is kept.

    Raises InvalidDocument where the step does not follow from where the invoice stands.
    """
    stored = Invoice.objects.select_for_update(of=("self",)).select_related("entry").get(pk=invoice.pk)
    if not Customer.objects.writable_by(by).filter(pk=stored.entry.customer_id).exists():
        raise NotPermitted(_("You may not post for this customer."))
    if date > timezone.localdate():
        raise InvalidDocument(_("A step is recorded once it has happened, not ahead of it."), field="date")
    if step == Step.TAKEN_BACK:
        _take_back(stored)
    else:
        _check_stands(stored)
        if step in UNDELIVERED:
            _mark_undelivered(stored, date)
        else:
            advance(stored, Step(step), date)
    stored.save(update_fields=list(COLUMNS.values()))
    for column in COLUMNS.values():
        setattr(invoice, column, getattr(stored, column))
    announce([stored.entry.customer_id])
    return InvoiceStep.objects.create(
        invoice=stored,
        step=step,
        date=date,
        carrier=carrier,
        tracking_number=tracking_number,
        note=note,
        by=by,
        recorded_at=timezone.now(),
    )


def steps_that_count(steps: Iterable[InvoiceStep]) -> list[InvoiceStep]:
    """Of all steps in the order of their recording, those that were not taken back."""
    counting: list[InvoiceStep] = []
    for step in steps:
        if step.step == Step.TAKEN_BACK:
            counting[-1:] = []
        else:
            counting.append(step)
    return counting


def possible_steps(invoice: Invoice) -> list[InvoiceStep.Step]:
    """What can be recorded next of the invoice."""
    reached = [position for position, column in enumerate(COLUMNS.values()) if getattr(invoice, column)]
    ahead = list(COLUMNS)[reached[-1] + 1 if reached else 0 :]
    undelivered = [] if invoice.received_on or invoice.booked_on else list(UNDELIVERED)
    back = [Step.TAKEN_BACK] if steps_that_count(invoice.steps.order_by("pk")) else []
    return [*ahead, *undelivered, *back]


def _check_stands(invoice: Invoice) -> None:
    entry = invoice.entry
    document = Entry.objects.filter(Q(pk=entry.pk) | Q(instalment_of=entry.pk), customer=entry.customer_id)
    notes = Entry.objects.standing().filter(invoice__reverses=invoice)
    totals = [entries.aggregate(total=Sum("document_amount"))["total"] or 0 for entries in (document, notes)]
    if entry.reversed_on is not None or sum(totals) == 0:
        raise InvalidDocument(_("%(invoice)s was cancelled; it goes nowhere any more.") % {"invoice": entry})


def advance(invoice: Invoice, step: InvoiceStep.Step, date: Date) -> None:
    """Lets the invoice take the step, without storing it; raises InvalidDocument where it does not follow."""
    order = list(COLUMNS)
    position = order.index(step)
    if getattr(invoice, COLUMNS[step]) is not None:
        raise InvalidDocument(
            _("The invoice was %(step)s already; take that step back to record it anew.") % {"step": step.label},
            field="step",
        )
    if any(getattr(invoice, COLUMNS[later]) for later in order[position + 1 :]):
        raise InvalidDocument(_("A later step is recorded already; take that back first."), field="step")
    reached = [getattr(invoice, COLUMNS[before]) for before in order[:position]]
    _check_follows(date, max([invoice.entry.date, *(day for day in reached if day)]))
    setattr(invoice, COLUMNS[step], date)


def _mark_undelivered(invoice: Invoice, date: Date) -> None:
    if invoice.received_on or invoice.booked_on:
        raise InvalidDocument(_("The customer has received the invoice; take that step back first."), field="step")
    _check_follows(date, invoice.sent_on or invoice.entry.date)
    invoice.sent_on = None


def _check_follows(date: Date, earliest: Date) -> None:
    if date < earliest:
        raise InvalidDocument(
            _("%(date)s is before the step that precedes it (%(earliest)s).")
            % {"date": shown_day(date), "earliest": shown_day(earliest)},
            field="date",
        )


def _take_back(invoice: Invoice) -> None:
    """Puts the invoice where it stood before the latest step that counts."""
    counting = steps_that_count(invoice.steps.order_by("pk"))
    if not counting:
        raise InvalidDocument(_("There is no step to take back."), field="step")
    invoice.sent_on = invoice.received_on = invoice.booked_on = None
    for step in counting[:-1]:
        if step.step in UNDELIVERED:
            invoice.sent_on = None
        else:
            setattr(invoice, COLUMNS[Step(step.step)], step.date)
