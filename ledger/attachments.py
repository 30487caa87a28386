"""Files on a customer or on one document: taken in, recognised, withdrawn in sight; never changed, never deleted."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, User
from ledger.errors import FileRefused, NotPermitted
from ledger.file_types import belies, recognised
from ledger.models import Attachment, Entry, Kind
from ledger.models.attachments import FOLDER
from ledger.posting import lock_customers

MEGABYTE = 1024 * 1024
LONGEST_NAME = Attachment._meta.get_field("name").max_length or 200
# An upload under way writes its file before its row; longer than this none takes.
LONGEST_UPLOAD = timedelta(hours=24)
# What a file on a document most likely is.
LIKELY_KINDS: dict[str, str] = {
    Kind.SHIPMENT: Attachment.Kind.DELIVERY,
    Kind.RETURN: Attachment.Kind.DELIVERY,
    Kind.INVOICE: Attachment.Kind.INVOICE,
    Kind.CREDIT_NOTE: Attachment.Kind.INVOICE,
}


@dataclass(frozen=True, slots=True)
class Taken:
    attachment: Attachment
    # The same content was there already; nothing new was stored.
    is_known: bool


def attach(
    *,
    by: User,
    customer: Customer,
    file: UploadedFile,  # type: ignore[type-arg]
    kind: str,
    entry: Entry | None = None,
    note: str = "",
) -> Taken:
    """Keeps the file with the customer, or with the document of `entry`. The file is stored first and named by a row
    last: an upload that is killed leaves no row, and `remove_left_uploads` takes its file away.

    Raises FileRefused where the bytes are none of the types that are kept or too many, NotPermitted.
    """
    if entry is not None and entry.customer_id != customer.pk:
        raise FileRefused(_("%(entry)s belongs to another customer.") % {"entry": entry})
    name = _plain_name(file.name or "")
    new = Attachment(
        customer=customer,
        entry_id=(entry.instalment_of_id or entry.pk) if entry else None,
        kind=Attachment.Kind(kind),
        name=name,
        content_type=_checked_type(file, name),
        size=file.size or 0,
        sha256=_digest(file),
        note=note.strip(),
        uploaded_by=by,
    )
    _check_may_write(by, customer)
    if (known := _same_content(new)) is not None:
        return Taken(known, is_known=True)
    new.file.save(name, file, save=False)
    try:
        with transaction.atomic():
            lock_customers([customer.pk])
            _check_may_write(by, customer)
            _check_room(customer, new.size)
            new.uploaded_at = timezone.now()
            new.save(force_insert=True)
    except IntegrityError:
        # Sent twice at once: the other was faster.
        new.file.delete(save=False)
        if (known := _same_content(new)) is None:
            raise
        return Taken(known, is_known=True)
    except BaseException:
        new.file.delete(save=False)
        raise
    return Taken(new, is_known=False)


@transaction.atomic
def withdraw(*, by: User, attachment: Attachment, reason: str) -> Attachment:
    """Says that the file proves nothing here. It stays, with who, when and why, for those who keep the books; the
    same content may be uploaded anew. What a colleague has attached is for finance and managers to withdraw.
    """
    lock_customers([attachment.customer_id])
    stored = Attachment.objects.select_related("customer", "entry").get(pk=attachment.pk)
    _check_may_write(by, stored.customer)
    if not stored.may_be_withdrawn_by(by):
        raise NotPermitted(_("Only who attached the file, finance or a manager may withdraw it."))
    if not reason.strip():
        raise FileRefused(_("Say why the file is withdrawn."), field="reason")
    if stored.is_withdrawn:
        return stored
    stored.withdrawn_by, stored.withdrawn_at, stored.withdrawn_because = by, timezone.now(), reason.strip()[:200]
    stored.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    return stored


def remove_left_uploads(*, now: datetime, storage: Storage | None = None) -> int:
    """Removes files that no row names: their upload was killed between the file and the row. Looks at the folders of
    this month and the last, which is where such files of the last days are.
    """
    kept = storage or Attachment._meta.get_field("file").storage
    removed = 0
    for folder in _latest_folders(now, kept):
        paths = {f"{folder}/{name}" for name in kept.listdir(folder)[1]}
        named = set(Attachment.objects.filter(file__startswith=f"{folder}/").values_list("file", flat=True))
        for path in paths - named:
            if kept.get_modified_time(path) < now - LONGEST_UPLOAD:
                kept.delete(path)
                removed += 1
    return removed


def _latest_folders(now: datetime, storage: Storage) -> list[str]:
    today = timezone.localdate(now)
    months = {f"{FOLDER}/{day:%Y-%m}" for day in (today, today.replace(day=1) - timedelta(days=1))}
    return [folder for folder in sorted(months) if storage.exists(folder)]


def _plain_name(name: str) -> str:
    """The last part of the name without what a terminal or a header would obey, its ending kept where it is long."""
    said = PurePath(name.replace("\\", "/")).name
    plain = "".join(char for char in said if char.isprintable()).strip(". ") or _("file")
    suffix = PurePath(plain).suffix[:20]
    return plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - len(suffix)] + suffix


def _checked_type(file: Any, name: str) -> str:
    limit = settings.ATTACHMENT_MAX_BYTES
    if not file.size:
        raise FileRefused(_("“%(name)s” is empty.") % {"name": name})
    if file.size > limit:
        said = _("“%(name)s” is larger than %(n)d MB.")
        raise FileRefused(said % {"name": name, "n": limit // MEGABYTE})
    found = recognised(file)
    if found is None:
        said = _("“%(name)s” is no photo, PDF, OFD, Excel (.xlsx) or Word (.docx) file; save it as one of these.")
        raise FileRefused(said % {"name": name})
    if belies(name, found):
        said = _("“%(name)s” is not what its name says: it holds %(type)s. Give it the right ending.")
        raise FileRefused(said % {"name": name, "type": found.suffix.removeprefix(".").upper()})
    return found.content_type


def _digest(file: Any) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _same_content(new: Attachment) -> Attachment | None:
    found = Attachment.objects.standing().filter(customer=new.customer_id, entry=new.entry_id, sha256=new.sha256)
    return found.first()


def _check_may_write(by: User, customer: Customer) -> None:
    if not Customer.objects.writable_by(by).filter(pk=customer.pk).exists():
        raise NotPermitted(_("You may not post for %(customer)s.") % {"customer": customer})


def _check_room(customer: Customer, size: int) -> None:
    limit = settings.ATTACHMENTS_MAX_BYTES
    taken = Attachment.objects.filter(customer=customer).aggregate(total=Sum("size"))["total"] or 0
    if taken + size > limit:
        said = _("The files of this customer would have more than %(n)d MB together.")
        raise FileRefused(said % {"n": limit // MEGABYTE})
