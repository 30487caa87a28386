"""What a comparison refuses; the text of each may be shown to the user who asked."""

from collections.abc import Sequence

from ledger.errors import LedgerError
from reconciliation.tabular import Problem


class ComparisonError(LedgerError):
    """A refusal: nothing was changed."""


class ListRefused(ComparisonError):
    """The file is no list, or some of its lines cannot be read: `problems` say which and how to mend them."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = list(problems)


class DecisionRefused(ComparisonError):
    """The decision has no reason, or is about lines that do not stand so any more."""
