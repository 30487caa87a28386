"""A closing report as a workbook: made from the stored text alone."""

import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _

from aging.buckets import Bucket
from config import sheets
from config.sheets import Column, Style
from ledger.models import Kind


def workbook(report: dict[str, Any], *, digest: str) -> IO[bytes]:
    """For each currency the aging, both books and what is unconfirmed; the first sheet says of which month."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the answer closes it
    with sheets.Book(title=f"{_('Closing report')} {report['month']}") as book:
        about = book.add_sheet(_("About"))
        facts = [
            (_("Month"), report["month"]),
            (_("As of"), report["as_of"]),
            (_("As known at"), report["known_before"]),
            (_("Digest"), digest),
        ]
        for number, (label, value) in enumerate(facts, 1):
            sheets.put(about.cell(number, 1), label, bold=True)
            sheets.put(about.cell(number, 2), value)
        about.column_dimensions["A"].width, about.column_dimensions["B"].width = 20, 70
        for part in report["currencies"]:
            _currency(book, part)
        book.save(file)
    file.seek(0)
    return file


def _currency(book: sheets.Book, part: dict[str, Any]) -> None:
    code = part["currency"]
    money = [
        Column(label, Style.MONEY, summed=True) for label in (_("Sales book"), _("Finance book"), _("Difference"))
    ]
    if part["aging"]:
        ages = [Column(label, Style.MONEY, summed=True) for label in aging_headings(part["aging"]["buckets"])]
        book.stream(
            book.add_sheet(f"{_('Aging')} {code}"),
            [Column(_("Code")), Column(_("Customer")), *ages],
            ([row["code"], row["name"], *amounts(row)] for row in part["aging"]["rows"]),
            frozen=2,
        )
    book.stream(
        book.add_sheet(f"{_('Both books')} {code}"),
        [Column(_("Code")), Column(_("Customer")), *money, Column(_("Entries")), Column(_("Oldest"))],
        _books(part["books"]["rows"]),
        frozen=2,
    )
    book.stream(
        book.add_sheet(f"{_('Not confirmed')} {code}"),
        [
            *(Column(name) for name in (_("Date"), _("Document"), _("Number"), _("Code"), _("Customer"))),
            Column(_("Salesperson")),
            Column(_("Days")),
            Column(_("Adds to balance"), Style.MONEY, summed=True),
        ],
        _unconfirmed(part["unconfirmed"]),
    )
    if late := part.get("late"):
        book.stream(
            book.add_sheet(f"{_('Came late')} {code}"),
            [
                *(Column(name) for name in (_("Date"), _("Document"), _("Number"), _("Code"), _("Customer"))),
                Column(_("Salesperson")),
                Column(_("Reason")),
                Column(_("Adds to balance"), Style.MONEY, summed=True),
            ],
            _late(late),
        )


def aging_headings(keys: list[str]) -> list[str]:
    ages = [_bucket(key) for key in keys]
    return [_("unbilled"), *ages, _("unapplied"), _("balance"), _("overdue")]


def amounts(row: dict[str, Any]) -> list[Decimal]:
    """Of a row of the aging part, in the order of its headings."""
    said = [row["unbilled"], *row["ages"], row["unapplied"], row["balance"], row["overdue"]]
    return [Decimal(text) for text in said]


def _bucket(key: str) -> str:
    if key == "not_due":
        return Bucket(key, None, 0).label
    first, _dash, last = key.partition("-")
    return Bucket(key, int(first), int(last)).label if last else Bucket(key, int(key.rstrip("+")) + 1, None).label


def _books(rows: list[dict[str, Any]]) -> Iterator[list[Any]]:
    for row in rows:
        oldest = date.fromisoformat(row["oldest"]) if row["oldest"] else None
        sums = [Decimal(row[name]) for name in ("sales", "finance", "difference")]
        yield [row["code"], row["name"], *sums, row["count"], oldest]


def _unconfirmed(rows: list[dict[str, Any]]) -> Iterator[list[Any]]:
    for row in rows:
        what = [date.fromisoformat(row["date"]), str(Kind(row["kind"]).label), row["number"]]
        yield [*what, row["code"], row["name"], row["salesperson"], row["days"], Decimal(row["amount"])]


def _late(rows: list[dict[str, Any]]) -> Iterator[list[Any]]:
    for row in rows:
        what = [date.fromisoformat(row["date"]), str(Kind(row["kind"]).label), row["number"]]
        yield [*what, row["code"], row["name"], row["salesperson"], row["reason"], Decimal(row["amount"])]
