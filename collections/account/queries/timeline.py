"""One stream of what happened with a customer, the newest day first: each source gives its newest events before a
place in the stream, and only the page that is shown is read of any.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.words import said_of
from customers.models import Customer
from flags.models import Flag, FlagNote
from flags.wording import put_off_in_words, subject
from ledger.models import Allocation, Attachment, Entry, InvoiceStep, Kind, Shipment, Side
from ledger.queries.open_items import end_of

PAGE = 40
# Steps and deliveries have no customer of their own: they are looked for on so many of the newest entries before the
# place. What came later than that many newer ones is on the document's own page.
MOST_ENTRIES = 4_000


class Sort(StrEnum):
    DOCUMENTS = "documents"
    ALLOCATIONS = "allocations"
    STEPS = "steps"
    FLAGS = "flags"
    FILES = "files"

    @property
    def label(self) -> str | Promise:
        return LABELS[self]


LABELS: dict[Sort, str | Promise] = {
    Sort.DOCUMENTS: gettext_lazy("Documents"),
    Sort.ALLOCATIONS: gettext_lazy("Allocations"),
    Sort.STEPS: gettext_lazy("Invoice's way and deliveries"),
    Sort.FLAGS: gettext_lazy("Flags and notes"),
    Sort.FILES: gettext_lazy("Files"),
}


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A place in the stream: by day, within a day by source, within a source by order of recording."""

    day: date
    rank: int
    pk: int

    @classmethod
    def read(cls, text: str) -> "Moment":
        """From the text of an address, `2026-03-31.2.120`; raises ValueError."""
        day, rank, pk = text.split(".")
        if not 0 <= int(pk) < 2**63:
            raise ValueError("no row has such a key")
        return cls(date.fromisoformat(day), int(rank), int(pk))

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.rank}.{self.pk}"


@dataclass(frozen=True, slots=True)
class Event:
    moment: Moment
    icon: str
    title: str
    url: str = ""
    detail: str = ""
    amount: Decimal | None = None
    by: Any = None
    recorded_at: datetime | None = None
    is_undone: bool = False
    tone: str = ""

    @property
    def day(self) -> date:
        return self.moment.day


@dataclass(frozen=True, slots=True)
class TimeLine:
    events: Sequence[Event]
    older: Moment | None


@dataclass(frozen=True, slots=True)
class _Ask:
    """What a source is asked: the customer's newest events before a place."""

    customer: Customer
    rank: int
    before: Moment | None
    most: int

    @property
    def last_day(self) -> date | None:
        """The newest day on which this source has anything to say."""
        if self.before is None:
            return None
        return self.before.day if self.rank <= self.before.rank else self.before.day - timedelta(days=1)

    def newest(self, rows: QuerySet[Any], day: str, key: str = "pk") -> list[Any]:
        """Rows by a column of days."""
        if (last := self.last_day) is not None and self.before is not None:
            rows = rows.filter(**{f"{day}__lte": last})
            if self.rank == self.before.rank:
                rows = rows.filter(Q(**{f"{day}__lt": last}) | Q(**{f"{key}__lt": self.before.pk}))
        return list(rows.order_by(f"-{day}", f"-{key}")[: self.most])

    def newest_at(self, rows: QuerySet[Any], moment: str) -> list[Any]:
        """Rows by a column of moments, which are recorded in the order of their keys."""
        if (last := self.last_day) is not None and self.before is not None:
            rows = rows.filter(**{f"{moment}__lt": end_of(last)})
            if self.rank == self.before.rank:
                begin = end_of(last - timedelta(days=1))
                rows = rows.filter(Q(**{f"{moment}__lt": begin}) | Q(pk__lt=self.before.pk))
        return list(rows.order_by(f"-{moment}", "-pk")[: self.most])

    def newest_entries(self) -> QuerySet[Any]:
        """The entries on which later events are looked for, of any kind: to look for a kind that the customer hardly
        has would read the whole account.
        """
        entries = Entry.objects.filter(customer=self.customer)
        if (last := self.last_day) is not None:
            entries = entries.filter(date__lte=last)
        return entries.order_by("-date", "-id").values("pk")[:MOST_ENTRIES]

    def moment(self, day: date, pk: int) -> Moment:
        return Moment(day, self.rank, pk)


def _documents(ask: _Ask) -> list[Event]:
    rows = Entry.objects.filter(customer=ask.customer).select_related("posting__by")
    return [
        Event(
            ask.moment(entry.date, entry.pk),
            icon=_ICONS.get(Kind(entry.kind), "ledger"),
            title=capfirst(str(entry)),
            url=_to(entry),
            detail=entry.memo,
            # Money in is positive here, as it is in the ledger.
            amount=-entry.document_amount if entry.kind == Kind.PAYMENT else entry.document_amount,
            by=entry.posting.by,
            recorded_at=entry.recorded_at,
            is_undone=entry.reversed_on is not None or entry.reverses_id is not None,
        )
        for entry in ask.newest(rows, "date")
    ]


def _allocations(ask: _Ask) -> list[Event]:
    rows = Allocation.objects.filter(customer=ask.customer).select_related(
        "from_entry", "to_entry", "posting__by", "undone_by"
    )
    return [
        Event(
            ask.moment(move.date, move.pk),
            icon="payment",
            title=_moved(move),
            url=_to(move.to_entry),
            amount=abs(move.amount),
            by=move.posting.by,
            recorded_at=move.recorded_at,
            is_undone=move.undoes_id is not None or hasattr(move, "undone_by"),
        )
        for move in ask.newest(rows, "date")
    ]


