"""What a link opens."""

from datetime import datetime

from django.db.models.functions import Coalesce

from reconciliation.statements.links import digest, is_of
from reconciliation.statements.models import Dispatch, Draft


def dispatch_by_token(token: str, *, now: datetime) -> Dispatch | None:
    """The dispatch of a link that is valid; None of one that is wrong, expired, revoked or withdrawn alike."""
    found = Dispatch.objects.valid(now).filter(token_hash=digest(token)).first()
    return found if found is not None and is_of(token, found.token_hash) else None


def dispatch_by_handle(handle: str, *, now: datetime) -> Dispatch | None:
    found = Dispatch.objects.valid(now).filter(handle=handle)
    return found.select_related("statement__customer__owner", "statement__answer").first()


def mark_opened(dispatch: Dispatch, *, now: datetime) -> None:
    """The first time stays. A link that somebody opened has arrived, whoever passed it on."""
    if dispatch.opened_at is None:
        Dispatch.objects.filter(pk=dispatch.pk, opened_at__isnull=True).update(
            opened_at=now, sent_at=Coalesce("sent_at", now)
        )


def begun_in(dispatch: Dispatch, browser: str) -> dict[str, Draft]:
    """What was typed in this browser and not sent, by verdict."""
    found = Draft.objects.filter(dispatch=dispatch, browser=browser).prefetch_related("files")
    return {draft.verdict: draft for draft in found}
