"""What is asked for when a statement is made, sent, withdrawn, or answered on paper; and who we are."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.forms import speak_plainly
from ledger.forms.fields import DayField, MoneyField
from ledger.money import formatted
from reconciliation.statements.answering import NO_DAY_OF_PROMISE, earliest_reply, more_than_owed, why_too_early
from reconciliation.statements.making import Wish
from reconciliation.statements.models import Answer, Dispatch, FirmProfile, Statement
from reconciliation.statements.models.statements import LAYOUTS
from reconciliation.statements.periods import Usual, period

USUALLY = [("", _("as the last one of the customer"))]


class WishForm(forms.Form):
    period = forms.ChoiceField(
        label=_("Period"),
        choices=[
            (Usual.MONTH.value, _("last month")),
            (Usual.QUARTER.value, _("last quarter")),
            (Usual.YEAR.value, _("this year until today")),
            (Usual.OWN.value, _("other days")),
        ],
        initial=Usual.MONTH,
    )
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("Until"), required=False, has_come=True)
    layout = forms.ChoiceField(label=_("Layout"), choices=[*USUALLY, *LAYOUTS], required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[*USUALLY, ("zh-hans", "简体中文"), ("en", "English")], required=False
    )
    demand_by = DayField(
        label=_("Demand payment by"),
        required=False,
        help_text=_(
            "Where something is overdue, the statement then demands it by this day: an answer to it restarts the"
            " limitation period."
        ),
    )
    send = forms.BooleanField(
        label=_("Send at once"),
        required=False,
        help_text=_("To where the customer’s last statement went, else to the first contact with an e-mail address."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        # Who gives days means them, whatever the choice above them says.
        if cleaned.get("first") or cleaned.get("last"):
            cleaned["period"] = Usual.OWN
        if cleaned.get("period") == Usual.OWN:
            for name in ("first", "last"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, gettext("Give a date."))
        if cleaned.get("demand_by") and cleaned["demand_by"] <= timezone.localdate():
            self.add_error("demand_by", gettext("Payment is demanded by a day that is still to come."))
        return cleaned

    def wish(self) -> Wish:
        facts = self.cleaned_data
        first, last = facts["first"], facts["last"]
        if facts["period"] != Usual.OWN:
            first, last = period(Usual(facts["period"]), today=timezone.localdate())
        return Wish(first, last, facts["layout"], facts["language"], facts["demand_by"])


class SendForm(forms.Form):
    to = forms.EmailField(label=_("E-mail address"))

    def __init__(self, *args: Any, addresses: Sequence[str] = (), **kwargs: Any) -> None:
        """`addresses` of the customer's people are offered while typing."""
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.suggestions = addresses
        to.widget.attrs |= {"list": "numbers-to", "autocomplete": "off"}


class PassedOnForm(forms.Form):
    """That somebody gave the customer the statement by themselves."""

    way = forms.ChoiceField(label=_("How"), choices=Dispatch.Way.choices)
    day = DayField(label=_("Sent out on"), has_come=True)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, **{"initial": {"day": timezone.localdate(), "key": uuid4()}, "auto_id": "id_passed_%s", **kwargs}
        )


class WithdrawalForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class WordsForm(forms.Form):
    """What every answer says besides its verdict."""

    lacks_a_day = NO_DAY_OF_PROMISE

    name = forms.CharField(label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    position = forms.CharField(
        label=_("Position"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    note = forms.CharField(
        label=_("Remark"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    promised_on = DayField(label=_("Promises to pay by"), required=False)
    promised_amount = MoneyField(label=_("Amount"), required=False)

    def __init__(self, *args: Any, owes: Decimal, currency: str, **kwargs: Any) -> None:
        """`owes` is the balance of the statement: no more is promised, and nothing where nothing is owed."""
        super().__init__(*args, **kwargs)
        speak_plainly(self)
        self.owes = owes
        if owes <= 0:
            del self.fields["promised_on"], self.fields["promised_amount"]
            return
        day, amount = self.fields["promised_on"], self.fields["promised_amount"]
        # What `_field.html` says in the place of "optional".
        day.needed = _("needed with an amount")  # type: ignore[attr-defined]
        amount.label = f"{amount.label} ({currency})"
        most = {"most": formatted(owes), "currency": currency}
        amount.help_text = gettext("Up to %(most)s %(currency)s; left empty, the whole balance is meant.") % most

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        amount = cleaned.get("promised_amount")
        if amount and not cleaned.get("promised_on") and "promised_on" not in self.errors:
            self.add_error("promised_on", str(self.lacks_a_day))
        if amount and amount > self.owes:
            self.add_error("promised_amount", more_than_owed(self.owes))
        return cleaned


class PaperForm(WordsForm):
    """A stamped reply that came back; its scans come as `files`."""

    verdict = forms.ChoiceField(label=_("What the customer says"), choices=Answer.Verdict.choices)
    paper_on = DayField(
        label=_("Day on the paper"),
        has_come=True,
        help_text=_("As it is written beside the seal: the evidence is of this day."),
    )

    field_order = ("verdict", "paper_on", "name", "position", "note", "promised_on", "promised_amount")

    def __init__(self, *args: Any, statement: Statement, **kwargs: Any) -> None:
        super().__init__(*args, owes=statement.closing, currency=statement.currency, **kwargs)
        self.statement, today = statement, timezone.localdate()
        self.initial["paper_on"] = today
        self.fields["paper_on"].widget.attrs |= {"min": str(earliest_reply(statement)), "max": str(today)}

    def clean_paper_on(self) -> date:
        day: date = self.cleaned_data["paper_on"]
        if too_early := why_too_early(self.statement, day):
            raise forms.ValidationError(too_early)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.files.getlist("files"):
            self.add_error(None, gettext("Add the scan or a photo of the stamped reply."))
        return cleaned


class FirmForm(forms.ModelForm[FirmProfile]):
    remove_logo = forms.BooleanField(label=_("without a logo"), required=False)

    class Meta:
        model = FirmProfile
        fields = ("name", "name_en", "address", "address_en", "phone", "email", "tax_id", "bank_lines", "logo")
        widgets = {
            "bank_lines": forms.Textarea(attrs={"rows": 4}),
            "logo": forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        }
