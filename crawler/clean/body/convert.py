"""A pruned body as Markdown: markdownify, subclassed.

What differs from markdownify is general, and written so that it could be offered to it: emphasis
that closes beside Chinese punctuation, escapes only where they are needed, fences and code spans
with enough backticks, tables with a header that is one, lists without blank lines between their
items.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markdownify import MarkdownConverter

from crawler.clean.body.prune import prune_body
from crawler.clean.body.tables import alignments
from crawler.clean.body.tree import Element
from crawler.clean.markdown import (
    BOLD,
    BREAK,
    ITALIC,
    STRIKE,
    code_fence,
    code_span,
    join_lines,
    link_target,
    linked,
    picture,
    ready,
    styled,
    write_heading,
    write_line,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from selectolax.lexbor import LexborNode


_IN_LINES = frozenset(
    {
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "strong",
        "em",
        "del",
        "a",
        "sup",
        "sub",
        "code",
        "math",
        "pre",
    }
)
_RULES = {"": " --- |", "left": " :--- |", "center": " :---: |", "right": " ---: |"}
_AUTOMATIC = re.compile(r"https?://[!-;=?-~]+\Z")  # an address that may stand between < and >


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A body as Markdown, without title and cover.

    `removed` counts what was left out, by the rule's id.
    """

    text: str
    image_count: int = 0
    removed: Mapping[str, int]


def render_body(node: LexborNode, *, keeps_lines: bool = False) -> Rendered:
    """The Markdown of what an element holds; `keeps_lines`.

    Its line feeds are line breaks, as in text posts.
    """
    body = prune_body(node, keeps_lines=keeps_lines)
    text = BodyConverter().convert_tree(body.tree)
    return Rendered(text=text, image_count=body.image_count, removed=body.removed)


