"""One person on two platforms: a code from one account, typed in on the other, confirmed on both, and the way back.

Nothing private crosses before both sides have said yes: until then each sees the other's name and platform alone. Then
the two people become one, the one that was here first (`storage.stores.merging` says how, and what wins).

Unlinking gives each account what it had before the two were linked; what was made since stays with the account that
was here first, and both keep the settings as they are. So nobody who talked somebody into a link can walk away with
what was theirs before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cogs.kit import codes
from cogs.kit.call import Call
from cogs.kit.codes import LASTS
from cogs.kit.faults import Conflict, Misread, Stale, TryLater
from storage.records.link import CodeFor, CodeState, LinkCode, PersonLink
from storage.records.notice import Lane, NewNotice
from storage.records.people import Identity, Person
from storage.work import OpenWork, Work

if TYPE_CHECKING:
    from storage.stores.merging import Merged

#: Kinds of notices: somebody has confirmed; the two are one; they are two again.
WANTED, JOINED, PARTED = "link.wanted", "link.joined", "link.parted"
#: A wish of another feature that must be settled first: to be forgotten.
_LEAVING = "privacy.forget"
#: Under which a platform keeps the address that opens a private chat with a code, among the program's values.
DOOR = "link.door."
_PLATFORMS = ("telegram", "discord")


@dataclass(frozen=True, slots=True)
class Offer:
    """A code to be typed in elsewhere. doors: by platform the address that does it with one tap."""

    code: str
    made: LinkCode
    doors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two accounts that may become one. maker: of the code. typist: who typed it in."""

    code: LinkCode
    maker: Identity
    typist: Identity


@dataclass(frozen=True, slots=True)
class Joined:
    """Two accounts that are one. link: by which they can be parted. merged: what was put together."""

    link: PersonLink
    maker: Identity
    typist: Identity
    merged: Merged


@dataclass(frozen=True, slots=True)
class Accounts:
    """The caller's accounts, and those among them that came by a link, with the link."""

    all: tuple[Identity, ...]
    joined: tuple[tuple[PersonLink, Identity], ...]

    def first(self, link: PersonLink) -> Identity | None:
        """The account that what was made since stays with, when this link is undone."""
        came = {(other.surface, other.account) for other, _ in self.joined}
        rest = [one for one in self.all if (one.surface, one.account) not in came]
        others = [one for one in self.all if (one.surface, one.account) != (link.surface, link.account)]
        return next(iter(rest or others), None)


@dataclass(frozen=True, slots=True)
class Parted:
    """Two people again. gone: the account that is one of its own now. stays: what the rest stays with."""

    gone: Identity
    stays: Identity


# --- making and typing in ---------------------------------------------------------------------------------------------


async def offer(open_work: OpenWork, call: Call) -> Offer | Pair:
    """A new code for the caller's account; or, when somebody has confirmed an earlier one, those two accounts."""
    async with open_work() as work:
        waiting = await work.links.wanted_of(call.person_id, call.now)
        if waiting is not None:
            return await _pair(work, waiting)
        account = await _account(work, call.person_id, call.surface)
        code = codes.new_code()
        made = await work.links.put(
            CodeFor.PERSON,
            call.person_id,
            account.surface,
            await codes.digest(work, code),
            call.now,
            call.now + LASTS,
        )
        doors = [
            (platform, address + code)
            for platform in _PLATFORMS
            if platform != account.surface and (address := await work.app.value(DOOR + platform)) is not None
        ]
        await work.commit()
    return Offer(code, made, tuple(doors))


async def type_in(open_work: OpenWork, call: Call, text: str) -> Pair:
    """Use a code up. Nothing is put together yet: both accounts are shown to whoever typed it.

    Raises Misread for what is no code (any more), TryLater after five tries in an hour, and Conflict when the two
    cannot be one.
    """
    code = codes.read_code(text)
    if code is None:
        raise Misread(
            "A code has eight letters and figures. Make one with /me link on your other account.",
            example=codes.EXAMPLE,
            field="code",
        )
    async with open_work() as work:
        digest = await codes.digest(work, code)
        found = await work.links.behind(CodeFor.PERSON, digest, call.now)
        await work.merging.hold(call.person_id, *((found.person_id,) if found is not None else ()))
        if found is not None and found.person_id == call.person_id:
            raise Misread(
                "That is your own code. Type it on the other account, the one to be linked.",
                example=codes.EXAMPLE,
                field="code",
            )
        if not await work.links.count_try(call.person_id, call.now, most=codes.TRIES):
            raise await _too_often(work, call.person_id, call)
        taken = None
        if found is not None:
            await _may_join(work, found.person_id, call.person_id)
            if not await work.links.count_try(found.person_id, call.now, most=codes.TRIES):
                raise await _too_often(work, found.person_id, call)
            taken = await work.links.take(
                CodeFor.PERSON, digest, call.person_id, call.surface, call.now, call.now + LASTS
            )
        pair = await _pair(work, taken) if taken is not None else None
        await work.commit()  # a wrong try counts too
    if pair is None:
        raise Misread(
            "That code is not known, was used, or is older than ten minutes. Make a new one with /me link.",
            example=codes.EXAMPLE,
            field="code",
        )
    return pair


