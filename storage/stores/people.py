"""People: who somebody is on each platform, what they play, what they set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, Select, and_, bindparam, case, delete, func, or_, select, update

from storage.faults import Gone
from storage.records.people import Identity, Person
from storage.stores.base import PersonalStore
from storage.stores.ready import Ready, among
from storage.tables.base import METADATA
from storage.tables.columns import folded
from storage.tables.communities import memberships
from storage.tables.people import identities, people, person_roles, person_settings

#: How stale "last seen" may be. Writing it at every tap would cost a sync to disk each time.
SEEN_EVERY = timedelta(minutes=1)

_IDENTITY_FIELDS = tuple(column.name for column in identities.c if column.name != "name_key")
_PERSON_FIELDS = tuple(column.name for column in people.c if column.name != "name_key")

_IDENTITY = Ready(
    select(*(identities.c[name] for name in _IDENTITY_FIELDS)).where(
        identities.c.surface == bindparam("surface"), identities.c.account == bindparam("account")
    )
)
_IDENTITIES_OF = Ready(
    select(*(identities.c[name] for name in _IDENTITY_FIELDS))
    .where(identities.c.person_id == bindparam("person"))
    .order_by(identities.c.seen_at.desc(), identities.c.surface, identities.c.account)
)
_SETTINGS = Ready(
    select(person_settings.c.name, person_settings.c.value)
    .where(person_settings.c.person_id == bindparam("person"))
    .order_by(person_settings.c.name)
)
_SETTING = Ready(
    select(person_settings.c.value).where(
        person_settings.c.person_id == bindparam("person"), person_settings.c.name == bindparam("setting")
    )
)
_MANY = Ready(select(*(people.c[name] for name in _PERSON_FIELDS)).where(among(people.c.id, "ids")))
_ROLES = Ready(
    select(person_roles.c.person_id, person_roles.c.role, person_roles.c.is_double)
    .where(among(person_roles.c.person_id, "ids"))
    .order_by(person_roles.c.person_id, person_roles.c.position)
)


class PeopleStore(PersonalStore):
    """Questions and deeds about people and their accounts."""

    personal = (person_roles.c.person_id, person_settings.c.person_id, identities.c.person_id, people.c.id)

    async def add(self, name: str, now: datetime) -> Person:
        """A new person, with nothing known but a name."""
        blank = Person(id=0, name=name, made_at=now)
        values = {field: getattr(blank, field) for field in _PERSON_FIELDS if field != "id"}
        row = (
            await self._run(people.insert().values(**values, name_key=folded(name)).returning(*_person_columns()))
        ).mappings()
        return _person(row.one(), ())

    async def get(self, person_id: int) -> Person | None:
        """The person, with their roles."""
        return (await self.many([person_id])).get(person_id)

    async def many(self, person_ids: Sequence[int]) -> dict[int, Person]:
        """Several people at once, by id; ids nobody has are left out."""
        if not person_ids:
            return {}
        found = await self._with_roles(await self._ready(_MANY, ids=person_ids))
        return {person.id: person for person in found}

    async def change(self, person_id: int, **fields: Any) -> Person:
        """Set fields of the record (not roles) and return it. Raises Gone when there is no such person."""
        unknown = fields.keys() - set(_PERSON_FIELDS) | fields.keys() & {"id", "made_at"}
        if unknown:
            raise TypeError(f"not fields of a person that can be changed: {', '.join(sorted(unknown))}")
        if "name" in fields:
            fields["name_key"] = folded(fields["name"])
        if fields and not await self._count(update(people).where(people.c.id == person_id).values(**fields)):
            raise Gone(f"person {person_id}")
        person = await self.get(person_id)
        if person is None:
            raise Gone(f"person {person_id}")
        return person

    async def set_roles(self, person_id: int, roles: Sequence[str], doubles: Sequence[str] = ()) -> None:
        """What they play, in order, instead of what was there; a role in both lists counts as a main one."""
        await self._do(delete(person_roles).where(person_roles.c.person_id == person_id))
        main = list(dict.fromkeys(roles))
        rows = [(role, False) for role in main]
        rows += [(role, True) for role in dict.fromkeys(doubles) if role not in main]
        if rows:
            await self._do(
                person_roles.insert(),
                [
                    {"person_id": person_id, "role": role, "position": position, "is_double": is_double}
                    for position, (role, is_double) in enumerate(rows)
                ],
            )

    async def identity(self, surface: str, account: str) -> Identity | None:
        """The account, and whose it is."""
        return await self._one(_IDENTITY, _identity, surface=surface, account=account)

    async def identities_of(self, person_id: int) -> list[Identity]:
        """Every account of the person, the most recently seen first."""
        return await self._all(_IDENTITIES_OF, _identity, person=person_id)

    async def greet(
        self,
        surface: str,
        account: str,
        name: str,
        now: datetime,
        dm: str | None = None,
        *,
        handle: str | None = None,
    ) -> Person:
        """The person behind an account, made if this is their first word; the account's name and time are refreshed.

        name: as the platform shows it now; it becomes the person's own name only when they are new.
        dm: where private messages go, if this contact showed it; None leaves what is known.
        handle: what others type to mention them, where that is not the name; it is kept with the account then.
        Two first words at the same time make one person.
        """
        known = await self.identity(surface, account)
        if known is None:
            known = await self._first_word(surface, account, name, now, dm)
        changes: dict[str, object] = {}
        if known.name != (shown := handle or name):
            changes |= {"name": shown, "name_key": folded(shown)}
        if dm is not None and known.dm != dm:
            changes["dm"] = dm
        if changes or now - known.seen_at >= SEEN_EVERY:
            # Never backwards: a delayed update must not make an account look unused.
            changes["seen_at"] = max(now, known.seen_at)
            await self._do(update(identities).where(*_account(surface, account)).values(**changes))
        person = await self.get(known.person_id)
        assert person is not None  # the foreign key holds
        if not person.name and name:  # a bare address was kept (`keep_address`), and now somebody speaks from it
            return await self.change(person.id, name=name)
        return person

    async def keep_address(self, surface: str, account: str, dm: str | None, now: datetime) -> Person:
        """Somebody without a name, a choice or a membership: an address to which a last message can go.

        The account must not be known (any more).
        """
        person = await self.add("", now)
        await self._do(
            identities.insert().values(
                surface=surface,
                account=account,
                person_id=person.id,
                name=account,
                name_key=folded(account),
                dm=dm,
                seen_at=now,
            )
        )
        return person

    async def begin_tour(self, person_id: int) -> bool:
        """Note that the person has been told where to begin; True for the first who asks, False ever after."""
        return bool(
            await self._count(
                update(people).where(people.c.id == person_id, people.c.tour_step == 0).values(tour_step=1)
            )
        )

    async def traces(self, person_id: int) -> dict[str, int]:
        """How many rows of any table point at the person, their own row included; tables without one are left out.

        It follows the foreign keys and not the stores, so that it finds what a store has overlooked.
        """
        found: dict[str, int] = {}
        for table in METADATA.sorted_tables:
            for column in table.c:
                if column.references(people.c.id) or column is people.c.id:
                    statement = select(func.count()).select_from(table).where(column == person_id)
                    count = (await self._run(statement)).scalar_one()
                    if count:
                        found[table.name] = found.get(table.name, 0) + count
        return found

    async def _first_word(
        self, surface: str, account: str, name: str, now: datetime, dm: str | None
    ) -> Identity:
        person = await self.add(name, now)
        kept = await self._one(
            self._insert(identities)
            .values(
                surface=surface, account=account, person_id=person.id, name=name, name_key=folded(name), dm=dm,
                seen_at=now,
            )
            .on_conflict_do_nothing(index_elements=["surface", "account"])
            .returning(*_identity_columns()),
            _identity,
        )  # fmt: skip
        if kept is not None:
            return kept
        # Somebody was faster between the look and the insert (PostgreSQL only); theirs is committed by now.
        await self._do(delete(people).where(people.c.id == person.id))
        kept = await self.identity(surface, account)
        assert kept is not None
        return kept

    async def attach(self, surface: str, account: str, person_id: int) -> bool:
        """Give an account to another person (linking); False when there is no such account."""
        return bool(
            await self._count(update(identities).where(*_account(surface, account)).values(person_id=person_id))
        )

    async def mark_unreachable(self, surface: str, account: str, reason: str) -> None:
        """Private messages to this account are refused, and why."""
        await self._do(update(identities).where(*_account(surface, account)).values(unreachable=reason))

    async def mark_reachable(self, surface: str, account: str) -> None:
        """Private messages to this account arrive (again)."""
        await self._do(
            update(identities)
            .where(*_account(surface, account), identities.c.unreachable.is_not(None))
            .values(unreachable=None)
        )

    async def set_dm(self, surface: str, account: str, dm: str | None) -> None:
        """Where private messages to this account go; None: nowhere until the person opens a chat."""
        await self._do(update(identities).where(*_account(surface, account)).values(dm=dm))

    async def named(self, community_id: int, text: str, limit: int = 8) -> list[Person]:
        """Members of the community that a typed name may mean: the same name first, then names it begins.

        Case, a leading @ and spare blanks do not matter. Own names and account names both count. Never looks beyond
        the community: who is elsewhere is nobody's business here.
        """
        key = folded(text.strip().removeprefix("@"))
        if not key:
            return []
        account = (
            select(identities.c.person_id)
            .where(identities.c.person_id == people.c.id, _begins(identities.c.name_key, key))
            .exists()
        )
        same_account = (
            select(identities.c.person_id)
            .where(identities.c.person_id == people.c.id, identities.c.name_key == key)
            .exists()
        )
        return await self._people(
            select(*_person_columns())
            .join(memberships, memberships.c.person_id == people.c.id)
            .where(
                memberships.c.community_id == community_id,
                memberships.c.left_at.is_(None),
                or_(_begins(people.c.name_key, key), account),
            )
            .order_by(
                case((people.c.name_key == key, 0), (same_account, 1), else_=2), people.c.name_key, people.c.id
            )
            .limit(limit)
        )

    async def setting(self, person_id: int, name: str) -> str | None:
        """One switch of the person; None when never set."""
        rows = await self._ready(_SETTING, person=person_id, setting=name)
        return str(rows[0]["value"]) if rows else None

    async def settings(self, person_id: int) -> dict[str, str]:
        """Every switch the person has set, by name."""
        return {row["name"]: row["value"] for row in await self._ready(_SETTINGS, person=person_id)}

    async def set_setting(self, person_id: int, name: str, value: str | None) -> None:
        """Set a switch; None takes it back to "never set"."""
        if value is None:
            await self._do(
                delete(person_settings).where(
                    person_settings.c.person_id == person_id, person_settings.c.name == name
                )
            )
            return
        await self._do(
            self._insert(person_settings)
            .values(person_id=person_id, name=name, value=value)
            .on_conflict_do_update(index_elements=["person_id", "name"], set_={"value": value})
        )

    async def _people(self, statement: Select[Any]) -> list[Person]:
        return await self._with_roles((await self._run(statement)).mappings().all())

    async def _with_roles(self, rows: Sequence[RowMapping]) -> list[Person]:
        roles = await self._roles([row["id"] for row in rows])
        return [_person(row, roles.get(row["id"], ())) for row in rows]

    async def _roles(self, person_ids: list[int]) -> dict[int, list[tuple[str, bool]]]:
        found: dict[int, list[tuple[str, bool]]] = {}
        if person_ids:
            for row in await self._ready(_ROLES, ids=person_ids):
                found.setdefault(row["person_id"], []).append((row["role"], row["is_double"]))
        return found


def _account(surface: str, account: str) -> tuple[Any, Any]:
    return identities.c.surface == surface, identities.c.account == account


def _begins(column: Any, prefix: str) -> Any:
    # A range, not LIKE: it uses the index on both databases and knows no wildcards.
    return and_(column >= prefix, column < prefix + "\U0010ffff")


def _person_columns() -> list[Any]:
    return [people.c[name] for name in _PERSON_FIELDS]


def _identity_columns() -> list[Any]:
    return [identities.c[name] for name in _IDENTITY_FIELDS]


def _identity(row: Mapping[str, Any] | RowMapping) -> Identity:
    return Identity(**row)


def _person(row: RowMapping, roles: Sequence[tuple[str, bool]]) -> Person:
    return Person(
        **row,
        roles=tuple(role for role, is_double in roles if not is_double),
        doubles=tuple(role for role, is_double in roles if is_double),
    )
