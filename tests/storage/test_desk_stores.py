"""What the desk keeps of talks and places: drafts, undos, cards, updates, values; on every engine."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from storage.records.draft import Draft
from storage.records.notice import Lane, NewNotice
from storage.work import OpenWork
from tests.conftest import MovableClock

pytestmark = pytest.mark.usefixtures("anywhere")


async def test_a_chat_that_got_another_address_keeps_everything(open_work: OpenWork, clock: MovableClock) -> None:
    now = clock.now()
    async with open_work() as work:
        community = await work.communities.greet("telegram", "-5", "Deps", now)
        main = await work.communities.greet_channel(community.id, "telegram", "-5", "Deps", "group")
        topic = await work.communities.greet_channel(community.id, "telegram", "-5:7", "Gigs", "topic")
        other = await work.communities.greet_channel(community.id, "telegram", "-55", "Other", "group")
        await work.communities.change_channel(main.id, board=True)
        card = await work.postings.hang(
            "gigs.board", 1, surface="telegram", address="-5", message="10", now=now, channel_id=main.id
        )
        # Word from the new chat came before the word of the move.
        newcomer = await work.communities.greet("telegram", "-1005", "Deps", now)
        young = await work.communities.greet_channel(newcomer.id, "telegram", "-1005", "Deps", "group")
        second = await work.postings.hang(
            "gigs.board", 2, surface="telegram", address="-1005", message="1", now=now, channel_id=young.id
        )
        sam = await work.people.greet("telegram", "1", "Sam", now, dm="-5")
        notice_id = await work.notices.add(NewNotice(kind="gigs.x", due_at=now, channel_id=topic.id), now)
        assert notice_id is not None
        await work.drafts.keep(_draft(sam.id, clock, place="telegram:-5:7"))
        await work.communities.move_channel("telegram", "-5", "-1005")
        await work.commit()
    async with open_work(reading=True) as work:
        moved = await work.communities.at("telegram", "-1005")
        assert moved is not None
        assert moved.id == community.id
        assert await work.communities.at("telegram", "-5") is None
        channels = {channel.address: channel.id for channel in await work.communities.channels_of(community.id)}
        assert channels == {"-1005": main.id, "-1005:7": topic.id, "-55": other.id}
        kept = await work.postings.get(card.id)
        assert kept is not None
        assert (kept.address, kept.channel_id) == ("-1005", main.id)
        joined = await work.postings.get(second.id)
        assert joined is not None
        assert joined.channel_id == main.id
        assert await work.communities.channel_by_id(young.id) is None
        account = await work.people.identity("telegram", "1")
        assert account is not None
        assert account.dm == "-1005"
        draft = await work.drafts.get("t1", sam.id)
        assert draft is not None
        assert draft.place == "telegram:-1005:7"
    async with open_work() as work:
        [notice] = await work.notices.claim("telegram", Lane.NORMAL, now, timedelta(minutes=1), 5, "test")
        assert (notice.id, notice.dest) == (notice_id, "-1005:7")


def _draft(person_id: int, clock: MovableClock, token: str = "t1", place: str = "discord:1") -> Draft:
    return Draft(
        token=token, person_id=person_id, place=place, target="gigs.post", values={"role": "drums"}, asked="when",
        asked_fields=("role",), offered=(("Tomorrow", "tomorrow 19:00"),), made_at=clock.now(),
        expires_at=clock.now() + timedelta(days=30),
    )  # fmt: skip


async def test_a_draft_is_its_owners_alone(open_work: OpenWork, clock: MovableClock) -> None:
    async with open_work() as work:
        sam, kim = await work.people.add("Sam", clock.now()), await work.people.add("Kim", clock.now())
        draft = _draft(sam.id, clock)
        await work.drafts.keep(draft)
        assert await work.drafts.get("t1", sam.id) == draft
        assert await work.drafts.get("t1", kim.id) is None
        assert await work.drafts.change("t1", kim.id, asked=None) is None
        assert not await work.drafts.drop("t1", kim.id)
        await work.drafts.keep(_draft(kim.id, clock))  # the same token by chance or by malice
        assert await work.drafts.get("t1", sam.id) == draft
        changed = await work.drafts.change("t1", sam.id, values={"role": "bass"}, asked_fields=("role", "when"))
        assert changed is not None
        assert (changed.values, changed.asked_fields) == ({"role": "bass"}, ("role", "when"))
        with pytest.raises(TypeError, match="token"):
            await work.drafts.change("t1", sam.id, token="t2")
        assert await work.drafts.drop("t1", sam.id)
        assert await work.drafts.get("t1", sam.id) is None


async def test_plain_text_answers_the_newest_open_question_of_its_place(
    open_work: OpenWork, clock: MovableClock
) -> None:
    async with open_work() as work:
        sam = await work.people.add("Sam", clock.now())
        await work.drafts.keep(_draft(sam.id, clock, "old"))
        clock.move(timedelta(minutes=1))
        await work.drafts.keep(_draft(sam.id, clock, "new"))
        clock.move(timedelta(minutes=1))
        await work.drafts.keep(_draft(sam.id, clock, "elsewhere", "telegram:2"))
        found = await work.drafts.open_question(sam.id, "discord:1")
        assert found is not None
        assert found.token == "new"
        await work.drafts.change("new", sam.id, asked=None)
        found = await work.drafts.open_question(sam.id, "discord:1")
        assert found is not None
        assert found.token == "old"
        found = await work.drafts.open_question(sam.id)
        assert found is not None
        assert found.token == "elsewhere"
        assert await work.drafts.open_question(sam.id, "console:sam") is None


async def test_of_eight_who_take_an_undo_one_gets_it(open_work: OpenWork, clock: MovableClock) -> None:
    until = clock.now() + timedelta(minutes=10)
    async with open_work() as work:
        sam = await work.people.add("Sam", clock.now())
        undo = await work.drafts.offer(sam.id, "Gig G1 cancelled", "gigs.revive:1", until)
        await work.commit()

    async def take() -> bool:
        async with open_work() as work:
            taken = await work.drafts.take_undo(undo.id, sam.id, clock.now())
            await work.commit()
            return taken is not None

    assert sorted(await asyncio.gather(*(take() for _ in range(8)))) == [False] * 7 + [True]


async def test_an_undo_is_for_its_owner_and_in_time(open_work: OpenWork, clock: MovableClock) -> None:
    until = clock.now() + timedelta(minutes=10)
    async with open_work() as work:
        sam, kim = await work.people.add("Sam", clock.now()), await work.people.add("Kim", clock.now())
        first = await work.drafts.offer(sam.id, "One", "a.b:1", until)
        second = await work.drafts.offer(sam.id, "Two", "a.b:2", until)
        assert await work.drafts.take_undo(first.id, kim.id, clock.now()) is None
        assert await work.drafts.latest_undo(kim.id, clock.now()) is None
        assert await work.drafts.latest_undo(sam.id, clock.now()) == second
        assert await work.drafts.take_undo(second.id, sam.id, clock.now()) is not None
        assert await work.drafts.latest_undo(sam.id, clock.now()) == first
        assert await work.drafts.take_undo(first.id, sam.id, until) is None
        assert await work.drafts.latest_undo(sam.id, until) is None


async def test_what_expired_is_thrown_away(open_work: OpenWork, clock: MovableClock) -> None:
    async with open_work() as work:
        sam = await work.people.add("Sam", clock.now())
        await work.drafts.keep(_draft(sam.id, clock))
        await work.drafts.offer(sam.id, "One", "a.b:1", clock.now() + timedelta(minutes=10))
        assert await work.drafts.purge(clock.now()) == 0
        assert await work.drafts.purge(clock.now() + timedelta(hours=1)) == 1
        assert await work.drafts.purge(clock.now() + timedelta(days=30)) == 1


async def test_cards_are_found_where_they_hang(open_work: OpenWork, clock: MovableClock) -> None:
    now = clock.now()
    async with open_work() as work:
        sam = await work.people.add("Sam", now)
        community = await work.communities.greet("discord", "1", "Band", now)
        gigs = await work.communities.greet_channel(community.id, "discord", "c1", "gigs")
        board = await work.postings.hang(
            "gigs.board", 1, surface="discord", address="c1", message="m1", now=now, channel_id=gigs.id
        )
        private = await work.postings.hang(
            "gigs.board", 1, surface="telegram", address="5", message="m1", now=now, person_id=sam.id
        )
        assert await work.postings.of("gigs.board", 1) == [board, private]
        assert await work.postings.of("gigs.board", 2) == []
        assert await work.postings.newest_for("gigs.board", 1) == private
        assert await work.postings.newest_for("gigs.board", 1, channel_id=gigs.id) == board
        assert await work.postings.newest_for("gigs.board", 1, person_id=sam.id, surface="discord") is None
        assert await work.postings.at("discord", "c1", "m1") == board
        replaced = await work.postings.hang(
            "gigs.board", 2, surface="discord", address="c1", message="m1", now=now, channel_id=gigs.id
        )
        assert replaced.id == board.id
        assert await work.postings.of("gigs.board", 1) == [private]
        assert await work.postings.take_down(board.id)
        assert not await work.postings.take_down(board.id)
        assert await work.postings.get(board.id) is None


async def test_values_of_the_program(open_work: OpenWork) -> None:
    async with open_work() as work:
        assert await work.app.value("offset") is None
        await work.app.set_value("offset", "41")
        await work.app.set_value("offset", "42")
        assert await work.app.value("offset") == "42"
        assert await work.app.value_or_set("offset", "1") == "42"
        assert await work.app.value_or_set("secret", "s") == "s"
        await work.app.set_value("offset", None)
        assert await work.app.value("offset") is None


async def test_an_update_is_new_once(open_work: OpenWork, clock: MovableClock) -> None:
    async def take() -> bool:
        async with open_work() as work:
            new = await work.app.seen_update("telegram", 7, clock.now())
            await work.commit()
            return new

    assert sorted(await asyncio.gather(*(take() for _ in range(8)))) == [False] * 7 + [True]
    async with open_work() as work:
        assert await work.app.seen_update("discord", 7, clock.now())
        assert await work.app.purge(clock.now()) == 0
        assert await work.app.purge(clock.now() + timedelta(days=2)) == 2
        assert await work.app.seen_update("telegram", 7, clock.now())


async def test_of_many_updates_each_is_new_once(open_work: OpenWork, clock: MovableClock) -> None:
    async def take(numbers: list[int]) -> set[str]:
        async with open_work() as work:
            taken = await work.app.take_updates("telegram", {str(n): None for n in numbers}, clock.now())
            await work.commit()
            return {one for one, to_do in taken.items() if to_do}

    taken = await asyncio.gather(*(take(list(range(start, start + 300))) for start in (0, 100, 200)))

    assert sorted(one for new in taken for one in new) == sorted(map(str, range(500)))
    assert await take([7, 7, 900, 900]) == {"900"}
    assert await take([]) == set()


async def test_an_update_that_is_finished_in_the_end_stays_to_be_done_until_then(
    open_work: OpenWork, clock: MovableClock
) -> None:
    async def take(**streams: str) -> dict[str, bool]:
        async with open_work() as work:
            taken = await work.app.take_updates("telegram", streams, clock.now())
            await work.commit()
            return taken

    async def finish(one: str) -> bool:
        async with open_work() as work:
            mine = await work.app.finish_update("telegram", one, clock.now())
            await work.commit()
            return mine

    async def under_way(since: timedelta = timedelta(0)) -> set[str]:
        async with open_work(reading=True) as work:
            return await work.app.under_way("telegram", "5:6", clock.now() - since)

    assert await take(**{"1": "5:6", "2": "5:6", "3": "5:7"}) == {"1": True, "2": True, "3": True}
    assert await under_way() == {"1", "2"}
    assert await take(**{"1": "5:6", "4": "5:6"}) == {"1": True, "4": True}  # whoever had it was killed
    assert sorted(await asyncio.gather(*(finish("1") for _ in range(4)))) == [False, False, False, True]
    assert await take(**{"1": "5:6", "2": "5:6"}) == {"1": False, "2": True}
    clock.move(timedelta(seconds=9))
    assert await under_way() == set()
    assert await under_way(timedelta(seconds=9)) == {"2", "4"}
