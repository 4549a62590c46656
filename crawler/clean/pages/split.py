"""Takes a page apart into what says something: its markup, and the data in its scripts.

Some 98 % of a page of 3 MB is scripts and styles. They are cut out before anything is parsed, which
makes reading faster than a bare parse of the whole page, and what is left is just what a snapshot
has to keep: reading a page and reading its snapshot are one and the same path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.clean.pages.charset import to_utf8
from crawler.clean.pages.javascript import JsObject
from crawler.clean.pages.limits import (
    MAX_ATTRIBUTES,
    MAX_PIECES,
    refuse_markup,
    refuse_pieces,
    refuse_size,
)
from crawler.clean.pages.scripts import Span, page_data
from crawler.credentials import without_secrets

# Tags, comments and elements without markup of their own are told apart as the HTML standard does
# it, so that `<script` in an attribute, or the second <body> in 2017's
# `<!--headTrap<body></body>...-->`, is not taken for one.
_RAW_TEXT = rb"(?i:script|style|textarea|title|xmp|iframe|noembed|noframes|plaintext)(?=[\s/>])"
_ATTRIBUTE = (
    rb"""(?:=[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'>][^\s>]*+)?+)?+"""
)
_NAME = rb"[^\s/>]*+"
_TAG = _NAME + rb"(?:[\s/]++|" + _ATTRIBUTE + rb"){0,%d}+>" % (2 * MAX_ATTRIBUTES)
_MARKUP = re.compile(
    rb"(?:[^<]++|<(?![a-zA-Z!?/])|<(?!"
    + _RAW_TEXT
    + rb"|!--)(?:/?[a-zA-Z]"
    + _TAG
    + rb"|[!?/][^>]*+>))*+"
)
_RAW_TAG = re.compile(
    rb"<(" + _RAW_TEXT + rb")" + _NAME + rb"(?:[\s/]++|" + _ATTRIBUTE + rb")*+>?+"
)
_ENDS = {
    name: re.compile(rb"</" + name + rb"(?=[\s/>])", re.IGNORECASE)
    for name in (
        b"script",
        b"style",
        b"textarea",
        b"title",
        b"xmp",
        b"iframe",
        b"noembed",
        b"noframes",
    )
}
_CUT = (b"script", b"style")
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
    kept, scripts = _split(page)
    markup = _valid(b"".join(kept))
    refusal = refuse_pieces(len(kept)) or refuse_markup(markup)
    if refusal:
        return PageParts(refusal=refusal)
    return PageParts(markup=markup, data=page_data(page, scripts))


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


def _split(page: bytes) -> tuple[list[bytes], list[Span]]:
    """The page in pieces, without scripts, styles and comments; and where the scripts stand."""
    kept: list[bytes] = []
    scripts: list[Span] = []
    index = 0
    while index < len(page) and len(kept) <= MAX_PIECES:
        # it matches the empty text too
        stop = _MARKUP.match(page, index).end()  # type: ignore[union-attr]
        kept.append(page[index:stop])
        if page.endswith(b"<", index, stop):
            # else what is left of a `<` and right of a cut would make a tag
            kept.append(b"<!---->")
        index = _pass_raw_text(page, stop, kept, scripts)
    return kept, scripts


def _pass_raw_text(page: bytes, index: int, kept: list[bytes], scripts: list[Span]) -> int:
    """Pass what begins at `at`: an element without markup, a comment, or a tag that is none.

    Return where it ends.
    """
    tag = _RAW_TAG.match(page, index)
    if not tag:
        mark = b"-->" if page.startswith(b"<!--", index) else b">"
        end = page.find(mark, index + 2)
        return end + len(mark) if end >= 0 else len(page)
    name = tag[1].lower()
    end_tag = _ENDS[name].search(page, tag.end()) if name in _ENDS else None
    end = end_tag.start() if end_tag else len(page)
    after = page.find(b">", end) + 1 or len(page)
    if name == b"script":
        scripts.append((tag.end(), end))
    if name not in _CUT or (name == b"script" and _writes(page, tag.end(), end)):
        kept.append(page[index:after])
    return after


def _writes(page: bytes, start: int, end: int) -> bool:
    return end - start < _MAX_WRITER and any(page.find(mark, start, end) >= 0 for mark in _WRITERS)


def _valid(markup: bytes) -> bytes:
    """The markup in valid UTF-8."""
    try:
        markup.decode()
    except UnicodeDecodeError:
        return markup.decode(errors="replace").encode()
    return markup
