"""Saying, seeing and changing one's time; who may learn of it; what it is worth after sixty days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cogs.kit.action import action
from cogs.kit.reply import Upload
from tests.cogs.availability.front import Diary
from tests.cogs.front import labels, text_of

ICS = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//EN\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Dentist\r\n"
    b"DTSTART;TZID=Europe/London:20261214T190000\r\nDTEND;TZID=Europe/London:20261214T210000\r\n"
    b"END:VEVENT\r\nEND:VCALENDAR\r\n"
)


async def test_one_line_is_kept_and_said_back_in_full(house: Diary) -> None:
    answer = await house.say("Bob", "/avail free next week not before 2 (holiday at Mum's)")
    assert "free, Mon 30 Nov - Sun 6 Dec 2026, from 14:00 each day · A1" in text_of(answer)
    assert "Mon 30 Nov 2026, 14:00 Europe/London" in text_of(answer)
    assert "Your note: holiday at Mum's" in text_of(answer)
    assert answer.private and labels(answer)[0] == "Fix" and labels(answer)[-1] == "Undo"


async def test_in_a_group_it_is_answered_in_private(house: Diary) -> None:
    assert (await house.say("Bob", "/avail no 14 Dec", place="#gigs")).private


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ("no 24-27 Dec holidays", "holidays"),
        ("no next week", None),
        ("no Friday all day please", None),
        ("no next week not before 2", None),
        ("no every Tuesday evening until June teaching", "teaching"),
        ("no 3 Dec to 8 Dec touring with Smith", "touring with Smith"),
    ],
)
async def test_what_stands_behind_the_days_is_a_note_and_not_lost(house: Diary, said: str, note: str | None) -> None:
    answer = await house.text("Bob", f"/avail {said}")
    assert ("Your note" in answer) is (note is not None)
    assert note is None or f"Your note: {note}" in answer


async def test_several_days_are_said_to_their_last(house: Diary) -> None:
    assert "When: Thu 24 Dec 2026 to Sun 27 Dec 2026, all day" in await house.text("Bob", "/avail no 24-27 Dec")
    house.clock.move(to=datetime(2026, 12, 27, 10, tzinfo=UTC))
    assert "When: Sun 27 Dec 2026, all day" in await house.text("Bob", "/avail edit A1 maybe")


async def test_fixing_changes_the_time_and_undo_takes_it_back(house: Diary) -> None:
    await house.say("Bob", "/avail free next week")
    await house.press("Bob", "Fix")
    assert "Sat 12 Dec 2026" in await house.text("Bob", "12 Dec")
    await house.say("Bob", "/avail no 24 Dec")
    await house.press("Bob", "Undo")
    assert "24 Dec" not in await house.text("Bob", "/avail show")


async def test_deleted_is_gone_and_comes_back_within_ten_minutes(house: Diary) -> None:
    await house.say("Bob", "/avail no 24 Dec")
    await house.say("Bob", "/avail delete A1")
    assert "You have said nothing" in await house.text("Bob", "/avail show")
    await house.say("Bob", "/avail no 25 Dec")
    await house.press_id("Bob", action("avail.restore", 1))
    assert "24 Dec" in await house.text("Bob", "/avail show")


async def test_days_can_be_left_out_afterwards(house: Diary) -> None:
    await house.say("Bob", "/avail free every Tuesday until 30 Dec")
    await house.press_id("Bob", action("avail.except", 1))
    assert "except Tue 15 Dec" in await house.text("Bob", "15 Dec")
    assert "15 Dec" not in (await house.text("Bob", "/avail show from=14 Dec to=16 Dec")).partition("\n")[2]


async def test_somebody_elses_entry_is_no_entry(house: Diary) -> None:
    await house.say("Bob", "/avail no 24 Dec")
    absent = (await house.text("Cleo", "/avail edit A9 state=free")).replace("A9", "A1")
    for line in ("/avail edit A1 state=free", "/avail delete A1"):
        assert await house.text("Cleo", line) == absent
    for press in ("avail.open", "avail.fix", "avail.delete", "avail.unset", "avail.restore", "avail.confirm"):
        assert text_of(await house.press_id("Cleo", action(press, 1))) == absent
    assert "24 Dec" in await house.text("Bob", "/avail show")


async def test_what_cannot_be_read_is_asked_for_and_the_rest_is_kept(house: Diary) -> None:
    assert "I could not read" in await house.text("Bob", "/avail no bananas")
    assert "no, Mon 14 Dec 2026" in await house.text("Bob", "14 Dec")


# --- the diary --------------------------------------------------------------------------------------------------------


async def test_gigs_and_pencils_count_by_themselves(house: Diary) -> None:
    await house.plays("Bob", "drums region=Leeds")
    await house.say("Bob", "/avail free 12 Dec - 13 Dec")
    await house.gig("drums, Sat 12 Dec 19:30-22:00, Leeds, £200", "Bob")
    await house.gig("drums, Sun 13 Dec 19:30-22:00, Leeds, £200", "Bob", inked=False)
    shown = await house.text("Bob", "/avail show from=12 Dec to=13 Dec")
    assert "Sat 12 Dec: 19:30-22:00 G1 Drum kit, Leeds (inked) · free 00:00-19:30 · free 22:00-24:00" in shown
    assert "Sun 13 Dec: 19:30-22:00 G2 Drum kit, Leeds (pencilled)" in shown
    found = await house.text("Ada", "/who drums Sat 12 Dec 20:00-21:00")
    assert "Bob" not in found
    assert "Maybe Bob" in await house.text("Ada", "/who drums Sun 13 Dec 20:00-21:00")


async def test_a_cancelled_gig_takes_no_time(house: Diary) -> None:
    await house.plays("Bob", "drums")
    gig = await house.gig("drums, Sat 12 Dec 19:30-22:00, Leeds, £200", "Bob")
    await house.say("Ada", f"/gig close id=G{gig} reason=cancelled")
    assert "Not known Bob" in await house.text("Ada", "/who drums Sat 12 Dec 20:00-21:00")


async def test_the_month_is_a_picture_with_words(house: Diary) -> None:
    await house.say("Bob", "/avail no 24 Nov")
    [picture] = (await house.say("Bob", "/diary month")).reply.files
    assert picture.content.startswith(b"\x89PNG")
    assert picture.alt == "November 2026: no on the 24."


# --- who --------------------------------------------------------------------------------------------------------------


async def test_who_is_free_maybe_and_not_known_and_never_why(house: Diary) -> None:
    await house.plays("Bob", "drums region=Leeds")
    await house.plays("Cleo", "trumpet doubles=drums region=York")
    await house.plays("Dan", "drums region=London")
    await house.plays("Eli", "drums region=Leeds")
    await house.plays("Fay", "drums region=Bradford")
    await house.say("Bob", "/avail free 14 Dec (only for Smith)")
    await house.say("Cleo", "/avail maybe 14 Dec")
    await house.say("Dan", "/avail free 14 Dec")
    await house.say("Eli", "/avail no 14 Dec (surgery)")
    answer = await house.say("Ada", "/who drums 14 Dec leeds", place="#gigs")
    found = text_of(answer)
    assert answer.private
    assert "Free Bob, Leeds" in found and "Maybe Cleo, York · doubles" in found and "Not known Fay" in found
    for hidden in ("Dan", "Eli", "surgery", "Smith"):
        assert hidden not in found


async def test_only_who_shares_is_found(house: Diary) -> None:
    for name in ("Bob", "Cleo"):
        await house.plays(name, "drums")
        await house.say(name, "/avail free 14 Dec")
    await house.say("Bob", "/avail share")
    await house.press("Bob", "Stop The Hall")
    await house.say("Cleo", "/me profile visibility=nobody")
    found = await house.text("Ada", "/who drums 14 Dec")
    assert "Bob" not in found and "Cleo" not in found
    assert "14 Dec" not in (await house.text("Ada", "/avail show Bob from=14 Dec to=14 Dec")).replace("Fix", "")
    await house.say("Bob", "/avail share")
    await house.press("Bob", "Allow The Hall")
    assert "Free Bob" in await house.text("Ada", "/who drums 14 Dec")


async def test_another_community_learns_nothing(house: Diary) -> None:
    await house.plays("Bob", "drums")
    await house.say("Bob", "/avail free 14 Dec")
    assert "Bob" not in await house.text("Eve", "/who drums 14 Dec")


async def test_those_one_has_hired_come_first(house: Diary) -> None:
    for name in ("Abe", "Bob"):
        await house.plays(name, "drums")
        await house.say(name, "/avail free 14 Dec")
    assert "Free Abe\nFree Bob" in await house.text("Ada", "/who drums 14 Dec")
    await house.gig("drums, Sat 12 Dec 19:30-22:00, Leeds, £200", "Bob")
    assert "Free Bob\nFree Abe" in await house.text("Ada", "/who drums 14 Dec")


async def test_an_imported_calendar_takes_time_and_says_nothing_else(house: Diary) -> None:
    await house.plays("Bob", "drums")
    await house.say("Bob", "/avail free 14 Dec")
    read = await house.say("Bob", "/avail import", uploads=[Upload("me.ics", ICS, "text/calendar")])
    assert "1 event" in text_of(read)
    assert "Bob" not in await house.text("Ada", "/who drums 14 Dec 20:00-21:00")
    assert "Free Bob" in await house.text("Ada", "/who drums 14 Dec 10:00-12:00")
    shown = await house.text("Ada", "/avail show Bob from=14 Dec to=14 Dec")
    assert "no 19:00" not in shown  # who is taken looks like somebody about whom nothing is known
    assert "free 00:00-19:00" in shown and "calendar" not in shown.replace("Times in", "")
    bob = await house.person("Bob")
    async with house.tools.open_work(reading=True) as work:
        kept = await work.export(bob.id)
    assert len(kept["calendar_busy"]) == 1 and "Dentist" not in repr(kept)
    await house.press_id("Bob", action("ics.remove", 1))
    assert "Free Bob" in await house.text("Ada", "/who drums 14 Dec 20:00-21:00")


async def test_the_day_is_the_viewers_own_where_they_live(house: Diary) -> None:
    """All day in New York begins five hours later than all day in London."""
    await house.plays("Bob", "drums")
    call = await house.call("Bob")
    async with house.tools.open_work() as work:
        await work.people.change(call.person_id, zone="America/New_York")
        await work.commit()
    await house.say("Bob", "/avail no 14 Dec")
    assert "Not known Bob" in await house.text("Ada", "/who drums 14 Dec 01:00-03:00")
    assert "Bob" not in await house.text("Ada", "/who drums 15 Dec 02:00-04:00")


# --- clashes, staleness -----------------------------------------------------------------------------------------------


async def test_a_clash_is_shown_to_the_player_only(house: Diary) -> None:
    await house.gig("drums, Sat 12 Dec 19:30-22:00, Leeds, £200", "Bob")
    await house.text("Ada", "/gig drums, Sat 12 Dec 22:30-23:30, York, £200", place="#gigs")
    assert "diary" not in await house.text("Bob", "/gig answer G2 ink")
    await house.say("Bob", "/avail travel 45 min")
    warned = await house.text("Bob", "/gig answer G2 pencil")
    assert "inked for G1" in warned and "Only you see this" in warned
    assert "diary" not in "".join(text for _, text in await house.letters())


async def test_after_sixty_days_it_is_asked_once_and_no_longer_counts(house: Diary) -> None:
    await house.plays("Bob", "drums")
    await house.say("Bob", "/avail free every Tuesday until June")
    assert "Free Bob" in await house.text("Ada", "/who drums Tue 2 Feb")
    found = await house.letters(until=house.clock.now() + timedelta(days=62))
    assert [place for place, text in found if "Is it still true" in text] == ["dm:bob"]
    assert "Not known Bob" in await house.text("Ada", "/who drums Tue 2 Feb")
    assert not await house.letters(until=house.clock.now() + timedelta(days=30))
    await house.press_id("Bob", action("avail.still"))
    assert "Free Bob" in await house.text("Ada", "/who drums Tue 13 Apr")
    assert any("still true" in text for _, text in await house.letters(until=house.clock.now() + timedelta(days=62)))


async def test_what_has_passed_is_not_asked_about(house: Diary) -> None:
    await house.say("Bob", "/avail free next week")
    assert not await house.letters(until=datetime(2027, 3, 1, tzinfo=UTC))


async def test_a_diary_is_leafed_through_and_joins_days_that_say_the_same(house: Diary) -> None:
    await house.say("Bob", "/avail no 20 Dec - 3 Jan")
    await house.say("Bob", "/diary month")
    said = text_of(await house.press("Bob", "Next month"))
    assert "Your diary: Tue 1 Dec - Thu 31 Dec 2026\nSun 20 Dec - Thu 31 Dec: no all day" in said
    answer = await house.press("Bob", "Next month")
    assert "Fri 1 Jan - Sun 3 Jan: no all day" in text_of(answer)
    assert [one.name for one in answer.reply.files] == ["diary-2027-01.png"]
    assert "Tue 1 Dec" in text_of(await house.press("Bob", "Previous month"))
