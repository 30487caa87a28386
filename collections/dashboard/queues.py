"""The work that waits for finance: of the figures, those that somebody can work off, and where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard.queries.figures import UNAPPLIED, UNBILLED, UNCONFIRMED, UNRECEIVED, UNSENT, Figure

# The figure, what is to be done about it, and the address of its queue.
QUEUES: Sequence[tuple[str, Promise, str]] = (
    (UNAPPLIED, _("To allocate"), "queues:allocate"),
    (UNBILLED, _("Invoices to issue"), "queues:issue"),
    (UNSENT, _("Invoices to send"), "queues:send"),
    (UNRECEIVED, _("Receipts to record"), "queues:send"),
    (UNCONFIRMED, _("To confirm"), "queues:confirm"),
)


@dataclass(frozen=True, slots=True)
class QueueCard:
    label: Promise
    address: str
    figures: list[Figure]

    @property
    def url(self) -> str:
        """Its queue; where there is none, the list behind its figure."""
        try:
            return reverse(self.address)
        except NoReverseMatch:
            return reverse("dashboard:figure", args=[self.figures[0].key])

    @property
    def count(self) -> int:
        return sum(figure.count for figure in self.figures)


def queue_cards(found: Mapping[str, Sequence[Figure]]) -> list[QueueCard]:
    """Each with its sums by currency; those in which nothing waits are left out."""
    cards = [
        QueueCard(label, address, [one for row in found.values() for one in row if one.key == key and one.count])
        for key, label, address in QUEUES
    ]
    return [card for card in cards if card.figures]
