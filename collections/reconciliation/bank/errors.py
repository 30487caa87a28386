"""What is refused; the text of each may be shown to the user who asked."""

from ledger.errors import LedgerError


class StatementRefused(LedgerError):
    """The file is not taken, whole or not at all: the text says why and how to mend it."""
