"""The gateway: HELLO, IDENTIFY, READY, events, heartbeats, RESUME, and every way it can break off."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord


@dataclass
class Session:
    """What outlives a connection: the events since, so that they can be had again."""

    id: str
    shard: tuple[int, int]
    sequence: int = 0
    sent: list[tuple[int, str]] = field(default_factory=list)
    socket: Socket | None = None
    valid: bool = True


class Socket:
    """One connection, one stream of compressed data."""

    def __init__(self, ws: web.WebSocketResponse) -> None:
        self.ws = ws
        self._deflate = zlib.compressobj()
        self._lock = asyncio.Lock()

    async def send(self, text: str) -> None:
        async with self._lock:
            data = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
            with contextlib.suppress(ConnectionError, RuntimeError):
                await self.ws.send_bytes(data)

    async def op(self, op: int, d: Any = None) -> None:
        await self.send(json.dumps({"op": op, "d": d, "s": None, "t": None}))


class Gateway:
    """All sessions. heard: how many of each opcode came in."""

    def __init__(self, fake: FakeDiscord) -> None:
        self._fake = fake
        self.sessions: list[Session] = []
        self.heard: Counter[str] = Counter()
        self.refuse_with: int | None = None
        self.ready = asyncio.Event()
        self._sockets: set[Socket] = set()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(max_msg_size=4096)
        await ws.prepare(request)
        fake = self._fake
        fake.check(request.query.get("v") == "10", "gateway: version")
        fake.check(request.query.get("encoding") == "json", "gateway: encoding")
        fake.check(request.query.get("compress") == "zlib-stream", "gateway: compress")
        socket = Socket(ws)
        self._sockets.add(socket)
        await socket.op(10, {"heartbeat_interval": 41250})
        session: Session | None = None
        try:
            async for message in ws:
                if message.type != WSMsgType.TEXT:
                    continue
                data = json.loads(message.data)
                op, d = data["op"], data.get("d")
                self.heard[str(op)] += 1
                if op == 1:
                    await socket.op(11)
                elif op == 2:
                    session = await self._identify(socket, d)
                elif op == 6:
                    session = await self._resume(socket, d)
        finally:
            self._sockets.discard(socket)
            if session is not None and session.socket is socket:
                session.socket = None
        return ws

    async def dispatch(self, event: str, d: Any, *, guild_id: int | None = None) -> None:
        """Send an event to the shard that it belongs to; without a connection it waits for the resume."""
        for session in self.sessions:
            number, count = session.shard
            if session.valid and ((guild_id >> 22) % count if guild_id is not None else 0) == number:
                await self._send(session, event, d)

    async def drop(self) -> None:
        """Break all connections off, without a word."""
        for socket in list(self._sockets):
            await socket.ws.close(code=4000)

    async def ask_to_reconnect(self) -> None:
        """Op 7."""
        for socket in list(self._sockets):
            await socket.op(7)

    async def invalidate(self) -> None:
        """Op 9: sessions are over and cannot be resumed."""
        for session in self.sessions:
            session.valid = False
            if session.socket is not None:
                await session.socket.op(9, False)
        self.ready.clear()

    async def close(self, code: int) -> None:
        """Close everything with a code of Discord's."""
        for socket in list(self._sockets):
            await socket.ws.close(code=code)

    async def _identify(self, socket: Socket, d: dict[str, Any]) -> Session | None:
        fake = self._fake
        if self.refuse_with is not None or d["token"] != fake.token:
            await socket.ws.close(code=self.refuse_with or 4004)
            return None
        fake.check(d["intents"] == 1, f"identify: only the servers' intent is wanted, not {d['intents']}")
        shard = tuple(d.get("shard") or (0, 1))
        session = Session(f"session{len(self.sessions)}", (shard[0], shard[1]), socket=socket)
        self.sessions = [one for one in self.sessions if one.shard != session.shard]
        self.sessions.append(session)
        mine = [g for g in fake.guilds.values() if (g.id >> 22) % shard[1] == shard[0]]
        await self._send(
            session,
            "READY",
            {
                "v": 10,
                "user": fake.bot.payload(),
                "guilds": [{"id": str(g.id), "unavailable": True} for g in mine],
                "session_id": session.id,
                "resume_gateway_url": fake.gateway_url,
                "shard": list(shard),
                "application": {"id": str(fake.application_id), "flags": 0},
            },
        )
        for guild in mine:
            await self._send(session, "GUILD_CREATE", guild.payload(fake.bot))
        self.ready.set()
        return session

    async def _resume(self, socket: Socket, d: dict[str, Any]) -> Session | None:
        session = next((one for one in self.sessions if one.id == d["session_id"] and one.valid), None)
        if session is None:
            await socket.op(9, False)
            return None
        session.socket = socket
        for sequence, text in session.sent:
            if sequence > (d["seq"] or 0):
                await socket.send(text)
        await self._send(session, "RESUMED", {})
        return session

    async def _send(self, session: Session, event: str, d: Any) -> None:
        session.sequence += 1
        text = json.dumps({"op": 0, "d": d, "s": session.sequence, "t": event})
        if event not in ("READY", "GUILD_CREATE"):
            session.sent.append((session.sequence, text))
        if session.socket is not None:
            await session.socket.send(text)
