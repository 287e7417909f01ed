"""Linking two communities' boards, one Work for each deed."""

from __future__ import annotations

from cogs.boards.outcomes import Linked, Offer, Pair
from cogs.kit import codes
from cogs.kit.call import Call
from cogs.kit.codes import LASTS
from cogs.kit.faults import Conflict, Misread, NotAllowed, NotFound, Stale, TryLater
from storage.records.link import BoardFilter, CodeFor, CodeState
from storage.records.notice import Lane, NewNotice
from storage.records.people import Community
from storage.work import OpenWork, Work

#: The notice to whoever made the code, that it was used.
LINKED = "boards.linked"


def home(call: Call) -> int:
    """The caller's community. Raises NotAllowed where there is none."""
    if call.community_id is None:
        raise NotAllowed("That belongs to a community.", how="Use it in your server or group.")
    return call.community_id


async def offer(open_work: OpenWork, call: Call) -> Offer:
    """A new code for the board of the caller's community, instead of an earlier one of theirs."""
    async with open_work() as work:
        here = await _community(work, home(call))
        code = codes.new_code()
        made = await work.links.put(
            CodeFor.BOARD,
            call.person_id,
            here.surface,
            await codes.digest(work, code),
            call.now,
            call.now + LASTS,
            community_id=here.id,
        )
        await work.commit()
    return Offer(code, made, here)


async def type_in(open_work: OpenWork, call: Call, text: str) -> Pair:
    """Use a code up. Nothing is linked yet: both communities are shown to whoever typed it.

    Raises Misread for what is no code (any more), TryLater after five tries in an hour, Conflict when linked already.
    """
    code = codes.read_code(text)
    if code is None:
        raise _misread("A code has eight letters and figures. The other community makes one with /setup link.")
    async with open_work() as work:
        here = await _community(work, home(call))
        digest = await codes.digest(work, code)
        found = await work.links.behind(CodeFor.BOARD, digest, call.now)
        if found is not None and found.community_id == here.id:
            raise _misread("That code was made here. Type it in the other community.")
        if not await work.links.count_try(call.person_id, call.now, most=codes.TRIES):
            until = await work.links.tries_until(call.person_id, call.now)
            raise TryLater("That was tried too often within an hour.", until=until)
        taken = None
        if found is not None and found.community_id is not None:
            await _not_linked(work, here.id, found.community_id)
            taken = await work.links.take(
                CodeFor.BOARD, digest, call.person_id, here.surface, call.now, call.now + LASTS, community_id=here.id
            )
        there = await work.communities.get(taken.community_id) if taken is not None and taken.community_id else None
        await work.commit()  # a wrong try counts too
    if taken is None or there is None:
        raise _misread("That code is not known, was used, or is older than ten minutes.")
    return Pair(taken.id, here, there)


async def confirm(open_work: OpenWork, call: Call, code_id: int) -> Pair:
    """Link the two boards; everything passes both ways until somebody narrows it.

    Raises Stale when the code has run out, was typed in elsewhere or by somebody else, or whoever made it has left
    their community since; Conflict when the two are linked already.
    """
    async with open_work() as work:
        code = await work.links.get(code_id, call.now)
        if code is None or code.purpose is not CodeFor.BOARD or code.taken_by != call.person_id:
            raise _run_out()
        if code.taken_there != home(call) or code.community_id is None:
            raise _run_out()
        if not await work.communities.is_member(code.person_id, code.community_id):
            raise _run_out()
        here, there = await _community(work, code.taken_there), await work.communities.get(code.community_id)
        if there is None or not there.active:
            raise _run_out()
        if not await work.links.step(code.id, CodeState.TAKEN, CodeState.DONE, call.now, code.expires_at):
            raise _run_out()
        if not await work.boards.link(here.id, there.id, call.now):
            raise _already()
        await _write_down(work, call, here, there, "linked", maker_id=code.person_id)
        await _tell(work, LINKED, code.person_id, call, community=there.id, other=here.id)
        await work.commit()
    return Pair(code_id, here, there)


