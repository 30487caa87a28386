"""Examples for the page of the design system: one of each part, with believable numbers and every sign."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.charts import Chart, RankingRow, Series, lines, ranking, sparkline, stacked_bars

COLOURS = (
    "page", "surface", "sunken", "line", "line-strong", "ink", "ink-soft", "ink-faint", "accent", "accent-soft",
    "good", "good-soft", "warn", "warn-soft", "bad", "bad-soft", *(f"age-{n}" for n in range(8)), "unapplied",
)  # fmt: skip
SPACES = ("s1", "s2", "s3", "s4", "s5", "s6")


class SampleForm(forms.Form):
    """One field of each kind; the amount is wrong."""

    customer = forms.CharField(label=gettext_lazy("Customer"), initial="杭州锦程纺织有限公司")
    amount = forms.CharField(label=gettext_lazy("Amount"), help_text=gettext_lazy("At most two places."))
    date = forms.DateField(label=gettext_lazy("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    method = forms.ChoiceField(
        label=gettext_lazy("Method"), choices=[("transfer", gettext_lazy("transfer")), ("cash", gettext_lazy("cash"))]
    )
    automatic = forms.BooleanField(label=gettext_lazy("Settle the oldest debts"), required=False, initial=True)
    memo = forms.CharField(label=gettext_lazy("Memo"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


def form(scheme: str) -> SampleForm:
    """Each field has an id of its own in each scheme."""
    typed = {"customer": "杭州锦程纺织有限公司", "amount": "5000.005", "date": "2026-03-31", "method": "transfer"}
    filled = SampleForm(typed, auto_id=f"{scheme}-%s")
    filled.add_error("amount", _("An amount has at most two places."))
    return filled


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    amounts: tuple[Decimal, ...]


def lines_of_a_table() -> tuple[Sequence[Line], Line]:
    rows = [
        Line("杭州锦程纺织有限公司", (Decimal("128500.00"), Decimal("4200.50"), Decimal("0.00"))),
        Line("Harrow & Finch Packaging Inc.", (Decimal("36000.00"), Decimal("0.00"), Decimal("-12000.00"))),
        Line("苏州恒达机电设备有限公司", (Decimal("0.00"), Decimal("7350.25"), Decimal("-80.00"))),
    ]
    sums = tuple(sum(column, Decimal(0)) for column in zip(*(row.amounts for row in rows), strict=True))
    return rows, Line("", sums)


def icons() -> Sequence[str]:
    """The names of all icons in the sprite."""
    pins: dict[str, dict[str, str]] = json.loads((settings.BASE_DIR / "config" / "vendor.json").read_text())
    return sorted(pins["icons"])


def charts() -> Sequence[Chart]:
    months = [f"2026-{month:02}" for month in range(1, 13)]

    def thousands(*numbers: int | None) -> tuple[Decimal | None, ...]:
        return tuple(None if number is None else Decimal(number * 1000) for number in numbers)

    ages = [
        Series(_("unbilled"), thousands(90, 80, 120, 60, 75, 90, 100, 140, 90, 70, 60, 80), "age-0"),
        Series(_("not due"), thousands(420, 460, 430, 510, 530, 480, 560, 600, 640, 610, 650, 690), "age-1"),
        Series("1-30", thousands(80, 120, 90, 110, 160, 140, 120, 90, 130, 170, 150, 120), "age-2"),
        Series("31-60", thousands(30, 45, 60, 40, 55, 80, 75, 60, 40, 55, 80, 70), "age-3"),
        Series("91-180", thousands(0, 0, 20, 35, 35, 30, 30, 45, 45, 30, 20, 25), "age-5"),
        Series(_("unapplied"), thousands(-60, -20, 0, -45, -80, -30, 0, -20, -70, -90, -40, -10), "quiet"),
    ]
    worst = [
        RankingRow("杭州锦程纺织有限公司", Decimal("128500.00"), "", "KH1001"),
        RankingRow("Harrow & Finch Packaging Inc.", Decimal("36000.00"), "", "KH1012"),
        RankingRow("苏州恒达机电设备有限公司", Decimal("-9800.00"), "", "KH1007"),
    ]
    days = [Decimal(n) if n else None for n in (48, 51, 50, 47, None, 52, 58, 61, 57, 55, 53, 54)]
    return (
        stacked_bars(title=_("Receivable by age"), unit="CNY", labels=months, series=ages),
        lines(
            title=_("Days of sales outstanding"),
            unit=_("days"),
            labels=months,
            series=[Series("DSO", days, "accent")],
        ),
        ranking(title=_("Largest debtors"), unit="CNY", rows=worst),
        stacked_bars(title=_("Nothing yet"), unit="CNY", labels=[], series=[]),
    )


def trend() -> Chart:
    values = [Decimal(n) for n in (48, 51, 50, 47, 49, 52, 58, 61, 57)]
    return sparkline(title=_("Owed"), values=values, labels=[f"2026-{n:02}" for n in range(1, 10)], unit="CNY")
