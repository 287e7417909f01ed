"""What one person has said of their time, packed, so that thousands of people can be asked about one time at once.

A pack holds 24 bytes for each entry, the last said first. A question takes the same byte out of every entry of
everybody (`raw[i::24]`), turns it into 0 or 1 with `bytes.translate`, and joins the answers as whole numbers of as many
bytes. That narrows, generously, by day, weekday and quarter of an hour, and costs about 2 ms for 2,000 people with 20
entries each; what is left is laid out exactly, on the wall clock of its zone, clock changes and all.

Pure, and work for a thread where there may be thousands.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from storage.records.availability import DAY_MINUTES, EVERY_DAY, STALE_AFTER, Candidate, Entry, Free, Stretch, wall
from storage.records.times import milliseconds

#: days, state, first (two bytes), last (two), begins in quarters of an hour, ends in quarters, begins in minutes (two),
#: ends (two), every, zone, said_at in milliseconds (eight), number among the odd (two; 0: not odd). Bytes: high to low.
_ENTRY = struct.Struct(">BBHHBBHHBBQH")
_SIZE = _ENTRY.size
_DAYS, _FIRST, _LAST, _FROM, _TO, _ZONE = 0, 2, 4, 6, 7, 13

_STATES = (Free.FREE, Free.MAYBE, Free.NO)
#: Days are counted from 1 January 2000, in two bytes: until 2179, and the last of them stands for ever.
_ZERO = date(2000, 1, 1).toordinal()
_EVER = 0xFFFF
_QUARTER = 15
#: What runs on for longer than this is odd.
_RUNS_ON = 2 * DAY_MINUTES
#: Days an odd entry can run on for, at most.
_FURTHER = 62
#: Clock changes move a wall clock by at most an hour (half an hour on Lord Howe); twice that, in minutes.
_SLACK = 120
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pack:
    """What somebody said. zones: names with blanks between, by whose number the entries mean them.

    odd: what does not fit into 24 bytes, as JSON: listed days, exceptions, regions, and what runs on for days.
    """

    zones: str = ""
    entries: bytes = b""
    odd: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of something said that shares a moment with the time asked about. region: it holds only there."""

    state: Free
    start: datetime
    end: datetime
    region: str | None = None


@dataclass(frozen=True, slots=True)
class FreeAt:
    """What people have said of one time; of those in neither nothing is known.

    said: one thing that covers all of it, by person. partly: what they said of parts of it, the last said first.
    """

    said: Mapping[int, Free] = field(default_factory=dict)
    partly: Mapping[int, Sequence[Hit]] = field(default_factory=dict)


def packed(entries: Iterable[Entry]) -> Pack:
    """What somebody said, packed. entries: in the order in which they were said, without deleted ones.

    Of somebody who speaks of more than 256 zones, which nobody does, those of the others are left out.
    """
    last_first = list(entries)[::-1]
    zones = tuple(sorted({entry.zone for entry in last_first}))[:256]
    odd: list[dict[str, Any]] = []
    parts = [_entry(entry, zones.index(entry.zone), odd) for entry in last_first if entry.zone in zones]
    return Pack(" ".join(zones), b"".join(parts), json.dumps(odd, separators=(",", ":")) if odd else None)


def _entry(entry: Entry, zone: int, odd: list[dict[str, Any]]) -> bytes:
    first = entry.first.toordinal() - _ZERO
    last = _EVER if entry.last is None else entry.last.toordinal() - _ZERO
    state, said_at = _STATES.index(entry.state), milliseconds(entry.said_at)
    strange = entry.listed or entry.region or entry.ends > _RUNS_ON or entry.every > 255 or not _fit(first, last)
    if strange:
        odd.append(_in_full(entry))
        until = min(max(last + _FURTHER, 0), _EVER)
        return _ENTRY.pack(
            EVERY_DAY, state, min(max(first, 0), _EVER), until, 0, 255, 0, 0, 1, zone, said_at, len(odd)
        )  # fmt: skip
    if entry.but:
        odd.append({"but": [day.toordinal() - _ZERO for day in entry.but]})
    begins, ends = entry.begins // _QUARTER, -(-entry.ends // _QUARTER)
    return _ENTRY.pack(
        entry.days, state, first, last, begins, ends, entry.begins, entry.ends, entry.every, zone, said_at,
        len(odd) if entry.but else 0,
    )  # fmt: skip


