"""Reading the environment: what cannot be understood stops the start, by name."""

from collections.abc import Collection
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

YES_OR_NO = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


class Environment(environ.Env):  # type: ignore[misc]
    def get_value(
        self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET, parse_default: bool = False
    ) -> Any:
        try:
            return super().get_value(var, cast, default, parse_default)
        except (ValueError, KeyError, TypeError) as error:
            raise refusal(var, str(self.ENVIRON.get(var)), "it cannot be read") from error

    def bool(self, var: str, default: bool = False) -> bool:
        text = self.str(var, "")
        try:
            return YES_OR_NO[text.strip().lower()] if text.strip() else default
        except KeyError:
            raise refusal(var, text, "say yes or no") from None

    def database(self, var: str, default: str) -> dict[str, Any]:
        self.address(var, default, ("postgres", "postgresql", "sqlite"))
        facts: dict[str, Any] = self.db_url(var, default)
        return facts

    def email(self, var: str, default: str) -> dict[str, Any]:
        try:
            facts: dict[str, Any] = self.email_url(var, default=default)
        except ImproperlyConfigured:
            raise refusal(var, "://", "give an address such as smtp+tls://user:password@host:587") from None
        return facts

    def choice(self, var: str, default: str, known: Collection[str]) -> str:
        value: str = self.str(var, default)
        if value not in known:
            some = sorted(known) if len(known) < 10 else [f"one such as {default}"]
            raise refusal(var, value, f"give {' or '.join(some)}")
        return value

    def address(self, var: str, default: str, schemes: Collection[str]) -> str:
        value: str = self.str(var, default)
        if value.partition("://")[0] not in schemes:
            raise refusal(var, value, f"give an address that begins with {' or '.join(f'{s}://' for s in schemes)}")
        return value


def refusal(var: str, value: str, why: str) -> Exception:
    """An address is not repeated, for it may hold a password."""
    shown = var if "://" in value else f"{var}={value}"
    return ImproperlyConfigured(f"{shown}: {why}.")
