"""Accepting all that is exact in one act: lots of lines, each in a transaction of its own."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from customers.models import User
from ledger.errors import LedgerError
from ledger.models import Entry
from ledger.money import ZERO
from ledger.posting import lock_customers
from reconciliation.bank.models import BankLine
from reconciliation.matching.accepting import Wanted, part_key, settle, take
from reconciliation.matching.keeping import kept
from reconciliation.matching.models import Match, Weighed
from reconciliation.matching.queries.taken_back import taken_back
from reconciliation.matching.recording import check_matches, lock_lines
from reconciliation.matching.running import weigh_some
from reconciliation.matching.weighing import Suggestion

# Lines that are locked and written together.
TOGETHER = 100


@dataclass(slots=True)
class Accepted:
    """What became of the lines: matched, by currency; how many payments were posted, how many that were recorded
    were confirmed, or corrected to what came; how many lines the same click had accepted before, and were left.
    """

    lines: int = 0
    posted: int = 0
    recorded: int = 0
    corrected: int = 0
    before: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)
    left: int = 0
    reasons: list[str] = field(default_factory=list)


def accept_exact(
    *,
    by: User,
    key: UUID,
    lines: Collection[int],
    told: Callable[[int, int], None] = lambda done, all_of_it: None,
) -> Accepted:
    """Accepts the suggestion of each of the lines that is exact now, as it was kept.

    Where a part of it was matched, or something posted for the customer since, the line is weighed anew first, and
    left for a look unless the same is still exact. Sent twice, or by two people at once, nothing is matched twice.
    """
    check_matches(by)
    done = set(Match.objects.filter(act=key, line__in=lines).values_list("line", flat=True))
    ordered = sorted(set(lines) - done)
    outcome = Accepted(before=len(done), left=len(ordered))
    for start in range(0, len(ordered), TOGETHER):
        told(start, len(ordered))
        _accept(outcome, ordered[start : start + TOGETHER], by=by, key=key)
    return outcome


@transaction.atomic
def _accept(outcome: Accepted, keys: Sequence[int], *, by: User, key: UUID) -> None:
    found = Weighed.objects.filter(line__in=keys, is_exact=True).exclude(line__open_amount=0)
    rows = list(found.exclude(line__in=taken_back()))
    chosen = {row.line_id: kept(row)[0] for row in rows}
    customers = lock_customers({one.customer for one in chosen.values()})
    lines = lock_lines(chosen)
    changed = {row.line_id for row in rows if row.open_amount != lines[row.line_id].open_amount}
    chosen = _still_exact(chosen, {row.line_id: row.seen for row in rows}, changed)
    now = timezone.now()
    made: list[tuple[Match, Entry]] = []
    for pk, one in sorted(chosen.items()):
        line, customer = lines[pk], customers[one.customer]
        if not line.open_amount:
            continue
        try:
            with transaction.atomic():
                some = take(line, Wanted.of(one, line), customer, by=by, now=now, key=part_key(key, line))
        except LedgerError as refusal:
            outcome.reasons.append(str(refusal))
            continue
        for match, _entry in some:
            match.act = key
        made += some
        _count(outcome, line, one, [match for match, _entry in some])
    settle(made, lines, by=by, now=now)


def _count(outcome: Accepted, line: BankLine, one: Suggestion, some: Sequence[Match]) -> None:
    outcome.lines += 1
    outcome.left -= 1
    setattr(outcome, one.makes, getattr(outcome, one.makes) + len(some))
    total = sum((match.amount for match in some), ZERO)
    outcome.amounts[line.currency] = outcome.amounts.get(line.currency, ZERO) + total


def _still_exact(chosen: dict[int, Suggestion], seen: dict[int, int], changed: set[int]) -> dict[int, Suggestion]:
    """Lines of which another part is open now, and those of customers for whom something was posted since, are
    weighed anew; only the same is accepted.
    """
    customers = {one.customer for one in chosen.values()}
    rows = Entry.objects.filter(customer__in=customers, posting__gt=min(seen.values(), default=0)).order_by()
    latest = dict(rows.values_list("customer").annotate(latest=Max("posting")))
    stale = [pk for pk, one in chosen.items() if pk in changed or latest.get(one.customer, 0) > seen[pk]]
    anew = weigh_some(stale) if stale else {}
    return {
        pk: one
        for pk, one in chosen.items()
        if pk not in anew or any(other.is_exact and other.parts == one.parts for other in anew[pk][:1])
    }
