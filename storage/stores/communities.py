"""Communities, their channels, and who belongs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, delete, func, or_, select, update

from storage.faults import Gone
from storage.records.people import Channel, Community, Membership
from storage.stores.base import PersonalStore
from storage.stores.people import SEEN_EVERY
from storage.stores.ready import Ready
from storage.tables.base import METADATA
from storage.tables.communities import channels, communities, memberships
from storage.tables.drafts import drafts
from storage.tables.notices import notices
from storage.tables.people import identities
from storage.tables.postings import postings

_CHANGEABLE = frozenset(column.name for column in communities.c) - {"id", "surface", "account", "made_at"}
_CHANNEL_CHANGEABLE = frozenset(column.name for column in channels.c) - {"id", "surface"}

_GET = Ready(select(communities).where(communities.c.id == bindparam("id")))
_GET_CHANNEL = Ready(select(channels).where(channels.c.id == bindparam("id")))
_OF_COMMUNITY = select(channels).where(channels.c.community_id == bindparam("community")).order_by(channels.c.id)
_CHANNELS_OF = Ready(_OF_COMMUNITY)
_BOARDS_OF = Ready(_OF_COMMUNITY.where(channels.c.board == bindparam("board")))
_MEMBERSHIP = Ready(
    select(memberships).where(
        memberships.c.person_id == bindparam("person"), memberships.c.community_id == bindparam("community")
    )
)
_COMMUNITIES_OF = Ready(
    select(communities)
    .join(memberships, memberships.c.community_id == communities.c.id)
    .where(
        memberships.c.person_id == bindparam("person"),
        memberships.c.left_at.is_(None),
        communities.c.active.is_(True),
    )
    .order_by(memberships.c.seen_at.desc(), communities.c.id)
)


class CommunityStore(PersonalStore):
    """Questions and deeds about servers, groups, channels and memberships."""

    personal = (memberships.c.person_id,)

    async def greet(self, surface: str, account: str, name: str, now: datetime) -> Community:
        """The community behind a server or chat, made if it is new, active again if the bot had been removed."""
        known = await self.at(surface, account)
        if known is None:
            known = await self._one(
                self._insert(communities)
                .values(
                    surface=surface, account=account, name=name, active=True, settings={}, made_at=now
                )
                .on_conflict_do_update(index_elements=["surface", "account"], set_={"name": name, "active": True})
                .returning(*communities.c),
                _community,
            )  # fmt: skip
            assert known is not None
        if known.name != name or not known.active:
            return await self.change(known.id, name=name, active=True)
        return known

    async def get(self, community_id: int) -> Community | None:
        """One community."""
        return await self._one(_GET, _community, id=community_id)

    async def at(self, surface: str, account: str) -> Community | None:
        """The community of a server or chat, if it was ever greeted."""
        return await self._one(
            select(communities).where(communities.c.surface == surface, communities.c.account == account), _community
        )

    async def of_surface(self, surface: str) -> list[Community]:
        """Every community of a surface that was ever greeted, those included that put the bot out."""
        return await self._all(
            select(communities).where(communities.c.surface == surface).order_by(communities.c.id), _community
        )

    async def change(self, community_id: int, **fields: Any) -> Community:
        """Set fields of the record and return it. Raises Gone when there is no such community."""
        unknown = fields.keys() - _CHANGEABLE
        if unknown:
            raise TypeError(f"not fields of a community that can be changed: {', '.join(sorted(unknown))}")
        changed = await self._one(
            update(communities).where(communities.c.id == community_id).values(**fields).returning(*communities.c),
            _community,
        )
        if changed is None:
            raise Gone(f"community {community_id}")
        return changed

    async def set_setting(self, community_id: int, name: str, value: object) -> Community:
        """Set one of the moderators' choices, a JSON value; None removes it. Raises Gone for no such community."""
        # The lock makes two moderators wait for each other on PostgreSQL; SQLite has one writer anyway.
        settings = (
            await self._run(
                select(communities.c.settings).where(communities.c.id == community_id).with_for_update()
            )
        ).scalar()
        if settings is None:
            raise Gone(f"community {community_id}")
        changed = {key: kept for key, kept in settings.items() if key != name}
        if value is not None:
            changed[name] = value
        return await self.change(community_id, settings=changed)

    async def deactivate(self, community_id: int) -> None:
        """The bot was removed: nothing is posted there until it is greeted again."""
        await self._do(update(communities).where(communities.c.id == community_id).values(active=False))

    async def channel(self, surface: str, address: str) -> Channel | None:
        """The channel at an address, if known."""
        return await self._one(
            select(channels).where(channels.c.surface == surface, channels.c.address == address), _channel
        )

    async def channel_by_id(self, channel_id: int) -> Channel | None:
        """One channel."""
        return await self._one(_GET_CHANNEL, _channel, id=channel_id)

    async def greet_channel(
        self, community_id: int, surface: str, address: str, name: str, shape: str = "text"
    ) -> Channel:
        """The channel at an address, made if it is new; name, shape and community are as the platform says now."""
        now_called = {"community_id": community_id, "name": name, "shape": shape}
        known = await self.channel(surface, address)
        if known is not None and (known.community_id, known.name, known.shape) == (community_id, name, shape):
            return known
        kept = await self._one(
            self._insert(channels)
            .values(surface=surface, address=address, board=False, **now_called)
            .on_conflict_do_update(index_elements=["surface", "address"], set_=now_called)
            .returning(*channels.c),
            _channel,
        )
        assert kept is not None
        return kept

    async def change_channel(self, channel_id: int, **fields: Any) -> Channel:
        """Set fields of a channel and return it. Raises Gone when there is no such channel."""
        unknown = fields.keys() - _CHANNEL_CHANGEABLE
        if unknown:
            raise TypeError(f"not fields of a channel that can be changed: {', '.join(sorted(unknown))}")
        changed = await self._one(
            update(channels).where(channels.c.id == channel_id).values(**fields).returning(*channels.c), _channel
        )
        if changed is None:
            raise Gone(f"channel {channel_id}")
        return changed

    async def channels_of(self, community_id: int, board: bool | None = None) -> list[Channel]:
        """The community's channels in the order they became known; `board`: only those with, or without, gig cards."""
        if board is None:
            return await self._all(_CHANNELS_OF, _channel, community=community_id)
        return await self._all(_BOARDS_OF, _channel, community=community_id, board=board)

    async def move_channel(self, surface: str, old: str, new: str) -> None:
        """A chat got another address (a Telegram group became a supergroup): rewrite it wherever it is kept.

        Topics of the chat ("<chat>:<topic>") move along, and so does the community whose account it was. What became
        known under the new address meanwhile is joined to the old, which holds the settings.
        """
        await self._move_community(surface, old, new)
        for channel in await self._all(
            select(channels).where(channels.c.surface == surface, _at_or_below(channels.c.address, old)), _channel
        ):
            address = new + channel.address.removeprefix(old)
            newcomer = await self.channel(surface, address)
            if newcomer is not None:
                await self._replace_channel(newcomer.id, channel.id)
            await self._do(update(channels).where(channels.c.id == channel.id).values(address=address))
        for owner, column in (
            (identities.c.surface, identities.c.dm),
            (postings.c.surface, postings.c.address),
            (notices.c.platform, notices.c.dest),
        ):
            await self._do(
                update(column.table)
                .where(owner == surface, _at_or_below(column, old))
                .values({column.name: new + func.substr(column, len(old) + 1)})
            )
        place = f"{surface}:{old}"
        await self._do(
            update(drafts)
            .where(_at_or_below(drafts.c.place, place))
            .values(place=f"{surface}:{new}" + func.substr(drafts.c.place, len(place) + 1))
        )

    async def _move_community(self, surface: str, old: str, new: str) -> None:
        community = await self.at(surface, old)
        if community is None:
            return
        newcomer = await self.at(surface, new)
        if newcomer is not None:
            await self._do(
                update(channels).where(channels.c.community_id == newcomer.id).values(community_id=community.id)
            )
            await self._do(
                update(communities)
                .where(communities.c.id == newcomer.id)
                .values(account=f"{new}#{newcomer.id}", active=False)
            )
        await self._do(update(communities).where(communities.c.id == community.id).values(account=new, active=True))

    async def _replace_channel(self, gone: int, kept: int) -> None:
        """Whatever points at the channel `gone` points at `kept` from now on."""
        for table in METADATA.sorted_tables:
            for column in table.c:
                if column.references(channels.c.id):
                    await self._do(update(table).where(column == gone).values({column.name: kept}))
        await self._do(delete(channels).where(channels.c.id == gone))

    async def join(
        self, person_id: int, community_id: int, now: datetime, *, moderator: bool | None = None
    ) -> Membership:
        """The person belongs here (again) and was seen now. moderator: what the platform says; None leaves it."""
        known = await self.membership(person_id, community_id)
        said = {} if moderator is None else {"moderator": moderator}
        if (
            known is not None
            and known.left_at is None
            and now - known.seen_at < SEEN_EVERY
            and moderator in (None, known.moderator)
        ):
            return known
        kept = await self._one(
            self._insert(memberships)
            .values(
                **({"moderator": False} | said),
                person_id=person_id, community_id=community_id, joined_at=now, seen_at=now,
            )
            .on_conflict_do_update(
                index_elements=["person_id", "community_id"], set_={"seen_at": now, "left_at": None, **said}
            )
            .returning(*memberships.c),
            _membership,
        )  # fmt: skip
        assert kept is not None
        return kept

    async def leave(self, person_id: int, community_id: int, now: datetime) -> None:
        """The person left, or was removed; what they made stays."""
        await self._do(
            update(memberships)
            .where(*_between(person_id, community_id), memberships.c.left_at.is_(None))
            .values(left_at=now, moderator=False)
        )

    async def membership(self, person_id: int, community_id: int) -> Membership | None:
        """How the person stands to the community; also of one who left."""
        return await self._one(_MEMBERSHIP, _membership, person=person_id, community=community_id)

    async def is_member(self, person_id: int, community_id: int) -> bool:
        """Whether the person belongs here and has not left."""
        known = await self.membership(person_id, community_id)
        return known is not None and known.left_at is None

    async def members(self, community_id: int) -> list[int]:
        """Ids of the people who belong here, lowest first."""
        rows = await self._run(
            select(memberships.c.person_id)
            .where(memberships.c.community_id == community_id, memberships.c.left_at.is_(None))
            .order_by(memberships.c.person_id)
        )
        return list(rows.scalars())

    async def communities_of(self, person_id: int) -> list[Community]:
        """Where the person belongs, the community they were seen in last first; those the bot has left are not told."""
        return await self._all(_COMMUNITIES_OF, _community, person=person_id)


def _between(person_id: int, community_id: int) -> tuple[Any, Any]:
    return memberships.c.person_id == person_id, memberships.c.community_id == community_id


def _at_or_below(column: Any, address: str) -> Any:
    # ";" is the character after ":", so this is the address itself and every topic in it.
    return or_(column == address, and_(column >= f"{address}:", column < f"{address};"))


def _community(row: RowMapping) -> Community:
    return Community(**row)


def _channel(row: RowMapping) -> Channel:
    return Channel(**row)


def _membership(row: RowMapping) -> Membership:
    return Membership(**row)
