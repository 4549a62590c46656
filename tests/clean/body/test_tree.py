"""The small tree: each node knows where it stands, which is all that markdownify asks."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from crawler.clean.body.tree import Element, Words, holds_another


def _neighbours(element: Element) -> list[tuple[object, object]]:
    return [(node.previous_sibling, node.next_sibling) for node in element.children]


def test_a_node_that_is_added_knows_its_parent_and_its_neighbours() -> None:
    line, words, mark = Element("p"), Words("潮"), Element("br")
    line.add(words)
    line.add(mark)
    assert (words.parent, mark.around) == (line, line)
    assert _neighbours(line) == [(None, mark), (words, None)]


def test_a_node_is_put_before_the_last_one() -> None:
    body = Element("[document]")
    first, table, heading = Element("p"), Element("table"), Element("h2")
    body.add(first)
    body.add(table)
    body.add_before(heading, table)
    assert body.elements == [first, heading, table]
    assert _neighbours(body) == [(None, heading), (first, table), (heading, None)]


def test_the_last_node_goes_and_leaves_no_trace() -> None:
    item = Element("li")
    item.add(Element("p"))
    item.add(Element("ul"))
    item.drop_last()
    assert [node.name for node in item.elements] == ["p"]
    assert item.elements[0].next_sibling is None
    item.drop_last()
    assert not item.contents


def test_an_element_does_not_hold_itself() -> None:
    tree = LexborHTMLParser("<div id=a><p><span>潮</span></p></div><div id=b><p><div></div></div>")
    alone, around = tree.css_first("#a"), tree.css_first("#b")
    assert alone is not None
    assert around is not None
    assert not holds_another(alone)
    assert holds_another(around)
