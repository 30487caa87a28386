"""An account over a period, as a statement says it: pure figures, and the same as plain values for keeping.

Positive is what the customer owes us. `opening` plus the amounts of the lines is `closing`, which is also the sum of
what is open on the last day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date as Date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from aging.buckets import Bucket
from ledger.money import ZERO


class Layout(StrEnum):
    BALANCE = "balance"
    OPEN = "open"
    CHINESE = "chinese"


class Column(StrEnum):
    SHIPPED = "shipped"
    INVOICED = "invoiced"
    RECEIVED = "received"
    OTHER = "other"


class _Kept:
    """Plain values for a column of JSON, and back."""

    __slots__ = ()

    def as_data(self) -> dict[str, Any]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]
        return {name: str(value) if isinstance(value, Date | Decimal) else value for name, value in values.items()}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        days = {name: Date.fromisoformat(data[name]) for name in ("date", "due_date") if data.get(name)}
        amounts = {
            name: Decimal(data[name]) for name in ("document_amount", "amount", "balance", "open") if name in data
        }
        return cls(**{**data, **days, **amounts})


@dataclass(frozen=True, slots=True)
class Line(_Kept):
    """One entry of the period. `amount` is what it adds to the balance, `balance` what is owed after it."""

    entry: int
    kind: str
    column: str
    # What it is called in the language of the statement is said when it is drawn.
    is_reversal: bool
    number: str
    instalment: int
    date: Date
    due_date: Date | None
    reference: str
    document_amount: Decimal
    amount: Decimal
    balance: Decimal

    @property
    def face(self) -> Decimal:
        """The document in its own column: money in is positive there."""
        return -self.document_amount if self.column == Column.RECEIVED else self.document_amount


@dataclass(frozen=True, slots=True)
class OpenItem(_Kept):
    """What is open of one entry on the last day: positive of a debt, negative of a credit."""

    entry: int
    kind: str
    is_reversal: bool
    number: str
    instalment: int
    date: Date
    due_date: Date | None
    is_debt: bool
    document_amount: Decimal
    open: Decimal

    def days_past_due(self, on: Date) -> int:
        return (on - self.due_date).days if self.is_debt and self.due_date else 0


@dataclass(frozen=True, slots=True)
class Account:
    currency: str
    first: Date
    last: Date
    opening: Decimal
    lines: Sequence[Line]
    closing: Decimal
    items: Sequence[OpenItem]

    @property
    def unbilled_items(self) -> list[OpenItem]:
        return [item for item in self.items if item.kind == "shipment" and item.is_debt]

    @property
    def debts(self) -> list[OpenItem]:
        """Invoices and other debts that are due some day, goods without an invoice left aside."""
        return [item for item in self.items if item.is_debt and item.kind != "shipment"]

    @property
    def credits(self) -> list[OpenItem]:
        return [item for item in self.items if not item.is_debt]

    @property
    def receivable(self) -> Decimal:
        return _open(self.debts)

    @property
    def unbilled(self) -> Decimal:
        return _open(self.unbilled_items)

    @property
    def unapplied(self) -> Decimal:
        """Zero or negative."""
        return _open(self.credits)

    @property
    def overdue(self) -> Decimal:
        return _open(item for item in self.debts if item.days_past_due(self.last) > 0)

    def aged(self, buckets: Sequence[Bucket]) -> list[tuple[Bucket, Decimal]]:
        """What of `debts` is in each bucket on the last day."""
        return [
            (bucket, _open(item for item in self.debts if bucket.holds(item.days_past_due(self.last))))
            for bucket in buckets
        ]

    def column_total(self, column: Column) -> Decimal:
        return sum((line.face for line in self.lines if line.column == column), ZERO)

    @property
    def has_other(self) -> bool:
        return any(line.column == Column.OTHER for line in self.lines)

    def as_data(self) -> dict[str, Any]:
        return {
            "currency": self.currency,
            "first": str(self.first),
            "last": str(self.last),
            "opening": str(self.opening),
            "closing": str(self.closing),
            "lines": [line.as_data() for line in self.lines],
            "items": [item.as_data() for item in self.items],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Account":
        return cls(
            currency=data["currency"],
            first=Date.fromisoformat(data["first"]),
            last=Date.fromisoformat(data["last"]),
            opening=Decimal(data["opening"]),
            closing=Decimal(data["closing"]),
            lines=[Line.from_data(line) for line in data["lines"]],
            items=[OpenItem.from_data(item) for item in data["items"]],
        )


def _open(items: Iterable[OpenItem]) -> Decimal:
    return sum((item.open for item in items), ZERO)
