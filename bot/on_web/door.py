"""Connections to the web surface: how many at once, and for how long one may keep it waiting.

aiohttp waits for ever for the rest of a request's head, for its body, and for a client that does not read its answer. A
few hundred connections that send a byte now and then would use up what a process may open, and then Discord, Telegram
and the database could not be reached either. So each connection stands behind a protocol of ours that cuts it when its
client takes too long, and when all places are taken, whoever has kept us waiting longest makes room. A client that
waits for us is never cut.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from aiohttp import StreamReader, web

log = logging.getLogger(__name__)


#: An attack that lasts is worth a line now and then, in seconds; not one for each of its connections.
_TELL_EVERY = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a client may take, in seconds, and how many of them may be here at once.

    head: from the connection, or from the first byte of a further request, to the end of its head. body: from there to
    its last byte. answer: without reading anything while there is something to read. idle: between two requests; longer
    than the 60 seconds for which nginx keeps a connection, so that it is the proxy who lets go.
    most: Telegram opens 40 at most (`max_connections`), and a process may have 1024 files open on most systems.
    """

    head: float = 10.0
    body: float = 20.0
    answer: float = 30.0
    idle: float = 75.0
    most: int = 256


class Door:
    """Makes the protocols of one listening address."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        #: Connections by whether they keep us waiting; those that do, longest first.
        self._waiting: dict[_Connection, None] = {}
        self._served: set[_Connection] = set()
        self._told: float | None = None

    def __len__(self) -> int:
        return len(self._waiting) + len(self._served)

    def behind(self, inner: Callable[[], web.RequestHandler]) -> Callable[[], asyncio.Protocol]:
        """What makes the protocol of each new connection; `inner` makes the one that speaks HTTP."""
        return lambda: _Connection(inner(), self)

    def enter(self, connection: _Connection) -> bool:
        """Give a new connection a place; False when everybody here waits for us."""
        if len(self) >= self.patience.most:
            self._tell()
            if not self._waiting:
                return False
            next(iter(self._waiting)).cut()
        self._waiting[connection] = None
        return True

    def _tell(self) -> None:
        if self._told is None or time.monotonic() - self._told >= _TELL_EVERY:
            self._told = time.monotonic()
            log.warning("%s connections at once; whoever keeps us waiting longest makes room", len(self))

    def serve(self, connection: _Connection) -> None:
        """Now the client waits for us."""
        self._waiting.pop(connection, None)
        self._served.add(connection)

    def wait(self, connection: _Connection) -> None:
        """Now we wait for the client."""
        self._served.discard(connection)
        self._waiting[connection] = None

    def leave(self, connection: _Connection) -> None:
        """It is gone."""
        self._waiting.pop(connection, None)
        self._served.discard(connection)


def begun(request: web.BaseRequest) -> None:
    """The head of a request is there, and it is being answered."""
    if (connection := _of(request)) is not None:
        connection.begun(request.content)


def answered(request: web.BaseRequest) -> None:
    """The answer is made; what is left is to send it."""
    if (connection := _of(request)) is not None:
        connection.answered()


def _of(request: web.BaseRequest) -> _Connection | None:
    """The request's connection; None for one that is gone."""
    protocol = request.transport.get_protocol() if request.transport is not None else None
    return protocol if isinstance(protocol, _Connection) else None


class _Connection(asyncio.Protocol):
    """Passes everything on to the protocol that speaks HTTP, and looks at the clock."""

    def __init__(self, inner: web.RequestHandler, door: Door) -> None:
        self._inner = inner
        self._door = door
        self._transport: asyncio.Transport | None = None
        self._body: StreamReader | None = None
        self._in_hand = False
        self._late: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Come in, or be turned away."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        if not self._door.enter(self):
            self._transport.abort()
            return
        self._expect(self._door.patience.head)
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Some bytes of a head or of a body."""
        if not self._in_hand and self._late is None:
            self._expect(self._door.patience.head)
        self._inner.data_received(data)
        if self._body is not None and self._body.is_eof():
            self._body_is_there()

    def begun(self, body: StreamReader) -> None:
        """The head is there."""
        self._in_hand, self._body = True, body
        if body.is_eof():
            self._body_is_there()
        else:
            self._expect(self._door.patience.body)

    def _body_is_there(self) -> None:
        self._body = None
        self._expect(None)
        self._door.serve(self)

    def answered(self) -> None:
        """The next head may come."""
        self._in_hand, self._body = False, None
        self._expect(None)
        self._door.wait(self)

    def eof_received(self) -> None:
        """The client has said all."""
        self._inner.eof_received()

    def pause_writing(self) -> None:
        """The client does not read as fast as we write."""
        self._unread = self._in(self._door.patience.answer)
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """It has read."""
        if self._unread is not None:
            self._unread.cancel()
        self._inner.resume_writing()

    def connection_lost(self, error: Exception | None) -> None:
        """It is over."""
        self._expect(None)
        if self._unread is not None:
            self._unread.cancel()
        self._door.leave(self)
        self._inner.connection_lost(error)

    def cut(self) -> None:
        """End it now, whatever was not sent yet."""
        self._door.leave(self)
        if self._transport is not None:
            self._transport.abort()

    def _expect(self, within: float | None) -> None:
        """Cut the connection if what is waited for has not come in time; None: nothing is waited for."""
        if self._late is not None:
            self._late.cancel()
        self._late = None if within is None else self._in(within)

    def _in(self, seconds: float) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(seconds, self.cut)
