"""What every form that posts has: the key of the act, the customer, and refusals said at the field."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date as Date
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.dates import shown_day
from config.forms import speak_plainly
from customers.models import Customer, User
from ledger.errors import ClosedMonth, KeyReused, LedgerError
from ledger.forms.doubts import answer_to
from ledger.forms.fields import DayField, DueDateField, MoneyField
from ledger.models import Entry
from ledger.posting import Sent, first_result, post

# The part of the form named by `hx-select` is drawn anew by the server, with what was typed and unjudged.
REDRAW_DUE_DATE = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-select": "#id_due_date_helptext",
    "hx-target": "#id_due_date_helptext",
    "hx-swap": "outerHTML",
    "hx-vals": '{"_redraw": "date"}',
}
# The reason of finance for a day in a closed month: asked for where it is needed.
LATE, LONGEST_REASON = "late_reason", 200
# What comes with every form and says nothing of the act.
NOT_SAID = ("key", "csrfmiddlewaretoken", "sure")


class PostingForm(forms.Form):
    """A form whose act is posted at most once, however often it is sent: the key is made when it is opened."""

    act: ClassVar[Callable[..., Any]]

    key = forms.UUIDField(widget=forms.HiddenInput)
    data: QueryDict
    # The doubts that stand between what was sent and the ledger; `sure` answers them.
    asked: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if LATE in self.data:
            self._ask_why_late()
        speak_plainly(self)

    def arguments(self) -> Mapping[str, Any]:
        """What the act takes besides the customer, from the cleaned data."""
        raise NotImplementedError

    def submit(self, *, by: User, customer: Customer) -> Any:
        """Posts the act; None, with what is wrong said at its field, where the form or the ledger refuses.

        A form that was sent before is not judged anew, for what it named may be settled by now: it gets the first
        result. Changed since, it has to be sent once more, as another act.
        """
        act = type(self).act
        sent = self._sent(by, customer)
        try:
            first = first_result(act, sent) if sent else None
            if first is None and self.is_valid() and self._is_sure() and sent:
                first = post(act, by, sent, customer, **self.arguments())
            elif first is None and sent:  # the same click may have been posted while this one was judged
                first = first_result(act, sent)
        except KeyReused:
            self.is_valid()
            self._begin_anew()
            return None
        except LedgerError as refusal:
            self.refuse(refusal)
            if isinstance(refusal, ClosedMonth) and by.keeps_books:
                self._ask_why_late()
            return None
        return first

    def doubts(self) -> list[str]:
        """What is to be asked before the valid form is posted."""
        return []

    @property
    def answer(self) -> str:
        """What `sure` has to say to be a yes to what was asked."""
        return answer_to(self.asked)

    def _is_sure(self) -> bool:
        doubts = self.doubts()
        self.asked = [] if self.data.get("sure") == answer_to(doubts) else doubts
        return not self.asked

    def _sent(self, by: User, customer: Customer) -> Sent | None:
        try:
            key = uuid.UUID(self.data.get("key", ""))
        except ValueError:
            return None
        said = sorted((name, self.data.getlist(name)) for name in self.data if name not in NOT_SAID)
        return Sent.form(
            key,
            type(self).act.__name__,
            by.pk,
            customer.pk,
            said,
            late_reason=self.data.get(LATE, "")[:LONGEST_REASON],
        )

    def _ask_why_late(self) -> None:
        """Finance alone is asked, and only where the day is closed: anybody else's reason would not count."""
        self.fields[LATE] = forms.CharField(
            label=_("Why it is dated into a closed month"),
            max_length=LONGEST_REASON,
            required=False,
            help_text=_("Finance may, with a reason; it is shown with the month."),
        )

    def _begin_anew(self) -> None:
        """With another key, after the form was sent, then changed and sent again."""
        self.data = self.data.copy()
        self.data["key"] = str(uuid.uuid4())
        self.add_error(
            None,
            gettext("This form was recorded already, before it was changed. Send it again to record it once more."),
        )

    def refuse(self, refusal: LedgerError) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)

    def leave_unjudged(self) -> None:
        """Shows what was typed so far without calling anything of it wrong yet."""
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}


