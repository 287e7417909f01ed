"""The calendar feed as a calendar program meets it: over HTTP from the running web server, read with icalendar."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from icalendar import Calendar

from bot import app
from bot.on_web.server import WebServer
from bot.settings.kinds import Listen
from tests.house import House

BOARD = """
!as Ada
/tz London
!in #gigs
/gig drums, Sat 12 Dec 19:30-22:00, Leeds, £200, function
!as Bob
/tz London
!in #gigs
/gig answer G1 ink
"""


def events(body: bytes) -> list[Any]:
    return list(Calendar.from_ical(body).walk("VEVENT"))


@dataclass
class Program:
    """A calendar program that asks one address."""

    http: aiohttp.ClientSession
    base: str

    async def fetch(self, path: str, **headers: str) -> tuple[int, bytes, Any]:
        async with self.http.get(self.base + path, headers=headers) as response:
            return response.status, await response.read(), response.headers

    async def gigs(self, path: str) -> list[Any]:
        status, body, _ = await self.fetch(path)
        assert status == 200
        return events(body)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = await House.open(tmp_path)
    await house.play(BOARD)
    yield house
    await house.stop()


@pytest.fixture
async def program(house: House) -> AsyncIterator[Program]:
    """The program's own web server, as it wires it itself."""
    house_of_it: Any = house.shell.program
    run: Any = app._web(Listen("127.0.0.1", 0), house_of_it, ())
    server: WebServer = run.__self__
    stop = asyncio.Event()
    serving = asyncio.ensure_future(run(stop))
    await asyncio.wait_for(server.listening.wait(), 10)
    async with aiohttp.ClientSession() as http:
        yield Program(http, f"http://127.0.0.1:{server.port}")
    stop.set()
    await serving


async def link(house: House, line: str = "/avail link make") -> str:
    said = await house.play(f"!as Bob\n!in dm\n{line}")
    found = re.findall(r"/calendar/[A-Za-z0-9_-]+\.ics", said)
    assert found, said
    return str(found[0])


async def test_a_pencil_is_tentative_and_an_inked_gig_confirmed(house: House, program: Program) -> None:
    path = await link(house)
    assert await program.gigs(path) == []  # only asked for so far
    await house.play("!as Ada\n/gig pick id=G1 player=Bob as=pencil")
    [pencil] = await program.gigs(path)
    assert (pencil["STATUS"], pencil["TRANSP"]) == ("TENTATIVE", "OPAQUE")
    assert pencil["DTSTART"].dt == datetime(2026, 12, 12, 19, 30, tzinfo=UTC)
    assert pencil["DTEND"].dt - pencil["DTSTART"].dt == timedelta(hours=2, minutes=30)
    await house.play("!advance 1 minute\n!as Ada\n/gig pick id=G1 player=Bob as=ink")
    [inked] = await program.gigs(path)
    assert (inked["STATUS"], inked["UID"]) == ("CONFIRMED", pencil["UID"])
    assert inked["SEQUENCE"] > pencil["SEQUENCE"]
    await house.play("!advance 1 minute\n!as Ada\n/gig edit id=G1 field=when value=Sat 12 Dec 20:00-22:00")
    [moved] = await program.gigs(path)
    assert moved["DTSTART"].dt == datetime(2026, 12, 12, 20, tzinfo=UTC) and moved["UID"] == inked["UID"]
    assert moved["SEQUENCE"] > inked["SEQUENCE"]
    await house.play("!advance 1 minute\n!as Ada\n/gig close id=G1 reason=cancelled")
    [off] = await program.gigs(path)
    assert (off["STATUS"], off["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert off["SEQUENCE"] > moved["SEQUENCE"]


async def test_the_feed_says_how_often_to_ask_and_is_nobody_elses(house: House, program: Program) -> None:
    status, body, headers = await program.fetch(await link(house))
    assert status == 200
    assert headers["Content-Type"].startswith("text/calendar")
    assert "private" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer"
    calendar: Any = Calendar.from_ical(body)
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")


async def test_what_has_not_changed_is_not_sent_again(house: House, program: Program) -> None:
    path = await link(house)
    await house.play("!as Ada\n/gig pick id=G1 player=Bob as=pencil")
    _, body, headers = await program.fetch(path)
    mark = headers["ETag"]
    assert body and mark.startswith('"')
    await house.play("!advance 3 hours")
    for known in (mark, f"W/{mark}", f'"other", {mark}', "*"):
        status, nothing, again = await program.fetch(path, **{"If-None-Match": known})
        assert (status, nothing, again["ETag"]) == (304, b"", mark)
    status, whole, _ = await program.fetch(path, **{"If-None-Match": '"other"'})
    assert (status, whole) == (200, body)
    await house.play("!as Ada\n/gig pick id=G1 player=Bob as=ink")
    status, _, new = await program.fetch(path, **{"If-None-Match": mark})
    assert status == 200 and new["ETag"] != mark


async def test_a_new_link_ends_the_old_one_and_off_ends_all(house: House, program: Program) -> None:
    old = await link(house)
    new = await link(house, "/avail link rotate")
    assert new != old
    assert (await program.fetch(old))[0] == 404
    assert (await program.fetch(new))[0] == 200
    _, _, headers = await program.fetch(new)
    await house.play("!as Bob\n/avail link off")
    assert (await program.fetch(new))[0] == 404
    status, body, _ = await program.fetch(new, **{"If-None-Match": headers["ETag"]})
    assert status == 404 and b"VCALENDAR" not in body


async def test_a_link_for_busy_time_tells_nothing_else(house: House, program: Program) -> None:
    path = await link(house, "/avail link make busy")
    await house.play("!as Ada\n/gig pick id=G1 player=Bob as=ink")
    _, body, _ = await program.fetch(path)
    [event] = events(body)
    assert (event["SUMMARY"], event["STATUS"]) == ("Busy", "CONFIRMED")
    for told in (b"Leeds", "£200".encode(), b"G1,", b"Ada", b"drum", b"Drum"):
        assert told not in body


async def test_secrets_cannot_be_tried_for_long(house: House, program: Program) -> None:
    path = await link(house)
    wrong = path.replace(path[10:14], "AAAA")
    found = [(await program.fetch(wrong))[0] for _ in range(70)]
    assert found[0] == 404 and found[-1] == 429
    assert (await program.fetch(path))[0] == 429
