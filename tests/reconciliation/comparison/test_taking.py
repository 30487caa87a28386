"""Taking a list: whole or not at all, by a job where it is large; and what the database keeps."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from config.jobs.models import Job
from config.jobs.registry import KINDS
from config.jobs.running import run
from customers.models import Role, User
from ledger.errors import NotPermitted
from reconciliation.comparison import deciding, tasks
from reconciliation.comparison.errors import DecisionRefused, ListRefused
from reconciliation.comparison.models import CustomerList, Decision, ListLine, ListMapping, ListUpload
from reconciliation.comparison.previewing import preview
from reconciliation.comparison.queries.comparisons import items_of
from reconciliation.comparison.taking import keep_upload
from reconciliation.comparison.views import taking as door
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, money
from tests.reconciliation.comparison.build import a_file, a_list, steps

pytestmark = pytest.mark.django_db
ROWS = ("2026-03-05,,FP-1001,采购,,100.00,", "2026-03-09,,,付款,40.00,,")


@pytest.fixture
def desk() -> Desk:
    desk = Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))
    desk.invoice(100, "2026-03-02", number="FP-1001")
    return desk


@pytest.fixture
def finance() -> User:
    return a_user(Role.FINANCE)


def nothing_taken() -> bool:
    return not (CustomerList.objects.exists() or ListLine.objects.exists() or ListMapping.objects.exists())


@pytest.mark.parametrize(
    ("rows", "facts", "said"),
    [
        (("2026-03-05,,,采购,,12x3,",), {"first_day": "2026-03-01", "as_of": "2026-03-31"}, "nothing was taken"),
        (ROWS, {"first_day": "2026-03-06"}, "Line 2 is dated outside"),
        (ROWS, {"as_of": "2126-03-31"}, "of a day to come"),
    ],
)
def test_what_cannot_be_taken_leaves_nothing(
    finance: User, desk: Desk, rows: tuple[str, ...], facts: dict[str, str], said: str
) -> None:
    with pytest.raises(ListRefused, match=said):
        a_list(finance, desk.customer, *rows, **facts)
    assert nothing_taken()


def test_who_may_not_write_for_the_customer_takes_nothing(desk: Desk) -> None:
    for user in (a_user(), a_user(Role.AUDITOR)):
        with pytest.raises(NotPermitted):
            a_list(user, desk.customer, *ROWS)
    assert nothing_taken()
    assert not ListUpload.objects.exists()


def test_columns_are_asked_once(finance: User, desk: Desk) -> None:
    """What was confirmed goes before what is guessed; and which side is theirs is seen from our own amounts."""
    desk.payment(40, "2026-03-08", number="SK-1")
    turned = ("2026-03-05,,FP-1001,采购,100.00,,", "2026-03-09,,,付款,,40.00,")
    upload = keep_upload(by=finance, customer=desk.customer, file=a_file(*turned))
    shown = preview(upload)
    assert (shown.direction, shown.is_known) == ("debit", False)
    assert [one.amount for one in shown.given.lines] == [100, -40]
    a_list(finance, desk.customer, *ROWS, direction="credit")
    shown = preview(upload)
    assert (shown.direction, shown.is_known) == ("credit", True)


def test_a_large_list_is_a_job(client: Client, finance: User, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MOST_AT_ONCE", 1)
    client.force_login(finance)
    upload = keep_upload(by=finance, customer=desk.customer, file=a_file(*ROWS))
    address = f"/reconciliation/comparison/new/{upload.pk}/"
    form = client.get(address).context["form"]
    said = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    client.post(address, said)
    job = Job.objects.get(kind="customer_list")
    assert nothing_taken()
    assert KINDS["customer_list"].run is tasks.take_list
    run(job.pk)
    row = CustomerList.objects.get()
    assert steps(row) == [("payment", money(40))]
    answer = client.get(f"/reconciliation/comparison/taken/{job.pk}/")
    assert answer["Location"] == f"/reconciliation/comparison/{row.pk}/"


def test_what_a_customer_gave_and_people_said_is_never_changed(finance: User, desk: Desk) -> None:
    row = a_list(finance, desk.customer, *ROWS)
    item = items_of(row).get(cls="payment")
    deciding.choose_class(by=finance, key=uuid4(), item=item, cls="unknown", reason="?")

    def refused(act: Callable[[], Any]) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()

    for model, change in (
        (CustomerList, {"as_of": date(2026, 4, 1)}),
        (ListLine, {"amount": 1}),
        (Decision, {"act": "x"}),
    ):
        refused(lambda: model.objects.update(**change))  # noqa: B023
        refused(lambda: model.objects.all()._raw_delete("default"))  # noqa: B023
    CustomerList.objects.update(withdrawn_by=finance, withdrawn_at=row.taken_at, withdrawn_because="wrong")
    refused(lambda: CustomerList.objects.update(withdrawn_at=None, withdrawn_by=None, withdrawn_because=""))


def test_a_decision_needs_a_reason_and_happens_once(finance: User, desk: Desk) -> None:
    row, key = a_list(finance, desk.customer, *ROWS), uuid4()
    paid, agreed = items_of(row).get(cls="payment"), items_of(row).get(cls="agreed")
    for item, cls, reason in ((paid, "unknown", " "), (paid, "agreed", "so"), (agreed, "price", "so")):
        with pytest.raises(DecisionRefused):
            deciding.choose_class(by=finance, key=key, item=item, cls=cls, reason=reason)
    with pytest.raises(DecisionRefused):
        deciding.pair(by=finance, key=key, row=row, items=[paid], reason="so")
    assert not Decision.objects.exists()
    for _click in range(2):
        deciding.choose_class(by=finance, key=key, item=paid, cls="unknown", reason="so")
    assert Decision.objects.count() == 1
    assert steps(row) == [("unknown", money(40))]
