"""Posting, looking at, changing and closing gigs, one Work each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cogs.gigs import board_rules, keeping, offering, paid, rules, telling
from cogs.gigs.details import Details
from cogs.gigs.outcomes import Changed, Posted, View
from cogs.kit.action import action
from cogs.kit.call import Call, Right
from cogs.kit.faults import Conflict, Fault, NotAllowed, NotFound, Stale
from cogs.kit.tools import Tools
from cogs.kit.undo import offer_undo
from storage.records.answer import INTERESTED, Answer
from storage.records.board_rules import BoardRules
from storage.records.gig import HIDDEN, LISTED, Gig, GigState
from storage.records.moderation import Act
from storage.records.notice import Notice
from storage.records.people import Channel, Person
from storage.work import Work

#: Fields whose change players must hear of and agree to again.
MATERIAL = frozenset({"role", "when", "length", "call_time", "where", "fee"})


async def look(work: Work, gig_id: int, person_id: int, *, holding: bool = False) -> Gig:
    """The gig, if this person may see it; otherwise NotFound, which is what a gig that never was answers.

    Members of its community may see it, and of those on whose board it hangs; an unpaid one only who takes those, its
    poster, and who heard of it already; one for a call list only those to whom it was offered.
    holding: nobody else changes it before this Work is over.
    """
    gig = await (work.gigs.hold(gig_id) if holding else work.gigs.get(gig_id))
    if gig is None or not await _may_see(work, gig, person_id):
        raise NotFound("gig", f"G{gig_id}", list_command="/gigs")
    return gig


async def _may_see(work: Work, gig: Gig, person_id: int) -> bool:
    if gig.poster_id == person_id:
        return True
    if gig.state in HIDDEN and await work.answers.of(gig.id, person_id) is None:
        return False
    if not await work.communities.is_member(person_id, gig.community_id):
        return not gig.for_few and await _sees_over_a_link(work, gig, person_id)
    if not gig.for_few:
        return True
    person = await work.people.get(person_id)
    return (
        (gig.open_to_takers and person is not None and person.takes_unpaid)
        or await work.gigs.offered_to(gig.id, person_id)
        or await work.answers.of(gig.id, person_id) is not None
        or await work.referrals.first_to(gig.id, person_id) is not None
    )


async def _sees_over_a_link(work: Work, gig: Gig, person_id: int) -> bool:
    """Whether it hangs where they belong; or hung there when they answered, since who is in must be able to leave."""
    if await work.boards.lets_see(gig.id, person_id):
        return True
    answer = await work.answers.of(gig.id, person_id)
    return answer is not None and answer.state in INTERESTED and await work.boards.let_see(gig.id, person_id)


def runs(gig: Gig, call: Call) -> bool:
    """Whether the caller may change the gig: who posted it, and moderators of its community."""
    return gig.poster_id == call.person_id or (call.may(Right.MODERATE) and call.community_id == gig.community_id)


async def manage(work: Work, gig_id: int, call: Call, *, holding: bool = True) -> Gig:
    """The gig, held, for somebody who may change it. Raises NotFound and NotAllowed."""
    gig = await (work.gigs.hold(gig_id) if holding else work.gigs.get(gig_id))
    if gig is not None and runs(gig, call):
        return gig
    await look(work, gig_id, call.person_id)
    raise NotAllowed(f"G{gig_id} is somebody else's post.", how="Only who posted it and moderators can do that.")


class GigService:
    """What people do with posts."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work
        self._clock = tools.clock

    async def _admit(self, work: Work, call: Call, gig: Gig, board: BoardRules) -> None:
        """Raises the fault that says what the board's rules ask for."""
        fault = board_rules.refusal(board, await keeping.standing_of(work, call, gig.community_id, board), call)
        if fault is not None:
            raise fault
        lacking = board_rules.missing(board, gig)
        if lacking:
            raise board_rules.ask_for(lacking[0])

    async def post(
        self,
        call: Call,
        details: Details,
        *,
        below: str | None = None,
        community_id: int | None = None,
        draft: str | None = None,
    ) -> Posted:
        """Keep a new gig, hang it up and tell who waits for such a one.

        below: what was answered when a low fee was asked about. community_id: if not the one of the call.
        draft: the token of what was read and is posted with this; once. Raises what the board's rules ask for, and
        the question about a low fee; nothing is kept then, and the draft waits on.
        """
        here = community_id or call.community_id
        assert here is not None  # the command belongs to a community
        async with self._open_work() as work:
            community = await work.communities.get(here)
            if community is None:
                raise NotFound("community")
            if draft is not None and not await work.drafts.drop(draft, call.person_id):
                raise Stale("That was posted or dropped already.")
            board = BoardRules.of(community.settings)
            new = replace(
                details.as_gig(call, community.id), expires_at=rules.expiry(details.span, call.now, board.days)
            )
            await self._admit(work, call, new, board)
            range_ = await paid.figure(work, new)
            paid.ask_once(new, range_, below, call.words)
            await offering.check(work, new)
            gig = await work.gigs.add(new)
            await offer_undo(work, call, f"Gig {gig.ref} posted", action("gigs.unpost", gig.id))
            found = await keeping.screen(work, gig, board, call.now, range_=range_)
            if found:
                gig = await keeping.withhold(work, gig, found, board, call.now, new=True)
                await work.commit()
                return Posted(gig=gig, channels=(), told=0, alarms=found, range_=range_)
            channels = [] if gig.for_few else await self._boards(work, community.id, call)
            beyond = await telling.hang(work, gig, [channel.id for channel in channels], call.now)
            told = await offering.tell(work, gig, community, call.now)
            await telling.set_alarms(work, gig, call.now, new=True)
            await work.commit()
        return Posted(gig=gig, channels=tuple(channels), told=told, beyond=beyond, range_=range_)

    async def widen(self, call: Call, gig_id: int) -> Posted:
        """Put a gig on the board that was offered to a call list. Raises Stale when it is there or over."""
        async with self._open_work() as work:
            gig = await manage(work, gig_id, call)
            community = await work.communities.get(gig.community_id)
            if community is None or gig.standing(call.now) not in LISTED:
                raise Stale(f"{gig.ref} is {gig.standing(call.now).value}; there is nothing to put up.")
            opened = await work.gigs.widen(gig_id)
            if opened is None:
                raise Stale(f"{gig.ref} is on the board already.")
            channels = [] if opened.for_few else await self._boards(work, community.id, call)
            beyond = await telling.hang(work, opened, [channel.id for channel in channels], call.now)
            told = await offering.tell(work, opened, community, call.now)
            await work.commit()
        return Posted(gig=opened, channels=tuple(channels), told=told, beyond=beyond)

    async def _boards(self, work: Work, community_id: int, call: Call) -> list[Channel]:
        """The community's boards, or else the channel in which the post was typed."""
        boards = await work.communities.channels_of(community_id, board=True)
        if not boards and call.place.channel_id is not None:
            here = await work.communities.channel_by_id(call.place.channel_id)
            boards = [here] if here is not None and here.community_id == community_id else []
        return boards

    async def show(self, call: Call, gig_id: int) -> View:
        """The gig with what the caller may know of it."""
        async with self._open_work(reading=True) as work:
            gig = await work.gigs.get(gig_id)
            if gig is None or not (gig.state in HIDDEN and runs(gig, call)):
                gig = await look(work, gig_id, call.person_id)
            return await self._view(work, gig, call)

    async def _view(self, work: Work, gig: Gig, call: Call) -> View:
        mine = gig.poster_id == call.person_id
        answers: Sequence[Answer] = await work.answers.to(gig.id) if mine else ()
        people = await work.people.many([gig.poster_id, *(answer.person_id for answer in answers)])
        through = await work.referrals.first_to(gig.id, call.person_id)
        giver = await work.people.get(through.giver_id) if through is not None else None
        return View(
            gig=gig,
            poster=people.get(gig.poster_id),
            mine=await work.answers.of(gig.id, call.person_id),
            answers=tuple((a, people[a.person_id]) for a in answers if a.person_id in people) if mine else None,
            through=(through, giver) if through is not None and giver is not None else None,
        )

    async def asker(self, call: Call, gig_id: int) -> tuple[Gig, Person | None, tuple[int, int], int]:
        """Who posted it: the person, (posted, filled) in this community, and days since they were first seen there."""
        async with self._open_work(reading=True) as work:
            gig = await look(work, gig_id, call.person_id)
            poster = await work.people.get(gig.poster_id)
            membership = await work.communities.membership(gig.poster_id, gig.community_id)
            days = (call.now - membership.joined_at).days if membership is not None else 0
            return gig, poster, await work.gigs.record_of(gig.poster_id, gig.community_id), days

    async def mine_to_change(self, call: Call, gig_id: int) -> Gig:
        """The gig, for somebody who may change it and wants to see what there is to change."""
        async with self._open_work(reading=True) as work:
            return await manage(work, gig_id, call, holding=False)

    async def edit(self, call: Call, gig: Gig, changes: dict[str, tuple[object, object]]) -> Changed:
        """Write a gig that was read a moment ago and changed since: `gig` is as it shall be.

        changes: field -> (before, after), as JSON values. A new date puts a postponed or expired gig back on the board.
        Raises Stale when somebody else changed it in between, and Conflict when more players are inked than seats left.
        """
        async with self._open_work() as work:
            now_gig = await manage(work, gig.id, call)
            if now_gig.revision != gig.revision:
                raise Stale(f"{gig.ref} was changed by somebody else a moment ago. Look at it again.")
            if not changes:
                return Changed(gig=now_gig, fields=())
            if gig.seats < now_gig.inked:
                raise Conflict(
                    f"{now_gig.inked} are inked for {gig.ref} already.", how="Release somebody first: /gig release"
                )
            board = await self._board_of(work, gig)
            await self._check_change(work, call, now_gig, gig, board)
            written = replace(gig, revision=gig.revision + 1, expires_at=rules.expiry(gig.span, call.now, board.days))
            kept = await work.gigs.change(written, changes, call.now)
            await self._note(work, call, gig, Act.CHANGED, fields=sorted(changes))
            asked = told = 0
            screened = await self._screened(work, call, kept, board)
            if screened is not None:
                await work.commit()
                return screened if screened.alarms else replace(screened, fields=tuple(changes))
            if "when" in changes and now_gig.standing(call.now) in (GigState.POSTPONED, GigState.EXPIRED):
                kept = await self._put_back(work, kept, call)
            kept = await work.gigs.settle(kept.id, call.now)
            if kept.state is GigState.FILLED and now_gig.state in LISTED:
                await telling.say_filled(work, kept, call.now)
            answers = await work.answers.to(kept.id, INTERESTED)
            engaged = rules.asked_again(answers) if changes.keys() & MATERIAL else []
            asked = await telling.tell_changes(work, engaged, kept, now_gig.revision, call.now)
            others = [answer for answer in answers if answer not in engaged]
            told = await telling.tell_changes(work, others, kept, now_gig.revision, call.now)
            if kept.state in LISTED:
                await telling.set_alarms(work, kept, call.now)
            if kept.span != now_gig.span:
                await telling.move_reminders(work, kept, call.now)
            await telling.redraw(work, kept, call.now)
            await work.commit()
        return Changed(gig=kept, fields=tuple(changes), asked=asked, told=told)

    async def _board_of(self, work: Work, gig: Gig) -> BoardRules:
        community = await work.communities.get(gig.community_id)
        return BoardRules.of(community.settings if community is not None else {})

    async def _check_change(self, work: Work, call: Call, before: Gig, after: Gig, board: BoardRules) -> None:
        """The rules hold for changes too. Raises the fault that says what they ask for."""
        if not board.check_edits:
            return
        fault: Fault | None = board_rules.refuse_change(board, before, after)
        if fault is None and before.poster_id == call.person_id:
            standing = await keeping.standing_of(work, call, before.community_id, board)
            fault = board_rules.refusal(board, standing, call, new=False)
        if fault is not None:
            raise fault

    async def _screened(self, work: Work, call: Call, gig: Gig, board: BoardRules) -> Changed | None:
        """What the screen makes of a changed post: withheld, or up again since it was mended; None: as it was."""
        looked_at = gig.state is GigState.REVIEW or (gig.state in LISTED and board.check_edits)
        if not looked_at:
            return None
        found = await keeping.screen(work, gig, board, call.now, range_=await paid.figure(work, gig))
        if gig.state in LISTED:
            if found:
                hidden = await keeping.withhold(work, gig, found, board, call.now, new=False)
                return Changed(gig=hidden, fields=("what",), alarms=found)
            return None
        if found:
            return Changed(gig=gig, fields=("what",), alarms=found)
        opened = await keeping.put_back(work, gig, call.now)
        if opened is None:
            return None
        await work.audit.note(gig.community_id, None, Act.MENDED, gig.ref, call.now)
        return Changed(gig=opened, fields=("what",), mended=True)

    async def _note(self, work: Work, call: Call, gig: Gig, act: Act, **details: Any) -> None:
        """Write down what a moderator did to somebody else's post."""
        if gig.poster_id != call.person_id:
            await work.audit.note(gig.community_id, call.person_id, act, gig.ref, call.now, **details)

    async def close(self, call: Call, gig_id: int, state: GigState) -> Changed:
        """Close a gig as filled elsewhere, postponed or cancelled. Raises Stale where that does not fit its state."""
        async with self._open_work() as work:
            gig = await manage(work, gig_id, call)
            standing = gig.standing(call.now)
            if state not in rules.CLOSINGS[standing]:
                raise Stale(f"{gig.ref} is {standing.value} already.", at=gig.state_at)
            closed = await work.gigs.close(gig_id, state, {gig.state}, call.now)
            if closed is None:
                raise Stale(f"{gig.ref} was changed by somebody else a moment ago. Look at it again.")
            await offer_undo(work, call, f"Gig {gig.ref} {state.value}", action("gigs.reopen", gig.id))
            await work.moderation.release(gig_id)
            await self._note(work, call, gig, Act.CLOSED, state=state.value)
            answers = rules.told_of_end(await work.answers.to(gig_id))
            told = await telling.tell_players(work, "gigs.closed", answers, closed, call.now, state=state.value)
            await telling.call_off_alarms(work, closed, call.now)
            await work.notices.cancel("find.hit", call.now, gig_id=gig_id)
            await telling.redraw(work, closed, call.now)
            await work.commit()
        return Changed(gig=closed, fields=(), told=told)

    async def reopen(self, call: Call, gig_id: int) -> Changed:
        """Put a closed or expired gig back on the board, as its answers stand, and tell whoever was told it was off."""
        async with self._open_work() as work:
            gig = await manage(work, gig_id, call)
            if gig.state in HIDDEN:
                raise Conflict(
                    f"{gig.ref} waits for a moderator."
                    if gig.state is GigState.REVIEW
                    else f"The moderators took {gig.ref} off the board.",
                    how="They can put it back with /mod restore.",
                )
            if rules.is_over(gig.span, call.now):
                raise Conflict(
                    f"The time of {gig.ref} has passed.", how=f"Give it a new one: /gig edit id={gig.ref} field=when"
                )
            if gig.standing(call.now) in LISTED or not (gig.closed or gig.standing(call.now) is GigState.EXPIRED):
                raise Stale(f"{gig.ref} is {gig.standing(call.now).value}; there is nothing to open again.")
            opened = await self._put_back(work, gig, call)
            await self._note(work, call, gig, Act.REOPENED)
            answers = rules.told_of_end(await work.answers.to(gig_id))
            called_off = await work.notices.cancel("gigs.closed", call.now, gig_id=gig_id)
            told = 0
            if called_off < len(answers) and gig.state is not GigState.EXPIRED:
                told = await telling.tell_players(work, "gigs.reopened", answers, opened, call.now)
            await telling.set_alarms(work, opened, call.now)
            await telling.redraw(work, opened, call.now)
            await work.commit()
        return Changed(gig=opened, fields=(), told=told)

    async def _put_back(self, work: Work, gig: Gig, call: Call) -> Gig:
        until = rules.expiry(gig.span, call.now, (await self._board_of(work, gig)).days)
        opened = await work.gigs.reopen(gig.id, until, call.now)
        if opened is None:  # expired by the clock alone, and nobody has written that down yet
            opened = await work.gigs.extend(gig.id, until)
        assert opened is not None  # it is held
        return opened

    async def expire(self, notice: Notice, work: Work) -> None:
        """Take a gig off the board whose time has passed; runs when the poster has been told, or could not be."""
        now = self._clock.now()
        gig = await work.gigs.expire(int(notice.args["gig_id"] or 0), now)
        if gig is not None:
            await telling.redraw(work, gig, now)
