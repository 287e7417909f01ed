"""The stores of people, their accounts and their communities, on every engine."""

from __future__ import annotations

import asyncio
from datetime import time, timedelta

import pytest

from storage.faults import Gone
from storage.records.people import Visibility, Words
from storage.work import OpenWork
from tests.conftest import MovableClock

pytestmark = pytest.mark.usefixtures("anywhere")


async def test_a_person_is_kept_as_given(open_work: OpenWork, clock: MovableClock) -> None:
    async with open_work() as work:
        person = await work.people.add("Sam", clock.now())
        await work.people.set_roles(person.id, ["bass-electric", "double-bass"], ["keys", "double-bass"])
        changed = await work.people.change(
            person.id, zone="Europe/London", words=Words.US, visibility=Visibility.NOBODY, quiet_from=time(23, 30),
            takes_unpaid=True, links="https://example.org/a?b=c",
        )  # fmt: skip
        await work.commit()
    assert (changed.roles, changed.doubles) == (("bass-electric", "double-bass"), ("keys",))
    async with open_work(reading=True) as work:
        assert await work.people.get(person.id) == changed
        assert await work.people.many([person.id, 99]) == {person.id: changed}
        assert await work.people.get(99) is None
    assert changed.words is Words.US
    assert changed.quiet_from == time(23, 30)
    assert changed.made_at == clock.now()


async def test_only_fields_of_a_person_can_be_changed(open_work: OpenWork, clock: MovableClock) -> None:
    async with open_work() as work:
        person = await work.people.add("Sam", clock.now())
        for wrong in ("id", "made_at", "roles", "nonsense"):
            with pytest.raises(TypeError, match=wrong):
                await work.people.change(person.id, **{wrong: 1})
        with pytest.raises(Gone):
            await work.people.change(person.id + 1, zone="UTC")


async def test_the_first_word_makes_a_person_and_the_second_finds_them(
    open_work: OpenWork, clock: MovableClock
) -> None:
    async with open_work() as work:
        first = await work.people.greet("discord", "77", "Sam", clock.now())
        await work.commit()
    clock.move(timedelta(hours=1))
    async with open_work() as work:
        second = await work.people.greet("discord", "77", "Sam Jones", clock.now(), dm="d1")
        other = await work.people.greet("telegram", "77", "Sam", clock.now())
        await work.commit()
    assert second == first  # the name they gave us is theirs to change
    assert other.id != first.id
    async with open_work(reading=True) as work:
        account = await work.people.identity("discord", "77")
    assert account is not None
    assert (account.name, account.dm, account.seen_at, account.person_id) == ("Sam Jones", "d1", clock.now(), first.id)


async def test_a_late_update_does_not_make_an_account_look_unused(open_work: OpenWork, clock: MovableClock) -> None:
    async with open_work() as work:
        await work.people.greet("discord", "1", "Sam", clock.now())
        await work.people.greet("discord", "1", "Sammy", clock.now() - timedelta(days=1))
        account = await work.people.identity("discord", "1")
    assert account is not None
    assert (account.name, account.seen_at) == ("Sammy", clock.now())


async def test_first_words_at_the_same_time_make_one_person(open_work: OpenWork, clock: MovableClock) -> None:
    async def greet() -> int:
        async with open_work() as work:
            person = await work.people.greet("telegram", "5", "Kim", clock.now())
            await work.commit()
            return person.id

    ids = await asyncio.gather(*(greet() for _ in range(8)))
    assert len(set(ids)) == 1
    async with open_work(reading=True) as work:
        assert len(await work.people.many(range(1, 20))) == 1


