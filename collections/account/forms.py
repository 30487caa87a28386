"""What is asked of a customer's ledger and time line."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ledger.models import Kind


class LedgerForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    until = forms.DateField(
        label=_("Jump to"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any = None, *, years: list[int]) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [("", _("all")), *Kind.choices]  # type: ignore[attr-defined]
        self.fields["year"].choices = [("", _("all")), *((year, year) for year in years)]  # type: ignore[attr-defined]
