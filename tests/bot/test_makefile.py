"""`make` sets up once, says so, and picks a Python that will do. Pythons here are stand-ins: nothing is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: Answers as a good Python does, and writes down what it was asked for. `-m venv` makes a .venv with itself in it.
GOOD = """#!/bin/sh
echo "$@" >> "$LOG"
case "$*" in
  --version) echo "Python 3.12.0";;
  *"-m venv"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python;;
  *"-m pip install"*) [ -z "$PIP_FAILS" ];;
esac
"""
TOO_OLD = "#!/bin/sh\nexit 1\n"
WITHOUT_VENV = '#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\n'
SHIM = "#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n"


class House:
    """A checkout with a Makefile, locks, and just the Pythons it is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tools = folder / "tools"
        self.log = folder / "asked"
        self.tools.mkdir()
        for name in ("Makefile", "requirements.lock", "requirements-dev.lock", "requirements-bench.lock"):
            shutil.copy(ROOT / name, folder)
        for tool in "sh sed make dirname readlink touch chmod printf echo cp mkdir env rm find".split():
            if found := shutil.which(tool):
                (self.tools / tool).symlink_to(found)

    def python(self, name: str, behaviour: str) -> None:
        path = self.tools / name
        path.write_text(behaviour)
        path.chmod(0o755)

    def make(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        self.log.write_text("")
        return subprocess.run(
            ["make", *arguments],
            cwd=self.folder,
            env={"PATH": str(self.tools), "LOG": str(self.log), "HOME": "", **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    @property
    def asked(self) -> list[str]:
        return self.log.read_text().splitlines()

    def installed(self) -> list[str]:
        return [line.rpartition(" ")[2] for line in self.asked if "pip install" in line]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_the_first_run_sets_up_and_says_so_the_second_only_starts(house: House) -> None:
    house.python("python3", GOOD)
    first = house.make("run", "ARGS=check")
    assert first.returncode == 0, first.stderr
    assert "about a minute" in first.stdout
    assert house.installed() == ["requirements.lock"]
    assert house.asked[-1] == "-m bot check"
    assert any("-m venv" in line for line in house.asked)
    second = house.make("run")
    assert second.stdout == ""
    assert [line.strip() for line in house.asked] == ["-m bot"]


def test_only_what_is_locked_by_hash_is_installed(house: House) -> None:
    house.python("python3", GOOD)
    house.make("run")
    (install,) = [line for line in house.asked if "pip install" in line]
    assert "--require-hashes" in install
    assert "--no-deps" in install


def test_a_larger_set_holds_the_smaller_ones(house: House) -> None:
    house.python("python3", GOOD)
    house.make("test")
    assert house.installed() == ["requirements-dev.lock"]
    house.make("run")
    assert house.installed() == []
    house.make("bench")
    assert house.installed() == ["requirements-bench.lock"]


def test_a_new_lock_is_installed_once(house: House) -> None:
    house.python("python3", GOOD)
    house.make("run")
    os.utime(house.folder / "requirements.lock", (4102444800, 4102444800))  # 2100: newer than any stamp
    house.make("run")
    assert house.installed() == ["requirements.lock"]
    os.utime(house.folder / "requirements.lock", (0, 0))
    house.make("run")
    assert house.installed() == []


def test_an_installation_that_failed_is_tried_again(house: House) -> None:
    house.python("python3", GOOD)
    assert house.make("run", PIP_FAILS="yes").returncode != 0
    assert "-m bot" not in " ".join(house.asked)
    house.make("run")
    assert house.installed() == ["requirements.lock"]


def test_the_first_python_that_will_do_is_taken(house: House) -> None:
    house.python("python3.13", SHIM)
    house.python("python3.12", WITHOUT_VENV)
    house.python("python3.11", GOOD)
    house.python("python3", TOO_OLD)
    assert house.make("run").returncode == 0
    assert (house.folder / ".venv/bin/python").read_text() == GOOD


def test_a_chosen_python_is_taken_and_no_other(house: House) -> None:
    house.python("python3", GOOD)
    house.python("other", TOO_OLD)
    assert "Python 3.11 or newer" in house.make("run", f"PYTHON={house.tools / 'other'}").stderr


def test_no_python_that_will_do_is_said_in_words(house: House) -> None:
    house.python("python3", TOO_OLD)
    nothing = house.make("run")
    assert nothing.returncode == 2
    assert "needs Python 3.11 or newer" in nothing.stderr
    house.python("python3", WITHOUT_VENV)
    half = house.make("run")
    assert half.returncode == 2
    assert "apt install python3-venv" in half.stderr
    assert not (house.folder / ".venv").exists()


def test_the_console_script_starts_the_program_from_anywhere(house: House, tmp_path: Path) -> None:
    house.python("python3", GOOD)
    house.make("run")
    (house.folder / "link").symlink_to(".venv/bin/firstcall")
    house.log.write_text("")
    environ = {"PATH": str(house.tools), "LOG": str(house.log)}
    subprocess.run([house.folder / "link", "db", "backup", "a b"], cwd=tmp_path.root, env=environ, check=True)
    assert house.asked == ["-m bot db backup a b"]


def test_help_names_every_target_and_sets_up_nothing(house: House) -> None:
    answer = house.make("help")
    assert answer.returncode == 0
    assert all(f"make {name}" in answer.stdout for name in "run test lint bench audit lock clean".split())
    assert not (house.folder / ".venv").exists()


def test_clean_leaves_settings_and_data_alone(house: House) -> None:
    house.python("python3", GOOD)
    house.make("run")
    for name in ("bot", "cogs", "storage", "tests", "data"):
        (house.folder / name / "__pycache__").mkdir(parents=True)
    (house.folder / "config.toml").touch()
    assert house.make("clean").returncode == 0
    assert not (house.folder / ".venv").exists()
    assert not (house.folder / "bot/__pycache__").exists()
    assert (house.folder / "data").is_dir()
    assert (house.folder / "config.toml").exists()


def test_the_locks_name_every_package_with_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock"):
        text = (ROOT / name).read_text()
        packages = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert packages
        assert all("==" in line and line.endswith("\\") for line in packages), name
        assert "http" not in text.replace("httpx==", "").replace("httpcore==", "").replace("aiohttp==", "")
        assert "--index" not in text


def test_the_check_of_a_change_runs_tests_and_checks() -> None:
    path = ROOT / ".ci/run"
    assert os.access(path, os.X_OK)
    text = path.read_text()
    assert "lint" in text
    assert "test" in text
    subprocess.run(["bash", "-n", path], check=True)
