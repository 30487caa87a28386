"""Takes a bank statement: the file that the page takes, by the same service."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from ledger.workbook.reading import shown_name
from reconciliation.bank.comparing import Taken
from reconciliation.bank.errors import StatementRefused
from reconciliation.bank.formats.parsed import ParsedFile
from reconciliation.bank.intake import check, take
from reconciliation.bank.queries import account_named
from reconciliation.bank.summary import as_json
from reconciliation.tabular import Problem

MOST_SHOWN = 100


class Command(BaseCommand):
    help = "Take a bank statement: CAMT.053, MT940, OFX, CSV, .xlsx or .xls; see docs/bank.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--account", help="the account, by its name or number; else by the number in the file")
        parser.add_argument("--dry-run", action="store_true", help="read and compare, store nothing")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        now = timezone.now()
        account = None
        if options["account"] and (account := account_named(options["account"])) is None:
            raise CommandError(f"There is no bank account {options['account']}.", returncode=2)
        facts: dict[str, Any] = {"today": timezone.localdate(now), "account": account}
        try:
            if options["dry_run"]:
                taken = check(path, **facts)
            else:
                taken = take(path, by=None, file_name=shown_name(path), now=now, **facts)
        except StatementRefused as refusal:
            taken = check(path, **facts)
            taken.parsed.errors.append(Problem(None, None, str(refusal)))
        except DatabaseError:
            message = _("The database is busy or cannot be reached. Try again in a few minutes.")
            taken = Taken(ParsedFile("", errors=[Problem(None, None, message)]), [])
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_json(taken), ensure_ascii=False))
        else:
            self._tell(taken, dry_run=options["dry_run"])
        for problem in taken.parsed.warnings[:MOST_SHOWN]:
            sys.stderr.write(f"warning: {_said(problem)}\n")
        for problem in taken.errors[:MOST_SHOWN]:
            sys.stderr.write(f"{_said(problem)}\n")
        if taken.errors:
            count = len(taken.errors)
            raise CommandError(f"Nothing was taken: the file has {count} {'mistake' if count == 1 else 'mistakes'}.")

    def _tell(self, taken: Taken, *, dry_run: bool) -> None:
        if taken.errors:
            return
        for part in taken.parts:
            statement = part.statement
            name = part.account.name if part.account else statement.account or "?"
            self.stdout.write(
                f"{name}: {len(statement.lines)} lines, in {statement.received:.2f}, out {statement.paid:.2f} "
                f"{statement.currency}"
            )
        if taken.is_known:
            self.stdout.write("This file was taken before; nothing was done.")
        else:
            verb = "would be taken" if dry_run else "taken"
            self.stdout.write(f"{taken.new} new lines {verb}, {taken.known} known already.")


def _said(problem: Problem) -> str:
    place = f"line {problem.line}" if problem.line else ""
    value = f"“{problem.value}”" if problem.value else ""
    return ": ".join(part for part in (" ".join(filter(None, (place, value))), problem.message) if part)
