"""Calendars as programs write them, and the rules of RFC 5545, laid out as they say; nothing but busy time is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cogs.availability import ics_in
from cogs.availability.ics_in import NotACalendar, read
from storage.records.availability import Busy

START = datetime(2026, 11, 1, tzinfo=UTC)
END = datetime(2027, 6, 1, tzinfo=UTC)


def calendar(*events: str, head: str = "PRODID:-//Test//EN") -> bytes:
    body = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", head, *events, "END:VCALENDAR", ""])
    return body.replace("\n", "\r\n").encode()


def event(*lines: str, uid: str = "a") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T000000Z", *lines, "END:VEVENT"])


def local(found: Busy, zone: str) -> tuple[str, str]:
    start, end = found.stretch(zone)
    return tuple(f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" for at in (start, end))  # type: ignore[return-value]


GOOGLE = """BEGIN:VTIMEZONE
TZID:Europe/London
X-LIC-LOCATION:Europe/London
BEGIN:DAYLIGHT
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
DTSTART:19700329T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
DTSTART:19701025T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
DTSTART;TZID=Europe/London:20270316T190000
DTEND;TZID=Europe/London:20270316T210000
RRULE:FREQ=WEEKLY;UNTIL=20270413T180000Z;BYDAY=TU
EXDATE;TZID=Europe/London:20270323T190000
DTSTAMP:20261101T000000Z
UID:g1@google.com
SEQUENCE:2
STATUS:CONFIRMED
SUMMARY:Secret rehearsal with Smith
TRANSP:OPAQUE
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID=Europe/London:20270407T180000
DTEND;TZID=Europe/London:20270407T190000
RECURRENCE-ID;TZID=Europe/London:20270406T190000
UID:g1@google.com
STATUS:CONFIRMED
SUMMARY:moved
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20270501
DTEND;VALUE=DATE:20270503
UID:g2@google.com
SUMMARY:Away
TRANSP:OPAQUE
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20270510
DTEND;VALUE=DATE:20270511
UID:g3@google.com
SUMMARY:Somebody's birthday
TRANSP:TRANSPARENT
END:VEVENT"""

OUTLOOK = """METHOD:PUBLISH
X-WR-CALNAME:Calendar
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:040000008200E00074C5B7101A82E008
SUMMARY:Busy
DTSTART;TZID=W. Europe Standard Time:20270326T200000
DTEND;TZID=W. Europe Standard Time:20270326T230000
RRULE:FREQ=DAILY;COUNT=4
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:20261101T000000Z
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:0
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
END:VEVENT
BEGIN:VEVENT
UID:040000008200E00074C5B7101A82E009
SUMMARY:Free
DTSTART;TZID=W. Europe Standard Time:20270401T090000
DTEND;TZID=W. Europe Standard Time:20270401T170000
DTSTAMP:20261101T000000Z
X-MICROSOFT-CDO-BUSYSTATUS:FREE
END:VEVENT"""

APPLE = """CALSCALE:GREGORIAN
X-APPLE-CALENDAR-COLOR:#1BADF8
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:DAYLIGHT
TZOFFSETFROM:-0500
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
DTSTART:20070311T020000
TZNAME:EDT
TZOFFSETTO:-0400
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:-0400
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
DTSTART:20071104T020000
TZNAME:EST
TZOFFSETTO:-0500
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
CREATED:20261001T101500Z
UID:8F1B0A2C-0000-4C4C-9000-AAAAAAAAAAAA
RRULE:FREQ=MONTHLY;BYDAY=2SU;COUNT=5
DTEND;TZID=America/New_York:20261213T233000
TRANSP:OPAQUE
X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC
SUMMARY:Club night
DTSTART;TZID=America/New_York:20261213T210000
DTSTAMP:20261001T101501Z
LOCATION:Somewhere\\nSecret
SEQUENCE:0
BEGIN:VALARM
X-WR-ALARMUID:1
UID:1
TRIGGER:-PT30M
ACTION:DISPLAY
DESCRIPTION:Go
END:VALARM
END:VEVENT"""

NEXTCLOUD = """CALSCALE:GREGORIAN
BEGIN:VEVENT
CREATED:20261001T090000Z
DTSTAMP:20261001T090000Z
UID:nc-1
DTSTART:20270110T183000
DURATION:PT1H30M
SUMMARY:Floating
RDATE:20270112T183000,20270114T183000
END:VEVENT
BEGIN:VEVENT
DTSTAMP:20261001T090000Z
UID:nc-2
STATUS:CANCELLED
DTSTART:20270120T183000Z
DTEND:20270120T193000Z
SUMMARY:Gone
END:VEVENT"""


def test_google_a_weekly_series_over_a_clock_change_with_a_hole_and_a_move() -> None:
    found = read(calendar(GOOGLE, head="PRODID:-//Google Inc//Google Calendar 70.9054//EN"), 1, START, END)
    assert [local(one, "Europe/London") for one in found.busy] == [
        ("2027-03-16 19:00", "2027-03-16 21:00"),
        ("2027-03-30 19:00", "2027-03-30 21:00"),
        ("2027-04-07 18:00", "2027-04-07 19:00"),
        ("2027-04-13 19:00", "2027-04-13 21:00"),
        ("2027-05-01 00:00", "2027-05-03 00:00"),
    ]
    assert [one.floating for one in found.busy] == [False, False, False, False, True]


def test_outlook_zones_by_their_windows_names_and_free_time_is_no_time() -> None:
    found = read(calendar(OUTLOOK, head="PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN"), 1, START, END)
    assert [local(one, "Europe/Berlin") for one in found.busy] == [
        (f"2027-03-{day} 20:00", f"2027-03-{day} 23:00") for day in (26, 27, 28, 29)
    ]


def test_apple_the_second_sunday_of_a_month_in_new_york() -> None:
    found = read(calendar(APPLE, head="PRODID:-//Apple Inc.//macOS 14.5//EN"), 1, START, END)
    assert [local(one, "America/New_York")[0] for one in found.busy] == [
        "2026-12-13 21:00", "2027-01-10 21:00", "2027-02-14 21:00", "2027-03-14 21:00", "2027-04-11 21:00"
    ]  # fmt: skip


def test_nextcloud_floating_times_are_on_the_clock_of_whoever_looks() -> None:
    found = read(calendar(NEXTCLOUD, head="PRODID:-//IDN nextcloud.com//Calendar app 4.7//EN"), 1, START, END)
    for zone in ("Europe/London", "Asia/Tokyo"):
        assert [local(one, zone) for one in found.busy] == [
            (f"2027-01-{day} 18:30", f"2027-01-{day} 20:00") for day in (10, 12, 14)
        ]


def test_nothing_but_time_is_kept() -> None:
    found = read(calendar(GOOGLE, APPLE), 1, START, END)
    assert "Secret" not in repr(found)
    assert "Smith" not in repr(found)
    assert all(set(Busy.__slots__) == {"person_id", "start", "end", "floating"} for _ in found.busy)


#: RFC 5545, 3.8.5.3, with the dates it gives: all in New York at nine. Rules, how many come, and the days at both ends.
RFC = [
    ("FREQ=DAILY;COUNT=10", 10, "1997-09-02", "1997-09-11"),
    ("FREQ=DAILY;INTERVAL=10;COUNT=5", 5, "1997-09-02", "1997-10-12"),
    ("FREQ=WEEKLY;COUNT=10", 10, "1997-09-02", "1997-11-04"),
    ("FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", 10, "1997-09-02", "1997-10-02"),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", 8, "1997-09-02", "1997-10-16"),
    ("FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", 10, "1997-09-02", "1998-01-15"),
    ("FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", 11, "1997-09-02", "1999-03-13"),
    ("FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", 11, "1997-09-02", "2003-03-02"),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", 4, "1997-09-02", "1997-11-06"),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", 4, "1997-09-02", "1997-09-21"),
]


@pytest.mark.parametrize(("rule", "count", "first", "last"), RFC, ids=[rule for rule, *_ in RFC])
def test_the_examples_of_the_standard_come_when_it_says(rule: str, count: int, first: str, last: str) -> None:
    content = calendar(
        event(
            "DTSTART;TZID=America/New_York:19970902T090000", "DTEND;TZID=America/New_York:19970902T100000",
            f"RRULE:{rule}",
        )
    )  # fmt: skip
    found = read(content, 1, datetime(1997, 8, 1, tzinfo=UTC), datetime(2004, 1, 1, tzinfo=UTC))
    days = [local(one, "America/New_York")[0] for one in found.busy]
    assert (days[0], days[-1]) == (f"{first} 09:00", f"{last} 09:00")
    assert count - 1 <= len(days) <= count  # a first day outside its own rule counts with some readers


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY", "FREQ=DAILY;BYMINUTE=" + ",".join(map(str, range(60)))],
)
def test_what_would_come_by_the_minute_is_left_out_and_said(rule: str) -> None:
    content = calendar(
        event("DTSTART:20261201T090000Z", "DTEND:20261201T090100Z", f"RRULE:{rule}"),
        event("DTSTART:20261202T090000Z", "DTEND:20261202T100000Z", uid="b"),
    )
    found = read(content, 1, START, END)
    assert (len(found.busy), found.left_out) == (1, 1)


def test_a_thousand_rules_since_the_beginning_of_time_are_not_laid_out() -> None:
    old = [event("DTSTART:00010101T090000Z", "RRULE:FREQ=DAILY", uid=str(n)) for n in range(1000)]
    found = read(calendar(*old), 1, START, START + timedelta(days=5))
    assert found.left_out == 1000


def test_our_own_feed_is_not_read_back() -> None:
    content = calendar(event("DTSTART:20261201T090000Z", "DTEND:20261201T100000Z", uid="gig-7@firstcall"))
    assert read(content, 1, START, END).busy == ()


def test_overlapping_events_are_one_stretch() -> None:
    content = calendar(
        event("DTSTART:20261201T090000Z", "DTEND:20261201T110000Z"),
        event("DTSTART:20261201T100000Z", "DTEND:20261201T120000Z", uid="b"),
    )
    [one] = read(content, 1, START, END).busy
    assert (one.start.hour, one.end.hour) == (9, 12)


def test_published_free_and_busy_time_counts() -> None:
    content = calendar(
        "BEGIN:VFREEBUSY\nUID:f\nDTSTAMP:20261101T000000Z\n"
        "FREEBUSY;FBTYPE=BUSY:20261201T090000Z/20261201T110000Z,20261202T090000Z/PT1H\n"
        "FREEBUSY;FBTYPE=FREE:20261203T090000Z/PT1H\nEND:VFREEBUSY"
    )
    assert [one.start.day for one in read(content, 1, START, END).busy] == [1, 2]


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>Sign in</html>", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\n", b"BEGIN:VCALENDAR" + b"x" * ics_in.LARGEST],
)
def test_what_is_no_calendar_is_said_so(content: bytes) -> None:
    with pytest.raises(NotACalendar):
        read(content, 1, START, END)


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:nonsense", "DTEND:20261201T100000Z"),
        ("DTSTART:20261201T090000Z", "DTEND:nonsense"),
        ("DTSTART:20261201T090000Z", "RRULE:FREQ=SOMETIMES"),
        ("DTSTART:20261201T090000Z", "DTEND:20261201T100000Z", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:nonsense"),
        ("SUMMARY:without a time",),
    ],
)
def test_a_damaged_event_does_not_cost_the_others(lines: tuple[str, ...]) -> None:
    content = calendar(
        event(*lines),
        event("DTSTART:20261202T090000Z", "DTEND:20261202T100000Z", "RRULE:FREQ=WEEKLY;COUNT=2", uid="b"),
    )
    days = {one.start.day for one in read(content, 1, START, END).busy if one.start.hour == 9}
    assert {2, 9} <= days
