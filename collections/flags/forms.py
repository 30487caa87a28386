from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from flags.models import FlagKind, Severity
from flags.rules import RULES
from flags.thresholds import days_in_force, limits_in_force
from ledger.forms.fields import DayField, MoneyField


class NoteForm(forms.Form):
    note = forms.CharField(label=_("What is being done"), max_length=500)


class SnoozeForm(forms.Form):
    until = DayField(label=_("Until"))
    note = forms.CharField(label=_("Why"), max_length=500, required=False)


class ThresholdsForm(forms.Form):
    """All thresholds on one page; a kind that is not ticked raises no flags."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, threshold in days_in_force().items():
            self.fields[f"days_{kind}"] = forms.IntegerField(
                label=_("days"), min_value=RULES[kind].least_days, max_value=3650, initial=threshold.days
            )
            self.fields[f"active_{kind}"] = forms.BooleanField(
                label=_("active"), required=False, initial=threshold.active
            )
        for level, limit in limits_in_force().items():
            self.fields[f"limit_days_{level}"] = forms.IntegerField(
                label=_("days"), min_value=1, max_value=3650, initial=limit.days
            )
            self.fields[f"limit_amount_{level}"] = MoneyField(label=_("amount"), initial=limit.amount)

    def kinds(self) -> list[tuple[Any, Any, Any]]:
        return [(FlagKind(k).label, self[f"days_{k}"], self[f"active_{k}"]) for k in FlagKind.values]

    def limits(self) -> list[tuple[Any, Any, Any]]:
        levels = sorted(limits_in_force())
        return [(Severity(n).label, self[f"limit_days_{n}"], self[f"limit_amount_{n}"]) for n in levels]
