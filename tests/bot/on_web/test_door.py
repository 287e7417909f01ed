"""Clients that take their time, and too many of them, over real sockets: none holds a place for ever."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Callable

import pytest
import uvloop
from aiohttp import web

from bot.on_web.door import Patience
from bot.on_web.server import WebServer
from bot.settings.kinds import Listen

HEAD = b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
PUSH = b"POST /telegram/x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"

#: Long enough for a machine that has other things to do.
SOON = 15.0


class Site:
    """A server that waits a moment and no longer, for five at once."""

    def __init__(self, patience: Patience) -> None:
        self.server = WebServer(
            Listen("127.0.0.1", 0), states=self._states, feed=self._feed, hook=self._hook, patience=patience
        )
        self.asked = asyncio.Event()
        self.let = asyncio.Event()
        self.let.set()
        self.bodies: list[bytes] = []
        self.opened: list[asyncio.StreamWriter] = []

    async def _states(self) -> dict[str, str]:
        self.asked.set()
        await self.let.wait()
        return {"database": "ok"}

    async def _feed(self, secret: str) -> bytes | None:
        return b"x" * 20_000_000

    async def _hook(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        return web.Response()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        assert self.server.port is not None
        pair = await asyncio.open_connection("127.0.0.1", self.server.port)
        self.opened.append(pair[1])
        return pair

    @property
    def here(self) -> int:
        return len(self.server._door)


@contextlib.asynccontextmanager
async def serving(patience: Patience) -> AsyncIterator[Site]:
    site, stop = Site(patience), asyncio.Event()
    running = asyncio.create_task(site.server.run(stop))
    await site.server.listening.wait()
    try:
        yield site
    finally:
        site.let.set()
        for writer in site.opened:
            writer.close()
        stop.set()
        await running


async def is_cut(reader: asyncio.StreamReader) -> bool:
    """Wait for the end of a connection, however it comes."""
    with contextlib.suppress(ConnectionError):
        await asyncio.wait_for(reader.read(), SOON)
    return True


async def until(true: Callable[[], bool]) -> None:
    """Wait until it is."""
    async with asyncio.timeout(SOON):
        while True:
            if true():
                return
            await asyncio.sleep(0.005)


async def answer(reader: asyncio.StreamReader) -> bytes:
    """The first line of an answer; empty when the connection has ended."""
    head = await asyncio.wait_for(reader.readline(), SOON)
    if head:
        length = 0
        while (line := await reader.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        await reader.readexactly(length)
    return head


async def test_who_never_ends_a_head_is_cut_however_many_bytes_come() -> None:
    async with serving(Patience(head=0.2)) as site:
        silent, _ = await site.connect()
        reader, writer = await site.connect()

        async def trickle() -> None:
            with contextlib.suppress(ConnectionError):
                while True:
                    writer.write(b"X-A: b\r\n")
                    await writer.drain()
                    await asyncio.sleep(0.01)

        writer.write(b"GET /livez HTTP/1.1\r\n")
        trickling = asyncio.create_task(trickle())
        assert await is_cut(reader)
        assert await is_cut(silent)
        trickling.cancel()
        assert site.here == 0


async def test_the_next_request_of_a_kept_connection_has_no_more_time_than_the_first() -> None:
    async with serving(Patience(head=0.3)) as site:
        reader, writer = await site.connect()
        for _ in range(2):
            writer.write(HEAD)
            assert b" 200 " in await answer(reader)
        await asyncio.sleep(0.6)  # saying nothing between two requests is no fault
        writer.write(HEAD)
        assert b" 200 " in await answer(reader)
        writer.write(HEAD[:10])
        assert await is_cut(reader)


async def test_a_connection_on_which_nothing_is_asked_any_more_is_let_go() -> None:
    async with serving(Patience(idle=0.2)) as site:
        reader, writer = await site.connect()
        writer.write(HEAD)
        assert b" 200 " in await answer(reader)
        assert await is_cut(reader)


async def test_who_never_ends_a_body_is_cut_and_the_next_one_is_heard() -> None:
    async with serving(Patience(body=0.2)) as site:
        reader, writer = await site.connect()
        writer.write(PUSH % 100 + b"half")
        assert await is_cut(reader)
        reader, writer = await site.connect()
        writer.write(PUSH % 8)
        await writer.drain()
        writer.write(b"in ")
        await writer.drain()
        writer.write(b"parts")
        assert b" 200 " in await answer(reader)
        assert site.bodies == [b"in parts"]


async def test_who_waits_for_us_is_never_cut() -> None:
    async with serving(Patience(head=0.1, body=0.1, most=2)) as site:
        site.let.clear()
        pairs = [await site.connect() for _ in range(2)]
        for _, writer in pairs:
            writer.write(HEAD.replace(b"livez", b"readyz"))
        await until(lambda: site.here == 2 and not site.server._door._waiting)
        turned_away, _ = await site.connect()
        assert await is_cut(turned_away)
        await asyncio.sleep(0.3)
        site.let.set()
        assert [b" 200 " in await answer(reader) for reader, _ in pairs] == [True, True]


async def test_who_never_reads_the_answer_is_cut() -> None:
    async with serving(Patience(answer=0.2)) as site:
        asker = socket.create_connection(("127.0.0.1", site.server.port or 0))
        asker.setblocking(False)
        await asyncio.get_running_loop().sock_sendall(
            asker, b"GET /calendar/%s.ics HTTP/1.1\r\nHost: a\r\n\r\n" % (b"a" * 32)
        )
        await until(lambda: site.here == 1)
        await until(lambda: site.here == 0)
        asker.close()


async def test_when_all_places_are_taken_whoever_keeps_us_waiting_longest_makes_room(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving(Patience(head=SOON * 2, body=SOON * 2, most=5)) as site:
        kept, kept_writer = await site.connect()
        kept_writer.write(PUSH % 100 + b"half")  # a body that never ends keeps us waiting no less
        slow = [await site.connect() for _ in range(40)]
        reader, writer = await site.connect()
        writer.write(HEAD)
        assert b" 200 " in await answer(reader)
        assert await is_cut(kept)
        assert all([await is_cut(reader) for reader, _ in slow[:30]])
        assert site.here == 5
        kept_writer.close()
        for _, writer in slow:  # room again, and then none: still the same trouble
            writer.close()
        await until(lambda: site.here < 5)
        for _ in range(10):
            await site.connect()
        await until(lambda: site.here == 5)
    said = [record for record in caplog.records if record.name == "bot.on_web.door"]
    assert [record.levelno for record in said] == [logging.WARNING]


def test_it_is_the_same_on_the_loop_that_the_program_runs_on() -> None:
    async def tried() -> None:
        async with serving(Patience(head=0.1, body=0.1)) as site:
            reader, writer = await site.connect()
            writer.write(HEAD)
            assert b" 200 " in await answer(reader)
            writer.write(PUSH % 100 + b"half")
            assert await is_cut(reader)
            assert site.here == 0

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(tried())
