"""The availability cog: say when you are free, see it, change it, and say who may ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

from cogs.availability import asked, cards, changing, heatmap, reading, rules
from cogs.availability.asked import Part, Period, Repeat, Show, State
from cogs.availability.cards import DayView
from cogs.availability.reading import Pattern
from cogs.availability.service import AvailService, DayOf, today_of
from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask, parameters_of
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, afterwards, command, notice
from cogs.kit.faults import Misread
from cogs.kit.form import Choice, Form
from cogs.kit.offline import offline
from cogs.kit.reply import PRIVATE, Reply, Upload
from cogs.kit.tools import Tools
from storage.records.availability import Entry, Free
from storage.records.notice import Notice
from storage.records.people import Person
from storage.work import Work


class AvailCog(Cog, name="avail", topic="Availability"):
    """When you are free, and your diary."""

    def __init__(self, tools: Tools) -> None:
        self._service = AvailService(tools)
        self._clock = tools.clock

    # --- saying -------------------------------------------------------------------------------------------------------

    @command(
        "avail set", "Say when you are free, maybe free, or not", one_line=("avail",),
        example="/avail free next week not before 2", overheard=("Keep it as when I am free", "state", "when"),
    )  # fmt: skip
    async def set(
        self,
        call: Call,
        state: Annotated[State, asked.STATE],
        when: Annotated[str, asked.WHEN],
        region: Annotated[str | None, asked.REGION] = None,
        repeat: Annotated[Repeat | None, asked.REPEAT] = None,
        until: Annotated[date | None, asked.UNTIL] = None,
        note: Annotated[str | None, asked.NOTE] = None,
    ) -> Reply:
        """Keep what was said, and say how it was understood."""
        pattern = _ahead(_pattern(when, repeat, until, call), call)
        aside = reading.find_note(when)  # written behind the time, where a form asked for it
        entry = Entry(
            id=0,
            person_id=call.person_id,
            state=Free(state.value),
            zone=call.zone_or_utc,
            region=region,
            note=note or (aside[2] if aside else reading.words_behind(when, call)),
            made_at=call.now,
            said_at=call.now,
            **_fields(pattern),  # type: ignore[arg-type]  # names and types are those of the pattern
        )
        kept = await self._service.say(call, entry)
        return cards.said(kept.entry, kept.shared, call.now, guessed=pattern.guessed)

    @command("avail edit", "Change what you said", example="/avail edit A1 next week")
    async def edit(
        self,
        call: Call,
        id_: Annotated[int, asked.WHICH],
        state: Annotated[State | None, replace(asked.STATE, find=changing.find_state)] = None,
        when: Annotated[str | None, replace(asked.WHEN, find=changing.find_when)] = None,
        region: Annotated[str | None, asked.REGION] = None,
        until: Annotated[date | None, asked.UNTIL] = None,
        note: Annotated[str | None, replace(asked.NOTE, find=changing.find_note)] = None,
    ) -> Reply:
        """Change the fields that were named, and of a time the part that was; with none, offer what can be changed."""
        if when is None and state is None and region is None and until is None and note is None:
            return cards.shown(await self._service.entry(call, id_), call.now)
        fields: dict[str, object] = {}
        guessed = False
        if when is not None:
            pattern = _changed(await self._service.entry(call, id_), when, call)
            pattern = pattern if until is None else reading.with_until(replace(pattern, last=None), until)
            fields |= {**_fields(pattern), "zone": call.zone_or_utc}
            guessed = pattern.guessed
        elif until is not None:
            entry = await self._service.entry(call, id_)
            fields |= _fields(reading.with_until(changing.pattern_of(entry), until))
        if state is not None:
            fields["state"] = Free(state.value)
        fields |= {name: _text(said) for name, said in (("region", region), ("note", note)) if said is not None}
        return await self._changed(call, id_, guessed=guessed, **fields)

    @action("fix")
    async def fix(self, call: Call, entry_id: int, part: Part = Part.WHEN) -> Reply:
        """The form for one part of an entry, filled with what is there."""
        entry = await self._service.entry(call, entry_id)
        setter, value = {
            Part.WHEN: ("set_when", rules.typed_text(entry)),
            Part.STATE: ("set_state", entry.state.value),
            Part.NOTE: ("set_note", entry.note or ""),
        }[part]
        parameters = parameters_of(getattr(type(self), setter), keyword_only=True)
        return Reply(
            form=Form(
                title=f"{entry.ref}: {part.label}",
                fields=parameters,
                then=action_id(f"avail.{setter}", entry_id),
                values={parameters[0].name: value} if value else {},
            ),
            replies=PRIVATE,
        )

    @action("set_when", title="When is that?")
    async def set_when(
        self, call: Call, entry_id: int, *, when: Annotated[str, replace(asked.WHEN, find=None)]
    ) -> Reply:
        """Another time."""
        entry = await self._service.entry(call, entry_id)
        if when == rules.typed_text(entry):  # what was left as it stood keeps all it was, listed days too
            return await self._changed(call, entry_id)
        pattern = _changed(entry, when, call)
        return await self._changed(
            call, entry_id, guessed=pattern.guessed, **_fields(pattern), zone=call.zone_or_utc
        )  # fmt: skip

    @action("set_state", title="Free, maybe or no?")
    async def set_state(
        self, call: Call, entry_id: int, *, state: Annotated[State, replace(asked.STATE, find=None)]
    ) -> Reply:
        """Another answer."""
        return await self._changed(call, entry_id, state=Free(state.value))

    @action("set_note", title="A note for yourself")
    async def set_note(
        self, call: Call, entry_id: int, *, note: Annotated[str | None, replace(asked.NOTE, find=None)] = None
    ) -> Reply:
        """Another note, or none."""
        return await self._changed(call, entry_id, note=_text(note))

    async def _changed(self, call: Call, entry_id: int, *, guessed: bool = False, **fields: object) -> Reply:
        kept = await self._service.change(call, entry_id, **fields)
        return cards.said(kept.entry, kept.shared, call.now, word="Changed", guessed=guessed)

    @action("except", title="Leave days out")
    async def leave_out(
        self,
        call: Call,
        entry_id: int,
        *,
        days: Annotated[tuple[date, ...], Ask("Which days shall not count?", label="Days", example="15 Dec, 22 Dec")],
    ) -> Reply:
        """Exceptions, one by one."""
        entry = await self._service.entry(call, entry_id)
        return await self._changed(call, entry_id, but=tuple(sorted({*entry.but, *days})))

    @command("avail delete", "Take back what you said", aliases=("avail cancel",), example="/avail delete A1")
    async def delete(self, call: Call, id_: Annotated[int, asked.WHICH]) -> Reply:
        """Take it off; ten minutes to change one's mind."""
        return cards.deleted(await self._service.delete(call, id_))

    @action("delete")
    async def delete_pressed(self, call: Call, entry_id: int) -> Reply:
        """Take it off; ten minutes to change one's mind."""
        return cards.deleted(await self._service.delete(call, entry_id))

    @action("unset")
    async def unset(self, call: Call, entry_id: int) -> Reply:
        """Take back that it was said."""
        return cards.unset(await self._service.delete(call, entry_id, undoing=True))

    @action("restore")
    async def restore(self, call: Call, entry_id: int) -> Reply:
        """Bring a deleted one back."""
        kept = await self._service.restore(call, entry_id)
        return cards.said(kept.entry, kept.shared, call.now, word="Back")

    # --- looking ------------------------------------------------------------------------------------------------------

    @command("avail show", "What you said, or another player's free days", example="/avail show @sam")
    async def show(
        self,
        call: Call,
        player: Annotated[Person | None, Ask("Whose?", example="@sam", find=reading.find_player)] = None,
        from_: Annotated[date | None, Ask("From which day?", example="1 Dec", cues=("from",))] = None,
        to: Annotated[date | None, Ask("To which day?", example="14 Dec", cues=("to", "until"))] = None,
    ) -> Reply:
        """One's own entries, or days; somebody else's days without reasons."""
        if player is None or player.id == call.person_id:
            if from_ is None and to is None:
                return cards.listed(await self._service.entries(call), call.now, 0)
            first, last = _range(call, from_, to)
            return await self._days(call, first, last, Period.MONTH, Show.ALL)
        first, last = _range(call, from_, to)
        found = await self._service.others_days(call, player, first, last)
        return cards.of_another(player, _views(found), player.zone or call.zone_or_utc)

    @action("page")
    async def page(self, call: Call, number: int) -> Reply:
        """A page of what one said."""
        return cards.listed(await self._service.entries(call), call.now, number).with_(replaces=True)

    @action("open")
    async def open(self, call: Call, entry_id: int) -> Reply:
        """One entry."""
        return cards.shown(await self._service.entry(call, entry_id), call.now)

    @command("diary", "Your gigs, pencils and what you said, by day", example="/diary week")
    async def diary(
        self,
        call: Call,
        period: Annotated[Period | None, asked.PERIOD] = None,
        show: Annotated[Show | None, asked.SHOW] = None,
        next_: Annotated[bool, Ask("The one after it?", label="Next", find=asked.find_next)] = False,
    ) -> Reply:
        """Today, the week ahead, or the month with a picture; or the one after that."""
        return await self._period(call, period or Period.WEEK, show or Show.ALL, int(next_))

    @action("diary")
    async def diary_pressed(self, call: Call, period: Period, show: Show = Show.ALL, ahead: int = 0) -> Reply:
        """Another stretch of it: so many days, weeks or months ahead."""
        return await self._period(call, period, show, ahead)

    async def _period(self, call: Call, period: Period, show: Show, ahead: int = 0) -> Reply:
        ahead = min(max(ahead, -period.furthest), period.furthest)
        return await self._days(call, *period.days(today_of(call), ahead), period, show, ahead)

    async def _days(
        self, call: Call, first: date, last: date, period: Period, show: Show, ahead: int | None = None
    ) -> Reply:
        found = await self._service.days(call, first, last)
        views = _views(found.days)
        picture = None
        if period is Period.MONTH and first.day == 1:
            squares = cards.squares(views)
            content = await offline(heatmap.picture, first.year, first.month, squares, today_of(call))
            name = f"diary-{first:%Y-%m}.png"
            picture = Upload(name, content, "image/png", heatmap.in_words(first.year, first.month, squares))
        return cards.diary(
            views, dict(found.gigs), found.zone, period=period, show=show, words=call.words,
            picture=picture, ahead=ahead,
        )  # fmt: skip

    # --- who may ask --------------------------------------------------------------------------------------------------

    @command("avail share", "Choose which communities can ask whether you are free")
    async def sharing(self, call: Call) -> Reply:
        """Each community with its switch."""
        return cards.sharing(await self._service.shared(call))

    @action("sharing")
    async def sharing_pressed(self, call: Call) -> Reply:
        """Each community with its switch."""
        return cards.sharing(await self._service.shared(call))

    @action("share")
    async def share(self, call: Call, community_id: int, on: bool) -> Reply:
        """Switch one."""
        return cards.sharing(await self._service.share(call, community_id, on)).with_(replaces=True)

    @command("avail travel", "Travel to count with between two calls", example="/avail travel 45 min")
    async def travel(
        self,
        call: Call,
        length: Annotated[
            timedelta | None,
            Ask(
                "How long between two calls?", label="Travel", example="45 min", at_most=12 * 60, find=asked.find_length
            ),
        ] = None,
        off: Annotated[bool, Ask("Count no travel at all?", label="Off", find=asked.find_off)] = False,
    ) -> Reply:
        """For clash warnings only; nobody else hears of it."""
        return cards.travel(await self._service.travel(call, timedelta(0) if off else length))

    # --- is it still true? --------------------------------------------------------------------------------------------

    @notice("stale")
    async def stale(self, notice: Notice, work: Work) -> Reply | None:
        """The question about what was said two months ago; None when all of it was said again, or has passed."""
        found = await self._stale(notice, work)
        return cards.still_true(found) if found else None

    @afterwards("stale")
    async def stale_asked(self, notice: Notice, work: Work) -> None:
        """Once is enough."""
        found = await self._stale(notice, work)
        if found:
            await work.availability.asked([entry.id for entry in found], self._clock.now())

    async def _stale(self, notice: Notice, work: Work) -> list[Entry]:
        assert notice.person_id is not None
        now = self._clock.now()
        return rules.to_ask_about(await work.availability.current(notice.person_id, now.date()), now)

    @action("still")
    async def still(self, call: Call) -> Reply:
        """All of it counts again."""
        return cards.confirmed(await self._service.confirm_stale(call))

    @action("confirm")
    async def confirm(self, call: Call, entry_id: int) -> Reply:
        """One of them counts again."""
        await self._service.entry(call, entry_id)
        return cards.confirmed(await self._service.confirm(call, [entry_id]))

    async def suggest_entries(self, call: Call, typed: str) -> Sequence[Choice]:
        """The caller's entries that fit what is being typed."""
        said = typed.strip().casefold()
        found = [(cards.entry_choice(entry), entry.ref) for entry in await self._service.entries(call)]
        return [Choice(label, ref) for label, ref in found if said in label.casefold()][:25]


