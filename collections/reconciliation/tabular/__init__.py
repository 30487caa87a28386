"""Tables that somebody else made: a bank's export, a customer's ledger. Read whatever they look like; no models.

What is looked for is the caller's to say, as `Field`s with the headings that they go by:

    FIELDS = (
        Field("date", _("date"), Holds.DAY, ("交易日期", "日期", "date"), required=True),
        Field("amount", _("amount"), Holds.AMOUNT, ("金额", "amount")),
        Field("memo", _("memo"), Holds.TEXT, ("摘要", "memo"), many=True),
    )
    table = find_table(read_sheets(path), FIELDS)   # raises UnreadableTable, whose text says how to mend the file
    columns = guess(table, FIELDS)                  # a field's key for each column of `table.columns`, "" for none
    ...                                             # a person corrects; `table.fingerprint` remembers it
    rows = read_rows(table, FIELDS, columns)        # typed rows, problems, what was left out

`rows.rows` holds `Row(number, values)`: the line in the file and a value for each field that the line has (`date`,
`Decimal`, `str`). Cells that cannot be read stand in `rows.problems` (`Problem(line, value, message)`), and what is
only worth a look in `rows.warnings`. Lines that are no rows (a total, a page's foot, an opening balance) stand in
`rows.others`, unread. `table.said` is the text above the heading and below the rows: titles, counts, the period.

`directions.py` reads 借/贷, 收/支, DR/CR. What a direction means, and the signs of amounts, are the caller's.
"""

from reconciliation.tabular.errors import Problem, UnreadableTable
from reconciliation.tabular.fields import Field, Holds
from reconciliation.tabular.headings import Table, find_table, guess
from reconciliation.tabular.rows import Row, Rows, read_rows
from reconciliation.tabular.sheets import Sheet, read_sheets

__all__ = [
    "Field",
    "Holds",
    "Problem",
    "Row",
    "Rows",
    "Sheet",
    "Table",
    "UnreadableTable",
    "find_table",
    "guess",
    "read_rows",
    "read_sheets",
]
