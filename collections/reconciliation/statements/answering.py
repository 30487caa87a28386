"""The customer's answer, taken once: through the link, or from a stamped paper that one of us has scanned.

The database has one answer to a statement at most. A second click, a second person with the same link and a scan that
comes later all find the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.dates import shown_day
from customers.models import User
from ledger.errors import NotPermitted
from ledger.money import formatted
from ledger.posting import lock_customers
from reconciliation.statements.drafting import forget, hold_links
from reconciliation.statements.errors import AnswerRefused
from reconciliation.statements.files import MOST_FILES, looked_at, store
from reconciliation.statements.limitation import Reason, Said, reason_to_restart
from reconciliation.statements.making import may_make_for
from reconciliation.statements.models import Answer, AnswerFile, AnswerLine, Dispatch, Draft, Evidence, Statement
from reconciliation.statements.queries.links import mark_opened

MOST_LINES = 1000
SAY_WHAT = gettext_lazy(
    "Say what does not agree: mark a line, name one that is missing, add your own list, or write a remark."
)
# To the customer, and to one of us who types for a customer.
NO_DAY = gettext_lazy("Say by which day you will pay.")
NO_DAY_OF_PROMISE = gettext_lazy("Give the day of the promise.")


@dataclass(frozen=True, slots=True)
class Marked:
    """A line that the customer does not have as we do; `entry` is ours, None for one that is missing."""

    kind: str
    entry: int | None
    document: str = ""
    amount: Decimal | None = None
    date: Date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What an answer says."""

    verdict: str
    name: str
    position: str = ""
    note: str = ""
    promised_on: Date | None = None
    promised_amount: Decimal | None = None
    # Of a stamped paper, today where it is left out.
    paper_on: Date | None = None
    lines: Sequence[Marked] = ()
    # Uploaded files by what they are.
    files: Sequence[tuple[str, Any]] = field(default=())


def answer_by_link(
    *, dispatch: Dispatch, words: Words, address: str, user_agent: str, now: datetime | None = None
) -> Answer:
    """Raises AnswerRefused where the statement was answered, or its link ended, meanwhile."""
    from_where: dict[str, Any] = {"address": address or None, "user_agent": user_agent[:300]}
    return _answer(dispatch.statement_id, words, now=now or timezone.now(), dispatch=dispatch, **from_where)


def answer_on_paper(*, by: User, statement: Statement, words: Words, now: datetime | None = None) -> Answer:
    """Takes down what a stamped reply says; its scan is the evidence and must be there."""
    if not any(kind == AnswerFile.Kind.REPLY for kind, _file in words.files):
        raise AnswerRefused(_("Add the scan or a photo of the stamped reply."), field="files")
    now = now or timezone.now()
    day = words.paper_on or timezone.localdate(now)
    if day > timezone.localdate(now):
        raise AnswerRefused(_("This day has not come yet; check the date."), field="paper_on")
    if too_early := why_too_early(statement, day):
        raise AnswerRefused(too_early, field="paper_on")
    return _answer(statement.pk, words, now=now, recorded_by=by, paper_on=day)


def earliest_reply(statement: Statement) -> Date:
    """Nobody replies to a paper that is not there yet."""
    return max(statement.last_date, timezone.localdate(statement.made_at))


def why_too_early(statement: Statement, day: Date) -> str:
    """Why a reply cannot be of that day; empty where it can."""
    made = timezone.localdate(statement.made_at)
    if day < statement.last_date:
        said, first = _("The statement runs to %(day)s; its reply cannot be of an earlier day."), statement.last_date
    elif day < made:
        said, first = _("The statement was made on %(day)s; its reply cannot be of an earlier day."), made
    else:
        return ""
    return said % {"day": shown_day(first)}


def add_files(*, by: User, answer: Answer, files: Sequence[tuple[str, Any]]) -> None:
    """The paper that came after an answer by the link, or another page of it."""
    if not may_make_for(by, answer.statement.customer):
        raise NotPermitted(_("You may not record answers of this customer."))
    kept = [looked_at(kind, file, by, answer.files.count() + n) for n, (kind, file) in enumerate(files)]
    known = set(answer.files.values_list("sha256", flat=True))
    store(answer, [one for one in kept if one.sha256 not in known])


def _answer(
    key: int,
    words: Words,
    *,
    now: datetime,
    dispatch: Dispatch | None = None,
    recorded_by: User | None = None,
    **from_where: Any,
) -> Answer:
    today = from_where.get("paper_on") or timezone.localdate(now)
    _check(words, today=today, is_by_us=recorded_by is not None)
    files = [looked_at(kind, file, recorded_by, n) for n, (kind, file) in enumerate(words.files)]
    try:
        with transaction.atomic():
            statement = _locked(key, recorded_by, dispatch, now)
            _check_promise(words, statement)
            answer = Answer(
                statement=statement,
                verdict=words.verdict,
                name=words.name.strip(),
                position=words.position.strip(),
                note=words.note.strip(),
                promised_on=words.promised_on,
                promised_amount=words.promised_amount,
                at=now,
                sha256=statement.sha256,
                closing=statement.closing,
                dispatch=dispatch,
                recorded_by=recorded_by,
                **from_where,
            )
            answer.save(force_insert=True)
            if dispatch is not None:
                mark_opened(dispatch, now=now)
            AnswerLine.objects.bulk_create(_lines(answer, statement, words.lines))
            Evidence.objects.bulk_create(_evidence(answer, statement))
            store(answer, files)
            forget(Draft.objects.filter(dispatch__statement=statement))
    except IntegrityError:
        if Answer.objects.filter(statement=key).exists():
            raise AnswerRefused(_("This statement was answered before; that answer stands.")) from None
        raise
    return answer


