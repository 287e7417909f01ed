"""Gigs as they are kept: found by words and by column on every engine, chairs taken once, nobody's text an operator."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from storage.engine import Storage, open
from storage.records.answer import AnswerKind, AnswerState
from storage.records.fee import Basis, Fee, Unit
from storage.records.gig import Gig, GigFilter, GigState, KindOfWork, Terms, Usage, folded_words
from storage.records.money import Money
from storage.records.times import Span
from storage.records.watch import Watch, WatchHow
from storage.stores import gig_search
from storage.work import OpenWork, Work

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
LONDON = "Europe/London"


def gig(community_id: int, poster_id: int, **fields: Any) -> Gig:
    start = NOW + timedelta(days=5)
    values: dict[str, Any] = {
        "id": 0,
        "community_id": community_id,
        "poster_id": poster_id,
        "role": "drums",
        "span": Span(start, None, LONDON),
        "where": "Leeds",
        "fee": Fee(Basis.PAID, Money(22000, "GBP")),
        "posted_at": NOW,
        "state_at": NOW,
        "expires_at": start,
    }
    return Gig(**{**values, **fields})


async def hall(work: Work, name: str = "hall") -> tuple[int, int]:
    """A community and somebody in it."""
    community = await work.communities.greet("console", name, name, NOW)
    person = await work.people.greet("console", f"{name}-ada", "Ada", NOW)
    await work.communities.join(person.id, community.id, NOW)
    return community.id, person.id


@pytest.mark.usefixtures("anywhere")
async def test_a_gig_comes_back_as_it_was_kept(storage: Storage) -> None:
    async with storage.open_work() as work:
        place = await hall(work)
        full = gig(
            *place,
            seats=3,
            span=Span.of_days(date(2026, 12, 12), date(2026, 12, 14), "Europe/Paris"),
            call_time=NOW + timedelta(days=1),
            country="FR",
            fee=Fee(Basis.PAID, Money(30000, "EUR"), Unit.DAY),
            kind=KindOfWork.TOUR,
            what="Ünïcode ‘quotes’ \x00 and 🎷",
            terms=Terms(pays="the label", usage=Usage.BUYOUT),
            reply_by=NOW + timedelta(hours=3),
        )
        kept = await work.gigs.add(full)
        assert kept == replace(full, id=kept.id, what="Ünïcode ‘quotes’ � and 🎷")
        bare = await work.gigs.add(gig(*place, where=None, fee=Fee(Basis.QUOTE)))
        assert await work.gigs.get(bare.id) == bare
        assert await work.gigs.many([kept.id, bare.id, 99]) == {kept.id: kept, bare.id: bare}


@pytest.mark.usefixtures("anywhere")
async def test_words_find_listed_gigs_newest_first_and_follow_every_change(storage: Storage) -> None:
    async with storage.open_work() as work:
        place = await hall(work)
        first = await work.gigs.add(gig(*place, where="The Brudenell, Leeds"))
        second = await work.gigs.add(gig(*place, where="Café Zürich, Leeds", what="Ceilidh"))

        async def found(*words: str, **more: Any) -> list[int]:
            wanted = GigFilter(community_id=place[0], words=words, **more)
            return [one.id for one in await work.gig_search.find(wanted, NOW, limit=10)]

        assert await found("leeds") == [second.id, first.id]
        assert await found("leeds", "brudenell") == [first.id]
        assert await found("zurich") == [second.id]
        assert await found("ceilidh", roles=("drums", "bass")) == [second.id]
        assert await found("leeds", roles=("bass",)) == []
        moved = replace(first, where="York", revision=1)
        await work.gigs.change(moved, {"where": ("Leeds", "York")}, NOW)
        assert await found("brudenell") == []
        assert await found("york") == [first.id]
        await work.gigs.close(first.id, GigState.CANCELLED, {GigState.OPEN}, NOW)
        assert await found("york") == []
        await work.gigs.reopen(first.id, NOW + timedelta(days=2), NOW)
        assert await found("york") == [first.id]
        assert await found("york", kind=KindOfWork.TOUR) == []


@pytest.mark.usefixtures("anywhere")
async def test_a_rare_word_is_found_however_many_gigs_are_newer(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gig_search, "_NEWEST", 3)
    async with storage.open_work() as work:
        place = await hall(work)
        kept = [await work.gigs.add(gig(*place, where="Leeds" if n in (0, 2, 7) else "York")) for n in range(9)]
        wanted = GigFilter(community_id=place[0], words=("leeds",))
        pages = [[one.id for one in await work.gig_search.find(wanted, NOW, limit=2, offset=n)] for n in (0, 2)]
    assert pages == [[kept[7].id, kept[2].id], [kept[0].id]]


async def test_what_is_on_from_a_day_comes_soonest_first(storage: Storage) -> None:
    async with storage.open_work() as work:
        place = await hall(work)
        day, end = NOW + timedelta(days=5), NOW + timedelta(days=30)

        async def post(first: int, last: int | None = None) -> int:
            start = NOW + timedelta(days=first)
            span = Span(start, None, LONDON)
            if last is not None:
                span = Span.of_days(start.date(), (NOW + timedelta(days=last)).date(), LONDON)
            return (await work.gigs.add(gig(*place, span=span, expires_at=end))).id

        later, tour, over = await post(9), await post(3, 7), await post(1, 3)
        soon, long = await post(6), await post(2, 20)
        for roles in ((), ("drums",), ("drums", "bass")):
            wanted = GigFilter(community_id=place[0], roles=roles, start_from=day)
            found = [one.id for one in await work.gig_search.find(wanted, NOW, limit=10)]
            assert found == [long, tour, soon, later]
            assert over not in found
            first = await work.gig_search.find(wanted, NOW, limit=3)
            second = await work.gig_search.find(wanted, NOW, limit=3, offset=3)
            assert [one.id for one in (*first, *second)] == found


@pytest.mark.usefixtures("anywhere")
async def test_nobody_finds_what_belongs_to_another_community(storage: Storage) -> None:
    async with storage.open_work() as work:
        mine, theirs = await hall(work, "mine"), await hall(work, "theirs")
        await work.gigs.add(gig(*theirs))
        for wanted in (GigFilter(community_id=mine[0]), GigFilter(community_id=mine[0], words=("leeds",))):
            assert await work.gig_search.find(wanted, NOW, limit=10) == []


async def test_nobody_types_a_gig_into_another_community(storage: Storage) -> None:
    async with storage.open_work() as work:
        mine, theirs = await hall(work, "mine"), await hall(work, "theirs")
        posted = await work.gigs.add(gig(*theirs, where=f"xc{mine[0]} xc{mine[0]}rdrums Leeds"))
        for roles in ((), ("drums",)):
            wanted = GigFilter(community_id=mine[0], words=("leeds",), roles=roles)
            assert await work.gig_search.find(wanted, NOW, limit=10) == []
            found = await work.gig_search.find(replace(wanted, community_id=theirs[0]), NOW, limit=10)
            assert [one.id for one in found] == [posted.id]


ROLES = ("drums", "bass-guitar", "keyboards")
PLACES = ("Leeds", "York", "Leeds, the Brudenell", "Hull or York")
gigs = st.fixed_dictionaries(
    {
        "role": st.sampled_from(ROLES),
        "where": st.sampled_from(PLACES),
        "days": st.integers(0, 12),
        "whole": st.integers(0, 3),
        "pounds": st.one_of(st.none(), st.integers(1, 400)),
        "kind": st.sampled_from([None, KindOfWork.LIVE, KindOfWork.FUNCTION]),
        "open": st.booleans(),
    }
)
filters = st.fixed_dictionaries(
    {
        "roles": st.lists(st.sampled_from(ROLES), max_size=2, unique=True).map(tuple),
        "words": st.lists(st.sampled_from(["leeds", "york", "brudenell"]), max_size=2, unique=True).map(tuple),
        "from_day": st.one_of(st.none(), st.integers(0, 12)),
        "to_day": st.one_of(st.none(), st.integers(0, 14)),
        "least": st.one_of(st.none(), st.integers(1, 400)),
        "kind": st.sampled_from([None, KindOfWork.LIVE]),
        "unpaid": st.booleans(),
    }
)


def _made(place: tuple[int, int], values: dict[str, Any]) -> Gig:
    start = NOW + timedelta(days=values["days"], hours=1)
    span = Span(start, None, LONDON)
    if values["whole"]:
        first = start.date()
        span = Span.of_days(first, first + timedelta(days=values["whole"] - 1), LONDON)
    pounds = values["pounds"]
    fee = Fee(Basis.UNPAID) if pounds is None else Fee(Basis.PAID, Money(pounds * 100, "GBP"))
    return gig(
        *place,
        role=values["role"],
        where=values["where"],
        span=span,
        fee=fee,
        kind=values["kind"],
        expires_at=NOW + timedelta(days=30),
        state=GigState.OPEN if values["open"] else GigState.CANCELLED,
        closed=not values["open"],
    )


def _fits(one: Gig, wanted: GigFilter) -> bool:
    """The same question, asked of the record."""
    worth = one.worth()
    running = one.span.end is not None and one.span.end - one.span.start > timedelta(hours=25)
    return (
        one.state is GigState.OPEN
        and (not wanted.roles or one.role in wanted.roles)
        and set(wanted.words) <= set(folded_words(one.where or ""))
        and (
            wanted.start_from is None
            or one.span.start >= wanted.start_from
            or (running and one.span.end is not None and one.span.end > wanted.start_from)  # a tour that is on
        )
        and (wanted.start_to is None or one.span.start < wanted.start_to)
        and (wanted.at_least is None or (worth is not None and worth.minor >= wanted.at_least.minor))
        and (wanted.kind is None or one.kind is wanted.kind)
        and (wanted.unpaid or not one.unpaid)
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(gigs, max_size=12), st.lists(filters, min_size=1, max_size=4))
def test_every_filter_finds_exactly_what_fits(
    posted: Sequence[dict[str, Any]], wanted: Sequence[dict[str, Any]]
) -> None:
    async def run() -> None:
        storage = await open("sqlite://")
        try:
            async with storage.open_work() as work:
                place = await hall(work)
                kept = [await work.gigs.add(_made(place, one)) for one in posted]
                for number, values in enumerate(wanted):
                    filter_ = GigFilter(
                        community_id=place[0],
                        roles=values["roles"],
                        words=values["words"],
                        start_from=None if values["from_day"] is None else NOW + timedelta(days=values["from_day"]),
                        start_to=None if values["to_day"] is None else NOW + timedelta(days=values["to_day"]),
                        at_least=None if values["least"] is None else Money(values["least"] * 100, "GBP"),
                        kind=values["kind"],
                        unpaid=values["unpaid"],
                    )
                    found = await work.gig_search.find(filter_, NOW, limit=50)
                    assert {one.id for one in found} == {one.id for one in kept if _fits(one, filter_)}
                    order = [-one.id for one in found] if values["words"] else [one.span.start for one in found]
                    assert order == sorted(order)
                    pages = [await work.gig_search.find(filter_, NOW, limit=2, offset=n) for n in range(0, 14, 2)]
                    assert [one for page in pages for one in page] == found
                    await work.gig_search.keep_filter(f"t{number}", place[1], filter_, NOW)
                    assert await work.gig_search.filter(f"t{number}", place[1]) == filter_
                    assert await work.gig_search.filter(f"t{number}", place[1] + 1) is None
        finally:
            await storage.close()

    asyncio.run(run())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60))
async def test_what_is_typed_is_never_an_operator_of_the_search(typed: str) -> None:
    storage = await open("sqlite://")
    try:
        async with storage.open_work() as work:
            place = await hall(work)
            kept = await work.gigs.add(gig(*place, where=typed or None, what='NEAR("a", 5) OR * ^ -'))
            words = folded_words(typed)[:12]
            wanted = GigFilter(community_id=place[0], words=words)
            assert [one.id for one in await work.gig_search.find(wanted, NOW, limit=5)] == [kept.id]
    finally:
        await storage.close()


@pytest.mark.usefixtures("anywhere")
@pytest.mark.parametrize(
    "typed",
    ["NOT leeds", "leeds OR york", 'a" OR "b', "leeds*", "':*", "x & y | !z", "\\", "%", "日本 東京", "ß Straße"],
)
async def test_operators_are_words_like_others(storage: Storage, typed: str) -> None:
    async with storage.open_work() as work:
        place = await hall(work)
        kept = await work.gigs.add(gig(*place, where=typed))
        await work.gigs.add(gig(*place, where="Nowhere"))
        wanted = GigFilter(community_id=place[0], words=folded_words(typed))
        found = [one.id for one in await work.gig_search.find(wanted, NOW, limit=5)]
        assert found == [kept.id] or not wanted.words


@pytest.mark.usefixtures("anywhere")
async def test_of_many_who_take_the_last_chair_one_gets_it(storage: Storage) -> None:
    async with storage.open_work() as work:
        kept = await work.gigs.add(gig(*await hall(work), seats=2))
        await work.commit()

    async def take() -> bool:
        async with storage.open_work() as work:
            taken = await work.gigs.take_seat(kept.id)
            await work.commit()
        return taken is not None

    assert sum(await asyncio.gather(*(take() for _ in range(12)))) == 2


@pytest.mark.usefixtures("anywhere")
async def test_settling_counts_what_was_said_and_closing_stays(storage: Storage) -> None:
    async with storage.open_work() as work:
        place = await hall(work)
        kept = await work.gigs.add(gig(*place, seats=2))
        states = (AnswerState.INKED, AnswerState.PENCILLED, AnswerState.WAITING)
        for number, state in enumerate(states):
            person = await work.people.add(f"P{number}", NOW)
            await work.answers.say(kept.id, person.id, AnswerKind.INK, state, NOW)
        settled = await work.gigs.settle(kept.id, NOW)
        assert (settled.inked, settled.pencilled, settled.state) == (1, 1, GigState.HELD)
        closed = await work.gigs.close(kept.id, GigState.POSTPONED, {GigState.HELD}, NOW)
        assert closed is not None and closed.closed
        assert await work.gigs.close(kept.id, GigState.POSTPONED, {GigState.HELD}, NOW) is None
        assert (await work.gigs.settle(kept.id, NOW)).state is GigState.POSTPONED
        assert await work.gigs.take_seat(kept.id) is None
        opened = await work.gigs.reopen(kept.id, NOW + timedelta(days=1), NOW)
        assert opened is not None and opened.state is GigState.HELD


@pytest.mark.usefixtures("anywhere")
async def test_forgetting_a_player_frees_the_chair_and_a_poster_takes_everything_along(storage: Storage) -> None:
    async with storage.open_work() as work:
        place = await hall(work)
        kept = await work.gigs.add(gig(*place))
        bob, cleo = await work.people.add("Bob", NOW), await work.people.add("Cleo", NOW)
        passed = await work.referrals.pass_on(kept.id, bob.id, cleo.id, NOW)
        assert passed is not None
        await work.referrals.pass_on(kept.id, cleo.id, place[1], NOW)
        await work.answers.say(kept.id, bob.id, AnswerKind.INK, AnswerState.INKED, NOW)
        assert (await work.gigs.settle(kept.id, NOW)).state is GigState.FILLED
        await work.forget(bob.id)
        freed = await work.gigs.get(kept.id)
        assert freed is not None and (freed.inked, freed.state) == (0, GigState.OPEN)
        erased = await work.forget(place[1])
        assert erased["gigs"] == 1
        assert await work.gigs.get(kept.id) is None
        rows = (await work.connection.execute(text("SELECT count(*) FROM gigs_fts"))).scalar()
        assert rows == 0 or work.dialect == "sqlite"  # an FTS5 index without content cannot count its rows
        wanted = GigFilter(community_id=place[0], words=("leeds",))
        assert await work.gig_search.find(wanted, NOW, limit=5) == []


@pytest.mark.usefixtures("anywhere")
async def test_a_referral_is_kept_once_with_the_way_it_took(storage: Storage) -> None:
    async with storage.open_work() as work:
        place = await hall(work)
        kept = await work.gigs.add(gig(*place))
        people = [await work.people.add(name, NOW) for name in ("Bob", "Cleo", "Dan")]
        bob, cleo, dan = (person.id for person in people)
        first = await work.referrals.pass_on(kept.id, bob, cleo, NOW)
        assert await work.referrals.pass_on(kept.id, bob, cleo, NOW) is None
        second = await work.referrals.pass_on(kept.id, cleo, dan, NOW + timedelta(hours=1))
        assert first is not None and second is not None and second.parent_id == first.id
        assert [link.id for link in await work.referrals.chain(second.id)] == [first.id, second.id]
        assert await work.referrals.won(second.id, NOW) is not None
        assert await work.referrals.won(second.id, NOW) is None
        assert await work.referrals.thank(cleo, dan, NOW) == 1
        [line] = await work.referrals.passed_to(dan)
        assert (line.person_id, line.passed, line.won, line.thanked_at) == (cleo, 1, 1, NOW)
        assert line.last_at == NOW + timedelta(hours=1)
        assert [line.person_id for line in await work.referrals.passed_by(bob)] == [cleo]


@pytest.mark.usefixtures("anywhere")
async def test_watches_are_found_by_chair_among_members_and_put_back_for_a_while(storage: Storage) -> None:
    async with storage.open_work() as work:
        community, ada = await hall(work)
        watch = Watch(id=0, person_id=ada, community_id=community, made_at=NOW)
        drums = await work.watches.add(replace(watch, roles=("drums", "percussion")), at_most=3)
        every = await work.watches.add(replace(watch, how=WatchHow.DIGEST, at_least=Money(100, "GBP")), at_most=3)
        bass = await work.watches.add(replace(watch, roles=("bass",), region="Leeds", words=("leeds",)), at_most=3)
        assert drums is not None and every is not None and bass is not None
        assert await work.watches.add(watch, at_most=3) is None
        assert [one.id for one in await work.watches.for_roles(community, {"drums"})] == [drums.id, every.id]
        assert await work.watches.of(ada, community) == [drums, every, bass]
        assert await work.watches.drop(drums.id, ada + 1, NOW) is False
        assert await work.watches.drop(drums.id, ada, NOW) is True
        assert [one.id for one in await work.watches.of(ada)] == [every.id, bass.id]
        assert await work.watches.restore(drums.id, ada, NOW + timedelta(seconds=1)) is False
        assert await work.watches.restore(drums.id, ada, NOW) is True
        await work.communities.leave(ada, community, NOW)
        assert await work.watches.for_roles(community, {"drums"}) == []


async def test_lists_that_nobody_pages_through_are_forgotten(open_work: OpenWork) -> None:
    async with open_work() as work:
        community, ada = await hall(work)
        wanted = GigFilter(community_id=community, at_least=Money(100, "GBP"))
        await work.gig_search.keep_filter("old", ada, wanted, NOW - timedelta(days=61))
        await work.gig_search.keep_filter("new", ada, wanted, NOW)
        assert await work.gig_search.purge_filters(NOW - timedelta(days=60)) == 1
        assert await work.gig_search.filter("old", ada) is None
        assert await work.gig_search.filter("new", ada) == wanted