def _steps(ask: _Ask) -> list[Event]:
    rows = InvoiceStep.objects.filter(invoice__in=ask.newest_entries()).select_related("invoice__entry", "by")
    return [
        Event(
            ask.moment(step.date, step.pk),
            icon="invoice",
            title=capfirst(said_of(step.invoice.entry, step.get_step_display())),
            url=_to(step.invoice.entry),
            detail=" ".join(filter(None, (step.carrier, step.tracking_number, step.note))),
            by=step.by,
            recorded_at=step.recorded_at,
            tone="bad" if step.step in (InvoiceStep.Step.FAILED, InvoiceStep.Step.BOUNCED) else "",
        )
        for step in ask.newest(rows, "date")
    ]


def _deliveries(ask: _Ask) -> list[Event]:
    rows = Shipment.objects.filter(entry__in=ask.newest_entries(), delivered_on__isnull=False).select_related("entry")
    return [
        Event(
            ask.moment(goods.delivered_on, goods.pk),
            icon="shipment",
            title=capfirst(_("%(entry)s: delivered") % {"entry": goods.entry}),
            url=_to(goods.entry),
        )
        for goods in ask.newest(rows, "delivered_on")
    ]


def _raised(ask: _Ask) -> list[Event]:
    rows = Flag.objects.filter(customer=ask.customer).select_related("entry")
    return [
        _flagged(ask, flag, flag.raised_on, _("Flag raised: %(flag)s"), "warn")
        for flag in ask.newest(rows, "raised_on")
    ]


def _cleared(ask: _Ask) -> list[Event]:
    rows = Flag.objects.filter(customer=ask.customer, cleared_on__isnull=False).select_related("entry")
    return [
        _flagged(ask, flag, flag.cleared_on, _("Flag cleared: %(flag)s"), "")
        for flag in ask.newest(rows, "cleared_on")
    ]


def _flagged(ask: _Ask, flag: Flag, day: Any, said: str, tone: str) -> Event:
    return Event(
        ask.moment(day, flag.pk),
        icon="flags",
        title=said % {"flag": flag.get_kind_display()},
        url=reverse("flags:detail", args=[flag.pk]),
        detail=" · ".join(filter(None, (capfirst(subject(flag)), flag.reason))),
        amount=flag.amount_at_stake if tone else None,
        tone=tone,
    )


def _notes(ask: _Ask) -> list[Event]:
    rows = FlagNote.objects.filter(flag__customer=ask.customer).select_related("flag__entry", "by")
    return [
        Event(
            ask.moment(timezone.localdate(note.at), note.pk),
            icon="flags",
            title=capfirst(said_of(note.flag.get_kind_display(), subject(note.flag))),
            url=reverse("flags:detail", args=[note.flag_id]),
            detail=" ".join(filter(None, (put_off_in_words(note), note.note))),
            by=note.by,
            recorded_at=note.at,
        )
        for note in ask.newest_at(rows, "at")
    ]


def _files(ask: _Ask) -> list[Event]:
    rows = Attachment.objects.filter(customer=ask.customer).select_related("entry", "uploaded_by")
    return [
        Event(
            ask.moment(timezone.localdate(file.uploaded_at), file.pk),
            icon="attachment",
            title=capfirst(said_of(file.get_kind_display(), file.name)),
            url=f"{_to(file.entry)}#files" if file.entry else reverse("customers:files", args=[ask.customer.pk]),
            detail=" · ".join(filter(None, (capfirst(str(file.entry)) if file.entry else "", file.note))),
            by=file.uploaded_by,
            recorded_at=file.uploaded_at,
            is_undone=file.is_withdrawn,
        )
        for file in ask.newest_at(rows, "uploaded_at")
    ]


# In the order of a day read backwards: a source further down is nearer to the top of its day.
SOURCES: tuple[tuple[Sort, Callable[[_Ask], list[Event]]], ...] = (
    (Sort.DOCUMENTS, _documents),
    (Sort.ALLOCATIONS, _allocations),
    (Sort.STEPS, _steps),
    (Sort.STEPS, _deliveries),
    (Sort.FLAGS, _raised),
    (Sort.FLAGS, _cleared),
    (Sort.FLAGS, _notes),
    (Sort.FILES, _files),
)
_ICONS = {
    Kind.SHIPMENT: "shipment",
    Kind.RETURN: "back",
    Kind.INVOICE: "invoice",
    Kind.CREDIT_NOTE: "invoice",
    Kind.PAYMENT: "payment",
    Kind.REFUND: "payment",
}


def time_line(customer: Customer, *, before: Moment | None = None, sort: str = "", size: int = PAGE) -> TimeLine:
    """The newest events before the place, of one sort or of all. Whoever sees the customer sees all of them."""
    found: list[Event] = []
    for rank, (kind, source) in enumerate(SOURCES):
        if not sort or sort == kind:
            found += source(_Ask(customer, rank, before, size + 1))
    found.sort(key=lambda event: event.moment, reverse=True)
    shown = found[:size]
    return TimeLine(shown, shown[-1].moment if len(found) > size else None)


def _moved(move: Allocation) -> str:
    names = {"one": move.from_entry, "other": move.to_entry}
    if move.undoes_id is not None:
        said = _("%(one)s no longer allocated to %(other)s")
    elif move.from_entry.side == Side.CREDIT and move.to_entry.side == Side.DEBT:
        said = _("%(one)s settles %(other)s")
    else:
        said = _("%(other)s takes over %(one)s")
    return capfirst(said % names)


def _to(entry: Entry) -> str:
    return reverse("ledger:entry", args=[entry.pk])
