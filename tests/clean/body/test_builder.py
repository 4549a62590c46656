"""The tree while it is built: which line goes where, and what is known only at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.clean.body.builder import TreeBuilder
from crawler.clean.body.context import Context
from crawler.clean.body.pictures import Picture
from crawler.clean.body.tree import Element

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN = Context()


@pytest.fixture
def builder() -> TreeBuilder:
    """A builder into which nothing was read yet."""
    return TreeBuilder(root=0)


def _node() -> LexborNode:
    node = LexborHTMLParser("<div></div>").css_first("div")
    assert node is not None
    return node


def _written(element: Element) -> str:
    return "".join(
        f"{node.name}({_written(node)})" if isinstance(node, Element) else str(node)
        for node in element.children
    )


def _line(builder: TreeBuilder, text: str) -> None:
    builder.add_text(text, PLAIN)
    builder.end_paragraph()


def _open(builder: TreeBuilder, *names: str) -> list[Callable[[], object]]:
    """What closes the containers that were opened, the innermost first."""
    opened = [builder.open(_node(), PLAIN, Element(name)) for name in names]
    return [frame.close for frame in opened[::-1] if frame.close]


def _close(closing: list[Callable[[], object]]) -> None:
    for close in closing:
        close()


def test_each_line_is_a_paragraph(builder: TreeBuilder) -> None:
    _line(builder, "潮")
    _line(builder, "  ")
    _line(builder, "汐")
    builder.finish()
    assert _written(builder.tree) == "p(潮)p(汐)"


def test_a_heading_goes_on_over_lines_and_leaves_its_pictures_behind(builder: TreeBuilder) -> None:
    end = builder.begin_heading(2)
    _line(builder, "潮")
    builder.add_picture(Picture(address="https://mmbiz.qpic.cn/a", large=True), PLAIN)
    _line(builder, "汐")
    end()
    builder.finish()
    assert _written(builder.tree) == "p(img())h2(潮 汐)"


def test_a_long_sentence_in_the_element_of_a_heading_is_a_paragraph(builder: TreeBuilder) -> None:
    for words in ("潮" * 40 + "。", "潮水表"):
        end = builder.begin_heading(3)
        builder.add_text(words, PLAIN)
        end()
    builder.finish()
    assert [node.name for node in builder.tree.elements] == ["p", "h3"]


def test_no_heading_of_a_body_is_of_the_titles_level(builder: TreeBuilder) -> None:
    for level in (1, 2, 6):
        end = builder.begin_heading(level)
        builder.add_text(f"第{level}级", PLAIN)
        end()
        _line(builder, "正文在此")
    builder.finish()
    names = [node.name for node in builder.tree.elements]
    assert names == ["h2", "p", "h3", "p", "h6", "p"]


def test_a_paragraph_in_a_list_without_items_makes_one(builder: TreeBuilder) -> None:
    closing = _open(builder, "ul")
    _line(builder, "潮")
    _close(closing)
    builder.finish()
    assert _written(builder.tree) == "ul(li(p(潮)))"


def test_what_stands_between_cells_stands_before_the_table(builder: TreeBuilder) -> None:
    closing = _open(builder, "table", "tr")
    _line(builder, "表前")
    cell = _open(builder, "td")
    _line(builder, "格")
    _close([*cell, *closing])
    builder.finish()
    assert _written(builder.tree).startswith("p(表前)table(tr(td(p(格)))")


def test_containers_in_a_cell_and_beyond_the_bound_give_only_their_texts(
    builder: TreeBuilder,
) -> None:
    closing = _open(builder, *["blockquote"] * 30)
    _line(builder, "深")
    _close(closing)
    builder.finish()
    assert _written(builder.tree) == "blockquote(" * 24 + "p(深)" + ")" * 24


def test_an_empty_container_leaves_nothing(builder: TreeBuilder) -> None:
    _close(_open(builder, "ul", "li"))
    builder.finish()
    assert not builder.tree.contents


def test_a_box_is_ticked_only_where_an_item_begins(builder: TreeBuilder) -> None:
    assert not builder.tick("[x]")
    closing = _open(builder, "ul", "li")
    assert builder.tick("[x]")
    builder.add_text("潮", PLAIN)
    assert not builder.tick("[ ]")
    _close(closing)


def test_the_name_of_a_language_goes_where_it_stands_alone_before_its_code(
    builder: TreeBuilder,
) -> None:
    _line(builder, "正文 Python")
    builder.drop_label("python")
    _line(builder, "Python")
    builder.drop_label("python")
    builder.finish()
    assert _written(builder.tree) == "p(正文 Python)"
    assert dict(builder.removed) == {"code-label": 1}


def test_a_mark_waits_for_the_words_that_stand_beside_it(builder: TreeBuilder) -> None:
    frame = builder.hold(_node(), PLAIN)
    builder.add_text("01", PLAIN)
    builder.end_paragraph()
    assert frame.close
    frame.close()
    _line(builder, "潮汐")
    builder.finish()
    assert _written(builder.tree) == "p(01 潮汐)"
