"""The customer's answer, taken once: through the link, or from a stamped paper that one of us has scanned.

The database has one answer to a statement at most. A second click, a second person with the same link and a scan that
comes later all find the first.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import User
from ledger.attachments import MEGABYTE
from ledger.errors import FileRefused, NotPermitted
from ledger.file_types import belies, recognised
from ledger.posting import lock_customers
from reconciliation.statements.errors import AnswerRefused
from reconciliation.statements.limitation import Reason, Said, reason_to_restart
from reconciliation.statements.making import may_make_for
from reconciliation.statements.models import Answer, AnswerFile, AnswerLine, Dispatch, Evidence, Statement

MOST_FILES, MOST_LINES = 5, 1000
CSV = "text/csv"
SAY_WHAT = gettext_lazy(
    "Say what does not agree: mark a line, name one that is missing, add your own list, or write a remark."
)


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
    return _answer(statement.pk, words, now=now or timezone.now(), recorded_by=by)


def add_files(*, by: User, answer: Answer, files: Sequence[tuple[str, Any]]) -> None:
    """The paper that came after an answer by the link, or another page of it."""
    if not may_make_for(by, answer.statement.customer):
        raise NotPermitted(_("You may not record answers of this customer."))
    kept = [_file(kind, file, by, answer.files.count() + n) for n, (kind, file) in enumerate(files)]
    known = set(answer.files.values_list("sha256", flat=True))
    _store(answer, [one for one in kept if one.sha256 not in known])


def _answer(
    key: int,
    words: Words,
    *,
    now: datetime,
    dispatch: Dispatch | None = None,
    recorded_by: User | None = None,
    **from_where: Any,
) -> Answer:
    _check(words, today=timezone.localdate(now))
    files = [_file(kind, file, recorded_by, n) for n, (kind, file) in enumerate(words.files)]
    try:
        with transaction.atomic():
            statement = _locked(key, recorded_by, dispatch, now)
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
            AnswerLine.objects.bulk_create(_lines(answer, statement, words.lines))
            Evidence.objects.bulk_create(_evidence(answer, statement))
            _store(answer, files)
    except IntegrityError:
        if Answer.objects.filter(statement=key).exists():
            raise AnswerRefused(_("This statement was answered before; that answer stands.")) from None
        raise
    return answer


def _locked(key: int, by: User | None, dispatch: Dispatch | None, now: datetime) -> Statement:
    """The statement as it stands now, its customer locked, where it may still be answered."""
    statement = Statement.objects.select_related("customer").get(pk=key)
    lock_customers([statement.customer_id])
    statement = Statement.objects.select_related("customer").get(pk=key)
    if by is not None and not may_make_for(by, statement.customer):
        raise NotPermitted(_("You may not record answers of this customer."))
    if statement.is_withdrawn:
        raise AnswerRefused(_("This statement was withdrawn; the firm will send a new one."))
    if dispatch is not None and not Dispatch.objects.valid(now).filter(pk=dispatch.pk).exists():
        raise AnswerRefused(_("This link is no longer valid."))
    return statement


def _check(words: Words, *, today: Date) -> None:
    if words.verdict not in Answer.Verdict.values:
        raise AnswerRefused(_("Say whether the statement agrees with your books."), field="verdict")
    if not words.name.strip():
        raise AnswerRefused(_("Give your name."), field="name")
    if words.promised_amount is not None and words.promised_on is None:
        raise AnswerRefused(_("Say by which day you will pay."), field="promised_on")
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
            day=timezone.localdate(answer.at),
            currency=statement.currency,
            amount=amount,
            restarts_limitation=restarts,
            sha256=statement.sha256,
            recorded_at=answer.at,
        )
        for kind, (amount, restarts) in kinds.items()
    ]


def _file(kind: str, file: Any, by: User | None, number: int) -> AnswerFile:
    """A file that was looked at and not stored yet."""
    if number >= MOST_FILES:
        raise FileRefused(_("No more than %(n)d files at once.") % {"n": MOST_FILES}, field="files")
    name = "".join(char for char in PurePath(file.name or "").name if char.isprintable())[-200:] or _("file")
    if not file.size:
        raise FileRefused(_("“%(name)s” is empty.") % {"name": name}, field="files")
    if file.size > settings.ATTACHMENT_MAX_BYTES:
        said = _("“%(name)s” is larger than %(n)d MB.")
        raise FileRefused(said % {"name": name, "n": settings.ATTACHMENT_MAX_BYTES // MEGABYTE}, field="files")
    content_type, suffix = _type(file, name, kind)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    kept = AnswerFile(
        kind=AnswerFile.Kind(kind),
        name=name,
        content_type=content_type,
        suffix=suffix,
        size=file.size,
        sha256=digest.hexdigest(),
        uploaded_by=by,
        at=timezone.now(),
    )
    kept.content = file  # type: ignore[attr-defined]
    return kept


def _type(file: Any, name: str, kind: str) -> tuple[str, str]:
    """As attachments are known; a list may also be lines of comma-separated values."""
    found = recognised(file)
    if found is not None and not belies(name, found):
        return found.content_type, found.suffix
    if found is None and kind == AnswerFile.Kind.LIST and name.lower().endswith((".csv", ".txt")):
        head = file.read(65_536)
        file.seek(0)
        if b"\x00" not in head:
            return CSV, ".csv"
    said = _("“%(name)s” is no photo, PDF, OFD, Excel (.xlsx) or Word (.docx) file; save it as one of these.")
    raise FileRefused(said % {"name": name}, field="files")


def _store(answer: Answer, files: Sequence[AnswerFile]) -> None:
    """The files first, their rows last; what was written of a refused answer is taken away."""
    written: list[AnswerFile] = []
    once = {one.sha256: one for one in files}.values()
    try:
        for one in once:
            one.answer = answer
            one.file.save(one.name, one.content, save=False)  # type: ignore[attr-defined]
            written.append(one)
            one.save(force_insert=True)
    except BaseException:
        for one in written:
            one.file.delete(save=False)
        raise
