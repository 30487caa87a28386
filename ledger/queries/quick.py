"""What quick entry knows before a word is typed: whom one records for, what they buy at which price, which number
comes next, and what was recorded already today.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from customers.models import Customer, User
from ledger.models import Entry, Kind, Payment, Posting, ShipmentLine

MOST_OPTIONS, MOST_OF_LATE = 8, 5
MOST_PRODUCTS = 12
# A whole import may have been recorded today: it is looked at in the list of entries.
MOST_OF_TODAY = 200
# So many postings, or shipments, back lies what somebody remembers.
_LATELY = 60
_ENTRIES_LATELY = 500
_POSTINGS_LATELY = 2_000
_LAST_DIGITS = re.compile(r"^(.*?)(\d+)(\D*)$")
_CANDIDATES = 50


def customers_to_choose(user: User, words: str) -> list[Customer]:
    """Whom `user` may post for: the best match first; where nothing is typed, who was posted for lately."""
    customers = Customer.objects.writable_by(user).select_related("owner")
    if words.strip():
        return list(customers.search(words).best_first(words)[:MOST_OPTIONS])
    lately = list(Posting.objects.filter(by=user).order_by("-pk").values_list("pk", flat=True)[:_LATELY])
    # An act may hold the entries of a whole import: of all of these the newest few hundred tell enough.
    recent = Entry.objects.filter(posting__in=lately).order_by("-pk").values_list("customer_id", flat=True)
    keys = list(dict.fromkeys(recent[:_ENTRIES_LATELY]))[:MOST_OF_LATE]
    known = customers.in_bulk(keys)
    chosen = [known[key] for key in keys if key in known]
    if len(chosen) < MOST_OF_LATE:
        others = customers.exclude(pk__in=[customer.pk for customer in chosen])
        chosen += others.order_by("code")[: MOST_OF_LATE - len(chosen)]
    return chosen


@dataclass(frozen=True, slots=True)
class Remembered:
    """A product as the customer bought it last."""

    product: str
    unit: str
    unit_price: Decimal
    on: date

    @property
    def price_typed(self) -> str:
        """The price as one would type it."""
        return f"{self.unit_price.normalize():f}"


def products_bought(customer: Customer) -> list[Remembered]:
    """The customer's products, the latest first, each with its last unit and price."""
    shipments = Entry.objects.filter(customer=customer, kind=Kind.SHIPMENT).standing()
    lately = shipments.order_by("-date", "-pk").values("pk")[:_LATELY]
    lines = (
        ShipmentLine.objects.filter(shipment__in=lately)
        .order_by("-shipment__entry__date", "-shipment_id", "position")
        .values_list("product", "unit", "unit_price", "shipment__entry__date")
    )
    found: dict[str, Remembered] = {}
    for product, unit, price, day in lines:
        found.setdefault(product, Remembered(product, unit, price, day))
    return list(found.values())[:MOST_PRODUCTS]


def last_method(customer: Customer) -> str:
    """How the customer paid last; empty where it never did, and for a bill, which needs a day of its own."""
    paid = Payment.objects.filter(entry__customer=customer, entry__kind=Kind.PAYMENT)
    method = paid.order_by("-entry__date", "-entry_id").values_list("method", flat=True).first()
    return method if method is not None and method != Payment.Method.BILL else ""


def recorded_alike(kind: Kind, customer: Customer, amount: Decimal, day: date, *, days: int) -> Entry | None:
    """The latest standing document of the same kind and amount that is dated so near to `day`."""
    size = -amount if kind == Kind.PAYMENT else amount
    near = (day - timedelta(days=days), day + timedelta(days=days))
    alike = Entry.objects.filter(customer=customer, kind=kind, date__range=near, document_amount=size).standing()
    return alike.order_by("-date", "-pk").first()


def next_number(user: User) -> str:
    """The shipment number after the last that `user` gave lately: the first that is free; empty where none was."""
    lately = Posting.objects.filter(by=user).order_by("-pk").values("pk")[:_POSTINGS_LATELY]
    given = Entry.objects.filter(posting__in=lately, kind=Kind.SHIPMENT, reverses=None).exclude(number="")
    last = given.order_by("-posting_id", "-pk").values_list("number", flat=True).first()
    found = _LAST_DIGITS.match(last or "")
    if found is None:
        return ""
    head, digits, tail = found.groups()
    following = [f"{head}{int(digits) + n:0{len(digits)}}{tail}" for n in range(1, _CANDIDATES + 1)]
    taken = set(Entry.objects.numbered_among("shipment", following).values_list("number", flat=True))
    return next((number for number in following if number not in taken and len(number) <= 60), "")


def recorded_today(user: User) -> list[Entry]:
    """Shipments and payments that `user` has recorded today, the latest first; those reversed since as well."""
    midnight = datetime.combine(timezone.localdate(), datetime.min.time(), timezone.get_default_timezone())
    mine = Posting.objects.filter(by=user, recorded_at__gte=midnight)
    entries = Entry.objects.filter(posting__in=mine, kind__in=(Kind.SHIPMENT, Kind.PAYMENT), reverses=None)
    return list(entries.select_related("customer").order_by("-posting_id", "-pk")[:MOST_OF_TODAY])