async def links(open_work: OpenWork, call: Call) -> list[Linked]:
    """What the caller's community is linked with."""
    async with open_work(reading=True) as work:
        found = []
        for link in await work.boards.of(home(call)):
            other = await work.communities.get(link.other_id)
            if other is not None:
                found.append(Linked(link, other))
        return found


async def one(open_work: OpenWork, call: Call, link_id: int) -> Linked:
    """One of the community's links. Raises NotFound for those of others, as for none."""
    for found in await links(open_work, call):
        if found.link.id == link_id:
            return found
    raise NotFound("link", list_command="/setup links")


async def narrow(open_work: OpenWork, call: Call, link_id: int, wanted: BoardFilter, *, takes: bool) -> Linked:
    """Say which gigs pass from now on: those that come (takes), or those that go. Raises NotFound."""
    async with open_work() as work:
        changed = await work.boards.set_filter(
            link_id, home(call), takes=wanted if takes else None, gives=None if takes else wanted
        )
        other = await work.communities.get(changed.other_id) if changed is not None else None
        if changed is None or other is None:
            raise NotFound("link", list_command="/setup links")
        await work.audit.note(
            changed.community_id,
            call.person_id,
            "set",
            f"board link with {other.name}",
            call.now,
            way="takes" if takes else "gives",
            passes=wanted.as_json(),
        )
        await work.commit()
    return Linked(changed, other)


async def unlink(open_work: OpenWork, call: Call, link_id: int) -> tuple[Linked, int]:
    """Take a link apart: each side's open gigs leave the other's board. Returns how many those were.

    Raises NotFound for links of others, as for one that is gone.
    """
    here_id = home(call)
    async with open_work() as work:
        link = await work.boards.get(link_id, here_id)
        other = await work.communities.get(link.other_id) if link is not None else None
        if link is None or other is None or not await work.boards.unlink(here_id, other.id):
            raise NotFound("link", list_command="/setup links")
        gone = await work.boards.come_apart(here_id, other.id, call.now)
        for hung in gone:
            await work.notices.refresh("gigs.linked", hung.id, call.now)
            await work.notices.cancel("gigs.crossed", call.now, hung_id=hung.id)
        here = await _community(work, here_id)
        await _write_down(work, call, here, other, "unlinked")
        await work.commit()
    return Linked(link, other), len(gone)


async def _write_down(
    work: Work, call: Call, here: Community, there: Community, act: str, *, maker_id: int | None = None
) -> None:
    """Each community's log says what became of its board; the other side's people are not named in it."""
    await work.audit.note(here.id, call.person_id, act, f"board of {there.name}", call.now)
    await work.audit.note(there.id, maker_id, act, f"board of {here.name}", call.now)


async def _tell(work: Work, kind: str, person_id: int, call: Call, *, community: int, other: int) -> None:
    await work.notices.add(
        NewNotice(
            kind=kind,
            person_id=person_id,
            args={"community": community, "other": other, "to": person_id},
            due_at=call.now,
            key=f"{kind}:{community}:{other}:{call.now.timestamp():.0f}",
            lane=Lane.URGENT,
            urgent=True,
        ),
        call.now,
    )


async def _community(work: Work, community_id: int) -> Community:
    found = await work.communities.get(community_id)
    if found is None:
        raise NotFound("community")
    return found


async def _not_linked(work: Work, here: int, there: int) -> None:
    if await work.boards.between(here, there) is not None:
        raise _already()


def _already() -> Conflict:
    return Conflict("These two boards are linked already.", how="See what passes, and change it: /setup links")


def _misread(what: str) -> Misread:
    return Misread(what, example=codes.EXAMPLE, field="code")


def _run_out() -> Stale:
    return Stale("That code was used or has run out. The other community makes a new one with /setup link.")
