"""What was done about a flag, as a sentence."""

from django.utils.translation import gettext as _

from config.dates import shown_day
from flags.models import FlagNote


def put_off_in_words(note: FlagNote) -> str:
    """When the flag comes back that somebody has put off; empty where nobody has."""
    if note.snoozed_until is None:
        return ""
    if note.act == FlagNote.Act.FOLLOWED_UP:
        words = _("Followed up; it comes back on %(day)s.")
    else:
        words = _("Snoozed until %(day)s.")
    return words % {"day": shown_day(note.snoozed_until)}
