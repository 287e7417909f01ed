"""SIGKILL at random instants: nothing is lost, and what is doubled is known and said."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


@pytest.mark.parametrize("keys", ["keys", "none"])
def test_killed_at_any_instant_it_loses_nothing(tmp_path, keys):
    answer = subprocess.run(
        [sys.executable, "-m", "tests.bot.desk.killing", str(tmp_path), "1500", "25", "7", keys],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    assert found["killed"] >= 15
    assert found["lost"] == 0
    assert found["strange"] == 0
    if keys == "keys":
        assert found["doubled"] == 0
    else:
        assert found["worst"] <= 8
        assert found["unmarked"] == 0