def _locked(key: int, by: User | None, dispatch: Dispatch | None, now: datetime) -> Statement:
    """The statement as it stands now, its customer and its links locked, where it may still be answered."""
    statement = Statement.objects.select_related("customer").get(pk=key)
    lock_customers([statement.customer_id])
    hold_links(key)
    statement = Statement.objects.select_related("customer").get(pk=key)
    if by is not None and not may_make_for(by, statement.customer):
        raise NotPermitted(_("You may not record answers of this customer."))
    if statement.is_withdrawn:
        raise AnswerRefused(_("This statement was withdrawn; the firm will send a new one."))
    if dispatch is not None and not Dispatch.objects.valid(now).filter(pk=dispatch.pk).exists():
        raise AnswerRefused(_("This link is no longer valid."))
    return statement


def _check(words: Words, *, today: Date, is_by_us: bool) -> None:
    if words.verdict not in Answer.Verdict.values:
        raise AnswerRefused(_("Say whether the statement agrees with your books."), field="verdict")
    if not words.name.strip():
        raise AnswerRefused(_("Give your name."), field="name")
    if words.promised_amount is not None and words.promised_on is None:
        raise AnswerRefused(str(NO_DAY_OF_PROMISE if is_by_us else NO_DAY), field="promised_on")
    if words.promised_on is not None and words.promised_on < today:
        raise AnswerRefused(_("That day is over; give one to come."), field="promised_on")
    if words.verdict == Answer.Verdict.AGREES and words.lines:
        raise AnswerRefused(_("Lines are marked; then the statement does not agree."), field="verdict")
    if words.verdict == Answer.Verdict.DIFFERS and not (words.lines or words.files or words.note.strip()):
        raise AnswerRefused(str(SAY_WHAT), field="note")
    if len(words.lines) > MOST_LINES:
        raise AnswerRefused(
            _("No more than %(n)d lines can be marked; add your own list instead.") % {"n": MOST_LINES}
        )
    if len(words.files) > MOST_FILES:
        raise AnswerRefused(_("No more than %(n)d files at once.") % {"n": MOST_FILES}, field="files")


def _check_promise(words: Words, statement: Statement) -> None:
    """Nobody promises more than the balance, and nothing where nothing is owed."""
    if words.promised_on is not None and statement.closing <= 0:
        raise AnswerRefused(_("Nothing is owed by this statement; there is nothing to promise."), field="promised_on")
    if words.promised_amount is not None and words.promised_amount <= 0:
        raise AnswerRefused(_("The amount must be above zero."), field="promised_amount")
    if words.promised_amount is not None and words.promised_amount > statement.closing:
        raise AnswerRefused(more_than_owed(statement.closing), field="promised_amount")


def more_than_owed(owes: Decimal) -> str:
    return _("This is more than the balance of %(amount)s.") % {"amount": formatted(owes)}


def _lines(answer: Answer, statement: Statement, marked: Sequence[Marked]) -> list[AnswerLine]:
    """Only lines of this very statement can be marked, each once."""
    account = statement.account
    ours = {row.entry for row in account.lines} | {row.entry for row in account.items}
    found: dict[int, AnswerLine] = {}
    missing = []
    for mark in marked:
        line = AnswerLine(
            answer=answer,
            kind=mark.kind,
            entry_id=mark.entry,
            document=mark.document.strip()[:100],
            amount=mark.amount,
            date=mark.date,
            note=mark.note.strip()[:200],
        )
        if mark.kind == AnswerLine.Kind.MISSING:
            line.entry_id = None
            missing.append(line)
        elif mark.entry is not None and mark.entry in ours and mark.kind in AnswerLine.Kind.values:
            found[mark.entry] = line
        else:
            raise AnswerRefused(_("A marked line is none of this statement; load the page again."))
    return [*found.values(), *missing]


def _evidence(answer: Answer, statement: Statement) -> list[Evidence]:
    """What the answer proves. That it came at all proves that the demand in the statement arrived."""
    promises = answer.promised_on is not None
    said = Said(demands_payment=statement.demand_by is not None, is_answered=True, promises_payment=promises)
    kinds = {
        Evidence.Kind.AGREED if answer.agrees else Evidence.Kind.DIFFERED: (statement.closing, False),
    }
    if said.demands_payment:
        alone = Said(demands_payment=True, is_answered=True)
        kinds[Evidence.Kind.DEMANDED] = statement.overdue, reason_to_restart(alone) == Reason.DEMAND
    if promises:
        amount = answer.promised_amount or statement.closing
        kinds[Evidence.Kind.PROMISED] = amount, reason_to_restart(said) == Reason.PROMISE
    return [
        Evidence(
            customer_id=statement.customer_id,
            answer=answer,
            kind=kind,
            day=answer.day,
            currency=statement.currency,
            amount=amount,
            restarts_limitation=restarts,
            sha256=statement.sha256,
            recorded_at=answer.at,
        )
        for kind, (amount, restarts) in kinds.items()
    ]
