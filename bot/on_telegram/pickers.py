"""Keyboards that spare typing, in private chats only: picking a person, and sharing where one is.

A location is turned into a time zone at once and thrown away.
"""

from __future__ import annotations

from collections.abc import Sequence

from telegram import KeyboardButton, KeyboardButtonRequestUsers, Message, ReplyKeyboardMarkup, User
from telegram.error import TelegramError

from bot.desk.naming import handed_over
from bot.on_telegram.callers import TELEGRAM, Came
from bot.on_telegram.parts import Parts
from cogs.kit.ask import Kind
from cogs.kit.call import Call
from cogs.kit.form import Form
from storage.records.draft import Draft

#: Telegram asks for a number that comes back with the people picked; there is one question at a time.
_REQUEST = 1
#: Telegram Bot API, KeyboardButtonRequestUsers.max_quantity: 1-10.
_MOST_PEOPLE = 10


class Pickers:
    """Shows such a keyboard beside a question it can answer, and takes it away again."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        # Where a keyboard may still stand: a message to be removed. After a restart it goes with its first use.
        self._shown: dict[int, int] = {}

    async def offer(self, call: Call, draft: Draft, form: Form | None, came: Came) -> None:
        """Offer what fits the open question; nothing for most of them."""
        parameter = next((one for one in form.fields if one.name == draft.asked), None) if form else None
        await self.away(came.user.id)
        if parameter is None:
            return
        if parameter.kind is Kind.PERSON:
            button = KeyboardButton(
                "Pick from my contacts",
                request_users=KeyboardButtonRequestUsers(
                    _REQUEST,
                    user_is_bot=False,
                    max_quantity=_MOST_PEOPLE if parameter.many else 1,
                    request_name=True,
                    request_username=True,
                ),
            )
            words, hint = "Type the name, or pick somebody:", "A name"
        elif parameter.kind is Kind.ZONE:
            button = KeyboardButton("Share where I am", request_location=True)
            words, hint = "Type the city, or share where you are. It is used once and not kept:", "A city"
        else:
            return
        await self._show(came.user.id, words, [[button]], hint)

    async def choose(self, user_id: int, words: str, texts: Sequence[str]) -> None:
        """Offer texts to send with one tap."""
        await self.away(user_id)
        await self._show(user_id, words, [[KeyboardButton(text)] for text in texts], "Or type it")

    async def _show(self, user_id: int, words: str, rows: list[list[KeyboardButton]], hint: str) -> None:
        keyboard = ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True, input_field_placeholder=hint)
        try:
            shown = await self._parts.sender.bot.send_message(
                user_id, words, reply_markup=keyboard, disable_notification=True
            )
        except TelegramError:
            return  # what it helps with can be typed
        self._shown[user_id] = shown.message_id

    async def away(self, user_id: int) -> None:
        """Take the keyboard away: it goes with the message that brought it."""
        message = self._shown.pop(user_id, None)
        if message is not None:
            try:
                await self._parts.sender.bot.delete_message(user_id, message)
            except TelegramError:
                return


async def person_text(parts: Parts, account: str, name: str) -> str:
    """What is read for somebody picked or mentioned: the person we know, else their name."""
    async with parts.tools.open_work(reading=True) as work:
        identity = await work.people.identity(TELEGRAM, account)
    return await handed_over(parts.tools.open_work, identity.person_id) if identity is not None else name


async def shared_people(parts: Parts, message: Message) -> str:
    """The people that a message brings along, picked or as a contact, as they are read; empty when there are none."""
    found: list[tuple[int | None, str | None, str | None]]
    if message.users_shared is not None:
        found = [(one.user_id, one.first_name, one.last_name) for one in message.users_shared.users]
    elif message.contact is not None:
        found = [(message.contact.user_id, message.contact.first_name, message.contact.last_name)]
    else:
        return ""
    named = [(account, " ".join(filter(None, (first, last))) or "Somebody") for account, first, last in found]
    return ", ".join([await person_text(parts, str(account or ""), name) for account, name in named])


async def mention_text(parts: Parts, user: User) -> str:
    """The same for somebody mentioned without a username."""
    return await person_text(parts, str(user.id), " ".join(user.full_name.split()))
