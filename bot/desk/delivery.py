"""One send: its time limit, and what each way of ending means for the notices inside."""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk.parcels import Parcel
from bot.desk.surface import (
    Moved,
    Refused,
    Sender,
    SendFault,
    Sent,
    TooFast,
    Unavailable,
    Unchanged,
    Unsure,
    Vanished,
)
from storage.records.notice import REFRESH, Ended, Lane, Notice, Outcome, PutBack
from storage.work import Work

log = logging.getLogger(__name__)

#: Attempts before a notice is given up.
MOST_ATTEMPTS = 8

#: The first wait before a retry, doubled each time, of which a random part is taken.
FIRST_RETRY = timedelta(seconds=5)

#: A send that takes longer is broken off; it may have arrived.
SEND_WITHIN = 30.0


@dataclass(slots=True)
class Report:
    """How a send went. fault: why it did not arrive; None when it did."""

    parcel: Parcel
    sent: Sent | None
    fault: SendFault | None


async def send(sender: Sender, parcel: Parcel) -> Report:
    """Send a parcel, or redraw the message it is about. Never raises, except when it is cancelled."""
    try:
        async with asyncio.timeout(SEND_WITHIN):
            if parcel.posting is not None:
                await sender.redraw(parcel.posting, parcel.reply)
                return Report(parcel, Sent(parcel.posting.message, parcel.posting.address), None)
            sent = await sender.deliver(parcel.target, parcel.reply, key=parcel.key, silent=parcel.silent)
            return Report(parcel, sent, None)
    except SendFault as fault:
        return Report(parcel, None, fault)
    except TimeoutError:
        return Report(parcel, None, Unsure("no answer in time"))
    except Exception:  # a bug in the surface must cost one message, not the courier
        log.exception("notice %s: the surface failed", parcel.notices[0].id)
        return Report(parcel, None, Unsure("the surface failed"))


@dataclass(slots=True)
class Verdict:
    """What a report means: what ended, what is tried again, and what else has to be written."""

    ended: list[tuple[Notice, Ended]]
    back: list[PutBack]


def judge(report: Report, now: datetime, *, knows_keys: bool, platform_down: bool, chance: random.Random) -> Verdict:
    """What a report means for the notices in its parcel.

    platform_down: the platform takes nothing from anybody, so this attempt says nothing about this notice.
    """
    verdict = Verdict([], [])
    message = report.sent.message if report.sent is not None else None
    for notice in report.parcel.notices:
        fault = report.fault
        if fault is None or isinstance(fault, Unchanged):
            _end(verdict, notice, report.parcel.result, message=message)
        elif isinstance(fault, Vanished):
            _end(verdict, notice, Outcome.DROPPED)
        elif isinstance(fault, Refused):
            _refused(verdict, notice, fault.reason, now)
        elif isinstance(fault, TooFast):
            wait = timedelta(seconds=max(1.0, fault.seconds) + chance.uniform(0, 0.25))
            _back(verdict, notice, now + wait, "asked to wait", counted=False)
        elif isinstance(fault, Moved):
            _again_or_never(verdict, notice, now, "the chat has moved")
        elif isinstance(fault, Unsure):
            if not knows_keys and notice.lane is Lane.SOFT and notice.kind != REFRESH:
                _end(verdict, notice, Outcome.UNSURE, trouble="no answer came; it may have arrived")
            else:
                _retry(verdict, notice, now, "no answer came", chance, doubtful=True)
        elif platform_down:
            _back(verdict, notice, now, "the platform is down", counted=False)
        else:
            _retry(verdict, notice, now, str(fault) or "the platform failed", chance)
    return verdict


def failed_to_draw(notice: Notice, error: Exception, now: datetime, chance: random.Random) -> Verdict:
    """What it means that a builder raised: a bug, perhaps gone after the next start."""
    verdict = Verdict([], [])
    _retry(verdict, notice, now, f"could not be drawn ({type(error).__name__})", chance)
    return verdict


