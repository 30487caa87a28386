"""What stands in the frame of every page, by role. A page adds one line to PLACES, a new document one to DOCUMENTS.

Each line names an address, its label, its icon (config/vendor.json), its group and who is led there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import Role, User

TODAY, BOOKS, RECONCILIATION = _("Today"), _("Books"), _("Reconciliation")
REPORTS, TOOLS = _("Reports"), _("Tools")
# In the bar within the thumb's reach on a phone, with "Record" in their middle; all others are under "More" there.
WITHIN_REACH = ("customers:list", "aging:report")
# Before these, what each role works with every day.
DAILY = {Role.FINANCE: "queues:home", Role.AUDITOR: "dashboard:home", Role.ADMINISTRATOR: "dashboard:home"}


def everyone(user: User) -> bool:
    return True


def who_posts(user: User) -> bool:
    return user.may_post


def who_keeps_books(user: User) -> bool:
    return user.keeps_books


def who_examines(user: User) -> bool:
    return user.sees_all


def administrators(user: User) -> bool:
    return user.role == Role.ADMINISTRATOR


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    label: Promise
    icon: str
    group: Promise
    who: Callable[[User], bool] = everyone


PLACES = (
    Place("dashboard:home", _("Dashboard"), "dashboard", TODAY),
    Place("desk", _("My desk"), "desk", TODAY),
    Place("flags:list", _("Flags"), "flags", TODAY),
    Place("queues:home", _("Work queues"), "queues", TODAY),
    Place("customers:list", _("Customers"), "customers", BOOKS),
    Place("ledger:entries", _("Ledger"), "ledger", BOOKS),
    Place("bank:lines", _("Bank"), "bank", RECONCILIATION, who_examines),
    Place("matching:desk", _("Match bank lines"), "check", RECONCILIATION, who_examines),
    Place("matching:receipts", _("Receipts to claim"), "payment", RECONCILIATION),
    Place("books:sums", _("Two books"), "ledger", RECONCILIATION),
    Place("statements:list", _("Statements"), "send", RECONCILIATION),
    Place("comparison:list", _("Customers' lists"), "columns", RECONCILIATION),
    Place("rounds:home", _("Rounds"), "refresh", RECONCILIATION),
    Place("rounds:differences", _("Differences"), "alert", RECONCILIATION),
    Place("closing:months", _("Closed months"), "calendar", RECONCILIATION, who_examines),
    Place("aging:report", _("Aging"), "aging", REPORTS),
    Place("saved:list", _("Views"), "bookmark", REPORTS),
    Place("trends:trends", _("Trends"), "trends", REPORTS),
    Place("trends:cash", _("Expected cash"), "calendar", REPORTS),
    Place("jobs:list", _("Jobs"), "jobs", TOOLS),
    Place("imports:upload", _("Import"), "imports", TOOLS, who_posts),
    Place("flags:thresholds", _("Settings"), "settings", TOOLS, who_keeps_books),
    Place("admin:index", _("Administration"), "admin", TOOLS, administrators),
    Place("start", _("First steps"), "quick", TOOLS, administrators),
    Place("design", _("Design system"), "photo", TOOLS, administrators),
    Place("demo:firm", _("Demo firm"), "dashboard", TOOLS, administrators),
)
DOCUMENTS = (
    Place("ledger:quick", _("Quick entry"), "quick", BOOKS, who_posts),
    Place("ledger:grid", _("Many at once"), "list", BOOKS, who_posts),
    Place("ledger:shipment-new", _("Shipment"), "shipment", BOOKS, who_posts),
    Place("ledger:invoice-new", _("Invoice"), "invoice", BOOKS, who_posts),
    Place("ledger:payment-new", _("Payment"), "payment", BOOKS, who_posts),
    Place("ledger:return-new", _("Return"), "return", BOOKS, who_posts),
    Place("ledger:credit-note-new", _("Credit note"), "credit-note", BOOKS, who_posts),
    Place("ledger:refund-new", _("Refund"), "refund", BOOKS, who_posts),
    Place("ledger:discount-new", _("Discount"), "discount", BOOKS, who_posts),
    Place("ledger:opening-new", _("Opening balance"), "opening", BOOKS, who_keeps_books),
)


@dataclass(frozen=True, slots=True)
class Link:
    label: Promise
    url: str
    icon: str
    group: Promise
    current: bool
    # Its place in the bar of a phone, from 1; 0 is not in it.
    thumb: int


@dataclass(frozen=True, slots=True)
class Navigation:
    places: list[Link]
    record: list[Link]
    search_url: str = ""
    help_url: str = ""

    @property
    def groups(self) -> Iterator[tuple[Promise, list[Link]]]:
        for name, links in groupby(self.places, key=lambda link: link.group):
            yield name, list(links)


def navigation_for(request: HttpRequest) -> Navigation:
    user = request.user
    if not isinstance(user, User):
        return Navigation([], [], help_url=_address("manual"))
    places = [(place, reverse(place.name)) for place in PLACES if place.who(user)]
    record = [(place, reverse(place.name)) for place in DOCUMENTS if place.who(user)]
    # Of all that lead towards a page the longest address: to record a document is not to look at the ledger.
    towards = [url for _place, url in (*places, *record) if request.path.startswith(url)]
    current = max(towards, key=len, default="")

    reach = (DAILY.get(Role(user.role), "desk"), *WITHIN_REACH)

    def links(found: list[tuple[Place, str]]) -> list[Link]:
        return [
            Link(place.label, url, place.icon, place.group, url == current, _thumb(place, reach))
            for place, url in found
        ]

    return Navigation(links(places), links(record), _address("search"), _address("manual"))


def _thumb(place: Place, reach: tuple[str, ...]) -> int:
    return reach.index(place.name) + 1 if place.name in reach else 0


def _address(name: str) -> str:
    """Of a page that the frame leads to where the product has it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
