"""Numbers of documents, each of which stands once in its series."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from ledger.bulk import chunks
from ledger.errors import DuplicateNumber
from ledger.models import Entry
from ledger.models.entries import NUMBER_SERIES


class Numbers:
    """Which numbers are taken, as far as anybody has asked."""

    def __init__(self) -> None:
        self._taken: dict[str, set[str]] = {series: set() for series in NUMBER_SERIES}
        self._looked_up: dict[str, set[str]] = {series: set() for series in NUMBER_SERIES}

    def look_up(self, series: str, numbers: Iterable[str]) -> None:
        """Asks the database once which of the numbers are taken."""
        unknown = [number for number in set(numbers) - self._looked_up[series] if number]
        for chunk in chunks(unknown):
            taken = Entry.objects.numbered_among(series, chunk)
            self._taken[series].update(taken.values_list("number", flat=True))
        self._looked_up[series].update(unknown)

    def note(self, series: str, looked_up: Iterable[str], *, taken: Iterable[str]) -> None:
        """Numbers that somebody has looked up already, and which of them are taken."""
        self._looked_up[series].update(looked_up)
        self._taken[series].update(taken)

    def claim(self, series: str, number: str) -> str:
        """`number` itself, without blanks around it; raises DuplicateNumber where the series has it."""
        number = number.strip()
        if not number:
            return number
        if number not in self._looked_up[series]:
            self.look_up(series, [number])
        if number in self._taken[series]:
            raise DuplicateNumber(
                _("The number %(number)s is in the ledger already; each document is posted once.")
                % {"number": number},
                field="number",
            )
        self._taken[series].add(number)
        return number