async def settle(work: Work, platform: str, report: Report, now: datetime) -> None:
    """Write what a report means beyond its notices: opened chats, dead ones, cards, moved addresses.

    To be called after the verdict on its notices has been written.
    """
    parcel, target = report.parcel, report.parcel.target
    if report.sent is not None and parcel.posting is None:
        await _arrived(work, platform, parcel, report.sent, now)
    elif isinstance(report.fault, Vanished) and parcel.posting is not None:
        await work.postings.take_down(parcel.posting.id)
    elif isinstance(report.fault, Moved) and target.dest is not None:
        await work.communities.move_channel(platform, target.dest, report.fault.dest)
    elif isinstance(report.fault, Refused):
        reason = report.fault.reason
        if target.person_id is not None:
            for identity in await work.people.identities_of(target.person_id):
                if identity.surface == platform and identity.account == (target.account or identity.account):
                    await work.people.mark_unreachable(platform, identity.account, reason)
            await work.notices.close_cards(platform, target.person_id, reason, now)
            await work.notices.reroute(target.person_id, now)
        elif target.channel_id is not None:
            await work.notices.set_channel_trouble(target.channel_id, reason)
            await work.notices.close_channel(platform, target.channel_id, reason, now)


async def _arrived(work: Work, platform: str, parcel: Parcel, sent: Sent, now: datetime) -> None:
    target = parcel.target
    if target.person_id is not None and target.account is not None and sent.dest != target.dest:
        await work.people.set_dm(platform, target.account, sent.dest)
        await work.notices.opened(platform, target.person_id, sent.dest)
    if parcel.known_trouble is not None and target.channel_id is not None:
        await work.notices.set_channel_trouble(target.channel_id, None)
    card = parcel.reply.card
    if card is not None:
        await work.postings.hang(
            card.card,
            card.subject_id,
            surface=platform,
            address=sent.dest,
            message=sent.message,
            now=now,
            channel_id=target.channel_id,
            person_id=target.person_id,
        )


def _end(
    verdict: Verdict, notice: Notice, result: str, *, message: str | None = None, trouble: str | None = None
) -> None:
    ended = Ended(notice.id, notice.attempt, result, message=message, trouble=trouble)
    verdict.ended.append((notice, ended))


def _back(
    verdict: Verdict, notice: Notice, at: datetime, trouble: str, *, counted: bool = True, doubtful: bool = False
) -> None:
    verdict.back.append(PutBack(notice.id, notice.attempt, at, counted=counted, doubtful=doubtful, trouble=trouble))


def _refused(verdict: Verdict, notice: Notice, reason: str, now: datetime) -> None:
    """A person may be reached another way, or later; a channel and a card in a dead chat are not."""
    if notice.person_id is None or notice.kind == REFRESH:
        _end(verdict, notice, Outcome.REFUSED, trouble=reason)
    else:
        _back(verdict, notice, now, reason, counted=False)


def _again_or_never(verdict: Verdict, notice: Notice, at: datetime, trouble: str, *, doubtful: bool = False) -> None:
    if notice.attempt >= MOST_ATTEMPTS:
        _end(verdict, notice, Outcome.GAVE_UP, trouble=trouble)
    else:
        _back(verdict, notice, at, trouble, doubtful=doubtful)


def _retry(
    verdict: Verdict, notice: Notice, now: datetime, trouble: str, chance: random.Random, *, doubtful: bool = False
) -> None:
    """Try again after 5 s, doubled with each attempt, of which a random part: a crowd must not come back as one."""
    longest = FIRST_RETRY * 2**notice.attempt
    wait = max(timedelta(seconds=1), longest * chance.random())
    _again_or_never(verdict, notice, now + wait, trouble, doubtful=doubtful)


def is_down(fault: SendFault | None) -> bool:
    """Whether this ending says that the platform itself failed."""
    return isinstance(fault, Unavailable)
