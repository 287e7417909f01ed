"""Asking for dates: up to ten of them, answered one tap at a time, closed with the best at the end."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cogs.availability.calendar import Verdict, verdict
from cogs.kit.action import action
from cogs.kit.ask import Role
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, Misread, NotFound, Stale
from cogs.kit.tools import Tools
from cogs.kit.undo import offer_undo
from cogs.kit.words import Code
from storage.records.availability import Free
from storage.records.date_poll import DatePoll, PollAnswer, PollGuest
from storage.records.notice import NewNotice
from storage.records.people import Channel, Person, Topic
from storage.records.times import Span
from storage.work import Work

#: Dates in one question; product numbers. People who can be named in one.
MOST_DATES = 10
MOST_NAMED = 20
#: Without a deadline said, and never after the first date begins.
USUAL_DEADLINE = timedelta(days=3)
#: How long before the deadline those who have not answered are reminded, once; of a short question, half-way.
REMIND_BEFORE = timedelta(days=1)
#: The next thing to say, when a date is tapped.
NEXT = {None: Free.FREE, Free.FREE: Free.MAYBE, Free.MAYBE: Free.NO, Free.NO: Free.FREE}

_LIST = "/avail asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollView:
    """A question with everything said to it. people: of those who were named or answered, by id."""

    poll: DatePoll
    asker: Person | None
    guests: tuple[PollGuest, ...]
    answers: tuple[PollAnswer, ...]
    people: Mapping[int, Person]

    def said(self, number: int) -> dict[Free, list[int]]:
        """Who said what to one date."""
        found: dict[Free, list[int]] = {state: [] for state in Free}
        for one in self.answers:
            if one.number == number:
                found[one.state].append(one.person_id)
        return found

    def mine(self, person_id: int) -> dict[int, Free]:
        """What one person said, by number of the date."""
        return {one.number: one.state for one in self.answers if one.person_id == person_id}

    @property
    def answered(self) -> list[int]:
        """Who has said something."""
        return [one.person_id for one in self.guests if one.answered_at is not None]

    @property
    def waiting(self) -> list[int]:
        """Who was named and has said nothing."""
        return [one.person_id for one in self.guests if one.named and one.answered_at is None]

    def best(self) -> list[int]:
        """The numbers of the dates, those that most can do first; a maybe counts after every yes."""

        def worth(number: int) -> tuple[int, int, int, datetime]:
            said = self.said(number)
            return (
                -len(said[Free.FREE]),
                -len(said[Free.MAYBE]),
                len(said[Free.NO]),
                self.poll.dates[number].start,
            )

        return sorted(range(len(self.poll.dates)), key=worth)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A new question. told: how many were written to. channels: where its card is hung."""

    view: PollView
    told: int
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The question for one reader: what they said, and what their own diary says of each date."""

    view: PollView
    mine: Mapping[int, Free]
    own: Mapping[int, Verdict]


class PollService:
    """The use cases."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    async def ask(
        self,
        call: Call,
        dates: Sequence[Span],
        *,
        players: Sequence[Person] = (),
        role: Role | None = None,
        reply_by: datetime | None = None,
        hidden: bool = False,
        hang_here: bool = False,
        anybody: bool = False,
    ) -> Asked:
        """Ask people, or everybody who plays a chair. The named are written to; a chair gets one public card.

        hang_here: the reply itself is the card. anybody: it needs neither names nor a chair.
        Raises Misread and Conflict.
        """
        assert call.community_id is not None
        dates = _checked(dates, call.now)
        named = list(dict.fromkeys(one.id for one in players if one.id != call.person_id))
        if not named and role is None and not anybody:
            what = "You need not ask yourself. Whom else?" if players else "Whom shall I ask? Name people, or a chair."
            raise Misread(what, example="@sam, @jo", field="players")
        if len(named) > MOST_NAMED:
            raise Misread(f"{MOST_NAMED} people at most can be named.", example="@sam, @jo", field="players")
        deadline = _deadline(dates, reply_by, call.now)
        poll = DatePoll(
            id=0,
            person_id=call.person_id,
            community_id=call.community_id,
            channel_id=call.place.channel_id if hang_here else None,
            role=role.id if role is not None else None,
            hidden=hidden,
            zone=call.zone_or_utc,
            dates=tuple(dates),
            reply_by=deadline,
            made_at=call.now,
        )
        async with self._open_work() as work:
            for person_id in named:
                if not await work.communities.is_member(person_id, call.community_id):
                    raise Misread("Only members of your community can be asked.", example="@sam", field="players")
            channels: tuple[Channel, ...] = ()
            if role is not None and not hang_here:
                channels = tuple(await work.communities.channels_of(call.community_id, board=True))
                if not channels:
                    raise Conflict(
                        "A question to everybody needs a channel, and none here is set aside for gigs.",
                        how="Ask in your group: /poll_dates keys 3 Jan, 4 Jan by Fri. Or name people.",
                    )
            kept = await work.date_polls.add(poll, named)
            await self._tell(work, kept, named, channels, call.now)
            view = await view_of(work, kept)
            if not hang_here:  # what everybody sees is closed by its own button
                await offer_undo(work, call, f"{kept.ref} asked", action("dates.unask", kept.id))
            await work.commit()
        return Asked(view=view, told=len(named), channels=channels)

    async def _tell(
        self, work: Work, poll: DatePoll, named: Collection[int], channels: Sequence[Channel], now: datetime
    ) -> None:
        new = [_notice("dates.asked", poll, person_id, now) for person_id in named]
        remind_at = max(poll.reply_by - REMIND_BEFORE, now + (poll.reply_by - now) / 2)
        new += [_notice("dates.reminder", poll, person_id, remind_at) for person_id in named]
        new.append(_notice("dates.over", poll, poll.person_id, poll.reply_by))
        new += [
            NewNotice(
                kind="dates.hang",
                channel_id=channel.id,
                due_at=now,
                args={"poll_id": poll.id},
                key=f"dates.hang:{poll.id}:{channel.id}",
            )
            for channel in channels
        ]
        await work.notices.add_many(new, now)

    async def show(self, call: Call, poll_id: int) -> PollView:
        """One question, for its asker, who was named, or anybody of its community where a chair is asked."""
        async with self._open_work(reading=True) as work:
            return await view_of(work, await _seen(work, call, poll_id))

    async def mine(self, call: Call) -> list[PollView]:
        """The caller's newest questions."""
        async with self._open_work(reading=True) as work:
            return [await view_of(work, poll) for poll in await work.date_polls.of(call.person_id, 8)]

    async def form(self, call: Call, poll_id: int) -> Form:
        """What the caller said, beside what their own diary says. Raises Stale for a closed one."""
        async with self._open_work(reading=True) as work:
            poll = _open(await _seen(work, call, poll_id), call.now)
            return await self._form(work, call, poll)

    async def _form(self, work: Work, call: Call, poll: DatePoll) -> Form:
        view = await view_of(work, poll)
        own = {}
        for number, span in enumerate(poll.dates):
            diary = await work.diaries.diary(call.person_id, span.start, span.until())
            own[number] = verdict(diary, span)
        return Form(view=view, mine=view.mine(call.person_id), own=own)

    async def say(self, call: Call, poll_id: int, said: Mapping[int, Free]) -> Form:
        """Keep what the caller says to some of the dates; the asker hears when nobody is left to wait for."""
        async with self._open_work() as work:
            held = await work.date_polls.hold(poll_id)
            poll = _open(await _seen(work, call, poll_id, held), call.now)
            if not all(0 <= number < len(poll.dates) for number in said):
                raise Stale(Code(poll.ref), " has no such date.")
            before = await view_of(work, poll)
            await work.date_polls.say(poll_id, call.person_id, dict(said), call.now)
            form = await self._form(work, call, poll)
            if before.waiting and not form.view.waiting:
                await work.notices.add(_notice("dates.everybody", poll, poll.person_id, call.now), call.now)
            await work.notices.refresh("dates.poll", poll_id, call.now)
            await work.commit()
        return form

    async def rest(self, call: Call, poll_id: int, state: Free) -> Form:
        """Say one thing to every date about which the caller has said nothing yet."""
        async with self._open_work(reading=True) as work:
            poll = _open(await _seen(work, call, poll_id), call.now)
            mine = (await view_of(work, poll)).mine(call.person_id)
        return await self.say(call, poll_id, {n: state for n in range(len(poll.dates)) if n not in mine})

    async def close(self, call: Call, poll_id: int, *, cancelled: bool = False, undoing: bool = False) -> PollView:
        """Take no more answers; for the asker alone. Raises Stale when it was closed before.

        undoing: this takes back that it was asked, and cannot be taken back itself.
        """
        async with self._open_work() as work:
            poll = await work.date_polls.hold(poll_id)
            if poll is None or poll.person_id != call.person_id:
                raise NotFound("question", f"P{poll_id}", list_command=_LIST)
            if not await work.date_polls.close(poll_id, call.now, cancelled=cancelled):
                raise Stale(Code(poll.ref), " was closed.", at=poll.closed_at)
            if not undoing:
                await offer_undo(work, call, f"{poll.ref} closed", action("dates.reopen", poll_id))
            await work.notices.refresh("dates.poll", poll_id, call.now)
            view = await view_of(work, await _again(work, poll_id))
            await work.commit()
        return view

    async def reopen(self, call: Call, poll_id: int) -> PollView:
        """Take answers again, until the deadline it had. Raises Stale when that has passed."""
        async with self._open_work() as work:
            poll = await work.date_polls.hold(poll_id)
            if poll is None or poll.person_id != call.person_id:
                raise NotFound("question", f"P{poll_id}", list_command=_LIST)
            if poll.reply_by <= call.now:
                raise Stale(Code(poll.ref), ": its deadline has passed.", at=poll.reply_by)
            await work.date_polls.reopen(poll_id)
            await work.notices.refresh("dates.poll", poll_id, call.now)
            view = await view_of(work, await _again(work, poll_id))
            await work.commit()
        return view


