"""Loading a module when something of it is used, not when it is named: a start pays for declarations, not for deeds.

The program knows some hundred deeds and an idle evening needs a handful of them, so its entrance asks for this before
anything else is imported. From then on

    from cogs.gigs import cards             # finds the file; it runs when somebody says `cards.something`
    from cogs.gigs.details import checked   # runs the file now: a name of it is wanted

Whoever wants a module late imports it as a module and uses it inside functions, and types from it under
`TYPE_CHECKING`. Nobody else need know: where this was not asked for (in tests, under the type checker, for the import
contracts) both lines are ordinary imports. What a start must not load is held by tests/bot/test_start.py.

Some libraries gather in their `__init__` far more than we use: of those in `PACKAGES` we import modules, and the
gathering waits until somebody wants what only it has. Those in `OPTIONAL` are parts that a library itself does without.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Collection, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, Final

#: Whose modules wait. Packages of ours do not: their `__init__` is a docstring and little else.
OURS: Final = ("bot.", "cogs.", "storage.")

#: Except those whose running changes something elsewhere. A table is known to `METADATA` once its module has run. The
#: reader of times has its words entered by one module after another, the last of which puts the phrases in order.
AT_ONCE: Final = ("storage.tables.", "cogs.kit.when.")

PACKAGES: Final = frozenset(
    {
        "sqlalchemy.ext.asyncio",  # sessions, and with them the whole ORM: 6 MB, 40 ms
        "telegram.ext",  # every handler and filter, and the job queue with its scheduler: 3 MB, 30 ms
    }
)

OPTIONAL: Final = ("httpx._main",)  # a command line, and for it click, rich and pygments: 4 MB, 60 ms

#: One for all modules, since they run inside one another. Held for milliseconds: functions import what is heavy.
_turn = threading.RLock()


def install() -> None:
    """Load late from now on. What is loaded already stays as it is; a second time changes nothing."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, Finder(OURS, PACKAGES, AT_ONCE))
        for name in OPTIONAL:
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # how Python is told that there is none


class Finder:
    """Finds modules where Python would, and has them wait.

    ours: how the names of modules that wait begin. packages: names of packages that wait. at_once: how the names of
    those among ours begin that do not.
    """

    def __init__(self, ours: tuple[str, ...], packages: Collection[str], at_once: tuple[str, ...] = ()) -> None:
        self.ours = ours
        self.packages = packages
        self.at_once = at_once

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As `importlib.abc.MetaPathFinder` has it: None for what is none of our business."""
        ours = fullname.startswith(self.ours) and not fullname.startswith(self.at_once)
        if not ours and fullname not in self.packages:
            return None
        found = PathFinder.find_spec(fullname, path, target)
        if found is not None and found.loader is not None and not (ours and found.submodule_search_locations):
            waiting: Any = _Waiting(found.loader)
            found.loader = waiting
        return found


class _Waiting:
    """Makes a module and leaves it empty; `real` is what fills it."""

    def __init__(self, real: Any) -> None:
        self.real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        made: ModuleType | None = self.real.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        module.__class__ = _Module

    def __getattr__(self, name: str) -> Any:  # what else a loader can be asked for, such as its source
        return getattr(self.real, name)


class _Module(ModuleType):
    """A module that has not run. Asked for what it has not got yet it runs, and is an ordinary one from then on."""

    def __getattr__(self, name: str) -> Any:
        module: Any = self
        spec = module.__spec__
        folders = spec.submodule_search_locations
        if folders is not None and PathFinder.find_spec(f"{spec.name}.{name}", folders) is not None:
            return importlib.import_module(f"{spec.name}.{name}")  # a package need not run for a module in it
        with _turn:
            if isinstance(spec.loader, _Waiting):  # else it is running, or has run while we waited for our turn
                waiting = spec.loader
                spec.loader = module.__loader__ = waiting.real
                try:
                    spec.loader.exec_module(module)
                except BaseException:
                    spec.loader = waiting  # as with any import, the next one tries again
                    raise
                module.__class__ = ModuleType
            return ModuleType.__getattribute__(module, name)
