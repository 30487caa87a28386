"""Lines that were just taken from a file are looked at before anybody opens the desk."""

from collections.abc import Sequence

from reconciliation.matching.queries.desk import new_lines_of
from reconciliation.matching.queries.taken_back import taken_back
from reconciliation.matching.running import weigh_all, weigh_some

# More than so many are weighed against all there is at once.
FEW = 300


def follow(statements: Sequence[int]) -> None:
    keys = new_lines_of(statements)
    # A line that one of these takes back is nobody's any more.
    returned = taken_back()
    keys += [returned[key].beside(key).pk for key in keys if key in returned]
    if len(keys) > FEW:
        weigh_all()
    elif keys:
        weigh_some(keys)
