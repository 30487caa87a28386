"""Every number of days is in exactly one bucket, and the limits are where their labels say."""

import importlib
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import environ
import pytest
from django.utils import translation

from aging.buckets import Basis, buckets
from config import settings as module

LIMITS = (30, 60, 90, 180, 365)
DAY = date(2025, 3, 31)


def key(basis: Basis, days: int) -> str:
    [found] = [bucket.key for bucket in buckets(basis, LIMITS) if bucket.holds(days)]
    return found


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-400, "not_due"), (-1, "not_due"), (0, "not_due"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"),
        (61, "61-90"), (90, "61-90"), (91, "91-180"), (180, "91-180"), (181, "181-365"), (365, "181-365"),
        (366, "365+"), (4000, "365+"),
    ],
)  # fmt: skip
def test_days_past_due_on_both_sides_of_each_limit(days: int, expected: str) -> None:
    assert key(Basis.DUE, days) == expected


@pytest.mark.parametrize("basis", [Basis.DOCUMENT, Basis.SHIPMENT])
@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, "0-30"), (30, "0-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"), (90, "61-90"), (91, "91-180"),
        (180, "91-180"), (181, "181-365"), (365, "181-365"), (366, "365+"),
    ],
)  # fmt: skip
def test_days_since_the_document_on_both_sides_of_each_limit(basis: Basis, days: int, expected: str) -> None:
    assert key(basis, days) == expected


@pytest.mark.parametrize("basis", Basis)
def test_buckets_meet_without_gap_or_overlap_also_as_dates(basis: Basis) -> None:
    table = buckets(basis, (7, 14))
    assert table[0].first is None
    assert table[-1].last is None
    for younger, older in pairwise(table):
        assert younger.last is not None
        assert older.first == younger.last + 1
        earliest, latest = younger.earliest(DAY), older.latest(DAY)
        assert earliest is not None
        assert latest == earliest - timedelta(days=1)


def test_labels_say_what_the_buckets_hold() -> None:
    with translation.override("en"):
        assert [bucket.label for bucket in buckets(Basis.DUE, (30, 60))] == [
            "not due", "1–30 days", "31–60 days", "over 60 days",
        ]  # fmt: skip
        assert [bucket.label for bucket in buckets(Basis.DOCUMENT, (30,))] == ["0–30 days", "over 30 days"]


@pytest.mark.parametrize("text", ["30,30", "60,30", "0,30", "-1", ""])
def test_limits_that_make_no_sense_stop_the_start(text: str, monkeypatch: Any) -> None:
    monkeypatch.setenv("AGING_LIMITS", text)
    with pytest.raises(environ.ImproperlyConfigured, match="AGING_LIMITS"):
        importlib.reload(module)
    monkeypatch.delenv("AGING_LIMITS")
    importlib.reload(module)
