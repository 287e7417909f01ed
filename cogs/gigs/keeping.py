"""Keeping the board: posts that are withheld until a moderator has looked, taken down, and put back as they were.

Whoever decides that writes it down elsewhere (`work.moderation`, `work.audit`); here is what it means for the gig, its
card, its players and its alarms. Nothing is deleted, so that everything can come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cogs.gigs import crossing, offering, rules, telling
from cogs.gigs.board_rules import A_DAY, Standing
from cogs.gigs.screening import alarms
from cogs.kit.call import Call
from storage.records.board_rules import BoardRules
from storage.records.gig import HIDDEN, LISTED, Gig, GigState
from storage.records.moderation import Act, Alarm, Withheld
from storage.records.notice import Lane, NewNotice
from storage.records.people import Community
from storage.records.rate import RateCell
from storage.work import Work

#: Other people's posts are compared with this far back.
_COPIED_WITHIN = timedelta(days=60)


async def standing_of(work: Work, call: Call, community_id: int, board: BoardRules) -> Standing:
    """What the rules ask about the caller as a poster."""
    since = call.now - A_DAY
    return Standing(
        posted=await work.moderation.posted_since(community_id, call.person_id, since) if board.posts_a_day else (),
        mute=await work.moderation.muted(community_id, call.person_id, call.now),
    )


async def screen(
    work: Work, gig: Gig, board: BoardRules, now: datetime, *, range_: RateCell | None
) -> tuple[Alarm, ...]:
    """The signs of fraud in a post; () where the community does not want it looked through.

    range_: what members were paid for such a gig.
    """
    if not board.screen:
        return ()
    others: Sequence[str] = ()
    if gig.what is not None:
        others = await work.moderation.words_of_others(gig.community_id, gig.poster_id, now - _COPIED_WITHIN)
    return alarms(gig, range_=range_, others=others)


async def withhold(work: Work, gig: Gig, found: Sequence[Alarm], board: BoardRules, now: datetime, *, new: bool) -> Gig:
    """Keep a post off the board until a moderator has looked; whoever calls tells its poster. new: it never hung."""
    hidden = await _hide(work, gig, GigState.REVIEW, now)
    await work.moderation.withhold(
        Withheld(
            gig_id=gig.id,
            community_id=gig.community_id,
            state=gig.state,
            closed=gig.closed,
            hung=not new,
            alarms=tuple(found),
            at=now,
        )
    )
    await work.audit.note(gig.community_id, None, Act.WITHHELD, gig.ref, now, alarms=[alarm.value for alarm in found])
    await tell_moderators(work, gig, board, now)
    return hidden


async def tell_moderators(work: Work, gig: Gig, board: BoardRules, now: datetime) -> None:
    """Say in the report channel, if there is one, that something waits; never what or by whom it was reported."""
    if board.report_channel is None:
        return
    channel = await work.communities.channel_by_id(board.report_channel)
    if channel is None or channel.community_id != gig.community_id:
        return
    await work.notices.add(
        NewNotice(
            kind="mod.waiting",
            channel_id=channel.id,
            args={"gig_id": gig.id, "community": gig.community_id},
            due_at=now,
            lane=Lane.URGENT,
            key=f"mod.waiting:{gig.id}:{now:%Y%m%d%H}",
        ),
        now,
    )


async def _hide(work: Work, gig: Gig, state: GigState, now: datetime) -> Gig:
    hidden = await work.gigs.close(gig.id, state, {gig.state}, now)
    assert hidden is not None  # it is held
    await telling.call_off_alarms(work, gig, now)
    await work.notices.cancel("gigs.posted", now, gig_id=gig.id)
    await crossing.call_off(work, gig.id, now)
    await work.notices.cancel("find.hit", now, gig_id=gig.id)
    await telling.redraw(work, hidden, now)
    return hidden


async def take_down(work: Work, gig: Gig, reason: str, now: datetime) -> int:
    """Take a held gig off the board for a reason; how many of those who answered are told that it is off.

    A gig that is withheld already stays remembered as it was before that.
    """
    before = await work.moderation.withheld(gig.id)
    await _hide(work, gig, GigState.REMOVED, now)
    await work.moderation.withhold(
        Withheld(
            gig_id=gig.id,
            community_id=gig.community_id,
            state=gig.state,
            closed=gig.closed,
            hung=True,
            alarms=before.alarms if before is not None else (),
            reason=reason,
            at=now,
        )
    )
    answers = rules.told_of_end(await work.answers.to(gig.id))
    if gig.closed and gig.state is not GigState.REVIEW:
        return 0  # they heard that it was off when it was closed
    return await telling.tell_players(work, "gigs.closed", answers, gig, now, state=GigState.REMOVED.value)


async def put_back(work: Work, gig: Gig, now: datetime) -> Gig | None:
    """Put a held gig back as it was; None when it is not off the board. Whoever was told that it is off hears it.

    A post that was withheld before it ever hung goes up now, and whoever watches for it is told.
    """
    if gig.state not in HIDDEN:
        return None
    kept = await work.moderation.release(gig.id)
    community = await work.communities.get(gig.community_id)
    if kept is None or community is None:
        return None
    if kept.closed:
        back = await work.gigs.close(gig.id, kept.state, {gig.state}, now)
        assert back is not None  # it is held
        await telling.redraw(work, back, now)
        return back
    board = BoardRules.of(community.settings)
    until = gig.expires_at if kept.hung else rules.expiry(gig.span, now, board.days)
    opened = await work.gigs.reopen(gig.id, until, now)
    assert opened is not None  # it was closed, and is held
    called_off = await work.notices.cancel("gigs.closed", now, gig_id=gig.id)
    answers = rules.told_of_end(await work.answers.to(gig.id))
    if opened.standing(now) in LISTED:
        if called_off < len(answers) and gig.state is GigState.REMOVED:
            await telling.tell_players(work, "gigs.reopened", answers, opened, now)
        await telling.set_alarms(work, opened, now)
        await _hang(work, opened, community, now, told=kept.hung)
    await telling.redraw(work, opened, now)
    return opened


async def _hang(work: Work, gig: Gig, community: Community, now: datetime, *, told: bool) -> None:
    """Hang what does not hang yet."""
    if gig.for_few:
        boards = []
    else:
        there = {one.channel_id for one in await work.postings.of("gigs.board", gig.id)}
        boards = [one for one in await work.communities.channels_of(community.id, board=True) if one.id not in there]
    await telling.hang(work, gig, [one.id for one in boards], now)
    if not told:
        await offering.tell(work, gig, community, now)
