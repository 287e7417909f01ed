"""What the Bot API's refusals mean, as the kinds of failure that the desk knows."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.desk.surface import Moved, Refused, SendFault, TooFast, Unavailable, Unchanged, Unsure, Vanished


class NoTopic(Exception):
    """The topic is gone or closed; the chat itself may still be written to."""


class NeverSent(NetworkError):
    """There was no connection, so the request cannot have reached anybody."""


class NotUnderstood(Exception):
    """The server could not read the message's markup or part of it."""


#: Words of a BadRequest, in lower case, with what they mean. The Bot API has no codes for these; the texts are those of
#: its server (tdlib/telegram-bot-api, Client.cpp) and have been the same for years.
_UNCHANGED = ("message is not modified", "message_not_modified")
_VANISHED = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier is not specified",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
    "message to be replied not found",
)
_NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid", "topic closed")
_REFUSED = (
    "chat not found",
    "peer_id_invalid",
    "user not found",
    "user_deactivated",
    "not enough rights",
    "have no rights",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_send_",
    "need administrator rights",
    "not a member",
    "bot is not a member",
    "group chat was deactivated",
    "channel_private",
    "chat_admin_required",
)
_NOT_UNDERSTOOD = ("can't parse entities", "entity_date_invalid", "entities_too_long", "unsupported start tag")


def meaning(error: TelegramError) -> SendFault | NoTopic | NotUnderstood:
    """Which failure an error of python-telegram-bot is. Texts of errors may hold addresses, so none is passed on."""
    match error:
        case ChatMigrated(new_chat_id=new_chat_id):
            return Moved(str(new_chat_id))
        case RetryAfter():
            return TooFast(seconds_of(error))
        case Forbidden():
            return Refused(_reason(error))
        case BadRequest():
            return _refusal(error)
        case TimedOut() | NetworkError():
            return _unanswered(error)
    return Unavailable(type(error).__name__)


def seconds_of(error: RetryAfter) -> float:
    """How long the server asks to wait; python-telegram-bot gives a number or a timedelta, as it is set up."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def is_late(error: BadRequest) -> bool:
    """Whether a press can no longer be acknowledged, which harms nobody."""
    words = error.message.casefold()
    return "query is too old" in words or "query id is invalid" in words or "query_id_invalid" in words


def _refusal(error: BadRequest) -> SendFault | NoTopic | NotUnderstood:
    words = error.message.casefold()
    for known, fault in (
        (_UNCHANGED, Unchanged()),
        (_VANISHED, Vanished()),
        (_NO_TOPIC, NoTopic()),
        (_REFUSED, Refused(_reason(error))),
        (_NOT_UNDERSTOOD, NotUnderstood()),
    ):
        if any(word in words for word in known):
            return fault
    return Unsure(f"refused: {error.message[:80]}")


def _unanswered(error: NetworkError) -> SendFault:
    """Nothing was sent when there was no connection, and when the server said itself that it failed; else who knows."""
    if isinstance(error, NeverSent):
        return Unavailable("no connection")
    if error.__cause__ is None and not isinstance(error, TimedOut):
        return Unavailable("the server failed")
    return Unsure("no answer came")


def _reason(error: TelegramError) -> str:
    """Why, in a few words that can be shown to a moderator."""
    words = error.message.casefold()
    for known, reason in (
        ("blocked", "they blocked the bot"),
        ("deactivated", "the account is gone"),
        ("initiate", "they have not pressed Start"),
        ("kicked", "the bot was removed"),
        ("not a member", "the bot is not a member"),
        ("chat not found", "there is no such chat"),
    ):
        if known in words:
            return reason
    return "the bot may not write there"
