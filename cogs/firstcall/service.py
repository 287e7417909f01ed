"""What people do with their call lists, one Work each."""

from __future__ import annotations

from collections.abc import Sequence

from cogs.firstcall import rules
from cogs.firstcall.outcomes import CallList, Placed
from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, NotFound
from cogs.kit.tools import Tools
from cogs.kit.undo import offer_undo
from storage.records.call_list import Listed
from storage.records.people import Person
from storage.work import Work

_SHOW = "/firstcall show"


class FirstCallService:
    """The use cases. Everything here is the caller's own; nobody else's list can be named."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    async def add(
        self, call: Call, role: str, player: Person, *, rank: int | None, name: str, note: str | None
    ) -> Placed:
        """Put a player on a list, or elsewhere on it if they are there.

        Raises Conflict for the caller themself and for a list that is full.
        """
        if player.id == call.person_id:
            raise Conflict("That is you. A call list is for whom you would call.")
        async with self._open_work() as work:
            await work.call_lists.hold(call.person_id)
            await work.call_lists.clear_out(call.person_id, call.now - rules.KEPT_REMOVED)
            before = [one.person_id for one in await work.call_lists.of(call.person_id, roles=[role], name=name)]
            new = player.id not in before
            if new and len(before) >= rules.MOST:
                raise Conflict(f"A list holds {rules.MOST} players for a chair.", how=f"Take one off: see {_SHOW}.")
            if new and await work.call_lists.number(call.person_id) >= rules.MOST_OF_ALL:
                raise Conflict(f"Your lists hold {rules.MOST_OF_ALL} lines in all.", how=f"Take some off: see {_SHOW}.")
            await work.call_lists.put(call.person_id, role, name, player.id, call.now, note=note)
            order = rules.placed(before, player.id, rank)
            await work.call_lists.arrange(call.person_id, role, name, order)
            done = await _placed(work, call.person_id, role, name, player.id, new=new)
            await work.commit()
        return done

    async def move(self, call: Call, role: str, player: Person, rank: int, name: str) -> Placed:
        """Put a player at another place. Raises Conflict when they are not on that list."""
        async with self._open_work() as work:
            await work.call_lists.hold(call.person_id)
            before = [one.person_id for one in await work.call_lists.of(call.person_id, roles=[role], name=name)]
            if player.id not in before:
                raise _not_on_it(player)
            order = rules.placed(before, player.id, rank)
            await work.call_lists.arrange(call.person_id, role, name, order)
            done = await _placed(work, call.person_id, role, name, player.id, new=False)
            await work.commit()
        return done

    async def look(self, call: Call, entry_id: int) -> Placed:
        """One line of a list. Raises NotFound when it is not the caller's, or off."""
        async with self._open_work(reading=True) as work:
            entry = await _mine(work, call, entry_id)
            return await _placed(work, call.person_id, entry.role, entry.name, entry.person_id, new=False)

    async def change(self, call: Call, entry_id: int, *, rank: int | None, note: str | None = None) -> Placed:
        """Another place or another note for a line; None keeps what there is."""
        async with self._open_work() as work:
            await work.call_lists.hold(call.person_id)
            entry = await _mine(work, call, entry_id)
            ids = [
                one.person_id for one in await work.call_lists.of(call.person_id, roles=[entry.role], name=entry.name)
            ]
            await work.call_lists.put(call.person_id, entry.role, entry.name, entry.person_id, call.now, note=note)
            order = rules.placed(ids, entry.person_id, rank)
            await work.call_lists.arrange(call.person_id, entry.role, entry.name, order)
            done = await _placed(work, call.person_id, entry.role, entry.name, entry.person_id, new=False)
            await work.commit()
        return done

    async def remove(self, call: Call, role: str, player: Person, name: str) -> Listed:
        """Take a player off a list. Raises Conflict when they are not on it."""
        async with self._open_work() as work:
            await work.call_lists.hold(call.person_id)
            entry = await work.call_lists.entry(call.person_id, role, name, player.id)
            if entry is None or not await work.call_lists.remove(entry.id, call.now):
                raise _not_on_it(player)
            await _offer_back(work, call, entry, player)
            await work.commit()
        return entry

    async def take_off(self, call: Call, entry_id: int) -> tuple[Listed, Person | None]:
        """The same by a line's number, and whose line it was."""
        async with self._open_work() as work:
            entry = await _mine(work, call, entry_id)
            await work.call_lists.remove(entry_id, call.now)
            player = await work.people.get(entry.person_id)
            await _offer_back(work, call, entry, player)
            await work.commit()
        return entry, player

    async def put_back(self, call: Call, entry_id: int) -> Placed:
        """Undo of taking off: they stand where they stood."""
        async with self._open_work() as work:
            entry = await _mine(work, call, entry_id, off=True)
            await work.call_lists.put(call.person_id, entry.role, entry.name, entry.person_id, call.now, note=None)
            done = await _placed(work, call.person_id, entry.role, entry.name, entry.person_id, new=False)
            await work.commit()
        return done

    async def lists(self, call: Call, *, role: str | None = None, name: str | None = None) -> list[CallList]:
        """The caller's lists, or those for one chair, or of one name."""
        async with self._open_work(reading=True) as work:
            entries = await work.call_lists.of(call.person_id, roles=[role] if role else (), name=name)
            people = await work.people.many(sorted({one.person_id for one in entries}))
        found: dict[tuple[str, str], list[Listed]] = {}
        for one in entries:
            found.setdefault((one.name, one.role), []).append(one)
        return [
            CallList(role=role_id, name=list_name, entries=tuple(lines), people=people)
            for (list_name, role_id), lines in found.items()
        ]


async def _offer_back(work: Work, call: Call, entry: Listed, player: Person | None) -> None:
    done = f"{player.name if player is not None else 'A player'} taken off your list"
    await offer_undo(work, call, done, action("firstcall.put_back", entry.id))


async def _placed(work: Work, owner_id: int, role: str, name: str, person_id: int, *, new: bool) -> Placed:
    entries: Sequence[Listed] = await work.call_lists.of(owner_id, roles=[role], name=name)
    people = await work.people.many([one.person_id for one in entries])
    place, entry = next((n, one) for n, one in enumerate(entries, 1) if one.person_id == person_id)
    calls = CallList(role=role, name=name, entries=tuple(entries), people=people)
    return Placed(calls=calls, entry=entry, place=place, new=new)


async def _mine(work: Work, call: Call, entry_id: int, *, off: bool = False) -> Listed:
    entry = await work.call_lists.get(entry_id)
    if entry is None or entry.owner_id != call.person_id or (entry.removed_at is not None and not off):
        raise NotFound("line on your lists", list_command=_SHOW)
    return entry


def _not_on_it(player: Person) -> Conflict:
    return Conflict(f"{player.name} is not on that list of yours.", how=f"See your lists: {_SHOW}")
