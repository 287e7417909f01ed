"""Locks on files: the system lets go of them when a process ends, in whatever way."""

from __future__ import annotations

from typing import IO


def lock(file: IO[bytes]) -> bool | None:
    """Lock an open file until it is closed; False when somebody has locked it already.

    None where files cannot be locked: on Windows, and in some network folders.
    """
    try:
        import fcntl
    except ImportError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True
