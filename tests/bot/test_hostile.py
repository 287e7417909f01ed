"""Names and texts made to do harm, through the whole program: they stay words, wherever they turn up."""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.on_console.files import Shelf
from cogs.kit.reply import Upload
from tests.house import House

#: What a terminal, a spreadsheet, a database and three kinds of markup would each obey.
NASTY = "\x1b[2J\u202eevil\u2066 <b>x</b> [a](https://evil.example) '; DROP TABLE people;--"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = await House.open(tmp_path)
    yield house
    await house.stop()


def powers(text: str) -> list[str]:
    """Characters that a terminal would obey, or that turn the direction of what follows."""
    return [c for c in text if c != "\n" and (unicodedata.category(c) == "Cc" or c in "\u202a\u202e\u2066\u2069\u200f")]


async def test_what_somebody_typed_is_shown_to_others_as_harmless_words(house: House) -> None:
    await house.play(
        f"""
        !as Ada
        /me zone London
        !in #gigs
        /gig post role=bass when="Sat 28 Nov 19:30" where="Leeds" fee=£220 type=function what="{NASTY}"
        !as Bob
        /me zone Leeds
        !in #gigs
        !press I'm in
        /remind me tomorrow 9am {NASTY}
        !advance 2 days
        """
    )
    printed = "\n".join(house.said)
    assert "evil" in printed
    assert "<b>x</b>" in printed, "in a terminal that is no markup, and nothing of it may be lost"
    assert powers(printed) == []
    await house.play("!as Ada\n!in #gigs\n/gig list\n!expect G1")


async def test_wild_cards_are_letters_in_a_search(house: House) -> None:
    await house.play("!as Ada\n/me zone London\n!in #gigs\n/gig bass, Sat 28 Nov 19:30, Leeds, £220, function\n!as Bob")
    shell = house.shell
    await shell.stand_in("#gigs")
    call = await shell.call(await shell.speaker())
    for typed in ("%", "_", "%da", "A_a", "*", "a%' OR '1'='1", "\\", "[A]da"):
        assert await shell.program.desk.suggest(call, "me show", "player", typed) == (), typed
    assert [one.label for one in await shell.program.desk.suggest(call, "me show", "player", "ad")] == ["Ada"]


async def test_an_export_of_it_is_safe_to_open(house: House, tmp_path: Path) -> None:
    await house.play(
        """
        !as =HYPERLINK("https://evil.example")
        /me zone London
        /remind me tomorrow 9am =1+1
        /export csv
        """
    )
    (packed,) = (tmp_path / "console-files").glob("*-csv.zip")
    with zipfile.ZipFile(packed) as archive:
        assert all("/" not in name and ".." not in name for name in archive.namelist())
        cells = [
            cell
            for name in archive.namelist()
            for row in csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline=""))
            for cell in row
        ]
    assert "'=1+1" in cells
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not any(cell.startswith(("=", "@", "+")) for cell in cells)


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.txt",
        "/etc/evil.txt",
        "..\\..\\evil.txt",
        "a/../../evil.txt",
        "..",
        "",
        "evil\x00.txt",
        "\u202etxt.evil",
    ],
)
def test_a_file_is_put_where_files_go_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    (path,) = shelf.put([Upload(name, b"x", "text/plain")])
    assert Path(path).resolve().parent == (tmp_path / "shelf").resolve()
    assert [one.name for one in tmp_path.iterdir()] == ["shelf"]
    assert powers(path) == []
