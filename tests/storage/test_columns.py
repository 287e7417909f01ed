"""What goes into a column comes out of it, and what is not what it claims to be is refused."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from storage import engine
from storage.engine import Storage
from storage.records.money import CURRENCIES, Money
from storage.records.times import Span
from storage.tables import columns
from storage.tables.columns import folded
from tests.conftest import Postgres
from tests.storage.tried import METADATA, TRIED, Colour, Size

EXAMPLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
MOMENTS = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001  # the zones are drawn from the next argument
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=13, minutes=45)), timezone(timedelta(hours=-9))]),
)
WHOLE = st.integers(-columns.LARGEST, columns.LARGEST)


@pytest.fixture(scope="module", params=["memory", "postgres"])
def where(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def table(where: str, request: pytest.FixtureRequest) -> AsyncIterator[Storage]:
    """A database with the table above."""
    if where == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        name = await server.borrow()
        storage = await engine.open(server.url(name))
    else:
        storage = await engine.open("sqlite://")
    async with storage.open_work() as work:
        await work.connection.run_sync(METADATA.create_all)
        await work.commit()
    yield storage
    if where == "postgres":
        async with storage.open_work() as work:
            await work.connection.run_sync(METADATA.drop_all)
            await work.commit()
    await storage.close()
    if where == "postgres":
        await server.hand_back(name)


async def there_and_back(storage: Storage, **values: object) -> dict[str, object]:
    async with storage.open_work() as work:
        made = (await work.connection.execute(insert(TRIED).values(**values).returning(TRIED.c.id))).scalar_one()
        row = (await work.connection.execute(select(TRIED).where(TRIED.c.id == made))).mappings().one()
        return dict(row)


@EXAMPLES
@given(moment=MOMENTS)
async def test_a_moment_is_kept_to_the_millisecond_in_utc(table: Storage, moment: datetime) -> None:
    kept = (await there_and_back(table, at=moment))["at"]
    assert isinstance(kept, datetime)
    assert kept.tzinfo is UTC
    assert timedelta(0) <= moment - kept < timedelta(milliseconds=1)


@EXAMPLES
@given(first=MOMENTS, second=MOMENTS)
async def test_moments_are_compared_by_the_database_as_they_are_here(
    table: Storage, first: datetime, second: datetime
) -> None:
    first, second = (moment.replace(microsecond=0) for moment in (first, second))
    async with table.open_work() as work:
        await work.connection.execute(insert(TRIED).values(at=first))
        found = (await work.connection.execute(select(TRIED.c.id).where(TRIED.c.at < second))).all()
    assert bool(found) is (first < second)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", datetime(2026, 1, 1)),  # noqa: DTZ001  # naive on purpose
        ("minor", 2.5),
        ("minor", 250.0),
        ("minor", math.nan),
        ("minor", Decimal(1)),
        ("minor", True),
        ("minor", "1"),
        ("minor", 2**63),
        ("day", datetime(2026, 1, 1, tzinfo=UTC)),
        ("json", {1, 2}),
        ("json", math.inf),
        ("colour", "green"),
        ("size", 1),
    ],
)
async def test_what_it_is_not_is_refused(table: Storage, column: str, value: object) -> None:
    with pytest.raises((StatementError, ValueError, TypeError)) as caught:
        await there_and_back(table, **{column: value})
    reason = caught.value.orig if isinstance(caught.value, StatementError) else caught.value
    assert isinstance(reason, (ValueError, TypeError))  # refused before the database saw it


@EXAMPLES
@given(minor=WHOLE, money=st.builds(Money, WHOLE, st.sampled_from(sorted(CURRENCIES))) | st.none())
async def test_money_is_kept_exactly(table: Storage, minor: int, money: Money | None) -> None:
    row = await there_and_back(table, minor=minor, **columns.money_values("fee", money))
    assert row["minor"] == minor
    assert columns.money_of(row, "fee") == money


@EXAMPLES
@given(start=MOMENTS, length=st.timedeltas(timedelta(0), timedelta(days=400)) | st.none(), whole_days=st.booleans())
async def test_a_span_is_kept_whole(
    table: Storage, start: datetime, length: timedelta | None, whole_days: bool
) -> None:
    start = min(start, datetime(9998, 1, 1, tzinfo=UTC)).replace(microsecond=0)
    end = None if length is None else start + timedelta(seconds=int(length.total_seconds()))
    stretch = Span(start, end, "Europe/London", whole_days)
    row = await there_and_back(table, **columns.span_values(stretch, "gig_"))
    assert columns.span_of(row, "gig_") == stretch


async def test_nothing_is_kept_as_nothing(table: Storage) -> None:
    row = await there_and_back(table, **columns.money_values("fee", None), **columns.span_values(None, "gig_"))
    assert {value for name, value in row.items() if name != "id"} == {None}
    assert columns.money_of(row, "fee") is None
    assert columns.span_of(row, "gig_") is None


@EXAMPLES
@given(typed=st.text(st.characters()))
@example(typed="\0")
@example(typed="a\ud83c\0")
async def test_any_text_can_be_kept(table: Storage, typed: str) -> None:
    kept = (await there_and_back(table, typed=typed))["typed"]
    assert isinstance(kept, str)
    assert len(kept) == len(typed)
    for before, after in zip(typed, kept, strict=True):
        assert after == before or (after == "\ufffd" and (before == "\0" or "\ud800" <= before <= "\udfff"))


@EXAMPLES
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters()),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
        max_leaves=8,
    )
)
async def test_json_comes_back_as_it_was(table: Storage, value: object) -> None:
    assert (await there_and_back(table, json=value))["json"] == value


async def test_closed_sets_come_back_as_members(table: Storage) -> None:
    row = await there_and_back(table, colour=Colour.BLUE, size=Size.LARGE, day=date(2028, 2, 29))
    assert row["colour"] is Colour.BLUE
    assert row["size"] is Size.LARGE
    assert row["day"] == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sam", "SAM"), ("  Sam\tJones ", "sam jones"), ("Straße", "STRASSE"), ("ﬁddle", "Fiddle"), ("Å", "A\u030a")],
)
def test_names_are_folded_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other) != ""


@given(st.text(st.characters()))
def test_a_folded_name_can_always_be_kept_and_compared(name: str) -> None:
    key = folded(name)
    key.encode()
    assert "\0" not in key
