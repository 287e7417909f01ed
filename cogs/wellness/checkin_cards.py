"""Check-ins as replies: what was kept, care where it hurts, one's own chart."""

from __future__ import annotations

from collections.abc import Sequence

from cogs.kit.action import action
from cogs.kit.reply import DANGER, MAIN, AnyButton, Button, Field, Reply, Row, Upload
from cogs.kit.words import Day, Line, Shown, Strong, Web, line
from cogs.wellness.checkin import DAYS, Kept, lines_for
from cogs.wellness.hearing_cards import DISCLAIMER
from storage.records.wellness import CheckIn, Pain
from storage.reference import support, wellness
from storage.reference.support import HelpLine

#: Countries as they are called; others of the table show their code.
_COUNTRIES = {
    "GB": "United Kingdom", "IE": "Ireland", "US": "United States", "CA": "Canada", "AU": "Australia",
}  # fmt: skip
#: Rows on the chart's page.
_MOST = 8


def _name(country: str) -> str:
    return _COUNTRIES.get(country, country)


def _said(one: CheckIn) -> Line:
    parts: list[str] = []
    if one.energy is not None:
        parts.append(f"energy {one.energy} of 5")
    if one.pain is not None:
        parts.append({Pain.NONE: "no pain", Pain.MILD: "mild pain", Pain.STOP: "pain: stop"}[one.pain])
    if one.place:
        parts.append(one.place)
    if one.note:
        parts.append(one.note)
    return line(" · ".join(parts))


def kept(found: Kept) -> Reply:
    """It is written down; where it hurts too much to play, with care and with who can be turned to."""
    one = found.checkin
    also = (DISCLAIMER,) if found.first_time else ()
    buttons: tuple[AnyButton, ...] = (
        Button("My check-ins", action("checkin.chart")), Button("Delete this one", action("checkin.delete", one.id)),
    )  # fmt: skip
    if one.pain is not Pain.STOP:
        return Reply(
            lines=(line("Kept for you alone: ", *_said(one), "."), *_mild(one)),
            buttons=buttons,
            also=also,
        )
    source = wellness.by_id("bapam-pain").source
    assert source.url is not None
    helped = helped_by(found.country, guessed=found.guessed)
    return helped.with_(
        lines=(
            line("That sounds hard. Put the instrument down for today: nothing on the stand is worth it."),
            line("If it stays or comes back, let a doctor see it, best one who knows players."),
            *helped.lines,
        ),
        buttons=(*helped.buttons, *buttons),
        also=(line("Kept for you alone. Source: ", Web("BAPAM", source.url)), *also),
    )


def _mild(one: CheckIn) -> tuple[Line, ...]:
    return (line("Go easy today, and stop if it grows."),) if one.pain is Pain.MILD else ()


def helped_by(country: str | None, *, guessed: bool = False) -> Reply:
    """Who can be turned to in that country; a choice of countries where none is known."""
    found = lines_for(country)
    others = tuple(
        Button(_name(code), action("checkin.country", code)) for code in support.countries() if code != country
    )
    if not found or country is None:
        where = "" if country is None else f" for {_name(country)}"
        first = (
            f"I know no help line{where}. Where are you?"
            if country
            else "Where are you? Then I can say whom to turn to."
        )
        return Reply(lines=(line(first), _emergency()), buttons=others)
    said = (
        f"Whom to turn to in the {_name(country)}"
        if country in ("GB", "US")
        else f"Whom to turn to in {_name(country)}"
    )
    return Reply(
        lines=(line(f"{said}{' (by your time zone)' if guessed else ''}:"), *map(_line, found), _emergency()),
        buttons=(Button("I am elsewhere", action("checkin.elsewhere")),),
    )


def _emergency() -> Line:
    return line("In an emergency, call the emergency number where you are.")


def _line(one: HelpLine) -> Line:
    """Name, number, hours, country, link, and the year in which the number stood there."""
    parts: list[object] = [Strong(one.name)]
    if one.phone:
        parts.append(f", {one.phone}")
    if one.text_number and one.text_number != one.phone:
        parts.append(f", text {one.text_number}")
    parts.append(f": {one.service}")
    for more in (one.hours, one.cost):
        if more:
            parts.append(f", {more}")
    parts.append(f" ({one.country}{f', as of {one.source_year}' if one.source_year else ''}) ")
    parts.append(Web("their page" if one.contact_url else "source", one.link))
    return line(*parts)  # type: ignore[arg-type]  # text and spans, as put together above


def elsewhere() -> Reply:
    """Which country?"""
    return helped_by(None)


def chart(found: Sequence[CheckIn], picture: Upload | None) -> Reply:
    """One's own check-ins, newest first, with a picture."""
    if not found:
        return Reply(
            lines=(line(f"No check-ins in the last {DAYS} days."),),
            buttons=(Button("Check in", action("checkin.open"), MAIN),),
        )
    energy = [one.energy for one in found if one.energy is not None]
    fields = [Field("Check-ins", line(str(len(found))))]
    if energy:
        fields.append(Field("Energy", line(f"{sum(energy) / len(energy):.1f} of 5")))
    fields.append(
        Field("Days with pain", line(str(len({one.day for one in found if one.pain in (Pain.MILD, Pain.STOP)}))))
    )
    rows = tuple(
        Row(
            line(Day(one.day, Shown.SHORT), ": ", *_said(one)),
            (Button(f"Delete {one.day.day} {one.day:%b}", action("checkin.delete", one.id)),),
        )
        for one in list(reversed(found))[:_MOST]
    )
    return Reply(
        title=f"Your last {DAYS} days",
        fields=tuple(fields),
        rows=rows,
        buttons=(
            Button("Check in", action("checkin.open"), MAIN),
            Button("Delete all", action("checkin.delete_all"), DANGER),
        ),
        files=(picture,) if picture is not None else (),
        also=(line("For you alone. /privacy has all of it, to take along or to erase."),),
    )


def alt_text(found: Sequence[CheckIn]) -> str:
    """The picture in words."""
    energy = ", ".join(f"{one.day.day} {one.day:%b} {one.energy}" for one in found if one.energy is not None)
    hurt = ", ".join(
        f"{one.day.day} {one.day:%b} {one.pain.value}"
        for one in found
        if one.pain in (Pain.MILD, Pain.STOP) and one.pain
    )
    return f"Dots of energy from 1 to 5 by day: {energy or 'none'}. Pain: {hurt or 'none'}."


def deleted(count: int) -> Reply:
    """Gone, for good in ten minutes."""
    said = "Deleted." if count == 1 else f"{count} check-ins deleted."
    return Reply(lines=(line(said),))


def restored(count: int) -> Reply:
    """Back."""
    return Reply(lines=(line("It is back." if count == 1 else f"All {count} are back."),))
