"""What a reader sees of an article's Markdown: no picture, no link target, no mark of emphasis."""

from __future__ import annotations

import re

from crawler.characters import BIDI, JOINERS, ZERO_WIDTH

# Every class excludes the character that begins its construct, and every repetition is possessive:
# hostile text stays linear, and real text takes a third of the time.
_TARGET = r'\((?:<[^<>\n]*+>|(?:[^()\s<]++|\([^()\s]*+\))*+)(?:\s++"[^"\n]*+")?\)'
_PICTURE = re.compile(r"!\[[^\[\]\n]*+\]" + _TARGET)
_LINK = re.compile(r"\[((?:[^\[\]\n]++|\[[^\[\]\n]*+\])*+)\]" + _TARGET)
_UNSEEN = BIDI + ZERO_WIDTH + JOINERS
_MARKS = re.compile(
    # a quick look first: three times as fast
    rf"(?=[*~`\\{_UNSEEN}])(?:"
    r"\\([!-/:-@\[-`{-~])|\*{2,}|(?<![0-9A-Za-z])\*|\*(?![0-9A-Za-z])|~~|`+"
    rf"|[{_UNSEEN}])"
)
_LINE_HEAD = re.compile(
    r"^[ \t]*+(?:#{1,6}[ \t]++|>[ \t]?|[-+][ \t]++|\|?[ \t]*+:?-{3}[-:| \t]*+$|\|)", re.MULTILINE
)
_ROW_END = re.compile(r"\|$", re.MULTILINE)


def plain_text(markdown: str) -> str:
    """The words of some Markdown, in their order and on their lines. Never raises."""
    text = _PICTURE.sub("", markdown) if "![" in markdown else markdown
    text = _LINK.sub(r"\1", text) if "](" in text else text
    # what stands between the marks, and what a mark escapes
    return "".join(filter(None, _MARKS.split(text)))


def one_line(markdown: str) -> str:
    """The words of some Markdown as one line.

    Without the marks of headings, lists and tables' edges either.
    """
    text = _LINE_HEAD.sub("", plain_text(markdown))
    return " ".join(_ROW_END.sub("", text).split())
