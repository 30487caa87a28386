"""Which customers are meant by names as they stand in somebody's own list."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from customers.models import Customer, User
from customers.pinyin import as_typed

# More than so many are not told apart; one writes the code.
MOST = 4
# Enough that the candidates of a whole list of short names are among them.
_CANDIDATES = 2_000


@dataclass(slots=True)
class Named:
    """One where the name says who is meant, several where it may be either, none where it is nobody's."""

    customers: list[Customer] = field(default_factory=list)


def named_customers(user: User, names: Collection[str]) -> dict[str, Named]:
    """For each name those whom it may mean of the customers that `user` may post for: by code, by the whole name,
    else by a part of the name or its pinyin. Two queries, however many names.
    """
    writable = Customer.objects.writable_by(user).select_related("owner")
    plain = {name: name.strip() for name in names}
    exact = list(writable.filter(Q(code__in=plain.values()) | Q(name__in=plain.values())))
    by_code = {customer.code: customer for customer in exact}
    by_name: dict[str, list[Customer]] = defaultdict(list)
    for customer in exact:
        by_name[customer.name].append(customer)
    found = {
        name: Named([by_code[text]] if text in by_code else by_name.get(text, [])[:MOST])
        for name, text in plain.items()
    }
    if left := [name for name, named in found.items() if not named.customers]:
        _look_closer(found, plain, left, list(writable.filter(_parts(plain[name] for name in left))[:_CANDIDATES]))
    return found


def _parts(texts: Iterable[str]) -> Q:
    wanted = Q(pk__in=())
    for text in texts:
        wanted |= Q(name__icontains=text) | Q(code__iexact=text)
        if typed := as_typed(text):
            wanted |= Q(initials__contains=f" {typed}") | Q(pinyin__contains=f" {typed}")
    return wanted


def _look_closer(found: dict[str, Named], plain: dict[str, str], left: list[str], candidates: list[Customer]) -> None:
    for name in left:
        text, typed = plain[name].lower(), as_typed(plain[name])
        alike = [
            customer
            for customer in candidates
            if text in customer.name.lower()
            or text == customer.code.lower()
            or (typed and (f" {typed}" in customer.initials or f" {typed}" in customer.pinyin))
        ]
        found[name].customers = alike[:MOST]
