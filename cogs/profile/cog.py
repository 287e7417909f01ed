"""The profile cog: what somebody plays, where, and who may know; and what others show of themselves."""

from __future__ import annotations

from typing import Annotated

from cogs.kit.ask import Ask, Role
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, command
from cogs.kit.form import Form
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.kit.words import Line, line
from cogs.profile import cards, reading, rules, service
from cogs.profile.asked import SEEN_ALSO, SeenBy
from cogs.profile.service import Mine
from storage.records.people import Person, Visibility

_ROLES = Ask("What do you play?", label="You play", example="trumpet, flugel")
_DOUBLES = Ask("What do you double on?", label="Doubles", example="flute, clarinet", cues=("doubling", "doubles"))
_REGION = Ask("Where are you based?", label="Region", example="Leeds", max_length=80)
_RADIUS = Ask("How far do you travel?", label="How far you travel", example="30 miles", free=False, max_length=30)
_STYLES = Ask("Which styles?", label="Styles", example="jazz, functions, pit", free=False)
_LINKS = Ask(
    "Where can people hear you?", label="Links", example="https://bob.example/reel", free=False, max_length=500
)
_UNION = Ask("Are you in a union?", label="Union", example="MU, or none", free=False, max_length=60)
_SEEN = Ask("Who may see your profile?", label="Seen by", example="Everybody in my communities", also=SEEN_ALSO)
_PLAYER = Ask("Whose profile?", example="@sam")


class ProfileCog(Cog, name="profile", topic="You"):
    """Who you are as a player: roles, region, links, and who may see them."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    @command("me profile", "Say what you play, where, and who may see it", example="/me profile trumpet, flugel, Leeds")
    async def me_profile(
        self,
        call: Call,
        roles: Annotated[tuple[Role, ...] | None, _ROLES] = None,
        doubles: Annotated[tuple[Role, ...] | None, _DOUBLES] = None,
        region: Annotated[str | None, _REGION] = None,
        travel_radius: Annotated[str | None, _RADIUS] = None,
        styles: Annotated[str | None, _STYLES] = None,
        links: Annotated[str | None, _LINKS] = None,
        union: Annotated[str | None, _UNION] = None,
        visibility: Annotated[SeenBy | None, _SEEN] = None,
    ) -> Reply:
        """What was said is changed, the rest stays. Nothing said: what there is, or the form for somebody new."""
        fields: dict[str, object] = {}
        if region is not None:
            fields |= _text("region", region)
        if travel_radius is not None:
            fields |= _radius(call, travel_radius)
        if styles is not None:
            fields |= _text("styles", styles)
        if links is not None:
            fields |= _links(links)
        if union is not None:
            fields |= _text("union", union)
        if visibility is not None:
            fields["visibility"] = Visibility(visibility.value)
        if not fields and roles is None and doubles is None:
            return await self._begin(call)
        return await self._change(call, fields, roles=roles, doubles=doubles)

    @command("me show", "See a colleague's profile, or your own as others see it", example="/me show @sam")
    async def me_show(self, call: Call, player: Annotated[Person | None, _PLAYER] = None) -> Reply:
        """As far as its owner lets the caller see it."""
        if player is None:
            mine = await service.mine(self._open_work, call)
            return cards.public(mine.person, own=True)
        person = await service.profile_of(self._open_work, call, player)
        return cards.public(person, own=person.id == call.person_id)

    async def _begin(self, call: Call) -> Reply:
        mine = await service.mine(self._open_work, call)
        if rules.says_something(mine.person):
            return cards.profile(mine.person)
        return Reply(form=Form(title="Your profile", fields=(), then="me profile"))

    # Buttons

    @action("edit")
    async def edit(self, call: Call) -> Reply:
        """The profile with a button for each part, or the form when there is none yet."""
        return await self._begin(call)

    @action("roles", title="What you play")
    async def roles(self, call: Call, *, roles: Annotated[tuple[Role, ...], _ROLES]) -> Reply:
        """Instead of what was there."""
        return await self._change(call, {}, roles=roles, in_place=True)

    @action("doubles", title="What you double on")
    async def doubles(self, call: Call, *, doubles: Annotated[tuple[Role, ...] | None, _DOUBLES] = None) -> Reply:
        """Instead of what was there; skipped, there are none."""
        return await self._change(call, {}, doubles=doubles or (), in_place=True)

    @action("region", title="Your region")
    async def region(self, call: Call, *, region: Annotated[str, _REGION]) -> Reply:
        """ "none" empties it."""
        return await self._change(call, _text("region", region), in_place=True)

    @action("radius", title="How far you travel")
    async def radius(self, call: Call, *, travel_radius: Annotated[str, _RADIUS]) -> Reply:
        """In miles or kilometres; "none" empties it."""
        return await self._change(call, _radius(call, travel_radius), in_place=True)

    @action("styles", title="Your styles")
    async def styles(self, call: Call, *, styles: Annotated[str, _STYLES]) -> Reply:
        """ "none" empties it."""
        return await self._change(call, _text("styles", styles), in_place=True)

    @action("links", title="Your links")
    async def links(self, call: Call, *, links: Annotated[str, _LINKS]) -> Reply:
        """ "none" empties it."""
        return await self._change(call, _links(links), in_place=True)

    @action("union", title="Your union")
    async def union(self, call: Call, *, union: Annotated[str, _UNION]) -> Reply:
        """ "none" empties it."""
        return await self._change(call, _text("union", union), in_place=True)

    @action("visibility", title="Who sees your profile")
    async def visibility(self, call: Call, *, visibility: Annotated[SeenBy, _SEEN]) -> Reply:
        """Holds from the next look on; nothing is kept elsewhere."""
        return await self._change(call, {"visibility": Visibility(visibility.value)}, in_place=True)

    @action("back")
    async def back(self, call: Call, number: int) -> Reply:
        """Undo a change of the profile, unless another followed."""
        mine = await service.undo_profile(self._open_work, call, number)
        return cards.profile(mine.person, note=line("Undone. This is your profile again."))

    async def _change(
        self,
        call: Call,
        fields: dict[str, object],
        *,
        roles: tuple[Role, ...] | None = None,
        doubles: tuple[Role, ...] | None = None,
        in_place: bool = False,
    ) -> Reply:
        mine = await service.change_profile(
            self._open_work,
            call,
            fields,
            roles=None if roles is None else [role.id for role in roles],
            doubles=None if doubles is None else [role.id for role in doubles],
        )
        return cards.profile(mine.person, note=_kept(mine), in_place=in_place)


def _kept(mine: Mine) -> Line:
    return line("Kept.") if rules.says_something(mine.person) else line("Kept. Your profile is empty now.")


def _text(field: str, text: str) -> dict[str, object]:
    return {field: None if reading.is_nothing(text) else text}


def _radius(call: Call, text: str) -> dict[str, object]:
    if reading.is_nothing(text):
        return {"radius_km": None}
    with reading.typed_into("travel_radius"):
        miles = rules.counts_in_miles(call.locale, call.country, call.zone)
        return {"radius_km": reading.read_radius(text, miles=miles)}


def _links(text: str) -> dict[str, object]:
    if reading.is_nothing(text):
        return {"links": None}
    with reading.typed_into("links"):
        return {"links": " ".join(reading.read_links(text))}
