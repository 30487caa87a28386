"""Many invoices take a step of their way at once: sent with one courier, received on one day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date as Date

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, User
from ledger.bulk import chunks, insert, new
from ledger.errors import InvalidDocument, LedgerError, NotPermitted
from ledger.invoice_way import COLUMNS, Step, advance
from ledger.models import Entry, Invoice, InvoiceStep
from ledger.money import ZERO
from ledger.posting import announce


@dataclass(frozen=True, slots=True)
class Dispatch:
    """An invoice, and what is known of how it travels."""

    invoice: Invoice
    tracking_number: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each invoice: done now, done by somebody before (with the step that says by whom), or refused
    with a sentence.
    """

    done: list[Invoice] = field(default_factory=list)
    already: list[InvoiceStep] = field(default_factory=list)
    refused: list[tuple[Invoice, str]] = field(default_factory=list)


@transaction.atomic
def record_step_of_many(
    *, by: User, step: str, date: Date, dispatches: Sequence[Dispatch], carrier: str = "", note: str = ""
) -> Outcome:
    """Records that the invoices were sent, received or booked on `date`. What a colleague has recorded stays the
    colleague's, what cannot take the step is told, and the others take it all the same.
    """
    if not by.may_post:
        raise NotPermitted(_("You may not post for this customer."))
    if date > timezone.localdate():
        raise InvalidDocument(_("A step is recorded once it has happened, not ahead of it."), field="date")
    wanted = {dispatch.invoice.pk: dispatch for dispatch in dispatches}
    invoices = _locked(wanted, by)
    cancelled = _cancelled(invoices)
    reached = Step(step)
    outcome = Outcome()
    taken = [invoice.pk for invoice in invoices if getattr(invoice, COLUMNS[reached]) is not None]
    before = {row.invoice_id: row for row in _latest(taken, reached)}
    for invoice in invoices:
        if invoice.pk in before:
            outcome.already.append(before[invoice.pk])
            continue
        try:
            if invoice.pk in cancelled:
                raise InvalidDocument(
                    _("%(invoice)s was cancelled; it goes nowhere any more.") % {"invoice": invoice.entry}
                )
            advance(invoice, reached, date)
        except LedgerError as refusal:
            outcome.refused.append((invoice, refusal.message))
        else:
            outcome.done.append(invoice)
    now = timezone.now()
    Invoice.objects.bulk_update(outcome.done, [COLUMNS[reached]], batch_size=500)
    insert(
        InvoiceStep,
        [
            new(
                InvoiceStep,
                invoice=invoice,
                step=reached,
                date=date,
                carrier=carrier,
                tracking_number=wanted[invoice.pk].tracking_number,
                note=note,
                by=by,
                recorded_at=now,
            )
            for invoice in outcome.done
        ],
    )
    announce({invoice.entry.customer_id for invoice in outcome.done})
    return outcome


def _locked(keys: Iterable[int], by: User) -> list[Invoice]:
    """The invoices of customers for whom the user may post, locked, in the order given."""
    ordered = list(keys)
    mine = Customer.objects.writable_by(by)
    rows = Invoice.objects.select_for_update(of=("self",)).select_related("entry").order_by("pk")
    found = {
        invoice.pk: invoice
        for chunk in chunks(sorted(ordered))
        for invoice in rows.filter(pk__in=chunk, entry__customer__in=mine)
    }
    return [found[key] for key in ordered if key in found]


def _cancelled(invoices: Sequence[Invoice]) -> set[int]:
    """Those that were reversed, or taken back whole by credit notes."""
    gone = {invoice.pk for invoice in invoices if invoice.entry.reversed_on is not None}
    totals = {invoice.pk: invoice.entry.document_amount for invoice in invoices}
    credited: set[int] = set()
    for chunk in chunks([invoice.pk for invoice in invoices]):
        notes = Entry.objects.standing().filter(invoice__reverses__in=chunk).order_by()
        for key, amount in notes.values_list("invoice__reverses").annotate(total=Sum("document_amount")):
            credited.add(key)
            totals[key] += amount
    for chunk in chunks(sorted(credited)):
        later = Entry.objects.filter(instalment_of__in=chunk).order_by()
        for key, amount in later.values_list("instalment_of").annotate(total=Sum("document_amount")):
            totals[key] += amount
    return gone | {key for key in credited if totals[key] == ZERO}


def _latest(keys: Sequence[int], step: Step) -> Iterable[InvoiceStep]:
    rows = InvoiceStep.objects.filter(step=step).select_related("by", "invoice__entry").order_by("pk")
    return [row for chunk in chunks(keys) for row in rows.filter(invoice__in=chunk)]
