"""Dataclasses whose methods are written when somebody calls them: most of the records of a program are never made.

`@dataclass` writes the source text of eight methods for every class and has Python compile it: 0.4 ms a class, which
for our three hundred is a seventh of a start, and 2 MB that stay. The program's entrance asks for this before anything
is declared. From then on our frozen classes with slots begin with their fields alone, and each method is what Python
itself writes for them, at the first call of it.

Nobody need know: where this was not asked for (in tests, under the type checker) the same lines declare ordinary
dataclasses. What is declared in any other way is left to Python altogether.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any, Final

from bot.later import OURS

#: What is waited with, and what Python is asked for to have it written.
_METHODS: Final[dict[str, dict[str, bool]]] = {
    "__init__": {"init": True, "repr": False, "eq": False},
    "__repr__": {"init": False, "repr": True, "eq": False},
    "__eq__": {"init": False, "repr": False, "eq": True},
    "__hash__": {"init": False, "repr": False, "eq": True},
}

_python = dataclasses.dataclass


def install() -> None:
    """Have them written late from now on. What is declared already stays as it is."""
    vars(dataclasses)["dataclass"] = dataclass


def dataclass(cls: type[Any] | None = None, /, **asked: bool) -> Any:
    """What stands in for `dataclasses.dataclass`, which it asks for whatever it does not do itself."""

    def declare(declared: type[Any]) -> type[Any]:
        return unwritten(declared, asked) if _is_ours(declared, asked) else _python(**asked)(declared)

    return declare if cls is None else declare(cls)


def _is_ours(cls: type[Any], asked: dict[str, bool]) -> bool:
    """Whether it is of the one plain sort that nearly all of ours are, and declared by us."""
    return (
        asked.get("frozen", False)
        and asked.get("slots", False)
        and asked.keys() <= {"frozen", "slots", "kw_only"}
        and cls.__module__.startswith(OURS)
        and type(cls) is type
        and not any(dataclasses.is_dataclass(base) for base in cls.__bases__)
        and not any(name in cls.__dict__ for name in (*_METHODS, *_SHARED))
    )


def unwritten(cls: type[Any], asked: dict[str, bool]) -> type[Any]:
    """The class with its fields and slots, and the methods that are still to be written."""
    cls.__doc__ = cls.__doc__ or cls.__name__  # else Python would look for a signature to put there
    made = _python(init=False, repr=False, eq=False, slots=True, kw_only=asked.get("kw_only", False))(cls)
    for name, value in _GIVEN.items():
        setattr(made, name, value)
    return made


class _Unwritten:
    """A method that is not there yet, in every class that has it not yet."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type[Any]) -> Any:
        if instance is None and self.name == "__hash__":
            return self  # `@dataclass` asks the defaults of fields whether they have one
        declared = next(one for one in owner.__mro__ if self.name in one.__dict__)
        if declared.__dict__[self.name] is self:  # else another thread has just had it written
            # Python writes for a child what it would have written for the parent: their fields are the same.
            child = type(declared.__name__, (declared,), {key: getattr(declared, key) for key in _NAMED})
            setattr(declared, self.name, _python(frozen=True, **_METHODS[self.name])(child).__dict__[self.name])
        return declared.__dict__[self.name].__get__(instance, owner)

    def __call__(self, instance: object, *arguments: Any, **named: Any) -> Any:
        return self.__get__(instance, type(instance))(*arguments, **named)


#: What a class is called and where it comes from; in messages the methods are known by it.
_NAMED: Final = ("__module__", "__qualname__", "__doc__")

_UNWRITTEN: Final[dict[str, Any]] = {name: _Unwritten(name) for name in _METHODS}


# --- what is the same for all of them ---------------------------------------------------------------------------------


def _set(self: Any, name: str, _: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    """For a copy; a frozen one cannot be filled as others are."""
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _take(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


_SHARED: Final[dict[str, Callable[..., Any]]] = {
    "__setattr__": _set,
    "__delattr__": _delete,
    "__getstate__": _state,
    "__setstate__": _take,
}


@_python(frozen=True)
class _Frozen:
    """As Python describes a frozen class."""


#: Also that it is frozen, for whoever builds on it: asked for that at once, Python would write `__setattr__`.
_GIVEN: Final[dict[str, Any]] = {
    **_UNWRITTEN,
    **_SHARED,
    "__dataclass_params__": vars(_Frozen)["__dataclass_params__"],
}
