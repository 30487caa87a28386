"""Who a customer is, and whom to call there."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as NotAUscc

from config.forms import speak_plainly
from customers.models import Contact, Customer, User
from customers.queries import possible_owners


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]
    parent_code = forms.CharField(
        label=_("Parent customer"), max_length=40, required=False, help_text=_("Its code, where there is one.")
    )

    class Meta:
        model = Customer
        fields = (
            "code",
            "name",
            "owner",
            "region",
            "terms_kind",
            "terms_days",
            "credit_limit",
            "currency",
            "tax_id",
            "key_account",
        )
        labels = {
            "code": _("Customer code"),
            "name": _("Customer name"),
            "owner": _("Salesperson"),
            "region": _("Region"),
            "terms_kind": _("Terms"),
            "terms_days": _("Terms days"),
            "credit_limit": _("Credit limit"),
            "currency": _("Currency"),
            "tax_id": _("Unified social credit code"),
            "key_account": _("Key account"),
        }
        help_texts = {"currency": _("An ISO code such as CNY; it stays once there are entries.")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak_plainly(self)
        self.user = user
        owner: Any = self.fields["owner"]
        owner.queryset = possible_owners(user) | User.objects.filter(pk=self.instance.owner_id)
        # Finance may leave a customer to itself; a manager's customer is always somebody's.
        owner.required = not user.keeps_books
        self.fields["credit_limit"].widget = forms.TextInput({"inputmode": "decimal", "class": "money-input"})
        if self.instance.parent is not None:
            self.initial["parent_code"] = self.instance.parent.code
        for field in self.fields.values():
            # What was seen comes back with what is wanted: only what this person changed is stored.
            field.show_hidden_initial = not self.instance._state.adding

    @property
    def changed_fields(self) -> list[str]:
        """The fields of the customer that differ from what the form showed."""
        return ["parent" if name == "parent_code" else name for name in self.changed_data]

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip()

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).strip().upper()

    def clean_tax_id(self) -> str:
        code = str(self.cleaned_data["tax_id"]).strip().upper()
        # Other lengths are the numbers of foreign customers and of old registrations.
        if len(code) == 18:
            try:
                uscc.validate(code)
            except NotAUscc:
                raise ValidationError(gettext("The check digit of this code is wrong; please compare it.")) from None
        return code

    def clean_parent_code(self) -> Customer | None:
        code = str(self.cleaned_data["parent_code"]).strip()
        if not code:
            return None
        # The parent that is there may stay, also where it is another team's.
        known = Customer.objects.visible_to(self.user) | Customer.objects.filter(pk=self.instance.parent_id)
        parent = known.filter(code=code).first()
        if parent is None:
            raise ValidationError(gettext("There is no customer %(code)s.") % {"code": code})
        return parent

    def _post_clean(self) -> None:
        if "parent_code" in self.cleaned_data:
            self.instance.parent = self.cleaned_data["parent_code"]
        super()._post_clean()  # type: ignore[misc]

    def add_error(self, field: str | None, error: Any) -> None:
        """The model's refusals of a parent are shown at the field that names it."""
        if isinstance(error, ValidationError) and hasattr(error, "error_dict") and "parent" in error.error_dict:
            error.error_dict["parent_code"] = error.error_dict.pop("parent")
        super().add_error(field, error)


ContactRows = forms.inlineformset_factory(
    Customer, Contact, fields=("name", "phone", "email"), extra=2, can_delete=True, can_delete_extra=False, max_num=20
)
