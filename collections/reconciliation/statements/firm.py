"""Changing who we are, as our papers say it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from config.papers import paper
from customers.models import User
from ledger.errors import FileRefused, NotPermitted
from ledger.file_types import JPEG, PNG, recognised
from reconciliation.statements.models import FirmProfile

LARGEST_LOGO = 300 * 1024


def may_change_firm(user: User) -> bool:
    return user.keeps_books


def save_firm(*, by: User, profile: FirmProfile, logo: Any = None, remove_logo: bool = False) -> FirmProfile:
    """Stores the profile. An old logo stays in the storage: papers that were made with it are kept as they are."""
    if not may_change_firm(by):
        raise NotPermitted(_("Only finance and administrators say who the firm is."))
    if logo is not None:
        _check_logo(logo)
        profile.logo.save(logo.name, logo, save=False)
    elif remove_logo:
        profile.logo = ""
    profile.pk, profile.changed_by, profile.changed_at = FirmProfile.ONLY, by, timezone.now()
    profile.save()
    return profile


def _check_logo(logo: Any) -> None:
    """A picture that a paper can really be made with."""
    if recognised(logo) not in (PNG, JPEG):
        raise FileRefused(_("A logo is a picture in PNG or JPEG."), field="logo")
    if logo.size > LARGEST_LOGO:
        raise FileRefused(_("A logo has %(n)d KB at most.") % {"n": LARGEST_LOGO // 1024}, field="logo")
    try:
        paper("papers/logo.typ", {"logo": list(logo.read())})
    except RuntimeError:
        raise FileRefused(_("This picture cannot be drawn; save it anew as PNG."), field="logo") from None
    finally:
        logo.seek(0)
