"""What a file of a bank says, whatever its format. Amounts are positive for money in, negative for money out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ledger.money import ZERO
from reconciliation.tabular import Problem, Table


class NotThisFormat(Exception):
    """The file is of another format."""


class UnreadableStatement(Exception):
    """The file as a whole cannot be read; the text says why and how to mend it."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(slots=True)
class ParsedLine:
    date: date
    amount: Decimal
    # Where it stands in the file, if that is counted in lines.
    number: int | None = None
    payer_name: str = ""
    payer_account: str = ""
    payer_bank: str = ""
    memo: str = ""
    reference: str = ""
    balance: Decimal | None = None
    is_reversal: bool = False


@dataclass(slots=True)
class ParsedStatement:
    """The lines of one account in one currency, in the order of their days; `""` where the file does not say."""

    account: str = ""
    currency: str = ""
    holder: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None
    first_date: date | None = None
    last_date: date | None = None
    lines: list[ParsedLine] = field(default_factory=list)

    @property
    def received(self) -> Decimal:
        return sum((line.amount for line in self.lines if line.amount > 0), ZERO)

    @property
    def paid(self) -> Decimal:
        """Positive."""
        return -sum((line.amount for line in self.lines if line.amount < 0), ZERO)

    @property
    def days(self) -> tuple[date, date] | None:
        """From the first to the last day, as the file says or as its lines are dated; None for an empty one."""
        known = [line.date for line in self.lines]
        known += [day for day in (self.first_date, self.last_date) if day is not None]
        return (min(known), max(known)) if known else None

    @property
    def gap(self) -> Decimal:
        """What is missing between the opening balance with all lines and the closing balance; 0 where they agree."""
        if self.opening is None or self.closing is None:
            return ZERO
        return self.closing - self.opening - self.received + self.paid


@dataclass(slots=True)
class ParsedFile:
    format: str
    statements: list[ParsedStatement] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    # Of a table: its columns, and what each was taken for.
    table: Table | None = None
    columns: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[ParsedLine]:
        return [line for statement in self.statements for line in statement.lines]

    @property
    def currencies(self) -> list[str]:
        return list(dict.fromkeys(statement.currency for statement in self.statements if statement.currency))


def merged(statements: Iterable[ParsedStatement]) -> list[ParsedStatement]:
    """One statement for each account and currency: a file often has one for each day or page.

    They follow one another: the first opening and the last closing balance hold for all.
    """
    found: dict[tuple[str, str], ParsedStatement] = {}
    for statement in statements:
        key = (statement.account, statement.currency)
        if (known := found.get(key)) is None:
            found[key] = statement
            continue
        earlier, later = sorted((known, statement), key=_begins)
        found[key] = ParsedStatement(
            statement.account,
            statement.currency,
            known.holder or statement.holder,
            earlier.opening if earlier.opening is not None or later.gap else None,
            later.closing,
            earlier.first_date or later.first_date,
            later.last_date or earlier.last_date,
            [*earlier.lines, *later.lines],
        )
    return list(found.values())


def _begins(statement: ParsedStatement) -> date:
    return statement.days[0] if statement.days else date.max


def breaks(statements: Sequence[ParsedStatement]) -> list[ParsedStatement]:
    """Statements whose opening balance and lines do not give their closing balance."""
    return [statement for statement in statements if statement.gap]
