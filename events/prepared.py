"""Statements that Django writes once. For those few that run so often that writing them costs more than running them.

Django writes the SQL of a queryset anew for each call, which for an answer took longer than all the rest together. Here
the queryset is built once for each shape, with a `Slot` in the place of each value; from then on only the values are
new. So the language of querysets stays the one place that says what is asked, and nobody writes SQL by hand.

What is written is kept at the connection it was written for: threads share nothing.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.constants import OnConflict
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery

Row = Sequence[Any]


class Slot(models.Expression):
    """Where a value goes that is told at each call. Of a moment also the one a fixed time before: `now - A_MONTH`."""

    def __init__(self, name: str, field: Any, before: dt.timedelta | None = None) -> None:
        super().__init__(output_field=field)
        self.name, self.before = name, before

    def __sub__(self, other: Any) -> Any:
        return (
            Slot(self.name, self.output_field, other)
            if isinstance(other, dt.timedelta)
            else super().__sub__(other)
        )

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def fill(self, values: dict[str, Any], connection: Any) -> Any:
        value = values[self.name]
        return self.output_field.get_db_prep_value(value - self.before if self.before else value, connection)


@dataclass(frozen=True)
class Statement:
    sql: str
    params: Sequence[Any]
    read: Callable[[Row], Any]

    def filled(self, values: dict[str, Any], connection: Any) -> list[Any]:
        return [each.fill(values, connection) if isinstance(each, Slot) else each for each in self.params]


class Prepared:
    """A statement over rows of one model. `write` gets the values of a call by name, and gives the queryset; to update,
    with a dictionary of what becomes of its rows.

    None, True and False reach `write` as they are, and each combination is written once. Any other value reaches it as
    a Slot, so `write` may put it into a filter but not look at it. Whatever else it reads must never change.
    """

    def __init__(self, write: Callable[..., Any]) -> None:
        self.write = write

    def first(self, **values: Any) -> Any:
        """The first row as `write` selects it, or None. One statement."""
        statement, connection = self._statement(_select, values)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.filled(values, connection))
            row = cursor.fetchone()
        return None if row is None else statement.read(row)

    def all(self, **values: Any) -> list[Any]:
        """The rows as `write` selects and orders them. One statement."""
        statement, connection = self._statement(_select, values)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.filled(values, connection))
            return [statement.read(row) for row in cursor.fetchall()]

    def update(self, **values: Any) -> int:
        """Changes the rows and returns how many they were. One statement."""
        statement, connection = self._statement(_update, values)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.filled(values, connection))
            return int(cursor.rowcount)

    def _statement(self, make: Callable[..., Statement], values: dict[str, Any]) -> tuple[Statement, Any]:
        connection, known = _known()
        shape = (self, *values, *(value if _is_shape(value) else type(value) for value in values.values()))
        if shape not in known:
            known[shape] = make(
                self.write(**{name: _slot(name, values[name]) for name in values}), connection
            )
        return known[shape], connection


def insert(row: models.Model, *, once: bool = False) -> bool:
    """Adds a new row and gives it its key; returns whether it is new. One statement, and no signal.

    `once`: where a constraint of the table says that it is there already nothing happens, and no key is given.
    """
    connection, known = _known()
    model, fields = type(row), [field for field in row._meta.local_concrete_fields if not field.primary_key]
    if (model, once) not in known:
        known[model, once] = _insert(row, fields, connection, once=once)
    with connection.cursor() as cursor:
        cursor.execute(known[model, once].sql, _values(row, fields, connection))
        if once:
            return int(cursor.rowcount) > 0
        row.pk = known[model, once].read(cursor)
    row._state.adding, row._state.db = False, connection.alias
    return True


def put(row: models.Model, *, by: tuple[str, ...]) -> None:
    """Adds a row, or, where one is there with the same values of `by` (fields of a unique constraint), changes that.

    One statement, and no signal. The row gets no key by it.
    """
    connection, known = _known()
    model, fields = type(row), [field for field in row._meta.local_concrete_fields if not _is_serial(field)]
    if (model, by) not in known:
        kept = [field for field in fields if field.name in by]
        query = InsertQuery(
            model,
            on_conflict=OnConflict.UPDATE,
            update_fields=[field for field in fields if field not in kept],
            unique_fields=kept,
        )
        query.insert_values(fields, [row])
        ((sql, _params),) = query.get_compiler(connection=connection).as_sql()
        known[model, by] = Statement(sql, (), read=lambda row: row)
    with connection.cursor() as cursor:
        cursor.execute(known[model, by].sql, _values(row, fields, connection))


def _is_serial(field: Any) -> bool:
    return isinstance(field, models.AutoField)


def _values(row: models.Model, fields: Sequence[Any], connection: Any) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]


def _known() -> tuple[Any, dict[Any, Statement]]:
    """The connection of this thread, and what was written for it."""
    connection = connections[DEFAULT_DB_ALIAS]
    return connection, vars(connection).setdefault("_prepared", {})


def _is_shape(value: Any) -> bool:
    return value is None or value is True or value is False


def _slot(name: str, value: Any) -> Any:
    if _is_shape(value):
        return value
    if isinstance(value, dt.datetime):
        return Slot(name, models.DateTimeField())
    return Slot(name, models.CharField() if isinstance(value, str) else models.BigIntegerField())


def _require_scope(rows: Any) -> None:
    """Rows that belong to tenants are asked for by tenant, here as everywhere (tenancy/scoping.py)."""
    if check := getattr(rows, "require_scope", None):
        check()


def _select(rows: Any, connection: Any) -> Statement:
    _require_scope(rows)
    compiler = rows.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    return Statement(sql, params, _reader(compiler))


def _reader(compiler: Any) -> Callable[[Row], Any]:
    """Makes the instance of a row, with those of related tables that it was selected with."""
    converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
    info, alias = compiler.klass_info, compiler.connection.alias
    related = get_related_populators(info, compiler.select, alias)  # type: ignore[call-arg]  # newer Django's stubs
    own = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
    names = [column.target.attname for column, _sql, _alias in compiler.select[own]]

    def read(row: Row) -> Any:
        (values,) = compiler.apply_converters([row], converters)
        made = info["model"].from_db(alias, names, values[own])
        for each in related:
            each.populate(values, made)
        return made

    return read


def _update(rows_and_facts: tuple[Any, dict[str, Any]], connection: Any) -> Statement:
    rows, facts = rows_and_facts
    _require_scope(rows)
    query = rows.query.chain(UpdateQuery)
    query.add_update_values(facts)
    query.clear_ordering(force=True)
    sql, params = query.get_compiler(connection=connection).as_sql()
    return Statement(sql, params, read=lambda row: row)


def _insert(row: models.Model, fields: Sequence[Any], connection: Any, *, once: bool) -> Statement:
    key = row._meta.pk
    query = InsertQuery(type(row), on_conflict=OnConflict.IGNORE if once else None)
    query.insert_values(fields, [row])
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = None if once else [key]
    ((sql, _values),) = compiler.as_sql()

    def new_key(cursor: Any) -> Any:
        if connection.features.can_return_columns_from_insert:
            return cursor.fetchone()[0]
        return connection.ops.last_insert_id(cursor, row._meta.db_table, key.column)

    return Statement(sql, (), new_key)
