"""What can be wrong with a foreign table."""

from dataclasses import dataclass


class UnreadableTable(Exception):
    """The file as a whole cannot be read; the text says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the line in the file, what was read there, and how to mend it."""

    line: int | None
    value: str | None
    message: str
