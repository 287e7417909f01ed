"""Linked boards: which communities share theirs, what may cross, and which gigs hang where besides at home."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, and_, bindparam, delete, or_, select, update

from storage.records.gig import LISTED, Gig
from storage.records.link import BoardFilter, BoardLink, Hung
from storage.stores.base import Store
from storage.stores.gigs import gig_of
from storage.stores.ready import Ready
from storage.tables.communities import communities, memberships
from storage.tables.gigs import gigs
from storage.tables.links import board_links, gig_boards

_OF = Ready(select(board_links).where(board_links.c.community_id == bindparam("community")).order_by(board_links.c.id))


class BoardStore(Store):
    """Questions and deeds about linked boards. Nothing here is about a person."""

    # --- links --------------------------------------------------------------------------------------------------------

    async def link(self, one: int, other: int, now: datetime) -> bool:
        """Link two communities, everything passing both ways; False when they are linked already.

        Two who do so at once make one link: both write the side of the lower number first.
        """
        made = 0
        for here, there in sorted([(one, other), (other, one)]):
            made += await self._count(
                self._insert(board_links)
                .values(community_id=here, other_id=there, takes={}, gives={}, made_at=now)
                .on_conflict_do_nothing(index_elements=["community_id", "other_id"])
            )
        return made > 0

    async def unlink(self, one: int, other: int) -> bool:
        """Undo the link of two communities, both sides of it; False when there was none."""
        both = or_(
            and_(board_links.c.community_id == one, board_links.c.other_id == other),
            and_(board_links.c.community_id == other, board_links.c.other_id == one),
        )
        return bool(await self._count(delete(board_links).where(both)))

    async def of(self, community_id: int) -> list[BoardLink]:
        """The community's links, oldest first."""
        return await self._all(_OF, _link, community=community_id)

    async def between(self, community_id: int, other_id: int) -> BoardLink | None:
        """The link of two communities as the first sees it."""
        return await self._one(
            select(board_links).where(board_links.c.community_id == community_id, board_links.c.other_id == other_id),
            _link,
        )

    async def get(self, link_id: int, community_id: int) -> BoardLink | None:
        """One of the community's own links."""
        return await self._one(
            select(board_links).where(board_links.c.id == link_id, board_links.c.community_id == community_id), _link
        )

    async def set_filter(
        self,
        link_id: int,
        community_id: int,
        *,
        takes: BoardFilter | None = None,
        gives: BoardFilter | None = None,
    ) -> BoardLink | None:
        """Narrow what passes over one of the community's own links; None when there is no such link."""
        said = {name: one.as_json() for name, one in (("takes", takes), ("gives", gives)) if one is not None}
        return await self._one(
            update(board_links)
            .where(board_links.c.id == link_id, board_links.c.community_id == community_id)
            .values(**said)
            .returning(*board_links.c),
            _link,
        )

    # --- where gigs hang ----------------------------------------------------------------------------------------------

    async def hang(self, gig_id: int, community_id: int, now: datetime) -> Hung:
        """A gig of another community hangs here from now on; one that was taken off stays off."""
        await self._do(
            self._insert(gig_boards)
            .values(gig_id=gig_id, community_id=community_id, hung_at=now)
            .on_conflict_do_nothing(index_elements=["gig_id", "community_id"])
        )
        kept = await self.hung(gig_id, community_id)
        assert kept is not None
        return kept

    async def hung(self, gig_id: int, community_id: int) -> Hung | None:
        """How a gig of another community stands on this community's board; None when it never hung there."""
        return await self._one(
            select(gig_boards).where(gig_boards.c.gig_id == gig_id, gig_boards.c.community_id == community_id), _hung
        )

    async def get_hung(self, hung_id: int) -> Hung | None:
        """One of them by its number, which is the subject of its card."""
        return await self._one(select(gig_boards).where(gig_boards.c.id == hung_id), _hung)

    async def everywhere(self, gig_id: int) -> list[Hung]:
        """Every board of others that the gig hangs on or hung on."""
        return await self._all(select(gig_boards).where(gig_boards.c.gig_id == gig_id).order_by(gig_boards.c.id), _hung)

    async def take_off(
        self, gig_id: int, community_id: int, now: datetime, *, reason: str | None = None
    ) -> Hung | None:
        """Take a gig of another community off this board, and off no other; None when it does not hang there."""
        return await self._one(
            update(gig_boards)
            .where(
                gig_boards.c.gig_id == gig_id,
                gig_boards.c.community_id == community_id,
                gig_boards.c.removed_at.is_(None),
            )
            .values(removed_at=now, reason=reason)
            .returning(*gig_boards.c),
            _hung,
        )

    async def put_back(self, gig_id: int, community_id: int) -> Hung | None:
        """Undo `take_off`; None when it was not taken off, or the boards are not linked any more."""
        home = select(gigs.c.community_id).where(gigs.c.id == gig_id).scalar_subquery()
        linked = select(board_links.c.id).where(
            board_links.c.community_id == community_id, board_links.c.other_id == home
        )
        return await self._one(
            update(gig_boards)
            .where(
                gig_boards.c.gig_id == gig_id,
                gig_boards.c.community_id == community_id,
                gig_boards.c.removed_at.is_not(None),
                linked.exists(),
            )
            .values(removed_at=None, reason=None)
            .returning(*gig_boards.c),
            _hung,
        )

    async def come_apart(self, one: int, other: int, now: datetime) -> list[Hung]:
        """Take the listed gigs of each of two communities off the other's board; what was taken off."""
        found: list[Hung] = []
        for home, there in ((one, other), (other, one)):
            theirs = select(gigs.c.id).where(gigs.c.community_id == home, gigs.c.state.in_(LISTED))
            found += await self._all(
                update(gig_boards)
                .where(
                    gig_boards.c.community_id == there,
                    gig_boards.c.removed_at.is_(None),
                    gig_boards.c.gig_id.in_(theirs),
                )
                .values(removed_at=now, reason="the boards are no longer linked")
                .returning(*gig_boards.c),
                _hung,
            )
        return found

    async def lets_see(self, gig_id: int, person_id: int) -> bool:
        """Whether the person belongs to another community on whose board the gig hangs now, and the link stands."""
        found = await self._run(
            select(gig_boards.c.id)
            .join(gigs, gigs.c.id == gig_boards.c.gig_id)
            .join(
                board_links,
                and_(
                    board_links.c.community_id == gig_boards.c.community_id,
                    board_links.c.other_id == gigs.c.community_id,
                ),
            )
            .join(communities, and_(communities.c.id == gig_boards.c.community_id, communities.c.active.is_(True)))
            .join(
                memberships,
                and_(
                    memberships.c.community_id == gig_boards.c.community_id,
                    memberships.c.person_id == person_id,
                    memberships.c.left_at.is_(None),
                ),
            )
            .where(gig_boards.c.gig_id == gig_id, gig_boards.c.removed_at.is_(None))
            .limit(1)
        )
        return found.first() is not None

    async def let_see(self, gig_id: int, person_id: int) -> bool:
        """Whether the person belongs to another community on whose board the gig hangs or ever hung."""
        found = await self._run(
            select(gig_boards.c.id)
            .join(memberships, memberships.c.community_id == gig_boards.c.community_id)
            .where(
                gig_boards.c.gig_id == gig_id,
                memberships.c.person_id == person_id,
                memberships.c.left_at.is_(None),
            )
            .limit(1)
        )
        return found.first() is not None

    async def hung_here(self, community_id: int, limit: int = 500) -> list[Gig]:
        """The gigs of linked communities that hang on this community's board, in whatever state, the newest first."""
        return await self._all(
            select(gigs)
            .join(gig_boards, gig_boards.c.gig_id == gigs.c.id)
            .join(
                board_links,
                and_(board_links.c.community_id == community_id, board_links.c.other_id == gigs.c.community_id),
            )
            .where(gig_boards.c.community_id == community_id, gig_boards.c.removed_at.is_(None))
            .order_by(gig_boards.c.gig_id.desc())
            .limit(limit),
            gig_of,
        )


def _link(row: RowMapping) -> BoardLink:
    values = dict(row)
    values["takes"] = BoardFilter.of_json(values["takes"])
    values["gives"] = BoardFilter.of_json(values["gives"])
    return BoardLink(**values)


def _hung(row: RowMapping) -> Hung:
    return Hung(**row)
