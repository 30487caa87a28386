"""Confirms the firm's past: all goods and money up to a day, in one act."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.models import User
from ledger.confirmation import confirm_until
from ledger.errors import LedgerError


class Command(BaseCommand):
    help = "Confirm all shipments, returns, payments and refunds dated up to DAY; see docs/ledger.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("day", type=date.fromisoformat, metavar="DAY", help="the last day, as 2025-12-31")
        parser.add_argument("--user", help="confirm as this user of finance; else it is said to be a command's")
        parser.add_argument("--note", default="", help="what was compared, kept with each confirmation")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = confirm_until(
                day=options["day"],
                by=self._user(options["user"]) if options["user"] else None,
                note=options["note"][:200],
                told=self._told if options["verbosity"] > 1 else lambda done, all_of_it: None,
            )
        except LedgerError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{count} entries up to {options['day']} were confirmed.")

    def _user(self, name: str) -> User:
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no user {name}.", returncode=2)
        return user

    def _told(self, done: int, all_of_it: int) -> None:
        self.stdout.write(f"{done} of {all_of_it} customers")
