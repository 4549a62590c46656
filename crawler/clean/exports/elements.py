"""HTML within Markdown: tables through the reader that pages have, other elements as Markdown.

1,371 of 10,222 real documents hold raw tables, more than half of their characters. What is no
element of HTML's (`<T>`, `<your-name>`) was typed by the author and stays.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from crawler.characters import on_one_line
from crawler.clean.body import render_body
from crawler.clean.exports.drawings import without_drawings
from crawler.clean.exports.pictures import beside
from crawler.clean.markdown import link_target
from crawler.clean.markup import parse_text
from crawler.clean.seeds import (
    Found,
    lines_beside_code,
    outside_protected,
    replaced_outside_code,
    without_code,
)

if TYPE_CHECKING:
    from collections import Counter

_BLOCK_TAG = re.compile(r"<(?P<end>/?)(?P<name>table|pre)\b[^<>]*>", re.IGNORECASE)
_PRE_END = re.compile(r"</pre[ \t]*>", re.IGNORECASE)
_BEFORE_PRE = re.compile(r"(?:\A|\n)[ ]{0,3}(?:<[a-zA-Z][^<>\n]{0,200}>)*+\Z")
_NEAR = 1000  # characters of a line in which other tags may stand before `<pre>`
_ROW_TAG = re.compile(r"<(?:tr|td|th)\b", re.IGNORECASE)
_BREAK = re.compile(r"(?:(?<![ \t])[ \t]++)?<br[ ]?/?>[ \t]*\n?", re.IGNORECASE)
_ROW = re.compile(r"(?:[ \t>]|[-+*][ \t]|[0-9]{1,9}+[.)][ \t])*+\|")
_QUOTE = re.compile(r"(?:\A|(?<=\n\n))(?: {0,3}>[^\n]*+(?:\n|\Z))++")
_QUOTE_MARK = re.compile(r"^ {0,3}> ?", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}+")
_MOST_QUOTES = 4  # in one another, in which tables are looked for
# a quoted value may hold `>`
_IMAGE = re.compile(r"<img\b(?:[^<>\"']++|\"[^<\"]*+\"|'[^<']*+')*+>|<img\b[^<>]*>", re.IGNORECASE)
# pandoc leaves a link with attributes as HTML, with the elements in which its words stand; others
# would break the line, and what is no element was typed
_ANCHOR_BEGINS = r"<a\b(?:(?!\bhref=)[^<>])*+\bhref=[^<>]*+>"
_IN_LINK = (
    r"</?(?:b|code|em|font|i|small|span|strong|sub|sup|u)"
    r"(?:\s[^<>\n=]{1,200}+=[^<>\n]{0,2000}+)?+>"
)
_ANCHOR = re.compile(
    rf"{_ANCHOR_BEGINS}(?P<words>(?:[^<>\n]|{_IN_LINK}){{1,500}}+)</a>", re.IGNORECASE
)
_STYLED = re.compile(r"<(strong|b|em|i)\b[^<>]*>([^<>\n]{1,2000})</\1>", re.IGNORECASE)
_MARKERS = {"strong": "**", "b": "**", "em": "*", "i": "*"}
_KNOWN = (
    "a abbr address article aside b big blockquote body button caption center cite code "
    "col colgroup dd div dl dt em"
    " embed figcaption figure font footer form g head header hr html i iframe img ins label li "
    "main nav object ol p path"
    " picture pre section small source span strong style svg table tbody td tfoot th thead "
    "time tr tt u ul video"
    " audio mp-common-profile mp-style-type mpvoice mpprofile mpcps"
)
_TAG = re.compile(
    rf"</?(?P<name>{'|'.join(sorted(_KNOWN.split(), key=len, reverse=True))})"
    r"(?P<said>\s[^<>]*)?/?>",
    re.IGNORECASE,
)
# one over several lines, as pandoc wraps it; in a quote those have its marks
_GAP = r"(?:[ \t]|\n(?![ \t>]*+(?:\n|\Z))[ \t>]*+)"
_OVER_LINES = re.compile(
    rf"(?<!(?<!\\)\\)<(?:{'|'.join(_KNOWN.split())})(?:{_GAP}++[a-zA-Z_:@][\w:.-]*+"
    rf"(?:[ \t]*+=[ \t]*+(?:\"[^\"<]*+\"|'[^'<]*+'|[^\s\"'<>=`]++))?+)++{_GAP}*+/?>",
    re.IGNORECASE,
)
_NO_BLOCK = r"(?![ \t>]*+(?:\n|\Z|\||(?:[-+*]|#{1,6}|[0-9]{1,9}[.)])\s))"
_ANCHOR_OVER_LINES = re.compile(
    rf"{_ANCHOR_BEGINS}(?:[^<>\n]|\n{_NO_BLOCK}[ \t>]*+|{_IN_LINK}){{1,500}}+</a>", re.IGNORECASE
)
_LINE_END = re.compile(r"\n[ \t]*+(?P<marks>[ \t>]*+)")
_BLANK_LINE = re.compile(r"\n[ \t>]*+\n")
_OPEN_ENDED = "p li td th tr dd dt tbody thead tfoot col colgroup caption img hr path source embed"
_WITHOUT_END = frozenset(f"{_OPEN_ENDED} table pre".split())
"""Elements that need no tag to end them, and two that a copy breaks off in."""
_END_TAG = re.compile(r"</([a-zA-Z][\w-]*+)")
_LIKE_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][^\s<>/]*+)(?P<said>[^<>]*+>?)")
_ATTRIBUTE = re.compile(r"\s+(?:hidden\b|data-\w|[a-zA-Z_:@][\w:.-]*+\s*+=(?!=))")
_PREFIXED = re.compile(r"[a-z]\w*+:[a-z][\w-]*+\Z", re.IGNORECASE)  # as office programs write them
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_IN_LINES = "br wbr del ins s strike mark sub sup tt kbd samp var q nobr ruby rb rt rp input option"
_ELEMENTS = frozenset(f"{_KNOWN} {_IN_LINES}".split())
_OF_PAGE = frozenset(("html", "head", "body", "style", "form", "svg", "path"))  # shown in code
_DECLARED = re.compile(r"<(?=\?(?!xml)|![a-z]|/[^a-z])", re.IGNORECASE)  # a browser hides it
# in code a comment is none, either, but for the empty ones of frameworks
_DECLARED_IN_CODE = re.compile(r"<(?=\?(?!xml:)|!(?!--\s*+-->)|/[^a-z])", re.IGNORECASE)
# the three lights of a window that editors draw above code
_LIGHTS = re.compile(
    r"(?P<before>\A(?:\s|<(?!svg\b)[^<>]*+>)*+)<svg\b[^<>]*+>"
    r"(?:\s|</?(?:ellipse|circle|rect|path|g)\b[^<>]*+>)*+</svg>(?=(?:\s|<[^<>]*+>)*+[^\s<])",
    re.IGNORECASE,
)
_KEPT = "\x1c"  # in place of the `<` of what is no tag, for the while
_NOT_BESIDE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|[/#?])", re.IGNORECASE)
_HERE = "https://beside.invalid/"
_ROUND = str.maketrans("[]", "()")  # in words of a picture, which end at a bracket
_INTERESTING = re.compile(r"<[/a-zA-Z]")
_ESCAPE = re.compile(r"\\(?:\\|(?P<less><))")
_BLOCKS = frozenset(("blockquote", "dd", "div", "dl", "dt", "li", "ol", "p", "section", "ul"))
_EDGE = "\x1d"  # in place of a tag of theirs, for the while
_BETWEEN = re.compile(rf"(?<=[^\s{_EDGE}]){_EDGE}[{_EDGE} \t]*+(?=\S)")  # words of two blocks
_LESS = "\x1a"  # in place of an escaped `<`, which begins no element; it shows nothing
_LOST = "picture-without-address"


def names_closed(text: str) -> frozenset[str]:
    """The names of elements that a text closes anywhere, or that nothing has to close."""
    return _WITHOUT_END.union(name.lower() for name in _END_TAG.findall(text))


def mend_elements(text: str, counts: Counter[str], closed: frozenset[str]) -> str:
    """A text outside code with its HTML, but no table, as Markdown.

    `closed` are the names that `names_closed` gives; what begins another element was typed.
    """
    if not _INTERESTING.search(text):
        return text
    lines = lines_beside_code(without_drawings(tags_on_one_line(text)))
    return "\n".join(_mended(line, counts, closed) for line in lines)


def tags_on_one_line(text: str) -> str:
    """A text outside code with each tag and link on one line, which tools wrap."""
    for pattern in (_OVER_LINES, _ANCHOR_OVER_LINES):
        text = replaced_outside_code(pattern, _on_one_line, text)
    return text


def _on_one_line(found: Found) -> str:
    """A tag, or a link, that stands on several lines, which are one paragraph's, on one."""
    tag, text, start = found[0], found.text, found.match.start()
    if "\n" not in tag or "=" not in tag or _BLANK_LINE.search(tag):
        return tag
    before = text[text.rfind("\n", 0, start) + 1 : start].lstrip(" \t")
    if not before.startswith(">") and any(end["marks"] for end in _LINE_END.finditer(tag)):
        return tag  # a quote begins in its midst
    return _LINE_END.sub(" ", tag)


