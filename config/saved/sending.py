"""Views that are due go out by mail: sweep, claim, send, note, move on.

A schedule is claimed by one conditional UPDATE and stays due until all of its mails are out, so that nothing is lost
with a killed worker: once its claim has run out another one goes on with the recipients of whom no delivery is noted.
A worker that is killed between a mail and its note sends that one mail once more, and no other.
"""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from config.lists.exporting import XLSX
from config.saved.errors import ViewRefused
from config.saved.models import Delivery, Schedule
from config.saved.services import rule_of
from config.saved.times import next_run
from config.saved.workbook import Workbook, workbook_of

logger = logging.getLogger(__name__)

# A mail server that is away is asked again whenever the claim has run out, and given up after so many times.
MOST_TRIES = 12


class ServerAway(Exception):
    """The mail server did not take a mail."""


def send_due(*, now: datetime | None = None) -> int:
    """Sends what is due and nobody else is sending; how many mails went out."""
    now = now or timezone.now()
    due = Schedule.objects.due(now).order_by("next_run").values_list("pk", "next_run")
    return sum(_run(pk, run, now) for pk, run in list(due))


def _run(pk: int, run: datetime, now: datetime) -> int:
    claim = Schedule.objects.due(now).filter(pk=pk, next_run=run)
    if not claim.update(claimed_at=timezone.now(), tries=F("tries") + 1):
        return 0
    schedule = Schedule.objects.select_related("view__user").get(pk=pk)
    sent, waits = 0, False
    for user in schedule.recipients.order_by("pk"):
        if Delivery.objects.filter(schedule=schedule, user=user, run=run).exists():
            continue
        error, rows = "", 0
        with translation.override(user.language or settings.LANGUAGE_CODE):
            try:
                rows = _send(schedule, user)
                sent += 1
            except ViewRefused as refusal:
                error = refusal.message
            except ServerAway as away:
                logger.warning("The view %s could not be mailed to %s: %s", schedule.view_id, user.username, away)
                if schedule.tries < MOST_TRIES:
                    waits = True
                    continue
                error = _("The mail server did not take the mail: %(reason)s") % {"reason": str(away)[:200]}
            except Exception:
                logger.exception("The view %s could not be sent to %s.", schedule.view_id, user.username)
                error = _("Something went wrong on our side. The administrator finds it in the log.")
        _note(schedule, user, run, rows=rows, error=error)
    if not waits:
        _move_on(schedule, run)
    return sent


def _note(schedule: Schedule, user: Any, run: datetime, *, rows: int, error: str) -> None:
    try:
        Delivery.objects.create(schedule=schedule, user=user, run=run, sent=not error, rows=rows, error=error[:500])
    except IntegrityError:  # the schedule was deleted meanwhile, or another worker came when the claim had run out
        logger.info("A delivery of schedule %s was noted by somebody else.", schedule.pk)


def _move_on(schedule: Schedule, run: datetime) -> None:
    """To the next time, unless somebody has changed the schedule meanwhile."""
    due = next_run(rule_of(schedule), after=timezone.localtime())
    Schedule.objects.filter(pk=schedule.pk, next_run=run).update(next_run=due, claimed_at=None, tries=0)


def _send(schedule: Schedule, user: Any) -> int:
    """Mails the view to one person, in the language in force; the number of rows."""
    view = schedule.view
    if not view.user.is_active:
        raise ViewRefused(_("%(user)s, whose view this is, is no longer active.") % {"user": view.user})
    if not user.is_active:
        raise ViewRefused(_("%(user)s is no longer active.") % {"user": user})
    if not user.email:
        raise ViewRefused(_("%(user)s has no e-mail address.") % {"user": user})
    made = workbook_of(view, user)
    mail = _mail(schedule, user, made)
    try:
        mail.send()
    except OSError as away:  # smtplib's errors are of this kind
        raise ServerAway(str(away)) from away
    return made.rows


def _mail(schedule: Schedule, user: Any, made: Workbook) -> EmailMessage:
    view = schedule.view
    context = {
        "view": view,
        "made": made,
        "url": f"{settings.SITE_URL}{view.url}",
        "settings_url": f"{settings.SITE_URL}{reverse('saved:list')}",
        "schedule": schedule,
        "is_own": user.pk == view.user_id,
        "firm": settings.FIRM_NAME,
    }
    subject = f"{view.name} · {timezone.localdate():%Y-%m-%d}"
    mail = EmailMessage(subject, render_to_string("saved/mail.txt", context), to=[user.email])
    mail.attach(made.name, made.content, XLSX)
    return mail
