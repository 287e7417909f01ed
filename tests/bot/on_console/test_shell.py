from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bot.on_console.conftest import market
from tests.house import House

STALL = '/stall post role=bass when="Sat 28 Nov 19:30" fee=£220'


async def test_a_public_card_hangs_in_the_channel_and_the_echo_is_private(house: House) -> None:
    said = await house.play(f"!as Ada\n!in #gigs\n{STALL}")
    assert said == (
        "[dm Ada] bot: Posted S1, Sat 28 Nov 2026, 19:30 Europe/London, in 5 days.\n"
        "  (1) Fix  (2) Undo\n"
        "[#gigs] bot: Bass (guitar or upright) wanted\n"
        "  When: Sat 28 Nov 2026, 19:30 Europe/London, in 5 days\n"
        "  Fee: £220\n"
        "  By: Ada\n"
        "  In: 0\n"
        "  (1) I'm in  (2) Counter"
    )


async def test_a_press_redraws_the_card_and_tells_its_owner(house: House) -> None:
    await house.play(f"!as Ada\n!in #gigs\n{STALL}")
    said = await house.play("!as Bob\n!in #gigs\n!press I'm in\n!expect you are in for S1\n!refute Ada")
    assert "[dm Bob] bot: You are in for S1." in said
    assert "[#gigs] bot: (edited) Bass (guitar or upright) wanted" in said
    assert "[dm Ada] bot: Bob is in." in said


async def test_what_was_not_seen_waits_in_the_inbox_and_is_shown_once(house: House) -> None:
    await house.play(f"!as Ada\n!in #gigs\n{STALL}\n!as Bob\n!press I'm in")
    assert await house.play("!as Ada\n!inbox\n!expect Bob") == "[dm Ada] bot: Bob is in."
    assert await house.play("!inbox") == "[dm Ada] bot: (nothing new)"


async def test_answers_to_the_speaker_are_seen_as_they_come(house: House) -> None:
    await house.play("!as Ada\n/stall remind after=2h\n!advance 3 h\n!expect Later, number 1")
    assert await house.play("!inbox") == "[dm Ada] bot: (nothing new)"


async def test_private_answers_in_a_channel_go_to_the_private_chat(house: House) -> None:
    said = await house.play("!as Ada\n!in #gigs\n/stall secret\n!expect £999\n!refute £999")
    assert said == "[dm Ada] bot: Worth £999."


async def test_public_answers_stay_where_they_were_asked(house: House) -> None:
    assert await house.play("!as Ada\n!in #gigs\n/stall shout text=hello") == "[#gigs] bot: hello"
    assert await house.play("!in dm\n/stall shout text=hello") == "[dm Ada] bot: hello"


async def test_the_first_person_made_moderates_and_others_do_not(house: House) -> None:
    await house.play("!as Ada\n/stall rule\n!expect Ruled")
    await house.play("!as Bob\n/stall rule\n!expect Only moderators\n!as ADA\n/stall rule\n!expect Ruled")


async def test_everybody_stands_where_they_stood_last(house: House) -> None:
    await house.play("!as Ada\n!in #gigs\n!as Bob\n/stall shout text=one\n!as Ada\n/stall shout text=two")
    assert house.said == ["[dm Bob] bot: one", "[#gigs] bot: two"]


async def test_gig_channels_and_the_first_channel_take_cards(house: House) -> None:
    await house.play("!as Ada\n!in #lounge\n!in #gigs-north\n!in #kitchen\n!in dm")
    said = await house.play(STALL)
    assert [part for part in ("#lounge", "#gigs-north", "#kitchen") if f"[{part}] bot: Bass" in said] == [
        "#lounge",
        "#gigs-north",
    ]


async def test_missing_values_are_asked_one_by_one(house: House) -> None:
    said = await house.play("!as Ada\n!in #gigs\nstall post\nbass\nSat 28 Nov 19:30\nlots\n£220\n!expect Posted S1")
    questions = [part for part in said.split("\n[") if part.endswith("?")]
    assert [question.rpartition("\n")[2].strip() for question in questions[1:]] == [
        "When is it?",
        "What does it pay?",
        "What does it pay?",
    ]
    assert "I could not read “lots” as a fee." in questions[-1]


