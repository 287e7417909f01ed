"""Ears as use cases: log a level, the dose of the day and the week, and the yearly test."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import NotFound, Stale
from cogs.kit.undo import offer_undo
from cogs.wellness.resting import first_time
from storage.records.notice import NewNotice
from storage.records.people import Topic
from storage.records.wellness import HearingLog, Plugs
from storage.work import OpenWork, Work

TEST = "hearing.test"
#: The day of the last hearing test, as the person said it.
LAST_TEST = "wellness.hearing_test"

_DAY = timedelta(days=1)
_AT = time(10)

_PLUGS = re.compile(
    r"(?P<none>\b(?:no|without)\s+(?:ear\s*)?plugs\b)"
    r"|\b(?:ear\s*)?plugs?\b\s*[:=]?\s*(?:[-−–]\s*)?(?P<after>25|15|9)?(?:\s*db)?(?!\w)"
    r"|(?<![\w.])[-−–]\s*(?P<minus>25|15|9)\s*(?:db)?(?!\w)",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"(?<![\w.,−–-])(\d{2,3})(?:[.,](\d))?\s*(db\s*\(?a?\)?)?(?!\w)", re.IGNORECASE)
_MINUTES = re.compile(
    r"(?<![\w.,−–-])(\d{1,2}(?:[.,]\d)?\s*(?:h|hrs?|hours?)(?:\s*\d{1,2}(?:\s*m(?:in(?:ute)?s?)?)?)?|\d{1,4}\s*m(?:in(?:ute)?s?)?"
    r"|\d{1,4})(?![\w])",
    re.IGNORECASE,
)

Found = tuple[int, int, str] | None


def find_level(text: str) -> Found:
    """The level in "98 40" or "40 min at 98 dB": what has dB behind it, else the first number without a unit."""
    rest = _PLUGS.sub(lambda match: " " * len(match[0]), text)
    found = [
        match for match in _LEVEL.finditer(rest) if not _has_unit(rest, match.end(2) if match[2] else match.end(1))
    ]
    match = next((one for one in found if one[3]), found[0] if found else None)
    if match is None:
        return None
    # What was read off between two whole levels counts as the louder.
    level = int(match[1]) + (match[2] not in (None, "0"))
    # No further than what was read: the blanks behind it may stand for plugs.
    return match.start(), match.end(3 if match[3] else 2 if match[2] else 1), str(level)


def _has_unit(text: str, end: int) -> bool:
    return re.match(r"\s*(?:m(?:in(?:ute)?s?)?|h(?:rs?|ours?)?)\b", text[end:], re.IGNORECASE) is not None


def find_minutes(text: str) -> Found:
    """The length in what is left of the line when the level is out of it."""
    rest = _PLUGS.sub(lambda match: " " * len(match[0]), text)
    found = list(_MINUTES.finditer(rest))
    match = next((one for one in found if not one[1].isdigit()), found[0] if found else None)
    return None if match is None else (match.start(1), match.end(1), match[1])


def find_plugs(text: str) -> Found:
    """ "plugs −15", "plugs", "no plugs", "-15". Plugs without a figure count with the least, 9 dB."""
    match = _PLUGS.search(text)
    if match is None:
        return None
    taken = "0" if match["none"] else match["after"] or match["minus"] or "9"
    return match.start(), match.end(), taken


@dataclass(frozen=True, slots=True)
class Heard:
    """A day of ears. log: what was just logged. first_time: the person has not read the disclaimer yet."""

    day: date
    today: tuple[HearingLog, ...]
    week: tuple[HearingLog, ...]
    log: HearingLog | None = None
    first_time: bool = False
    tested: date | None = None

    @property
    def first(self) -> date:
        """The first of the seven days up to today."""
        return self.day - _DAY * 6


class HearingService:
    """The use cases; every one is about the caller alone."""

    def __init__(self, open_work: OpenWork) -> None:
        self._open_work = open_work

    async def log(self, call: Call, level: int, minutes: int, plugs: Plugs) -> Heard:
        """Write it down for today, on the caller's calendar."""
        async with self._open_work() as work:
            log = await work.wellness.log_hearing(
                HearingLog(
                    person_id=call.person_id, day=today(call), level=level, minutes=minutes, plugs=plugs,
                    made_at=call.now,
                )
            )  # fmt: skip
            heard = replace(await _heard(work, call), log=log, first_time=await first_time(work, call.person_id))
            await _offer_to_strike(work, call, log)
            await work.commit()
        return heard

    async def heard(self, call: Call) -> Heard:
        """Today and the week up to it."""
        async with self._open_work(reading=True) as work:
            return await _heard(work, call)

    async def change(
        self, call: Call, log_id: int, change: Callable[[HearingLog], HearingLog], *, anew: bool = False
    ) -> Heard:
        """Change one of the caller's own. anew: as if it were logged now, so it can be struck out. Raises NotFound."""
        async with self._open_work() as work:
            log = await work.wellness.hearing(log_id, call.person_id)
            if log is None:
                raise NotFound("hearing log", list_command="/hearing today")
            changed = change(log)
            if changed == log:
                raise Stale("That was done before.")
            await work.wellness.change_hearing(changed)
            heard = replace(await _heard(work, call), log=changed)
            if anew:
                await _offer_to_strike(work, call, changed)
            await work.commit()
        return heard

    async def get(self, call: Call, log_id: int) -> HearingLog:
        """One of the caller's own. Raises NotFound."""
        async with self._open_work(reading=True) as work:
            log = await work.wellness.hearing(log_id, call.person_id)
        if log is None or log.deleted_at is not None:
            raise NotFound("hearing log", list_command="/hearing today")
        return log

    # --- the yearly test ----------------------------------------------------------------------------------------------

    async def tested(self, call: Call, day: date | None) -> date | None:
        """The caller's last test was that day: they are reminded a year later; None: they are not. When they will."""
        async with self._open_work() as work:
            await work.notices.cancel_series(_series(call.person_id), call.now)
            await work.people.set_setting(call.person_id, LAST_TEST, day.isoformat() if day is not None else None)
            due = (
                None
                if day is None
                else await _keep_test(work, call.person_id, a_year_after(day), call.zone_or_utc, call.now)
            )
            await work.commit()
        return due

    async def later(self, call: Call, days: int) -> date | None:
        """Be reminded of the test so many days from now."""
        async with self._open_work() as work:
            if await work.people.setting(call.person_id, LAST_TEST) is None:
                raise Stale("The yearly reminder is switched off.")
            await work.notices.cancel_series(_series(call.person_id), call.now)
            day = today(call) + _DAY * max(1, min(days, 366))
            due = await _keep_test(work, call.person_id, day, call.zone_or_utc, call.now)
            await work.commit()
        return due


