"""Taking a customer's list: the file is kept for a look at its columns, then taken whole or not at all."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, User
from ledger.errors import NotPermitted
from reconciliation.comparison.choices import Direction
from reconciliation.comparison.errors import ListRefused
from reconciliation.comparison.models import CustomerList, ListLine, ListMapping, ListUpload
from reconciliation.comparison.reading import FIELDS, GivenList, read_list
from reconciliation.comparison.refreshing import compare_again
from reconciliation.statements.models import AnswerFile
from reconciliation.tabular import Table, UnreadableTable, find_table, read_sheets

# What nobody confirmed by then is not asked for any more.
UPLOADS_KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Asked:
    """How a person wants the file to be read; balances that the file does not state may be typed."""

    columns: Sequence[str]
    direction: str
    first_day: date
    as_of: date
    opening: Decimal | None
    closing: Decimal | None


def params_of(upload: ListUpload, asked: Asked) -> dict[str, Any]:
    """The same as plain values, for a job."""
    return {
        "upload": upload.pk,
        "columns": list(asked.columns),
        "direction": asked.direction,
        "first_day": asked.first_day.isoformat(),
        "as_of": asked.as_of.isoformat(),
        "opening": None if asked.opening is None else str(asked.opening),
        "closing": None if asked.closing is None else str(asked.closing),
    }


def asked_of(params: dict[str, Any]) -> Asked:
    opening, closing = (None if params[name] is None else Decimal(params[name]) for name in ("opening", "closing"))
    first, last = (date.fromisoformat(params[name]) for name in ("first_day", "as_of"))
    return Asked(params["columns"], params["direction"], first, last, opening, closing)


def keep_upload(*, by: User, customer: Customer, file: "UploadedFile[Any]", source: str = "") -> ListUpload:
    """Keeps a file whose columns are to be looked at. Raises NotPermitted, ListRefused."""
    check_may_compare(by, customer)
    digest = hashlib.sha256(b"".join(file.chunks())).hexdigest()
    _check_new(customer, digest)
    now = timezone.now()
    row = ListUpload(
        customer=customer,
        file_name=Path(file.name or "").name[:200],
        digest=digest,
        source=source,
        uploaded_by=by,
        uploaded_at=now,
    )
    table_of_file(file)
    file.seek(0)
    row.file.save(row.file_name, file, save=False)
    row.save(force_insert=True)
    _remove_left(now - UPLOADS_KEPT)
    return row


def keep_answered(*, by: User, sent: AnswerFile) -> ListUpload:
    """The same with a list that the customer sent in answer to a statement. Raises NotPermitted, ListRefused."""
    with sent.file.open("rb") as stored:
        file = UploadedFile(stored, sent.name, size=sent.size)
        customer = sent.answer.statement.customer
        return keep_upload(by=by, customer=customer, file=file, source=f"answer:{sent.pk}")


def check_may_compare(by: User, customer: Customer) -> None:
    if not Customer.objects.writable_by(by).filter(pk=customer.pk).exists():
        raise NotPermitted(_("You may not post for this customer."))


def table_of_file(file: Any) -> Table:
    """The table in an uploaded or stored file. Raises ListRefused, whose text says how to mend the file."""
    with _on_disk(file) as path:
        try:
            return find_table(read_sheets(path), FIELDS)
        except UnreadableTable as refusal:
            raise ListRefused(str(refusal)) from None


def stored_table(row: "ListUpload | CustomerList") -> Table:
    """The table of a file that is kept. Raises ListRefused."""
    with row.file.open("rb") as stored:
        return table_of_file(stored)


@contextmanager
def _on_disk(file: Any) -> Iterator[Path]:
    with NamedTemporaryFile() as copy:
        file.seek(0)
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def read_as_asked(table: Table, asked: Asked) -> GivenList:
    """The lines; raises ListRefused with every line that is wrong."""
    found = read_list(table, asked.columns, credit_owes=asked.direction == Direction.CREDIT)
    if found.problems:
        raise ListRefused(_("Some of the file cannot be read; nothing was taken."), found.problems)
    outside = [one for one in found.lines if not asked.first_day <= one.day <= asked.as_of]
    if outside:
        message = _("Line %(line)d is dated outside of the days of the list. Correct the first or the last day.")
        raise ListRefused(message % {"line": outside[0].row})
    return found


@transaction.atomic
def take(*, by: User, upload: ListUpload, asked: Asked, now: datetime | None = None) -> CustomerList:
    """Makes the upload a list, remembers its columns, and compares it. Raises NotPermitted, ListRefused."""
    customer = upload.customer
    check_may_compare(by, customer)
    now = now or timezone.now()
    if asked.as_of > timezone.localdate(now):
        raise ListRefused(_("A list of a day to come cannot be compared; give the last day that it covers."))
    table = stored_table(upload)
    given = read_as_asked(table, asked)
    _check_new(customer, upload.digest)
    try:
        with transaction.atomic():
            row = CustomerList.objects.create(
                customer=customer,
                file=upload.file.name,
                file_name=upload.file_name,
                digest=upload.digest,
                source=upload.source,
                first_day=asked.first_day,
                as_of=asked.as_of,
                opening=asked.opening,
                closing=asked.closing,
                columns=list(asked.columns),
                direction=asked.direction,
                line_count=len(given.lines),
                taken_by=by,
                taken_at=now,
            )
    except IntegrityError:
        raise ListRefused(_("This very file was taken already.")) from None
    _store_lines(row, given)
    _remember(customer, table, asked, by, now)
    # The list has the file now.
    ListUpload.objects.filter(pk=upload.pk).delete()
    compare_again(row, now=now)
    return row


def _store_lines(row: CustomerList, given: GivenList) -> None:
    ListLine.objects.bulk_create(
        [
            ListLine(
                customer_list=row,
                position=position,
                row=one.row,
                date=one.day,
                number=one.number,
                our_number=one.our_number,
                amount=one.amount,
                balance=one.balance,
                memo=one.memo,
            )
            for position, one in enumerate(given.lines, start=1)
        ],
        batch_size=1000,
    )


def _remember(customer: Customer, table: Table, asked: Asked, by: User, now: datetime) -> None:
    ListMapping.objects.update_or_create(
        customer=customer,
        headings=table.fingerprint,
        defaults={
            "columns": list(asked.columns),
            "direction": asked.direction,
            "confirmed_by": by,
            "confirmed_at": now,
        },
    )


def _check_new(customer: Customer, digest: str) -> None:
    known = CustomerList.objects.standing().filter(customer=customer, digest=digest).first()
    if known is not None:
        message = _("This very file was taken already: %(name)s. Withdraw it first to read it anew.")
        raise ListRefused(message % {"name": known})


def _remove_left(before: Any) -> None:
    for left in ListUpload.objects.filter(uploaded_at__lt=before)[:50]:
        left.file.delete(save=False)
        left.delete()


@transaction.atomic
def withdraw(*, by: User, row: CustomerList, reason: str) -> None:
    """Takes the list out of use, in sight of all; its file can be taken again. Raises NotPermitted, ListRefused."""
    check_may_compare(by, row.customer)
    if not (because := " ".join(reason.split())[:200]):
        raise ListRefused(_("Say why the list is withdrawn."))
    standing = CustomerList.objects.standing().filter(pk=row.pk)
    changed = standing.update(withdrawn_by=by, withdrawn_at=timezone.now(), withdrawn_because=because)
    if not changed:
        raise ListRefused(_("The list is withdrawn already."))
