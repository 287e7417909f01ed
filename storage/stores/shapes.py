"""Statements of the expression language as they come, run past SQLAlchemy's execution like those of `ready`.

A statement that is built anew for each use has the same shape each time: its SQL, the types of its values and of what
comes back. The shape is worked out once; from then on only the values are taken out of the statement and handed to the
driver. SQLAlchemy finds the shape by the key of its own cache of statements. Whatever is not the same for every length
or value (`IN` with a list, several rows in one INSERT, defaults made in Python) is left to SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Delete, Dialect, Executable, Insert, Select, Update
from sqlalchemy.ext.asyncio.engine import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler

from storage.stores import direct

_Turn = Callable[[Any], Any] | None

#: More shapes than the program has; whoever builds statements without end meets it.
_MOST = 2000


@dataclass(frozen=True, slots=True)
class _Shape:
    """For one engine. values: in the driver's order, each with its place among those of the statement, and its turn.

    One that the engine's own way of writing adds ("OFFSET 0") has no place, and is the same each time.
    names, turned: what comes back, and the places in a row that have a turn.
    """

    text: str
    values: tuple[tuple[int | None, Any, _Turn], ...]
    names: tuple[str, ...]
    turned: tuple[tuple[int, Callable[[Any], Any]], ...]


@dataclass(frozen=True, slots=True)
class Shaped:
    """A statement's shape and its values, in the driver's order."""

    shape: _Shape
    values: tuple[Any, ...]

    async def rows(self, connection: AsyncConnection) -> list[dict[str, Any]]:
        """Execute; every row, by column name."""
        shape = self.shape
        found = []
        for values in await direct.fetch(connection, shape.text, self.values):
            row = dict(zip(shape.names, values, strict=True))
            for place, turn in shape.turned:
                row[shape.names[place]] = turn(values[place])
            found.append(row)
        return found

    async def count(self, connection: AsyncConnection) -> int:
        """Execute; how many rows it changed."""
        return await direct.touch(connection, self.shape.text, self.values)


_shapes: dict[tuple[str, Any], _Shape | None] = {}


def shaped(statement: Executable, dialect: Dialect) -> Shaped | None:
    """The statement, ready for the driver; None for one that SQLAlchemy has to execute itself.

    Raises TypeError and ValueError for a value that its column refuses.
    """
    if not isinstance(statement, Select | Insert | Update | Delete):
        return None
    key = statement._generate_cache_key()  # the name that SQLAlchemy's examples of caching use
    if key is None:
        return None
    known = dialect.name, key.key
    try:
        shape = _shapes[known]
    except KeyError:
        if len(_shapes) >= _MOST:
            _shapes.clear()
        shape = _shapes[known] = _worked_out(statement, [bind.key for bind in key.bindparams], dialect)
    if shape is None:
        return None
    given = []
    for place, same, turn in shape.values:
        value = same if place is None else key.bindparams[place].effective_value
        given.append(value if turn is None else turn(value))
    return Shaped(shape, tuple(given))


def _worked_out(statement: Select[Any] | Insert | Update | Delete, own: list[str], dialect: Dialect) -> _Shape | None:
    """own: the keys of the statement's values, in order."""
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    if compiled.post_compile_params or compiled.insert_prefetch or compiled.update_prefetch:
        return None
    binds = [compiled.binds[name] for name in compiled.positiontup or ()]
    if any(bind.required for bind in binds):
        return None
    columns = list(statement.exported_columns)
    names = [str(column.key) for column in columns]
    # An INSERT may also be written so that it returns the id that nobody has asked for.
    if len({*names}) < len(names) or (isinstance(statement, Insert) and compiled.effective_returning and not columns):
        return None
    turns = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    return _Shape(
        text=str(compiled),
        values=tuple(
            (
                own.index(bind.key) if bind.key in own else None,
                bind.effective_value,
                bind.type.dialect_impl(dialect).bind_processor(dialect),
            )
            for bind in binds
        ),
        names=tuple(names),
        turned=tuple((place, turn) for place, turn in enumerate(turns) if turn is not None),
    )
