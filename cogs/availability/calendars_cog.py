"""The cog for calendars: import one, subscribe to your own, take one gig along."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from cogs.availability.asked import LinkDeed, LinkShow
from cogs.availability.calendars import CalendarService, Imported, Link
from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, chore, command, feed
from cogs.kit.faults import Misread
from cogs.kit.reply import DANGER, MAIN, AnyButton, Button, CopyButton, Field, Reply, Row, Upload, WebButton
from cogs.kit.tools import Tools
from cogs.kit.words import Code, Line, Moment, Shown, Strong, line
from storage.records.availability import Calendar, FeedShow

_EXAMPLE = "https://calendar.example/me.ics"


class CalendarsCog(Cog, name="ics", topic="Availability"):
    """Your calendars, in and out."""

    def __init__(self, tools: Tools) -> None:
        self._service = CalendarService(tools)
        self._public_url = tools.public_url

    # --- in -----------------------------------------------------------------------------------------------------------

    @command(
        "avail import", "Count your other calendar: only when you are busy is kept", example=f"/avail import {_EXAMPLE}"
    )
    async def import_(
        self,
        call: Call,
        ics_link: Annotated[
            str | None, Ask("Which link?", label="Link to an .ics", example=_EXAMPLE, max_length=2000)
        ] = None,
        file: Annotated[Upload | None, Ask("Or which file?", label="An .ics file")] = None,
    ) -> Reply:
        """Read a link or a file; with neither, show what was imported."""
        if ics_link is None and file is None:
            return _listed(call, await self._service.calendars(call))
        if file is not None:
            return _imported(await self._service.import_file(call, file.content), call)
        assert ics_link is not None
        if " " in ics_link.strip():
            raise Misread("A link has no blanks in it.", example=_EXAMPLE, field="ics_link")
        return _imported(await self._service.import_link(call, ics_link), call)

    @action("remove")
    async def remove(self, call: Call, calendar_id: int) -> Reply:
        """Forget one, and what it held."""
        await self._service.remove(call, calendar_id)
        return _listed(call, await self._service.calendars(call)).with_(replaces=True)

    @chore("again")
    async def again(self, now: datetime) -> None:
        """Read links again whose time has come."""
        await self._service.read_again(now)

    # --- out ----------------------------------------------------------------------------------------------------------

    @command("avail link", "A secret link by which your calendar shows your gigs", example="/avail link make")
    async def link(
        self,
        call: Call,
        action: Annotated[
            LinkDeed | None,
            Ask(
                "What shall I do?", label="Do", example="make", also={"new": "rotate", "renew": "rotate", "stop": "off"}
            ),
        ] = None,
        show: Annotated[
            LinkShow | None,
            Ask("What shall it show?", label="Show", example="states", also={"busy only": "busy", "gigs": "states"}),
        ] = None,
    ) -> Reply:
        """Make it, make a new one, or switch it off."""
        shown = FeedShow(show.value) if show is not None else None
        if action is LinkDeed.OFF:
            return await self.off(call)
        if action is None and show is None:
            return self._link(await self._service.link(call))
        return self._link(await self._service.make(call, shown, new=action is LinkDeed.ROTATE))

    @action("make")
    async def make(self, call: Call, new: bool = False) -> Reply:
        """The button that makes it, or makes it anew."""
        return self._link(await self._service.make(call, None, new=new))

    @action("off")
    async def off(self, call: Call) -> Reply:
        """No link any more."""
        if not await self._service.off(call):
            return Reply(lines=(line("There was no calendar link."),), buttons=(_MAKE,))
        return Reply(
            lines=(line("The calendar link is off. Whoever had it sees nothing any more."),), buttons=(_MAKE,)
        )  # fmt: skip

    @feed("diary")
    async def feed(self, secret: str) -> bytes | None:
        """The calendar behind a secret."""
        return await self._service.feed(secret)

    @action("gig")
    async def gig(self, call: Call, gig_id: int) -> Reply:
        """One gig as a file for any calendar."""
        gig, content = await self._service.one_gig(call, gig_id)
        return Reply(
            lines=(line("For your calendar: ", Code(gig.ref), "."),),
            files=(Upload(f"{gig.ref}.ics", content, "text/calendar"),),
        )

    def _link(self, link: Link) -> Reply:
        if link.feed is None:
            return Reply(
                lines=(
                    line("You have no calendar link. With one your calendar program shows your gigs by itself."),
                    line("Whoever has the link can read them, so it is made of 43 letters that nobody guesses."),
                ),
                buttons=(_MAKE,),
            )
        shows = "only that you are busy" if link.feed.show is FeedShow.BUSY else "gigs, pencilled or confirmed"
        buttons: tuple[AnyButton, ...] = (
            Button("Make a new link", action_id("ics.make", True)),
            Button("Switch off", action_id("ics.off"), DANGER),
        )
        if link.secret is None:
            return Reply(
                lines=(
                    line("You have a calendar link; it shows ", Strong(shows), "."),
                    line("I keep no copy of it. If you lost it, make a new one; the old one then ends."),
                ),
                buttons=buttons,
            )
        path = f"/calendar/{link.secret}.ics"
        address = f"{self._public_url.rstrip('/')}{path}" if self._public_url else path
        told: tuple[Line, ...] = (
            line("Add it in your calendar program as a subscription. Show it to nobody you would not show your diary."),
            line("This is the only time I show it."),
        )
        if not self._public_url:
            told += (line("This house has no public address; whoever runs it can say what stands before the path."),)
        else:
            buttons = (WebButton("Open it", address), *buttons)
        return Reply(
            lines=(line("Your calendar link: ", Code(address)), *told),
            fields=(Field("Shows", line(shows)),),
            buttons=(CopyButton("Copy it", address), *buttons),
        )


_MAKE = Button("Make a link", action_id("ics.make"), MAIN)


def _imported(done: Imported, call: Call) -> Reply:
    left_out = f" {done.left_out} could not be read and were left out." if done.left_out else ""
    what = f"{done.events} event{'s' if done.events != 1 else ''}"
    again = (
        "I read it again every few hours."
        if done.calendar.url is not None
        else "A file is read once; send it again when it changes."
    )
    return Reply(
        lines=(
            line("Read: ", Strong(what), f".{left_out} I keep only from when to when you are busy, nothing else."),
            line(again),
        ),
        fields=(Field("Covers until", line(Moment(done.calendar.until, call.zone_or_utc, Shown.SHORT))),),
        buttons=(
            Button("See my diary", action_id("avail.diary", "week")),
            Button("Remove it again", action_id("ics.remove", done.calendar.id), DANGER),
        ),
    )


def _listed(call: Call, calendars: list[Calendar]) -> Reply:
    if not calendars:
        return Reply(
            lines=(
                line("You have imported no calendar."),
                line("Send a link, ", Code(f"/avail import {_EXAMPLE}"), ", or an .ics file with the command."),
                line("Only when you are busy is kept; what it is I throw away."),
            )
        )
    return Reply(title="Your imported calendars", rows=tuple(_row(call, one) for one in calendars))


def _row(call: Call, calendar: Calendar) -> Row:
    read = Moment(calendar.read_at, call.zone_or_utc, Shown.SHORT)
    what = "a link" if calendar.url is not None else "a file"
    trouble = f" · last try failed: {calendar.trouble}" if calendar.trouble else ""
    host = f" at {calendar.url.split('/')[2]}" if calendar.url is not None else ""
    button = Button(f"Remove number {calendar.id}", action_id("ics.remove", calendar.id), DANGER)
    return Row(line(f"Number {calendar.id}, {what}{host}, read ", read, trouble), (button,))
