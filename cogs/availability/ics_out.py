"""Gigs as iCalendar: a feed that programs subscribe to, and one gig as a file. Slow; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from storage.records.times import Span

#: How long a program may wait before it asks again (RFC 7986, 5.7 REFRESH-INTERVAL; X-PUBLISHED-TTL for older ones).
REFRESH = timedelta(hours=1)
_PRODUCT = "-//First Call//diary//EN"
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One gig as a calendar has it.

    uid: the same over every change. changed_at: when anything about it last changed; revision: of the gig. Together
    they make a SEQUENCE that never falls. title: None for a calendar that shows busy time alone.
    """

    uid: str
    title: str | None
    span: Span
    where: str | None = None
    note: str | None = None
    tentative: bool = False
    cancelled: bool = False
    revision: int = 0
    changed_at: datetime

    @property
    def sequence(self) -> int:
        """Grows with every change, by its poster or of the answer."""
        return max(0, int((self.changed_at - _EPOCH).total_seconds())) + self.revision


def calendar_of(happenings: Iterable[Happening], *, name: str | None = None) -> bytes:
    """The iCalendar text. name: makes it a feed, with a title and a hint how often to ask; None: a file to import."""
    from icalendar import Calendar, Event, vDuration, vText  # 60 ms, and wanted by few

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name is not None:
        calendar.add("name", name)
        calendar.add("x-wr-calname", vText(name))
        calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(REFRESH))
    for one in happenings:
        event = Event()
        event.add("uid", one.uid)
        event.add("dtstamp", one.changed_at)
        event.add("last-modified", one.changed_at)
        event.add("sequence", one.sequence)
        event.add("summary", one.title or "Busy")
        if one.span.whole_days:
            event.add("dtstart", one.span.first_day)
            event.add("dtend", one.span.last_day + timedelta(days=1))
        else:
            event.add("dtstart", one.span.start)
            event.add("dtend", one.span.until())
        event.add("status", "CANCELLED" if one.cancelled else "TENTATIVE" if one.tentative else "CONFIRMED")
        event.add("transp", "TRANSPARENT" if one.cancelled else "OPAQUE")
        event.add("class", "PRIVATE")
        if one.title is not None and one.where:
            event.add("location", one.where)
        if one.title is not None and one.note:
            event.add("description", one.note)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
