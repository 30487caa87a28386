"""Taking a match back, and setting a line aside that is no customer's."""

from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, User
from ledger.book import Book
from ledger.bulk import new
from ledger.confirmation import withdraw
from ledger.models import Entry, PeriodClose
from ledger.models.entries import MONEY_KINDS
from ledger.posting import lock_customers, post
from ledger.reversal import reverse
from reconciliation.bank.models import BankLine
from reconciliation.matching.errors import NotMatched
from reconciliation.matching.models import AsideKind, Match, Payer, SetAside
from reconciliation.matching.recording import check_matches, lock_lines, opposite, record, store_open_amounts


@transaction.atomic
def undo(*, match: Match, by: User, key: UUID, reason: str = "", reverses: bool = False) -> bool:
    """Takes the match back, and with it that the money is confirmed; False where that was done before.

    The line never showed this money: it is withdrawn as of the day from which it was confirmed, so that the books of
    the days between say so, and so that it counts from its own line once it is matched again. In a closed month the
    books stay: then it is the first open day.

    What was posted from the line stays, as money that was recorded and that no line shows, unless it is asked for
    its reversal, with a reason.
    """
    check_matches(by)
    if reverses and not reason.strip():
        raise NotMatched(_("Give the reason why it is reversed."), field="reason")
    customers = lock_customers([match.entry.customer_id])
    lines = lock_lines([match.line_id])
    if Match.objects.filter(undoes=match).exists():
        return False
    _take_back([match], lines, by=by, note=reason)
    # Postings before confirmations, in the order in which closing a month waits for them.
    if reverses:
        _reverse(match, customers[match.entry.customer_id], by=by, key=key, reason=reason)
    entry = Entry.objects.select_related("customer").get(pk=match.entry_id)
    if entry.confirmed_on is not None:
        withdraw(entries=[entry], by=by, on=PeriodClose.objects.open_day(entry.confirmed_on), note=reason)
    return True


def _take_back(matches: list[Match], lines: dict[int, BankLine], *, by: User | None, note: str) -> None:
    now = timezone.now()
    record([opposite(match, by=by, at=now, note=note[:200]) for match in matches], lines)
    taught = Payer.objects.standing().filter(taught_by__in=matches)
    taught.update(withdrawn_at=now, withdrawn_by=by)


def _reverse(match: Match, customer: Customer, *, by: User, key: UUID, reason: str) -> None:
    if not match.is_posted:
        raise NotMatched(_("The payment was recorded by hand; reverse it where it stands."))
    for name, entry in (("fee", match.fee), ("payment", match.entry)):
        if entry is not None and Entry.objects.standing().filter(pk=entry.pk).exists():
            post(reverse, by, uuid5(key, name), customer, entry=entry, reason=reason[:200])


def witness(book: Book) -> None:
    """Money that is reversed in the ledger is no line's any more: within the same act, what was matched with it is
    taken back.
    """
    reversed_ones = [entry.reverses_id for entry in book.entries if entry.reverses_id and entry.kind in MONEY_KINDS]
    if not reversed_ones:
        return
    standing = list(Match.objects.filter(entry__in=reversed_ones, undoes=None, undone_by=None).order_by("pk"))
    if standing:
        lines = lock_lines(match.line_id for match in standing)
        _take_back(standing, lines, by=book.posting.by, note=_("The payment was reversed."))


@transaction.atomic
def set_aside(*, line: BankLine, by: User, kind: str, reason: str = "") -> SetAside | None:
    """What is left of the line is no customer's; None where nothing is left, for somebody was there before."""
    check_matches(by)
    if kind not in AsideKind.values:
        raise NotMatched(_("Choose what the line is."), field="kind")
    if kind == AsideKind.OTHER and not reason.strip():
        raise NotMatched(_("Say what the line is."), field="reason")
    [stored] = lock_lines([line.pk]).values()
    if not stored.open_amount:
        return None
    aside = SetAside.objects.create(
        line=stored,
        kind=kind,
        reason=reason.strip()[:200],
        amount=stored.open_amount,
        by=by,
        recorded_at=timezone.now(),
    )
    stored.open_amount -= aside.amount
    store_open_amounts([stored])
    return aside


@transaction.atomic
def take_up(*, aside: SetAside, by: User) -> bool:
    """The line is open again; False where that was done before."""
    check_matches(by)
    [line] = lock_lines([aside.line_id]).values()
    if aside.undoes_id is not None or SetAside.objects.filter(undoes=aside).exists():
        return False
    back = new(
        SetAside,
        line=line,
        kind=aside.kind,
        reason=aside.reason,
        amount=-aside.amount,
        undoes=aside,
        by=by,
        recorded_at=timezone.now(),
    )
    back.save(force_insert=True)
    line.open_amount -= back.amount
    store_open_amounts([line])
    return True
