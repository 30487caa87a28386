"""Invoices and credit notes."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Customer
from ledger import documents
from ledger.models import Entry
from ledger.money import ZERO
from ledger.workbook.naming import found, named_goods, parts
from ledger.workbook.parsing import Row
from ledger.workbook.rows import Difference, Rows
from ledger.workbook.stored import Billed, billed_by, steps_of

STEPS = ("sent_on", "received_on", "booked_on")


def take(rows: Rows) -> None:
    pairs = rows.documents("invoices")
    known = (rows.known.latest("invoice", row["number"]) for row, _customer in pairs if row["shipments"])
    billed = billed_by(entry.pk for entry in known if entry is not None)
    known = (
        rows.known.latest("invoice", row["number"]) for row, _customer in pairs if any(map(row.values.get, STEPS))
    )
    steps = steps_of(entry.pk for entry in known if entry is not None)
    for row, customer in pairs:
        _check(rows, row)
        if not _is_known(rows, row, customer, billed, steps):
            _post(rows, row, customer)


def _check(rows: Rows, row: Row) -> None:
    """What a row may not say, whether the ledger has it or not."""
    if row["tax"] and (row["tax"] < 0) != (row["amount"] < 0):
        message = _("has another sign than the amount, in which it is contained")
        rows.mistake("invoices", row, "tax", row["tax"], message)
    if row["reverses"] and row["amount"] > 0:
        message = _("only a credit note (a negative amount) reverses an invoice")
        rows.mistake("invoices", row, "reverses", row["reverses"], message)


def _is_known(
    rows: Rows, row: Row, customer: Customer, billed: dict[int, Billed], steps: dict[int, set[tuple[str, date]]]
) -> bool:
    """The way of an invoice goes on after it was imported: a step that was recorded once is no difference."""
    invoice = rows.known.latest("invoice", row["number"])
    recorded = steps.get(invoice.pk, set()) if invoice is not None else set()

    def beyond(stored: Entry) -> Difference | None:
        given, there = set(parts(row["shipments"])), billed[stored.pk]
        if not given or there.named <= given <= there.ever:
            return None
        return row, "shipments", row["shipments"], ";".join(sorted(there.named)) or "–"

    extra = [(step, row[step], f"invoice.{step}") for step in STEPS if (step, row[step]) not in recorded]
    extra += [("kind", row["kind"], "invoice.kind"), ("tax", row["tax"], "invoice.tax")]
    extra.append(("reverses", row["reverses"], "invoice.reverses.entry.number"))
    return rows.is_known("invoices", "invoice", row, customer, row["amount"], extra, beyond=beyond)


def _post(rows: Rows, row: Row, customer: Customer) -> None:
    goods = named_goods(rows, row)
    facts: dict[str, Any] = {step: row[step] for step in STEPS}
    facts |= {
        "number": row["number"],
        "date": row["date"],
        "amount": abs(row["amount"]),
        "kind": row["kind"] or "special",
        "tax": abs(row["tax"] or ZERO),
        "salesperson": rows.people.salespeople.of("invoices", row),
    }
    if row["amount"] > 0:
        facts |= {"due_date": row["due_date"], "shipments": goods}
        rows.post("invoices", "invoice", row, documents.invoice, customer, **facts)
        return
    reversed_invoice = None
    if row["reverses"]:
        reversed_invoice = found(rows, row, "invoices", "reverses", row["reverses"], ("invoice",))
    facts |= {"reverses": reversed_invoice, "returns": goods}
    rows.post("invoices", "invoice", row, documents.credit_note, customer, **facts)
