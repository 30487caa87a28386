"""What the command palette offers to do: the navigation's own links, and the same for one customer.

There is no second list: what stands in the navigation of a user is what the palette finds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from config.navigation import Link, navigation_for
from customers.models import Customer, User

# A first word that names an act, and a few customers for whom it may be meant.
MOST_CUSTOMERS = 5


@dataclass(frozen=True, slots=True)
class Action:
    label: str
    url: str
    icon: str
    note: str = ""


def actions(request: HttpRequest, words: str) -> list[Action]:
    """Pages to go to and documents to record, those that the words name; all of them where there are no words."""
    offered, english = navigation_for(request), _english(request)
    record = [Action(str(link.label), link.url, link.icon, _("record")) for link in offered.record]
    pages = [Action(str(link.label), link.url, link.icon, _("go to")) for link in offered.places]
    return [action for action in (*record, *pages) if _named(action, words, english)]


def actions_for(request: HttpRequest, user: User, words: str) -> list[Action]:
    """`payment blue mill`: the act that the first word names, for the customers that the others do."""
    first, _blank, rest = words.partition(" ")
    if not rest.strip() or not user.may_post:
        return []
    english = _english(request)
    acts = [link for link in navigation_for(request).record if _named(link, first, english)]
    if not acts:
        return []
    found = Customer.objects.writable_by(user).search(rest).best_first(rest)[:MOST_CUSTOMERS]
    return [_for_customer(link, customer) for customer in found for link in acts]


def actions_on(request: HttpRequest, user: User, customer: Customer) -> list[Action]:
    """What can be done with a customer that `user` sees."""
    entries = f"{reverse('ledger:entries')}?{urlencode({'customer': customer.pk})}"
    found = [
        Action(_("Open %(customer)s") % {"customer": customer.name}, _page(customer), "customers"),
        Action(_("Ledger of %(customer)s") % {"customer": customer.name}, entries, "ledger"),
    ]
    if user.may_post:
        found += [_for_customer(link, customer) for link in navigation_for(request).record]
    return found


def _for_customer(link: Link, customer: Customer) -> Action:
    label = _("%(document)s for %(customer)s") % {"document": link.label, "customer": customer.name}
    return Action(label, f"{link.url}?{urlencode({'customer': customer.pk})}", link.icon, _("record"))


def _page(customer: Customer) -> str:
    return reverse("customers:detail", args=[customer.pk])


def _english(request: HttpRequest) -> dict[str, str]:
    """The English label of every link by its address: who works in Chinese may type `pay` as well."""
    with override("en"):
        offered = navigation_for(request)
        return {link.url: str(link.label) for link in (*offered.places, *offered.record)}


def _named(named: Action | Link, words: str, english: Mapping[str, str]) -> bool:
    label = f"{named.label} {english.get(named.url, '')}".casefold()
    return all(word in label for word in words.casefold().split())
