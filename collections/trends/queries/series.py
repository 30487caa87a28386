"""The measures of every currency that a user sees, month by month."""

from aging.history import month_ends
from customers.models import User
from trends.forms import Asked
from trends.measures import LOOK_BACK, Point, points


def trends(user: User, asked: Asked, *, months: int) -> dict[str, list[Point]]:
    """By currency the measures at the last `months` month ends, the last of which is today."""
    found = month_ends(user, months=months + LOOK_BACK, **asked.as_filters())
    return {currency: points(ends, shown=months) for currency, ends in found.items()}
