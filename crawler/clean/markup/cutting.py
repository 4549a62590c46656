"""Takes out of a page what shows nothing, before it is parsed: scripts, styles and comments.

Some 98 % of a page of 3 MB is that. What is left shows the very words of the whole, as a browser
has them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crawler.clean.markup.foreign import Foreign
from crawler.clean.markup.limits import MAX_PIECES, MAX_TAGS, refuse_pieces
from crawler.clean.markup.tokens import (
    ENDS_NAME,
    OWN,
    RAW,
    TAG,
    closes_itself,
    comment_end,
    has_few_attributes,
    raw_end,
    tag_end,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Span = tuple[int, int]  # where a script's text begins and ends in its page

_CUT = (b"script", b"style")
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
_DRAWN_TEXTS = {
    name: re.compile(
        rb"((?:[^<]++|<(?![a-zA-Z!?/])|<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+\]\]>)*+)"
        rb"</(?i:" + name + rb")(?=[ \t\n\r\f/>])"
    )
    for name in _CUT
}
_OWN = re.compile(OWN)
_OWN_TAG = re.compile(rb"<(?P<end>/?)(?P<name>" + OWN + rb")" + ENDS_NAME, re.IGNORECASE)
_OPEN_END = re.compile(rb"(?:<|&#?[0-9A-Za-z]*+)\Z")
_LONGEST_NAME = 40  # of a character, which has 33 at most


def _left_open(page: bytes) -> set[int]:
    """Where elements of WeChat's begin whose end tag was lost: none of them holds its like."""
    begun: dict[bytes, int] = {}
    left_open: set[int] = set()
    for tag in _OWN_TAG.finditer(page):
        name = tag["name"].lower()
        before = begun.pop(name, None)
        if tag["end"]:
            continue
        begun[name] = tag.start()
        if before is not None:
            left_open.add(before)
    return left_open | set(begun.values())


class Cut(NamedTuple):
    """What is left of a page, where its scripts stood, and why it is refused."""

    markup: bytes
    scripts: list[Span]
    refusal: str


def cut_page(page: bytes, keeps: Callable[[int, int], bool] = lambda *_: False) -> Cut:
    """A page in UTF-8 without scripts, styles and comments; `keeps` tells which script stays.

    Takes time in proportion to the page.
    """
    cutter = _Cutter(page, keeps)
    markup = cutter.markup()
    return Cut(markup, cutter.scripts, refuse_pieces(cutter.cuts))


class _Cutter:
    """Goes through a page once, and keeps what is neither script, style nor comment."""

    def __init__(self, page: bytes, keeps: Callable[[int, int], bool]) -> None:
        self._page = page
        self._keeps = keeps
        self._foreign = Foreign()
        self._kept: list[bytes] = []
        self._kept_to = 0
        self._tags = 0  # of those that are looked at and kept
        self._left_open = _left_open(page)
        self.cuts = 0
        self.scripts: list[Span] = []

    def markup(self) -> bytes:
        """What is kept; of a page with too many cuts or tags, what stands before these."""
        page, index = self._page, 0
        while index < len(page) and self.cuts <= MAX_PIECES and self._tags <= MAX_TAGS:
            # it matches the empty text too
            stop = self._foreign.markup.match(page, index).end()  # type: ignore[union-attr]
            index = self._pass(stop) if stop < len(page) else stop
        return b"".join([*self._kept, page[self._kept_to : index]])

    def _pass(self, index: int) -> int:
        """Pass what stops the pattern of plain markup, and return where it ends."""
        page = self._page
        if page.startswith(b"<!--", index):
            return self._cut(index, comment_end(page, index))
        self._tags += 1
        if page.startswith(_CDATA, index):
            end = page.find(_CDATA_END, index)
            return end + len(_CDATA_END) if end >= 0 else len(page)
        tag = TAG.match(page, index)
        if not tag:
            return self._cut(index, len(page))
        name = b"" if tag["end"] else tag["name"].lower()
        is_empty = closes_itself(tag)
        if name in RAW and self._foreign.is_html and not (is_empty and self._foreign.is_unsure):
            return self._pass_raw(tag, name)
        if not has_few_attributes(tag[0]):
            return self._cut(index, tag.end())
        if name in _CUT and not is_empty:
            return self._pass_text(tag, name)
        is_closed = is_empty or tag.start() in self._left_open
        if is_closed and _OWN.fullmatch(name) and self._foreign.is_html:
            return self._close(tag, b"</" + name + b">")
        self._foreign.pass_tag(tag)
        return tag.end()

    def _close(self, tag: re.Match[bytes], end_tag: bytes) -> int:
        """Close an element of WeChat's at its tag: what follows would stand in it."""
        end = tag.end()
        if self._page[end : end + len(end_tag)].lower() == end_tag:
            return end
        return self._cut(end, end, instead=end_tag)

    def _pass_raw(self, tag: re.Match[bytes], name: bytes) -> int:
        """Pass an element without markup of its own."""
        page = self._page
        end = raw_end(page, tag.end(), name)
        after = tag_end(page, end)
        if name == b"script":
            self.scripts.append((tag.end(), end))
        if name in _CUT and not (name == b"script" and self._keeps(tag.end(), end)):
            return self._cut(tag.start(), after)
        if not has_few_attributes(tag[0]):
            self._cut(tag.start(), tag.end(), instead=b"<" + name + b">")
        return after

    def _pass_text(self, tag: re.Match[bytes], name: bytes) -> int:
        """Pass a <style> or <script> in a drawing, where it is markup: cut it, if it holds none."""
        text = _DRAWN_TEXTS[name].match(self._page, tag.end())
        if not text:
            return tag.end()
        if name == b"script":
            self.scripts.append(text.span(1))
        return self._cut(tag.start(), tag_end(self._page, text.end(1)))

    def _cut(self, start: int, end: int, instead: bytes = b"") -> int:
        self.cuts += 1
        self._kept.append(self._page[self._kept_to : start])
        # else what is left of a `<` or `&am` and right of a cut would make a tag or a character
        if _OPEN_END.search(self._page, max(self._kept_to, start - _LONGEST_NAME), start):
            self._kept.append(b"<!---->")
        self._kept.append(instead)
        self._kept_to = end
        return end
