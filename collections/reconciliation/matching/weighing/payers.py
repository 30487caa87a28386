"""Who has paid a line: customers by the account, the name, the numbers and the names in its memo."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ledger.named_numbers import NamedNumbers
from reconciliation.matching.weighing.facts import SURE, Customers, Item, Line, Reason
from reconciliation.matching.weighing.names import Names, core, plain

# Customers that one line is weighed for; the first say enough.
MOST_WEIGHED = 6

# What speaks for each of the customers, the strongest first.
Who = dict[int, tuple[Reason, ...]]


class Payers:
    def __init__(self, customers: Customers, items: Iterable[Item]) -> None:
        self._names = Names(customers.cores())
        self._aliases: dict[str, set[int]] = defaultdict(set)
        self._accounts: dict[str, set[int]] = defaultdict(set)
        for customer, account, name in customers.learned:
            if account:
                self._accounts[plain(account)].add(customer)
            if said := core(name):
                self._aliases[said].add(customer)
        self._numbers = NamedNumbers((item.number, item.customer) for item in items)
        self._known: dict[str, Who] = {}

    def of(self, line: Line) -> Who:
        """Customers who may have paid, those who surely have first."""
        found: dict[int, list[Reason]] = defaultdict(list)
        for customer in self._accounts.get(plain(line.account), ()) if line.account else ():
            found[customer].append(Reason.ACCOUNT)
        for customer, reasons in self._called(line.payer).items():
            found[customer] += reasons
        for customer in dict.fromkeys(self._numbers.named_in(line.words)):
            found[customer].append(Reason.NUMBER)
        for customer in self._names.within(plain(line.words)):
            found[customer].append(Reason.SAID)
        ranked = sorted(found.items(), key=lambda pair: (-pair[1][0].score, -len(pair[1]), pair[0]))
        return {customer: tuple(reasons) for customer, reasons in ranked[:MOST_WEIGHED]}

    def _called(self, payer: str) -> Who:
        """By name alone; the same payer pays many lines."""
        if payer not in self._known:
            name = core(payer)
            found: dict[int, tuple[Reason, ...]] = {}
            if name:
                found |= dict.fromkeys(self._names.like(name), (Reason.SIMILAR,))
                found |= dict.fromkeys(self._aliases.get(name, ()), (Reason.ALIAS,))
                exactly = self._names.of(name)
                found |= dict.fromkeys(exactly, (Reason.NAME,))
                if exactly or name in self._aliases:
                    found = {whose: reasons for whose, reasons in found.items() if reasons != (Reason.SIMILAR,)}
            self._known[payer] = found
        return self._known[payer]


def sure(who: Who) -> int | None:
    """The one customer who has surely paid; None where nobody has, or more than one may have."""
    known: Sequence[int] = [customer for customer, reasons in who.items() if reasons[0] in SURE]
    return known[0] if len(known) == 1 else None
