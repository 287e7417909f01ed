"""The program as it is typed: commands, options, exit codes, and what a person is told when something is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import bot
from bot import arguments, health, invite
from bot.__main__ import main
from bot.settings import KEYS, ConsoleOptions, Secret, Settings
from storage.faults import NewerDatabase, Unreachable
from tests.bot.test_logs import logging_as_before
from tests.bot.test_settings import DISCORD_TOKEN, TELEGRAM_TOKEN

ROOT = Path(__file__).parents[2]

__all__ = ["logging_as_before"]  # the fixture that puts logging back after every test, here too


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    customary = {key.alias for key in KEYS.values() if key.alias}
    for name in list(os.environ):
        if name.startswith("FIRSTCALL_") or name.removesuffix("_FILE") in customary:
            monkeypatch.delenv(name)
    return tmp_path


@dataclass
class Stage:
    """Stands in for `bot.app`: what it was asked to do, and what will come of it."""

    asked: list[tuple[Any, ...]] = field(default_factory=list)
    outcome: int | BaseException = 0

    def answer(self, *what: Any) -> int:
        self.asked.append(what)
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    made = Stage()
    app = types.ModuleType("bot.app")
    for name in ("run", "console", "tour"):
        setattr(app, name, lambda settings, what, name=name: made.answer(name, settings, what))
    monkeypatch.setitem(sys.modules, "bot.app", app)
    monkeypatch.setattr(bot, "app", app, raising=False)
    return made


def with_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", TELEGRAM_TOKEN)


def test_nothing_typed_and_nothing_configured_is_the_console(stage: Stage) -> None:
    assert main([]) == 0
    assert stage.asked == [("console", Settings(), ConsoleOptions())]


def test_nothing_typed_with_a_token_runs_everything(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    with_token(monkeypatch)
    assert main([]) == main(["run"]) == 0
    assert [(name, only) for name, _, only in stage.asked] == [("run", None)] * 2


def test_parts_are_run_alone_even_without_tokens(stage: Stage) -> None:
    assert main(["run", "--only", "web, courier"]) == 0
    ((name, _, only),) = stage.asked
    assert (name, only) == ("run", frozenset({"web", "courier"}))


@pytest.mark.parametrize("typed", ["run --only matrix", "run --only ,", "tour --only web", "play", "db", "db copy a"])
def test_wrong_usage_ends_with_two(typed: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(typed.split())
    assert caught.value.code == 2


def test_the_tour_can_be_narrowed(stage: Stage) -> None:
    main(["tour", "--only", "discord,console"])
    assert stage.asked[0][0] == "tour"
    assert stage.asked[0][2] == {"discord", "console"}


def test_console_options_are_read_into_values(stage: Stage, own_folder: Path) -> None:
    (own_folder / "play.txt").touch()
    typed = "--db sqlite:///{data_dir}/t.db --as Ada --now 2026-11-23T10:00 --zone Europe/Berlin --script play.txt"
    assert main(["console", *typed.split()]) == 0
    assert stage.asked[0][2] == ConsoleOptions(
        database=Secret("sqlite:///data/t.db"),
        speaker="Ada",
        now=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        zone="Europe/Berlin",
        script=Path("play.txt"),
    )


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--now", "tomorrow", "2026-11-23T10:00Z"),
        ("--now", "0001-01-01T00:00+14:00", "expected a moment"),
        ("--zone", "Europe/Lodnon", "did you mean Europe/London?"),
        ("--db", "mysql://u:hidden@h/d", "expected sqlite:///"),
        ("--script", "gone.txt", "there is no file gone.txt"),
    ],
)
def test_a_console_option_that_cannot_be_read_is_told(
    stage: Stage, capsys: pytest.CaptureFixture[str], option: str, value: str, told: str
) -> None:
    assert main(["console", option, value]) == 2
    error = capsys.readouterr().err
    assert option in error
    assert told in error
    assert "hidden" not in error
    assert stage.asked == []


def test_a_moment_with_its_own_offset_keeps_it(stage: Stage) -> None:
    main(["console", "--now", "2026-11-23T10:00Z", "--zone", "Asia/Tokyo"])
    assert stage.asked[0][2].now == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("typed", [["--config", "my.toml", "tour"], ["tour", "--config", "my.toml"]])
def test_the_settings_file_can_be_named_before_and_after_the_command(
    stage: Stage, own_folder: Path, typed: list[str]
) -> None:
    (own_folder / "my.toml").write_text("[courier]\nbatch = 7\n")
    main(typed)
    assert stage.asked[0][1].courier.batch == 7


def test_bad_configuration_ends_with_78_and_every_reason(
    stage: Stage, own_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_folder / "config.toml").write_text("[courier]\nbatch = 0\n[defaults]\nwords = 'au'\n")
    assert main(["run"]) == 78
    error = capsys.readouterr().err
    assert "courier.batch" in error
    assert "defaults.words" in error
    assert stage.asked == []


@pytest.mark.parametrize(
    ("outcome", "code", "told"),
    [
        (Unreachable("the disk is full"), 69, "the disk is full"),
        (Unreachable(f"rejected {TELEGRAM_TOKEN}"), 69, "rejected ***"),
        (NewerDatabase("made by a newer one"), 78, "made by a newer one"),
        (KeyboardInterrupt(), 130, ""),
        (69, 69, ""),
    ],
)
def test_every_way_of_ending_has_its_code(
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    outcome: int | BaseException,
    code: int,
    told: str,
) -> None:
    with_token(monkeypatch)
    stage.outcome = outcome
    assert main(["run"]) == code
    error = capsys.readouterr().err
    assert told in error
    assert TELEGRAM_TOKEN not in error


def test_a_bug_is_logged_with_the_reference_that_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with_token(monkeypatch)
    stage.outcome = RuntimeError(f"boom at https://api.telegram.org/bot{TELEGRAM_TOKEN}/getMe")
    assert main(["run"]) == 1
    error = capsys.readouterr().err
    assert "RuntimeError: boom" in error
    assert TELEGRAM_TOKEN not in error
    reference = error.split("ref=")[1].split()[0]
    assert error.count(reference) == 2


def test_help_lists_every_promised_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        arguments.parse(["--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    for command in "run console check tour invite health db references".split():
        assert f"    {command}" in text


def test_every_command_that_can_be_typed_is_carried_out() -> None:
    from bot.__main__ import _COMMANDS

    typed = ["run", "console", "check", "tour", "invite", "unit", "health", "references check"]
    typed += ["db upgrade", "db status", "db backup f", "db restore f", "db copy a b"]
    assert {arguments.parse(line.split()).command for line in typed} == set(_COMMANDS)


def test_the_program_starts_without_loading_what_it_does_not_need() -> None:
    code = "import sys, bot.__main__; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    heavy = {"asyncio", "sqlalchemy", "discord", "telegram", "babel", "logging", "zoneinfo", "tomllib", "bot.settings"}
    assert not heavy & set(ended.stdout.split())


def test_a_reader_who_leaves_early_is_no_bug() -> None:
    command = f"{sys.executable} -u -m bot check | true; exit ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "Traceback" not in ended.stderr
    assert "BrokenPipe" not in ended.stderr


# The invitation

APPLICATION = 123456789012345678


def test_the_permission_number_is_the_documented_one() -> None:
    # Source: platform guide of the project, read from Discord's documentation in August 2026.
    assert invite.PERMISSIONS == 17987323153408


def test_the_application_is_read_from_the_token() -> None:
    assert invite.application_id(Secret(DISCORD_TOKEN)) == APPLICATION
    for wrong in ("abc.def.ghi", "....", "Ä.b.c", "MTIz.x.y"):
        assert invite.application_id(Secret(wrong)) is None


def test_the_link_asks_for_just_the_rights_needed() -> None:
    parts = urlsplit(invite.server_link(APPLICATION))
    query = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc) == ("https", "discord.com")
    assert query["client_id"] == [str(APPLICATION)]
    assert query["permissions"] == ["17987323153408"]
    assert query["scope"] == ["bot applications.commands"]
    assert "permissions" not in parse_qs(urlsplit(invite.personal_link(APPLICATION)).query)


def test_invite_prints_the_link_and_the_telegram_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["invite"]) == 78
    assert "Reset Token" in capsys.readouterr().out
    monkeypatch.setenv("FIRSTCALL_DISCORD__TOKEN", DISCORD_TOKEN)
    with_token(monkeypatch)
    assert main(["invite"]) == 0
    text = capsys.readouterr().out
    assert f"client_id={APPLICATION}&" in text
    assert "/setprivacy" in text
    assert DISCORD_TOKEN not in text
    monkeypatch.setenv("FIRSTCALL_DISCORD__TOKEN", "not.a.token")
    monkeypatch.setenv("FIRSTCALL_DISCORD__APPLICATION_ID", "42")
    assert main(["invite"]) == 0
    assert "client_id=42&" in capsys.readouterr().out


# Health


class Answering:
    """A web server on loopback that answers `/readyz` as told."""

    def __init__(self) -> None:
        self.status, self.body, self.asked = 200, b"{}", [""]
        told = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # the name http.server looks for
                told.asked.append(self.path)
                self.send_response(told.status)
                self.end_headers()
                self.wfile.write(told.body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]


@pytest.fixture
def answering() -> Iterator[Answering]:
    made = Answering()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize(
    ("status", "body", "code", "told"),
    [
        (200, b'{"status": "ok"}', 0, "is ready: status ok."),
        (200, b'{"status": "degraded", "telegram": "down", "deep": {}}', 0, "status degraded, telegram down."),
        (200, b"fine", 0, "is ready."),
        (503, b'{"status": "down"}', 69, "not ready (HTTP 503): status down."),
        (404, b"[]", 69, "not ready (HTTP 404)."),
    ],
)
def test_health_says_what_the_running_one_says(
    answering: Answering,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    host: str,
    status: int,
    body: bytes,
    code: int,
    told: str,
) -> None:
    answering.status, answering.body = status, body
    monkeypatch.setenv("FIRSTCALL_WEB__LISTEN", f"{host}:{answering.port}")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # must not be asked
    assert main(["health"]) == code
    assert told in capsys.readouterr().out
    assert answering.asked[-1] == "/readyz"


@pytest.mark.parametrize(("listen", "asked"), [("0.0.0.0:81", "127.0.0.1"), ("[::]:81", "::1"), ("[::1]:81", "::1")])
def test_health_asks_this_machine_when_the_server_listens_everywhere(
    monkeypatch: pytest.MonkeyPatch, listen: str, asked: str
) -> None:
    hosts = []

    def refuse(host: str, port: int, timeout: float) -> None:
        hosts.append(host)
        raise ConnectionRefusedError

    monkeypatch.setattr(health, "HTTPConnection", refuse)
    monkeypatch.setenv("FIRSTCALL_WEB__LISTEN", listen)
    assert main(["health"]) == 69
    assert hosts == [asked]


def test_health_of_what_does_not_run_or_cannot_be_asked(
    answering: Answering, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering.server.shutdown()
    answering.server.server_close()
    monkeypatch.setenv("FIRSTCALL_WEB__LISTEN", f"127.0.0.1:{answering.port}")
    assert main(["health"]) == 69
    assert "Is First Call running?" in capsys.readouterr().out
    monkeypatch.setenv("FIRSTCALL_WEB__LISTEN", "")
    assert main(["health"]) == 78
    assert "web.listen is empty" in capsys.readouterr().out


def test_health_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(health, "SECONDS", 0.05)
        monkeypatch.setenv("FIRSTCALL_WEB__LISTEN", f"127.0.0.1:{silent.getsockname()[1]}")
        assert main(["health"]) == 69
