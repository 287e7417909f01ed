"""Questions of a form, one at a time: which message asks, what is shown beside it, and what a typed answer means."""

from __future__ import annotations

from collections.abc import Sequence

from telegram.constants import ChatType

from bot.desk.answer import Answer
from bot.desk.filling import ZONE
from bot.desk.surface import Sent
from bot.on_telegram.callers import Came
from bot.on_telegram.parts import Parts
from bot.on_telegram.pickers import Pickers
from cogs.kit.action import BadAction, action, take_apart
from cogs.kit.call import Call
from cogs.kit.reply import PUBLIC, Button, Reply, Upload
from cogs.kit.words import line
from storage.records.draft import Draft


class Dialogue:
    """The state is in the draft row: `prompt` is the message that asks."""

    def __init__(self, parts: Parts, pickers: Pickers) -> None:
        self._parts = parts
        self._pickers = pickers

    async def question(self, call: Call, *, here: bool = False) -> Draft | None:
        """The caller's form whose question is open, wherever it was asked, or only here; None when there is none."""
        async with self._parts.tools.open_work(reading=True) as work:
            draft = await work.drafts.open_question(call.person_id, call.place.key if here else None)
        return draft if draft is not None and draft.asked is not None and draft.expires_at > call.now else None

    async def heard(
        self, call: Call, question: Draft, text: str, uploads: Sequence[Upload] = (), *, anywhere: bool
    ) -> Answer | None:
        """Take the answer to an open question. What reads like one of its buttons is that button's value."""
        said = _squeezed(text)
        for label, value in question.offered:
            if said == _squeezed(label):
                text = value
                break
        return await self._parts.desk.heard(call, text, uploads, anywhere=anywhere)

    async def asked(self, call: Call, answer: Answer, came: Came, sent: Sent) -> None:
        """Remember the message that asks; the one before it, answered by typing, loses its buttons."""
        if answer.draft is None:
            await self._pickers.away(came.user.id)
            return
        async with self._parts.tools.open_work() as work:
            draft = await work.drafts.get(answer.draft, call.person_id)
            if draft is None:
                return
            before = draft.prompt
            prompt = f"{sent.dest}/{sent.message}"
            if before != prompt:
                await work.drafts.change(draft.token, call.person_id, prompt=prompt)
                await work.commit()
        if before is not None and before != prompt:
            await self.strip(before)
        if came.private or sent.dest == str(came.user.id):  # asked in the private chat, wherever it began
            await self._pickers.offer(call, draft, answer.reply.form, came)

    def belongs_here(self, came: Came, answer: Answer) -> bool:
        """Whether a question is asked in the group: what it is for is said there too, and has its place there.

        Not so for the caller's own clock, which is nobody else's.
        """
        form = answer.reply.form
        if form is None or came.private or came.chat.type == ChatType.CHANNEL:
            return False
        if form.fields and form.fields[0].name == ZONE.name and ZONE.name not in form.values:
            return False
        try:
            return self._parts.desk.index.remembered(form.then).replies is PUBLIC
        except BadAction:
            return False

    async def asked_there(self, call: Call, came: Came) -> str | None:
        """The caller's question that the pressed message asks, as its prompt; None when it asks nobody or another."""
        question = await self.question(call, here=True)
        here = f"{came.address}/{came.message}"
        return here if question is not None and question.prompt == here else None

    async def strip(self, prompt: str) -> None:
        """Take the buttons off a message that asked; in a group it has done its work and goes."""
        address, _, message = prompt.rpartition("/")
        chat = address.partition(":")[0]
        if not (chat.lstrip("-").isdigit() and message.isdigit()):
            return
        if chat.startswith("-"):
            await self._parts.sender.remove(address, int(message))
        else:
            await self._parts.sender.bare_of_keys(int(chat), int(message))


def typed_here(reply: Reply) -> Reply | None:
    """A question whose answer is typed, as a group is asked it: as a reply, with its buttons as words.

    None for one with choices to tap.
    """
    words = []
    for button in reply.buttons:
        name = take_apart(button.action).name if isinstance(button, Button) else ""
        if name not in _WORDS:
            return None
        words.append(_WORDS[name])
    hint = line(f"Reply to this message. Or reply: {', '.join(words)}.") if words else line("Reply to this message.")
    return reply.with_(buttons=(), also=(*reply.also, hint))


def word_of(text: str, question: Draft) -> str | None:
    """The action that a typed word stands for; None where it is an answer. Skip is read by the desk."""
    name = next((name for name, word in _WORDS.items() if word == _squeezed(text)), None)
    return action(name, question.token) if name is not None and name != "desk.skip" else None


_WORDS = {"desk.skip": "skip", "desk.back": "back", "desk.cancel": "cancel"}


def _squeezed(text: str) -> str:
    return " ".join(text.translate(_STRAIGHT).casefold().split())


_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
