"""Who may look at the bank's lines."""

from typing import Any

from django.core.exceptions import PermissionDenied


def require_insight(user: Any) -> None:
    """What stands on the firm's account is for those who see all."""
    if not user.sees_all:
        raise PermissionDenied
