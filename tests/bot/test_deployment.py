"""What containers are made of: only settings that exist, only files that are there, nobody but an ordinary user."""

from __future__ import annotations

import re
from pathlib import Path

from bot.settings import KEYS

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()

#: Variables by which the settings can be given.
VARIABLES = {key.variable for key in KEYS.values()} | {f"{key.variable}_FILE" for key in KEYS.values() if key.secret}


def test_every_setting_that_containers_give_exists() -> None:
    given = set(re.findall(r"FIRSTCALL_[A-Z_]+", DOCKERFILE + COMPOSE))
    assert len(given) >= 5
    assert given <= VARIABLES


def test_what_is_copied_is_there_and_is_let_through() -> None:
    copied = re.findall(r"^COPY (?!--)(\S+)", DOCKERFILE, re.MULTILINE)
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    assert copied
    assert set(copied) == let_through
    assert all((ROOT / name).exists() for name in copied)


def test_an_ordinary_user_runs_it_and_pip_stays_behind() -> None:
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001:10001$", final, re.MULTILINE)
    assert "RUN" not in final
    assert "--require-hashes" in DOCKERFILE
    assert "--without-pip" in DOCKERFILE


def test_every_secret_is_declared_used_and_kept_out_of_the_repository() -> None:
    declared = set(re.findall(r"^    file: \./secrets/(\w+)$", COMPOSE, re.MULTILINE))
    used = {name for row in re.findall(r"^    secrets: \[(.*)\]$", COMPOSE, re.MULTILINE) for name in row.split(", ")}
    read = set(re.findall(r"/run/secrets/(\w+)", COMPOSE))
    assert declared == used == read
    assert "secrets/" in (ROOT / ".gitignore").read_text().split()


def test_the_database_and_the_figures_are_not_open_to_the_world() -> None:
    assert re.findall(r'^      - "(.*)"$', COMPOSE, re.MULTILINE) == ["127.0.0.1:8080:8080"]
