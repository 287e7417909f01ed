"""The fields of a post, one by one: their names, how a changed one is written into a gig, and how it is kept.

`/gig edit`, Fix and the history of changes share this list, so that a field cannot be editable in one place only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from cogs.gigs import details, rules
from cogs.kit.ask import Role
from cogs.kit.call import Call
from cogs.kit.faults import Misread
from cogs.kit.moments import AtClock, length_text, value_text
from storage.records.fee import Basis, Fee, Unit
from storage.records.gig import Gig
from storage.records.times import Span


class GigField(StrEnum):
    """What can be changed about a post; named as the options of `/gig post`."""

    WHEN = "when"
    WHERE = "where"
    FEE = "fee"
    ROLE = "role"
    SEATS = "seats"
    TYPE = "type"
    WHAT = "what"
    LENGTH = "length"
    CALL_TIME = "call_time"
    REPLY_BY = "reply_by"
    PAYS = "pays"
    PAY_BY = "pay_by"
    EXTRAS = "extras"
    USAGE = "usage"
    CREDIT = "credit"
    UNION = "union"
    CANCELLATION = "cancellation"

    @property
    def label(self) -> str:
        """As shown on buttons and in the list of an option."""
        special = {"pays": "Who pays", "type": "Kind", "role": "Chair", "seats": "Number of chairs"}
        return special.get(self.value, self.value.replace("_", " ").capitalize())


#: What a post cannot do without; every other field can be cleared.
NEEDED = frozenset({GigField.WHEN, GigField.FEE, GigField.ROLE, GigField.SEATS})
#: Words that clear a field.
CLEARING = frozenset({"-", "none", "clear", "nothing", "unsaid"})

_TERMS = frozenset(
    {GigField.PAYS, GigField.PAY_BY, GigField.EXTRAS, GigField.USAGE, GigField.CREDIT, GigField.UNION}
    | {GigField.CANCELLATION}
)


def is_said(gig: Gig, field: GigField) -> bool:
    """Whether the post says something there."""
    return kept(gig, field) is not None


def kept(gig: Gig, field: GigField) -> object:
    """The field as a JSON value, for the history of changes; None when nothing was said."""
    if field in _TERMS:
        term: object = getattr(gig.terms, field.value)
        return term
    span = gig.span
    match field:
        case GigField.WHEN:
            end = None if span.end is None else span.end.isoformat()
            return {"start": span.start.isoformat(), "end": end, "zone": span.zone, "whole_days": span.whole_days}
        case GigField.LENGTH:
            return None if span.end is None or span.whole_days else length_text(span.end - span.start)
        case GigField.FEE:
            money = gig.fee.money
            return {
                "basis": gig.fee.basis.value,
                "minor": None if money is None else money.minor,
                "currency": None if money is None else money.currency,
                "unit": gig.fee.unit.value,
            }
        case GigField.CALL_TIME | GigField.REPLY_BY:
            at: datetime | None = getattr(gig, field.value)
            return None if at is None else {"at": at.isoformat(), "zone": span.zone}
        case GigField.TYPE:
            return None if gig.kind is None else gig.kind.value
        case _:
            value: object = getattr(gig, field.value)
            return value


def typed(gig: Gig, field: GigField, call: Call) -> str:
    """The field as text that reads back as what it is, to be shown in a form; "" when nothing was said."""
    zone = call.zone_or_utc
    match field:
        case GigField.WHEN if gig.span.whole_days:
            last = None if gig.span.first_day == gig.span.last_day else gig.span.last_day
            return value_text(gig.span.first_day, last, zone)
        case GigField.WHEN:
            return value_text(gig.span.start, gig.span.end, zone)
        case GigField.FEE:
            return _fee_text(gig.fee)
        case GigField.CALL_TIME if gig.call_time is not None:
            return f"{gig.call_time.astimezone(ZoneInfo(gig.span.zone)):%H:%M}"
        case GigField.REPLY_BY if gig.reply_by is not None:
            return value_text(gig.reply_by, None, zone)
    value = kept(gig, field)
    return "" if value is None or isinstance(value, dict) else str(value)


def _fee_text(fee: Fee) -> str:
    if fee.money is None:
        return "quote" if fee.basis is Basis.QUOTE else "unpaid"
    per = "" if fee.unit is Unit.FLAT else f" per {fee.unit.value}"
    amount = fee.money.amount
    sum_ = f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:f}"
    return f"{sum_} {fee.money.currency}{per}"


def with_value(gig: Gig, field: GigField, value: Any, call: Call, *, clock: str | None = None) -> Gig:
    """The gig with another value in a field; `value` is read already, None clears it.

    A new place may lie in another zone, and then the wall clock goes with it. Raises Misread, for the field `value`,
    where what is written does not fit the rest of the post; for `clock` where it must be asked whose time is meant.
    """
    try:
        return _with(gig, field, value, call, clock)
    except Misread as fault:
        if fault.field != "clock":
            fault.field = "value"
        raise


def rewritten(gig: Gig, values: Mapping[GigField, object], call: Call, *, clock: str | None = None) -> Gig:
    """The gig with everything that a form says differently. values: read already, None for what is left out.

    Raises Misread for the field at fault, or for `clock` where it must be asked whose time is meant.
    """
    changed = gig
    for field, value in values.items():
        if _says(gig, field, value, call):
            continue
        try:
            changed = _with(changed, field, value, call, clock)
        except Misread as fault:
            fault.field = "clock" if fault.field == "clock" else field.value
            raise
    return changed


def _says(gig: Gig, field: GigField, value: object, call: Call) -> bool:
    """Whether that is what the post says already, as exactly as a form can say it: to the minute."""
    match field:
        case GigField.WHEN if isinstance(value, Span):
            if value.whole_days or gig.span.whole_days:
                return _days(value) == _days(gig.span)
            return _alike(value.start, gig.span.start) and _alike(value.end, gig.span.end)
        case GigField.LENGTH if gig.span.whole_days:
            return value is None
        case GigField.LENGTH:
            return value == (None if gig.span.end is None else gig.span.end - gig.span.start)
        case GigField.FEE:
            return value == gig.fee
        case GigField.ROLE:
            return isinstance(value, Role) and value.id == gig.role
        case GigField.CALL_TIME:
            return (value or "") == typed(gig, field, call)
        case GigField.REPLY_BY:
            return _alike(value if isinstance(value, datetime) else None, gig.reply_by)
    return value == kept(gig, field)


def _days(span: Span) -> tuple[bool, object, object]:
    return span.whole_days, span.first_day, span.last_day


def _alike(one: datetime | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < timedelta(minutes=1)


def _with(gig: Gig, field: GigField, value: Any, call: Call, clock: str | None) -> Gig:
    if value is None and field in NEEDED:
        raise Misread(f"A post cannot do without {field.label.casefold()}.", field="value")
    if field in _TERMS:
        return replace(gig, terms=replace(gig.terms, **{field.value: value}))
    match field:
        case GigField.WHEN:
            assert isinstance(value, Span)
            if isinstance(value, AtClock):
                value = rules.on_another_day(value, gig.span.start.astimezone(ZoneInfo(value.zone)).date())
            return _at_time(gig, details.placed(value, gig.where, clock, call), call)
        case GigField.LENGTH:
            if gig.span.whole_days:
                raise Misread("Give the time first: there is no start to count from.", field="value")
            assert value is None or isinstance(value, timedelta)
            return replace(gig, span=replace(gig.span, end=None if value is None else gig.span.start + value))
        case GigField.WHERE:
            return _at_place(gig, value, call)
        case GigField.ROLE:
            assert isinstance(value, Role)
            return replace(gig, role=value.id)
        case GigField.CALL_TIME:
            return replace(gig, call_time=details.read_call_time(value, gig.span, call))
        case GigField.REPLY_BY:
            details.check_reply_by(value, gig.span, call)
            return replace(gig, reply_by=value)
        case GigField.TYPE:
            return replace(gig, kind=value)
        case _:
            return replace(gig, **{field.value: value})


def _at_time(gig: Gig, span: Span, call: Call) -> Gig:
    if span.whole_days and span.first_day == span.last_day and not gig.span.whole_days:
        span = rules.on_another_day(gig.span, span.first_day)  # a day alone moves the day alone
    details.check_time(span, call)
    if span.end is None and gig.span.end is not None and not (gig.span.whole_days or span.whole_days):
        span = replace(span, end=span.start + (gig.span.end - gig.span.start))  # as long as it was
    call_time = gig.call_time
    if call_time is not None:
        early = gig.span.start - call_time
        call_time = None if span.whole_days or gig.span.whole_days else span.start - early
    reply_by = gig.reply_by if gig.reply_by is not None and gig.reply_by <= span.start else None
    return replace(gig, span=span, call_time=call_time, reply_by=reply_by)


def _at_place(gig: Gig, where: str | None, call: Call) -> Gig:
    zone = details.venue_zone(where, call) or gig.span.zone
    moved = rules.in_zone(gig.span, gig.span.zone, zone, same_clock=True)
    shift = moved.start - gig.span.start
    return replace(
        gig,
        where=where,
        span=moved,
        call_time=None if gig.call_time is None else gig.call_time + shift,
        country=details.country_of(zone, call) or gig.country,
    )


def differences(before: Gig, after: Gig) -> dict[str, tuple[object, object]]:
    """What a change comes to: field -> (before, after), as JSON values; what follows from another field is left out."""
    found = {
        field.value: (kept(before, field), kept(after, field))
        for field in GigField
        if kept(before, field) != kept(after, field)
    }
    if "when" in found and "length" in found:
        del found["length" if before.span.start != after.span.start else "when"]
    return found
