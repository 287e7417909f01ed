"""CSV files that a spreadsheet may open: text in them never becomes a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

#: What begins a formula in a spreadsheet: OWASP, CSV Injection (read November 2026), and the wide forms of the same
#: signs, which Japanese spreadsheets take for them.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
#: The mark by which spreadsheets know UTF-8.
_MARK = b"\xef\xbb\xbf"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file (RFC 4180) in UTF-8, every cell of it safe."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([safe(column) for column in columns])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return _MARK + written.getvalue().encode()


def safe(cell: str) -> str:
    """The cell, led by an apostrophe where a spreadsheet would run it. Numbers stay numbers, negative ones too."""
    if not cell.lstrip(" \u00a0\u3000").startswith(_FORMULA) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"
