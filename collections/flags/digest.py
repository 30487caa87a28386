"""One mail a day to everyone whose customers have flags to work through.

A mail is claimed, in a row that is committed, before it is sent. A worker killed in between has claimed it for good:
better no mail once than the same mail twice. Where sending is refused, the claim is given back and tried again.
"""

import logging
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from customers.models import User
from flags.models import Digest, Flag
from flags.queries.desk import stakes, waiting_for_digest

logger = logging.getLogger(__name__)

# The rest is on the desk.
MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Sending:
    """How many mails went out, and how many were refused and wait for another try."""

    sent: int
    refused: int


def send_all(*, day: date) -> Sending:
    """Mails everyone who answers for a customer with due flags and was not mailed that day."""
    outcomes = [_send(user, day) for user in waiting_for_digest(day)]
    return Sending(sent=outcomes.count(True), refused=outcomes.count(False))


def _send(user: User, day: date) -> bool | None:
    """Whether the mail went out or was refused; None where somebody else has claimed it."""
    mail = _mail(user, day)
    try:
        with transaction.atomic():
            claim = Digest.objects.create(user=user, day=day)
    except IntegrityError:
        return None
    try:
        mail.send()
    except Exception:
        logger.exception("The digest of %s could not be sent; it is tried again.", user.username)
        claim.delete()
        return False
    claim.sent_at = timezone.now()
    claim.save(update_fields=["sent_at"])
    return True


def _mail(user: User, day: date) -> EmailMultiAlternatives:
    with translation.override(user.language or settings.LANGUAGE_CODE):
        flags = Flag.objects.answered_for_by(user).due(day).by_money_at_stake().select_related("customer", "entry")
        count = flags.count()
        context = {
            "listed": [(flag, flag.days(day)) for flag in flags[:MOST_LISTED]],
            "more": max(0, count - MOST_LISTED),
            "stakes": stakes(flags),
            "site": settings.SITE_URL,
            "firm": settings.FIRM_NAME,
        }
        subject = ngettext("%(n)d flag on your desk", "%(n)d flags on your desk", count) % {"n": count}
        mail = EmailMultiAlternatives(subject, render_to_string("flags/digest.txt", context), to=[user.email])
        mail.attach_alternative(render_to_string("flags/digest.html", context), "text/html")
        return mail
