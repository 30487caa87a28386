"""The customers with a story: who they are, and whose desk they land on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.demo import profiles, stories
from config.demo.account import Account
from config.demo.profiles import Billing
from config.demo.stories import Told
from config.demo.workdays import workday_before
from customers.terms import Terms, TermsKind

NET_30, NET_45, NET_60 = (Terms(TermsKind.NET, days) for days in (30, 45, 60))
END_OF_MONTH_30 = Terms(TermsKind.END_OF_MONTH, 30)
TENTH_OF_NEXT_MONTH = Terms(TermsKind.DAY_OF_NEXT_MONTH, 10)
LAST_OF_NEXT_MONTH = Terms(TermsKind.DAY_OF_NEXT_MONTH, 31)


@dataclass(frozen=True, slots=True)
class Role:
    """A part in the demo: `what` is the story in a sentence, `facts` are those of the customer's profile."""

    key: str
    what: str | Promise
    owner: str | None
    tell: Callable[[Account], Told] | None
    facts: dict[str, Any]


def _role(
    key: str, what: str | Promise, owner: str | None, tell: Callable[[Account], Told] | None = None, **facts: Any
) -> Role:
    return Role(key, what, owner, tell, {"payer": profiles.EXACT, **facts})


def roles(today: date) -> list[Role]:
    return [*_groups(), *_payers(today), *_troubles(), *_accounts(today)]


def _groups() -> Iterator[Role]:
    """A parent company, and directly after it its branches."""
    terms, payer = END_OF_MONTH_30, profiles.MONTHLY_RUN
    yield _role(
        "group",
        _("parent company with branches, a key account with a rebate each year"),
        "lina",
        stories.yearly_rebate,
        payer=payer,
        terms=terms,
        billing=Billing.COLLECTED,
        key_account=True,
        sale=160_000,
        weight=12,
    )
    for city in ("苏州", "武汉", "成都"):
        yield _role(
            f"branch {city}",
            _("branch of the group"),
            "lina",
            payer=payer,
            terms=terms,
            key_account=True,
            sale=70_000,
            weight=6,
        )


def _payers(today: date) -> Iterator[Role]:
    """Each pays in a way of its own."""
    last_summer = workday_before(date(today.year - 1, 6, 20))
    yield _role(
        "vanished",
        _("stopped paying in the middle of last year and cannot be found"),
        "wangqiang",
        stories.vanished,
        payer=profiles.Payer(-2, 6, naming=100, stops_on=last_summer),
        terms=NET_45,
        sale=38_000,
        weight=5,
        buys_until=last_summer + timedelta(days=10),
    )
    insolvent_since = today - timedelta(days=255)
    yield _role(
        "insolvent",
        _("went into insolvency eight months ago"),
        "liuyang",
        payer=profiles.Payer(5, 14, naming=100, stops_on=insolvent_since),
        sale=26_000,
        weight=5,
        buys_until=insolvent_since,
    )
    yield _role(
        "disputing",
        _("keeps a few per cent of each invoice back and disputes the quality"),
        "lina",
        payer=profiles.DISPUTING,
        sale=45_000,
        weight=7,
    )
    yield _role(
        "on account",
        _("pays round sums on account and names no invoice"),
        "zhaolei",
        payer=profiles.ON_ACCOUNT,
        terms=TENTH_OF_NEXT_MONTH,
        sale=40_000,
        weight=8,
    )
    yield _role(
        "bills",
        _("pays with acceptance bills of six months"),
        "liuyang",
        payer=profiles.BY_BILL,
        terms=NET_60,
        sale=110_000,
        weight=6,
        by_courier=True,
    )
    yield _role("chronic", _("pays in parts, months late"), "zhaolei", payer=profiles.CHRONIC, sale=48_000, weight=6)
    yield _role(
        "pays ahead",
        _("pays a part in advance; the last advance waits for its goods"),
        "liuyang",
        stories.pays_ahead,
        payer=profiles.TEN_DAYS_LATE,
    )
    yield _role(
        "dollars",
        _("buys in US dollars"),
        "chenjing",
        currency="USD",
        payer=profiles.TEN_DAYS_LATE,
        terms=NET_60,
        sale=9_000,
        weight=7,
    )
    yield _role(
        "euros",
        _("buys in euros"),
        "chenjing",
        currency="EUR",
        payer=profiles.SLOW,
        terms=NET_45,
        sale=7_500,
        weight=6,
    )


