"""Taking a bank's file: read, compared with what is known, stored as a whole or not at all."""

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from customers.models import User
from ledger.bulk import insert, new
from reconciliation.bank.comparing import Part, Taken, Told, compared, digest_of, read_file, stored_lines
from reconciliation.bank.errors import StatementRefused
from reconciliation.bank.formats.parsed import ParsedFile, ParsedLine
from reconciliation.bank.mappings import remember
from reconciliation.bank.models import BankAccount, BankLine, BankStatement
from reconciliation.bank.recognition import fingerprints

logger = logging.getLogger(__name__)

# Who hears, once a file is stored, which statements came with it; the bank does not know who they are.
FOLLOWERS: list[Callable[[Sequence[int]], None]] = []


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
    return compared(path, read_file(path, accounts, columns), accounts, account, today=today, told=told)


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
    content = read_file(path, [account] if account else list(BankAccount.objects.all()), columns)
    with transaction.atomic():
        # One at a time: the second of two that bring the same lines finds those of the first.
        locked = list(BankAccount.objects.select_for_update().order_by("pk"))
        account = next((one for one in locked if account and one.pk == account.pk), None)
        accounts = [account] if account else locked
        taken = compared(path, content, accounts, account, today=today, told=told)
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
        digest=digest_of(path),
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
    marks = fingerprints(fresh, (one.fingerprint for one in stored_lines(part)))
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