async def test_the_account_seen_last_comes_first(open_work: OpenWork, clock: MovableClock) -> None:
    async with open_work() as work:
        person = await work.people.greet("discord", "1", "Sam", clock.now())
        await work.people.greet("telegram", "2", "Sam", clock.now() + timedelta(hours=1))
        assert await work.people.attach("telegram", "2", person.id)
        assert not await work.people.attach("telegram", "3", person.id)
        accounts = await work.people.identities_of(person.id)
        assert [account.surface for account in accounts] == ["telegram", "discord"]
        await work.people.mark_unreachable("telegram", "2", "blocked")
        await work.people.set_dm("discord", "1", "d9")
        accounts = await work.people.identities_of(person.id)
        assert [(account.unreachable, account.dm) for account in accounts] == [("blocked", None), (None, "d9")]
        await work.people.mark_reachable("telegram", "2")
        assert (await work.people.identities_of(person.id))[0].unreachable is None


async def test_a_typed_name_finds_members_of_this_community_only(open_work: OpenWork, clock: MovableClock) -> None:
    now = clock.now()
    async with open_work() as work:
        here = await work.communities.greet("discord", "s1", "Here", now)
        there = await work.communities.greet("discord", "s2", "There", now)
        people = {}
        for account, name in enumerate(["Samantha", "SAM", "Bob", "Strauß", "sam_the_drummer", "100% Ann"]):
            people[name] = await work.people.greet("discord", str(account), name, now)
            await work.communities.join(people[name].id, here.id, now)
        stranger = await work.people.greet("discord", "99", "Sam", now)
        await work.communities.join(stranger.id, there.id, now)
        await work.people.change(people["Bob"].id, name="Robert")

        async def named(text: str) -> list[str]:
            return [person.name for person in await work.people.named(here.id, text)]

        assert await named("@sam") == ["SAM", "sam_the_drummer", "Samantha"]
        assert await named(" STRAUSS ") == ["Strauß"]
        assert await named("bob") == ["Robert"]  # by the name the platform shows
        assert await named("rob") == ["Robert"]
        assert await named("sam%") == []
        assert await named("100%") == ["100% Ann"]
        assert await named("@") == []
        await work.communities.leave(people["SAM"].id, here.id, now)
        assert await named("sam") == ["sam_the_drummer", "Samantha"]


async def test_settings_of_a_person(open_work: OpenWork, clock: MovableClock) -> None:
    async with open_work() as work:
        person = await work.people.add("Sam", clock.now())
        assert await work.people.setting(person.id, "notify.gigs") is None
        await work.people.set_setting(person.id, "notify.gigs", "off")
        await work.people.set_setting(person.id, "notify.gigs", "dm")
        await work.people.set_setting(person.id, "a", "1")
        assert await work.people.settings(person.id) == {"a": "1", "notify.gigs": "dm"}
        await work.people.set_setting(person.id, "a", None)
        assert await work.people.setting(person.id, "a") is None
        with pytest.raises(Gone):
            await work.people.set_setting(person.id + 5, "a", "1")


async def test_what_people_type_is_kept_or_made_storable(open_work: OpenWork, clock: MovableClock) -> None:
    async with open_work() as work:
        person = await work.people.add("a\x00b\ud800c '\" \u202e🎷", clock.now())
        await work.people.set_setting(person.id, "note", "x\x00")
        assert (await work.people.setting(person.id, "note")) == "x\ufffd"
    assert person.name == "a\ufffdb\ufffdc '\" \u202e🎷"


async def test_a_community_comes_back_with_its_settings(open_work: OpenWork, clock: MovableClock) -> None:
    async with open_work() as work:
        made = await work.communities.greet("telegram", "-100", "Deps", clock.now())
        await work.communities.set_setting(made.id, "rules", {"min_age_days": 3, "text": "Be kind"})
        await work.communities.set_setting(made.id, "rates", False)
        changed = await work.communities.change(made.id, zone="Europe/Paris", words=Words.UK)
        await work.communities.deactivate(made.id)
        await work.commit()
    assert changed.settings == {"rules": {"min_age_days": 3, "text": "Be kind"}, "rates": False}
    async with open_work() as work:
        gone = await work.communities.get(made.id)
        assert gone is not None
        assert not gone.active
        back = await work.communities.greet("telegram", "-100", "Deps & subs", clock.now())
        assert (back.id, back.active, back.name, back.zone) == (made.id, True, "Deps & subs", "Europe/Paris")
        back = await work.communities.set_setting(made.id, "rates", None)
        assert "rates" not in back.settings
        with pytest.raises(Gone):
            await work.communities.set_setting(77, "rates", True)
        with pytest.raises(Gone):
            await work.communities.change(77, name="x")
        with pytest.raises(TypeError, match="account"):
            await work.communities.change(made.id, account="1")


