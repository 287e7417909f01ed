"""The breaks cog: start, stop, skip, snooze, stats and hours of one's own timer; and what is said when one is due."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from cogs.kit.ask import Ask
from cogs.kit.call import Call
from cogs.kit.cog import Cog, Where, action, afterwards, command, notice
from cogs.kit.faults import Misread, NotAllowed
from cogs.kit.form import Form
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.wellness import break_cards as cards
from cogs.wellness import breaks, resting, suggestions, timing, together
from cogs.wellness.breaks import BreakService
from cogs.wellness.together import TogetherService
from storage.records.notice import Notice
from storage.records.wellness import BreakMode, BreakTimer, Phase
from storage.work import Work

#: Modes that a group has one timer for.
_OF_GROUPS = frozenset({BreakMode.REHEARSAL, BreakMode.SESSION})

_PAIR = re.compile(r"(?<![\w:.])(\d{1,3})(?:\s*min\w*)?(?:\s*[/+]\s*|\s+)(\d{1,3})(?![\w:.])")
_ALONE = re.compile(r"(?<![\w:.])(\d{1,3})(?![\w:.])")


def _number(group: int) -> Callable[[str], tuple[int, int, str] | None]:
    """Finds the minutes of work (0) or rest (1) in "own 40/10"; nothing behind "until" is one."""

    def find(text: str) -> tuple[int, int, str] | None:
        head = re.split(r"\b(?:until|till|to)\b", text, maxsplit=1, flags=re.IGNORECASE)[0]
        pair = _PAIR.search(head)
        if group == 0 and pair is not None:
            return pair.start(1), pair.end(1), pair[1]
        alone = _ALONE.search(head)
        return (alone.start(1), alone.end(1), alone[1]) if alone is not None else None

    return find


class Period(StrEnum):
    """How far back stats look."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {"today": "Today", "week": "Last 7 days", "month": "Last 30 days", "year": "Last 12 months"}[self]


_DAYS_BACK = {Period.WEEK: 7, Period.MONTH: 30, Period.YEAR: 365}

_MODE = Ask(
    "What are you at?", label="Mode", example="practice",
    also={"practise": "practice", "practicing": "practice", "recording": "session", "own": "custom", "office": "desk"},
)  # fmt: skip
_PLAY = Ask(
    "How many minutes between breaks?", label="Minutes between breaks", example="40",
    at_least=timing.LEAST_PLAY, at_most=timing.MOST_PLAY, find=_number(0),
)  # fmt: skip
_REST = Ask(
    "How many minutes off?", label="Minutes off", example="10", at_least=timing.LEAST_REST, at_most=timing.MOST_REST,
    find=_number(1),
)  # fmt: skip
_UNTIL = Ask("Until when?", label="Until", example="18:00", cues=("until", "till"))
_MINUTES = Ask("For how many minutes?", label="Minutes", example="10", at_least=1, at_most=180)
_PERIOD = Ask("For which time?", label="Period", example="week", also={"day": "today", "7": "week", "30": "month"})
_DAYS = Ask("On which days may breaks come?", label="Days", example="mon-fri, or every day", max_length=60)
_FROM = Ask(
    "From what time?", label="From", example="9:00, or all day", max_length=10, find=timing.find_from
)  # fmt: skip
_TO = Ask("Until what time of day?", label="To", example="18:00", max_length=10, find=timing.find_to)
_QUIET = Ask(
    "Silent until when, just this once?",
    label="Silent until",
    example="in 2 hours",
    cues=("quiet", "silent"),
    free=False,
)


