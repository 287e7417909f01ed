"""One-time codes, how often they were tried, and which accounts were joined to whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, delete, func, or_, select, update

from storage.records.link import CodeFor, CodeState, LinkCode, PersonLink
from storage.stores.base import PersonalStore, Rows
from storage.tables.links import link_codes, link_tries, person_links
from storage.tables.people import people

#: How long a try counts.
TRIES_COUNT = timedelta(hours=1)

_CODE = [column for column in link_codes.c if column.name != "digest"]


class LinkStore(PersonalStore):
    """Questions and deeds about linking. Codes themselves never come here, only their keyed hashes."""

    personal = (link_codes.c.person_id, link_tries.c.person_id, person_links.c.person_id)

    # --- codes --------------------------------------------------------------------------------------------------------

    async def put(
        self,
        purpose: CodeFor,
        person_id: int,
        surface: str,
        digest: str,
        now: datetime,
        until: datetime,
        *,
        community_id: int | None = None,
    ) -> LinkCode:
        """Keep a new code, instead of the maker's earlier one for the same; codes that have run out go as well."""
        await self._do(
            delete(link_codes).where(
                or_(
                    link_codes.c.expires_at <= now,
                    (link_codes.c.purpose == purpose)
                    & (link_codes.c.person_id == person_id)
                    & (link_codes.c.surface == surface)
                    & (link_codes.c.community_id.is_not_distinct_from(community_id)),
                )
            )
        )
        kept = await self._one(
            link_codes.insert()
            .values(
                purpose=purpose,
                person_id=person_id,
                surface=surface,
                community_id=community_id,
                digest=digest,
                state=CodeState.MADE,
                made_at=now,
                expires_at=until,
            )
            .returning(*_CODE),
            _code,
        )
        assert kept is not None
        return kept

    async def behind(self, purpose: CodeFor, digest: str, now: datetime) -> LinkCode | None:
        """The code that can still be used; None when there is none, it was used, or it has run out."""
        return await self._one(select(*_CODE).where(*_usable(purpose, digest, now)), _code)

    async def take(
        self,
        purpose: CodeFor,
        digest: str,
        person_id: int,
        surface: str,
        now: datetime,
        until: datetime,
        *,
        community_id: int | None = None,
    ) -> LinkCode | None:
        """Use a code up, in one statement: of two who type it in at once one gets it, the other None."""
        return await self._one(
            update(link_codes)
            .where(*_usable(purpose, digest, now))
            .values(
                state=CodeState.TAKEN,
                taken_by=person_id,
                taken_on=surface,
                taken_there=community_id,
                expires_at=until,
            )
            .returning(*_CODE),
            _code,
        )

    async def step(self, code_id: int, before: CodeState, after: CodeState, now: datetime, until: datetime) -> bool:
        """Bring a code one step further; False when it is not at `before` any more, or has run out."""
        return bool(
            await self._count(
                update(link_codes)
                .where(link_codes.c.id == code_id, link_codes.c.state == before, link_codes.c.expires_at > now)
                .values(state=after, expires_at=until)
            )
        )

    async def get(self, code_id: int, now: datetime) -> LinkCode | None:
        """One code that has not run out."""
        return await self._one(select(*_CODE).where(link_codes.c.id == code_id, link_codes.c.expires_at > now), _code)

    async def wanted_of(self, person_id: int, now: datetime) -> LinkCode | None:
        """The newest of the person's own codes that somebody has confirmed, and that waits for their own word."""
        return await self._one(
            select(*_CODE)
            .where(
                link_codes.c.person_id == person_id,
                link_codes.c.purpose == CodeFor.PERSON,
                link_codes.c.state == CodeState.WANTED,
                link_codes.c.expires_at > now,
            )
            .order_by(link_codes.c.id.desc())
            .limit(1),
            _code,
        )

    async def drop(self, code_id: int) -> bool:
        """Throw a code away; whether there was one."""
        return bool(await self._count(delete(link_codes).where(link_codes.c.id == code_id)))

    # --- tries --------------------------------------------------------------------------------------------------------

    async def count_try(self, person_id: int, now: datetime, *, most: int) -> bool:
        """Note a try by (or at) somebody; False, and nothing noted, when the hour has had `most` already.

        Two at once follow one another, so that not one more gets through.
        """
        await self._do(select(people.c.id).where(people.c.id == person_id).with_for_update())
        await self._do(delete(link_tries).where(link_tries.c.at <= now - TRIES_COUNT))
        had = await self._run(select(func.count()).select_from(link_tries).where(link_tries.c.person_id == person_id))
        if had.scalar_one() >= most:
            return False
        await self._do(link_tries.insert().values(person_id=person_id, at=now))
        return True

    async def tries_until(self, person_id: int, now: datetime) -> datetime:
        """When the oldest try that counts stops counting."""
        first = (
            await self._run(
                select(link_tries.c.at)
                .where(link_tries.c.person_id == person_id, link_tries.c.at > now - TRIES_COUNT)
                .order_by(link_tries.c.at)
                .limit(1)
            )
        ).scalar()
        return (first or now) + TRIES_COUNT

    # --- joined accounts ----------------------------------------------------------------------------------------------

    async def joined(self, link: PersonLink) -> PersonLink:
        """Keep that an account was joined to a person, and give it its id."""
        values = {name: getattr(link, name) for name in _LINK if name != "id"}
        kept = await self._one(person_links.insert().values(**values).returning(*person_links.c), _link)
        assert kept is not None
        return kept

    async def of(self, person_id: int) -> list[PersonLink]:
        """The accounts that were joined to the person, the newest last."""
        return await self._all(
            select(person_links).where(person_links.c.person_id == person_id).order_by(person_links.c.id), _link
        )

    async def part(self, link_id: int, person_id: int) -> PersonLink | None:
        """Take a link of the person away and return it; of two who do so at once, one gets it."""
        return await self._one(
            delete(person_links)
            .where(person_links.c.id == link_id, person_links.c.person_id == person_id)
            .returning(*person_links.c),
            _link,
        )

    # --- everything of a person ---------------------------------------------------------------------------------------

    async def export(self, person_id: int) -> dict[str, Rows]:
        """The person's codes (without what would identify them), those they typed in, tries and links."""
        rows = await super().export(person_id)
        rows["link_codes"] = await self._rows(select(*_CODE).where(_theirs(person_id)))
        return rows

    async def forget(self, person_id: int) -> dict[str, int]:
        """Codes that anybody else made and this person typed in go too: nothing can come of them any more."""
        typed = await self._count(delete(link_codes).where(_theirs(person_id)))
        return await super().forget(person_id) | {"link_codes": typed}


def _usable(purpose: CodeFor, digest: str, now: datetime) -> tuple[Any, ...]:
    return (
        link_codes.c.digest == digest,
        link_codes.c.purpose == purpose,
        link_codes.c.state == CodeState.MADE,
        link_codes.c.expires_at > now,
    )


def _theirs(person_id: int) -> Any:
    return or_(link_codes.c.person_id == person_id, link_codes.c.taken_by == person_id)


_LINK = tuple(column.name for column in person_links.c)


def _code(row: RowMapping) -> LinkCode:
    return LinkCode(**row)


def _link(row: RowMapping) -> PersonLink:
    return PersonLink(**row)
