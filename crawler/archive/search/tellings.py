"""Which tellings of a story are near one another, by the signatures that table `stories` keeps.

A story is a chain: whoever is like a member is one. So whoever writes texts that pass from one
article into another, little by little, makes one story of both; a search still shows both.
"""

from __future__ import annotations

from base64 import b64decode
from operator import eq

_WORD = 4  # bytes
_NEAR = 0.25
"""Of the numbers of two signatures that agree: of texts that are nearly the same, or of which one
is the beginning of the other, more do; of others hardly one."""
_MOST = 50  # tellings of one story that are told apart


class Tellings:
    """The tellings of one story that are shown."""

    def __init__(self) -> None:
        self._shown: list[memoryview] = []

    def is_new(self, signature: bytes) -> bool:
        """Whether none that is shown is near this one, which counts as shown from now on."""
        numbers = _numbers(signature)
        if len(self._shown) >= _MOST or any(_near(numbers, one) for one in self._shown):
            return False
        self._shown.append(numbers)
        return True


def _numbers(signature: bytes) -> memoryview:
    """The numbers of a signature; none of one that is damaged."""
    try:
        packed = b64decode(signature, validate=True)
    except ValueError:
        packed = b""
    return memoryview(packed[: len(packed) // _WORD * _WORD]).cast("I")


def _near(one: memoryview, other: memoryview) -> bool:
    """Whether two texts are; of a signature that tells nothing each is."""
    if len(one) != len(other):
        return True
    agreeing: int = sum(map(eq, one, other))
    return agreeing >= _NEAR * len(one)
