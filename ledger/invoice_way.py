"""The invoice's way to the customer's books: issued, sent, received, booked."""

from datetime import date as Date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, User
from ledger.errors import InvalidDocument, NotPermitted
from ledger.models import Invoice, InvoiceStep

Step = InvoiceStep.Step
# A step of the way and the column of `Invoice` that says where it stands; the order is that of the way.
COLUMNS = {Step.SENT: "sent_on", Step.RECEIVED: "received_on", Step.BOOKED: "booked_on"}
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
    elif step in UNDELIVERED:
        _mark_undelivered(stored)
    else:
        _advance(stored, Step(step), date)
    stored.save(update_fields=list(COLUMNS.values()))
    for column in COLUMNS.values():
        setattr(invoice, column, getattr(stored, column))
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


def _advance(invoice: Invoice, step: InvoiceStep.Step, date: Date) -> None:
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
    earliest = max([invoice.entry.date, *(day for day in reached if day)])
    if date < earliest:
        raise InvalidDocument(
            _("%(date)s is before the step that precedes it (%(earliest)s).") % {"date": date, "earliest": earliest},
            field="date",
        )
    setattr(invoice, COLUMNS[step], date)


def _mark_undelivered(invoice: Invoice) -> None:
    if invoice.received_on or invoice.booked_on:
        raise InvalidDocument(_("The customer has received the invoice; take that step back first."), field="step")
    invoice.sent_on = None


def _take_back(invoice: Invoice) -> None:
    for column in reversed(COLUMNS.values()):
        if getattr(invoice, column) is not None:
            setattr(invoice, column, None)
            return
    raise InvalidDocument(_("There is no step to take back."), field="step")
