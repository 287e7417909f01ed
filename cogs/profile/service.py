"""Reading and changing what somebody set, one Work each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, NotFound, Stale
from cogs.kit.undo import offer_undo
from cogs.profile import rules
from cogs.profile.rules import NIGHT, NOTIFY, TOPICS, Route, Setting
from storage.records.people import Community, Person, Topic
from storage.work import OpenWork, Work

#: The person's switch that keeps the profile as it was before the last change.
_BEFORE = "profile.before"


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything on a person's panel. surfaces: where they have an account, the one they were seen on last first."""

    person: Person
    community: Community | None
    routes: Mapping[Topic, Route]
    surfaces: tuple[str, ...]


async def mine(open_work: OpenWork, call: Call) -> Mine:
    """What the caller has set, and the community whose choices stand in for what they have not."""
    async with open_work(reading=True) as work:
        return await _mine(work, call)


async def _mine(work: Work, call: Call) -> Mine:
    person = await _person(work, call)
    community = await work.communities.get(call.community_id) if call.community_id is not None else None
    identities = await work.people.identities_of(person.id)
    switches = await work.people.settings(person.id)
    return Mine(
        person, community, rules.routes(switches), tuple(dict.fromkeys(identity.surface for identity in identities))
    )


async def change(
    open_work: OpenWork, call: Call, setting: Setting, fields: Mapping[str, object], *, undoing: bool = False
) -> Mine:
    """Set fields of the caller; the panel afterwards. undoing: this is an undo, not to be taken back itself."""
    async with open_work() as work:
        before = rules.undo_text(await _person(work, call), setting)
        await work.people.change(call.person_id, **fields)
        after = await _mine(work, call)
        if not undoing:
            await offer_undo(work, call, f"{setting.label} changed", action("settings.back", setting, before))
        await work.commit()
    return after


async def put(open_work: OpenWork, call: Call, setting: Setting, text: str, *, undoing: bool = False) -> Mine:
    """Set what `rules.undo_text` wrote down; as `change`. Raises Stale for a text that no button of ours carries."""
    try:
        fields = rules.undone(setting, text)
    except rules.NotASetting:
        raise outdated() from None
    return await change(open_work, call, setting, fields, undoing=undoing)


def outdated() -> Stale:
    """What is said to a button that says nothing which is understood."""
    return Stale("That button is from an older version of me and no longer does anything.")


async def route(open_work: OpenWork, call: Call, chosen: Mapping[Topic, Route], *, undoing: bool = False) -> Mine:
    """Send kinds of messages where `chosen` says, those that wait already too; the panel afterwards.

    undoing: the routes were in force before, so that a platform left since is no reason to refuse.
    Raises Conflict for a platform on which the person has no account.
    """
    async with open_work() as work:
        now_mine = await _mine(work, call)
        for one in chosen.values():
            if one.where not in ("dm", "off", *now_mine.surfaces) and not undoing:
                raise Conflict(
                    f"I do not know you on {one.where.capitalize()}.",
                    how="Link your account there first; until then your messages go where you are.",
                )
        before = {topic: now_mine.routes[topic] for topic in chosen}
        for topic, one in chosen.items():
            await work.people.set_setting(call.person_id, NOTIFY + topic, None if one.where == "dm" else one.where)
            await work.people.set_setting(call.person_id, NIGHT + topic, "on" if one.night else None)
        await work.notices.reroute(call.person_id, call.now)
        after = await _mine(work, call)
        if not undoing:
            await offer_undo(work, call, *_way_back(before))
        await work.commit()
    return after


def _way_back(before: Mapping[Topic, Route]) -> tuple[str, str]:
    """How a change of routes is called, and what undoes it: only the kind that was changed, unless all were."""
    if len(before) > 1:
        return "All messages sent elsewhere", action("settings.routes", rules.routes_text(before))
    ((topic, route_before),) = before.items()
    return f"{TOPICS[topic]} sent elsewhere", action("settings.route", topic, route_before.text)


async def change_profile(
    open_work: OpenWork,
    call: Call,
    fields: Mapping[str, object],
    *,
    roles: Sequence[str] | None = None,
    doubles: Sequence[str] | None = None,
) -> Mine:
    """Set what the caller shows of themselves; None leaves roles as they are. The panel afterwards."""
    async with open_work() as work:
        person = await _person(work, call)
        kept = rules.profile_before(await work.people.setting(person.id, _BEFORE))
        number = kept.number + 1 if kept else 1
        await work.people.set_setting(person.id, _BEFORE, rules.profile_text(person, number))
        await work.people.change(person.id, **fields)
        if roles is not None or doubles is not None:
            await work.people.set_roles(
                person.id,
                person.roles if roles is None else roles,
                person.doubles if doubles is None else doubles,
            )
        after = await _mine(work, call)
        await offer_undo(work, call, "Profile changed", action("profile.back", number))
        await work.commit()
    return after


async def undo_profile(open_work: OpenWork, call: Call, number: int) -> Mine:
    """Put the caller's profile back to what it was before change `number`. Raises Stale when another followed."""
    async with open_work() as work:
        before = rules.profile_before(await work.people.setting(call.person_id, _BEFORE))
        if before is None or before.number != number:
            raise Stale("Your profile has been changed again since.")
        await work.people.change(call.person_id, **before.fields)
        await work.people.set_roles(call.person_id, before.roles, before.doubles)
        await work.people.set_setting(call.person_id, _BEFORE, None)
        after = await _mine(work, call)
        await work.commit()
    return after


async def profile_of(open_work: OpenWork, call: Call, other: Person) -> Person:
    """Somebody else's profile, as the caller may see it now.

    Raises NotFound, the same whether it is hidden, empty, or of somebody in no community of the caller's.
    """
    async with open_work(reading=True) as work:
        person = await work.people.get(other.id)
        if person is None:
            raise NotFound("profile", other.name)
        if person.id == call.person_id:
            return person
        mine_too = {community.id for community in await work.communities.communities_of(call.person_id)}
        theirs = {community.id for community in await work.communities.communities_of(person.id)}
        shared = bool(mine_too & theirs)
        contacts = shared and await work.answers.have_worked_together(call.person_id, person.id)
    if not rules.says_something(person) or not rules.may_see(person, same_community=shared, contacts=contacts):
        raise NotFound("profile", other.name)
    return person


async def _person(work: Work, call: Call) -> Person:
    person = await work.people.get(call.person_id)
    if person is None:
        raise Stale("I no longer know you: everything of yours was erased.")
    return person
