"""Requests to the Bot API over aiohttp, as python-telegram-bot lets one choose.

Its own way, httpx, takes about three times the processor time for a request (`tests/bench/bench_telegram.py`), and on
a busy evening that is most of what a press costs. aiohttp is here anyway, for the web server and for Discord.

No error says more than its kind: the address of every request holds the token.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    TCPConnector,
)
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.on_telegram.troubles import NeverSent

#: How long a connection is kept for the next request, in seconds; servers close theirs later than that.
_KEEP = 30.0
#: How long the whole of a request with files may take, in seconds: 50 MB over a slow line.
_FILES = 300.0


class Requests(BaseRequest):
    """Makes requests. A session begins with the first one, since the courier may be earlier than whoever listens."""

    __slots__ = ("_answered", "_asked", "_closed", "_connections", "_patience", "_session", "sift")

    def __init__(
        self,
        connections: int,
        patience: float = 20.0,
        *,
        asked: Callable[[], None] = lambda: None,
        answered: Callable[[int], None] = lambda _: None,
    ) -> None:
        """connections: how many at most. patience: seconds without a byte of the answer. asked, answered: told of each.

        answered is given the HTTP status.
        """
        self._connections = connections
        self._patience = patience
        self._asked, self._answered = asked, answered
        self._session: ClientSession | None = None
        self._closed = False
        #: What every body goes through before it is read.
        self.sift: Callable[[bytes], bytes] | None = None

    @property
    def read_timeout(self) -> float:
        """How long to wait for the answer, in seconds, where nothing else was asked for."""
        return self._patience

    async def initialize(self) -> None:
        """Be ready, also after having been shut down."""
        self._closed = False

    async def shutdown(self) -> None:
        """Let go of every connection."""
        session, self._session, self._closed = self._session, None, True
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body. Raises NeverSent where nobody can have got the request, else TimedOut or NetworkError."""
        if self._closed:
            raise NeverSent("shut down")
        patience = self._patience if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        self._asked()
        files = request_data is not None and request_data.contains_files
        timeout = ClientTimeout(
            total=_FILES if files else None if patience is None else patience + 25, connect=15, sock_connect=10,
            sock_read=patience,
        )  # fmt: skip
        try:
            async with self._open(url).request(method, url, data=_body(request_data), timeout=timeout) as found:
                body = await found.read()
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise NeverSent(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except (ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from error
        self._answered(found.status)
        return found.status, body if self.sift is None else self.sift(body)

    def _open(self, url: str) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=self._connections, keepalive_timeout=_KEEP),
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=_proxy(url),
            )
        return self._session


def _body(given: RequestData | None) -> FormData | dict[str, str] | None:
    """The parameters as a form; with files as one of several parts."""
    if given is None:
        return None
    if not given.contains_files:
        return given.json_parameters or None
    form = FormData(quote_fields=False)  # names of files as people gave them, not percent-encoded
    for name, value in given.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in given.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


def _proxy(url: str) -> str | None:
    """The proxy that the environment asks for. aiohttp would look it up anew for every request."""
    found = urlsplit(url)
    return None if proxy_bypass(found.hostname or "") else getproxies().get(found.scheme)
