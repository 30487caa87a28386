"""One customer's past, written down act by act. Pure but for the random source."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TypeVar

from config.demo.acts import (
    Act,
    Allocated,
    Cancelled,
    Credited,
    Discounted,
    Invoiced,
    Opened,
    Paid,
    Reallocated,
    Refunded,
    Returned,
    Reversed,
    Shipped,
    WayStep,
)
from config.demo.products import basket, tax_within
from config.demo.profiles import Profile
from config.demo.workdays import workday, workday_before
from ledger.documents import Instalment, LineInput
from ledger.money import ZERO

A = TypeVar("A", bound=Act)
SERVICE_TAX = 6


class Account:
    """Acts may be planned beyond `today`; `past` leaves out what has not happened yet."""

    def __init__(self, profile: Profile, *, opened_on: date, today: date, rng: Random) -> None:
        self.profile = profile
        self.opened_on = opened_on
        self.today = today
        self.rng = rng
        self.acts: list[Act] = []
        # What returns, allowances and payments told by a story take off each debt.
        self.taken_off: dict[Act, Decimal] = defaultdict(lambda: ZERO)
        # The day of the first payment of a debt, where it is planned.
        self.paid_on: dict[Act, date] = {}

    def past(self) -> list[Act]:
        return [act for act in self.acts if act.date <= self.today]

    def ago(self, days: int) -> date:
        """The last workday that lies at least so many days back."""
        return workday_before(self.today - timedelta(days=days))

    def due(self, debt: Act) -> date:
        """When a debt (of one instalment) falls due."""
        return getattr(debt, "due_date", None) or self.profile.terms.due_date(debt.date)

    # --- goods and invoices -------------------------------------------------------------------------------

    def opening(self, amount: Decimal, due_date: date | None = None, memo: str = "") -> Opened:
        day = self.opened_on
        return self._add(Opened(date=day, recorded_on=day, amount=amount, due_date=due_date, memo=memo))

    def ship(
        self,
        day: date,
        value: int = 0,
        *,
        lines: Sequence[LineInput] = (),
        invoice: Invoiced | None = None,
        memo: str = "",
    ) -> Shipped:
        goods = tuple(lines) or basket(self.rng, value or self.a_sale(), self.profile.currency)
        delivered = day + timedelta(days=self.rng.randint(1, 4))
        return self._add(
            Shipped(
                date=day,
                # Salespeople do not always write it down on the same day.
                recorded_on=self._later(day, (0, 0, 0, 0, 0, 1, 1, 3)),
                lines=goods,
                delivered_on=delivered if delivered <= self.today else None,
                invoice=invoice,
                memo=memo,
            )
        )

    def bill(
        self,
        day: date,
        *shipments: Shipped,
        amount: Decimal | None = None,
        tax_percent: int | None = None,
        instalments: Sequence[Instalment] = (),
        replaces: Invoiced | None = None,
        way: list[WayStep] | None = None,
        memo: str = "",
    ) -> Invoiced:
        total = sum((goods.amount for goods in shipments), ZERO) if amount is None else amount
        percent = self.profile.tax_percent if tax_percent is None else tax_percent
        return self._add(
            Invoiced(
                date=day,
                recorded_on=day,
                amount=total,
                kind="general" if self.profile.is_foreign else "special",
                tax=tax_within(total, percent),
                shipments=shipments,
                instalments=tuple(instalments),
                replaces=replaces,
                way=way,
                memo=memo,
            )
        )

    def sale(self, days_ago: int, value: int = 0, *, way: list[WayStep] | None = None, memo: str = "") -> Invoiced:
        """Goods shipped three days before they were invoiced, which is so many days ago."""
        goods = self.ship(self.ago(days_ago + 3), value)
        return self.bill(max(goods.date, self.ago(days_ago)), goods, way=way, memo=memo)

    def take_back(self, day: date, goods: Shipped, invoice: Invoiced, percent: int, memo: str) -> Credited:
        """A part of the goods comes back and the invoice is reduced by it."""
        line = goods.lines[0]
        quantity = Decimal(max(1, int(line.quantity) * percent // 100))
        lines = (LineInput(line.product, quantity, line.unit, line.unit_price),)
        back = self._add(Returned(date=day, recorded_on=day, lines=lines, shipment=goods, memo=memo))
        noted = workday(day + timedelta(days=self.rng.randint(0, 3)))
        self.taken_off[invoice] += back.amount
        return self._add(
            Credited(
                date=noted,
                recorded_on=noted,
                amount=back.amount,
                kind=invoice.kind,
                tax=tax_within(back.amount, self.profile.tax_percent),
                reverses=invoice,
                returns=(back,),
                memo=memo,
            )
        )

    def cancel(self, day: date, invoice: Invoiced, memo: str) -> Cancelled:
        return self._add(Cancelled(date=day, recorded_on=day, invoice=invoice, memo=memo))

    # --- money --------------------------------------------------------------------------------------------

    def pay(
        self,
        day: date,
        amount: Decimal,
        *debts: Act,
        method: str = "transfer",
        matures_on: date | None = None,
        automatic: bool = True,
        memo: str = "",
    ) -> Paid:
        """Money in; `debts` are those that it names."""
        self.expect_payment(day, *debts)
        return self._add(
            Paid(
                date=day,
                # The bank's statement comes the next morning.
                recorded_on=self._later(day, (0, 1, 1, 1, 2)),
                amount=amount,
                method=method,
                bank_reference=self._bank_reference(day, method),
                matures_on=matures_on,
                invoices=debts,
                automatic=automatic,
                memo=memo,
            )
        )

    def expect_payment(self, day: date, *debts: Act) -> None:
        """Notes that a payment of `day` is meant for the debts, whether it names them or not."""
        for debt in debts:
            self.paid_on[debt] = min(day, self.paid_on.get(debt, day))

    def refund(self, day: date, amount: Decimal, payment: Paid, memo: str) -> Refunded:
        return self._add(Refunded(date=day, recorded_on=day, amount=amount, payment=payment, memo=memo))

    def allow(self, day: date, amount: Decimal, debt: Act | None = None, memo: str = "") -> Discounted:
        """A discount granted after the fact, on one debt or on the year."""
        if debt is not None:
            self.taken_off[debt] += amount
        return self._add(Discounted(date=day, recorded_on=day, amount=amount, debt=debt, memo=memo))

    def use_up(self, credit: Act, amount: Decimal) -> None:
        """Finance settles the next invoices by a credit of `amount`; the customer pays that much less."""
        invoices = [act for act in self.acts if isinstance(act, Invoiced) and act.date > credit.date]
        for invoice in sorted(invoices, key=lambda invoice: invoice.date):
            part = min(amount, invoice.amount - self.taken_off[invoice])
            if part > 0:
                self.taken_off[invoice] += part
                amount -= part
                day = workday(invoice.date + timedelta(days=2))
                self._add(Allocated(date=day, recorded_on=day, credit=credit, debt=invoice, amount=part))

    def reallocate(self, day: date, payment: Paid, *, wrong: Invoiced, right: Invoiced) -> Reallocated:
        return self._add(Reallocated(date=day, recorded_on=day, payment=payment, wrong=wrong, right=right))

    def reverse(self, day: date, act: Act, reason: str) -> Reversed:
        return self._add(Reversed(date=day, recorded_on=day, entry=act, memo=reason))

    # --- the small print ----------------------------------------------------------------------------------

    def a_sale(self) -> int:
        """What one sale comes to, as sales scatter: many a little smaller than usual, few much larger."""
        return max(500, round(self.profile.sale * self.rng.lognormvariate(-0.1, 0.45)))

    def _add(self, act: A) -> A:
        latest = max((earlier.recorded_on for earlier in act.rests_on), default=act.date)
        act.recorded_on = max(act.date, min(max(act.recorded_on, latest), self.today))
        self.acts.append(act)
        return act

    def _later(self, day: date, delays: Sequence[int]) -> date:
        return workday(day + timedelta(days=self.rng.choice(delays)))

    def _bank_reference(self, day: date, method: str) -> str:
        if method == "cash":
            return ""
        if method == "bill":
            return f"5{self.rng.randrange(10**11):011}{day:%Y%m%d}{self.rng.randrange(10**10):010}"
        return f"{day:%Y%m%d}{self.rng.randrange(10**8):08}"
