"""What a post says, from the values of a form to the gig: checked, and in the venue's time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cogs.gigs import rules
from cogs.kit.call import Call
from cogs.kit.faults import Misread
from cogs.kit.form import Choice
from cogs.kit.moments import bare_clock, short_text, value_text
from storage.records.fee import Basis, Fee, Unit
from storage.records.gig import Audience, Gig, KindOfWork, Terms
from storage.records.times import Span
from storage.reference import zones

_WHEN = "Sat 28 Nov 19:30"


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """A post before it has an id. `span` is in the venue's zone where that is known."""

    role: str
    seats: int
    span: Span
    call_time: datetime | None
    where: str | None
    country: str | None
    fee: Fee
    kind: KindOfWork | None
    what: str | None
    terms: Terms = field(default_factory=Terms)
    reply_by: datetime | None = None
    audience: Audience = Audience.BOARD

    def as_gig(self, call: Call, community_id: int) -> Gig:
        """The gig, open, with no id yet."""
        return Gig(
            id=0,
            community_id=community_id,
            poster_id=call.person_id,
            role=self.role,
            seats=self.seats,
            span=self.span,
            call_time=self.call_time,
            where=self.where,
            country=self.country,
            fee=self.fee,
            kind=self.kind,
            what=self.what,
            terms=self.terms,
            reply_by=self.reply_by,
            audience=self.audience,
            posted_at=call.now,
            state_at=call.now,
            expires_at=rules.expiry(self.span, call.now),
        )


def checked(said: Mapping[str, Any], terms: Terms, call: Call) -> Details:
    """The details of a post from the values of `/gig post`, by the names its handler has for them.

    Raises Misread, with the field on it, for what cannot be, or must be asked back.
    """
    place = rules.bare_place(said["where"])
    clock = said.get("clock")
    span = lasting(placed(said["when"], place, clock, call), said.get("length"))
    check_time(span, call)
    check_reply_by(said.get("reply_by"), span, call)
    return Details(
        role=said["role"].id,
        seats=said.get("seats") or 1,
        span=span,
        call_time=read_call_time(said.get("call_time"), span, call, clock),
        where=place,
        country=country_of(span.zone, call),
        fee=_priced(said["fee"], said.get("unit")),
        kind=said.get("type_"),
        what=said.get("what"),
        terms=terms,
        reply_by=said.get("reply_by"),
        audience=said.get("audience") or Audience.BOARD,
    )


def _priced(fee: Fee, unit: Unit | None) -> Fee:
    """The fee with the unit that was said apart from it. Raises Misread where the sum came with another one."""
    if unit is None or fee.basis is Basis.UNPAID:
        return fee
    if fee.unit not in (Unit.FLAT, unit):
        raise Misread(
            f"Is the fee per {fee.unit.value} or per {unit.value}?" if unit is not Unit.FLAT
            else f"Is the fee per {fee.unit.value}, or for the whole gig?",
            example="£60/hour",
            field="fee",
        )  # fmt: skip
    return replace(fee, unit=unit)


def venue_zone(where: str | None, call: Call) -> str | None:
    """The zone of a place by its name, or by what stands behind its last comma; None when that says nothing clear."""
    if not where:
        return None
    for text in dict.fromkeys((where, where.rpartition(",")[2].strip())):
        found = zones.find(text, country=call.country)
        if call.zone in found:
            return call.zone
        if len(found) == 1:
            return found[0]
        if found:
            return None
    return None


def country_of(zone: str | None, call: Call) -> str | None:
    """Where a gig is, for published pay: the venue's country if its zone is in only one, else the poster's."""
    listed = zones.countries_of(zone) if zone else ()
    if len(listed) == 1:
        return listed[0]
    return call.country


