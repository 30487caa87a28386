"""What the nightly job does, now, or as of another day."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from aging.question import day
from flags.sweep import raise_flags


class Command(BaseCommand):
    help = "Raise a flag for every cause, clear those whose cause is gone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", help="the day, as 2026-03-31; today if not given")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        result = raise_flags(as_of=_day(options["as_of"]))
        counts = {"raised": result.raised, "cleared": result.cleared, "open": result.open}
        if options["format"] == "json":
            self.stdout.write(json.dumps(counts))
            return
        for what, of_kinds in counts.items():
            self.stdout.write(f"{what}: " + ", ".join(f"{kind} {count}" for kind, count in of_kinds.items()))


def _day(text: str | None) -> date:
    if text is None:
        return timezone.localdate()
    try:
        return day(text, today=timezone.localdate())
    except ValueError as error:
        raise CommandError(str(error), returncode=2) from None