def _ahead(pattern: Pattern, call: Call) -> Pattern:
    """The pattern, if any of it is still to come. Raises Misread."""
    if pattern.last is not None and pattern.last + timedelta(minutes=pattern.ends - 1) < today_of(call):
        raise Misread(f"{rules.day_text(pattern.last)} has passed.", example=reading.EXAMPLE, field="when")
    return pattern


def _changed(entry: Entry, when: str, call: Call) -> Pattern:
    try:
        return changing.changed(entry, when, call)
    except Misread as fault:
        fault.field = "when"
        fault.example = fault.example or reading.EXAMPLE
        raise


def _pattern(when: str, repeat: Repeat | None, until: date | None, call: Call) -> Pattern:
    try:
        pattern = reading.read_pattern(when, call)
    except Misread as fault:
        fault.field = "when"
        fault.example = fault.example or reading.EXAMPLE
        raise
    if repeat is not None and repeat.weeks is not None:
        pattern = reading.with_repeat(pattern, repeat.weeks)
    return pattern if until is None else reading.with_until(pattern, until)


def _fields(pattern: Pattern) -> dict[str, object]:
    """The fields of an entry that a pattern fills."""
    return {
        name: getattr(pattern, name)
        for name in ("first", "last", "begins", "ends", "days", "every", "listed", "but")
    }  # fmt: skip


def _text(said: str | None) -> str | None:
    """What was typed; "none" empties a field."""
    return None if said is None or said.strip().casefold() in ("none", "nothing", "clear", "-") else said


def _range(call: Call, first: date | None, last: date | None) -> tuple[date, date]:
    """From which day to which; two weeks when only one end was said. Raises Misread."""
    first = first or today_of(call)
    last = last or first + timedelta(days=13)
    if last < first:
        raise Misread("The last day comes before the first.", example="14 Dec", field="to")
    if (last - first).days >= rules.MOST_DAYS:
        raise Misread(f"That is more than {rules.MOST_DAYS} days; ask for fewer.", example="14 Dec", field="to")
    return first, last


def _views(days: Sequence[DayOf]) -> list[DayView]:
    return [DayView(one.day, one.pieces, one.bookings) for one in days]
