"""What matching refuses; the text of each may be shown to the user who asked."""

from ledger.errors import LedgerError


class NotMatched(LedgerError):
    """The line, the payment or the claim is not what it was; nothing was changed."""
