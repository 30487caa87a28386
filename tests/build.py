"""Builders of what a test needs, each with sensible facts of its own."""

import itertools
from datetime import date
from typing import Any

from config.demo import cast
from customers.models import Customer, Role, Team, User

_count = itertools.count(1)


def whole_cast() -> int:
    """How many customers of the demo firm have a story: a firm of fewer leaves some untold."""
    return len(cast.roles(date(2026, 1, 1)))


def a_team(**facts: Any) -> Team:
    return Team.objects.create(**{"name": f"team {next(_count)}", **facts})


def a_user(role: str = Role.SALESPERSON, **facts: Any) -> User:
    n = next(_count)
    return User.objects.create(**{"username": f"{role}{n}", "role": role, "email": f"{role}{n}@example.com", **facts})


def a_customer(**facts: Any) -> Customer:
    n = next(_count)
    return Customer.objects.create(**{"code": f"C{n:04}", "name": f"Customer {n}", **facts})
