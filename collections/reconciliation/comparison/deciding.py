"""What a person says about a comparison: the class of a difference, what belongs together, that it is accepted."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import User
from reconciliation.comparison.errors import DecisionRefused
from reconciliation.comparison.lines import CHOICES, Reason
from reconciliation.comparison.models import ComparedItem, CustomerList, Decision, Result
from reconciliation.comparison.refreshing import compare_again, is_stale
from reconciliation.comparison.taking import check_may_compare

Act = Decision.Act


def choose_class(*, by: User, key: UUID, item: ComparedItem, cls: str, reason: str) -> None:
    """Calls a difference what it is, with a reason. Raises NotPermitted, DecisionRefused."""
    if cls not in [one.value for one in CHOICES]:
        raise DecisionRefused(_("Choose one of the classes."), field="cls")
    if item.is_agreed:
        raise DecisionRefused(_("These lines agree; take them apart first if they do not belong together."))
    ours, theirs = keys_of([item])
    _decide(item.customer_list, by, key, Act.CLASS, ours=ours, theirs=theirs, cls=cls, reason=_given(reason))


def pair(*, by: User, key: UUID, row: CustomerList, items: Sequence[ComparedItem], reason: str) -> None:
    """Says that the lines of the items belong together, some of ours with some of theirs."""
    ours, theirs = keys_of(items)
    if not ours or not theirs:
        raise DecisionRefused(_("Choose at least one line of ours and one of theirs."))
    _decide(row, by, key, Act.TOGETHER, ours=ours, theirs=theirs, reason=_given(reason))


def take_apart(*, by: User, key: UUID, item: ComparedItem, reason: str) -> None:
    """Says that the lines of a pair do not belong together."""
    if item.reason in ("", Reason.IN_OPENING):
        raise DecisionRefused(_("This is no pair."))
    ours, theirs = keys_of([item])
    _decide(item.customer_list, by, key, Act.APART, ours=ours, theirs=theirs, reason=_given(reason))


@transaction.atomic
def accept(*, by: User, key: UUID, row: CustomerList, seen: str, note: str = "") -> None:
    """Accepts the comparison with the differences that it has; `seen` is the mark of the result that was seen."""
    check_may_compare(by, row.customer)
    locked = CustomerList.objects.select_for_update().get(pk=row.pk)
    result = locked.result
    if result.accepted_at is not None:
        raise DecisionRefused(_("The comparison is accepted already."))
    # By the ledger as it is now: to decide makes the result anew, and it would not be what was seen.
    if result.mark != seen or is_stale(locked):
        raise DecisionRefused(_("The ledger has moved since you looked; look at the comparison once more."))
    balances = {"ours_balance": result.ours_closing, "theirs_balance": result.theirs_closing}
    _decide(locked, by, key, Act.ACCEPTED, reason=_short(note), **balances)


def reopen(*, by: User, key: UUID, row: CustomerList, reason: str) -> None:
    if row.result.accepted_at is None:
        raise DecisionRefused(_("The comparison is not accepted."))
    _decide(row, by, key, Act.REOPENED, reason=_given(reason))


@transaction.atomic
def _decide(row: CustomerList, by: User, key: UUID, act: str, *, reason: str, **facts: object) -> None:
    check_may_compare(by, row.customer)
    locked = CustomerList.objects.select_for_update().get(pk=row.pk)
    if locked.withdrawn_at is not None:
        raise DecisionRefused(_("The list is withdrawn; nothing more is decided about it."))
    accepted = Result.objects.filter(pk=row.pk, accepted_at__isnull=False).exists()
    if accepted and act not in (Act.ACCEPTED, Act.REOPENED):
        raise DecisionRefused(_("The comparison is accepted. Open it again first."))
    _decision, is_new = Decision.objects.get_or_create(
        key=key,
        defaults={"customer_list": locked, "act": act, "reason": reason, "by": by, "at": timezone.now(), **facts},
    )
    if is_new:
        compare_again(locked)


def keys_of(items: Iterable[ComparedItem]) -> tuple[list[int], list[int]]:
    """Our entries and the positions of their lines, of all items."""
    ours: list[int] = []
    theirs: list[int] = []
    for item in items:
        mine, yours = item.identity.split("/")
        ours += map(int, filter(None, mine.split(",")))
        theirs += map(int, filter(None, yours.split(",")))
    return sorted(ours), sorted(theirs)


def _given(reason: str) -> str:
    if not (said := _short(reason)):
        raise DecisionRefused(_("Say why."), field="reason")
    return said


def _short(text: str) -> str:
    return " ".join(text.split())[:200]
