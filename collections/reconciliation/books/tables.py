from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aging.tables import Rows, linked
from ledger.columns import ROOMY_DATE, ROOMY_ONLY, DateColumn, MoneyColumn, NumberColumn
from ledger.models import Entry
from reconciliation.books import addresses
from reconciliation.books.listed import Listed
from reconciliation.books.models import Rejection
from reconciliation.books.queries.sums import Row, totals
from reconciliation.books.question import By, Question


class LinkedMoney(MoneyColumn):
    """An amount that leads to what it adds up."""

    def __init__(self, address: Callable[[Question, Row], str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.address = address

    def render(self, value: Decimal, record: Row, table: "SumsTable") -> SafeString | str:  # type: ignore[override]
        return linked(value, self.address(table.question, record))


class SumsTable(tables.Table):  # type: ignore[misc]
    key = tables.Column(verbose_name=_("Code"), visible=False)
    name = tables.Column(verbose_name=_("Customer"), empty_values=(), attrs={"td": {"class": "title"}})
    currency = tables.Column(verbose_name=_("Currency"), visible=False)
    sales = LinkedMoney(addresses.sales_book, verbose_name=_("Sales book"))
    finance = LinkedMoney(addresses.difference, verbose_name=_("Finance book"))
    difference = LinkedMoney(addresses.difference, verbose_name=_("Difference"))
    count = NumberColumn(verbose_name=_("Entries"))
    oldest = DateColumn(verbose_name=_("Oldest"), attrs=ROOMY_DATE)
    days = NumberColumn(verbose_name=_("Days"), accessor="oldest", order_by=("-oldest",))

    splits: ClassVar = {"name": ("key", "name")}

    class Meta:
        order_by = ("oldest",)
        empty_text = _("The books agree.")

    def __init__(self, listed: Listed, **kwargs: Any) -> None:
        self.question, self.listed = listed.question, listed
        super().__init__(Rows(listed), **kwargs)
        if self.question.by == By.SALESPERSON:
            self.columns["name"].column.verbose_name = _("Salesperson")
            self.columns["key"].column.verbose_name = _("User name")

    def render_name(self, record: Row) -> SafeString:
        below = format_html('<span class="sub">{}</span>', record.key) if record.key != record.name else ""
        return format_html(
            '<a href="{}">{}</a>{}', addresses.of_row(self.question, record), self.value_name(record), below
        )

    def value_name(self, record: Row) -> str:
        return record.name or gettext("nobody")

    def render_count(self, record: Row) -> SafeString:
        return format_html('<a href="{}">{}</a>', addresses.difference(self.question, record), record.count)

    def value_count(self, record: Row) -> int:
        return record.count

    def render_days(self, value: date) -> int:
        return (self.question.as_of - value).days

    def value_days(self, value: date) -> int:
        return self.render_days(value)

    def totals(self) -> dict[str, object]:
        """Where only rows with a difference are shown, their books are not what the firm is owed."""
        found = totals(self.listed.rows)
        books = {"sales": found.sales, "finance": found.finance} if self.question.with_agreeing else {}
        return {**books, "difference": found.difference, "count": found.count}


class DocumentTable(tables.Table):  # type: ignore[misc]
    """A document, whose it is, and who answers for it."""

    date = DateColumn(verbose_name=_("Date"))
    document = tables.Column(
        verbose_name=_("Document"), accessor="number", empty_values=(), attrs={"td": {"class": "title nowrap"}}
    )
    kind = tables.Column(verbose_name=_("Kind"), visible=False)
    number = tables.Column(verbose_name=_("Number"), visible=False)
    customer = tables.Column(verbose_name=_("Customer"), order_by=("customer__code",))
    customer_code = tables.Column(verbose_name=_("Customer code"), accessor="customer__code", visible=False)
    customer_name = tables.Column(verbose_name=_("Customer name"), accessor="customer__name", visible=False)

    splits: ClassVar = {"document": ("kind", "number"), "customer": ("customer_code", "customer_name")}
    pieces: ClassVar[tuple[str, ...]] = ("kind", "number", "customer_code", "customer_name")

    @staticmethod
    def entry(record: Any) -> Entry:
        """The entry that a row is, or is about."""
        return record  # type: ignore[no-any-return]

    def render_document(self, record: Any) -> SafeString:
        entry = self.entry(record)
        return format_html('<a href="{}">{}</a>', reverse("ledger:entry", args=[entry.pk]), capfirst(str(entry)))

    def value_kind(self, record: Any) -> str:
        return capfirst(self.entry(record).named_kind)

    def render_customer(self, record: Any) -> SafeString:
        customer = self.entry(record).customer
        return format_html('<a href="{}">{}</a>', reverse("customers:detail", args=[customer.pk]), customer.name)


class EntriesTable(DocumentTable):
    days = NumberColumn(verbose_name=_("Days"), accessor="date", order_by=("-date",))
    salesperson = tables.Column(
        verbose_name=_("Salesperson of the sale"),
        attrs=ROOMY_ONLY,
        order_by=("salesperson__last_name", "salesperson__username"),
    )
    document_amount = MoneyColumn(verbose_name=_("Document amount"), visible=False)
    amount = MoneyColumn(verbose_name=_("Adds to balance"))
    currency = tables.Column(verbose_name=_("Currency"))
    since = tables.Column(
        verbose_name=_("Since then"), accessor="confirmed_on", empty_values=(), orderable=False, visible=False
    )

    class Meta:
        order_by = ("date",)
        empty_text = _("The books agree.")
        sequence = ("date", "days", "document", "...")

    def render_days(self, record: Any) -> int:
        return (record.as_of - record.date).days  # type: ignore[no-any-return]

    def value_days(self, record: Any) -> int:
        return self.render_days(record)

    def render_since(self, record: Entry) -> str:
        """What became of an entry that lay between the books on a past day."""
        if record.reversed_on is not None:
            return gettext("reversed")
        return gettext("confirmed") if record.confirmed_on is not None else ""

    def value_since(self, record: Entry) -> str:
        return self.render_since(record)


class RejectedTable(DocumentTable):
    recorded_at = DateColumn(verbose_name=_("Rejected on"))
    date = DateColumn(verbose_name=_("Date"), accessor="entry__date", attrs=ROOMY_DATE)
    document = tables.Column(
        verbose_name=_("Document"),
        accessor="entry__number",
        empty_values=(),
        attrs={"td": {"class": "title nowrap"}},
    )
    kind = tables.Column(verbose_name=_("Kind"), accessor="entry__kind", visible=False)
    number = tables.Column(verbose_name=_("Number"), accessor="entry__number", visible=False)
    customer = tables.Column(
        verbose_name=_("Customer"), accessor="entry__customer", order_by=("entry__customer__code",)
    )
    customer_code = tables.Column(verbose_name=_("Customer code"), accessor="entry__customer__code", visible=False)
    customer_name = tables.Column(verbose_name=_("Customer name"), accessor="entry__customer__name", visible=False)
    salesperson = tables.Column(verbose_name=_("Salesperson"), accessor="entry__salesperson", orderable=False)
    reason = tables.Column(verbose_name=_("Reason"), orderable=False, attrs={"td": {"class": "wrap"}})
    by = tables.Column(verbose_name=_("By"), orderable=False, attrs=ROOMY_ONLY)
    amount = MoneyColumn(verbose_name=_("Document amount"), accessor="entry__document_amount")
    currency = tables.Column(verbose_name=_("Currency"), accessor="entry__currency")
    is_again = tables.Column(verbose_name=_("Recorded again"), orderable=False)

    class Meta:
        order_by = ("-recorded_at",)
        empty_text = _("Nothing was rejected.")
        sequence = ("recorded_at", "document", "...")

    @staticmethod
    def entry(record: Rejection) -> Entry:
        return record.entry

    def render_document(self, record: Rejection) -> SafeString:
        url = reverse("books:rejected-entry", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, capfirst(str(record.entry)))

    def render_is_again(self, value: bool) -> str:
        return gettext("yes") if value else gettext("not yet")

    def value_is_again(self, value: bool) -> str:
        return self.render_is_again(value)
