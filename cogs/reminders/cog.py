"""The reminders cog: set, list, snooze, tick off, pause, delete; and what is said when one is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from cogs.kit.ask import Ask, Quoted
from cogs.kit.call import Call, Right
from cogs.kit.cog import Cog, Menu, Where, action, afterwards, command, notice
from cogs.kit.faults import Misread
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.kit.when import When
from cogs.reminders import asked, cards, planning, rules
from cogs.reminders.asked import Goes
from cogs.reminders.phrases import lead_text
from cogs.reminders.suggestions import Suggestions
from storage.records.notice import Notice
from storage.records.reminder import Reminder
from storage.work import Work

_EXAMPLE = "/remind me tomorrow 9am send charts to Jo"


class RemindersCog(Suggestions, Cog, name="reminders", topic="Reminders"):
    """Reminders in plain words: once, again and again, or before a gig."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._clock = tools.clock

    # --- setting ------------------------------------------------------------------------------------------------------

    @command(
        "remind me", "Be reminded, once or again and again", one_line=("remind",), example=_EXAMPLE,
        overheard=("Remind me of it", "when", "what"),
    )  # fmt: skip
    async def me(
        self,
        call: Call,
        when: Annotated[When, asked.WHEN],
        what: Annotated[str, asked.WHAT],
        repeat: Annotated[str | None, asked.REPEAT] = None,
        until: Annotated[datetime | None, asked.UNTIL] = None,
        where: Annotated[Goes | None, asked.WHERE] = None,
        lead: Annotated[tuple[timedelta, ...] | None, asked.LEAD] = None,
    ) -> Reply:
        """Keep a reminder for the caller, or, asked for by a moderator, for the channel they are in."""
        timing = await self._service.timing(call, when, repeat, until)
        reminder = Reminder(
            person_id=call.person_id,
            text=rules.tidy(what),
            timing=timing,
            leads=rules.with_leads(timing, lead or ()),
            made_at=call.now,
        )
        note = None
        if where is Goes.HERE and call.place.shared:
            if call.may(Right.MODERATE) and call.place.channel_id is not None:
                reminder = replace(reminder, channel_id=call.place.channel_id, community_id=call.community_id)
            else:
                note = "Only moderators set reminders for a channel, so this one comes to you."
        elif where in (Goes.TELEGRAM, Goes.DISCORD):
            reminder = replace(reminder, platform=await self._service.platform(call, where.value))
        return await self._set(call, reminder, note)

    @command(
        "remind about", "Be reminded of a message", menu=(Menu.MESSAGE, "Remind me about this"),
        example="/remind about tomorrow 9am, as a reply to the message",
    )  # fmt: skip
    async def about(
        self,
        call: Call,
        when: Annotated[When, asked.WHEN],
        quoted: Annotated[Quoted | None, Ask("Which message?")] = None,
        what: Annotated[str | None, asked.WHAT] = None,
    ) -> Reply:
        """Keep a reminder of the message on which this was used."""
        text = what or quoted
        if text is None:
            raise Misread("Use this on a message, or say what it is about.", example="send charts to Jo", field="what")
        timing = await self._service.timing(call, when)
        reminder = Reminder(
            person_id=call.person_id, text=rules.shortened(rules.tidy(text)), timing=timing, made_at=call.now
        )
        return await self._set(call, reminder, None)

    @command(
        "remind channel", "Remind a channel (moderators)", needs=Right.MODERATE, where=Where.COMMUNITY,
        example='/remind channel when="every Tue 18:00" what="Rehearsal at 19:00"',
    )  # fmt: skip
    async def channel(
        self,
        call: Call,
        when: Annotated[When, asked.WHEN],
        what: Annotated[str, asked.WHAT],
        channel: Annotated[
            str | None, Ask("In which channel?", example="#rehearsals", suggest="suggest_channels", free=False)
        ] = None,
        role: Annotated[
            str | None, Ask("Which role is mentioned?", example="Strings", free=False, max_length=100)
        ] = None,
        repeat: Annotated[str | None, asked.REPEAT] = None,
        until: Annotated[datetime | None, asked.UNTIL] = None,
        lead: Annotated[tuple[timedelta, ...] | None, asked.LEAD] = None,
    ) -> Reply:
        """Keep a reminder for a channel of this community; blank: the one where this was said."""
        timing = await self._service.timing(call, when, repeat, until)
        place = await self._service.channel_named(call, channel)
        reminder = Reminder(
            person_id=call.person_id,
            text=rules.tidy(what),
            timing=timing,
            community_id=place.community_id,
            channel_id=place.id,
            role=role.lstrip("@") if role is not None else None,
            leads=rules.with_leads(timing, lead or ()),
            made_at=call.now,
        )
        return await self._set(call, reminder, None)

    async def _set(self, call: Call, reminder: Reminder, note: str | None) -> Reply:
        kept = await self._service.set(call, reminder)
        due = kept.reminder.next_at
        past = [lead for lead in reminder.leads if due is not None and due - lead <= call.now]
        if past:
            left_out = " and ".join(lead_text(lead) for lead in past)
            note = f"{note or ''} {left_out} before has passed, so that comes from the next time on.".strip()
            if not reminder.repeats:
                note = f"{left_out} before has passed, so only the time itself comes."
        return cards.made(kept, note)

    # --- looking ------------------------------------------------------------------------------------------------------

    @command("remind list", "Your reminders, and whether they arrived", aliases=("reminders",))
    async def list(self, call: Call) -> Reply:
        """The first page of the caller's reminders."""
        return cards.page(await self._service.listed(call, 0))

    @action("page")
    async def page(self, call: Call, number: int) -> Reply:
        """Another page of the list, in place of this one."""
        return cards.page(await self._service.listed(call, number)).with_(replaces=True)

    @command("remind show", "One reminder in full", example="/remind show R4")
    async def show(self, call: Call, id_: Annotated[int, asked.WHICH]) -> Reply:
        """One reminder."""
        return cards.shown(await self._service.show(call, id_))

    @action("show")
    async def show_pressed(self, call: Call, reminder_id: int) -> Reply:
        """One reminder of the list."""
        return cards.shown(await self._service.show(call, reminder_id))

    # --- deeds --------------------------------------------------------------------------------------------------------

    @command("remind snooze", "Have a reminder come once more later", example="/remind snooze R4 1 hour")
    async def snooze(
        self,
        call: Call,
        id_: Annotated[int, asked.WHICH],
        for_: Annotated[
            str, Ask("For how long, or until when?", label="For", example="10 min, 1 hour, tomorrow, Fri 6pm")
        ],
    ) -> Reply:
        """Once more after a while, or at a time said; its own times stay."""
        try:
            until = rules.put_off(for_, call)
        except Misread as fault:
            fault.field = "for"  # wherever it was found, this is where it was written
            raise
        return cards.snoozed(await self._service.snooze(call, id_, until))

    @action("snooze")
    async def snooze_pressed(self, call: Call, reminder_id: int, minutes: int) -> Reply:
        """Once more in so many minutes."""
        length = timedelta(minutes=max(1, min(minutes, 60 * 24 * 366)))
        return cards.snoozed(await self._service.snooze(call, reminder_id, call.now + length))

    @action("tomorrow")
    async def tomorrow(self, call: Call, reminder_id: int) -> Reply:
        """Once more tomorrow at nine, on the presser's clock."""
        zone = call.zone or (await self._service.show(call, reminder_id)).reminder.timing.zone
        until = rules.tomorrow_morning(call.now, zone)
        return cards.snoozed(await self._service.snooze(call, reminder_id, until))

    @command("remind done", "Tick a reminder off", example="/remind done R4")
    async def done(self, call: Call, id_: Annotated[int, asked.WHICH]) -> Reply:
        """Tick it off: what comes once for good, a repeat for this time."""
        return await self.done_pressed(call, id_, 0)

    @action("done")
    async def done_pressed(self, call: Call, reminder_id: int, number: int) -> Reply:
        """Tick off the time with that number; 0: the last that rang, else the next."""
        kept, skipped = await self._service.done(call, reminder_id, number or None)
        return cards.done(kept, skipped=skipped)

    @action("reopen")
    async def reopen(self, call: Call, reminder_id: int) -> Reply:
        """Take a tick back."""
        return cards.restored(await self._service.reopen(call, reminder_id))

    @command("remind pause", "Send nothing until you resume it", example="/remind pause R4")
    async def pause(self, call: Call, id_: Annotated[int, asked.WHICH]) -> Reply:
        """Keep it, and send nothing."""
        return cards.paused(await self._service.pause(call, id_))

    @action("pause")
    async def pause_pressed(self, call: Call, reminder_id: int) -> Reply:
        """Keep it, and send nothing."""
        return cards.paused(await self._service.pause(call, reminder_id))

    @command("remind resume", "Go on with a paused reminder", example="/remind resume R4")
    async def resume(self, call: Call, id_: Annotated[int, asked.WHICH]) -> Reply:
        """Go on with its next time."""
        return cards.resumed(await self._service.resume(call, id_))

    @action("resume")
    async def resume_pressed(self, call: Call, reminder_id: int) -> Reply:
        """Go on with its next time."""
        return cards.resumed(await self._service.resume(call, reminder_id))

    @command("remind delete", "Delete a reminder", aliases=("remind cancel",), example="/remind delete R4")
    async def delete(self, call: Call, id_: Annotated[int, asked.WHICH]) -> Reply:
        """Take it off the list; ten minutes to change one's mind."""
        return cards.deleted(await self._service.delete(call, id_))

    @action("delete")
    async def delete_pressed(self, call: Call, reminder_id: int) -> Reply:
        """Take it off the list; ten minutes to change one's mind."""
        return cards.deleted(await self._service.delete(call, reminder_id))

    @action("unset")
    async def unset(self, call: Call, reminder_id: int) -> Reply:
        """Take back that it was set."""
        return cards.unset(await self._service.delete(call, reminder_id, undoing=True))

    @action("restore")
    async def restore(self, call: Call, reminder_id: int) -> Reply:
        """Bring a deleted one back."""
        return cards.restored(await self._service.restore(call, reminder_id))

    # --- when it is due -----------------------------------------------------------------------------------------------

    @notice("due")
    async def due(self, notice: Notice, work: Work) -> Reply | None:
        """The reminder; None when it was changed since, a later time has come, or its gig has moved away."""
        reminder = await work.reminders.get(_subject(notice))
        if reminder is None or not reminder.rings_now or notice.occurrence != reminder.planned:
            return None
        now = self._clock.now()
        if (await planning.timing_now(work, reminder)).at > now and reminder.timing.hung is not None:
            return None
        if rules.overtaken(reminder.timing, notice.due_at, now):
            return None
        return cards.due(reminder, notice.occurrence, await planning.gig_of(work, reminder))

    @afterwards("due")
    async def due_kept(self, notice: Notice, work: Work) -> None:
        """Keep the next one."""
        await planning.rang(work, notice, self._clock.now())

    @notice("ahead")
    async def ahead(self, notice: Notice, work: Work) -> Reply | None:
        """The word before a time that is still to come."""
        reminder = await work.reminders.get(_subject(notice))
        if reminder is None or not reminder.rings_now or reminder.next_at is None:
            return None
        mine = reminder.planned - len(reminder.leads) <= notice.occurrence < reminder.planned
        at = reminder.next_at
        if not mine or at <= self._clock.now():
            return None
        if reminder.timing.hung is not None and (await planning.timing_now(work, reminder)).at != at:
            return None  # its gig has moved; the next look plans it anew
        return cards.ahead(reminder, at, await planning.gig_of(work, reminder))

    @notice("again")
    async def again(self, notice: Notice, work: Work) -> Reply | None:
        """A snoozed one, once more."""
        reminder = await work.reminders.get(_subject(notice))
        if reminder is None or reminder.deleted_at is not None or reminder.snoozed_until != notice.due_at:
            return None
        return cards.due(reminder, reminder.rung or reminder.planned, await planning.gig_of(work, reminder))

    @afterwards("again")
    async def again_kept(self, notice: Notice, work: Work) -> None:
        """The snooze is over."""
        await planning.rang_again(work, notice)

    @notice("look")
    async def look(self, notice: Notice, work: Work) -> Reply | None:
        """Never said: only a time to look whether a gig has moved."""
        return None

    @afterwards("look")
    async def look_kept(self, notice: Notice, work: Work) -> None:
        """Move along with the gig, and look again later."""
        await planning.looked(work, notice, self._clock.now())


def _subject(notice: Notice) -> int:
    return int(notice.args["reminder_id"] or 0)
