"""Finance uploads, looks, corrects, takes; and who may see what."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from config.jobs.models import Job
from config.jobs.running import run
from customers.models import Role
from reconciliation.bank.models import BankAccount, BankLine, BankStatement, ColumnMapping
from reconciliation.bank.tasks import check, take
from tests.build import a_user
from tests.reconciliation.bank.building import a_line, a_statement, an_account, set_aside
from tests.reconciliation.bank.files import CSV

pytestmark = pytest.mark.django_db

# Importing the module registers the jobs, as a worker does when it starts.
JOBS = (check, take)


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(a_user(role))
    return client


@pytest.fixture
def client() -> Client:
    return signed_in(Role.FINANCE)


def done(response: Any) -> Job:
    assert response.status_code == 302, response.content.decode()
    job = Job.objects.latest("created_at")
    run(job.pk)
    job.refresh_from_db()
    return job


def uploaded(client: Client, content: str, **data: Any) -> Job:
    return done(
        client.post(reverse("bank:upload"), {"file": SimpleUploadedFile("march.csv", content.encode()), **data})
    )


def page(client: Client, job: Job) -> str:
    return client.get(reverse("bank:import", args=[job.pk])).content.decode()


def test_a_file_is_read_shown_and_taken_once_however_often_one_clicks(client: Client) -> None:
    account = an_account(number="622200001234")
    job = uploaded(client, CSV)
    assert not BankLine.objects.exists()
    shown = page(client, job)
    for text in ("3 new lines would be taken", account.name, "甲公司", "adds up", "对方户名", "6.2226E+18"):
        assert text in shown
    first = client.post(reverse("bank:take", args=[job.pk]))
    second = client.post(reverse("bank:take", args=[job.pk]))
    assert first["Location"] == second["Location"]
    taken = done(first)
    assert "Taken: 3 new lines" in page(client, taken)
    done(first)
    assert BankLine.objects.count() == 3
    assert ColumnMapping.objects.get().bank == account.bank
    again = uploaded(client, CSV)
    assert "taken before" in page(client, again)
    assert client.post(reverse("bank:take", args=[again.pk])).status_code == 302
    april = uploaded(
        client, CSV.replace("B-3", "B-4").replace('"1,180.00"', '"1,180.00"').replace("20260317", "20260318")
    )
    assert "as it was confirmed before" in page(client, april)


def test_what_was_guessed_wrong_is_corrected_and_remembered(client: Client) -> None:
    account = an_account()
    job = uploaded(client, "列一,列二,列三\n2026-03-15,5.00,甲\n2026-03-16,6.00,乙\n")
    assert "choose it below" not in page(client, job)  # mistakes come first: no amount was found
    assert client.post(reverse("bank:take", args=[job.pk])).status_code == 302
    assert not Job.objects.filter(kind="bank_take").exists()
    columns = {"column-0": "date", "column-1": "received", "column-2": "payer_name"}
    refused = client.post(reverse("bank:again", args=[job.pk]), {**columns, "column-2": "received"})
    assert "chosen for two columns" in refused.content.decode()
    right = done(client.post(reverse("bank:again", args=[job.pk]), {**columns, "account": account.pk}))
    assert "2 new lines would be taken" in page(client, right)
    done(client.post(reverse("bank:take", args=[right.pk])))
    assert [line.payer_name for line in BankLine.objects.order_by("pk")] == ["甲", "乙"]
    assert ColumnMapping.objects.get().columns == ["date", "received", "payer_name"]


def test_an_unknown_account_is_set_up_from_the_file(client: Client) -> None:
    job = uploaded(client, CSV)
    shown = page(client, job)
    assert "No bank account has the number 622200001234 in CNY" in shown
    assert "number=622200001234" in shown
    new = reverse("bank:account-new")
    assert 'value="622200001234"' in client.get(f"{new}?number=622200001234").content.decode()
    facts = {"name": "Basic", "bank": "BOC", "number": "6222 0000-1234", "currency": "CNY", "is_active": "on"}
    assert client.post(new, facts).status_code == 302
    assert BankAccount.objects.get().number == "622200001234"
    assert "already" in client.post(new, {**facts, "name": "Other"}).content.decode()
    read_again = done(client.post(reverse("bank:again", args=[job.pk]), _columns(job)))
    assert "3 new lines would be taken" in page(client, read_again)


def _columns(job: Job) -> dict[str, str]:
    return {f"column-{n}": column["field"] for n, column in enumerate(job.result["columns"])}


def test_an_account_with_statements_keeps_its_currency(client: Client) -> None:
    account = a_statement().account
    facts = {"name": "New name", "bank": "BOC", "number": account.number, "currency": "USD", "is_active": "on"}
    address = reverse("bank:account", args=[account.pk])
    assert "keeps its currency" in client.post(address, facts).content.decode()
    assert client.post(address, {**facts, "currency": "CNY"}).status_code == 302
    account.refresh_from_db()
    assert (account.name, account.currency) == ("New name", "CNY")


def test_lines_are_found_by_what_they_say(client: Client) -> None:
    statement = a_statement()
    came = a_line(statement, amount=Decimal("1234.50"), payer_name="甲公司", memo="合同 A-1", reference="R-77")
    went = a_line(statement, amount=-20, payer_name="乙公司")
    done_one = a_line(statement, amount=5, payer_name="丙公司")
    set_aside(done_one, 5)
    for query, expected in {
        "q=A-1": {came},
        "q=R-77": {came},
        "q=%E4%B9%99": {went},
        "way=out": {went},
        "state=open": {came, went},
        "state=done": {done_one},
        "amount=1234": {came},
        f"statement={statement.pk}&way=in": {came, done_one},
        f"account={an_account().pk}": set(),
        "since=2026-03-16": set(),
    }.items():
        shown = client.get(f"{reverse('bank:lines')}?{query}").content.decode()
        for line in (came, went, done_one):
            assert (line.payer_name in shown) == (line in expected), query
    assert "1,239.50" in client.get(f"{reverse('bank:lines')}?way=in").content.decode()


def test_who_sees_what() -> None:
    line = a_line(payer_account="6222020200011112222")
    pages = [
        *(reverse(f"bank:{name}") for name in ("lines", "statements", "accounts")),
        *(reverse(f"bank:{name}", args=[key]) for name, key in (("line", line.pk), ("statement", line.statement_id))),
    ]
    writing = [
        *(reverse(f"bank:{name}") for name in ("upload", "account-new")),
        *(
            reverse(f"bank:{name}", args=[key])
            for name, key in (("account", line.account_id), ("file", line.statement_id))
        ),
    ]
    secret = f"{reverse('bank:lines')}?columns=date,payer_account&_export=csv"
    finance, auditor = signed_in(Role.FINANCE), signed_in(Role.AUDITOR)
    for address in pages:
        assert finance.get(address).status_code == 200
        assert auditor.get(address).status_code == 200
        assert line.payer_account not in auditor.get(address).content.decode()
        for role in (Role.SALESPERSON, Role.MANAGER):
            assert signed_in(role).get(address).status_code in (403, 404)
    for address in writing:
        assert auditor.get(address).status_code == 403
    assert line.payer_account in b"".join(finance.get(secret)).decode()
    assert line.payer_account not in b"".join(auditor.get(secret)).decode()
    assert line.payer_account in finance.get(pages[3]).content.decode()


def test_another_persons_file_is_not_found(client: Client) -> None:
    an_account(number="622200001234")
    job = uploaded(client, CSV)
    stranger = signed_in(Role.FINANCE)
    assert stranger.get(reverse("bank:import", args=[job.pk])).status_code == 404
    assert stranger.post(reverse("bank:take", args=[job.pk])).status_code == 404
    assert not BankStatement.objects.exists()
