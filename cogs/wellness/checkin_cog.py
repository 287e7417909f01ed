"""The check-in cog: how one is, for oneself alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from cogs.kit.ask import Ask, LongText
from cogs.kit.call import Call
from cogs.kit.cog import Cog, Where, action, chore, command
from cogs.kit.faults import Misread
from cogs.kit.offline import offline
from cogs.kit.reply import Reply, Upload
from cogs.kit.tools import Tools
from cogs.wellness import checkin, resting
from cogs.wellness import checkin_cards as cards
from cogs.wellness.charts import checkin_chart
from cogs.wellness.checkin import DAYS, CheckInService
from storage.records.times import from_milliseconds
from storage.records.wellness import Pain
from storage.reference import support

_ENERGY = Ask(
    "How much energy have you got, 1 to 5?",
    label="Energy",
    example="3",
    at_least=1,
    at_most=5,
    find=checkin.find_energy,
)
_PAIN = Ask(
    "Does anything hurt?", label="Pain", example="none", find=checkin.find_pain, also={"no": "none", "bad": "stop"}
)
_PLACE = Ask(
    "Where does it hurt?", label="Where", example="left wrist", max_length=80, free=False,
    also={"back": "back"},  # an answer here, not the button of that name
)  # fmt: skip
_NOTE = Ask("Anything to note, for yourself?", label="Note", example="long call, slept little", max_length=500)


class CheckInCog(Cog, name="checkin", topic="Wellness"):
    """How you are: for you alone, and gone when you say so."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work
        self._service = CheckInService(tools.open_work)

    @command(
        "checkin", "Note your energy and what hurts, for yourself alone", where=Where.DM, opens_form=True,
        example="/checkin 3, mild, long call",
    )  # fmt: skip
    async def checkin(
        self,
        call: Call,
        energy: Annotated[int | None, _ENERGY] = None,
        pain: Annotated[Pain | None, _PAIN] = None,
        where: Annotated[str | None, _PLACE] = None,
        note: Annotated[LongText | None, _NOTE] = None,
    ) -> Reply:
        """Kept for the caller alone."""
        if energy is None and pain is None and where is None and note is None:
            raise Misread("How much energy have you got, 1 to 5?", example="3", field="energy")
        kept = await self._service.keep(call, energy, pain, where, note)
        await resting.look_at(self._open_work, call)
        return cards.kept(kept)

    @action("open", title="Check in")
    async def open(
        self,
        call: Call,
        *,
        energy: Annotated[int | None, _ENERGY] = None,
        pain: Annotated[Pain | None, _PAIN] = None,
        where: Annotated[str | None, _PLACE] = None,
        note: Annotated[LongText | None, _NOTE] = None,
    ) -> Reply:
        """The same from a button."""
        return await self.checkin(call, energy, pain, where, note)

    @action("chart")
    async def chart(self, call: Call) -> Reply:
        """The last thirty days, with a picture."""
        found = await self._service.mine(call)
        if not found:
            return cards.chart(found, None)
        first = call.now.astimezone(ZoneInfo(call.zone_or_utc)).date() - timedelta(days=DAYS - 1)
        content = await offline(checkin_chart, found, first, DAYS)
        return cards.chart(found, Upload("check-ins.png", content, "image/png", alt=cards.alt_text(found)))

    @action("delete")
    async def delete(self, call: Call, checkin_id: int) -> Reply:
        """One of them goes."""
        return cards.deleted(await self._service.delete(call, checkin_id))

    @action("delete_all")
    async def delete_all(self, call: Call) -> Reply:
        """All of them go."""
        return cards.deleted(await self._service.delete(call, None))

    @action("restore")
    async def restore(self, call: Call, struck_at: int) -> Reply:
        """Take a deletion back."""
        return cards.restored(await self._service.restore(call, from_milliseconds(struck_at)))

    @action("country")
    async def country(self, call: Call, code: str) -> Reply:
        """The help lines of a country that was tapped, now and the next time."""
        if code not in support.countries():
            return cards.elsewhere()
        await self._service.country(call, code)
        return cards.helped_by(code)

    @action("elsewhere")
    async def elsewhere(self, call: Call) -> Reply:
        """Another country than was thought."""
        return cards.elsewhere()

    @chore("clear")
    async def clear(self, now: datetime) -> None:
        """What was deleted goes for good."""
        await self._service.clear_out(now)