async def test_moderators_who_set_different_things_at_once_both_keep_theirs(
    open_work: OpenWork, clock: MovableClock
) -> None:
    async with open_work() as work:
        community = await work.communities.greet("discord", "1", "Band", clock.now())
        await work.commit()

    async def choose(name: str) -> None:
        async with open_work() as work:
            await work.communities.set_setting(community.id, name, True)
            await work.commit()

    await asyncio.gather(*(choose(f"s{n}") for n in range(8)))
    async with open_work(reading=True) as work:
        kept = await work.communities.get(community.id)
    assert kept is not None
    assert len(kept.settings) == 8


async def test_channels_are_found_and_follow_the_platform(open_work: OpenWork, clock: MovableClock) -> None:
    async with open_work() as work:
        community = await work.communities.greet("discord", "1", "Band", clock.now())
        gigs = await work.communities.greet_channel(community.id, "discord", "c1", "gigs")
        chat = await work.communities.greet_channel(community.id, "discord", "c2", "chat")
        await work.communities.change_channel(gigs.id, board=True, trouble="no right to post")
        again = await work.communities.greet_channel(community.id, "discord", "c1", "gig-board", "forum")
        assert (again.id, again.name, again.shape, again.board) == (gigs.id, "gig-board", "forum", True)
        assert again.trouble == "no right to post"
        assert await work.communities.channel("telegram", "c1") is None
        assert await work.communities.channel_by_id(chat.id) == chat
        assert await work.communities.channels_of(community.id) == [again, chat]
        assert await work.communities.channels_of(community.id, board=True) == [again]
        assert await work.communities.channels_of(community.id, board=False) == [chat]
        with pytest.raises(Gone):
            await work.communities.change_channel(99, board=True)


async def test_memberships_begin_end_and_begin_again(open_work: OpenWork, clock: MovableClock) -> None:
    start = clock.now()
    async with open_work() as work:
        here = await work.communities.greet("discord", "1", "Here", start)
        there = await work.communities.greet("telegram", "2", "There", start)
        sam = await work.people.add("Sam", start)
        assert not await work.communities.is_member(sam.id, here.id)
        await work.communities.join(sam.id, here.id, start, moderator=True)
        later = clock.move(timedelta(days=1))
        await work.communities.join(sam.id, there.id, later)
        assert [found.id for found in await work.communities.communities_of(sam.id)] == [there.id, here.id]
        assert await work.communities.members(here.id) == [sam.id]
        seen = await work.communities.join(sam.id, here.id, later)
        assert (seen.moderator, seen.joined_at, seen.seen_at) == (True, start, later)
        await work.communities.leave(sam.id, here.id, later)
        assert not await work.communities.is_member(sam.id, here.id)
        left = await work.communities.membership(sam.id, here.id)
        assert left is not None
        assert (left.left_at, left.moderator) == (later, False)
        assert await work.communities.members(here.id) == []
        back = await work.communities.join(sam.id, here.id, later)
        assert (back.left_at, back.joined_at) == (None, start)
        await work.communities.deactivate(here.id)
        assert [found.id for found in await work.communities.communities_of(sam.id)] == [there.id]


async def test_ids_are_small_and_never_used_twice(open_work: OpenWork, clock: MovableClock) -> None:
    async with open_work() as work:
        first, second = await work.people.add("A", clock.now()), await work.people.add("B", clock.now())
        await work.forget(second.id)
        third = await work.people.add("C", clock.now())
        await work.commit()
    assert (first.id, second.id, third.id) == (1, 2, 3)