async def test_choices_are_taken_by_label_number_button_or_word(house: House) -> None:
    for answer in ("!choose session", "!choose 2", "2", "session", "!press session", "!press 2"):
        said = await house.play(f"!as Ada\nstall whole\n{answer}\n!press Cancel")
        assert said.split("\n[")[1].endswith("How many seats?"), answer


async def test_a_number_answers_a_question_for_a_number(house: House) -> None:
    said = await house.play("!as Ada\nstall whole\nfood\n3\nno\nskip")
    assert said.endswith("Whole: food, 3 seats, public False, for nobody.")


async def test_the_name_of_a_group_can_be_an_answer(house: House) -> None:
    await house.play("!as Ada\n/stall shout\nstall\n!expect stall")
    assert house.said[-1] == "[dm Ada] bot: stall"


async def test_a_command_leaves_the_form_and_resume_goes_on_with_it(house: House) -> None:
    said = await house.play(
        "!as Ada\nstall whole\nfood\nstall secret\n!expect kept: /resume\n/resume\n!expect How many"
    )
    assert "Worth £999." in said
    assert (await house.play("4\nno\n-")).endswith("Whole: food, 4 seats, public False, for nobody.")


async def test_cancel_drops_the_form_and_later_words_are_no_answers(house: House) -> None:
    await house.play("!as Ada\nstall whole\n/cancel\n!expect Nothing was sent\nsession\n!expect no command session")
    await house.play("/resume\n!expect no half-filled form\n/cancel\n!expect nothing to cancel")


async def test_undo_takes_back_the_last_deed_for_ten_minutes(house: House) -> None:
    await house.play(f"!as Ada\n!in #gigs\n{STALL}\nundo\n!expect Closed S1\n/undo\n!expect nothing left to undo")
    await house.play(f"{STALL}\n!advance 11 minutes\n/undo\n!expect nothing left to undo")


async def test_what_is_given_as_an_example_is_an_answer_even_where_a_command_is_called_so(tmp_path: Path) -> None:
    house = await House.open(tmp_path)
    await house.play("!as Ada\n/tz London\n/setup start\n!expect In which channel\ngigs\n!expect Who may post gigs")
    await house.stop()


async def test_an_unknown_command_gets_a_hint(house: House) -> None:
    await house.play("!as Ada\n/stal list\n!expect /stall\nhello\n!expect I know no command hello")


async def test_a_form_opened_by_a_button_goes_on_in_the_private_chat(house: House) -> None:
    said = await house.play(
        f"!as Ada\n!in #gigs\n{STALL}\n!as Bob\n!in #gigs\n!press Counter\n£30\n!expect Offered £30"
    )
    assert "[dm Bob] bot: For example: £50\n  (1) Cancel\n  How much?" in said
    assert "£30" not in "".join(one for one in house.said if one.startswith("[#gigs]"))


async def test_a_button_can_be_named_with_the_thing_it_is_about(house: House) -> None:
    await house.play(f"!as Ada\n!in #gigs\n{STALL}\n{STALL}\n!as Bob\n!press I'm in @ S1\n!expect S1\n!refute S2")
    await house.play("!press I’M IN @ s2\n!expect S2")
    await house.play("!press 1 @ S2\n!expect already")


async def test_a_press_that_redraws_its_message_keeps_its_place(house: House) -> None:
    await house.play(f"!as Ada\n!in #gigs\n{STALL}\n/stall list\n!press Show\n!expect S1 by Ada")
    messages = len(await _messages(house))
    await house.play("/stall list\n!press Show\n!expect S1 by Ada")
    assert len(await _messages(house)) == messages + 1


async def test_a_button_that_is_nowhere_is_a_line_that_cannot_be_played(house: House) -> None:
    said = await house.play("!as Ada\n!press Nothing\n!expect no button Nothing", strict=False)
    assert said == "[dm Ada] bot: There is no button Nothing that Ada can see."


async def test_somebody_elses_private_buttons_are_out_of_reach(house: House) -> None:
    await house.play(f"!as Ada\n!in #gigs\n{STALL}\n!as Bob\n!in #gigs")
    assert "no button Fix" in await house.play("!press Fix", strict=False)


