"""Notices as they are promised, cancelled, listed and cleared away, on every engine."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from storage import engine
from storage.faults import Gone
from storage.records.notice import Ended, Lane, NewNotice, Outcome
from storage.stores.raw import Raw
from tests.conftest import START
from tests.storage.notice_parts import MINUTE, add, claim, notice, report, somebody, stands


async def test_a_key_is_kept_once_and_again_after_it_was_cancelled(open_work, anywhere):
    one = await somebody(open_work)
    first, second = await add(open_work, notice(one, key="k"), notice(one, key="k", after=MINUTE))
    assert first is not None
    assert second is None
    async with open_work() as work:
        assert await work.notices.cancel_key("k", START)
        assert not await work.notices.cancel_key("k", START)
        await work.commit()
    assert await add(open_work, notice(one, key="k", after=MINUTE)) == [first]
    kept = await stands(open_work, first)
    assert (kept.due_at, kept.result, kept.next_at) == (START + MINUTE, None, START + MINUTE)


async def test_without_a_key_the_same_promise_is_kept_once(open_work, anywhere):
    one, two = await somebody(open_work), await somebody(open_work, "Player Two")
    ids = await add(
        open_work,
        notice(one),
        notice(one),
        notice(two),
        notice(one, 1),
        notice(one, after=MINUTE),
        notice(one, kind="t.x"),
    )
    assert [one_id is None for one_id in ids] == [False, True, False, False, False, False]


async def test_a_place_in_a_series_is_taken_once_whatever_the_key(open_work, anywhere):
    one = await somebody(open_work)
    ids = await add(
        open_work,
        notice(one, series_id="s", occurrence=1),
        notice(one, series_id="s", occurrence=1, key="another"),
        notice(one, series_id="s", occurrence=2),
    )
    assert [one_id is None for one_id in ids] == [False, True, False]


async def test_many_are_kept_at_once_and_known_ones_stay(open_work, anywhere):
    one = await somebody(open_work)
    (known,) = await add(open_work, notice(one, 0))
    async with open_work() as work:
        await work.notices.add_many([notice(one, n) for n in range(5)], START)
        await work.commit()
    found = await claim(open_work)
    assert sorted(one.args["n"] for one in found) == [0, 1, 2, 3, 4]
    assert known in {one.id for one in found}


async def test_many_are_kept_at_once_and_cancelled_ones_come_back(open_work, anywhere):
    one = await somebody(open_work)
    first, second = await add(open_work, notice(one, 0), notice(one, 1))
    await claim(open_work)
    await report(open_work, Ended(first, 1, Outcome.SENT))
    async with open_work() as work:
        await work.notices.cancel("t.say", START, n=1)
        await work.notices.add_many([notice(one, n) for n in range(3)], START)
        await work.commit()
    assert [found.args["n"] for found in await claim(open_work)] == [1, 2]
    assert (await stands(open_work, second)).result is None


async def test_a_change_that_is_not_committed_promises_nothing(open_work, anywhere):
    one = await somebody(open_work)
    async with open_work() as work:
        await work.notices.add(notice(one), START)
    assert await claim(open_work) == []


async def test_an_unknown_channel_is_refused(open_work):
    async with open_work() as work:
        with pytest.raises(Gone):
            await work.notices.add(NewNotice(kind="t.say", due_at=START, channel_id=99), START)


async def test_cancelling_finds_by_subject_and_says_so_when_asked_wrongly(open_work, anywhere):
    one = await somebody(open_work)
    ids = await add(
        open_work,
        notice(one, args={"gig_id": 1, "step": 1}),
        notice(one, args={"gig_id": 1, "step": 2}),
        notice(one, args={"gig_id": 12, "step": 1}),
        notice(one, args={"gig_id": 1}, kind="t.other"),
    )
    async with open_work() as work:
        assert await work.notices.cancel("t.say", START, gig_id=1, step=2) == 1
        assert await work.notices.cancel("t.say", START, gig_id=1) == 1
        assert await work.notices.cancel("t.say", START, gig_id=1) == 0
        with pytest.raises(ValueError, match="kept by gig_id"):
            await work.notices.cancel("t.say", START, step=1)
        with pytest.raises(ValueError):
            await work.notices.cancel("t.say", START)
        await work.commit()
    assert [(await stands(open_work, kept)).result for kept in ids] == [Outcome.CANCELLED] * 2 + [None] * 2


async def test_a_series_is_cancelled_as_a_whole(open_work, anywhere):
    one = await somebody(open_work)
    await add(open_work, *[notice(one, n, series_id="s", occurrence=n) for n in range(3)], notice(one, 9))
    async with open_work() as work:
        assert await work.notices.cancel_series("s", START) == 3
        await work.commit()
    assert [found.args["n"] for found in await claim(open_work)] == [9]


async def test_soft_ones_are_spread_by_their_key_alone_and_urgent_ones_are_not(open_work, anywhere):
    one = await somebody(open_work)
    ids = await add(open_work, *[notice(one, n, lane=Lane.SOFT, key=f"k{n}") for n in range(40)])
    looks = [(await stands(open_work, kept)).next_at - START for kept in ids]
    assert all(abs(look) <= 5 * MINUTE for look in looks)
    assert len(set(looks)) > 30
    assert min(looks) < timedelta(0) < max(looks)
    (urgent,) = await add(open_work, notice(one, lane=Lane.SOFT, urgent=True, key="u"))
    assert (await stands(open_work, urgent)).next_at == START


async def test_the_list_of_a_person_shows_what_is_open_and_what_ended_lately(open_work, anywhere):
    one, two = await somebody(open_work), await somebody(open_work, "Player Two")
    ids = await add(open_work, notice(one, 1), notice(one, 2, after=MINUTE), notice(two, 3))
    await claim(open_work, 1)
    await report(open_work, Ended(ids[0], 1, Outcome.SENT, message="m"))
    async with open_work(reading=True) as work:
        assert [kept.id for kept in await work.notices.of_person(one.id)] == [ids[1]]
        assert [kept.id for kept in await work.notices.of_person(one.id, ended_since=START)] == ids[:2]
        assert await work.notices.of_person(one.id, ended_since=START + MINUTE) == await work.notices.of_person(one.id)


async def test_everything_kept_about_a_person_is_handed_over_and_erased(open_work, anywhere):
    one, two = await somebody(open_work), await somebody(open_work, "Player Two")
    await add(open_work, notice(one, 1), notice(one, 2), notice(two, 3))
    async with open_work() as work:
        assert len((await work.notices.export(one.id))["notices"]) == 2
        assert await work.notices.forget(one.id) == {"notices": 2}
        await work.commit()
    assert [found.args["n"] for found in await claim(open_work)] == [3]


async def test_old_rows_go_a_few_at_a_time_and_open_ones_stay(open_work, anywhere):
    one = await somebody(open_work)
    ids = await add(open_work, *[notice(one, n) for n in range(5)], notice(one, 9, after=MINUTE))
    await claim(open_work)
    await report(open_work, *[Ended(kept, 1, Outcome.SENT) for kept in ids[:5]])
    async with open_work() as work:
        assert await work.notices.purge(START, n=3) == 0
        assert await work.notices.purge(START + MINUTE, n=3) == 3
        assert await work.notices.purge(START + MINUTE, n=3) == 2
        await work.commit()
    assert (await stands(open_work, ids[5])) is not None


async def test_the_wake_up_is_only_for_what_is_soon(storage, open_work):
    heard = []
    await storage.listen("notices", lambda: heard.append(1))
    one = await somebody(open_work)
    await add(open_work, notice(one, after=timedelta(hours=1)))
    assert heard == []
    await add(open_work, notice(one, after=timedelta(seconds=30)))
    assert heard == [1]


async def test_a_wake_up_reaches_the_other_process_on_postgresql(postgres):
    url = postgres.url(await postgres.migrated())
    here, there = await engine.open(url), await engine.open(url)
    try:
        heard = asyncio.Event()
        await there.listen("notices", heard.set)
        await add(here.open_work, notice(await somebody(here.open_work)))
        async with asyncio.timeout(10):
            await heard.wait()
    finally:
        await here.close()
        await there.close()


_ASKED_ALL_DAY = (
    *("NEXT", "LATEST", "HIGHEST", "FIND", "ANY", "OF_PERSON", "OPEN_OF_PERSON", "CLAIM", "CLAIM_OF_PEOPLE"),
    *(
        "CLAIM_OF_CHANNELS",
        "CLAIM_BUNDLES_OF_PEOPLE",
        "POSTPONE_PERSON",
        "CLOSE_CHANNEL",
        "PURGE",
        "TROUBLES",
        "RETAKE",
    ),
)


async def test_questions_asked_all_day_use_their_indexes(storage, open_work):
    """What the courier asks does not read the pile."""
    from storage.stores import notice_sql as sql

    used = {}
    async with open_work(reading=True) as work:
        for name in _ASKED_ALL_DAY:
            statement: Raw = getattr(sql, name)
            text, names, _ = statement._texts["sqlite"]
            plan = await work.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (None,) * len(names))
            used[name] = " / ".join(row[3] for row in plan if "notices" in row[3])
    assert not [name for name, plan in used.items() if "SCAN notices" in plan and "USING" not in plan], used
    assert "ix_notices_due" in used["NEXT"]
    assert "ix_notices_due" in used["CLAIM"]
    assert "ix_notices_person" in used["CLAIM_OF_PEOPLE"]
    assert "ix_notices_channel" in used["CLAIM_OF_CHANNELS"]
    assert "ix_notices_person" in used["POSTPONE_PERSON"]
    assert "ix_notices_channel" in used["CLOSE_CHANNEL"]
    assert "ix_notices_ended" in used["HIGHEST"]
    assert "ix_notices_subject" in used["FIND"]
