"""What is kept for a reminder: its next time, the leads before it, and what follows once it has rung.

Everything here happens inside somebody's Work: with the change that causes it, or with the record of a delivery. The
reminder is held first (`work.reminders.hold`), so that two of these never number their notices alike.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from cogs.reminders import rules
from storage.records.gig import Gig
from storage.records.notice import NewNotice, Notice, Outcome
from storage.records.people import Topic
from storage.records.reminder import Reminder, ReminderState, Timing
from storage.records.times import milliseconds
from storage.work import Work

#: Kinds of notices: the time itself, a lead before it, and a snooze. The fourth is `storage.records.reminder.LOOK`.
DUE = "reminders.due"
AHEAD = "reminders.ahead"
AGAIN = "reminders.again"

_INSTANT = timedelta(milliseconds=1)
_MINUTE = timedelta(minutes=1)


async def timing_now(work: Work, reminder: Reminder) -> Timing:
    """The reminder's timing; of one that hangs on a gig, as the gig stands now. A gig that is gone moves nothing."""
    hung = reminder.timing.hung
    gig = None if hung is None else await work.gigs.get(hung.gig_id)
    if hung is None or gig is None:
        return reminder.timing
    return rules.settled(hung, gig.span) or reminder.timing


async def gig_of(work: Work, reminder: Reminder) -> Gig | None:
    """The gig that a reminder hangs on, if there still is one."""
    hung = reminder.timing.hung
    return None if hung is None else await work.gigs.get(hung.gig_id)


async def plan(work: Work, reminder: Reminder, now: datetime, *, after: datetime) -> Reminder:
    """Keep the next time after a moment in place of whatever was planned; the reminder as it is then, written down.

    Of several times between `after` and now only the latest is kept, and goes out at once, late. Without any left the
    reminder is over.
    """
    if reminder.planned:  # a new one has nothing to be called off
        await call_off(work, reminder, now)
    timing = await timing_now(work, reminder)
    reminder = replace(reminder, timing=timing)
    due = rules.due_after(timing, after, now)
    if due is None:
        over = replace(reminder, state=ReminderState.OVER, next_at=None, ended_at=reminder.ended_at or now)
        return await work.reminders.change(over)
    number = reminder.planned
    for lead in reminder.leads:
        if due - lead > now:
            number += 1
            await work.notices.add(_notice(reminder, AHEAD, due - lead, number), now)
    number += 1
    await work.notices.add(_notice(reminder, DUE, due, number), now)
    if timing.hung is not None:
        await keep_looking(work, reminder, due, now)
    return await work.reminders.change(
        replace(reminder, state=ReminderState.ACTIVE, next_at=due, planned=number, ended_at=None)
    )


async def call_off(work: Work, reminder: Reminder, now: datetime) -> None:
    """Nothing more is sent for it, except a snooze."""
    await work.notices.cancel_series(reminder.series, now)
    await work.notices.cancel_series(reminder.looks, now)


async def keep_looking(work: Work, reminder: Reminder, due: datetime, now: datetime) -> None:
    """Look again later whether the gig has moved, unless it rings before that."""
    at = rules.next_look(due, now)
    if at is None:
        return
    await work.notices.add(reminder.look(at, milliseconds(at) // 60_000), now)


async def snooze(work: Work, reminder: Reminder, until: datetime, now: datetime) -> Reminder:
    """Ring once more then, beside the reminder's own times; an earlier snooze of it is called off."""
    await unsnooze(work, reminder, now)
    await work.notices.add(
        replace(
            _notice(reminder, AGAIN, until, 0),
            series_id=None,
            urgent=True,
            key=f"{reminder.series}:again:{milliseconds(until)}",
        ),
        now,
    )
    return await work.reminders.change(replace(reminder, snoozed_until=until))


async def unsnooze(work: Work, reminder: Reminder, now: datetime) -> None:
    """Call a snooze off; the reminder's own field is for the caller to write."""
    if reminder.snoozed_until is not None:
        await work.notices.cancel_key(f"{reminder.series}:again:{milliseconds(reminder.snoozed_until)}", now)


# --- what follows a notice, in the transaction that records it --------------------------------------------------------


async def rang(work: Work, notice: Notice, now: datetime) -> None:
    """The time has come (or was dropped, because a later one had, or the gig has moved): keep the next one."""
    reminder = await _held(work, notice)
    if reminder is None or not reminder.rings_now or notice.occurrence != reminder.planned:
        return
    after = notice.due_at
    if notice.result == Outcome.DROPPED:
        after -= _INSTANT  # it was not said, so whatever the gig's new time is, it still counts
    else:
        reminder = replace(reminder, rung=notice.occurrence, rung_at=notice.due_at)
    await plan(work, reminder, now, after=after)


async def looked(work: Work, notice: Notice, now: datetime) -> None:
    """Move the reminder along with its gig, if that has moved, and look again later."""
    reminder = await _held(work, notice)
    if reminder is None or not reminder.rings_now or reminder.next_at is None:
        return
    timing = await timing_now(work, reminder)
    if timing.at == reminder.next_at:
        await work.notices.cancel_series(reminder.looks, now)  # the usual one, if this came because the gig was changed
        await keep_looking(work, reminder, reminder.next_at, now)
    else:
        # A gig that was moved to before this moment still has its reminder, late rather than never.
        await plan(work, reminder, now, after=min(timing.at, now) - _INSTANT)


async def rang_again(work: Work, notice: Notice) -> None:
    """A snooze is over."""
    reminder = await _held(work, notice)
    if reminder is not None and reminder.snoozed_until == notice.due_at:
        await work.reminders.change(replace(reminder, snoozed_until=None))


async def _held(work: Work, notice: Notice) -> Reminder | None:
    return await work.reminders.hold(int(notice.args["reminder_id"] or 0))


def _notice(reminder: Reminder, kind: str, at: datetime, number: int) -> NewNotice:
    """A notice of a reminder. What has a clock comes at that clock, quiet hours or not: it was asked for."""
    private = reminder.channel_id is None
    return NewNotice(
        kind=kind,
        person_id=_reader(reminder),
        channel_id=reminder.channel_id,
        args={"reminder_id": reminder.id},
        due_at=at,
        topic=topic(reminder) if private else None,
        urgent=private and reminder.timing.clock is not None,
        series_id=reminder.series,
        occurrence=number,
    )


def topic(reminder: Reminder) -> str:
    """The kind of message it is, with the platform its owner wants it on."""
    return Topic.REMINDERS if reminder.platform is None else f"{Topic.REMINDERS}@{reminder.platform}"


def _reader(reminder: Reminder) -> int | None:
    return reminder.person_id if reminder.channel_id is None else None