def _mended(line: str, counts: Counter[str], closed: frozenset[str]) -> str:
    """A line, whose code is left as it is."""
    is_row = "\n" not in line and _ROW.match(line) is not None
    mended = outside_protected(line, lambda part: _line(part, counts, closed, is_row=is_row))
    return mended.rstrip("\n")


def mend_images(text: str, counts: Counter[str]) -> str:
    """The text with each `<img>` as Markdown."""
    return _IMAGE.sub(lambda match: _image(match[0], counts), text)


def mend_tables(text: str, counts: Counter[str], *, depth: int = 0) -> str:
    """The text with each outermost table rendered, and each block of code, which it may hold, too.

    One that never ends or has no row is left to `mend_elements`; one in code is none.
    """
    if not _BLOCK_TAG.search(text):
        return text
    if depth < _MOST_QUOTES:
        text = _QUOTE.sub(lambda quote: _mended_quote(quote[0], counts, depth), text)
    return _mended_tables(text, counts)


def _mended_quote(quote: str, counts: Counter[str], depth: int) -> str:
    """A quote whose tables are rendered without its marks, which they would hold."""
    if not _ROW_TAG.search(quote):
        return quote
    inner = _QUOTE_MARK.sub("", quote.rstrip("\n"))
    mended = mend_tables(inner, counts, depth=depth + 1)
    if mended == inner:
        return quote
    if "```" not in mended:
        mended = _BLANK_LINES.sub("\n\n", mended)
    lines = mended.strip("\n").replace("\n", "\n> ")
    return f"> {lines}\n".replace("> \n", ">\n")


