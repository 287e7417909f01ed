"""What Discord recognises a repeated message by: pure."""

from __future__ import annotations

import hashlib
from base64 import b32encode

#: Discord API, Create Message: a nonce has at most 25 characters.
NONCE_CHARACTERS = 25


def nonce(key: str) -> str:
    """A key as a nonce: the same for the same key, and short enough."""
    return b32encode(hashlib.sha256(key.encode()).digest()).decode().rstrip("=")[:NONCE_CHARACTERS]
