"""The lists of matching."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar
from uuid import uuid4

import django_tables2 as tables
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.lists.moments import MomentColumn
from config.words import clauses, said_of
from customers.models import User
from ledger.columns import ROOMY_ONLY, DateColumn, MoneyColumn, NumberColumn
from ledger.money import formatted
from ledger.templatetags.ledger_format import money
from reconciliation.bank.models import BankLine
from reconciliation.matching.models import Match, Payer, SetAside
from reconciliation.matching.privacy import account_for
from reconciliation.matching.queries.desk import Suggested, suggested_for
from reconciliation.matching.wording import reasons_in_words, verdict

ROW = {"id": lambda record: f"row-{record.pk}"}


def with_currency(amount: Any, currency: str) -> SafeString:
    return format_html('{}&nbsp;<span class="currency">{}</span>', money(amount), currency)


def of_bank(line: BankLine, reader: User) -> SafeString:
    """What the bank says of a line, in one cell: who, and below it what for."""
    url = reverse("matching:line", args=[line.pk])
    below = " · ".join(filter(None, (line.memo, account_for(reader, line.payer_account))))
    who = line.payer_name or line.memo or gettext("no name")
    return format_html('<a href="{}">{}</a><span class="sub">{}</span>', url, who, below if line.payer_name else "")


class LineTable(tables.Table):  # type: ignore[misc]
    """The bank's facts on the left, what they may be on the right."""

    splits: ClassVar[dict[str, Sequence[str]]] = {
        "payer": ("payer_name", "payer_account", "memo", "reference"),
        "open_amount": ("open_amount", "currency"),
        "suggestion": ("verdict", "score", "customer", "suggestion"),
    }
    pieces: ClassVar[tuple[str, ...]] = (
        *("payer_name", "payer_account", "memo", "reference", "currency"),
        *("verdict", "score", "customer"),
    )

    date = DateColumn(verbose_name=_("Date"), order_by=("date", "pk"))
    payer = tables.Column(
        verbose_name=_("What the bank says"), accessor="payer_name", attrs={"td": {"class": "title"}}, empty_values=()
    )
    payer_name = tables.Column(verbose_name=_("Payer"), visible=False)
    payer_account = tables.Column(verbose_name=_("Payer's account"), visible=False)
    memo = tables.Column(verbose_name=_("Memo"), visible=False)
    reference = tables.Column(verbose_name=_("Bank's reference"), visible=False)
    account = tables.Column(verbose_name=_("Bank account"), visible=False)
    open_amount = MoneyColumn(verbose_name=_("Amount"))
    currency = tables.Column(verbose_name=_("Currency"), visible=False)
    suggestion = tables.Column(
        verbose_name=_("What it may be"),
        empty_values=(),
        accessor="score",
        order_by=("is_sure", "score"),
        attrs={"td": {"class": "suggestion"}},
    )
    verdict = tables.Column(verbose_name=_("Suggestion"), empty_values=(), orderable=False, visible=False)
    customer = tables.Column(verbose_name=_("Customer"), empty_values=(), orderable=False, visible=False)
    score = NumberColumn(verbose_name=_("Score"), visible=False)

    class Meta:
        sequence = (
            *("date", "payer", "payer_name", "payer_account", "memo", "reference", "account"),
            *("open_amount", "currency", "suggestion", "verdict", "customer", "score"),
        )
        row_attrs = ROW
        attrs: ClassVar = {"class": "lines-to-match"}
        empty_text = _("Every line of the bank is matched.")

    @cached_property
    def suggested(self) -> Suggested:
        """Of the page that is shown; of all rows where they are exported."""
        return suggested_for(self.page.object_list.data if getattr(self, "page", None) else self.data.data)

    def render_payer(self, record: BankLine) -> str:
        return of_bank(record, self.request.user)

    def render_payer_account(self, value: str) -> str:
        return account_for(self.request.user, value)

    def value_payer_account(self, value: str) -> str:
        return account_for(self.request.user, value)

    def render_open_amount(self, record: BankLine) -> str:
        return with_currency(record.open_amount, record.currency)

    def value_open_amount(self, record: BankLine) -> Any:
        return record.open_amount

    def render_suggestion(self, record: BankLine) -> str:
        best = self.suggested.best(record.pk)
        context = {
            "line": record,
            "best": best,
            "key": uuid4(),
            "may_accept": self.request.user.keeps_books,
            "here": self.request.get_full_path(),
            "csrf_token": get_token(self.request),
            **(shown(best, self.suggested) if best else {}),
        }
        return render_to_string("reconciliation/matching/_suggestion.html", context)

    def value_suggestion(self, record: BankLine) -> str:
        if (best := self.suggested.best(record.pk)) is None:
            return ""
        entries = self.suggested.entries
        parts = clauses(f"{entries[key]} {formatted(amount)}" for key, amount in best.parts)
        return said_of(clauses(reasons_in_words(best, entries)), parts)

    def value_verdict(self, record: BankLine) -> str:
        best = self.suggested.best(record.pk)
        return verdict(best)[0] if best else ""

    def render_verdict(self, record: BankLine) -> str:
        return self.value_verdict(record)

    def value_customer(self, record: BankLine) -> str:
        best = self.suggested.best(record.pk)
        return str(self.suggested.customers[best.customer]) if best else ""

    def render_customer(self, record: BankLine) -> str:
        return self.value_customer(record)


