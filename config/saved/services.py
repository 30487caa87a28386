"""Keeping views, columns and schedules."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.lists.columns import named
from config.saved.errors import ViewRefused
from config.saved.models import ColumnChoice, Delivery, SavedView, Schedule, StartPage
from config.saved.pages import page_at, read_address
from config.saved.times import Rule, next_run
from config.words import listed

MOST_VIEWS = 200
# A view goes out once more by hand after this at the earliest.
BETWEEN_SENDINGS = timedelta(hours=1)


def keep_columns(*, user: Any, page: str, columns: str) -> None:
    """What the user sees of a list whose address names no columns; nothing for those of the list itself."""
    names = ",".join(named(columns))
    if not names or len(names) > 500 or len(page) > 80:
        ColumnChoice.objects.filter(user=user, page=page).delete()
        return
    ColumnChoice.objects.update_or_create(user=user, page=page, defaults={"columns": names})


def save_view(*, user: Any, name: str, address: str, shared: bool) -> SavedView:
    """A new view, or the user's own of that name as the list is seen now."""
    path, query = read_address(address)
    known = SavedView.objects.of(user).filter(name=name)
    if not known.exists() and SavedView.objects.of(user).count() >= MOST_VIEWS:
        raise ViewRefused(_("There are %(n)d views already; delete some.") % {"n": MOST_VIEWS})
    defaults = {"path": path, "query": query, "shared": shared}
    return SavedView.objects.update_or_create(user=user, name=name, defaults=defaults)[0]


def change_view(*, view: SavedView, name: str, shared: bool) -> None:
    view.name, view.shared = name, shared
    try:
        with transaction.atomic():
            view.save(update_fields=["name", "shared"])
    except IntegrityError:
        raise ViewRefused(_("You have a view of this name already."), "name") from None
    if not shared:
        StartPage.objects.filter(view=view).exclude(user=view.user).delete()


def delete_view(*, view: SavedView) -> None:
    view.delete()


def start_with(*, user: Any, view: SavedView | None) -> None:
    """The page after signing in; the desk again for None."""
    if view is None:
        StartPage.objects.filter(user=user).delete()
    else:
        StartPage.objects.update_or_create(user=user, defaults={"view": view})


def rule_of(schedule: Schedule) -> Rule:
    return Rule(schedule.every, schedule.weekday, schedule.day, schedule.hour)


@transaction.atomic
def save_schedule(*, view: SavedView, rule: Rule, recipients: Sequence[Any]) -> Schedule:
    """Sends the view from now on as the rule says. Each recipient receives what that person may see."""
    page = page_at(view.path)
    if page is None or not page.is_list:
        raise ViewRefused(_("This page has no rows that could be sent as a workbook."))
    if not recipients:
        raise ViewRefused(_("Choose at least one recipient."), "recipients")
    unknown = [str(person) for person in recipients if not person.is_active or not person.email]
    if unknown:
        raise ViewRefused(
            _("%(people)s cannot be mailed: no address, or no longer active.") % {"people": listed(unknown)},
            "recipients",
        )
    facts = {
        "every": rule.every,
        "weekday": rule.weekday,
        "day": rule.day,
        "hour": rule.hour,
        "next_run": next_run(rule, after=timezone.localtime()),
        "claimed_at": None,
        "tries": 0,
    }
    schedule = Schedule.objects.update_or_create(view=view, defaults=facts)[0]
    schedule.recipients.set(recipients)
    return schedule


def stop_schedule(*, view: SavedView) -> None:
    Schedule.objects.filter(view=view).delete()


def send_soon(*, view: SavedView) -> None:
    """Once more, with the next sweep; the schedule goes on as before. Refused soon after a mail of it went out."""
    if Delivery.objects.filter(schedule__view=view, sent=True, at__gt=timezone.now() - BETWEEN_SENDINGS).exists():
        raise ViewRefused(_("It was sent within the last hour. Nobody wants to get it again so soon."))
    Schedule.objects.filter(view=view, claimed_at__isnull=True).update(next_run=timezone.now())


def leave(*, schedule: Schedule, user: Any) -> None:
    """A recipient wants no more of these mails."""
    schedule.recipients.remove(user)
