"""Reads of the bank's lines, statements and accounts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, Q, QuerySet, Sum

from customers.models import User
from reconciliation.bank.accounts import is_same_number, plain_number
from reconciliation.bank.models import BankAccount, BankLine, BankStatement


@dataclass(frozen=True, slots=True)
class Gap:
    """Between two statements of an account that follow one another: days of which no file was taken, or an amount by
    which the later does not begin where the earlier ended.
    """

    before: BankStatement
    after: BankStatement
    first_day: date
    last_day: date
    # None where one of the files does not say its balance.
    difference: Decimal | None


def account_named(text: str) -> BankAccount | None:
    """The account of that name, or of that number where one account alone has it."""
    accounts = list(BankAccount.objects.all())
    named = [one for one in accounts if one.name == text]
    numbered = [one for one in accounts if plain_number(text) and is_same_number(text, one)]
    found = named or numbered
    return found[0] if len(found) == 1 else None


def account_of(key: int | None) -> BankAccount | None:
    return BankAccount.objects.get(pk=key) if key is not None else None


def active_accounts() -> QuerySet[BankAccount]:
    return BankAccount.objects.filter(is_active=True)


def accounts_for_list() -> QuerySet[BankAccount]:
    """With how many statements each has, and up to which day."""
    return BankAccount.objects.annotate(statement_count=Count("statements"), last_day=Max("statements__last_date"))


def statements_of(account: BankAccount) -> list[BankStatement]:
    return list(BankStatement.objects.filter(account=account).select_related("account"))


def all_gaps(user: User) -> list[Gap]:
    """The gaps of every account, the latest first."""
    by_account: dict[int, list[BankStatement]] = defaultdict(list)
    for statement in statements_for(user):
        by_account[statement.account_id].append(statement)
    found = [gap for own in by_account.values() for gap in gaps(own)]
    return sorted(found, key=lambda gap: gap.after.first_date, reverse=True)


def lines_for(user: User) -> QuerySet[BankLine]:
    return BankLine.objects.visible_to(user).select_related("account")


def statements_for(user: User) -> QuerySet[BankStatement]:
    return BankStatement.objects.visible_to(user).select_related("account", "imported_by")


def lines_saying(lines: QuerySet[BankLine], words: str) -> QuerySet[BankLine]:
    """Lines that have each of the words in the counterparty, the memo or the reference."""
    for word in words.split():
        found = Q(payer_name__icontains=word) | Q(memo__icontains=word) | Q(reference__icontains=word)
        lines = lines.filter(found)
    return lines


def sums_by_currency(lines: QuerySet[BankLine]) -> list[tuple[str, Decimal, Decimal]]:
    """Currency, money in and money out (positive) of the lines."""
    found = (
        lines.order_by()
        .values("currency")
        .annotate(received=Sum("amount", filter=Q(amount__gt=0)), paid=Sum("amount", filter=Q(amount__lt=0)))
    )
    zero = Decimal("0.00")
    return [(row["currency"], row["received"] or zero, -(row["paid"] or zero)) for row in found]


def gaps(statements: Sequence[BankStatement]) -> list[Gap]:
    """The gaps of one account's statements. Where both balances are known they decide; without them more than a week
    without a statement is one.
    """
    found: list[Gap] = []
    ordered = sorted(statements, key=lambda one: (one.first_date, one.last_date, one.pk))
    latest: BankStatement | None = None
    for one in ordered:
        if latest is not None and one.first_date > latest.last_date:
            gap = _gap(latest, one)
            found += [gap] if gap else []
        if latest is None or one.last_date >= latest.last_date:
            latest = one
    return found


def _gap(before: BankStatement, after: BankStatement) -> Gap | None:
    difference = None
    if before.closing is not None and after.opening is not None:
        difference = after.opening - before.closing
        if not difference:
            return None
    elif (after.first_date - before.last_date).days <= 8:
        return None
    return Gap(before, after, before.last_date, after.first_date, difference)
