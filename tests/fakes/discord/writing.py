"""What requests find and change in the world: channels, messages, answers. Raises Refusal as Discord would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.discord import limits
from tests.fakes.discord.interactions import Interaction, Refusal
from tests.fakes.discord.rights import ATTACH, MANAGE_THREADS, SEND, SEND_IN_THREADS, need_right
from tests.fakes.discord.world import DM, THREAD, Channel, Message, snowflake

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord


def interaction_of(fake: FakeDiscord, token: str) -> Interaction:
    """The interaction behind a token."""
    found = fake.interactions.get(token)
    if found is None:
        raise Refusal(404, 10015, "Unknown Webhook")
    return found


def answer_of(fake: FakeDiscord, interaction: Interaction, message: str) -> Message:
    """A message that answered an interaction; "@original" is the first."""
    found = interaction.original if message == "@original" else fake.messages.get(int(message))
    if found is None or found.deleted:
        raise Refusal(404, 10008, "Unknown Message")
    return found


def channel_of(fake: FakeDiscord, channel: str) -> Channel:
    """A channel, thread or private chat."""
    found = fake.channels.get(int(channel)) if channel.isdigit() else None
    if found is None:
        raise Refusal(404, 10003, "Unknown Channel")
    return found


def message_of(fake: FakeDiscord, channel: str, message: str) -> Message:
    """A message that the bot's own token reaches: none that only one person sees."""
    place = channel_of(fake, channel)
    found = fake.messages.get(int(message))
    if found is None or found.deleted or found.channel is not place or found.only is not None:
        raise Refusal(404, 10008, "Unknown Message")
    return found


def check_place(fake: FakeDiscord, place: Channel, files: dict[str, bytes]) -> None:
    """Whether a message may be sent there."""
    if place.type == DM and place.recipient is not None and not place.recipient.dms_open:
        raise Refusal(403, 50007, "Cannot send messages to this user")
    if place.closed is not None:
        raise Refusal(403 if place.closed in (50001, 50013) else 400, place.closed)
    need_right(fake, place, SEND_IN_THREADS if place.type == THREAD else SEND, *((ATTACH,) if files else ()))
    if place.archived:
        raise Refusal(400, 50083, "Thread is archived")
    if place.locked:
        need_right(fake, place, MANAGE_THREADS)


def new_message(
    fake: FakeDiscord,
    place: Channel,
    body: dict[str, Any],
    files: dict[str, bytes],
    *,
    only: int | None = None,
    id: int | None = None,
) -> Message:
    """Put a message up. only: whose eyes it is for."""
    message = Message(id or snowflake(), place, fake.bot, only=only)
    fake.messages[message.id] = message
    _set(fake, message, body, files)
    fake.pings += limits.pings(body)
    return message


def edit_message(fake: FakeDiscord, message: Message, body: dict[str, Any], files: dict[str, bytes]) -> Message:
    """Change a message; what the body does not name stays."""
    message.loading = False
    message.edits += 1
    _set(fake, message, body, files)
    return message


def _set(fake: FakeDiscord, message: Message, body: dict[str, Any], files: dict[str, bytes]) -> None:
    if "content" in body:
        message.content = body["content"] or ""
    if "components" in body:
        message.components = body["components"] or []
    if files or "attachments" in body:
        message.attachments = [fake.keep_file(name, content) for name, content in files.items()]
    message.flags |= (body.get("flags") or 0) & ~limits.EPHEMERAL
    message.number = fake.next_number()
