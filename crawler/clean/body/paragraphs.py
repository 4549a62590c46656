"""One paragraph.

Its leaves as the page shows them, white space folded, grouped into as few elements as will do.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from crawler.characters import OTHER_ENDS, visible
from crawler.clean.body.tree import Element, Words
from crawler.clean.markdown import BOLD, ITALIC, STRIKE

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACES = re.compile("  +")
_OTHER_ENDS = re.compile(f"[{OTHER_ENDS}]")
_INDENT = " \u3000"
_HAN = (
    "\u2014\u2018-\u201d\u2026\u3000-\u30ff\u3400-\u9fff"
    "\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
)
_FEED = re.compile(rf"(?<=[{_HAN}])[ \t\r]*+\n[ \t\r\n]*+(?=[{_HAN}])")
# beside these a dollar is no formula's: see `crawler.formulas`
_ENDS_ALIKE = re.compile(r"[A-Za-z0-9$\\]\Z")
_BEGINS_ALIKE = re.compile(r"[A-Za-z0-9{_@(]")
_OTHER = "\ufffc"  # stands for what is no text
_PLAIN = (0, "", "")  # no style, not raised, not linked
_OF_WORDS = ("text", "code")
_ELEMENTS = ((STRIKE, "del"), (BOLD, "strong"), (ITALIC, "em"))


class Leaf(NamedTuple):
    """A piece of a line: a text, or something that stands in one."""

    kind: str  # text, break, picture, code, formula, ready (written as it is)
    text: str = ""  # what it says; for a picture its address
    style: int = 0
    raised: str = ""  # "sup" or "sub"
    href: str = ""
    alt: str = ""
    large: bool = False  # a picture that has its line for itself

    @property
    def shows(self) -> bool:
        """Whether there is anything to see."""
        return self.kind not in ("text", "break") or not (self.text.isspace() or not self.text)


def to_paragraphs(leaves: list[Leaf]) -> list[list[Leaf]]:
    """The leaves as paragraphs of lines.

    White space folded, and two breaks in a row end a paragraph.
    """
    if len(leaves) == 1 and leaves[0].kind == "text":
        leaves = _without_feeds(leaves)
        line = _trimmed([_folded(leaves[0], at_start=True, after_space=False)])
        return [line] if line else []
    paragraphs: list[list[Leaf]] = [[]]
    breaks = 0
    for leaf in _joined(_without_feeds(leaves)):
        line = paragraphs[-1]
        if leaf.kind == "break":
            breaks += 1
            continue
        piece = leaf
        if leaf.kind == "text":
            piece = _folded(leaf, at_start=not line or breaks > 0, after_space=_ends_in_space(line))
            if not piece.text:
                continue
        if breaks and line:
            _trimmed(line)
            if breaks > 1:
                line = []
                paragraphs.append(line)
            else:
                line.append(Leaf("break"))
        breaks = 0
        line.append(piece)
    return [line for line in map(_trimmed, paragraphs) if line]


def _without_feeds(leaves: list[Leaf]) -> list[Leaf]:
    """The leaves without line feeds between two Han characters or marks.

    Tools and browsers wrap the lines of a page that they save. Between words a line feed is a
    space; Chinese has none between words.
    """
    if not any("\n" in leaf.text for leaf in leaves):
        return leaves
    text = "".join(leaf.text if leaf.kind == "text" else _OTHER for leaf in leaves)
    gone = [(match.start(), match.end()) for match in _FEED.finditer(text)]
    kept: list[Leaf] = []
    start = 0
    index = 0
    for leaf in leaves:
        end = start + (len(leaf.text) if leaf.kind == "text" else len(_OTHER))
        parts, done = [], start
        while index < len(gone) and gone[index][0] < end and leaf.kind == "text":
            parts.append(text[done : max(done, gone[index][0])])
            done = min(end, gone[index][1])
            if gone[index][1] > end:
                break
            index += 1
        if parts:
            leaf = leaf._replace(text="".join(parts) + text[done:end])  # noqa: PLW2901
        kept.append(leaf)
        start = end
    return kept


def _joined(leaves: list[Leaf]) -> Iterator[Leaf]:
    """Neighbouring texts of one look as one, and spans of code, whose backticks would be glued.

    Between two formulas is a space, for their dollars would be, and one beside a letter or a digit,
    where a dollar is a price's.
    """
    first: Leaf | None = None
    texts: list[str] = []
    before = ""
    if any(leaf.kind == "formula" for leaf in leaves):
        leaves = list(_beside_formulas(leaves))
    for leaf in leaves:
        if before == "code" and leaf.kind == "text" and not visible(leaf.text):
            continue  # signs without a width keep no code apart
        if first and leaf.kind == before and leaf[2:] == first[2:]:
            texts.append(leaf.text)
            continue
        if first:
            yield from _as_one(first, texts)
        if leaf.kind == before == "formula":
            yield Leaf("text", " ")
        before = leaf.kind
        if before in _OF_WORDS:
            first, texts = leaf, [leaf.text]
        else:
            first = None
            yield leaf
    if first:
        yield from _as_one(first, texts)


def _beside_formulas(leaves: list[Leaf]) -> Iterator[Leaf]:
    """The leaves with a space between a formula and a letter by which none would be read there."""
    before: Leaf | None = None
    for leaf in leaves:
        if before and before[2:5] == leaf[2:5]:
            kinds = before.kind, leaf.kind
            is_behind = kinds == ("text", "formula") and _ENDS_ALIKE.search(visible(before.text))
            is_before = kinds == ("formula", "text") and _BEGINS_ALIKE.match(visible(leaf.text))
            if is_behind or is_before:
                yield leaf._replace(kind="text", text=" ")
        yield leaf
        before = leaf


def _as_one(first: Leaf, texts: list[str]) -> Iterator[Leaf]:
    """Texts as one; spaces at the ends of code stand beside it."""
    if first.kind != "code":
        yield first if len(texts) == 1 else Leaf("text", "".join(texts), *first[2:])
        return
    text = "".join(texts)
    space = first._replace(kind="text", text=" ")
    if text[:1].isspace():
        yield space
    yield first._replace(text=text.strip())
    if text[-1:].isspace():
        yield space


def _folded(leaf: Leaf, *, at_start: bool, after_space: bool) -> Leaf:
    text = leaf.text
    if not text.isprintable():  # a check at the speed of C, which most texts pass
        text = text.replace("\xa0", " ").replace("\n", " ").replace("\t", " ")
        if not text.isprintable():
            text = _OTHER_ENDS.sub(" ", text)
        if not text.replace("\u3000", " ").isprintable():
            text = visible(text)
    if "  " in text:
        text = _SPACES.sub(" ", text)
    if at_start:
        text = text.lstrip(_INDENT)
    elif after_space:
        text = text.removeprefix(" ")
    return Leaf("text", text, leaf.style, leaf.raised, leaf.href)


def _ends_in_space(line: list[Leaf]) -> bool:
    return bool(line) and line[-1].kind == "text" and line[-1].text.endswith(" ")


def _trimmed(line: list[Leaf]) -> list[Leaf]:
    """The same line, without white space at its end."""
    while line and line[-1].kind == "text":
        last = line.pop()
        text = last.text.rstrip(_INDENT)
        if text:
            if text != last.text:
                last = Leaf("text", text, last.style, last.raised, last.href)
            line.append(last)
            break
    return line


def apart_from_pictures(line: list[Leaf]) -> list[list[Leaf]]:
    """A paragraph as lines: a large picture and its caption are two."""
    if not any(leaf.large for leaf in line) or not any(leaf.kind == "text" for leaf in line):
        return [line]
    lines: list[list[Leaf]] = [[]]
    for leaf in line:
        if leaf.large and lines[-1]:
            lines.append([])
        if leaf.kind != "break" or lines[-1]:
            lines[-1].append(leaf)
        if leaf.large:
            lines.append([])
    trimmed = (_trimmed(list(each)) for each in lines)
    return [each for each in map(_without_breaks_around, trimmed) if each]


def _without_breaks_around(line: list[Leaf]) -> list[Leaf]:
    while line and line[-1].kind == "break":
        line.pop()
    if line and line[0].kind == "text":
        line[0] = line[0]._replace(text=line[0].text.lstrip(_INDENT))
    return [leaf for leaf in line if leaf.kind != "text" or leaf.text]


def with_dollars_escaped(line: list[Leaf]) -> list[Leaf]:
    """A line of a body that holds formulas: a dollar in its text begins none."""
    return [piece for leaf in line for piece in _apart_from_dollars(leaf)]


def _apart_from_dollars(leaf: Leaf) -> Iterator[Leaf]:
    if leaf.kind != "text" or "$" not in leaf.text:
        yield leaf
        return
    for number, part in enumerate(leaf.text.split("$")):
        if number:
            yield leaf._replace(kind="ready", text="\\$")
        if part:
            yield leaf._replace(text=part)


def fill(element: Element, leaves: list[Leaf]) -> None:
    """Put a line's leaves into its element."""
    if len(leaves) == 1 and leaves[0][2:5] == _PLAIN:
        alone = leaves[0].kind == "formula" and element.name == "p" and element.around.name != "td"
        sign = "$$" if alone else "$"
        element.add(_node(leaves[0], sign=sign))
        return
    for href, group in groupby(leaves, key=lambda leaf: leaf.href):
        into = element
        members = list(group)
        # an address that leads to itself is linked in its style
        if href and [(leaf.kind, leaf.text) for leaf in members] == [("text", href)]:
            into, link = _nested(element, members[0].style, ""), Element("a", href=href)
            into.add(link)
            link.add(Words(href))
            continue
        if href and any(leaf.shows for leaf in members):
            into = Element("a", href=href)
            element.add(into)
        for (raised, style), alike in groupby(members, key=lambda leaf: (leaf.raised, leaf.style)):
            around = _nested(into, style, raised)
            for leaf in alike:
                around.add(_node(leaf))


def _nested(into: Element, style: int, raised: str) -> Element:
    for one, name in _ELEMENTS:
        if style & one:
            inner = Element(name)
            into.add(inner)
            into = inner
    if raised:
        inner = Element(raised)
        into.add(inner)
        into = inner
    return into


def _node(leaf: Leaf, *, sign: str = "$") -> Element | Words:
    if leaf.kind == "text":
        return Words(leaf.text)
    if leaf.kind == "break":
        return Element("br")
    if leaf.kind == "picture":
        return Element("img", src=leaf.text, alt=leaf.alt)
    name = "code" if leaf.kind == "code" else "math"
    node = Element(name)
    text = f"{sign}{leaf.text}{sign}" if leaf.kind == "formula" else leaf.text
    node.add(Words(text))
    return node
