"""What a number of the books leads to: the same question, about one row of it."""

from urllib.parse import urlencode

from django.urls import reverse

from aging.forms import NONE
from ledger.models import Entry, Kind
from reconciliation.books.queries.sums import Row
from reconciliation.books.question import By, Question


def difference(question: Question, row: Row | None = None, **more: object) -> str:
    """The entries between the books."""
    return f"{reverse('books:entries')}?{urlencode({**_asked(question), **_whose(question, row), **more})}"


def sales_book(question: Question, row: Row | None = None) -> str:
    """The open items that the sales book adds up to, in the aging report: of all that is asked for, or of a row."""
    said = {"as_of": question.as_of.isoformat(), "column": "balance", "meaning": "owner", "by": question.by.value}
    if question.known_on:
        said["known_on"] = question.known_on.isoformat()
    if row is not None:
        said |= {"currency": row.currency, "row": NONE if row.group is None else str(row.group)}
    return f"{reverse('aging:items')}?{urlencode(said)}"


def of_row(question: Question, row: Row) -> str:
    """The customers of a salesperson; of a customer its entries."""
    if question.by == By.CUSTOMER:
        return difference(question, row)
    return f"{reverse('books:sums')}?{urlencode({**_asked(question), **_whose(question, row)})}"


FORMS = {
    Kind.SHIPMENT: "ledger:shipment-new",
    Kind.RETURN: "ledger:return-new",
    Kind.PAYMENT: "ledger:payment-new",
    Kind.REFUND: "ledger:refund-new",
}


def recorded_again(entry: Entry) -> str:
    """The form of a document, filled in from one that was reversed."""
    return f"{reverse(FORMS[Kind(entry.kind)])}?{urlencode({'customer': entry.customer_id, 'again': entry.pk})}"


def _asked(question: Question) -> dict[str, object]:
    said: dict[str, object] = {
        "as_of": question.as_of.isoformat(),
        "known_on": question.known_on and question.known_on.isoformat(),
        "q": question.words,
        "salesperson": NONE if question.salesperson == 0 else question.salesperson,
        "key_account": {True: "yes", False: "no"}.get(question.key_account),  # type: ignore[arg-type]
        "currency": question.currency,
    }
    return {name: value for name, value in said.items() if value}


def _whose(question: Question, row: Row | None) -> dict[str, object]:
    if row is None:
        return {}
    if question.by == By.CUSTOMER:
        return {"customer": row.group, "currency": row.currency}
    return {"salesperson": row.group or NONE, "currency": row.currency}
