"""Opening balances: the only documents that need no number."""

from ledger import documents
from ledger.workbook.known import openings_without_number
from ledger.workbook.rows import Rows


def take(rows: Rows) -> None:
    pairs = rows.documents("opening")
    there = openings_without_number({customer.pk for _row, customer in pairs})
    for row, customer in pairs:
        number = row["number"] or ""
        content = (customer.pk, row["date"], row["amount"])
        if not number and there[content]:
            there[content] -= 1
            rows.skipped["opening"] += 1
        elif not rows.is_known("opening", "opening", row, customer, row["amount"]):
            rows.post(
                "opening", "opening", row, documents.opening, customer,
                date=row["date"],
                amount=row["amount"],
                number=number,
                due_date=row["due_date"] if row["amount"] > 0 else None,
                salesperson=rows.people.salespeople.of("opening", row),
            )  # fmt: skip
