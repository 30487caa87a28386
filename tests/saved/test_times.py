"""When a schedule is due next."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from config.saved.times import Rule, next_run

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("rule", "after", "expected"),
    [
        (Rule("day", 0, 1, 8), "2026-03-31 07:59", "2026-03-31 08:00"),
        (Rule("day", 0, 1, 8), "2026-03-31 08:00", "2026-04-01 08:00"),
        (Rule("workday", 0, 1, 8), "2026-04-03 09:00", "2026-04-06 08:00"),  # a Friday, then Monday
        (Rule("week", 0, 1, 8), "2026-04-06 07:00", "2026-04-06 08:00"),
        (Rule("week", 0, 1, 8), "2026-04-06 08:30", "2026-04-13 08:00"),
        (Rule("month", 0, 1, 0), "2026-12-31 23:59", "2027-01-01 00:00"),
        (Rule("month", 0, 31, 18), "2026-02-01 00:00", "2026-02-28 18:00"),
        (Rule("month", 0, 31, 18), "2028-02-01 00:00", "2028-02-29 18:00"),
        (Rule("month", 0, 30, 18), "2026-02-28 18:00", "2026-03-30 18:00"),
        (Rule("month", 0, 15, 18), "2026-03-15 19:00", "2026-04-15 18:00"),
    ],
)
def test_the_next_run_is_the_first_moment_on_which_the_rule_falls(rule: Rule, after: str, expected: str) -> None:
    moment = datetime.fromisoformat(after).replace(tzinfo=ZONE)
    assert next_run(rule, after=moment).strftime("%Y-%m-%d %H:%M") == expected


def test_an_hour_stays_the_same_hour_when_the_clock_changes() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 28, 9, 0, tzinfo=berlin)
    assert next_run(Rule("day", 0, 1, 8), after=before) == datetime(2026, 3, 29, 8, 0, tzinfo=berlin)
