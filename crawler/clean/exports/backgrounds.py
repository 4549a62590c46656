"""Pictures that a tool put into the styles of a page, as their bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_TAG = re.compile(rb"<[a-zA-Z][^<>]*+>")
_COPY = re.compile(
    rb"""(url\(\s*+(?:&quot;|&#39;|["'])?+)(data:image/[\w.+-]{1,40}+;base64,[A-Za-z0-9+/=]++)"""
)


def place_backgrounds(content: bytes, place: Callable[[str], str]) -> bytes:
    """A page whose elements have the pictures behind them under the addresses they are kept at.

    `place` gives the address of a copy, or "" where it is no picture.
    """

    def placed(copy: re.Match[bytes]) -> bytes:
        address = place(copy[2].decode("ascii"))
        return copy[1] + address.encode() if address else copy[0]

    def in_tag(tag: re.Match[bytes]) -> bytes:
        return _COPY.sub(placed, tag[0]) if b"data:image/" in tag[0] else tag[0]

    return _TAG.sub(in_tag, content) if _COPY.search(content) else content
