"""Notices as features see them: keep one in the transaction of the change, cancel it, ask how it went."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any
from zlib import crc32

from storage.faults import Gone
from storage.records.notice import NOWHERE, OFF, REFRESH, Args, Delivery, Lane, NewNotice, Outcome
from storage.records.times import from_milliseconds, milliseconds
from storage.stores import notice_sql as sql
from storage.stores.notice_queue import NoticeQueue

#: Announced when something has to be looked at soon; whoever delivers listens to it.
TOPIC = "notices"

#: A courier looks by itself at least this often, so nothing later than that needs announcing.
SOON = timedelta(seconds=40)

#: Soft notices that many people would get at one minute are spread this far to both sides of it.
SPREAD = timedelta(minutes=5)

#: How long a redraw is worth trying.
REDRAW_WITHIN = timedelta(days=2)


class NoticeStore(NoticeQueue):
    """Keep, cancel, redraw, and tell how it went. Everything here happens with the change, or not at all.

    The platform and the address are looked up when a notice is kept: the choice in the person's setting
    `notify.<topic>` ("discord", "telegram", "console", "off", or "dm" for whichever), else the account they were seen
    on last that takes messages. Who has none gets their notices when they are heard of again (`reroute`).
    """

    async def add(self, new: NewNotice, now: datetime) -> int | None:
        """Keep a notice; its id, or None when its key (or its place in its series) is known already.

        The key of a cancelled notice may be used again. Soft notices that are not urgent are looked at within five
        minutes of their time, at a point that depends on the key alone. Raises Gone for an unknown channel.
        """
        routes = await self._routes([new])
        row = _row(new, routes, milliseconds(now))
        found = await sql.ADD.one_in_order(self._connection, row)
        self._announce(row[_NEXT_AT], now)
        return found[0][0] if found else None

    async def add_many(self, new: Sequence[NewNotice], now: datetime) -> None:
        """Keep many at once; those whose key is known stay as they are, unless they were cancelled."""
        if not new:
            return
        routes = await self._routes(new)
        made = milliseconds(now)
        rows = [_row(one, routes, made) for one in new]
        kept = -1
        if not self._postgres:
            kept = await sql.ADD_MANY_NEW.in_order(self._connection, rows)
        if kept != len(rows):  # some keys are known: cancelled ones among them come back
            await sql.ADD_MANY.in_order(self._connection, rows)
        self._announce(min(row[_NEXT_AT] for row in rows), now)

    async def refresh(self, card: str, subject_id: int, now: datetime) -> None:
        """Have a card redrawn wherever it hangs. Asked for again before that happened, it is still drawn once."""
        await sql.REFRESH_CARD.count(
            self._connection,
            card=card,
            subject=subject_id,
            now=milliseconds(now),
            expires=milliseconds(now + REDRAW_WITHIN),
        )
        self._announce(milliseconds(now), now)

    async def cancel(self, kind: str, now: datetime, **args: int | str | None) -> int:
        """Call off the open notices of a kind with these arguments; how many. One being sent right now may arrive.

        The first argument here must be the one that was written first when the notice was kept (its subject), since
        that is what they are found by; ValueError when the kind is kept by another one.
        """
        if not args:
            raise ValueError("say which: cancel(kind, now, gig_id=12)")
        first = next(iter(args))
        rows = await sql.FIND.run(self._connection, kind=kind, subject=_subject(args))
        ids = [id_ for id_, written in rows if args.items() <= _read(written).items()]
        if not rows and (probe := await sql.ANY.run(self._connection, kind=kind)):
            kept_by = probe[0][0].partition("=")[0]
            if kept_by != first:
                raise ValueError(f"{kind} is kept by {kept_by}, not by {first}")
        if not ids:
            return 0
        return await sql.CANCEL_IDS.count(self._connection, ids=ids, now=milliseconds(now), result=Outcome.CANCELLED)

    async def cancel_key(self, key: str, now: datetime) -> bool:
        """Call off one notice by its key; False when it is not open (any more)."""
        return bool(
            await sql.CANCEL_KEY.count(self._connection, key=key, now=milliseconds(now), result=Outcome.CANCELLED)
        )

    async def cancel_series(self, series_id: str, now: datetime) -> int:
        """Call off what is open of a repeating notice; how many."""
        return await sql.CANCEL_SERIES.count(
            self._connection, series=series_id, now=milliseconds(now), result=Outcome.CANCELLED
        )

    async def reroute(self, person_id: int, now: datetime) -> int:
        """Send what waits for a person where it can reach them now; how many moved.

        To be called when an account stops or starts to take messages, is linked or unlinked, or a `notify.` choice
        changes. What nowhere takes waits until it expires.
        """
        rows = await sql.OPEN_OF_PERSON.run(self._connection, person=person_id, refresh=REFRESH)
        if not rows:
            return 0
        routes = await self._routes_of([person_id])
        moves = []
        for id_, topic, lane, urgent, key, due_at, expires_at, platform in rows:
            there, dest = _route(routes, person_id, topic)
            if there == platform:
                continue
            due = _first_look(there, due_at, expires_at, lane, urgent, key)
            moves.append({"id": id_, "platform": there, "dest": dest, "next_at": due})
        await sql.MOVE.many(self._connection, moves)
        if moves:
            self._announce(min(move["next_at"] for move in moves), now)
        return len(moves)

    async def reopen_channel(self, channel_id: int, now: datetime) -> int:
        """Send after all what a channel refused and is not too late for; how many.

        To be called when messages are taken there again. Each is drawn from what is true then.
        """
        count = await sql.REOPEN_CHANNEL.count(self._connection, channel=channel_id, now=milliseconds(now))
        if count:
            self._announce(milliseconds(now), now)
        return count

    async def get(self, notice_id: int) -> Delivery | None:
        """Where a notice stands."""
        rows = await sql.GET.run(self._connection, id=notice_id)
        return _delivery(rows[0]) if rows else None

    async def by_key(self, key: str) -> Delivery | None:
        """Where the notice with this key stands."""
        rows = await sql.BY_KEY.run(self._connection, key=key)
        return _delivery(rows[0]) if rows else None

    async def of_person(self, person_id: int, *, ended_since: datetime | None = None) -> list[Delivery]:
        """What is open for a person, by due time; with `ended_since` also what ended from then on."""
        since = milliseconds(ended_since) if ended_since is not None else 2**62
        return [_delivery(row) for row in await sql.OF_PERSON.run(self._connection, person=person_id, since=since)]

    async def troubles(self, since: datetime, *, community_id: int | None = None, n: int = 50) -> list[Delivery]:
        """What ended badly since then, newest first: refused, given up, missed, perhaps lost.

        community_id: only in the channels of that community; None: everywhere, private messages too.
        """
        rows = await sql.TROUBLES.run(self._connection, since=milliseconds(since), community=community_id, n=n)
        return [_delivery(row) for row in rows]

    async def purge(self, older_than: datetime, *, n: int = 500) -> int:
        """Delete up to `n` notices that ended before then; how many. Repeat until fewer than `n` go."""
        return await sql.PURGE.count(self._connection, before=milliseconds(older_than), n=n)

    def _announce(self, next_at: int, now: datetime) -> None:
        if next_at <= milliseconds(now + SOON):
            self._transaction.announce(TOPIC)

    async def _routes(self, new: Iterable[NewNotice]) -> _Routes:
        people = {one.person_id for one in new if one.person_id is not None}
        channels = {one.channel_id for one in new if one.channel_id is not None}
        return await self._routes_of(sorted(people), sorted(channels))

    async def _routes_of(self, people: Sequence[int], channels: Sequence[int] = ()) -> _Routes:
        routes = _Routes()
        if people:
            for person_id, name, value, seen_at in await sql.PERSON_ROUTES.run(self._connection, people=people):
                if seen_at is None:
                    routes.choices[person_id, name.removeprefix("notify.")] = value
                else:
                    routes.accounts.setdefault(person_id, {}).setdefault(name, value)
        if channels:
            for channel_id, surface, address in await sql.CHANNEL_ROUTES.run(self._connection, channels=channels):
                routes.channels[channel_id] = (surface, address)
        return routes


class _Routes:
    """Where people and channels are reached: accounts by person, last seen first; choices by (person, topic).

    found: by (person, topic), what was worked out before, since a person often gets many notices at once.
    """

    def __init__(self) -> None:
        self.accounts: dict[int, dict[str, str | None]] = {}
        self.choices: dict[tuple[int, str], str] = {}
        self.channels: dict[int, tuple[str, str]] = {}
        self.found: dict[tuple[int, str | None], tuple[str, str | None]] = {}


def _route(routes: _Routes, person_id: int, topic: str | None) -> tuple[str, str | None]:
    """Platform and address for a person. What they chose comes first; when that takes nothing, what does.

    A platform asked for with the notice itself ("reminders@telegram") goes before the choice for its kind, but what is
    switched off stays so.
    """
    wanted = person_id, topic
    if (found := routes.found.get(wanted)) is None:
        found = routes.found[wanted] = _found_route(routes, person_id, topic)
    return found


def _found_route(routes: _Routes, person_id: int, topic: str | None) -> tuple[str, str | None]:
    kind, _, wanted = (topic or "").partition("@")
    choice = routes.choices.get((person_id, kind), "dm")
    if choice == OFF:
        return OFF, None
    accounts = routes.accounts.get(person_id, {})
    if not accounts:
        return NOWHERE, None
    platform = next(place for place in (wanted, choice, *accounts) if place in accounts)
    return platform, accounts[platform]


def _first_look(platform: str, due: int, expires: int, lane: int, urgent: bool, key: str) -> int:
    """When to look at a notice first; all in milliseconds."""
    if platform == NOWHERE:
        return expires
    if lane == Lane.SOFT and not urgent:
        return due - _SPREAD + crc32(key.encode()) % (2 * _SPREAD)
    return due


def _row(new: NewNotice, routes: _Routes, made: int) -> tuple[Any, ...]:
    """The values of a new row, in the order of `notice_sql`. made: now, in milliseconds."""
    person_id, channel_id, args = new.person_id, new.channel_id, new.args
    if person_id is not None:
        platform, dest = _route(routes, person_id, new.topic)
    elif (place := routes.channels.get(channel_id or 0)) is not None:
        platform, dest = place
    else:
        raise Gone(f"channel {channel_id}")
    due = milliseconds(new.due_at)
    expires = due + new.expires_after // _MILLISECOND
    written = _written(args) if args else "{}"
    key = new.key or _key(new, written, due)
    return (
        platform,
        dest,
        person_id,
        channel_id,
        int(new.lane),
        new.kind,
        _subject(args) if args else None,
        written,
        key,
        new.topic,
        new.urgent,
        made,
        due,
        _first_look(platform, due, expires, new.lane, new.urgent, key),
        expires,
        new.series_id,
        new.occurrence,
    )


def _key(new: NewNotice, args: str, due: int) -> str:
    """The key of a notice that came without one: kind, reader, arguments and due time say which it is."""
    if new.series_id is not None:
        return f"{new.series_id}#{new.occurrence}"
    if new.person_id is not None:
        return f"{new.kind}:p{new.person_id}:{args}:{due}"
    return f"{new.kind}:c{new.channel_id}:{args}:{due}"


def _subject(args: Mapping[str, int | str | None]) -> str:
    name, value = next(iter(args.items()))
    return f"{name}={value}"


def _written(args: Args) -> str:
    """Arguments as JSON with names in order: as `_ENCODE` writes them, in half the time for what they usually are."""
    said = []
    for name in sorted(args):
        value = args[name]
        if type(value) is int:  # True is an int to `isinstance`, and "true" in JSON
            said.append(f"{_quoted(name)}:{value}")
        elif type(value) is str:
            said.append(f"{_quoted(name)}:{_quoted(value)}")
        else:
            return _ENCODE(args)
    return f"{{{','.join(said)}}}"


def _read(args: str) -> Args:
    read: Args = json.loads(args)
    return read


def _delivery(row: Any) -> Delivery:
    id_, kind, key, args, platform, dest, person, channel, due, next_at, attempt, ended, result, trouble, series, n = (
        row
    )
    return Delivery(
        id=id_,
        kind=kind,
        key=key,
        args=_read(args),
        platform=platform,
        dest=dest,
        person_id=person,
        channel_id=channel,
        due_at=from_milliseconds(due),
        next_at=None if next_at is None else from_milliseconds(next_at),
        attempt=attempt,
        ended_at=None if ended is None else from_milliseconds(ended),
        result=result,
        trouble=trouble,
        series_id=series,
        occurrence=n,
    )


#: Where `_row` has the time of the first look.
_NEXT_AT = 13
_MILLISECOND = timedelta(milliseconds=1)
_SPREAD = SPREAD // _MILLISECOND
_ENCODE = json.JSONEncoder(separators=(",", ":"), sort_keys=True, allow_nan=False).encode
