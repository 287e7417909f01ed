"""A row for every table, made from its columns, so that a new table is tried without anybody thinking of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, LargeBinary, Table, Text, Time

from storage.tables.base import METADATA
from storage.tables.columns import Choice, Json, Moment


def one_of_each() -> dict[Table, dict[str, Any]]:
    """One row for each table, in an order in which they can be inserted; ids are 1 and so is what points at them."""
    return {table: {column.name: _value(column) for column in table.c} for table in METADATA.sorted_tables}


def _value(column: Column[Any]) -> Any:
    if column.foreign_keys or column.name == "id":
        return "1" if isinstance(column.type, Text) else 1
    kind: Any = column.type
    if isinstance(kind, Choice):
        return next(iter(kind.members))
    if isinstance(kind, Moment):
        return datetime(2026, 11, 23, 10, tzinfo=UTC)
    if column.name in ("listed", "but"):
        return ["2026-12-01"]
    if isinstance(kind, Json):
        return {"a": [1, "ü"]}
    kind = getattr(kind, "impl_instance", kind)
    for known, value in (
        (Boolean, True),
        (BigInteger, 7),
        (Integer, 7),
        (Date, date(2026, 2, 28)),
        (Time, time(22, 30)),
        (LargeBinary, b"\x00\xff"),
        (Text, "ünï \N{SAXOPHONE}"),
    ):
        if isinstance(kind, known):
            return value
    raise AssertionError(f"no sample value for {column}: {column.type!r}")
