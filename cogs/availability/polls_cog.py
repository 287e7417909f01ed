"""The cog that asks for dates: named people, or everybody who plays a chair."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from cogs.availability import poll_cards as cards
from cogs.availability.polls import PollService, view_of
from cogs.availability.reading import find_chair
from cogs.kit.ask import Ask, Role
from cogs.kit.call import Call
from cogs.kit.cog import Cog, Menu, Where, action, afterwards, card, command, notice
from cogs.kit.reply import PRIVATE, PUBLIC, Reply
from cogs.kit.tools import Tools
from storage.records.availability import Free
from storage.records.date_poll import DatePoll
from storage.records.notice import Notice
from storage.records.people import Person
from storage.records.times import Span
from storage.work import Work

_DATES = Ask("Which dates, ten at most?", label="Dates", example="3 Jan, 4 Jan, 10 Jan 19:30")
_PLAYERS = Ask("Whom shall I ask?", label="People", example="@sam, @jo", free=True)
_ROLE = Ask("Or everybody who plays what?", label="Chair", example="keys", find=find_chair)
_BY = Ask("Until when can they answer?", label="Reply by", example="Fri 6pm", cues=("reply by", "by"))
_HIDE = Ask("Shall only you see who said what?", label="Hide answers", free=False)


class PollsCog(Cog, name="dates", topic="Availability"):
    """Ask who can do which dates."""

    def __init__(self, tools: Tools) -> None:
        self._service = PollService(tools)
        self._clock = tools.clock

    @command(
        "avail ask", "Ask people which of some dates they can do", where=Where.COMMUNITY,
        menu=(Menu.PERSON, "Ask if free"), example="/avail ask @sam, @jo 3 Jan, 4 Jan by Fri",
    )  # fmt: skip
    async def ask(
        self,
        call: Call,
        dates: Annotated[tuple[Span, ...], _DATES],
        players: Annotated[tuple[Person, ...] | None, _PLAYERS] = None,
        role: Annotated[Role | None, _ROLE] = None,
        reply_by: Annotated[datetime | None, _BY] = None,
        hide_answers: Annotated[bool, _HIDE] = False,
    ) -> Reply:
        """Write to who was named; a chair gets a card in the community's gig channels."""
        done = await self._service.ask(
            call, dates, players=players or (), role=role, reply_by=reply_by, hidden=hide_answers
        )
        return cards.asked(done)

    @command(
        "poll_dates", "Ask the whole group which of some dates it can do", replies=PUBLIC, where=Where.COMMUNITY,
        example="/poll_dates keys 3 Jan, 4 Jan, 10 Jan by Fri",
    )  # fmt: skip
    async def poll_dates(
        self,
        call: Call,
        dates: Annotated[tuple[Span, ...], _DATES],
        role: Annotated[Role | None, _ROLE] = None,
        players: Annotated[tuple[Person, ...] | None, _PLAYERS] = None,
        reply_by: Annotated[datetime | None, _BY] = None,
        hide_answers: Annotated[bool, _HIDE] = False,
    ) -> Reply:
        """A card in this group that fills in; in a private chat it is the same as asking people."""
        here = call.place.shared
        done = await self._service.ask(
            call, dates, players=players or (), role=role, reply_by=reply_by, hidden=hide_answers,
            hang_here=here, anybody=here,
        )  # fmt: skip
        return cards.board(done.view) if here else cards.asked(done)

    @command("avail asked", "The dates you asked for, and the answers", aliases=("avail polls",))
    async def asked(self, call: Call) -> Reply:
        """One's own questions."""
        return cards.listed(await self._service.mine(call))

    # --- answering ----------------------------------------------------------------------------------------------------

    @action("form")
    async def form(self, call: Call, poll_id: int) -> Reply:
        """The reader's own answers, privately."""
        return cards.form(await self._service.form(call, poll_id)).with_(replies=PRIVATE)

    @action("tick")
    async def tick(self, call: Call, poll_id: int, number: int, state: Free) -> Reply:
        """Say one thing to one date."""
        return cards.form(await self._service.say(call, poll_id, {number: state}), replaces=True)

    @action("rest")
    async def rest(self, call: Call, poll_id: int, state: Free) -> Reply:
        """Say one thing to all that is open."""
        return cards.form(await self._service.rest(call, poll_id, state), replaces=True)

    # --- the asker ----------------------------------------------------------------------------------------------------

    @action("show")
    async def show(self, call: Call, poll_id: int) -> Reply:
        """The answers: all of them for the asker, the card for others."""
        view = await self._service.show(call, poll_id)
        if view.poll.person_id == call.person_id:
            return cards.results(view)
        return cards.board(view).with_(card=None)

    @action("close")
    async def close(self, call: Call, poll_id: int) -> Reply:
        """Take no more answers."""
        return cards.closed(await self._service.close(call, poll_id))

    @action("cancel")
    async def cancel(self, call: Call, poll_id: int) -> Reply:
        """Call it off."""
        return cards.closed(await self._service.close(call, poll_id, cancelled=True))

    @action("unask")
    async def unask(self, call: Call, poll_id: int) -> Reply:
        """Take back that it was asked."""
        return cards.closed(await self._service.close(call, poll_id, cancelled=True, undoing=True))

    @action("reopen")
    async def reopen(self, call: Call, poll_id: int) -> Reply:
        """Take answers again."""
        return cards.results(await self._service.reopen(call, poll_id), "It takes answers again.")

    # --- what is said by itself ---------------------------------------------------------------------------------------

    @card("poll")
    async def poll(self, subject_id: int, work: Work) -> Reply | None:
        """The card wherever it hangs."""
        poll = await work.date_polls.get(subject_id)
        return None if poll is None else cards.board(await view_of(work, poll))

    @notice("hang")
    async def hang(self, notice: Notice, work: Work) -> Reply | None:
        """The card, hung for the first time."""
        poll = await self._open(notice, work)
        return None if poll is None else cards.board(await view_of(work, poll))

    @notice("asked")
    async def told(self, notice: Notice, work: Work) -> Reply | None:
        """To somebody who was named."""
        return await self._unanswered(notice, work, remind=False)

    @notice("reminder")
    async def reminder(self, notice: Notice, work: Work) -> Reply | None:
        """Once, to who has said nothing."""
        return await self._unanswered(notice, work, remind=True)

    async def _unanswered(self, notice: Notice, work: Work, *, remind: bool) -> Reply | None:
        poll = await self._open(notice, work)
        if poll is None:
            return None
        view = await view_of(work, poll)
        if notice.person_id not in view.waiting:
            return None
        return cards.reminder(view) if remind else cards.invitation(view)

    @notice("everybody")
    async def everybody(self, notice: Notice, work: Work) -> Reply | None:
        """To the asker, when nobody is left to wait for."""
        poll = await self._open(notice, work)
        return None if poll is None else cards.results(await view_of(work, poll), "Everybody has answered.")

    @notice("over")
    async def over(self, notice: Notice, work: Work) -> Reply | None:
        """To the asker, at the deadline: the best dates."""
        poll = await work.date_polls.get(_poll_id(notice))
        if poll is None or poll.closed_at is not None:
            return None
        return cards.results(await view_of(work, poll), "The time to answer is over.").with_(buttons=())

    @afterwards("over")
    async def over_kept(self, notice: Notice, work: Work) -> None:
        """Close it."""
        if await work.date_polls.close(_poll_id(notice), self._clock.now()):
            await work.notices.refresh("dates.poll", _poll_id(notice), self._clock.now())

    async def _open(self, notice: Notice, work: Work) -> DatePoll | None:
        poll = await work.date_polls.get(_poll_id(notice))
        if poll is None or poll.closed_at is not None or poll.reply_by <= self._clock.now():
            return None
        return poll


def _poll_id(notice: Notice) -> int:
    return int(notice.args["poll_id"] or 0)
