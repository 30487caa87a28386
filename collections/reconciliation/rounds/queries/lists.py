"""The rows of the lists, and of the page of one difference."""

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from customers.models import Customer, User
from ledger.models import Entry
from reconciliation.comparison.queries.comparisons import list_named
from reconciliation.rounds.models import ENDED, Difference, Reconciliation, Rhythm, Round, State
from reconciliation.statements.models import Statement

OTHERWISE_ENDED = (State.EXPLAINED, State.DROPPED)
# So many documents are offered as what mends a difference.
MOST_OFFERED = 50


def reconciliations_for_list(user: User) -> QuerySet[Reconciliation]:
    rows: Any = Reconciliation.objects.visible_to(user).select_related("customer__owner", "round")
    waiting = Difference.objects.open().filter(reconciliation=OuterRef("pk")).order_by().values("reconciliation")
    counted: QuerySet[Reconciliation] = rows.annotate(
        open_differences=Subquery(waiting.annotate(n=Count("pk")).values("n"))
    )
    return counted


def differences_for_list(user: User) -> QuerySet[Difference]:
    rows: Any = Difference.objects.visible_to(user)
    found: QuerySet[Difference] = rows.select_related("customer__owner", "owner")
    return found


def origin_of(difference: Difference, user: User) -> tuple[str, int] | None:
    """Where it was found, as the name of a page and its key: the statement whose answer marked it, or the comparison
    that left it over. None where a person noticed it, or where the user does not see that page.
    """
    kind, _colon, rest = difference.source.partition(":")
    key = rest.partition(":")[0]
    if kind not in ("answer", "list") or not key.isdecimal():
        return None
    if kind == "list":
        return ("comparison:detail", int(key)) if list_named(user, int(key)).exists() else None
    answered = Statement.objects.visible_to(user).filter(answer=int(key)).values_list("pk", flat=True).first()
    return ("statements:detail", answered) if answered else None


def owners(user: User) -> QuerySet[User]:
    """Those who own one of the differences that `user` sees, open or resolved."""
    owned = Difference.objects.visible_to(user).filter(owner__isnull=False).values("owner")
    return User.objects.filter(pk__in=owned).order_by("last_name", "first_name", "username")


def rhythms_for_list(user: User) -> QuerySet[Customer]:
    """Customers with what was decided for them (`decided`, null for the usual rhythm), and the day of the last
    reconciliation in which they agreed (`confirmed_on`).
    """
    agreed = Reconciliation.objects.filter(customer=OuterRef("pk"), state=State.AGREED).order_by("-closed_on")
    rows: Any = Customer.objects.visible_to(user).select_related("owner", "rhythm__decided_by")
    found: QuerySet[Customer] = rows.annotate(
        decided=Subquery(Rhythm.objects.filter(customer=OuterRef("pk")).values("every")),
        confirmed_on=Subquery(agreed.values("closed_on")[:1]),
    )
    return found


def rounds_with_counts(user: User) -> QuerySet[Round]:
    """The rounds, the latest first, and how many of their customers (`asked`) stand where, of those that `user` sees:
    `to_send`, `waiting`, `differing`, `agreed`, `otherwise` ended; `ended` in all.
    """
    seen = Q(reconciliations__in=Reconciliation.objects.visible_to(user)) if not user.sees_all else Q()
    every = Count("reconciliations", filter=seen)
    rows: Any = Round.objects.annotate(
        asked=every,
        to_send=Count("reconciliations", filter=seen & Q(reconciliations__state=State.TO_SEND)),
        waiting=Count("reconciliations", filter=seen & Q(reconciliations__state=State.ASKED)),
        differing=Count("reconciliations", filter=seen & Q(reconciliations__state=State.DIFFERS)),
        agreed=Count("reconciliations", filter=seen & Q(reconciliations__state=State.AGREED)),
        ended=Count("reconciliations", filter=seen & Q(reconciliations__state__in=ENDED)),
        otherwise=Count("reconciliations", filter=seen & Q(reconciliations__state__in=OTHERWISE_ENDED)),
    )
    found: QuerySet[Round] = rows.filter(asked__gt=0).order_by("-last_day")
    return found


def mending_entries(difference: Difference) -> QuerySet[Entry]:
    """Documents of the customer that may have mended the difference: recorded since it was found, latest first."""
    since = Entry.objects.standing().filter(customer=difference.customer_id)
    recent = since.filter(recorded_at__date__gte=difference.found_on).order_by("-pk")
    return Entry.objects.filter(pk__in=list(recent.values_list("pk", flat=True)[:MOST_OFFERED])).order_by("-pk")
