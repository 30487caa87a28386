"""What people do about flags, and finance about thresholds."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, User
from flags.errors import FlagRefused
from flags.models import Flag, FlagNote, SeverityLimit, Threshold
from flags.rules import RULES, Limit
from flags.thresholds import InForce

LONGEST_SNOOZE = timedelta(days=366)


@transaction.atomic
def acknowledge(*, flag: Flag, by: User, note: str) -> FlagNote:
    """Takes the flag off the desk with a word on what is being done; it comes back if it grows more severe."""
    if not note.strip():
        raise FlagRefused(_("Say in a few words what is being done."), field="note")
    locked = _writable(flag, by)
    _put_off(locked, acknowledged_at=timezone.now())
    return FlagNote.objects.create(flag=locked, by=by, note=note.strip())


@transaction.atomic
def snooze(*, flag: Flag, by: User, until: date, note: str = "") -> FlagNote:
    """Takes the flag off the desk until a day."""
    today = timezone.localdate()
    if not today < until <= today + LONGEST_SNOOZE:
        raise FlagRefused(_("Choose a day after today, within a year."), field="until")
    locked = _writable(flag, by)
    _put_off(locked, snoozed_until=until)
    return FlagNote.objects.create(flag=locked, by=by, note=note.strip(), snoozed_until=until)


def _writable(flag: Flag, by: User) -> Flag:
    locked = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
    if not Customer.objects.writable_by(by).filter(pk=locked.customer_id).exists():
        raise FlagRefused(_("You may not act for this customer."))
    if locked.cleared_on is not None:
        raise FlagRefused(_("The cause is gone and the flag was cleared."))
    return locked


def _put_off(flag: Flag, *, acknowledged_at: datetime | None = None, snoozed_until: date | None = None) -> None:
    flag.acknowledged_at, flag.snoozed_until, flag.severity_put_off = acknowledged_at, snoozed_until, flag.severity
    flag.save(update_fields=["acknowledged_at", "snoozed_until", "severity_put_off"])


def change_threshold(*, kind: str, days: int, active: bool, by: User) -> Threshold:
    _check_keeps_books(by)
    if not RULES[kind].least_days <= days <= 3650:
        message = _("Choose between %(least)d and 3650 days.") % {"least": RULES[kind].least_days}
        raise FlagRefused(message, field="days")
    facts = {"days": days, "active": active, "changed_by": by}
    return Threshold.objects.update_or_create(kind=kind, defaults=facts)[0]


def change_severity_limit(*, severity: int, days: int, amount: Decimal, by: User) -> SeverityLimit:
    _check_keeps_books(by)
    if days < 1 or amount <= 0:
        raise FlagRefused(_("Choose at least one day and an amount above zero."), field="days")
    return SeverityLimit.objects.update_or_create(severity=severity, defaults={"days": days, "amount": amount})[0]


@transaction.atomic
def change_thresholds(*, thresholds: Mapping[str, InForce], limits: Mapping[int, Limit], by: User) -> None:
    """Changes all of them; where one is refused, none."""
    for kind, threshold in thresholds.items():
        change_threshold(kind=kind, days=threshold.days, active=threshold.active, by=by)
    for severity, limit in limits.items():
        change_severity_limit(severity=severity, days=limit.days, amount=limit.amount, by=by)


def _check_keeps_books(by: User) -> None:
    if not by.keeps_books:
        raise FlagRefused(_("Only finance changes thresholds."))
