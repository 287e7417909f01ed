"""Published figures, and what moderators decide about pay."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from cogs.kit.ask import Ask, parameters_of
from cogs.kit.call import Call, Right
from cogs.kit.cog import Cog, Where, action, command
from cogs.kit.faults import Misread, Stale
from cogs.kit.form import Form
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.rates import asked, fact_cards, facts
from cogs.rates.facts import Body, FactService
from storage.records.gig import KindOfWork
from storage.records.money import Money
from storage.records.rate import OwnReference
from storage.reference import zones
from storage.reference.regions import place_of

_BODY = Ask("Published by whom?", label="Body", also={"musicians' union": "mu", "union": "mu", "others": "other"})
_REGION = Ask("In which country or region?", label="Region", example="UK", max_length=80)


class RateFactsCog(Cog, name="ratefacts", topic="Rates"):
    """What bodies publish, and what a community's moderators add or switch off."""

    def __init__(self, tools: Tools) -> None:
        self._service = FactService(tools)

    @command(
        "rate scale",
        "Published pay: with whose it is, from when, and the page it stands on",
        one_line=("scale",),
        example="/scale session UK",
    )
    async def scale(
        self,
        call: Call,
        type_: asked.Kind,
        region: Annotated[str | None, _REGION] = None,
        body: Annotated[Body | None, _BODY] = None,
    ) -> Reply:
        """Of the country named, else where the caller is, else the home of the body."""
        return await self._page(call, type_, await self._country(call, region, body), body, 0)

    async def _country(self, call: Call, region: str | None, body: Body | None) -> str:
        if region is None:
            region, country = await self._service.home(call)
            country = country or call.country
        else:
            country = call.country
        if region is not None:
            country = place_of(region, country).country or country
        if country is None and body in (Body.MU, Body.AFM):
            country = "GB" if body is Body.MU else "US"
        if country is None and call.zone is not None and len(listed := zones.countries_of(call.zone)) == 1:
            country = listed[0]  # the page says whose figures it shows
        if country is None:
            raise Misread("In which country?", example="UK", field="region")
        return country

    @action("page")
    async def page(self, call: Call, kind: KindOfWork, country: str, page: int, body: str) -> Reply:
        """Turn the page."""
        if body not in ("", *Body):
            raise Stale("That button is from an older version of me and no longer does anything.")
        return await self._page(call, kind, country, Body(body) if body else None, page)

    async def _page(self, call: Call, kind: KindOfWork, country: str, body: Body | None, page: int) -> Reply:
        own = await self._service.own(call, kind) if body in (None, Body.OTHER) else []
        return fact_cards.scale(kind, country, body, facts.published(kind, country, body), own, call, page)

    # --- moderators ---------------------------------------------------------------------------------------------------

    @command(
        "rate source",
        "Add a published figure for this community, with the page it stands on",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        opens_form=True,
        example="/rate source body='Local 9' type=live pay=$200 per='per gig' covers='3 hours' link=https://…",
    )
    async def source(
        self,
        call: Call,
        body: Annotated[str, Ask("Who publishes it?", label="Body", example="Local 9", max_length=80)],
        type_: asked.Kind,
        pay: Annotated[Money, Ask("What is the figure?", label="Figure", example="£150")],
        per: Annotated[str, Ask("Per what, in their words?", label="Unit", example="per 3-hour call", max_length=60)],
        covers: Annotated[str, Ask("What does it cover?", label="Covers", example="Pit musicians", max_length=200)],
        link: Annotated[str, Ask("On which page?", label="Link", example="https://example.org/rates", max_length=300)],
        up_to: Annotated[Money | None, Ask("Up to, if it is a range?", label="Up to", free=False)] = None,
        region: Annotated[str | None, _REGION] = None,
        since: Annotated[date | None, Ask("In force since?", label="Since", free=False)] = None,
        until: Annotated[date | None, Ask("Until?", label="Until", free=False)] = None,
    ) -> Reply:
        """Shown to the whole community, beside its own figures."""
        if not link.startswith(("https://", "http://")) or " " in link:
            raise Misread("A figure needs the page it stands on.", example="https://example.org/rates", field="link")
        if pay.minor <= 0:
            raise Misread("A figure is more than nothing.", example="£150", field="pay")
        if up_to is not None and (up_to.currency != pay.currency or up_to.minor <= pay.minor):
            raise Misread("The upper end is in the same currency, and higher.", example="£180", field="up_to")
        if not facts.in_order(since, until):
            raise Misread("It would end before it began.", field="until")
        kept = await self._service.add(
            call,
            OwnReference(
                community_id=0,
                body=body,
                kind=type_,
                covers=covers,
                unit=per,
                value=pay,
                value_max=up_to,
                region=region,
                url=link,
                since=since,
                until=until,
                made_at=call.now,
            ),
        )
        return fact_cards.added(kept, call)

    @action("adding", needs=Right.MODERATE)
    async def adding(self, call: Call) -> Reply:
        """Open the form."""
        return Reply(
            form=Form(title="A published figure", fields=parameters_of(RateFactsCog.source), then="rate source")
        )

    @action("remove", needs=Right.MODERATE)
    async def remove(self, call: Call, reference_id: int) -> Reply:
        """Take it off the list."""
        return fact_cards.removed(await self._service.remove(call, reference_id), back=False)

    @action("restore", needs=Right.MODERATE)
    async def restore(self, call: Call, reference_id: int) -> Reply:
        """Put it back."""
        return fact_cards.removed(await self._service.remove(call, reference_id, back=True), back=True)

    @command(
        "setup rates",
        "Figures of what members were paid: on or off here",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        example="/setup rates off",
    )
    async def setup_rates(
        self,
        call: Call,
        show: Annotated[bool | None, Ask("Shall members see figures of what others were paid?", example="on")] = None,
    ) -> Reply:
        """Nothing said: how it stands."""
        return fact_cards.switched(*await self._service.switch(call, show))

    @action("switch", needs=Right.MODERATE)
    async def switch(self, call: Call, on: bool) -> Reply:
        """From the button; the message says how it is now."""
        return fact_cards.switched(*await self._service.switch(call, on)).with_(replaces=True)
