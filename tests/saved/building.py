"""A view that is due, with what it shows."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.utils import timezone
from openpyxl import load_workbook

from config.saved.models import SavedView, Schedule
from config.saved.services import save_schedule, save_view
from config.saved.times import Rule
from customers.models import User

DAILY = Rule("day", 0, 1, 8)


def a_view(user: User, *, address: str = "/customers/?q=Blue", name: str = "blue", shared: bool = False) -> SavedView:
    return save_view(user=user, name=name, address=address, shared=shared)


def a_due_schedule(view: SavedView, *recipients: User) -> Schedule:
    schedule = save_schedule(view=view, rule=DAILY, recipients=list(recipients) or [view.user])
    Schedule.objects.filter(pk=schedule.pk).update(next_run=timezone.now() - timedelta(minutes=1))
    schedule.refresh_from_db()
    return schedule


def column(mail: Any, number: int = 0) -> list[Any]:
    """The cells below the heading in a column of the workbook that is attached to the mail."""
    [(_name, content, _type)] = mail.attachments
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    return [row[number] for row in sheet.iter_rows(min_row=2, values_only=True)]
