"""Files that a spreadsheet reads right and never runs."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.kit.sheets import safe, table

SIGNS = "=+-@\t\r\n＝＋－＠"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.sampled_from(SIGNS), TEXT, st.sampled_from(["", " ", "  ", "\u00a0", "\u3000"]))
def test_no_cell_can_become_a_formula(sign: str, rest: str, before: str) -> None:
    cell = before + sign + rest
    assert safe(cell) == f"'{cell}" or re.fullmatch(r"-[0-9]+(\.[0-9]+)?", cell)


@pytest.mark.parametrize("cell", ["-12", "-0.50", "12", "Bass -1", "a=b", "", "'", "½"])
def test_numbers_and_ordinary_words_stay_as_they_are(cell: str) -> None:
    assert safe(cell) == cell


@pytest.mark.parametrize("cell", ["-1-1", "-1.", "-.5", "--1", "-1e9", "-١", "-½", "-1\n", "=1", "+44 113 496 0000"])
def test_what_only_begins_like_a_number_is_not_taken_for_one(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=5))
def test_every_cell_is_read_back_from_where_it_was_put(rows: list[list[str]]) -> None:
    content = table(("=a", "b"), rows)
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert read == [["'=a", "b"], *([safe(cell) for cell in row] for row in rows)]
