"""What stands above an authorised reprint: whose article it is, and what its editor says of it.

It is set before the article's container, from whose page older tools took it into their seeds, too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.clean.body import render_body
from crawler.clean.markup import parse_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

_AREA = "original_area_primary"
_CARD = "original_primary_card"  # the other account's sign, its name again, and its slogan
_LABEL = re.compile(r"\A([^\n]{1,12}[：:])\n\n")  # 编者荐语, or up to ten letters of the editor's
_BEFORE_AUTHOR = re.compile(r" (?=，作者)")


def reprint_lines(container: LexborNode) -> str:
    """The card of a reprint as Markdown, without what the other account shows of itself."""
    areas = [_words_of(area) for area in _areas_before(container)]
    return "\n\n".join(filter(None, reversed(areas)))


def _areas_before(container: LexborNode) -> Iterator[LexborNode]:
    node = container.prev
    while node is not None:
        if _AREA in _classes(node):
            yield node
        node = node.prev


def _words_of(area: LexborNode) -> str:
    parts = (each for each in area.iter(include_text=True) if not _is_card(each))
    tree = parse_text("".join(each.html or "" for each in parts)).tree
    if tree is None or tree.body is None:
        return ""
    return _BEFORE_AUTHOR.sub("", _LABEL.sub(r"\1", render_body(tree.body).text))


def _is_card(node: LexborNode) -> bool:
    return node.tag == "a" or _CARD in _classes(node)


def _classes(node: LexborNode) -> list[str]:
    if not node.is_element_node:
        return []
    return (node.attributes.get("class") or "").split()
