"""Payments and refunds, and what they settle.

What the file says comes before what is left to a rule: first the payments that name invoices settle these, then all
of them settle the oldest due debt, in the order of their dates.
"""

from collections import Counter
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Customer
from ledger import documents
from ledger.book import positive
from ledger.documents.references import own, settle_as_far_as_open
from ledger.errors import LedgerError
from ledger.models import Entry, Payment
from ledger.money import ZERO
from ledger.workbook.naming import named_debt, numbers_with_amounts
from ledger.workbook.parsing import Row
from ledger.workbook.rows import PAID, Difference, Rows
from ledger.workbook.stored import settled_by, was_open_after

Named = list[tuple[str, Decimal | None, str]]


def take(rows: Rows) -> None:
    pairs = sorted(rows.documents("payments"), key=lambda pair: (pair[0]["date"], pair[0]["number"]))
    known = (rows.known.latest("payment", row["number"]) for row, _customer in pairs if row["invoices"])
    settled = settled_by(entry.pk for entry in known if entry is not None)
    automatic = not rows.parsed.rows("allocations")
    waiting: list[tuple[Row, Customer, Entry | None]] = []
    for row, customer in pairs:
        named = _named(rows, row, customer)
        if _is_known(rows, row, customer, named, settled):
            continue
        entry = None
        if named and (entry := _post(rows, row, customer, automatic=False)) is not None:
            _settle(rows, row, customer, entry, named)
        if entry is not None or not named:
            waiting.append((row, customer, entry))
    for row, customer, entry in waiting:
        if entry is None:
            _post(rows, row, customer, automatic=automatic)
        elif automatic:
            rows.book.settle_in_order(entry)


def _named(rows: Rows, row: Row, customer: Customer) -> Named:
    """The debts that a payment names; a refund names none, and has no other of a payment's dates either."""
    if row["amount"] > 0:
        return numbers_with_amounts(rows, row, customer.currency) if row["invoices"] else []
    for column, message in (
        ("invoices", _("a refund settles no invoice; leave it empty")),
        ("due_date", _("only an acceptance bill that is received has a due date; leave it empty")),
    ):
        if row[column]:
            rows.mistake("payments", row, column, row[column], message)
    return []


def _is_known(
    rows: Rows, row: Row, customer: Customer, named: Named, settled: dict[int, list[tuple[str, Decimal]]]
) -> bool:
    def beyond(stored: Entry) -> Difference | None:
        return _difference(rows, row, named, stored, settled[stored.pk]) if named else None

    extra = [
        ("method", row["method"], "payment.method"),
        ("bank_reference", row["bank_reference"], "payment.bank_reference"),
        ("due_date", row["due_date"], "payment.matures_on"),
    ]
    return rows.is_known("payments", "payment", row, customer, row["amount"], extra, sign=-1, beyond=beyond)


def _difference(
    rows: Rows, row: Row, named: Named, stored: Entry, settled: list[tuple[str, Decimal]]
) -> Difference | None:
    """The first debt named of which the ledger's payment has not settled what it says. A debt named without an amount
    may have got nothing: it had nothing open, or those before it used the payment up.
    """
    moves = Counter(settled)
    sums: Counter[str] = Counter()
    for number, amount in settled:
        sums[number] += amount  # type: ignore[assignment]
    used_up = sum((sums[number] for number in {number for number, *_rest in named}), ZERO) >= -stored.document_amount
    for number, given, written in named:
        debts = [debt for series in PAID if (debt := rows.known.latest(series, number)) and debt.is_debt]
        if given is None:
            parts = [part for debt in debts for part in rows.known.parts(debt)]
            is_so = number in sums or (bool(parts) and (used_up or not was_open_after(parts, stored.posting_id)))
        elif any(len(rows.known.parts(debt)) > 1 for debt in debts):
            is_so = sums[number] >= given
            sums[number] -= given  # type: ignore[assignment]
        else:
            is_so = moves[(number, given)] > 0
            moves[(number, given)] -= 1
        if not is_so:
            was = ";".join(f"{number}:{moved}" for number, moved in settled) or "–"
            return row, "invoices", written, was
    return None


def _post(rows: Rows, row: Row, customer: Customer, *, automatic: bool) -> Entry | None:
    facts: dict[str, Any] = {
        "number": row["number"],
        "date": row["date"],
        "amount": abs(row["amount"]),
        "method": row["method"] or ("bill" if row["due_date"] else Payment.Method.TRANSFER),
        "bank_reference": row["bank_reference"] or "",
        "automatic": automatic,
        "salesperson": rows.people.salespeople.of("payments", row),
        "memo": row["memo"] or "",
    }
    if row["amount"] < 0:
        return rows.post("payments", "payment", row, documents.refund, customer, **facts)
    facts["matures_on"] = row["due_date"]
    return rows.post("payments", "payment", row, documents.payment, customer, **facts)


def _settle(rows: Rows, row: Row, customer: Customer, payment: Entry, named: Named) -> None:
    """Settles the named debts in turn; a refusal stands where the debt is named."""
    for number, amount, written in named:
        debt = named_debt(rows, row, number)
        if debt is None:
            continue
        try:
            debt = own(rows.book, customer, debt, None, "invoices")
            if amount is None:
                settle_as_far_as_open(rows.book, payment, debt)
            else:
                rows.book.settle_document(payment, debt, positive(amount))
        except LedgerError as refusal:
            rows.mistake("payments", row, "invoices", written, refusal.message)
