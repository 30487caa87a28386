"""Leaving the demo firm: its books and its people go, whole or not at all.

The one place where books are removed. Nothing of it works on a firm's own books: it asks for the row that only
`build_demo` writes, in the same transaction as the demo's entries, into a ledger that was empty.
"""

from functools import partial
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import FileField, Model
from django.utils.translation import gettext as _

from config.demo import staff
from config.demo.models import DemoFirm
from config.demo.services import DemoRefused
from customers.models import Role, Team, User
from ledger.models import Posting

# Where the product's own apps stand.
COLLECTIONS = settings.BASE_DIR / "collections"
FOLDERS = (settings.BASE_DIR, settings.BASE_DIR / "config", COLLECTIONS, COLLECTIONS / "reconciliation")


def recorded_since(firm: DemoFirm) -> int:
    """How many acts people have recorded in the demo firm since it was entered."""
    return Posting.objects.filter(pk__gt=firm.last_posting).count()


def needs_successor(user: User) -> bool:
    """Whether nobody could administrate the firm once the demo's people, `user` among them, are gone."""
    own = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(username__in=staff.USERNAMES)
    return not own.exists()


@transaction.atomic
def leave_demo(*, by: User, successor: User | None = None) -> User:
    """Empties the ledger of the demo firm and removes its people; returns who administrates the firm from now on.

    `successor`, not stored yet, becomes its administrator. Raises DemoRefused, and leaves everything as it was.
    """
    if by.role != Role.ADMINISTRATOR:
        raise DemoRefused(_("Only an administrator leaves the demo firm."))
    if DemoFirm.objects.select_for_update().first() is None:
        raise DemoRefused(_("These are not the books of the demo firm; they cannot be removed."))
    if successor is None and needs_successor(by):
        raise DemoRefused(_("Name an administrator first: the people of the demo firm leave with it."))
    models = _books()
    files = _files(models)
    _empty([model._meta.db_table for model in models])
    User.objects.filter(username__in=staff.USERNAMES).delete()
    Team.objects.filter(name__in=staff.TEAMS, members=None).delete()
    if successor is not None:
        successor.role = Role.ADMINISTRATOR
        successor.save(force_insert=True)
    transaction.on_commit(partial(_remove, files))
    return successor or by


def _books() -> list[type[Model]]:
    """Every table of the product but those of its people."""
    own = [app for app in apps.get_app_configs() if Path(app.path).parent in FOLDERS]
    return [model for app in own for model in app.get_models(include_auto_created=True) if not _is_of_people(model)]


def _is_of_people(model: type[Model]) -> bool:
    many_to_many = [field.remote_field.through for field in User._meta.many_to_many]
    return model in (User, Team, *many_to_many)


def _empty(tables: list[str]) -> None:
    """Removes all rows. PostgreSQL's TRUNCATE fires no row's trigger; on SQLite the guards step aside meanwhile."""
    guards: list[tuple[str, str]] = []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            guards = cursor.fetchall()
        for name, _sql in guards:
            cursor.execute(f"DROP TRIGGER {name}")
        for statement in connection.ops.sql_flush(no_style(), tables, reset_sequences=False):
            cursor.execute(statement)
        for _name, sql in guards:
            cursor.execute(sql)


def _files(models: list[type[Model]]) -> list[str]:
    """The names of all stored files that rows of `models` speak of."""
    named: set[str] = set()
    for model in models:
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                rows = model._default_manager.exclude(**{field.name: ""})
                named.update(rows.values_list(field.name, flat=True))
    return sorted(named)


def _remove(files: list[str]) -> None:
    for name in files:
        default_storage.delete(name)
