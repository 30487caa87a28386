"""Files as a page shows them."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from customers.models import Customer, User
from ledger.attachments import LIKELY_KINDS
from ledger.file_types import TYPES
from ledger.models import Attachment, Entry

# A customer's page shows so many, the newest first.
MOST_SHOWN = 100
ACCEPTED = ",".join(suffix for known in TYPES for suffix in known.suffixes)


@dataclass(frozen=True, slots=True)
class FilesPanel:
    """The files of a customer or of a document, and what the panel around them needs for taking in more."""

    files: list[Attachment]
    address: str
    likely_kind: str
    of_entry: bool
    may_upload: bool
    # Withdrawn files are opened by who keeps the books or examines them.
    opens_withdrawn: bool
    # The keys of those that the user may withdraw.
    withdrawable: Set[int]
    refused: Sequence[str] = ()
    told: str = ""

    @property
    def kinds(self) -> list[tuple[str, Any]]:
        return list(Attachment.Kind.choices)

    @property
    def accepted(self) -> str:
        return ACCEPTED

    @property
    def is_cut(self) -> bool:
        return not self.of_entry and len(self.files) >= MOST_SHOWN


def attachments_visible_to(user: User) -> QuerySet[Attachment]:
    return Attachment.objects.visible_to(user).select_related("customer", "entry")


def files_panel(
    user: User,
    customer: Customer,
    entry: Entry | None,
    *,
    may_upload: bool,
    refused: Sequence[str] = (),
    told: str = "",
) -> FilesPanel:
    """Of a customer the newest files, those on its documents among them; of a document all, on its first entry."""
    first = (entry.instalment_of_id or entry.pk) if entry else None
    kept = Attachment.objects.filter(entry=first) if first else Attachment.objects.filter(customer=customer)
    found = kept.select_related("entry", "uploaded_by", "withdrawn_by").newest_first()
    files = list(found if first else found[:MOST_SHOWN])
    standing = [file for file in files if not file.is_withdrawn] if may_upload else []
    return FilesPanel(
        files=files,
        address=reverse("ledger:entry-files", args=[first])
        if first
        else reverse("ledger:customer-files", args=[customer.pk]),
        likely_kind=LIKELY_KINDS.get(entry.kind, Attachment.Kind.OTHER) if entry else Attachment.Kind.OTHER,
        of_entry=entry is not None,
        may_upload=may_upload,
        opens_withdrawn=user.sees_all,
        withdrawable={file.pk for file in standing if file.may_be_withdrawn_by(user)},
        refused=refused,
        told=told,
    )
