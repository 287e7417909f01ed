"""The settings cog: zone, currency, language, quiet hours, messages; a short command for each, and the panel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask, Zone
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, command
from cogs.kit.currencies import read_currency
from cogs.kit.form import Choice, Form
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.kit.words import line
from cogs.profile import cards, reading, rules, service
from cogs.profile.asked import CLOCK_ALSO, KINDS_ALSO, WHERE_ALSO, WORDS_ALSO, Kinds, WhereTo, WhichClock, WhichWords
from cogs.profile.rules import Route, Setting
from cogs.profile.service import Mine
from storage.records.people import Topic, Words

_ZONE = Ask("Which city's time do you go by?", label="Your city or zone", example="Leeds, or your time now: 19:30")
_CURRENCY = Ask("Which currency are you paid in?", example="GBP, euros, or community", suggest="currencies")
_LOCALE = Ask("How do you write numbers and dates?", example="British, de-AT, or community", suggest="locales")
_WORDS = Ask("Whose trade words shall I use?", example="UK", also=WORDS_ALSO)
_CLOCK = Ask("How do you write hours?", example="24", also=CLOCK_ALSO)
_FROM = Ask("From when to when shall I keep quiet?", label="Quiet from", example="22-8, or off")
_TO = Ask("Until when?", label="Quiet until", example="8:00")
_UNPAID = Ask("Shall I show you gigs that pay nothing?", example="no")
_PLAIN = Ask("Shall I write plain text, without cards?", example="yes")
_KIND = Ask("Which kind of message?", example="invoices", also=KINDS_ALSO)
_WHERE = Ask("Where shall it go?", example="Telegram, or off", also=WHERE_ALSO)
_NIGHT = Ask("May it arrive in your quiet hours?", label="Also in quiet hours", example="no", cues=("night",))

#: Offered first while somebody types; the rest are found by typing.
_USUAL_CURRENCIES = ("GBP", "EUR", "USD", "CAD", "AUD", "NZD", "CHF", "SEK", "NOK", "DKK", "PLN", "JPY", "ZAR", "INR")
_USUAL_LOCALES = ("en-GB", "en-US", "en-IE", "en-AU", "en-CA", "de-DE", "fr-FR", "es-ES", "it-IT", "nl-NL", "pt-BR")


class SettingsCog(Cog, name="settings", topic="You"):
    """How I speak to you: your zone, money, quiet hours and messages."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work
        self._defaults = tools.defaults

    # Commands

    @command("settings", "Everything you have set, with a button for each", aliases=("me",), example="/settings")
    async def settings(self, call: Call) -> Reply:
        """The panel."""
        return self._panel(call, await service.mine(self._open_work, call))

    @command("me zone", "Set whose clock I read your times by", aliases=("tz", "timezone"), example="/tz Leeds")
    async def me_zone(self, call: Call, zone: Annotated[Zone, _ZONE]) -> Reply:
        """By city, by zone, or by what the clock says there now."""
        return await self._change(call, Setting.ZONE, {"zone": str(zone)})

    @command("me currency", "Set the currency you are paid in", example="/me currency EUR")
    async def me_currency(self, call: Call, currency: Annotated[str, _CURRENCY]) -> Reply:
        """A code, a sign or a name; "community" follows the community again."""
        return await self._change(call, Setting.CURRENCY, _currency(currency))

    @command("me locale", "Set how numbers and dates are written", example="/me locale en-GB")
    async def me_locale(self, call: Call, locale: Annotated[str, _LOCALE]) -> Reply:
        """A language tag or a language; "community" follows the community again."""
        return await self._change(call, Setting.LOCALE, _locale(locale))

    @command("me words", "Choose UK or US trade words: dep or sub, fixer or contractor", example="/me words uk")
    async def me_words(self, call: Call, words: Annotated[WhichWords, _WORDS]) -> Reply:
        """Both are always understood; this is about what is shown."""
        return await self._change(call, Setting.WORDS, _words(words))

    @command("me clock", "Say whether you write 7:30 pm or 19:30", example="/me clock 24")
    async def me_clock(self, call: Call, clock: Annotated[WhichClock, _CLOCK]) -> Reply:
        """Settles what a bare "at 9" means."""
        return await self._change(call, Setting.CLOCK, _clock(clock))

    @command(
        "me quiet", "Set the hours in which only urgent messages arrive", aliases=("quiet",), example="/quiet 22-8"
    )
    async def me_quiet(self, call: Call, from_: Annotated[str, _FROM], to: Annotated[str | None, _TO] = None) -> Reply:
        """On the person's own wall clock, over every clock change."""
        return await self._change(call, Setting.QUIET, _quiet(from_, to))

    @command("me unpaid", "Choose whether unpaid gigs are shown to you", example="/me unpaid no")
    async def me_unpaid(self, call: Call, show: Annotated[bool, _UNPAID]) -> Reply:
        """Off until somebody asks for them."""
        return await self._change(call, Setting.UNPAID, {"takes_unpaid": show})

    @command("me plain", "Get plain text without cards, for screen readers", example="/me plain yes")
    async def me_plain(self, call: Call, on: Annotated[bool, _PLAIN]) -> Reply:
        """Cards become text and lists become numbered lines, where a surface draws cards at all."""
        return await self._change(call, Setting.PLAIN, {"plain_text": on})

    @command("me notify", "Choose where a kind of message goes", aliases=("notify",), example="/notify invoices off")
    async def me_notify(
        self,
        call: Call,
        kind: Annotated[Kinds, _KIND],
        where: Annotated[WhereTo, _WHERE],
        night: Annotated[bool | None, _NIGHT] = None,
    ) -> Reply:
        """Messages that wait already go the new way too."""
        mine = await self._route(call, kind, where, night)
        return cards.routed(mine.routes, kind.topics)

    # Suggestions

    async def currencies(self, call: Call, typed: str) -> Sequence[Choice]:
        """Usual currencies, and the community's choice."""
        wanted = typed.strip().upper()
        found = [code for code in _USUAL_CURRENCIES if code.startswith(wanted)]
        return (*(Choice(code, code) for code in found), Choice("My community's", "community"))

    async def locales(self, call: Call, typed: str) -> Sequence[Choice]:
        """Usual ways of writing, and the community's choice."""
        wanted = typed.strip().casefold()
        named = [(tag, reading.locale_name(tag)) for tag in _USUAL_LOCALES]
        found = [Choice(name, tag) for tag, name in named if wanted in name.casefold() or wanted in tag.casefold()]
        return (*found, Choice("My community's", "community"))

    # Buttons

    @action("show")
    async def show(self, call: Call) -> Reply:
        """The panel, as a message of its own."""
        return self._panel(call, await service.mine(self._open_work, call))

    @action("change")
    async def change(self, call: Call, what: Setting) -> Reply:
        """Open the form of one setting, with what is set already in it."""
        if what in (Setting.UNPAID, Setting.PLAIN):  # switches, which have no form
            raise service.outdated()
        mine = await service.mine(self._open_work, call)
        return Reply(
            form=Form(
                title=what.label,
                fields=(),
                then=action_id(f"settings.{what.value}"),
                values=rules.typed(mine.person, what),
            )
        )

    @action("set")
    async def set_(self, call: Call, what: Setting, value: str) -> Reply:
        """Flip a switch of the panel."""
        return self._redrawn(call, what, await service.put(self._open_work, call, what, value))

    @action("back")
    async def back(self, call: Call, what: Setting, value: str) -> Reply:
        """Undo a change."""
        mine = await service.put(self._open_work, call, what, value, undoing=True)
        call = self._as_now(call, mine, what)
        return Reply(
            lines=(
                line("Undone."),
                cards.said(what, mine.person, mine.community, call, self._defaults),
            )
        )

    @action("zone", title="Your time")
    async def zone(self, call: Call, *, zone: Annotated[Zone, _ZONE]) -> Reply:
        """The form behind the panel's button."""
        return await self._change_here(call, Setting.ZONE, {"zone": str(zone)})

    @action("currency", title="Your currency")
    async def currency(self, call: Call, *, currency: Annotated[str, _CURRENCY]) -> Reply:
        """The form behind the panel's button."""
        return await self._change_here(call, Setting.CURRENCY, _currency(currency))

    @action("locale", title="Numbers and dates")
    async def locale(self, call: Call, *, locale: Annotated[str, _LOCALE]) -> Reply:
        """The form behind the panel's button."""
        return await self._change_here(call, Setting.LOCALE, _locale(locale))

    @action("words", title="Trade words")
    async def words(self, call: Call, *, words: Annotated[WhichWords, _WORDS]) -> Reply:
        """The form behind the panel's button."""
        return await self._change_here(call, Setting.WORDS, _words(words))

    @action("clock", title="Your clock")
    async def clock(self, call: Call, *, clock: Annotated[WhichClock, _CLOCK]) -> Reply:
        """The form behind the panel's button."""
        return await self._change_here(call, Setting.CLOCK, _clock(clock))

    @action("quiet", title="Quiet hours")
    async def quiet(self, call: Call, *, from_: Annotated[str, _FROM], to: Annotated[str | None, _TO] = None) -> Reply:
        """The form behind the panel's button."""
        return await self._change_here(call, Setting.QUIET, _quiet(from_, to))

    @action("messages", title="Messages")
    async def messages(
        self,
        call: Call,
        *,
        kind: Annotated[Kinds, _KIND],
        where: Annotated[WhereTo, _WHERE],
        night: Annotated[bool | None, _NIGHT] = None,
    ) -> Reply:
        """The form behind the panel's button."""
        mine = await self._route(call, kind, where, night)
        lines = cards.routed_lines(mine.routes, kind.topics)
        return self._panel(call, mine).with_(lines=lines, replaces=True)

    @action("route")
    async def route(self, call: Call, topic: Topic, before: str) -> Reply:
        """Undo where one kind of message goes."""
        return await self._route_back(call, lambda: {topic: Route.of_text(before)})

    @action("routes")
    async def routes(self, call: Call, before: str) -> Reply:
        """Undo where all messages go."""
        return await self._route_back(call, lambda: rules.routes_of(before))

    # Behind them

    async def _change(self, call: Call, setting: Setting, fields: Mapping[str, object]) -> Reply:
        mine = await service.change(self._open_work, call, setting, fields)
        call = self._as_now(call, mine, setting)
        return cards.changed(setting, mine.person, mine.community, call, self._defaults)

    async def _change_here(self, call: Call, setting: Setting, fields: Mapping[str, object]) -> Reply:
        return self._redrawn(call, setting, await service.change(self._open_work, call, setting, fields))

    def _redrawn(self, call: Call, setting: Setting, mine: Mine) -> Reply:
        """The panel where it stood, led by what changed."""
        call = self._as_now(call, mine, setting)
        return cards.panel(
            mine.person,
            mine.community,
            mine.routes,
            call,
            self._defaults,
            note=cards.said(setting, mine.person, mine.community, call, self._defaults),
            in_place=True,
        )

    def _panel(self, call: Call, mine: Mine) -> Reply:
        call = self._as_now(call, mine)
        return cards.panel(mine.person, mine.community, mine.routes, call, self._defaults)

    def _as_now(self, call: Call, mine: Mine, changed: Setting | None = None) -> Call:
        """The call as the next one will be: a setting that was just changed is in force already."""
        person, community, usual = mine.person, mine.community, self._defaults
        locale = person.locale or call.locale
        if changed is Setting.LOCALE and person.locale is None:
            # What the app said is not known here: the call still carries the choice that was given up.
            locale = (community.locale if community else None) or usual.locale
        return replace(
            call,
            zone=person.zone,
            currency=person.currency or (community.currency if community else None) or usual.currency,
            words=person.words or (community.words if community else None) or usual.words,
            locale=locale,
            clock=person.clock,
        )

    async def _route(self, call: Call, kind: Kinds, where: WhereTo, night: bool | None) -> Mine:
        """Send kinds of messages elsewhere; what they may do at night stays as it was unless it is said."""
        known = (await service.mine(self._open_work, call)).routes
        chosen = {topic: Route(where.value, known[topic].night if night is None else night) for topic in kind.topics}
        return await service.route(self._open_work, call, chosen)

    async def _route_back(self, call: Call, read: Callable[[], Mapping[Topic, Route]]) -> Reply:
        try:
            chosen = read()
        except rules.NotASetting:
            raise service.outdated() from None
        mine = await service.route(self._open_work, call, chosen, undoing=True)
        return Reply(lines=(line("Undone."), *cards.routed_lines(mine.routes, tuple(chosen))))


def _currency(text: str) -> dict[str, object]:
    with reading.typed_into("currency"):
        return {"currency": None if reading.is_theirs(text) else read_currency(text)}


def _locale(text: str) -> dict[str, object]:
    with reading.typed_into("locale"):
        return {"locale": None if reading.is_theirs(text) else reading.read_locale(text)}


def _words(words: WhichWords) -> dict[str, object]:
    return {"words": None if words is WhichWords.COMMUNITY else Words(words.value)}


def _clock(clock: WhichClock) -> dict[str, object]:
    return {"clock": None if clock is WhichClock.ASK else int(clock.value)}


def _quiet(start: str, end: str | None) -> dict[str, object]:
    begins, ends = reading.read_quiet(start, end)
    return {"quiet_from": begins, "quiet_to": ends}
