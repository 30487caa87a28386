"""The import in the browser: upload, look, post once; and a worker that is killed in the middle."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from config.jobs.models import Job
from config.jobs.running import run
from config.jobs.services import enqueue
from customers.models import Customer, Role, User
from ledger.models import Entry, Posting
from ledger.tasks import check_workbook, import_workbook
from ledger.workbook.layout import SHEETS
from ledger.workbook.template import template
from tests.build import a_customer, a_user
from tests.ledger.workbook.files import FIRM, a_workbook, imported
from tests.worker import Worker

pytestmark = pytest.mark.django_db

# Importing the module registers the jobs, as a worker does when it starts.
JOBS = (check_workbook, import_workbook)


@pytest.fixture
def finance() -> User:
    return a_user(role=Role.FINANCE)


@pytest.fixture
def client(finance: User) -> Client:
    client = Client()
    client.force_login(finance)
    return client


def upload(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


def checked(client: Client, path: Path, **data: Any) -> Job:
    response = client.post(reverse("imports:upload"), {"file": upload(path), **data})
    assert response.status_code == 302
    job = Job.objects.latest("created_at")
    run(job.pk)
    job.refresh_from_db()
    return job


def done(job: Job) -> Job:
    run(job.pk)
    job.refresh_from_db()
    return job


def test_an_upload_is_checked_shown_and_posted_once_however_often_one_clicks(client: Client, tmp_path: Path) -> None:
    job = checked(client, a_workbook(tmp_path / "firm.xlsx", FIRM), create_salespeople="on")
    assert (job.state, job.result["posted"]["invoices"]) == (Job.State.DONE, 3)
    assert not Entry.objects.exists()
    shown = client.get(reverse("imports:detail", args=[job.pk])).content.decode()
    assert "nothing is posted yet" in shown
    first = client.post(reverse("imports:post", args=[job.pk]))
    second = client.post(reverse("imports:post", args=[job.pk]))
    assert first["Location"] == second["Location"]
    posting = done(Job.objects.get(kind="import"))
    assert posting.result["posted"]["invoices"] == 3
    assert Entry.objects.filter(kind="invoice").count() == 2
    assert "Posted" in client.get(reverse("imports:detail", args=[posting.pk])).content.decode()
    done(posting)
    assert Posting.objects.count() == 1
    assert Posting.objects.get().note == "firm.xlsx"


def test_mistakes_are_listed_and_marked_in_a_copy(client: Client, tmp_path: Path) -> None:
    sheets = {**FIRM, "Payments": [[*FIRM["Payments"][0]], ["P1", "C1", "soon", "=1+1", None, None, None, None]]}
    job = checked(client, a_workbook(tmp_path / "firm.xlsx", sheets), create_salespeople="on")
    assert job.result["mistakes"] == 2
    shown = client.get(reverse("imports:detail", args=[job.pk])).content.decode()
    assert "2 mistakes" in shown
    assert "soon" in shown
    answer = client.get(reverse("jobs:file", args=[job.pk]))
    copy = load_workbook(io.BytesIO(b"".join(answer)))
    cell = copy["Payments"]["C2"]
    assert (cell.value, cell.fill.fgColor.rgb) == ("soon", "00FF9999")
    assert cell.comment is not None
    assert "2026-03-31" in cell.comment.text
    assert copy["Payments"]["D2"].value == "=1+1"
    assert copy["Payments"]["D2"].data_type == "s", "text is copied as text"
    assert copy["Customers"]["B2"].value == "华东机械有限公司"
    assert copy["Mistakes"].max_row == 3
    refused = client.post(reverse("imports:post", args=[job.pk]), follow=True)
    assert "nothing was posted" in refused.content.decode()
    assert not Job.objects.filter(kind="import").exists()


@pytest.mark.parametrize(
    ("name", "content", "says"), [("x.pdf", b"%PDF", "Choose a .xlsx"), ("x.xlsx", b"", "empty")]
)
def test_a_file_of_another_kind_is_refused_at_the_door(client: Client, name: str, content: bytes, says: str) -> None:
    answer = client.post(reverse("imports:upload"), {"file": SimpleUploadedFile(name, content)})
    assert says in answer.content.decode()
    assert not Job.objects.exists()


def test_a_damaged_workbook_ends_in_a_sentence(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"PK\x03\x04 no zip")
    job = checked(client, path)
    assert job.state == Job.State.FAILED
    assert "damaged" in job.error


def test_another_persons_import_is_not_found(client: Client, tmp_path: Path) -> None:
    job = checked(client, a_workbook(tmp_path / "firm.xlsx", FIRM), create_salespeople="on")
    stranger = Client()
    stranger.force_login(a_user(role=Role.FINANCE))
    assert stranger.get(reverse("imports:detail", args=[job.pk])).status_code == 404
    assert stranger.post(reverse("imports:post", args=[job.pk])).status_code == 404
    auditor = Client()
    auditor.force_login(a_user(role=Role.AUDITOR))
    assert auditor.get(reverse("imports:upload")).status_code == 403


def test_a_salesperson_cannot_create_salespeople_by_an_upload(tmp_path: Path) -> None:
    client = Client()
    client.force_login(a_user(role=Role.SALESPERSON))
    job = checked(client, a_workbook(tmp_path / "firm.xlsx", FIRM), create_salespeople="on")
    assert job.result["mistakes"]
    assert not User.objects.filter(username="lina").exists()


@pytest.mark.parametrize("chinese", [True, False])
def test_the_template_with_its_example_can_be_imported_as_it_is(chinese: bool, tmp_path: Path) -> None:
    path = tmp_path / "example.xlsx"
    template(chinese=chinese, example=True).save(path)
    taken = imported(path)
    assert taken.errors == []
    assert all(taken.posted[sheet.key] for sheet in SHEETS)


def test_the_empty_template_is_offered_in_the_language_of_the_page(client: Client) -> None:
    for lang, name in (("zh-hans", "客户"), ("en", "Customers")):
        answer = client.get(reverse("imports:template"), {"lang": lang})
        book = load_workbook(io.BytesIO(b"".join(answer)))
        assert book.sheetnames[0] == name
        assert book[name].max_row > 1, "the rows to fill in are formatted"
        assert book[name]["A2"].value is None


@contextmanager
def holding(customer: Customer) -> Iterator[None]:
    """Another session has the customer's row for as long as the block lasts."""
    held, let_go = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            Customer.objects.select_for_update().get(pk=customer.pk)
            held.set()
            let_go.wait(60)
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(hold)
        held.wait(10)
        yield
        let_go.set()
        ended.result()


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.postgresql
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_an_import_posts_nothing_and_the_next_one_all(
    worker: Worker, tmp_path: Path
) -> None:
    finance = a_user(role=Role.FINANCE)
    blocked = a_customer(code="C9", owner=finance)
    sheets = {**FIRM, "Payments": [*FIRM["Payments"], ["P9", "C9", "2026-03-01", 5, None, None, None, None]]}
    path = a_workbook(tmp_path / "firm.xlsx", sheets)
    # The import creates its customers and then waits for the lock: it is in the middle of its transaction.
    with holding(blocked):
        job = enqueue(user=finance, kind="import", params={"create_salespeople": True}, upload=upload(path))
        worker.start()
        worker.wait_until(somebody_waits_for_a_lock)
        worker.kill()
    assert list(Customer.objects.values_list("code", flat=True)) == ["C9"]
    assert not Entry.objects.exists()
    worker.start()
    worker.wait_until(lambda: Job.objects.get(pk=job.pk).state == Job.State.DONE)
    assert Job.objects.get(pk=job.pk).result["posted"]["payments"] == 4
    assert Posting.objects.count() == 1
