"""The controls of the books, and what a rejection asks for."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from aging.forms import NONE, DayField
from config.forms import speak_plainly
from customers.models import Role, User
from customers.queries import salespeople
from reconciliation.books.question import By, Question, What

LARGEST_KEY = 2**63 - 1


class QuestionForm(forms.Form):
    """Every choice has a default: an address that names none of them is a question, too."""

    q = forms.CharField(
        label=_("Customer"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    as_of = DayField(label=_("As of"), required=False)
    known_on = DayField(label=_("Known on"), required=False)
    salesperson = forms.ChoiceField(label=_("Salesperson"), required=False)
    key_account = forms.ChoiceField(
        label=_("Key account"), choices=[("", _("all")), ("yes", _("yes")), ("no", _("no"))], required=False
    )
    currency = forms.CharField(required=False, widget=forms.HiddenInput, max_length=3)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        usual = self.usual()
        merged = data.copy()
        for name, value in usual.items():
            if not data.get(name):
                merged[name] = str(value)
        super().__init__(merged, initial=usual)
        people = [(str(person.pk), str(person)) for person in salespeople(user)]
        chosen: Any = self.fields["salesperson"]
        chosen.choices = [("", _("all")), *people, (NONE, _("nobody"))]
        if user.role == Role.SALESPERSON:
            del self.fields["salesperson"]
        speak_plainly(self)

    def usual(self) -> dict[str, Any]:
        return {"as_of": timezone.localdate()}

    @cached_property
    def question(self) -> Question:
        """What is asked; only of a valid form."""
        said = self.cleaned_data
        salesperson = said.get("salesperson", "")
        return Question(
            as_of=said["as_of"],
            known_on=said["known_on"],
            words=said["q"],
            salesperson=0 if salesperson == NONE else int(salesperson) if salesperson else None,
            key_account={"yes": True, "no": False}.get(said["key_account"]),
            currency=said["currency"],
            **self.more(),
        )

    def more(self) -> dict[str, Any]:
        return {}


class SumsForm(QuestionForm):
    by = forms.ChoiceField(
        label=_("Rows"),
        choices=[(By.CUSTOMER, _("customers")), (By.SALESPERSON, _("salespeople"))],
        required=False,
    )
    agreeing = forms.BooleanField(label=_("Also where the books agree"), required=False)
    field_order = ("q", "as_of", "by", "salesperson", "key_account", "known_on", "agreeing")

    def usual(self) -> dict[str, Any]:
        return {**super().usual(), "by": By.CUSTOMER}

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data, user=user)
        if user.role == Role.SALESPERSON:
            self.fields["by"].choices = [(By.CUSTOMER, _("customers"))]  # type: ignore[attr-defined]

    def more(self) -> dict[str, Any]:
        return {"by": By(self.cleaned_data["by"]), "with_agreeing": self.cleaned_data["agreeing"]}


class EntriesForm(QuestionForm):
    what = forms.ChoiceField(
        label=_("What"), choices=[("", _("all")), (What.GOODS, _("goods")), (What.MONEY, _("money"))], required=False
    )
    youngest = forms.IntegerField(label=_("Days from"), required=False, min_value=0, max_value=99_999)
    oldest = forms.IntegerField(label=_("Days to"), required=False, min_value=0, max_value=99_999)
    customer = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=LARGEST_KEY)
    field_order = ("q", "as_of", "what", "salesperson", "youngest", "oldest", "key_account", "known_on")

    def more(self) -> dict[str, Any]:
        said = self.cleaned_data
        what = What(said["what"]) if said["what"] else None
        return {"what": what, **{name: said[name] for name in ("customer", "youngest", "oldest")}}


class RejectForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("The salesperson reads it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak_plainly(self)
