"""Requests that answer interactions: the first within three seconds, and what is said or changed afterwards."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import limits
from tests.fakes.discord.interactions import DEFER, DEFER_UPDATE, MODAL, SAY, SUGGEST, UPDATE, Interaction
from tests.fakes.discord.routes import Request, route
from tests.fakes.discord.world import Message
from tests.fakes.discord.writing import answer_of, edit_message, interaction_of, new_message

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord


@route("POST", "/interactions/{id}/{token}/callback")
async def _callback(fake: FakeDiscord, asked: Request, id: str, token: str) -> Any:
    interaction = interaction_of(fake, token)
    interaction.check_first(asked.body)
    kind, data = asked.body["type"], asked.body.get("data") or {}
    if kind in (SAY, UPDATE):
        changes = kind == UPDATE
        limits.message(data, asked.files, was_card=changes and _source(interaction).is_card, edit=changes)
    interaction.answer_type = kind
    interaction.first_after = time.monotonic() - interaction.sent_at
    private = bool(data.get("flags", 0) & limits.EPHEMERAL)
    if kind in (SAY, DEFER):
        message = new_message(
            fake, interaction.channel, data, asked.files, only=interaction.user.id if private else None
        )
        message.loading = kind == DEFER
        interaction.original = message
        if kind == SAY:
            interaction.said.append(message)
    elif kind == UPDATE:
        interaction.original = edit_message(fake, _source(interaction), data, asked.files)
        interaction.said.append(interaction.original)
    elif kind == DEFER_UPDATE:
        interaction.original = interaction.source
    elif kind == MODAL:
        interaction.modal = data
    elif kind == SUGGEST:
        limits.need(len(data["choices"]) <= 25, "at most 25 suggestions")
        limits.need(all(1 <= len(c["name"]) <= 100 and len(str(c["value"])) <= 100 for c in data["choices"]), "100")
        interaction.suggestions = data["choices"]
    interaction.touched()
    if asked.query.get("with_response") not in ("1", "true"):
        return None
    about: dict[str, Any] = {"id": id, "type": interaction.type, "response_message_loading": kind == DEFER}
    made: dict[str, Any] = {"interaction": about}
    if interaction.original is not None:
        about |= {"response_message_id": str(interaction.original.id), "response_message_ephemeral": private}
        made["resource"] = {"type": kind, "message": interaction.original.payload()}
    return made


@route("PATCH", "/webhooks/{app}/{token}/messages/{message}")
async def _edit_answer(fake: FakeDiscord, asked: Request, app: str, token: str, message: str) -> Any:
    interaction = interaction_of(fake, token)
    interaction.check_later()
    found = answer_of(fake, interaction, message)
    limits.message(asked.body, asked.files, was_card=found.is_card, edit=not found.loading)
    edit_message(fake, found, asked.body, asked.files)
    interaction.said.append(found)
    interaction.touched()
    return found.payload()


@route("GET", "/webhooks/{app}/{token}/messages/{message}")
async def _get_answer(fake: FakeDiscord, asked: Request, app: str, token: str, message: str) -> Any:
    interaction = interaction_of(fake, token)
    interaction.check_later()
    return answer_of(fake, interaction, message).payload()


@route("DELETE", "/webhooks/{app}/{token}/messages/{message}")
async def _delete_answer(fake: FakeDiscord, asked: Request, app: str, token: str, message: str) -> Any:
    interaction = interaction_of(fake, token)
    interaction.check_later()
    answer_of(fake, interaction, message).deleted = True
    return None


@route("POST", "/webhooks/{app}/{token}")
async def _follow_up(fake: FakeDiscord, asked: Request, app: str, token: str) -> Any:
    interaction = interaction_of(fake, token)
    interaction.check_later()
    limits.message(asked.body, asked.files)
    original = interaction.original
    if interaction.answer_type == DEFER and original is not None and original.loading and not original.deleted:
        # The first thing said after a deferral takes its place, and its privacy.
        edit_message(fake, original, asked.body, asked.files)
        interaction.said.append(original)
        interaction.touched()
        return original.payload()
    private = bool((asked.body.get("flags") or 0) & limits.EPHEMERAL)
    message = new_message(
        fake, interaction.channel, asked.body, asked.files, only=interaction.user.id if private else None
    )
    interaction.said.append(message)
    if original is not None and original.deleted:
        original.loading = False
    interaction.touched()
    return message.payload()


def _source(interaction: Interaction) -> Message:
    limits.need(interaction.source is not None, "there is no message to change")
    assert interaction.source is not None
    return interaction.source
