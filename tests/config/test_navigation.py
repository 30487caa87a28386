"""What stands within the thumb's reach on a phone."""

import re

import pytest
from django.test import Client

from customers.models import Role
from tests.build import a_user

pytestmark = pytest.mark.any_engine


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "first"),
    [
        (Role.SALESPERSON, "/desk/"),
        (Role.MANAGER, "/desk/"),
        (Role.FINANCE, "/queues/"),
        (Role.AUDITOR, "/dashboard/"),
        (Role.ADMINISTRATOR, "/dashboard/"),
    ],
)
def test_what_a_role_works_with_daily_comes_first(client: Client, role: Role, first: str) -> None:
    client.force_login(a_user(role))
    page = client.get("/customers/").content.decode()
    reach = dict(re.findall(r'<li class="thumb-(\d)"><a class="side-link" href="([^"]+)"', page))
    assert reach == {"1": first, "2": "/customers/", "3": "/aging/"}
