"""Requests about messages, threads and the posts of forums, and a server's own events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import limits
from tests.fakes.discord.interactions import Refusal
from tests.fakes.discord.rights import CREATE_EVENTS, MANAGE_CHANNELS, MANAGE_THREADS, need_right
from tests.fakes.discord.routes import Request, route
from tests.fakes.discord.world import FORUM, THREAD, Channel, member, snowflake
from tests.fakes.discord.writing import channel_of, check_place, edit_message, message_of, new_message

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord


@route("POST", "/users/@me/channels")
async def _open_dm(fake: FakeDiscord, asked: Request) -> Any:
    user = fake.users.get(int(asked.body["recipient_id"]))
    if user is None:
        raise Refusal(400, 50033, "Invalid recipient")
    return fake.dm(user).payload()


@route("POST", "/channels/{channel}/messages")
async def _send(fake: FakeDiscord, asked: Request, channel: str) -> Any:
    place = channel_of(fake, channel)
    check_place(fake, place, asked.files)
    if place.type == FORUM:
        raise Refusal(400, 40058, "a forum takes posts only")
    limits.message(asked.body, asked.files)
    nonce = asked.body.get("nonce")
    limits.need(nonce is not None and asked.body.get("enforce_nonce"), "sends carry a nonce of their own")
    limits.need(len(str(nonce)) <= 25, "a nonce has at most 25 characters")
    for known in fake.messages.values():
        if known.nonce == nonce and known.channel is place:
            return known.payload()
    message = new_message(fake, place, asked.body, asked.files)
    message.nonce = str(nonce)
    fake.heard(message, place)
    return message.payload()


@route("GET", "/channels/{channel}/messages/{message}")
async def _get_message(fake: FakeDiscord, asked: Request, channel: str, message: str) -> Any:
    return message_of(fake, channel, message).payload()


@route("PATCH", "/channels/{channel}/messages/{message}")
async def _edit_message(fake: FakeDiscord, asked: Request, channel: str, message: str) -> Any:
    place = channel_of(fake, channel)
    found = message_of(fake, channel, message)
    if place.archived:
        raise Refusal(400, 50083, "Thread is archived")
    if place.closed is not None:
        raise Refusal(403, place.closed)
    need_right(fake, place)
    if asked.body.get("flags") is not None:
        limits.need(not found.is_card or asked.body["flags"] & limits.CARD, "the V2 flag stays")
    limits.message(asked.body, asked.files, was_card=found.is_card, edit=True)
    edit_message(fake, found, asked.body, asked.files)
    return found.payload()


@route("DELETE", "/channels/{channel}/messages/{message}")
async def _delete_message(fake: FakeDiscord, asked: Request, channel: str, message: str) -> Any:
    message_of(fake, channel, message).deleted = True
    return None


# Threads


@route("GET", "/channels/{channel}")
async def _get_channel(fake: FakeDiscord, asked: Request, channel: str) -> Any:
    return channel_of(fake, channel).payload()


@route("PATCH", "/channels/{channel}")
async def _edit_channel(fake: FakeDiscord, asked: Request, channel: str) -> Any:
    place, body = channel_of(fake, channel), asked.body
    need_right(fake, place, *((MANAGE_CHANNELS,) if place.type != THREAD else ()))
    if place.locked or "locked" in body:
        need_right(fake, place, MANAGE_THREADS)
    if place.archived and body.get("archived") is not False and body.keys() - {"archived", "locked"}:
        raise Refusal(400, 50083, "Thread is archived")
    if "available_tags" in body:
        limits.need(len(body["available_tags"]) <= 20, "at most 20 tags")
        place.tags = [_tag(one) for one in body["available_tags"]]
    if "applied_tags" in body:
        limits.need(len(body["applied_tags"]) <= 5, "at most 5 tags")
        _check_tags(fake, place, [str(one) for one in body["applied_tags"]])
        place.applied = [str(one) for one in body["applied_tags"]]
    place.archived = body.get("archived", place.archived)
    place.locked = body.get("locked", place.locked)
    place.name = body.get("name", place.name)
    limits.need(1 <= len(place.name) <= 100, "a name has 1 to 100 characters")
    await fake.told_of(place)
    return place.payload()


@route("POST", "/channels/{channel}/tags")
async def _new_tag(fake: FakeDiscord, asked: Request, channel: str) -> Any:
    place = channel_of(fake, channel)
    limits.need(1 <= len(asked.body["name"]) <= 20 and len(place.tags) < 20, "a tag")
    place.tags.append(_tag(asked.body))
    return place.payload()


@route("POST", "/channels/{channel}/threads")
async def _new_thread(fake: FakeDiscord, asked: Request, channel: str) -> Any:
    forum, body = channel_of(fake, channel), asked.body
    check_place(fake, forum, asked.files)
    limits.need(1 <= len(body["name"]) <= 100, "a name has 1 to 100 characters")
    if forum.type != FORUM:
        raise Refusal(400, 40058)
    applied = [str(one) for one in body.get("applied_tags") or ()]
    limits.need(len(applied) <= 5 and set(applied) <= {one["id"] for one in forum.tags}, "tags of the forum")
    need_right(fake, forum, *((MANAGE_THREADS,) if _moderated(forum, applied) else ()))
    if forum.require_tag and not applied:
        raise Refusal(400, 40067, "A tag is required to create a forum post in this channel")
    limits.message(body["message"], asked.files)
    thread = Channel(body["name"], forum.guild_id, THREAD, parent_id=forum.id, applied=applied)
    fake.add_channel(thread)
    message = new_message(fake, thread, body["message"], asked.files, id=thread.id)
    fake.heard(message, thread)
    payload = thread.payload() | {"owner_id": str(fake.bot.id)}
    await fake.gateway.dispatch("THREAD_CREATE", payload, guild_id=forum.guild_id)
    return {**payload, "message": message.payload()}


# --- events of a server -----------------------------------------------------------------------------------------------


def _check_tags(fake: FakeDiscord, thread: Channel, applied: list[str]) -> None:
    """Tags that are for moderators are put on and taken off by those who manage threads only."""
    forum = fake.channels[thread.parent_id or 0]
    if _moderated(forum, set(applied) ^ set(thread.applied)):
        need_right(fake, thread, MANAGE_THREADS)


def _moderated(forum: Channel, tags: Iterable[str]) -> bool:
    return any(one["id"] in set(tags) and one["moderated"] for one in forum.tags)


@route("GET", "/guilds/{guild}/threads/active")
async def _active_threads(fake: FakeDiscord, asked: Request, guild: str) -> Any:
    found = [one for one in fake.guilds[int(guild)].channels if one.type == THREAD and not one.archived]
    return {"threads": [one.payload() | {"owner_id": str(fake.bot.id)} for one in found], "members": []}


@route("GET", "/guilds/{guild}/members/{user}")
async def _member(fake: FakeDiscord, asked: Request, guild: str, user: str) -> Any:
    found = fake.users.get(int(user))
    place = fake.guilds.get(int(guild))
    if place is None or found is None or found.id in place.gone:
        raise Refusal(404, 10007, "Unknown Member")
    return member(found) | {"roles": [place.moderating()["id"]] if found.id in place.moderators else []}


@route("GET", "/guilds/{guild}")
async def _guild(fake: FakeDiscord, asked: Request, guild: str) -> Any:
    found = fake.guilds.get(int(guild))
    if found is None:
        raise Refusal(404, 10004, "Unknown Guild")
    whole = found.payload(fake.bot)
    gateway_only = ("channels", "threads", "members", "joined_at", "large", "unavailable", "member_count")
    return {name: value for name, value in whole.items() if name not in gateway_only}


@route("POST", "/guilds/{guild}/scheduled-events")
async def _new_event(fake: FakeDiscord, asked: Request, guild: str) -> Any:
    place, body = fake.guilds[int(guild)], asked.body
    if not place.permissions & CREATE_EVENTS:
        raise Refusal(403, 50013, "Missing Permissions")
    limits.need(body["entity_type"] == 3 and body["scheduled_end_time"], "elsewhere, with an end")
    limits.need(1 <= len(body["name"]) <= 100 and 1 <= len(body["entity_metadata"]["location"]) <= 100, "lengths")
    made = {
        "id": str(snowflake()),
        "guild_id": guild,
        "channel_id": None,
        "creator_id": str(fake.bot.id),
        "status": 1,
        "entity_id": None,
        "description": None,
        "user_count": 0,
        "image": None,
        "recurrence_rule": None,
        **body,
    }
    place.events[int(made["id"])] = made
    return made


@route("GET", "/guilds/{guild}/scheduled-events/{event}")
async def _get_event(fake: FakeDiscord, asked: Request, guild: str, event: str) -> Any:
    return event_of(fake, guild, event)


@route("PATCH", "/guilds/{guild}/scheduled-events/{event}")
async def _edit_event(fake: FakeDiscord, asked: Request, guild: str, event: str) -> Any:
    found = event_of(fake, guild, event)
    found.update(asked.body)
    return found


@route("DELETE", "/guilds/{guild}/scheduled-events/{event}")
async def _delete_event(fake: FakeDiscord, asked: Request, guild: str, event: str) -> Any:
    event_of(fake, guild, event)
    del fake.guilds[int(guild)].events[int(event)]
    return None


def event_of(fake: FakeDiscord, guild: str, event: str) -> dict[str, Any]:
    """An event of a server."""
    found = fake.guilds[int(guild)].events.get(int(event))
    if found is None:
        raise Refusal(404, 10070, "Unknown Guild Scheduled Event")
    return found


def _tag(body: dict[str, Any]) -> dict[str, Any]:
    return {"id": str(body.get("id") or snowflake()), "name": body["name"], "moderated": body.get("moderated", False),
            "emoji_id": None, "emoji_name": None}  # fmt: skip
