"""What a piece of HTML shows, read by a walk of its own: the measure for every converter.

Nothing here is shared with the converter that is measured. The same walk reads a page's body and a
rendering of Markdown; on a page it also knows where WeChat keeps pictures, and what its styles and
players hide or say.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

NOT_TEXT = frozenset(
    {"script", "style", "template", "noscript", "head", "title", "-comment", "rp", "desc", "defs"}
)
BLOCKS = frozenset(
    {
        "p",
        "div",
        "section",
        "article",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "blockquote",
        "pre",
        "figure",
        "br",
    }
)
LIST_MARKS = dict.fromkeys(map(ord, "•●○▪■◆∙◦‣"))  # what a list shows by itself
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BOLD_TAGS = frozenset({"strong", "b"})
WIDGET_WORDS = (  # attributes in which WeChat's players and cards hold the words that they show
    "name",
    "author",
    "music_name",
    "singer",
    "data-title",
    "data-nickname",
    "data-alias",
    "data-signature",
    "data-miniprogram-nickname",
    "data-miniprogram-title",
    "data-name",
    "data-address",
    "data-desc",
)
WIDGETS = re.compile(r"mp-(?!style)|mpvoice\Z|qqmusic\Z|mpvideo\Z")
DRAWN_PLAYER = re.compile("js_mpvedio_wrapper_")  # which a script put into a frame's place
BLANK_PICTURE = re.compile(r"pic_blank\.gif|spacer\.gif")
NO_WIDTH = re.compile("[\u200b-\u200f\u2060\ufeff]")
LONG = 80  # characters; a heading or header of so many is a paragraph by its looks
MIN_SIDE = 2  # pixels; what is smaller is a tracker


@dataclass(slots=True)
class Shown:
    """Texts without white space; addresses without their scheme."""

    text: list[str] = field(default_factory=list)
    bold: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)  # of headings and of header cells
    headers: set[int] = field(default_factory=set)  # where in memory those cells stand
    images: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    code: Counter[str] = field(default_factory=Counter)
    cells: Counter[str] = field(default_factory=Counter)
    formulas: list[str] = field(default_factory=list)
    widgets: int = 0  # players and cards
    # the text outside code, with its white space, to look for leaks
    prose: list[str] = field(default_factory=list)

    @property
    def characters(self) -> str:
        """All text."""
        return "".join(self.text)

    @property
    def bold_characters(self) -> str:
        """The text in bold, but for titles, which are bold by themselves."""
        return "".join(self.bold)


@dataclass(frozen=True, slots=True)
class _Around:
    """What the elements around a text say of it."""

    bold: bool = False
    code: bool = False
    svg: bool = False
    title: bool = False  # in a heading, or in a header's cell, which are bold by themselves


def shown(node: LexborNode) -> Shown:
    """Read what an element shows."""
    found = Shown()
    stack: list[tuple[LexborNode, _Around]] = [
        (child, _Around()) for child in reversed(list(node.iter(include_text=True)))
    ]
    while stack:
        child, around = stack.pop()
        tag = child.tag or ""
        if tag == "-text":
            _read_text(found, child.text_content or "", around)
            continue
        inside = _read_element(found, child, tag, around)
        if inside:
            stack.extend((each, inside) for each in reversed(list(child.iter(include_text=True))))
    return found


def _read_text(found: Shown, text: str, around: _Around) -> None:
    if around.svg:
        return
    if not around.code:
        found.prose.append(text)
    dense = _without_space(text).translate(LIST_MARKS)
    found.text.append(dense)
    if around.bold and not around.title:
        found.bold.append(dense)


def _without_space(text: str) -> str:
    """Text without white space and without marks of no width, which nobody sees."""
    return NO_WIDTH.sub("", "".join(text.split()))


def _read_element(found: Shown, node: LexborNode, tag: str, around: _Around) -> _Around | None:
    attributes = {name: value or "" for name, value in node.attributes.items()}
    style = attributes.get("style", "").lower().replace(" ", "")
    if tag in NOT_TEXT or "display:none" in style:
        return None
    if tag in BLOCKS:
        found.prose.append("\n")
    if "data-formula" in attributes:
        found.formulas.append(attributes["data-formula"])
        return None
    if WIDGETS.match(tag):
        _read_widget(found, attributes)
    if tag == "iframe" or DRAWN_PLAYER.match(attributes.get("id", "")):
        found.widgets += 1
        return None
    _read_target(found, node, tag, attributes)
    if tag == "pre" and len(node.css("pre")) == 1:
        found.code.update(line for line in _code_lines(node) if line)
    if tag == "table" and _holds_data(node):
        found.cells.update(text for cell in node.css("td, th") if (text := _dense(cell)))
        first = node.css_first("tr")
        found.headers.update(cell.mem_id for cell in (first.iter() if first else ()))
    title = _is_title(found, node, tag)
    if title:
        found.titles.append(_without_space(node.text()))
    return _inside(tag, style, replace(around, title=around.title or title), node)


def _is_title(found: Shown, node: LexborNode, tag: str) -> bool:
    """Whether an element is a heading or a header's cell, and not a paragraph by its length."""
    if node.mem_id in found.headers:
        return len(_without_space(node.text())) < LONG
    if tag not in HEADINGS:
        return False
    text = " ".join(node.text().split())
    return len(text) <= LONG and not (len(text) > LONG / 2 and "。" in text)


