"""People who can sign in."""

from typing import Any

from customers.models import User
from tests.build import a_user

PASSWORD = "a long enough pass phrase"


def person(role: str, **facts: Any) -> User:
    user = a_user(role, **facts)
    user.set_password(PASSWORD)
    user.save()
    return user
