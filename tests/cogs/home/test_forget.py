"""Being forgotten: after the grace, once, out of every table, with proof to an address that goes with it."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.desk.courier import Courier
from bot.desk.surface import Refused, Unavailable
from cogs.kit.cog import Cog
from storage.engine import Storage
from storage.records.answer import AnswerKind, AnswerState
from storage.records.fee import Basis, Fee
from storage.records.gig import Gig
from storage.records.notice import NewNotice
from storage.records.people import Person
from storage.records.times import Span
from storage.tables.base import METADATA
from storage.tables.people import people
from storage.work import OpenWork, Work
from tests.bot.desk.courier_parts import FakeSender
from tests.cogs.front import Front, labels, text_of
from tests.conftest import START

GRACE = timedelta(minutes=10)


async def traces(open_work: OpenWork, person: Person) -> dict[str, int]:
    """Rows of any table that point at the person, found without the stores' help."""
    found = {}
    async with open_work(reading=True) as work:
        for table in METADATA.sorted_tables:
            mine = [c for c in table.c if c.references(people.c.id) or c is people.c.id]
            for column in mine:
                statement = select(func.count()).select_from(table).where(column == person.id)
                count = (await work.connection.execute(statement)).scalar_one()
                if count:
                    found[table.name] = count
    return found


async def somebody_with_a_past(front: Front, open_work: OpenWork) -> Person:
    """Ada, who has left something in as many tables as there are."""
    await front.say("Ada", "/me profile trumpet, doubling flute, Leeds")
    await front.say("Ada", "/notify invoices off")
    await front.say("Ada", "/tz")  # a question left open
    ada, bob = await front.person("Ada"), await front.person("Bob")
    async with open_work() as work:
        hall = await work.communities.at("console", "hall")
        assert hall is not None
        for poster, player in ((ada, bob), (bob, ada)):
            gig = await work.gigs.add(
                Gig(
                    id=0, community_id=hall.id, poster_id=poster.id, role="trumpet", span=Span(START, None, "UTC"),
                    fee=Fee(Basis.QUOTE), posted_at=START, state_at=START, expires_at=START + timedelta(days=9),
                )
            )  # fmt: skip
            await work.answers.say(gig.id, player.id, AnswerKind.INK, AnswerState.WAITING, START)
        await work.notices.add(NewNotice(kind="t.t", person_id=ada.id, due_at=START + timedelta(days=3)), START)
        await work.postings.hang(
            "gigs.offer", 1, surface="console", address="dm:ada", message="m1", now=START, person_id=ada.id
        )
        await work.commit()
    return ada


async def forgotten(front: Front, courier: Courier) -> None:
    """Ask for it, and let the grace pass."""
    await front.say("Ada", "/forget yes")
    front.clock.move(GRACE)
    await courier.deliver_due()


async def test_everything_goes_everywhere_and_proof_arrives(
    anywhere: str, front: Front, open_work: OpenWork, courier: Courier, post: FakeSender
) -> None:
    ada = await somebody_with_a_past(front, open_work)
    before = await traces(open_work, ada)
    asked = await front.say("Ada", "/forget")

    await front.press("Ada", "Forget me for good")
    front.clock.move(GRACE - timedelta(minutes=1))
    await courier.deliver_due()
    still_there = await traces(open_work, ada)
    front.clock.move(timedelta(minutes=1))
    await courier.deliver_due()

    assert {"answers", "gigs", "drafts", "identities", "memberships", "notices", "people", "person_roles"} <= set(
        before
    )
    assert "roles you play: 2" in text_of(asked)
    assert set(before) <= set(still_there)
    assert await traces(open_work, ada) == {}
    (proof,) = post.sent
    assert proof.reply.title == "You are forgotten"
    assert "roles you play: 2" in proof.text
    assert proof.target.dest == "dm:ada"
    async with open_work(reading=True) as work:
        receipt = proof.text.split("Receipt: ")[1].split()[0]
        kept = await work.app.value(f"forgotten.{receipt}")
        assert kept is not None
        assert "ada" not in kept.casefold()
        assert await work.people.identity("console", "ada") is None
        left = (await work.connection.execute(select(people.c.name))).scalars().all()
    assert left == ["Bob"]


