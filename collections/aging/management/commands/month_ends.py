"""Keeps stored month ends as the night does, or compares them with the ledger; exit status 1 where one is wrong."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from aging.history import keeping
from aging.history.checking import differences


class Command(BaseCommand):
    help = "Fill and refresh the stored month ends; with --check, compare them with the ledger instead."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare what is stored, and change nothing")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check(as_json=options["format"] == "json")
            return
        kept = keeping.keep(today=timezone.localdate())
        if options["format"] == "json":
            self.stdout.write(json.dumps(asdict(kept)))
        else:
            self.stdout.write(
                f"{kept.filled} days filled, {kept.refreshed} customers refreshed, {kept.removed} dropped."
            )

    def _check(self, *, as_json: bool) -> None:
        found = list(differences())
        if as_json:
            rows = [asdict(one) | {"day": one.day.isoformat()} for one in found]
            self.stdout.write(json.dumps({"ok": not found, "differences": rows}))
        else:
            for one in found:
                self.stdout.write(
                    f"{one.day} customer {one.customer} {one.column}: stored {one.stored}, expected {one.expected}"
                )
            if not found:
                self.stdout.write("The stored month ends are what the ledger says.")
        if found:
            raise CommandError(f"{len(found)} stored figures are wrong.")
