"""Leaves as the page shows them: white space folded, lines and paragraphs told apart."""

from __future__ import annotations

import pytest

from crawler.clean.body.paragraphs import (
    Leaf,
    apart_from_pictures,
    fill,
    to_paragraphs,
    with_dollars_escaped,
)
from crawler.clean.body.tree import Element
from crawler.clean.markdown import BOLD, ITALIC

BREAK = Leaf("break")
PICTURE = Leaf("picture", "https://mmbiz.qpic.cn/a", large=True)


def text(words: str, style: int = 0) -> Leaf:
    return Leaf("text", words, style)


def shown(leaves: list[Leaf]) -> list[list[str]]:
    return [[leaf.text or leaf.kind for leaf in line] for line in to_paragraphs(leaves)]


@pytest.mark.parametrize(
    ("words", "folded"),
    [
        ("  潮\t\t水  ", [["潮 水"]]),
        ("\u3000\u3000潮水", [["潮水"]]),
        ("tide\ntable", [["tide table"]]),
        ("潮\n  水", [["潮水"]]),
        ("潮\xa0\xa0水", [["潮 水"]]),
        ("潮\u200b水", [["潮水"]]),
        (" \n ", []),
    ],
)
def test_white_space_is_folded_as_a_browser_folds_it(words: str, folded: list[list[str]]) -> None:
    assert shown([text(words)]) == folded
    assert shown([text(words), BREAK, text("汐")]) == (
        [[*folded[0], "break", "汐"]] if folded else [["汐"]]
    )


def test_one_break_ends_a_line_and_two_a_paragraph() -> None:
    assert shown([text("潮"), BREAK, text("汐")]) == [["潮", "break", "汐"]]
    assert shown([text("潮"), BREAK, text(" "), BREAK, text("汐")]) == [["潮"], ["汐"]]
    assert shown([BREAK, text("潮"), BREAK]) == [["潮"]]


def test_a_space_stands_once_between_two_styles() -> None:
    assert shown([text("tide "), text(" table", BOLD)]) == [["tide ", "table"]]


def test_neighbours_of_one_look_are_one_piece() -> None:
    assert shown([text("潮"), text("水"), text("退", BOLD), text("了", BOLD)]) == [["潮水", "退了"]]


def test_a_line_feed_between_two_styles_is_no_space_in_chinese() -> None:
    assert shown([text("潮\n"), text("水", BOLD)]) == [["潮", "水"]]


def test_a_large_picture_and_its_caption_are_two_lines() -> None:
    line = [text("之前"), BREAK, PICTURE, BREAK, text("图说")]
    assert [[leaf.kind for leaf in each] for each in apart_from_pictures(line)] == [
        ["text"],
        ["picture"],
        ["text"],
    ]


def test_a_small_picture_stays_in_its_line() -> None:
    line = [text("之前"), PICTURE._replace(large=False), text("之后")]
    assert apart_from_pictures(line) == [line]


def test_a_dollar_of_the_text_begins_no_formula() -> None:
    line = [text("$5 与 "), Leaf("formula", "x"), Leaf("code", "$a")]
    assert [(leaf.kind, leaf.text) for leaf in with_dollars_escaped(line)] == [
        ("ready", "\\$"),
        ("text", "5 与 "),
        ("formula", "x"),
        ("code", "$a"),
    ]


def _filled(*leaves: Leaf, name: str = "p") -> str:
    root, line = Element("[document]"), Element(name)
    root.add(line)
    fill(line, list(leaves))
    return _written(line)


def _written(element: Element) -> str:
    inner = "".join(
        _written(node) if isinstance(node, Element) else str(node) for node in element.children
    )
    said = "".join(f" {name}={value}" for name, value in element.attrs.items() if value)
    return f"<{element.name}{said}>{inner}</{element.name}>"


def test_a_line_is_written_with_as_few_elements_as_will_do() -> None:
    link = "https://tide.example/"
    line = [text("潮", BOLD), text("水", BOLD | ITALIC)._replace(href=link), text("退")]
    assert _filled(*line) == (
        f"<p><strong>潮</strong><a href={link}><strong><em>水</em></strong></a>退</p>"
    )


def test_an_address_that_leads_to_itself_is_linked_in_its_style() -> None:
    link = "https://tide.example/"
    assert _filled(Leaf("text", link, BOLD, href=link)) == (
        f"<p><strong><a href={link}>{link}</a></strong></p>"
    )


def test_a_formula_alone_in_a_paragraph_is_displayed() -> None:
    formula = Leaf("formula", "x")
    assert _filled(formula) == "<p><math>$$x$$</math></p>"
    assert _filled(formula, name="h2") == "<h2><math>$x$</math></h2>"
    assert _filled(text("设 "), formula) == "<p>设 <math>$x$</math></p>"
