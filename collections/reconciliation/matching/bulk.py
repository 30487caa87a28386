"""Accepting all that is exact in one act: lots of lines, each in a transaction of its own."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from customers.models import User
from ledger.bulk import chunks
from ledger.errors import LedgerError
from ledger.models import Entry, Posting
from ledger.money import ZERO
from ledger.posting import lock_customers
from reconciliation.matching.accepting import Wanted, part_key, settle, take
from reconciliation.matching.correcting import reversal_key
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
    """All that one click did, however often it was sent: lines matched, by currency; how many payments were posted,
    how many that were recorded were confirmed, or corrected to what came. `before` are the lines of an earlier time.
    """

    lines: int = 0
    posted: int = 0
    recorded: int = 0
    corrected: int = 0
    before: int = 0
    # Money in, and money out, which is negative.
    amounts: dict[str, Decimal] = field(default_factory=dict)
    paid: dict[str, Decimal] = field(default_factory=dict)
    left: int = 0
    reasons: list[str] = field(default_factory=list)

    def as_stored(self) -> dict[str, Any]:
        """For the result of a job, which is JSON: amounts as text, and the first reasons."""
        amounts, paid = ({code: str(one) for code, one in some.items()} for some in (self.amounts, self.paid))
        return {**asdict(self), "amounts": amounts, "paid": paid, "reasons": self.reasons[:3]}

    @classmethod
    def from_stored(cls, result: Mapping[str, Any]) -> "Accepted":
        amounts, paid = (
            {code: Decimal(said) for code, said in result.get(name, {}).items()} for name in ("amounts", "paid")
        )
        return cls(**{**result, "amounts": amounts, "paid": paid})


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
    done = set(Match.objects.filter(act=key).values_list("line", flat=True))
    ordered = sorted(set(lines) - done)
    reasons: list[str] = []
    for start in range(0, len(ordered), TOGETHER):
        told(start, len(ordered))
        reasons += _accept(ordered[start : start + TOGETHER], by=by, key=key)
    return _all_of(key, before=len(done), asked=len(ordered), reasons=reasons)


@transaction.atomic
def _accept(keys: Sequence[int], *, by: User, key: UUID) -> list[str]:
    """Why some could not be."""
    rows = list(Weighed.objects.filter(line__in=keys, is_exact=True).exclude(line__open_amount=0))
    chosen = {row.line_id: kept(row)[0] for row in rows}
    customers = lock_customers({one.customer for one in chosen.values()})
    lines = lock_lines(chosen)
    returned = taken_back(lines.values()).keys
    rows = [row for row in rows if row.line_id not in returned]
    chosen = {row.line_id: chosen[row.line_id] for row in rows}
    changed = {row.line_id for row in rows if row.open_amount != lines[row.line_id].open_amount}
    chosen = _still_exact(chosen, {row.line_id: row.seen for row in rows}, changed)
    now = timezone.now()
    made: list[tuple[Match, Entry]] = []
    reasons: list[str] = []
    for pk, one in sorted(chosen.items()):
        line, customer = lines[pk], customers[one.customer]
        if not line.open_amount:
            continue
        try:
            with transaction.atomic():
                some = take(line, Wanted.of(one, line), customer, by=by, now=now, key=part_key(key, line))
        except LedgerError as refusal:
            reasons.append(str(refusal))
            continue
        for match, _entry in some:
            match.act = key
        made += some
    settle(made, lines, by=by, now=now)
    return reasons


def _all_of(key: UUID, *, before: int, asked: int, reasons: list[str]) -> Accepted:
    made = list(Match.objects.filter(act=key).select_related("line"))
    corrected = _corrected(made)
    makes = Counter(
        "corrected" if match.key in corrected else "posted" if match.is_posted else "recorded" for match in made
    )
    done = Accepted(before=before, reasons=reasons, lines=len({match.line_id for match in made}))
    done.posted, done.recorded, done.corrected = makes["posted"], makes["recorded"], makes["corrected"]
    done.left = asked - (done.lines - before)
    for match in made:
        sums = done.amounts if match.amount > 0 else done.paid
        sums[match.line.currency] = sums.get(match.line.currency, ZERO) + match.amount
    return done


def _corrected(made: Sequence[Match]) -> set[UUID]:
    """Of these matches the keys of those whose payment somebody had recorded, and that was reversed for another."""
    reversing = {reversal_key(match.key): match.key for match in made if match.fee_id and match.key}
    return {
        reversing[key]
        for some in chunks([str(key) for key in reversing])
        for key in Posting.objects.filter(key__in=some).values_list("key", flat=True)
    }


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
