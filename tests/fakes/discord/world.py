"""People, servers, channels, messages: what the fake knows, and how it looks in payloads."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.fakes.discord.limits import CARD, EPHEMERAL, GALLERY, LOADING, TEXT, walk

EPOCH = 1420070400000
_counter = itertools.count()

TEXT_CHANNEL, DM, FORUM, THREAD = 0, 1, 15, 11
#: View, send, embed, attach, history, threads: what the invite asks for.
ALLOWED = 17987323153408
MANAGE_GUILD = 1 << 5


def snowflake(at: float | None = None) -> int:
    """A fresh id that says when it was made."""
    ms = int((time.time() if at is None else at) * 1000)
    return ((ms - EPOCH) << 22) | (next(_counter) & 0x3FFFFF)


def stamp() -> str:
    return datetime.now(UTC).isoformat()


@dataclass
class User:
    name: str
    id: int = field(default_factory=snowflake)
    bot: bool = False
    dms_open: bool = True
    locale: str = "en-GB"

    def payload(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "username": self.name.casefold().replace(" ", "_"),
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
        }


@dataclass
class Channel:
    name: str
    guild_id: int | None = None
    type: int = TEXT_CHANNEL
    id: int = field(default_factory=snowflake)
    recipient: User | None = None
    parent_id: int | None = None
    archived: bool = False
    locked: bool = False
    tags: list[dict[str, Any]] = field(default_factory=list)
    applied: list[str] = field(default_factory=list)
    require_tag: bool = False
    closed: int | None = None  # an error code that every send there is answered with
    overwrites: list[dict[str, Any]] = field(default_factory=list)

    def payload(self) -> dict[str, Any]:
        made: dict[str, Any] = {
            "id": str(self.id),
            "type": self.type,
            "name": self.name,
            "position": 0,
            "permission_overwrites": self.overwrites,
            "nsfw": False,
            "parent_id": str(self.parent_id) if self.parent_id else None,
            "flags": 16 if self.require_tag else 0,
            "last_message_id": None,
        }
        if self.guild_id is not None:
            made["guild_id"] = str(self.guild_id)
        if self.recipient is not None:
            made["recipients"] = [self.recipient.payload()]
        if self.type == FORUM:
            made |= {"available_tags": self.tags, "default_reaction_emoji": None, "default_sort_order": None}
        if self.type == THREAD:
            made |= {
                "owner_id": "1",
                "applied_tags": self.applied,
                "message_count": 1,
                "member_count": 1,
                "rate_limit_per_user": 0,
                "thread_metadata": {
                    "archived": self.archived,
                    "locked": self.locked,
                    "auto_archive_duration": 4320,
                    "archive_timestamp": stamp(),
                    "create_timestamp": stamp(),
                },
            }
        return made


@dataclass
class Guild:
    name: str
    id: int = field(default_factory=snowflake)
    owner_id: int = 1
    moderators: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)  # who has left; everybody else belongs
    channels: list[Channel] = field(default_factory=list)
    roles: list[dict[str, Any]] = field(default_factory=list)
    permissions: int = ALLOWED
    system: Channel | None = None  # where Discord itself says hello to people
    updates: Channel | None = None  # where Discord itself tells moderators things
    events: dict[int, dict[str, Any]] = field(default_factory=dict)

    def everyone(self) -> dict[str, Any]:
        return role(self.id, "@everyone", self.permissions)

    def moderating(self) -> dict[str, Any]:
        """The role of those who may manage the server."""
        return role(self.id + 1, "Moderators", MANAGE_GUILD)

    def payload(self, me: User) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner_id),
            "afk_timeout": 300,
            "afk_channel_id": None,
            "verification_level": 1,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "roles": [self.everyone(), self.moderating(), *self.roles],
            "emojis": [],
            "stickers": [],
            "features": [],
            "mfa_level": 0,
            "application_id": None,
            "system_channel_id": str(self.system.id) if self.system is not None else None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "vanity_url_code": None,
            "description": None,
            "banner": None,
            "icon": None,
            "splash": None,
            "discovery_splash": None,
            "premium_tier": 0,
            "premium_progress_bar_enabled": False,
            "preferred_locale": "en-GB",
            "public_updates_channel_id": str(self.updates.id) if self.updates is not None else None,
            "safety_alerts_channel_id": None,
            "nsfw_level": 0,
            "nsfw": False,
            "joined_at": stamp(),
            "large": False,
            "unavailable": False,
            "member_count": 3,
            "voice_states": [],
            "members": [member(me)],
            "channels": [one.payload() for one in self.channels if one.type != THREAD],
            "threads": [one.payload() for one in self.channels if one.type == THREAD and not one.archived],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": list(self.events.values()),
            "soundboard_sounds": [],
        }


def role(role_id: int, name: str, permissions: int = 0) -> dict[str, Any]:
    return {
        "id": str(role_id),
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": 0,
        "permissions": str(permissions),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def member(user: User, permissions: int | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "user": user.payload(),
        "roles": [],
        "joined_at": stamp(),
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "nick": None,
        "avatar": None,
        "premium_since": None,
        "communication_disabled_until": None,
    }
    return made if permissions is None else made | {"permissions": str(permissions)}


@dataclass
class Message:
    """A message. only: whose eyes it is for, when it is ephemeral."""

    id: int
    channel: Channel
    author: User
    content: str = ""
    components: list[dict[str, Any]] = field(default_factory=list)
    flags: int = 0
    attachments: list[dict[str, Any]] = field(default_factory=list)
    only: int | None = None
    loading: bool = False
    deleted: bool = False
    nonce: str | None = None
    edits: int = 0
    number: int = 0  # grows with every change anywhere: newest first is by this

    @property
    def is_card(self) -> bool:
        return bool(self.flags & CARD)

    @property
    def text(self) -> str:
        """Everything that is read, attachments' names too."""
        said = [self.content] + [one["content"] for one in walk(self.components) if one["type"] == TEXT]
        for gallery in (one for one in walk(self.components) if one["type"] == GALLERY):
            said += [item.get("description") or "" for item in gallery["items"]]
        return "\n".join([*(one for one in said if one), *(f"<file {a['filename']}>" for a in self.attachments)])

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """(label, custom id) of what can be pressed, in order."""
        buttons = [one for one in walk(self.components) if one["type"] == 2]
        return [(one["label"], one["custom_id"]) for one in buttons if "custom_id" in one]

    def payload(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.payload(),
            "content": self.content,
            "timestamp": stamp(),
            "edited_timestamp": stamp() if self.edits else None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": self.attachments,
            "embeds": [],
            "pinned": False,
            "type": 0,
            "flags": self.flags | (EPHEMERAL if self.only is not None else 0) | (LOADING if self.loading else 0),
            "components": _numbered(self.components),
            "application_id": str(self.author.id),
        }


def _numbered(components: list[dict[str, Any]], start: int = 1) -> list[dict[str, Any]]:
    """Components as Discord hands them back: every one with an id, media resolved."""
    made = []
    for number, one in enumerate(components, start):
        copy = {"id": number, **one}
        if "components" in one:
            copy["components"] = _numbered(one["components"], number * 100)
        if "accessory" in one:
            copy["accessory"] = {"id": number * 100 + 99, **one["accessory"]}
        if one["type"] == 13:
            copy |= {"name": one["file"]["url"].rpartition("/")[2], "size": 1}
        made.append(copy)
    return made
