"""The nightly jobs. A night that was missed is caught up by the next: nothing is compared with a single day."""

from datetime import date
from typing import Any

from celery import Task, shared_task
from django.utils import timezone

from flags import digest
from flags.sweep import raise_flags

# A mail that was refused is tried again after 10, 20, 40 minutes, then every 50, for nine hours or so. The longest
# wait stays below the visibility timeout, after which a waiting task would be delivered a second time.
FIRST_WAIT, LONGEST_WAIT, MOST_TRIES = 600, 3000, 13


@shared_task
def sweep(as_of: str | None = None) -> None:
    raise_flags(as_of=_day(as_of))


@shared_task(bind=True, max_retries=MOST_TRIES)
def send_digests(self: "Task[Any, Any]", day: str | None = None) -> None:
    asked = _day(day)
    if digest.send_all(day=asked).refused:
        wait = min(FIRST_WAIT * 2**self.request.retries, LONGEST_WAIT)
        raise self.retry(args=(asked.isoformat(),), countdown=wait)


def _day(text: str | None) -> date:
    return date.fromisoformat(text) if text else timezone.localdate()
