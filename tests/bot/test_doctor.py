"""`firstcall check` and `firstcall db …` on real databases: what is told, what is changed, how it ends."""

from __future__ import annotations

import os
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from bot import references
from bot.__main__ import main
from bot.settings import KEYS
from tests.bot.test_logs import logging_as_before
from tests.bot.test_main import own_folder
from tests.bot.test_settings import DISCORD_TOKEN, TELEGRAM_TOKEN

__all__ = ["logging_as_before", "own_folder"]  # fixtures, used here too


def told(capsys: pytest.CaptureFixture[str], typed: str, code: int) -> str:
    """What was printed, after checking the exit code."""
    ended = main(typed.split())
    captured = capsys.readouterr()
    assert ended == code, captured
    return captured.out + captured.err


def test_check_names_every_key_and_how_to_get_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, "check", 0)
    for name, key in KEYS.items():
        assert f"  {name} " in text
        assert key.obtain in text
    assert "opens the local console" in text
    assert "It will start." in text


def test_check_changes_nothing(capsys: pytest.CaptureFixture[str], own_folder: Path) -> None:
    told(capsys, "check", 0)
    assert list(own_folder.iterdir()) == []


def test_check_says_where_a_value_was_found_and_shows_no_secret(
    capsys: pytest.CaptureFixture[str], own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = own_folder / "config.toml"
    config.write_text(f'[telegram]\ntoken = "{TELEGRAM_TOKEN}"\n[discord]\nshards = 4\nshard_ids = "0-1"\n')
    config.chmod(0o644)
    monkeypatch.setenv("DISCORD_TOKEN", DISCORD_TOKEN)
    text = told(capsys, "check", 0)
    assert "telegram.token           ***  (found in config.toml)" in text
    assert "discord.token            ***  (found in DISCORD_TOKEN)" in text
    assert "discord.shard_ids        0,1  (found in config.toml)" in text
    assert "Telegram on, by polling" in text
    assert "chmod 600 config.toml" in text
    assert "several need PostgreSQL" in text
    assert TELEGRAM_TOKEN not in text
    assert DISCORD_TOKEN not in text
    config.chmod(0o600)
    assert "chmod" not in told(capsys, "check", 0)


def test_check_tells_what_may_not_be_meant(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTCALL_WEB__LISTEN", "0.0.0.0:8080")
    monkeypatch.setenv("FIRSTCALL_WEB__PUBLIC_URL", "http://bot.example.org")
    text = told(capsys, "check", 0)
    assert "open to other machines" in text
    assert "web.public_url has no TLS" in text


def test_check_of_a_database_that_does_not_answer_ends_with_69(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada:lovelace@127.0.0.1:1/firstcall")
    text = told(capsys, "check", 69)
    assert "postgresql://ada:***@127.0.0.1:1/firstcall" in text
    assert "lovelace" not in text
    assert "It will start" not in text


def test_check_of_a_newer_database_ends_with_78(capsys: pytest.CaptureFixture[str], own_folder: Path) -> None:
    told(capsys, "db upgrade", 0)
    with sqlite3.connect(own_folder / "data/firstcall.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    text = told(capsys, "check", 78)
    assert "It will not start" in text
    assert "9999" in text
    assert "9999" in told(capsys, "db status", 78)


def test_check_of_a_folder_that_cannot_be_used_ends_with_78(
    capsys: pytest.CaptureFixture[str], own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_folder / "data").touch()
    assert "is not a folder" in told(capsys, "check", 78)
    (own_folder / "data").unlink()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != own_folder)
    assert "may not be written by this user" in told(capsys, "check", 78)


def test_check_looks_at_the_folder_of_a_database_elsewhere(
    capsys: pytest.CaptureFixture[str], own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_folder / "taken").touch()
    monkeypatch.setenv("DATABASE_URL", "sqlite:///taken/x.db")
    assert "database.url: " in told(capsys, "check", 78)
    monkeypatch.setenv("DATABASE_URL", "sqlite://")
    told(capsys, "check", 0)


def test_check_with_a_bad_configuration_tells_every_reason(
    capsys: pytest.CaptureFixture[str], own_folder: Path
) -> None:
    (own_folder / "config.toml").write_text("[courier]\nbatch = 0\nlease = 3\n")
    text = told(capsys, "check", 78)
    assert "courier.batch (in config.toml)" in text
    assert "courier.lease (in config.toml)" in text


def test_a_database_is_made_kept_and_put_back(capsys: pytest.CaptureFixture[str], own_folder: Path) -> None:
    assert "empty" in told(capsys, "db status", 0)
    assert "Made the tables" in told(capsys, "db upgrade", 0)
    assert "up to date" in told(capsys, "db status", 0)
    assert "Kept everything in kept.db" in told(capsys, "db backup kept.db", 0)
    assert (own_folder / "kept.db").is_file()
    assert "exists already" in told(capsys, "db backup kept.db", 2)
    (own_folder / "data/firstcall.db").unlink()
    assert "Restored kept.db" in told(capsys, "db restore kept.db", 0)
    assert "up to date" in told(capsys, "check", 0)
    assert "there is no file gone.db" in told(capsys, "db restore gone.db", 2)


def test_everything_is_copied_to_another_database(capsys: pytest.CaptureFixture[str], own_folder: Path) -> None:
    told(capsys, "db upgrade", 0)
    assert "Copied" in told(capsys, "db copy sqlite:///{data_dir}/firstcall.db sqlite:///other.db", 0)
    assert (own_folder / "other.db").is_file()
    assert "FROM: expected" in told(capsys, "db copy data/firstcall.db sqlite:///third.db", 2)
    told(capsys, "db copy sqlite:///other.db postgresql://127.0.0.1:1/x", 69)


def test_the_shipped_figures_are_checked(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "The tables hold together." in told(capsys, "references check", 0)
    lines, code = references.check(date(2200, 1, 1))
    assert code == 0
    assert any("until" in line and "http" in line for line in lines)
    monkeypatch.setattr("storage.reference.check.problems", lambda: ["rates.csv, row 3: no source"])
    lines, code = references.check(date(2026, 11, 23))
    assert (lines[0], code) == ("rates.csv, row 3: no source", 1)
