"""What stands behind one entry: its document, what it settled or was settled by, and what it bills."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import ExpressionWrapper, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from config.fields import ExactDecimalField
from customers.models import Customer, User
from ledger.models import Allocation, Billing, Entry, Invoice, Kind, ShipmentLine
from ledger.money import ZERO


@dataclass(frozen=True, slots=True)
class Movement:
    """An allocation as one of its entries sees it: `amount` is what it did to that entry's open amount."""

    allocation: Allocation
    other: Entry
    amount: Decimal
    is_undone: bool
    # Whether `undo_allocation` takes it: a settlement that stands, not a debt taken over and not a reversal.
    can_be_undone: bool

    @property
    def size(self) -> Decimal:
        return abs(self.amount)


def entries_for_page(user: User) -> QuerySet[Entry]:
    """Entries that `user` sees, with what an entry's page always says about them.

    No more tables than PostgreSQL plans together: what a few invoices have besides is asked for them alone.
    """
    return Entry.objects.visible_to(user).select_related(
        "customer__owner",
        "salesperson",
        "posting__by",
        "invoice",
        "payment",
        "shipment",
        "reverses",
        "reversed_by",
        "instalment_of__invoice",
    )


def allocations_visible_to(user: User) -> QuerySet[Allocation]:
    """Allocations within the ledgers of the customers that `user` sees."""
    return Allocation.objects.filter(customer__in=Customer.objects.visible_to(user)).select_related(
        "customer", "from_entry", "to_entry"
    )


def customer_is_visible(user: User, entry: Entry) -> bool:
    """Not every entry that a salesperson sees is of a customer of theirs: some sales were before a handover."""
    return Customer.objects.visible_to(user).filter(pk=entry.customer_id).exists()


def lines(entry: Entry) -> QuerySet[ShipmentLine]:
    return ShipmentLine.objects.filter(shipment=entry.pk)


@dataclass(frozen=True, slots=True)
class Reversal:
    """What a reversal takes back: the face value of the document with all of its instalments, and allocations."""

    document_amount: Decimal
    movements: list[Movement]


def movements(entry: Entry) -> list[Movement]:
    """Every allocation into and out of the entry, in the order of their dates."""
    return _movements([entry])


def reversal_of(entry: Entry) -> Reversal:
    """What reversing the document of `entry` would take back today."""
    parts = instalments(entry) or [entry]
    standing = [move for move in _movements(parts) if not move.is_undone and move.allocation.undoes_id is None]
    return Reversal(sum((part.document_amount for part in parts), ZERO), standing)


def _movements(parts: Sequence[Entry]) -> list[Movement]:
    touching = (
        Allocation.objects.filter(Q(from_entry__in=parts) | Q(to_entry__in=parts))
        .select_related("from_entry", "to_entry", "posting__by", "undoes", "undone_by")
        .order_by("date", "pk")
    )
    own = {part.pk for part in parts}
    found = []
    for allocation in touching:
        source, target = allocation.from_entry, allocation.to_entry
        outward = source.pk in own
        is_undone = getattr(allocation, "undone_by", None) is not None
        found.append(
            Movement(
                allocation=allocation,
                other=target if outward else source,
                amount=-allocation.amount if outward else allocation.amount,
                is_undone=is_undone,
                can_be_undone=not is_undone
                and allocation.undoes_id is None
                and source.side != target.side
                and source.pk != target.reverses_id
                and target.pk != source.reverses_id,
            )
        )
    return found


def billings(entry: Entry) -> list[tuple[Entry, Decimal]]:
    """The shipments (or returns) that the document bills, or the documents that bill it, with the amounts."""
    first = entry.instalment_of or entry
    rows = Billing.objects.filter(Q(invoice=first) | Q(shipment=first)).select_related("invoice", "shipment")
    sums: dict[Entry, Decimal] = {}
    for row in rows.order_by("date", "pk"):
        other = row.shipment if row.invoice_id == first.pk else row.invoice
        sums[other] = sums.get(other, ZERO) + row.amount
    return [(other, amount) for other, amount in sums.items() if amount]


def instalments(entry: Entry) -> list[Entry]:
    """All entries of the document where it has several due dates; empty for any other."""
    first = entry.instalment_of or entry
    later = list(Entry.objects.filter(customer=entry.customer_id, instalment_of=first).order_by("instalment"))
    return [first, *later] if later else []


def credit_notes(entry: Entry) -> QuerySet[Entry]:
    """The credit notes that reverse the invoice and stand."""
    return Entry.objects.standing().filter(invoice__reverses=entry.pk).order_by("date", "id")


def replacement_of(invoice: Invoice) -> Entry | None:
    """The invoice that was issued in its place."""
    return Entry.objects.standing().filter(invoice__replaces=invoice).first()


def is_cancelled(entry: Entry, credit_notes: list[Entry]) -> bool:
    """Whether the credit notes take back the whole invoice."""
    total = sum((part.document_amount for part in instalments(entry)), ZERO) or entry.document_amount
    return -sum((note.document_amount for note in credit_notes), ZERO) == total


def unbilled_goods(customer: Customer, kind: Kind) -> QuerySet[Entry]:
    """Shipments (or returns) of the customer that are not billed in full, the oldest first, with `to_bill`: what
    of the document amount no invoice bills yet, with its sign.
    """
    billed = Coalesce(Sum("billed_by__amount"), Value(0), output_field=ExactDecimalField())
    return (
        Entry.objects.standing()
        .filter(customer=customer, kind=kind)
        .annotate(to_bill=ExpressionWrapper(F("document_amount") - billed, output_field=ExactDecimalField()))
        .exclude(to_bill=0)
        .order_by("date", "id")
    )


def counterparts(entry: Entry) -> QuerySet[Entry]:
    """The open entries that the entry can be allocated against: the debts of a credit, the credits of a debt."""
    opposite = Entry.objects.open().filter(customer=entry.customer_id, side=-entry.side)
    return opposite.order_by(F("due_date").asc(nulls_last=True), "date", "id")


def open_debts(customer: Customer) -> QuerySet[Entry]:
    """What a payment of the customer can settle, the longest due first."""
    return Entry.objects.open().debts().filter(customer=customer).order_by("due_date", "date", "id")


def open_credits(customer: Customer) -> QuerySet[Entry]:
    """What of the customer's payments and other credits is not applied yet, the oldest first."""
    return Entry.objects.open().credits().filter(customer=customer).order_by("date", "id")


def standing(customer: Customer, *kinds: Kind) -> QuerySet[Entry]:
    """First entries of the customer's documents of these kinds that were not reversed, the newest first."""
    documents = Entry.objects.standing().filter(customer=customer, kind__in=kinds, instalment_of__isnull=True)
    return documents.order_by("-date", "-id")
