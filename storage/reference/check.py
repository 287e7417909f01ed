"""Whether the shipped tables hold together, for the tests and for anybody who corrects a row.

The checks run on the rows as text, so that one wrong cell is reported beside the others instead of stopping the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from storage.reference import late_payment, rates, support, tax, terms, wellness, work_kinds, zones
from storage.reference.instruments import rows as instrument_rows
from storage.reference.instruments.words import DOUBTS, MORE_NAMES, POPULAR
from storage.reference.reading import TABLES, BadRow, Row, read
from storage.reference.sources import PartialDate

_READERS: dict[str, Callable[[Row], object]] = {
    "instruments": instrument_rows.from_row,
    "late_payment": late_payment.from_row,
    "rates": rates.from_row,
    "support": support.from_row,
    "tax_calendar": tax.from_row,
    "terms": terms.from_row,
    "wellness": wellness.from_row,
    "work_kinds": work_kinds.from_row,
}
#: Words of the pages themselves: they belong to their publishers and are not shipped.
_NOT_SHIPPED = "excerpt"


def problems(tables: Mapping[str, Iterable[Row]] | None = None) -> list[str]:
    """Everything wrong with the tables, one line each, naming file, row and column; [] when nothing is.

    tables: rows by table name, to check before they are shipped; None: the shipped ones.
    """
    try:
        rows = {name: tuple(tables[name] if tables is not None else read(name)) for name in TABLES}
    except BadRow as wrong:
        return [str(wrong)]
    found = [problem for name in TABLES for problem in _in_table(name, rows[name])]
    found += _between(rows)
    found += _in_own_lists({row.id for row in rows["instruments"]}, {row.id for row in rows["work_kinds"]})
    return found


def _in_table(name: str, rows: tuple[Row, ...]) -> Iterator[str]:
    if not rows:
        yield f"{name}.csv: has no rows"
        return
    for id, times in Counter(row.id for row in rows).items():
        if times > 1:
            yield f"{name}.csv {id}: id: stands {times} times"
    if _NOT_SHIPPED in rows[0].columns:
        yield f"{name}.csv: the column {_NOT_SHIPPED!r} is not shipped"
    for row in rows:
        try:
            _READERS[name](row)
            yield from _dates_in_order(row)
        except BadRow as wrong:
            yield str(wrong)


def _dates_in_order(row: Row) -> Iterator[str]:
    if "effective_from" not in row.columns:
        return
    start, end = row.partial("effective_from"), row.partial("effective_to")
    if start is not None and end is not None and end.last_day() < start.first_day():
        yield f"{row.table}.csv {row.id}: effective_to: {end} lies before {start}"


def _between(rows: Mapping[str, tuple[Row, ...]]) -> Iterator[str]:
    kinds = {row.id for row in rows["work_kinds"] if row.maybe("type") == "kind"}
    for table, column in (("rates", "work_kind"), ("work_kinds", "parent"), ("work_kinds", "rates_work_kind")):
        for row in rows[table]:
            id = row.maybe(column) if column in row.columns else None
            if id is not None and id not in kinds:
                yield f"{table}.csv {row.id}: {column}: {id!r} is not a kind in work_kinds.csv"
    for id in sorted(kinds ^ set(work_kinds.KIND_OF)):
        yield f"work_kinds.csv {id}: is in only one of the table and work_kinds.KIND_OF"


def _in_own_lists(instruments: set[str], kinds: set[str]) -> Iterator[str]:
    doubted = {id for doubt in DOUBTS.values() for id in (*doubt.choices, *(id for _, id in doubt.settled))}
    for id in sorted((set(MORE_NAMES) | doubted | set(POPULAR)) - instruments):
        yield f"instruments.words: {id!r} is not in instruments.csv"
    for id in sorted(set(work_kinds.MORE_NAMES) - kinds):
        yield f"work_kinds.MORE_NAMES: {id!r} is not in work_kinds.csv"
    for zone in sorted(zones.zones_listed_here() - zones.zones_of_the_database()):
        yield f"cities: {zone!r} is not a zone of the time zone database"


def past_term(today: date) -> list[rates.PublishedRate]:
    """The pay rows whose published end has passed though they are marked as current, oldest end first.

    They are still shown, as dated; somebody should look for the figure that followed.
    """
    past = [
        (rate.effective_to, rate)
        for rate in rates.everything()
        if rate.freshness is rates.Freshness.CURRENT and rate.is_past_term(today)
    ]
    return [rate for _, rate in sorted(past, key=lambda pair: _end(pair[0]))]


def _end(day: PartialDate | None) -> date:
    return date.max if day is None else day.last_day()
