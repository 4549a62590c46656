"""What came in the place of a picture: one, or what a server or a browser puts there instead."""

from __future__ import annotations

import re
from enum import StrEnum

from crawler.archive.files.image_types import measure

MAX_BYTES = 32 << 20
PLACEHOLDER = (140, 140)
"""WeChat's answer to a foreign referrer: a picture of this size with 未经允许不可引用, as 200."""

_PLACEHOLDER_BYTES = 16 << 10


class PictureState(StrEnum):
    """What came of fetching a picture."""

    STORED = "stored"
    MISSING = "missing"  # no answer, an error, or something that is no picture
    BLOCKED = "blocked"  # the placeholder came instead
    TOO_LARGE = "too_large"


def judge_picture(content: bytes) -> tuple[PictureState, str]:
    """What came in a picture's place, and why it is not to be stored, "" where it is."""
    measured = measure(content)
    if len(content) > MAX_BYTES:
        return PictureState.TOO_LARGE, f"it has {len(content)} bytes"
    if measured is None:
        return PictureState.MISSING, "what came is no picture"
    if measured[1:] == PLACEHOLDER and len(content) < _PLACEHOLDER_BYTES:
        return PictureState.BLOCKED, "the placeholder came"
    return PictureState.STORED, ""


def is_loaded(content: bytes) -> bool:
    """Whether what came along with a page for a picture is one, and no stand-in for it.

    What a browser had not come to yet is a single dot there, or WeChat's placeholder.
    """
    state, _ = judge_picture(content)
    measured = measure(content)
    is_dot = measured is not None and (measured[1:] == (1, 1) or _DOT_DRAWN.search(content[:1024]))
    return state is PictureState.STORED and not is_dot


_DOT_DRAWN = re.compile(rb"""viewBox=["']0 0 1 1["']""")
