"""From words and figures to a PDF, by Typst inside the process: no browser, about 20 ms, fonts embedded and subset.

Typst brings Libertinus (Latin, Greek, Cyrillic, Hebrew) and DejaVu Sans Mono (Armenian, Georgian); other scripts take
fonts from packages, read only when a name needs them. Everything is PDF/A-3, so that it can be kept for years.
Slow enough to be run through `cogs.kit.offline`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_TEMPLATE = Path(__file__).with_name("paper.typ")
_OWN_FONTS = ("Libertinus Serif", "DejaVu Sans Mono")


@dataclass(frozen=True, slots=True)
class _Script:
    """A writing system: its Unicode ranges, the package its font is in, and the font's families, the best first."""

    ranges: tuple[tuple[int, int], ...]
    package: str
    families: tuple[str, ...]


_KANA = _Script(((0x3040, 0x30FF), (0x31F0, 0x31FF)), "noto_cjk_sans_otc", ("Noto Sans CJK JP",))
_HANGUL = _Script(((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF)), "noto_cjk_sans_otc", ("Noto Sans CJK KR",))
_HAN = _Script(
    ((0x2E80, 0x303F), (0x3100, 0x312F), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF)),
    "noto_cjk_sans_otc",
    ("Noto Sans CJK SC",),
)
#: Unicode 16 blocks. Kana and Hangul come before Han: Chinese characters beside them are drawn the same country's way.
_SCRIPTS = (
    _KANA,
    _HANGUL,
    _HAN,
    _Script(((0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)),
            "justmytype_intl_rtl", ("Noto Sans Arabic",)),
    _Script(((0x0900, 0x097F),), "justmytype_intl_south_asia", ("Noto Sans Devanagari",)),
    _Script(((0x0980, 0x09FF),), "justmytype_intl_south_asia", ("Noto Sans Bengali",)),
    _Script(((0x0B80, 0x0BFF),), "justmytype_intl_south_asia", ("Noto Sans Tamil",)),
    _Script(((0x0C00, 0x0C7F),), "justmytype_intl_south_asia", ("Noto Sans Telugu",)),
    _Script(((0x0E00, 0x0E7F),), "justmytype_intl_sea", ("Noto Sans Thai",)),
    _Script(((0x0E80, 0x0EFF),), "justmytype_intl_sea", ("Noto Sans Lao",)),
    _Script(((0x1000, 0x109F),), "justmytype_intl_sea", ("Noto Sans Myanmar",)),
    _Script(((0x1780, 0x17FF),), "justmytype_intl_sea", ("Noto Sans Khmer",)),
    _Script(((0x1200, 0x139F), (0x2D80, 0x2DDF)), "justmytype_intl_africa", ("Noto Sans Ethiopic",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished paper. whole: every letter had a font; False: some are shown as boxes."""

    pdf: bytes
    whole: bool


class Unprintable(ValueError):
    """An e-invoice, which has to be PDF/A, holds letters without a font."""


def typeset(paper: Mapping[str, Any], now: datetime, *, code: str | None = None, xml: str | None = None) -> Printed:
    """The PDF of what `paper.typ` asks for. code: an SVG to scan. xml: an e-invoice to put inside.

    Raises Unprintable for an e-invoice with letters that no font has.
    """
    import typst  # 15 ms and 30 MB, and only needed once a paper is made

    scripts = _scripts_in(json.dumps(paper, ensure_ascii=False))
    families = [family for script in scripts for family in script.families]
    said = {
        **paper,
        "fonts": [*_OWN_FONTS[:1], *families, *_OWN_FONTS[1:]],
        "code": code is not None,
        "attach": xml is not None,
    }
    inputs = {"paper": json.dumps(said), "code": code or "", "xml": xml or ""}
    template = _TEMPLATE.read_bytes()
    compiler = typst.Compiler(
        template,
        font_paths=_fonts(tuple(sorted({script.package for script in scripts}))),
        ignore_system_fonts=True,
        sys_inputs=inputs,
    )
    whole = now.replace(microsecond=0)  # Typst takes no parts of a second
    try:
        return Printed(_one(compiler.compile(format="pdf", pdf_standards="a-3b", timestamp=whole)), True)
    except typst.TypstError as error:
        # PDF/A refuses letters without a font; on paper they are better than no invoice, and the owner is told.
        if "could not be displayed" not in str(error):
            raise
        if xml is not None:
            raise Unprintable from error
    return Printed(_one(compiler.compile(template, format="pdf", timestamp=whole)), False)


def _one(made: Any) -> bytes:
    assert isinstance(made, bytes)
    return made


def _scripts_in(text: str) -> tuple[_Script, ...]:
    letters = {ord(c) for c in text if ord(c) > 0x5FF}
    return tuple(s for s in _SCRIPTS if any(low <= c <= high for c in letters for low, high in s.ranges))


@cache
def _fonts(packages: tuple[str, ...]) -> Any:
    """The fonts of these packages beside Typst's own; read once for each mixture of scripts."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=list(_folders(packages)))


def _folders(packages: tuple[str, ...]) -> Iterator[Path]:
    for package in packages:
        spec = find_spec(package)
        if spec is not None and spec.submodule_search_locations:
            yield Path(next(iter(spec.submodule_search_locations)))
