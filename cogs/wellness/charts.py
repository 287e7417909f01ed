"""The pictures: a week of sound doses, and a month of check-ins. Slow, so to be drawn off the event loop.

Pillow is loaded when the first picture is drawn. Colours keep to a contrast of at least 3 to 1 on white, and no meaning
rests on colour alone: what is over the line is also above it, and pain has its own mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from cogs.kit.pictures import png
from storage.records.wellness import CheckIn, Pain

_SIZE = (900, 420)
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 870, 40, 350
_INK, _GREY, _LINE = "#1f2933", "#6b7280", "#d1d5db"
_CALM, _LOUD, _PAIN = "#2f6f8f", "#b4532a", "#8f2f5f"
#: A bar as high as the picture; what is more is cut there, with its figure above.
_MOST_PERCENT = 400


def dose_chart(daily: Sequence[float], names: Sequence[str]) -> bytes:
    """Bars of the daily dose with the line of a full day's, as PNG. daily: percent; names: under each bar."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", _SIZE, "white")
    draw = ImageDraw.Draw(image)
    large, small = (ImageFont.load_default(size=points) for points in (20, 18))
    top = min(max(120.0, *daily) * 1.15, _MOST_PERCENT)
    draw.text((_LEFT, 8), "Sound dose, % of a full day (NIOSH)", fill=_INK, font=large)
    full = _height(100, top)
    step = (_RIGHT - _LEFT) / max(1, len(daily))
    figures = []
    for place, (percent, name) in enumerate(zip(daily, names, strict=True)):
        x = _LEFT + step * place + step * 0.2
        y = _height(min(percent, top), top)
        if percent > 0:
            draw.rectangle((x, min(y, _BOTTOM - 2), x + step * 0.6, _BOTTOM), fill=_LOUD if percent > 100 else _CALM)
            figures.append(((x, max(y - 24, _TOP - 8)), f"{percent:.0f}"))
        draw.text((x, _BOTTOM + 10), name, fill=_GREY, font=small)
    draw.line((_LEFT, full, _RIGHT, full), fill=_INK, width=2)
    draw.text((8, full - 10), "100 %", fill=_INK, font=small)
    for at, figure in figures:  # over the line, which would strike some of them out
        draw.text(at, figure, fill=_INK, font=small, stroke_width=2, stroke_fill="white")
    draw.line((_LEFT, _BOTTOM, _RIGHT, _BOTTOM), fill=_LINE, width=2)
    return png(image)


def checkin_chart(checkins: Sequence[CheckIn], first: date, days: int) -> bytes:
    """Energy by day as dots, pain as marks below, as PNG."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", _SIZE, "white")
    draw = ImageDraw.Draw(image)
    large, small = (ImageFont.load_default(size=points) for points in (20, 18))
    draw.text((_LEFT, 8), "Energy, 1 to 5; below: pain (o mild, x stop)", fill=_INK, font=large)
    floor = _BOTTOM - 50

    def at(level: int) -> float:
        return floor - (floor - _TOP - 10) * (level - 1) / 4

    for level in range(1, 6):
        draw.line((_LEFT, at(level), _RIGHT, at(level)), fill=_LINE)
        draw.text((40, at(level) - 10), str(level), fill=_GREY, font=small)
    step = (_RIGHT - _LEFT) / days
    for one in checkins:
        x = _LEFT + step * ((one.day - first).days + 0.5)
        if one.energy is not None:
            y = at(one.energy)
            draw.ellipse((x - 6, y - 6, x + 6, y + 6), fill=_CALM)
        y = _BOTTOM - 20
        if one.pain is Pain.MILD:
            draw.ellipse((x - 6, y - 6, x + 6, y + 6), outline=_PAIN, width=3)
        elif one.pain is Pain.STOP:
            draw.line((x - 7, y - 7, x + 7, y + 7), fill=_PAIN, width=4)
            draw.line((x - 7, y + 7, x + 7, y - 7), fill=_PAIN, width=4)
    for ahead in range(0, days, 7):
        day = first + timedelta(days=ahead)
        draw.text((_LEFT + step * ahead, _BOTTOM + 10), f"{day.day} {day:%b}", fill=_GREY, font=small)
    draw.line((_LEFT, _BOTTOM, _RIGHT, _BOTTOM), fill=_LINE, width=2)
    return png(image)


def _height(percent: float, top: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * percent / top
