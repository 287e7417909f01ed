"""The spread of a figure as a picture: a box for the middle half, a line for the median. Drawn off the event loop."""

from __future__ import annotations

from dataclasses import dataclass

from cogs.kit.pictures import png

_WIDE, _LEFT, _RIGHT, _TOP, _ROW = 720, 150, 40, 84, 76
_BACK, _INK, _FAINT, _BOX = "#fbfaf7", "#22262a", "#8a8f94", "#8fb8de"


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the picture. low, high: None where only the median is known. texts: how the three are written."""

    label: str
    low: int | None
    middle: int
    high: int | None
    texts: tuple[str, str, str]


def draw(title: str, bars: tuple[Bar, ...]) -> bytes:
    """A PNG with one row a bar, all on one scale from zero. Slow enough to keep off the event loop."""
    from PIL import Image, ImageDraw, ImageFont  # wanted by few

    most = max(bar.high or bar.middle for bar in bars) * 115 // 100 or 1
    image = Image.new("RGB", (_WIDE, _TOP + _ROW * len(bars) + 24), _BACK)
    pen = ImageDraw.Draw(image)
    large, middle, small = (ImageFont.load_default(size=points) for points in (24, 17, 14))
    pen.text((20, 20), title, font=large, fill=_INK)

    def at(value: int) -> int:
        return _LEFT + (_WIDE - _LEFT - _RIGHT) * value // most

    for row, bar in enumerate(bars):
        centre = _TOP + row * _ROW + 30
        pen.text((20, centre - 10), bar.label, font=middle, fill=_INK)
        pen.line((at(0), centre, at(most), centre), fill="#e3e1db", width=2)
        if bar.low is not None and bar.high is not None:
            left, right = at(bar.low), max(at(bar.high), at(bar.low) + 3)
            pen.rounded_rectangle((left, centre - 16, right, centre + 16), 6, fill=_BOX)
            pen.text((left, centre + 18), bar.texts[0], font=small, fill=_FAINT, anchor="ra")
            pen.text((right, centre + 18), bar.texts[2], font=small, fill=_FAINT, anchor="la")
        pen.line((at(bar.middle), centre - 20, at(bar.middle), centre + 20), fill=_INK, width=4)
        pen.text((at(bar.middle), centre - 38), bar.texts[1], font=middle, fill=_INK, anchor="ma")
    return png(image)
