"""SQL as it goes to the driver, for the few statements that run thousands of times a minute.

SQLAlchemy's expression language costs about as much time as SQLite itself needs for a row. Where that is felt, and
where PostgreSQL and SQLite agree but for a word, a statement is written once here with named values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio.engine import AsyncConnection

from storage.stores import direct


class Raw:
    """One statement for both engines. `:name` is a value; `IN list(:name)` a list of any length.

    sqlite, postgres: the text for each; one text serves both when they agree.
    parts: constant pieces of SQL that stand for `{name}` in either text.
    """

    def __init__(self, sqlite: str, postgres: str | None = None, **parts: str) -> None:
        texts = {"sqlite": sqlite, "postgresql": postgres or sqlite}
        for name, part in parts.items():
            texts = {engine: text.replace(f"{{{name}}}", part) for engine, text in texts.items()}
        self._texts = {engine: _written(text, engine) for engine, text in texts.items()}

    async def run(self, connection: AsyncConnection, **values: Any) -> Sequence[Any]:
        """Execute; the rows that came back, empty for a statement without RETURNING."""
        text, names, lists = self._texts[connection.dialect.name]
        if connection.dialect.name == "sqlite":
            for name in lists:
                values[name] = json.dumps(values[name])
        return await direct.fetch(connection, text, tuple([values[name] for name in names]))

    async def count(self, connection: AsyncConnection, **values: Any) -> int:
        """Execute; how many rows it touched."""
        text, names, lists = self._texts[connection.dialect.name]
        if connection.dialect.name == "sqlite":
            for name in lists:
                values[name] = json.dumps(values[name])
        return await direct.touch(connection, text, tuple([values[name] for name in names]))

    async def many(self, connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute once for each set of values, without lists, in one go. Nothing happens for none."""
        if rows:
            text, names, _ = self._texts[connection.dialect.name]
            await direct.touch_many(connection, text, [tuple([row[name] for name in names]) for row in rows])

    async def in_order(self, connection: AsyncConnection, rows: Sequence[tuple[Any, ...]]) -> int:
        """The same, with the values in the order in which the statement names them first.

        Returns how many rows were touched; -1 where the driver does not count (PostgreSQL). At least one row.
        """
        return await direct.touch_many(connection, self._texts[connection.dialect.name][0], rows)

    async def one_in_order(self, connection: AsyncConnection, row: tuple[Any, ...]) -> Sequence[Any]:
        """Execute with values in the order in which the statement names them first; the rows that came back."""
        return await direct.fetch(connection, self._texts[connection.dialect.name][0], row)


_PLACE = re.compile(r"(?<![:\w]):(\w+)")
_LIST = re.compile(r"IN list\(:(\w+)\)")


def _written(text: str, engine: str) -> tuple[str, list[str], set[str]]:
    """The driver's text, the names of its values in the driver's order, and which of those are lists."""
    lists = set(_LIST.findall(text))
    if engine == "sqlite":
        text = _LIST.sub(r"IN (SELECT value FROM json_each(:\1))", text)
    else:
        text = _LIST.sub(r"= ANY(:\1)", text)
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        return f"{'?' if engine == 'sqlite' else '$'}{names.index(match[1]) + 1}"

    return " ".join(_PLACE.sub(number, text).split()), names, lists
