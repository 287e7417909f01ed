"""Gig-referral channels: a card in a text channel or a thread, or a post with tags in a forum, changed as it moves.

A thread that was archived is opened for the change and closed again. Tags that are missing are made; those of others
are never touched. When a post is put away or taken out again a line is said in it, since an edit notifies nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeVar

import discord

from bot.desk.surface import Refused
from bot.desk.wording import day_text
from bot.on_discord import troubles
from bot.on_discord.nonces import nonce
from bot.on_discord.render import Drawn
from bot.on_discord.spans import tidy
from bot.on_discord.views import made
from cogs.kit.reply import Reply, Tags
from cogs.kit.words import Code, Day, Shown
from storage.records.posting import Posting

log = logging.getLogger(__name__)

# Discord developer documentation, Channel, read August 2026.
NAME_CHARACTERS = 100
TAG_CHARACTERS = 20
CHANNEL_TAGS = 20
POST_TAGS = 5

#: A post is looked for among the newest before it is made once more, when the first answer was lost.
_LOOK_BACK = timedelta(minutes=15)

_T = TypeVar("_T")


async def post(
    client: discord.Client,
    forum: discord.ForumChannel,
    reply: Reply,
    drawn: Drawn,
    *,
    mentions: discord.AllowedMentions,
    silent: bool,
    again: bool,
) -> str:
    """Make a post of a card; the id of its thread, which is also that of its first message.

    again: an earlier attempt may have arrived. Discord knows no nonce for threads, so it is looked for by its name.
    """
    name = title(reply)
    if again and (found := await _posted(client, forum, name)) is not None:
        return str(found.id)
    tags = await _tags(forum, reply.tags)
    what = {**made(drawn).new(), "applied_tags": tags, "silent": silent, "allowed_mentions": mentions}
    if not drawn.card:
        what["suppress_embeds"] = True
    thread = (await forum.create_thread(name=name, **what)).thread
    return str(thread.id)


async def redraw(client: discord.Client, posting: Posting, reply: Reply, drawn: Drawn, news: str) -> None:
    """Change a card where it hangs; of a forum's post also the name and the tags, and close it when it is over.

    news: Markdown to be said in a post that is put away or taken out again; "": nothing.
    """
    address = int(posting.address)
    message = client.get_partial_messageable(address).get_partial_message(int(posting.message))
    thread = await _thread(client, posting)
    if thread is None:
        await unarchived(client, address, lambda: message.edit(**made(drawn).edit(), allowed_mentions=_NOBODY))
        return
    lay = thread.archived
    if lay:
        await thread.edit(archived=False)
    await message.edit(**made(drawn).edit(), allowed_mentions=_NOBODY)
    if reply.tags is None:
        return
    # Its name begins with the card's title, which says whether it is over; tags may not be ours to set.
    moved = _head(thread.name) != _head(title(reply)) and (lay or reply.tags.closed)
    if news and moved:
        key = nonce(f"news:{posting.id}:{posting.message}:{thread.name}:{news}")
        await thread.send(news, nonce=key, allowed_mentions=_NOBODY, suppress_embeds=True)
    forum = await _forum(client, thread)
    tags = await _tags(forum, reply.tags) if forum is not None else []
    retagged = {one.id for one in tags} != {one.id for one in thread.applied_tags}
    changes: dict[str, object] = {"applied_tags": tags} if forum is not None and retagged else {}
    if reply.title and title(reply) != thread.name:
        changes["name"] = title(reply)
    if reply.tags.closed:
        changes["archived"] = True
    await _arranged(thread, changes)


async def _arranged(thread: discord.Thread, changes: dict[str, object]) -> None:
    """Change what lies around a card. The card is drawn by then: what is not allowed here is no reason to stop."""
    while changes:
        try:
            await thread.edit(**changes)  # type: ignore[arg-type]  # the keywords above, each of its own type
        except discord.Forbidden as error:
            log.info("a post could not be put in order (%s); its card says the same in words", error.code)
            # Tags for moderators alone are what is most often refused; the rest is tried without them.
            changes = {"archived": True} if changes.keys() > {"archived"} and changes["archived"] else {}
        else:
            return


async def unarchived(client: discord.Client, address: int, attempt: Callable[[], Awaitable[_T]]) -> _T:
    """Do something in a channel; if it is an archived thread, open it first. A locked one stays locked."""
    try:
        return await attempt()
    except discord.HTTPException as error:
        if error.code != troubles.ARCHIVED:
            raise
    thread = client.get_channel(address) or await client.fetch_channel(address)
    if not isinstance(thread, discord.Thread):
        raise Refused("the thread is archived")
    await thread.edit(archived=False)
    return await attempt()


def title(reply: Reply) -> str:
    """The name of a post: what, on which day, where. The list of a forum shows little else.

    It says the thing's short id, so that no two are alike.
    """
    said = _one_line(reply.title or "") or "Gig"
    if reply.card is None:
        return said[:NAME_CHARACTERS]
    first = reply.lines[0] if reply.lines else ()
    ref = next((one.text for one in first if isinstance(one, Code)), None)  # the card of a link has a number of its own
    ref = ref or f"{reply.card.card[:1].upper()}{reply.card.subject_id}"
    ending = "" if ref.casefold() in said.casefold().split() else f" · {ref}"
    entry = reply.entry
    day = day_text(Day(entry.span.first_day, Shown.SHORT)) if entry is not None else ""
    place = _one_line(entry.where or "") if entry is not None else ""
    room = NAME_CHARACTERS - len(ending)
    for piece in (day, place):
        if piece and len(said) + len(piece) + 3 <= room:
            said += f" · {piece}"
    return f"{said[:room]}{ending}"


def _head(name: str) -> str:
    """The part of a post's name that is the title of its card."""
    return name.partition(" · ")[0]


