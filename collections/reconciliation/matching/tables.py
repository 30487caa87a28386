"""The lists of matching."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar
from uuid import uuid4

import django_tables2 as tables
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.words import clauses, said_of
from customers.models import User
from ledger.columns import DateColumn, MoneyColumn, NumberColumn
from ledger.money import formatted
from ledger.templatetags.ledger_format import money
from reconciliation.bank.models import BankLine
from reconciliation.matching.privacy import account_for
from reconciliation.matching.queries.desk import Suggested, suggested_for
from reconciliation.matching.queries.taken_back import Returned, taken_back
from reconciliation.matching.wording import reasons_in_words, rest_in_words, verdict

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

    @cached_property
    def returned(self) -> Returned:
        return taken_back(self.page.object_list.data if getattr(self, "page", None) else None)

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
            "pair": self.returned.pairs.get(record.pk),
            "doubt": self.returned.doubts.get(record.pk),
            "here": self.request.get_full_path(),
            "csrf_token": get_token(self.request),
            **(shown(best, self.suggested, abs(record.open_amount)) if best else {}),
        }
        return render_to_string("reconciliation/matching/_suggestion.html", context)

    def value_suggestion(self, record: BankLine) -> str:
        if (pair := self.returned.pairs.get(record.pk)) is not None:
            return gettext("taken back by the bank") if pair.line == record else gettext("takes a line back")
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


def shown(one: Any, suggested: Suggested, left: Decimal) -> dict[str, Any]:
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
        "rest": rest_in_words(one, left),
    }


def said(one: Any) -> str:
    """A suggestion as its button says it: accepted only as it was seen."""
    parts = " ".join(f"{key}:{amount}" for key, amount in one.parts)
    return f"{one.customer} {int(one.is_money)} {one.short} {parts}"
