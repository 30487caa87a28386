"""Recomputes every derived figure and law of the ledger from its entries; exit status 1 where one is broken."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ledger.verification import LAWS, breaches


class Command(BaseCommand):
    help = "Recompute every derived figure and law from the entries; list what is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(breaches())
        if options["format"] == "json":
            answer = {"ok": not found, "laws": list(LAWS), "breaches": [asdict(breach) for breach in found]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            for breach in found:
                self.stdout.write(
                    f"{breach.law} {breach.key}: {breach.meaning} (found {breach.found}, expected {breach.expected})"
                )
            if not found:
                self.stdout.write(f"{len(LAWS)} laws hold.")
        if found:
            raise CommandError(f"The ledger is broken in {len(found)} places.")
