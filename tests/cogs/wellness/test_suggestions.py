"""Suggestions: fitting, varied, short, with their source, and nobody's doctor."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.wellness import suggestions
from cogs.wellness.suggestions import SUGGESTIONS, Part, families_of, fitting, suggestion
from storage.records.wellness import BreakMode
from storage.reference.instruments import Family

FAMILIES = st.frozensets(st.sampled_from(sorted(Family)), max_size=3)


@settings(max_examples=60, deadline=None)
@given(families=FAMILIES, mode=st.sampled_from(sorted(BreakMode)), person=st.integers(1, 10_000))
def test_all_that_fit_come_before_any_comes_again(families: frozenset[Family], mode: BreakMode, person: int) -> None:
    fit = fitting(families, mode)

    first = [suggestion(families, mode, person, number) for number in range(len(fit))]

    assert sorted(one.text for one in first) == sorted(one.text for one in fit)
    assert all(one.part is not other.part for one, other in pairwise(first))
    assert {one.part for one in fit} >= {Part.HANDS, Part.SHOULDERS, Part.JAW, Part.EYES, Part.WATER, Part.AIR}


def test_each_has_a_source_and_fits_on_a_line() -> None:
    for one in SUGGESTIONS:
        said, source = suggestions.lines_of(one)
        assert one.source.url.startswith("http")
        assert len(one.text) <= 100
        assert len([said, source]) == 2


def test_nothing_medical_is_claimed() -> None:
    medical = re.compile(
        r"\b(prevent|heal|cure|treat|injur|damage|symptom|pain|protects? you|healthy|tinnitus)", re.IGNORECASE
    )

    assert [one.text for one in SUGGESTIONS if medical.search(one.text)] == []


def test_what_somebody_plays_decides() -> None:
    players = {role: families_of([role]) for role in ("trumpet", "violin", "drum-kit", "nobody-knows")}
    assert players["nobody-knows"] == frozenset()
    assert any("strings" in one.text for one in fitting(players["violin"], BreakMode.PRACTICE))
    assert not any("strings" in one.text for one in fitting(players["trumpet"], BreakMode.PRACTICE))
    at_desk = fitting(players["violin"], BreakMode.DESK)
    assert not any("instrument" in one.text for one in at_desk)