def _mended_tables(text: str, counts: Counter[str]) -> str:
    beside_code = searched = _without_escapes(without_code(text), 2 * _LESS)
    pieces = []
    done = start = depth = index = 0
    last_end = max((end.start() for end in _PRE_END.finditer(text)), default=0)
    while tag := _BLOCK_TAG.search(searched, index):
        index = tag.end()
        if tag["name"].lower() == "pre":
            if not depth and index <= last_end and _begins_code(text, tag):
                index = _PRE_END.search(text, index).end()  # type: ignore[union-attr]
                pieces += [text[done : tag.start()], _rendered(text[tag.start() : index], counts)]
                done = index
            continue
        depth += -1 if tag["end"] else 1
        if depth == 1 and not tag["end"]:
            start = tag.start()
        elif depth == 0 and tag["end"] and _ROW_TAG.search(text, start, index):
            pieces += [text[done:start].rstrip(" \t"), _rendered(text[start:index], counts)]
            counts["element:table"] += 1
            done = index
        depth = max(0, depth)
        searched = text if depth else beside_code  # backticks in a table are signs
    return "".join([*pieces, text[done:]])


def _begins_code(text: str, tag: re.Match[str]) -> bool:
    """Whether a `<pre>` begins a block: in a line of a quote or an item it holds marks of that."""
    if tag["end"]:
        return False
    around = max(0, tag.start() - _NEAR)
    line = max(around, text.rfind("\n", around, tag.start()))
    return _BEFORE_PRE.match(text, line, tag.start()) is not None


