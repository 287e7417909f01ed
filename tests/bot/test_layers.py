"""The law of the house, run: who may import whom, and the few rules that import contracts cannot see."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from importlinter import configuration
from importlinter.application import use_cases

ROOT = Path(__file__).parents[2]

#: Where each library has its home: nobody else imports it. A test rather than a contract, because a contract wants
#: every name in it to exist, and the house must stand while a room is being built.
HOMES = {
    "discord": ("bot.on_discord",),
    "telegram": ("bot.on_telegram",),
    "prompt_toolkit": ("bot.on_console",),
    "sqlalchemy": ("storage",),
    "alembic": ("storage.migrations", "storage.upkeep"),
    "aiosqlite": ("storage",),
    "asyncpg": ("storage",),
    "dateparser": ("cogs.kit.when",),
    "prometheus_client": ("bot.on_web", "bot.app"),
    "argparse": ("bot.arguments", "bot.__main__"),
}

#: Where tasks may be started: the courier, the surfaces, and the wiring that runs them side by side. A task anywhere
#: else would die unseen, or outlive its Work.
TASK_STARTERS = ("bot/app.py", "bot/supervisor.py", "bot/desk/courier", "bot/on_", "storage/line.py")
STARTS_A_TASK = {"create_task", "ensure_future", "run_coroutine_threadsafe"}

#: Ways of asking the machine what time it is, or of waiting. `now` is handed in; what is due later is a notice.
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "sleep"),
    ("asyncio", "sleep"),
}


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def attributes(tree: ast.Module) -> Iterator[tuple[str, str, int]]:
    """Every `name.attribute` and `….name.attribute` in a file, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            holder = node.value
            name = getattr(holder, "id", getattr(holder, "attr", ""))
            yield name, node.attr, node.lineno


def called_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id, node.lineno
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr, node.lineno


def features() -> list[str]:
    return sorted(path.parent.name for path in (ROOT / "cogs").glob("*/__init__.py") if path.parent.name != "kit")


def test_every_import_contract_holds(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    configuration.configure()
    # Not cli.lint_imports, which sets up logging anew and so silences every logger of this process.
    holds = use_cases.lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None, no_logo=True)
    assert holds, capsys.readouterr().out


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("bot", "cogs", "storage", include_external_packages=True, cache_dir=None)


@pytest.mark.parametrize("library", HOMES)
def test_a_library_stays_in_its_home(graph: grimp.ImportGraph, library: str) -> None:
    importers = graph.find_modules_that_directly_import(library) if library in graph.modules else set()
    homes = HOMES[library]
    assert [m for m in sorted(importers) if not any(m == home or m.startswith(f"{home}.") for home in homes)] == []


def test_outside_the_catalogue_nobody_knows_which_features_exist(graph: grimp.ImportGraph) -> None:
    rooms = {f"cogs.{name}" for name in features()}
    strangers = []
    for module in graph.modules:
        own = ".".join(module.split(".")[:2])
        for imported in graph.find_modules_directly_imported_by(module):
            room = ".".join(imported.split(".")[:2])
            if room in rooms and own not in (room, "cogs.catalogue"):
                strangers.append(f"{module} imports {imported}")
    assert strangers == []


def test_features_do_not_ask_which_surface_calls() -> None:
    asking = [
        f"{path}:{line}"
        for path, tree in sources("cogs")
        for name, attribute, line in attributes(tree)
        if attribute == "surface" and name.lstrip("_") == "call"
        # Linking keeps from which of somebody's accounts they spoke; it does the same on each.
        and path != "cogs/profile/linking.py"
    ]
    assert asking == []


def test_tasks_are_started_by_the_courier_and_the_surfaces_only() -> None:
    starting = [
        f"{path}:{line}"
        for path, tree in sources("bot", "cogs", "storage")
        if not path.startswith(TASK_STARTERS)
        for name, line in called_names(tree)
        if name in STARTS_A_TASK
    ]
    assert starting == []


def test_features_neither_read_a_clock_nor_wait() -> None:
    reading = [
        f"{path}:{line}"
        for feature in features()
        for path, tree in sources(f"cogs/{feature}")
        for name, attribute, line in attributes(tree)
        if (name, attribute) in CLOCKS
    ]
    assert reading == []
