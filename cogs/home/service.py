"""The tour's choices, and leaving: the wish to be forgotten, the erasing, and the proof of it."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cogs.home import rules
from cogs.home.rules import Hear, Receipt
from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, Stale
from cogs.kit.undo import offer_undo
from storage.records.notice import Delivery, Lane, NewNotice, Notice
from storage.records.people import Community, Identity, Person, Topic
from storage.work import OpenWork, Work

#: Kinds of notices: the wish that falls due, and the proof.
WISH, PROOF = "privacy.forget", "privacy.forgotten"
#: Under which a receipt is kept in the program's values.
_RECEIPT = "forgotten."

#: What every feature does before somebody goes.
Farewell = Callable[[int, Work, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody on the tour, and the community whose choices are offered to them."""

    person: Person
    community: Community | None


async def begin(open_work: OpenWork, call: Call) -> Person:
    """The caller, who from now on has been told where to begin."""
    async with open_work() as work:
        await work.people.begin_tour(call.person_id)
        person = await _person(work, call)
        await work.commit()
    return person


async def newcomer(open_work: OpenWork, call: Call) -> Newcomer:
    """The caller as the tour sees them."""
    async with open_work(reading=True) as work:
        return await _newcomer(work, call)


async def take_step(
    open_work: OpenWork,
    call: Call,
    step: int,
    *,
    fields: Mapping[str, object] | None = None,
    roles: Sequence[str] | None = None,
    hear: Hear | None = None,
) -> Newcomer:
    """Keep what a step of the tour asked for, all of it optional, and go on to the next one.

    A button of an earlier step goes on from there; nobody is thrown back by one.
    """
    async with open_work() as work:
        person = await _person(work, call)
        if roles is not None:
            await work.people.set_roles(person.id, roles, person.doubles)
        if hear is not None:
            await _hear(work, person.id, hear, call.now)
        await work.people.change(person.id, **(fields or {}), tour_step=max(person.tour_step, step + 1))
        after = await _newcomer(work, call)
        await work.commit()
    return after


async def _hear(work: Work, person_id: int, hear: Hear, now: datetime) -> None:
    """Switch kinds of messages off, and on again those that only a choice like this one had switched off."""
    for topic in Topic:
        name = f"notify.{topic}"
        if topic in hear.silenced:
            await work.people.set_setting(person_id, name, "off")
        elif await work.people.setting(person_id, name) == "off":
            await work.people.set_setting(person_id, name, None)
    await work.notices.reroute(person_id, now)


async def _newcomer(work: Work, call: Call) -> Newcomer:
    community = await work.communities.get(call.community_id) if call.community_id is not None else None
    return Newcomer(await _person(work, call), community)


async def _person(work: Work, call: Call) -> Person:
    person = await work.people.get(call.person_id)
    if person is None:
        raise Stale("I no longer know you: everything of yours was erased. Write anything to begin afresh.")
    return person


# --- what is kept -----------------------------------------------------------------------------------------------------


async def kept(open_work: OpenWork, call: Call) -> dict[str, int]:
    """How many rows of each table are the caller's."""
    return {table: len(rows) for table, rows in (await everything(open_work, call)).items()}


async def everything(open_work: OpenWork, call: Call) -> dict[str, list[dict[str, object]]]:
    """Every row kept about the caller, by table."""
    async with open_work(reading=True) as work:
        await _person(work, call)
        return await work.export(call.person_id)


# --- being forgotten --------------------------------------------------------------------------------------------------


async def due(open_work: OpenWork, call: Call) -> datetime | None:
    """When the caller will be forgotten; None when they have not asked for it."""
    async with open_work(reading=True) as work:
        wish = _open_wish(await work.notices.of_person(call.person_id))
    return wish.due_at if wish else None


async def wish(open_work: OpenWork, call: Call) -> datetime:
    """Have the caller erased after the grace; when that will be. Asked for again, the first time stands."""
    async with open_work() as work:
        person = await _person(work, call)
        earlier = _open_wish(await work.notices.of_person(person.id))
        if earlier is not None:
            return earlier.due_at
        at = call.now + rules.GRACE
        for number, later in enumerate(rules.AGAIN):
            await work.notices.add(
                NewNotice(
                    kind=WISH,
                    person_id=person.id,
                    args={"person_id": person.id, "number": number},
                    due_at=at + later,
                    lane=Lane.URGENT,
                    urgent=True,
                    # Nowhere is no reason to be kept: who cannot be reached is looked at when their notice expires.
                    expires_after=timedelta(0),
                ),
                call.now,
            )
        await offer_undo(work, call, "Asked to be forgotten", action("privacy.keep"))
        await work.commit()
    return at


async def keep(open_work: OpenWork, call: Call) -> None:
    """Call the wish off. Raises Conflict when there is none (any more)."""
    async with open_work() as work:
        if not await work.notices.cancel(WISH, call.now, person_id=call.person_id):
            raise Conflict("You have not asked to be forgotten.", how="Everything of yours is kept as it was.")
        await work.commit()


def _open_wish(found: Sequence[Delivery]) -> Delivery | None:
    """The one of a person's open notices that will erase them first."""
    wishes = [one for one in found if one.kind == WISH and one.ended_at is None]
    return min(wishes, key=lambda one: one.due_at, default=None)


async def erase(work: Work, notice: Notice, farewells: Sequence[Farewell], now: datetime) -> Receipt | None:
    """Erase whoever a wish is about, and address the proof; None when an earlier wish has done so.

    To be called in the transaction that records the end of the wish: then it happens once, or not at all. Raises
    RuntimeError when anything of the person is left, which undoes all of it.
    """
    person_id = int(notice.args["person_id"] or 0)
    if await work.people.get(person_id) is None:
        return None
    address = _address(await work.people.identities_of(person_id), notice.platform)
    for farewell in farewells:
        await farewell(person_id, work, now)
    erased = await work.forget(person_id)
    left = await work.people.traces(person_id)
    if left:
        raise RuntimeError(f"of person {person_id} something is left in {', '.join(sorted(left))}")
    one = rules.receipt(now, erased, secrets.token_hex(8))
    await work.app.set_value(_RECEIPT + one.code, rules.receipt_text(one))
    if address is not None:
        nobody = await work.people.keep_address(address.surface, address.account, address.dm, now)
        await work.notices.add(
            NewNotice(
                kind=PROOF,
                person_id=nobody.id,
                args={"receipt": one.code},
                due_at=now,
                key=f"{PROOF}:{one.code}",
                lane=Lane.URGENT,
                urgent=True,
                expires_after=rules.PROOF_WITHIN,
            ),
            now,
        )
    return one


def _address(identities: Sequence[Identity], platform: str) -> Identity | None:
    """Where the proof goes: the platform the wish was kept for, else wherever messages arrive."""
    reached = [one for one in identities if one.unreachable is None]
    return next((one for one in reached if one.surface == platform), reached[0] if reached else None)


async def proof(work: Work, notice: Notice) -> Receipt | None:
    """The receipt that a proof is about."""
    code = str(notice.args["receipt"])
    text = await work.app.value(_RECEIPT + code)
    return rules.receipt_of(code, text) if text is not None else None


async def drop_address(work: Work, notice: Notice) -> bool:
    """Erase the address a proof went to; False when its owner has come back and is somebody again."""
    assert notice.person_id is not None
    person = await work.people.get(notice.person_id)
    if person is None or person.name:
        return False
    await work.forget(person.id)
    return True
