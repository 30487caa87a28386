"""All that happened to one document, in the order in which it was recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ledger.models import Attachment, Confirmation, Entry, InvoiceStep
from ledger.queries.documents import Movement


@dataclass(frozen=True, slots=True)
class Happening:
    """`day` is the day that counts, `at` the moment of recording."""

    at: datetime
    day: date
    what: str
    detail: str = ""
    url: str = ""
    amount: Decimal | None = None
    by: Any = None


def history(
    entry: Entry,
    *,
    steps: Iterable[InvoiceStep],
    movements: Iterable[Movement],
    confirmations: Iterable[Confirmation],
    files: Iterable[Attachment],
    reversed_by: Entry | None,
) -> list[Happening]:
    """From what the page of the entry has read already; asks for nothing."""
    found = [Happening(entry.recorded_at, entry.date, _("Recorded in the ledger"), entry.memo, by=entry.posting.by)]
    for step in steps:
        words = " ".join(filter(None, (step.carrier, step.tracking_number, step.note)))
        found.append(Happening(step.recorded_at, step.date, capfirst(step.get_step_display()), words, by=step.by))
    for move in movements:
        made = move.allocation
        said = _("No longer allocated") if made.undoes_id is not None else _("Allocated")
        other = capfirst(str(move.other))
        found.append(Happening(made.recorded_at, made.date, said, other, amount=move.amount, by=made.posting.by))
    for one in confirmations:
        said = _("Confirmed") if one.is_confirmed else _("Confirmation withdrawn")
        found.append(Happening(one.recorded_at, one.date, said, one.note, by=one.by))
    for file in files:
        day = timezone.localdate(file.uploaded_at)
        found.append(
            Happening(
                file.uploaded_at, day, capfirst(file.get_kind_display()), file.name, "#files", by=file.uploaded_by
            )
        )
    if reversed_by is not None:
        to = reverse("ledger:entry", args=[reversed_by.pk])
        found.append(Happening(reversed_by.recorded_at, reversed_by.date, _("Reversed"), reversed_by.memo, to))
    return sorted(found, key=lambda one: one.at)
