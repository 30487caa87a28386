"""What a bank's file would bring: what it says of each account, beside what is known."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from customers.models import HOME_CURRENCY
from ledger.models.entries import EARLIEST_DATE
from ledger.money import formatted
from reconciliation.bank.accounts import is_same_number
from reconciliation.bank.formats.parsed import ParsedFile, ParsedStatement
from reconciliation.bank.formats.reading import read
from reconciliation.bank.mappings import remembered
from reconciliation.bank.models import BankAccount, BankLine, BankStatement
from reconciliation.bank.recognition import Stored, new_lines
from reconciliation.tabular import Problem

Told = Callable[[int, int, str], None]
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


def digest_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""


def read_file(path: Path, accounts: list[BankAccount], columns: Sequence[str] | None) -> tuple[ParsedFile, bool]:
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


def compared(
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
    digest = digest_of(path)
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
    return new_lines(lines, stored_lines(part) if part.account is not None else [])


def stored_lines(part: Part) -> list[Stored]:
    days = part.statement.days
    if days is None or part.account is None:
        return []
    rows = BankLine.objects.filter(account=part.account, date__range=days)
    names = ("date", "amount", "reference", "balance", "payer_name", "memo", "fingerprint")
    return [Stored(*facts) for facts in rows.values_list(*names).order_by("pk")]


def sums(taken: Taken) -> dict[str, dict[str, Decimal | int]]:
    """Money in, money out (positive) and lines, by currency."""
    found: dict[str, dict[str, Decimal | int]] = {}
    for part in taken.parts:
        own = found.setdefault(part.statement.currency, {"in": Decimal("0.00"), "out": Decimal("0.00"), "lines": 0})
        own["in"] += part.statement.received
        own["out"] += part.statement.paid
        own["lines"] += len(part.statement.lines)
    return found
