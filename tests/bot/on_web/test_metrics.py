"""`/metrics`: what happened is counted, late and failed included, and nobody can be read off it."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from bot.desk.figures import OF_LATENESS, Figures, Standing, asked_for, request
from bot.on_web.metrics import Metrics
from bot.on_web.server import WebServer
from bot.pulse import Pulse
from bot.settings.kinds import Listen
from storage.faults import Unreachable
from storage.timings import Spread
from tests.house import House

STORY = (Path(__file__).parents[2] / "stories/first_call.script").read_text("utf-8")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = await House.open(tmp_path)
    yield house
    await house.stop()


class Page:
    """A page, read by the library's own parser."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.samples = {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def value(self, metric: str, /, **labels: str) -> float:
        return self.samples[metric, tuple(sorted(labels.items()))]

    def labels(self) -> set[str]:
        return {value for _, labels in self.samples for _, value in labels}


async def page_of(house: House) -> Page:
    program = house.shell.program

    async def states() -> dict[str, str]:
        return {"database": "ok", "telegram": "no answer"}

    body, kind = await Metrics(program.figures, program.courier.standing, states).page()  # type: ignore[attr-defined]
    assert kind.startswith("text/plain")
    return Page(body.decode())


async def test_what_people_did_is_counted_by_command_and_ending(house: House) -> None:
    await house.play(
        """
        !as Ada
        /me zone London
        !in #gigs
        /gig bass, Sat 28 Nov 19:30, Leeds, £220, function
        /gig show id=G99
        !as Bob
        /me zone Leeds
        !in #gigs
        !press I'm in
        /remind me tomorrow 9am change strings
        !advance 2 days
        """
    )
    page = await page_of(house)
    assert page.value("firstcall_requests_total", surface="console", name="gig post", outcome="done") == 1
    assert page.value("firstcall_requests_total", surface="console", name="gig show", outcome="not found") == 1
    assert page.value("firstcall_requests_total", surface="console", name="press answers.give", outcome="done") == 1
    assert page.value("firstcall_request_seconds_count", sort="press") == 1
    assert page.value("firstcall_deliveries_total", platform="console", result="sent") >= 1
    assert page.value("firstcall_lateness_seconds_bucket", platform="console", le="0.05") >= 1
    assert page.value("firstcall_courier_queue", platform="console") == 0
    assert page.value("firstcall_up", part="database") == 1
    assert page.value("firstcall_up", part="telegram") == 0
    assert page.value("process_resident_memory_bytes") > 1_000_000


async def test_what_cannot_be_done_is_counted_under_words_of_our_own(house: House) -> None:
    await house.play("!as Ada\n/me zone London\n/nosuchcommand with my secret words\n/gig show id=X", strict=False)
    page = await page_of(house)
    assert page.value("firstcall_requests_total", surface="console", name="nothing known", outcome="done") == 1
    assert not any("nosuch" in label or "secret" in label for label in page.labels())


async def test_a_whole_story_leaves_no_name_place_or_number_of_anybody(house: House) -> None:
    await house.play(STORY)
    page = await page_of(house)
    commands = set(house.shell.program.desk.index.commands) | set(house.shell.program.desk.index.deeds)
    for (name, labels), _ in page.samples.items():
        told = dict(labels)
        if name.startswith("firstcall_requests"):
            assert told["name"].removeprefix("press ") in commands | {"nothing known"}
    names = set(re.findall(r"!as (\w+)", STORY))
    assert names
    assert not any(name in page.text for name in names)


