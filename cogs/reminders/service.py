"""What is done with reminders, one Work each: set, show, change, snooze, tick off, pause, delete, and take back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from cogs.kit.action import action
from cogs.kit.call import Call, Right
from cogs.kit.faults import Conflict, Misread, NotAllowed, NotFound, Stale
from cogs.kit.form import Choice
from cogs.kit.undo import offer_undo
from cogs.kit.when import When
from cogs.kit.words import Code
from cogs.reminders import planning, rules
from cogs.reminders.kept import PAGE, Kept, Page
from storage.records.gig import Gig, GigState
from storage.records.people import Channel
from storage.records.reminder import Reminder, ReminderState, Timing
from storage.work import OpenWork, Work

_LIST = "/remind list"
_INSTANT = timedelta(milliseconds=1)

#: What is done to a held reminder; it comes back as it was written down.
Deed = Callable[[Work, Reminder], Awaitable[Reminder]]


class ReminderService:
    """The use cases. A reminder of somebody else answers exactly as one that does not exist."""

    def __init__(self, open_work: OpenWork) -> None:
        self._open_work = open_work

    # --- reading what a phrase needs ----------------------------------------------------------------------------------

    async def timing(self, call: Call, when: When, repeat: str | None = None, until: datetime | None = None) -> Timing:
        """When a phrase rings, with the gig it hangs on looked up, a repeat and an end. Raises Misread, NotFound."""
        gig_id = rules.gig_named(when)
        if gig_id is None:
            timing = rules.timing_of(when, call)
        else:
            gig = await self._gig(call, gig_id)
            timing = rules.hung_on(gig_id, when, gig.span, call.now)
        if repeat is not None:
            timing = rules.with_repeat(timing, repeat, call)
        return timing if until is None else rules.with_end(timing, until, call.now)

    async def _gig(self, call: Call, gig_id: int) -> Gig:
        """A gig the caller may see: posted by them, answered by them, or of a community they belong to."""
        missing = NotFound("gig", f"G{gig_id}", list_command="/gig list")
        async with self._open_work(reading=True) as work:
            gig = await work.gigs.get(gig_id)
            if gig is None:
                raise missing
            seen = (
                gig.poster_id == call.person_id
                or (not gig.for_few and await work.communities.is_member(call.person_id, gig.community_id))
                or await work.answers.of(gig_id, call.person_id) is not None
                or await work.gigs.offered_to(gig_id, call.person_id)
                or (gig.open_to_takers and await self._takes_unpaid(work, call.person_id, gig))
            )
        if not seen:
            raise missing
        if gig.state is GigState.CANCELLED:
            raise Conflict(f"G{gig_id} was cancelled.", how="Name a date instead, if there is still something to do.")
        return gig

    async def _takes_unpaid(self, work: Work, person_id: int, gig: Gig) -> bool:
        person = await work.people.get(person_id)
        return (
            person is not None and person.takes_unpaid and await work.communities.is_member(person_id, gig.community_id)
        )

    async def channel_named(self, call: Call, name: str | None) -> Channel:
        """The community's channel of that name; the one where the caller is when none is named. Raises Misread."""
        assert call.community_id is not None
        async with self._open_work(reading=True) as work:
            if name is None and call.place.channel_id is not None:
                here = await work.communities.channel_by_id(call.place.channel_id)
                if here is not None:
                    return here
            channels = [one for one in await work.communities.channels_of(call.community_id) if one.is_there]
        found = [c for c in channels if name is not None and _folded(name) in (_folded(c.name), _folded(c.address))]
        if len(found) == 1:
            return found[0]
        raise Misread(
            "Which channel?" if name is None or found else f"I know no channel “{name[:40]}” here.",
            choices=tuple(Choice(c.label[:38], c.address) for c in (found or channels)[:8]),
            example="#rehearsals",
            field="channel",
        )

    async def channels(self, call: Call, typed: str) -> list[Channel]:
        """The community's channels whose name fits what is being typed."""
        if call.community_id is None:
            return []
        async with self._open_work(reading=True) as work:
            channels = [one for one in await work.communities.channels_of(call.community_id) if one.is_there]
        return [channel for channel in channels if _folded(typed) in _folded(channel.name)]

    async def platform(self, call: Call, name: str) -> str:
        """The platform, if the caller has an account there that takes messages. Raises Misread otherwise."""
        async with self._open_work(reading=True) as work:
            identities = await work.people.identities_of(call.person_id)
        if any(one.surface == name and one.unreachable is None for one in identities):
            return name
        raise Misread(
            f"I cannot write to you on {name.capitalize()}: it is not linked, or takes no messages.",
            choices=(Choice("Where I usually get them", "dm"),),
            field="where",
        )

    # --- setting and showing ------------------------------------------------------------------------------------------

    async def set(self, call: Call, reminder: Reminder) -> Kept:
        """Keep a new reminder and its first notice. Raises Conflict when the person has too many waiting."""
        async with self._open_work() as work:
            if await work.reminders.waiting_for(call.person_id) >= rules.MOST:
                raise Conflict(
                    f"You have {rules.MOST} reminders waiting, which is the most there may be.",
                    how="Delete some first: /remind list shows them.",
                )
            kept = await work.reminders.add(reminder)
            kept = await planning.plan(work, kept, call.now, after=call.now)
            await offer_undo(work, call, f"{kept.ref} set", action("reminders.unset", kept.id))
            shown = await self._shown(work, kept)
            await work.commit()
        return shown

    async def show(self, call: Call, reminder_id: int) -> Kept:
        """One reminder, for its owner or for moderators of the channel it is for. Raises NotFound."""
        async with self._open_work(reading=True) as work:
            reminder = await work.reminders.get(reminder_id)
            return await self._shown(work, _seen(call, reminder, reminder_id))

    async def listed(self, call: Call, number: int) -> Page:
        """A page of the caller's reminders; a moderator sees those for the community's channels as well."""
        since = call.now - rules.SHOWN_AFTERWARDS
        community = call.community_id if call.may(Right.MODERATE) else None
        async with self._open_work(reading=True) as work:
            total = await work.reminders.count_listed(call.person_id, since, community_id=community)
            pages = max(1, -(-total // PAGE))
            number = min(max(number, 0), pages - 1)
            found = await work.reminders.listed(
                call.person_id, since, community_id=community, first=number * PAGE, n=PAGE
            )
            kept = tuple([await self._shown(work, reminder) for reminder in found])
        return Page(number, pages, kept, total)

    async def suggested(self, call: Call, typed: str) -> list[Reminder]:
        """At most 25 of the caller's reminders whose id or words fit what is being typed."""
        since = call.now - rules.SHOWN_AFTERWARDS
        async with self._open_work(reading=True) as work:
            found = await work.reminders.listed(call.person_id, since, n=rules.MOST)
        said = typed.strip().casefold()
        return [one for one in found if said in one.ref.casefold() or said in one.text.casefold()][:25]

    async def _shown(self, work: Work, reminder: Reminder) -> Kept:
        channel = None
        if reminder.channel_id is not None:
            channel = await work.communities.channel_by_id(reminder.channel_id)
        waiting = last = None
        if reminder.next_at is not None:
            waiting = await work.notices.by_key(reminder.key(reminder.planned))
        if reminder.rung:
            last = await work.notices.by_key(reminder.key(reminder.rung))
        gig = await planning.gig_of(work, reminder)
        if gig is not None and reminder.next_at is not None:  # the gig may have moved since the last look
            reminder = replace(reminder, next_at=(await planning.timing_now(work, reminder)).at)
        return Kept(reminder=reminder, channel=channel, waiting=waiting, last=last, gig=gig)

    # --- changing -----------------------------------------------------------------------------------------------------

    async def change(self, call: Call, reminder_id: int, change: Callable[[Reminder], Reminder]) -> Kept:
        """Change what a reminder says or when it rings; its notices are planned anew from now on.

        A paused one stays paused; one that is over or ticked off goes on if it has a time ahead of it.
        """

        async def deed(work: Work, reminder: Reminder) -> Reminder:
            changed = change(reminder)
            moved = changed.timing != reminder.timing
            planned = (changed.leads, changed.platform) != (reminder.leads, reminder.platform)
            if reminder.state is ReminderState.PAUSED or not (moved or (planned and reminder.rings_now)):
                return await work.reminders.change(changed)
            return await planning.plan(work, changed, call.now, after=call.now)

        return await self._do(call, reminder_id, deed, posting=True)

    async def snooze(self, call: Call, reminder_id: int, until: datetime) -> Kept:
        """Ring once more at `until`. Raises Stale for what was ticked off."""

        async def deed(work: Work, reminder: Reminder) -> Reminder:
            if reminder.state is ReminderState.DONE:
                raise Stale(Code(reminder.ref), " was ticked off.", at=reminder.ended_at)
            return await planning.snooze(work, reminder, until, call.now)

        return await self._do(call, reminder_id, deed, posting=True)

    async def done(self, call: Call, reminder_id: int, number: int | None) -> tuple[Kept, bool]:
        """Tick off a time of it: the one with that number, else the last that rang, else the next one.

        What comes once is done with; a repeat goes on. The second value says whether a time still ahead was skipped.
        Raises Stale for what was ticked off before.
        """
        skipped = False

        async def deed(work: Work, reminder: Reminder) -> Reminder:
            nonlocal skipped
            _not_done(reminder, number)
            await offer_undo(work, call, f"{reminder.ref} ticked off", action("reminders.reopen", reminder.id))
            await planning.unsnooze(work, reminder, call.now)
            reminder = replace(reminder, snoozed_until=None)
            if not reminder.repeats or reminder.state is ReminderState.OVER:
                await planning.call_off(work, reminder, call.now)
                ticked = replace(reminder, state=ReminderState.DONE, next_at=None, ended_at=call.now)
                return await work.reminders.change(ticked)
            ahead = reminder.ticked >= reminder.rung if number is None else number > reminder.rung
            coming = reminder.next_at
            if ahead and coming is not None:
                skipped = True
                return await planning.plan(work, replace(reminder, ticked=reminder.planned), call.now, after=coming)
            return await work.reminders.change(replace(reminder, ticked=max(reminder.ticked, number or reminder.rung)))

        return await self._do(call, reminder_id, deed), skipped

    async def reopen(self, call: Call, reminder_id: int) -> Kept:
        """Take a tick back."""

        async def deed(work: Work, reminder: Reminder) -> Reminder:
            if reminder.state is not ReminderState.DONE:
                reminder = replace(reminder, ticked=max(0, reminder.rung - 1))
                if reminder.state is not ReminderState.ACTIVE:
                    return await work.reminders.change(reminder)
                return await planning.plan(work, reminder, call.now, after=call.now)
            # What would have rung since it was ticked off rings now, late.
            missed_since = reminder.ended_at or call.now
            return await planning.plan(
                work, replace(reminder, state=ReminderState.ACTIVE), call.now, after=missed_since
            )

        return await self._do(call, reminder_id, deed)

    async def pause(self, call: Call, reminder_id: int) -> Kept:
        """Send nothing until it is resumed."""

        async def deed(work: Work, reminder: Reminder) -> Reminder:
            if reminder.state is ReminderState.PAUSED:
                raise Stale(Code(reminder.ref), " is paused already.")
            if reminder.state is not ReminderState.ACTIVE:
                raise Stale(Code(reminder.ref), " has no time ahead of it, so there is nothing to pause.")
            await planning.call_off(work, reminder, call.now)
            await planning.unsnooze(work, reminder, call.now)
            return await work.reminders.change(
                replace(reminder, state=ReminderState.PAUSED, next_at=None, snoozed_until=None)
            )

        return await self._do(call, reminder_id, deed)

    async def resume(self, call: Call, reminder_id: int) -> Kept:
        """Go on with the next time ahead. Raises Conflict when there is none."""

        async def deed(work: Work, reminder: Reminder) -> Reminder:
            if reminder.state is not ReminderState.PAUSED:
                raise Stale(Code(reminder.ref), " is not paused.")
            resumed = await planning.plan(work, replace(reminder, state=ReminderState.ACTIVE), call.now, after=call.now)
            if resumed.next_at is None:
                raise Conflict(
                    f"The time of {reminder.ref} passed while it was paused.",
                    how=f"Give it a new one: /remind edit {reminder.ref} when tomorrow 9am",
                )
            return resumed

        return await self._do(call, reminder_id, deed, posting=True)

    async def delete(self, call: Call, reminder_id: int, *, undoing: bool = False) -> Kept:
        """Take it off the list and send nothing more. undoing: this is an undo, not to be taken back itself."""

        async def deed(work: Work, reminder: Reminder) -> Reminder:
            await planning.call_off(work, reminder, call.now)
            await planning.unsnooze(work, reminder, call.now)
            deleted = await work.reminders.change(replace(reminder, deleted_at=call.now, snoozed_until=None))
            await work.reminders.clear_out(call.person_id, call.now - rules.KEPT_DELETED, call.now - rules.KEPT_ENDED)
            if not undoing:
                await offer_undo(work, call, f"{deleted.ref} deleted", action("reminders.restore", deleted.id))
            return deleted

        return await self._do(call, reminder_id, deed)

    async def restore(self, call: Call, reminder_id: int) -> Kept:
        """Bring a deleted one back as it was; what it missed meanwhile rings now, late."""
        async with self._open_work() as work:
            reminder = await work.reminders.hold(reminder_id)
            if reminder is None or reminder.deleted_at is None:
                raise NotFound("reminder", f"R{reminder_id}", list_command=_LIST)
            since = reminder.deleted_at
            reminder = _seen(call, replace(reminder, deleted_at=None), reminder_id)
            if reminder.state is ReminderState.ACTIVE:
                reminder = await planning.plan(work, reminder, call.now, after=since - _INSTANT)
            else:
                reminder = await work.reminders.change(reminder)
            shown = await self._shown(work, reminder)
            await work.commit()
        return shown

    async def _do(self, call: Call, reminder_id: int, deed: Deed, *, posting: bool = False) -> Kept:
        """A deed on a reminder that the caller may see, in one Work.

        posting: it makes a channel's reminder say something, which takes a moderator at this moment.
        """
        async with self._open_work() as work:
            reminder = _seen(call, await work.reminders.hold(reminder_id), reminder_id)
            if posting and reminder.channel_id is not None and not _moderates(call, reminder):
                raise NotAllowed(
                    "Only moderators may change what a channel is reminded of.",
                    how="Do it from that community, where you moderate.",
                )
            shown = await self._shown(work, await deed(work, reminder))
            await work.commit()
        return shown


def _seen(call: Call, reminder: Reminder | None, reminder_id: int) -> Reminder:
    """The reminder, if it is the caller's, or for a channel of the community that they moderate. Raises NotFound."""
    if reminder is None or reminder.deleted_at is not None:
        raise NotFound("reminder", f"R{reminder_id}", list_command=_LIST)
    if reminder.person_id != call.person_id and not _moderates(call, reminder):
        raise NotFound("reminder", f"R{reminder_id}", list_command=_LIST)
    return reminder


def _moderates(call: Call, reminder: Reminder) -> bool:
    """Whether the caller moderates, here and now, the community whose channel it is for."""
    return reminder.community_id is not None and reminder.community_id == call.community_id and call.may(Right.MODERATE)


def _not_done(reminder: Reminder, number: int | None) -> None:
    """Raises Stale when that time, or the whole reminder, was ticked off before."""
    if reminder.state is ReminderState.DONE:
        raise Stale(Code(reminder.ref), " was ticked off.", at=reminder.ended_at)
    if number is not None and number <= reminder.ticked:
        raise Stale(Code(reminder.ref), ": that one was ticked off before.")


def _folded(name: str) -> str:
    """A channel as people write it: "#Gigs", "gigs", or as the platform writes a link to it."""
    return name.strip().strip("<>").lstrip("#").casefold()
