"""What moderators choose about their community, one Work each: read, changed with a line in the log, taken back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import Misread, NotAllowed, Stale
from cogs.kit.places import Missing
from cogs.kit.tools import Tools
from cogs.kit.undo import offer_undo
from storage.records.board_rules import RULES, BoardRules, Needed, Posters
from storage.records.moderation import Act
from storage.records.people import Channel, Community, Words
from storage.work import Work

#: Settings by which moderators let the Discord surface mention roles and make server events.
PINGS, EVENTS = "ping_roles", "server_events"
#: Who set the community up last, as a person's id: whoever is told when there is no report channel.
CONTACT = "contact"
#: A person's setting: what they changed last about a community, as it was before.
_BEFORE = "setup.before"
_NOTHING = frozenset({"-", "–", "none", "nothing", "clear", "no"})
_PLAIN = ("zone", "currency", "words", "region")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """A community as it is set up. lacks: what the bot is missing, by channel; None: the platform did not say."""

    community: Community
    rules: BoardRules
    boards: tuple[Channel, ...]
    report_channel: Channel | None
    lacks: tuple[tuple[Channel, tuple[Missing, ...] | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSetup:
    """A community after a change. said: (what, before, after), in words; empty when all was so already."""

    setup: Setup
    said: tuple[tuple[str, str, str], ...]


class CommunityService:
    """Reads and writes what moderators choose."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work
        self._places = tools.places

    async def read(self, call: Call, *, check: bool = False) -> Setup:
        """How the community is set up. check: ask the platform what the bot may do in its boards."""
        async with self._open_work(reading=True) as work:
            setup = await _setup(work, await _community(work, call))
        return await self.checked(setup) if check else setup

    async def checked(self, setup: Setup) -> Setup:
        """The same, with what the bot lacks in each board and in the report channel."""
        channels = list(dict.fromkeys([*setup.boards, *((setup.report_channel,) if setup.report_channel else ())]))
        found = await asyncio.gather(*(self._places.missing(one) for one in channels))
        return replace(setup, lacks=tuple(zip(channels, found, strict=True)))

    async def change(
        self,
        call: Call,
        *,
        fields: Mapping[str, Any] | None = None,
        rules: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
        board: Channel | None = None,
        undoing: bool = False,
    ) -> ChangedSetup:
        """Write what was chosen, with a line in the log for each thing that is different; nothing is left half done.

        fields: of the community's record. rules: fields of `BoardRules`. settings: by name. board: hang cards there.
        undoing: this takes a change back, and cannot be taken back itself.
        """
        async with self._open_work() as work:
            before = await _setup(work, await _community(work, call))
            community = before.community
            if fields:
                community = await work.communities.change(community.id, **fields)
            if rules:
                community = await work.communities.set_setting(
                    community.id, RULES, replace(before.rules, **rules).kept()
                )
            for name, value in (settings or {}).items():
                community = await work.communities.set_setting(community.id, name, value)
            if community.settings.get(CONTACT) != call.person_id:
                community = await work.communities.set_setting(community.id, CONTACT, call.person_id)
            if board is not None and not board.board:
                await work.communities.change_channel(board.id, board=True)
            after = await _setup(work, community)
            said = differences(before, after)
            for what, was, is_now in said:
                await work.audit.note(community.id, call.person_id, Act.SET, what, call.now, before=was, after=is_now)
            if said:
                await work.people.set_setting(call.person_id, _BEFORE, _kept(before))
            if said and not undoing:
                await offer_undo(work, call, "Setup changed", action("community.back"))
            await work.commit()
        return ChangedSetup(setup=after, said=said)

    async def back(self, call: Call) -> ChangedSetup:
        """Take the caller's last change of this community back. Raises Stale when there is none."""
        async with self._open_work(reading=True) as work:
            kept = await work.people.setting(call.person_id, _BEFORE)
        before = json.loads(kept) if kept else None
        if before is None or before["community"] != call.community_id:
            raise Stale("There is nothing to take back here.")
        fields = {name: before[name] for name in ("zone", "currency", "region")}
        fields["words"] = Words(before["words"]) if before["words"] else None
        done = await self.change(
            call,
            fields=fields,
            settings={PINGS: before[PINGS], EVENTS: before[EVENTS], RULES: before[RULES]},
            undoing=True,
        )
        async with self._open_work() as work:
            for channel in done.setup.boards:
                if channel.id not in before["boards"]:
                    await work.communities.change_channel(channel.id, board=False)
            await work.people.set_setting(call.person_id, _BEFORE, None)
            await work.commit()
        return done


