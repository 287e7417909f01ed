"""Work: one transaction over all stores. Leaving it without `commit()` changes nothing.

    async with open_work() as work:
        gig = await work.gigs.claim(gig_id, person_id)
        if gig is None: ...
        await work.commit()

A task opens one Work at a time and hands it on; with a single writing connection a second one inside the first would
wait for itself.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Generic, Protocol, TypeVar, overload

from sqlalchemy import text
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from storage.line import CHANNEL
from storage.stores import (
    answers,
    app_state,
    audit,
    availability,
    backlog,
    boards,
    breaks,
    calendar_feeds,
    calendars,
    call_lists,
    clients,
    communities,
    couriers,
    date_polls,
    diaries,
    door,
    drafts,
    free_at,
    gig_search,
    gigs,
    health,
    invoices,
    links,
    merging,
    moderation,
    notices,
    parting,
    people,
    postings,
    rates,
    referrals,
    reminders,
    said,
    watches,
    wellness,
)
from storage.stores.base import PersonalStore, Rows, Store, Transaction

S = TypeVar("S", bound=Store)

#: See `Work`.
Settled = Callable[[AsyncConnection], Awaitable[None]]


class _Lazily(Generic[S]):
    """A store of the Work, made when it is first asked for. store: finds its class, whose module waits until then."""

    def __init__(self, store: Callable[[], type[S]]) -> None:
        self.store = store

    def __set_name__(self, owner: type[Work], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, work: None, owner: type[Work]) -> _Lazily[S]: ...
    @overload
    def __get__(self, work: Work, owner: type[Work]) -> S: ...
    def __get__(self, work: Work | None, owner: type[Work]) -> S | _Lazily[S]:
        if work is None:
            return self
        store = self.store()(work)
        work.__dict__[self._name] = store  # found there directly from now on
        return store


class Work(Transaction):
    """One transaction; `work.people`, `work.drafts` and the others speak inside it.

    settled: lets go of a connection after its commit, and returns when that is on disk.
    """

    answers = _Lazily(lambda: answers.AnswerStore)
    app = _Lazily(lambda: app_state.AppStore)
    audit = _Lazily(lambda: audit.AuditStore)
    availability = _Lazily(lambda: availability.AvailabilityStore)
    backlog = _Lazily(lambda: backlog.BacklogStore)
    boards = _Lazily(lambda: boards.BoardStore)
    breaks = _Lazily(lambda: breaks.BreakStore)
    calendar_feeds = _Lazily(lambda: calendar_feeds.FeedStore)
    calendars = _Lazily(lambda: calendars.CalendarStore)
    call_lists = _Lazily(lambda: call_lists.CallListStore)
    clients = _Lazily(lambda: clients.ClientStore)
    communities = _Lazily(lambda: communities.CommunityStore)
    couriers = _Lazily(lambda: couriers.CourierStore)
    date_polls = _Lazily(lambda: date_polls.DatePollStore)
    diaries = _Lazily(lambda: diaries.DiaryStore)
    door = _Lazily(lambda: door.DoorStore)
    drafts = _Lazily(lambda: drafts.DraftStore)
    free_at = _Lazily(lambda: free_at.FreeAtStore)
    gig_search = _Lazily(lambda: gig_search.GigSearch)
    referrals = _Lazily(lambda: referrals.ReferralStore)  # before gigs, as answers are: they point at them
    gigs = _Lazily(lambda: gigs.GigStore)
    health = _Lazily(lambda: health.HealthStore)
    invoices = _Lazily(lambda: invoices.InvoiceStore)
    moderation = _Lazily(lambda: moderation.ModerationStore)
    links = _Lazily(lambda: links.LinkStore)
    merging = _Lazily(lambda: merging.MergeStore)
    notices = _Lazily(lambda: notices.NoticeStore)
    parting = _Lazily(lambda: parting.PartStore)
    people = _Lazily(lambda: people.PeopleStore)
    postings = _Lazily(lambda: postings.PostingStore)
    rates = _Lazily(lambda: rates.RateStore)
    reminders = _Lazily(lambda: reminders.ReminderStore)
    said = _Lazily(lambda: said.SaidStore)
    watches = _Lazily(lambda: watches.WatchStore)
    wellness = _Lazily(lambda: wellness.WellnessStore)

    def __init__(self, connection: AsyncConnection, *, reading: bool, settled: Settled) -> None:
        super().__init__(connection)
        self._settled = settled
        self.reading = reading
        #: Whether everything was kept, and the connection let go of.
        self.kept = False
        #: Topics announced by this Work, known once it is committed; the opener passes them on within the process.
        self.announced: frozenset[str] = frozenset()

    async def commit(self) -> None:
        """Keep everything, on disk, then run what was asked for `after_commit`. The Work is finished then.

        Raises RuntimeError on a Work opened for reading and on one already finished.
        """
        if self.reading:
            raise RuntimeError("this Work was opened for reading; it has nothing to commit")
        connection = self.connection
        for last_word in self._last_words:
            await last_word()
        if self.dialect == "postgresql":
            for topic in sorted(self._topics):
                await connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL + topic})
        await connection.commit()
        self._connection = None
        await self._settled(connection)
        self.kept = True
        self.announced = frozenset(self._topics)
        for hook in self._hooks:
            hook()

    async def rollback(self) -> None:
        """Undo everything now; leaving the Work does the same."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.rollback()

    async def export(self, person_id: int) -> dict[str, Rows]:
        """Every row kept about the person, by table name: for the person alone."""
        everything: dict[str, Rows] = {}
        for store in self._personal_stores():
            everything.update(await store.export(person_id))
        return everything

    async def forget(self, person_id: int) -> dict[str, int]:
        """Erase the person from every table; how many rows went, by table name.

        A table that was left out makes the last step fail: the person's own row cannot go while others point at it.
        """
        erased: dict[str, int] = {}
        for store in self._personal_stores():
            for table, count in (await store.forget(person_id)).items():
                erased[table] = erased.get(table, 0) + count
        return erased

    def _personal_stores(self) -> list[PersonalStore]:
        """Stores with personal rows: those whose rows point at the rows of others first, people last."""
        return [getattr(self, name) for name in _order_of_erasing()]


@functools.cache
def _order_of_erasing() -> tuple[str, ...]:
    stores = {
        name: store
        for name, lazily in vars(Work).items()
        if isinstance(lazily, _Lazily) and issubclass(store := lazily.store(), PersonalStore)
    }
    return tuple(sorted(stores, key=lambda name: stores[name].depth(), reverse=True))


class OpenWork(Protocol):
    """How a Work is opened: `open_work()` to change things, `open_work(reading=True)` only to look."""

    def __call__(self, *, reading: bool = False) -> AbstractAsyncContextManager[Work]:
        """A transaction that is rolled back on leaving unless it was committed."""
        ...
