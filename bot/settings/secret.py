"""Values that must never be printed, and the patterns by which tokens are recognised in text that will be."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from typing import NoReturn, Self
from urllib.parse import quote

HIDDEN = "***"

#: Tokens as the platforms make them, wherever they turn up: Telegram bot tokens, Discord bot tokens, and the tokens
#: inside Discord's interaction and webhook addresses. Shapes observed in 2026; neither platform promises them.
PATTERNS = (
    re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}"),
    re.compile(r"[MNO][\w-]{23,28}\.[\w-]{6}\.[\w-]{27,}"),
    re.compile(r"(?<=/interactions/)\d+/[^/\s]+"),
    re.compile(r"(?<=/webhooks/)\d+/[^/\s?]+"),
    re.compile(r"(?<=/calendar/)[^/\s?]+(?=\.ics)"),
)
#: An interaction's token as it stands in a logged event of Discord's.
_TOKEN_FIELD = re.compile(r"""(["']token["']:\s?["'])[^"'\s]{8,}""")
_PASSWORD_IN_ADDRESS = re.compile(r"(?<=://)([^\s/:@]*):[^\s/@]+(?=@)")

#: A shorter secret is not replaced in running text: it would blank out ordinary words and tell its own length.
SHORTEST = 4


class Secret:
    """Text that shows itself to nobody who does not ask: printed, formatted or logged it is `***`.

    Comparing takes the same time wherever two secrets differ. It refuses to be pickled.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one line that hands it to a library."""
        return self._text

    def __repr__(self) -> str:
        return HIDDEN

    def __format__(self, spec: str) -> str:
        return format(HIDDEN, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_bytes(self._text), _bytes(other._text))

    def __hash__(self) -> int:
        return hash(("Secret", self._text))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret does not leave the process")


def redact(text: str, known: Iterable[str] = ()) -> str:
    """`text` with every known secret and everything shaped like a token replaced by `***`.

    known: secrets in the clear; each is also looked for as it appears inside an address (percent-encoded).
    """
    for secret in sorted(set(known), key=len, reverse=True):
        if len(secret) >= SHORTEST:
            text = text.replace(secret, HIDDEN)
            encoded = quote(secret, safe="", errors="surrogateescape")
            if encoded != secret:
                text = text.replace(encoded, HIDDEN)
    for pattern in PATTERNS:
        text = pattern.sub(HIDDEN, text)
    text = _TOKEN_FIELD.sub(rf"\1{HIDDEN}", text)
    return _PASSWORD_IN_ADDRESS.sub(rf"\1:{HIDDEN}", text)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
