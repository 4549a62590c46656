r"""The title of a seed.

The older tool wrote it into front matter and into the heading as its feed had it: over several
paragraphs, where a post has no title and its text stands for one, and now and then as Python spells
a text (`\"`, `xa0`).
"""

from __future__ import annotations

import re

from crawler.characters import INVISIBLE, JOINERS, on_one_line
from crawler.dialect import fence_after

_LONGEST_TITLE = 64  # characters that WeChat's editor allows; what is longer is a text
_LOWERED = re.compile(r"(?P<levels>#{1,5})# ")
_UNSEEN = re.compile(rf"[\s{INVISIBLE}{JOINERS}]+")
_SPELLED = (
    (re.compile(r"\\?(?:u200b|ufeff)"), ""),
    (re.compile(r"\\?u3000|(?<![0-9A-Za-z])\\?xa0|(?<!0)\\?xa0(?![0-9A-Za-z])"), " "),
    (re.compile(r"\\([\"'])"), r"\1"),
)


def split_heading(text: str, title: str) -> tuple[str, str]:
    """The title that the tool put first, without `# `, and what it had converted.

    It ends where all of `title` (front matter's) has been read, over however many paragraphs; where
    it says something else, with its line: the text may begin right below, as people write it.
    ("", text) where there is no heading.
    """
    if not text.startswith("# "):
        return "", text
    end = _end_of(text, title)
    heading, converted = (text[:end], text[end:]) if end else text.partition("\n")[::2]
    return heading.removeprefix("# ").strip(), converted.lstrip("\n")


def raised(text: str, title: str) -> str:
    """The text with its headings as the tool wrote them, where an editor lowered all of them.

    By the title's, which was the first: under a lower one no page of WeChat's is known for one.
    """
    lowered = _LOWERED.match(text)
    if not lowered:
        return text
    levels = len(lowered["levels"])
    if not (title and _end_of(text[levels:], title)):
        return text
    heading, fence, lines = re.compile(rf"#{{{levels}}}(?=#{{1,6}}+ )"), "", []
    for line in text.split("\n"):
        is_lowered = not fence and heading.match(line)
        lines.append(line[levels * bool(is_lowered) :])
        fence = fence_after(line, fence)
    return "\n".join(lines)


def _end_of(text: str, title: str) -> int:
    """Where a heading that says just this title ends; 0 where it does not."""
    index = 2
    for sign in _UNSEEN.sub("", title):
        while _UNSEEN.match(text[index : index + 1]):
            index += 1
        if text[index : index + 1] != sign:
            return 0
        index += 1
    rest = text[index:].partition("\n")[0]
    return 0 if _UNSEEN.sub("", rest) else index + len(rest)


def is_text(heading: str) -> bool:
    """Whether a post's title is its text: longer than a title may be, or of several lines."""
    return len(on_one_line(heading)) > _LONGEST_TITLE or "\n" in heading


def undamaged(title: str, shown: str = "") -> str:
    r"""Front matter's title, with what it spells as Python does (`\"`, `xa0`) as it was.

    `shown` is the title that the page itself shows, where it does: what it has so, too, stays.
    """
    if title == shown or on_one_line(title.replace("xa0", " ").replace('\\"', '"')) == shown:
        return shown
    for spelled, sign in _SPELLED:
        title = spelled.sub(sign, title)
    return on_one_line(title)
