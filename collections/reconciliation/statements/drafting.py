"""What a customer typed and chose for an answer that was not taken, kept until it is: a field was wrong, or the page
was left for too long. Bounded, so that a link fills no disk.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from ledger.errors import FileRefused
from ledger.posting import lock_customers
from reconciliation.statements.files import looked_at
from reconciliation.statements.models import Answer, AnswerFile, Dispatch, Draft, DraftFile
from reconciliation.statements.models.drafts import FOLDER

KEPT_FOR = timedelta(days=3)
# An upload that is under way has written its file and not its row yet.
LONGEST_UPLOAD = timedelta(days=1)
# Of one link, whatever the number of browsers: drafts, and bytes of files. Of one draft: letters.
MOST_DRAFTS, MOST_BYTES, MOST_LETTERS = 20, 100 * 1024 * 1024, 1_000_000

Typed = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """The draft, if there is one; a sentence for each file that was not kept, and one where the text was not."""

    draft: Draft | None
    refused: Sequence[str] = ()
    lost: str = ""


@contextmanager
def one_after_another(dispatch: Dispatch) -> Iterator[None]:
    """Two who send at once by links of one statement: to keep, to answer and to forget is one act for each."""
    with transaction.atomic():
        lock_customers([dispatch.statement.customer_id])
        hold_links(dispatch.statement_id)
        yield


def hold_links(statement: int) -> None:
    """Nothing is kept for a link of the statement until the transaction ends. After its customer, where both are."""
    _hold(Dispatch.objects.filter(statement=statement))


def _hold(dispatches: QuerySet[Dispatch]) -> None:
    list(dispatches.select_for_update(no_key=True).order_by("pk").values_list("pk"))


@transaction.atomic
def keep(
    *,
    dispatch: Dispatch,
    browser: str,
    verdict: str,
    typed: Typed,
    files: Sequence[Any] = (),
    held: Sequence[str] = (),
) -> Kept:
    """Keeps what was typed and the files that were chosen, beside those of before that are still `held`.

    A page that has not the whole form sends no name: it changes what it has, and no file.
    """
    hold_links(dispatch.statement_id)
    if Answer.objects.filter(statement=dispatch.statement_id).exists():
        return Kept(None, lost=_("This statement was answered before; that answer stands."))
    begun = Draft.objects.filter(dispatch=dispatch)
    draft = begun.filter(browser=browser, verdict=verdict).first()
    if draft is None and begun.count() >= MOST_DRAFTS:
        refused = [_("Too many answers were begun with this link; send your files by mail.")] if files else []
        lost = _("Too many answers were begun with this link; what you typed could not be kept.")
        return Kept(None, refused, lost)
    if draft is None:
        draft = Draft(dispatch=dispatch, browser=browser, verdict=verdict)
    lost = _take_down(draft, typed)
    refused = _drop(draft, set(held)) if "name" in typed else []
    for file in files:
        try:
            _keep(draft, file)
        except FileRefused as refusal:
            refused.append(refusal.message)
    return Kept(draft, refused, lost)


def _take_down(draft: Draft, typed: Typed) -> str:
    """The text; what stood there before stays where this is too long."""
    # No database keeps a NUL, and nobody types one.
    said = {name: [one.replace("\0", "") for one in typed[name]] for name in typed}
    if "name" not in typed:
        said = {**{name: draft.typed[name] for name in draft.typed if name != "line"}, **said}
    is_too_long = len(json.dumps(said, ensure_ascii=False)) > MOST_LETTERS
    if not is_too_long:
        draft.typed = said
    draft.at = timezone.now()
    draft.save()
    return _("What you typed is too long to be kept; shorten it, or send it as a file.") if is_too_long else ""


def _drop(draft: Draft, held: set[str]) -> list[str]:
    """Takes away the files that are not held any more, and says of which the disk has nothing left."""
    lost = []
    for file in draft.files.all():
        if str(file.pk) not in held:
            _remove(file)
        elif not file.file.storage.exists(str(file.file)):
            _remove(file)
            lost.append(_("“%(name)s” is not here any more.") % {"name": file.name})
    return lost


def _keep(draft: Draft, file: Any) -> None:
    found = looked_at(AnswerFile.Kind.LIST, file, None, draft.files.count())
    if draft.files.filter(sha256=found.sha256).exists():
        return
    of_link = DraftFile.objects.filter(draft__dispatch=draft.dispatch_id).aggregate(size=Sum("size"))["size"] or 0
    if of_link + found.size > MOST_BYTES:
        said = _("“%(name)s” is too large beside the files that were added before.")
        raise FileRefused(said % {"name": found.name}, field="files")
    kept = DraftFile(draft=draft, name=found.name, suffix=found.suffix, size=found.size, sha256=found.sha256)
    kept.file.save(found.name, file, save=False)
    kept.save(force_insert=True)


@contextmanager
def chosen_in(draft: Draft | None) -> Iterator[list[tuple[str, Any]]]:
    """The files of a draft as if they were uploaded now."""
    with ExitStack() as opened:
        yield [
            (AnswerFile.Kind.LIST, UploadedFile(opened.enter_context(one.file.open("rb")), one.name, size=one.size))
            for one in (draft.files.all() if draft else ())
        ]


def forget(drafts: QuerySet[Draft]) -> int:
    """Takes drafts away with their files, their links being held. How many."""
    for file in DraftFile.objects.filter(draft__in=drafts):
        _remove(file)
    return drafts.delete()[1].get(Draft._meta.label, 0)


def forget_old(now: datetime) -> int:
    """What nobody has sent in days; and files without a row, whose upload was killed."""
    with transaction.atomic():
        old = Draft.objects.filter(at__lt=now - KEPT_FOR)
        _hold(Dispatch.objects.filter(pk__in=old.values("dispatch")))
        count = forget(old)
    storage = DraftFile._meta.get_field("file").storage
    if not storage.exists(FOLDER):
        return count
    named = set(DraftFile.objects.values_list("file", flat=True))
    for name in storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if path not in named and storage.get_modified_time(path) < now - LONGEST_UPLOAD:
            storage.delete(path)
    return count


def _remove(file: DraftFile) -> None:
    """The row first, the file once that stands: one without a row is found by the night."""
    file.delete()
    transaction.on_commit(partial(file.file.storage.delete, str(file.file)), robust=True)
