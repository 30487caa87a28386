from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from customers.models import Customer, Role, User
from tests.browser.chromium import chromium
from tests.browser.people import person
from tests.build import a_customer, a_team


@pytest.fixture(scope="session")
def running_browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def browser(running_browser: Browser) -> Iterator[Browser]:
    """One Chromium for all tests of a process; what a test opened is closed with it, or it would go on asking."""
    yield running_browser
    for context in running_browser.contexts:
        context.close()


@pytest.fixture
def salesperson() -> User:
    return person(Role.SALESPERSON, username="wang", last_name="王", first_name="小明", team=a_team())


@pytest.fixture
def customer(salesperson: User) -> Customer:
    a_customer(owner=salesperson, code="C0002", name="苏州恒达机电设备有限公司")
    return a_customer(owner=salesperson, code="C0001", name="杭州锦程纺织有限公司", region="浙江")
