"""Seeds that stand one behind the other in one file, as files that were put together have them."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from crawler.marks import split_notes

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = re.compile(rb"\r?\n---[ \t]*+\r?\n(?=title:)")
_END = b"\n---"
_LONGEST = 4_000  # bytes of front matter
# in the text of a page the older tool writes the last one with a backslash
_KEYS = (b"title", b"url", b"source", b"date", b"fetch_date")
_FENCES = (b"```", b"~~~")
_BLANK = re.compile(rb"\n\r?\n")
_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?\s*+---[ \t]*+\r?\n")


def seeds_in(content: bytes) -> list[bytes]:
    """The seeds that a file holds, in their order: each begins with front matter of its own.

    What stands so in a person's notes is no seed. Nor is it behind a block of code, or code in the
    lines before it, or in what no tool of seeds wrote: there a stranger's article may say what a
    seed does, to the letter.
    """
    starts = [0, *_starts(content), len(content)]
    return [content[start:end] for start, end in pairwise(starts)]


def _starts(content: bytes) -> Iterator[int]:
    """Where each seed behind the first one begins."""
    first = _FIRST.match(content)
    if not first or not _is_seed(content, first.end()):
        return
    begun = 0
    for head in _HEAD.finditer(content):
        if not _is_seed(content, head.end()):
            continue
        text = content[begun : head.start()]
        is_told = any(sign in text for sign in _FENCES) or b"`" in _BLANK.split(text)[-1]
        if is_told or split_notes(text.decode("latin-1"))[1]:
            return
        begun = head.start()
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