async def view_of(work: Work, poll: DatePoll) -> PollView:
    """The question with what was said to it."""
    guests = await work.date_polls.guests(poll.id)
    people = await work.people.many([poll.person_id, *(one.person_id for one in guests)])
    return PollView(
        poll=poll,
        asker=people.get(poll.person_id),
        guests=tuple(guests),
        answers=tuple(await work.date_polls.answers(poll.id)),
        people=people,
    )


async def _again(work: Work, poll_id: int) -> DatePoll:
    poll = await work.date_polls.get(poll_id)
    assert poll is not None
    return poll


async def _seen(work: Work, call: Call, poll_id: int, poll: DatePoll | None = None) -> DatePoll:
    """The question, if the caller may see it. Raises NotFound, the same for what does not exist."""
    poll = poll or await work.date_polls.get(poll_id)
    missing = NotFound("question", f"P{poll_id}")
    if poll is None:
        raise missing
    if poll.person_id == call.person_id:
        return poll
    if not await work.communities.is_member(call.person_id, poll.community_id):
        raise missing
    if poll.role is None and poll.channel_id is None:
        guests = await work.date_polls.guests(poll_id)
        if not any(one.person_id == call.person_id for one in guests):
            raise missing
    return poll


def _open(poll: DatePoll, now: datetime) -> DatePoll:
    if poll.closed_at is not None:
        raise Stale(Code(poll.ref), " takes no more answers.", at=poll.closed_at)
    if poll.reply_by <= now:
        raise Stale(Code(poll.ref), " takes no more answers.", at=poll.reply_by)
    return poll


def _checked(dates: Sequence[Span], now: datetime) -> list[Span]:
    found = list({(one.start, one.end): one for one in dates}.values())
    if len(found) > MOST_DATES:
        raise Misread(f"That is {len(found)} dates; {MOST_DATES} at most fit.", example="3 Jan, 4 Jan", field="dates")
    if any(one.until() <= now for one in found):
        raise Misread("One of those dates has passed.", example="3 Jan, 4 Jan", field="dates")
    return sorted(found, key=lambda one: one.start)


def _deadline(dates: Sequence[Span], said: datetime | None, now: datetime) -> datetime:
    if said is not None:
        if said <= now:
            raise Misread("That deadline has passed.", example="Fri 6pm", field="reply_by")
        return said
    return max(min(now + USUAL_DEADLINE, dates[0].start), now + timedelta(hours=1))


def _notice(kind: str, poll: DatePoll, person_id: int, at: datetime) -> NewNotice:
    return NewNotice(
        kind=kind,
        person_id=person_id,
        due_at=at,
        args={"poll_id": poll.id},
        key=f"{kind}:{poll.id}:{person_id}",
        topic=Topic.GIGS.value,
    )
