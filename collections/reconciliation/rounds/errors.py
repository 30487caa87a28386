"""What rounds and differences refuse; the text may be shown to the user who asked."""

from ledger.errors import LedgerError


class RoundRefused(LedgerError):
    """The round, or the rules of rounds, cannot be changed like that."""


class DifferenceRefused(LedgerError):
    """The difference cannot be given, or resolved, like that."""
