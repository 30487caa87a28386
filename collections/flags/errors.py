from ledger.errors import LedgerError


class FlagRefused(LedgerError):
    """What was asked for a flag or a threshold makes no sense, or is not the user's to ask."""
