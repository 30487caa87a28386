"""What a form says where a field has no sentence of its own."""

from django import forms
from django.utils.translation import gettext_lazy as _

_PLAIN = (
    (forms.Field, "required", _("Fill this in.")),
    (forms.ChoiceField, "invalid_choice", _("Choose one from the list.")),
    (forms.ModelChoiceField, "invalid_choice", _("Choose one from the list.")),
)


def speak_plainly(form: forms.BaseForm) -> None:
    """Puts plain sentences in the place of Django's own."""
    for field in form.fields.values():
        for owner, code, sentence in _PLAIN:
            if field.error_messages.get(code) is owner.default_error_messages[code]:
                field.error_messages[code] = sentence
