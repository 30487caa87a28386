"""Writes about users and customers, and who may do them."""

from collections.abc import Collection, Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from customers.models import Contact, Customer, User


def may_change_customers(user: User) -> bool:
    """Terms, limits and the salesperson are for finance and managers; whom to call there, for each salesperson."""
    return user.oversees


def choose_language(*, user: User, language: str) -> None:
    """The language in which `user` sees every page and receives every mail from now on."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])


def save_customer(*, by: User, customer: Customer, changed: Collection[str] = ()) -> Customer:
    """Stores a new customer, or the `changed` fields of a known one, so that two people at once keep each other's
    changes. Raises ValidationError at `currency` where the customer's ledger is kept in another.
    """
    if not may_change_customers(by):
        raise PermissionError(by.pk)
    try:
        with transaction.atomic():
            if customer._state.adding:
                customer.save()
                return customer
            stored = Customer.objects.select_for_update(no_key=True, of=("self",)).get(pk=customer.pk)
            for name in changed:
                setattr(stored, name, getattr(customer, name))
            stored.full_clean()
            stored.save(update_fields=list(changed))
    except IntegrityError as refusal:
        if "currency" not in str(refusal):
            raise
        raise ValidationError({"currency": _("A customer with entries keeps its currency.")}) from refusal
    return stored


@transaction.atomic
def save_contacts(*, customer: Customer, contacts: Sequence[Contact], removed: Sequence[Contact]) -> None:
    for contact in removed:
        contact.delete()
    for contact in contacts:
        contact.customer = customer
        contact.save()
