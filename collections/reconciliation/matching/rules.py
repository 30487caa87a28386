"""What finance lets pass: limits of fees and small change, by currency."""

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import QuerySet

from customers.models import HOME_CURRENCY
from reconciliation.matching.models import Rule
from reconciliation.matching.weighing import Limits

# Of the home currency, as long as finance has said nothing else; any other is off.
DEFAULT = Limits(fee=Decimal("50.00"), change=Decimal("1.00"))


def limits_of(currency: str) -> Limits:
    return all_limits().get(currency, Limits())


def all_limits() -> Mapping[str, Limits]:
    stored = {rule.currency: Limits(rule.fee_limit, rule.change_limit) for rule in Rule.objects.all()}
    return {HOME_CURRENCY: DEFAULT, **stored}


def stored_rules() -> QuerySet[Rule]:
    return Rule.objects.order_by("currency")


def new_rule() -> Rule:
    """For the form: of the home currency, as long as that has none."""
    has_home = Rule.objects.filter(currency=HOME_CURRENCY).exists()
    return Rule(currency="" if has_home else HOME_CURRENCY, fee_limit=DEFAULT.fee, change_limit=DEFAULT.change)
