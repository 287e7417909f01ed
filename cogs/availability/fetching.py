"""Reading a link that somebody gave: from public addresses only, bounded in size and time.

A link is a wish that this program speak to a machine of somebody else's choosing. Every address a name resolves to must
be public, also behind each redirect, and the connection goes to the very addresses that were checked: a name that
resolves differently a moment later gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from cogs.availability.ics_in import LARGEST

if TYPE_CHECKING:
    from aiohttp.abc import AbstractResolver, ResolveResult

#: For the whole of it, redirects included. In seconds.
_PATIENCE = 10
_MOST_REDIRECTS = 3
_LONGEST_LINK = 2000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

Allowed = Callable[[str], bool]


class NoCalendar(Exception):
    """The link gave nothing. what: why, in a sentence, for its owner; it never tells what a private address answered.

    lasting: trying again will not help.
    """

    def __init__(self, what: str, *, lasting: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.lasting = lasting


def is_public(address: str) -> bool:
    """Whether an IP address is one that anybody on the Internet reaches; those that hide another count as that one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved


#: RFC 6052: the prefix behind which a translator reaches IPv4.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def tidy_link(text: str) -> str:
    """The address in what was typed; webcal means https. Raises NoCalendar for what is no web address."""
    said = text.strip().strip("<>")
    if said.casefold().startswith("webcal"):
        said = "https" + said[len("webcals" if said[:7].casefold() == "webcals" else "webcal") :]
    try:
        parts = urlsplit(said)
        port = parts.port
    except ValueError:
        raise NoCalendar("That is not a web address.", lasting=True) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or len(said) > _LONGEST_LINK:
        raise NoCalendar("That is not a web address. It begins with https:// or webcal://.", lasting=True)
    if port == 0:
        raise NoCalendar("That is not a web address.", lasting=True)
    if any(c.isspace() or ord(c) < 32 for c in said):
        raise NoCalendar("That is not a web address: it has blanks in it.", lasting=True)
    return urlunsplit(parts._replace(fragment=""))


async def fetch(link: str, *, allowed: Allowed = is_public) -> bytes:
    """What the link gives, at most `LARGEST` bytes. Raises NoCalendar.

    allowed: which addresses may be spoken to; only tests, which have nothing but the loopback, give another.
    """
    import aiohttp  # heavy, and wanted by few

    url = tidy_link(link)
    connector = aiohttp.TCPConnector(resolver=_checking_resolver(allowed), use_dns_cache=False, limit=1)
    timeout = aiohttp.ClientTimeout(total=_PATIENCE)
    try:
        async with aiohttp.ClientSession(
            connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
        ) as session:
            for _ in range(_MOST_REDIRECTS + 1):
                _refuse_private(url, allowed)
                headers = {"Accept": "text/calendar, text/plain;q=0.5", "User-Agent": "firstcall-calendar"}
                async with session.get(url, allow_redirects=False, headers=headers) as response:
                    if response.status not in _REDIRECTS:
                        return await _content(response)
                    url = _onward(url, response.headers.get("Location"))
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        if isinstance(error, _Refused) or isinstance(error.__cause__, _Refused):
            raise _private() from None
        raise NoCalendar("That address does not answer.") from error
    raise NoCalendar("That link leads from one address to the next and nowhere.", lasting=True)


class _Refused(OSError):
    """A name resolves to an address that must not be spoken to."""


def _private() -> NoCalendar:
    return NoCalendar("That link leads to a private address, which I do not read.", lasting=True)


def _refuse_private(url: str, allowed: Allowed) -> None:
    """An address written in numbers never reaches the resolver, so it is looked at here."""
    host = urlsplit(url).hostname or ""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return
    if not allowed(host):
        raise _private()


def _onward(url: str, location: str | None) -> str:
    if not location:
        raise NoCalendar("That address answers with a redirect to nowhere.", lasting=True)
    onward = tidy_link(urljoin(url, location))
    if url.startswith("https:") and not onward.startswith("https:"):
        raise NoCalendar("That link leads from a safe address to an unsafe one.", lasting=True)
    return onward


async def _content(response: object) -> bytes:
    import aiohttp

    assert isinstance(response, aiohttp.ClientResponse)
    if response.status != 200:
        gone = response.status in (401, 403, 404, 410)
        raise NoCalendar(f"That address answers with {response.status}, and no calendar.", lasting=gone)
    parts, size = [], 0
    async for part in response.content.iter_chunked(65536):
        size += len(part)
        if size > LARGEST:
            raise NoCalendar(f"That is more than {LARGEST // 1024 // 1024} MB; such a calendar is not read.")
        parts.append(part)
    return b"".join(parts)


def _checking_resolver(allowed: Allowed) -> AbstractResolver:
    from aiohttp.abc import AbstractResolver
    from aiohttp.resolver import ThreadedResolver

    class Checking(AbstractResolver):
        """Resolves names, and refuses one of which any address is not allowed."""

        def __init__(self) -> None:
            self._inner = ThreadedResolver()

        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
        ) -> list[ResolveResult]:
            """The addresses of a name."""
            found = await self._inner.resolve(host, port, family)
            if not found or not all(allowed(one["host"]) for one in found):
                raise _Refused(host)
            return found

        async def close(self) -> None:
            """Let go."""
            await self._inner.close()

    return Checking()
