"""What somebody takes away: complete, readable by the usual programs, harmless when opened."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from cogs.home.export import Format, as_calendar, as_csv, as_json, export
from storage.records.people import Visibility

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
GIG = {
    "id": 12, "what": "Wedding; 2 sets, \"black tie\"\nno stairs", "where": "Leeds, Town Hall", "zone": "Europe/London",
    "start_at": datetime(2026, 11, 28, 19, 30, tzinfo=UTC), "end_at": datetime(2026, 11, 28, 23, tzinfo=UTC),
    "whole_days": False,
}  # fmt: skip
TOUR = {
    "id": 13, "what": None, "zone": "America/New_York", "whole_days": True,
    "start_at": datetime(2027, 1, 12, 5, tzinfo=UTC), "end_at": datetime(2027, 1, 15, 5, tzinfo=UTC),
}  # fmt: skip
NOTICES = [
    {"id": 1, "kind": "reminders.due", "due_at": NOW + timedelta(days=1), "ended_at": None},
    {"id": 2, "kind": "reminders.due", "due_at": NOW - timedelta(days=1), "ended_at": NOW},
]
PERSON = {
    "id": 7, "name": "Zoë 🎺", "visibility": Visibility.NOBODY, "quiet_from": time(22), "made_at": NOW, "radius_km": -3,
    "day": date(2026, 11, 28), "args": {"gig_id": 12},
}  # fmt: skip
TABLES = {"people": [PERSON], "gigs": [GIG, TOUR], "notices": NOTICES, "answers": []}


def test_json_holds_every_table_and_every_value() -> None:
    read = json.loads(as_json(TABLES, NOW))

    assert read["made_at"] == "2026-11-23T10:00:00+00:00"
    assert list(read["tables"]) == ["people", "gigs", "notices", "answers"]
    person = read["tables"]["people"][0]
    assert person["name"] == "Zoë 🎺"
    assert (person["visibility"], person["quiet_from"], person["day"]) == ("nobody", "22:00:00", "2026-11-28")
    assert person["args"] == {"gig_id": 12}
    assert read["tables"]["gigs"][0]["start_at"] == "2026-11-28T19:30:00+00:00"


def test_csv_has_a_file_for_each_table_with_rows() -> None:
    files = as_csv(TABLES)
    rows = list(csv.DictReader(io.StringIO(files["people.csv"].decode("utf-8-sig"))))

    assert sorted(files) == ["gigs.csv", "notices.csv", "people.csv"]
    assert rows[0]["name"] == "Zoë 🎺"
    assert rows[0]["radius_km"] == "-3"  # a number stays one
    assert rows[0]["args"] == '{"gig_id": 12}'


@pytest.mark.parametrize(
    "typed", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|'/c calc'!A0", "＝1", "\n=1"]
)
def test_text_never_becomes_a_formula(typed: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv({"t": [{"note": typed}]})["t.csv"].decode("utf-8-sig"), newline="")))

    assert rows[1] == ["'" + typed]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1, max_size=5))
def test_any_text_comes_back_out_of_csv_and_none_begins_a_formula(texts: list[str]) -> None:
    content = as_csv({"t": [{"note": text} for text in texts]})["t.csv"].decode("utf-8-sig")
    cells = [row[0] if row else "" for row in csv.reader(io.StringIO(content, newline=""))][1:]

    assert [cell.removeprefix("'") for cell in cells] == [text.removeprefix("'") for text in texts]
    led = ("=", "+", "-", "@", "\t", "\r", "\n")
    assert not any(cell.lstrip(" ").startswith(led) and not cell.lstrip("-").isdecimal() for cell in cells)


def test_the_calendar_holds_what_is_dated_in_its_own_zone() -> None:
    events = list(Calendar.from_ical(as_calendar(TABLES, NOW)).walk("VEVENT"))
    gig, tour, reminder = events

    assert str(gig["summary"]) == GIG["what"]
    assert str(gig["location"]) == "Leeds, Town Hall"
    assert gig["dtstart"].dt == datetime(2026, 11, 28, 19, 30, tzinfo=ZoneInfo("Europe/London"))
    assert gig["dtend"].dt - gig["dtstart"].dt == timedelta(hours=3, minutes=30)
    assert (tour["dtstart"].dt, tour["dtend"].dt) == (date(2027, 1, 12), date(2027, 1, 15))
    assert str(tour["summary"]) == "gig 13"
    assert reminder["dtstart"].dt == NOW + timedelta(days=1)
    assert len({str(event["uid"]) for event in events}) == 3


def test_an_empty_calendar_is_still_one() -> None:
    assert not Calendar.from_ical(as_calendar({}, NOW)).walk("VEVENT")


@pytest.mark.parametrize(
    ("wanted", "ending"), [("json", ".json"), ("ics", ".ics"), ("csv", "-csv.zip"), ("all", ".zip")]
)
def test_one_file_is_handed_over(wanted: str, ending: str) -> None:
    upload = export(TABLES, Format(wanted), NOW)

    assert upload.name == f"first-call-2026-11-23{ending}"
    assert upload == export(TABLES, Format(wanted), NOW)


def test_the_archive_holds_all_three_formats() -> None:
    archive = zipfile.ZipFile(io.BytesIO(export(TABLES, Format.ALL, NOW).content))

    assert archive.namelist() == ["dates.ics", "everything.json", "gigs.csv", "notices.csv", "people.csv"]
    assert archive.testzip() is None
