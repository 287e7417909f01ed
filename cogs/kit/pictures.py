"""Pictures that a feature has drawn with Pillow, as files.

They are written here because Pillow, asked for a PNG, first loads what it has for BMP, GIF, JPEG and PPM: half of what
the first picture of a process would cost. A drawing of a few colours needs none of its ways to pack photographs.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

#: Portable Network Graphics (PNG) Specification, third edition, W3C, June 2025: 5.2 signature, 11.2.1 IHDR.
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BITS, _TRUE_COLOUR, _DEFLATE, _ADAPTIVE, _IN_ONE_GO = 8, 2, 0, 0, 0
#: 9.2: a byte before each row says how it was filtered; not at all.
_UNFILTERED = b"\0"


def png(image: Image) -> bytes:
    """The picture as a PNG file; the same file for the same picture. Raises ValueError for a mode other than RGB."""
    if image.mode != "RGB":
        raise ValueError(f"a picture in RGB, not in {image.mode}")
    width, height = image.size
    content = image.tobytes()
    rows = b"".join(_UNFILTERED + content[at : at + 3 * width] for at in range(0, len(content), 3 * width))
    header = struct.pack(
        ">IIBBBBB", width, height, _BITS, _TRUE_COLOUR, _DEFLATE, _ADAPTIVE, _IN_ONE_GO
    )  # fmt: skip
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
