"""People by number: "person:12", for those among whom one is, and "person:12.k3x…" for whoever a platform showed.

Anybody can type a number, so a bare one says who somebody is only to people who are with them somewhere. Whom a
platform offered to be picked, the picker knows by name already; that a surface handed the number over, and nobody typed
it, shows by the mark behind it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from storage.records.people import Person
from storage.work import OpenWork, Work

#: Where the secret behind the marks is kept: they are in drafts, and so outlive a restart.
_SECRET = "naming.secret"  # noqa: S105  # the name of it, not the thing
_NUMBER = re.compile(r"person:(\d{1,18})(?:\.([0-9a-f]{12}))?")


def is_number(text: str) -> bool:
    """Whether a text names somebody by number."""
    return _NUMBER.fullmatch(text) is not None


async def handed_over(open_work: OpenWork, person_id: int) -> str:
    """The text that stands for somebody whom a platform let the caller pick."""
    async with open_work(reading=True) as work:
        secret = await work.app.value(_SECRET)
    if secret is None:
        async with open_work() as work:
            secret = await work.app.value_or_set(_SECRET, secrets.token_hex(16))
            await work.commit()
    return f"person:{person_id}.{_mark(secret, person_id)}"


async def named(work: Work, text: str, caller_id: int) -> Person | None:
    """The person behind a number; None for nobody, and for somebody of whom the caller has not heard."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    person_id, mark = int(found[1]), found[2]
    secret = await work.app.value(_SECRET) if mark is not None else None
    vouched = secret is not None and hmac.compare_digest(_mark(secret, person_id), mark)
    if vouched or await work.door.knows(caller_id, person_id):
        return await work.people.get(person_id)
    return None


def _mark(secret: str, person_id: int) -> str:
    return hmac.new(secret.encode(), str(person_id).encode(), hashlib.sha256).hexdigest()[:12]
