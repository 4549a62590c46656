"""Pages that tools saved: who saved them, and what stands around the page itself.

The page is read as every page is; here is only what tools add: a comment with the address, a block
with the source, pictures in files beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from crawler.characters import from_utf16, on_one_line, unescaped
from crawler.clean.exports.moments import read_moment
from crawler.clean.exports.properties import with_properties
from crawler.clean.exports.records import Link
from crawler.clean.exports.says import NO_TITLES, own_link
from crawler.clean.markup import parse_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser

_HEAD, _TAIL = 64 << 10, 8 << 10  # bytes: what tools add stands at a page's ends


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTool:
    """A tool that saves pages; `mark` is found at an end of them, its groups say something."""

    id: str
    name: str
    evidence: str
    mark: str
    matches: tuple[str, ...]
    spares: tuple[str, ...] = ()
    is_note: bool = False  # it keeps nothing of WeChat's page, in which its mark is an author's


# the row of a property that is an address, up to that
_NOTION_URL = r"\bproperty-row-url\">(?:(?!</?tr\b|\bproperty-row-url\"|<a href=).)*+<a href=\""
_SIMPREAD = "简悦 SimpRead</a>"

PAGE_TOOLS = (
    PageTool(
        id="singlefile",
        name="SingleFile",
        evidence="its source: link and moment in a comment, attributes without quotes",
        mark=r"<!--\s*Page saved with SingleFile\s+url: (?P<url>\S+)\s+saved date: "
        r"(?P<saved>[^\n]+)",
        matches=(
            (
                "<!--\n Page saved with SingleFile \n url: u \n"
                " saved date: Sun May 24 2026 08:33:43 GMT+0800\n-->"
            ),
        ),
        spares=("<!-- saved from url=(0001)u -->",),
    ),
    PageTool(
        id="browser",
        name='a browser\'s "complete page"',
        evidence="20 of 20 real ones come out whole where their scripts are kept",
        mark=r"<!-- saved from url=\(\d+\)(?P<url>\S+) -->",
        matches=("<!-- saved from url=(0049)https://mp.weixin.qq.com/s/a -->",),
        spares=("<!-- saved -->",),
    ),
    PageTool(
        id="exporter-html",
        name="wechat-article-exporter, HTML",
        evidence="its source; no link in the file: the list beside it has it",
        mark=r"<!-- 评论数据 -->|page_share_(?:img|text)\b(?=[^<>]*>\s*<div id=\"js_article\")",
        matches=("<!-- 评论数据 -->", '<body class="page_share_text">\n<div id="js_article">'),
        spares=("<!-- 评论 -->", '<body class="page_share_text"><main>'),
    ),
    PageTool(
        id="exporter-parts",
        name="wechat-article-exporter, HTML of the parts of a page",
        evidence="its source: what it turns into Markdown and Word, and its forks keep as HTML",
        mark=r"<(?:div|main) class=\"__page_content__\">"
        r"(?=.{0,1500}?<blockquote class=\"source\">原文地址: <a href=\"(?P<url>[^\"]+)\")"
        r"(?=.{0,2500}?<section class=\"(?:item_show_type_|pay_subscribe_notice))"
        r"(?:(?=.{0,900}?<span class=\"nick_name\">(?P<account>[^<]{1,60})))?"
        r"(?:(?=.{0,900}?<span class=\"author\">(?P<author>[^<]{1,60})))?"
        r"(?:(?=.{0,900}?<span class=\"create_time\">(?P<date>[^<]{1,40})))?",
        matches=(
            (
                '<div class="__page_content__">\n<blockquote class="source">原文地址: <a '
                'href="https://mp.weixin.qq.com/s/a">u</a></blockquote>\n'
                '<section class="item_show_type_0">'
            ),
        ),
        spares=('<div class="__page_content__"><section class="item_show_type_0">',),
    ),
    PageTool(
        id="header-block",
        name="pages with a block of source, day and link before the text",
        evidence="60 real files of one tool",
        mark=r"<div class=\"article-meta\">"  # in whatever order
        r"(?=.{0,600}?原文链接[:：](?:</\w+>)?\s*<a href=\"(?P<url>[^\"]+)\")"
        r"(?:(?=.{0,600}?来源[:：](?:</\w+>)?\s*(?P<account>[^<]{1,60})))?"
        r"(?:(?=.{0,600}?发布时间[:：](?:</\w+>)?\s*(?P<date>[^<]{1,40})))?",
        matches=(
            (
                '<div class="article-meta"><p><b>来源:</b> 甲</p><p>原文链接: <a '
                'href="https://mp.weixin.qq.com/s/a"'
            ),
        ),
        spares=('<div class="article-meta"><p>来源: 甲</p></div>',),
    ),
    PageTool(
        id="notion-html",
        is_note=True,
        name="Notion, HTML",
        evidence="ten public pages of its exporter: a property of the kind URL stands in the head",
        # (a page may have several such properties, as for its cover: the article's is looked for)
        mark=r"<article\b(?=[^<>]{0,200}? class=\"page (?:sans|serif|mono)\")"
        rf"(?:(?!<div class=\"page-body\"|<article\b|{_NOTION_URL}https?://mp\.).)*+"
        rf"{_NOTION_URL}(?P<url>[^\"]++)\"",
        matches=(
            (
                '<article id="0" class="page sans"><header><table class="properties"><tbody>'
                '<tr class="property-row property-row-url"><th>URL</th><td><a '
                'href="https://mp.weixin.qq.com/s/a" class="url-value">'
            ),
            (
                '<article id="0" class="page sans"><tr class="property-row property-row-url"><td>'
                '</td></tr><tr class="property-row property-row-url"><td><a href="u"></td></tr>'
                '<tr class="property-row property-row-url"><a href="https://mp.weixin.qq.com/s/a">'
            ),
        ),
        spares=(
            (
                '<article class="page sans"><header></header><div class="page-body"><tr '
                'class="property-row property-row-url"><a href="https://mp.weixin.qq.com/s/a">'
            ),
        ),
    ),
    PageTool(
        id="evernote-html",
        is_note=True,
        name="Evernote and 印象笔记, HTML of a note",
        evidence="its public pages: of version 10, of the Mac, and of Windows with a table of the "
        "note's days and address; several notes in one file are a list",
        mark=r"<meta (?:itemprop|name)=\"source-url\" content=\"(?P<url>[^\"<>]++)\""
        r"|<table bgcolor=\"#D4DDE5\"(?:(?!</?table\b|<a href=\"https?://mp\.).)*+"
        r"<a href=\"(?P<source>[^\"]++)\"",
        matches=(
            '<meta itemprop="source-url" content="https://mp.weixin.qq.com/s/a">',
            '<meta name="source-url" content="https://mp.weixin.qq.com/s/a"/>',
            (
                '<table bgcolor="#D4DDE5" border="0"><tr><td><b>URL：</b></td><td><a '
                'href="https://mp.weixin.qq.com/s/a">'
            ),
        ),
        spares=(
            '<meta itemprop="source" content="web.clip">',
            '<table bgcolor="#D4DDE5" border="0"><tr><td>甲</td></tr></table><a href="u">',
        ),
    ),
    PageTool(
        id="simpread-html",
        is_note=True,
        name="SimpRead (简悦), HTML",
        evidence="its source: the address stands below the text",
        mark=rf"<sr-rd-footer>(?:(?!<sr-rd-footer>|{_SIMPREAD}).)*+{_SIMPREAD}"
        r" 转码，用以提升阅读体验，<a href=\"(?P<url>[^\"]+)\"",
        matches=(
            (
                '<sr-rd-footer><div>简悦 SimpRead</a> 转码，用以提升阅读体验，<a href="u" '
                'target="_blank">原文地址 </a>'
            ),
        ),
        spares=(
            "<sr-rd-footer>简悦 SimpRead</a> 转码",
            '<p>简悦 SimpRead</a> 转码，用以提升阅读体验，<a href="u">原文地址</a></p>',
        ),
    ),
)
_MARKS = [(tool, re.compile(tool.mark, re.DOTALL)) for tool in PAGE_TOOLS]
_BEGINS = re.compile(  # a page out of a browser's memory has no document type
    rb"(?<!write\([\"'`])<!doctype html[^<>]{0,300}+>"
    rb"|</html>(?P<behind>(?:[^<>]++|<(?:!--|\?|https?:|urn:)[^<>]{0,2000}+>)*+"
    rb"<(?:html|head)\b[^<>]{0,3000}+>)",
    re.IGNORECASE,
)
_VALUE = re.compile(rb"=\s*+(?:\"[^\"]*+\"?|'[^']*+'?)")
_BEHIND_VALUE = frozenset(b"%c" % sign for sign in b" \t\r\n\f/>")
# scripts end where a document begins: WeChat writes no bare `<` of an author's into them
_PIECE = re.compile(
    rb"(?P<comment><!--(?:-?>|.*?(?:--!?>|\Z)))"
    rb"|(?P<code><(?:script|style)\b[^<>]*+>.*?(?=</(?:script|style)\b|<!doctype html|\Z))"
    rb"|(?P<tag><[a-z](?:[^<>\"'=]++|" + _VALUE.pattern + rb"|[=\"'])*+)",
    re.IGNORECASE | re.DOTALL,
)
_ELEMENT = re.compile(rb"<(?:html|head|body|div)\b", re.IGNORECASE)
_HOLDER = re.compile(
    rb"""\sid=(?P<quote>["']?)js_(?:content|article|image_desc|text_desc)(?P=quote)[\s>]"""
)
# what tools write once a note; of several in one file one alone may name a source
_NOTES = (
    re.compile(rb"<table bgcolor=\"#D4DDE5\" border=\"0\">"),
    re.compile(rb"<meta itemprop=\"source-url\""),
    re.compile(rb"<meta itemprop=\"title\""),
    re.compile(rb"<en-note\b"),
    re.compile(rb"^<a name=\"\d++\"/>\r?$", re.MULTILINE),
    re.compile(rb"<meta name=\"exporter-version\""),
    re.compile(rb"<article\b(?=[^<>]{0,200}? class=\"page (?:sans|serif|mono)\")"),
    re.compile(rb"<sr-rd-footer>"),
)
_BLOCK = re.compile(rb"<(?P<name>script|style|svg)\b", re.IGNORECASE)
_NAMES = "meta[property='og:url'], link[rel='canonical'], meta[name='url']"
_TITLES = "title, meta[itemprop='title'], meta[name='title'], a[name] > h1"
_OWN_MARKS = (b"js_content", b"js_image_desc", b"js_text_desc")
_OF_NOTES = frozenset(tool.id for tool in PAGE_TOOLS if tool.is_note)
SAVED_PAGE = "saved-page"
"""What a page is called that no tool has marked."""


class SavedBy(NamedTuple):
    """Who saved a page, and what the tool says of it."""

    producer: str
    link: Link


def saved_by(content: bytes) -> SavedBy:
    """The tool that saved a page, by what it left at the page's ends."""
    is_wechats = is_page(content)
    ends = content
    if len(content) > _HEAD + _TAIL:
        head = content[:_HEAD] if is_wechats else _head_of_note(content)
        ends = head + content[-_TAIL:]
    text = ends.decode("utf-8", "replace")
    for tool, mark in _MARKS:
        found = None if is_wechats and tool.is_note else mark.search(text)
        if found:
            return SavedBy(tool.id, _link(found.groupdict()))
    return SavedBy(SAVED_PAGE, Link(url=""))


def _head_of_note(content: bytes) -> bytes:
    """The head of HTML without styles and drawings, of which a note has hundreds of KB above it."""
    parts, size, start = list[bytes](), 0, 0
    while size < _HEAD and (block := _BLOCK.search(content, start)):
        end = content.find(b"</" + block["name"], block.end())
        if end < 0:
            break
        is_script = block["name"].lower() == b"script"
        parts.append(content[start : end if is_script else block.start()])
        size, start = size + len(parts[-1]), end
    return b"".join([*parts, content[start : start + _HEAD]])[:_HEAD]


def _link(said: dict[str, str | None]) -> Link:
    moment = read_moment((said.get("date") or "").strip())
    return Link(
        url=own_link((said.get("url") or said.get("source") or "").replace("&amp;", "&")),
        account=unescaped(said.get("account") or "").strip(),
        author=unescaped(said.get("author") or "").strip(),
        date=moment.date,
        published_at=moment.at,
        saved=(said.get("saved") or "").strip(),
    )


def is_page(content: bytes) -> bool:
    """Whether bytes are a page of WeChat's, not a piece of HTML that a tool made of one."""
    content = from_utf16(content)
    if b"js_article" in content:
        return True
    return any(mark in content for mark in _OWN_MARKS) and b"<html" in content.lower()


def pages_in(content: bytes) -> list[bytes]:
    """The pages that one file holds, in their order: where a tool went on in it, or began again.

    A page has one document type; what follows another one, and holds an article, is a page. So is
    what begins as a page right behind the end of one.
    """
    first = _ELEMENT.search(content)
    found = _begins_in(content, first.start()) if first else ()
    spans = pairwise([*found, len(content)])
    holds = (start for start, end in spans if _HOLDER.search(content, start, end))
    starts = [0, *holds, len(content)]
    return [content[start:end] for start, end in pairwise(starts)]


def _begins_in(content: bytes, after: int) -> Iterator[int]:
    """Where documents begin behind a place, but in words of one that a stranger may have written.

    A document that broke off within such words ends where the next one begins.
    """
    words = _words_in(content, after)
    start, end = after, after
    for found in _BEGINS.finditer(content, after):
        place = max(found.start(), found.start("behind"))
        while end <= found.start():
            start, end = next(words, (len(content), len(content) + 1))
        if start > found.start():
            yield place
        elif not _are_closed(content, start, end):
            yield place
            words, end = _words_in(content, found.end()), found.end()


def _words_in(content: bytes, after: int) -> Iterator[tuple[int, int]]:
    """Where comments and the values of attributes begin and end, behind a place beside them."""
    for piece in _PIECE.finditer(content, after):
        if piece.lastgroup == "comment":
            yield piece.span()
        elif piece.lastgroup == "tag":
            yield from (value.span() for value in _VALUE.finditer(content, *piece.span()))


def _are_closed(content: bytes, start: int, end: int) -> bool:
    """Whether words are all of a comment or a value: what follows a value ends it, too."""
    is_comment = content.startswith(b"<!--", start)
    return is_comment or content[end : end + 1] in _BEHIND_VALUE


def own_source(content: bytes, *, address: str = "") -> Link | None:
    """The article that HTML names as its own source, in its head or by its tool; None for none.

    `address` is what its file says, which counts for more. Several notes in one are no article.
    """
    if not address and any(len(list(islice(mark.finditer(content), 2))) > 1 for mark in _NOTES):
        return None
    tool = saved_by(content)
    tree = parse_whole(_head_of_note(content)).tree
    said = (node.attributes for node in (tree.css(_NAMES) if tree else ()))
    named = (own_link(each.get("content") or each.get("href") or "") for each in said)
    url = address or tool.link.url or next(filter(None, named), "")
    link = replace(tool.link, url=url, title=_title_of(tree))
    return with_properties(link, tree) if url else None


def _title_of(tree: LexborHTMLParser | None) -> str:
    """The title of HTML, of which a note says it in its own way alone."""
    for node in tree.css(_TITLES) if tree else ():
        words = node.attributes.get("content") or node.text()
        words = on_one_line(words).removeprefix("简悦 | ")
        if words and words not in NO_TITLES:
            return words
    return ""


def headings_of(content: bytes) -> list[str]:
    """What HTML in UTF-8 calls itself: the words of its title, and of its first heading."""
    tree = parse_whole(_head_of_note(content)).tree
    found = [tree.css_first(name) for name in ("title", "h1")] if tree else []
    return [on_one_line(node.text()) for node in found if node]


def breaks_off(content: bytes) -> bool:
    """Whether a tool's HTML of a note lacks the end, which each of them writes."""
    is_note = saved_by(content).producer in _OF_NOTES
    return is_note and b"</html" not in content[-_TAIL:].lower()
