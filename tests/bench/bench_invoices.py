"""Papers: the first PDF of a fresh process, the ones after it, and their size.

The first is what somebody waits for: Typst and its fonts are loaded by it. The locale's figures are loaded before, as
they are in life: nobody asks for a paper before they were shown a sum. Each is made in a process of its own; the median
of several, since machines are shared, beside a page with one word that Typst alone makes in as fresh a process.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

from tests.bench.table import Row, row

#: target for a first one-page PDF, in milliseconds.
FIRST_MS = 40
RUNS = {"small": 5, "full": 15}

_MEASURE = """
import json, sys, time
from tests.cogs.invoices.samples import NOW, TODAY, billing, client, invoice, money
from cogs.invoices import paper
from cogs.invoices.letters import money_in
who = {"name": "Bob Bass", "iban": "DE89370400440532013000", "address": "12 Low Road\\nLeeds"}
made = invoice(450, sys.argv[1])
sheet = paper.Sheet(invoice=made, client=client(name=sys.argv[2]), billing=billing(**who), name="Bob", locale="en-GB")
money_in(money(1, sys.argv[1]), "en_GB")
times = []
for _ in range(6):
    start = time.perf_counter()
    printed = paper.invoice_pdf(sheet, NOW)
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps([times[0], min(times[1:]), len(printed.pdf)]))
"""

_BARE = """
import json, time
start = time.perf_counter()
import typst
made = typst.compile(b"Hello", ignore_system_fonts=True, pdf_standards="a-3b")
print(json.dumps([(time.perf_counter() - start) * 1000, 0, len(made)]))
"""


def _measured(currency: str, name: str, runs: int, script: str = _MEASURE) -> tuple[float, float, float]:
    """First and later times in milliseconds, and the size in kB: medians over fresh processes."""
    found = []
    for _ in range(runs):
        done = subprocess.run(
            [sys.executable, "-c", script, currency, name], capture_output=True, text=True, check=True, timeout=60
        )
        found.append(json.loads(done.stdout))
    first, later, size = (statistics.median(one[at] for one in found) for at in range(3))
    return first, later, size / 1000


def rows(scale: str) -> list[Row]:
    """What is reported."""
    runs = RUNS[scale]
    plain = _measured("GBP", "Smith Ltd", runs)
    bare = _measured("GBP", "", runs, _BARE)
    coded = _measured("EUR", "Smith Ltd", runs)
    foreign = _measured("GBP", "山田太郎", runs)
    return [
        row(
            "first one-page invoice of a process",
            plain[0],
            "ms",
            beside="bare Typst",
            beside_value=bare[0],
            at_most=FIRST_MS,
        ),
        row("the next ones", plain[1], "ms"),
        row("its size", plain[2], "kB"),
        row("first one with a code to scan", coded[0], "ms"),
        row("first one with a Japanese name", foreign[0], "ms", note="reads a font of 19 MB once"),
    ]
