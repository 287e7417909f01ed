"""CSV tables shipped with the program, read once, cell by cell into types.

Records are built by each family's `from_row`; a cell that does not fit raises `BadRow` naming file, id and column, so
that a correction sent by a community points at its own mistake. An empty cell is None, never zero.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from io import StringIO
from typing import TypeVar

from storage.reference.sources import Confidence, PartialDate, Source, partial_date

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

#: Every table, by the name of its file without ".csv".
TABLES = ("instruments", "late_payment", "rates", "support", "tax_calendar", "terms", "wellness", "work_kinds")

_WEB = re.compile(r"https?://[^\s/]+\.[^\s]+")


class BadRow(ValueError):
    """A cell that does not say what its column promises. The message names file, row id, column and cell."""


class Row:
    """One line of a table, asked for by column and type."""

    __slots__ = ("_cells", "table")

    def __init__(self, table: str, cells: Mapping[str, str | None]) -> None:
        self.table = table
        self._cells = cells

    @property
    def id(self) -> str:
        """The stable key; "" when the row has none, which `text("id")` refuses."""
        return self._cells.get("id") or ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names in the file's header line."""
        return tuple(self._cells)

    def _wrong(self, column: str, why: str) -> BadRow:
        return BadRow(f"{self.table}.csv {self.id or '(no id)'}: {column}: {why}")

    def maybe(self, column: str) -> str | None:
        """The cell as written, or None when it is empty. Raises BadRow when the file has no such column."""
        if column not in self._cells:
            raise self._wrong(column, "no such column")
        return (self._cells[column] or "").strip() or None

    def text(self, column: str) -> str:
        """The cell, which must not be empty."""
        value = self.maybe(column)
        if value is None:
            raise self._wrong(column, "is empty")
        return value

    def many(self, column: str) -> tuple[str, ...]:
        """The values of a cell that separates them with `|`; () when it is empty."""
        return tuple(part.strip() for part in (self.maybe(column) or "").split("|") if part.strip())

    def _read(self, column: str, read: Callable[[str], T]) -> T | None:
        value = self.maybe(column)
        if value is None:
            return None
        try:
            return read(value)
        except (ValueError, InvalidOperation) as wrong:
            raise self._wrong(column, f"{value!r} does not fit ({wrong})") from wrong

    def number(self, column: str) -> Decimal | None:
        """An exact finite number."""
        return self._read(column, _finite)

    def figure(self, column: str) -> Decimal:
        """An exact finite number, which must be given."""
        self.text(column)
        value = self.number(column)
        assert value is not None  # text() refused the empty cell
        return value

    def whole(self, column: str) -> int | None:
        """A whole number, such as a month, a day or a year."""
        return self._read(column, int)

    def partial(self, column: str) -> PartialDate | None:
        """A date of whatever precision was published."""
        return self._read(column, partial_date)

    def day(self, column: str) -> date | None:
        """A full ISO date."""
        return self._read(column, date.fromisoformat)

    def yes(self, column: str) -> bool:
        """A cell that must say yes or no."""
        value = self.text(column)
        if value not in ("yes", "no"):
            raise self._wrong(column, f"{value!r} is neither yes nor no")
        return value == "yes"

    def choice(self, column: str, kind: type[E]) -> E:
        """A member of a closed set, which must be given."""
        value = self.maybe_choice(column, kind)
        if value is None:
            raise self._wrong(column, "is empty")
        return value

    def maybe_choice(self, column: str, kind: type[E]) -> E | None:
        """A member of a closed set, or None."""
        return self._read(column, kind)

    def confidence(self) -> Confidence:
        """The row's confidence column."""
        return self.choice("confidence", Confidence)

    def source(self) -> Source:
        """The full citation of a row that holds a figure: publisher, link and day of checking are all required."""
        checked_on = self.day("checked_on")
        if checked_on is None:
            raise self._wrong("checked_on", "is empty")
        return Source(
            title=self.text("source_title"),
            publisher=self.text("publisher"),
            url=_web(self, self.text("source_url")),
            checked_on=checked_on,
        )

    def source_of_words(self) -> Source:
        """The citation of a row that explains words: a list has a link, common usage has none."""
        url = self.maybe("source_url")
        title = self.text("source_title")
        if url is None and not title.startswith("editorial"):
            raise self._wrong("source_url", "is empty, and the row is not editorial")
        return Source(title=title, publisher=None, url=None if url is None else _web(self, url), checked_on=None)


def _finite(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError("not a finite number")
    return value


def _web(row: Row, url: str) -> str:
    if _WEB.fullmatch(url) is None:
        raise BadRow(f"{row.table}.csv {row.id}: source_url: {url!r} is no http or https address")
    return url


def rows_from(table: str, lines: Iterable[str]) -> tuple[Row, ...]:
    """Rows of CSV text with a header line. Raises BadRow when a line has more or fewer cells than the header."""
    rows = []
    for number, cells in enumerate(csv.DictReader(lines), start=2):
        if None in cells or None in cells.values():
            raise BadRow(f"{table}.csv line {number}: not as many cells as the header has columns")
        rows.append(Row(table, cells))
    return tuple(rows)


@cache
def read(table: str) -> tuple[Row, ...]:
    """The rows of one shipped table, in the order of the file; read from disk the first time only."""
    from importlib.resources import files  # here, since importing it costs more than the rest of this module

    text = files("storage.reference").joinpath(f"{table}.csv").read_text(encoding="utf-8")
    return rows_from(table, StringIO(text, newline=""))
