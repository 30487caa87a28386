"""Taking a bank's file: read, compared with what is known, stored as a whole or not at all."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from customers.models import HOME_CURRENCY, User
from ledger.bulk import insert, new
from ledger.models.entries import EARLIEST_DATE
from ledger.money import formatted
from reconciliation.bank.accounts import is_same_number
from reconciliation.bank.errors import StatementRefused
from reconciliation.bank.formats.parsed import ParsedFile, ParsedLine, ParsedStatement
from reconciliation.bank.formats.reading import read
from reconciliation.bank.mappings import remember, remembered
from reconciliation.bank.models import BankAccount, BankLine, BankStatement
from reconciliation.bank.recognition import Stored, fingerprints, new_lines
from reconciliation.tabular import Problem

logger = logging.getLogger(__name__)

Told = Callable[[int, int, str], None]
# Who hears, once a file is stored, which statements came with it; the bank does not know who they are.
FOLLOWERS: list[Callable[[Sequence[int]], None]] = []
# Lines of a day after today are a mistake of reading, but for the difference of the clocks.
AHEAD = timedelta(days=1)


@dataclass(slots=True)
class Part:
    """What a file says of one account."""

    statement: ParsedStatement
    account: BankAccount | None
    # The places of the lines that are not known yet.
    new: list[int] = field(default_factory=list)
    # Taken from this very file before.
    before: BankStatement | None = None
    stored: BankStatement | None = None

    @property
    def known(self) -> int:
        return len(self.statement.lines) - len(self.new)


@dataclass(slots=True)
class Taken:
    parsed: ParsedFile
    parts: list[Part]
    # Whether the meaning of the columns was confirmed before for files of this kind.
    is_remembered: bool = False

    @property
    def errors(self) -> list[Problem]:
        return self.parsed.errors

    @property
    def new(self) -> int:
        return sum(len(part.new) for part in self.parts)

    @property
    def known(self) -> int:
        return sum(part.known for part in self.parts)

    @property
    def is_known(self) -> bool:
        """Whether the whole file was taken before."""
        return bool(self.parts) and all(part.before is not None for part in self.parts)

    @property
    def lacks_account(self) -> bool:
        return any(part.account is None for part in self.parts)


def check(
    path: Path,
    *,
    today: date,
    account: BankAccount | None = None,
    columns: Sequence[str] | None = None,
    told: Told = lambda done, total, label: None,
) -> Taken:
    """What taking the file would bring; nothing is written, and no account needs to be there."""
    told(0, 0, _("Reading"))
    accounts = [account] if account else list(BankAccount.objects.all())
    return _compared(path, _read(path, accounts, columns), accounts, account, today=today, told=told)


def _compared(
    path: Path,
    content: tuple[ParsedFile, bool],
    accounts: list[BankAccount],
    account: BankAccount | None,
    *,
    today: date,
    told: Told,
) -> Taken:
    """What is read, beside what is known."""
    parsed, is_remembered = content
    taken = Taken(parsed, [], is_remembered)
    digest = _digest(path)
    for statement in parsed.statements:
        part = Part(statement, _account_of(statement, accounts, account, parsed))
        statement.currency = statement.currency or (part.account.currency if part.account else HOME_CURRENCY)
        _check_part(part, parsed, today)
        if part.account is not None:
            part.before = BankStatement.objects.filter(account=part.account, digest=digest).first()
            told(0, len(statement.lines), _("Comparing"))
        part.new = _new_places(part)
        taken.parts.append(part)
    return taken


def take(
    path: Path,
    *,
    by: User | None,
    file_name: str,
    now: datetime,
    today: date,
    account: BankAccount | None = None,
    columns: Sequence[str] | None = None,
    told: Told = lambda done, total, label: None,
) -> Taken:
    """Stores the file with the lines that are new, or raises StatementRefused and has stored nothing. Where a mistake
    is in the file, `errors` holds it. `by` is None on the command line.
    """
    if by is not None and not by.keeps_books:
        raise StatementRefused(_("Only finance takes bank statements."))
    # Before the lock: a large file takes a while, and others need not wait for it.
    told(0, 0, _("Reading"))
    content = _read(path, [account] if account else list(BankAccount.objects.all()), columns)
    with transaction.atomic():
        # One at a time: the second of two that bring the same lines finds those of the first.
        locked = list(BankAccount.objects.select_for_update().order_by("pk"))
        account = next((one for one in locked if account and one.pk == account.pk), None)
        accounts = [account] if account else locked
        taken = _compared(path, content, accounts, account, today=today, told=told)
        if taken.errors or taken.is_known:
            return taken
        _refuse_unknown(taken)
        try:
            for part in taken.parts:
                if part.before is None and part.statement.days is not None:
                    part.stored = _store(path, part, taken.parsed, by=by, file_name=file_name, now=now)
                    told(len(part.new), len(part.new), _("Storing"))
        except IntegrityError:
            logger.exception("A bank statement broke a law of the database.")
            raise StatementRefused(_("The lines were taken by somebody else meanwhile. Look again.")) from None
        if taken.parsed.table is not None and by is not None:
            for bank in {part.account.bank for part in taken.parts if part.account}:
                remember(taken.parsed.table, taken.parsed.columns, bank=bank, by=by, now=now)
        stored = [part.stored.pk for part in taken.parts if part.stored]
        transaction.on_commit(partial(_tell, stored))
    return taken


def _tell(statements: list[int]) -> None:
    for follower in FOLLOWERS:
        try:
            follower(statements)
        except Exception:
            logger.exception("%s could not follow %d bank statements.", follower.__module__, len(statements))


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""


def _read(path: Path, accounts: list[BankAccount], columns: Sequence[str] | None) -> tuple[ParsedFile, bool]:
    """The file, by the columns that are given, else by those that were confirmed for its kind, else by a guess."""
    parsed = read(path, columns)
    if columns is not None or parsed.table is None:
        return parsed, False
    said = [statement.account for statement in parsed.statements if statement.account]
    own = [one for one in accounts if any(is_same_number(number, one) for number in said)] or accounts
    known = remembered(parsed.table, banks=[one.bank for one in own])
    if known is None:
        return parsed, False
    return (parsed if known == parsed.columns else read(path, known)), True


def _account_of(
    statement: ParsedStatement, accounts: list[BankAccount], chosen: BankAccount | None, parsed: ParsedFile
) -> BankAccount | None:
    """The account that was chosen, else the one whose number the file says; None where there is none."""
    if chosen is not None:
        if statement.account and not is_same_number(statement.account, chosen):
            message = _("The file is of account %(said)s, and %(account)s has the number %(number)s.")
            facts = {"said": statement.account, "account": chosen.name, "number": chosen.number}
            parsed.errors.append(Problem(None, statement.account, message % facts))
        if statement.currency and statement.currency != chosen.currency:
            message = _("The file has lines in %(said)s, and %(account)s is an account in %(currency)s.")
            facts = {"said": statement.currency, "account": chosen.name, "currency": chosen.currency}
            parsed.errors.append(Problem(None, statement.currency, message % facts))
        return chosen
    found = [one for one in accounts if statement.account and is_same_number(statement.account, one)]
    if statement.currency:
        return next((one for one in found if one.currency == statement.currency), None)
    return found[0] if len(found) == 1 else None


def _check_part(part: Part, parsed: ParsedFile, today: date) -> None:
    for line in part.statement.lines:
        if not EARLIEST_DATE <= line.date <= today + AHEAD:
            message = _("is no day of a statement: it lies in the future, or before 1990")
            parsed.errors.append(Problem(line.number, line.date.isoformat(), message))
    if gap := part.statement.gap:
        message = _(
            "Opening balance and lines do not come to the closing balance: %(gap)s is missing. The file may not hold "
            "all lines of its days."
        )
        parsed.warnings.append(Problem(None, formatted(gap), message % {"gap": formatted(gap)}))


def _new_places(part: Part) -> list[int]:
    lines = part.statement.lines
    if part.before is not None or not lines:
        return []
    return new_lines(lines, _stored(part) if part.account is not None else [])


def _stored(part: Part) -> list[Stored]:
    days = part.statement.days
    if days is None or part.account is None:
        return []
    rows = BankLine.objects.filter(account=part.account, date__range=days)
    names = ("date", "amount", "reference", "balance", "payer_name", "memo", "fingerprint")
    return [Stored(*facts) for facts in rows.values_list(*names).order_by("pk")]


def _refuse_unknown(taken: Taken) -> None:
    if not taken.parts or all(part.statement.days is None for part in taken.parts):
        raise StatementRefused(_("The file has no lines; there is nothing to take."))
    for part in taken.parts:
        if part.account is None:
            if not part.statement.account:
                raise StatementRefused(_("The file does not say of which account it is. Choose the account."))
            message = _("No bank account has the number %(number)s in %(currency)s. Add it first.")
            facts = {"number": part.statement.account, "currency": part.statement.currency}
            raise StatementRefused(message % facts)


def _store(
    path: Path, part: Part, parsed: ParsedFile, *, by: User | None, file_name: str, now: datetime
) -> BankStatement:
    statement, account, days = part.statement, part.account, part.statement.days
    assert account is not None
    assert days is not None
    row = BankStatement(
        account=account,
        file_name=file_name[:200],
        digest=_digest(path),
        format=parsed.format,
        first_date=days[0],
        last_date=days[1],
        opening=statement.opening,
        closing=statement.closing,
        line_count=len(statement.lines),
        new_count=len(part.new),
        imported_by=by,
        imported_at=now,
    )
    with path.open("rb") as content:
        row.file.save(file_name, File(content), save=False)
    row.save(force_insert=True)
    fresh = [statement.lines[place] for place in part.new]
    marks = fingerprints(fresh, (one.fingerprint for one in _stored(part)))
    insert(BankLine, [_row(line, row, mark) for line, mark in zip(fresh, marks, strict=True)])
    return row


def _row(line: ParsedLine, statement: BankStatement, mark: str) -> BankLine:
    return new(
        BankLine,
        statement=statement,
        account=statement.account,
        date=line.date,
        amount=line.amount,
        currency=statement.account.currency,
        payer_name=_kept(line.payer_name, 200),
        payer_account=_kept(line.payer_account, 60),
        payer_bank=_kept(line.payer_bank, 200),
        memo=_kept(line.memo, 500),
        reference=_kept(line.reference, 120),
        balance=line.balance,
        is_reversal=line.is_reversal,
        fingerprint=mark,
        open_amount=line.amount,
        recorded_at=statement.imported_at,
    )


def _kept(text: str, longest: int) -> str:
    """Without what no database takes, and no longer than its column."""
    return text.replace("\x00", "")[:longest]


def sums(taken: Taken) -> dict[str, dict[str, Decimal | int]]:
    """Money in, money out (positive) and lines, by currency."""
    found: dict[str, dict[str, Decimal | int]] = {}
    for part in taken.parts:
        own = found.setdefault(part.statement.currency, {"in": Decimal("0.00"), "out": Decimal("0.00"), "lines": 0})
        own["in"] += part.statement.received
        own["out"] += part.statement.paid
        own["lines"] += len(part.statement.lines)
    return found
