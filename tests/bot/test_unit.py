"""The systemd unit: it names this installation, and systemd's own tools find nothing to say against it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot import unit
from bot.__main__ import main
from bot.supervisor import STOP_WITHIN

ANALYZE = shutil.which("systemd-analyze")


def lines(config: Path | None = None) -> dict[str, str]:
    found, code = unit.unit(config)
    assert code == 0
    return dict(line.split("=", 1) for line in found if "=" in line and not line.startswith("#"))


def test_it_starts_this_installation_with_the_settings_it_was_told() -> None:
    assert lines()["ExecStart"] == f"{Path(sys.executable).parent}/firstcall run --config /etc/firstcall.toml"
    assert lines(Path("/srv/a b/50%.toml"))["ExecStart"].endswith('--config "/srv/a b/50%%.toml"')
    assert int(lines()["TimeoutStopSec"]) > STOP_WITHIN


def test_a_home_is_hidden_unless_the_program_lives_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/opt/firstcall/.venv/bin/python")
    monkeypatch.setattr(unit, "__file__", "/opt/firstcall/bot/unit.py")
    assert lines()["ProtectHome"] == "yes"
    assert lines(Path("/home/ada/config.toml"))["ProtectHome"] == "read-only"
    monkeypatch.setattr(sys, "executable", "/home/ada/firstcall/.venv/bin/python")
    assert lines()["ProtectHome"] == "read-only"


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not on this machine")
def test_systemd_has_nothing_to_say_against_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ANALYZE is not None
    assert main(["unit"]) == 0
    text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/sh", capsys.readouterr().out, flags=re.MULTILINE)
    (tmp_path / "firstcall.service").write_text(text)
    for deed in (["verify"], ["security", "--offline=true", "--threshold=15"]):  # tenths: 1.5 of 10
        done = subprocess.run([ANALYZE, *deed, "./firstcall.service"], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        assert deed != ["verify"] or done.stderr == ""
