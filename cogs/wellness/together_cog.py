"""The timer of a group: its card, and the buttons under it."""

from __future__ import annotations

from datetime import datetime

from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, card, notice
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.wellness import break_cards as cards
from cogs.wellness import suggestions, together
from cogs.wellness.together import TogetherService
from storage.records.notice import Notice
from storage.work import Work

#: What "5 min more" adds.
_MORE = 5


class TogetherCog(Cog, name="together", topic="Wellness"):
    """Breaks of a whole group, on one card."""

    def __init__(self, tools: Tools) -> None:
        self._clock = tools.clock
        self._service = TogetherService(tools.open_work)

    @action("join")
    async def join(self, call: Call, timer_id: int) -> Reply:
        """Share it."""
        return cards.joined(await self._service.join(call, timer_id))

    @action("leave")
    async def leave(self, call: Call, timer_id: int) -> Reply:
        """Share it no longer."""
        return cards.said_left(await self._service.leave(call, timer_id))

    @action("tell")
    async def tell(self, call: Call, timer_id: int) -> Reply:
        """Share it, and be told of each break privately."""
        return cards.will_tell(await self._service.join(call, timer_id, told=True), told=True)

    @action("hush")
    async def hush(self, call: Call, timer_id: int) -> Reply:
        """Share it, and be told no more."""
        return cards.will_tell(await self._service.join(call, timer_id, told=False), told=False)

    @action("extend")
    async def extend(self, call: Call, timer_id: int) -> Reply:
        """The leader lengthens what is counted now."""
        return cards.extended(await self._service.extend(call, timer_id, _MORE), _MORE)

    @action("end")
    async def end(self, call: Call, timer_id: int) -> Reply:
        """The leader ends it for everybody."""
        await self._service.end(call, timer_id)
        return cards.group_ended()

    @action("again")
    async def again(self, call: Call, timer_id: int) -> Reply:
        """Take the end back."""
        await self._service.revive(call, timer_id)
        return cards.group_again()

    @notice("hung")
    async def hung(self, notice: Notice, work: Work) -> Reply | None:
        """The card, put up where the timer was started."""
        return await self.timer(int(notice.args["timer_id"] or 0), work)

    @notice("told")
    async def told(self, notice: Notice, work: Work) -> Reply | None:
        """A private word to who asked for it; None when the timer has gone on, or they have left."""
        timer = await work.breaks.get(int(notice.args["timer_id"] or 0))
        if timer is None or not timer.runs or timer.turn != notice.args["turn"] or notice.person_id is None:
            return None
        if not any(one.person_id == notice.person_id and one.told for one in await work.breaks.members(timer.id)):
            return None
        person = await work.people.get(notice.person_id)
        roles = (*person.roles, *person.doubles) if person is not None else ()
        number = await work.breaks.count(notice.person_id)
        families = suggestions.families_of(roles)
        return cards.told(timer, suggestions.suggestion(families, timer.mode, notice.person_id, number))

    @card("timer")
    async def timer(self, timer_id: int, work: Work) -> Reply | None:
        """The card as the timer stands."""
        timer = await work.breaks.get(timer_id)
        return None if timer is None else cards.group(await together.load(work, timer))

    async def farewell(self, person_id: int, work: Work, now: datetime) -> None:
        """A leader who is erased hands the group's timer on; nobody else's breaks end for it."""
        shared = await work.breaks.shared_with(person_id)
        if shared is not None:
            await work.breaks.leave(shared.id, person_id)
            await work.notices.refresh("together.timer", shared.id, now)
        for timer in await work.breaks.led_by(person_id):
            await together.hand_on(work, timer, now)
            await work.notices.refresh("together.timer", timer.id, now)