def _fit(first: int, last: int) -> bool:
    return 0 <= first < _EVER and 0 <= last <= _EVER


def _in_full(entry: Entry) -> dict[str, Any]:
    return {
        "first": entry.first.isoformat(),
        "last": entry.last and entry.last.isoformat(),
        "begins": entry.begins,
        "ends": entry.ends,
        "days": entry.days,
        "every": entry.every,
        "listed": [day.isoformat() for day in entry.listed],
        "but": [day.isoformat() for day in entry.but],
        "region": entry.region,
    }


def _from_full(said: Mapping[str, Any], state: Free, zone: str) -> Entry:
    return Entry(
        id=0,
        person_id=0,
        state=state,
        zone=zone,
        first=date.fromisoformat(said["first"]),
        last=said["last"] and date.fromisoformat(said["last"]),
        begins=said["begins"],
        ends=said["ends"],
        days=said["days"],
        every=said["every"],
        listed=tuple(map(date.fromisoformat, said["listed"])),
        but=tuple(map(date.fromisoformat, said["but"])),
        region=said["region"],
        made_at=_SOME_TIME,
        said_at=_SOME_TIME,
    )


_SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def free_at(people: Iterable[Candidate], start: datetime, end: datetime, now: datetime) -> FreeAt:
    """What these people said of [start, end), as far as it has not gone stale; what was said last counts."""
    alike: dict[str, list[Candidate]] = {}
    for one in people:
        if one.zones:
            alike.setdefault(one.zones, []).append(one)
    said: dict[int, Free] = {}
    partly: dict[int, list[Hit]] = {}
    if start < end:
        fresh = milliseconds(now - STALE_AFTER)
        for zones, group in alike.items():
            _ask(group, zones.split(" "), (start, end), fresh, said, partly)
    return FreeAt(said, partly)


