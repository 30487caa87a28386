"""Who a customer of the demo firm is: how it buys, is billed and pays. Pure."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, auto

from config.demo.names import Company
from customers.terms import Terms


class Billing(Enum):
    EACH = auto()  # an invoice soon after each shipment
    COLLECTED = auto()  # one invoice around the 25th for what was shipped since the last
    LATE = auto()  # an invoice weeks later, when somebody thinks of it


@dataclass(frozen=True, slots=True)
class Payer:
    """How a customer pays. `early` and `late` bound the days after the due date, negative before it."""

    early: int
    late: int
    # In how many parts a debt is paid, and how many days lie between them.
    parts: int = 1
    gap: int = 0
    # Of 100 payments so many name their invoices.
    naming: int = 60
    # Pays on these days of the month only, then for several invoices at once.
    runs: tuple[int, ...] = ()
    # Keeps back so many per mille of each invoice.
    withholds: tuple[int, int] = (0, 0)
    by_bill: bool = False
    # Pays every month a multiple of this on account, and names nothing.
    round_sum: int = 0
    stops_on: date | None = None


PROMPT = Payer(-4, 2)
MONTHLY_RUN = Payer(-6, 0, runs=(10, 25))
TEN_DAYS_LATE = Payer(5, 14)
SLOW = Payer(20, 50)
CHRONIC = Payer(40, 85, parts=2, gap=60, naming=30)
ON_ACCOUNT = Payer(0, 10, round_sum=10_000, naming=0)
BY_BILL = Payer(-2, 8, by_bill=True)
DISPUTING = Payer(3, 15, withholds=(20, 70), naming=100)
EXACT = Payer(-3, 4, naming=100)


@dataclass(slots=True)
class Contact:
    name: str
    phone: str
    email: str


@dataclass(eq=False, slots=True, kw_only=True)
class Profile:
    code: str
    company: Company
    currency: str = "CNY"
    terms: Terms
    # Who answers for the customer, by the day since when; the last one does now. None: nobody.
    owners: list[tuple[date, str | None]]
    payer: Payer
    billing: Billing = Billing.EACH
    # What a usual sale comes to, and how many invoices the customer receives against others.
    sale: int
    weight: int
    buys_from: date
    buys_until: date
    parent: "Profile | None" = None
    key_account: bool = False
    credit_limit: Decimal | None = None
    contacts: list[Contact] = field(default_factory=list)
    # Invoices travel by e-mail, or on paper with a courier.
    by_courier: bool = False
    # Owed something on the day on which the ledger begins.
    opens_with_debts: bool = False
    # The key of its story, where it has one.
    story: str = ""

    def owner_on(self, day: date) -> str | None:
        """The username of who answered for the customer on `day`."""
        return [owner for since, owner in self.owners if since <= day][-1]

    @property
    def owner(self) -> str | None:
        return self.owners[-1][1]

    @property
    def is_foreign(self) -> bool:
        return self.currency != "CNY"

    @property
    def tax_percent(self) -> int:
        """Exports are free of value-added tax."""
        return 0 if self.is_foreign else 13
