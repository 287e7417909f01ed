"""Lists of gigs, page by page, and watches."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from cogs.gigs import rules
from cogs.gigs.outcomes import Page
from cogs.gigs.searching import find
from cogs.gigs.telling import PING_ROLES
from cogs.kit.action import action
from cogs.kit.ask import Role
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, NotFound, Stale
from cogs.kit.tools import Tools
from cogs.kit.undo import offer_undo
from storage.records.gig import Gig, GigFilter, KindOfWork, folded_words
from storage.records.money import Money
from storage.records.rate import RateFloor
from storage.records.times import Span, from_milliseconds
from storage.records.watch import Watch, WatchHow
from storage.reference import instruments
from storage.work import Work

#: How long the Next button under a list works.
LISTS_KEPT = timedelta(days=60)
#: Pages of a list: further back a filter helps more than another page.
PAGES = 50


def chair_in(text: str) -> tuple[Role | None, str]:
    """A chair at the beginning or the end of free words, and the rest: "keys leeds" is keyboards in leeds."""
    words = text.split()
    for size in (3, 2, 1):
        for chosen, rest in ((words[:size], words[size:]), (words[-size:], words[:-size])):
            found = instruments.find(" ".join(chosen)) if len(words) >= size else None
            if isinstance(found, instruments.Ambiguous):
                found = instruments.open_chair(tuple(choice.id for choice in found.choices))
            if found is not None:
                return Role(found.id, found.name, found.family), " ".join(rest)
    return None, text


class FindingService:
    """What people do with lists and watches."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    async def find(
        self,
        call: Call,
        *,
        role: Role | None = None,
        region: str | None = None,
        when: Span | None = None,
        at_least: Money | None = None,
        kind: KindOfWork | None = None,
        mine: bool = False,
    ) -> Page:
        """The first page of what fits in the caller's community."""
        assert call.community_id is not None  # the command belongs to a community
        if role is None and region and not mine:
            role, region = chair_in(region)
        wanted = GigFilter(
            community_id=call.community_id,
            roles=(role.id,) if role is not None else (),
            words=folded_words(region)[:12] if region else (),
            start_from=when.start if when is not None else None,
            start_to=when.until() if when is not None else None,
            at_least=at_least,
            kind=kind,
            poster_id=call.person_id if mine else None,
        )
        return await self._page(call, wanted, 0, None)

    async def page(self, call: Call, token: str, number: int) -> Page:
        """Another page of a list. Raises Stale when the list is forgotten, or was somebody else's."""
        async with self._open_work(reading=True) as work:
            wanted = await work.gig_search.filter(token, call.person_id)
        if wanted is None:
            raise Stale("That list is too old to page through. Make it again: /gigs")
        return await self._page(call, wanted, max(0, min(number, PAGES)), token)

    async def _page(self, call: Call, wanted: GigFilter, number: int, token: str | None) -> Page:
        async with self._open_work(reading=True) as work:
            # Rights are today's: somebody who left the community, or no longer takes unpaid gigs, sees what they may.
            if not await work.communities.is_member(call.person_id, wanted.community_id):
                raise NotFound("list of gigs")
            reader = await work.people.get(call.person_id)
            wanted = replace(wanted, unpaid=reader is not None and reader.takes_unpaid)
            found = await find(work, wanted, call.now, limit=rules.PAGE + 1, offset=number * rules.PAGE)
            shown, more = found[: rules.PAGE], len(found) > rules.PAGE and number < PAGES
            mine = await work.answers.mine_to([gig.id for gig in shown], call.person_id)
        if more and token is None:
            token = secrets.token_urlsafe(9)
            async with self._open_work() as work:
                await work.gig_search.keep_filter(token, call.person_id, wanted, call.now)
                await work.commit()
        return Page(gigs=tuple(shown), wanted=wanted, number=number, more=more, token=token, mine=mine)

    async def forget_lists(self, now: datetime) -> None:
        """Forget the filters of old lists; their buttons say so then."""
        async with self._open_work() as work:
            await work.gig_search.purge_filters(now - LISTS_KEPT)
            await work.commit()

    async def watch(
        self,
        call: Call,
        *,
        role: Role | None,
        region: str | None,
        at_least: Money | None,
        kind: KindOfWork | None,
        how: WatchHow,
    ) -> tuple[Watch, bool]:
        """Keep a watch; and whether posts of this community may mention roles. Raises Conflict beyond twenty."""
        assert call.community_id is not None  # the command belongs to a community
        if role is None and region:
            role, region = chair_in(region)
        new = Watch(
            id=0,
            person_id=call.person_id,
            community_id=call.community_id,
            roles=(role.id,) if role is not None else (),
            region=region or None,
            words=folded_words(region or "")[:12],
            at_least=at_least,
            kind=kind,
            how=how,
            made_at=call.now,
        )
        async with self._open_work() as work:
            for known in await work.watches.of(call.person_id, call.community_id):
                if replace(known, id=0, made_at=call.now, region=new.region) == new:
                    return known, await self._pings(work, call.community_id)  # asked for twice
            kept = await work.watches.add(new, at_most=rules.WATCHES)
            if kept is None:
                raise Conflict(
                    f"You have {rules.WATCHES} watches, and that is the most.", how="Take one down first: /unwatch"
                )
            pings = await self._pings(work, call.community_id)
            await work.commit()
        return kept, pings

    async def floors(self, call: Call) -> list[RateFloor]:
        """The caller's own floors, which count for watches without a minimum."""
        async with self._open_work(reading=True) as work:
            return await work.rates.floors(call.person_id)

    async def _pings(self, work: Work, community_id: int) -> bool:
        community = await work.communities.get(community_id)
        return community is not None and bool(community.settings.get(PING_ROLES))

    async def watches(self, call: Call, role: Role | None = None, region: str | None = None) -> list[Watch]:
        """The caller's watches in this community; with a chair or a place, those for it."""
        if role is None and region:
            role, region = chair_in(region)
        async with self._open_work(reading=True) as work:
            found = await work.watches.of(call.person_id, call.community_id)
        words = set(folded_words(region or ""))
        return [one for one in found if (role is None or role.id in one.roles) and words <= set(one.words)]

    async def unwatch(self, call: Call, watch_id: int) -> Watch:
        """Take a watch down and return what it was. Raises NotFound for one that is not the caller's."""
        async with self._open_work() as work:
            watch = await work.watches.get(watch_id)
            if watch is None or not await work.watches.drop(watch_id, call.person_id, call.now):
                raise NotFound("watch", list_command="/unwatch")
            await offer_undo(work, call, "Watch taken down", action("find.again", watch_id))
            await work.commit()
        return watch

    async def watch_again(self, call: Call, watch_id: int) -> tuple[Watch, bool]:
        """Put a watch back that was taken down within the last ten minutes, as `watch`. Raises Stale otherwise."""
        async with self._open_work() as work:
            if not await work.watches.restore(watch_id, call.person_id, call.now - rules.UNDO_FOR):
                raise Stale("That watch can no longer be put back. Make a new one: /watch")
            watch = await work.watches.get(watch_id)
            assert watch is not None  # it was put back just now
            pings = await self._pings(work, watch.community_id)
            await work.commit()
        return watch, pings


async def digest(work: Work, person_id: int, since_ms: int, now: datetime) -> list[Gig]:
    """What was posted since then that fits the person's digest watches and is still to be had, newest first."""
    person = await work.people.get(person_id)
    floors = await work.rates.floors(person_id)
    found: dict[int, Gig] = {}
    for watch in await work.watches.of(person_id):
        if watch.how is not WatchHow.DIGEST or not await work.communities.is_member(person_id, watch.community_id):
            continue
        wanted = GigFilter(
            community_id=watch.community_id,
            roles=watch.roles,
            words=watch.words,
            at_least=watch.at_least if watch.at_least is not None and watch.at_least.minor > 0 else None,
            kind=watch.kind,
            posted_after=from_milliseconds(since_ms - 1),
            unpaid=person is not None and person.takes_unpaid,
        )
        for gig in await find(work, wanted, now, limit=3 * rules.PAGE):
            if gig.poster_id != person_id and rules.fits(watch, gig) and rules.holds(watch, gig, floors):
                found[gig.id] = gig
    return [found[gig_id] for gig_id in sorted(found, reverse=True)]
