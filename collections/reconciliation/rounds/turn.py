"""What the day brings to the rounds: opened, sent, answered, reminded, flagged, closed. Safe to run twice.

Each step sweeps what is under way and claims a row by the very UPDATE that changes it, so that a worker that is
killed leaves nothing half done, and a second one nothing to do.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from config.dates import shown_day
from flags.models import Flag, FlagKind
from flags.raising import clear_flag, raise_flag
from ledger.errors import LedgerError
from reconciliation.rounds.answers import take_answers, take_loose_answers
from reconciliation.rounds.asking import ask_all, forget_withdrawn, note_sent, remind
from reconciliation.rounds.differences import policy
from reconciliation.rounds.models import Difference, Policy, Reconciliation, Round, State
from reconciliation.rounds.opening import open_round
from reconciliation.rounds.rhythm import last_month_end


@dataclass(slots=True)
class Turned:
    """How many were opened, sent, reminded, taken, flagged and closed."""

    counts: Counter[str] = field(default_factory=Counter)
    # Sentences about those that could not be sent.
    refused: list[str] = field(default_factory=list)


def turn(*, today: Date) -> Turned:
    """Does what is due on the day. Where the firm has not switched the rounds on, only what people began goes on."""
    rules, done = policy(), Turned()
    if rules.is_running and today.day >= rules.opens_on:
        last_day = last_month_end(today)
        if not Round.objects.filter(last_day=last_day).exists():
            done.counts["opened"] = open_round(last_day=last_day, today=today).reconciliations.count()
    forget_withdrawn()
    if rules.is_running and rules.sends:
        _send(rules, done)
    note_sent()
    done.counts["answered"] = take_answers(today=today) + take_loose_answers(today=today)
    _remind(today, rules, done)
    _flag_silent(today, done)
    _flag_neglected(today, rules, done)
    done.counts["closed"] = _close_rounds()
    return done


def _send(rules: Policy, done: Turned) -> None:
    """In the name of whoever switched the rounds on."""
    if rules.changed_by is None:
        return
    waiting = Reconciliation.objects.under_way().filter(state=State.TO_SEND)
    tally = ask_all(reconciliations=list(waiting.values_list("pk", flat=True)), by=rules.changed_by)
    done.counts["sent"] = tally.sent
    done.refused += tally.refused


def _remind(today: Date, rules: Policy, done: Turned) -> None:
    if not rules.is_running or not rules.sends or rules.changed_by is None:
        return
    asked_until = today - timedelta(days=rules.remind_after)
    silent = Reconciliation.objects.under_way().filter(
        state=State.ASKED, reminded_on__isnull=True, asked_on__lte=asked_until
    )
    for one in silent.select_related("customer", "statement__customer"):
        # Claimed first: rather no reminder than two.
        claimed = Reconciliation.objects.filter(pk=one.pk, state=State.ASKED, reminded_on__isnull=True)
        if not claimed.update(reminded_on=today):
            continue
        try:
            remind(reconciliation=one, by=rules.changed_by)
            done.counts["reminded"] += 1
        except LedgerError as refusal:
            done.refused.append(f"{one.customer}: {refusal}")


def _flag_silent(today: Date, done: Turned) -> None:
    silent = {one.pk: one for one in Reconciliation.objects.silent(today).select_related("customer", "round")}
    for one in silent.values():
        asked = {"day": shown_day(one.round.last_day), "due": shown_day(one.answer_by or today)}
        raise_flag(
            kind=FlagKind.CUSTOMER_SILENT,
            source=_source(one),
            customer=one.customer,
            since=one.asked_on or today,
            reason=_("The statement as of %(day)s was to be answered by %(due)s.") % asked,
            path=reverse("statements:detail", args=[one.statement_id]),
        )
    done.counts["silent"] = len(silent)
    _clear(FlagKind.CUSTOMER_SILENT, {_source(one) for one in silent.values()})


def _flag_neglected(today: Date, rules: Policy, done: Turned) -> None:
    found_before = today - timedelta(days=rules.own_within)
    neglected = list(Difference.objects.neglected(today, found_before).select_related("customer"))
    for one in neglected:
        raise_flag(
            kind=FlagKind.DIFFERENCE_UNOWNED,
            source=_source(one),
            customer=one.customer,
            since=one.due_on or one.found_on,
            reason=one.words,
            path=reverse("rounds:difference", args=[one.pk]),
        )
    done.counts["neglected"] = len(neglected)
    _clear(FlagKind.DIFFERENCE_UNOWNED, {_source(one) for one in neglected})


def _source(about: Reconciliation | Difference) -> str:
    return f"{about._meta.model_name}:{about.pk}"


def _clear(kind: FlagKind, standing: set[str]) -> None:
    """Clears the flags of the kind whose cause is gone."""
    flagged = Flag.objects.open().of_kind(kind).values_list("source", flat=True)
    for source in set(flagged) - standing:
        clear_flag(kind=kind, source=source)


def _close_rounds() -> int:
    waiting = Reconciliation.objects.under_way().values("round")
    return Round.objects.filter(closed_at__isnull=True).exclude(pk__in=waiting).update(closed_at=timezone.now())
