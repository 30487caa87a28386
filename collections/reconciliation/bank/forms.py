"""What is asked for: a bank account, a file, the meaning of its columns."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reconciliation.bank.accounts import plain_number
from reconciliation.bank.formats.fields import FIELDS
from reconciliation.bank.models import BankAccount
from reconciliation.bank.queries import active_accounts


class AccountForm(forms.ModelForm[BankAccount]):
    class Meta:
        model = BankAccount
        fields = ("name", "bank", "number", "holder", "currency", "is_printed", "is_active")

    def clean_number(self) -> str:
        number = plain_number(self.cleaned_data["number"])
        if len(number) < 4:
            raise ValidationError(gettext("Give the whole number of the account."))
        return number

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"]
        if self.instance.pk and currency != self.initial.get("currency") and self.instance.statements.exists():
            raise ValidationError(gettext("An account with statements keeps its currency."))
        return currency


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Bank statement"),
        help_text=_("CAMT.053, MT940, OFX, CSV, .xlsx or .xls, as the bank gives it"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,.sta,.mt940,.940,.ofx,.qfx,.csv,.txt,.xlsx,.xls"}),
    )
    account = forms.ModelChoiceField(
        label=_("Bank account"),
        queryset=BankAccount.objects.none(),
        required=False,
        empty_label=_("as the file says"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["account"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = active_accounts()

    def clean_file(self) -> UploadedFile:  # type: ignore[type-arg]
        file: UploadedFile = self.cleaned_data["file"]  # type: ignore[type-arg]
        if file.size is not None and file.size > settings.IMPORT_MAX_BYTES:
            limit = settings.IMPORT_MAX_BYTES // 1024 // 1024
            message = gettext("The file is larger than %(n)d MB. Export a shorter period.")
            raise ValidationError(message % {"n": limit})
        return file


class ReadingForm(forms.Form):
    """How a file is read: into which account, and what each of its columns is."""

    account = forms.ModelChoiceField(
        label=_("Bank account"),
        queryset=BankAccount.objects.none(),
        required=False,
        empty_label=_("as the file says"),
    )

    def __init__(self, columns: list[dict[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = self.fields["account"]
        assert isinstance(account, forms.ModelChoiceField)
        account.queryset = active_accounts()
        self.columns = columns
        choices = [("", _("not used")), *((field.key, capfirst(str(field.label))) for field in FIELDS)]
        for place, column in enumerate(columns):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=column["heading"], choices=choices, required=False, initial=column["field"]
            )

    @property
    def rows(self) -> list[tuple[dict[str, Any], forms.BoundField]]:
        return [(column, self[f"column-{place}"]) for place, column in enumerate(self.columns)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = self.chosen(cleaned)
        for field in FIELDS:
            if not field.many and chosen.count(field.key) > 1:
                message = gettext("“%(field)s” is chosen for two columns; only one can be it.")
                raise ValidationError(message % {"field": field.label})
        return cleaned

    def chosen(self, cleaned: dict[str, Any] | None = None) -> list[str]:
        found = cleaned if cleaned is not None else self.cleaned_data
        return [found.get(f"column-{place}", "") for place in range(len(self.columns))]
