"""Takes a page apart into what says something: its markup, and the data in its scripts.

Some 98 % of a page of 3 MB is scripts and styles. They are cut out before anything is parsed, which
makes reading faster than a bare parse of the whole page, and what is left is just what a snapshot
has to keep: reading a page and reading its snapshot are one and the same path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import partial

from crawler.clean.markup import cut_page, refuse_markup, refuse_size, without_pictures
from crawler.clean.pages.charset import to_utf8
from crawler.clean.pages.javascript import JsObject
from crawler.clean.pages.scripts import page_data
from crawler.credentials import without_secrets
from crawler.spellings import SECRETS_IN_TEXTS

_DOCTYPE = re.compile(rb"\s*+<!doctype[^>]*+>", re.IGNORECASE)

# A short script that writes text into the page is part of what the page says: the words of a shared
# post (video of 2019, reposts), and the notice of 2019 whose only text stands in a document.write.
_WRITERS = (b"document.write(", b"'js_share_notice'", b"'js_video_desc'")
_MAX_WRITER = 8_000  # bytes; the longest one seen has 5,515

_ESCAPES = {b"\\n": b"\n", b"\\r": b"\r", b"\\t": b"\t", b'\\"': b'"', b"\\'": b"'", b"\\/": b"/"}
_BOM = b"\xef\xbb\xbf"
_WORDS = rb"[^<]*+(?:<(?=[^a-z/!?]|https?:)[^<]*+)*+"  # without a tag
_BEFORE = re.compile(rb"(?i)%b(?=<(?:!doctype|html|head|\?xml)[\s>])" % _WORDS)
_BEHIND = re.compile(rb"(?i)%b\Z" % _WORDS)
_END = b"</html>"
_QUOTED = rb"""=\s*+(?:"[^"]*+"|'[^']*+')"""  # a value, which may hold a `>`
_TAG = re.compile(rb"""<[a-zA-Z](?:[^<>=]++|%b|=)*+""" % _QUOTED)
# What WeChat's scripts write into its cards for whoever reads. [the cards' own code]
_OF_READER = re.compile(
    rb"""(?i)(?<=[\s"'])data-(?:exportkey|wap[_-]export[_-]token|token|pass[_-]ticket|appmsg[_-]token|uin"""
    rb"""|url-params)\s*+(?:%b|=\s*+[^\s"'>]++)|(?P<other>%b)""" % (_QUOTED, _QUOTED)
)
# A field of a form that sends such a key.
_FIELD = re.compile(
    rb"""(?i)(?<=[\s"'])name\s*+=\s*+["']?(?:%b)(?:["'\s/]|\Z)"""
    % "|".join(sorted(SECRETS_IN_TEXTS)).encode()
)
_SENT = re.compile(
    rb"""(?i)(?<=[\s"'])value\s*+(?:%b|=\s*+[^\s"'>]++)|(?P<other>%b)""" % (_QUOTED, _QUOTED)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageParts:
    """A page taken apart, or the reason why it was refused."""

    markup: bytes = b""  # UTF-8, without scripts, styles and comments
    data: JsObject = field(default_factory=JsObject)
    refusal: str = ""
    translated: bool = False  # shown in another language than its own, which the data alone have
    converted: bool = False  # shown in other characters, traditional or simplified
    closed: bool = False  # a browser closed what a download left open, that broke off

    @property
    def whole(self) -> bool:
        """Whether the page came to its end."""
        return b"</html" in self.markup and not self.closed

    @property
    def broken_off(self) -> bool:
        """Whether a page as WeChat writes it did not come to its end.

        What saves pages without the end tags that may be left out leaves quotes out as well.
        """
        return not self.whole and b"<html" in self.markup and b'id="js_' in self.markup


def split_page(content: bytes, charset: str = "") -> PageParts:
    """Split a page as it came into its markup and the data in its scripts.

    `charset` is what HTTP said.

    Never raises; takes time in proportion to the page.
    """
    content = without_pictures(content)
    refusal = refuse_size(content)
    if refusal:
        return PageParts(refusal=refusal)
    # HTML knows no NUL, and drops it
    page = _unescaped(to_utf8(content, charset).replace(b"\0", b""))
    cut = cut_page(page, keeps=partial(_writes, page))
    markup = _valid(_alone(cut.markup))
    refusal = cut.refusal or refuse_markup(markup)
    if refusal:
        return PageParts(refusal=refusal)
    return PageParts(markup=markup, data=page_data(page, cut.scripts))


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
    compressed. Session identifiers and tokens of the page's data and cards, and the credentials in
    links, are not among what is kept. A page that is refused comes back as it is.
    """
    parts = split_page(content, charset)
    if parts.refusal:
        return content
    parts = replace(parts, markup=_without_keys(parts.markup))
    page = write_page(parts).decode("utf-8", "surrogateescape")
    return without_secrets(page).encode("utf-8", "surrogateescape")


def _without_keys(markup: bytes) -> bytes:
    """The markup less the reader's keys in attributes, of which nothing is read."""
    return _TAG.sub(_without_key, markup)


def _without_key(tag: re.Match[bytes]) -> bytes:
    kept = _OF_READER.sub(rb"\g<other>", tag[0])
    is_key = kept[:6].lower() == b"<input" and _FIELD.search(kept)
    return _SENT.sub(rb"\g<other>", kept) if is_key else kept


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


def _alone(markup: bytes) -> bytes:
    """A whole page less what a tool wrote before and behind it, as the heads of its answer.

    Those hold the cookies and keys of whoever asked.
    """
    before, end = _BEFORE.match(markup), markup.lower().rfind(_END) + len(_END)
    start = before.end() if before and before[0].strip() else 0
    if end < len(_END) or not markup[end:].strip() or not _BEHIND.match(markup, end):
        return markup[start:]
    return markup[start:end]


def _writes(page: bytes, start: int, end: int) -> bool:
    return end - start < _MAX_WRITER and any(page.find(mark, start, end) >= 0 for mark in _WRITERS)


def _valid(markup: bytes) -> bytes:
    """The markup in valid UTF-8."""
    try:
        markup.decode()
    except UnicodeDecodeError:
        return markup.decode(errors="replace").encode()
    return markup
