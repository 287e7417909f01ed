"""What every bench reports, and how it is shown: a table, a JSON file, and pictures.

A bench is a module `tests/bench/bench_<name>.py` with `rows(scale) -> list[dict]`; `scale` is "small" (all of them in
under two minutes) or "full". Each row is made by `row(...)`. Ratios count: both sides are measured in the same run, on
the same work, since machines are shared; absolute figures are for orientation.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

Row = dict[str, Any]


def row(
    what: str,
    value: float,
    unit: str,
    *,
    beside: str = "",
    beside_value: float | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
    of: str = "value",
    note: str = "",
) -> Row:
    """One measured figure.

    what: what was measured, in a few words. unit: of `value` and `beside_value`.
    beside: the peer or floor measured in the same run, and what it reached.
    at_least, at_most: the target; `of` says whether it is for the "value" itself or for the "ratio" to the peer.
    """
    ratio = value / beside_value if beside_value else None
    compared = ratio if of == "ratio" else value
    met: bool | None = None
    if compared is not None and (at_least is not None or at_most is not None):
        met = (at_least is None or compared >= at_least) and (at_most is None or compared <= at_most)
    bounds = (("≥", at_least), ("≤", at_most))
    bound = [f"{sign} {limit:.3g}" for sign, limit in bounds if limit is not None]
    return {
        "what": what,
        "value": value,
        "unit": unit,
        "beside": beside,
        "beside_value": beside_value,
        "ratio": ratio,
        "target": " and ".join(bound) + (" × " if bound and of == "ratio" else ""),
        "met": met,
        "note": note,
    }


def as_text(results: dict[str, Sequence[Row]]) -> str:
    """One table over all benches."""
    head = ("bench", "what", "ours", "unit", "beside", "reached", "ratio", "target", "met")
    body = [
        (
            bench,
            one["what"],
            figure(one["value"]),
            one["unit"],
            one["beside"],
            figure(one["beside_value"]),
            figure(one["ratio"]),
            one["target"],
            {True: "yes", False: "NO", None: ""}[one["met"]],
        )
        for bench, rows in results.items()
        for one in rows
    ]
    widths = [max(len(line[column]) for line in (head, *body)) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in (head, *body)]
    lines.insert(1, "  ".join("-" * width for width in widths))
    notes = [f"{bench}, {one['what']}: {one['note']}" for bench, rows in results.items() for one in rows if one["note"]]
    return "\n".join(line.rstrip() for line in [*lines, *([""] if notes else []), *notes])


def figure(number: float | None) -> str:
    """A number with three digits that matter."""
    if number is None:
        return ""
    if number == 0 or 0.001 <= abs(number) < 10_000:
        return f"{number:.3g}" if abs(number) < 1000 else f"{number:.0f}"
    return f"{number:,.0f}" if abs(number) >= 10_000 else f"{number:.2e}"


def picture(bench: str, rows: Sequence[Row], file: Path) -> None:
    """Bars of ours and of what stood beside it, each pair to its own scale."""
    compared = [one for one in rows if one["beside_value"]]
    if not compared:
        return
    font, small = ImageFont.load_default(18), ImageFont.load_default(14)
    wide, tall, left = 1100, 64, 430
    image = Image.new("RGB", (wide, 60 + tall * len(compared)), "#fbfaf7")
    draw = ImageDraw.Draw(image)
    draw.text((16, 14), bench, font=font, fill="#222222")
    for place, one in enumerate(compared):
        top = 56 + place * tall
        largest = max(one["value"], one["beside_value"])
        draw.text((16, top), f"{one['what']} ({one['unit']})", font=small, fill="#222222")
        draw.text((16, top + 20), f"beside {one['beside']}", font=small, fill="#777777")
        for line, (value, colour) in enumerate(((one["value"], "#2f6f6a"), (one["beside_value"], "#c9b58b"))):
            width = max(2, int((wide - left - 110) * value / largest)) if largest else 2
            draw.rectangle((left, top + line * 22, left + width, top + line * 22 + 16), fill=colour)
            draw.text((left + width + 8, top + line * 22), figure(value), font=small, fill="#222222")
    image.save(file, optimize=True)