def _one_line(text: str) -> str:
    return " ".join(tidy(text).split())


def guild_of(client: discord.Client, address: str) -> discord.Guild | None:
    """The server of a channel or thread that the client knows of; None for private chats."""
    channel = client.get_channel(int(address)) if address.isdigit() else None
    return channel.guild if isinstance(channel, discord.abc.GuildChannel | discord.Thread) else None


_NOBODY = discord.AllowedMentions.none()


async def _thread(client: discord.Client, posting: Posting) -> discord.Thread | None:
    """The thread of a forum's post: its first message has the same id as the thread. None for other cards."""
    if posting.address != posting.message:
        return None
    found = client.get_channel(int(posting.address)) or await client.fetch_channel(int(posting.address))
    return found if isinstance(found, discord.Thread) else None


async def _forum(client: discord.Client, thread: discord.Thread) -> discord.ForumChannel | None:
    """The forum of a post; asked for where no gateway told of it, as in a process that only sends."""
    found = thread.parent or await client.fetch_channel(thread.parent_id)
    return found if isinstance(found, discord.ForumChannel) else None


async def _posted(client: discord.Client, forum: discord.ForumChannel, name: str) -> discord.Thread | None:
    """A post of that name that we made a moment ago. Discord is asked: what the gateway told may be behind."""
    since = discord.utils.utcnow() - _LOOK_BACK
    mine = client.user.id if client.user is not None else None
    for one in await forum.guild.active_threads():
        recent = (one.created_at or since) >= since
        if recent and (one.parent_id, one.owner_id, one.name) == (forum.id, mine, name):
            return one
    return None


async def _tags(forum: discord.ForumChannel, wanted: Tags | None) -> Sequence[discord.ForumTag]:
    """The forum's tags of these names; missing ones are made where that is allowed and there is room."""
    known = {one.name.casefold(): one for one in forum.available_tags}
    names = [tidy(one)[:TAG_CHARACTERS] for one in (wanted.names if wanted is not None else ())][:POST_TAGS]
    missing = [one for one in dict.fromkeys(names) if one.casefold() not in known][: CHANNEL_TAGS - len(known)]
    if missing:
        new = [discord.ForumTag(name=one, moderated=True) for one in missing]
        try:
            changed = await forum.edit(available_tags=[*forum.available_tags, *new])
        except discord.HTTPException as error:
            log.info("tags could not be made in a forum (%s); the card says the same in words", error.code)
        else:
            known = {one.name.casefold(): one for one in (changed or forum).available_tags}
    chosen = [known[one.casefold()] for one in names if one.casefold() in known]
    if not chosen and forum.flags.require_tag and forum.available_tags:
        chosen = [forum.available_tags[0]]
    return chosen
