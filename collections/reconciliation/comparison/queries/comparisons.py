"""What is read of comparisons: the list of them, one's bridge, its lines, and its differences for other floors."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Sum

from customers.models import Customer, User
from ledger.money import ZERO
from reconciliation.comparison.bridge import Bridge, Ends, bridge
from reconciliation.comparison.lines import Class
from reconciliation.comparison.models import (
    ComparedItem,
    CustomerList,
    Decision,
    ItemPart,
    ListMapping,
    ListUpload,
)
from reconciliation.comparison.wording import reason_in_words
from reconciliation.statements.models import AnswerFile
from reconciliation.statements.models.answers import TABLES


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


def answered_lists(user: User) -> QuerySet[AnswerFile]:
    """Lists that customers sent with the answer to a statement."""
    found = AnswerFile.objects.filter(kind=AnswerFile.Kind.LIST, suffix__in=TABLES)
    found = found.filter(answer__statement__customer__in=Customer.objects.writable_by(user))
    return found.select_related("answer__statement__customer")


def lists_in_answers(user: User) -> QuerySet[AnswerFile]:
    """Those of them that nobody has compared, the latest first."""
    taken = CustomerList.objects.filter(digest=OuterRef("sha256"), customer=OuterRef("answer__statement__customer"))
    return answered_lists(user).filter(~Exists(taken)).order_by("-pk")


def comparison_of(sent: AnswerFile) -> CustomerList | None:
    """Where such a list is compared already."""
    standing = CustomerList.objects.standing().filter(digest=sent.sha256, customer=sent.answer.statement.customer_id)
    return standing.first()


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


def item_with(row: CustomerList, side: str, key: int) -> ComparedItem | None:
    """The item in which our entry `key` stands, or their line of that position; None where there is none."""
    match side:
        case "ours":
            return items_of(row).filter(parts__entry=key).first()
        case "theirs":
            return items_of(row).filter(parts__line__position=key).first()
    return None


def items_named(user: User, keys: Iterable[Any]) -> QuerySet[ComparedItem]:
    """Those of the items that still stand and that the user may decide about."""
    lists = CustomerList.objects.writable_by(user)
    parts = ItemPart.objects.select_related("entry", "line").order_by("pk")
    found = ComparedItem.objects.filter(pk__in=list(keys), customer_list__in=lists).order_by("place")
    return found.select_related("customer_list__customer").prefetch_related(Prefetch("parts", parts))


def decisions_about(row: CustomerList, item: ComparedItem) -> list[Decision]:
    """Those about some of the item's lines, the latest first."""
    mine, yours = (set(filter(None, side.split(","))) for side in item.identity.split("/"))
    return [one for one in decisions_of(row) if mine & set(map(str, one.ours)) or yours & set(map(str, one.theirs))]


def decisions_of(row: CustomerList) -> list[Decision]:
    """The latest first."""
    return list(row.decisions.select_related("by").order_by("-pk"))


def accepted_now(decisions: Iterable[Decision]) -> Decision | None:
    """The acceptance that stands, of decisions with the latest first."""
    for one in decisions:
        if one.act in (Decision.Act.ACCEPTED, Decision.Act.REOPENED):
            return one if one.act == Decision.Act.ACCEPTED else None
    return None


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
