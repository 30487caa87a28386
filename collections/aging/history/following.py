"""Month ends follow a large late act at once, by a worker; a small one is followed by who looks at them next."""

from collections.abc import Collection

from aging.history.keeping import FEW
from aging.tasks import refresh_month_ends


def follow(customers: Collection[int]) -> None:
    if len(customers) > FEW:
        refresh_month_ends.delay()