async def test_an_upload_goes_with_the_next_line_and_replies_files_are_saved(house: House, tmp_path: Path) -> None:
    photo = tmp_path / "photo of me.png"
    photo.write_bytes(b"x" * 2500)
    said = await house.play(f"!as Ada\n!upload {photo}\n/stall photo\n!expect Kept 2500 bytes")
    saved = tmp_path / "console-files" / "photo of me.png"
    assert f"<file photo of me.png, 2 kB, saved to {saved}>" in said
    assert saved.read_bytes() == photo.read_bytes()


async def test_an_upload_answers_a_question_for_a_file(house: House, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"abc")
    await house.play(
        f"!as Ada\n/stall photo\n!expect Which photo?\n!upload {tmp_path / 'a.txt'}\nhere\n!expect 3 bytes"
    )


async def test_a_file_that_is_not_there_is_said_to_be_so(house: House) -> None:
    assert "cannot be read" in await house.play("!as Ada\n!upload /no/such/file", strict=False)


async def test_buttons_and_half_filled_forms_outlive_a_restart(house: House) -> None:
    await house.play(
        f"!as Ada\n!in #gigs\n{STALL}\nstall whole\nfood\n!restart\n2\n!restart\nno\n-\n!expect food, 2 seats"
    )
    await house.play("!as Bob\n!in #gigs\n!press I'm in\n!expect You are in\n!as Ada\n!inbox\n!expect Bob is in")
    await house.play("!press Undo\n!expect Closed S1")


async def test_buttons_work_for_another_process_on_the_same_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'fc.db'}"
    first = await House.open(tmp_path, url=url, zone="UTC", furnish=market)
    await first.play(f"!as Ada\n!in #gigs\n{STALL}\n/stall remind after=2h")
    await first.stop()
    second = await House.open(tmp_path, url=url, zone="UTC", furnish=market)
    await second.play("!as Bob\n!in #gigs\n!press I'm in\n!expect You are in\n!as Ada\n!inbox\n!expect Bob is in")
    await second.play("!as Ada\n!press Fix\n!press Cancel\n!advance 3 h\n!expect Later, number 1")
    await second.stop()


async def test_who_sets_the_clock_first_does_not_own_the_community(tmp_path: Path) -> None:
    house = await House.open(tmp_path, furnish=market)
    try:
        await house.play("!now 2026-11-24T10:00Z\n!advance 1 hour\n!as Ada\n/stall rule\n!expect Ruled")
    finally:
        await house.stop()


async def test_without_a_name_the_owner_speaks(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'fc.db'}"
    first = await House.open(tmp_path, url=url, furnish=market)
    await first.play("!as Zoe\n!as Ada\n/stall secret")
    await first.stop()
    second = await House.open(tmp_path, url=url, furnish=market)
    assert await second.play("/stall secret") == "[dm Zoe] bot: Worth £999."
    await second.stop()


async def test_somebody_called_me_speaks_when_there_is_nobody_yet(house: House) -> None:
    assert await house.play("/stall rule") == "[dm Me] bot: Ruled."


async def test_people_without_a_zone_are_asked_once(tmp_path: Path) -> None:
    house = await House.open(tmp_path, furnish=market)
    await house.play(f"!as Ada\n!in #gigs\n{STALL}\n!expect Which city\nLeeds\n!expect 19:30 Europe/London")
    await house.play(f"{STALL}\n!expect Posted S2")
    await house.stop()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.text(max_size=30).map(lambda t: t.replace("\n", " ")), min_size=1, max_size=4))
async def test_no_line_is_a_bug(house: House, lines: list[str]) -> None:
    before = len(house.said)
    await house.play("\n".join(["!as Ada", *(f"/{one}" for one in lines), *lines]), strict=False)
    said = "\n".join(house.said[before:])
    assert "something went wrong" not in said
    assert all(c == "\n" or c.isprintable() or ord(c) >= 160 for c in said)


async def _messages(house: House) -> list[object]:
    async with house.shell.program.tools.open_work(reading=True) as work:
        return [*await work.said.visible_to(1, limit=1000)]