async def test_it_happens_once(front: Front, open_work: OpenWork, courier: Courier, post: FakeSender) -> None:
    await somebody_with_a_past(front, open_work)
    await front.say("Ada", "/forget yes")
    again = await front.say("Ada", "/forget yes")
    front.clock.move(GRACE)
    await courier.deliver_due()
    front.clock.move(timedelta(days=2))
    await courier.deliver_due()

    assert "You have asked already." in text_of(again)
    assert len(post.sent) == 1


@pytest.mark.parametrize("how", ["Undo", "/undo", "Keep everything"])
async def test_a_change_of_mind_keeps_everything(
    front: Front, open_work: OpenWork, courier: Courier, post: FakeSender, how: str
) -> None:
    ada = await somebody_with_a_past(front, open_work)
    await front.say("Ada", "/forget yes")
    front.clock.move(GRACE - timedelta(minutes=1))
    if how == "Undo":
        await front.press("Ada", "Undo")
    elif how == "/undo":
        await front.desk.undo_last(await front.call("Ada"))
    else:
        await front.say("Ada", "/privacy")
        await front.press("Ada", "Keep everything")
    front.clock.move(timedelta(days=2))
    await courier.deliver_due()

    assert post.sent == []
    assert "people" in await traces(open_work, ada)
    assert "Forget me" in labels(await front.say("Ada", "/privacy"))


async def test_after_a_change_of_mind_it_can_be_asked_for_again(
    front: Front, open_work: OpenWork, courier: Courier, post: FakeSender
) -> None:
    ada = await somebody_with_a_past(front, open_work)
    await front.say("Ada", "/forget yes")
    await front.press("Ada", "Undo")

    await forgotten(front, courier)

    assert await traces(open_work, ada) == {}
    assert len(post.sent) == 1


async def test_nobody_is_forgotten_at_somebody_elses_wish(front: Front, open_work: OpenWork, courier: Courier) -> None:
    bob = await front.person("Bob")
    await forgotten(front, courier)

    assert "people" in await traces(open_work, bob)
    assert "You have not asked" in text_of(await front.press_id("Bob", "fc:privacy.keep"))


async def test_who_cannot_be_reached_is_forgotten_all_the_same(
    front: Front, open_work: OpenWork, courier: Courier, post: FakeSender
) -> None:
    ada = await somebody_with_a_past(front, open_work)
    await front.say("Ada", "/forget yes")
    async with open_work() as work:
        await work.people.mark_unreachable("console", "ada", "blocked")
        await work.notices.reroute(ada.id, START)
        await work.commit()
    front.clock.move(GRACE)
    await courier.deliver_due()

    assert await traces(open_work, ada) == {}
    assert post.sent == []
    async with open_work(reading=True) as work:
        assert await work.people.identity("console", "ada") is None


async def test_a_refused_proof_takes_the_address_with_it_after_a_day(
    front: Front, open_work: OpenWork, courier: Courier, post: FakeSender
) -> None:
    post.says = lambda target, key: Refused("blocked")
    await forgotten(front, courier)
    async with open_work(reading=True) as work:
        address = await work.people.identity("console", "ada")
        nobody = await work.people.get(address.person_id) if address else None

    front.clock.move(timedelta(days=1, minutes=1))
    await courier.deliver_due()

    assert nobody is not None
    assert (nobody.name, nobody.zone, nobody.roles) == ("", None, ())
    async with open_work(reading=True) as work:
        assert await work.people.identity("console", "ada") is None
        assert await work.people.get(nobody.id) is None


async def test_a_platform_that_is_down_delays_the_proof_and_not_the_erasing(
    front: Front, open_work: OpenWork, courier: Courier, post: FakeSender
) -> None:
    ada = await somebody_with_a_past(front, open_work)
    post.says = lambda target, key: Unavailable("down")
    await forgotten(front, courier)
    gone = await traces(open_work, ada)
    post.says = lambda target, key: None
    front.clock.move(timedelta(hours=1))
    await courier.deliver_due()

    assert gone == {}
    assert [one.reply.title for one in post.sent] == ["You are forgotten"]


