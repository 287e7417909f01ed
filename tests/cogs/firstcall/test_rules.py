"""Places on a list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.firstcall.rules import find_rank, list_name, placed

LISTS = st.lists(st.integers(1, 30), unique=True, max_size=12)


@given(LISTS, st.integers(1, 30), st.none() | st.integers(1, 20))
def test_one_moves_and_the_others_keep_their_order(before: list[int], who: int, rank: int | None) -> None:
    after = placed(before, who, rank)
    assert [one for one in after if one != who] == [one for one in before if one != who]
    assert after.count(who) == 1
    if rank is not None:
        assert after.index(who) == min(rank - 1, len(after) - 1)
    elif who in before:
        assert after == before
    else:
        assert after[-1] == who


@pytest.mark.parametrize(
    ("typed", "rank"),
    [
        ("keys @sam 1", "1"), ("@sam keys 2nd", "2"), ("keys @sam no. 3", "3"), ("keys @sam #4 ", "4"),
        ("keys @sam", None), ("violin 2 @sam", None), ("keys @sam2", None), ("keys @sam 100", None),
    ],
)  # fmt: skip
def test_the_number_at_the_end_is_the_place(typed: str, rank: str | None) -> None:
    found = find_rank(typed)
    assert (found[2] if found else None) == rank


def test_a_lists_name_is_compared_without_case_and_blanks() -> None:
    assert list_name("  Big   Band ") == list_name("big band")
    assert list_name(None) == list_name("  ") == ""
