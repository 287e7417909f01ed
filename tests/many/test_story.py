"""What is looked for after a soak is found when it is there, and told so that it can be understood."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import asyncpg
import pytest

from bot.desk.budgets import PACES
from storage import engine
from storage.records.notice import Ended, Lane, Outcome, PutBack
from tests.conftest import Postgres
from tests.fakes.telegram.server import BotApi
from tests.many.crowd import keep
from tests.many.fleet import Fleet, Observed
from tests.many.processes import Nursery
from tests.many.story import Arrival, Story, Wrong, evidence, too_fast, wrongly_kept, wrongly_sent

PACE = PACES["telegram"]
DUES = {"T0.0.0.": 1, "T0.1.0.": 2}


def arrival(note: str, place: int, *, again: bool = False, platform: str = "telegram") -> Arrival:
    return Arrival(float(place), platform, note.partition(".")[0], note, again, place)


IN_ORDER = [arrival("T0.0.0.", 1), arrival("T0.1.0.", 2)]


def whats(found: list[Wrong]) -> list[str]:
    return [one.what for one in found]


def test_all_well() -> None:
    assert wrongly_kept({"a"}, {"b": "no answer"}, {"a": 1, "b": 1}, wanted=1) == []
    assert wrongly_sent(DUES, IN_ORDER, DUES, 0) == []
    assert wrongly_sent(DUES, [*IN_ORDER, arrival("T0.0.0.", 3, again=True)], DUES, 1) == []


@pytest.mark.parametrize(
    ("told", "kept", "wanted", "what"),
    [
        ({"a", "b"}, {"a": 1}, 2, "a pushed update was lost"),
        ({"a"}, {"a": 1, "x": 1}, 1, "nobody asked for"),
        ({"a"}, {"a": 2}, 1, "done twice"),
        ({"a"}, {"a": 1}, 2, "2 notes were to be kept, 1 are"),
    ],
)
def test_what_is_kept_wrongly(told: set[str], kept: dict[str, int], wanted: int, what: str) -> None:
    (found,) = wrongly_kept(told, {}, kept, wanted)
    assert what in found.what


@pytest.mark.parametrize(
    ("arrivals", "what"),
    [
        (IN_ORDER[:1], "never arrived"),
        ([*IN_ORDER, arrival("T9.0.0.", 3)], "is not kept"),
        ([*IN_ORDER, arrival("T0.1.0.", 3)], "came twice, unmarked"),
        ([*IN_ORDER, arrival("T0.1.0.", 3, again=True, platform="discord")], "by its nonce"),
        ([*IN_ORDER, *(arrival("T0.1.0.", n, again=True) for n in (3, 4))], "came again, trouble explains 1"),
        ([arrival("T0.1.0.", 1), arrival("T0.0.0.", 2)], "out of order"),
    ],
)
def test_what_is_sent_wrongly(arrivals: list[Arrival], what: str) -> None:
    found = wrongly_sent(DUES, arrivals, DUES, 1)
    assert any(what in one.what for one in found), whats(found)


def test_a_rate_is_exceeded_by_one_message_too_many() -> None:
    most = 28 + PACE.burst - PACE.reserve + 1
    assert too_fast("telegram", [n / 100 for n in range(most)], PACE, []) == []
    (found,) = too_fast("telegram", [n / 100 for n in range(most + 1)], PACE, [])
    assert found.what == f"{most + 1} messages within 1 s on telegram, {most} are allowed"
    stood_still = [(0.1, 0.2)]
    assert too_fast("telegram", [n / 100 for n in range(most + 5)], PACE, stood_still) == []


def test_the_evidence_says_what_happened_to_a_note() -> None:
    story = Story(seed=4711)
    story.note("killed", "process 2 (courier)")
    at = time.monotonic()
    arrivals = [Arrival(at, "telegram", "T0", "T0.0.0.", False, n) for n in range(2)]
    told = evidence(
        story,
        wrongly_sent(["T0.0.0."], arrivals, {}, 8),
        arrivals,
        {"T0.0.0.": {"id": 5, "due_at": 0, "owner": None, "result": "sent"}},
        {"T0.0.0.": "no answer"},
        ["process 1: ERROR bang"],
    )
    for what in (
        "SEED=4711", "1 x killed", "came twice, unmarked: T0.0.0.", "id 5, due_at 00:00:00.000, result sent",
        "'no answer'", "arrived on telegram", "killed process 2 (courier)", "process 1: ERROR bang",
    ):  # fmt: skip
        assert what in told
    assert told.count("arrived on telegram") == 2


async def test_what_is_under_way_is_not_brought_forward(postgres: Postgres, tmp_path: Path) -> None:
    """The due time is part of the key by which Discord knows a message again: moved in flight, it would come twice."""
    name = await postgres.borrow()
    asleep = Fleet(cast(Nursery, None), postgres, name, BotApi(), Observed(), tmp_path, seed=0)
    crowd = [(asleep.api.world.person(f"T{n}"), [60.0 + n]) for n in range(4)]
    await keep(asleep, crowd, start=0.0)
    storage = await engine.open(postgres.url(name))
    late, lease = datetime.now(UTC) + timedelta(seconds=90), timedelta(seconds=60)
    async with storage.open_work() as work:
        ended, claimed, doubtful = await work.notices.claim("telegram", Lane.NORMAL, late, lease, 3, "somebody")
        await work.notices.ack_many("somebody", [Ended(ended.id, 1, Outcome.SENT)], late)
        await work.notices.put_back("somebody", [PutBack(doubtful.id, 1, late, doubtful=True)])
        await work.commit()
    await storage.close()
    before = await asleep.notices()
    connection = await asyncpg.connect(postgres.url(name))
    async with connection.transaction():  # others hold rows too
        await connection.execute("SELECT 1 FROM notices WHERE id = $1 FOR UPDATE", claimed.id)
        await asleep.bring_forward()
    await connection.close()
    after = await asleep.notices()

    moved = {note for note, row in after.items() if row["due_at"] != before[note]["due_at"]}
    assert moved == {"T3.0.0."}
    row = after["T3.0.0."]
    assert row["next_at"] == row["due_at"] < time.time() * 1000 + 1000
    (kept,) = await asleep.rows("SELECT at, next_at FROM reminders WHERE text = 'Note T3.0.0.'")
    assert kept["at"] == kept["next_at"] == row["due_at"]
    await postgres.hand_back(name)