async def test_who_comes_back_before_the_proof_is_somebody_new_and_stays(
    front: Front, open_work: OpenWork, courier: Courier, post: FakeSender
) -> None:
    ada = await somebody_with_a_past(front, open_work)
    post.says = lambda target, key: Unavailable("down")
    await forgotten(front, courier)

    answer = await front.say("Ada", "/me profile tuba")
    back = await front.person("Ada")
    post.says = lambda target, key: None
    front.clock.move(timedelta(hours=1))
    await courier.deliver_due()

    assert back.id != ada.id
    assert (back.name, back.roles) == ("Ada", ("tuba",))
    assert "Trumpet" not in text_of(answer)
    assert "New here?" in text_of(answer)
    assert len(post.sent) == 1
    assert (await front.person("Ada")).roles == ("tuba",)


async def test_an_erasing_that_fails_changes_nothing_and_is_tried_again(
    front: Front, open_work: OpenWork, courier: Courier, post: FakeSender, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    ada = await somebody_with_a_past(front, open_work)
    forget = Work.forget

    async def half(work: Work, person_id: int) -> dict[str, int]:
        await work.drafts.forget(person_id)
        raise RuntimeError("a store has a bug")

    before = await traces(open_work, ada)
    with caplog.at_level(logging.CRITICAL):
        monkeypatch.setattr(Work, "forget", half)
        await forgotten(front, courier)
        monkeypatch.setattr(Work, "forget", forget)
    failed = await traces(open_work, ada)
    unsent = list(post.sent)
    front.clock.move(timedelta(hours=1))
    await courier.deliver_due()

    assert failed.keys() == before.keys() | {"undos"}
    assert unsent == []
    assert await traces(open_work, ada) == {}
    assert len(post.sent) == 1


async def test_something_left_behind_undoes_the_erasing(
    front: Front, open_work: OpenWork, courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await somebody_with_a_past(front, open_work)

    async def found(work: object, person_id: int) -> dict[str, int]:
        return {"secret_notes": 1}

    monkeypatch.setattr("storage.stores.people.PeopleStore.traces", found)
    await forgotten(front, courier)

    assert "people" in await traces(open_work, ada)


async def test_every_feature_is_asked_to_close_what_others_wait_for_first(
    front: Front, open_work: OpenWork, courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await somebody_with_a_past(front, open_work)
    seen = []

    async def farewell(cog: Cog, person_id: int, work: Work, now: object) -> None:
        seen.append((cog.name, person_id, await work.people.get(person_id) is not None, now))

    monkeypatch.setattr(Cog, "farewell", farewell)
    await forgotten(front, courier)

    assert seen == [(cog.name, ada.id, True, front.clock.now()) for cog in front.cogs]


async def test_one_proof_for_two_linked_accounts(
    front: Front, storage: Storage, open_work: OpenWork, courier: Courier, post: FakeSender
) -> None:
    ada = await front.person("Ada")
    async with open_work() as work:
        await work.people.greet("telegram", "77", "Ada on the other side", START, dm="77")
        await work.people.attach("telegram", "77", ada.id)
        await work.commit()
    asked = await front.say("Ada", "/forget")
    await front.press("Ada", "Forget me for good")
    front.clock.move(GRACE)
    await courier.deliver_due()

    assert "It counts for all your accounts: Console, Telegram." in text_of(asked)
    assert [one.target.dest for one in post.sent] == ["dm:ada"]
    async with open_work(reading=True) as work:
        assert await work.people.identity("telegram", "77") is None


async def test_what_belongs_to_others_stays_without_the_name(
    front: Front, open_work: OpenWork, courier: Courier
) -> None:
    await somebody_with_a_past(front, open_work)
    bob = await front.person("Bob")
    await forgotten(front, courier)

    async with open_work(reading=True) as work:
        exported = await work.export(bob.id)
        assert len(exported["gigs"]) == 1
        assert await work.answers.to(int(str(exported["gigs"][0]["id"]))) == []
    assert "ada" not in str(exported).casefold()