def shown(one: Any, suggested: Suggested) -> dict[str, Any]:
    """What a template needs to draw a suggestion."""
    word, tone = verdict(one)
    return {
        "one": one,
        "customer": suggested.customers[one.customer],
        "parts": [(suggested.entries[key], amount) for key, amount in one.parts],
        "reasons": clauses(reasons_in_words(one, suggested.entries)),
        "word": word,
        "tone": tone,
        "said": said(one),
    }


def said(one: Any) -> str:
    """A suggestion as its button says it: accepted only as it was seen."""
    parts = " ".join(f"{key}:{amount}" for key, amount in one.parts)
    return f"{one.customer} {int(one.is_money)} {one.short} {parts}"


class MatchTable(tables.Table):  # type: ignore[misc]
    splits: ClassVar[dict[str, Sequence[str]]] = {"amount": ("amount", "currency")}
    pieces: ClassVar[tuple[str, ...]] = ("currency",)

    date = DateColumn(verbose_name=_("Date"), accessor="line__date")
    payer = tables.Column(
        verbose_name=_("What the bank says"), accessor="line__payer_name", attrs={"td": {"class": "title"}}
    )
    amount = MoneyColumn(verbose_name=_("Amount"))
    currency = tables.Column(verbose_name=_("Currency"), accessor="line__currency", visible=False)
    entry = tables.Column(verbose_name=_("Document"), orderable=False)
    customer = tables.Column(verbose_name=_("Customer"), accessor="entry__customer", order_by="entry__customer__code")
    is_posted = tables.Column(verbose_name=_("Payment"), attrs=ROOMY_ONLY)
    by = tables.Column(verbose_name=_("By"), order_by="by__username", attrs=ROOMY_ONLY)
    recorded_at = MomentColumn(
        verbose_name=_("Matched at"), attrs={"td": {"class": "nowrap roomy-only"}, "th": {"class": "roomy-only"}}
    )
    undo = tables.Column(
        verbose_name=_("Undo"), empty_values=(), orderable=False, accessor="pk", exclude_from_export=True
    )

    class Meta:
        row_attrs = ROW
        empty_text = _("No line is matched yet.")

    def render_payer(self, record: Match) -> str:
        return of_bank(record.line, self.request.user)

    def render_amount(self, record: Match) -> str:
        return with_currency(record.amount, record.line.currency)

    def value_amount(self, record: Match) -> Any:
        return record.amount

    def render_entry(self, record: Match) -> str:
        url = reverse("ledger:entry", args=[record.entry_id])
        return format_html('<a href="{}">{}</a>', url, capfirst(str(record.entry)))

    def value_entry(self, record: Match) -> str:
        return str(record.entry)

    def render_is_posted(self, value: bool) -> str:
        return gettext("posted from the line") if value else gettext("recorded before")

    def value_is_posted(self, value: bool) -> str:
        return self.render_is_posted(value)

    def render_undo(self, record: Match) -> str:
        if not self.request.user.keeps_books:
            return ""
        url = reverse("matching:undo", args=[record.pk])
        return format_html('<a class="btn small quiet" href="{}">{}</a>', url, gettext("Undo…"))


