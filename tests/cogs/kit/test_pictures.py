"""Drawings as PNG files: Pillow reads back what it has drawn."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cogs.kit.pictures import png


@settings(max_examples=30)
@given(st.integers(1, 40), st.integers(1, 40), st.randoms(use_true_random=False))
def test_what_is_written_is_what_was_drawn(width: int, height: int, chance: object) -> None:
    image = Image.new("RGB", (width, height), "white")
    image.putdata([tuple(chance.randbytes(3)) for _ in range(width * height)])  # type: ignore[attr-defined]  # a Random
    with Image.open(io.BytesIO(png(image))) as back:
        back.load()
        assert (back.format, back.mode, back.size) == ("PNG", "RGB", (width, height))
        assert back.tobytes() == image.tobytes()
    with Image.open(io.BytesIO(png(image))) as back:
        back.verify()  # checksums


def test_a_drawing_stays_small() -> None:
    assert len(png(Image.new("RGB", (900, 420), "white"))) < 5_000


def test_nothing_else_is_taken_for_a_picture() -> None:
    with pytest.raises(ValueError, match="RGBA"):
        png(Image.new("RGBA", (2, 2)))


def test_the_first_one_loads_no_other_formats() -> None:
    script = (
        "import sys; from cogs.wellness.charts import dose_chart; dose_chart([80.0, 120.0], ['Mon', 'Tue']);"
        "print(*(name for name in sys.modules if name.endswith('ImagePlugin')))"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout.split() == []
