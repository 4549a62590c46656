"""Files that hold the words of more than one seed, as files that were put together do.

They are not taken apart. The older tool wrote titles, and what pictures are called, as they came:
there a stranger's article may say what a seed does, to the letter, and its words would be another
article's.
"""

from __future__ import annotations

import re

from crawler.characters import from_utf16
from crawler.dialect import fence_after
from crawler.marks import split_notes

SEVERAL = "holds the front matter of more than one seed"
"""What is said of such a file."""

_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?\s*+---[ \t]*+\n")
_HEAD = re.compile(rb"\n---[ \t]*+\n(?=title:)")
_END = b"\n---"
_LONGEST = 4_000  # bytes of front matter
# in the text of a page the older tool writes the last one with a backslash
_KEYS = (b"title", b"url", b"source", b"date", b"fetch_date")


def holds_several(content: bytes) -> bool:
    """Whether a file holds a second seed's front matter, or its own title says that of another.

    What stands so in a block of code, or in a person's notes, is no seed.
    """
    content = from_utf16(content).replace(b"\r\n", b"\n")
    first = _FIRST.match(content)
    if not first:
        return False
    return _says_two(content, first.end()) or _holds_another(content, first.end())


def _says_two(content: bytes, start: int) -> bool:
    """Whether a title holds keys: where it is said again, as the page's heading, they are too."""
    title, key, _ = content[start : start + _LONGEST].partition(b"\nurl:")
    return b"\n# " + title.removeprefix(b"title:").lstrip() + key in content if key else False


def _holds_another(content: bytes, start: int) -> bool:
    """Whether front matter of a seed stands behind the first one, which begins here."""
    begun, fence = 0, ""
    for head in _HEAD.finditer(content, start):
        if not _is_seed(content, head.end()):
            continue
        text = content[begun : head.start()].decode("latin-1")  # lines and signs, in whatever it is
        if not fence and split_notes(text)[1]:
            return False
        for line in text.split("\n"):
            fence = fence_after(line, fence)
        if not fence:
            return True
        begun = head.start()
    return False


def _is_seed(content: bytes, start: int) -> bool:
    """Whether front matter with a seed's keys begins here, and its heading follows."""
    end = content.find(_END, start, start + _LONGEST)
    block = content[start : max(start, end)]
    said = dict(line.partition(b":")[::2] for line in reversed(block.split(b"\n")))
    if not all(key in said for key in _KEYS) or b"//mp.weixin.qq.com/" not in said[b"url"]:
        return False
    heading = b"# " + said[b"title"].strip(b" '\"")
    return content[end + len(_END) : end + _LONGEST].lstrip(b"- \t\n").startswith(heading)
