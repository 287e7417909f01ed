"""What every store stands on: the open transaction, and short ways from statement to record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from sqlalchemy import (
    Column,
    CursorResult,
    Delete,
    Executable,
    Insert,
    RowMapping,
    Select,
    Table,
    Update,
    delete,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from storage.stores.ready import Ready
from storage.stores.shapes import shaped
from storage.tables.base import METADATA

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

R = TypeVar("R")

#: Announced when something about people, their accounts, communities or channels is written.
PEOPLE = "people"
_OF_PEOPLE = frozenset({"people", "identities", "communities", "memberships", "channels"})

#: An exported table: rows as plain values, by column name.
Rows = list[dict[str, object]]


class Transaction:
    """One open transaction, used by all stores of one `Work`. Once finished it answers no more."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection: AsyncConnection | None = connection
        self.dialect = connection.dialect.name
        self._last_words: list[Callable[[], Awaitable[None]]] = []
        self._hooks: list[Callable[[], object]] = []
        self._topics: set[str] = set()

    @property
    def connection(self) -> AsyncConnection:
        """The connection. Raises RuntimeError after commit or rollback: what came then would be lost in silence."""
        if self._connection is None:
            raise RuntimeError("this Work is finished; open another one")
        return self._connection

    def before_commit(self, hook: Callable[[], Awaitable[None]]) -> None:
        """Await `hook` inside this transaction, right before it is committed; what it raises stops the commit."""
        self._last_words.append(hook)

    def after_commit(self, hook: Callable[[], object]) -> None:
        """Call `hook` once, right after this transaction has been committed; never when it is rolled back."""
        self._hooks.append(hook)

    def announce(self, topic: str) -> None:
        """Tell every process that listens to `topic` (`Storage.listen`), once this transaction has been committed."""
        self._topics.add(topic)


class Store:
    """A family of tables inside one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    @property
    def _postgres(self) -> bool:
        return self._transaction.dialect == "postgresql"

    async def _run(self, statement: Executable, values: Any = None) -> CursorResult[Any]:
        """The statement, executed; `values` is one mapping, or a list of them for many rows at once."""
        self._announce_people(statement)
        return await self._transaction.connection.execute(statement, values)

    def _announce_people(self, statement: Executable) -> None:
        if isinstance(statement, Insert | Update | Delete) and getattr(statement.table, "name", "") in _OF_PEOPLE:
            self._transaction.announce(PEOPLE)

    async def _ready(self, statement: Ready, **values: Any) -> Sequence[Any]:
        """The rows of a statement that is worked out already: plain dictionaries, read as mappings are."""
        if statement.writes in _OF_PEOPLE:
            self._transaction.announce(PEOPLE)
        return await statement.rows(self._transaction.connection, **values)

    async def _one(self, statement: Executable | Ready, record: Callable[[RowMapping], R], **values: Any) -> R | None:
        """The first row as a record; None when there is none, as when somebody else was faster.

        values: what a `Ready` statement is run with.
        """
        rows = await self._found(statement, values)
        return record(rows[0]) if rows else None

    async def _all(self, statement: Executable | Ready, record: Callable[[RowMapping], R], **values: Any) -> list[R]:
        """Every row as a record. values: as for `_one`."""
        return [record(row) for row in await self._found(statement, values)]

    async def _found(self, statement: Executable | Ready, values: dict[str, Any]) -> Sequence[Any]:
        """The rows, as mappings."""
        if isinstance(statement, Ready):
            return await self._ready(statement, **values)
        connection = self._transaction.connection
        ready = shaped(statement, connection.dialect)
        if ready is None:
            return (await self._run(statement)).mappings().all()
        self._announce_people(statement)
        return await ready.rows(connection)

    async def _do(self, statement: Executable, values: Any = None) -> None:
        """The statement, executed; nothing is wanted of it. values: as for `_run`."""
        connection = self._transaction.connection
        ready = None if values is not None else shaped(statement, connection.dialect)
        if ready is None:
            await self._run(statement, values)
        else:
            self._announce_people(statement)
            await ready.rows(connection)

    async def _how_many(self, statement: Executable) -> int:
        """What a SELECT of one number gives: COUNT, as a rule."""
        (row,) = await self._found(statement, {})
        (number,) = row.values()
        return int(number)

    async def _count(self, statement: Executable) -> int:
        """How many rows an UPDATE or DELETE touched."""
        connection = self._transaction.connection
        ready = shaped(statement, connection.dialect)
        if ready is None:
            return (await self._run(statement)).rowcount
        self._announce_people(statement)
        return await ready.count(connection)

    async def _rows(self, statement: Select[Any]) -> Rows:
        """The rows of a SELECT as they are, for `export`."""
        return [dict(row) for row in await self._found(statement, {})]

    def _insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        """An INSERT that can say ON CONFLICT, in the words of the engine in use."""
        if not self._postgres:
            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql  # 4 MB that nobody on SQLite needs

        return postgresql.insert(table)


class PersonalStore(Store):
    """A store that keeps rows about people, and can hand them over and erase them."""

    #: The columns that say whose a row is, one per table; erased in this order, so what points at others comes first.
    personal: ClassVar[tuple[Column[Any], ...]] = ()

    @classmethod
    def depth(cls) -> int:
        """How far its tables are from those that point at nothing; the deeper is erased first."""
        order = METADATA.sorted_tables
        return min(order.index(column.table) for column in cls.personal)

    async def export(self, person_id: int) -> dict[str, Rows]:
        """Everything kept about the person, by table name."""
        return {
            column.table.name: await self._rows(select(column.table).where(column == person_id))
            for column in self.personal
        }

    async def forget(self, person_id: int) -> dict[str, int]:
        """Erase everything kept about the person; how many rows went, by table name."""
        return {
            column.table.name: await self._count(delete(column.table).where(column == person_id))
            for column in self.personal
        }
