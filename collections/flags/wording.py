"""What a flag is about, and what was done about it, in words."""

from django.utils.translation import gettext as _

from config.dates import shown_day
from flags.models import Flag, FlagKind, FlagNote


def subject(flag: Flag) -> str:
    """What the flag is about: its document, or what the act had in hand that raised it."""
    if flag.entry is not None:
        return flag.entry.described
    words = {
        FlagKind.CUSTOMER_SILENT: _("statement of account"),
        FlagKind.DIFFERENCE_UNOWNED: _("difference in the reconciliation"),
    }
    return str(words.get(FlagKind(flag.kind), flag.get_kind_display()))


def put_off_in_words(note: FlagNote) -> str:
    """When the flag comes back that somebody has put off; empty where nobody has."""
    if note.snoozed_until is None:
        return ""
    if note.act == FlagNote.Act.FOLLOWED_UP:
        words = _("Followed up; it comes back on %(day)s.")
    else:
        words = _("Snoozed until %(day)s.")
    return words % {"day": shown_day(note.snoozed_until)}
