"""Refusals whose text may be shown to a user."""


class ViewRefused(Exception):
    """What was asked of a saved view cannot be done; `field` names the one to change, if any."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
