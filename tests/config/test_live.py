"""Regions that keep up: what they ask with and what they are told."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.utils.translation import override

from config import live
from tests.build import a_user

pytestmark = pytest.mark.django_db


def test_a_region_asks_with_its_version_and_hears_the_new_one() -> None:
    user = a_user()
    person = RequestFactory().get("/dashboard/?days=3")
    person.user = user
    assert (live.is_asking(person), live.asked(person)) == (False, "")
    drawn = live.region(person, "12.7.3")
    assert drawn.url == "/dashboard/?days=3"
    region = RequestFactory().get("/dashboard/", headers={live.HEADER: drawn.version})
    region.user = user
    assert (live.is_asking(region), live.asked(region)) == (True, "12.7.3")
    answer = live.nothing_new(region, "13.7.3")
    assert (answer.status_code, answer[live.HEADER]) == (204, f"{user.pk}:13.7.3")


def test_a_page_of_who_was_signed_in_before_is_told_nothing() -> None:
    region = RequestFactory().get("/dashboard/", headers={live.HEADER: "999999:12.7.3"})
    region.user = a_user()
    with pytest.raises(PermissionDenied):
        live.asked(region)


def test_changes_are_said_in_a_few_words() -> None:
    with override("en"):
        assert live.changes_in_words([]) == ""
        assert live.changes_in_words([("徐海燕", 1)]) == "1 change by 徐海燕"
        assert live.changes_in_words([("徐海燕", 2), ("王小明", 1)]) == "3 changes by 徐海燕, 王小明"
        assert live.changes_in_words([("a", 2), ("b", 1), ("c", 1)]) == "4 changes by a, b and others"


def test_an_address_with_quotes_stays_an_attribute() -> None:
    hostile = live.Region('/x/?q="><script>', "1:2", "")
    assert "<script>" not in hostile.attributes
