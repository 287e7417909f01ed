"""Check-ins as use cases: keep one, look at one's own, delete them. Nobody else is ever told of one, nor any log."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import NotFound, Stale
from cogs.kit.undo import offer_undo
from cogs.wellness.resting import first_time
from storage.records.times import milliseconds
from storage.records.wellness import CheckIn, Pain
from storage.reference import support
from storage.reference.support import HelpLine
from storage.work import OpenWork

#: The country whose help lines the person asked for.
COUNTRY = "wellness.country"
#: Days on the chart.
DAYS = 30
#: How long what was deleted can be brought back; after that it goes for good.
_UNDO_FOR = timedelta(minutes=10)

_ENERGY = re.compile(
    r"^\s*(?:energy\s*[:=]?\s*)?(?:([1-5])(?:\s*/\s*5)?(?![\w.:/])|(\d{1,2})(?=\s*(?:[,;]|$)))|\benergy\s*[:=]?\s*([1-5])\b",
    re.IGNORECASE,
)
_BODY = "back|neck|shoulders?|arms?|elbows?|wrists?|hands?|thumbs?|fingers?|lips?|jaw|teeth|knees?|hips?|head|ears?"
_PAIN = re.compile(
    r"\bpain\s*[:=]?\s*(none|mild|stop)\b|\b(no|mild)\s+pain\b"
    r"|(?:^|[\x00,;])[\s\x00]*(none|mild|stop)(?=\s*(?:[,;]|$))"
    rf"|(?:^|[\x00,;])[\s\x00]*(mild)(?=\s+(?:in|my|left|right|both|lower|upper|{_BODY})\b)",
    re.IGNORECASE,
)

Found = tuple[int, int, str] | None


def find_energy(text: str) -> Found:
    """The energy in "3, mild, wrist" or "energy 3": at the beginning of the line, or behind its name."""
    match = _ENERGY.search(text)
    return None if match is None else (match.start(), match.end(), match[1] or match[2] or match[3])


def find_pain(text: str) -> Found:
    """The pain in "pain stop", "no pain", or alone between commas; a "stop" in a sentence is none."""
    match = _PAIN.search(text)
    if match is None:
        return None
    group = next(number for number in (1, 2, 3, 4) if match[number])
    said = match[group].casefold()
    return match.start(), match.end(), "none" if said == "no" else said


@dataclass(frozen=True, slots=True)
class Kept:
    """A check-in that was kept.

    country: whose help lines fit, as they said or as their profile has it; guessed: only their time zone says so.
    """

    checkin: CheckIn
    first_time: bool
    country: str | None
    guessed: bool = False


class CheckInService:
    """The use cases; every one is about the caller alone."""

    def __init__(self, open_work: OpenWork) -> None:
        self._open_work = open_work

    async def keep(
        self, call: Call, energy: int | None, pain: Pain | None, place: str | None, note: str | None
    ) -> Kept:
        """Write it down for today, on the caller's calendar."""
        async with self._open_work() as work:
            checkin = await work.wellness.check_in(
                CheckIn(
                    person_id=call.person_id,
                    day=call.now.astimezone(ZoneInfo(call.zone_or_utc)).date(),
                    energy=energy,
                    pain=pain,
                    place=place,
                    note=note,
                    made_at=call.now,
                )
            )
            new = await first_time(work, call.person_id)
            said = await work.people.setting(call.person_id, COUNTRY) or call.country
            await work.commit()
        return Kept(checkin, new, said or country_of_zone(call.zone), guessed=said is None)

    async def country(self, call: Call, code: str) -> None:
        """The caller is in that country: its help lines are shown from now on."""
        async with self._open_work() as work:
            await work.people.set_setting(call.person_id, COUNTRY, code)
            await work.commit()

    async def mine(self, call: Call) -> list[CheckIn]:
        """The caller's check-ins of the last thirty days, oldest first."""
        last = call.now.astimezone(ZoneInfo(call.zone_or_utc)).date()
        async with self._open_work(reading=True) as work:
            return await work.wellness.checkins_between(call.person_id, last - timedelta(days=DAYS - 1), last)

    async def delete(self, call: Call, checkin_id: int | None) -> int:
        """Delete one of the caller's own, or all of them; how many. They come back by the moment they went."""
        async with self._open_work() as work:
            count = await work.wellness.strike_checkins(call.person_id, checkin_id, call.now)
            if not count:
                raise NotFound("check-in", list_command="/checkin")
            await work.wellness.clear_out(call.now - _UNDO_FOR)
            await offer_undo(work, call, "Check-in deleted", action("checkin.restore", milliseconds(call.now)))
            await work.commit()
        return count

    async def restore(self, call: Call, struck_at: datetime) -> int:
        """Bring back what the caller deleted at that moment; how many."""
        async with self._open_work() as work:
            count = await work.wellness.strike_checkins(call.person_id, None, None, struck_at=struck_at)
            if not count:
                raise Stale("There is nothing left to bring back.")
            await work.commit()
        return count

    async def clear_out(self, now: datetime) -> None:
        """What was deleted, and can be brought back no more, goes for good."""
        async with self._open_work() as work:
            if await work.wellness.clear_out(now - _UNDO_FOR):
                await work.commit()


def lines_for(country: str | None) -> tuple[HelpLine, ...]:
    """The help lines of a country; none of low confidence."""
    return () if country is None else support.lines_for(country)


@cache
def country_of_zone(zone: str | None) -> str | None:
    """The country that a time zone lies in, by the IANA database's own table; None when it does not say."""
    if zone is None or "/" not in zone:
        return None
    from importlib import resources

    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    for row in table.splitlines():
        if row and not row.startswith("#"):
            code, _, name = row.split("\t")[:3]
            if name == zone:
                return code
    return None
