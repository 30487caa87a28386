"""The Excel report: what was asked and a chart, sums by customer and by salesperson, and every open item."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from aging.chart import stacked_bars
from aging.comparison import Comparison
from aging.formats import seen
from aging.pivot import Pivot
from aging.queries import Items, comparisons, names_of, pivots, reports, snapshot
from aging.question import Grouping, Meaning, Question
from aging.report import Report
from aging.wording import HEADS, TITLES, column_headings, facts
from config.sheets import Book, Cell, Column, Formula, Style, heading, put, text_width
from customers.models import User
from ledger.models import Kind

# More open items than this are a job for a worker; fewer are written while the person waits.
LARGE = 5_000
# Rows of the chart: what one looks at before anything else.
CHARTED = 15

Progress = Callable[[int, int, str], None]


def _unwatched(done: int, total: int, label: str) -> None:
    """Nobody is told how far it is."""


def write(target: BinaryIO | Path, question: Question, *, user: User | None, progress: Progress = _unwatched) -> int:
    """The whole report as an .xlsx, in the language in force; how many open items are in it.

    All of its sheets are of one moment.
    """
    # Who answers for an item is the same in every sheet, so that their totals agree.
    question = replace(question, meaning=Meaning.SALE if question.is_about_sales else Meaning.OWNER)
    with snapshot(), Book(title=_("Aging report"), creator=str(user or "")) as book:
        count = _Report(book, question, user, progress).write()
        book.save(target)
    return count


def file_name(question: Question) -> str:
    return f"{_('Aging report')} {question.as_of.isoformat()}.xlsx"


@dataclass(frozen=True, slots=True)
class _Report:
    book: Book
    question: Question
    user: User | None
    progress: Progress

    def write(self) -> int:
        about = self.book.add_sheet(_("About"))
        by_customer = self._reports(Grouping.CUSTOMER)
        # One sheet of a kind, or one for each currency: two currencies are never added up.
        several = len(by_customer) > 1
        self._about(about, by_customer)
        groupings = [Grouping.CUSTOMER, Grouping.SALESPERSON]
        if self.question.by not in groupings:
            groupings.append(self.question.by)
        for grouping in groupings:
            for report in by_customer if grouping == Grouping.CUSTOMER else self._reports(grouping):
                sheet = self._sheet(str(TITLES[grouping]), several and report.currency)
                self._summary(sheet, report)
                if grouping == Grouping.CUSTOMER and len(report):
                    self._chart(about, sheet, report)
        self._side_by_side()
        return sum(
            self._items(self._sheet(_("Open items"), several and report.currency), report) for report in by_customer
        )

    def _side_by_side(self) -> None:
        """The sheet of the other day, or of the second grouping, where the question has one."""
        found: Sequence[Comparison] | Sequence[Pivot] = ()
        if self.question.across is not None:
            found, title = pivots(self.question, user=self.user), _("Spread")
        elif self.question.compare is not None:
            found, title = comparisons(self.question, user=self.user), _("Compared")
        for report in found:
            sheet = self._sheet(title, len(found) > 1 and report.currency)
            self._title(sheet, report.currency)
            headings, rows = seen(report)
            columns = [Column(name, Style.TEXT) for name in headings[:3]]
            for number, name in enumerate(headings[3:], 1):
                # Every fourth column of a comparison is a percentage.
                is_percent = isinstance(report, Comparison) and number % 4 == 0
                columns.append(Column(name, Style.EXACT if is_percent else Style.MONEY, summed=not is_percent))
            self.book.stream(sheet, columns, (tuple(row) for row in rows), frozen=2)

    def _reports(self, by: Grouping) -> list[Report]:
        return reports(replace(self.question, by=by), user=self.user)

    def _sheet(self, title: str, currency: str | bool) -> Worksheet:
        return self.book.add_sheet(f"{title} {currency}" if currency else title)

    def _about(self, sheet: Worksheet, found: Sequence[Report]) -> None:
        put(sheet["A1"], _("Aging report"), bold=True)
        said: list[tuple[str, Cell]] = [
            (_("firm"), settings.FIRM_NAME),
            *facts(self.question, names_of(self.question, self.user)),
            (_("made by"), str(self.user) if self.user else _("the command line")),
            (_("made at"), timezone.localtime().replace(tzinfo=None)),
        ]
        sheet.column_dimensions["A"].width = 2 + max(text_width(label) for label, _value in said)
        for label, value in said:
            if value:
                row = sheet.max_row + 1
                put(sheet.cell(row, 1), label, bold=True)
                put(sheet.cell(row, 2), value)
                sheet.cell(row, 2).alignment = Alignment(horizontal="left")
        top = sheet.max_row + 2
        for number, text in enumerate([_("currency"), *column_headings(found[0].buckets)], 1):
            heading(sheet.cell(top, number), text, right=number > 1)
            if number > 1:
                sheet.column_dimensions[get_column_letter(number)].width = 16
        for report in found:
            top += 1
            for number, value in enumerate([report.currency, *report.totals.all()], 1):
                put(sheet.cell(top, number), value)

    def _title(self, sheet: Worksheet, currency: str) -> None:
        asked = self.question
        put(sheet["A1"], f"{sheet.title} ({currency})" if currency not in sheet.title else sheet.title, bold=True)
        known = _("all that is recorded") if asked.known_on is None else asked.known_on.isoformat()
        put(sheet["A2"], _("as of %(day)s, known on: %(known)s") % {"day": asked.as_of, "known": known})

    def _summary(self, sheet: Worksheet, report: Report) -> None:
        self._title(sheet, report.currency)
        heads = [Column(name, Style.TEXT) for name in HEADS[report.question.by]]
        amounts = [Column(name, Style.MONEY, summed=True) for name in column_headings(report.buckets)]
        first = sheet.max_row + 2
        ordered = report.sorted("balance", descending=True)
        self.book.stream(sheet, [*heads, *amounts], _summary_rows(ordered, first), frozen=len(heads))

    def _chart(self, about: Worksheet, sheet: Worksheet, report: Report) -> None:
        """The customers that owe most, their debts stacked by age: the first rows of the summary."""
        largest = list(report.sorted("balance", descending=True))[:CHARTED]
        columns = column_headings(report.buckets)[: len(report.buckets) + 1]
        chart = stacked_bars(
            sheet.title,
            first_row=4,
            names=[row.name for row in largest],
            series=[(name, [row.amounts.all()[number] for row in largest]) for number, name in enumerate(columns)],
        )
        some = _("The %(n)d largest debtors") % {"n": CHARTED}
        chart.title = f"{some if len(report) > CHARTED else TITLES[Grouping.CUSTOMER]} · {report.currency}"
        # Charts stand below each other; a row of the sheet is half a centimetre high.
        heights: list[float] = [other.height for other in about._charts]  # type: ignore[attr-defined]
        about.add_chart(chart, f"A{about.max_row + 2 + sum(int(2 * height) + 2 for height in heights)}")

    def _items(self, sheet: Worksheet, report: Report) -> int:
        self._title(sheet, report.currency)
        columns = [
            Column(_("customer code"), Style.TEXT),
            Column(_("customer name"), Style.TEXT),
            Column(_("region"), Style.TEXT),
            Column(_("salesperson of the sale"), Style.TEXT),
            Column(_("salesperson now"), Style.TEXT),
            Column(_("kind"), Style.TEXT),
            Column(_("number"), Style.TEXT),
            Column(_("date"), Style.DATE),
            Column(_("due date"), Style.DATE),
            Column(_("days"), Style.NUMBER),
            Column(_("bucket"), Style.TEXT),
            Column(_("document amount"), Style.MONEY),
            Column(_("open amount"), Style.MONEY, summed=True),
        ]
        items = Items(replace(self.question, by=Grouping.CUSTOMER, currency=report.currency), self.user)
        return self.book.stream(sheet, columns, self._item_rows(items, sheet.title), frozen=2).count

    def _item_rows(self, items: Items, label: str) -> Iterator[tuple[Cell, ...]]:
        total = items.count()
        kinds = {kind: str(kind.label) for kind in Kind}
        for done, item in enumerate(items.iterator()):
            if done % 1_000 == 0:
                self.progress(done, total, label)
            yield (
                item.customer_code,
                item.customer_name,
                item.region,
                item.salesperson,
                item.owner,
                kinds[item.kind],
                item.number,
                item.date,
                item.due_date,
                item.days,
                item.column,
                item.document_amount,
                item.open,
            )
        self.progress(total, total, label)


def _summary_rows(report: Report, first: int) -> Iterator[tuple[Cell, ...]]:
    """Key, name and amounts; the balance, and overdue where the buckets tell it, as formulas over the row."""
    count = len(report.buckets)
    unbilled, not_due, oldest, unapplied = (get_column_letter(n) for n in (3, 4, 3 + count, 4 + count))
    first_overdue = chr(ord(not_due) + 1)
    for number, row in enumerate(report, first):
        amounts = row.amounts
        overdue: Decimal | Formula = amounts.overdue
        if report.buckets[0].key == "not_due":
            overdue = Formula(f"SUM({first_overdue}{number}:{oldest}{number})", amounts.overdue)
        balance = Formula(f"SUM({unbilled}{number}:{unapplied}{number})", amounts.balance)
        yield (row.key, row.name, amounts.unbilled, *amounts.buckets, amounts.unapplied, balance, overdue)
