"""Which credit settles which debt; rows that have no number and are known by what they say."""

from django.utils.translation import gettext as _

from ledger.errors import LedgerError
from ledger.workbook.naming import found
from ledger.workbook.rows import PAID, PAYING, Rows
from ledger.workbook.stored import StoredMoves


def take(rows: Rows) -> None:
    named = {row["from"] for row in rows.parsed.rows("allocations") if row["from"]}
    stored = (rows.known.latest(series, number) for number in named for series in PAYING)
    there = StoredMoves({entry.pk for entry in stored if entry is not None})
    writable = {customer.pk for customer in rows.people.customers.values()}
    for row in rows.parsed.rows("allocations"):
        rows.tell()
        if not row.is_sound:
            continue
        credit = found(rows, row, "allocations", "from", row["from"], PAYING, side=-1, with_reversed=True)
        debt = found(rows, row, "allocations", "to", row["to"], PAID, side=1, with_reversed=True)
        if credit is None or debt is None:
            continue
        if credit.customer_id not in writable:
            message = _("is no customer that you may post for; add it to the sheet Customers or check the code")
            rows.mistake("allocations", row, "from", row["from"], message)
        elif row["amount"] <= 0:
            message = _("must be above zero: it says how much of the target is settled")
            rows.mistake("allocations", row, "amount", row["amount"], message)
        elif credit.pk and debt.pk and there.tick_off(credit.pk, debt.pk, row["amount"], row["date"]):
            rows.skipped["allocations"] += 1
        elif (gone := credit if credit.reversed_on else debt).reversed_on is not None:
            column = "from" if gone is credit else "to"
            rows.mistake("allocations", row, column, row[column], _("was reversed; it settles nothing any more"))
        else:
            try:
                rows.book.settle_document(credit, debt, row["amount"], row["date"])
            except LedgerError as refusal:
                rows.refused("allocations", row, refusal)
            else:
                rows.posted["allocations"] += 1
