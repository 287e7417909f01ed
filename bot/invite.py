"""`firstcall invite`: the Discord link with just the rights the bot needs, and what to set at Telegram's @BotFather."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import urlencode

from bot.settings.model import KEYS, Settings
from bot.settings.secret import Secret

#: The rights asked for in a server, as bit numbers. Source: Discord developer documentation, Permissions, read August
#: 2026. Creating events has been a right of its own since 2026-02-23.
RIGHTS = {
    "view channels": 10,
    "send messages": 11,
    "embed links": 14,
    "attach files": 15,
    "read message history": 16,
    "manage threads": 34,
    "create public threads": 35,
    "create private threads": 36,
    "send messages in threads": 38,
    "create events": 44,
}
PERMISSIONS = sum(1 << bit for bit in RIGHTS.values())

_AUTHORIZE = "https://discord.com/oauth2/authorize"
_GOOD, _BAD_CONFIGURATION = 0, 78


def application_id(token: Secret) -> int | None:
    """The application's id, which is the first part of a Discord token in base64; None when it is not one."""
    first = token.reveal().partition(".")[0]
    try:
        digits = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return int(digits) if digits.isdigit() and 15 <= len(digits) <= 20 else None


def server_link(application: int) -> str:
    """The link by which somebody who may manage a server brings the bot into it."""
    query = {"client_id": application, "permissions": PERMISSIONS, "scope": "bot applications.commands"}
    return f"{_AUTHORIZE}?{urlencode(query)}"


def personal_link(application: int) -> str:
    """The link by which a person keeps the personal commands at hand in every server and direct message."""
    query = {"client_id": application, "integration_type": 1, "scope": "applications.commands"}
    return f"{_AUTHORIZE}?{urlencode(query)}"


def invite(settings: Settings) -> tuple[list[str], int]:
    """What to print, and the exit code: 78 when neither platform is set up, since there is nobody to invite yet."""
    token = settings.discord.token
    application = settings.discord.application_id or (application_id(token) if token else None)
    lines = ["Discord", *_discord(application, has_token=token is not None), "", "Telegram"]
    lines += _telegram(has_token=settings.telegram.token is not None)
    return lines, _GOOD if application or settings.telegram.token else _BAD_CONFIGURATION


def _discord(application: int | None, *, has_token: bool) -> list[str]:
    if application is None and has_token:
        return [
            "  The token does not tell the application's id. Copy it from the Developer Portal (General Information,",
            f"  Application ID) into discord.application_id, or {KEYS['discord.application_id'].variable}.",
        ]
    if application is None:
        return ["  No discord.token yet.", f"  How to get one: {KEYS['discord.token'].obtain}."]
    return [
        "  Open this as somebody who may manage the server:",
        f"  {server_link(application)}",
        f"  It asks for these rights and no other: {', '.join(RIGHTS)}.",
        "  For one person, in every server and direct message (first tick User Install under Installation in the",
        "  Developer Portal):",
        f"  {personal_link(application)}",
        "  Under Bot in the Developer Portal leave all three privileged intents off: First Call reads no messages,",
        "  member lists or presences.",
    ]


def _telegram(*, has_token: bool) -> list[str]:
    if not has_token:
        return ["  No telegram.token yet.", f"  How to get one: {KEYS['telegram.token'].obtain}."]
    return [
        "  Write to @BotFather, once:",
        "    /setprivacy      Enable     in groups it hears commands and answers to itself, nothing else",
        "    /setjoingroups   Enable     so that it can be added to gig groups",
        "    /setdescription  what people read before they press Start, at most 512 characters",
        "    /setabouttext    the line on its profile, at most 120 characters",
        "    Bot Settings, Privacy Policy: the address of your privacy policy; without one /privacy answers",
        "  The list of commands is set by First Call itself at its start.",
        "  Then open the bot's profile, Add to Group. It needs no admin rights to post gigs; as an admin who may",
        "  manage topics it can open one for the gig board.",
    ]
