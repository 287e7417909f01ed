"""How well the community is served, the log of its moderators, and the log as a file: read, never changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cogs.kit import sheets
from cogs.kit.call import Call
from cogs.kit.faults import NotAllowed
from cogs.kit.reply import Upload
from cogs.kit.tools import Tools
from cogs.setup.community import CONTACT, CommunityService, Setup
from storage.records.board_rules import BoardRules
from storage.records.health import Condition
from storage.records.moderation import AuditEntry
from storage.records.notice import NewNotice
from storage.records.people import Community
from storage.work import Work

#: What was lost is counted this far back.
LOST_WITHIN = timedelta(days=7)
#: What makes a digest worth sending happened within this time.
FRESH = timedelta(days=1)
#: Product: eight to a page.
PAGE = 8
#: Lines of a file; a community that has more asks for its newest.
MOST_LINES = 20_000
#: The hour of the community's own clock at which the digest comes.
HOUR = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a community is served now. waiting_for_you: entries of the moderators' queue, at most a page and one."""

    setup: Setup
    condition: Condition
    waiting_for_you: int = 0

    @property
    def well(self) -> bool:
        """Whether nothing is to be mended, as far as anybody can say."""
        return self.condition.well and not any(missing for _, missing in self.setup.lacks)


class LogService:
    """Questions of moderators about what has been done, and about what did not work."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work
        self._places = tools.places
        self._community = CommunityService(tools)

    async def health(self, call: Call) -> Health:
        """How the caller's community is served; the platform is asked what the bot lacks."""
        setup = await self._community.read(call, check=True)
        async with self._open_work(reading=True) as work:
            condition = await work.health.of(setup.community.id, call.now - LOST_WITHIN)
            waiting = await work.moderation.waiting(setup.community.id, limit=PAGE + 1)
        return Health(setup=setup, condition=condition, waiting_for_you=len(waiting))

    async def page(self, call: Call, page: int) -> tuple[list[AuditEntry], int]:
        """A page of the log, newest first, and how many lines there are."""
        community_id = _home(call)
        async with self._open_work(reading=True) as work:
            entries = await work.audit.of(community_id, limit=PAGE, offset=page * PAGE)
            return entries, await work.audit.number(community_id)

    async def file(self, call: Call, *, as_json: bool) -> tuple[Upload, int]:
        """The log as a file, oldest line first, and how many lines it has."""
        community_id = _home(call)
        async with self._open_work(reading=True) as work:
            entries = (await work.audit.of(community_id, limit=MOST_LINES))[::-1]
            community = await work.communities.get(community_id)
        name = f"log-{''.join(c if c.isalnum() else '-' for c in community.name.lower())[:40]}" if community else "log"
        if as_json:
            return Upload(f"{name}.json", _json(entries), "application/json", "The log of the moderators"), len(entries)
        return Upload(f"{name}.csv", _csv(entries), "text/csv", "The log of the moderators"), len(entries)

    async def plan_digests(self, now: datetime) -> int:
        """Keep a digest for every community in which something is wrong: one a day at most, from nine on; how many."""
        async with self._open_work(reading=True) as work:
            due = [found for one in await work.health.ailing(now - FRESH) if (found := await _due(work, one, now))]
        kept = 0
        for digest in due:
            # What goes to one person is not about them alone, so they must moderate there today.
            if digest.contact is not None and not await self._moderates(digest.contact, digest.community):
                continue
            async with self._open_work() as work:
                kept += await work.notices.add(digest.notice, now) is not None
                await work.commit()
        return kept

    async def _moderates(self, person_id: int, community: Community) -> bool:
        async with self._open_work(reading=True) as work:
            identities = await work.people.identities_of(person_id)
        found = [await self._places.standing(community, one) for one in identities]
        return any(one is not None and one.moderator for one in found)


@dataclass(frozen=True, slots=True)
class _Digest:
    """A digest that is to be kept. contact: the person it goes to; None: it goes to a channel."""

    community: Community
    notice: NewNotice
    contact: int | None


async def _due(work: Work, community_id: int, now: datetime) -> _Digest | None:
    """The community's digest of today; None before nine there, when it was sent, and when nobody reads it."""
    community = await work.communities.get(community_id)
    if community is None:
        return None
    local = now.astimezone(ZoneInfo(community.zone or "UTC"))
    key = f"log.digest:{community_id}:{local:%Y%m%d}"
    if local.hour < HOUR or await work.notices.by_key(key) is not None:
        return None
    # A surface that met a missing right has said so today (`RightsCog`); one word a day is enough.
    if await work.notices.by_key(f"rights.missing:{community_id}:{now:%Y%m%d}") is not None:
        return None
    channel_id, contact = await _reader(work, community)
    if channel_id is None and contact is None:
        return None
    notice = NewNotice(
        kind="log.digest",
        channel_id=channel_id,
        person_id=contact,
        args={"community": community_id},
        due_at=now,
        key=key,
        expires_after=timedelta(hours=12),
    )
    return _Digest(community, notice, contact)


async def _reader(work: Work, community: Community) -> tuple[int | None, int | None]:
    """(channel, person) who reads the digest: the report channel if it takes posts, else whoever set things up."""
    chosen = BoardRules.of(community.settings).report_channel
    channel = await work.communities.channel_by_id(chosen) if chosen is not None else None
    if channel is not None and channel.community_id == community.id and channel.trouble is None:
        return channel.id, None
    contact = community.settings.get(CONTACT)
    if isinstance(contact, int) and await work.communities.is_member(contact, community.id):
        return None, contact
    return None, None


def _home(call: Call) -> int:
    if call.community_id is None:
        raise NotAllowed("That belongs to a community.", how="Use it in your server or group.")
    return call.community_id


_COLUMNS = ("at", "who", "did", "what", "reason", "details")


def _row(entry: AuditEntry) -> tuple[str, ...]:
    details = json.dumps(entry.details, ensure_ascii=False, sort_keys=True) if entry.details else ""
    at = entry.at.isoformat(timespec="seconds")
    return at, who(entry), entry.act, entry.subject, entry.reason or "", details


def who(entry: AuditEntry) -> str:
    """Who did it, as people read it."""
    if entry.actor is not None:
        return entry.actor
    return "First Call" if entry.act in ("withheld", "mended") else "somebody who has left"


def _csv(entries: Sequence[AuditEntry]) -> bytes:
    return sheets.table(_COLUMNS, (_row(entry) for entry in entries))


def _json(entries: Sequence[AuditEntry]) -> bytes:
    rows = [
        {**dict(zip(_COLUMNS, _row(entry), strict=True)), "details": entry.details, "reason": entry.reason}
        for entry in entries
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2).encode()
