"""Finding gigs and being told of new ones: lists, searches, watches, the morning's digest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from cogs.gigs import asked, letters, lists, paid
from cogs.gigs.cog import community_words
from cogs.gigs.finding import FindingService, digest
from cogs.gigs.suggesting import Suggesting
from cogs.kit.ask import Ask
from cogs.kit.call import Call
from cogs.kit.cog import Cog, Where, action, chore, command, notice
from cogs.kit.form import Choice
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.kit.words import line
from storage.records.gig import LISTED
from storage.records.notice import Notice
from storage.records.times import Span
from storage.records.watch import WatchHow
from storage.work import Work


class FindCog(Cog, name="find", topic="Gigs"):
    """Look for gigs, and have them look for you."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._service = FindingService(tools)
        self._suggest = Suggesting(tools)

    @command(
        "gig list",
        "Open gigs, by chair, place, date, pay and kind, or by any word",
        where=Where.COMMUNITY,
        aliases=("gigs",),
        example="/gigs bass leeds",
    )
    async def find(
        self,
        call: Call,
        role: asked.AnyChair = None,
        region: Annotated[
            str | None, Ask("Where, or any word on the card?", label="Place or words", example="Leeds", max_length=80)
        ] = None,
        when: Annotated[Span | None, Ask("On which dates?", label="When", example="next week")] = None,
        min_fee: asked.MinFee = None,
        type_: asked.Kind = None,
        mine: Annotated[
            bool | None, Ask("Only your own posts and answers?", label="Mine", find=asked.one_line.mine)
        ] = None,
    ) -> Reply:
        """Eight to a page; only gigs of this community."""
        page = await self._service.find(
            call, role=role, region=region, when=when, at_least=min_fee, kind=type_, mine=bool(mine)
        )
        return lists.gigs(page, call)

    @action("page")
    async def page(self, call: Call, token: str, number: int) -> Reply:
        """Next and Back."""
        return lists.gigs(await self._service.page(call, token, number), call).with_(replaces=True)

    @command(
        "gig watch",
        "Hear of new gigs that fit: at once, or in one message each morning",
        where=Where.COMMUNITY,
        aliases=("watch",),
        example="/watch bass leeds min 150",
    )
    async def watch(
        self,
        call: Call,
        role: asked.AnyChair = None,
        region: asked.Region = None,
        min_fee: asked.MinFee = None,
        type_: asked.Kind = None,
        how: Annotated[WatchHow | None, Ask("How do you want to hear?", label="How", also=asked.HOW_ALSO)] = None,
    ) -> Reply:
        """With nothing given, everything new in this community."""
        watch, pings = await self._service.watch(
            call, role=role, region=region, at_least=min_fee, kind=type_, how=how or WatchHow.DM
        )
        return lists.watching(watch, pings=pings, floors=await self._service.floors(call), words=call.words)

    @command(
        "gig unwatch",
        "What you watch for, and taking it down",
        aliases=("unwatch", "watches"),
        example="/unwatch bass leeds",
    )
    async def unwatch(self, call: Call, role: asked.AnyChair = None, region: asked.Region = None) -> Reply:
        """A list with a button for each; where a chair or a place names one, that is taken down."""
        found = await self._service.watches(call, role, region)
        if len(found) == 1 and (role is not None or region is not None):
            return await self.drop(call, found[0].id)
        if found:
            return lists.watches(found, await self._service.floors(call), call.words)
        everything = await self._service.watches(call)
        note = line("None of your watches is for that. Nothing was taken down.") if everything else None
        return lists.watches(everything, await self._service.floors(call), call.words, note=note)

    @action("drop")
    async def drop(self, call: Call, watch_id: int) -> Reply:
        """Take a watch down; ten minutes to think again."""
        return lists.unwatched(await self._service.unwatch(call, watch_id))

    @action("again")
    async def again(self, call: Call, watch_id: int) -> Reply:
        """Undo taking it down."""
        watch, pings = await self._service.watch_again(call, watch_id)
        return lists.watching(watch, pings=pings, floors=await self._service.floors(call), words=call.words)

    @notice("hit")
    async def hit(self, notice: Notice, work: Work) -> Reply | None:
        """A new post that fits; not when it is gone by now, or the reader has answered it."""
        now = self._tools.clock.now()
        gig = await work.gigs.get(int(notice.args["gig_id"] or 0))
        reader = await work.people.get(int(notice.args["to"] or 0))
        if gig is None or reader is None or gig.standing(now) not in LISTED:
            return None
        if await work.answers.of(gig.id, reader.id) is not None or (gig.unpaid and not reader.takes_unpaid):
            return None
        poster = await work.people.get(gig.poster_id)
        words = reader.words or await community_words(work, gig, self._tools)
        why = "You asked to see unpaid gigs too." if gig.unpaid else "It fits what you watch for: /unwatch"
        return letters.hit(gig, poster, now, words, why=why, paid=await paid.beside(work, gig, words))

    @notice("digest")
    async def digest(self, notice: Notice, work: Work) -> Reply | None:
        """The morning's list; nothing when all of it is gone by now."""
        reader = await work.people.get(int(notice.args["to"] or 0))
        if reader is None:
            return None
        gigs = await digest(work, reader.id, int(notice.args["since"] or 0), self._tools.clock.now())
        return letters.digest(gigs, reader.words or self._tools.defaults.words) if gigs else None

    @chore("forget_lists")
    async def forget_lists(self, now: datetime) -> None:
        """Lists that nobody has paged through for two months."""
        await self._service.forget_lists(now)

    async def chairs(self, call: Call, typed: str) -> Sequence[Choice]:
        """Chairs while somebody types."""
        return self._suggest.chairs(typed)