def _troubles() -> Iterator[Role]:
    """One thing went wrong with each."""
    yield _role(
        "bounced cheque", _("a cheque bounced, the invoice is open again"), "wangqiang", stories.bounced_cheque
    )
    yield _role(
        "issued again",
        _("an invoice was cancelled by red letter and issued again"),
        "lina",
        stories.issued_again,
        terms=NET_45,
        by_courier=True,
    )
    yield _role(
        "never sent",
        _("three invoices were never sent, one after a mail that failed"),
        "lina",
        stories.never_sent,
        terms=NET_45,
    )
    yield _role(
        "bounced mail",
        _("the mail with the invoice bounced and nobody sent it again"),
        "chenjing",
        stories.bounced_mail,
    )
    yield _role(
        "not received",
        _("two invoices were sent, and nobody knows whether they arrived"),
        "liuyang",
        stories.not_received,
        terms=NET_45,
        by_courier=True,
    )
    yield _role(
        "not booked",
        _("the customer has two invoices and has not booked them"),
        "lina",
        stories.not_booked,
        terms=NET_60,
    )
    yield _role(
        "disputed delivery",
        _("disputes one large delivery and pays everything else"),
        "zhaolei",
        stories.disputed_delivery,
    )
    yield _role(
        "not invoiced", _("goods went out weeks ago and nobody wrote the invoice"), "zhaolei", stories.not_invoiced
    )
    yield _role("paid twice", _("paid an invoice twice and got the money back"), "chenjing", stories.paid_twice)
    yield _role(
        "wrong invoice",
        _("a payment had settled the wrong invoice and was moved"),
        "liuyang",
        stories.settled_the_wrong_one,
    )
    yield _role(
        "credited late",
        _("returned goods after paying: a credit waits to be used"),
        "zhaolei",
        stories.credited_after_payment,
    )


def _accounts(today: date) -> Iterator[Role]:
    """Something about the whole account is out of the ordinary."""
    yield _role(
        "instalments",
        _("bought a production line in three instalments, the second overdue"),
        "chenjing",
        stories.in_instalments,
        weight=2,
    )
    yield _role(
        "invoiced ahead",
        _("was invoiced ahead of the goods, half of which are out"),
        "wangqiang",
        stories.invoiced_ahead,
    )
    yield _role(
        "old debt",
        _("owes since before the ledger began; the limitation period runs out"),
        "wangqiang",
        stories.old_debt,
        weight=1,
        buys_until=today - timedelta(days=500),
    )
    yield _role(
        "opening advance",
        _("had paid ahead when the ledger began"),
        "chenjing",
        stories.opened_with_an_advance,
        payer=profiles.TEN_DAYS_LATE,
    )
    yield _role(
        "handed over",
        _("passed from one salesperson to another half a year ago"),
        "lina",
        payer=profiles.SLOW,
        owners=[(date.min, "wangqiang"), (today - timedelta(days=182), "lina")],
        sale=52_000,
        weight=8,
    )
    yield _role("nobody's", _("has no salesperson"), None, payer=profiles.TEN_DAYS_LATE, weight=3)
    yield _role(
        "dormant",
        _("a key account that fell silent five months ago"),
        "wangqiang",
        payer=profiles.PROMPT,
        key_account=True,
        sale=90_000,
        weight=12,
        buys_until=today - timedelta(days=155),
    )
