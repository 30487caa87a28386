"""A file before it is taken: which column means what, which way it is signed, and what would be read of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from reconciliation.comparison.choices import Direction
from reconciliation.comparison.models import ListUpload
from reconciliation.comparison.queries.comparisons import known_mapping
from reconciliation.comparison.queries.our_lines import amounts_of
from reconciliation.comparison.reading import FIELDS, GivenList, read_list
from reconciliation.comparison.taking import stored_table
from reconciliation.tabular import Table, guess


@dataclass(frozen=True, slots=True)
class Preview:
    """`is_known`: somebody confirmed these columns for an earlier file of the customer."""

    table: Table
    columns: Sequence[str]
    direction: str
    given: GivenList
    is_known: bool


def preview(upload: ListUpload, columns: Sequence[str] | None = None, direction: str = "") -> Preview:
    """As a person wants it read, else as it was confirmed before, else as it is guessed. Raises ListRefused."""
    table = stored_table(upload)
    known = known_mapping(upload.customer, table.fingerprint)
    if columns is None or len(columns) != len(table.columns):
        columns = list(known.columns) if known else guess(table, FIELDS)
        direction = known.direction if known else ""
    given = read_list(table, columns)
    if not direction:
        direction = guessed_direction(upload, given)
    if direction == Direction.DEBIT:
        given = read_list(table, columns, credit_owes=False)
    return Preview(table, columns, direction, given, known is not None)


def guessed_direction(upload: ListUpload, given: GivenList) -> str:
    """Which way more of their amounts are amounts of ours; a payables account where nothing tells."""
    ours = amounts_of(upload.customer)
    fitting = sum(one.amount in ours for one in given.lines)
    turned = sum(-one.amount in ours for one in given.lines)
    return Direction.DEBIT if turned > fitting else Direction.CREDIT