def today(call: Call) -> date:
    """The day it is on the caller's calendar."""
    return call.now.astimezone(ZoneInfo(call.zone_or_utc)).date()


def a_year_after(day: date) -> date:
    """The same day a year on; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


async def _offer_to_strike(work: Work, call: Call, log: HearingLog) -> None:
    await offer_undo(work, call, "Hearing log", action("hearing.strike", log.id))


async def keep_next_test(work: Work, person_id: int, now: datetime) -> None:
    """After a reminder, one in another year, for whom it is still on."""
    person = await work.people.get(person_id)
    if person is None or await work.people.setting(person_id, LAST_TEST) is None:
        return
    zone = person.zone or "UTC"
    await _keep_test(work, person_id, a_year_after(now.astimezone(ZoneInfo(zone)).date()), zone, now)


async def _keep_test(work: Work, person_id: int, day: date, zone: str, now: datetime) -> date:
    at = datetime.combine(day, _AT, ZoneInfo(zone))
    if at <= now:  # a test long ago: tomorrow morning
        day = now.astimezone(ZoneInfo(zone)).date() + _DAY
        at = datetime.combine(day, _AT, ZoneInfo(zone))
    await work.notices.add(
        NewNotice(
            kind=TEST, person_id=person_id, args={"person_id": person_id}, due_at=at, topic=Topic.REMINDERS,
            series_id=_series(person_id), occurrence=day.toordinal(),
        ),
        now,
    )  # fmt: skip
    return day


def _series(person_id: int) -> str:
    return f"{TEST}:{person_id}"


async def _heard(work: Work, call: Call) -> Heard:
    day = today(call)
    week = await work.wellness.hearing_between(call.person_id, day - _DAY * 6, day)
    said = await work.people.setting(call.person_id, LAST_TEST)
    return Heard(
        day=day,
        today=tuple(log for log in week if log.day == day),
        week=tuple(week),
        tested=date.fromisoformat(said) if said else None,
    )
