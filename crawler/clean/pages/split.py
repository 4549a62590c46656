"""Takes a page apart into what says something: its markup, and the data in its scripts.

Some 98 % of a page of 3 MB is scripts and styles. They are cut out before anything is parsed, which
makes reading faster than a bare parse of the whole page, and what is left is just what a snapshot
has to keep: reading a page and reading its snapshot are one and the same path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.clean.pages.charset import to_utf8
from crawler.clean.pages.foreign import Foreign
from crawler.clean.pages.javascript import JsObject
from crawler.clean.pages.limits import (
    MAX_PIECES,
    MAX_TAGS,
    refuse_markup,
    refuse_pieces,
    refuse_size,
)
from crawler.clean.pages.scripts import Span, page_data
from crawler.clean.pages.tokens import (
    RAW,
    TAG,
    closes_itself,
    comment_end,
    has_few_attributes,
    raw_end,
    tag_end,
)
from crawler.credentials import without_secrets

_CUT = (b"script", b"style")
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
_DRAWN_TEXTS = {
    name: re.compile(
        rb"((?:[^<]++|<(?![a-zA-Z!?/])|<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+\]\]>)*+)"
        rb"</(?i:" + name + rb")(?=[ \t\n\r\f/>])"
    )
    for name in _CUT
}
_OPEN_END = re.compile(rb"(?:<|&#?[0-9A-Za-z]*+)\Z")
_LONGEST_NAME = 40  # of a character, which has 33 at most
_DOCTYPE = re.compile(rb"\s*+<!doctype[^>]*+>", re.IGNORECASE)

# A short script that writes text into the page is part of what the page says: the words of a shared
# post (video of 2019, reposts), and the notice of 2019 whose only text stands in a document.write.
_WRITERS = (b"document.write(", b"'js_share_notice'", b"'js_video_desc'")
_MAX_WRITER = 8_000  # bytes; the longest one seen has 5,515

_ESCAPES = {b"\\n": b"\n", b"\\r": b"\r", b"\\t": b"\t", b'\\"': b'"', b"\\'": b"'", b"\\/": b"/"}
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageParts:
    """A page taken apart, or the reason why it was refused."""

    markup: bytes = b""  # UTF-8, without scripts, styles and comments
    data: JsObject = field(default_factory=JsObject)
    refusal: str = ""

    @property
    def whole(self) -> bool:
        """Whether the page came to its end."""
        return b"</html" in self.markup


def split_page(content: bytes, charset: str = "") -> PageParts:
    """Split a page as it came into its markup and the data in its scripts.

    `charset` is what HTTP said.

    Never raises; takes time in proportion to the page.
    """
    refusal = refuse_size(content)
    if refusal:
        return PageParts(refusal=refusal)
    # HTML knows no NUL, and drops it
    page = _unescaped(to_utf8(content, charset).replace(b"\0", b""))
    cutter = _Cutter(page)
    markup = _valid(cutter.markup())
    refusal = refuse_pieces(cutter.cuts) or refuse_markup(markup)
    if refusal:
        return PageParts(refusal=refusal)
    return PageParts(markup=markup, data=page_data(page, cutter.scripts))


def write_page(parts: PageParts) -> bytes:
    """A small page that comes apart into the same parts."""
    fields = parts.data.fields
    data = "".join(f"{key}: {value},\n" for key, value in fields.items())
    script = f"<script>\nwindow.cgiDataNew = {{\n{data}}};\n</script>".encode() if fields else b""
    doctype = _DOCTYPE.match(parts.markup)
    index = doctype.end() if doctype else 0
    return b"".join((_BOM, parts.markup[:index], script, parts.markup[index:]))


def shrink_page(content: bytes, *, charset: str = "") -> bytes:
    """The page without bulk, in UTF-8 with its mark.

    `read_page` reads the same from it as from the page.

    Scripts, styles and comments go, and the data that carry content and metadata are written back
    as a small `window.cgiDataNew`: of 59 real pages, 3 MB each, 10 KB are left when they are
    compressed. Session identifiers and tokens of the page's data, and the credentials in links, are
    not among what is kept. A page that is refused comes back as it is.
    """
    parts = split_page(content, charset)
    if parts.refusal:
        return content
    page = write_page(parts).decode("utf-8", "surrogateescape")
    return without_secrets(page).encode("utf-8", "surrogateescape")


def _unescaped(page: bytes) -> bytes:
    r"""Undo what a tool did that stored a page as the inside of a string literal.

    Such a page holds `<html>\n` and `class=\"`. Two are known; neither has a line's end or a bare
    quote anywhere.
    """
    head = page[:4096]
    if b"\n" in head or b'=\\"' not in head or b'="' in head or b"\\n" not in head:
        return page
    page = page.replace(b"\\\\", b"\0")
    for escape, meant in _ESCAPES.items():
        page = page.replace(escape, meant)
    return page.replace(b"\0", b"\\")


class _Cutter:
    """Goes through a page once, and keeps what is neither script, style nor comment."""

    def __init__(self, page: bytes) -> None:
        self._page = page
        self._foreign = Foreign()
        self._kept: list[bytes] = []
        self._kept_to = 0
        self._tags = 0  # of those that are looked at and kept
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
        self._foreign.pass_tag(tag)
        return tag.end()

    def _pass_raw(self, tag: re.Match[bytes], name: bytes) -> int:
        """Pass an element without markup of its own."""
        page = self._page
        end = raw_end(page, tag.end(), name)
        after = tag_end(page, end)
        if name == b"script":
            self.scripts.append((tag.end(), end))
        if name in _CUT and not (name == b"script" and _writes(page, tag.end(), end)):
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


def _writes(page: bytes, start: int, end: int) -> bool:
    return end - start < _MAX_WRITER and any(page.find(mark, start, end) >= 0 for mark in _WRITERS)


def _valid(markup: bytes) -> bytes:
    """The markup in valid UTF-8."""
    try:
        markup.decode()
    except UnicodeDecodeError:
        return markup.decode(errors="replace").encode()
    return markup