async def _too_often(work: Work, person_id: int, call: Call) -> TryLater:
    until = await work.links.tries_until(person_id, call.now)
    return TryLater("That was tried too often within an hour.", until=until)


# --- saying yes and no ------------------------------------------------------------------------------------------------


async def confirm(open_work: OpenWork, call: Call, code_id: int) -> Pair:
    """Whoever typed the code says that both are them; whoever made it is asked now. Raises Stale when it ran out."""
    async with open_work() as work:
        code = await work.links.get(code_id, call.now)
        if code is None or code.taken_by != call.person_id or code.purpose is not CodeFor.PERSON:
            raise _run_out()
        pair = await _pair(work, code)
        await _may_join(work, code.person_id, call.person_id)
        if not await work.links.step(code.id, CodeState.TAKEN, CodeState.WANTED, call.now, call.now + LASTS):
            if code.state is CodeState.WANTED:
                return pair
            raise _run_out()
        await work.notices.add(
            NewNotice(
                kind=WANTED,
                person_id=code.person_id,
                args={"code_id": code.id, "to": code.person_id},
                due_at=call.now,
                key=f"{WANTED}:{code.id}",
                lane=Lane.URGENT,
                topic=f"@{code.surface}",
                urgent=True,
                expires_after=LASTS,
            ),
            call.now,
        )
        await work.commit()
    return pair


async def refuse(open_work: OpenWork, call: Call, code_id: int) -> None:
    """Either of the two says no; the code is worth nothing any more."""
    async with open_work() as work:
        code = await work.links.get(code_id, call.now)
        if code is None or call.person_id not in (code.person_id, code.taken_by):
            raise _run_out()
        await work.links.drop(code.id)
        await work.notices.cancel(WANTED, call.now, code_id=code.id)
        await work.commit()


async def accept(open_work: OpenWork, call: Call, code_id: int) -> Joined:
    """Whoever made the code says yes too: the two are one from now on, and both accounts are told.

    Raises Stale when it ran out or is done, Conflict when they cannot be one (any more).
    """
    async with open_work() as work:
        code = await work.links.get(code_id, call.now)
        if code is None or code.person_id != call.person_id or code.taken_by is None:
            raise _run_out()
        if len(await work.merging.hold(code.person_id, code.taken_by)) < 2:
            raise _run_out()
        pair = await _pair(work, code)
        if not await work.links.step(code.id, CodeState.WANTED, CodeState.DONE, call.now, call.now + LASTS):
            raise _run_out()
        await _may_join(work, code.person_id, code.taken_by)
        people = await work.people.many([code.person_id, code.taken_by])
        kept, gone = sorted(people.values(), key=lambda one: (one.made_at, one.id))
        came = pair.maker if gone.id == code.person_id else pair.typist
        came = await _by_itself(work, gone, came)
        merged = await work.merging.merge(kept.id, gone.id, call.now)
        link = await work.links.joined(
            PersonLink(
                id=0,
                person_id=kept.id,
                surface=came.surface,
                account=came.account,
                linked_at=call.now,
                brought=merged.brought,
                sequences=merged.sequences,
            )
        )
        await work.availability.pack([kept.id])
        for gig_id in sorted(merged.gigs):
            await work.gigs.settle(gig_id, call.now)
        await _redraw(work, {int(key[0]) for key in merged.brought.get("gigs.poster_id", ())} | merged.gigs, call)
        for account in (pair.maker, pair.typist):
            await _tell(work, JOINED, kept.id, account.surface, call, link_id=link.id)
        await work.notices.reroute(kept.id, call.now)
        await work.commit()
    return Joined(link, pair.maker, pair.typist, merged)


async def _redraw(work: Work, gig_ids: set[int], call: Call) -> None:
    """Have the cards of gigs drawn again whose poster is called otherwise now, or whose chairs are free again."""
    for gig_id in sorted(gig_ids):
        await work.notices.refresh("gigs.board", gig_id, call.now)
        for hung in await work.boards.everywhere(gig_id):
            await work.notices.refresh("gigs.linked", hung.id, call.now)


