"""The shipped tables hold together, and a correction that breaks one is named."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from storage.reference import check, rates, work_kinds
from storage.reference.instruments import everything as instruments
from storage.reference.reading import TABLES, Row, read


def test_the_shipped_tables_have_no_problems() -> None:
    assert check.problems() == []


def _tables(table: str, changes: dict[str, str], id: str | None = None) -> dict[str, tuple[Row, ...]]:
    """The shipped tables with one row (the first, or the one with this id) changed."""
    rows = {name: list(read(name)) for name in TABLES}
    at = next(at for at, row in enumerate(rows[table]) if id in (None, row.id))
    cells = {column: rows[table][at].maybe(column) or "" for column in rows[table][at].columns}
    rows[table][at] = Row(table, {**cells, **changes})
    return {name: tuple(rows[name]) for name in TABLES}


@pytest.mark.parametrize(
    ("table", "id", "changes", "said"),
    [
        ("rates", None, {"value": "about 400"}, "rates.csv us-afm-srla-basic-2019: value"),
        ("rates", None, {"currency": ""}, "rates.csv us-afm-srla-basic-2019: currency"),
        ("rates", None, {"source_url": ""}, "rates.csv us-afm-srla-basic-2019: source_url"),
        ("rates", None, {"freshness": "recent"}, "freshness: 'recent'"),
        ("rates", None, {"status": "law"}, "status: 'law'"),
        ("rates", None, {"value_type": "guess"}, "value_type: 'guess'"),
        ("rates", None, {"work_kind": "busking"}, "work_kind: 'busking' is not a kind"),
        ("rates", None, {"effective_to": "2018"}, "effective_to: 2018 lies before 2019-02-01"),
        ("rates", None, {"effective_from": "last year"}, "effective_from: 'last year'"),
        ("rates", None, {"excerpt": "words of the page"}, "'excerpt' is not shipped"),
        ("rates", "us-afm-srla-minutes", {"id": "us-afm-srla-basic-2019"}, "id: stands 2 times"),
        ("rates", None, {"id": ""}, "id: is empty"),
        ("wellness", None, {"topic": "nutrition"}, "topic: 'nutrition'"),
        ("wellness", None, {"checked_on": "yesterday"}, "checked_on: 'yesterday'"),
        ("late_payment", None, {"applies_to": "friends"}, "applies_to: 'friends'"),
        ("late_payment", None, {"in_force": "soon"}, "in_force: 'soon'"),
        ("tax_calendar", None, {"month": "13"}, "is not a day of the year"),
        ("tax_calendar", None, {"day": ""}, "a deadline needs one"),
        ("support", "gb-samaritans", {"phone": "", "contact_url": ""}, "neither a number nor a link"),
        ("terms", None, {"group": "misc"}, "group: 'misc'"),
        ("instruments", None, {"aliases_other": "Geige"}, "'Geige' is not language:word"),
        ("instruments", None, {"porterage_group": "E"}, "porterage_group: 'E'"),
        ("instruments", None, {"id": "fiddle"}, "'violin' is not in instruments.csv"),
        ("work_kinds", "demo", {"parent": "studios"}, "parent: 'studios' is not a kind"),
        ("work_kinds", "demo", {"id": "demos"}, "demos: is in only one"),
    ],
)
def test_a_broken_row_is_named(table: str, id: str | None, changes: dict[str, str], said: str) -> None:
    found = check.problems(_tables(table, changes, id))
    assert any(said in problem for problem in found), found


def test_one_wrong_cell_does_not_hide_another() -> None:
    tables = _tables("rates", {"value": "x"})
    tables["terms"] = _tables("terms", {"group": "x"})["terms"]
    assert len(check.problems(tables)) == 2


def test_every_figure_is_cited_with_a_link() -> None:
    for rate in rates.everything():
        assert rate.source.url is not None
        assert rate.source.url.startswith(("https://", "http://"))
        assert rate.source.publisher
        assert rate.source.checked_on == date(2026, 11, 23)


def test_the_tables_have_the_rows_their_sources_page_counts() -> None:
    page = files("storage.reference").joinpath("SOURCES.md").read_text(encoding="utf-8")
    for name in TABLES:
        assert f"| `{name}.csv` | {len(read(name))} |" in page


def test_every_row_of_words_is_reachable_by_its_id() -> None:
    assert len({row.id for row in instruments()}) == len(read("instruments"))
    assert len({row.id for row in work_kinds.everything()}) == len(read("work_kinds"))


def test_figures_past_their_term_are_listed_from_the_day_after() -> None:
    assert check.past_term(date(2026, 12, 31)) == []
    assert [rate.id for rate in check.past_term(date(2027, 1, 1))] == ["de-dmr-day", "de-dmr-adequate"]
