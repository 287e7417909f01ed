"""Every story of this folder, played through the console's own player: a line is a command or a meta line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import House

HERE = Path(__file__).parent
#: The platforms' tests tell the same ones; those in both/ need two platforms, and are told elsewhere.
STORIES = {path.stem: path.read_text("utf-8") for path in sorted(HERE.glob("*.script"))}


@pytest.mark.parametrize("story", STORIES)
async def test_the_story_goes_as_it_is_told(story: str, tmp_path: Path) -> None:
    house = await House.open(tmp_path)
    try:
        await house.play(STORIES[story])
    finally:
        await house.stop()


def test_a_script_through_a_pipe_speaks_plainly_and_ends_well(tmp_path: Path) -> None:
    script = "!as Ada\n!now 2026-11-23T10:00Z\n!now\n!expect 10:00\n!quit\n/never reached\n"

    done = _firstcall(tmp_path, "console", "--db", "sqlite://", stdin=script)

    assert done.stdout == "[dm Ada] bot: Mon 23 Nov 2026, 10:00 UTC\n"
    assert (done.returncode, done.stderr) == (0, "")


def test_a_script_in_a_file_fails_with_the_line_and_what_was_said(tmp_path: Path) -> None:
    script = tmp_path / "bad.script"
    script.write_text("!as Ada\n!now\n!expect half past nine\n!expect 10:00\n", "utf-8")

    done = _firstcall(
        tmp_path, "console", "--db", "sqlite://", "--now", "2026-11-23T10:00Z", "--script", str(script), stdin=""
    )

    assert done.returncode == 1
    assert "line 3: expected “half past nine”" in done.stdout
    assert "[dm Ada] Mon 23 Nov 2026, 10:00 UTC" in done.stdout
    assert "line 4" not in done.stdout


def _firstcall(tmp_path: Path, *arguments: str, stdin: str) -> subprocess.CompletedProcess[str]:
    """Run the program itself, in a folder of its own and with no configuration around it."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTCALL_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=stdin,
        cwd=tmp_path,
        env=bare | {"PYTHONPATH": str(HERE.parents[1]), "FIRSTCALL_APP__DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
