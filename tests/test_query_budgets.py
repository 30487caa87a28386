"""Every page answers within its number of queries, however many rows there are.

The budgets stand in query_budgets.json: one more query shows there as a line in review. A page without a budget
fails; `null` marks an address that is no page (it only takes POST).
"""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from aging.history import keeping as month_ends
from config.jobs.models import Job
from config.saved.models import SavedView
from config.saved.services import save_schedule, save_view
from config.saved.times import Rule
from customers.models import Contact, Customer, Role, User
from flags.models import Flag
from flags.sweep import raise_flags
from ledger.documents import Instalment, LineInput
from ledger.models import Allocation, Entry, Kind, PeriodClose
from ledger.workbook.layout import SHEETS
from reconciliation.bank.models import BankLine
from reconciliation.books.models import Rejection
from reconciliation.books.rejecting import reject
from reconciliation.closing.services import close_month
from reconciliation.matching.accepting import Wanted, accept
from reconciliation.matching.claiming import claim, release
from reconciliation.matching.models import Rule as MatchingRule
from reconciliation.matching.running import weigh_all
from reconciliation.rounds.models import State as RoundState
from reconciliation.statements.answering import Marked, Words, answer_on_paper
from reconciliation.statements.models import Answer, AnswerFile
from tests.build import a_customer, a_team, a_user
from tests.ledger.attaching import a_file
from tests.ledger.desk import Desk, day, money
from tests.reconciliation.bank.building import a_line, a_statement, an_account
from tests.reconciliation.comparison.build import a_comparison, an_upload
from tests.reconciliation.rounds.asked import under_way
from tests.reconciliation.rounds.test_differences import a_difference
from tests.reconciliation.statements.building import a_statement as a_statement_of_account
from trends import keeping as expectations

# Addresses that are no pages themselves: they lead on to one, within their budgets.
LEADING_ON = {"home", "ledger:quick", "ledger:grid", "queues:home", "queues:issue-month", "comparison:taken"}
# Pages that are refused to a role; the administrator has them all.
CLOSED_TO = {
    "finance": {"design", "demo:firm"},
    "salesperson": {
        *("design", "demo:firm", "customers:new", "customers:edit", "ledger:opening-new", "flags:thresholds"),
        "books:reject",
        *("bank:lines", "bank:statements", "bank:accounts", "bank:account-new", "bank:account", "bank:file"),
        *("bank:upload", "bank:import"),
        *("statements:firm", "rounds:policy"),
        *(f"closing:{page}" for page in ("months", "month", "workbook", "close", "open")),
        *(f"matching:{page}" for page in ("desk", "matches", "asides", "payers", "rules", "rule", "line", "undo")),
    },
    "administrator": set[str](),
}

BUDGETS: dict[str, int | None] = json.loads((Path(__file__).parent / "query_budgets.json").read_text())


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the product by its name; Django's administration looks after itself."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from routes(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif pattern.name:
            yield prefix + pattern.name, pattern


ROUTES = dict(routes(get_resolver()))


@dataclass
class Firm:
    finance: User
    salesperson: User
    administrator: User
    customer: Customer
    bank_line: BankLine

    def key(self, route: str, user: User) -> Any:  # noqa: C901 -- one case for each kind of page
        """The primary key with which a page that shows one thing is opened."""
        invoices = Entry.objects.filter(customer=self.customer, kind=Kind.INVOICE)
        match route.split(":"):
            case ["customers", *_] | ["queues", "issue-month"] | ["ledger", "allocate-automatically"]:
                return self.customer.pk
            case ["ledger", "undo"]:
                settled = Allocation.objects.filter(customer=self.customer, from_entry__kind=Kind.PAYMENT)
                return settled.latest("pk").pk
            case ["ledger", "file" | "withdraw-file"]:
                return a_file(Desk(self.customer), b"\xff\xd8\xffphoto").pk
            case ["ledger", "delivery"]:
                return Entry.objects.filter(customer=self.customer, kind=Kind.SHIPMENT).earliest("pk").pk
            case ["ledger", *_]:
                return invoices.filter(instalment_of=None).earliest("pk").pk
            case ["statements", "of-customer" | "make-one"]:
                return self.customer.pk
            case ["statements", "answer-file"]:
                return an_answer(self).statement_id, AnswerFile.objects.latest("pk").pk
            case ["statements", *_]:
                return an_answer(self).statement_id
            case ["matching", "accepted"]:
                return an_accepting(user).pk
            case ["matching", page]:
                return a_bank_line(self, page)
            case ["closing", *_]:
                a_closed_month(self)
                return "2026-08"
            case ["books", "rejected-entry"]:
                return a_rejection(self).pk
            case ["comparison", "preview"]:
                return an_upload(user, self.customer).pk
            case ["comparison", "line"]:
                return a_comparison(self.customer.owner or user, self.customer).pk, "theirs", 1
            case ["comparison", *_] if not route.endswith(":taken"):
                return a_comparison(self.customer.owner or user, self.customer).pk
            case ["flags", *_]:
                return Flag.objects.filter(customer=self.customer).earliest("pk").pk
            case ["manual-page"]:
                return "finance"
            case ["dashboard", "figure"]:
                return "overdue"
            case ["jobs" | "imports", *_] | ["queues", "accepted" | "confirmed"] | ["comparison", _]:
                return None
            case ["bank", "account"]:
                return self.bank_line.account_id
            case ["bank", "statement" | "file"]:
                return self.bank_line.statement_id
            case ["bank", "line"]:
                return self.bank_line.pk
            case ["bank", "import"]:
                return a_bank_job(user).pk
            case ["rounds", "asked"]:
                return None
            case ["rounds", *_]:
                return a_difference(self.customer).pk
            case ["saved", *_]:
                return a_view(user).pk
            case _:
                raise AssertionError(f"Say here what {route} is opened with.")


