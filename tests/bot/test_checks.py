"""The project's own checks of itself: they find what they are for, and fail on nothing else."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answer(*libraries: dict[str, object]) -> str:
    return json.dumps({"dependencies": list(libraries), "fixes": []})


FINE = {"name": "aiohttp", "version": "3.14.0", "vulns": []}
UNASKED = {"name": "typst", "skip_reason": "not found"}
BAD = {"name": "pillow", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}


def test_known_vulnerabilities_fail_the_audit_by_name() -> None:
    lines, code = script("audit").judge(answer(FINE, BAD, UNASKED))
    assert code == 1
    assert lines == [
        "pillow 1.0: PYSEC-1, mended in 1.1",
        "audit: 2 libraries, 1 found; 1 could not be asked about",
    ]


def test_what_could_not_be_asked_is_said_and_fails_nothing() -> None:
    audit = script("audit")
    assert audit.judge(answer(FINE)) == (["audit: 1 libraries, nothing found"], 0)
    assert audit.judge(answer(UNASKED)) == (["audit: 0 libraries, nothing found; 1 could not be asked about"], 0)
    for broken in ("", "connection refused", "[]", "{}"):
        assert audit.judge(broken) == (["audit: no service could be asked"], 0)


def test_a_change_is_checked_without_asking_any_service() -> None:
    assert "AUDIT=no" in (ROOT / ".ci/run").read_text()
    # What the make that runs these tests was told is none of this one's business.
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "AUDIT"))}
    asked = {
        flag: subprocess.run(
            ["make", "--dry-run", "lint", *flag], cwd=ROOT, capture_output=True, text=True, check=True, env=alone
        ).stdout
        for flag in ((), ("AUDIT=no",))
    }
    assert ".ci/audit.py" in asked[()]
    assert ".ci/audit.py" not in asked["AUDIT=no",]


# Made up here from parts, so that this file holds nothing that looks like one.
LETTERS = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
SECRETS = {
    "a Telegram bot token": f"{123456789}:{LETTERS[::-1]}",
    "a Discord bot token": f"M{LETTERS[:24]}.{LETTERS[3:9]}.{LETTERS[::-1][:30]}",
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "a GitHub token": f"ghp_{LETTERS}",
    "an AWS key": "AKIA" + LETTERS[:16].upper(),
    "a Slack token": f"xoxb-{LETTERS}",
}


@pytest.mark.parametrize("what", SECRETS)
def test_a_secret_is_found_where_it_stands_unless_it_is_said_to_be_none(what: str) -> None:
    finds = script("secret_scan").finds
    assert finds(f"harmless\ntoken = '{SECRETS[what]}'\n") == [(2, what)]
    assert finds(f"token = '{SECRETS[what]}'  # not a secret") == []


def test_a_made_up_token_is_told_from_a_real_one() -> None:
    assert script("secret_scan").finds("TOKEN = '123456789:" + "AB" * 18 + "'") == []


def test_a_secret_in_a_new_file_fails_the_check(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci/secret_scan.py").write_text((ROOT / ".ci/secret_scan.py").read_text())
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, env=environ, check=True)
    (tmp_path / "notes.txt").write_text("nothing here\n")

    def scan() -> int:
        command = [sys.executable, ".ci/secret_scan.py"]
        return subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, check=False).returncode

    assert scan() == 0
    (tmp_path / "notes.txt").write_text(SECRETS["a Telegram bot token"])
    assert scan() == 1
