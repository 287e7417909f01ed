"""Calendars that come in and go out: import by file or link, reading again, the secret feed, one gig as a file."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cogs.availability import ics_in, ics_out
from cogs.availability.fetching import NoCalendar, fetch, tidy_link
from cogs.availability.ics_out import Happening
from cogs.availability.names import chair
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, NotFound
from cogs.kit.offline import offline
from cogs.kit.tools import Tools
from cogs.kit.words import term
from storage.records.answer import Answer, AnswerState
from storage.records.availability import Calendar, CalendarFeed, FeedShow
from storage.records.gig import OFF, Gig
from storage.records.people import Words
from storage.work import Work

Fetch = Callable[[str], Awaitable[bytes]]

#: Calendars one person may import.
MOST = 10
#: A link is read again this often; after failures ever more rarely, up to a week.
AGAIN = timedelta(hours=6)
_LONGEST_WAIT = timedelta(days=7)
#: Links read again in one look.
_AT_ONCE = 20
#: While one process reads a link, others leave it alone this long.
_CLAIM = timedelta(minutes=5)
#: What has passed stays in the feed this long.
_FEED_BACK = timedelta(days=90)
_FEED_AHEAD = timedelta(days=800)
#: Bytes of randomness in a secret; `token_urlsafe` makes 43 characters of them.
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A calendar that was read. events: how many it had; left_out: those that could not be read."""

    calendar: Calendar
    events: int
    left_out: int
    stretches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The feed as its owner is told of it. secret: known only in the moment it is made."""

    feed: CalendarFeed | None
    secret: str | None = None


class CalendarService:
    """The use cases. fetch: how a link is read; tests read from the loopback."""

    def __init__(self, tools: Tools, fetch_link: Fetch = fetch) -> None:
        self._open_work = tools.open_work
        self._clock = tools.clock
        self._fetch = fetch_link

    # --- in -----------------------------------------------------------------------------------------------------------

    async def import_file(self, call: Call, content: bytes) -> Imported:
        """Keep when a file says its owner is busy, and nothing else of it. Raises Conflict."""
        return await self._import(call, content, None)

    async def import_link(self, call: Call, link: str) -> Imported:
        """The same from a link, which is read again from time to time. Raises Conflict for what gives no calendar."""
        try:
            url = tidy_link(link)
            content = await self._fetch(url)
        except NoCalendar as fault:
            raise Conflict(fault.what, how="Check the link, or send the .ics file itself.") from None
        return await self._import(call, content, url)

    async def _import(self, call: Call, content: bytes, url: str | None) -> Imported:
        until = call.now + ics_in.AHEAD
        try:
            reading = await offline(ics_in.read, content, call.person_id, call.now - timedelta(days=1), until)
        except ics_in.NotACalendar as fault:
            raise Conflict(fault.what, how="An .ics file, or a link to one, is what I can read.") from None
        async with self._open_work() as work:
            known = await work.calendars.of(call.person_id)
            same = next((one for one in known if url is not None and one.url == url), None)
            if same is None and len(known) >= MOST:
                raise Conflict(f"You have {MOST} calendars, which is the most there may be.", how="Remove one first.")
            fresh = Calendar(
                id=same.id if same is not None else 0,
                person_id=call.person_id,
                url=url,
                until=until,
                made_at=same.made_at if same is not None else call.now,
                read_at=call.now,
                next_at=call.now + AGAIN if url is not None else None,
            )
            if same is None:
                fresh = await work.calendars.add(fresh)
            else:
                await work.calendars.change(fresh)
            await work.calendars.fill(fresh, reading.busy)
            await work.commit()
        return Imported(
            calendar=fresh, events=reading.events, left_out=reading.left_out, stretches=len(reading.busy)
        )  # fmt: skip

    async def calendars(self, call: Call) -> list[Calendar]:
        """The caller's calendars."""
        async with self._open_work(reading=True) as work:
            return await work.calendars.of(call.person_id)

    async def remove(self, call: Call, calendar_id: int) -> None:
        """Forget a calendar and what it held. Raises NotFound."""
        async with self._open_work() as work:
            if not await work.calendars.remove(calendar_id, call.person_id):
                raise NotFound("calendar", list_command="/avail import")
            await work.commit()

    async def read_again(self, now: datetime) -> int:
        """Read links again whose time has come; how many were."""
        async with self._open_work(reading=True) as work:
            due = await work.calendars.due(now, _AT_ONCE)
        done = 0
        for calendar in due:
            async with self._open_work() as work:
                mine = await work.calendars.claim(calendar, now + _CLAIM)
                await work.commit()
            if mine:
                await self._read_again(calendar, now)
                done += 1
        return done

    async def _read_again(self, calendar: Calendar, now: datetime) -> None:
        assert calendar.url is not None
        until = now + ics_in.AHEAD
        try:
            content = await self._fetch(calendar.url)
            reading = await offline(ics_in.read, content, calendar.person_id, now - timedelta(days=1), until)
        except (NoCalendar, ics_in.NotACalendar) as fault:
            failures = calendar.failures + 1
            wait = min(AGAIN * 2 ** min(failures, 6), _LONGEST_WAIT)
            failed = replace(calendar, failures=failures, trouble=fault.what, next_at=now + wait)
            async with self._open_work() as work:
                await work.calendars.change(failed)
                await work.commit()
            return
        fresh = replace(calendar, until=until, read_at=now, next_at=now + AGAIN, failures=0, trouble=None)
        async with self._open_work() as work:
            if await work.calendars.hold(calendar.id) is not None:  # removed meanwhile, it stays so
                await work.calendars.change(fresh)
                await work.calendars.fill(fresh, reading.busy)
            await work.commit()

    # --- out ----------------------------------------------------------------------------------------------------------

    async def make(self, call: Call, show: FeedShow | None, *, new: bool) -> Link:
        """Make the secret link, or a new one that ends the old. Without `new` an existing one stays as it is."""
        async with self._open_work() as work:
            known = await work.calendar_feeds.of(call.person_id)
            if known is not None and not new:
                if show is not None and show is not known.show:
                    await work.calendar_feeds.show(call.person_id, show)
                    await work.commit()
                    known = replace(known, show=show)
                return Link(feed=known)
            secret = secrets.token_urlsafe(_SECRET_BYTES)
            shown = show or (known.show if known is not None else FeedShow.STATES)
            await work.calendar_feeds.put(call.person_id, hashed(secret), shown, call.now)
            feed = await work.calendar_feeds.of(call.person_id)
            await work.commit()
        return Link(feed=feed, secret=secret)

    async def link(self, call: Call) -> Link:
        """Whether there is a feed, and what it shows."""
        async with self._open_work(reading=True) as work:
            return Link(feed=await work.calendar_feeds.of(call.person_id))

    async def off(self, call: Call) -> bool:
        """No feed any more; False when there was none."""
        async with self._open_work() as work:
            was = await work.calendar_feeds.off(call.person_id)
            await work.commit()
        return was

    async def feed(self, secret: str) -> bytes | None:
        """The calendar behind a secret; None when there is none."""
        wanted = hashed(secret)
        async with self._open_work(reading=True) as work:
            feed = await work.calendar_feeds.behind(wanted)
            # The index finds by a hash of the secret, which nobody can steer; the comparison tells nothing by its time.
            if feed is None or not hmac.compare_digest(feed.secret_hash, wanted):
                return None
            person = await work.people.get(feed.person_id)
            happenings = await self._happenings(work, feed, person.words if person is not None else None)
        return await offline(ics_out.calendar_of, happenings, name="First Call")

    async def _happenings(self, work: Work, feed: CalendarFeed, words: Words | None) -> list[Happening]:
        now = self._clock.now()
        rows = await work.diaries.engagements(feed.person_id, now - _FEED_BACK, now + _FEED_AHEAD)
        shown = [_happening(gig, answer, words) for gig, answer in rows]
        if feed.show is FeedShow.BUSY:
            shown = [replace(one, title=None, where=None, note=None) for one in shown if not one.cancelled]
        return shown

    async def one_gig(self, call: Call, gig_id: int) -> tuple[Gig, bytes]:
        """A gig as a calendar file, for whoever posted it or is down for it. Raises NotFound."""
        async with self._open_work(reading=True) as work:
            gig = await work.gigs.get(gig_id)
            answer = await work.answers.of(gig_id, call.person_id) if gig is not None else None
            seen = gig is not None and (
                gig.poster_id == call.person_id
                or answer is not None
                or (not gig.for_few and await work.communities.is_member(call.person_id, gig.community_id))
            )
        if gig is None or not seen:
            raise NotFound("gig", f"G{gig_id}", list_command="/gigs")
        content = await offline(ics_out.calendar_of, [_happening(gig, answer, call.words)])
        return gig, content


def hashed(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


_ENDED = frozenset({AnswerState.RELEASED, AnswerState.WITHDRAWN})


def _happening(gig: Gig, answer: Answer | None, words: Words | None) -> Happening:
    inked = answer is not None and answer.state is AnswerState.INKED
    cancelled = gig.state in OFF or (
        answer is not None and answer.state in _ENDED
    )  # fmt: skip
    what = gig.what or gig.where or gig.ref
    state = "" if inked or answer is None else f" ({term('pencilled', words)})"
    changed = max([gig.posted_at, gig.state_at] + ([answer.state_at] if answer is not None else []))
    return Happening(
        uid=f"gig-{gig.id}@firstcall",
        title=f"{chair(gig.role)}: {what}{state}",
        span=gig.span,
        where=gig.where,
        note=f"{gig.ref}, from First Call",
        tentative=not inked,
        cancelled=cancelled,
        revision=gig.revision,
        changed_at=changed,
    )