def a_firm() -> Firm:
    """As many customers, documents and flags as make a query for each row stand out."""
    team = a_team()
    salesperson = a_user(team=team)
    customers = [a_customer(owner=salesperson, region=f"region {n % 5}", key_account=n % 7 == 0) for n in range(12)]
    for customer in customers:
        Contact.objects.create(customer=customer, name="Ms Zhang")
        desk = Desk(customer)
        desk.opening(10, "2026-01-01")
        for month in range(1, 6):
            lines = [LineInput("cloth", money(3), "m", money(10)), LineInput("dye", money(1), "", money(5))]
            goods = desk.shipment(35, f"2026-0{month}-02", lines=lines)
            if month < 5:
                desk.invoice(35, f"2026-0{month}-05", shipments=[goods], sent_on=day(f"2026-0{month}-07"))
            desk.payment(20, f"2026-0{month}-20", automatic=month > 1)
        desk.invoice(
            20,
            "2026-06-01",
            instalments=[Instalment(day("2026-07-01"), money(12)), Instalment(day("2026-08-01"), money(8))],
        )
        asked = under_way(customer, state=RoundState.DIFFERS)
        a_difference(customer, reconciliation=asked)
    # The night went by.
    raise_flags(as_of=timezone.localdate())
    month_ends.keep(today=timezone.localdate())
    expectations.keep(today=timezone.localdate())
    return Firm(
        a_user(Role.FINANCE), salesperson, a_user(Role.ADMINISTRATOR), customers[0], bank_lines(account_count=3)[0]
    )


@pytest.fixture
def firm() -> Firm:
    return a_firm()


def a_job(user: User) -> Job:
    """An import that went well, with a file to fetch."""
    nothing = {sheet.key: 0 for sheet in SHEETS}
    job = Job.objects.create(
        user=user,
        kind="import",
        state=Job.State.DONE,
        upload_name="books.xlsx",
        finished_at=timezone.now(),
        result={"posted": nothing, "skipped": nothing, "sums": {}, "mistakes": 0, "errors": [], "warnings": []},
    )
    job.file.save("copy.xlsx", ContentFile(b"rows"))
    return job


def bank_lines(*, account_count: int) -> list[BankLine]:
    """A few accounts with statements that leave gaps, the last one with its file."""
    for account in [an_account() for _n in range(account_count)]:
        for month in (1, 3, 5):
            days = {"first_date": day(f"2026-0{month}-01"), "last_date": day(f"2026-0{month}-28")}
            statement = a_statement(account, file=ContentFile(b"x", "x.csv"), imported_by=a_user(), **days)
            for _n in range(3):
                a_line(statement, payer_name="Customer", date=days["last_date"])
    return list(BankLine.objects.newest_first())


def a_bank_job(user: User) -> Job:
    part = dict.fromkeys(("account", "name", "number", "holder", "gap", "first", "last", "statement", "opening"))
    part |= {"currency": "CNY", "lines": 0, "new": 0, "known": 0, "in": "0.00", "out": "0.00", "closing": "1.00"}
    result = {"format": "csv", "parts": [part], "is_remembered": False, "is_known": False, "lacks_account": True}
    result |= {"columns": [{"heading": "日期", "examples": ["2026-03-15"], "field": "date"}], "new": 0, "known": 0}
    result |= {"mistakes": 0, "errors": [], "warnings": [], "sample": []}
    return Job.objects.create(
        user=user, kind="bank_check", state=Job.State.DONE, finished_at=timezone.now(), result=result
    )


