"""What a customer typed and chose for an answer that was not taken, kept until it is: a field was wrong, or the page
was left for too long. Bounded, so that a link fills no disk.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from ledger.errors import FileRefused
from reconciliation.statements.files import looked_at
from reconciliation.statements.models import AnswerFile, Dispatch, Draft, DraftFile
from reconciliation.statements.models.drafts import FOLDER

KEPT_FOR = timedelta(days=3)
# An upload that is under way has written its file and not its row yet.
LONGEST_UPLOAD = timedelta(days=1)
# Of one link, whatever the number of browsers: drafts, and bytes of files. Of one draft: letters.
MOST_DRAFTS, MOST_BYTES, MOST_LETTERS = 20, 100 * 1024 * 1024, 1_000_000
# A form's own fields, which say nothing of the answer.
_OWN = ("key", "kept", "back")

Typed = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """The draft, None where the link has too many; and a sentence for each file that was not kept."""

    draft: Draft | None
    refused: Sequence[str]


def keep(
    *, dispatch: Dispatch, browser: str, verdict: str, typed: Typed, files: Sequence[Any], held: Sequence[str] = ()
) -> Kept:
    """Keeps what was typed and the files that were chosen, beside those of before that are still `held`."""
    # No database keeps a NUL, and nobody types one.
    said = {name: [one.replace("\0", "") for one in typed[name]] for name in typed if name not in _OWN}
    if len(json.dumps(said)) > MOST_LETTERS:
        said = {}
    draft = Draft.objects.filter(dispatch=dispatch, browser=browser).first()
    if draft is None and Draft.objects.filter(dispatch=dispatch).count() >= MOST_DRAFTS:
        return Kept(None, [_("Too much was begun by this link; send your files by mail.")] if files else [])
    facts = {"verdict": verdict, "typed": said, "at": timezone.now()}
    draft, _is_new = Draft.objects.update_or_create(dispatch=dispatch, browser=browser, defaults=facts)
    for left in draft.files.exclude(pk__in=[key for key in held if key.isdecimal()]):
        _remove(left)
    refused = []
    for file in files:
        try:
            _keep(draft, file)
        except FileRefused as refusal:
            refused.append(refusal.message)
    return Kept(draft, refused)


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
    """Takes drafts away with their files. How many."""
    for file in DraftFile.objects.filter(draft__in=drafts):
        _remove(file)
    return drafts.delete()[1].get(Draft._meta.label, 0)


def forget_old(now: datetime) -> int:
    """What nobody has sent in days; and files without a row, whose upload was killed."""
    count = forget(Draft.objects.filter(at__lt=now - KEPT_FOR))
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
    """The row first: a file without one is found by the night."""
    file.delete()
    file.file.delete(save=False)