class BreaksCog(Cog, name="breaks", topic="Wellness"):
    """Breaks, ears and rest: opt-in, private, and never a doctor."""

    def __init__(self, tools: Tools) -> None:
        self._clock = tools.clock
        self._open_work = tools.open_work
        self._service = BreakService(tools.open_work)
        self._together = TogetherService(tools.open_work)

    @command(
        "break start", "Start a break timer: practice 25/5, rehearsal 50/10, session, desk or your own",
        one_line=("break",), example="/break practice",
    )  # fmt: skip
    async def start(
        self,
        call: Call,
        mode: Annotated[BreakMode, _MODE],
        play: Annotated[int | None, _PLAY] = None,
        rest: Annotated[int | None, _REST] = None,
        until: Annotated[datetime | None, _UNTIL] = None,
    ) -> Reply:
        """One's own timer; of a rehearsal or session, in a group, the group's."""
        play, rest = _lengths(call, mode, play, rest, until)
        if call.place.shared and call.place.channel_id is not None and mode in _OF_GROUPS:
            return cards.group_started(await self._together.start(call, mode, play, rest, until))
        stood = await self._service.start(call, mode, play, rest, until)
        await resting.look_at(self._open_work, call)
        reply = cards.started(stood, call.now, said_until=until is not None)
        return reply.with_(also=(cards.FOR_A_GROUP,)) if mode in _OF_GROUPS else reply

    @command(
        "break group", "Start one break timer for the group you are in; anybody there may join", where=Where.COMMUNITY,
        example="/break group rehearsal",
    )  # fmt: skip
    async def group(
        self,
        call: Call,
        mode: Annotated[BreakMode, _MODE],
        play: Annotated[int | None, _PLAY] = None,
        rest: Annotated[int | None, _REST] = None,
        until: Annotated[datetime | None, _UNTIL] = None,
    ) -> Reply:
        """One card, where it was said."""
        if call.place.channel_id is None:
            raise NotAllowed("A group's timer hangs in the group.", how="Say it there: /break group rehearsal")
        play, rest = _lengths(call, mode, play, rest, until)
        return cards.group_started(await self._together.start(call, mode, play, rest, until))

    @action("begin")
    async def begin(self, call: Call, mode: BreakMode) -> Reply:
        """A usual timer from a button."""
        return cards.started(
            await self._service.start(call, mode, *timing.MODES.get(mode, (50, 10)), None), call.now, said_until=False
        )

    @action("fix")
    async def fix(self, call: Call) -> Reply:
        """Start again with another end: the form, filled in."""
        stood = await self._service.current(call)
        if stood is None or stood.timer.shared:
            return await self.stats(call)
        timer = stood.timer
        until = "" if timer.until is None else f"{timer.until.astimezone(ZoneInfo(timer.zone)):%H:%M}"
        values = {"mode": timer.mode.value, "play": str(timer.play), "rest": str(timer.rest), "until": until}
        fields = next(one for one in self.commands() if one.name == "break start").parameters
        return Reply(form=Form(title="Break timer", fields=fields, then="break start", values=values))

    @command("break stop", "Stop your break timer, or leave the group's")
    async def stop(self, call: Call) -> Reply:
        """One's own, else the group's that one shares."""
        current = await self._service.current(call)
        if current is not None and current.timer.shared:
            await self._together.leave(call, current.timer.id)
            return cards.left(current.timer)
        return cards.stopped((await self._service.stop(call)).timer)

    @action("stop")
    async def stop_pressed(self, call: Call) -> Reply:
        """The same from a button."""
        return await self.stop(call)

    @action("again")
    async def again(self, call: Call, timer_id: int) -> Reply:
        """A stop taken back."""
        return cards.went_on(await self._service.go_on(call, timer_id), call.now)

    @command("break skip", "Leave out the next break, or the one you are on")
    async def skip(self, call: Call) -> Reply:
        """Work goes on."""
        return cards.changed(await self._service.skip(call), call.now, "Skipped.")

    @action("skip")
    async def skip_pressed(self, call: Call, turn: int) -> Reply:
        """The break that the button was drawn for."""
        return cards.changed(await self._service.skip(call, turn), call.now, "Skipped.")

    @command("break snooze", "Put the break off by some minutes", example="/break snooze 15")
    async def snooze(self, call: Call, minutes: Annotated[int | None, _MINUTES] = None) -> Reply:
        """Ten minutes when nothing is said."""
        stood = await self._service.snooze(call, minutes or timing.SNOOZE)
        return cards.changed(stood, call.now, f"Put off by {minutes or timing.SNOOZE} minutes.")

    @action("snooze")
    async def snooze_pressed(self, call: Call, turn: int) -> Reply:
        """The break that the button was drawn for."""
        stood = await self._service.snooze(call, timing.SNOOZE, turn)
        return cards.changed(stood, call.now, f"Put off by {timing.SNOOZE} minutes.")

    @command("break stats", "Your breaks: taken, skipped, snoozed", example="/break stats week")
    async def stats(self, call: Call, period: Annotated[Period | None, _PERIOD] = None) -> Reply:
        """The last seven days when nothing is said."""
        period = period or Period.WEEK
        if period is Period.TODAY:
            local = call.now.astimezone(ZoneInfo(call.zone_or_utc))
            since = local.replace(hour=0, minute=0, second=0, microsecond=0)
        else:
            since = call.now - timedelta(days=_DAYS_BACK[period])
        entries = await self._service.entries(call, since)
        said = "today" if period is Period.TODAY else f"in the {period.label.lower()}"
        return cards.stats(entries, said, await self._service.current(call), call.now)

    # --- hours --------------------------------------------------------------------------------------------------------

    @command(
        "break plan", "Set the days and hours in which breaks may come", example="/break plan mon-fri from=9 to=18"
    )
    async def plan(
        self,
        call: Call,
        days: Annotated[str | None, _DAYS] = None,
        from_: Annotated[str | None, _FROM] = None,
        to: Annotated[str | None, _TO] = None,
        quiet: Annotated[datetime | None, _QUIET] = None,
    ) -> Reply:
        """Only what is said changes; nothing said shows how it stands."""
        changes: dict[str, object] = {}
        if days is not None:
            changes["days"] = timing.read_days(days)
            if changes["days"] is None:
                raise Misread(f"I could not read “{days}” as days of the week.", example="mon-fri", field="days")
        changes |= _hours(from_, to)
        if quiet is not None:
            if not call.now < quiet <= call.now + timedelta(days=31):
                raise Misread("That is not ahead of us, within a month.", example="in 2 hours", field="quiet")
            changes["silent_until"] = quiet
        if changes:
            changes["zone"] = call.zone_or_utc
        found, timer = await self._service.plan(call, **changes)
        return cards.plan(found, timer, call.now, kept=bool(changes))

    @action("hours")
    async def hours(self, call: Call) -> Reply:
        """The form of the plan, filled in."""
        found, _ = await self._service.plan(call)
        whole = found.begins == found.ends
        values = {
            "days": timing.days_text(found.days),
            "from": "all day" if whole else timing.clock_text(found.begins),
            "to": "" if whole else timing.clock_text(found.ends),
        }
        fields = next(one for one in self.commands() if one.name == "break plan").parameters
        return Reply(form=Form(title="When breaks may come", fields=fields, then="break plan", values=values))

    @action("hush")
    async def hush(self, call: Call, minutes: int) -> Reply:
        """Silent for a while, which ends by itself."""
        until = call.now + timedelta(minutes=max(1, min(minutes, 24 * 60)))
        found, timer = await self._service.plan(call, silent_until=until, zone=call.zone_or_utc)
        return cards.plan(found, timer, call.now, kept=True)

    @action("speak")
    async def speak(self, call: Call) -> Reply:
        """The pause is over before its time."""
        found, timer = await self._service.plan(call, silent_until=None, zone=call.zone_or_utc)
        return cards.plan(found, timer, call.now, kept=True)

    # --- when it is due -----------------------------------------------------------------------------------------------

    @notice("warn")
    async def warn(self, notice: Notice, work: Work) -> Reply | None:
        """The word before a break; not when the timer is silent, or the break has come."""
        timer = await _timer(notice, work)
        now = self._clock.now()
        if timer is None or timer.ends_at <= now or timer.shared:
            return None
        if (await breaks.silence_of(work, timer, timer.ends_at)).until(timer.ends_at) is not None:
            return None
        return cards.warning(timer)

    @notice("turn")
    async def turn(self, notice: Notice, work: Work) -> Reply | None:
        """A break begins, or is over; to a group only that it begins. None when it is silent, or far too late."""
        timer = await _timer(notice, work)
        now = self._clock.now()
        if timer is None:
            return None
        over = timer.until is not None and timer.until <= now
        following = timing.followed(timer, now)
        if timer.shared:
            begins = timer.phase is Phase.WORK and following.phase is Phase.REST and not over
            return cards.group_break(timer, following.ends_at) if begins and _said_in_time(timer, now) else None
        if (await breaks.silence_of(work, timer, now)).until(now) is not None:
            return None
        if over:
            return cards.ended(timer) if timer.phase is Phase.WORK else cards.back(timer, now, last=True)
        if timer.phase is Phase.REST:
            return cards.back(timer, following.ends_at) if following.phase is Phase.WORK else None
        if following.phase is not Phase.REST or not _said_in_time(timer, now):
            return None
        person = await work.people.get(timer.person_id)
        roles = (*person.roles, *person.doubles) if person is not None else ()
        number = await work.breaks.count(timer.person_id)
        idea = suggestions.suggestion(suggestions.families_of(roles), timer.mode, timer.person_id, number)
        return cards.break_now(timer, following.ends_at, following.turn, idea)

    @afterwards("turn")
    async def turned(self, notice: Notice, work: Work) -> None:
        """Go on with what comes next; a group's card is drawn anew, and who asked is told."""
        now = self._clock.now()
        timer = await breaks.turned(work, notice, now)
        if timer is None or not timer.shared:
            return
        await work.notices.refresh(breaks.CARD, timer.id, now)
        if timer.runs:
            await together.tell_members(work, timer, now)


