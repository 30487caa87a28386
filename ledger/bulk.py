"""Making and storing many rows at once: `bulk_create`, and COPY where PostgreSQL offers it and there are enough."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, ForeignKey, Model
from django.db.models.base import ModelState

M = TypeVar("M", bound=Model)
K = TypeVar("K", int, str)

BATCH = 2_000
# From here on COPY is worth its set-up; it is four times as fast as INSERT on a hundred thousand rows.
COPY_FROM = 1_000
# A query names at most so many keys: SQLite's limit on parameters, and a plan that stays small.
CHUNK = 5_000


def chunks(keys: Sequence[K]) -> Iterator[Sequence[K]]:
    """The keys in pieces that one query may name, in their order."""
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def new(model: type[M], **facts: Any) -> M:
    """An unsaved row of `model`: what calling the model gives, at a tenth of the price. Relations to rows that have
    no key yet are given by name, all others by their `…_id`; what is not given has the field's default.
    """
    row = model.__new__(model)
    row._state = ModelState()
    values = row.__dict__
    values.update(_defaults(model))
    for name, value in facts.items():
        if isinstance(value, Model):
            row._state.fields_cache[name] = value
            values[f"{name}_id"] = value.pk
        elif value is not None or name in values:  # a relation that is not given has its `…_id` empty already
            values[name] = value
    return row


@cache
def _defaults(model: type[Model]) -> dict[str, Any]:
    return {field.attname: field.get_default() for field in model._meta.concrete_fields}


def insert(model: type[M], rows: Sequence[M]) -> None:
    """Stores new rows and gives them their primary keys. What they refer to must be stored already."""
    if connection.vendor == "postgresql" and len(rows) >= COPY_FROM:
        _copy(model, rows)
    elif rows:
        model._default_manager.bulk_create(rows, batch_size=BATCH)


def _copy(model: type[M], rows: Sequence[M]) -> None:
    fields = model._meta.concrete_fields
    _take_keys_of_related(fields, rows)
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(quote(str(field.column)) for field in fields)
    names = [field.attname for field in fields]
    prepare = [_prepare_of(field) for field in fields]
    with connection.cursor() as cursor:
        if not isinstance(model._meta.pk, ForeignKey):
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [model._meta.db_table, model._meta.pk.column, len(rows)],
            )
            for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = key
        # The cursor of psycopg, whose errors Django would not see otherwise.
        with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                facts = row.__dict__
                copy.write_row([p(facts[name]) if p else facts[name] for p, name in zip(prepare, names, strict=True)])
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def _take_keys_of_related(fields: Sequence[Field[Any, Any]], rows: Sequence[Model]) -> None:
    """Rows were built on instances that had no key yet; they have one now."""
    for field in fields:
        if isinstance(field, ForeignKey):
            name, attname = field.name, field.attname
            for row in rows:
                related = row._state.fields_cache.get(name)
                if related is not None:
                    row.__dict__[attname] = related.pk


def _prepare_of(field: Field[Any, Any]) -> Any:
    """How a value of the field is stored, where that is not as it is."""
    changes = type(field).get_prep_value is not Field.get_prep_value and hasattr(field, "places")
    return field.get_prep_value if changes else None
