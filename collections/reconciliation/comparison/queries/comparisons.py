"""What is read of comparisons: the list of them, one's bridge, its lines, and its differences for other floors."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Prefetch, QuerySet, Sum

from customers.models import Customer, User
from ledger.money import ZERO
from reconciliation.comparison.bridge import Bridge, Ends, bridge
from reconciliation.comparison.lines import Class
from reconciliation.comparison.models import (
    ComparedItem,
    CustomerList,
    Decision,
    ItemPart,
    ListLine,
    ListMapping,
    ListUpload,
)
from reconciliation.comparison.wording import reason_in_words


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference of a comparison. `key` is the same for the same lines, whenever the list is compared again;
    `entry` is the first of our documents, `line` the position of the first of theirs, None where there is none.
    `amount` is what it adds to their balance on the way to ours.
    """

    key: str
    cls: Class
    entry: int | None
    line: int | None
    amount: Decimal
    day: date
    words: str


def lists_for(user: User) -> QuerySet[CustomerList]:
    lists = CustomerList.objects.visible_to(user).standing()
    return lists.select_related("customer__owner", "taken_by", "result").newest_first()


def list_named(user: User, pk: int) -> QuerySet[CustomerList]:
    """One list, withdrawn or not; none where the user does not see its customer."""
    found = CustomerList.objects.visible_to(user).filter(pk=pk)
    return found.select_related("customer__owner", "taken_by", "withdrawn_by", "result")


def upload_named(user: User, pk: int) -> QuerySet[ListUpload]:
    """One's own upload, as long as one may write for its customer."""
    own = ListUpload.objects.filter(pk=pk, uploaded_by=user, customer__in=Customer.objects.writable_by(user))
    return own.select_related("customer")


def latest_list(customer: Customer) -> CustomerList | None:
    return CustomerList.objects.standing().filter(customer=customer).newest_first().first()


def known_mapping(customer: Customer, headings: str) -> ListMapping | None:
    return ListMapping.objects.filter(customer=customer, headings=headings).first()


def bridge_of(row: CustomerList) -> Bridge:
    """From the stored result: the sums of its classes in one statement."""
    result = row.result
    sums = ComparedItem.objects.filter(customer_list=row).exclude(cls=Class.AGREED).order_by().values("cls")
    found = {
        Class(each["cls"]): (each["total"], each["n"])
        for each in sums.annotate(total=Sum("difference"), n=Count("pk"))
    }
    ends = Ends(result.theirs_opening, result.theirs_closing, result.ours_opening, result.carried)
    return bridge(ends, theirs_total=result.theirs_total, classes=found)


def items_of(row: CustomerList) -> QuerySet[ComparedItem]:
    """With their parts, ours and theirs."""
    parts = ItemPart.objects.select_related("entry", "line").order_by("pk")
    return ComparedItem.objects.filter(customer_list=row).prefetch_related(Prefetch("parts", parts)).order_by("place")


def items_of_list(pk: int) -> QuerySet[ComparedItem]:
    return ComparedItem.objects.filter(customer_list=pk)


def decisions_of(row: CustomerList) -> list[Decision]:
    """The latest first."""
    return list(row.decisions.select_related("by").order_by("-pk"))


def lines_of(row: CustomerList) -> QuerySet[ListLine]:
    return row.lines.order_by("position")


def differences(row: CustomerList) -> tuple[Difference, ...]:
    """Every difference that the latest comparison of the list found, and those of the bridge that have no lines."""
    walked = bridge_of(row)
    bare = [
        Difference(step.cls.value, step.cls, None, None, step.amount, row.as_of, "")
        for step in walked.steps
        if step.cls in (Class.UNEXPLAINED, Class.OPENING)
    ]
    return (*bare, *(_difference(item) for item in items_of(row).exclude(cls=Class.AGREED)))


def _difference(item: ComparedItem) -> Difference:
    parts = list(item.parts.all())
    entry = next((part.entry_id for part in parts if part.entry_id), None)
    line = next((part.line.position for part in parts if part.line), None)
    words = reason_in_words(item.reason, item.facts)
    return Difference(item.identity, Class(item.cls), entry, line, item.difference, item.date, words)


def total_of(items: QuerySet[ComparedItem]) -> dict[str, Decimal]:
    sums = {name: Sum(name) for name in ("ours_amount", "theirs_amount", "difference")}
    return {name: total or ZERO for name, total in items.order_by().aggregate(**sums).items()}
