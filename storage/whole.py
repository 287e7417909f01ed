"""Files that are there whole or not at all, whatever happens while they are written.

Half a backup looks like a whole one to whoever needs it one day. So it is written under another name, brought to the
disk, and given its own name last; a program that is killed meanwhile leaves a file whose name says what it is.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

#: What the name of a file ends in that was never finished.
_UNFINISHED = re.compile(r"\.unfinished-[0-9a-f]{8}$")

#: What SQLite keeps beside a file.
BESIDE = ("-journal", "-wal", "-shm")


def is_unfinished(file: Path) -> bool:
    """Whether that is the name of a file of which the writer was stopped in the middle."""
    return _UNFINISHED.search(file.name) is not None


@contextlib.contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """An empty file to write to; what is there in the end, closed, gets the name `target`, for good once this is left.

    Raises FileExistsError rather than overwrite, and OSError when it cannot be brought to the disk. Left by an error,
    nothing stays behind.
    """
    half = target.with_name(f"{target.name}.unfinished-{secrets.token_hex(4)}")
    try:
        # Nobody else's business, whatever the umask is; and where nothing can be written, that is said of the target.
        os.close(os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error
    try:
        yield half
        sync(half)
        _name(half, target)
        sync_folder(target.parent)
    finally:
        for ending in ("", *BESIDE):
            with contextlib.suppress(OSError):  # whatever went wrong is the news
                half.with_name(half.name + ending).unlink()


def sync(file: Path) -> None:
    """Have what is in a file on the disk. Raises OSError."""
    opened = os.open(file, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(opened)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from error
    finally:
        os.close(opened)


def sync_folder(folder: Path) -> None:
    """Have the names of a folder's files on the disk, where the system has a way to ask for it."""
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems refuse, and keep names in order by themselves
            os.fsync(opened)
    finally:
        os.close(opened)


def _name(half: Path, target: Path) -> None:
    try:
        os.link(half, target)  # unlike a renaming, never in the place of another file
    except OSError:
        if target.exists():
            raise FileExistsError(errno.EEXIST, "it exists already", str(target)) from None
        half.rename(target)  # a stick formatted with FAT has no links
