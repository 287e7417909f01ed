"""Everything kept about a person as files they can take away: JSON, CSV and a calendar. Pure; slow for much data.

JSON holds all of it. CSV is one file a table, for spreadsheets, and safe to open in one: text that a spreadsheet would
run as a formula is led by an apostrophe. The calendar holds what has a time: every row with a stretch of time
(`tables.columns.span`) or with the moment at which it falls due.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, StrEnum
from zoneinfo import ZoneInfo

from cogs.kit import sheets
from cogs.kit.reply import Upload
from storage.records.times import utc

Rows = Sequence[Mapping[str, object]]
Tables = Mapping[str, Rows]

#: Columns that may serve as a calendar entry's title, the best first.
_TITLES = ("title", "what", "text", "name", "label", "role", "kind")


class Format(StrEnum):
    """Which files somebody wants."""

    ALL = "all"
    JSON = "json"
    CSV = "csv"
    ICS = "ics"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {"all": "All three in one file", "json": "JSON", "csv": "CSV, for spreadsheets", "ics": "Calendar"}[self]


def export(tables: Tables, wanted: Format, now: datetime) -> Upload:
    """One file with what was asked for."""
    name = f"first-call-{now:%Y-%m-%d}"
    match wanted:
        case Format.JSON:
            return Upload(f"{name}.json", as_json(tables, now), "application/json")
        case Format.ICS:
            return Upload(f"{name}.ics", as_calendar(tables, now), "text/calendar")
        case Format.CSV:
            return Upload(f"{name}-csv.zip", zipped(as_csv(tables), now), "application/zip")
        case Format.ALL:
            files = {"everything.json": as_json(tables, now), "dates.ics": as_calendar(tables, now), **as_csv(tables)}
            return Upload(f"{name}.zip", zipped(files, now), "application/zip")


def as_json(tables: Tables, now: datetime) -> bytes:
    """All tables; moments as ISO 8601 in UTC, empty tables too, so that nothing seems left out."""
    document = {
        "made_at": utc(now).isoformat(),
        "tables": {table: [{k: _plain(v) for k, v in row.items()} for row in rows] for table, rows in tables.items()},
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def as_csv(tables: Tables) -> dict[str, bytes]:
    """A file for each table that has rows, by name. UTF-8 with the mark by which spreadsheets know it."""
    return {f"{name}.csv": _csv(rows) for name, rows in tables.items() if rows}


def _csv(rows: Rows) -> bytes:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return sheets.table(columns, [[_cell(row.get(column)) for column in columns] for row in rows])


def _cell(value: object) -> str:
    """A value as text."""
    plain = _plain(value)
    if plain is None:
        return ""
    if isinstance(plain, (bool, int)):
        return str(plain)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _plain(value: object) -> object:
    """A value as JSON has it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return utc(value).isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return str(value)


def as_calendar(tables: Tables, now: datetime) -> bytes:
    """An iCalendar of every row that has a time. Clocks are given in the zone they were said in."""
    from icalendar import Calendar, Event  # 60 ms, and wanted by few

    calendar = Calendar()
    calendar.add("prodid", "-//First Call//export//EN")
    calendar.add("version", "2.0")
    for table, rows in tables.items():
        for number, row in enumerate(rows):
            when = _when(row)
            if when is None:
                continue
            start, end = when
            event = Event()
            event.add("uid", f"{table}-{row.get('id', number)}@export.firstcall")
            event.add("dtstamp", utc(now))
            event.add("summary", _title(table, row))
            event.add("dtstart", start)
            if end is not None:
                event.add("dtend", end)
            where = row.get("where")
            if isinstance(where, str) and where:
                event.add("location", where)
            calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _when(row: Mapping[str, object]) -> tuple[datetime | date, datetime | date | None] | None:
    """From when to when a row is, if it is in time at all: days without a clock for whole days."""
    start, end = row.get("start_at"), row.get("end_at")
    if isinstance(start, datetime):
        place = _zone(row.get("zone"))
        begins = start.astimezone(place)
        ends = end.astimezone(place) if isinstance(end, datetime) else None
        if row.get("whole_days"):
            last = ends.date() if ends is not None else begins.date() + timedelta(days=1)
            return begins.date(), last
        return begins, ends
    due = row.get("due_at")
    if isinstance(due, datetime) and row.get("ended_at") is None:
        return due.astimezone(UTC), None
    return None


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name or "UTC"))
    except (KeyError, ValueError):
        return ZoneInfo("UTC")


def _title(table: str, row: Mapping[str, object]) -> str:
    for column in _TITLES:
        value = row.get(column)
        if isinstance(value, Enum):
            value = value.value
        if isinstance(value, str) and value:
            return value
    return f"{table.removesuffix('s').replace('_', ' ')} {row.get('id', '')}".strip()


def zipped(files: Mapping[str, bytes], now: datetime) -> bytes:
    """The files in one archive, all dated `now`, so that the same data gives the same archive."""
    packed = io.BytesIO()
    stamp = max(now, datetime(1980, 1, 1, tzinfo=UTC)).timetuple()[:6]  # ZIP knows no earlier year
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, stamp), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
