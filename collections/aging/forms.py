"""The controls of the aging page; what they say is a question."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aging import question
from aging.buckets import Basis
from aging.queries.names import customers_in_sight
from aging.question import ACROSS, Grouping, Meaning, Question, Unbilled
from aging.wording import BASES, GROUPINGS, MEANINGS, UNBILLED
from customers.models import Customer, Role, User
from customers.queries import regions, salespeople

# In an address, entries without any: no region, no salesperson.
NONE = "-"


class DayField(forms.CharField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def to_python(self, value: Any) -> Any:
        if not value:
            return None
        try:
            return question.day(str(value), today=timezone.localdate())
        except ValueError as error:
            raise ValidationError(str(error)) from None


class QuestionForm(forms.Form):
    """Every choice has a default: an address that names none of them is a question, too."""

    as_of = DayField(label=_("As of"), required=False)
    known_on = DayField(label=_("Known on"), required=False)
    compare = DayField(label=_("Compare with"), required=False)
    by = forms.ChoiceField(label=_("Rows"), choices=list(GROUPINGS.items()), required=False)
    across = forms.ChoiceField(
        label=_("Columns"),
        choices=[("", _("age")), *((by, GROUPINGS[by]) for by in ACROSS)],
        required=False,
    )
    basis = forms.ChoiceField(label=_("Age counts"), choices=list(BASES.items()), required=False)
    unbilled = forms.ChoiceField(label=_("Not invoiced"), choices=list(UNBILLED.items()), required=False)
    meaning = forms.ChoiceField(label=_("Salesperson means"), choices=list(MEANINGS.items()), required=False)
    salesperson = forms.ModelChoiceField(
        label=_("Salesperson"), queryset=User.objects.none(), required=False, empty_label=_("all")
    )
    region = forms.ChoiceField(label=_("Region"), required=False)
    key_account = forms.ChoiceField(
        label=_("Key account"), choices=[("", _("all")), ("yes", _("yes")), ("no", _("no"))], required=False
    )
    customer = forms.CharField(
        label=_("Customer code"), required=False, widget=forms.TextInput(attrs={"type": "search", "size": 10})
    )
    currency = forms.CharField(required=False, widget=forms.HiddenInput, max_length=3)
    overdue_only = forms.BooleanField(label=_("Overdue only"), required=False)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        self.user = user
        by = Grouping.SALESPERSON if data.get("by") == Grouping.SALESPERSON else Grouping.CUSTOMER
        question = Question(as_of=timezone.localdate(), by=by)
        usual = {
            "as_of": question.as_of,
            "by": Grouping.CUSTOMER,
            "basis": question.basis,
            "unbilled": question.unbilled,
            "meaning": Meaning.SALE if question.is_about_sales else Meaning.OWNER,
        }
        merged = data.copy()
        for name, value in usual.items():
            if not data.get(name):
                merged[name] = str(value)
        super().__init__(merged, initial=usual)
        self.fields["known_on"].widget.attrs["title"] = gettext("Only what was recorded by the end of that day.")
        self.fields["region"].choices = [  # type: ignore[attr-defined]
            ("", _("all")),
            *((name, name) for name in regions(user)),
            (NONE, _("without a region")),
        ]
        if user.role == Role.SALESPERSON:
            # The own customers and the own sales are two reports, chosen above the table.
            self.fields["meaning"].widget = forms.HiddenInput()
            self.fields["meaning"].label = ""
            del self.fields["salesperson"]
            self.fields["by"].choices = [  # type: ignore[attr-defined]
                (by, label) for by, label in GROUPINGS.items() if by != Grouping.SALESPERSON
            ]
            self.fields["across"].choices = [  # type: ignore[attr-defined]
                (by, label)
                for by, label in self.fields["across"].choices  # type: ignore[attr-defined]
                if by != Grouping.SALESPERSON
            ]
        else:
            self.fields["salesperson"].queryset = salespeople(user)  # type: ignore[attr-defined]

    def clean_customer(self) -> Customer | None:
        code = self.cleaned_data["customer"].strip()
        if not code:
            return None
        customer = customers_in_sight(self.user).filter(code=code).first()
        if customer is None:
            raise ValidationError(gettext("There is no customer “%(code)s”.") % {"code": code})
        return customer

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("compare") and said.get("across"):
            self.add_error("compare", gettext("Compare two days, or choose other columns; not both at once."))
        if said.get("across") and said["across"] == said.get("by"):
            self.add_error("across", gettext("Rows and columns would be the same; choose another one."))
        return said

    @cached_property
    def question(self) -> Question:
        """What is asked; only of a valid form."""
        said = self.cleaned_data
        salesperson, customer = said.get("salesperson"), said["customer"]
        return Question(
            as_of=said["as_of"],
            known_on=said["known_on"],
            basis=Basis(said["basis"]),
            by=Grouping(said["by"]),
            meaning=Meaning(said["meaning"]),
            unbilled=Unbilled(said["unbilled"]),
            customer=customer.pk if customer else None,
            salesperson=salesperson.pk if salesperson else None,
            region={"": None, NONE: ""}.get(said["region"], said["region"]),
            key_account={"yes": True, "no": False}.get(said["key_account"]),
            currency=said["currency"] or None,
            overdue_only=said["overdue_only"],
            compare=said["compare"],
            across=Grouping(said["across"]) if said["across"] else None,
        )