def _ask(
    group: Sequence[Candidate],
    zones: Sequence[str],
    asked: Stretch,
    fresh: int,
    said: dict[int, Free],
    partly: dict[int, list[Hit]],
) -> None:
    """One question to people who number their zones alike."""
    start, end = asked
    packs = [one.entries or b"" for one in group]
    raw = b"".join(packs)
    owners: list[int] = []
    for number, pack in enumerate(packs):
        owners += [number] * (len(pack) // _SIZE)
    settled, done = -1, -1
    for hint in _near(raw, zones, asked):
        place, day = hint >> 16, hint & 0xFFFF
        owner = owners[place]
        if owner == settled or place == done:
            continue
        _, state, first, last, _, _, begins, ends, every, zone, said_at, odd = _ENTRY.unpack_from(raw, place * _SIZE)
        if said_at <= fresh:
            continue
        strange = _strange(group[owner].odd, odd) if odd else None
        if strange is not None and "first" in strange:
            done = place  # all its days at once
            entry = _from_full(strange, _STATES[state], zones[zone])
            found = [Hit(entry.state, *stretch, entry.region) for stretch in entry.stretches(start, end)]
        else:
            if not first <= day <= last or (every > 1 and _week(day, first) % every):
                continue
            if strange is not None and day in strange["but"]:
                continue
            opens, closes = _wall(day, begins, zones[zone]), _wall(day, ends, zones[zone])
            if opens >= end or closes <= start or opens >= closes:
                continue
            found = [Hit(_STATES[state], opens, closes)]
        person_id = group[owner].person_id
        before = partly.get(person_id)
        for hit in found:
            if hit.region is None and hit.start <= start and end <= hit.end:
                settled = owner  # nothing said earlier counts any more
                if before is None:
                    said[person_id] = hit.state
                    break
            if before is None:
                before = partly[person_id] = []
            before.append(hit)


@lru_cache(maxsize=1024)
def _strange(odd: str | None, number: int) -> Mapping[str, Any]:
    assert odd is not None
    said: Mapping[str, Any] = json.loads(odd)[number - 1]
    return said


def _near(raw: bytes, zones: Sequence[str], asked: Stretch) -> list[int]:
    """Entries that may touch the time, in order: place << 16, and the day on which it would begin, from `_ZERO`."""
    start, end = asked
    count = len(raw) // _SIZE
    earliest, latest = _number(start - _DAY) - 2, _number(end + _DAY)
    alive = _at_most(raw, _FIRST, latest) & _at_least(raw, _LAST, earliest)
    days, opens, closes, where = (raw[column::_SIZE] for column in (_DAYS, _FROM, _TO, _ZONE))
    found: list[int] = []
    for number, zone in enumerate(zones):
        here = alive & _ones(where, _is(number)) if len(zones) > 1 else alive
        if not here:
            continue
        today, low, high = _on_the_clock(start, end, zone)
        for offset in range(-2, (high - 1) // DAY_MINUTES + 1):
            shift = offset * DAY_MINUTES
            flags = (
                here
                & _ones(days, _has(1 << (today + offset + _ZERO - 1) % 7))
                & _ones(opens, _below(min(-(-(high - shift) // _QUARTER), 256)))
                & _ones(closes, _above(max((low - shift) // _QUARTER, -1)))
            )
            if flags:
                day = min(max(today + offset, 0), _EVER)
                found += [place << 16 | day for place in _places(flags.to_bytes(count, "little"))]
    found.sort()
    return found


def _on_the_clock(start: datetime, end: datetime, zone: str) -> tuple[int, int, int]:
    """The local day, from `_ZERO`, and first and last minute after its midnight; wider where clocks may change."""
    place = ZoneInfo(zone)
    local, until = start.astimezone(place), end.astimezone(place)
    low = local.hour * 60 + local.minute
    high = (until.date() - local.date()).days * DAY_MINUTES + until.hour * 60 + until.minute + 1
    around = (moment + _DAY * n for moment in (start, end) for n in range(-3, 3))
    offsets = {moment.astimezone(place).utcoffset() for moment in around}
    slack = 0 if len(offsets) == 1 else _SLACK
    return local.toordinal() - _ZERO, low - slack, high + slack


# --- bytes of 0 and 1, as whole numbers -------------------------------------------------------------------------------


def _places(flags: bytes) -> list[int]:
    """Where the ones are. What lies between them is counted in C, which is what makes many zeros cheap."""
    gaps = accumulate(map(len, flags.split(b"\1")))
    return [gap + n for n, gap in enumerate(gaps)][:-1]


def _ones(column: bytes, table: bytes) -> int:
    return int.from_bytes(column.translate(table), "little")


def _at_most(raw: bytes, column: int, bound: int) -> int:
    """Where the two bytes from `column` on are no more than `bound`."""
    high, low = divmod(min(max(bound, -1), _EVER), 256)
    above = raw[column::_SIZE]
    return _ones(above, _below(high)) | (_ones(above, _is(high)) & _ones(raw[column + 1 :: _SIZE], _below(low + 1)))


def _at_least(raw: bytes, column: int, bound: int) -> int:
    """Where the two bytes from `column` on are no less than `bound`."""
    high, low = divmod(min(max(bound, 0), _EVER), 256)
    above = raw[column::_SIZE]
    return _ones(above, _above(high)) | (_ones(above, _is(high)) & _ones(raw[column + 1 :: _SIZE], _above(low - 1)))


@lru_cache(maxsize=512)
def _below(bound: int) -> bytes:
    return bytes(byte < bound for byte in range(256))


@lru_cache(maxsize=512)
def _above(bound: int) -> bytes:
    return bytes(byte > bound for byte in range(256))


@lru_cache(maxsize=256)
def _is(value: int) -> bytes:
    return bytes(byte == value for byte in range(256))


@lru_cache(maxsize=8)
def _has(bit: int) -> bytes:
    return bytes(bool(byte & bit) for byte in range(256))


def _number(moment: datetime) -> int:
    return moment.astimezone(UTC).toordinal() - _ZERO


def _week(day: int, first: int) -> int:
    """Weeks from that of `first` to that of `day`."""
    monday = first - (first + _ZERO - 1) % 7
    return (day - monday) // 7


@lru_cache(maxsize=8192)
def _wall(day: int, minutes: int, zone: str) -> datetime:
    return wall(date.fromordinal(day + _ZERO), minutes, ZoneInfo(zone))