class DocumentForm(PostingForm):
    """A document of one customer. `grid` names the plain fields in their order on the page."""

    title: ClassVar[str | Promise]
    grid: ClassVar[tuple[str, ...]] = ("date", "number", "amount", "memo")
    # Parts with a layout of their own, which the page draws where the form has them.
    lines: Any = None
    instalments: Any = None

    customer = forms.ModelChoiceField(
        Customer.objects.none(),
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Choose a customer."),
            "invalid_choice": _("This customer is not yours to post for."),
        },
    )
    date = DayField(label=_("Date"), has_come=True)
    number = forms.CharField(label=_("Number"), max_length=60)
    amount = MoneyField(label=_("Amount"))
    memo = forms.CharField(label=_("Memo"), max_length=200, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        customer: Customer | None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """`customer` is the chosen one, whom `user` may post for; None while there is none."""
        self.chosen = customer
        super().__init__(
            data, initial={"date": timezone.localdate(), "customer": customer and customer.pk, **(initial or {})}
        )
        customers: Any = self.fields["customer"]
        customers.queryset = Customer.objects.writable_by(user)
        if "due_date" in self.fields:
            self.fields["date"].widget.attrs.update(REDRAW_DUE_DATE)
            self.fields["due_date"].help_text = self._due_date_help()

    @property
    def heading(self) -> str:
        """The heading of the page."""
        return str(self.title)

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in (*self.grid, LATE) if name in self.fields]

    def offer(self, name: str, entries: QuerySet[Entry]) -> None:
        """Entries that the field `name` may refer to."""
        field: Any = self.fields[name]
        if isinstance(field, NumberField):
            field.documents = entries
            field.widget.attrs["list"] = f"numbers-{name}"
        else:
            field.queryset = entries

    def refuse_early(self, form: forms.Form) -> None:
        """Marks the `due_date` of `form`, this one or a row of it, where it lies before the document's date."""
        due_date, day = form.cleaned_data.get("due_date"), self.cleaned_data.get("date")
        if due_date and day and due_date < day:
            form.add_error("due_date", gettext("The due date lies before the date of the document."))

    def _due_date_help(self) -> str:
        day = self._typed_date()
        if self.chosen is None or day is None:
            return gettext("Empty: by the customer's terms.")
        return gettext("Empty: %(date)s, by the customer's terms.") % {"date": shown_day(self.chosen.due_date(day))}

    def _typed_date(self) -> Date | None:
        try:
            value: Date | None = self.fields["date"].clean(self["date"].value())
        except forms.ValidationError:
            return None
        return value

    def arguments(self) -> Mapping[str, Any]:
        """The cleaned fields by the names that the act has for them; empty ones keep the act's default."""
        named = {name: value for name, value in self.cleaned_data.items() if name not in ("key", "customer", LATE)}
        return {name: value for name, value in named.items() if value not in (None, "", [])}


class NumberField(forms.CharField):
    """The number of another document of the same customer, typed or chosen from the latest ones."""

    def __init__(self, *, missing: str | Promise, **kwargs: Any) -> None:
        self.missing = missing
        # Those that may be named, the newest first.
        self.documents: QuerySet[Entry] = Entry.objects.none()
        super().__init__(max_length=60, required=False, **kwargs)

    @property
    def suggestions(self) -> list[str]:
        return list(self.documents.values_list("number", flat=True)[:30])

    def clean(self, value: Any) -> Entry | None:
        number = super().clean(value)
        if not number:
            return None
        entry: Entry | None = self.documents.filter(number=number).first()
        if entry is None:
            raise forms.ValidationError(str(self.missing) % {"number": number}, code="missing")
        return entry


__all__ = ["DayField", "DocumentForm", "DueDateField", "MoneyField", "NumberField", "PostingForm"]
