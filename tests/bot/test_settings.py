"""Settings: what wins over what, what is refused and how, and that nothing secret is ever shown."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.settings import KEYS, LogLevel, Secret, Settings, SettingsFault, TelegramMode, load, parse, redact
from bot.settings.kinds import Listen
from storage.records.people import Words

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.toml"

#: Shaped as the platforms make them, and good for nothing. Put together here so that no scanner takes them for real.
TELEGRAM_TOKEN = "123456789" + ":" + "AAbbCC" * 6
DISCORD_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4" + "." + "Gabcde" + "." + "xyz" * 10


def read(text: str = "", **environ: str) -> Settings:
    return parse(text, environ=environ)


def problems(text: str = "", **environ: str) -> list[str]:
    with pytest.raises(SettingsFault) as caught:
        parse(text, environ=environ)
    return [str(problem) for problem in caught.value.problems]


def test_nothing_set_gives_the_defaults_and_no_platform() -> None:
    settings = read()
    assert settings == Settings()
    assert not settings.has_platform
    assert settings.web.listen == Listen("127.0.0.1", 8080)
    assert settings.database_url.reveal() == "sqlite:///data/firstcall.db"
    assert (settings.courier.poll_seconds, settings.courier.batch, settings.courier.lease_seconds) == (5, 200, 60)


def test_database_follows_the_data_folder() -> None:
    assert read('[app]\ndata_dir = "/var/lib/fc"').database_url.reveal() == "sqlite:////var/lib/fc/firstcall.db"


def test_the_environment_wins_over_the_file_and_the_file_over_customary_names() -> None:
    text = '[app]\nlog_level = "warning"\n'
    assert read("", LOG_LEVEL="ERROR").app.log_level is LogLevel.ERROR
    assert read(text, LOG_LEVEL="ERROR").app.log_level is LogLevel.WARNING
    both = read(text, LOG_LEVEL="ERROR", FIRSTCALL_APP__LOG_LEVEL="debug")
    assert both.app.log_level is LogLevel.DEBUG
    assert both.origins == {"app.log_level": "FIRSTCALL_APP__LOG_LEVEL"}


def test_customary_names_reach_their_keys() -> None:
    settings = read(
        DISCORD_TOKEN=DISCORD_TOKEN, TELEGRAM_TOKEN=TELEGRAM_TOKEN, DATABASE_URL="postgres://a:pw@h/d", DATA_DIR="/d"
    )
    assert settings.discord.token == Secret(DISCORD_TOKEN)
    assert settings.telegram.token == Secret(TELEGRAM_TOKEN)
    assert settings.database_url.reveal() == "postgresql://a:pw@h/d"
    assert settings.app.data_dir == Path("/d")
    assert read(DISCORD_TOKEN="", DATABASE_URL=" ") == Settings()


def test_an_empty_variable_switches_off_what_the_file_has() -> None:
    text = f'[telegram]\ntoken = "{TELEGRAM_TOKEN}"\n'
    assert read(text).has_platform
    off = read(text, FIRSTCALL_TELEGRAM__TOKEN="", FIRSTCALL_WEB__LISTEN="")
    assert off.telegram.token is None
    assert off.web.listen is None
    assert "expected one of debug" in problems(FIRSTCALL_APP__LOG_LEVEL="")[0]


@pytest.mark.parametrize("variable", ["FIRSTCALL_TELEGRAM__TOKEN_FILE", "TELEGRAM_TOKEN_FILE"])
def test_a_secret_can_come_from_a_file(tmp_path: Path, variable: str) -> None:
    held = tmp_path / "token"
    held.write_text(f"{TELEGRAM_TOKEN}\n")
    settings = read(**{variable: str(held)})
    assert settings.telegram.token == Secret(TELEGRAM_TOKEN)
    assert settings.origins["telegram.token"] == variable


def test_a_secret_file_that_is_missing_empty_or_doubled_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    name = "FIRSTCALL_DISCORD__TOKEN_FILE"
    assert "No such file" in problems(**{name: str(tmp_path / "gone")})[0]
    assert "which is empty" in problems(**{name: str(tmp_path / "empty")})[0]
    assert "keep one of them" in problems(**{name: "x", "FIRSTCALL_DISCORD__TOKEN": DISCORD_TOKEN})[0]


def test_only_secrets_come_from_files() -> None:
    assert "is not a setting" in problems(FIRSTCALL_APP__LOG_LEVEL_FILE="x")[0]


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("[discord]\ntokn = 'x'", "discord.token"),
        ("[discrod]\ntoken = 'x'", "discord.token"),
        ("log_level = 'info'", "app.log_level"),
        ("[web]\npublic_ulr = 'x'", "web.public_url"),
    ],
)
def test_an_unknown_key_names_the_nearest(text: str, suggested: str) -> None:
    (problem,) = problems(text)
    assert f"Did you mean {suggested}?" in problem


def test_a_slip_in_a_variable_is_told_and_foreign_ones_are_let_be() -> None:
    (problem,) = problems(FIRSTCALL_DISCORD_TOKEN="x")
    assert "Did you mean FIRSTCALL_DISCORD__TOKEN?" in problem
    (problem,) = problems(FIRSTCALL_DISCORD__TOKENS="x")
    assert "Did you mean FIRSTCALL_DISCORD__TOKEN?" in problem
    assert read(FIRSTCALL_TEST_POSTGRES="x", FIRSTCALL_CONFIG="x") == Settings()


def test_every_problem_is_told_at_once() -> None:
    found = problems('[courier]\nbatch = "many"\n[app]\nlog_levle = "info"\n', FIRSTCALL_DEFAULTS__ZONE="Europe/Lodnon")
    assert len(found) == 3
    batch = next(problem for problem in found if problem.startswith("courier.batch"))
    assert batch.startswith("courier.batch (in config.toml): read 'many'; expected a whole number from 1 to 10000.")
    assert "Example: 200." in batch
    assert any("Did you mean Europe/London?" in problem for problem in found)


@pytest.mark.parametrize(
    "text",
    [
        "[courier]\nbatch = 0",
        "[courier]\nbatch = true",
        "[courier]\nbatch = 1.0",
        "[courier]\nbatch = '200'",
        f"[courier]\nbatch = 0x{'f' * 9000}",
        "[courier]\npoll_seconds = nan",
        "[courier]\npoll_seconds = -1",
        "[courier]\nlease_seconds = 5",
        "[app]\ndata_dir = 7",
        "[app]\ndata_dir = ''",
        '[app]\ndata_dir = "a\\u0000b"',
        "[database]\nurl = 'mysql://h/d'",
        "[database]\nurl = 'sqlite://relative.db'",
        "[database]\nurl = 'sqlite+aiosqlite:///x.db'",
        "[database]\nurl = 'postgresql://h:notaport/d'",
        "[discord]\ntoken = 'Bot abc.def.ghi'",
        "[discord]\ndev_guild = 'my server'",
        "[discord]\nshards = 0",
        "[discord]\nshards = 4\nshard_ids = '0-4'",
        "[discord]\nshard_ids = '0-3'",
        "[discord]\nshards = 4\nshard_ids = '3-0'",
        "[discord]\nshards = 4\nshard_ids = []",
        "[telegram]\ntoken = 'abc'",
        "[telegram]\nmode = 'pull'",
        "[telegram]\nmode = 'webhook'",
        "[web]\nlisten = '8080'",
        "[web]\nlisten = '127.0.0.1:99999'",
        "[web]\npublic_url = 'ftp://x'",
        "[defaults]\nzone = 'Europe'",
        "[defaults]\nzone = '../../etc/passwd'",
        "[defaults]\ncurrency = 'XXY'",
        "[defaults]\nlocale = 'xx-YY'",
        "[defaults]\nlocale = 'english'",
        "[defaults]\nwords = 'au'",
        "discord = 3",
        "[discord.token]\nx = 1",
        "[app\n",
        "a=" + "[" * 5000,
    ],
)
def test_what_makes_no_sense_is_refused(text: str) -> None:
    assert problems(text)


@pytest.mark.parametrize(
    ("key", "address", "is_taken"),
    [
        ("discord.api_base_url", "http://127.0.0.1:9000/api/v10", True),
        ("discord.api_base_url", "http://localhost:9000", True),
        ("telegram.api_base_url", "http://[::1]:8081/bot", True),
        ("telegram.file_base_url", "http://127.8.9.1/file/bot", True),
        ("discord.gateway_url", "ws://127.0.0.1:9000/gw", True),
        ("discord.gateway_url", "wss://gateway.discord.gg", True),
        ("telegram.api_base_url", "https://bots.example.org/bot", True),
        ("discord.api_base_url", "http://discord.com/api/v10", False),
        ("telegram.api_base_url", "http://127.0.0.1.example.org/bot", False),
        ("telegram.file_base_url", "http://10.0.0.1/file/bot", False),
        ("discord.gateway_url", "ws://gateway.discord.gg", False),
        ("telegram.api_base_url", "http://127.0.0.1@example.org/bot", False),
        ("discord.api_base_url", "https://", False),
        ("telegram.api_base_url", "https://user:word@bots.example.org/bot", False),
        ("telegram.webhook_url", "http://bot.example.org/telegram/x", False),
    ],
)
def test_tokens_travel_with_tls_or_not_at_all(key: str, address: str, is_taken: bool) -> None:
    section, name = key.split(".")
    text = f'[{section}]\n{name} = "{address}"'
    if is_taken:
        assert read(text).value(key) == address
    else:
        assert f"{key} (in config.toml)" in problems(text)[0]


def test_values_are_read_into_their_types() -> None:
    settings = read(
        """
        [discord]
        shards = 8
        shard_ids = "0-2, 5"
        dev_guild = "123456789012345678"
        [telegram]
        mode = "webhook"
        webhook_url = "https://bot.example.org/telegram/updates"
        webhook_secret = "quite_secret"
        [web]
        listen = "[::1]:9090"
        [courier]
        poll_seconds = 2.5
        [defaults]
        zone = "America/New_York"
        currency = "usd"
        locale = "en_us"
        words = "US"
        """
    )
    assert settings.discord.shard_ids == (0, 1, 2, 5)
    assert settings.discord.dev_guild == 123456789012345678
    assert settings.telegram.mode is TelegramMode.WEBHOOK
    assert settings.web.listen == Listen("::1", 9090)
    assert str(settings.web.listen) == "[::1]:9090"
    assert settings.courier.poll_seconds == 2.5
    assert (settings.defaults.currency, settings.defaults.locale, settings.defaults.words) == ("USD", "en-US", Words.US)


def test_the_file_is_looked_for_where_it_was_promised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(environ={}) == Settings()
    Path("config.toml").write_text("[courier]\nbatch = 1\n")
    Path("other.toml").write_text("[courier]\nbatch = 2\n")
    Path("third.toml").write_text("[courier]\nbatch = 3\n")
    assert load(environ={}).courier.batch == 1
    assert load(environ={"FIRSTCALL_CONFIG": "other.toml"}).courier.batch == 2
    assert load(Path("third.toml"), environ={"FIRSTCALL_CONFIG": "other.toml"}).courier.batch == 3


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_named_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "named.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsFault, match=r"named\.toml"):
        load(path, environ={})
    with pytest.raises(SettingsFault):
        load(tmp_path, environ={})


def uncommented() -> str:
    return re.sub(r"^# (?=[a-z_]+ = )", "", EXAMPLE.read_text(), flags=re.MULTILINE)


def test_the_example_documents_every_key_and_no_other() -> None:
    documented = []
    section = ""
    for line in EXAMPLE.read_text().splitlines():
        if found := re.fullmatch(r"\[([a-z]+)\]", line):
            section = found[1]
        elif found := re.match(r"# ([a-z_]+) = ", line):
            documented.append(f"{section}.{found[1]}")
    assert documented == list(KEYS)


def test_the_example_says_for_each_key_why_and_the_customary_name() -> None:
    blocks = re.split(r"\n\n|\n(?=\[)", EXAMPLE.read_text())
    for name, key in KEYS.items():
        block = next(b for b in blocks if re.search(rf"^# {name.split('.')[1]} = ", b, re.MULTILINE))
        assert "# Why " in block, name
        assert key.secret == ("Secret" in block), name
    text = EXAMPLE.read_text()
    assert all(key.alias in text for key in KEYS.values())


def test_the_example_uncommented_gives_the_defaults() -> None:
    settings = read(uncommented())
    assert settings == Settings()
    assert set(settings.origins) == set(KEYS)


def test_interface_keys_are_all_there() -> None:
    promised = """app.data_dir app.log_level app.log_format database.url discord.token discord.api_base_url
        discord.gateway_url discord.shards discord.shard_ids discord.dev_guild telegram.token telegram.api_base_url
        telegram.file_base_url telegram.mode telegram.webhook_url telegram.webhook_secret web.listen web.public_url
        courier.poll_seconds courier.batch courier.lease_seconds defaults.zone defaults.currency defaults.locale
        defaults.words""".split()
    assert set(promised) <= set(KEYS)
    assert all(key.default == Settings().value(name) for name, key in KEYS.items())


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret("hunter22")
    settings = dataclasses.replace(Settings(), database=dataclasses.replace(Settings().database, url=secret))
    for shown in (str(secret), repr(secret), f"{secret}", f"{secret!s:>5}", repr(settings), str([secret])):
        assert "hunter22" not in shown
        assert "***" in shown
    assert copy.deepcopy(secret) == secret != Secret("hunter23")
    assert secret.reveal() == "hunter22"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        json.dumps(secret)


@pytest.mark.parametrize("name", [name for name, key in KEYS.items() if key.secret])
def test_a_wrong_secret_is_not_quoted(name: str) -> None:
    for wrong in ("correct horse battery", ["correct horse battery"]):
        section, key = name.split(".")
        assert "horse" not in problems(f"[{section}]\n{key} = {json.dumps(wrong)}")[0]
    assert "horse" not in problems(**{KEYS[name].variable: "correct horse battery"})[0]


def test_a_token_in_the_wrong_place_is_not_quoted() -> None:
    for token in (TELEGRAM_TOKEN, DISCORD_TOKEN):
        assert token not in "".join(problems(f'[discord]\ndev_guild = "{token}"\n"{token}" = 1\n'))
        assert token not in "".join(problems(f'"{token}" = 1'))


def test_secrets_for_the_log_are_the_tokens_and_the_database_password() -> None:
    settings = read(
        f'[telegram]\ntoken = "{TELEGRAM_TOKEN}"\nwebhook_secret = "hook_word"\n'
        '[database]\nurl = "postgresql://u:pass%40word@h/d"'
    )
    assert set(settings.secrets()) == {TELEGRAM_TOKEN, "hook_word", "pass%40word", "pass@word"}
    assert read().secrets() == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"GET https://api.telegram.org/bot{TELEGRAM_TOKEN}/getMe", "GET https://api.telegram.org/bot***/getMe"),
        (f"token={DISCORD_TOKEN}!", "token=***!"),
        ("POST /interactions/1234/aW50ZXJhY3Rpb24/callback", "POST /interactions/***/callback"),
        ("PATCH /webhooks/55/tokentoken?wait=true", "PATCH /webhooks/***?wait=true"),
        ("GET /calendar/abcdef.ics", "GET /calendar/***.ics"),
        ("postgresql://u:pw@h/d", "postgresql://u:***@h/d"),
        ("gig 12:30 at https://example.org:8080/x", "gig 12:30 at https://example.org:8080/x"),
        ("about tables and chairs", "about tables and chairs"),
    ],
)
def test_redaction_blanks_tokens_and_leaves_the_rest(text: str, expected: str) -> None:
    too_short_to_blank = ["ab", ""]
    assert redact(text, too_short_to_blank) == expected


def test_a_known_secret_is_blanked_as_it_is_and_inside_an_address() -> None:
    assert redact("a:b/c and a%3Ab%2Fc", ["a:b/c"]) == "*** and ***"
    assert redact("longer-secret", ["longer", "longer-secret"]) == "***"


# Any text at all: settings or a SettingsFault, never anything else.
_KEY_LINES = st.builds(
    lambda name, value: f"[{name.split('.')[0]}]\n{name.split('.')[1]} = {value}\n",
    st.sampled_from(sorted(KEYS)),
    st.one_of(
        st.text(max_size=40).map(json.dumps),
        st.integers().map(str),
        st.floats().map(str),
        st.sampled_from(["true", "[]", "[1]", "{}", "1979-05-27", "0-3", '""', '"0-99999"', '"http://[::1"', '"~x/y"']),
        st.lists(st.integers(-5, 9)).map(str),
    ),
)


@given(st.one_of(st.text(max_size=200), _KEY_LINES, st.lists(_KEY_LINES, max_size=3).map("".join)))
@example("a = 1" + "0" * 5000)
@example('[defaults]\nzone = "Europe/\\ud7ff"')
@example('[discord]\ndev_guild = "²³"')
def test_any_toml_gives_settings_or_a_fault_with_words(text: str) -> None:
    try:
        settings = parse(text, environ={})
    except SettingsFault as fault:
        assert fault.problems
        assert all(problem.where and problem.what for problem in fault.problems)
    else:
        assert settings.database_url.reveal()
        assert all(settings.secrets())


@given(
    st.dictionaries(
        st.sampled_from([key.variable for key in KEYS.values()] + [key.alias for key in KEYS.values() if key.alias]),
        st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=30),
    )
)
def test_any_environment_gives_settings_or_a_fault(environ: dict[str, str]) -> None:
    try:
        assert parse("", environ=environ).origins.keys() <= KEYS.keys()
    except SettingsFault as fault:
        assert fault.problems


@given(st.sets(st.integers(0, 60), min_size=1))
def test_shard_ids_read_the_same_however_they_are_written(ids: set[int]) -> None:
    text = ",".join(str(number) for number in ids)
    written = f"[discord]\nshards = 61\nshard_ids = {sorted(ids)}"
    environ = {"FIRSTCALL_DISCORD__SHARDS": "61", "FIRSTCALL_DISCORD__SHARD_IDS": text}
    expected = tuple(sorted(ids))
    assert parse(written, environ={}).discord.shard_ids == expected
    assert parse("", environ=environ).discord.shard_ids == expected
