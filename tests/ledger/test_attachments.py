"""Files on customers and documents: what is kept, what is refused, who opens them, how one is withdrawn."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Role
from ledger.attachments import attach, remove_left_uploads, withdraw
from ledger.documents import Instalment
from ledger.errors import FileRefused, NotPermitted
from ledger.models import Attachment, Entry
from tests.build import a_customer, a_team, a_user
from tests.ledger.attaching import DOCX, JPEG, PDF, PNG, a_file, upload
from tests.ledger.desk import Desk, day, money

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(), name="Blue Mill"))


@pytest.fixture
def goods(desk: Desk) -> Entry:
    return desk.shipment(100, "2026-01-02", number="S-1")


@pytest.fixture
def salesperson(client: Client, desk: Desk) -> Client:
    client.force_login(desk.by)
    return client


def stored_files(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def opened(client: Client, attachment: Attachment) -> int:
    """The status with which the file comes, once it has come whole."""
    response = client.get(address(attachment))
    if response.streaming:
        assert b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return response.status_code


def address(attachment: Attachment) -> str:
    return reverse("ledger:file", args=[attachment.pk])


# --- taking in ----------------------------------------------------------------------------------------------


def test_a_photo_is_kept_with_its_document(desk: Desk, goods: Entry, settings: Any) -> None:
    kept = a_file(desk, entry=goods, note=" signed by Ms Zhang ")
    assert (kept.customer, kept.entry, kept.kind, kept.name) == (desk.customer, goods, "delivery", "photo.jpg")
    assert (kept.content_type, kept.size, kept.sha256) == ("image/jpeg", len(JPEG), hashlib.sha256(JPEG).hexdigest())
    assert (kept.uploaded_by, kept.note) == (desk.by, "signed by Ms Zhang")
    [path] = stored_files(settings)
    assert path.read_bytes() == JPEG
    assert "photo" not in str(path.relative_to(settings.MEDIA_ROOT))
    assert len(path.stem) == 32


def test_a_file_on_an_instalment_is_a_file_on_its_document(desk: Desk) -> None:
    bill = desk.invoice(
        20,
        "2026-06-01",
        instalments=[Instalment(day("2026-07-01"), money(12)), Instalment(day("2026-08-01"), money(8))],
    )
    later = Entry.objects.get(instalment_of=bill)
    assert a_file(desk, PDF, "scan.pdf", entry=later).entry_id == bill.pk


def test_the_same_content_twice_on_a_document_is_one_file(desk: Desk, goods: Entry, settings: Any) -> None:
    first = a_file(desk, entry=goods)
    again = attach(by=desk.by, customer=desk.customer, entry=goods, file=upload(name="again.jpg"), kind="delivery")
    assert (again.attachment, again.is_known) == (first, True)
    assert a_file(desk) != first  # with the customer it is another
    assert len(stored_files(settings)) == 2


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "empty.jpg", "is empty"),
        (b"<html>", "page.jpg", "is no photo"),
        (b"MZ", "reply.exe", "is no photo"),
        (b"a,b\n", "reply.csv", "is no photo"),
        (PDF, "photo.jpg", "it holds PDF"),
        (JPEG + b" " * 100, "large.jpg", "larger than"),
    ],
)
def test_what_is_no_proof_is_refused_and_nothing_is_kept(
    desk: Desk, settings: Any, content: bytes, name: str, said: str
) -> None:
    settings.ATTACHMENT_MAX_BYTES = 100
    with pytest.raises(FileRefused, match=said):
        a_file(desk, content, name)
    assert not Attachment.objects.exists()
    assert stored_files(settings) == []


def test_a_customer_has_room_for_so_much(desk: Desk, settings: Any) -> None:
    settings.ATTACHMENTS_MAX_BYTES = len(JPEG) + len(PNG)
    a_file(desk)
    a_file(desk, PNG, "b.png")
    with pytest.raises(FileRefused, match="together"):
        a_file(desk, PDF, "c.pdf")
    assert Attachment.objects.count() == len(stored_files(settings)) == 2


def test_a_name_is_shortened_and_cleared_of_its_path(desk: Desk) -> None:
    assert a_file(desk, name="C:\\fakepath\\a\x07b.jpg").name == "ab.jpg"
    long = a_file(desk, PNG, "长" * 300 + ".png").name
    assert len(long) == 200
    assert long.endswith(".png")


def test_nobody_adds_files_to_anothers_customer(desk: Desk, settings: Any) -> None:
    for user in (a_user(), a_user(Role.AUDITOR)):
        with pytest.raises(NotPermitted):
            attach(by=user, customer=desk.customer, file=upload(), kind="other")
    assert stored_files(settings) == []


def test_a_file_hangs_on_a_document_of_its_own_customer(desk: Desk, goods: Entry) -> None:
    other = Desk(a_customer(owner=desk.by))
    with pytest.raises(FileRefused, match="another customer"):
        a_file(other, entry=goods)


def test_an_upload_whose_row_cannot_be_written_leaves_no_file(
    desk: Desk, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(Attachment, "save", fails)
    with pytest.raises(ConnectionError):
        a_file(desk)
    assert stored_files(settings) == []


def test_the_night_removes_what_a_killed_upload_left(desk: Desk, settings: Any) -> None:
    kept = a_file(desk)
    left = default_storage.save(f"attachments/{timezone.localdate():%Y-%m}/left.jpg", ContentFile(b"half"))
    now = timezone.now()
    assert remove_left_uploads(now=now) == 0  # it may be under way still
    assert remove_left_uploads(now=now + timedelta(hours=25)) in (0, 1)
    assert not default_storage.exists(left) or (now + timedelta(hours=25)).month != now.month
    assert default_storage.exists(str(kept.file.name))


# --- the database ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", [{"sha256": "0" * 64}, {"name": "other.jpg"}, {"kind": "other"}, {"file": "elsewhere"}, {"size": 1}]
)
def test_the_database_keeps_a_file_as_it_came(desk: Desk, change: dict[str, Any]) -> None:
    kept = a_file(desk)
    with pytest.raises(DatabaseError), transaction.atomic():
        Attachment.objects.filter(pk=kept.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Attachment.objects.filter(pk=kept.pk)._raw_delete("default")
    assert Attachment.objects.get() == kept


def test_the_database_knows_whose_document_it_is_and_wants_a_reason(desk: Desk, goods: Entry) -> None:
    kept = a_file(desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=kept.pk).update(withdrawn_at=timezone.now(), withdrawn_by=desk.by)
    kept.pk, kept.customer, kept.entry = None, a_customer(), goods
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.save(force_insert=True)


# --- withdrawing ----------------------------------------------------------------------------------------------


def test_a_withdrawn_file_stays_for_who_keeps_the_books(client: Client, desk: Desk, goods: Entry) -> None:
    kept = a_file(desk, entry=goods)
    withdraw(by=desk.by, attachment=kept, reason="another customer's note")
    client.force_login(desk.by)
    assert opened(client, kept) == 404
    page = client.get(reverse("ledger:entry", args=[goods.pk])).content.decode()
    assert "another customer&#x27;s note" in page
    assert address(kept) not in page
    client.force_login(a_user(Role.FINANCE))
    assert b"".join(client.get(address(kept)).streaming_content) == JPEG  # type: ignore[attr-defined]
    assert a_file(desk, entry=goods) != kept  # the right one may be the same


def test_a_withdrawal_needs_a_reason_and_stays(desk: Desk) -> None:
    kept = a_file(desk)
    with pytest.raises(FileRefused, match="Say why"):
        withdraw(by=desk.by, attachment=kept, reason=" ")
    with pytest.raises(NotPermitted):
        withdraw(by=a_user(Role.AUDITOR), attachment=kept, reason="so")
    assert not Attachment.objects.get().is_withdrawn
    first = withdraw(by=desk.by, attachment=kept, reason="first")
    assert withdraw(by=desk.by, attachment=kept, reason="second").withdrawn_because == first.withdrawn_because
    with pytest.raises(DatabaseError), transaction.atomic():
        Attachment.objects.update(withdrawn_because="another reason")


def test_what_finance_attached_its_salesperson_does_not_withdraw(
    salesperson: Client, desk: Desk, goods: Entry
) -> None:
    finance = a_user(Role.FINANCE)
    facts = {"customer": desk.customer, "entry": goods, "file": upload(), "kind": "delivery"}
    kept = attach(by=finance, **facts).attachment  # type: ignore[arg-type]
    with pytest.raises(NotPermitted, match="Only who attached"):
        withdraw(by=desk.by, attachment=kept, reason="no longer wanted")
    page = reverse("ledger:withdraw-file", args=[kept.pk])
    assert salesperson.get(page).status_code == 403
    assert salesperson.post(page, {"reason": "no longer wanted"}).status_code == 403
    assert page not in salesperson.get(reverse("ledger:entry", args=[goods.pk])).content.decode()
    assert not Attachment.objects.get().is_withdrawn
    withdraw(by=a_user(Role.FINANCE), attachment=kept, reason="another shipment's")
    assert Attachment.objects.get().is_withdrawn


def test_a_manager_withdraws_what_the_team_attached(desk: Desk) -> None:
    desk.by.team = a_team()
    desk.by.save()
    manager = a_user(Role.MANAGER, team=desk.by.team)
    assert withdraw(by=manager, attachment=a_file(desk), reason="blurred").withdrawn_by == manager


def test_the_page_withdraws(salesperson: Client, desk: Desk, goods: Entry) -> None:
    kept = a_file(desk, entry=goods)
    page = reverse("ledger:withdraw-file", args=[kept.pk])
    assert "reason" in salesperson.post(page, {"reason": ""}).context["form"].errors
    response = salesperson.post(page, {"reason": "blurred"})
    assert response["Location"] == f"{reverse('ledger:entry', args=[goods.pk])}#files"
    assert Attachment.objects.get().withdrawn_because == "blurred"


# --- the doors ------------------------------------------------------------------------------------------------


def test_files_are_uploaded_several_at_once_and_a_wrong_one_costs_no_other(
    salesperson: Client, desk: Desk, goods: Entry
) -> None:
    files = [upload(), upload(b"<html>", "page.html"), upload(PDF, "note.pdf"), upload(name="same.jpg")]
    data = {"files": files, "kind": "delivery", "note": ""}
    response = salesperson.post(reverse("ledger:entry-files", args=[goods.pk]), data, follow=True)
    page = response.content.decode()
    assert "2 files were kept. The same content was there already." in page
    assert "“page.html” is no photo" in page
    assert sorted(Attachment.objects.values_list("name", flat=True)) == ["note.pdf", "photo.jpg"]


def test_htmx_receives_the_panel(salesperson: Client, desk: Desk) -> None:
    data = {"files": [upload(DOCX, "合同.docx")], "kind": "contract"}
    url = reverse("ledger:customer-files", args=[desk.customer.pk])
    page = salesperson.post(url, data, headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith("<section")
    assert "合同.docx" in page
    assert (
        "Choose a file" in salesperson.post(url, {"kind": "other"}, headers={"HX-Request": "true"}).content.decode()
    )


def test_a_photo_is_shown_and_all_else_is_downloaded_and_neither_does_anything(
    salesperson: Client, desk: Desk
) -> None:
    photo, scan = a_file(desk), a_file(desk, PDF, "扫描.pdf")
    shown, loaded = salesperson.get(address(photo)), salesperson.get(address(scan))
    assert b"".join(shown.streaming_content) == JPEG  # type: ignore[attr-defined]
    assert b"".join(loaded.streaming_content) == PDF  # type: ignore[attr-defined]
    assert shown["Content-Disposition"].startswith("inline")
    assert loaded["Content-Disposition"].startswith("attachment")
    assert "%E6%89%AB" in loaded["Content-Disposition"]
    for response in (shown, loaded):
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]
        assert "script" not in response["Content-Security-Policy"]
        assert response["Cache-Control"] == "private, no-cache"


def test_anothers_files_do_not_exist(client: Client, desk: Desk, goods: Entry) -> None:
    kept = a_file(desk, entry=goods)
    client.force_login(a_user())
    assert opened(client, kept) == 404
    assert client.get(reverse("ledger:withdraw-file", args=[kept.pk])).status_code == 404
    assert client.get(reverse("customers:files", args=[desk.customer.pk])).status_code == 404
    for route, pk in (("ledger:entry-files", goods.pk), ("ledger:customer-files", desk.customer.pk)):
        assert client.post(reverse(route, args=[pk]), {"files": [upload()], "kind": "other"}).status_code == 404
    client.logout()
    assert opened(client, kept) == 302


def test_an_auditor_reads_files_and_adds_none(client: Client, desk: Desk) -> None:
    kept = a_file(desk)
    client.force_login(a_user(Role.AUDITOR))
    assert opened(client, kept) == 200
    data = {"files": [upload(PNG, "b.png")], "kind": "other"}
    assert client.post(reverse("ledger:customer-files", args=[desk.customer.pk]), data).status_code == 403
    page = client.get(reverse("customers:files", args=[desk.customer.pk])).content.decode()
    assert kept.name in page
    assert "data-upload" not in page


def test_a_file_of_a_sale_is_seen_by_who_answered_for_it(client: Client, desk: Desk, goods: Entry) -> None:
    """After a handover: the sale's file, not the customer's contract."""
    of_sale, of_customer = a_file(desk, entry=goods), a_file(desk, PDF, "contract.pdf")
    seller = desk.by
    desk.customer.owner = a_user()
    desk.customer.save()
    client.force_login(seller)
    assert opened(client, of_sale) == 200
    assert opened(client, of_customer) == 404
    assert "data-upload" not in client.get(reverse("ledger:entry", args=[goods.pk])).content.decode()


def test_a_file_that_the_storage_lost_is_not_found(salesperson: Client, desk: Desk) -> None:
    kept = a_file(desk)
    default_storage.delete(str(kept.file.name))
    assert opened(salesperson, kept) == 404


def test_open_items_count_their_files(salesperson: Client, desk: Desk, goods: Entry) -> None:
    a_file(desk, entry=goods)
    withdraw(by=desk.by, attachment=a_file(desk, PDF, "b.pdf", entry=goods), reason="wrong")
    [line] = salesperson.get(reverse("customers:detail", args=[desk.customer.pk])).context["open_items"].debts
    assert line.files == 1
