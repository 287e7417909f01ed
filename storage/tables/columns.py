"""Column types: what crosses between records and the database, refused when it is not what it claims to be.

The stored form is the same on SQLite and PostgreSQL wherever that costs nothing, so that a database can be copied from
one to the other and compared.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, Boolean, Column, Date, Dialect, ForeignKey, Integer, Text, Time
from sqlalchemy.types import TypeDecorator

from storage.records.money import Money
from storage.records.times import Span, from_milliseconds, milliseconds

E = TypeVar("E", bound=Enum)

#: Largest whole number both databases keep.
LARGEST = 2**63 - 1

#: Ids of rows. SQLite numbers rows by itself only in a column declared INTEGER.
Id = BigInteger().with_variant(Integer(), "sqlite")

#: Text compared byte by byte on both databases: keys, addresses, and names folded for searching by prefix.
Key = Text().with_variant(Text(collation="C"), "postgresql")

#: Yes or no.
Flag = Boolean(create_constraint=False)

#: A wall clock, without a day or a zone.
WallClock = Time()


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as whole milliseconds since 1970 in UTC; what is finer is cut. Refuses naive ones."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To milliseconds. Raises ValueError for a naive moment."""
        return None if value is None else milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """From milliseconds, in UTC."""
        return None if value is None else from_milliseconds(value)


class MoneyMinor(TypeDecorator[int]):
    """Pence, cents, yen: a whole number. Refuses floats and Decimals, which would be rounded by the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """The number itself. Raises TypeError for another kind and ValueError beyond 64 bits."""
        if value is None:
            return None
        if type(value) is not int:
            raise TypeError(f"money is kept in whole minor units, not as {type(value).__name__}")
        if not -LARGEST <= value <= LARGEST:
            raise ValueError("more money than a database can count")
        return value


class Day(TypeDecorator[date]):
    """A calendar day without a clock. Refuses a datetime, whose day depends on the zone."""

    impl = Date
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> date | None:
        """The day itself. Raises TypeError for a datetime."""
        if isinstance(value, datetime):
            raise TypeError("a day is wanted, and a moment was given")
        return value


class Typed(TypeDecorator[str]):
    """Text that people typed. NUL and half surrogate pairs, which PostgreSQL refuses, become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text, storable."""
        return None if value is None else _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)


class Json(TypeDecorator[Any]):
    """A JSON value kept as text, keys sorted: the same on both databases, and asked about by nobody but the program."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """To text. Raises TypeError for what JSON does not know."""
        return None if value is None else json.dumps(value, separators=(",", ":"), sort_keys=True, allow_nan=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """From text."""
        return None if value is None else json.loads(value)


class Choice(TypeDecorator[E], Generic[E]):
    """A member of a closed set, kept by its value: text, or a small number for an IntEnum."""

    impl = Text
    cache_ok = True

    def __init__(self, members: type[E]) -> None:
        super().__init__()
        self.members = members
        if self.numbers:
            self.impl = Integer()  # type: ignore[assignment]  # declared as a class, kept as an instance

    @property
    def numbers(self) -> bool:
        """Whether its values are numbers."""
        return all(isinstance(member.value, int) for member in self.members)

    def process_bind_param(self, value: E | None, dialect: Dialect) -> Any:
        """To its value. Raises ValueError for what is no member."""
        return None if value is None else self.members(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> E | None:
        """From its value. Raises ValueError for a value that a newer program wrote."""
        return None if value is None else self.members(value)


def own_id() -> Column[int]:
    """The primary key of a table whose rows have short ids: small, rising, never used twice.

    For the last, the table itself must say `sqlite_autoincrement=True`: SQLite otherwise gives a freed number again.
    """
    return Column("id", Id, primary_key=True)


def person(name: str = "person_id", *, nullable: bool = False, **options: Any) -> Column[int]:
    """A column that points at a person. No cascade: what is theirs is erased, and counted, by its own store."""
    return Column(name, Id, ForeignKey("people.id"), nullable=nullable, **options)


def money(name: str, *, nullable: bool = False) -> tuple[Column[int], Column[str]]:
    """Two columns, `<name>_minor` and `<name>_currency`; both or neither are filled."""
    return (
        Column(f"{name}_minor", MoneyMinor, nullable=nullable),
        Column(f"{name}_currency", Text, nullable=nullable),
    )


def money_values(name: str, amount: Money | None) -> dict[str, object]:
    """What to write into the columns of `money(name)`."""
    return {
        f"{name}_minor": None if amount is None else amount.minor,
        f"{name}_currency": None if amount is None else amount.currency,
    }


def money_of(row: Mapping[str, Any], name: str) -> Money | None:
    """What the columns of `money(name)` hold."""
    minor = row[f"{name}_minor"]
    return None if minor is None else Money(minor, row[f"{name}_currency"])


def span(prefix: str = "", *, nullable: bool = False) -> tuple[Column[Any], ...]:
    """Four columns for a `Span`: `<prefix>start_at`, `end_at`, `zone`, `whole_days`; `end_at` may be empty."""
    return (
        Column(f"{prefix}start_at", Moment, nullable=nullable),
        Column(f"{prefix}end_at", Moment),
        Column(f"{prefix}zone", Text, nullable=nullable),
        Column(f"{prefix}whole_days", Flag, nullable=nullable),
    )


def span_values(stretch: Span | None, prefix: str = "") -> dict[str, object]:
    """What to write into the columns of `span(prefix)`."""
    return {
        f"{prefix}start_at": None if stretch is None else stretch.start,
        f"{prefix}end_at": None if stretch is None else stretch.end,
        f"{prefix}zone": None if stretch is None else stretch.zone,
        f"{prefix}whole_days": None if stretch is None else stretch.whole_days,
    }


def span_of(row: Mapping[str, Any], prefix: str = "") -> Span | None:
    """What the columns of `span(prefix)` hold."""
    start = row[f"{prefix}start_at"]
    if start is None:
        return None
    return Span(start, row[f"{prefix}end_at"], row[f"{prefix}zone"], row[f"{prefix}whole_days"])


def folded(text: str) -> str:
    """A name as it is compared: compatible forms joined, case folded, white space single."""
    return " ".join(unicodedata.normalize("NFKC", _UNSTORABLE.sub("", text)).casefold().split())


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
