"""Who is there, of the processes on one SQLite file: each keeps a file of its own locked while it lives.

The files lie in a folder beside the database and are empty. Whoever finds one that is not locked knows that its process
is gone, at once and without anything being written now and then: that would wear out an SD card.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from storage.faults import Unwritable
from storage.locks import lock


class Badges:
    """What one process shows of itself and sees of others. folder: None where no other process sees the database.

    Names are letters and digits. Everything here touches the disk, and nothing waits.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._worn: dict[str, IO[bytes] | None] = {}

    def show(self, name: str) -> None:
        """Be seen under a name until `hide`, or the end of this process. Raises Unwritable."""
        if name in self._worn:
            return
        file = None
        if self._folder is not None:
            try:
                file = _made(self._folder / name)
            except OSError as error:
                raise Unwritable(f"no file can be made in {self._folder}: {error.strerror}") from error
            lock(file)
        self._worn[name] = file

    def shows(self, name: str) -> bool:
        """Whether others see it."""
        return name in self._worn

    def hide(self, name: str) -> None:
        """Be there no longer."""
        file = self._worn.pop(name, None)
        if file is not None and self._folder is not None:
            with contextlib.suppress(OSError):  # gone already, or others are in the folder still
                (self._folder / name).unlink()
                self._folder.rmdir()
            file.close()

    def seen(self, names: Iterable[str]) -> set[str]:
        """Those of the names whose processes are there, or may be, where files cannot be locked."""
        folder = self._folder
        return {name for name in names if name in self._worn or (folder is not None and _sees(folder, name))}

    def close(self) -> None:
        """Be there under no name."""
        for name in list(self._worn):
            self.hide(name)


def _sees(folder: Path, name: str) -> bool:
    path = folder / name
    try:
        with path.open("rb") as file:
            there = lock(file) is not True
            if not there:
                path.unlink()
            return there
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _made(path: Path) -> IO[bytes]:
    while True:
        path.parent.mkdir(exist_ok=True)
        with contextlib.suppress(FileNotFoundError):  # another one left a moment ago, and took the empty folder along
            return path.open("wb")
