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
from storage.stores.answers import AnswerStore
from storage.stores.app_state import AppStore
from storage.stores.audit import AuditStore
from storage.stores.availability import AvailabilityStore
from storage.stores.backlog import BacklogStore
from storage.stores.base import PersonalStore, Rows, Store, Transaction
from storage.stores.boards import BoardStore
from storage.stores.breaks import BreakStore
from storage.stores.calendar_feeds import FeedStore
from storage.stores.calendars import CalendarStore
from storage.stores.call_lists import CallListStore
from storage.stores.clients import ClientStore
from storage.stores.communities import CommunityStore
from storage.stores.date_polls import DatePollStore
from storage.stores.diaries import DiaryStore
from storage.stores.door import DoorStore
from storage.stores.drafts import DraftStore
from storage.stores.free_at import FreeAtStore
from storage.stores.gig_search import GigSearch
from storage.stores.gigs import GigStore
from storage.stores.health import HealthStore
from storage.stores.invoices import InvoiceStore
from storage.stores.links import LinkStore
from storage.stores.merging import MergeStore
from storage.stores.moderation import ModerationStore
from storage.stores.notices import NoticeStore
from storage.stores.parting import PartStore
from storage.stores.people import PeopleStore
from storage.stores.postings import PostingStore
from storage.stores.rates import RateStore
from storage.stores.referrals import ReferralStore
from storage.stores.reminders import ReminderStore
from storage.stores.said import SaidStore
from storage.stores.watches import WatchStore
from storage.stores.wellness import WellnessStore

S = TypeVar("S", bound=Store)

#: See `Work`.
Settled = Callable[[AsyncConnection], Awaitable[None]]


class _Lazily(Generic[S]):
    """A store of the Work, made when it is first asked for."""

    def __init__(self, store: type[S]) -> None:
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
        store = self.store(work)
        work.__dict__[self._name] = store  # found there directly from now on
        return store


class Work(Transaction):
    """One transaction; `work.people`, `work.drafts` and the others speak inside it.

    settled: lets go of a connection after its commit, and returns when that is on disk.
    """

    answers = _Lazily(AnswerStore)
    app = _Lazily(AppStore)
    audit = _Lazily(AuditStore)
    availability = _Lazily(AvailabilityStore)
    backlog = _Lazily(BacklogStore)
    boards = _Lazily(BoardStore)
    breaks = _Lazily(BreakStore)
    calendar_feeds = _Lazily(FeedStore)
    calendars = _Lazily(CalendarStore)
    call_lists = _Lazily(CallListStore)
    clients = _Lazily(ClientStore)
    communities = _Lazily(CommunityStore)
    date_polls = _Lazily(DatePollStore)
    diaries = _Lazily(DiaryStore)
    door = _Lazily(DoorStore)
    drafts = _Lazily(DraftStore)
    free_at = _Lazily(FreeAtStore)
    gig_search = _Lazily(GigSearch)
    referrals = _Lazily(ReferralStore)  # before gigs, as answers are: they point at them
    gigs = _Lazily(GigStore)
    health = _Lazily(HealthStore)
    invoices = _Lazily(InvoiceStore)
    moderation = _Lazily(ModerationStore)
    links = _Lazily(LinkStore)
    merging = _Lazily(MergeStore)
    notices = _Lazily(NoticeStore)
    parting = _Lazily(PartStore)
    people = _Lazily(PeopleStore)
    postings = _Lazily(PostingStore)
    rates = _Lazily(RateStore)
    reminders = _Lazily(ReminderStore)
    said = _Lazily(SaidStore)
    watches = _Lazily(WatchStore)
    wellness = _Lazily(WellnessStore)

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
        name: lazily.store
        for name, lazily in vars(Work).items()
        if isinstance(lazily, _Lazily) and issubclass(lazily.store, PersonalStore)
    }
    return tuple(sorted(stores, key=lambda name: stores[name].depth(), reverse=True))


class OpenWork(Protocol):
    """How a Work is opened: `open_work()` to change things, `open_work(reading=True)` only to look."""

    def __call__(self, *, reading: bool = False) -> AbstractAsyncContextManager[Work]:
        """A transaction that is rolled back on leaving unless it was committed."""
        ...
