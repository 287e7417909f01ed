"""What memory this process holds, as Linux tells it."""

from __future__ import annotations

import resource
from pathlib import Path


def own_bytes() -> int:
    """Memory this process holds now and shares with nobody: without the pages of files that the system caches."""
    resident, shared = (int(number) for number in Path("/proc/self/statm").read_text().split()[1:3])
    return (resident - shared) * resource.getpagesize()


def resident_bytes() -> int:
    """Memory this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()
