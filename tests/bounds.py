"""How long hostile input may take.

Seconds of the processor, on a machine as quick as the one they were set on.

What these bounds are to catch is quadratic, and takes minutes. A machine that others share may be
half as quick from one second to the next, so whoever misses a bound is measured against a fixed
piece of work at that moment.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_USUAL = 0.034  # seconds that the piece of work below took where the bounds were set


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail where the block takes more of the processor's time than that."""
    start = time.process_time()
    yield
    took = time.process_time() - start
    assert took < seconds or took < seconds * _slowness(), f"took {took:.1f} s"


def _slowness() -> float:
    def piece_of_work() -> float:
        start = time.process_time()
        sum(number * number % 7 for number in range(500_000))
        return time.process_time() - start

    return max(1.0, max(piece_of_work() for _ in range(3)) / _USUAL)
