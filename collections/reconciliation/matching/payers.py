"""Payers that matches have taught, withdrawn where they were learned wrongly."""

from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import User
from ledger.errors import NotPermitted
from reconciliation.matching.models import Payer


def withdraw_payer(*, payer: Payer, by: User) -> bool:
    """The payer is not the customer's any more; False where that was said before."""
    if not by.keeps_books:
        raise NotPermitted(_("Only finance withdraws a payer."))
    standing = Payer.objects.standing().filter(pk=payer.pk)
    return bool(standing.update(withdrawn_at=timezone.now(), withdrawn_by=by))
