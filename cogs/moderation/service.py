"""Use cases of moderation, one Work each."""

from __future__ import annotations

from datetime import datetime, timedelta

from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, NotAllowed, NotFound, Stale, TryLater
from cogs.kit.tools import Tools
from cogs.kit.undo import offer_undo
from cogs.moderation import elsewhere
from cogs.moderation.board import Board
from cogs.moderation.waiting import PAGE, Queue, Waiting
from storage.records.board_rules import BoardRules
from storage.records.gig import HIDDEN, Gig, GigState
from storage.records.moderation import Act, Mute, ReportReason
from storage.records.notice import Lane, NewNotice
from storage.records.people import Channel, Person
from storage.work import Work

#: Reports of one person in a day; more than that is a quarrel, and a moderator is better spoken to.
REPORTS_A_DAY = 10


class ModerationService:
    """What moderators and reporters do. board: takes posts down and puts them back."""

    def __init__(self, tools: Tools, board: Board) -> None:
        self._open_work = tools.open_work
        self._board = board

    # Reports

    async def report(self, call: Call, gig_id: int, reason: ReportReason, note: str | None) -> bool:
        """Keep a report; False when the caller had reported this gig before. Raises NotFound, Conflict, TryLater."""
        async with self._open_work() as work:
            gig = await self._board.visible(work, gig_id, call.person_id)
            if gig.poster_id == call.person_id:
                raise Conflict(f"{gig.ref} is your own post.", how=f"To take it off the board: /gig close {gig.ref}")
            since = call.now - timedelta(days=1)
            if await work.moderation.reports_by(call.person_id, since) >= REPORTS_A_DAY:
                raise TryLater("That is many reports in one day. Please speak to a moderator directly.")
            kept = await work.moderation.report(gig, call.person_id, reason, note, call.now)
            if kept is not None:
                await _tell_moderators(work, gig, call.now)
            await work.commit()
        return kept is not None

    # The queue

    async def queue(self, call: Call, page: int) -> Queue:
        """What waits, the longest waiting first; on the first page also what is down and who may not post."""
        community_id = home(call)
        async with self._open_work(reading=True) as work:
            found = await work.moderation.waiting(community_id, limit=PAGE + 1, offset=page * PAGE)
            ids = [gig_id for gig_id, _ in found[:PAGE]]
            gigs = await work.gigs.many(ids)
            reports = await work.moderation.reports_of(ids)
            posters = await work.people.many(sorted({gig.poster_id for gig in gigs.values()}))
            waiting = [
                Waiting(
                    gig=gigs[gig_id],
                    poster=posters.get(gigs[gig_id].poster_id),
                    withheld=await work.moderation.withheld(gig_id) if off else None,
                    reports=reports.get(gig_id, ()),
                )
                for gig_id, off in found[:PAGE]
                if gig_id in gigs
            ]
            removed = await work.moderation.removed(community_id, limit=5) if not page else []
            muted = await work.moderation.mutes_of(community_id, call.now) if not page else []
            people = await work.people.many([one.person_id for one in muted])
        return Queue(
            waiting=waiting,
            page=page,
            more=len(found) > PAGE,
            removed=removed,
            mutes=[(one, people[one.person_id]) for one in muted if one.person_id in people],
        )

    # Decisions

    async def remove(self, call: Call, gig_id: int, reason: str) -> tuple[Gig, int | None]:
        """Take a post off the board and tell its poster why; how many players heard. Raises NotFound, Stale.

        A post of a linked community leaves this board alone and goes on at home, where nobody is told: None then.
        """
        async with self._open_work() as work:
            gig = await elsewhere.take_off(work, gig_id, home(call), reason, call.person_id, call.now)
            if gig is not None:
                await offer_undo(work, call, f"{gig.ref} taken off this board", action("mod.undone", gig_id))
                await work.commit()
                return gig, None
            gig = await self._here(work, call, gig_id)
            if gig.state is GigState.REMOVED:
                raise Stale(f"{gig.ref} is off the board already.", at=gig.state_at)
            told = await self._board.take_down(work, gig, reason, call.now)
            await work.moderation.settle(gig_id, call.now)
            await work.audit.note(
                gig.community_id, call.person_id, Act.REMOVED, gig.ref, call.now, reason=reason, state=gig.state.value
            )
            await _tell(work, "mod.removed", gig.poster_id, {"gig_id": gig_id}, call.now)
            await offer_undo(work, call, f"{gig.ref} taken off the board", action("mod.undone", gig_id))
            await work.commit()
        return gig, told

    async def restore(self, call: Call, gig_id: int, reason: str) -> Gig:
        """Put a post back as it was, also one that waited for a look, and tell its poster. Raises NotFound, Stale."""
        async with self._open_work() as work:
            gig = await elsewhere.put_back(work, gig_id, home(call), reason, call.person_id, call.now)
            if gig is not None:
                await work.commit()
                return gig
            gig = await self._here(work, call, gig_id)
            back = await self._board.put_back(work, gig, call.now)
            if back is None:
                raise Stale(f"{gig.ref} is not off the board.")
            await work.moderation.settle(gig_id, call.now)
            await work.audit.note(
                gig.community_id, call.person_id, Act.RESTORED, gig.ref, call.now, reason=reason, state=back.state.value
            )
            await work.notices.cancel("mod.removed", call.now, gig_id=gig_id)
            await _tell(work, "mod.restored", gig.poster_id, {"gig_id": gig_id}, call.now)
            await work.commit()
        return back

    async def keep(self, call: Call, gig_id: int, reason: str) -> Gig:
        """Leave a reported post as it is; its reports wait no longer. Raises NotFound, Stale."""
        async with self._open_work() as work:
            gig = await self._here(work, call, gig_id)
            if not await work.moderation.settle(gig_id, call.now):
                raise Stale(f"Nothing waits about {gig.ref}.")
            await work.audit.note(gig.community_id, call.person_id, Act.KEPT, gig.ref, call.now, reason=reason)
            await work.commit()
        return gig

    async def _here(self, work: Work, call: Call, gig_id: int) -> Gig:
        """The gig, held, if it is of the caller's community; to other moderators there is no such gig."""
        gig = await work.gigs.hold(gig_id)
        if gig is None or gig.community_id != home(call):
            raise NotFound("gig", f"G{gig_id}", list_command="/gigs")
        return gig

    async def answer(self, call: Call, gig_id: int, text: str) -> bool:
        """The poster of a post that was taken down answers; whether a channel is there in which it is read at once."""
        async with self._open_work() as work:
            gig = await work.gigs.get(gig_id)
            if gig is None or gig.poster_id != call.person_id:
                raise NotFound("gig", f"G{gig_id}", list_command="/gigs")
            if gig.state not in HIDDEN:
                raise Stale(f"{gig.ref} is on the board again.")
            await work.audit.note(gig.community_id, call.person_id, "answered", gig.ref, call.now, reason=text)
            heard = await _tell_moderators(work, gig, call.now, kind="mod.answered", text=text)
            await work.commit()
        return heard

    # Mutes

    async def mute(
        self, call: Call, gig_id: int | None, person: Person | None, reason: str, length: timedelta
    ) -> tuple[Person, Mute]:
        """Let the poster of a gig, or a member, post nothing for a while, and tell them. Raises NotFound, Conflict."""
        community_id = home(call)
        async with self._open_work() as work:
            if person is None:
                assert gig_id is not None  # one of the two is asked for
                gig = await self._here(work, call, gig_id)
                person = await work.people.get(gig.poster_id)
                assert person is not None  # the foreign key holds
            elif await work.communities.membership(person.id, community_id) is None:
                raise NotFound("member")
            if person.id == call.person_id:
                raise Conflict("That would be yourself.", how="Name somebody else.")
            mute = Mute(
                community_id=community_id,
                person_id=person.id,
                until=call.now + length,
                reason=reason,
                made_at=call.now,
            )
            await work.moderation.mute(mute)
            await work.audit.note(
                community_id,
                call.person_id,
                Act.MUTED,
                person.name,
                call.now,
                reason=reason,
                until=mute.until.isoformat(timespec="minutes"),
            )
            await _tell(work, "mod.muted", person.id, {"community": community_id}, call.now)
            done = f"Posts of {person.name[:30]} paused"
            await offer_undo(work, call, done, action("mod.unmuted_again", person.id))
            await work.commit()
        return person, mute

    async def unmute(self, call: Call, person_id: int, reason: str) -> Person:
        """Let somebody post again, and tell them. Raises Stale when they may already, NotFound for nobody here."""
        community_id = home(call)
        async with self._open_work() as work:
            person = await work.people.get(person_id)
            if person is None or await work.communities.membership(person_id, community_id) is None:
                raise NotFound("member")
            lifted = await work.moderation.unmute(community_id, person_id)
            if lifted is None or lifted.until <= call.now:
                raise Stale("They may post already.")
            await work.audit.note(community_id, call.person_id, Act.UNMUTED, person.name, call.now, reason=reason)
            await work.notices.cancel("mod.muted", call.now, community=community_id, to=person_id)
            await _tell(work, "mod.unmuted", person_id, {"community": community_id}, call.now)
            await work.commit()
        return person


