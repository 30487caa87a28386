"""What is refused of statements; the text of each may be shown to whoever asked."""

from ledger.errors import LedgerError


class StatementRefused(LedgerError):
    """The statement cannot be made or sent so, or was withdrawn."""


class AnswerRefused(LedgerError):
    """The answer lacks something, or there is one already."""
