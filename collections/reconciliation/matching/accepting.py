"""Accepting what a line is: it is matched with recorded money, or posts a payment first; finance confirms it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, User
from ledger.bulk import new
from ledger.confirmation import confirm
from ledger.documents import discount, payment
from ledger.errors import NotPermitted
from ledger.models import Entry, Kind, Payment
from ledger.money import ZERO, formatted
from ledger.posting import lock_customers, post
from reconciliation.bank.models import BankLine
from reconciliation.matching.correcting import correct
from reconciliation.matching.dating import dated
from reconciliation.matching.errors import NotMatched
from reconciliation.matching.models import Match
from reconciliation.matching.privacy import without_accounts
from reconciliation.matching.queries.facts import matched_of
from reconciliation.matching.recording import check_matches, learn, lock_lines, matched_whole, record, shown_on
from reconciliation.matching.rules import limits_of
from reconciliation.matching.weighing import Suggestion


@dataclass(frozen=True, slots=True)
class Wanted:
    """What so much of a line is (`amount`, positive): recorded money of a customer, or a payment that settles debts.

    `parts` name entries by key, each with its amount; without any, a payment settles in the firm's order. `short` is
    what the parts are worth beyond the amount, and becomes a discount.
    """

    customer: int
    amount: Decimal
    parts: tuple[tuple[int, Decimal], ...] = ()
    is_money: bool = False
    short: Decimal = ZERO

    @classmethod
    def of(cls, one: Suggestion, line: BankLine) -> "Wanted":
        """As suggested; what a payment is worth beyond the debts named stays unapplied."""
        amount = one.amount - one.short if one.is_money else abs(line.open_amount)
        return cls(one.customer, amount, one.parts, one.is_money, one.short)


@dataclass(slots=True)
class Outcome:
    """The matches made; none where somebody had matched the line before: the latest match then says who and when."""

    matches: list[Match] = field(default_factory=list)
    already: Match | None = None


@transaction.atomic
def accept(*, line: BankLine, by: User, wanted: Sequence[Wanted], key: UUID, note: str = "") -> Outcome:
    """Makes the line what is wanted, all of it or nothing. Sent twice, or by two people, it happens once.

    Raises a LedgerError whose text may be shown, and changes nothing then.
    """
    check_matches(by)
    customers = lock_customers(one.customer for one in wanted)
    lines = lock_lines([line.pk])
    [stored] = lines.values()
    keys = [part_key(key, line, number) for number in range(len(wanted))]
    if not stored.open_amount or Match.objects.filter(line=stored, key__in=keys).exists():
        return Outcome(already=latest_match(stored))
    _check(stored, wanted, customers)
    now = timezone.now()
    made: list[tuple[Match, Entry]] = []
    for of_it, one in zip(keys, wanted, strict=True):
        made += take(stored, one, customers[one.customer], by=by, now=now, key=of_it, note=note)
    settle(made, lines, by=by, now=now)
    return Outcome([match for match, _entry in made])


def part_key(key: UUID, line: BankLine, number: int = 0) -> UUID:
    return uuid5(key, f"{line.pk}-{number}")


def latest_match(line: BankLine) -> Match | None:
    return Match.objects.filter(line=line).select_related("by").order_by("pk").last()


def settle(made: Sequence[tuple[Match, Entry]], lines: dict[int, BankLine], *, by: User, now: datetime) -> None:
    """Stores the matches, confirms what lines have shown whole, and learns who pays."""
    record([match for match, _entry in made], lines)
    whole = matched_whole({entry.pk: entry for _match, entry in made}.values())
    outcome = confirm(entries=whole, by=by, evidence=shown_on(entry.pk for entry in whole))
    if outcome.refused:
        raise NotPermitted(outcome.refused[0][1])
    learn(made, lines, at=now)


def _check(line: BankLine, wanted: Sequence[Wanted], customers: dict[int, Customer]) -> None:
    if not wanted:
        raise NotMatched(_("Say what the line is."))
    if sum(one.amount for one in wanted) > abs(line.open_amount):
        raise NotMatched(_("Only %(open)s of the line is open.") % {"open": formatted(abs(line.open_amount))})
    for one in wanted:
        customer = customers.get(one.customer)
        if customer is None or customer.currency != line.currency:
            raise NotMatched(_("The line is in %(currency)s; the customer is not.") % {"currency": line.currency})
        if one.amount <= 0 or any(amount <= 0 for _key, amount in one.parts):
            raise NotMatched(_("Say by how much the line is that."))
        if one.short and one.short > limits_of(line.currency).most:
            raise NotMatched(_("%(amount)s is more than finance lets pass.") % {"amount": formatted(one.short)})
        if not one.is_money and line.amount < 0:
            raise NotMatched(_("Money out is matched with a refund that was recorded; record it first."))


def take(
    line: BankLine, one: Wanted, customer: Customer, *, by: User, now: datetime, key: UUID, note: str = ""
) -> list[tuple[Match, Entry]]:
    """The matches, not stored yet, of a part of the line, whose customer and row are locked."""
    facts = {"line": line, "by": by, "recorded_at": now, "note": note, "key": key}
    if one.is_money:
        return _of_recorded(line, one, customer, by, key, facts)
    if customer.owner_id == by.pk:
        raise NotPermitted(
            _("You answer for %(customer)s yourself; a colleague has to accept it.") % {"customer": customer}
        )
    entry, fee = _posted(line, one, customer, by=by, key=key)
    return [(new(Match, entry=entry, amount=one.amount, is_posted=True, fee=fee, **facts), entry)]


def _of_recorded(
    line: BankLine, one: Wanted, customer: Customer, by: User, key: UUID, facts: dict[str, object]
) -> list[tuple[Match, Entry]]:
    entries = _recorded(line, one, customer)
    for entry, _amount in entries:
        if entry.salesperson_id == by.pk:
            raise NotPermitted(
                _("You answer for %(entry)s yourself; a colleague has to confirm it.") % {"entry": entry.described}
            )
    if one.short:
        [(entry, _amount)] = entries
        note = short_in_words(line, one.short)
        entry, fee = correct(
            entry, customer=customer, received=one.amount, short=one.short, by=by, key=key, note=note
        )
        return [(new(Match, entry=entry, amount=one.amount, is_posted=True, fee=fee, **facts), entry)]
    if sum(amount for _entry, amount in entries) != one.amount:
        raise NotMatched(_("Say by how much the line is that."))
    sign = 1 if line.amount > 0 else -1
    return [(new(Match, entry=entry, amount=amount * sign, **facts), entry) for entry, amount in entries]


def _recorded(line: BankLine, one: Wanted, customer: Customer) -> list[tuple[Entry, Decimal]]:
    """The payments or refunds that are named, as they are stored, each with its part; raises NotMatched."""
    kind = Kind.PAYMENT if line.amount > 0 else Kind.REFUND
    keys = [key for key, _amount in one.parts]
    rows = (
        Entry.objects.standing()
        .filter(customer=customer, kind=kind, pk__in=keys)
        .select_related("payment", "salesperson")
    )
    stored = {entry.pk: entry for entry in rows}
    shown = matched_of(keys)
    for key, amount in one.parts:
        entry = stored.get(key)
        if entry is None or amount > abs(entry.document_amount) - shown.get(key, ZERO):
            raise NotMatched(_("This payment has changed meanwhile; look at the line once more."))
    return [(stored[key], amount) for key, amount in one.parts]


def _posted(line: BankLine, one: Wanted, customer: Customer, *, by: User, key: UUID) -> tuple[Entry, Entry | None]:
    """The payment that the line shows, and the discount for what it is short of its debts.

    The customer's salesperson reads the payment: it says no account.
    """
    debts = Entry.objects.in_bulk([key for key, _amount in one.parts])
    if len(debts) < len(one.parts):
        raise NotMatched(_("This payment has changed meanwhile; look at the line once more."))
    parts, left = [], one.amount
    for debt, amount in one.parts:
        if part := min(amount, left):
            parts.append((debts[debt], part))
            left -= part
    on, memo = dated(line.date, without_accounts(line.memo, line.payer_account))
    entry = post(
        payment,
        by,
        key,
        customer,
        date=on,
        amount=one.amount,
        method=Payment.Method.TRANSFER,
        bank_reference=without_accounts(line.reference, line.payer_account)[:80],
        invoices=parts,
        automatic=not parts,
        memo=memo[:200],
    )
    fee = _discounted(line, one, debts[one.parts[-1][0]], customer, by=by, key=key, on=on) if one.short else None
    return entry, fee


def _discounted(
    line: BankLine, one: Wanted, debt: Entry, customer: Customer, *, by: User, key: UUID, on: Date
) -> Entry:
    return post(
        discount,
        by,
        uuid5(key, "fee"),
        customer,
        date=max(on, debt.date),
        amount=one.short,
        debt=debt,
        memo=short_in_words(line, one.short),
    )


def short_in_words(line: BankLine, short: Decimal) -> str:
    if short <= limits_of(line.currency).change:
        return _("Small change: the bank shows %(amount)s less.") % {"amount": formatted(short)}
    return _("Bank fee: the bank shows %(amount)s less.") % {"amount": formatted(short)}