class BodyConverter(MarkdownConverter):
    """markdownify over the small tree.

    Texts come with their white space folded, and are escaped a line at a time.
    """

    def convert_tree(self, tree: Element) -> str:
        """The Markdown of a whole tree."""
        return str(self.convert_soup(tree)).strip("\n")

    def process_tag(self, node: Element, parent_tags: set[str] | None = None) -> str:
        """Convert an element, as markdownify's own does.

        Less what that asks of each child's white space, which is folded before it comes here.
        """
        around = parent_tags or set()
        within = around | {node.name}
        parts = [
            self.process_tag(one, within) if isinstance(one, Element) else str(one)
            for one in node.children
        ]
        pieces = parts if node.name in _IN_LINES else _apart(parts)
        text = "".join(pieces)
        # markdownify's types lack it
        convert = self.get_conv_fn_cached(node.name)  # type: ignore[attr-defined]
        return convert(node, text, parent_tags=around) if convert else text

    # Inline: marks, to be written when the line is known.

    def convert_strong(self, _el: Element, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """Bold."""
        return styled(text, BOLD)

    def convert_em(self, _el: Element, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """Italic."""
        return styled(text, ITALIC)

    def convert_del(self, _el: Element, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """Struck out."""
        return styled(text, STRIKE)

    def convert_a(self, el: Element, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """A link; its address was judged when it was read."""
        address = str(el.attrs["href"])
        if text == address and _AUTOMATIC.match(address):
            return ready(f"<{address}>")
        return linked(text, link_target(address)) if text else ""

    def convert_br(self, _el: Element, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """A line break within a paragraph."""
        return BREAK

    def convert_img(self, el: Element, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """A picture."""
        alt = "".join(
            "\\" + each if each in "[]\\`*_<&!" else each for each in str(el.attrs["alt"])
        )
        written = f"![{alt}]({link_target(str(el.attrs['src']))})"
        return picture(_in_place(written, parent_tags))

    def convert_code(self, _el: Element, text: str, parent_tags: set[str]) -> str:
        """Inline code."""
        written = code_span(text)
        return ready(_in_place(written, parent_tags))

    def convert_math(self, _el: Element, text: str, parent_tags: set[str]) -> str:
        """A formula, as it is."""
        return ready(_in_place(text, parent_tags))

    def convert_sup(self, el: Element, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """A raised or lowered text, for which Markdown has no sign of its own."""
        core = text.strip()
        if not core:
            return text
        before, _, after = text.partition(core)
        return before + ready(f"<{el.name}>") + core + ready(f"</{el.name}>") + after

    convert_sub = convert_sup

    # Blocks

    def convert_p(self, el: Element, text: str, parent_tags: set[str]) -> str:
        """A paragraph; in a cell, one line of it."""
        if "td" in parent_tags:
            strikes = "~" in text and len(el.around.contents) > 1
            return f"{write_line(text, in_cell=True, strikes=strikes)}\n"
        line = write_line(text)
        return f"\n{line}\n" if _is_tight(el) else f"\n\n{line}\n\n"

    def convert_hN(self, n: int, _el: Element, text: str, parent_tags: set[str]) -> str:  # noqa: N802, ARG002
        """A heading, one level down at least.

        The title of the document is the only one of the first.
        """
        line = write_heading(text)
        return f"\n\n{'#' * max(2, min(6, n))} {line}\n\n" if line else ""

    def convert_pre(self, el: Element, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """A code block."""
        return f"\n\n{code_fence(text, str(el.attrs['language']))}\n\n"

    def convert_li(self, el: Element, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """An item, what follows its first line set in under it."""
        bullet = f"{el.attrs['bullet']} "
        box = f"{el.attrs['box']} " if "box" in el.attrs else ""
        first, *others = _with_sign(el, text.strip("\n")).split("\n")
        indented = [" " * len(bullet) + line if line else "" for line in others]
        # two spaces at the end of the first line are a line break; alone they are none
        begun = bullet + box + first if first.strip() else (bullet + box).rstrip()
        item = "\n".join([begun, *indented])
        tight = not el.contents or _is_tight(el.elements[0])
        return f"{item}\n" if tight else f"\n\n{item}\n\n"

    def convert_list(self, el: Element, text: str, parent_tags: set[str]) -> str:
        """A list, close to its line where it stands in an item."""
        nested = "li" in parent_tags and _is_tight(el)
        return f"\n{text.strip(chr(10))}\n" if nested else f"\n\n{text.strip(chr(10))}\n\n"

    convert_ul = convert_list
    convert_ol = convert_list

    def convert_blockquote(self, _el: Element, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """A quote."""
        lines = text.strip("\n").split("\n")
        return "\n\n" + "\n".join(f"> {line}" if line else ">" for line in lines) + "\n\n"

    def convert_table(self, _el: Element, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """A table."""
        return f"\n\n{text.strip(chr(10))}\n\n"

    def convert_tr(self, el: Element, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """A row; the first one is the header."""
        row = f"|{text}\n"
        if el.previous_sibling is not None:
            return row
        return f"{row}|{''.join(_RULES[align] for align in alignments(el))}\n"

    def convert_td(self, _el: Element, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """A cell, all in one line."""
        return f" {join_lines(text.strip(chr(10)).split(chr(10)))} |"


def _in_place(written: str, parent_tags: set[str]) -> str:
    """Markdown that is written already; in a cell a bar would end it."""
    return written.replace("|", "\\|") if "td" in parent_tags else written


def _apart(parts: Iterable[str]) -> Iterator[str]:
    """Blocks, with line feeds between: as many as the one that wants more, and two at most."""
    after = 0
    for part in parts:
        core = part.strip("\n")
        if core:
            before = len(part) - len(part.lstrip("\n"))
            yield "\n" * min(2, max(after, before))
            yield core
            after = len(part) - before - len(core)


def _with_sign(item: Element, text: str) -> str:
    """What an item says behind its letter, where its list has such in place of numbers."""
    sign = str(item.attrs.get("sign", ""))
    begins = item.elements and item.elements[0].name == "p"
    between = " " if begins else "\n\n"
    return f"{sign}{between}{text}".rstrip() if sign else text


def _is_tight(el: Element) -> bool:
    """Whether a block stands in an item of one paragraph, which needs no blank lines around it."""
    item = el.around
    if item.name != "li":
        return False
    if "tight" not in item.attrs:  # asked once an item: it may hold thousands of blocks
        # behind a list in it a line without a blank one before would be its last item's
        lines = [index for index, block in enumerate(item.elements) if block.name == "p"]
        lists = any(block.name in ("ul", "ol") for block in item.elements[: max(lines, default=0)])
        item.attrs["tight"] = "loose" if len(lines) > 1 or lists else "tight"
    return item.attrs["tight"] == "tight"
