"""Where a measurement happens: a loaded database, a bare connection beside Django's, and the rounds to take."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.bare import Connection
from bench.load import Firm, Loaded
from customers.models import Role, User


@dataclass(frozen=True, slots=True)
class Scene:
    name: str
    firm: Firm
    loaded: Loaded
    bare: Connection
    today: date
    rounds: int

    @property
    def label(self) -> str:
        if self.firm.history < 1:
            return f"{_short(self.firm.invoices)}, of the closed ones the last {self.firm.history:.0%}"
        return f"{_short(self.firm.invoices)}, {self.firm.open_share * 100:.0f} % open"

    @property
    def past_days(self) -> dict[str, date]:
        """The two past days of the reports: the end of last month, and one thirty months ago."""
        month = self.today.year * 12 + self.today.month - 1 - 30
        return {
            "last month's end": self.today.replace(day=1) - timedelta(days=1),
            "30 months ago": date(month // 12, month % 12 + 1, min(self.today.day, 28)),
        }

    def finance(self) -> User:
        return User.objects.get(role=Role.FINANCE)


def _short(number: int) -> str:
    for unit, name in ((1_000_000, "M"), (1_000, "k")):
        if number >= unit:
            return f"{number / unit:g}{name}"
    return str(number)


def browser(user: User) -> Client:
    client = Client(SERVER_NAME="localhost", raise_request_exception=True)
    client.force_login(user)
    return client


def page(client: Client, address: str, *, target: str = "") -> Callable[[], None]:
    """The page, or what of it htmx asks for by the name of its place."""
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}

    def get() -> None:
        response = client.get(address, headers=headers)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answers {response.status_code}")

    return get


def queries_of(way: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        way()
    return len(queries)
