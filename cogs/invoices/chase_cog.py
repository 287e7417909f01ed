"""The cog that chases: the ladder, messages, pauses, late sums, and the community's invoice hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from cogs.invoices import asked, chase_cards, ladder, late, planning, rules
from cogs.invoices.chase_service import ChaseService
from cogs.invoices.held import must_be_open, seen
from cogs.invoices.kept import View
from cogs.invoices.suggestions import Suggestions
from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask
from cogs.kit.call import Call, Right
from cogs.kit.cog import Cog, Where, action, afterwards, command, notice
from cogs.kit.faults import Misread
from cogs.kit.moments import bare_clock
from cogs.kit.reply import PUBLIC, Button, Reply
from cogs.kit.tools import Tools
from cogs.kit.when import When
from storage.records.client import Preset
from storage.records.invoice import InvoiceState, LateRuleChoice, PauseReason, Tone
from storage.records.notice import Notice
from storage.work import Work

_UNTIL = Ask("Until when did they promise it?", label="Until", example="Friday")
_WHY = Ask("What do they dispute?", label="Why", example="They say it was agreed at 400", max_length=200)
_RULE_ALSO = {"uk statutory": "uk", "statutory": "uk", "gb": "uk", "directive": "eu", "off": "none", "no": "none"}


class ChasingCog(Suggestions, Cog, name="chasing", topic="Invoices"):
    """Reminders to you about unpaid invoices, with the message to send ready to copy."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._locale = tools.defaults.locale
        self._chase = ChaseService(tools)

    # --- the ladder ---------------------------------------------------------------------------------------------------

    @notice("rung")
    async def rung(self, notice: Notice, work: Work) -> Reply | None:
        """A step of the ladder, as the invoice stands now; None when it was paid, paused or planned anew."""
        invoice = await work.invoices.get(int(notice.args["invoice_id"] or 0))
        if invoice is None:
            return None
        zone = await planning.zone_of(work, invoice.person_id)
        today = self._clock.now().astimezone(ZoneInfo(zone)).date()
        if not planning.is_true(notice, invoice, today):
            return None
        person = await work.people.get(invoice.person_id)
        locale = (person.locale if person is not None else None) or self._locale
        return chase_cards.step(await seen(work, invoice, today, zone), locale)

    @afterwards("rung")
    async def rung_kept(self, notice: Notice, work: Work) -> None:
        """Keep the next step."""
        await planning.rang(work, notice, self._clock.now())

    @command("invoice chase", "The next message to a client, ready to copy", aliases=("chase",), example="/chase I9")
    async def chase(
        self,
        call: Call,
        id_: Annotated[int, asked.WHICH],
        tone: Annotated[asked.ToneAsked | None, Ask("How firmly?", example="firm")] = None,
        language: Annotated[
            asked.Language | None, Ask("In which language?", example="de", also=asked.LANGUAGE_ALSO)
        ] = None,
    ) -> Reply:
        """The message at the right tone, in the client's language."""
        view = await self._open(call, id_)
        if tone is None or tone is asked.ToneAsked.NEXT:
            chosen = ladder.tone_for(view.invoice, view.billing.preset, view.today)
        else:
            chosen = Tone(tone.value)
        return chase_cards.message(view, chosen, language.value if language is not None else None, call.locale)

    @action("chase")
    async def chase_pressed(self, call: Call, invoice_id: int) -> Reply:
        """The next message."""
        return await self.chase(call, invoice_id)

    async def _open(self, call: Call, invoice_id: int) -> View:
        view = await self._service.show(call, invoice_id)
        must_be_open(view.invoice)
        return view

    @action("sent_it")
    async def sent_it(self, call: Call, invoice_id: int, tone: Tone) -> Reply:
        """The message went out."""
        return chase_cards.after(await self._chase.chased(call, invoice_id, tone), "Message sent:")

    @action("snooze")
    async def snooze(self, call: Call, invoice_id: int) -> Reply:
        """Again in three days."""
        return chase_cards.after(await self._chase.snooze(call, invoice_id, chase_cards.SNOOZE_DAYS), "Snoozed:")

    @command("invoice pause", "Hold reminders back", aliases=("pause",), example="/pause I9 dispute")
    async def pause(
        self,
        call: Call,
        id_: Annotated[int, asked.WHICH],
        reason: Annotated[
            PauseReason,
            Ask(
                "Why?",
                label="Reason",
                example="dispute",
                also={"disputed": "dispute", "promise": "promised", "away": "holiday"},
            ),
        ],
        until: Annotated[date | None, asked.UNTIL] = None,
    ) -> Reply:
        """No reminders until a day, or until they are resumed."""
        return self._paused(await self._chase.pause(call, id_, reason, until, None))

    @action("promised", title="Until when?")
    async def promised(self, call: Call, invoice_id: int, *, until: Annotated[date, _UNTIL]) -> Reply:
        """They promised; the next reminder comes the day after."""
        return self._paused(await self._chase.pause(call, invoice_id, PauseReason.PROMISED, until, None))

    @action("dispute", title="What do they say?")
    async def dispute(self, call: Call, invoice_id: int, *, why: Annotated[str | None, _WHY] = None) -> Reply:
        """Stop at once."""
        return self._paused(await self._chase.pause(call, invoice_id, PauseReason.DISPUTE, None, why))

    def _paused(self, view: View) -> Reply:
        return chase_cards.after(view, "Paused:", Button("Resume", action_id("chasing.resume", view.invoice.id)))

    @command("invoice resume", "Go on with the reminders", aliases=("resume_invoice",), example="/invoice resume I9")
    async def resume(self, call: Call, id_: Annotated[int, asked.WHICH]) -> Reply:
        """Go on with the ladder."""
        return chase_cards.after(await self._chase.resume(call, id_), "Going on:")

    @action("resume")
    async def resume_pressed(self, call: Call, invoice_id: int) -> Reply:
        """Go on with the ladder."""
        return await self.resume(call, invoice_id)

    @command("invoice ladder", "When you are reminded of unpaid invoices", example="/invoice ladder firm")
    async def ladder(
        self,
        call: Call,
        preset: Annotated[Preset | None, Ask("Which ladder?", example="gentle")] = None,
        steps: Annotated[
            str | None, Ask("On which days from the due date?", example="-3,+1,+7,+14,+30", find=ladder.find_steps)
        ] = None,
        hour: Annotated[
            str | None, Ask("At what time?", example="10:00", cues=("at",), free=False, max_length=12)
        ] = None,
    ) -> Reply:
        """Keep what was named; show how it stands."""
        read = ladder.read_steps(steps) if steps is not None else None
        at = _clock(hour) if hour is not None else None
        zone = call.zone_or_utc
        if preset is None and read is None and at is None:
            return chase_cards.ladder_set(await self._service.billing(call), zone)
        billing = await self._service.set_billing(
            call,
            lambda it: replace(
                it,
                preset=preset or it.preset,
                steps=read if read is not None else None if preset is not None else it.steps,
                hour=at or it.hour,
            ),
            plan=True,
        )
        return chase_cards.ladder_set(billing, zone)

    @action("preset")
    async def preset(self, call: Call, preset: Preset) -> Reply:
        """A ready-made ladder."""
        return await self.ladder(call, preset)

    # --- late sums ----------------------------------------------------------------------------------------------------

    @command(
        "invoice interest",
        "Interest and fixed sums for late payment, worked out",
        example="/invoice interest I9 uk 3.75",
    )
    async def interest(
        self,
        call: Call,
        id_: Annotated[int, asked.WHICH],
        rule: Annotated[LateRuleChoice | None, Ask("By which rule?", example="uk", also=_RULE_ALSO)] = None,
        rate: Annotated[
            str | None, Ask("Base rate, or the contract's percent?", label="Rate", example="3.75", max_length=12)
        ] = None,
        period: Annotated[
            str | None, Ask("For which half-year is the base rate?", example="2026 H2", free=False, max_length=12)
        ] = None,
    ) -> Reply:
        """The working; with a rule or a rate, keep that first."""
        half = None
        if period is not None:
            half = late.read_half(period)
            if half is None:
                raise Misread(f"I could not read “{period}” as a half-year.", example="2026 H2", field="period")
        percent = rules.read_rate(rate) if rate is not None else None
        if rule is None and percent is None:
            return _interest(await self._service.show(call, id_))
        return _interest(await self._chase.interest(call, id_, rule, percent, half))

    @action("rule")
    async def rule(self, call: Call, invoice_id: int, rule: LateRuleChoice) -> Reply:
        """Another rule."""
        try:
            return await self.interest(call, invoice_id, rule)
        except Misread as fault:
            if fault.field != "rate":
                raise
        raise Misread(
            "How many percent a year does the contract say?", example=f"/invoice interest I{invoice_id} contract 8"
        )

    @action("base_rate", title="The base rate")
    async def base_rate(
        self,
        call: Call,
        invoice_id: int,
        half: str,
        *,
        rate: Annotated[
            str,
            Ask("What was the central bank's base rate then, in percent?", label="Rate", example="3.75", max_length=12),
        ],
    ) -> Reply:
        """The base rate of a half-year, kept for all invoices."""
        return await self.interest(call, invoice_id, None, rate, half)

    @action("business")
    async def business(self, call: Call, invoice_id: int, business: bool) -> Reply:
        """Whether the client is a business."""
        return _interest(await self._chase.set_business(call, invoice_id, business))

    # --- invoice hour -------------------------------------------------------------------------------------------------

    @command(
        "invoice hour", "A weekly word about invoices in a channel (moderators)", needs=Right.MODERATE,
        where=Where.COMMUNITY, example='/invoice hour when="Fri 16:00" channel=#gigs',
    )  # fmt: skip
    async def hour(
        self,
        call: Call,
        when: Annotated[When | None, Ask("On which weekday, at what time?", example="Fri 16:00")] = None,
        channel: Annotated[
            str | None, Ask("In which channel?", example="#gigs", suggest="suggest_channels", free=False)
        ] = None,
        off: Annotated[bool | None, Ask("Shall it be switched off?", label="Off", free=False)] = None,
    ) -> Reply:
        """Set it, show it, or switch it off."""
        if off is not None:
            return await self.hour_on(call, not off)
        if when is None:
            hour, place = await self._clients.hour(call)
            if hour is None:
                raise Misread("On which weekday, at what time?", example="Fri 16:00", field="when")
            return chase_cards.hour_set(hour, place)
        weekday, clock = _weekly(when, call)
        return chase_cards.hour_set(*await self._clients.set_hour(call, weekday, clock, call.zone, channel))

    @action("hour_fix", title="When and where?", needs=Right.MODERATE)
    async def hour_fix(
        self,
        call: Call,
        *,
        when: Annotated[When, Ask("On which weekday, at what time?", example="Fri 16:00")],
        channel: Annotated[str | None, Ask("In which channel?", example="#gigs", suggest="suggest_channels")] = None,
    ) -> Reply:
        """Another time or channel."""
        return await self.hour(call, when, channel)

    @action("hour_on", needs=Right.MODERATE)
    async def hour_on(self, call: Call, on: bool) -> Reply:
        """Switch it on or off."""
        if call.community_id is None:
            raise Misread("That belongs to a community. Do it there.")
        await self._clients.switch_hour(call, on)
        hour, place = await self._clients.hour(call)
        assert hour is not None
        return chase_cards.hour_set(hour, place)

    @notice("hour")
    async def hour_due(self, notice: Notice, work: Work) -> Reply | None:
        """The weekly message, with nobody's data in it."""
        hour = await work.clients.hour(int(notice.args["community_id"] or 0))
        if hour is None or not hour.active or notice.occurrence != hour.planned:
            return None
        return chase_cards.hour().with_(replies=PUBLIC)

    @afterwards("hour")
    async def hour_kept(self, notice: Notice, work: Work) -> None:
        """Keep next week's."""
        await planning.hour_rang(work, notice, self._clock.now())


