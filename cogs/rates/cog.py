"""The rates cog: sharing what a gig paid, and asking what others were paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cogs.kit.action import action as action_id
from cogs.kit.ask import parameters_of
from cogs.kit.call import Call
from cogs.kit.cog import Cog, Where, action, chore, command
from cogs.kit.faults import Misread
from cogs.kit.form import Choice, Form
from cogs.kit.offline import offline
from cogs.kit.reply import Reply, Upload
from cogs.kit.tools import Tools
from cogs.rates import asked, batches, cards, picture
from cogs.rates.service import Found, Question, RateService, Said
from storage.records.fee import Unit
from storage.records.gig import KindOfWork
from storage.records.rate import RateReport
from storage.reference import instruments
from storage.reference.regions import place_of


class RatesCog(Cog, name="rates", topic="Rates"):
    """What work really paid: share it privately, and see what others were paid, never one by one."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work
        self._service = RateService(tools)

    # --- asking -------------------------------------------------------------------------------------------------------

    @command(
        "rate ask",
        "See what a role was paid for a kind of work, and what is published",
        where=Where.COMMUNITY,
        one_line=("rate",),
        aliases=("rates",),
        example="/rate violin session london",
    )
    async def ask(
        self,
        call: Call,
        role: asked.Chair,
        type_: asked.Kind,
        region: asked.Region = None,
        unit: asked.Per = None,
        union: asked.Union = None,
        years: asked.YearsPlayed = None,
    ) -> Reply:
        """The figures of this week, the nearest place first."""
        where = region or await self._service.home(call)
        if where is None:
            raise Misread("Say where: a town, a region or a country.", example="Leeds", field="region")
        question = Question(
            role=role.id,
            kind=type_,
            place=place_of(where, call.country),
            unit=unit,
            union=union,
            years=years,
            currency=call.currency,
        )
        return await self._answer(call, question)

    @action("look")
    async def look(self, call: Call, role: str, kind: KindOfWork, unit: Unit, currency: str, where: str) -> Reply:
        """Another unit, kind or currency of the same role."""
        place = place_of(where, call.country)
        question = Question(role=role, kind=kind, place=place, unit=unit, union=None, years=None, currency=currency)
        return await self._answer(call, question)

    async def _answer(self, call: Call, question: Question) -> Reply:
        found = await self._service.ask(call, question)
        also = cards.beside(found.published, found.own_references, call.now.date())
        if not found.on:
            return cards.off(question.role, question.kind.value, also=also)
        buttons = cards.other_buttons(found.others, question.place, call)
        if found.chosen is None or found.family is None:
            return cards.nothing(question.role, question.kind.value, also=also, buttons=buttons)
        files = await self._picture(call, found)
        return cards.answer(
            question.role,
            found.family,
            found.chosen,
            question.place,
            call,
            files=files,
            also=also,
            buttons=buttons,
        )

    async def _picture(self, call: Call, found: Found) -> tuple[Upload, ...]:
        """The box picture, where there are quartiles to draw and the reader sees pictures."""
        if found.chosen is None or found.family is None or found.chosen.cell.low is None or call.plain_text:
            return ()
        bars, words = cards.bars(found.family, found.chosen, found.asked.place, call)
        png = await offline(picture.draw, "What was paid", bars)
        return (Upload("paid.png", png, "image/png", alt=words),)

    @command("rate how", "How the figures are made, and what nobody can see", example="/rate how")
    async def how_command(self, call: Call) -> Reply:
        """In plain words."""
        return cards.how()

    @action("how")
    async def how(self, call: Call) -> Reply:
        """The same from a button."""
        return cards.how()

    # --- sharing ------------------------------------------------------------------------------------------------------

    @command(
        "rate share",
        "Tell, for yourself and in figures for all, what a gig paid",
        where=Where.COMMUNITY,
        aliases=("share_rate",),
        opens_form=True,
        example="/rate share violin, session, London, £180/call",
    )
    async def share(
        self,
        call: Call,
        role: asked.Chair,
        type_: asked.Kind,
        region: asked.Where,
        paid: asked.Paid,
        extras: asked.Extras = None,
        month: asked.Month = None,
        union: asked.Union = None,
        years: asked.YearsPlayed = None,
    ) -> Reply:
        """Kept for its owner; counted from the next batch on."""
        said = Said(
            role=role.id,
            kind=type_,
            region=region,
            paid=paid,
            extras=extras,
            month=month,
            union=union,
            years=years,
        )
        return cards.shared(await self._service.share(call, said), call)

    @action("give")
    async def give(self, call: Call) -> Reply:
        """Open the form."""
        return Reply(form=Form(title="What a gig paid", fields=parameters_of(RatesCog.share), then="rate share"))

    @command("rate mine", "What you shared: look, fix, withdraw", example="/rate mine")
    async def mine(self, call: Call) -> Reply:
        """A page at a time."""
        return cards.mine(await self._service.mine(call), call)

    @action("page")
    async def page(self, call: Call, number: int) -> Reply:
        """Turn the page."""
        return cards.mine(await self._service.mine(call), call, number)

    @action("correct")
    async def correct(self, call: Call, report_id: int) -> Reply:
        """Open an entry as a form, as it stands."""
        report = await self._service.one(call, report_id)
        return Reply(
            form=Form(
                title=f"Fix P{report_id}",
                fields=parameters_of(RatesCog.share),
                then=action_id("rates.rewrite", report_id),
                values=_typed(report),
                fixing=True,
            )
        )

    @action("rewrite", title="Fix an entry")
    async def rewrite(
        self,
        call: Call,
        report_id: int,
        *,
        role: asked.Chair,
        type_: asked.Kind,
        region: asked.Where,
        paid: asked.Paid,
        extras: asked.Extras = None,
        month: asked.Month = None,
        union: asked.Union = None,
        years: asked.YearsPlayed = None,
    ) -> Reply:
        """Write what the form says."""
        said = Said(
            role=role.id,
            kind=type_,
            region=region,
            paid=paid,
            extras=extras,
            month=month,
            union=union,
            years=years,
        )
        return cards.shared(await self._service.correct(call, report_id, said), call, again="Changed: ")

    @command("rate withdraw", "Take an entry of yours back", example="/rate withdraw P3")
    async def withdraw(self, call: Call, id_: asked.Which) -> Reply:
        """It is in no batch from now on."""
        return cards.withdrawn(await self._service.withdraw(call, id_))

    @action("withdraw")
    async def withdrawn(self, call: Call, report_id: int) -> Reply:
        """The same from a button."""
        return cards.withdrawn(await self._service.withdraw(call, report_id))

    @action("take_back")
    async def take_back(self, call: Call, report_id: int) -> Reply:
        """Undo sharing."""
        return cards.withdrawn(await self._service.withdraw(call, report_id, undoing=True))

    @action("restore")
    async def restore(self, call: Call, report_id: int) -> Reply:
        """Undo withdrawing."""
        return cards.shared(await self._service.restore(call, report_id), call, again="Back: ")

    # --- batches and suggestions --------------------------------------------------------------------------------------

    @chore("batch")
    async def batch(self, now: datetime) -> None:
        """Make the week's figures, if they are due."""
        await batches.refresh_all(self._open_work, now)

    async def chairs(self, call: Call, typed: str) -> Sequence[Choice]:
        """Roles while somebody types."""
        return [Choice(one.name, one.id) for one in instruments.suggest(typed, limit=25)]

    async def own_entries(self, call: Call, typed: str) -> Sequence[Choice]:
        """The caller's own entries."""
        said = typed.strip().lstrip("#pP")
        return [
            Choice(f"P{one.id} {one.role}, {one.kind.value}, {one.month:%b %Y}"[:100], f"P{one.id}")
            for one in await self._service.mine(call)
            if str(one.id).startswith(said)
        ][:25]


def _typed(report: RateReport) -> dict[str, str]:
    """An entry as its owner could have typed it."""
    place = ", ".join(one for one in (report.city or report.region, report.country) if one)
    values = {
        "role": report.role,
        "type": report.kind.value,
        "region": place,
        "paid": f"{report.base.amount} {report.base.currency}/{report.unit.value}",
        "month": f"{report.month:%b %Y}",
    }
    if report.extras is not None:
        values["extras"] = f"{report.extras.amount} {report.extras.currency}"
    if report.union is not None:
        values["union"] = report.union.value
    if report.years is not None:
        values["years"] = report.years.value
    return values
