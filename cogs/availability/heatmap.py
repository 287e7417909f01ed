"""A month as a picture: a square a day, coloured by what the day holds, with letters for those who see no colour."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date

from cogs.kit.pictures import png

_WIDE, _TALL, _GAP = 96, 72, 6
_LEFT, _TOP = 16, 92
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_BACK, _INK, _FAINT = "#fbfaf7", "#22262a", "#5f656b"


@dataclass(frozen=True, slots=True)
class Square:
    """What one day holds. gigs, pencils: how many. taken, free, maybe: parts of the day, from 0 to 1."""

    day: date
    gigs: int = 0
    pencils: int = 0
    taken: float = 0
    free: float = 0
    maybe: float = 0

    @property
    def word(self) -> str:
        """The day in a word or two."""
        if self.gigs or self.pencils:
            parts = [f"{self.gigs} gig{'s' if self.gigs != 1 else ''}"] if self.gigs else []
            parts += [f"{self.pencils} pencil{'s' if self.pencils != 1 else ''}"] if self.pencils else []
            return ", ".join(parts)
        if self.taken >= 0.99:
            return "no"
        if self.free >= 0.99:
            return "free"
        if self.taken:
            return "partly no"
        if self.free:
            return "partly free"
        return "maybe" if self.maybe else ""

    @property
    def colour(self) -> str:
        """Its fill: blue for a gig, amber for a pencil or a maybe, red for no, green for free, none for not known."""
        if self.gigs:
            return "#8fb8de"
        if self.pencils or (self.maybe and not self.taken and not self.free):
            return "#f2d38b"
        if self.taken >= 0.99:
            return "#e3a39a"
        if self.taken:
            return "#f0d5d0"
        if self.free >= 0.99:
            return "#a9d3ae"
        return "#d9ead9" if self.free else "#efeeea"


def picture(year: int, month: int, squares: dict[date, Square], today: date) -> bytes:
    """The month as a PNG. Slow enough to keep off the event loop."""
    from PIL import Image, ImageDraw, ImageFont  # wanted by few

    weeks = months.Calendar().monthdatescalendar(year, month)
    size = (_LEFT * 2 + 7 * (_WIDE + _GAP) - _GAP, _TOP + len(weeks) * (_TALL + _GAP) + 40)
    image = Image.new("RGB", size, _BACK)
    draw = ImageDraw.Draw(image)
    large, middle, small = (ImageFont.load_default(size=points) for points in (26, 17, 13))
    draw.text((_LEFT, 16), f"{months.month_name[month]} {year}", font=large, fill=_INK)
    for column, name in enumerate(_NAMES):
        draw.text((_LEFT + column * (_WIDE + _GAP) + 4, _TOP - 26), name, font=small, fill=_FAINT)
    for row, week in enumerate(weeks):
        for column, day in enumerate(week):
            if day.month != month:
                continue
            square = squares.get(day, Square(day))
            left, top = _LEFT + column * (_WIDE + _GAP), _TOP + row * (_TALL + _GAP)
            box = (left, top, left + _WIDE, top + _TALL)
            draw.rounded_rectangle(box, 8, fill=square.colour, outline=_INK if day == today else None, width=3)
            draw.text((left + 8, top + 6), str(day.day), font=middle, fill=_INK)
            draw.text((left + 8, top + _TALL - 24), square.word, font=small, fill=_INK)
    legend = "blue: gig   amber: pencil or maybe   green: free   red: no   grey: not known"
    draw.text((_LEFT, size[1] - 30), legend, font=small, fill=_FAINT)
    return png(image)


def in_words(year: int, month: int, squares: dict[date, Square]) -> str:
    """What the picture shows, for those who do not see it: days of one kind together."""
    kinds: dict[str, list[int]] = {}
    for day in sorted(squares):
        word = squares[day].word
        if word and day.month == month:
            kinds.setdefault(word, []).append(day.day)
    said = "; ".join(f"{word} on the {_listed(_runs(days))}" for word, days in kinds.items())
    return f"{months.month_name[month]} {year}: {said or 'nothing known on any day'}."


def _runs(days: list[int]) -> list[str]:
    """Days as they are read out: three or more in a row as "20 to 31"."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [part for run in runs for part in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))]


def _listed(days: list[str]) -> str:
    return days[0] if len(days) == 1 else f"{', '.join(days[:-1])} and {days[-1]}"
