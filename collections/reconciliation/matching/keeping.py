"""The suggestions of a run, kept in a table so that the list of lines costs no weighing; and read again from it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from ledger.bulk import new
from ledger.money import from_cents, to_cents
from reconciliation.matching.models import Weighed
from reconciliation.matching.weighing import Suggestion
from reconciliation.matching.weighing.facts import BY_KEY

_COLUMNS = ("customer", "score", "is_exact", "suggestions", "open_amount", "seen", "at")
_BATCH = 1_000


def keep(found: Mapping[int, Sequence[Suggestion]], *, left: Mapping[int, Decimal], seen: int, at: datetime) -> None:
    """One row for each line, in place of what was kept of it. `left` is what was open of each when it was weighed."""
    rows = []
    for line, some in found.items():
        best = some[0] if some else None
        rows.append(
            new(
                Weighed,
                line_id=line,
                customer_id=best.customer if best else None,
                score=best.score if best else 0,
                is_exact=bool(best and best.is_exact),
                suggestions=[_written(one) for one in some],
                open_amount=left[line],
                seen=seen,
                at=at,
            )
        )
    Weighed.objects.bulk_create(
        rows, batch_size=_BATCH, update_conflicts=True, unique_fields=["line"], update_fields=_COLUMNS
    )


def kept(weighed: Weighed) -> list[Suggestion]:
    return [_read(weighed.line_id, one) for one in weighed.suggestions]


def entries_of(rows: Iterable[Weighed], *, best_only: bool) -> set[int]:
    """The keys of the entries that are named in the suggestions."""
    some = (one for row in rows for one in (row.suggestions[:1] if best_only else row.suggestions))
    return {key for one in some for key, _cents in one["parts"]}


def _written(one: Suggestion) -> dict[str, Any]:
    return {
        "customer": one.customer,
        "parts": [[key, to_cents(amount)] for key, amount in one.parts],
        "money": one.is_money,
        "reasons": [reason.key for reason in one.reasons],
        "score": one.score,
        "exact": one.is_exact,
        "doubtful": one.is_doubtful,
        "short": to_cents(one.short),
        "others": list(one.others),
    }


def _read(line: int, said: dict[str, Any]) -> Suggestion:
    parts: tuple[tuple[int, Decimal], ...] = tuple((key, from_cents(cents)) for key, cents in said["parts"])
    return Suggestion(
        line=line,
        customer=said["customer"],
        parts=parts,
        is_money=said["money"],
        reasons=tuple(BY_KEY[key] for key in said["reasons"]),
        score=said["score"],
        is_exact=said["exact"],
        is_doubtful=said["doubtful"],
        short=from_cents(said["short"]),
        others=tuple(said["others"]),
    )