def address_of(route: str, firm: Firm, job: Job) -> str:
    """With the key that it takes, and the customer for whom a document is recorded."""
    key = firm.key(route, job.user) if ROUTES[route].pattern.converters else ()
    arguments = list(key) if isinstance(key, tuple) else [key or job.pk]
    if route == "queues:issue-month":
        arguments.append("2026-05")
    address = reverse(route, args=arguments)
    if route == "saved:new":
        return f"{address}?at=/customers/"
    return f"{address}?customer={firm.customer.pk}" if route.endswith("-new") else address


# What one does not see is not there.
HIDDEN_FROM = {"salesperson": {"bank:line", "bank:statement"}}


def expected_status(route: str, role: str) -> int:
    if route in HIDDEN_FROM.get(role, ()):
        return 404
    if route in LEADING_ON:
        return 302
    return 403 if route in CLOSED_TO[role] else 200


def a_bank_line(firm: Firm, page: str) -> Any:
    """A receipt that may be claimed and is; beside it one that is matched. What the page shows of them."""
    lines = [a_line(amount=20, payer_name="Ms Zhang") for _ in range(4)]
    weigh_all()
    release(lines=lines[:2], by=firm.finance)
    claims = [claim(line=line, by=firm.salesperson, customer=firm.customer, reason="said") for line in lines[:2]]
    wanted = [Wanted(firm.customer.pk, money(20))]
    matched = [accept(line=line, by=firm.finance, wanted=wanted, key=uuid.uuid4()).matches[0] for line in lines[2:]]
    match page:
        case "undo":
            return matched[0].pk
        case "claimed":
            return claims[0].pk
        case "rule":
            return MatchingRule.objects.get_or_create(currency="CNY")[0].pk
    return lines[0].pk


def an_accepting(user: User) -> Job:
    """A job that has accepted many lines."""
    result = {"lines": 250, "posted": 3, "recorded": 247, "amounts": {"CNY": "1234.00"}, "reasons": []}
    return Job.objects.create(
        user=user, kind="match_exact", state=Job.State.DONE, params={"key": str(uuid.uuid4())}, result=result
    )


def a_rejection(firm: Firm) -> Rejection:
    goods = Entry.objects.filter(customer=firm.customer, kind=Kind.SHIPMENT, reverses=None).latest("pk")
    rejected = reject(entries=[goods], by=firm.finance, reason="not seen")
    return (rejected.done or rejected.already)[0]


def an_answer(firm: Firm) -> Answer:
    """A statement that came back on paper, with a scan."""
    statement = a_statement_of_account(firm.customer)
    files = [(AnswerFile.Kind.REPLY, ContentFile(b"\xff\xd8\xffphoto", "reply.jpg"))]
    lines = [Marked("unknown", row.entry) for row in statement.account.items[:9]]
    words = Words(Answer.Verdict.DIFFERS, "Ms Zhang", lines=lines, files=files)
    return answer_on_paper(by=firm.salesperson, statement=statement, words=words)


def a_closed_month(firm: Firm) -> None:
    if not PeriodClose.objects.exists():
        close_month(month=day("2026-08-01"), by=firm.finance)


def a_view(user: User) -> SavedView:
    """A view that is sent to a few people."""
    view = save_view(user=user, name="overdue", address="/customers/?overdue=yes", shared=True)
    save_schedule(view=view, rule=Rule("week", 0, 1, 8), recipients=[user, a_user(), a_user()])
    return view


def test_every_address_has_a_budget() -> None:
    assert set(BUDGETS) == set(ROUTES)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role",
    [
        # The number of questions is the same on both engines; that each can answer them is seen with all pages.
        pytest.param("finance", marks=pytest.mark.any_engine),
        pytest.param("salesperson", marks=pytest.mark.any_engine),
        "administrator",
    ],
)
def test_every_page_keeps_within_its_budget(client: Client, firm: Firm, role: str) -> None:
    user = getattr(firm, role)
    client.force_login(user)
    job = a_job(user)
    too_many = {}
    for route, budget in BUDGETS.items():
        if budget is None:
            continue
        address = address_of(route, firm, job)
        with CaptureQueriesContext(connection) as queries:
            # Who has signed in is not asked to do it again.
            response = (Client() if route == "login" else client).get(address)
            if response.streaming:
                assert b"".join(response)
        # Closing the response itself would close the test's database too.
        for close in response._resource_closers:  # type: ignore[attr-defined]
            close()
        assert response.status_code == expected_status(route, role), f"{route}: {response.status_code}"
        if len(queries) > budget:
            too_many[route] = [query["sql"][:300] for query in queries.captured_queries]
    assert not too_many
