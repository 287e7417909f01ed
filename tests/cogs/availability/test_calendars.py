"""The secret feed and links that are read again: stable names, growing sequences, one secret at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar as Ics

from cogs.availability.calendars import AGAIN, CalendarService, hashed
from cogs.availability.fetching import NoCalendar
from cogs.availability.ics_out import Happening, calendar_of
from cogs.kit.action import action
from cogs.kit.faults import Conflict
from cogs.kit.reply import CopyButton
from storage.records.times import Span
from tests.cogs.availability.front import Diary
from tests.cogs.availability.test_availability import ICS

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def events(content: bytes | None) -> list[dict[str, str]]:
    assert content is not None
    found = Ics.from_ical(content)
    return [
        {
            name: event[name].to_ical().decode() if hasattr(event[name], "to_ical") else str(event[name])
            for name in event
        }
        for event in found.walk("VEVENT")
    ]


async def secret_of(house: Diary, name: str, line: str = "/avail link make") -> str:
    answer = await house.say(name, line)
    [button] = [one for one in answer.reply.buttons if isinstance(one, CopyButton)]
    return button.text.removeprefix("/calendar/").removesuffix(".ics")


async def feed(house: Diary, secret: str) -> bytes | None:
    [found] = [write for cog in house.cogs for write in cog.feeds().values()]
    return await found(secret)


async def test_the_feed_has_pencils_tentative_and_inked_confirmed(house: Diary) -> None:
    await house.gig("drums, Sat 12 Dec 19:30-22:00, Leeds, £200", "Bob", inked=False)
    secret = await secret_of(house, "Bob")
    [one] = events(await feed(house, secret))
    assert (one["UID"], one["STATUS"], one["DTSTART"]) == ("gig-1@firstcall", "TENTATIVE", "20261212T193000Z")
    await house.say("Ada", "/gig pick id=G1 player=Bob as=ink")
    [two] = events(await feed(house, secret))
    assert (two["UID"], two["STATUS"]) == ("gig-1@firstcall", "CONFIRMED")
    assert int(two["SEQUENCE"]) > int(one["SEQUENCE"])
    await house.say("Ada", "/gig close id=G1 reason=cancelled")
    [three] = events(await feed(house, secret))
    assert three["STATUS"] == "CANCELLED" and int(three["SEQUENCE"]) > int(two["SEQUENCE"])


async def test_the_feed_asks_to_be_read_again_and_has_a_name(house: Diary) -> None:
    content = await feed(house, await secret_of(house, "Bob")) or b""
    for line in (b"REFRESH-INTERVAL;VALUE=DURATION:PT1H", b"X-PUBLISHED-TTL:PT1H", b"X-WR-CALNAME:First Call"):
        assert line in content


async def test_a_busy_feed_says_busy_and_nothing_else(house: Diary) -> None:
    await house.gig("drums, Sat 12 Dec 19:30-22:00, Leeds, £200", "Bob")
    secret = await secret_of(house, "Bob", "/avail link make busy")
    [one] = events(await feed(house, secret))
    assert one["SUMMARY"] == "Busy"
    assert "LOCATION" not in one and "DESCRIPTION" not in one


async def test_a_new_link_ends_the_old_and_off_ends_all(house: Diary) -> None:
    old = await secret_of(house, "Bob")
    new = await secret_of(house, "Bob", "/avail link rotate")
    assert await feed(house, old) is None
    assert await feed(house, new) is not None
    await house.say("Bob", "/avail link off")
    assert await feed(house, new) is None


async def test_only_a_hash_is_kept_and_the_secret_is_long(house: Diary) -> None:
    secret = await secret_of(house, "Bob")
    assert len(secret) >= 43
    bob = await house.person("Bob")
    async with house.tools.open_work(reading=True) as work:
        kept = await work.export(bob.id)
    assert secret not in repr(kept)
    assert kept["calendar_feeds"][0]["secret_hash"] == hashed(secret)
    for guess in ("", hashed(secret), secret[:-1]):
        assert await feed(house, guess) is None


async def test_forgetting_ends_the_feed(house: Diary) -> None:
    secret = await secret_of(house, "Bob")
    bob = await house.person("Bob")
    async with house.tools.open_work() as work:
        await work.forget(bob.id)
        await work.commit()
    assert await feed(house, secret) is None


async def test_one_gig_is_a_file_for_who_may_see_it(house: Diary) -> None:
    await house.gig("drums, Sat 12 Dec 19:30-22:00, Leeds, £200", "Bob")
    [file] = (await house.press_id("Bob", action("ics.gig", 1))).reply.files
    assert file.name == "G1.ics"
    assert [one["UID"] for one in events(file.content)] == ["gig-1@firstcall"]
    assert not (await house.press_id("Eve", action("ics.gig", 1))).reply.files


def test_whole_days_stay_days_and_text_is_written_safely() -> None:
    day = Span.of_days(NOW.date(), NOW.date(), "America/New_York")
    content = calendar_of([Happening(uid="a@b", title="Bass; Leeds, or\nEND:VEVENT", span=day, changed_at=NOW)])
    [one] = events(content)
    assert (one["DTSTART"], one["DTEND"]) == ("20261123", "20261124")
    assert one["SUMMARY"] == r"Bass\; Leeds\, or\nEND:VEVENT"


# --- links that are read again ----------------------------------------------------------------------------------------


class Web:
    """What a link gives, changed by hand."""

    def __init__(self) -> None:
        self.gives: bytes | NoCalendar = ICS
        self.asked: list[str] = []

    async def fetch(self, link: str) -> bytes:
        self.asked.append(link)
        if isinstance(self.gives, NoCalendar):
            raise self.gives
        return self.gives


async def busy(house: Diary, calendar_id: int) -> list[datetime]:
    async with house.tools.open_work(reading=True) as work:
        return [one.start for one in await work.calendars.busy_in(calendar_id)]


async def test_a_link_is_read_again_and_what_it_held_is_replaced(house: Diary) -> None:
    web = Web()
    service = CalendarService(house.tools, web.fetch)
    call = await house.call("Bob")
    done = await service.import_link(call, "webcal://cal.example/me.ics")
    assert web.asked == ["https://cal.example/me.ics"]
    assert await service.read_again(call.now) == 0
    web.gives = ICS.replace(b"20261214", b"20261216")
    assert await service.read_again(call.now + AGAIN) == 1
    assert [at.day for at in await busy(house, done.calendar.id)] == [16]


async def test_a_link_that_fails_keeps_what_was_known_and_is_tried_ever_more_rarely(house: Diary) -> None:
    web = Web()
    service = CalendarService(house.tools, web.fetch)
    call = await house.call("Bob")
    done = await service.import_link(call, "https://cal.example/me.ics")
    web.gives = NoCalendar("That address does not answer.")
    now, waits = call.now, []
    for _ in range(5):
        [known] = await service.calendars(call)
        assert known.next_at is not None
        waits.append(known.next_at - now)
        now = known.next_at
        assert await service.read_again(now) == 1
    assert waits == sorted(waits) and waits[-1] > 4 * waits[0]
    [known] = await service.calendars(call)
    assert known.trouble == "That address does not answer."
    assert len(await busy(house, done.calendar.id)) == 1
    web.gives = ICS
    assert await service.read_again(now + timedelta(days=8)) == 1
    assert (await service.calendars(call))[0].trouble is None


async def test_two_processes_read_it_once(house: Diary) -> None:
    web = Web()
    service = CalendarService(house.tools, web.fetch)
    call = await house.call("Bob")
    await service.import_link(call, "https://cal.example/me.ics")
    async with house.tools.open_work(reading=True) as work:
        [due] = await work.calendars.due(call.now + AGAIN, 5)
    async with house.tools.open_work() as work:
        first = await work.calendars.claim(due, call.now + AGAIN + timedelta(minutes=5))
        second = await work.calendars.claim(due, call.now + AGAIN + timedelta(minutes=5))
        await work.commit()
    assert (first, second) == (True, False)


async def test_the_same_link_twice_is_one_calendar_and_ten_are_the_most(house: Diary) -> None:
    service = CalendarService(house.tools, Web().fetch)
    call = await house.call("Bob")
    for _ in range(2):
        await service.import_link(call, "https://cal.example/me.ics")
    assert len(await service.calendars(call)) == 1
    for number in range(9):
        await service.import_link(call, f"https://cal.example/{number}.ics")
    with pytest.raises(Conflict, match="10 calendars"):
        await service.import_link(call, "https://cal.example/more.ics")


async def test_a_private_link_typed_in_is_refused_with_what_to_do(house: Diary) -> None:
    assert "private address" in await house.text("Bob", "/avail import http://127.0.0.1:1/me.ics")
    assert "You have imported no calendar" in await house.text("Bob", "/avail import")
