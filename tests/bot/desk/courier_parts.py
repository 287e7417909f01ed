"""Parts of a courier for its tests: a sender that does as it is told, people, and notices that say their number."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.desk.courier import Courier
from bot.desk.surface import SendFault, Sent, Target
from cogs.kit.reply import Reply, say
from cogs.kit.words import Moment, Plain
from storage.records.notice import Delivery, Lane, NewNotice, Notice
from storage.records.people import Channel, Person
from storage.records.posting import Posting
from storage.work import OpenWork, Work
from tests.conftest import START, MovableClock

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass
class Delivered:
    target: Target
    reply: Reply
    key: str
    silent: bool

    @property
    def text(self) -> str:
        """Everything it says, moments as ISO."""
        reply = self.reply
        lines = [*reply.lines, *(row.line for row in reply.rows), *reply.also]
        return "\n".join([reply.title or "", *("".join(map(shown, one)) for one in lines)]).strip()


def shown(span: Any) -> str:
    return span.at.isoformat() if isinstance(span, Moment) else str(span.text)


@dataclass
class FakeSender:
    """Records what it is given. `says(target, key)` may return a fault to be raised.

    loses: keys whose answer gets lost once: the message arrives and Unsure is raised by `says`.
    """

    name: str = "console"
    knows_keys: bool = False
    says: Callable[[Target, str], SendFault | None] = lambda target, key: None
    delay: float = 0.0
    sent: list[Delivered] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    redrawn: list[tuple[Posting, Reply]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def deliver(self, target: Target, reply: Reply, *, key: str, silent: bool) -> Sent:
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            if self.delay:
                await asyncio.sleep(self.delay)
            self.tried.append(key)
            fault = self.says(target, key)
            if fault is not None:
                raise fault
            if not (self.knows_keys and any(one.key == key for one in self.sent)):
                self.sent.append(Delivered(target, reply, key, silent))
            return Sent(f"m{len(self.sent)}", target.dest or f"dm-{target.account}")
        finally:
            self.at_once -= 1

    async def redraw(self, posting: Posting, reply: Reply) -> None:
        fault = self.says(Target(posting.address), f"redraw:{posting.id}")
        self.tried.append(f"redraw:{posting.id}")
        if fault is not None:
            raise fault
        self.redrawn.append((posting, reply))

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.sent]


async def draw_number(notice: Notice, work: Work) -> Reply | None:
    """The builder of "t.say": its number, as text."""
    return say(Plain(f"number {notice.args['n']}"))


async def person(
    open_work: OpenWork, name: str = "Player One", surface: str = "console", dm: str | None = "open", **fields: Any
) -> Person:
    """Somebody with one account, whose private chat is "dm:<name>" unless `dm` says otherwise. Never asleep."""
    async with open_work() as work:
        address = f"dm:{name}" if dm == "open" else dm
        found = await work.people.greet(surface, name, name, START, dm=address)
        awake = {"quiet_from": found.quiet_to, **fields}
        found = await work.people.change(found.id, **awake)
        await work.commit()
    return found


async def keep(open_work: OpenWork, *new: NewNotice, now: datetime = START) -> list[int | None]:
    """Keep notices one by one; their ids."""
    async with open_work() as work:
        ids = [await work.notices.add(one, now) for one in new]
        await work.commit()
    return ids


def number(n: int, to: Person, *, after: timedelta = timedelta(0), **rest: Any) -> NewNotice:
    """A notice that says its number, due `after` the start."""
    return NewNotice(
        **{
            "kind": "t.say",
            "due_at": START + after,
            "person_id": to.id,
            "args": {"n": n},
            "lane": Lane.URGENT,
            **rest,
        }
    )


def courier(open_work: OpenWork, clock: MovableClock, *senders: FakeSender, **rest: Any) -> Courier:
    """A courier that draws "t.say" and whatever else `builders` names."""
    builders = {"t.say": draw_number, **rest.pop("builders", {})}
    return Courier(open_work, clock, senders, builders, **rest)


async def state(open_work: OpenWork, notice_id: int | None) -> Delivery:
    """A notice as it stands now."""
    async with open_work(reading=True) as work:
        found = await work.notices.get(notice_id or 0)
    assert found is not None
    return found


async def channel(open_work: OpenWork, address: str = "#gigs", zone: str | None = None) -> Channel:
    """A channel of a hall on the console."""
    async with open_work() as work:
        community = await work.communities.greet("console", "hall", "The Hall", START)
        if zone:
            await work.communities.change(community.id, zone=zone)
        found = await work.communities.greet_channel(community.id, "console", address, address)
        await work.commit()
    return found


def to_channel(n: int, channel_id: int, **rest: Any) -> NewNotice:
    """A notice to a channel that says its number, due `after` the start."""
    after = rest.pop("after", timedelta(0))
    return NewNotice(kind="t.say", due_at=START + after, channel_id=channel_id, args={"n": n}, **rest)


async def card_hangs(open_work: OpenWork, subject: int = 12, message: str = "m1", place: str = "#gigs") -> Posting:
    """A card hangs in a channel."""
    where = await channel(open_work, place)
    async with open_work() as work:
        posting = await work.postings.hang(
            "t.card", subject, surface="console", address=place, message=message, now=START, channel_id=where.id
        )
        await work.commit()
    return posting


async def refresh(open_work: OpenWork, clock: MovableClock, subject: int = 12) -> None:
    """The card is to be redrawn wherever it hangs."""
    async with open_work() as work:
        await work.notices.refresh("t.card", subject, clock.now())
        await work.commit()


async def draw_card(subject_id: int, work: Work) -> Reply | None:
    """The drawer of "t.card": its subject, as text."""
    return say(f"card {subject_id}")