async def test_a_database_that_is_away_is_told_apart_from_a_bug(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.play("!as Ada\n/me zone London")
    desk = house.shell.program.desk
    call = await house.shell.call(await house.shell.speaker())

    def away(**_: object) -> None:
        raise Unreachable("nobody there")

    def broken(**_: object) -> None:
        raise RuntimeError("a bug")

    for opener in (away, broken):
        monkeypatch.setattr(desk._forms, "_open_work", opener)
        await desk.press(call, "fc:desk.cancel:abc")
    counted = house.shell.program.figures.requests  # type: ignore[attr-defined]
    assert counted["console", "nothing known", "database away"] == 1
    assert counted["console", "nothing known", "bug"] == 1


async def test_a_late_delivery_is_counted_as_late(house: House) -> None:
    await house.play("!as Ada\n/me zone London\n/remind me tomorrow 9am change strings")
    shell = house.shell
    shell.clock.set(shell.clock.now() + timedelta(days=2))  # the program was away meanwhile
    await shell.deliver()
    page = await page_of(house)
    before, after = (
        page.value("firstcall_lateness_seconds_bucket", platform="console", le=le) for le in ("3600.0", "+Inf")
    )
    assert after - before == 1


def test_the_page_is_served_and_the_library_is_loaded_by_the_first_question_only() -> None:
    code = (
        "import asyncio, sys\n"
        "from bot.desk.figures import Figures\n"
        "from bot.on_web.metrics import Metrics\n"
        "async def states(): return {'database': 'ok'}\n"
        "made = Metrics(Figures(), dict, states)\n"
        "assert 'prometheus_client' not in sys.modules\n"
        "body, kind = asyncio.run(made.page())\n"
        "assert b'firstcall_up{part=\"database\"} 1.0' in body, body\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


async def test_each_server_shows_its_own_figures(house: House) -> None:
    await house.play("!as Ada\n/me zone London")
    await page_of(house)
    figures = Figures()
    figures.requests["telegram", "gig post", "done"] = 7

    async def states() -> dict[str, str]:
        return {"database": "ok"}

    standing = {"telegram": Standing(present=True, queued=3, in_hand=1, budget=None, closed=0.5, overdue=9.0)}
    stop = asyncio.Event()
    server = WebServer(Listen("127.0.0.1", 0), states=states, metrics=Metrics(figures, lambda: standing, states).page)
    serving = asyncio.create_task(server.run(stop))
    await server.listening.wait()
    try:
        async with (
            aiohttp.ClientSession() as client,
            client.get(f"http://127.0.0.1:{server.port}/metrics") as response,
        ):
            assert response.status == 200
            page = Page(await response.text())
    finally:
        stop.set()
        await serving
    assert page.value("firstcall_requests_total", surface="telegram", name="gig post", outcome="done") == 7
    assert not any(dict(labels).get("surface") == "console" for _, labels in page.samples)
    assert page.value("firstcall_courier_queue", platform="telegram") == 3
    assert page.value("firstcall_courier_overdue_seconds", platform="telegram") == 9.0
    assert not any(name == "firstcall_courier_budget" for name, _ in page.samples)


def test_a_loop_that_stood_still_is_counted_and_said(caplog: pytest.LogCaptureFixture) -> None:
    figures = Figures()
    pulse = Pulse(figures)
    pulse.note(-0.001)
    pulse.note(0.004)
    assert caplog.messages == []
    pulse.note(0.3)
    assert caplog.messages == ["the event loop stood still for 0.30 s"]
    assert sum(figures.lag.counts) == 3
    assert figures.lag.total == pytest.approx(0.304)


async def test_the_pulse_goes_on_until_told_and_ends_at_once() -> None:
    figures, stop = Figures(), asyncio.Event()
    running = asyncio.create_task(Pulse(figures, every=0.001).run(stop))
    await asyncio.sleep(0.05)
    stop.set()
    async with asyncio.timeout(1):
        await running
    assert sum(figures.lag.counts) >= 1


@given(st.lists(st.floats(-10, 200_000)))
def test_every_duration_is_counted_once_and_in_its_step(durations: list[float]) -> None:
    spread = Spread(OF_LATENESS)
    for one in durations:
        spread.note(one)
    assert sum(spread.counts) == len(durations)
    for place, bound in enumerate(OF_LATENESS):
        assert sum(spread.counts[: place + 1]) == sum(max(0.0, one) <= bound for one in durations)


def test_a_request_counts_as_what_it_was_first_for_and_never_as_what_was_made_up() -> None:
    with request() as found:
        asked_for("command:gig.edit")
        asked_for("command:gig.post")  # the form that it opened
    with request() as pressed:
        asked_for("nonsense with my name in it")
        asked_for("fc:answers.give:2c:i")
    asked_for("command:gig.post")  # outside of any request, as while values are suggested
    assert (found, pressed) == (["gig edit"], ["press answers.give"])
