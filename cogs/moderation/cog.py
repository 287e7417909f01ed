"""The moderation cog: a report for everybody, the queue and its deeds for moderators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from cogs.kit.ask import Ask, LongText, Quoted
from cogs.kit.call import Call, Right
from cogs.kit.cog import Cog, Menu, Where, action, command, notice
from cogs.kit.faults import Misread
from cogs.kit.form import Choice
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.moderation import cards
from cogs.moderation.board import Board
from cogs.moderation.service import ModerationService, home
from storage.records.gig import HIDDEN, GigFilter
from storage.records.moderation import ReportReason
from storage.records.notice import Notice
from storage.records.people import Person
from storage.work import Work

_REF = re.compile(r"\bG(\d{1,9})\b")
#: How long posts are paused when nobody says for how long.
WEEK = timedelta(days=7)

Which = Annotated[int, Ask("Which gig?", label="Gig", ref="G", example="G12", suggest="gigs_here")]
Why = Annotated[
    str,
    Ask("What is the reason, for the poster to read?", label="Reason", example="no fee and no venue", max_length=300),
]
WhyLog = Annotated[str, Ask("What is the reason, for the log?", label="Reason", example="all in order", max_length=300)]
HowLong = Annotated[
    timedelta | None,
    Ask("For how long?", label="For", example="7 days", at_least=60, at_most=365 * 24 * 60, cues=("for",)),
]
_SAYS = {"low detail": "low_detail", "too little detail": "low_detail", "spam": "other", "fraud": "scam"}


class ModCog(Cog, name="mod", topic="Moderating"):
    """For moderators: what was reported or held back, and what to do about it."""

    def __init__(self, tools: Tools, board: Board) -> None:
        self._open_work = tools.open_work
        self._service = ModerationService(tools, board)

    # --- reporting ----------------------------------------------------------------------------------------------------

    @command(
        "gig report",
        "Tell the moderators that something is wrong with a gig; nobody learns that it was you",
        aliases=("report",),
        menu=(Menu.MESSAGE, "Report"),
        example="/gig report G12 scam",
    )
    async def report(
        self,
        call: Call,
        id_: Annotated[int | None, Ask("Which gig?", label="Gig", ref="G", example="G12", suggest="gigs_here")] = None,
        reason: Annotated[ReportReason | None, Ask("What is wrong with it?", label="Reason", also=_SAYS)] = None,
        note: Annotated[
            LongText | None, Ask("Anything the moderators should know?", label="Note", max_length=500)
        ] = None,
        message: Annotated[Quoted | None, Ask("Which message?", max_length=1000)] = None,
    ) -> Reply:
        """By id, or by the menu of the message that shows the gig."""
        gig_id = id_ if id_ is not None else _named(message)
        if gig_id is None:
            raise Misread("Which gig is it about? Its number stands on its card.", example="G12", field="id")
        if reason is None:
            raise Misread(f"What is wrong with G{gig_id}?", field="reason", choices=_choices())
        new = await self._service.report(call, gig_id, reason, note)
        return cards.reported(f"G{gig_id}", new=new)

    # --- the queue ----------------------------------------------------------------------------------------------------

    @command(
        "mod queue",
        "What was reported or held back and waits for a moderator",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        aliases=("queue",),
    )
    async def queue(self, call: Call) -> Reply:
        """The longest waiting first."""
        return cards.queue(await self._service.queue(call, 0), call)

    @action("page", needs=Right.MODERATE)
    async def page(self, call: Call, page: int) -> Reply:
        """A page of it."""
        return cards.queue(await self._service.queue(call, max(0, page)), call)

    # --- deeds --------------------------------------------------------------------------------------------------------

    @command(
        "mod remove",
        "Take a gig off the board; its poster is told why",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        example="/mod remove G12 no fee and no venue",
    )
    async def remove(self, call: Call, id_: Which, reason: Why) -> Reply:
        """Nothing is deleted."""
        return cards.removed(*await self._service.remove(call, id_, reason))

    @action("remove", title="Take it off the board", needs=Right.MODERATE)
    async def remove_it(self, call: Call, gig_id: int, *, reason: Why) -> Reply:
        """The same from the queue."""
        return cards.removed(*await self._service.remove(call, gig_id, reason))

    @command(
        "mod restore",
        "Put a gig back on the board as it was, or let one up that was held back",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        example="/mod restore G12 sorted out with the poster",
    )
    async def restore(self, call: Call, id_: Which, reason: WhyLog) -> Reply:
        """Answers and chairs are as they were."""
        return cards.restored(await self._service.restore(call, id_, reason), call.community_id)

    @action("restore", title="Put it on the board", needs=Right.MODERATE)
    async def restore_it(self, call: Call, gig_id: int, *, reason: WhyLog) -> Reply:
        """The same from the queue."""
        return cards.restored(await self._service.restore(call, gig_id, reason), call.community_id)

    @action("undone", needs=Right.MODERATE)
    async def undone(self, call: Call, gig_id: int) -> Reply:
        """Taking down, taken back."""
        return cards.restored(await self._service.restore(call, gig_id, "taken back at once"), call.community_id)

    @command(
        "mod keep",
        "Leave a reported gig as it is; its reports wait no longer",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        example="/mod keep G12 all in order",
    )
    async def keep(self, call: Call, id_: Which, reason: WhyLog) -> Reply:
        """Nobody is told."""
        return cards.left(await self._service.keep(call, id_, reason))

    @action("keep", title="Leave it up", needs=Right.MODERATE)
    async def keep_it(self, call: Call, gig_id: int, *, reason: WhyLog) -> Reply:
        """The same from the queue."""
        return cards.left(await self._service.keep(call, gig_id, reason))

    @command(
        "mod mute_posts",
        "Pause somebody's gig posts for a while; they are told why and until when",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        example="/mod mute_posts G12 the same post four times, for 7 days",
    )
    async def mute_posts(
        self,
        call: Call,
        reason: Why,
        id_: Annotated[
            int | None, Ask("A gig of theirs?", label="Gig", ref="G", example="G12", suggest="gigs_here")
        ] = None,
        player: Annotated[Person | None, Ask("Or who?", label="Player", example="@sam")] = None,
        for_: HowLong = None,
    ) -> Reply:
        """By one of their gigs, or by name."""
        if id_ is None and player is None:
            raise Misread("Whose posts? Give the number of a gig of theirs.", example="G12", field="id")
        return cards.muted(*await self._service.mute(call, id_, player, reason, for_ or WEEK), call)

    @action("mute", title="Pause their posts", needs=Right.MODERATE)
    async def mute(self, call: Call, gig_id: int, *, reason: Why, for_: HowLong = None) -> Reply:
        """The same after a post was taken down."""
        return cards.muted(*await self._service.mute(call, gig_id, None, reason, for_ or WEEK), call)

    @command(
        "mod unmute_posts",
        "Let somebody post gigs again before their pause is over",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        example="/mod unmute_posts @sam we have talked",
    )
    async def unmute_posts(
        self, call: Call, player: Annotated[Person, Ask("Who?", label="Player", example="@sam")], reason: WhyLog
    ) -> Reply:
        """They are told."""
        return cards.unmuted(await self._service.unmute(call, player.id, reason))

    @action("unmute", title="Let them post again", needs=Right.MODERATE)
    async def unmute(self, call: Call, person_id: int, *, reason: WhyLog) -> Reply:
        """The same from the queue."""
        return cards.unmuted(await self._service.unmute(call, person_id, reason))

    @action("unmuted_again", needs=Right.MODERATE)
    async def unmuted_again(self, call: Call, person_id: int) -> Reply:
        """Pausing, taken back."""
        return cards.unmuted(await self._service.unmute(call, person_id, "taken back at once"))

    async def gigs_here(self, call: Call, typed: str) -> Sequence[Choice]:
        """Gigs of this community, while somebody types."""
        if call.community_id is None:
            return ()
        async with self._open_work(reading=True) as work:
            found = await work.gig_search.find(GigFilter(community_id=home(call)), call.now, limit=50)
        wanted = typed.strip().casefold()
        return [
            Choice(f"{gig.ref} {gig.role.replace('_', ' ')}, {gig.where or gig.what or ''}"[:90], gig.ref)
            for gig in found
            if wanted in f"{gig.ref} {gig.role} {gig.where}".casefold()
        ]

    # --- posters ------------------------------------------------------------------------------------------------------

    @action("answer", title="Answer the moderators")
    async def answer(
        self,
        call: Call,
        gig_id: int,
        *,
        text: Annotated[LongText, Ask("What would you like to say to them?", label="Your words", max_length=800)],
    ) -> Reply:
        """The poster of a post that was taken down speaks to whoever decided."""
        return cards.answered(text, heard=await self._service.answer(call, gig_id, text))

    # --- what is told -------------------------------------------------------------------------------------------------

    @notice("removed")
    async def removed(self, notice: Notice, work: Work) -> Reply | None:
        """To the poster; not when it is back by now."""
        kept = await work.moderation.withheld(int(notice.args["gig_id"] or 0))
        gig = await work.gigs.get(kept.gig_id) if kept is not None else None
        if kept is None or gig is None or kept.reason is None or gig.poster_id != notice.person_id:
            return None
        return cards.your_post_is_down(gig, kept.reason, await _name(work, gig.community_id))

    @notice("restored")
    async def restored(self, notice: Notice, work: Work) -> Reply | None:
        """To the poster; not when it is down again by now."""
        gig = await work.gigs.get(int(notice.args["gig_id"] or 0))
        if gig is None or gig.state in HIDDEN or gig.poster_id != notice.person_id:
            return None
        return cards.your_post_is_up(gig, await _name(work, gig.community_id))

    @notice("muted")
    async def muted(self, notice: Notice, work: Work) -> Reply | None:
        """To whoever may not post for a while; not once they may."""
        community_id = int(notice.args["community"] or 0)
        assert notice.person_id is not None  # it goes to one person
        mute = await work.moderation.muted(community_id, notice.person_id, notice.due_at)
        person = await work.people.get(notice.person_id)
        if mute is None or person is None:
            return None
        return cards.you_are_muted(mute, await _name(work, community_id), person.zone or "UTC")

    @notice("unmuted")
    async def unmuted(self, notice: Notice, work: Work) -> Reply | None:
        """To whoever may post again."""
        community_id = int(notice.args["community"] or 0)
        assert notice.person_id is not None  # it goes to one person
        if await work.moderation.muted(community_id, notice.person_id, notice.due_at) is not None:
            return None
        return cards.you_may_post(await _name(work, community_id))

    @notice("waiting")
    async def waiting(self, notice: Notice, work: Work) -> Reply | None:
        """In the report channel; not when somebody has decided meanwhile."""
        gig_id = int(notice.args["gig_id"] or 0)
        waits = await work.moderation.reports_of([gig_id])
        kept = await work.moderation.withheld(gig_id)
        if not waits and (kept is None or kept.reason is not None):
            return None
        return cards.waiting(f"G{gig_id}")

    @notice("answered")
    async def answered(self, notice: Notice, work: Work) -> Reply | None:
        """In the report channel: what the poster says."""
        return cards.poster_says(f"G{notice.args['gig_id']}", str(notice.args.get("text") or ""))


def _named(message: str | None) -> int | None:
    """The gig that a message is about: the first short id in it."""
    found = _REF.search(message) if message else None
    return int(found[1]) if found else None


def _choices() -> tuple[Choice, ...]:
    return tuple(Choice(cards.REASONS[reason].capitalize(), reason.value) for reason in ReportReason)


async def _name(work: Work, community_id: int) -> str:
    community = await work.communities.get(community_id)
    return community.name if community is not None else "this community"
