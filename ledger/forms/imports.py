from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ledger.forms.base import LONGEST_REASON


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Workbook"),
        help_text=_(".xlsx, or a .zip of .csv files named after the sheets"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.zip"}),
    )
    create_salespeople = forms.BooleanField(
        label=_("Create salespeople that are unknown"), required=False, help_text=_("They cannot sign in yet.")
    )

    late_reason = forms.CharField(
        label=_("Why rows are dated into a closed month"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("Only where rows are; finance may, with a reason, and it is shown with the month."),
    )

    def __init__(self, *args: Any, asks_why_late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_why_late:
            del self.fields["late_reason"]

    def clean_file(self) -> UploadedFile:  # type: ignore[type-arg]
        file: UploadedFile = self.cleaned_data["file"]  # type: ignore[type-arg]
        if Path(file.name or "").suffix.lower() not in (".xlsx", ".xlsm", ".zip"):
            raise forms.ValidationError(gettext("Choose a .xlsx file, or a .zip of .csv files."))
        if file.size is not None and file.size > settings.IMPORT_MAX_BYTES:
            message = gettext("The file is larger than %(n)d MB. Split it: each part is imported by itself.")
            raise forms.ValidationError(message % {"n": settings.IMPORT_MAX_BYTES // 1024 // 1024})
        return file
