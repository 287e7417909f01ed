"""`firstcall health`: asks the running program, over its own web address, whether all is well. For Docker and cron."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException

from bot.settings.kinds import Listen
from bot.settings.model import Settings

#: A program that needs longer than this to say that it is well is not.
SECONDS = 3.0

_GOOD, _UNREACHABLE, _BAD_CONFIGURATION = 0, 69, 78
#: Listening on every address of the machine includes its loopback one.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # asked, not bound


def health(settings: Settings) -> tuple[list[str], int]:
    """What to print, and the exit code: 0 when `/readyz` says ready, 69 when not, 78 when the web server is off."""
    listen = settings.web.listen
    if listen is None:
        return ["web.listen is empty, so nobody can be asked. Set it, say to 127.0.0.1:8080."], _BAD_CONFIGURATION
    if listen.port == 0:
        return ["web.listen has port 0 (any free one), so nobody knows whom to ask. Name a port."], _BAD_CONFIGURATION
    try:
        status, body = _ask(listen)
    except (OSError, HTTPException) as error:
        return [f"No answer from {listen}: {error or type(error).__name__}. Is First Call running?"], _UNREACHABLE
    state = _state(body)
    if status == 200:
        return [f"{listen} is ready{state}."], _GOOD
    return [f"{listen} is not ready (HTTP {status}){state}."], _UNREACHABLE


def _ask(listen: Listen) -> tuple[int, bytes]:
    # http.client rather than urllib: a proxy of the environment has no business between the two.
    connection = HTTPConnection(_EVERYWHERE.get(listen.host, listen.host), listen.port, timeout=SECONDS)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return answer.status, answer.read(65536)
    finally:
        connection.close()


def _state(body: bytes) -> str:
    """What the answer says in its own words: ": status ok, discord ok, telegram down"; nothing when it is not JSON."""
    try:
        entry = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(entry, dict):
        return ""
    facts = [f"{name} {value}" for name, value in entry.items() if isinstance(value, str | int | float)]
    return f": {', '.join(facts)}" if facts else ""
