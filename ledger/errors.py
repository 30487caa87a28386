"""What the ledger refuses; the text of each may be shown to the user who asked."""

from django.utils.text import capfirst


class LedgerError(Exception):
    """A refusal: nothing was changed. `field` names the input at fault, where there is one."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        # A sentence may begin with the name of a document.
        self.message = capfirst(message)
        self.field = field

    def __str__(self) -> str:
        return self.message


class NotPermitted(LedgerError):
    """The user may not post for this customer."""


class InvalidDocument(LedgerError):
    """A date, number, amount or line of the document makes no sense."""


class ClosedMonth(InvalidDocument):
    """The day lies in a month that finance has closed."""


class DuplicateNumber(LedgerError):
    """A document of this number is in the ledger already."""


class OverAllocation(LedgerError):
    """More would be moved than is open on one side, now or on a later day."""


class InvalidAllocation(LedgerError):
    """The two entries cannot be allocated against each other."""


class NotReversible(LedgerError):
    """The entry was reversed already, or something that stands on it must be reversed first."""


class KeyReused(LedgerError):
    """The idempotency key was used before, with other data."""


class FileRefused(LedgerError):
    """The file is none of those that are kept, or too large, or would be withdrawn without a reason."""
