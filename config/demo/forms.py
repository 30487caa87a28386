"""Leaving the demo firm, and who administrates the real one."""

from typing import Any

from django import forms
from django.contrib.auth.forms import BaseUserCreationForm
from django.utils.translation import gettext_lazy as _

from config.demo import staff
from config.forms import speak_plainly
from customers.models import User


class LeavingForm(forms.Form):
    confirmed = forms.BooleanField(label=_("Remove the demo firm with everything that was recorded in it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak_plainly(self)


class SuccessorForm(BaseUserCreationForm[User]):
    """The first person of the real firm. A name of the demo's people is free: they are gone by then."""

    confirmed = LeavingForm.base_fields["confirmed"]

    class Meta:
        model = User
        fields = ("username", "last_name", "first_name", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak_plainly(self)
        self.fields["username"].help_text = ""
        self.fields["username"].widget.attrs["autocomplete"] = "username"
        self.fields["password1"].help_text = _("At least eight characters, and not a common word.")
        self.fields["password2"].help_text = ""
        self.order_fields(["username", "last_name", "first_name", "email", "password1", "password2", "confirmed"])

    def validate_unique(self) -> None:
        if self.cleaned_data.get("username") not in staff.USERNAMES:
            super().validate_unique()
