"""The hearing cog: log a level, the day's dose, the week's picture, the yearly test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, afterwards, command, notice
from cogs.kit.faults import Misread
from cogs.kit.form import Form
from cogs.kit.moments import length_text
from cogs.kit.offline import offline
from cogs.kit.reply import Reply, Upload
from cogs.kit.tools import Tools
from cogs.wellness import hearing, rules
from cogs.wellness import hearing_cards as cards
from cogs.wellness.charts import dose_chart
from cogs.wellness.hearing import HearingService
from storage.records.notice import Notice
from storage.records.wellness import Plugs
from storage.work import Work

_LEVEL = Ask(
    "How loud was it, in dB(A)?", label="Level, dB(A)", example="98", at_least=rules.LEAST_DB, at_most=rules.MOST_DB,
    find=hearing.find_level,
)  # fmt: skip
_MINUTES = Ask(
    "For how long?", label="Minutes", example="40, or 1h30", at_least=1, at_most=24 * 60, find=hearing.find_minutes
)
_PLUGS = Ask(
    "Did you wear plugs, and what do they take off?", label="Plugs", example="-15", find=hearing.find_plugs,
    also={"none": "0", "no": "0", "yes": "9", "-9": "9", "-15": "15", "-25": "25", "−9": "9", "−15": "15", "−25": "25"},
)  # fmt: skip
_TEST = Ask("When was your last hearing test?", label="Last hearing test", example="12 Mar 2026, or today")


class HearingCog(Cog, name="hearing", topic="Wellness"):
    """What your ears had today, and this week."""

    def __init__(self, tools: Tools) -> None:
        self._clock = tools.clock
        self._service = HearingService(tools.open_work)

    @command(
        "hearing log", "Log how loud it was and for how long; see the day's dose", one_line=("hearing",),
        example="/hearing 98 40",
    )  # fmt: skip
    async def log(
        self,
        call: Call,
        level: Annotated[int, _LEVEL],
        minutes: Annotated[timedelta, _MINUTES],
        plugs: Annotated[Plugs | None, _PLUGS] = None,
    ) -> Reply:
        """Counts for today."""
        whole = int(minutes.total_seconds() // 60)
        return cards.logged(await self._service.log(call, level, whole, plugs or Plugs.NONE))

    @action("open", title="Hearing")
    async def open(
        self,
        call: Call,
        *,
        level: Annotated[int, _LEVEL],
        minutes: Annotated[timedelta, _MINUTES],
        plugs: Annotated[Plugs | None, _PLUGS] = None,
    ) -> Reply:
        """The same from a button."""
        return await self.log(call, level, minutes, plugs)

    @command("hearing today", "The day's sound dose, and what is left of it")
    async def today(self, call: Call) -> Reply:
        """The day so far."""
        return cards.today(await self._service.heard(call))

    @command("hearing week", "The week's sound dose, with a picture")
    async def week(self, call: Call) -> Reply:
        """The seven days up to today."""
        heard = await self._service.heard(call)
        if not heard.week:
            return cards.week(heard, None)
        daily = rules.daily(heard.week, heard.first)
        names = [f"{heard.first + timedelta(days=n):%a}" for n in range(7)]
        content = await offline(dose_chart, daily, names)
        return cards.week(heard, Upload("ears.png", content, "image/png", alt=cards.alt_text(heard)))

    @action("week")
    async def week_pressed(self, call: Call) -> Reply:
        """The same from a button."""
        return await self.week(call)

    @action("fix")
    async def fix(self, call: Call, log_id: int) -> Reply:
        """The form with what was logged filled in."""
        log = await self._service.get(call, log_id)
        minutes = length_text(timedelta(minutes=log.minutes))
        values = {"level": str(log.level), "minutes": minutes, "plugs": str(log.plugs.value)}
        return Reply(
            form=Form(title="Hearing", fields=(), then=action_id("hearing.refix", log_id), values=values)
        )  # fmt: skip

    @action("refix", title="Hearing")
    async def refix(
        self,
        call: Call,
        log_id: int,
        *,
        level: Annotated[int, _LEVEL],
        minutes: Annotated[timedelta, _MINUTES],
        plugs: Annotated[Plugs | None, _PLUGS] = None,
    ) -> Reply:
        """What was meant, in place of what was logged."""
        whole = int(minutes.total_seconds() // 60)
        taken = plugs or Plugs.NONE
        return cards.logged(
            await self._service.change(
                call,
                log_id,
                lambda log: replace(log, level=level, minutes=whole, plugs=taken, deleted_at=None),
                anew=True,
            )
        )

    @action("strike")
    async def strike(self, call: Call, log_id: int) -> Reply:
        """Take it out: it was logged by mistake."""
        heard = await self._service.change(
            call, log_id, lambda log: replace(log, deleted_at=log.deleted_at or call.now)
        )  # fmt: skip
        assert heard.log is not None
        return cards.struck(heard.log)

    @action("unstrike")
    async def unstrike(self, call: Call, log_id: int) -> Reply:
        """Put it back."""
        return cards.put_back(await self._service.change(call, log_id, lambda log: replace(log, deleted_at=None)))

    # --- the yearly test ----------------------------------------------------------------------------------------------

    @command("hearing test", "Be reminded of a hearing test once a year", example="/hearing test 12 Mar 2026")
    async def test(self, call: Call, last: Annotated[date, _TEST]) -> Reply:
        """A year after the last one."""
        if not hearing.today(call) - timedelta(days=366 * 30) < last <= hearing.today(call):
            raise Misread("That day is not behind us.", example="12 Mar 2026", field="last")
        due = await self._service.tested(call, last)
        assert due is not None
        return cards.test_kept(last, due)

    @action("ask_test", title="Hearing test")
    async def ask_test(self, call: Call, *, last: Annotated[date, _TEST]) -> Reply:
        """The same from a button."""
        return await self.test(call, last)

    @action("test_later")
    async def test_later(self, call: Call, days: int) -> Reply:
        """Once more in a while."""
        due = await self._service.later(call, days)
        assert due is not None
        return cards.test_later(due)

    @action("no_test")
    async def no_test(self, call: Call) -> Reply:
        """Never again."""
        await self._service.tested(call, None)
        return cards.test_off()

    @notice("test")
    async def test_due(self, notice: Notice, work: Work) -> Reply | None:
        """It has been a year."""
        person_id = int(notice.args["person_id"] or 0)
        return None if await work.people.setting(person_id, hearing.LAST_TEST) is None else cards.test_due()

    @afterwards("test")
    async def test_kept(self, notice: Notice, work: Work) -> None:
        """And in another year."""
        await hearing.keep_next_test(work, int(notice.args["person_id"] or 0), self._clock.now())
