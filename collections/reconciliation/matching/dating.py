"""On which day the books take what the bank shows of a month that is closed by now."""

from datetime import date as Date

from django.utils.translation import gettext as _

from config.dates import shown_day
from config.words import clauses
from ledger.models import PeriodClose


def dated(day: Date, memo: str) -> tuple[Date, str]:
    """The day itself where it is open, else the first open one; the memo then says which day it was."""
    on = PeriodClose.objects.open_day(day)
    if on == day:
        return day, memo
    words = _("Of %(date)s, when the month was closed already") % {"date": shown_day(day)}
    return on, clauses(filter(None, [words, memo]))
