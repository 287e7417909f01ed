"""One-time codes that people type from one screen into another: how they look, and how they are kept.

A code is read aloud, copied by hand and typed with a thumb, so it has no letters that look like figures. What is kept
is a keyed hash: whoever reads the database cannot type a code in.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import timedelta

from storage.work import Work

#: Thirty signs without 0, 1, I, L, O and U: 30^8 is 6.6e11 codes.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
#: How long a code can be typed in, and how long each side is waited for afterwards.
LASTS = timedelta(minutes=10)
#: Tries an hour, by one person and at one person.
TRIES = 5
#: A code as it looks.
EXAMPLE = "7KQ2M9XA"

#: Under which the program keeps its own key among its values.
_KEY = "link.key"
_NOISE = re.compile(r"[\s\-–—._]+")


def new_code() -> str:
    """A code nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(text: str) -> str | None:
    """The code in what somebody typed: any case, with blanks or dashes; None when it cannot be one."""
    code = _NOISE.sub("", text).upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def hashed(code: str, key: str) -> str:
    """What is kept of a code."""
    return hmac.new(key.encode(), code.encode(), hashlib.sha256).hexdigest()


async def digest(work: Work, code: str) -> str:
    """The same with the program's own key, which is made when it is first needed."""
    return hashed(code, await work.app.value_or_set(_KEY, secrets.token_hex(32)))
