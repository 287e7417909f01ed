"""The courier's side of the notices: what is due, who claimed it, and how that went.

One partial index on the time of the next look serves waiting, claimed and retried rows alike, so recovery after a crash
needs no code: a claim is only a next look one lease away, and when nobody reports, the row is due again. Reports are
guarded by owner and attempt, so that a process that lost its lease cannot speak for the one that has it now.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy.ext.asyncio.engine import AsyncConnection

from storage.records.notice import Ended, Lane, Notice, Outcome, PutBack, Reach
from storage.records.times import from_milliseconds, milliseconds
from storage.stores import notice_sql as sql
from storage.stores.base import PersonalStore
from storage.stores.raw import Raw
from storage.tables.notices import notices


class NoticeQueue(PersonalStore):
    """Claims and reports. Every moment handed in is compared as whole milliseconds; `owner` names this run of the
    program, so that what another run claimed is known as such.
    """

    personal = (notices.c.person_id,)

    async def next_due(self, platform: str) -> dict[Lane, datetime]:
        """When each lane has to be looked at next; lanes without anything open are left out. Three index look-ups."""
        rows = await sql.NEXT.run(self._connection, platform=platform)
        return {Lane(lane): from_milliseconds(at) for lane, at in rows if at is not None}

    async def claim(
        self, platform: str, lane: Lane, now: datetime, lease: timedelta, n: int, owner: str
    ) -> list[Notice]:
        """Take up to `n` notices that are due, earliest first; nobody else gets them before the lease runs out."""
        rows = await sql.CLAIM.run(
            self._connection,
            platform=platform,
            lane=int(lane),
            now=milliseconds(now),
            until=milliseconds(now + lease),
            n=n,
            owner=owner,
        )
        return _in_order(rows)

    async def claim_company(
        self, platform: str, found: Sequence[Notice], now: datetime, lease: timedelta, n: int, owner: str
    ) -> list[Notice]:
        """Take up to `n` more that are due for the readers of `found`, of any lane: they can share a message.

        So can what was set back to keep a distance there, and would otherwise be overtaken.
        """
        return await self._claim_besides(
            (sql.CLAIM_OF_PEOPLE, sql.CLAIM_OF_CHANNELS), platform, found, now, lease, n=n, owner=owner
        )

    async def claim_bundles(
        self, platform: str, found: Sequence[Notice], now: datetime, lease: timedelta, owner: str
    ) -> list[Notice]:
        """The rest of the bundles that `found` belong to: repeated in the same company, or the shared key would lie."""
        bundles = sorted({notice.bundle for notice in found if notice.bundle is not None})
        statements = (sql.CLAIM_BUNDLES_OF_PEOPLE, sql.CLAIM_BUNDLES_OF_CHANNELS)
        return await self._claim_besides(statements, platform, found, now, lease, n=1000, owner=owner, bundles=bundles)

    async def _claim_besides(
        self,
        statements: tuple[Raw, Raw],
        platform: str,
        found: Sequence[Notice],
        now: datetime,
        lease: timedelta,
        **rest: Any,
    ) -> list[Notice]:
        """Claim for the people and for the channels among the readers of `found`."""
        people = sorted({notice.person_id for notice in found if notice.person_id is not None})
        channels = sorted({notice.channel_id for notice in found if notice.channel_id is not None})
        claimed: list[Notice] = []
        for statement, readers in zip(statements, (people, channels), strict=True):
            if readers:
                rows = await statement.run(
                    self._connection,
                    platform=platform,
                    readers=readers,
                    now=milliseconds(now),
                    soon=milliseconds(now + _SOON),
                    until=milliseconds(now + lease),
                    **rest,
                )
                claimed += _in_order(rows)
        return claimed

    async def keep_bundle(self, bundle: str, claimed: Sequence[Notice]) -> None:
        """Remember, before the send, that these travel in one message under one key."""
        await sql.BUNDLE.many(
            self._connection,
            [{"bundle": bundle, "id": n.id, "owner": n.owner, "attempt": n.attempt} for n in claimed],
        )

    async def ack_many(self, owner: str, reports: Sequence[Ended], now: datetime) -> set[int]:
        """Record how claimed notices ended. Returns the ids recorded; one whose lease went elsewhere is left out."""
        if not reports:
            return set()
        written = json.dumps([(r.id, r.attempt, r.message, r.result, r.trouble) for r in reports])
        rows = await sql.ACK.run(self._connection, reports=written, owner=owner, now=milliseconds(now))
        return {row[0] for row in rows}

    async def put_back(self, owner: str, reports: Sequence[PutBack]) -> None:
        """Record that claimed notices are to be tried again later: a retry, or a claim returned unused."""
        await sql.PUT_BACK.many(
            self._connection,
            [
                {
                    "id": r.id,
                    "attempt": r.attempt,
                    "owner": owner,
                    "next_at": milliseconds(r.next_at),
                    "uncounted": 0 if r.counted else 1,
                    "doubtful": r.doubtful,
                    "trouble": r.trouble,
                }
                for r in reports
            ],
        )

    async def postpone(self, platform: str, one: Notice, first: datetime, step: timedelta, now: datetime) -> int:
        """Give what is due and unclaimed for the busy reader of `one` its own slots, `step` apart from `first` on.

        One statement, each row touched once, and nobody else waits. Returns how many they were.
        """
        return await (sql.POSTPONE_PERSON if one.channel_id is None else sql.POSTPONE_CHANNEL).count(
            self._connection,
            platform=platform,
            reader=one.person_id if one.channel_id is None else one.channel_id,
            first=milliseconds(first),
            step=step // timedelta(milliseconds=1),
            now=milliseconds(now),
        )

    async def retake(self, platform: str, now: datetime, lease: timedelta, owner: str | None = None) -> int:
        """Make what a run of the program that is gone had claimed due again at once; None: all runs are gone.

        So is what was set back to keep a distance in one chat: what fell due later would overtake it. How many.
        """
        return await self._in_lanes(sql.RETAKE, platform, now, lease, owner)

    async def disown(self, platform: str, now: datetime, lease: timedelta, owner: str) -> int:
        """Give back what is claimed in this run's name and was never heard of here, so certainly not sent; how many.

        Only when nothing is claimed there as far as is known: the commit of a claim can be kept and its answer lost.
        """
        return await self._in_lanes(sql.DISOWN, platform, now, lease, owner)

    async def _in_lanes(self, statement: Raw, platform: str, now: datetime, lease: timedelta, owner: str | None) -> int:
        found = 0
        for lane in Lane:
            found += await statement.count(
                self._connection,
                platform=platform,
                lane=int(lane),
                now=milliseconds(now),
                until=milliseconds(now + lease),
                owner=owner,
            )
        return found

    async def busy(
        self, platform: str, claimed: Sequence[Notice], now: datetime, lease: timedelta
    ) -> set[tuple[int | None, int | None]]:
        """Which readers of `claimed` somebody is writing to, as (person_id, channel_id): others of theirs are claimed.

        True until the end of this Work for whoever has the turn (`CourierStore.meet`). Redraws of cards do not count.
        """
        values = {
            "platform": platform,
            "now": milliseconds(now),
            "until": milliseconds(now + max(lease, _LONGEST_LEASE)),
            "besides": [notice.id for notice in claimed],
        }
        found: set[tuple[int | None, int | None]] = set()
        if people := sorted({n.person_id for n in claimed if n.person_id is not None}):
            rows = await sql.BUSY_PEOPLE.run(self._connection, readers=people, **values)
            found |= {(person_id, None) for (person_id,) in rows}
        if channels := sorted({n.channel_id for n in claimed if n.channel_id is not None}):
            rows = await sql.BUSY_CHANNELS.run(self._connection, readers=channels, **values)
            found |= {(None, channel_id) for (channel_id,) in rows}
        return found

    async def close_channel(self, platform: str, channel_id: int, reason: str, now: datetime) -> int:
        """End what is open for a channel that refuses messages; how many. Repeating ones stay, as the next probe."""
        return await self._close(sql.CLOSE_CHANNEL, platform, channel_id, reason, now)

    async def close_cards(self, platform: str, person_id: int, reason: str, now: datetime) -> int:
        """End the redraws of cards in the private chat of somebody who refuses messages; how many.

        The rest of what waits for a person is not ended but moved (`NoticeStore.reroute`).
        """
        return await self._close(sql.CLOSE_CARDS, platform, person_id, reason, now)

    async def _close(self, statement: Raw, platform: str, reader: int, reason: str, now: datetime) -> int:
        return await statement.count(
            self._connection,
            platform=platform,
            reader=reader,
            reason=reason,
            result=Outcome.REFUSED,
            now=milliseconds(now),
        )

    async def opened(self, platform: str, person_id: int, dest: str) -> None:
        """A private chat was opened: what waits for this person goes there."""
        await sql.OPENED.count(self._connection, platform=platform, person=person_id, dest=dest)

    async def set_channel_trouble(self, channel_id: int, reason: str | None) -> None:
        """Why posts are refused in a channel; None when one arrived again."""
        await sql.CHANNEL_TROUBLE.count(self._connection, channel=channel_id, reason=reason)

    async def latest_due(self, series: Iterable[str], now: datetime) -> dict[str, int]:
        """Of each series the highest occurrence that is due and open; the earlier ones are overtaken."""
        names = sorted(series)
        if not names:
            return {}
        return dict(tuple(row) for row in await sql.LATEST.run(self._connection, series=names, now=milliseconds(now)))

    async def highest_time(self) -> datetime | None:
        """The latest moment at which anything was recorded; a clock that shows less is wrong."""
        ((at,),) = await sql.HIGHEST.run(self._connection)
        return None if at is None else from_milliseconds(at)

    async def reach(self, platform: str, found: Sequence[Notice]) -> dict[tuple[int | None, int | None], Reach]:
        """How the readers of `found` are reached there now, by (person_id, channel_id); a few statements for all."""
        people = sorted({n.person_id for n in found if n.person_id is not None})
        channels = sorted({n.channel_id for n in found if n.channel_id is not None})
        answer: dict[tuple[int | None, int | None], Reach] = {}
        if people:
            switches: dict[int, dict[str, str]] = {}
            for person_id, name, value in await sql.SWITCHES.run(self._connection, people=people):
                switches.setdefault(person_id, {})[name] = value
            # Several accounts on one platform: the last row wins, which is the one seen last of those that answer.
            for row in await sql.READERS.run(self._connection, platform=platform, people=people):
                person_id, locale, zone, plain, quiet_from, quiet_to, account, dm, unreachable = row
                answer[person_id, None] = Reach(
                    dest=dm,
                    account=account,
                    locale=locale,
                    zone=zone,
                    plain_text=bool(plain),
                    quiet=(_clock(quiet_from), _clock(quiet_to)),
                    unreachable=unreachable,
                    gone=account is None,
                    switches=switches.get(person_id, {}),
                )
        if channels:
            for channel_id, address, trouble, locale, zone, active in await sql.PLACES.run(
                self._connection, channels=channels
            ):
                answer[None, channel_id] = Reach(
                    dest=address, locale=locale, zone=zone, unreachable=trouble, gone=not active
                )
        return answer

    @property
    def _connection(self) -> AsyncConnection:
        return self._transaction.connection


def _in_order(rows: Sequence[Any]) -> list[Notice]:
    """Rows of `sql.CLAIMED` as records, earliest promise first; the engines hand them back in any order."""
    return [
        Notice(
            id=id_,
            kind=kind,
            platform=platform,
            dest=dest,
            person_id=person_id,
            channel_id=channel_id,
            args={} if args == "{}" else json.loads(args),
            lane=_LANES[lane],
            due_at=from_milliseconds(due_at),
            expires_at=from_milliseconds(expires_at),
            attempt=attempt,
            owner=owner,
            key=key,
            topic=None if topic is None else topic.partition("@")[0],  # where it was wanted is settled by now
            urgent=bool(urgent),
            series_id=series_id,
            occurrence=occurrence,
            doubtful=bool(doubtful),
            bundle=bundle,
        )
        for (
            id_,
            kind,
            platform,
            dest,
            person_id,
            channel_id,
            args,
            lane,
            due_at,
            expires_at,
            attempt,
            owner,
            key,
            topic,
            urgent,
            series_id,
            occurrence,
            doubtful,
            bundle,
        ) in sorted(rows, key=_promised)
    ]


def _promised(row: Any) -> tuple[int, int]:
    return row[8], row[0]


def _clock(value: time | str) -> time:
    """A wall clock; SQLite keeps it as text."""
    return time.fromisoformat(value) if isinstance(value, str) else value


#: What was set back for longer waits its turn: a busy group's backlog must not be touched at every message.
_SOON = timedelta(seconds=20)
#: Another process may have been told to claim for longer than this one.
_LONGEST_LEASE = timedelta(minutes=5)
_LANES = {int(lane): lane for lane in Lane}
