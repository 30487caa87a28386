"""Accepting all exact suggestions in one act: many customers, each under its lock and with a posting of its own."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, User
from ledger.allocation import allocate_to_several
from ledger.book import Book
from ledger.bulk import insert
from ledger.errors import NotPermitted
from ledger.models import Entry, Posting
from ledger.money import ZERO
from ledger.posting import announce, lock_customers, write
from ledger.suggestions import Suggestion, suggest
from queues.queries.allocating import as_credit, as_debt, bank_references, credits_by_customer

ACT = "accept_suggestions"
# Customers that are locked, weighed and written together.
TOGETHER = 200


@dataclass(slots=True)
class Accepted:
    """What became of the credits: accepted, by currency; and how many were left, for they changed meanwhile."""

    credits: int = 0
    allocations: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)
    left: int = 0


def accept_exact(
    *,
    by: User,
    key: UUID,
    unapplied: Collection[int],
    seen: int,
    told: Callable[[int, int], None] = lambda done, all_of_it: None,
) -> Accepted:
    """Accepts the suggestion of each of the `unapplied` credits that is exact now.

    They are weighed again under the lock. `seen` is the latest posting that the person had seen: what was posted
    since is not accepted unseen. Sent twice with one key, or by two people at once, nothing is allocated twice: what
    the first has allocated is not open any more.
    """
    if not by.may_post:
        raise NotPermitted(_("You may not post for this customer."))
    wanted = credits_by_customer(by, unapplied)
    outcome = Accepted(left=len(set(unapplied)))
    customers = sorted(wanted)
    for start in range(0, len(customers), TOGETHER):
        told(start, len(customers))
        some = {pk: wanted[pk] for pk in customers[start : start + TOGETHER]}
        _accept(outcome, by=by, key=key, wanted=some, seen=seen)
    return outcome


@transaction.atomic
def _accept(outcome: Accepted, *, by: User, key: UUID, wanted: dict[int, set[int]], seen: int) -> None:
    locked = lock_customers(wanted)
    keys = {pk: uuid5(key, str(pk)) for pk in wanted}
    done = set(Posting.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    now = timezone.now()
    postings = {
        pk: Posting(key=one, act=ACT, digest=one.hex, by=by, recorded_at=now)
        for pk, one in keys.items()
        if one not in done and pk in locked
    }
    if not postings:
        return
    book = Book(next(iter(postings.values())), today=timezone.localdate(now))
    book.load_open_items(postings)
    said = bank_references(key for some in wanted.values() for key in some)
    touched = [pk for pk in postings if _allocated(book, locked[pk], wanted[pk], said, seen, outcome)]
    if not touched:
        return
    *earlier, last = (postings[pk] for pk in touched)
    insert(Posting, earlier)
    book.posting = last
    for row in book.allocations:
        # `write` stores the last posting, and gives it the rows that have none.
        row.posting_id = postings[row.customer_id].pk
    write(book)
    announce(touched)


def _allocated(
    book: Book, customer: Customer, wanted: set[int], said: dict[int, str], seen: int, outcome: Accepted
) -> int:
    """Allocates what is exact of the customer's wanted credits; how many credits that were."""
    unapplied, debts = book.open_credits(customer.pk), [item.entry for item in book.open_debts(customer.pk)]
    entries = {entry.pk: entry for entry in (*unapplied, *debts)}
    weighed = suggest([as_credit(entry, said.get(entry.pk, "")) for entry in unapplied], [as_debt(e) for e in debts])
    count = 0
    for pk in sorted(wanted & weighed.keys()):
        best = next(iter(weighed[pk]), None)
        if best is None or not best.is_exact or not _was_seen(best, entries, seen):
            continue
        parts = [(entries[debt], amount) for debt, amount in best.parts]
        made = allocate_to_several(book, customer, credit=entries[pk], parts=parts)
        count += 1
        outcome.credits += 1
        outcome.left -= 1
        outcome.allocations += len(made)
        outcome.amounts[customer.currency] = outcome.amounts.get(customer.currency, ZERO) + best.amount
    return count


def _was_seen(suggestion: Suggestion, entries: dict[int, Entry], seen: int) -> bool:
    keys = (suggestion.credit, *(debt for debt, _amount in suggestion.parts))
    return all(entries[key].posting_id <= seen for key in keys)
