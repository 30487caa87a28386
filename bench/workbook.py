"""A workbook to import: customers, invoices, and payments that name no invoice, so that all settle automatically."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from config.sheets import Book, Cell, Column

INVOICES_PAID_AT_ONCE = 1.5
DAYS = 730


@dataclass(frozen=True, slots=True)
class Rows:
    customers: int
    invoices: int
    payments: int

    @classmethod
    def of(cls, total: int) -> "Rows":
        customers = max(1, total // 50)
        payments = int((total - customers) / (1 + INVOICES_PAID_AT_ONCE))
        return cls(customers, total - customers - payments, payments)


def write(path: Path, rows: Rows, *, today: date) -> None:
    lot = random.Random(7)
    first = today - timedelta(days=DAYS)
    with Book(title="Import") as book:
        _sheet(
            book, "Customers", ["code", "name", "region", "terms days"],
            ([f"I{n:05}", f"Imported {n} Trading Co., Ltd.", f"Region {n % 8}", 30] for n in range(rows.customers)),
        )  # fmt: skip
        _sheet(
            book, "Invoices", ["number", "customer", "date", "amount", "kind", "tax", "sent on"],
            _invoices(lot, rows, first),
        )  # fmt: skip
        _sheet(
            book, "Payments", ["number", "customer", "date", "amount", "method", "bank reference"],
            _payments(lot, rows, first),
        )  # fmt: skip
        book.save(path)


def _sheet(book: Book, title: str, headings: Sequence[str], rows: Iterator[list[Cell]]) -> None:
    book.stream(book.add_sheet(title), [Column(name) for name in headings], rows)


def _invoices(lot: random.Random, rows: Rows, first: date) -> Iterator[list[Cell]]:
    for n in range(rows.invoices):
        amount = Decimal(lot.randint(100_00, 50_000_00)).scaleb(-2)
        day = first + timedelta(days=n * DAYS // rows.invoices)
        tax = (amount * 13 / 113).quantize(Decimal("0.01"))
        yield [f"II-{n:06}", f"I{n % rows.customers:05}", day, amount, "special", tax, day + timedelta(days=1)]


def _payments(lot: random.Random, rows: Rows, first: date) -> Iterator[list[Cell]]:
    most = int(50_000_00 * INVOICES_PAID_AT_ONCE)
    for n in range(rows.payments):
        amount = Decimal(lot.randint(100_00, most)).scaleb(-2)
        day = first + timedelta(days=n * DAYS // rows.payments)
        yield [f"IP-{n:06}", f"I{n % rows.customers:05}", day, amount, "transfer", f"B{n:08}"]
