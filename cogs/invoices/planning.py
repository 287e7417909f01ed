"""What is kept to be said later: the next step of an invoice's ladder, and the next invoice hour of a community.

Everything happens inside somebody's Work: with the change that causes it, or with the record of a delivery. One notice
of an invoice waits at a time. Its running number is the invoice's; whoever changes the invoice plans anew, and a notice
with an older number says nothing any more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cogs.invoices import ladder
from storage.records.client import InvoiceHour
from storage.records.invoice import Invoice
from storage.records.notice import NewNotice, Notice, Outcome
from storage.records.people import Topic
from storage.work import Work

RUNG = "chasing.rung"
HOUR = "chasing.hour"


async def zone_of(work: Work, person_id: int) -> str:
    """The zone a person goes by; UTC where they never said."""
    person = await work.people.get(person_id)
    return (person.zone if person is not None else None) or "UTC"


async def plan(work: Work, invoice: Invoice, now: datetime) -> Invoice:
    """Keep the next reminder in place of the one that waits, if any is to come; the invoice, written down."""
    await work.notices.cancel_series(_series(invoice), now)
    billing = await work.clients.billing(invoice.person_id)
    at = ladder.next_at(invoice, billing, await zone_of(work, invoice.person_id), now)
    if at is None:
        return await work.invoices.change(replace(invoice, next_at=None))
    number = invoice.planned + 1
    await work.notices.add(
        NewNotice(
            kind=RUNG,
            person_id=invoice.person_id,
            args={"invoice_id": invoice.id},
            due_at=at,
            topic=Topic.INVOICES,
            series_id=_series(invoice),
            occurrence=number,
        ),
        now,
    )
    return await work.invoices.change(replace(invoice, planned=number, next_at=at))


async def rang(work: Work, notice: Notice, now: datetime) -> None:
    """A step was said, or was no longer true: keep the next one."""
    invoice = await work.invoices.hold(int(notice.args["invoice_id"] or 0))
    if invoice is None or notice.occurrence != invoice.planned:
        return
    zone = await zone_of(work, invoice.person_id)
    if notice.result != Outcome.DROPPED:
        # A late delivery counts for the day on which it came, so that the next step does not follow on its heels.
        day = max(notice.due_at, now).astimezone(ZoneInfo(zone)).date()
        pause = invoice.pause if invoice.pause is None or invoice.paused_on(day) else None
        invoice = replace(invoice, rung_on=day, snoozed_until=None, pause=pause)
    await plan(work, invoice, now)


def is_true(notice: Notice, invoice: Invoice, today: date) -> bool:
    """Whether a step is still to be said: it is the newest, money is awaited, and it is not paused."""
    return notice.occurrence == invoice.planned and invoice.open and not invoice.paused_on(today)


def _series(invoice: Invoice) -> str:
    return f"invoice:{invoice.id}"


# --- the invoice hour -------------------------------------------------------------------------------------------------


async def plan_hour(work: Work, hour: InvoiceHour, now: datetime) -> InvoiceHour:
    """Keep the next invoice hour in place of the one that waits; none while it is switched off."""
    await work.notices.cancel_series(_hours(hour), now)
    if not hour.active:
        return await work.clients.set_hour(replace(hour, next_at=None))
    at = next_hour(hour.weekday, hour.clock, hour.zone, now)
    number = hour.planned + 1
    await work.notices.add(
        NewNotice(
            kind=HOUR,
            channel_id=hour.channel_id,
            args={"community_id": hour.community_id},
            due_at=at,
            # A week later the next one comes; a day late it is still worth saying.
            expires_after=timedelta(days=1),
            series_id=_hours(hour),
            occurrence=number,
        ),
        now,
    )
    return await work.clients.set_hour(replace(hour, planned=number, next_at=at))


async def hour_rang(work: Work, notice: Notice, now: datetime) -> None:
    """The hour was said: keep next week's."""
    hour = await work.clients.hold_hour(int(notice.args["community_id"] or 0))
    if hour is not None and notice.occurrence == hour.planned:
        await plan_hour(work, hour, max(now, notice.due_at))


def next_hour(weekday: int, clock: time, zone: str, now: datetime) -> datetime:
    """The next such weekday and wall clock after now."""
    today = now.astimezone(ZoneInfo(zone)).date()
    day = today + timedelta(days=(weekday - today.weekday()) % 7)
    at = ladder.at_hour(day, clock, zone)
    return at if at > now else ladder.at_hour(day + timedelta(days=7), clock, zone)


def _hours(hour: InvoiceHour) -> str:
    return f"invoicehour:{hour.community_id}"
