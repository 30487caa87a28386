"""What a new document's form begins with, when it follows another document."""

from typing import Any

from django.http import Http404, QueryDict

from customers.models import Customer, User
from ledger.models import Billing, Entry
from ledger.money import ZERO

# As many digits as every key of the database fits in.
LONGEST_KEY = 18
# Names of the form's fields that say which document is meant, by its number or by its key.
BY_NUMBER = ("invoice", "shipment", "reverses", "replaces")
BY_KEY = ("payment", "debt")
# A document that was reversed, whose facts the form begins with.
AGAIN = "again"
BY_KEYS = ("shipments", "returns", "debts")


def prefilled(user: User, customer: Customer, asked: QueryDict) -> dict[str, Any]:
    """Initial values of a form for `customer`, from an address such as `?customer=7&replaces=120`.

    Raises Http404 for an entry that is not the customer's, or that `user` does not see.
    """
    entries = Entry.objects.visible_to(user).filter(customer=customer)
    named = {name: keys for name in (*BY_NUMBER, *BY_KEY, *BY_KEYS, AGAIN) if (keys := asked.getlist(name))}
    wanted = {key for keys in named.values() for key in keys}
    if not all(key.isdecimal() and len(key) <= LONGEST_KEY for key in wanted):
        raise Http404
    found = entries.select_related("invoice", "payment").in_bulk([int(key) for key in wanted])
    if len(found) < len(wanted):
        raise Http404
    initial: dict[str, Any] = {}
    for name, chosen in named.items():
        first = found[int(chosen[0])]
        if name in BY_KEYS:
            initial[name] = chosen
            if name == "debts":
                initial["amount"] = sum((found[int(key)].open_amount for key in chosen), ZERO)
        elif name == AGAIN:
            initial |= _recorded_again(first)
        elif name in BY_KEY:
            initial[name] = first.pk
        else:
            initial[name] = first.number
            if name == "replaces":
                initial |= _issued_again(first)
    return initial


def _recorded_again(entry: Entry) -> dict[str, Any]:
    """The facts of goods or money that were reversed, for the right document in their place."""
    plain = {
        "date": entry.date,
        "number": entry.number,
        "amount": abs(entry.document_amount),
        "memo": entry.memo,
        "due_date": entry.due_date,
    }
    if not hasattr(entry, "payment"):
        return plain
    payment = entry.payment
    return {
        **plain,
        "method": payment.method,
        "bank_reference": payment.bank_reference,
        "matures_on": payment.matures_on,
    }


def _issued_again(entry: Entry) -> dict[str, Any]:
    """The facts of an invoice, for the one that is issued in its place: its debt is due as it was before."""
    if not hasattr(entry, "invoice"):
        raise Http404
    goods = Billing.objects.filter(invoice=entry, amount__gt=0).values_list("shipment_id", flat=True)
    later = Entry.objects.filter(customer=entry.customer_id, instalment_of=entry).order_by("instalment")
    parts = [{"due_date": part.due_date, "amount": part.document_amount} for part in (entry, *later)]
    dues = {"instalments": parts} if len(parts) > 1 else {"due_date": entry.due_date}
    return {
        **dues,
        "amount": sum((part["amount"] for part in parts), ZERO),
        "kind": entry.invoice.kind,
        "tax": entry.invoice.tax,
        "memo": entry.memo,
        "shipments": [str(pk) for pk in set(goods)],
    }
