from __future__ import annotations

import json
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.records.notice import Args
from storage.stores.notices import _written


class Word(StrEnum):
    ONE = "one"


_ODD = st.one_of(st.integers(), st.text(), st.none(), st.booleans(), st.just(Word.ONE), st.floats(allow_nan=False))


@given(st.dictionaries(st.text(), _ODD))
def test_arguments_are_written_as_json_writes_them(args: Args) -> None:
    assert _written(args) == json.dumps(args, separators=(",", ":"), sort_keys=True)


def test_what_json_has_no_word_for_is_refused() -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        _written({"fee": float("nan")})  # type: ignore[dict-item]  # what must not come
