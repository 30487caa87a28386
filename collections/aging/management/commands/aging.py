"""The aging report on standard output or as a file; `--user` shows what that user may see."""

import argparse
import json
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from aging import formats, question, workbook
from aging.buckets import Basis
from aging.comparison import Comparison
from aging.pivot import Pivot
from aging.queries import comparisons, pivots, reports
from aging.queries.names import customers_in_sight, people_in_sight
from aging.question import ACROSS, Grouping, Meaning, Question, Unbilled
from config import sheets
from customers.models import User


class Command(BaseCommand):
    help = "How old the open amounts are: as of any day, as known on any day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=_day, metavar="DAY", help="today where it is not given")
        parser.add_argument("--known-on", type=_day, metavar="DAY", help="only what was recorded by then")
        parser.add_argument("--basis", choices=_words(Basis), default=Basis.DUE)
        parser.add_argument("--by", choices=_words(Grouping), default=Grouping.CUSTOMER)
        parser.add_argument("--unbilled", choices=_words(Unbilled), default=Unbilled.COLUMN)
        parser.add_argument(
            "--meaning", choices=_words(Meaning), help="whose an item is: of the sale, or the owner now"
        )
        parser.add_argument("--salesperson", metavar="USER", help="only what this user answers for")
        parser.add_argument("--customer", metavar="CODE")
        parser.add_argument("--region")
        parser.add_argument("--key-account", choices=["yes", "no"])
        parser.add_argument("--currency")
        parser.add_argument("--overdue-only", action="store_true")
        parser.add_argument("--compare", type=_day, metavar="DAY", help="beside the same on that day")
        parser.add_argument("--across", choices=[str(by) for by in ACROSS], help="columns by a second grouping")
        parser.add_argument("--user", help="as this user sees it")
        parser.add_argument("--format", choices=["table", "json", "csv", "xlsx"], default="table")
        parser.add_argument("--output", type=Path, metavar="FILE", help="standard output where it is not given")

    def handle(self, *args: Any, **options: Any) -> None:
        user = options["user"] and _found(User.objects.all(), "username", options["user"])
        asked = _question(options, user)
        if asked.across is not None and (asked.compare is not None or asked.across == asked.by):
            raise CommandError(_("--across goes with another --by, and without --compare."), returncode=2)
        path: Path | None = options["output"]
        kind = options["format"]
        if kind == "xlsx" and path is None:
            raise CommandError(_("--format xlsx needs --output FILE."), returncode=2)

        def write(file: BinaryIO) -> None:
            if kind == "xlsx":
                workbook.write(file, asked, user=user)
                return
            if asked.compare is not None or asked.across is not None:
                _side_by_side(file, asked, user, kind)
                return
            found = reports(asked, user=user)
            if kind == "csv":
                sheets.write_csv(file, formats.headings(found), formats.lines(found))
            elif kind == "json":
                file.write(json.dumps(formats.as_json(found), ensure_ascii=False).encode() + b"\n")
            else:
                file.write(formats.as_table(found).encode() + b"\n")

        if path is None:
            made = BytesIO()
            write(made)
            self.stdout.write(made.getvalue().decode(), ending="")
            return
        try:
            with sheets.replacing(path) as file:
                write(file)
        except OSError as error:
            reason = {"path": path, "reason": error.strerror}
            raise CommandError(_("%(path)s cannot be written: %(reason)s.") % reason) from error


def _day(text: str) -> Any:
    try:
        return question.day(text, today=timezone.localdate())
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _words(choices: type[StrEnum]) -> list[str]:
    return [str(choice) for choice in choices]


def _question(options: dict[str, Any], user: User | None) -> Question:
    salesperson, customer = options["salesperson"], options["customer"]
    return Question(
        as_of=options["as_of"] or timezone.localdate(),
        known_on=options["known_on"],
        basis=Basis(options["basis"]),
        by=Grouping(options["by"]),
        meaning=options["meaning"] and Meaning(options["meaning"]),
        unbilled=Unbilled(options["unbilled"]),
        salesperson=None if salesperson is None else _found(people_in_sight(user), "username", salesperson).pk,
        customer=None if customer is None else _found(customers_in_sight(user), "code", customer).pk,
        region=options["region"],
        key_account=None if options["key_account"] is None else options["key_account"] == "yes",
        currency=options["currency"],
        overdue_only=options["overdue_only"],
        compare=options["compare"],
        across=options["across"] and Grouping(options["across"]),
    )


def _side_by_side(file: BinaryIO, asked: Question, user: User | None, kind: str) -> None:
    """The report beside another day, or spread over a second grouping; as lines where it is not JSON."""
    found: list[Comparison] | list[Pivot] = (
        pivots(asked, user=user) if asked.across is not None else comparisons(asked, user=user)
    )
    if kind == "json":
        said = formats.side_by_side_as_json(found)
        file.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")
        return
    for report in found:
        headings, lines = formats.seen(report)
        if kind == "csv":
            sheets.write_csv(file, headings, lines)
        else:
            file.write(formats.aligned([headings, *map(formats.texts, lines)]).encode() + b"\n")


def _found(rows: models.QuerySet[Any], field: str, value: str) -> Any:
    """Of `rows`, which are those that the user may know of."""
    found = rows.filter(**{field: value}).first()
    if found is None:
        what = {"what": rows.model._meta.verbose_name, "value": value}
        raise CommandError(_("There is no %(what)s “%(value)s”.") % what)
    return found
