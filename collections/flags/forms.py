from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from flags.models import SWEPT_KINDS, FlagKind, Severity
from flags.rules import RULES, Limit
from flags.thresholds import InForce, days_in_force, limits_in_force
from ledger.forms.fields import DayField, MoneyField


class NoteForm(forms.Form):
    note = forms.CharField(label=_("What is being done"), max_length=500)


class SnoozeForm(forms.Form):
    until = DayField(label=_("Snooze until"))
    note = forms.CharField(label=_("Why"), max_length=500, required=False)


class FollowUpForm(forms.Form):
    note = forms.CharField(label=_("What was said"), max_length=500)
    until = DayField(label=_("Ask again on"))


class WhichFlags(forms.Form):
    """Those of a block on the desk, as they were when it was drawn."""

    newest = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    kind = forms.ChoiceField(choices=FlagKind.choices, required=False)


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
        limits = limits_in_force()
        self._levels = sorted(limits)
        for level, limit in limits.items():
            self.fields[f"limit_days_{level}"] = forms.IntegerField(
                label=_("days"), min_value=1, max_value=3650, initial=limit.days
            )
            self.fields[f"limit_amount_{level}"] = MoneyField(label=_("amount"), initial=limit.amount)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for lower, higher in pairwise(self._levels):
            for name in ("limit_days", "limit_amount"):
                least, most = cleaned.get(f"{name}_{lower}"), cleaned.get(f"{name}_{higher}")
                if least is not None and most is not None and least >= most:
                    self.add_error(f"{name}_{higher}", gettext("A higher severity begins above the one below it."))
        return cleaned

    def thresholds(self) -> dict[str, InForce]:
        facts = self.cleaned_data
        return {kind: InForce(facts[f"days_{kind}"], facts[f"active_{kind}"]) for kind in SWEPT_KINDS}

    def severity_limits(self) -> dict[int, Limit]:
        facts = self.cleaned_data
        return {level: Limit(facts[f"limit_days_{level}"], facts[f"limit_amount_{level}"]) for level in self._levels}

    def kinds(self) -> list[tuple[Any, Any, Any]]:
        return [(k.label, self[f"days_{k}"], self[f"active_{k}"]) for k in SWEPT_KINDS]

    def limits(self) -> list[tuple[Any, Any, Any]]:
        return [(Severity(n).label, self[f"limit_days_{n}"], self[f"limit_amount_{n}"]) for n in self._levels]
