"""Headings of a seed's text, as those of a page.

The first level is the title's; a picture stands beside a heading and not in it; and what is too
long for a heading is a paragraph that its author set in large type.
"""

from __future__ import annotations

import re
from itertools import compress
from typing import TYPE_CHECKING

from crawler.clean.markdown import escape_line_start
from crawler.clean.seeds.damage import PICTURE
from crawler.clean.seeds.emphasis import without_bold
from crawler.clean.seeds.spans import Found, replaced_outside_code

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LONGEST = 80  # characters that show
_HEADING = re.compile(r"(?P<marks>#{1,6})[ ]+(?P<text>\S.*)\Z")
_FIRST_LEVEL = re.compile(r"^#[ ]", re.MULTILINE)
_PICTURE = re.compile(rf"(?:(?<![ ])[ ]++)?(\[{PICTURE}\]\([^)\n]{{0,2000}}\)|{PICTURE})[ ]*")
_UNSEEN = re.compile(r"\]\([^()\s]{0,2000}\)|[*~`\[\]\\]|</?[a-z]{1,6}>")
_BLANK_LINES = re.compile(r"\n{3,}")


def mend_headings(
    texts: Sequence[str], is_prose: Sequence[bool], mend: Callable[[str], str]
) -> list[str]:
    """The parts of a text, in order, with its headings mended in those that are prose.

    `mend` mends the emphasis of a line from which a picture was taken.
    """
    lowered = any(_FIRST_LEVEL.search(text) for text in compress(texts, is_prose))
    return [
        _mended(text, lowered, mend) if prose and "#" in text else text
        for text, prose in zip(texts, is_prose, strict=True)
    ]


def _mended(text: str, lowered: bool, mend: Callable[[str], str]) -> str:  # noqa: FBT001
    lines = [_line(line, lowered, mend) for line in text.split("\n")]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def _plain(words: str, mend: Callable[[str], str]) -> str:
    """A heading's words without a bold over all of them, and less the escapes that it needed."""
    plain = without_bold(words)
    return words if plain == words else mend(plain)


def _line(line: str, lowered: bool, mend: Callable[[str], str]) -> str:  # noqa: FBT001
    match = _HEADING.match(line)
    if not match:
        return line
    marks = "#" * min(6, len(match["marks"]) + lowered)
    text = _plain(match["text"], mend)
    if len(_UNSEEN.sub("", _PICTURE.sub("", text))) > _LONGEST:
        return f"\n{escape_line_start(match['text'])}\n"
    pictures: list[str] = []

    def take(found: Found) -> str:
        pictures.append(found[1])
        return " "

    words = replaced_outside_code(_PICTURE, take, text).strip()
    if not pictures:
        return f"{marks} {text}"
    words = _plain(mend(words), mend)
    heading = f"{marks} {words}" if words else ""
    # a picture stands on the side of the words on which the first one stood
    blocks = (*pictures, heading) if _PICTURE.match(text) else (heading, *pictures)
    return "\n" + "\n\n".join(filter(None, blocks)) + "\n"
