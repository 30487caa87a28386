"""What a person says of a line."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ledger.forms.fields import MoneyField
from ledger.models import Entry
from reconciliation.matching.models import AsideKind, Rule


class ByHandForm(forms.Form):
    """How much of the line is this customer's, and which payment or which debts; more is asked for none."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    amount = MoneyField(label=_("Amount of the line"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class AsideForm(forms.Form):
    kind = forms.ChoiceField(label=_("What the line is"), choices=AsideKind.choices)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class UndoForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
    reverses = forms.BooleanField(label=_("Reverse the payment too"), required=False)


class ClaimForm(forms.Form):
    reason = forms.CharField(
        label=_("How you know"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say how you know that it is the customer's.")},
    )


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    fee_limit = MoneyField(label=_("Bank fees up to"), zero=True, help_text=_("0 where none goes through"))
    change_limit = MoneyField(label=_("Small change up to"), zero=True)

    class Meta:
        model = Rule
        fields = ("currency", "fee_limit", "change_limit", "claim_after_days")


def chosen_parts(post: QueryDict, entries: Iterable[Entry], amount: Decimal) -> list[tuple[int, Decimal]]:
    """The entries that are ticked, in the order of the page, each as far as the amount reaches."""
    ticked, left, found = set(post.getlist("entries")), amount, []
    for entry in entries:
        most = abs(entry.open_amount if entry.is_debt else entry.document_amount)
        if str(entry.pk) in ticked and (part := min(most, left)) > 0:
            found.append((entry.pk, part))
            left -= part
    return found


def keys_in(post: QueryDict, name: str) -> list[int]:
    """The keys that a post names; what no page of ours would send is none."""
    return [int(text) for text in post.getlist(name) if text.isdecimal() and len(text) < 19]


def dialog(form: type[forms.Form], **initial: Any) -> forms.Form:
    return form(initial=initial, auto_id=f"id_{form.__name__.lower()}_%s")
