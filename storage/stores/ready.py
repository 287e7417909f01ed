"""Statements of the expression language that are worked out once and run thousands of times a minute.

    _GET = Ready(select(gigs).where(gigs.c.id == bindparam("id")))
    _MANY = Ready(select(gigs).where(among(gigs.c.id, "ids")))
    rows = await _GET.rows(connection, id=12)

SQLAlchemy writes the SQL and names the types; that is done at the first run on an engine, and from then on only the
values are turned into what the driver takes and back. The meaning of every column stays where it is: in the tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    Delete,
    Dialect,
    Insert,
    Integer,
    Select,
    Text,
    Update,
    bindparam,
    column,
    func,
    select,
)
from sqlalchemy.ext.asyncio.engine import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.stores import direct

#: Turns one value, or is not needed.
_Turn = Callable[[Any], Any] | None

#: Stands for a value that has to be given.
_WANTED: Any = object()


@dataclass(frozen=True, slots=True)
class _Written:
    """For one engine. values: name, what it is when it is not given, and its turn, in the driver's order.

    known: the names of the values. names, turns: of what comes back. turned: places in a row that have a turn.
    """

    text: str
    values: tuple[tuple[str, Any, _Turn], ...]
    known: frozenset[str]
    names: tuple[str, ...]
    turned: tuple[tuple[int, Callable[[Any], Any]], ...]


class Ready:
    """One statement; its values are its `bindparam`s, or the columns of an INSERT.

    `IN` with values would be written anew for each length: `among` takes lists.
    columns: those that an INSERT fills; each has to be given then. writes: the table that is changed, if one is.
    """

    def __init__(self, statement: Select[Any] | Insert | Update | Delete, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = None if columns is None else list(columns)
        self.writes = "" if isinstance(statement, Select) else str(getattr(statement.table, "name", ""))
        self._written: dict[str, _Written] = {}

    async def rows(self, connection: AsyncConnection, **values: Any) -> list[dict[str, Any]]:
        """Execute; every row, by column name.

        Raises TypeError and ValueError for a value that its column refuses, and KeyError for one that was not given
        or that the statement does not name.
        """
        written = self._written.get(connection.dialect.name) or self._write(connection.dialect)
        found = await direct.fetch(connection, written.text, _in_order(written, values))
        return [_row(written, row) for row in found]

    async def count(self, connection: AsyncConnection, **values: Any) -> int:
        """Execute one without RETURNING; how many rows it changed."""
        written = self._written.get(connection.dialect.name) or self._write(connection.dialect)
        return await direct.touch(connection, written.text, _in_order(written, values))

    def _write(self, dialect: Dialect) -> _Written:
        compiled = self._statement.compile(dialect=dialect, column_keys=self._columns)
        assert isinstance(compiled, SQLCompiler)
        if compiled.post_compile_params or compiled.insert_prefetch or compiled.update_prefetch:
            raise TypeError(f"that statement is not the same each time: {compiled}")
        binds = [(name, compiled.binds[name]) for name in compiled.positiontup or ()]
        values = tuple(
            (
                name,
                _WANTED if bind.required else bind.effective_value,
                bind.type.dialect_impl(dialect).bind_processor(dialect),
            )
            for name, bind in binds
        )
        columns = list(self._statement.exported_columns)
        turns = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        written = _Written(
            text=str(compiled),
            values=values,
            known=frozenset(name for name, _, _ in values),
            names=tuple(str(column.key) for column in columns),
            turned=tuple((place, turn) for place, turn in enumerate(turns) if turn is not None),
        )
        self._written[dialect.name] = written
        return written


class among(ColumnElement[bool]):  # noqa: N801  # used as a function, as `case` and `exists` are
    """`column IN (the list that is given under a name)`; numbers or text, as the column has."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.values: BindParameter[Any] = bindparam(name, type_=_List(column.type))

    def self_group(self, against: Any = None) -> among:
        """As it is: SQLAlchemy would compare it with 1 for SQLite, which then reads the whole table."""
        return self


@compiles(among, "sqlite")
def _among_on_sqlite(element: among, compiler: SQLCompiler, **options: Any) -> str:
    values: Select[Any] = select(column("value")).select_from(func.json_each(element.values))
    return compiler.process(element.column.in_(values), **options)


@compiles(among, "postgresql")
def _among_on_postgres(element: among, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.column == func.any(element.values), **options)


class _List(TypeDecorator[Sequence[Any]]):
    """The values of a list: an array, or JSON where there are none."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array of what the column holds on PostgreSQL, text on SQLite."""
        if dialect.name != "postgresql":
            return dialect.type_descriptor(Text())
        from sqlalchemy.dialects.postgresql import ARRAY  # 4 MB that nobody on SQLite needs

        return dialect.type_descriptor(ARRAY(BigInteger() if isinstance(self.item, Integer) else Text()))

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        """As the engine takes it."""
        kept = list(value or ())
        return kept if dialect.name == "postgresql" else json.dumps(kept)


def _in_order(written: _Written, values: dict[str, Any]) -> tuple[Any, ...]:
    if not values.keys() <= written.known:
        raise KeyError(*(values.keys() - written.known))
    given = []
    for name, unsaid, turn in written.values:
        value = values.get(name, unsaid)
        if value is _WANTED:
            raise KeyError(name)
        given.append(value if turn is None else turn(value))
    return tuple(given)


def _row(written: _Written, found: Sequence[Any]) -> dict[str, Any]:
    names = written.names
    row = dict(zip(names, found, strict=True))
    for place, turn in written.turned:
        row[names[place]] = turn(found[place])
    return row