def _inside(tag: str, style: str, around: _Around, node: LexborNode) -> _Around:
    bold = around.bold or tag in BOLD_TAGS
    weight = re.search(r"(?:^|;)font-weight:([a-z0-9]+)", style)
    if weight and (weight[1].isdigit() or weight[1] in ("bold", "bolder", "normal", "lighter")):
        bold = int(weight[1]) >= 600 if weight[1].isdigit() else weight[1].startswith("bold")
    svg = (around.svg or tag == "svg") and tag not in ("text", "foreignObject", "foreignobject")
    if tag in ("ul", "ol") and "line-index" in (node.attributes.get("class") or ""):
        svg = True  # line numbers
    return replace(around, bold=bold, code=around.code or tag in ("pre", "code"), svg=svg)


def _read_target(found: Shown, node: LexborNode, tag: str, attributes: dict[str, str]) -> None:
    if tag in ("img", "image", "embed", "mp-common-sticker"):
        _read_image(found, attributes)
    elif tag == "a":
        _read_link(found, node, attributes)


def _read_widget(found: Shown, attributes: dict[str, str]) -> None:
    words = [html.unescape(attributes[name]) for name in WIDGET_WORDS if attributes.get(name)]
    if attributes.get("data-votesubject"):
        for subject in json.loads(attributes["data-votesubject"]):
            words += [
                subject.get("title", ""),
                *(option.get("name", "") for option in subject.get("options", ())),
            ]
    found.text.append(_without_space("".join(words)))
    found.widgets += 1


def _read_image(found: Shown, attributes: dict[str, str]) -> None:
    sources = (
        attributes.get(name, "")
        for name in ("data-src", "data-emoji_url", "src", "href", "xlink:href")
    )
    address = next((source for source in sources if re.match(r"(?:https?:)?//", source)), "")
    width = attributes.get("data-w") or attributes.get("width", "")
    if (
        address
        and not BLANK_PICTURE.search(address)
        and not (width.isdigit() and int(width) < MIN_SIDE)
    ):
        # some converters tidy the query
        found.images.add(re.split(r"[?#]", address_key(address))[0])


def _read_link(found: Shown, node: LexborNode, attributes: dict[str, str]) -> None:
    address = attributes.get("href", "").strip()
    if re.match(r"https?://|mailto:", address) and (
        _dense(node) or node.css_first("img") is not None
    ):
        found.links.add(address_key(address))


def address_key(address: str) -> str:
    """An address as it is compared: without its scheme, entities and percent signs undone."""
    return unquote(html.unescape(address)).partition("//")[2] or unquote(html.unescape(address))


def _dense(node: LexborNode) -> str:
    return shown(node).characters


def _holds_data(table: LexborNode) -> bool:
    rows = [
        len([cell for cell in row.iter() if cell.tag in ("td", "th")]) for row in table.css("tr")
    ]
    nested = len(table.css("table")) > 1
    return (
        not nested
        and max(rows, default=0) > 1
        and (len(rows) > 1 or table.css_first("th") is not None)
    )


def _code_lines(pre: LexborNode) -> list[str]:
    """Lines as a browser shows them.

    Each <code> of several is a block, and so are the usual blocks.
    """
    codes = sum(child.tag == "code" for child in pre.iter())
    parts: list[str] = []

    def read(node: LexborNode, depth: int) -> None:
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if tag == "-text":
                text = child.text_content or ""
                if not (codes > 1 and depth == 0 and not text.strip()):
                    parts.append(text)
            elif tag == "br":
                parts.append("\n")
            elif tag not in NOT_TEXT and "line-index" not in (child.attributes.get("class") or ""):
                block = tag in ("p", "div", "section", "li") or (codes > 1 and tag == "code")
                if block and parts and not parts[-1].endswith("\n"):
                    parts.append("\n")
                read(child, depth + 1)
                if block and not (parts and parts[-1].endswith("\n")):
                    parts.append("\n")

    read(pre, 0)
    return [line.replace("\xa0", " ").rstrip() for line in "".join(parts).split("\n")]


def body_of_markup(markup: str) -> LexborNode:
    """The element that holds some HTML."""
    body = LexborHTMLParser(markup).body
    if body is None:
        raise ValueError("lexbor gives every document a body")
    return body
