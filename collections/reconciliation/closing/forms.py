from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.forms import speak_plainly


class CloseForm(forms.Form):
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class OpenForm(forms.Form):
    note = forms.CharField(label=_("Why it is opened again"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak_plainly(self)
