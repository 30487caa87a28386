"""The demo firm's round of the last quarter: asked by the statements that went out, answered, and followed up."""

from datetime import date as Date
from datetime import timedelta

from customers.models import Role, User
from reconciliation.rounds import differences, services
from reconciliation.rounds.models import Difference
from reconciliation.rounds.opening import open_round
from reconciliation.rounds.rhythm import last_month_end
from reconciliation.rounds.turn import turn
from reconciliation.statements.models import Statement

_RULES = {"is_running": True, "sends": False, "opens_on": 3, "remind_after": 7, "answer_within": 14}
# So many are still to be asked.
_WRITTEN_LATER = 12
_OWNING = {"own_within": 2, "resolve_within": 14}


def hold_round(people: dict[str, User], *, today: Date) -> None:
    """The round of the last quarter, with the statements that were made for it, and that of the last month."""
    finance = next(user for user in people.values() if user.role == Role.FINANCE)
    services.change_policy(by=finance, **_RULES, **_OWNING)
    held = open_round(last_day=last_quarter_end(today), by=finance, today=today)
    stated = Statement.objects.standing().filter(last_date=held.last_day).order_by("pk")
    latest = {statement.customer_id: statement for statement in stated}
    for one in held.reconciliations.filter(customer__in=latest):
        one.statement = latest[one.customer_id]
        one.save(update_fields=["statement"])
    # Finance writes to the larger ones first, and not for a trifle.
    rest = held.reconciliations.filter(statement__isnull=True).order_by("-balance", "pk")
    trifles = [one.pk for one in rest][_WRITTEN_LATER:]
    small = held.reconciliations.filter(pk__in=trifles)
    services.drop(reconciliations=small, reason="余额较小，本季不函证", by=finance, today=today)
    turn(today=today)
    _follow_up(finance, today)


def last_quarter_end(today: Date) -> Date:
    end = last_month_end(today)
    while end.month % 3:
        end = last_month_end(end)
    return end


def _follow_up(finance: User, today: Date) -> None:
    """Every other difference has an owner, and one was explained."""
    found = list(Difference.objects.open().select_related("customer__owner").order_by("pk"))
    for number, difference in enumerate(found):
        if number % 2 == 0 and difference.customer.owner is not None:
            due = today + timedelta(days=3 + number % 7)
            differences.assign(
                difference=difference, owner=difference.customer.owner, by=finance, due_on=due, today=today
            )
    if found:
        differences.comment(difference=found[0], by=finance, text="已请客户财务提供收货单复印件。")
    if len(found) > 1:
        said = "客户于次月入账，已核对其凭证，无需调整。"
        differences.resolve_by_explanation(difference=found[1], explanation=said, by=finance, today=today)
