"""Pieces that tools keep of an article (feeds, readers, databases, lists), as Markdown."""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from crawler.clean.body import render_body
from crawler.clean.exports.mend import MendedText
from crawler.clean.exports.pictures import unwrap_pictures
from crawler.clean.markdown import escape_line_start, escape_text
from crawler.clean.markup import parse_fragment

if TYPE_CHECKING:
    from collections.abc import Mapping

# what a browser passes over before a page: comments, whatever ends them, and what it takes for one
_UNSEEN = r"<!--(?:-?>|(?:[^-]|-(?!-!?>))*+--!?>)|<!\[[^<>]*+>|<\?[^<>]*+>"
_HTML = re.compile(
    # a page that was made small may lack the tags that begin one; below a comment stands Markdown
    # with elements as well, but never with one of a page's head
    rf"(?:\s|{_UNSEEN})*+<(?:(?:!doctype html|html|head|body)\b"
    # an author who speaks of one writes it with nothing in it, and without an end
    r"|(?:meta|link|base)\s[^<>=]*+=|title\b[^<>]*+>[^<]*+</title\b)"
    r"|\s*<(?:\?xml|div|p|section|article|h\d|span|img|en-note|ul|ol"
    r"|table|figure|blockquote|br|a|strong)\b",
    re.IGNORECASE,
)
# as Wechat2RSS writes it, in spans without an attribute; an announcement may begin with when and
# where something is, and WeChat's own words stand in spans with some
_OWN_SPANS = re.compile(
    r"\s*+(?:<div[^<>]*+>\s*+)*+<p>\s*+(?:原创\s*+)?(?:<span>[^<>]{1,40}+</span>\s*+)?"
    r"<span>\s*+\d{4}-\d\d-\d\d \d\d:\d\d\s*+</span>",
    re.ASCII,
)
_BYLINE = re.compile(
    r"\A(?:原创 ?)?(?:(?P<author>\S{1,40}) )?(?P<date>\d{4}-\d\d-\d\d \d\d:\d\d)(?: "
    r"\S{1,12})?[ ]*(?:\n|\Z)"
)
# HTML that begins with words, or with a film, in what holds nothing but HTML
_BLOCKS = re.compile(r"</(?:p|div|section)\s*+>", re.IGNORECASE)
# Evernote keeps pictures apart from the text, and says of each only what its bytes come to
_EN_PICTURE = re.compile(
    r"<en-media\b(?:(?!\stype=)[^<>])*+\stype=[\"']image/[^<>]*+>", re.IGNORECASE
)
# we-mp-rss shows pictures by a path of its own server, also where it keeps them
_BY_SERVER = re.compile(
    r"(?<=[\"'])(?:https?://[^/\"'\s<>]{1,200}+)?/static/res/logo/"
    r"(?P<address>https?(?::|%3A)[^\"'\s<>]{1,2000}+)",
    re.IGNORECASE,
)
_ROOTS = (
    "#js_content, en-note, .__page_content__ > [class^='item_show_type_'],"
    ".__page_content__ > .pay_subscribe_notice,"
    "article.page > .page-body, sr-read > sr-rd-content"
)
"""What holds the text where a tool keeps more of a page than that."""
_EXPORTER, _IN_HEAD = 'name="exporter-version"', 2000  # characters
_NOTE_HEAD = "table[bgcolor='#D4DDE5'][border='0']:not([width])"
"""What Evernote for Windows puts above a note: when it was made, and where it is from."""
_LOST = "picture-without-address"
_ANCHORS = re.compile(
    r"\ufeff?\s*+(?:(?:<a (?:name|id)=\"[^\"<>\n]{1,200}+\"></a>|<!--(?:[^-]|-(?!->))*+-->)\s*+)++"
    r"(?=[^<])"
)


def is_html(text: str) -> bool:
    """Whether a text is HTML, not Markdown that holds some."""
    return _HTML.match(text) is not None


def without_anchors(text: str) -> str:
    """Markdown without what shows nothing above its first line: anchors, as Yuque has, comments."""
    found = _ANCHORS.match(text)
    return text[found.end() :] if found else text


def holds_blocks(text: str) -> bool:
    """Whether a text ends any block of HTML's."""
    return _BLOCKS.search(text) is not None


def read_fragment(text: str) -> tuple[Mapping[str, str], MendedText]:
    """What a byline before the text says, and the text as Markdown, or why it is refused."""
    text = _BY_SERVER.sub(_own_address, _EN_PICTURE.sub("<img>", text))
    tree, refusal = parse_fragment(text)
    if tree is None:
        return {}, MendedText(text="", refusal=refusal)
    root = tree.css_first(_ROOTS) or tree.body
    if root is None:
        return {}, MendedText(text="")
    note_head = root.css_first(_NOTE_HEAD) if _EXPORTER in text[:_IN_HEAD] else None
    if note_head:
        note_head.decompose()
    rendered = render_body(root)
    counts = Counter(rendered.removed)
    counts["picture-lost"] = counts.pop(_LOST, 0)
    written = unwrap_pictures(rendered.text, counts)
    byline = _BYLINE.match(written)
    is_signed = byline and byline["author"] and written.startswith("原创")
    if not (is_signed or _OWN_SPANS.match(text)):
        byline = None
    said = {name: value for name, value in byline.groupdict().items() if value} if byline else {}
    written = written[byline.end() :].lstrip("\n") if byline else written
    lost = counts["picture-lost"]
    return said, MendedText(text=written, pictures_lost=lost, removed=dict(+counts))


def _own_address(found: re.Match[str]) -> str:
    address = found["address"]
    return escape(unquote(address)) if "%3A" in address[:9].upper() else address


def read_plain(text: str) -> MendedText:
    """Plain text as Markdown: each line a paragraph, and nothing in it taken for markup."""
    lines = (line.strip() for line in text.split("\n"))
    shown = (escape_line_start(escape_text(line)) for line in lines if line)
    return MendedText(text="\n\n".join(shown))
