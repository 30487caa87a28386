"""A day is written as the language of the page writes it."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from config.dates import shown_day, shown_moment, shown_month, shown_short


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ["5 Mar 2026", "5 Mar", "Mar 2026", "6 Mar 2026 07:30"]),
        ("zh-hans", ["2026-03-05", "03-05", "2026-03", "2026-03-06 07:30"]),
        ("de", ["5 Mar 2026", "5 Mar", "Mar 2026", "6 Mar 2026 07:30"]),
    ],
)
def test_days_and_moments_in_each_language(language: str, written: list[str]) -> None:
    day, late = date(2026, 3, 5), datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    with override(language):
        assert [shown_day(day), shown_short(day), shown_month(day), shown_moment(late)] == written