def _lengths(
    call: Call, mode: BreakMode, play: int | None, rest: int | None, until: datetime | None
) -> tuple[int, int]:
    """Minutes of work and rest: as said, else as usual. Raises Misread for what is missing, or an end that is past."""
    if mode is BreakMode.OWN and play is None:
        raise Misread("How many minutes between breaks?", example="40", field="play")
    if until is not None and not call.now < until <= call.now + timedelta(days=31):
        raise Misread("That end is not ahead of us, within a month.", example="18:00", field="until")
    usual_play, usual_rest = timing.MODES.get(mode, (play or 0, 10))
    return play or usual_play, rest or usual_rest


def _said_in_time(timer: BreakTimer, now: datetime) -> bool:
    """Whether enough is left of the break that follows; long after, it is another one, which has its own notice."""
    return (
        now < timer.ends_at + timedelta(minutes=timer.rest) - timing.WORTH_SAYING
        or now - timer.ends_at < timing.WORTH_SAYING
    )


async def _timer(notice: Notice, work: Work) -> BreakTimer | None:
    """The timer of a notice, if it still counts what it counted then."""
    timer = await work.breaks.get(int(notice.args["timer_id"] or 0))
    return timer if timer is not None and timer.runs and timer.turn == notice.args["turn"] else None


def _hours(from_: str | None, to: str | None) -> dict[str, object]:
    """The hours as fields of a plan. Raises Misread for one end alone and for what is no clock."""
    if from_ is None and to is None:
        return {}
    if from_ is not None and from_.strip().casefold() in ("all day", "all", "any", "always"):
        return {"begins": 0, "ends": 0}
    if from_ is None or to is None:
        missing = "from" if from_ is None else "to"
        raise Misread("Both ends are needed, from and to.", example="18:00" if from_ else "9:00", field=missing)
    found: dict[str, object] = {}
    for name, field, text in (("begins", "from", from_), ("ends", "to", to)):
        clock = timing.read_clock(text)
        if clock is None:
            raise Misread(f"I could not read “{text}” as a time of day.", example="9:00, or 6pm", field=field)
        found[name] = clock
    if found["begins"] == found["ends"]:
        found = {"begins": 0, "ends": 0}
    return found