def _kept(setup: Setup) -> str:
    community = setup.community
    kept: dict[str, object] = {name: getattr(community, name) for name in _PLAIN}
    kept |= {name: community.settings.get(name) for name in (PINGS, EVENTS, RULES)}
    kept |= {"community": community.id, "boards": [one.id for one in setup.boards]}
    return json.dumps(kept)


async def _community(work: Work, call: Call) -> Community:
    community = await work.communities.get(call.community_id) if call.community_id is not None else None
    if community is None:
        raise NotAllowed("That belongs to a community.", how="Use it in your server or group.")
    return community


async def _setup(work: Work, community: Community) -> Setup:
    rules = BoardRules.of(community.settings)
    chosen = await work.communities.channel_by_id(rules.report_channel) if rules.report_channel is not None else None
    return Setup(
        community=community,
        rules=rules,
        boards=tuple(await work.communities.channels_of(community.id, board=True)),
        report_channel=chosen if chosen is not None and chosen.community_id == community.id else None,
    )


# --- in words ---------------------------------------------------------------------------------------------------------


def differences(before: Setup, after: Setup) -> tuple[tuple[str, str, str], ...]:
    """(what, before, after) of everything that reads otherwise."""
    was, is_now = in_words(before), in_words(after)
    return tuple((name, was[name], is_now[name]) for name in was if was[name] != is_now[name])


def in_words(setup: Setup) -> dict[str, str]:
    """Everything that can be chosen, in the order in which it is shown."""
    community, rules = setup.community, setup.rules
    who = {
        Posters.EVERYONE: "everyone",
        Posters.MODERATORS: "moderators only",
        Posters.ROLES: f"members with the role {' or '.join(rules.roles) or '(none named yet)'}",
    }[rules.posters]
    return {
        "Board": ", ".join(one.label for one in setup.boards) or "none yet",
        "Who may post": who,
        "Words": {Words.UK: "dep, fixer, pencil", Words.US: "sub, contractor, hold"}.get(
            community.words or Words.UK, ""
        ) + ("" if community.words else " (not chosen)"),
        "Region": community.region or "not said",
        "Currency": community.currency or "not said",
        "Zone": community.zone or "not said",
        "Mention roles": "yes" if community.settings.get(PINGS) else "no",
        "Server events": "yes" if community.settings.get(EVENTS) else "no",
        "Must say": ", ".join(one.label for one in rules.needed) or "chair, time, place and fee, as always",
        "Account age": f"{rules.account_days} days" if rules.account_days else "any",
        "Posts a day": str(rules.posts_a_day) if rules.posts_a_day else "any number",
        "Days up": f"{rules.days} days",
        "Changes too": "yes" if rules.check_edits else "no",
        "Fraud screen": "on" if rules.screen else "off",
        "Report channel": setup.report_channel.label if setup.report_channel else "none",
    }  # fmt: skip


# --- reading ----------------------------------------------------------------------------------------------------------


def read_needed(text: str) -> tuple[Needed, ...]:
    """What posts must say, out of a typed list; empty for a dash. Raises Misread."""
    if text.strip().casefold() in _NOTHING:
        return ()
    found = []
    for piece in (one.strip().casefold().replace("_", " ") for one in text.replace(" and ", ",").split(",")):
        if not piece:
            continue
        named = next((n for n in Needed if piece in (n.label, n.value.replace("_", " "), *_ALSO.get(n, ()))), None)
        if named is None:
            names = ", ".join(one.label for one in Needed)
            raise Misread(
                f"I do not know “{piece[:40]}”. There are: {names}.", example="length, who pays", field="required"
            )
        found.append(named)
    return tuple(one for one in Needed if one in found)


_ALSO: Mapping[Needed, tuple[str, ...]] = {
    Needed.TYPE: ("kind", "type of work"),
    Needed.WHAT: ("description", "what"),
    Needed.START: ("time", "start"),
    Needed.AMOUNT: ("fee", "amount", "money", "a fee"),
    Needed.PAYS: ("payer",),
    Needed.PAY_BY: ("payment date", "when paid"),
    Needed.CALL_TIME: ("call",),
    Needed.REPLY_BY: ("deadline",),
}


def read_roles(text: str) -> tuple[str, ...]:
    """Names of roles out of a typed list, without their @."""
    names = [" ".join(piece.split()).removeprefix("@") for piece in text.split(",")]
    return tuple(dict.fromkeys(name for name in names if name))[:10]


def is_nothing(text: str) -> bool:
    """Whether somebody means that there shall be none."""
    return text.strip().casefold() in _NOTHING
