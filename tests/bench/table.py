"""What every bench reports, and how it is shown: a table, a JSON file, and pictures.

A bench is a module `tests/bench/bench_<name>.py` with `rows(scale) -> list[dict]`; `scale` is "small" (all of them in
under two minutes) or "full". Each row is made by `row(...)`. Ratios count: both sides are measured in the same run, on
the same work, since machines are shared; absolute figures are for orientation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

Row = dict[str, Any]

#: How it is said whether a target was met; None: there is none.
MET = {True: "yes", False: "NO", None: ""}

_PAPER, _INK, _GREY, _OURS, _THEIRS = "#fbfaf7", "#222222", "#777777", "#2f6f6a", "#c9b58b"


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
    growth: Mapping[str, Sequence[float]] | None = None,
) -> Row:
    """One measured figure.

    what: what was measured, in a few words. unit: of `value` and `beside_value`.
    beside: the peer or floor measured in the same run, and what it reached.
    at_least, at_most: the target; `of` says whether it is for the "value" itself or for the "ratio" to the peer.
    growth: "size", and by name what was reached at each of these sizes, in the same unit.
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
        "growth": growth,
    }


def as_page(kept: Mapping[str, Any]) -> str:
    """What is kept of all benches as a page of Markdown: a table each, with where it was measured and its pictures."""
    lines = [
        "# What was measured",
        "",
        "Written by `make bench`; ratios count, absolute figures are for orientation.",
        "",
    ]
    for bench, run in kept.items():
        rows = run["rows"]
        lines += [
            f"## {bench}",
            "",
            f"Scale {run['scale']}; {run['machine']}, SQLite {run['sqlite']}.",
            "",
            "| what | ours | beside | reached | ratio | target | met |",
            "|---|---|---|---|---|---|---|",
        ]
        for one in rows:
            note = f" ({one['note']})" if one["note"] else ""
            cells = (one["what"] + note, f"{figure(one['value'])} {one['unit']}", one["beside"],
                     figure(one["beside_value"]), figure(one["ratio"]), one["target"], MET[one["met"]])  # fmt: skip
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
        if any(one["beside_value"] for one in rows):
            lines += [f"![{bench}, beside its peers]({bench}.png)", ""]
        if any(one["growth"] for one in rows):
            lines += [f"![{bench}, how it grows]({bench}-growth.png)", ""]
    return "\n".join(lines).rstrip() + "\n"


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
            MET[one["met"]],
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
    image = Image.new("RGB", (wide, 60 + tall * len(compared)), _PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((16, 14), bench, font=font, fill=_INK)
    for place, one in enumerate(compared):
        top = 56 + place * tall
        largest = max(one["value"], one["beside_value"])
        draw.text((16, top), f"{one['what']} ({one['unit']})", font=small, fill=_INK)
        draw.text((16, top + 20), f"beside {one['beside']}", font=small, fill=_GREY)
        for line, (value, colour) in enumerate(((one["value"], _OURS), (one["beside_value"], _THEIRS))):
            width = max(2, int((wide - left - 110) * value / largest)) if largest else 2
            draw.rectangle((left, top + line * 22, left + width, top + line * 22 + 16), fill=colour)
            draw.text((left + width + 8, top + line * 22), figure(value), font=small, fill=_INK)
    _saved(image, file)


def growth(bench: str, rows: Sequence[Row], file: Path) -> None:
    """A small chart for each row that was measured at several sizes: sizes to the right, each ten times the last.

    Every chart has a scale of its own from zero on, and the figure stands at each point.
    """
    grown = [one for one in rows if one["growth"]]
    if not grown:
        return
    title, font = ImageFont.load_default(18), ImageFont.load_default(13)
    across, wide, tall = 3, 366, 204
    image = Image.new("RGB", (across * wide, 50 + tall * -(-len(grown) // across)), _PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((16, 14), f"{bench}, by size", font=title, fill=_INK)
    for place, one in enumerate(grown):
        left, top = place % across * wide + 16, 50 + place // across * tall
        sizes, curves = one["growth"]["size"], {k: v for k, v in one["growth"].items() if k != "size"}
        highest = max(max(values) for values in curves.values()) or 1.0
        draw.text((left, top), f"{one['what'].partition(':')[0].partition(',')[0]}: ", font=font, fill=_GREY)
        draw.text(
            (left, top + 16),
            f"{one['what'].partition(': ')[2].removesuffix(', p99')} ({one['unit']})",
            font=font,
            fill=_INK,
        )
        floor, room = top + 152, 84
        columns = [left + 30 + n * (wide - 110) // max(1, len(sizes) - 1) for n in range(len(sizes))]
        draw.line((left, floor, left + wide - 40, floor), fill=_GREY)
        for x, size in zip(columns, sizes, strict=True):
            draw.text((x, floor + 20), f"{size:,}", font=font, fill=_GREY, anchor="ma")
        for upper, (name, values) in zip((True, False), sorted(curves.items(), reverse=True), strict=False):
            colour = _OURS if upper else _THEIRS
            points = [(x, floor - int(room * value / highest)) for x, value in zip(columns, values, strict=True)]
            draw.line(points, fill=colour, width=3)
            for (x, y), value in zip(points, values, strict=True):
                draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=colour)
                draw.text(
                    (x, y - 6 if upper else y + 6), figure(value), font=font, fill=_INK, anchor="md" if upper else "ma"
                )
            draw.text((points[-1][0] + 10, points[-1][1]), name, font=font, fill=_INK, anchor="lm")
    _saved(image, file)


def _saved(image: Image.Image, file: Path) -> None:
    """A few colours are enough, and keep the file small."""
    image.quantize(16).save(file, optimize=True)