def placed(span: Span, where: str | None, clock: str | None, call: Call) -> Span:
    """The span in the venue's zone.

    clock: the zone whose wall clock was meant, once that was asked. Raises Misread for the field `clock` when the venue
    lies where clocks show something else and nobody has said whose time it is: a wrong guess is a missed gig.
    """
    here, there = call.zone_or_utc, venue_zone(where, call)
    if clock is not None:
        moved = rules.in_zone(span, here, clock, same_clock=True)
        return rules.in_zone(moved, clock, there or clock, same_clock=False)
    if there is None or there == here:
        return span
    if span.whole_days or _same_clock(span.start, here, there):
        return rules.in_zone(span, here, there, same_clock=False)
    local = span.start.astimezone(ZoneInfo(here))
    raise Misread(
        f"Is {local:%H:%M} the time in {_city(there)}, or yours in {_city(here)}?",
        choices=(
            Choice(f"{local:%H:%M} in {_city(there)}"[:38], there),
            Choice(f"{local:%H:%M} in {_city(here)}"[:38], here),
        ),
        field="clock",
    )


def _same_clock(at: datetime, one: str, other: str) -> bool:
    return at.astimezone(ZoneInfo(one)).utcoffset() == at.astimezone(ZoneInfo(other)).utcoffset()


def _city(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def lasting(span: Span, length: timedelta | None) -> Span:
    """The span with the length that was said apart from it; an end that was said with the time stays."""
    if length is None or span.end is not None:
        return span
    return replace(span, end=span.start + length)


def check_time(span: Span, call: Call, *, field: str = "when") -> None:
    """Raises Misread for a gig that is over, or so far ahead that it must be a slip."""
    said = short_text(span.first_day if span.whole_days else span.start, span.zone)
    if rules.is_over(span, call.now):
        try:
            later = span.first_day.replace(year=span.first_day.year + 1)
        except ValueError:  # 29 February
            later = span.first_day + timedelta(days=365)
        choices: tuple[Choice, ...] = ()
        if later > call.now.astimezone(ZoneInfo(span.zone)).date():
            shift = later - span.first_day
            again = replace(span, start=_shifted(span.start, shift, span.zone), end=None)
            start = later if span.whole_days else again.start
            choices = (Choice(short_text(start, span.zone), value_text(start, None, call.zone_or_utc)),)
        raise Misread(f"{said} is over. When is it?", example=_WHEN, field=field, choices=choices)
    if span.start - call.now > rules.FURTHEST:
        raise Misread(f"{said} is more than three years off. Check the year.", example=_WHEN, field=field)


def _shifted(at: datetime, shift: timedelta, zone: str) -> datetime:
    return (at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + shift).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def read_call_time(text: str | None, span: Span, call: Call, clock: str | None = None) -> datetime | None:
    """The moment of a call time that was typed as a clock. Raises Misread for what is none, or lies after the start."""
    if text is None:
        return None
    read = bare_clock(text)
    if read is None:
        raise Misread(f"I could not read “{text[:40]}” as a clock time.", example="17:30", field="call_time")
    spoken = not any(mark in text.casefold() for mark in ("am", "pm", "a.m", "p.m")) and not text.startswith("0")
    at = rules.at_clock(span, read, clock or span.zone, spoken=spoken)
    if not span.whole_days and at > span.start:
        raise Misread(
            f"The call at {at.astimezone(ZoneInfo(span.zone)):%H:%M} would be after the start.",
            example="17:30",
            field="call_time",
        )
    return at


def check_reply_by(reply_by: datetime | None, span: Span, call: Call, *, field: str = "reply_by") -> None:
    """Raises Misread for a deadline that has passed, or that lies behind the gig."""
    if reply_by is None:
        return
    said = short_text(reply_by, call.zone_or_utc)
    if reply_by <= call.now:
        raise Misread(f"{said} has passed. By when do you need to hear?", example="tomorrow 6pm", field=field)
    if reply_by > rules.gig_time(span):
        raise Misread(f"{said} is after the gig. By when do you need to hear?", example="tomorrow 6pm", field=field)
