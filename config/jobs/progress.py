"""How far a job is. It stands in the cache, so that all see it while the job's transaction is still open."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from django.core.cache import cache
from redis.exceptions import RedisError

KEPT_SECONDS = 24 * 3600
# A job may report each row; the cache hears of it this often.
EVERY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Reached:
    done: int
    total: int
    label: str
    # When the job told it, in seconds since 1970: a sign of life as well.
    at: float = field(default=0.0, compare=False)

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0


class Progress:
    def __init__(self, job: UUID) -> None:
        self._key = _key(job)
        self._label = ""
        self._told_at = 0.0

    def __call__(self, done: int, total: int, label: str) -> None:
        """`done` of `total` steps of the stage that `label` names to the user."""
        now = time.monotonic()
        if label == self._label and done < total and now - self._told_at < EVERY_SECONDS:
            return
        self._label, self._told_at = label, now
        with suppress(RedisError):  # the work goes on where nobody can watch it
            cache.set(self._key, (done, total, label, time.time()), KEPT_SECONDS)


def reached(job: UUID) -> Reached | None:
    try:
        found = cache.get(_key(job))
    except RedisError:
        return None
    return Reached(*found) if found else None


def _key(job: UUID) -> str:
    return f"job-progress-{job}"
