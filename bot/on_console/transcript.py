"""What the bot says in the console: kept in the database first, then shown, and remembered for expectations.

Kept first, because that is the delivery: a kill between the two loses a line on the screen and no message, since the
inbox still has it; the other way round the same message would come twice.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime

from bot.on_console.files import Shelf
from bot.on_console.local import CONSOLE
from bot.on_console.render import Drawn, draw
from cogs.kit.reply import Reply
from storage.records.said import Said
from storage.work import OpenWork, Work


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where the bot speaks. address: "#gigs" or "dm:ada"; label: "#gigs" or "dm Ada", as it is printed.

    person_id: whose private chat it is; channel_id: which channel it is.
    """

    address: str
    label: str
    person_id: int | None = None
    channel_id: int | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as it was shown.

    person_id: who saw it; None: everybody. fresh: its text; of a message drawn anew only the lines it did not have.
    answers: whether it answers what the speaker did, rather than being delivered.
    moved: a private answer to something typed in a channel, and so not shown where it was asked.
    """

    label: str
    drawn: Drawn
    person_id: int | None
    fresh: str
    edited: bool = False
    answers: bool = False
    moved: bool = False


class Transcript:
    """Everything said in this session. It outlives `!restart`; `open_work` is then the new program's."""

    def __init__(self, show: Callable[[Heard], None], shelf: Shelf) -> None:
        """show: prints one message."""
        self._show = show
        self._shelf = shelf
        self._heard: list[Heard] = []
        self._last_line: dict[str, int] = {}
        self.open_work: OpenWork | None = None
        #: Who is being spoken as: their private messages are seen at once, other people's wait in the inbox.
        self.speaking: int | None = None

    async def say(
        self,
        spot: Spot,
        reply: Reply,
        now: datetime,
        locale: str,
        *,
        key: str | None = None,
        hang: bool = False,
        moved: bool = False,
    ) -> Said:
        """Keep and show a new message. A key that was kept before says nothing and gives the message it became.

        hang: it answers somebody, and where its card hangs is to be remembered here; the courier does that itself for
        what it delivers.
        """
        drawn = draw(reply, now, locale, self._shelf.put(reply.files))
        seen = spot.person_id is None or spot.person_id == self.speaking
        async with self._work() as work:
            said = await work.said.say(
                spot.address,
                drawn.text,
                now,
                person_id=spot.person_id,
                buttons=drawn.buttons,
                card=reply.card.card if reply.card else None,
                subject_id=reply.card.subject_id if reply.card else None,
                key=key,
                seen=seen,
            )
            if said is None:
                assert key is not None  # nothing else can clash
                known = await work.said.by_key(key)
                assert known is not None
                return known
            if hang:
                await self._hang(work, spot, said.id, reply, now)
            await work.commit()
        self._tell(Heard(spot.label, drawn, spot.person_id, drawn.text, answers=hang, moved=moved))
        return said

    async def redraw(
        self, said: Said, spot: Spot, reply: Reply, now: datetime, locale: str, *, as_answer: bool = False
    ) -> bool:
        """Draw a message anew where it stands; False when that changes nothing.

        as_answer: it answers a press on that very message, and is shown even when nothing changed.
        """
        drawn = draw(reply, now, locale, self._shelf.put(reply.files))
        if (drawn.text, drawn.buttons) == (said.text, said.buttons) and not as_answer:
            return False
        async with self._work() as work:
            await work.said.change(
                said.id,
                drawn.text,
                drawn.buttons,
                card=reply.card.card if reply.card else None,
                subject_id=reply.card.subject_id if reply.card else None,
            )
            if as_answer:
                await self._hang(work, spot, said.id, reply, now)
            await work.commit()
        before = set() if as_answer else set(said.text.split("\n"))
        fresh = "\n".join(one for one in drawn.text.split("\n") if one not in before)
        self._tell(Heard(spot.label, drawn, spot.person_id, fresh, edited=True, answers=as_answer))
        return True

    def note(self, person_id: int, label: str, text: str) -> None:
        """Show a remark of the console itself to whoever speaks; nothing keeps it."""
        drawn = Drawn(tuple((("", one),) for one in text.split("\n")))
        self._tell(Heard(label, drawn, person_id, text, answers=True))

    async def show_inbox(self, person_id: int, label: str) -> int:
        """Show again what the person received and has not seen; how many messages that were."""
        async with self._work() as work:
            waiting = await work.said.unseen(person_id)
            if waiting:
                await work.said.mark_seen(person_id)
                await work.commit()
        for said in waiting:
            lines = tuple((("", one),) for one in said.text.split("\n"))
            self._tell(Heard(label, Drawn(lines, said.buttons), person_id, said.text, answers=True))
        return len(waiting)

    def begin_line(self, account: str) -> None:
        """Somebody says something: what they hear from now on is the answer to it."""
        self._last_line[account] = len(self._heard)

    def since_last_line(self, account: str) -> list[Heard]:
        """What somebody could see since they last said something, in order.

        By account and not by person: who was forgotten still reads the proof of it.
        """
        mine = f"dm {account}"
        heard = self._heard[self._last_line.get(account, 0) :]
        return [h for h in heard if h.person_id is None or " ".join(h.label.casefold().split()) == mine]

    def _tell(self, heard: Heard) -> None:
        self._heard.append(heard)
        self._show(heard)

    def _work(self, *, reading: bool = False) -> AbstractAsyncContextManager[Work]:
        assert self.open_work is not None, "no program is running"
        return self.open_work(reading=reading)

    async def _hang(self, work: Work, spot: Spot, message_id: int, reply: Reply, now: datetime) -> None:
        if reply.card is None:
            return
        await work.postings.hang(
            reply.card.card,
            reply.card.subject_id,
            surface=CONSOLE,
            address=spot.address,
            message=str(message_id),
            now=now,
            channel_id=spot.channel_id,
            person_id=spot.person_id,
        )


def squeezed(text: str) -> str:
    """Text as it is compared: white space single, quotation marks straight, case folded."""
    return " ".join(text.translate(_STRAIGHT).casefold().split())


_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
