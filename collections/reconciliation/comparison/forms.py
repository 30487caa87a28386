"""What the pages of comparisons ask for."""

from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.forms import speak_plainly
from ledger.forms.fields import DayField, MoneyField
from reconciliation.comparison.choices import ClassChoices, Direction
from reconciliation.comparison.lines import CHOICES
from reconciliation.comparison.previewing import Preview
from reconciliation.comparison.reading import FIELDS
from reconciliation.comparison.taking import Asked

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv", ".txt")


class ListFileForm(forms.Form):
    file = forms.FileField(
        label=_("Their list"),
        help_text=_("The export of their account with us: .xlsx, .xls or .csv, as it comes."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak_plainly(self)

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if Path(file.name or "").suffix.lower() not in SUFFIXES:
            raise forms.ValidationError(gettext("Choose an .xlsx, .xls or .csv file."))
        if file.size is not None and file.size > settings.IMPORT_MAX_BYTES:
            message = gettext("The file is larger than %(n)d MB. Export a shorter period.")
            raise forms.ValidationError(message % {"n": settings.IMPORT_MAX_BYTES // 1024 // 1024})
        return file


class ReadingForm(forms.Form):
    """What the columns mean, and what the list says besides its lines: guessed, corrected, confirmed."""

    direction = forms.ChoiceField(
        label=_("What they owe us stands in"),
        choices=Direction.choices,
        help_text=_("Of a single column of amounts: positive or negative."),
    )
    first_day = DayField(label=_("First day"))
    as_of = DayField(label=_("As of"), has_come=True)
    opening = MoneyField(
        label=_("Opening balance"), required=False, signed=True, zero=True, help_text=_("What they owed us before.")
    )
    closing = MoneyField(
        label=_("Closing balance"), required=False, signed=True, zero=True, help_text=_("What they owe us then.")
    )

    def __init__(self, data: Any = None, *, shown: Preview, today: date) -> None:
        given = shown.given
        initial = {
            "direction": shown.direction,
            "first_day": given.first_day,
            "as_of": min(given.as_of, today) if given.as_of else None,
            "opening": given.opening,
            "closing": given.closing,
        }
        super().__init__(data, initial=initial)
        self.columns = []
        choices = [("", _("not used")), *((field.key, field.label) for field in FIELDS)]
        for place, column in enumerate(shown.table.columns):
            field = forms.ChoiceField(label=column.heading, choices=choices, required=False)
            field.widget.attrs["aria-label"] = column.heading
            self.fields[f"column-{place}"] = field
            self.initial[f"column-{place}"] = shown.columns[place]
            self.columns.append((column, self[f"column-{place}"]))
        speak_plainly(self)

    @property
    def facts(self) -> list[forms.BoundField]:
        return [self[name] for name in ("direction", "first_day", "as_of", "opening", "closing")]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("as_of")
        if first and last and first > last:
            self.add_error("first_day", gettext("The first day lies after the last."))
        chosen = [key for key in self._columns(cleaned) if key]
        single = [key for key in chosen if key != "memo"]
        if len(set(single)) < len(single):
            raise forms.ValidationError(gettext("Two columns mean the same; only the memo may have several."))
        return cleaned

    def asked(self) -> Asked:
        said = self.cleaned_data
        return Asked(
            self._columns(said),
            said["direction"],
            said["first_day"],
            said["as_of"],
            said["opening"],
            said["closing"],
        )

    def _columns(self, cleaned: dict[str, Any]) -> list[str]:
        return [cleaned.get(f"column-{place}", "") for place in range(len(self.columns))]


def columns_asked(data: Any) -> list[str]:
    """The columns of a form that was sent, before it is judged."""
    places = sorted(int(name[7:]) for name in data if name.startswith("column-") and name[7:].isdecimal())
    return [data[f"column-{place}"] for place in places]


class ReasonForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak_plainly(self)


class ClassForm(ReasonForm):
    cls = forms.ChoiceField(label=_("Class"), choices=[(one.value, ClassChoices(one.value).label) for one in CHOICES])
    field_order = ("cls", "reason", "key")
