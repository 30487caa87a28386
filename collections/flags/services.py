"""What people do about flags, and finance about thresholds."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, User
from flags.errors import FlagRefused
from flags.models import Flag, FlagKind, FlagNote, SeverityLimit, Threshold
from flags.rules import RULES, Limit
from flags.thresholds import InForce

Act = FlagNote.Act
LONGEST_SNOOZE = timedelta(days=366)


def acknowledge(*, flag: Flag, by: User, note: str) -> FlagNote:
    """Takes the flag off the desk with a word on what is being done; it comes back if it grows more severe. Of a
    rejected document nothing more is asked than that its salesperson knows: that clears the flag.
    """
    if not note.strip():
        raise FlagRefused(_("Say in a few words what is being done."), field="note")
    with transaction.atomic():
        written = _put_off([flag], by, Act.ACKNOWLEDGED, note)[0]
        if flag.kind == FlagKind.REJECTED:
            Flag.objects.filter(pk=flag.pk).update(cleared_on=timezone.localdate())
    return written


def snooze(*, flags: Collection[Flag], by: User, until: date, note: str = "") -> list[FlagNote]:
    """Takes the flags off the desk until a day: all of them, or none."""
    return _put_off(flags, by, Act.SNOOZED, note, _later_day(until))


def follow_up(*, flags: Collection[Flag], by: User, note: str, until: date) -> list[FlagNote]:
    """Writes down what was said about the flags; they come back on the day on which to ask again."""
    if not note.strip():
        raise FlagRefused(_("Say in a few words what was said."), field="note")
    return _put_off(flags, by, Act.FOLLOWED_UP, note, _later_day(until))


@transaction.atomic
def take_back(*, act_key: UUID, by: User) -> list[FlagNote]:
    """Puts the flags of one's own act back on the desk. What was said stays in their history, as taken back; a flag
    that was cleared or put off again meanwhile stays as it is.
    """
    notes = list(FlagNote.objects.of_act(act_key).standing().filter(by=by).select_for_update(of=("self",)))
    if not notes:
        raise FlagRefused(_("There is nothing to take back."))
    _check_writable({note.flag_id for note in notes}, by)
    later = FlagNote.objects.standing().filter(flag=OuterRef("pk"), pk__gt=max(note.pk for note in notes))
    flags = Flag.objects.open().filter(~Exists(later), pk__in=[note.flag_id for note in notes])
    flags.update(acknowledged_at=None, snoozed_until=None, severity_put_off=None)
    FlagNote.objects.filter(pk__in=[note.pk for note in notes]).update(taken_back_at=timezone.now())
    return notes


def _later_day(until: date) -> date:
    today = timezone.localdate()
    if not today < until <= today + LONGEST_SNOOZE:
        raise FlagRefused(_("Choose a day after today, within a year."), field="until")
    return until


@transaction.atomic
def _put_off(flags: Collection[Flag], by: User, act: Act, note: str, until: date | None = None) -> list[FlagNote]:
    keys = [flag.pk for flag in flags]
    locked = list(Flag.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    _check_writable(keys, by)
    if not locked or any(flag.cleared_on is not None for flag in locked):
        raise FlagRefused(_("The cause is gone and the flag was cleared."))
    Flag.objects.filter(pk__in=keys).update(
        acknowledged_at=None if until else timezone.now(), snoozed_until=until, severity_put_off=F("severity")
    )
    act_key = uuid4()
    return FlagNote.objects.bulk_create(
        FlagNote(flag=flag, by=by, act=act, act_key=act_key, note=note.strip(), snoozed_until=until)
        for flag in locked
    )


def _check_writable(flags: Collection[int], by: User) -> None:
    others = Flag.objects.filter(pk__in=flags).exclude(customer__in=Customer.objects.writable_by(by))
    if others.exists():
        raise FlagRefused(_("You may not act for this customer."))


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
