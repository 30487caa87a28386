"""The demo firm as a whole: its customers, and the past of each. Pure; the same for a seed and a day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TypeVar

from config.demo import cast, profiles
from config.demo.account import Account
from config.demo.acts import Act
from config.demo.cast import Role
from config.demo.mailing import send_invoices
from config.demo.names import Company, companies, person
from config.demo.profiles import Billing, Contact, Payer, Profile
from config.demo.settling import settle
from config.demo.staff import TERRITORIES
from config.demo.trade import trade
from config.demo.workdays import month_start, workday, workday_before
from customers.terms import Terms

T = TypeVar("T")
MONTHS_OF_PAST = 30
ABROAD = "海外"
_FOREIGN_COMPANIES = {"USD": "Harrow & Finch Packaging Inc.", "EUR": "Steinbrück Fördertechnik GmbH"}
# Of the customers without a story so many of each; the order is of no consequence.
_PAYERS: tuple[tuple[int, Payer], ...] = (
    (36, profiles.PROMPT),
    (24, profiles.MONTHLY_RUN),
    (22, profiles.TEN_DAYS_LATE),
    (9, profiles.SLOW),
    (5, profiles.CHRONIC),
    (3, profiles.ON_ACCOUNT),
    (4, profiles.BY_BILL),
)
_TERMS: tuple[tuple[int, Terms], ...] = (
    (30, cast.NET_30),
    (16, cast.NET_45),
    (20, cast.NET_60),
    (18, cast.END_OF_MONTH_30),
    (8, cast.TENTH_OF_NEXT_MONTH),
    (8, cast.LAST_OF_NEXT_MONTH),
)
_BILLING = ((74, Billing.EACH), (22, Billing.COLLECTED), (4, Billing.LATE))


@dataclass(frozen=True, slots=True)
class Firm:
    profiles: list[Profile]
    roles: dict[str, Role]
    opened_on: date
    today: date
    rng: Random
    invoices: int

    def pasts(self) -> Iterator[tuple[Profile, list[Act]]]:
        """What happened with each customer up to today, in the order in which it was planned."""
        weights = sum(one.weight for one in self.profiles)
        for one in self.profiles:
            account = Account(one, opened_on=self.opened_on, today=self.today, rng=self.rng)
            if one.opens_with_debts:
                _opening_debts(account)
            trade(account, max(2, round(self.invoices * one.weight / weights)))
            role = self.roles.get(one.story)
            told = set(role.tell(account)) if role and role.tell else set()
            settle(account, told)
            send_invoices(account)
            yield one, account.past()


def found_firm(*, seed: int, today: date, customers: int, invoices: int) -> Firm:
    """A firm with so many customers, those of the cast first, and about so many invoices."""
    rng = Random(seed)
    opened_on = workday(month_start(today, MONTHS_OF_PAST))
    whole = cast.roles(today)
    roles = whole[:customers]
    # A few more than are needed, so that each role finds a company in its salesperson's territory.
    registered = companies(rng, customers + len(whole))
    everyone = []
    for place, role in enumerate(roles):
        company = next(one for one in registered if role.owner in (None, *TERRITORIES[one.region]))
        registered.remove(company)
        everyone.append(_with_role(rng, place, company, opened_on, today, role))
    _form_group(everyone)
    everyone += [_customer(rng, place, registered[place], opened_on, today) for place in range(len(roles), customers)]
    return Firm(everyone, {role.key: role for role in roles}, opened_on, today, rng, invoices)


def _customer(rng: Random, place: int, company: Company, opened_on: date, today: date) -> Profile:
    size = rng.choice((12_000, 20_000, 32_000, 32_000, 50_000, 85_000))
    newcomer = rng.random() < 0.2
    left = not newcomer and rng.random() < 0.06
    whole = (today - opened_on).days
    code = f"KH{1001 + place}"
    return Profile(
        code=code,
        company=company,
        terms=_pick(rng, _TERMS),
        owners=[(date.min, rng.choice(TERRITORIES[company.region]))],
        payer=_pick(rng, _PAYERS),
        billing=_pick(rng, _BILLING),
        sale=size,
        weight=rng.choice((2, 3, 4, 4, 5, 6, 8)),
        buys_from=workday(opened_on + timedelta(days=rng.randint(whole // 3, whole - 90) if newcomer else 1)),
        buys_until=workday_before(today - timedelta(days=rng.randint(60, 300) if left else 0)),
        credit_limit=Decimal(size * rng.choice((4, 6, 8)) // 10_000 * 10_000) if rng.random() < 0.8 else None,
        contacts=[_contact(rng, code, n) for n in range(rng.choice((1, 1, 2)))],
        by_courier=rng.random() < 0.25,
        opens_with_debts=not newcomer and rng.random() < 0.6,
    )


def _with_role(rng: Random, place: int, company: Company, opened_on: date, today: date, role: Role) -> Profile:
    found = _customer(rng, place, company, opened_on, today)
    found.story = role.key
    found.owners = [(date.min, role.owner)]
    found.billing = Billing.EACH
    found.buys_from = workday(opened_on + timedelta(days=1))
    found.buys_until = workday_before(today)
    found.terms, found.sale, found.weight, found.by_courier = cast.NET_30, 32_000, 4, False
    for name, fact in role.facts.items():
        setattr(found, name, fact)
    if found.is_foreign:
        found.company = Company(_FOREIGN_COMPANIES[found.currency], "", ABROAD, "")
        found.opens_with_debts = False
    found.credit_limit = Decimal(found.sale * 5)
    return found


def _form_group(everyone: list[Profile]) -> None:
    """Names the branches after their parent, and hangs them under it."""
    parent = next((one for one in everyone if one.story == "group"), everyone[0])
    for branch in everyone:
        if branch.story.startswith("branch"):
            city = branch.story.split()[1]
            branch.parent = parent
            branch.company = replace(branch.company, name=f"{parent.company.name}{city}分公司", city=city)


def _opening_debts(account: Account) -> None:
    for _ in range(account.rng.randint(1, 3)):
        due = account.opened_on + timedelta(days=account.rng.randint(-25, 40))
        account.opening(Decimal(account.a_sale() // 100 * 100), due, memo="期初应收")


def _contact(rng: Random, code: str, place: int) -> Contact:
    # No mobile number begins with 12.
    phone = f"1200000{rng.randrange(10_000):04}"
    return Contact(person(rng), phone, f"{('caiwu', 'caigou')[place]}.{code.lower()}@example.com")


def _pick(rng: Random, shares: tuple[tuple[int, T], ...]) -> T:
    return rng.choices([value for _share, value in shares], [share for share, _value in shares])[0]