async def _by_itself(work: Work, gone: Person, account: Identity) -> Identity:
    """An account of theirs that did not come by an earlier link itself: by it this link is known."""
    earlier = {(one.surface, one.account) for one in await work.links.of(gone.id)}
    own = [account, *await work.people.identities_of(gone.id)]
    return next(one for one in own if (one.surface, one.account) not in earlier)


# --- and back ---------------------------------------------------------------------------------------------------------


async def accounts(open_work: OpenWork, call: Call) -> Accounts:
    """Where the caller is known, and what can be unlinked."""
    async with open_work(reading=True) as work:
        return await accounts_of(work, call.person_id)


async def accounts_of(work: Work, person_id: int) -> Accounts:
    """The same of anybody."""
    found = await work.people.identities_of(person_id)
    by_account = {(one.surface, one.account): one for one in found}
    links = await work.links.of(person_id)
    joined = [(one, by_account[one.surface, one.account]) for one in links if (one.surface, one.account) in by_account]
    return Accounts(tuple(found), tuple(joined))


async def unlink(open_work: OpenWork, call: Call, link_id: int) -> Parted:
    """Make an account a person of its own again; both are told. Raises Stale when that was done already."""
    async with open_work() as work:
        await work.merging.hold(call.person_id)
        known = await accounts_of(work, call.person_id)
        found = next(((link, one) for link, one in known.joined if link.id == link_id), None)
        if found is None or await work.links.part(link_id, call.person_id) is None:
            raise Stale("Those accounts are not linked any more.")
        link, gone = found
        stays = known.first(link)
        assert stays is not None  # an account was joined to another one
        new = await work.parting.part(link, call.now)
        await work.availability.pack([link.person_id, new])
        await _redraw(work, {int(key[0]) for key in link.brought.get("gigs.poster_id", ())}, call)
        for person_id, surface in ((link.person_id, stays.surface), (new, gone.surface)):
            await _tell(work, PARTED, person_id, surface, call, left=gone.surface)
            await work.notices.reroute(person_id, call.now)
        await work.commit()
    return Parted(gone, stays)


# --- behind them ------------------------------------------------------------------------------------------------------


async def waiting_pair(work: Work, code_id: int, now: datetime) -> Pair | None:
    """The accounts of a code that waits for its maker's word; None when it does not any more."""
    code = await work.links.get(code_id, now)
    return await _pair(work, code) if code is not None and code.state is CodeState.WANTED else None


async def _pair(work: Work, code: LinkCode) -> Pair:
    assert code.taken_by is not None and code.taken_on is not None  # it was typed in
    return Pair(
        code,
        await _account(work, code.person_id, code.surface),
        await _account(work, code.taken_by, code.taken_on),
    )


async def _account(work: Work, person_id: int, surface: str) -> Identity:
    """The person's account on a platform; they have one at most."""
    for one in await work.people.identities_of(person_id):
        if one.surface == surface:
            return one
    raise _run_out()


async def _may_join(work: Work, one: int, other: int) -> None:
    """Raises Conflict unless the two accounts can be one person."""
    mine = {account.surface for account in await work.people.identities_of(one)}
    theirs = {account.surface for account in await work.people.identities_of(other)}
    if both := sorted(mine & theirs):
        where = " and ".join(surface.capitalize() for surface in both)
        raise Conflict(
            f"Both of these have an account on {where} already, and a person has one on each.",
            how="See what is linked, and take it apart: /me unlink",
        )
    for person_id in (one, other):
        if any(notice.kind == _LEAVING for notice in await work.notices.of_person(person_id)):
            raise Conflict(
                "One of the two has asked to be forgotten.", how="Call that off first, or wait until it is done."
            )


async def _tell(work: Work, kind: str, person_id: int, surface: str, call: Call, **about: int | str) -> None:
    """A notice on one platform, whatever was chosen for other messages."""
    name, value = next(iter(about.items()))
    await work.notices.add(
        NewNotice(
            kind=kind,
            person_id=person_id,
            args={name: value, "to": person_id, "on": surface},
            due_at=call.now,
            key=f"{kind}:{value}:{person_id}:{surface}:{call.now.timestamp():.0f}",
            lane=Lane.URGENT,
            topic=f"@{surface}",
            urgent=True,
        ),
        call.now,
    )


def _run_out() -> Stale:
    return Stale("That code was used, refused, or has run out. Make a new one with /me link.")
