"""Dataclasses whose methods wait: they are what Python's own are, from the first call on."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import threading
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cogs.kit
from bot import unwritten


class Fee:
    """A fee."""

    pence: int
    currency: str = "GBP"
    terms: list[str] = field(default_factory=list, compare=False, repr=False)
    words: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", f"{self.pence} {self.currency}")


class Named:
    """Told by name only."""

    first: str
    second: int | None = None


def both(plain: type[Any], **asked: bool) -> tuple[type[Any], type[Any]]:
    """The class as Python declares it, and as we do."""
    twins = []
    for declare in (dataclass, unwritten.dataclass):
        kept = {name: value for name, value in vars(plain).items() if name not in ("__dict__", "__weakref__")}
        twins.append(declare(**asked)(type(plain.__name__, (), {**kept, "__module__": "cogs.kit"})))
    return twins[0], twins[1]


def said(do: Callable[[], object]) -> str:
    """What comes of it, an error included."""
    try:
        return repr(do())
    except (TypeError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"


def test_nothing_is_written_before_it_is_called() -> None:
    _, ours = both(Fee, frozen=True, slots=True)
    waiting = type(vars(ours)["__init__"])
    fee = ours(100)
    assert type(vars(ours)["__init__"]) is not waiting
    assert type(vars(ours)["__repr__"]) is type(vars(ours)["__eq__"]) is waiting
    assert fee == ours(100)
    assert type(vars(ours)["__eq__"]) is not waiting
    assert type(ours.__hash__) is waiting
    assert ours.__hash__(fee) == hash(fee)
    assert type(ours.__hash__) is not waiting


@given(
    pence=st.integers(), other=st.integers(0, 3), currency=st.sampled_from(["GBP", "EUR"]), terms=st.lists(st.text())
)
def test_they_are_what_python_makes(pence: int, other: int, currency: str, terms: list[str]) -> None:
    found = []
    for one in _FEES:
        fee, another = one(pence, currency, terms), one(other)
        found.append(
            (
                repr(fee), fee == another, fee == one(pence, currency), fee != another, fee == 3,
                hash(fee) == hash(one(pence, currency)), repr(replace(fee, pence=7)), dataclasses.asdict(fee),
                [(f.name, f.type, f.init, f.compare) for f in fields(one)], one.__match_args__, one.__slots__,
                one.__doc__, another.terms, repr(copy.deepcopy(fee)),
            )
        )  # fmt: skip
    assert found[0] == found[1]


_FEES = both(Fee, frozen=True, slots=True)


@pytest.mark.parametrize("kw_only", [True, False])
def test_they_complain_as_python_does(kw_only: bool) -> None:
    deeds: list[Callable[[type[Any]], object]] = [
        lambda one: one(),
        lambda one: one("a", 1),
        lambda one: one(first="a", third=1),
        lambda one: one(first="a"),
        lambda one: setattr(one(first="a"), "first", "b"),
        lambda one: delattr(one(first="a"), "first"),
        lambda one: one(first="a") < one(first="b"),
    ]
    python, ours = both(Named, frozen=True, slots=True, kw_only=kw_only)
    assert [said(lambda: deed(python)) for deed in deeds] == [said(lambda: deed(ours)) for deed in deeds]  # noqa: B023  # called at once


def test_a_frozen_one_cannot_be_changed() -> None:
    _, ours = both(Fee, frozen=True, slots=True)
    fee = ours(100)
    with pytest.raises(FrozenInstanceError):
        fee.pence = 0
    with pytest.raises(FrozenInstanceError):
        del fee.pence
    assert fee.pence == 100


def test_one_survives_pickling(monkeypatch: pytest.MonkeyPatch) -> None:
    _, ours = both(Fee, frozen=True, slots=True)
    monkeypatch.setattr(cogs.kit, "Fee", ours, raising=False)
    fee = ours(100, "EUR", ["cash"])
    back = pickle.loads(pickle.dumps(fee))
    assert (back, back.terms) == (fee, ["cash"])


def test_what_is_declared_otherwise_is_pythons() -> None:
    def of(**asked: bool) -> Callable[[type[Any]], type[Any]]:
        made: Callable[[type[Any]], type[Any]] = unwritten.dataclass(**asked)
        return made

    class Own(Named):
        """Compares itself."""

        __module__ = "cogs.kit"

        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]  # as Python would have it

    class Theirs:
        """Of no room of ours."""

    class Ours:
        __module__ = "cogs.kit"

    late = type(vars(both(Named, frozen=True, slots=True)[1])["__eq__"])
    made = [
        of(frozen=True, slots=True)(Own),
        of(frozen=True, slots=True)(Theirs),
        of(frozen=True)(type("A", (Ours,), {"__module__": "cogs.kit"})),
        of(slots=True)(type("A", (Ours,), {"__module__": "cogs.kit"})),
        of(frozen=True, slots=True, order=True)(type("A", (Ours,), {"__module__": "cogs.kit"})),
    ]
    assert not any(isinstance(value, late) for one in made for value in vars(one).values())
    assert dataclasses.is_dataclass(unwritten.dataclass(type("A", (Ours,), {})))


def test_a_class_built_on_one_is_frozen_as_it_is() -> None:
    _, ours = both(Named, frozen=True, slots=True)
    longer = unwritten.dataclass(frozen=True, slots=True)(
        type("Longer", (ours,), {"__module__": "cogs.kit", "__annotations__": {"third": "int"}, "third": 3})
    )
    assert repr(longer("a")).endswith("Longer(first='a', second=None, third=3)")
    assert longer("a") == longer("a") != ours("a")
    with pytest.raises(TypeError, match="non-frozen"):
        unwritten.dataclass(slots=True)(type("Loose", (ours,), {"__module__": "cogs.kit"}))


def test_many_threads_may_want_the_same_method_at_once() -> None:
    for _ in range(20):
        _, ours = both(Fee, frozen=True, slots=True)
        barrier = threading.Barrier(4)
        made: list[Any] = []

        def make(ours: type[Any] = ours, barrier: threading.Barrier = barrier, made: list[Any] = made) -> None:
            barrier.wait()
            made.append(ours(100))

        threads = [threading.Thread(target=make) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert made == [ours(100)] * 4
