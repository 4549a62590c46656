"""Seeds that stand one behind the other in one file, as files that were put together have them."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from crawler.dialect import fence_after
from crawler.marks import split_notes

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = re.compile(rb"\r?\n---[ \t]*+\r?\n(?=title:)")
_END = b"\n---"
_LONGEST = 4_000  # bytes of front matter
_KEYS = (b"title", b"url", b"source", b"date")
_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?\s*+---[ \t]*+\r?\n")


def seeds_in(content: bytes) -> list[bytes]:
    """The seeds that a file holds, in their order: each begins with front matter of its own.

    What stands so in a block of code, or in a person's notes, is no seed.
    """
    starts = [0, *_starts(content), len(content)]
    return [content[start:end] for start, end in pairwise(starts)]


def _starts(content: bytes) -> Iterator[int]:
    """Where each seed behind the first one begins."""
    if not _FIRST.match(content):
        return
    begun, fence = 0, ""
    for head in _HEAD.finditer(content):
        if not _is_seed(content, head.end()):
            continue
        text = content[begun : head.start()].decode("latin-1")  # lines and signs, whatever it is in
        if split_notes(text)[1]:
            return
        for line in text.split("\n"):
            fence = fence_after(line, fence)
        begun = head.start()
        if not fence:
            yield head.end() - len(head[0].lstrip(b"\r\n"))


def _is_seed(content: bytes, start: int) -> bool:
    """Whether front matter with a seed's keys begins here, and its heading follows."""
    end = content.find(_END, start, start + _LONGEST)
    block = content[start : max(start, end)]
    said = dict(line.partition(b":")[::2] for line in reversed(block.split(b"\n")))
    if not all(key in said for key in _KEYS) or b"//mp.weixin.qq.com/" not in said[b"url"]:
        return False
    heading = b"# " + said[b"title"].strip(b" \r'\"")
    return content[end + len(_END) : end + _LONGEST].lstrip(b"- \t\r\n").startswith(heading)
