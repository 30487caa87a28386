"""When goods arrived: recorded once the delivery note is back, and again where it was misread."""

from datetime import date as Date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, User
from ledger.errors import InvalidDocument, NotPermitted
from ledger.models import Shipment


@transaction.atomic
def record_delivery(*, by: User, shipment: Shipment, date: Date) -> Shipment:
    """Notes the day on which the goods of a shipment (or return) arrived; an earlier note is replaced."""
    stored = Shipment.objects.select_for_update(of=("self",)).select_related("entry").get(pk=shipment.pk)
    if not Customer.objects.writable_by(by).filter(pk=stored.entry.customer_id).exists():
        raise NotPermitted(_("You may not post for this customer."))
    if stored.entry.reversed_on is not None:
        raise InvalidDocument(_("%(entry)s was reversed; nothing of it is delivered.") % {"entry": stored.entry})
    if date > timezone.localdate():
        raise InvalidDocument(_("A delivery is recorded once it has happened, not ahead of it."), field="date")
    if date < stored.entry.date:
        raise InvalidDocument(_("Goods cannot be delivered before they are shipped."), field="date")
    stored.delivered_on = date
    stored.save(update_fields=["delivered_on"])
    return stored
