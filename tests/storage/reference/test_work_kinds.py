"""Kinds of work by any name, each filed under the kind a gig can have."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.reference import work_kinds
from storage.reference.work_kinds import Kind, WordType, find, kind_of, rate_kinds_of, scan


@pytest.mark.parametrize(
    ("text", "id", "kind"),
    [
        ("function", "function", Kind.FUNCTION),
        ("Wedding", "function", Kind.FUNCTION),
        ("corporate", "function", Kind.FUNCTION),
        ("session", "studio", Kind.SESSION),
        ("studio session", "studio", Kind.SESSION),
        ("theatre", "theatre", Kind.THEATRE),
        ("theater", "theatre", Kind.THEATRE),
        ("pit", "theatre", Kind.THEATRE),
        ("panto", "theatre", Kind.THEATRE),
        ("West End", "theatre", Kind.THEATRE),
        ("tour", "touring", Kind.TOUR),
        ("gig", "live", Kind.LIVE),
        ("show", "live", Kind.LIVE),
        ("orchestral", "orchestral", Kind.ORCHESTRAL),
        ("opera", "opera_ballet", Kind.ORCHESTRAL),
        ("scoring", "scoring", Kind.ORCHESTRAL),
        ("film score", "scoring", Kind.ORCHESTRAL),
        ("remote", "remote", Kind.REMOTE),
        ("remote session", "remote", Kind.REMOTE),
        ("demo", "demo", Kind.DEMO),
        ("jingle", "advertising", Kind.ADVERTISING),
        ("adverts", "advertising", Kind.ADVERTISING),
        ("lessons", "teaching", Kind.TEACHING),
        ("masterclass", "workshop", Kind.TEACHING),
        ("cruise", "residency", Kind.LIVE),
        ("church", "ceremony", Kind.FUNCTION),
        ("md", "md_work", Kind.OTHER),
        ("opera_ballet", "opera_ballet", Kind.ORCHESTRAL),
    ],
)
def test_names_of_work(text: str, id: str, kind: Kind) -> None:
    found = find(text)
    assert found is not None
    assert (found.id, found.kind, kind_of(text)) == (id, kind, kind)


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kinds_own_word_means_it(kind: Kind) -> None:
    assert kind_of(kind.value) is kind
    assert kind_of(f" {kind.value.upper()} ") is kind


@pytest.mark.parametrize("text", ["", "bass", "Leeds", "jazz", "wedding and theatre"])
def test_what_is_no_kind_of_work_finds_none(text: str) -> None:
    assert find(text) is None
    assert kind_of(text) is None


def test_every_alias_of_the_table_finds_its_row_or_the_one_decided_on() -> None:
    decided = {"pit": "theatre", "tour": "touring", "show": "live"}
    for row in work_kinds.of_type(WordType.KIND):
        for alias in (row.name, *row.aliases):
            found = find(alias)
            assert found is not None and found.id == decided.get(alias, row.id), alias


def test_a_genre_with_the_name_of_a_kind_stays_a_genre() -> None:
    assert work_kinds.by_id("wedding").type is WordType.GENRE
    assert work_kinds.by_id("wedding").kind is None
    assert {row.type for row in work_kinds.everything()} == set(WordType)


def _read(line: str) -> list[tuple[str, str]]:
    return [(line[one.start : one.end], one.what.id) for one in scan(line)]


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("bass, Sat 28 Nov 19:30, Leeds, £220, function, reply by Thu 6pm", [("function", "function")]),
        ("session drummer needed, wedding gig", [("wedding gig", "function")]),
        ("wedding, gig starts at 7", [("wedding", "function")]),
        ("remote session, 2 songs", [("remote session", "remote")]),
        ("12-14 Jan Smith tour 1st £300/day until 20 Dec", [("tour", "touring")]),
        ("pit dep, Wicked, 8 shows", [("pit dep", "theatre")]),
        ("cello, orchestral concert, St Luke's church", [("orchestral concert", "orchestral")]),
        ("studio, Mon 10am", [("studio", "studio")]),
        ("LIVE GIG FRI", [("LIVE GIG", "live")]),
        ("I live in Leeds", []),
        ("keys, Theatre Royal, Fri", []),
        ("sub needed, parts sent, ad lib", []),
        ("meet at the library or the church", []),
        ("cover for Dan, dates to follow, slot at 9", []),
        ("jam session", []),
        ("Detour, showing, gigantic, functional", []),
    ],
)
def test_lines(line: str, kinds: list[tuple[str, str]]) -> None:
    assert _read(line) == kinds


@given(st.text(max_size=120))
def test_any_line_is_read_without_overlaps(line: str) -> None:
    found = scan(line)
    assert all(0 <= one.start < one.end <= len(line) for one in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert all(one.what.type is WordType.KIND for one in found)


def test_pay_is_looked_up_for_all_kinds_under_a_kind() -> None:
    assert rate_kinds_of("session") == {"studio", "limited_release", "games", "library"}
    assert rate_kinds_of("touring") == {"live"}
    assert rate_kinds_of("other") == frozenset()
    with pytest.raises(KeyError):
        rate_kinds_of("busking")


def test_questions_to_ask_are_parted() -> None:
    assert work_kinds.by_id("studio").questions_to_ask[:2] == ("dates", "hours")
    assert "wardrobe" in work_kinds.by_id("sideline").questions_to_ask
