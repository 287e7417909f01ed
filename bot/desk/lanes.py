"""Which lanes go first when there is room for less than what is due: urgent ones mostly, soft ones always a little."""

from __future__ import annotations

from collections.abc import Sequence

from storage.records.notice import Lane

#: Of ten messages for which there is room, urgent ones get six, soft ones one.
WEIGHTS = {Lane.URGENT: 6, Lane.NORMAL: 3, Lane.SOFT: 1}


class Shares:
    """Splits room over lanes by weight, fair over many small claims too: what a lane did not get counts next time."""

    def __init__(self) -> None:
        self._credit = dict.fromkeys(WEIGHTS, 0)

    def split(self, lanes: Sequence[Lane], want: int) -> dict[Lane, int]:
        """`want` messages over the lanes that are due; those with no share are left out."""
        if len(lanes) == 1:
            return {lanes[0]: want}
        total = sum(WEIGHTS[lane] for lane in lanes)
        shares = dict.fromkeys(sorted(lanes), 0)
        for _ in range(want):
            for lane in shares:
                self._credit[lane] += WEIGHTS[lane]
            chosen = max(shares, key=lambda lane: self._credit[lane])
            self._credit[chosen] -= total
            shares[chosen] += 1
        return {lane: share for lane, share in shares.items() if share}
