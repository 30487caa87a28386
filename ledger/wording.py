"""What the doors of the ledger say in the same words."""

from datetime import datetime

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from config.dates import shown_moment
from customers.models import User


def done_already(what: object, *, by: User | None, at: datetime, reader: User) -> str:
    """Who has done it before `reader` and when; the minute alone where it was today."""
    local = timezone.localtime(at)
    moment = f"{local:%H:%M}" if local.date() == timezone.localdate() else shown_moment(at)
    if by == reader:
        sentence = _("%(what)s: done already, by yourself at %(moment)s.")
    else:
        sentence = _("%(what)s: done already by %(who)s at %(moment)s.")
    return capfirst(sentence % {"what": what, "who": by or _("a command"), "moment": moment})