def home(call: Call) -> int:
    """The caller's community. Raises NotAllowed where there is none."""
    if call.community_id is None:
        raise NotAllowed("That belongs to a community.", how="Use it in your server or group.")
    return call.community_id


async def report_channel(work: Work, community_id: int) -> Channel | None:
    """Where a community's moderators hear of what waits; None when they chose none."""
    community = await work.communities.get(community_id)
    chosen = BoardRules.of(community.settings).report_channel if community is not None else None
    channel = await work.communities.channel_by_id(chosen) if chosen is not None else None
    return channel if channel is not None and channel.community_id == community_id else None


async def _tell_moderators(
    work: Work, gig: Gig, now: datetime, *, kind: str = "mod.waiting", text: str | None = None
) -> bool:
    """Say in the report channel that something waits; never who reported. Whether there is such a channel."""
    channel = await report_channel(work, gig.community_id)
    if channel is None:
        return False
    key = f"{kind}:{gig.id}:{now:%Y%m%d%H}" if text is None else None  # one word an hour about the same gig
    args: dict[str, int | str | None] = {"gig_id": gig.id, "community": gig.community_id}
    if text is not None:
        args |= {"text": text, "at": now.isoformat()}
    await work.notices.add(
        NewNotice(kind=kind, channel_id=channel.id, args=args, due_at=now, lane=Lane.URGENT, key=key), now
    )
    return True


async def _tell(work: Work, kind: str, person_id: int, about: dict[str, int | str | None], now: datetime) -> None:
    """Tell somebody what was decided; it cannot be switched off, and waits for the morning like anything else."""
    subject, value = next(iter(about.items()))
    await work.notices.cancel(kind, now, **{subject: value, "to": person_id})
    await work.notices.add(
        NewNotice(kind=kind, person_id=person_id, args={**about, "to": person_id, "at": now.isoformat()}, due_at=now),
        now,
    )
