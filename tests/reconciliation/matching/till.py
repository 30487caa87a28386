"""A firm of a test: a customer with a salesperson, somebody in finance, and lines of the bank."""

import uuid
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from customers.models import Customer, Role, User
from ledger.models import Entry
from ledger.verification import breaches
from reconciliation.bank.models import BankLine
from reconciliation.matching.accepting import Outcome, Wanted, accept
from reconciliation.matching.keeping import kept
from reconciliation.matching.models import Match
from reconciliation.matching.running import weigh_all
from reconciliation.matching.undoing import undo
from reconciliation.matching.weighing import Suggestion
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money
from tests.ledger.desk import open_amounts as amounts_left
from tests.reconciliation.bank.building import a_line, a_statement


class Till:
    def __init__(self, name: str = "上海华光机械有限公司") -> None:
        self.seller: User = a_user(Role.SALESPERSON, last_name="李", first_name="娜")
        self.finance: User = a_user(Role.FINANCE, last_name="徐", first_name="海燕")
        self.customer: Customer = a_customer(owner=self.seller, name=name)
        self.desk = Desk(self.customer)
        self.statement = a_statement()

    def another(self, name: str) -> Desk:
        return Desk(a_customer(owner=self.seller, name=name))

    def line(
        self, amount: str | int, payer: str = "上海华光机械有限公司", on: str = "2026-03-15", **facts: Any
    ) -> BankLine:
        return a_line(self.statement, amount=money(amount), payer_name=payer, date=day(on), **facts)

    def payment(self, amount: str | int, on: str = "2026-03-15", **facts: Any) -> Entry:
        return self.desk.payment(amount, on, **facts)

    def best(self, line: BankLine) -> Suggestion:
        weigh_all()
        return kept(BankLine.objects.get(pk=line.pk).weighed)[0]

    def accept(
        self, line: BankLine, *wanted: Wanted, by: User | None = None, key: uuid.UUID | None = None
    ) -> Outcome:
        some = wanted or (Wanted.of(self.best(line), line),)
        return accept(line=line, by=by or self.finance, wanted=some, key=key or uuid.uuid4())

    def undo(self, match: Match, **facts: Any) -> bool:
        return undo(match=match, **{"by": self.finance, "key": uuid.uuid4(), **facts})


def recorded(entry: Entry, amount: str | int | None = None) -> Wanted:
    """So much of a line is that payment; all of it where nothing is said."""
    whole = abs(entry.document_amount) if amount is None else money(amount)
    return Wanted(entry.customer_id, whole, ((entry.pk, whole),), is_money=True)


def opened(line: BankLine) -> Any:
    return BankLine.objects.get(pk=line.pk).open_amount


def confirmed(entry: Entry) -> bool:
    return Entry.objects.get(pk=entry.pk).confirmed_on is not None


def matches(line: BankLine) -> Any:
    return list(Match.objects.filter(line=line).order_by("pk").values_list("amount", flat=True))


def broken() -> list[Any]:
    """Every law: of the ledger, and that of a line is open what is neither matched nor set aside."""
    wrong = [
        line.pk for line in BankLine.objects.prefetch_related("matches", "asides") if line.open_amount != _left(line)
    ]
    over = Match.objects.values("entry").annotate(total=Sum("amount"), whole=F("entry__document_amount"))
    return [*breaches(), *wrong, *(row for row in over if abs(row["total"]) > abs(row["whole"]))]


def _left(line: BankLine) -> Decimal:
    matched = sum((match.amount for match in line.matches.all()), Decimal(0))
    return line.amount - matched - sum((aside.amount for aside in line.asides.all()), Decimal(0))


def open_amounts(*entries: Entry) -> Any:
    return amounts_left(*entries)
