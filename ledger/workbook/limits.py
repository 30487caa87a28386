"""What a foreign file may take of the machine, and how the process that reads it says that it was too much."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    memory_bytes: int = 1 << 30
    cpu_seconds: int = 120
    wall_seconds: int = 300
    # The XML of 100,000 rows of twelve columns takes some 60 MB, the same rows as CSV 10 MB.
    workbook_bytes: int = 600 << 20
    csv_bytes: int = 100 << 20
    files: int = 2_000
    # Rows with something in them, of all sheets together.
    rows: int = 300_000
    # Of text that is handed on: a small file may repeat one long cell without end.
    text_bytes: int = 256 << 20


# As much as a sheet of Excel holds.
MOST_LINES = 1_048_576
MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767
# The first bytes of an .xls, and of a workbook under a password.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Refused(Exception):
    """The file is not read; `reason` is a key of the sentences in `reading`, and `facts` complete the sentence."""

    def __init__(self, reason: str, **facts: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts
