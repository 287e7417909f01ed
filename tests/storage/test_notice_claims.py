"""Notices as they are claimed and reported on, by one courier or many, on every engine: none lost, none ended twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import engine
from storage.records.notice import Ended, Outcome, PutBack
from tests.conftest import START
from tests.storage.notice_parts import LEASE, MINUTE, add, claim, notice, report, somebody, stands


async def test_claims_come_in_order_and_hold_for_a_lease(open_work, anywhere):
    one = await somebody(open_work)
    await add(open_work, *[notice(one, n, after=timedelta(seconds=-n)) for n in range(5)])
    assert [found.args["n"] for found in await claim(open_work, 3)] == [4, 3, 2]
    assert [found.args["n"] for found in await claim(open_work, 3)] == [1, 0]
    assert await claim(open_work, 3, now=START + LEASE - timedelta(milliseconds=1)) == []
    again = await claim(open_work, 9, now=START + LEASE, owner="other")
    assert len(again) == 5
    assert all(found.doubtful and found.attempt == 2 for found in again)


async def test_who_lost_the_lease_cannot_report(open_work, anywhere):
    one = await somebody(open_work)
    (kept,) = await add(open_work, notice(one))
    (mine,) = await claim(open_work)
    (theirs,) = await claim(open_work, now=START + LEASE, owner="other")
    assert await report(open_work, Ended(kept, mine.attempt, Outcome.SENT, message="m1")) == set()
    await report(open_work, PutBack(kept, mine.attempt, START))
    assert (await stands(open_work, kept)).next_at == START + 2 * LEASE
    assert await report(open_work, Ended(kept, theirs.attempt, Outcome.SENT, message="m2"), owner="other") == {kept}
    ended = await stands(open_work, kept)
    assert (ended.next_at, ended.result, ended.ended_at) == (None, Outcome.SENT, START)


async def test_a_report_on_an_earlier_claim_of_ones_own_is_refused_too(open_work, anywhere):
    one = await somebody(open_work)
    (kept,) = await add(open_work, notice(one))
    (first,) = await claim(open_work)
    (second,) = await claim(open_work, now=START + LEASE)
    assert await report(open_work, Ended(kept, first.attempt, Outcome.SENT)) == set()
    await report(open_work, PutBack(kept, first.attempt, START))
    assert await report(open_work, Ended(kept, second.attempt, Outcome.SENT)) == {kept}


async def test_a_redraw_wished_for_meanwhile_outlives_the_report_on_the_older_one(open_work, anywhere):
    async with open_work() as work:
        community = await work.communities.greet("console", "hall", "The Hall", START)
        place = await work.communities.greet_channel(community.id, "console", "#gigs", "#gigs")
        posting = await work.postings.hang(
            "t.card", 12, surface="console", address="#gigs", message="m", now=START, channel_id=place.id
        )
        await work.notices.refresh("t.card", 12, START)
        await work.commit()
    (first,) = await claim(open_work)
    assert first.args == {"card": "t.card", "posting_id": posting.id, "subject_id": 12}
    async with open_work() as work:
        await work.notices.refresh("t.card", 12, START)
        await work.commit()
    (second,) = await claim(open_work)
    assert await report(open_work, Ended(first.id, first.attempt, Outcome.SENT)) == set()
    assert await report(open_work, Ended(second.id, second.attempt, Outcome.SENT)) == {second.id}
    async with open_work() as work:
        await work.notices.refresh("t.card", 12, START)
        await work.commit()
    (third,) = await claim(open_work)
    assert (third.id, third.attempt, third.doubtful) == (first.id, 1, False)


async def test_what_is_put_back_is_due_again_and_only_counts_if_it_should(open_work, anywhere):
    one = await somebody(open_work)
    ids = await add(open_work, notice(one, 1), notice(one, 2), notice(one, 3))
    found = await claim(open_work)
    at = START + MINUTE
    await report(
        open_work,
        PutBack(ids[0], 1, at, trouble="slow"),
        PutBack(ids[1], 1, at, counted=False),
        PutBack(ids[2], 1, at, doubtful=True),
    )
    assert len(found) == 3
    assert await claim(open_work, now=at - timedelta(milliseconds=1)) == []
    again = await claim(open_work, now=at)
    assert [(f.attempt, f.doubtful) for f in again] == [(2, False), (1, False), (2, True)]
    assert (await stands(open_work, ids[0])).trouble == "slow"


async def test_cancelled_while_it_is_sent_stays_cancelled(open_work, anywhere):
    one = await somebody(open_work)
    (kept,) = await add(open_work, notice(one, key="k"))
    (mine,) = await claim(open_work)
    async with open_work() as work:
        await work.notices.cancel_key("k", START)
        await work.commit()
    await report(open_work, PutBack(kept, mine.attempt, START))
    assert (await stands(open_work, kept)).result == Outcome.CANCELLED


async def test_a_busy_destination_gets_slots_and_nobody_else_waits(open_work, anywhere):
    one, two = await somebody(open_work), await somebody(open_work, "Player Two")
    busy = await add(open_work, *[notice(one, n, after=timedelta(seconds=-9 + n)) for n in range(4)])
    other, later = await add(open_work, notice(two), notice(one, 9, after=MINUTE))
    (first,) = await claim(open_work, 1)
    async with open_work() as work:
        moved = await work.notices.postpone("console", first, START + MINUTE, timedelta(seconds=3), START)
        await work.commit()
    assert moved == 3
    waits = [(await stands(open_work, kept)).next_at - START for kept in [*busy, other, later]]
    assert waits == [
        LEASE, MINUTE, MINUTE + timedelta(seconds=3), MINUTE + timedelta(seconds=6), timedelta(0), MINUTE
    ]  # fmt: skip


async def test_what_a_dead_run_had_claimed_is_due_at_once_and_what_waits_is_not(open_work, anywhere):
    one = await somebody(open_work)
    claimed, waiting = await add(open_work, notice(one, 1), notice(one, 2, after=timedelta(seconds=30)))
    await claim(open_work, owner="dead")
    async with open_work() as work:
        assert await work.notices.retake("console", START, LEASE, "me") == 0
        assert await work.notices.retake("console", START, LEASE, "dead") == 1
        await work.commit()
    (again,) = await claim(open_work)
    assert (again.id, again.doubtful) == (claimed, True)
    assert (await stands(open_work, waiting)).attempt == 0


async def test_what_a_dead_run_had_set_back_comes_before_what_fell_due_later(open_work, anywhere):
    one = await somebody(open_work)
    early, late = await add(open_work, notice(one, 1), notice(one, 2, after=timedelta(seconds=1)))
    (claimed,) = await claim(open_work, owner="dead")
    async with open_work() as work:
        await work.notices.put_back("dead", [PutBack(claimed.id, claimed.attempt, START + LEASE / 20, counted=False)])
        await work.commit()
    now = START + timedelta(seconds=1)
    async with open_work() as work:
        assert await work.notices.retake("console", now, LEASE, "me") == 1
        await work.commit()
    assert [found.id for found in await claim(open_work, 1, now=now)] == [early]
    assert [found.id for found in await claim(open_work, 1, now=now)] == [late]


async def test_what_was_set_back_in_a_chat_goes_along_with_what_goes_there_now(open_work, anywhere):
    one = await somebody(open_work)
    early, late = await add(open_work, notice(one, 1), notice(one, 2, after=timedelta(seconds=1)))
    (claimed,) = await claim(open_work)
    await report(open_work, PutBack(claimed.id, claimed.attempt, START + LEASE / 20, counted=False))
    now = START + timedelta(seconds=1)
    found = await claim(open_work, now=now)
    assert [one.id for one in found] == [late]
    async with open_work() as work:
        along = await work.notices.claim_company("console", found, now, LEASE, 10, "me")
        await work.commit()
    assert [one.id for one in along] == [early]


async def test_what_a_claim_brought_that_was_never_heard_of_is_given_back_uncounted(open_work, anywhere):
    one = await somebody(open_work)
    mine, other = await add(open_work, notice(one, 1), notice(one, 2, after=MINUTE / 2))
    await claim(open_work, owner="me")
    await claim(open_work, owner="another", now=START + MINUTE / 2)
    later = START + 2 * MINUTE
    async with open_work() as work:
        assert await work.notices.disown("console", later, LEASE, "me") == 1
        assert await work.notices.disown("console", later, LEASE, "me") == 0
        await work.commit()
    assert (await stands(open_work, mine)).attempt == 0
    assert (await stands(open_work, other)).attempt == 1
    (again,) = await claim(open_work, 1, now=later)
    assert (again.id, again.attempt, again.doubtful) == (mine, 1, False)


async def test_a_reader_is_busy_while_something_of_theirs_is_claimed(open_work, anywhere):
    one, two = await somebody(open_work), await somebody(open_work, "Player Two")
    await add(open_work, notice(one, 1), notice(one, 2, after=timedelta(seconds=1)), notice(two, 3, after=MINUTE / 60))
    first = await claim(open_work, owner="a")
    now = START + timedelta(seconds=1)
    found = await claim(open_work, owner="b", now=now)
    assert [found.args["n"] for found in found] == [2, 3]
    async with open_work() as work:
        assert await work.notices.busy("console", found, now, LEASE) == {(one.id, None)}
        assert await work.notices.busy("console", [*first, *found], now, LEASE) == set()
        assert await work.notices.busy("console", found, START + LEASE, LEASE) == set()  # its claim is over


@pytest.mark.parametrize("where", ["sqlite", "postgres"])
async def test_many_processes_claim_everything_once(where, tmp_path, request):
    """Eight claimers on eight connections of their own where the engine has them."""
    if where == "sqlite":
        url, stores = f"sqlite:///{tmp_path}/many.db", 2
    else:
        server = request.getfixturevalue("postgres")
        url, stores = server.url(await server.migrated()), 2
    opened = [await engine.open(url) for _ in range(stores)]
    try:
        one = await somebody(opened[0].open_work)
        async with opened[0].open_work() as work:
            await work.notices.add_many([notice(one, n) for n in range(300)], START)
            await work.commit()
        found = []

        async def take(storage, owner):
            while got := await claim(storage.open_work, 7, owner=owner):
                found.extend(one.id for one in got)
                await asyncio.sleep(0)

        await asyncio.gather(*[take(opened[n % stores], f"o{n}") for n in range(8)])
        assert len(found) == 300
        assert len(set(found)) == 300
    finally:
        for storage in opened:
            await storage.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["add", "claim", "ack", "back", "late"]), st.integers(0, 9)), max_size=30))
async def test_whatever_happens_nothing_is_lost_and_nothing_ends_twice(steps):
    """Two owners claim, report and let leases run out in any order; every notice is open, claimed or ended once."""
    storage = await engine.open("sqlite://")
    try:
        open_work = storage.open_work
        one = await somebody(open_work)
        now, made, held, ended = START, 0, [], []
        for deed, n in steps:
            if deed == "add":
                await add(open_work, notice(one, made, after=now - START + timedelta(seconds=n)))
                made += 1
            elif deed == "claim":
                held += [(f"o{n % 2}", found) for found in await claim(open_work, 1 + n, now=now, owner=f"o{n % 2}")]
            elif deed == "late":
                now += timedelta(seconds=10 * n)
            elif held:
                owner, found = held.pop(n % len(held))
                if deed == "ack":
                    ended += await report(open_work, Ended(found.id, found.attempt, Outcome.SENT), owner=owner, now=now)
                else:
                    await report(open_work, PutBack(found.id, found.attempt, now), owner=owner)
        assert len(ended) == len(set(ended))
        rest = await claim(open_work, 100, now=now + timedelta(days=1))
        assert len(rest) + len(ended) == made
    finally:
        await storage.close()
