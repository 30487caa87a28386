"""The report and its items as tables; both are sorted and cut before a row of them is made."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableData

from aging.addresses import Addresses
from aging.queries import Item, Items
from aging.question import Grouping
from aging.report import Report, Row
from aging.wording import HEADS, column_headings
from ledger.columns import ROOMY_DATE, ROOMY_MONEY, ROOMY_ONLY, DateColumn, MoneyColumn, NumberColumn
from ledger.templatetags.ledger_format import money


class Rows(TableData):  # type: ignore[misc]
    """Data that is counted, ordered by names of columns and cut by itself: a `Listed` or `Items`."""

    def __len__(self) -> int:
        return int(self.data.count())

    def order_by(self, aliases: Iterable[str]) -> None:
        self.data: Any = self.data.order_by(*aliases)


class Listed:
    """A report as a list page wants its rows."""

    def __init__(self, report: Report, addresses: Addresses) -> None:
        self.report = report
        self.addresses = addresses

    def count(self) -> int:
        return len(self.report)

    def none(self) -> "Listed":
        return Listed(replace(self.report, raw=[]), self.addresses)

    def order_by(self, *aliases: str) -> "Listed":
        report = self.report
        for alias in reversed(aliases):
            report = report.sorted(alias.removeprefix("-"), descending=alias.startswith("-"))
        return Listed(report, self.addresses)

    def __getitem__(self, piece: slice) -> list[Row]:
        return [self.report.row(raw) for raw in self.report.raw[piece]]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.report)


class AmountColumn(MoneyColumn):
    """An amount that leads to its items."""

    def __init__(self, position: int, **kwargs: Any) -> None:
        super().__init__(empty_values=(), **kwargs)
        self.position = position

    def render(self, record: Row, bound_column: Any, table: "AgingTable") -> SafeString | str:  # type: ignore[override]
        return linked(record.amounts.all()[self.position], table.addresses.items(bound_column.name, record))


def linked(amount: Decimal, url: str) -> SafeString | str:
    return format_html('<a href="{}">{}</a>', url, money(amount)) if amount else money(amount)


class AgingTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(attrs={"td": {"class": "what"}})

    class Meta:
        order_by = "-balance"
        empty_text = _("Nothing is open.")
        attrs = {"class": "aging-table"}

    def __init__(self, rows: Listed, **kwargs: Any) -> None:
        report = self.report = rows.report
        self.addresses = rows.addresses
        names = ["unbilled", *(bucket.key for bucket in report.buckets), "unapplied", "balance", "overdue"]
        headings = column_headings(report.buckets)
        amounts = [
            (
                name,
                AmountColumn(position, verbose_name=heading, **({"attrs": ROOMY_MONEY} if name == "overdue" else {})),
            )
            for position, (name, heading) in enumerate(zip(names, headings, strict=True))
        ]
        super().__init__(Rows(rows), extra_columns=amounts, sequence=("name", "..."), **kwargs)
        self.columns["name"].column.verbose_name = HEADS[report.question.by][1]

    def render_name(self, record: Row) -> SafeString:
        """The name, and beneath it the key beside a bar of the debts by age."""
        drawn = bar(record.amounts.debt_cents, self.report.largest_debt)
        # Whether a customer is a key account is said by the name; its key is a word for addresses.
        says_more = record.key != record.name and self.report.question.by is not Grouping.KEY_ACCOUNT
        key = format_html("<span>{}</span>", record.key) if says_more else ""
        url = self.addresses.row(record)
        return format_html('<a href="{}">{}</a><span class="sub aging-sub">{}{}</span>', url, record.name, key, drawn)

    def totals(self) -> dict[str, object]:
        """Of the whole report; each leads to its items."""
        report = self.report
        names = ["unbilled", *(bucket.key for bucket in report.buckets), "unapplied", "balance", "overdue"]
        return {
            name: linked(amount, self.addresses.items(name, None))
            for name, amount in zip(names, report.totals.all(), strict=True)
        }


def bar(parts: tuple[int, ...], longest: int) -> SafeString:
    """A bar of `parts` (cents), stacked; as long as the place where they add up to `longest`."""
    pieces, start = [], 0
    for number, part in enumerate(parts):
        width = 1000 * part // (longest or 1)
        if width:
            pieces.append((start, width, number))
        start += width
    return format_html(
        '<svg class="aging-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        format_html_join("", '<rect x="{}" y="0" width="{}" height="10" class="age-{}"/>', pieces),
    )


class ItemTable(tables.Table):  # type: ignore[misc]
    number = tables.Column(verbose_name=_("number"), empty_values=(), attrs={"td": {"class": "what"}})
    kind = tables.Column(verbose_name=_("kind"), visible=False)
    customer_code = tables.Column(verbose_name=_("customer code"), visible=False)
    customer_name = tables.Column(verbose_name=_("customer"))
    salesperson = tables.Column(verbose_name=_("salesperson of the sale"), attrs={"td": {"class": "words"}})
    owner = tables.Column(verbose_name=_("salesperson now"), attrs=ROOMY_ONLY)
    date = DateColumn(verbose_name=_("date"), attrs=ROOMY_DATE)
    due_date = DateColumn(verbose_name=_("due date"))
    days = NumberColumn(verbose_name=_("days"), orderable=False)
    column = tables.Column(verbose_name=_("bucket"), attrs={"td": {"class": "nowrap"}})
    document_amount = MoneyColumn(verbose_name=_("document amount"))
    open = MoneyColumn(verbose_name=_("open amount"))

    class Meta:
        empty_text = _("Nothing is open.")

    splits: ClassVar = {"number": ("number", "kind"), "customer_name": ("customer_code", "customer_name")}

    def __init__(self, rows: Items, **kwargs: Any) -> None:
        super().__init__(Rows(rows), **kwargs)

    def render_number(self, record: Item) -> SafeString:
        url = reverse("ledger:entry", args=[record.entry])
        name = record.number or gettext("no number")
        return format_html('<a href="{}">{}</a><span class="sub">{}</span>', url, name, record.kind.label)

    def value_number(self, record: Item) -> str:
        return record.number

    def value_kind(self, record: Item) -> str:
        return str(record.kind.label)

    def render_customer_name(self, record: Item) -> SafeString:
        return format_html('{}<span class="sub">{}</span>', record.customer_name, record.customer_code)

    def value_customer_name(self, record: Item) -> str:
        return record.customer_name