class AsideTable(tables.Table):  # type: ignore[misc]
    splits: ClassVar[dict[str, Sequence[str]]] = {"amount": ("amount", "currency")}
    pieces: ClassVar[tuple[str, ...]] = ("currency",)

    date = DateColumn(verbose_name=_("Date"), accessor="line__date")
    payer = tables.Column(
        verbose_name=_("What the bank says"),
        accessor="line__payer_name",
        attrs={"td": {"class": "title"}},
        empty_values=(),
    )
    amount = MoneyColumn(verbose_name=_("Amount"))
    currency = tables.Column(verbose_name=_("Currency"), accessor="line__currency", visible=False)
    kind = tables.Column(verbose_name=_("What the line is"))
    reason = tables.Column(verbose_name=_("Reason"), attrs=ROOMY_ONLY)
    by = tables.Column(verbose_name=_("By"), order_by="by__username", attrs=ROOMY_ONLY)
    undo = tables.Column(
        verbose_name=_("Undo"), empty_values=(), orderable=False, accessor="pk", exclude_from_export=True
    )

    class Meta:
        row_attrs = ROW
        empty_text = _("No line was set aside.")

    def render_payer(self, record: SetAside) -> str:
        return of_bank(record.line, self.request.user)

    def value_payer(self, record: SetAside) -> str:
        return record.line.payer_name

    def render_amount(self, record: SetAside) -> str:
        return with_currency(record.amount, record.line.currency)

    def value_amount(self, record: SetAside) -> Any:
        return record.amount

    def render_undo(self, record: SetAside) -> str:
        if not self.request.user.keeps_books:
            return ""
        context = {"aside": record, "here": self.request.get_full_path(), "csrf_token": get_token(self.request)}
        return render_to_string("reconciliation/matching/_take_up.html", context)


class PayerTable(tables.Table):  # type: ignore[misc]
    customer = tables.Column(verbose_name=_("Customer"), order_by="customer__code", attrs={"td": {"class": "title"}})
    name = tables.Column(verbose_name=_("Payer"))
    account = tables.Column(verbose_name=_("Account number"))
    recorded_at = MomentColumn(verbose_name=_("Learned at"))
    taught_by = tables.Column(verbose_name=_("From"), orderable=False, accessor="taught_by__entry")
    withdraw = tables.Column(
        verbose_name=_("Withdraw"), empty_values=(), orderable=False, accessor="pk", exclude_from_export=True
    )

    class Meta:
        row_attrs = ROW
        empty_text = _("No payer was learned yet; each match teaches one.")

    def render_customer(self, record: Payer) -> str:
        url = reverse("customers:detail", args=[record.customer_id])
        return format_html('<a href="{}">{}</a>', url, record.customer.name)

    def value_customer(self, record: Payer) -> str:
        return str(record.customer)

    def render_taught_by(self, record: Payer) -> str:
        url = reverse("matching:line", args=[record.taught_by.line_id])
        return format_html('<a href="{}">{}</a>', url, capfirst(record.taught_by.entry.described))

    def value_taught_by(self, record: Payer) -> str:
        return record.taught_by.entry.described

    def render_withdraw(self, record: Payer) -> str:
        if not self.request.user.keeps_books:
            return ""
        context = {"payer": record, "here": self.request.get_full_path(), "csrf_token": get_token(self.request)}
        return render_to_string("reconciliation/matching/_withdraw_payer.html", context)
