"""What stands in the navigation of every page, by role."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.models import Role, User

# In the row within the thumb's reach on a phone; the others move into "More" there.
WITHIN_REACH = ("desk", "customers:list", "aging:report")


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    icon: str
    current: bool
    thumb: bool


@dataclass(frozen=True, slots=True)
class Navigation:
    main: list[Link]
    record: list[Link]
    more: list[Link]


def navigation_for(request: HttpRequest) -> Navigation:
    user = request.user
    if not isinstance(user, User):
        return Navigation([], [], [])

    targets: list[tuple[str, str, str]] = [
        ("desk", _("My desk"), "desk"),
        ("customers:list", _("Customers"), "customers"),
        ("ledger:entries", _("Ledger"), "ledger"),
        ("aging:report", _("Aging"), "aging"),
        ("flags:list", _("Flags"), "flags"),
    ]
    record = [
        ("ledger:shipment-new", _("Shipment"), "shipment"),
        ("ledger:invoice-new", _("Invoice"), "invoice"),
        ("ledger:payment-new", _("Payment"), "payment"),
        ("ledger:return-new", _("Return"), "back"),
        ("ledger:credit-note-new", _("Credit note"), "back"),
        ("ledger:refund-new", _("Refund"), "back"),
        ("ledger:discount-new", _("Discount"), "back"),
    ]
    more = [("jobs:list", _("Jobs"), "jobs")]
    if user.may_post:
        more.insert(0, ("imports:upload", _("Import"), "imports"))
    if user.keeps_books:
        record.append(("ledger:opening-new", _("Opening balance"), "ledger"))
        more.append(("flags:thresholds", _("Settings"), "settings"))
    if user.role == Role.ADMINISTRATOR:
        more.append(("admin:index", _("Administration"), "admin"))
        more.append(("start", _("First steps"), "desk"))
        more.append(("demo:firm", _("Demo firm"), "customers"))
    record = record if user.may_post else []
    # Of all that lead towards a page the longest address: to record a document is not to look at the ledger.
    addresses = [reverse(name) for name, _label, _icon in (*targets, *record, *more)]
    current = max((url for url in addresses if request.path.startswith(url)), key=len, default="")
    return Navigation(main=_links(targets, current), record=_links(record, current), more=_links(more, current))


def _links(targets: Sequence[tuple[str, str, str]], current: str) -> list[Link]:
    return [
        Link(label, url, icon, url == current, thumb=name in WITHIN_REACH)
        for name, label, icon in targets
        for url in (reverse(name),)
    ]
