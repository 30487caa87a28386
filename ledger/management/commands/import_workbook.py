"""Imports a firm's books from a workbook, a zip of CSV files or a folder of them: all of it or nothing."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils.translation import gettext as _

from customers.models import User
from ledger.workbook.intake import Taken, take
from ledger.workbook.parsing import Mistake, parse
from ledger.workbook.reading import UnreadableFile, opened, shown_name

MOST_SHOWN = 100


class Command(BaseCommand):
    help = "Import customers, opening balances, shipments, invoices, payments and allocations; see docs/import.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check everything and post nothing")
        parser.add_argument("--create-salespeople", action="store_true", help="create salespeople that are unknown")
        parser.add_argument("--user", help="import as this user, for that user's customers alone")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        by = self._user(options["user"]) if options["user"] else None
        path: Path = options["file"]
        try:
            with opened(path) as sheets:
                parsed = parse(sheets)
            taken = take(
                parsed,
                by=by,
                note=shown_name(path)[:200],
                dry_run=options["dry_run"],
                create_salespeople=options["create_salespeople"],
            )
        except UnreadableFile as refusal:
            taken = _refused(str(refusal))
        except OperationalError:
            taken = _refused(_("The database is busy or cannot be reached. Try again in a few minutes."))
        if options["format"] == "json":
            answer = taken.as_json()
            answer["dry_run"] = options["dry_run"]
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self._tell(taken, dry_run=options["dry_run"])
        if taken.errors:
            raise CommandError(f"Nothing was posted: the file has {len(taken.errors)} mistakes.")

    def _user(self, name: str) -> User:
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no user {name}.", returncode=2)
        if not user.may_post:
            raise CommandError(f"{name} may read everything and post nothing.")
        return user

    def _tell(self, taken: Taken, *, dry_run: bool) -> None:
        for mistake in taken.warnings[:MOST_SHOWN]:
            sys.stderr.write(f"warning: {_place(mistake)}\n")
        for mistake in taken.errors[:MOST_SHOWN]:
            sys.stderr.write(f"{_place(mistake)}\n")
        if len(taken.errors) > MOST_SHOWN:
            sys.stderr.write(f"… and {len(taken.errors) - MOST_SHOWN} more; --format json lists them all.\n")
        if taken.errors:
            return
        verb = "would be posted" if dry_run else "posted"
        for key, count in taken.posted.items():
            if count or taken.skipped[key]:
                self.stdout.write(f"{key}: {count} {verb}, {taken.skipped[key]} known already")


def _refused(reason: str) -> Taken:
    return Taken(errors=[Mistake("", None, None, None, reason)])


def _place(mistake: Mistake) -> str:
    place = [mistake.sheet, f"row {mistake.row}" if mistake.row else "", mistake.column or ""]
    value = f" “{mistake.value}”" if mistake.value is not None else ""
    return f"{', '.join(part for part in place if part)}{value}: {mistake.message}"
