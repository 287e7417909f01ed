"""Files of replies, put where a person finds them; and files that a person attaches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath

from bot.on_console.spans import harmless
from cogs.kit.reply import Upload

#: Larger files are not taken on the platforms either. Source: Discord, the default upload limit, in bytes.
LARGEST_UPLOAD = 10 * 1024 * 1024


class CannotAttach(Exception):
    """A file that cannot be attached; the text says why."""


def read_upload(name: str) -> Upload:
    """The file of that name, as somebody's upload. Raises CannotAttach."""
    import mimetypes  # reads the system's tables of types, which only this needs

    path = Path(name).expanduser()
    try:
        size = path.stat().st_size
        if size > LARGEST_UPLOAD:
            raise CannotAttach(f"{path.name} has {size / 1_048_576:.0f} MiB; 10 MiB at most can be sent.")
        content = path.read_bytes()
    except OSError as error:
        raise CannotAttach(f"{name} cannot be read: {error.strerror or error}.") from None
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Upload(path.name, content, kind, path.name if kind.startswith("image/") else None)


class Shelf:
    """A folder for what replies carry.

    Names are the replies' own, so that a script says the same every time; a second file of a name within one session
    gets a number, and a file of an earlier session is replaced.
    """

    def __init__(self, folder: Path) -> None:
        """folder: made when the first file comes."""
        self._folder = folder
        self._taken: dict[str, int] = {}

    def put(self, files: Sequence[Upload]) -> list[str]:
        """Write the files down; where each of them is, as a path that opens from here."""
        return [self._put(file) for file in files]

    def _put(self, file: Upload) -> str:
        # A name is only ever the last part of a path, whatever somebody managed to get into it.
        name = PurePath(harmless(file.name).replace("\\", "/").replace("\n", " ")).name.strip(". ") or "file"
        count = self._taken[name] = self._taken.get(name, 0) + 1
        if count > 1:
            pure = PurePath(name)
            name = f"{pure.stem}-{count}{pure.suffix}"
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / name
        path.write_bytes(file.content)
        return path.as_posix()
