"""What Discord says at this moment: which rights the bot lacks in a channel, and how somebody stands in a server."""

from __future__ import annotations

import discord

from bot.on_discord.callers import DISCORD
from bot.on_discord.troubles import UNKNOWN_MEMBER
from cogs.kit.places import Missing, Standing
from storage.records.people import Channel, Community, Identity

#: Rights by discord.py's names, as the client calls them, the most needed first. Discord developer documentation,
#: Permissions, read August 2026. In a forum the same right to send is shown as Create Posts, and threads are posts.
_EVERYWHERE = (("view_channel", "View Channel"),)
_TEXT = (("send_messages", "Send Messages"),)
_THREAD = (("send_messages_in_threads", "Send Messages in Threads"),)
_FORUM = (
    ("send_messages", "Create Posts"),
    ("send_messages_in_threads", "Send Messages in Posts"),
    ("manage_threads", "Manage Posts"),
)
_ALSO = (
    ("embed_links", "Embed Links"),
    ("attach_files", "Attach Files"),
    ("read_message_history", "Read Message History"),
)


async def missing_rights(client: discord.Client | None, channel: Channel) -> tuple[Missing, ...] | None:
    """What the bot lacks there to hang, change and close cards; None while there is no connection to say so."""
    if client is None or client.is_closed() or not channel.address.isdigit():
        return None
    try:
        found = client.get_channel(int(channel.address)) or await client.fetch_channel(int(channel.address))
    except discord.NotFound:
        return (Missing("the channel itself", "It is gone. Choose another with /setup channels."),)
    except discord.Forbidden:
        return (Missing("View Channel", _how("View Channel", channel.name)),)
    except discord.DiscordException:
        return None
    if not isinstance(found, discord.abc.GuildChannel | discord.Thread) or found.guild.me is None:
        return None  # the server's roles come with the connection
    has = found.permissions_for(found.guild.me)
    # Who may not see a channel may do nothing there, and who may not write may not attach: only what comes first is
    # really missing, and the rest is told once that is given.
    for needed in (_EVERYWHERE, _for(found), _ALSO):
        lacks = tuple(Missing(shown, _how(shown, found.name)) for name, shown in needed if not getattr(has, name))
        if lacks:
            return lacks
    return ()


def _for(channel: discord.abc.GuildChannel | discord.Thread) -> tuple[tuple[str, str], ...]:
    if isinstance(channel, discord.Thread):
        return _THREAD
    return _FORUM if isinstance(channel, discord.ForumChannel) else _TEXT


def _how(right: str, name: str) -> str:
    return f"Open #{name}, Edit Channel, Permissions, my role, and switch on {right}."


async def standing(client: discord.Client | None, community: Community, identity: Identity) -> Standing | None:
    """How somebody stands in a server; None when it cannot be told now."""
    if client is None or client.is_closed() or identity.surface != DISCORD:
        return None
    guild = client.get_guild(int(community.account)) if community.account.isdigit() else None
    if guild is None or not identity.account.isdigit():
        return None
    try:
        member = await guild.fetch_member(int(identity.account))
    except discord.NotFound as error:
        return Standing(member=False) if error.code == UNKNOWN_MEMBER else None
    except discord.DiscordException:
        return None
    return Standing(member=True, moderator=member.guild_permissions.manage_guild)