def _interest(view: View) -> Reply:
    choice, _ = late.law_of(view.invoice, view.client, view.billing)
    return chase_cards.interest(view, choice, _why_none(view, choice))


def _why_none(view: View, choice: LateRuleChoice) -> str:
    """Why there are no late sums."""
    if view.invoice.state is not InvoiceState.SENT:
        return "Only an invoice that is out can be late."
    if choice is LateRuleChoice.NONE:
        if view.invoice.late_rule is LateRuleChoice.NONE:
            return "You chose to ask for none."
        if view.client.business is None:
            return f"Is {view.client.name} a business or a private person? The law gives interest against businesses."
        if not view.client.business:
            return "The law gives no interest against a private person. A contract may: choose Contract."
        if view.client.country is None and view.billing.country is None:
            return f"In which country is {view.client.name}? Say it with /client edit, or choose a rule."
        return "I know no law there that gives it. A contract may: choose Contract."
    if choice is not LateRuleChoice.CONTRACT and not view.client.business:
        if view.client.business is None:
            return f"Is {view.client.name} a business or a private person? The law gives interest against businesses."
        return "The law gives no interest against a private person. A contract may: choose Contract."
    return "Nothing is late, so nothing comes on top."


def _weekly(when: When, call: Call) -> tuple[int, time]:
    """The weekday and wall clock of a phrase; a bare weekday is at noon."""
    start = when.start
    if start is None:
        raise Misread("I need a weekday and a time.", example="Fri 16:00", field="when")
    if isinstance(start, datetime):
        local = start.astimezone(ZoneInfo(call.zone_or_utc))
        return local.weekday(), local.time().replace(second=0, microsecond=0, tzinfo=None)
    return start.weekday(), time(12)


def _clock(text: str) -> time:
    found = bare_clock(text if not text.strip().isdigit() else f"{text.strip()}:00")
    if found is None:
        raise Misread(f"I could not read “{text}” as a time of day.", example="10:00", field="hour")
    return found.replace(second=0, microsecond=0, tzinfo=None)
