"""The open debts behind a week of expected cash: counted, sorted and cut in the database."""

from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from customers.models import User
from ledger.models import Kind
from ledger.money import from_cents
from ledger.queries.open_items import Fragment
from ledger.queries.pieces import Pieces, day_of
from trends.forms import Asked
from trends.queries.cash import STORED_HABITS, usual_of
from trends.queries.expected import Moment, expected


@dataclass(frozen=True, slots=True)
class ExpectedItem:
    """`delay`: by which many days after its due date it is expected; `is_own` says whose habit that is."""

    entry: int
    number: str
    kind: Kind
    customer_code: str
    customer_name: str
    salesperson: str
    date: Date
    due_date: Date | None
    delay: int
    is_own: bool
    expected_on: Date | None
    open: Decimal
    remains: Decimal


@dataclass(frozen=True)
class ExpectedItems(Pieces[ExpectedItem]):
    """The debts of one slot in one currency."""

    user: User
    asked: Asked
    today: Date
    currency: str
    slot: int

    orders_known: ClassVar = {
        "number": "e.number",
        "customer_name": "c.name",
        "salesperson": "owner.username",
        "due_date": "i.due_date",
        "delay": "i.delay",
        "expected_on": "i.expected_on",
        "open": "i.open",
        "remains": "i.remains",
    }
    usual_order: ClassVar = ("expected_on", "due_date")
    summed: ClassVar = "remains"

    @cached_property
    def found(self) -> Fragment:
        usual = usual_of(Fragment("SELECT currency, paid, cent_days FROM trends_habit"))
        debts = expected(Moment(self.today, self.today), STORED_HABITS, usual, user=self.user, asked=self.asked)
        return Fragment(
            f"SELECT * FROM ({debts.sql}) d WHERE slot = %s AND currency = %s",
            (*debts.params, self.slot, self.currency),
        )

    @property
    def selected(self) -> str:
        return (
            "SELECT i.entry_id, e.number, i.kind, c.code, c.name, c.owner_id, i.date, i.due_date, i.delay,"
            f" i.is_own, i.expected_on, i.open, i.remains FROM ({self.found.sql}) i"
            " JOIN ledger_entry e ON e.id = i.entry_id JOIN customers_customer c ON c.id = i.customer_id"
            " LEFT JOIN customers_user owner ON owner.id = c.owner_id"
        )

    def item(self, row: tuple[Any, ...]) -> ExpectedItem:
        entry, number, kind, code, name, owner, day, due, delay, is_own, on, cents, remains = row
        return ExpectedItem(
            entry=entry,
            number=number,
            kind=Kind(kind),
            customer_code=code,
            customer_name=name,
            salesperson=self.people[owner],
            date=day_of(day) or self.today,
            due_date=day_of(due),
            delay=delay,
            is_own=bool(is_own),
            expected_on=day_of(on),
            open=from_cents(cents),
            remains=from_cents(remains),
        )
