"""Writing matches: the one place that changes what of a line is open, under locks taken in one order.

The customers first (`ledger.posting.lock_customers`), then the lines, both by ascending key.
"""

from collections.abc import Iterable, Sequence
from datetime import date as Date
from datetime import datetime

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from customers.models import User
from ledger.bulk import chunks, insert, new
from ledger.errors import NotPermitted
from ledger.models import Entry
from ledger.money import ZERO, to_cents
from reconciliation.bank.models import BankLine
from reconciliation.matching.models import Match, Payer
from reconciliation.matching.queries.facts import matched_of


def check_matches(by: User) -> None:
    """Raises NotPermitted unless `by` may say what lines of the bank are."""
    if not by.keeps_books:
        raise NotPermitted(_("Only finance matches lines of the bank."))


def lock_lines(keys: Iterable[int]) -> dict[int, BankLine]:
    """The lines by primary key, their rows locked until the transaction ends."""
    rows = BankLine.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    return {line.pk: line for some in chunks(sorted(set(keys))) for line in rows.filter(pk__in=some)}


def record(matches: Sequence[Match], lines: dict[int, BankLine]) -> None:
    """Stores the matches and takes them off what is open of their lines, which are locked."""
    insert(Match, matches)
    for match in matches:
        lines[match.line_id].open_amount -= match.amount
    store_open_amounts(lines[key] for key in {match.line_id for match in matches})


def store_open_amounts(lines: Iterable[BankLine]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE bank_bankline SET open_amount = %s WHERE id = %s",
            [(to_cents(line.open_amount), line.pk) for line in lines],
        )


def opposite(match: Match, *, by: User | None, at: datetime, note: str) -> Match:
    """The match that undoes this one."""
    return new(
        Match,
        line_id=match.line_id,
        entry_id=match.entry_id,
        amount=-match.amount,
        is_posted=match.is_posted,
        undoes=match,
        note=note,
        by=by,
        recorded_at=at,
    )


def matched_whole(entries: Iterable[Entry]) -> list[Entry]:
    """Those of which lines have shown all: what finance has then seen on the bank."""
    some = list(entries)
    shown = matched_of(entry.pk for entry in some)
    return [entry for entry in some if shown.get(entry.pk, ZERO) == abs(entry.document_amount)]


def shown_on(entries: Iterable[int]) -> dict[int, Date]:
    """The day of the latest line that is matched with each entry."""
    found: dict[int, Date] = {}
    standing = Match.objects.filter(undoes=None, undone_by=None)
    for keys in chunks(list(entries)):
        rows = standing.filter(entry__in=keys).order_by().values("entry").annotate(day=Max("line__date"))
        found |= {row["entry"]: row["day"] for row in rows}
    return found


def learn(matches: Sequence[tuple[Match, Entry]], lines: dict[int, BankLine], *, at: datetime) -> None:
    """Remembers from which account, and under which name, the customers pay. Refunds teach nothing."""
    wanted = {
        (entry.customer_id, lines[match.line_id].payer_account, lines[match.line_id].payer_name): match
        for match, entry in matches
        if match.amount > 0 and (lines[match.line_id].payer_account or lines[match.line_id].payer_name)
    }
    customers = {customer for customer, _account, _name in wanted}
    known = set(Payer.objects.standing().filter(customer__in=customers).values_list("customer", "account", "name"))
    insert(
        Payer,
        [
            new(Payer, customer_id=customer, account=account, name=name, taught_by=match, recorded_at=at)
            for (customer, account, name), match in wanted.items()
            if (customer, account, name) not in known
        ],
    )
