"""The controls of the pages of trends; every choice has a default."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from customers.models import Role, User
from customers.queries import regions, salespeople

# In an address, customers without a region.
NONE = "-"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose trends: those of customers that a salesperson has now, of a region, of key accounts."""

    salesperson: int | None = None
    region: str | None = None
    key_account: bool | None = None

    def as_filters(self) -> dict[str, Any]:
        return {"salesperson": self.salesperson, "region": self.region, "key_account": self.key_account}


class CashForm(forms.Form):
    salesperson = forms.ModelChoiceField(
        label=_("Salesperson"), queryset=User.objects.none(), required=False, empty_label=_("all")
    )
    region = forms.ChoiceField(label=_("Region"), required=False)
    key_account = forms.ChoiceField(
        label=_("Key account"), choices=[("", _("all")), ("yes", _("yes")), ("no", _("no"))], required=False
    )
    currency = forms.CharField(required=False, widget=forms.HiddenInput, max_length=3)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        merged = data.copy()
        for name, value in self.usual().items():
            if not data.get(name):
                merged[name] = value
        super().__init__(merged, initial=self.usual())
        self.fields["region"].choices = [  # type: ignore[attr-defined]
            ("", _("all")),
            *((name, name) for name in regions(user)),
            (NONE, _("without a region")),
        ]
        if user.role == Role.SALESPERSON:
            del self.fields["salesperson"]
        else:
            self.fields["salesperson"].queryset = salespeople(user)  # type: ignore[attr-defined]

    @staticmethod
    def usual() -> dict[str, str]:
        return {}

    @cached_property
    def asked(self) -> Asked:
        """Only of a valid form."""
        said = self.cleaned_data
        salesperson = said.get("salesperson")
        return Asked(
            salesperson.pk if salesperson else None,
            {"": None, NONE: ""}.get(said["region"], said["region"]),
            {"yes": True, "no": False}.get(said["key_account"]),
        )


class TrendsForm(CashForm):
    months = forms.ChoiceField(
        label=_("Months"), choices=[("12", _("12 months")), ("24", _("24 months"))], required=False
    )

    field_order = ("months",)

    @staticmethod
    def usual() -> dict[str, str]:
        return {"months": "12"}
