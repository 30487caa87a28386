"""Files to keep, and one to withdraw."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ledger.models import Attachment

# More at once are rather a mistake with the folder.
MOST_AT_ONCE = 30


class FilesForm(forms.Form):
    """The files themselves come as `files`, from the camera and from the folder alike."""

    kind = forms.ChoiceField(label=_("What it is"), choices=Attachment.Kind.choices)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = self.files.getlist("files") if self.files else []
        if not chosen:
            raise forms.ValidationError(_("Choose a file or take a photo."))
        if len(chosen) > MOST_AT_ONCE:
            raise forms.ValidationError(_("No more than %(n)d files at once."), params={"n": MOST_AT_ONCE})
        cleaned["files"] = chosen
        return cleaned


class WithdrawalForm(forms.Form):
    """Sent twice it says the same, so it needs no key."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
