import pytest
from django.utils.translation import override

from config.words import clauses, listed

pytestmark = pytest.mark.any_engine


def test_several_things_are_listed_as_the_language_does() -> None:
    with override("en"):
        assert listed(["I-1", 2]) == "I-1, 2"
        assert clauses(["1,000.00", 2]) == "1,000.00; 2"
    with override("zh-hans"):
        assert listed(["甲", "乙"]) == "甲、乙"
    assert listed([]) == ""
