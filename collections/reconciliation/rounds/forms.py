from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.forms import speak_plainly
from customers.models import Customer, User
from customers.queries import people_for
from ledger.forms.fields import DayField
from ledger.models import Entry
from reconciliation.comparison.choices import ClassChoices
from reconciliation.rounds.models import EVERY, KINDS, Policy
from reconciliation.rounds.rhythm import Every


class PolicyForm(forms.ModelForm[Policy]):
    class Meta:
        model = Policy
        fields = (
            *("is_running", "sends", "opens_on", "remind_after", "answer_within"),
            *("own_within", "resolve_within"),
        )


class RhythmForm(forms.Form):
    every = forms.ChoiceField(
        label=_("How often"),
        required=False,
        choices=[("", _("as usual: key accounts every month, others every quarter"))]
        + [(every.value, label) for every, label in EVERY.items()],
    )

    def clean_every(self) -> Every | None:
        said = self.cleaned_data["every"]
        return Every(said) if said else None


class DropForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=200)


class PlainForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak_plainly(self)


class AssignForm(PlainForm):
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none())
    due_on = DayField(label=_("Due on"), required=False)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.queryset = people_for(customer)


class CommentForm(PlainForm):
    text = forms.CharField(label=_("Comment"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), strip=True)


class KindForm(PlainForm):
    kind = forms.ChoiceField(label=_("Kind of difference"), choices=KINDS)

    def clean_kind(self) -> ClassChoices:
        return ClassChoices(self.cleaned_data["kind"])


class PostedForm(PlainForm):
    entry = forms.ModelChoiceField(
        label=_("Document that mends it"), queryset=Entry.objects.none(), empty_label=_("choose")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, entries: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["entry"]
        field.queryset = entries
        field.label_from_instance = lambda entry: entry.described


class ExplainedForm(PlainForm):
    explanation = forms.CharField(label=_("Why nothing has to be posted"), max_length=300)


class ReopenForm(PlainForm):
    reason = forms.CharField(label=_("Why"), max_length=200)
