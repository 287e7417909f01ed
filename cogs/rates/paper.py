"""A quote as a PDF: one page, set by Typst inside the process. Slow enough to be kept off the event loop."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

#: Everything printed comes in as JSON, so that nothing anybody typed is read as markup.
_PAGE = """
#let d = json(bytes(sys.inputs.paper))
#set document(title: d.title)
#set page(paper: "a4", margin: 25mm)
#set text(font: ("Libertinus Serif", "DejaVu Sans Mono"), size: 11pt)
#text(size: 20pt, weight: "bold", d.title)
#v(2mm)
#text(d.name) #h(1fr) #text(d.day)
#if d.client != "" [ #v(1mm) #text(d.client) ]
#v(8mm)
#table(
  columns: (1fr, auto),
  stroke: (x, y) => (bottom: 0.5pt + luma(200)),
  inset: (x: 0pt, y: 6pt),
  align: (left, right),
  ..d.items.map(i => (text(i.at(0)), text(i.at(1)))).flatten(),
  text(weight: "bold", "Total"), text(weight: "bold", d.total),
)
#if d.hold != "" [ #v(4mm) #text(d.hold) ]
"""


def printed(
    title: str,
    name: str,
    client: str,
    day: str,
    items: Sequence[tuple[str, str]],
    total: str,
    hold: str,
    now: datetime,
) -> bytes:
    """The PDF. Letters without a font are drawn as boxes."""
    import typst  # 15 ms and 30 MB, and only needed once a paper is made

    said = {"title": title, "name": name, "client": client, "day": day, "total": total, "hold": hold}
    paper = json.dumps({**said, "items": [list(item) for item in items]})
    compiler = typst.Compiler(_PAGE.encode(), ignore_system_fonts=True, sys_inputs={"paper": paper})
    made = compiler.compile(format="pdf", timestamp=now.replace(microsecond=0))  # it takes whole seconds
    assert isinstance(made, bytes)
    return made
