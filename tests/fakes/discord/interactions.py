"""Interactions: one first answer within three seconds, others for fifteen minutes, and who may see them."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord import limits
from tests.fakes.discord.world import Channel, Message, User, snowflake

PONG, SAY, DEFER, DEFER_UPDATE, UPDATE, SUGGEST, MODAL = 1, 4, 5, 6, 7, 8, 9
COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5


class Refusal(Exception):
    """An answer of the API that is an error."""

    def __init__(self, status: int, code: int, message: str = "") -> None:
        super().__init__(message or str(code))
        self.status, self.code = status, code


@dataclass
class Interaction:
    """What somebody did, and what came back."""

    type: int
    user: User
    channel: Channel
    data: dict[str, Any]
    source: Message | None = None
    id: int = field(default_factory=snowflake)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    sent_at: float = field(default_factory=time.monotonic)
    first_after: float | None = None
    answer_type: int | None = None
    original: Message | None = None
    said: list[Message] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    suggestions: list[dict[str, Any]] | None = None
    expired: bool = False
    #: Seconds after which nothing is taken any more; tests with little patience lower it.
    patience: float = 3.0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def touched(self) -> None:
        self.changed.set()

    @property
    def is_settled(self) -> bool:
        """Whether something final was said: no deferral is waiting."""
        if self.answer_type is None:
            return False
        if self.answer_type == DEFER:
            return self.original is None or not self.original.loading
        if self.answer_type == DEFER_UPDATE:
            return bool(self.said)
        return True

    async def answered(self, within: float = 5.0) -> Interaction:
        """Wait for the first answer."""
        await self._until(lambda: self.answer_type is not None, within)
        return self

    async def settled(self, within: float = 10.0) -> Interaction:
        """Wait for what is really said."""
        await self._until(lambda: self.is_settled, within)
        return self

    async def _until(self, true: Any, within: float) -> None:
        async with asyncio.timeout(within):
            while not true():
                self.changed.clear()
                await self.changed.wait()

    @property
    def text(self) -> str:
        """All that was said, in order."""
        return "\n".join(one.text for one in self.said)

    def check_first(self, body: dict[str, Any]) -> None:
        """Whether a first answer may be this. Raises Refusal or limits.Bad."""
        if self.expired or time.monotonic() - self.sent_at > self.patience:
            raise Refusal(404, 10062, "Unknown interaction")
        if self.answer_type is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        kind = body["type"]
        allowed = {
            COMMAND: (SAY, DEFER, MODAL),
            COMPONENT: (SAY, DEFER, DEFER_UPDATE, UPDATE, MODAL),
            SUBMIT: (SAY, DEFER, *((DEFER_UPDATE, UPDATE) if self.source is not None else ())),
            AUTOCOMPLETE: (SUGGEST,),
        }[self.type]
        limits.need(kind in allowed, f"an answer of type {kind} to an interaction of type {self.type}")
        if kind == DEFER:
            flags = (body.get("data") or {}).get("flags", 0)
            limits.need(flags & ~limits.EPHEMERAL == 0, "a deferral says no more than who sees it")
        if kind == MODAL:
            limits.modal(body["data"])

    def check_later(self) -> None:
        """Whether something may be said after the first answer. Raises Refusal."""
        if self.expired:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        if self.answer_type is None:
            raise Refusal(404, 10015, "Unknown Webhook")
