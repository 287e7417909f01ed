from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.later import Finder

Write = Callable[..., None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes modules of a package `attic`, which wait but for its bell, and of `lumber`, a package that waits."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", [Finder(("attic.",), {"lumber"}, ("attic.bell",)), *sys.meta_path])
    monkeypatch.setitem(sys.modules, "ran", ran := ModuleType("ran"))
    ran.names = []  # type: ignore[attr-defined]

    def write(**modules: str) -> None:
        for name, text in {"attic____init__": "", **modules}.items():
            path = tmp_path / (name.replace("__", "/", 1) + ".py")
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"import ran\nran.names.append(__name__)\n{text}")
        importlib.invalidate_caches()

    yield write
    for name in [name for name in sys.modules if name.partition(".")[0] in ("attic", "lumber")]:
        del sys.modules[name]


def ran() -> list[str]:
    return [name for name in sys.modules["ran"].names if name != "attic"]


def imported(statement: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    exec(statement, found)
    return found


def test_a_module_runs_when_something_of_it_is_used_and_once(write: Write) -> None:
    write(attic__chest="lid = 'oak'\ndef open(): return lid")
    chest = imported("from attic import chest")["chest"]
    assert chest.__name__ == "attic.chest"
    assert chest.__file__.endswith("chest.py")
    assert ran() == []
    assert chest.open() == "oak"
    assert chest.lid == "oak"
    assert ran() == ["attic.chest"]
    assert type(chest) is ModuleType
    assert chest is sys.modules["attic.chest"]


def test_a_name_of_a_module_is_had_at_once(write: Write) -> None:
    write(attic__chest="lid = 'oak'")
    assert imported("from attic.chest import lid")["lid"] == "oak"
    assert ran() == ["attic.chest"]


def test_a_module_that_is_imported_for_what_it_does_runs_at_once(write: Write) -> None:
    write(attic__bell="", attic__chest="")
    imported("from attic import bell, chest")
    assert ran() == ["attic.bell"]


def test_modules_run_in_the_order_of_use_and_not_of_import(write: Write) -> None:
    write(attic__chest="from attic import box, trunk\ndef open(): return trunk.what + box.what")
    write(attic__box="what = 'hats'", attic__trunk="what = 'coats, '")
    assert imported("from attic import chest")["chest"].open() == "coats, hats"
    assert ran() == ["attic.chest", "attic.trunk", "attic.box"]


def test_what_a_module_lacks_it_lacks(write: Write) -> None:
    write(attic__chest="lid = 'oak'")
    chest = imported("from attic import chest")["chest"]
    for _ in range(2):
        with pytest.raises(AttributeError, match="chest"):
            _ = chest.key
    with pytest.raises(ImportError):
        imported("from attic.chest import key")
    with pytest.raises(ModuleNotFoundError):
        imported("import attic.bird")


def test_a_module_that_fails_is_tried_again(write: Write) -> None:
    write(attic__chest="if len(ran.names) < 3: raise OSError('stuck')\nlid = 'oak'")
    chest = imported("from attic import chest")["chest"]
    with pytest.raises(OSError, match="stuck"):
        _ = chest.lid
    assert chest.lid == "oak"
    assert ran() == ["attic.chest", "attic.chest"]


def test_threads_that_want_the_same_wait_for_it(write: Write) -> None:
    write(attic__chest="import time\nlid = 'oak'\nfor _ in range(20): time.sleep(0.001)\nlock = 'brass'")
    chest = imported("from attic import chest")["chest"]
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(chest.lock)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert found == ["brass"] * 8
    assert ran() == ["attic.chest"]


def test_a_package_runs_only_for_what_it_alone_has(write: Write) -> None:
    write(lumber____init__="from lumber.heavy import weight", lumber__heavy="weight = 90", lumber__light="weight = 1")
    assert imported("from lumber.light import weight")["weight"] == 1
    lumber = imported("import lumber")["lumber"]
    assert imported("from lumber import light")["light"].weight == 1
    assert lumber.light.weight == 1
    assert ran() == ["lumber.light"]
    assert imported("from lumber import weight")["weight"] == 90
    assert ran() == ["lumber.light", "lumber", "lumber.heavy"]
