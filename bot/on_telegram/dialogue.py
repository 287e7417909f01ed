"""Questions of a form, one at a time: which message asks, what is shown beside it, and what a typed answer means."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk.answer import Answer
from bot.desk.surface import Sent
from bot.on_telegram.callers import Came
from bot.on_telegram.parts import Parts
from bot.on_telegram.pickers import Pickers
from cogs.kit.call import Call
from cogs.kit.reply import Upload
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

    async def strip(self, prompt: str) -> None:
        """Take the buttons off a message that asked."""
        address, _, message = prompt.rpartition("/")
        chat = address.partition(":")[0]
        if chat.lstrip("-").isdigit() and message.isdigit():
            await self._parts.sender.bare_of_keys(int(chat), int(message))


def _squeezed(text: str) -> str:
    return " ".join(text.translate(_STRAIGHT).casefold().split())


_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
