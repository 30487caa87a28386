"""Lines that were just taken from a file are looked at before anybody opens the desk."""

from collections.abc import Sequence

from reconciliation.bank.models import BankLine
from reconciliation.matching.queries.desk import new_lines_of
from reconciliation.matching.queries.taken_back import taken_back
from reconciliation.matching.running import weigh_all, weigh_some

# More than so many are weighed against all there is at once.
FEW = 300


def follow(statements: Sequence[int]) -> None:
    keys = new_lines_of(statements)
    if len(keys) > FEW:
        weigh_all()
    elif keys:
        # A line that one of these takes back is nobody's any more, or in doubt.
        returned = taken_back(list(BankLine.objects.filter(pk__in=keys)))
        weigh_some({*keys, *returned.beside(keys)})