def _without_escapes(text: str, sign: str) -> str:
    """The text with a sign in place of each `<` that a backslash makes one of the author's."""
    return _ESCAPE.sub(lambda match: sign if match["less"] else match[0], text)


def _rendered(markup: str, counts: Counter[str]) -> str:
    """A table or a block of code; one that would take too long is left to `mend_elements`."""
    written = _IMAGE.sub(lambda match: _as_if_elsewhere(match[0]), _with_typed(markup))
    tree = parse_text(written).tree
    if tree is None:
        return markup
    if tree.body is None:
        return ""
    rendered = render_body(tree.body)
    counts["picture-lost"] += rendered.removed.get(_LOST, 0)
    return f"\n\n{rendered.text.replace(_HERE, '')}\n\n"


def _with_typed(markup: str) -> str:
    """HTML in which an angle that begins no element, as of `List<String>`, is one that was typed.

    In code elements are those that colour it; else an unknown one has an end or an attribute, too.
    """
    is_code = markup[:4].lower() == "<pre"
    if is_code:
        markup = _DECLARED_IN_CODE.sub("&lt;", _LIGHTS.sub(r"\g<before>", markup))
    else:
        markup = _DECLARED.sub("&lt;", markup)
    elements = _ELEMENTS - _OF_PAGE if is_code else _ELEMENTS | _closed_in(markup)

    def written(tag: re.Match[str]) -> str:
        is_other = not is_code and _is_given(tag)
        is_kept = is_other or _is_element(tag, elements)
        return tag[0] if is_kept else f"&lt;{tag[0][1:]}"

    return _LIKE_TAG.sub(written, markup)


def _closed_in(markup: str) -> frozenset[str]:
    """The names that a tag opens, and another one closes."""
    names = {(tag["end"], tag["name"].lower()) for tag in _LIKE_TAG.finditer(markup)}
    return frozenset(name for end, name in names if not end and ("/", name) in names)


def _is_given(tag: re.Match[str]) -> bool:
    """Whether a tag has an attribute, or a prefix."""
    name, said = tag["name"], tag["said"]
    return bool(_PREFIXED.match(name) or (len(name) > 1 and _ATTRIBUTE.match(said)))


def _is_element(tag: re.Match[str], elements: frozenset[str]) -> bool:
    name, said = tag["name"].lower(), tag["said"]
    is_tag = len(name) > 1 or _ATTRIBUTE.match(said) is not None
    return name in elements and (is_tag or (said.endswith(">") and not _is_typed(name, said)))


def _as_if_elsewhere(markup: str) -> str:
    """A picture beside the document under an address that the reader of pages keeps."""
    address, words = _picture_beside(markup) if _inline(markup).is_lost else ("", "")
    if not address:
        return markup
    return f'<img src="{_HERE}{escape(link_target(address))}" alt="{escape(words)}">'


