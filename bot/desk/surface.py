"""What every surface offers the desk and the courier, and how a send may end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

from cogs.kit.reply import Reply
from storage.records.posting import Posting


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes. dest: the surface's address; None: the person's private chat, not opened yet.

    account: the person's platform id when it is a private message; None for a channel.
    """

    dest: str | None
    account: str | None = None
    person_id: int | None = None
    channel_id: int | None = None
    locale: str | None = None
    zone: str | None = None
    plain_text: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that arrived. dest is filled in when the send opened the private chat."""

    message: str
    dest: str


class Hopeless(Exception):
    """A surface cannot go on, and starting it again would not help: a token that is refused, for instance.

    The text says why, for the person who runs the program.
    """


class SendFault(Exception):
    """A send that did not work; surfaces raise one of the kinds below and nothing else."""


class Refused(SendFault):
    """The platform will not take messages there (blocked, closed, gone, right missing): pause the destination."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooFast(SendFault):
    """The platform asks to wait `seconds`; `everywhere` when it is about the whole bot, not only this destination."""

    def __init__(self, seconds: float, *, everywhere: bool = False) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds
        self.everywhere = everywhere


class Unsure(SendFault):
    """The request went out and no answer came back: it may have arrived."""


class Unavailable(SendFault):
    """The platform could not be reached or failed by itself; nothing was sent."""


class Moved(SendFault):
    """The chat has a new address (a Telegram group became a supergroup)."""

    def __init__(self, dest: str) -> None:
        super().__init__(dest)
        self.dest = dest


class Unchanged(SendFault):
    """A redraw that would change nothing; a success for whoever asked."""


class Vanished(SendFault):
    """The message to be redrawn is gone."""


class Sender(Protocol):
    """The sending half of a surface: all that the courier needs."""

    #: "discord", "telegram" or "console".
    name: str
    #: Whether the platform recognises a repeated `key`, so that an unsure send may be sent again.
    knows_keys: bool

    async def deliver(self, target: Target, reply: Reply, *, key: str, silent: bool) -> Sent:
        """Send `reply`; `key` is the same for every attempt at the same message. Raises a SendFault."""

    async def redraw(self, posting: Posting, reply: Reply) -> None:
        """Draw a card again where it hangs. Raises a SendFault."""


class Surface(Sender, Protocol):
    """A platform: it listens until stopped, and sends."""

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until `stop` is set. Whatever it raises it is started again after, `Hopeless` excepted."""

    def healthy(self) -> bool:
        """Whether the platform answered recently."""
