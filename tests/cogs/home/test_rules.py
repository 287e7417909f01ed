"""Receipts, the words for what is kept, and how much somebody wants to hear."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.home import rules
from cogs.home.rules import Hear
from storage.records.people import Topic

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
ROWS = st.dictionaries(st.sampled_from(["people", "notices", "gigs", "secret_notes"]), st.integers(0, 500))


@given(ROWS, st.text(max_size=16))
def test_a_receipt_is_read_back_as_it_was_kept(rows: dict[str, int], salt: str) -> None:
    one = rules.receipt(AT, rows, salt)

    assert rules.receipt_of(one.code, rules.receipt_text(one)) == one
    assert one.total == sum(rows.values())
    assert 0 not in one.rows.values()


def test_a_receipt_has_a_code_that_can_be_read_out_and_not_worked_out() -> None:
    one, other = (rules.receipt(AT, {"people": 1}, salt) for salt in ("a", "b"))

    assert one.code != other.code
    assert [len(part) for part in one.code.split("-")] == [4, 4, 4]
    assert not set(one.code) & set("01IOLabcdefghijklmnopqrstuvwxyz")
    assert rules.receipt(AT, {"people": 1}, "a") == one


def test_what_is_kept_is_named_in_words_the_most_first_and_nothing_twice() -> None:
    said = rules.counts_text({"identities": 1, "answers": 3, "drafts": 0, "table_of_tomorrow": 2})

    assert said == "answers to gigs: 3 · table of tomorrow: 2 · accounts: 1"


@pytest.mark.parametrize("hear", Hear)
def test_nobody_loses_what_they_set_up_for_themselves(hear: Hear) -> None:
    assert not hear.silenced & {Topic.REMINDERS, Topic.INVOICES}
    assert len(hear.label) <= 38


@pytest.mark.parametrize(
    ("tour_step", "following", "half_done"), [(0, 1, False), (1, 1, False), (3, 3, True), (5, 1, False)]
)
def test_the_tour_goes_on_where_it_was_left(tour_step: int, following: int, half_done: bool) -> None:
    assert rules.next_step(tour_step) == following
    assert rules.under_way(tour_step) is half_done
