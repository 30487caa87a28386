"""What happens between the demo firm and a customer: the words in which its past is planned.

An act names the earlier acts that it rests on, and its fields are what its document of `ledger.documents` asks for,
by the same names; the clerk turns each into one posting. Pure.
"""

from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal

from ledger.documents import Instalment, LineInput
from ledger.money import ZERO


@dataclass(eq=False, kw_only=True, slots=True)
class Act:
    date: Date
    # The day on which it reached the books, not before what it rests on.
    recorded_on: Date
    memo: str = ""

    @property
    def rests_on(self) -> tuple["Act", ...]:
        return ()


@dataclass(eq=False, kw_only=True, slots=True)
class Opened(Act):
    amount: Decimal
    due_date: Date | None = None


@dataclass(eq=False, kw_only=True, slots=True)
class Shipped(Act):
    lines: tuple[LineInput, ...]
    delivered_on: Date | None = None
    invoice: "Invoiced | None" = None

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def rests_on(self) -> tuple[Act, ...]:
        return (self.invoice,) if self.invoice else ()


@dataclass(eq=False, kw_only=True, slots=True)
class Returned(Act):
    lines: tuple[LineInput, ...]
    shipment: Shipped

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def rests_on(self) -> tuple[Act, ...]:
        return (self.shipment,)


@dataclass(frozen=True, slots=True)
class WayStep:
    """One event on an invoice's way; `step` is a value of `InvoiceStep.Step`."""

    step: str
    date: Date
    carrier: str = ""
    tracking_number: str = ""
    note: str = ""


@dataclass(eq=False, kw_only=True, slots=True)
class Invoiced(Act):
    amount: Decimal
    kind: str
    tax: Decimal
    shipments: tuple[Shipped, ...] = ()
    instalments: tuple[Instalment, ...] = ()
    replaces: "Invoiced | None" = None
    # None: nobody has told yet how it travelled.
    way: list[WayStep] | None = None

    @property
    def rests_on(self) -> tuple[Act, ...]:
        return (*self.shipments, *((self.replaces,) if self.replaces else ()))


@dataclass(eq=False, kw_only=True, slots=True)
class Credited(Act):
    """A red-letter invoice for a part of `reverses`."""

    amount: Decimal
    kind: str
    tax: Decimal
    reverses: Invoiced
    returns: tuple[Returned, ...] = ()

    @property
    def rests_on(self) -> tuple[Act, ...]:
        return (self.reverses, *self.returns)


@dataclass(eq=False, kw_only=True, slots=True)
class Cancelled(Act):
    """A red-letter invoice for the whole of `invoice`."""

    invoice: Invoiced

    @property
    def rests_on(self) -> tuple[Act, ...]:
        return (self.invoice,)


@dataclass(eq=False, kw_only=True, slots=True)
class Paid(Act):
    amount: Decimal
    method: str = "transfer"
    bank_reference: str = ""
    matures_on: Date | None = None
    # The debts that the payer names, in order; empty where none is named.
    invoices: tuple[Act, ...] = ()
    automatic: bool = True

    @property
    def rests_on(self) -> tuple[Act, ...]:
        return self.invoices


@dataclass(eq=False, kw_only=True, slots=True)
class Refunded(Act):
    amount: Decimal
    payment: Paid

    @property
    def rests_on(self) -> tuple[Act, ...]:
        return (self.payment,)


@dataclass(eq=False, kw_only=True, slots=True)
class Discounted(Act):
    amount: Decimal
    debt: Act | None = None

    @property
    def rests_on(self) -> tuple[Act, ...]:
        return (self.debt,) if self.debt else ()


@dataclass(eq=False, kw_only=True, slots=True)
class Allocated(Act):
    """Finance settles `amount` of the debt by a credit that lies there."""

    credit: Act
    debt: Act
    amount: Decimal

    @property
    def rests_on(self) -> tuple[Act, ...]:
        return (self.credit, self.debt)


@dataclass(eq=False, kw_only=True, slots=True)
class Reallocated(Act):
    """Finance had settled `wrong` by the payment, and settles `right` instead."""

    payment: Paid
    wrong: Invoiced
    right: Invoiced

    @property
    def rests_on(self) -> tuple[Act, ...]:
        return (self.payment, self.wrong, self.right)


@dataclass(eq=False, kw_only=True, slots=True)
class Reversed(Act):
    entry: Act

    @property
    def rests_on(self) -> tuple[Act, ...]:
        return (self.entry,)


def standing(way: list[WayStep]) -> dict[str, Date]:
    """Where an invoice stands after the steps of its way: the facts `sent_on`, `received_on` and `booked_on`."""
    facts: dict[str, Date] = {}
    for step in way:
        if step.step in ("failed", "bounced"):
            facts.pop("sent_on", None)
        else:
            facts[f"{step.step}_on"] = step.date
    return facts
