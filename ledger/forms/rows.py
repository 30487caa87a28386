"""Rows inside a document's form: the lines of a shipment, the instalments of an invoice."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.forms import speak_plainly
from ledger.documents import Instalment, LineInput
from ledger.forms.fields import DueDateField, ExactField, MoneyField
from ledger.money import ZERO

MOST_ROWS = 200


class LineForm(forms.Form):
    product = forms.CharField(label=_("Product"), max_length=200)
    quantity = ExactField(label=_("Quantity"), places=4)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False, widget=forms.TextInput({"size": 4}))
    unit_price = ExactField(label=_("Unit price"), places=6, zero=True)

    @property
    def line(self) -> LineInput:
        return LineInput(**self.cleaned_data)

    @property
    def amount_so_far(self) -> Decimal | None:
        """The amount of the line as typed so far, where it can be told."""
        try:
            quantity = self.fields["quantity"].clean(self["quantity"].value())
            unit_price = self.fields["unit_price"].clean(self["unit_price"].value())
            return LineInput("", quantity, "", unit_price).amount
        except (forms.ValidationError, InvalidOperation):
            return None


class InstalmentForm(forms.Form):
    due_date = DueDateField(label=_("Due date"))
    amount = MoneyField(label=_("Amount"))

    @property
    def instalment(self) -> Instalment:
        return Instalment(**self.cleaned_data)

    @property
    def amount_so_far(self) -> Decimal | None:
        try:
            amount: Decimal = self.fields["amount"].clean(self["amount"].value())
        except forms.ValidationError:
            return None
        return amount


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]
    """Rows, of which those left empty count as not there. `_add` asks for one more and goes to it."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        speak_plainly(form)
        if index is None:
            return
        for field in form.fields.values():
            field.widget.attrs["aria-label"] = gettext("%(label)s, row %(n)d") % {
                "label": field.label,
                "n": index + 1,
            }
        if self.is_bound and self.data.get("_add") == self.prefix and index == self.total_form_count() - 1:
            next(iter(form.fields.values())).widget.attrs["autofocus"] = True

    @property
    def filled(self) -> list[Any]:
        return [form for form in self.forms if form.has_changed()]

    @property
    def total_so_far(self) -> Decimal:
        return sum((form.amount_so_far or ZERO for form in self.forms), ZERO)

    def leave_unjudged(self) -> None:
        self._errors = [ErrorDict() for _form in self.forms]
        self._non_form_errors = ErrorList()
        for form in self.forms:
            form._errors = ErrorDict()


LineRows = forms.formset_factory(LineForm, formset=Rows, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
InstalmentRows = forms.formset_factory(
    InstalmentForm, formset=Rows, extra=2, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)
