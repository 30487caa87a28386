"""The lists of comparisons and of compared lines."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from config.dates import shown_day
from config.words import listed
from ledger.columns import ROOMY_DATE, ROOMY_ONLY, DateColumn, MoneyColumn, NumberColumn
from ledger.templatetags.ledger_format import money
from reconciliation.comparison.lines import Class
from reconciliation.comparison.models import ComparedItem, CustomerList, ItemPart
from reconciliation.comparison.wording import class_in_words, is_a_guess, reason_in_words

# So many documents of an item stand in a row of the list; its own page has all.
MOST_PARTS = 3
TONES = {
    Class.AGREED: "good",
    Class.UNKNOWN: "bad",
    Class.DUPLICATE: "warn",
    Class.AMOUNT: "warn",
    Class.PRICE: "warn",
}
TITLE = {"td": {"class": "title"}}


def _if_any(side: str, kind: str = "") -> dict[str, Any]:
    """On a phone the side that has nothing is left out."""

    def class_of(record: ComparedItem | None = None) -> str:
        has_any = record is None or any(ours_of(record) if side == "ours" else theirs_of(record))
        return kind if has_any else f"{kind} wide-only".strip()

    return {"th": {"class": kind}, "td": {"class": class_of}}


class ListTable(tables.Table):  # type: ignore[misc]
    """A comparison in a row: whose, as of when, how far apart, how much without a name."""

    splits: ClassVar[dict[str, Sequence[str]]] = {"customer": ("customer_code", "customer_name")}
    pieces: ClassVar[tuple[str, ...]] = ("customer_code", "customer_name")

    as_of = DateColumn(verbose_name=_("As of"), order_by=("as_of", "pk"))
    customer = tables.Column(verbose_name=_("Customer"), order_by=("customer__code",), attrs=TITLE)
    customer_code = tables.Column(verbose_name=_("Customer code"), accessor="customer__code", visible=False)
    customer_name = tables.Column(verbose_name=_("Customer name"), accessor="customer__name", visible=False)
    theirs = MoneyColumn(verbose_name=_("Their balance"), accessor="result__theirs_closing")
    ours = MoneyColumn(verbose_name=_("Our balance"), accessor="result__ours_closing")
    difference = MoneyColumn(verbose_name=_("Difference"), accessor="result__difference")
    unexplained = MoneyColumn(verbose_name=_("Unexplained"), accessor="result__unexplained")
    open_count = NumberColumn(verbose_name=_("Lines that differ"), accessor="result__open_count")
    currency = tables.Column(verbose_name=_("Currency"), accessor="customer__currency", attrs=ROOMY_ONLY)
    state = tables.Column(verbose_name=_("State"), accessor="result__accepted_at", empty_values=())
    taken_at = DateColumn(verbose_name=_("Taken"), accessor="taken_at", attrs=ROOMY_DATE)
    taken_by = tables.Column(verbose_name=_("By"), attrs=ROOMY_ONLY, order_by=("taken_by__username",))

    class Meta:
        order_by = ("-as_of",)
        empty_text = _("No customer's list has been compared yet.")

    def render_customer(self, record: CustomerList) -> str:
        url = reverse("comparison:detail", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, record.customer.name)

    def render_state(self, record: CustomerList) -> str:
        tone = "good" if record.result.accepted_at else "info"
        return format_html('<span class="badge {}">{}</span>', tone, self.value_state(record))

    def value_state(self, record: CustomerList) -> str:
        return gettext("accepted") if record.result.accepted_at else gettext("to agree")


class ItemTable(tables.Table):  # type: ignore[misc]
    """Ours and theirs side by side; the row leads to the page of the item."""

    splits: ClassVar[dict[str, Sequence[str]]] = {
        "cls": ("cls", "reason"),
        "ours": ("ours", "ours_date"),
        "theirs": ("theirs", "theirs_date"),
    }
    pieces: ClassVar[tuple[str, ...]] = ("reason", "ours_date", "theirs_date")

    cls = tables.Column(verbose_name=_("Class"), order_by=("place",), attrs={"td": {"class": "title compared"}})
    reason = tables.Column(verbose_name=_("Reason"), empty_values=(), order_by=("reason", "place"), visible=False)
    ours = tables.Column(verbose_name=_("Ours"), empty_values=(), orderable=False, attrs=_if_any("ours"))
    ours_date = DateColumn(verbose_name=_("Our date"), empty_values=(), orderable=False, visible=False)
    ours_amount = MoneyColumn(verbose_name=_("Our amount"), attrs=_if_any("ours", "money-cell"))
    theirs = tables.Column(verbose_name=_("Theirs"), empty_values=(), orderable=False, attrs=_if_any("theirs"))
    theirs_date = DateColumn(verbose_name=_("Their date"), empty_values=(), orderable=False, visible=False)
    theirs_amount = MoneyColumn(verbose_name=_("Their amount"), attrs=_if_any("theirs", "money-cell"))
    difference = MoneyColumn(verbose_name=_("Difference"))
    date = DateColumn(verbose_name=_("Date"), visible=False, order_by=("date", "place"))

    class Meta:
        order_by = ("cls",)
        empty_text = _("No line is like this.")
        row_attrs = {"id": lambda record: f"row-{record.pk}"}

    def render_cls(self, record: ComparedItem) -> str:
        tone, said = TONES.get(Class(record.cls), "info"), self.value_cls(record)
        badge = format_html('<a href="{}"><span class="badge {}">{}</span></a>', item_url(record), tone, said)
        guess = format_html(' <span class="badge">{}</span>', gettext("a guess")) if is_a_guess(record.reason) else ""
        return format_html('{}{}<span class="sub">{}</span>', badge, guess, capfirst(self.value_reason(record)))

    def value_cls(self, record: ComparedItem) -> str:
        return class_in_words(record.cls)

    def render_ours(self, record: ComparedItem) -> str:
        return _parts(ours_of(record), our_part)

    def value_ours(self, record: ComparedItem) -> str:
        return listed(part.entry.described for part in ours_of(record) if part.entry)

    def value_ours_date(self, record: ComparedItem) -> Any:
        return max((part.entry.date for part in ours_of(record) if part.entry), default=None)

    def render_theirs(self, record: ComparedItem) -> str:
        return _parts(theirs_of(record), their_part)

    def value_theirs(self, record: ComparedItem) -> str:
        return listed(their_name(part) for part in theirs_of(record))

    def value_theirs_date(self, record: ComparedItem) -> Any:
        return max((part.line.date for part in theirs_of(record) if part.line), default=None)

    def render_ours_amount(self, record: ComparedItem) -> str:
        return money(record.ours_amount) if ours_of(record) else ""

    def render_theirs_amount(self, record: ComparedItem) -> str:
        return money(record.theirs_amount) if theirs_of(record) else ""

    def value_reason(self, record: ComparedItem) -> str:
        return reason_in_words(record.reason, record.facts)


def ours_of(record: ComparedItem) -> list[ItemPart]:
    return [part for part in record.parts.all() if part.entry_id]


def theirs_of(record: ComparedItem) -> list[ItemPart]:
    return [part for part in record.parts.all() if part.line_id]


def item_url(record: ComparedItem) -> str:
    """Named by its first line, which outlives the next comparison."""
    mine, yours = record.identity.split("/")
    side, keys = ("ours", mine) if mine else ("theirs", yours)
    return reverse("comparison:line", args=[record.customer_list_id, side, int(keys.split(",")[0])])


def our_part(part: ItemPart) -> str:
    assert part.entry is not None
    url = reverse("ledger:entry", args=[part.entry.pk])
    name = capfirst(str(part.entry))
    return format_html('<a href="{}">{}</a><span class="sub">{}</span>', url, name, shown_day(part.entry.date))


def their_part(part: ItemPart) -> str:
    assert part.line is not None
    below = " · ".join(filter(None, (shown_day(part.line.date), part.line.memo)))
    return format_html('{}<span class="sub">{}</span>', their_name(part), below)


def their_name(part: ItemPart) -> str:
    assert part.line is not None
    return part.line.our_number or part.line.number or gettext("row %(n)d") % {"n": part.line.row}


def _parts(parts: Sequence[ItemPart], shown: Any) -> str:
    if not parts:
        return format_html('<span class="muted">{}</span>', "–")
    lines: Iterable[tuple[str]] = ((shown(part),) for part in parts[:MOST_PARTS])
    made = format_html_join("", '<span class="part">{}</span>', lines)
    if (left := len(parts) - MOST_PARTS) > 0:
        said = ngettext("and %(n)d more", "and %(n)d more", left) % {"n": left}
        made = format_html('{}<span class="sub">{}</span>', made, said)
    return made


def signed(amount: Decimal) -> str:
    """With a plus where it adds: a step of the bridge."""
    return format_html('<span class="nowrap">{}{}</span>', "+" if amount > 0 else "", money(amount))
