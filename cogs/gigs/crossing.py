"""Cards on the boards of other communities: which cross a link, how they look there, and when they come off.

Such a card is one of its own for each community (`gigs.linked`), so that it can say where it comes from, speak that
community's trade words, and be taken off there while the gig goes on at home. Unpaid gigs hang on no board, and so
cross none. What the other community's rules ask for holds on its board as well: a gig that does not say it is not
hung there, and that community's log says why; its poster and its home are none the wiser.
"""

from __future__ import annotations

from datetime import datetime

from cogs.gigs import rules
from cogs.gigs.board_rules import missing
from cogs.kit.reply import CardRef, Reply, Tags
from cogs.kit.words import Code, Strong, line
from storage.records.board_rules import BoardRules
from storage.records.gig import Gig
from storage.records.notice import NewNotice
from storage.records.people import Community
from storage.reference import instruments
from storage.work import Work

#: The card of a gig on the board of others; its subject is the number of the row that says where it hangs.
CARD = "gigs.linked"


async def hang(work: Work, gig: Gig, now: datetime) -> tuple[Community, ...]:
    """Put the card up on every linked board that takes it and on which it does not hang; on whose boards it is new."""
    if gig.unpaid:
        return ()
    alike = frozenset(instruments.alike(gig.role))
    reached: list[Community] = []
    for link in await work.boards.of(gig.community_id):
        theirs = await work.boards.between(link.other_id, gig.community_id)
        other = await work.communities.get(link.other_id)
        if theirs is None or other is None or not other.active:
            continue
        if not (link.gives.passes(gig, alike) and theirs.takes.passes(gig, alike)):
            continue
        boards = await work.communities.channels_of(other.id, board=True)
        known = await work.boards.hung(gig.id, other.id)
        if not boards or (known is not None and (known.removed_at or await work.postings.of(CARD, known.id))):
            continue
        reasons = await _against(work, gig, other, now)
        if reasons:
            await work.audit.note(other.id, None, "not hung", gig.ref, now, reason="; ".join(reasons))
            continue
        hung = await work.boards.hang(gig.id, other.id, now)
        for channel in boards:
            await work.notices.add(
                NewNotice(
                    kind="gigs.crossed",
                    channel_id=channel.id,
                    args={"hung_id": hung.id},
                    due_at=now,
                    key=f"gigs.crossed:{hung.id}:{channel.id}",
                    expires_after=max(gig.expires_at - now, rules.UNDO_FOR),
                ),
                now,
            )
        reached.append(other)
    return tuple(reached)


async def _against(work: Work, gig: Gig, other: Community, now: datetime) -> list[str]:
    """Why the other community's rules keep a gig off its board."""
    found: list[str] = []
    if await work.moderation.muted(other.id, gig.poster_id, now) is not None:
        found.append("its poster may not post here for now")
    lacking = missing(BoardRules.of(other.settings), gig)
    if lacking:
        found.append("it does not say: " + ", ".join(needed.label for needed in lacking))
    return found


async def call_off(work: Work, gig_id: int, now: datetime) -> None:
    """Do not put up what is not up yet; `hang` does so another time."""
    for hung in await work.boards.everywhere(gig_id):
        await work.notices.cancel("gigs.crossed", now, hung_id=hung.id)


async def redraw(work: Work, gig_id: int, now: datetime) -> None:
    """Have the gig's cards on the boards of others drawn again."""
    for hung in await work.boards.everywhere(gig_id):
        await work.notices.refresh(CARD, hung.id, now)


def card(board: Reply, hung_id: int, home: Community, *, removed: Gig | None) -> Reply:
    """The card as it hangs on the board of others. board: as at home. removed: the gig, when it hangs there no more."""
    where = CardRef(CARD, hung_id)
    if removed is not None:
        gone = line(Code(removed.ref), " is no longer on this board.")
        return Reply(lines=(gone,), card=where, tags=Tags((), closed=True))
    return board.with_(card=where, also=(*board.also, line("From ", Strong(home.name), ", linked with this board")))
