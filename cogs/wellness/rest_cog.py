"""The rest cog: how one stands, time off, hints and the week's summary."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

from cogs.kit import moments
from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, afterwards, chore, command, notice
from cogs.kit.form import Form
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.wellness import rest_cards as cards
from cogs.wellness import resting
from cogs.wellness.resting import HINTS, SUMMARY, RestService
from storage.records.notice import Notice
from storage.records.times import Span
from storage.records.wellness import Hint
from storage.work import Work

_WHEN = Ask("Which days shall be yours?", label="Days off", example="12-14 Jan, or next Mon")
#: Everybody's diary is looked at this often; what it says comes true in days, not in minutes.
_EVERY = timedelta(hours=6)


class RestCog(Cog, name="rest", topic="Wellness"):
    """Rest between calls."""

    def __init__(self, tools: Tools) -> None:
        self._clock = tools.clock
        self._open_work = tools.open_work
        self._service = RestService(tools.open_work)
        self._looked_at: datetime | None = None

    @command("rest show", "Your days in a row, your next day off, your time off", aliases=("rest",))
    async def show(self, call: Call) -> Reply:
        """How the caller stands."""
        return cards.standing(await self._service.standing(call))

    @command("rest off", "Plan time off; it shows as no in your availability", example="/rest off 12-14 Jan")
    async def off(self, call: Call, when: Annotated[Span, _WHEN]) -> Reply:
        """Days that are the caller's own."""
        return cards.off(*await self._service.take_off(call, when))

    @action("plan", title="Time off")
    async def plan(self, call: Call, *, when: Annotated[Span, _WHEN]) -> Reply:
        """The same from a button."""
        return cards.off(*await self._service.take_off(call, when))

    @action("fix")
    async def fix(self, call: Call, entry_id: int) -> Reply:
        """The form with what was said filled in."""
        entry = await self._service.time_off(call, entry_id)
        last = entry.last or entry.first
        said = moments.value_text(entry.first, None if last == entry.first else last, entry.zone)
        return Reply(
            form=Form(title="Time off", fields=(), then=action_id("rest.refix", entry_id), values={"when": said})
        )

    @action("refix", title="Time off")
    async def refix(self, call: Call, entry_id: int, *, when: Annotated[Span, _WHEN]) -> Reply:
        """Other days in place of those."""
        await self._service.time_off(call, entry_id)  # or new days would be kept in place of none
        new = await self._service.take_off(call, when)
        await self._service.work_again(call, entry_id, fixing=True)
        return cards.off(*new)

    @action("work")
    async def work(self, call: Call, entry_id: int) -> Reply:
        """Give time off up."""
        return cards.given_up(await self._service.work_again(call, entry_id))

    @action("back")
    async def back(self, call: Call, entry_id: int) -> Reply:
        """Take that back."""
        return cards.kept(await self._service.work_again(call, entry_id, back=True))

    @action("hints")
    async def hints(self, call: Call, on: bool) -> Reply:
        """Whether anything is said about rest."""
        await self._service.switch(call, HINTS, on=on)
        return cards.switched(HINTS, on=on)

    @action("weekly")
    async def weekly(self, call: Call, on: bool) -> Reply:
        """Whether the week's summary comes."""
        await self._service.switch(call, SUMMARY, on=on)
        return cards.switched(SUMMARY, on=on)

    # --- when it is due -----------------------------------------------------------------------------------------------

    @chore("look")
    async def look(self, now: datetime) -> None:
        """Look at everybody's diary now and then."""
        if self._looked_at is None or now - self._looked_at >= _EVERY:
            self._looked_at = now
            await self._service.look_at_everybody(now)

    @notice("tired")
    async def tired(self, notice: Notice, work: Work) -> Reply | None:
        """What the diary says, if it still does."""
        person_id = int(notice.args["person_id"] or 0)
        hint, day = Hint(str(notice.args["hint"])), date.fromisoformat(str(notice.args["day"]))
        found = await resting.still_true(work, person_id, hint, day, self._clock.now())
        return None if found is None else cards.tired(found, await _zone(work, person_id))

    @notice("weekly")
    async def summary(self, notice: Notice, work: Work) -> Reply | None:
        """The week, from today's data."""
        person_id = int(notice.args["person_id"] or 0)
        week = await resting.week_of(work, person_id, self._clock.now())
        return None if week is None else cards.summary(week, await _zone(work, person_id))

    @afterwards("weekly")
    async def summary_kept(self, notice: Notice, work: Work) -> None:
        """Keep the next one."""
        person_id = int(notice.args["person_id"] or 0)
        if await work.people.setting(person_id, SUMMARY) == "on":
            await resting.keep_summary(work, person_id, await _zone(work, person_id), self._clock.now())


async def _zone(work: Work, person_id: int) -> str:
    person = await work.people.get(person_id)
    return (person.zone if person is not None else None) or "UTC"
