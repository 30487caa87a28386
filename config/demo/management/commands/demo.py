"""`manage.py demo`: a believable firm with a past, for a ledger that is empty."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from config.demo import staff
from config.demo.services import DemoRefused, build_demo, refuse_unless_empty, sign_ins_work
from customers.models import Role


class Command(BaseCommand):
    help = "Fill an empty ledger with a demo firm: people of every role, customers, two and a half years of books."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same firm on the same day")
        parser.add_argument("--customers", type=int, help="60, or more for many invoices; the first have stories")
        parser.add_argument("--invoices", type=int, help="about so many; 20 for each customer")
        parser.add_argument("--if-empty", action="store_true", help="leave a database that is in use as it is")

    def handle(self, *args: Any, **options: Any) -> None:
        customers, invoices = firm_size(options["customers"], options["invoices"])
        try:
            if options["if_empty"] and not _is_empty():
                if sign_ins_work():
                    self._print_sign_ins()
                return
            outcome = build_demo(now=timezone.now(), seed=options["seed"], customers=customers, invoices=invoices)
        except DemoRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            _("%(customers)d customers, %(invoices)d invoices, %(entries)d ledger entries, %(flags)d open flags.")
            % {
                "customers": outcome.customers,
                "invoices": outcome.invoices,
                "entries": outcome.entries,
                "flags": outcome.open_flags,
            }
        )
        self.stdout.write("\n" + _("Customers with a story:"))
        for story in outcome.stories:
            self.stdout.write(f"  {story.customer}: {story.what}")
        self._print_sign_ins()

    def _print_sign_ins(self) -> None:
        self.stdout.write(
            "\n" + _("Sign in as (the password of all is %(password)s):") % {"password": staff.PASSWORD}
        )
        for person in staff.PEOPLE:
            name = f"{person.last_name}{person.first_name}"
            role = " ".join(filter(None, (str(Role(person.role).label), person.team)))
            self.stdout.write(f"  {person.username:<10} {name}  {role}")


def _is_empty() -> bool:
    try:
        refuse_unless_empty()
    except DemoRefused:
        return False
    return True


def firm_size(customers: int | None, invoices: int | None) -> tuple[int, int]:
    """How many customers and invoices are meant where only one number is given, or none."""
    if customers is None:
        customers = max(60, (invoices or 0) // 50)
    return customers, 20 * customers if invoices is None else invoices
