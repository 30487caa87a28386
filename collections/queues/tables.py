"""The lists of what waits."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar
from uuid import uuid4

import django_tables2 as tables
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from config.dates import shown_month
from config.words import clauses, said_of
from ledger.columns import ROOMY_DATE, DateColumn, MoneyColumn, NumberColumn
from ledger.models import Entry
from ledger.money import formatted
from ledger.suggestion_wording import reasons_in_words
from ledger.templatetags.ledger_format import money
from queues.queries.allocating import Suggested, suggestions_for_rows

# A row that a colleague changes meanwhile is known again, and marked.
ROW = {"id": lambda record: f"row-{record.pk}", "data-live-row": ""}
WIDE_ONLY = {"td": {"class": "wide-only"}, "th": {"class": "wide-only"}}


# What the page shows in one cell has columns of its own in a file, for looking up.
WHOSE = ("customer_code", "customer_name")


class QueueTable(tables.Table):  # type: ignore[misc]
    """An entry that waits: what it is, whose, since when."""

    splits: ClassVar[dict[str, Sequence[str]]] = {"document": ("kind", "number"), "customer": WHOSE}
    pieces: ClassVar[tuple[str, ...]] = ("kind", "number", *WHOSE)

    date = DateColumn(verbose_name=_("Date"), order_by=("date", "id"))
    waiting = NumberColumn(
        verbose_name=_("Days"), accessor="date", order_by=("-date", "-id"), attrs={"td": {"class": "number-cell"}}
    )
    document = tables.Column(
        verbose_name=_("Document"),
        accessor="number",
        attrs={"td": {"class": "title nowrap"}},
        empty_values=(),
    )
    kind = tables.Column(verbose_name=_("Kind"), visible=False)
    number = tables.Column(verbose_name=_("Number"), visible=False)
    customer = tables.Column(verbose_name=_("Customer"), order_by=("customer__code",))
    customer_code = tables.Column(verbose_name=_("Customer code"), accessor="customer__code", visible=False)
    customer_name = tables.Column(verbose_name=_("Customer name"), accessor="customer__name", visible=False)
    salesperson = tables.Column(
        verbose_name=_("Salesperson"), order_by=("salesperson__last_name", "salesperson__username")
    )
    currency = tables.Column(verbose_name=_("Currency"), attrs=WIDE_ONLY)

    class Meta:
        row_attrs = ROW

    def render_waiting(self, record: Entry) -> str:
        return str(self.value_waiting(record))

    def value_waiting(self, record: Entry) -> int:
        return (timezone.localdate() - record.date).days

    def render_document(self, record: Entry) -> str:
        url = reverse("ledger:entry", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, capfirst(str(record)))

    def value_kind(self, record: Entry) -> str:
        return capfirst(record.named_kind)

    def render_customer(self, record: Any) -> str:
        if not getattr(record, "customer_is_visible", True):
            return str(record.customer.name)
        url = reverse("customers:detail", args=[record.customer_id])
        return format_html('<a href="{}">{}</a>', url, record.customer.name)


class ConfirmTable(QueueTable):
    splits: ClassVar[dict[str, Sequence[str]]] = {
        **QueueTable.splits,
        "bank_reference": ("bank_reference", "method", "memo"),
        "face": ("face", "currency"),
    }
    pieces: ClassVar[tuple[str, ...]] = (*QueueTable.pieces, "currency")
    bank_reference = tables.Column(
        verbose_name=_("Bank reference"), accessor="payment__bank_reference", empty_values=(), default=""
    )
    method = tables.Column(verbose_name=_("Method"), accessor="payment__method", visible=False)
    memo = tables.Column(verbose_name=_("Memo"), visible=False, default="")
    face = MoneyColumn(verbose_name=_("Amount"))
    currency = tables.Column(verbose_name=_("Currency"), visible=False)

    class Meta(QueueTable.Meta):
        sequence = (
            *("date", "waiting", "document", "kind", "number", "customer", "customer_code", "customer_name"),
            *("bank_reference", "method", "memo", "salesperson", "face", "currency"),
        )
        order_by = ("date",)
        empty_text = _("Everything is confirmed.")

    def render_bank_reference(self, record: Entry) -> str:
        reference, method = self.value_bank_reference(record), self.value_method(record)
        below = " · ".join(filter(None, (method if reference else "", record.memo)))
        return format_html('{}<span class="sub">{}</span>', reference or method, below) if below else method

    def render_face(self, record: Any) -> str:
        return _with_currency(record.face, record.currency)

    def value_face(self, record: Any) -> Any:
        return record.face

    def value_bank_reference(self, record: Entry) -> str:
        return record.payment.bank_reference if hasattr(record, "payment") else ""

    def value_method(self, record: Entry) -> str:
        return str(record.payment.get_method_display()) if hasattr(record, "payment") else ""


class SendTable(QueueTable):
    splits: ClassVar[dict[str, Sequence[str]]] = {**QueueTable.splits, "face": ("face", "currency")}
    pieces: ClassVar[tuple[str, ...]] = (*QueueTable.pieces, "currency")
    face = MoneyColumn(verbose_name=_("Document amount"))
    currency = tables.Column(verbose_name=_("Currency"), visible=False)
    due_date = DateColumn(verbose_name=_("Due date"), attrs=ROOMY_DATE)
    sent_on = DateColumn(verbose_name=_("Sent on"), accessor="invoice__sent_on")

    class Meta(QueueTable.Meta):
        sequence = (
            *("date", "waiting", "document", "kind", "number", "customer", "customer_code", "customer_name"),
            *("salesperson", "due_date", "sent_on", "face", "currency"),
        )
        order_by = ("date",)
        empty_text = _("Nothing waits to be sent.")

    def render_face(self, record: Any) -> str:
        return _with_currency(record.face, record.currency)

    def value_face(self, record: Any) -> Any:
        return record.face


class AllocateTable(QueueTable):
    splits: ClassVar[dict[str, Sequence[str]]] = {
        "document": ("kind", "number", "memo"),
        "customer": WHOSE,
        "open_amount": ("open_amount", "currency"),
    }
    pieces: ClassVar[tuple[str, ...]] = (*QueueTable.pieces, "currency")
    document = tables.Column(
        verbose_name=_("Document"),
        accessor="number",
        attrs={"td": {"class": "title"}},
        empty_values=(),
    )
    currency = tables.Column(verbose_name=_("Currency"), visible=False)
    open_amount = MoneyColumn(verbose_name=_("Open amount"))
    memo = tables.Column(verbose_name=_("Memo"), empty_values=(), visible=False)
    suggestion = tables.Column(
        verbose_name=_("Suggestion"), empty_values=(), orderable=False, attrs={"td": {"class": "suggestion"}}
    )
    score = NumberColumn(verbose_name=_("Score"), empty_values=(), orderable=False, visible=False)

    class Meta(QueueTable.Meta):
        sequence = (
            *("date", "waiting", "document", "kind", "number", "customer", "customer_code", "customer_name"),
            *("memo", "open_amount", "currency", "suggestion", "score", "salesperson"),
        )
        exclude = ("salesperson",)
        order_by = ("open_amount",)
        empty_text = _("Every credit is allocated.")

    @cached_property
    def suggested(self) -> Suggested:
        """Of the page that is shown; of all rows where they are exported."""
        return suggestions_for_rows(self.page.object_list.data if getattr(self, "page", None) else self.data.data)

    def render_open_amount(self, record: Entry) -> str:
        return _with_currency(-record.open_amount, record.currency)

    def value_open_amount(self, record: Entry) -> Any:
        return -record.open_amount

    def render_document(self, record: Entry) -> str:
        memo = self.value_memo(record)
        return format_html('{}<span class="sub">{}</span>', super().render_document(record), memo)

    def value_memo(self, record: Entry) -> str:
        reference = record.payment.bank_reference if hasattr(record, "payment") else ""
        return " ".join(filter(None, (record.memo, reference)))

    def render_suggestion(self, record: Entry) -> str:
        best = self.suggested.best(record.pk)
        context = {
            "credit": record,
            "best": best,
            "key": uuid4(),
            "parts": [(self.suggested.debts[key], amount) for key, amount in best.parts] if best else [],
            "reasons": clauses(reasons_in_words(best, self.suggested.debts)) if best else "",
            "said": " ".join(f"{key}:{amount}" for key, amount in best.parts) if best else "",
            "may_post": self.request.user.may_post,
            "here": self.request.get_full_path(),
            # Not the request itself: what every page needs need not be asked for in every row.
            "csrf_token": get_token(self.request),
        }
        return render_to_string("queues/_suggestion.html", context)

    def value_suggestion(self, record: Entry) -> str:
        best = self.suggested.best(record.pk)
        if best is None:
            return ""
        debts = self.suggested.debts
        parts = clauses(f"{debts[key].number or debts[key]} {formatted(amount)}" for key, amount in best.parts)
        return said_of(clauses(reasons_in_words(best, debts)), parts)

    def value_score(self, record: Entry) -> int | None:
        best = self.suggested.best(record.pk)
        return best.score if best else None


class IssueTable(tables.Table):  # type: ignore[misc]
    """Goods to bill by customer and month; a row is plain values."""

    splits: ClassVar = {"customer": ("customer_code", "customer"), "total": ("total", "currency")}
    pieces: ClassVar = ("customer_code", "currency")

    month = tables.Column(
        verbose_name=_("Month"), order_by=("month", "customer__code"), attrs={"td": {"class": "nowrap"}}
    )
    customer = tables.Column(
        verbose_name=_("Customer"),
        accessor="customer__name",
        order_by=("customer__code",),
        attrs={"td": {"class": "title"}},
    )
    customer_code = tables.Column(verbose_name=_("Customer code"), accessor="customer__code", visible=False)
    count = NumberColumn(verbose_name=_("Shipments"))
    first = DateColumn(verbose_name=_("First"), attrs=ROOMY_DATE)
    last = DateColumn(verbose_name=_("Last"), attrs=ROOMY_DATE)
    total = MoneyColumn(verbose_name=_("To bill"))
    currency = tables.Column(verbose_name=_("Currency"), visible=False)
    number = tables.Column(
        verbose_name=_("Invoice number"), empty_values=(), orderable=False, accessor="month", exclude_from_export=True
    )

    class Meta:
        order_by = ("month",)
        empty_text = _("All goods are invoiced.")
        row_attrs = {"id": lambda record: f"row-{_row_of(record)}", "data-live-row": ""}

    def render_month(self, value: Any) -> str:
        return shown_month(value)

    def value_month(self, value: Any) -> str:
        return f"{value:%Y-%m}"

    def render_customer(self, record: Any) -> str:
        url = reverse("customers:detail", args=[record["customer_id"]])
        return format_html('<a href="{}">{}</a>', url, record["customer__name"])

    def value_customer(self, record: Any) -> str:
        return str(record["customer__name"])

    def render_total(self, record: Any) -> str:
        return _with_currency(record["total"], record["currency"])

    def value_total(self, record: Any) -> Any:
        return record["total"]

    def render_number(self, record: Any) -> str:
        if not self.request.user.may_post:
            return ""
        month = f"{record['month']:%Y-%m}"
        context = {
            "row": _row_of(record),
            "amount": f"{record['total']:.2f}",
            "name": record["customer__name"],
            "month": month,
            "url": reverse("queues:issue-month", args=[record["customer_id"], month]),
            "goods": self.request.GET.get("goods", ""),
            "here": self.request.get_full_path(),
        }
        return render_to_string("queues/_issue_number.html", context)


def _with_currency(amount: Decimal, currency: str) -> str:
    return format_html('{}&nbsp;<span class="currency">{}</span>', money(amount), currency)


def _row_of(record: Any) -> str:
    return f"{record['customer_id']}-{record['month']:%Y-%m}"