def _line(line: str, counts: Counter[str], closed: frozenset[str], *, is_row: bool) -> str:
    if "<" not in line:
        return line
    line = _without_escapes(line.replace(_LESS, "").replace(_KEPT, "").replace(_EDGE, ""), _LESS)
    line = mend_images(line, counts)
    line = _ANCHOR.sub(_link, line)
    line = _STYLED.sub(_styled, line)
    if not is_row:
        line = _BREAK.sub("  \n", line)
    typed = line.count(_LESS)
    line, found = _TAG.subn(lambda tag: _without_tag(tag, closed), line)
    taken = found - line.count(_KEPT) - (line.count(_LESS) - typed)
    if taken:
        counts["element:tag"] += taken
    apart = " " if is_row else "  \n"
    line = _BETWEEN.sub(apart, line).replace(_EDGE, "")
    return line.replace(_KEPT, "<").replace(_LESS, "\\<")


def _without_tag(tag: re.Match[str], closed: frozenset[str]) -> str:
    """Nothing in place of a tag, or a block's edge; what only looks like one (`a<b 时 c>d`) stays.

    So does one that an author speaks of (`用 <div> 包裹`), for nothing ends it.
    """
    name, said = tag["name"].lower(), tag["said"] or ""
    if _is_typed(tag["name"], said):
        return _KEPT + tag[0][1:]
    is_bare = not said.strip() and "/" not in tag[0]
    if is_bare and name not in closed:
        return _LESS + tag[0][1:]
    return _EDGE if name in _BLOCKS else ""


def _is_typed(name: str, said: str) -> bool:
    """Whether what stands behind an element's name is no attributes."""
    if _ATTRIBUTE.match(said):
        return False
    if not _QUOTED.sub("", said).isascii():
        return True
    return len(name) == 1 and "=" not in said and bool(said.strip(" \t\r\n/>"))


class _Inline(NamedTuple):
    """What a picture or a link is in a line; `is_lost`: a picture without an address of the web."""

    text: str = ""
    is_lost: bool = False


def _inline(markup: str) -> _Inline:
    """A picture or a link, by the reader of pages."""
    tree = parse_text(markup.replace(_LESS, "&lt;")).tree
    if tree is None or tree.body is None:
        return _Inline()
    rendered = render_body(tree.body)
    return _Inline(_without_escapes(rendered.text.strip(), _LESS), _LOST in rendered.removed)


def _image(markup: str, counts: Counter[str]) -> str:
    """A picture of the web, or one beside the document, which no page has; else it is lost."""
    shown = _inline(markup)
    if shown.is_lost:
        shown = _inline(_as_if_elsewhere(markup))
    counts["picture-lost"] += shown.is_lost
    return shown.text.replace(_HERE, "")


def _picture_beside(markup: str) -> tuple[str, str]:
    """The address of a picture beside the document, and its words; empty of any other."""
    tree = parse_text(markup.replace(_LESS, "&lt;")).tree
    picture = tree.css_first("img") if tree else None
    told = picture.attributes if picture else {}
    address = (told.get("src") or "").strip()
    if not address or _NOT_BESIDE.match(address):
        return "", ""
    return beside(address), on_one_line(told.get("alt") or "").translate(_ROUND)


def _link(match: re.Match[str]) -> str:
    """A link; what is Markdown in it by now, a picture, no reader of HTML would know."""
    if "![" not in match["words"]:
        return _inline(match[0]).text
    tree = parse_text(match[0]).tree
    link = tree.css_first("a") if tree else None
    address = (link.attributes.get("href") if link else "") or ""
    is_whole = address.startswith(("http://", "https://"))
    return f"[{match['words']}]({link_target(address)})" if is_whole else match["words"]


def _styled(match: re.Match[str]) -> str:
    marker = _MARKERS[match[1].lower()]
    core = match[2].strip()
    before, _, after = match[2].partition(core) if core else (match[2], "", "")
    return f"{before}{marker}{core}{marker}{after}" if core else match[2]
