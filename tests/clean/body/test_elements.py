"""How each element of a page is read."""

from __future__ import annotations

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import render_body
from crawler.clean.body.elements import READERS, is_formula

PICTURE = "<img data-src='https://mmbiz.qpic.cn/a?wx_fmt=png'>"


def markdown(markup: str) -> str:
    return render_body(body_of_markup(markup)).text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("潮<br>汐", "潮  \n汐"),
        ("<p>潮</p><hr><p>汐</p>", "潮\n\n---\n\n汐"),
        ("H<sub>2</sub>O 与 x<sup>2</sup>", "H<sub>2</sub>O 与 x<sup>2</sup>"),
        ("<ruby>潮<rp>（</rp><rt>cháo</rt><rp>）</rp></ruby>", "潮(cháo)"),
        ("<blockquote><p>潮</p></blockquote>", "> 潮"),
        ("<del>潮</del>与<i>汐</i>", "~~潮~~与*汐*"),
        ("<svg><text>潮</text><rect/></svg>", "潮"),
        ("<svg><foreignObject><p>潮</p></foreignObject></svg>", "潮"),
        ("<svg><title>图</title><path d='M0'/></svg>汐", "汐"),
        (
            (
                "<svg><text><tspan x='0' y='9'>high tide</tspan>"
                "<tspan x='0' y='29'>low</tspan></text></svg>"
            ),
            "high tide\n\nlow",
        ),
        (
            (
                "<svg><text x='0'>潮<tspan x='0' dy='1.2em'>high</tspan>"
                "<tspan x='0' dy='20'>low</tspan></text></svg>"
            ),
            "潮\n\nhigh\n\nlow",
        ),
        (
            (
                "<svg><text><tspan x='0' y='9'>t</tspan><tspan x='8' y='9'>i</tspan>"
                "<tspan>de</tspan></text></svg>"
            ),
            "tide",
        ),
        ("<svg><text>x<tspan dy='-4'>2</tspan></text></svg>", "x2"),
        ("<li>潮</li>", "潮"),
        ("<td>潮</td>", "潮"),
    ],
)
def test_an_element_gives_its_markdown(markup: str, text: str) -> None:
    assert markdown(markup) == text


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ("href='https://tide.example/a'", "[潮](https://tide.example/a)"),
        ("href='javascript:;' data-href='https://tide.example/a'", "[潮](https://tide.example/a)"),
        ("href='#top'", "潮"),
        ("href='javascript:alert(1)'", "潮"),
    ],
)
def test_a_link_leads_only_where_it_is_safe(attributes: str, text: str) -> None:
    assert markdown(f"<a {attributes}>潮</a>") == text


def test_a_link_that_is_not_safe_is_counted_and_an_anchor_is_not() -> None:
    body = body_of_markup("<a href='javascript:alert(1)'>潮</a><a href='#top'>汐</a>")
    assert render_body(body).removed == {"link-unsafe": 1}


@pytest.mark.parametrize("name", ["data-src", "href", "xlink:href"])
def test_a_picture_in_a_drawing_is_a_picture(name: str) -> None:
    markup = f"<svg><image {name}='https://mmbiz.qpic.cn/a?wx_fmt=png'></image></svg>"
    assert markdown(markup).startswith("![](https://mmbiz.qpic.cn/a")


def test_a_picture_behind_words_decorates_them_and_one_alone_is_shown() -> None:
    style = "background-image:url(https://mmbiz.qpic.cn/a?wx_fmt=png)"
    assert markdown(f"<section style='{style}'><p>潮</p></section>") == "潮"
    assert markdown(f"<p>潮</p><section style='{style}'></section>").count("![](") == 1


def test_a_formula_stands_by_its_tex_and_displayed_where_it_is_a_block() -> None:
    inline, block = "data-formula='x^2'", "data-formula='x^2' data-formula-type='block-equation'"
    assert markdown(f"<p>设 <span {inline}><svg></svg></span> 为</p>") == "设 $x^2$ 为"
    assert markdown(f"<p>设</p><p><span {block}><svg></svg></span></p>") == "设\n\n$$x^2$$"
    assert is_formula({"data-tex": ""})
    assert not is_formula({"data-src": ""})


def test_a_formula_that_is_only_drawn_is_said_and_counted() -> None:
    rendered = render_body(body_of_markup("<p>设 <svg><g data-mml-node='math'></g></svg></p>"))
    assert rendered.removed["formula-drawn"] == 1
    assert rendered.text != "设"


@pytest.mark.parametrize(
    ("drawing", "text"),
    [
        ("<foreignObject><p>潮</p><p>汐{}岸</p></foreignObject>", "潮\n\n汐[公式]岸"),
        ("<text>潮</text>{}<text>汐</text>", "潮\n\n[公式]\n\n汐"),
        ("<text>潮</text><g data-mml-node='math'><text>x</text></g>", "潮\n\n[公式]"),
        ("<g>{}</g>", "[公式]"),
        ("<g data-mml-node='math'><text>长</text></g>", "[公式]"),
    ],
)
def test_a_formula_in_a_drawing_takes_no_word_beside_it(drawing: str, text: str) -> None:
    formula = "<svg><g data-mml-node='math'></g></svg>"
    assert markdown(f"<svg>{drawing.format(formula)}</svg>") == text


def test_a_box_to_tick_belongs_to_an_item_and_other_fields_go() -> None:
    item = "<ul><li><input type=checkbox checked>潮</li></ul>"
    rendered = render_body(body_of_markup(f"{item}<p><input type=text>汐</p>"))
    assert rendered.text == "- [x] 潮\n\n汐"
    assert rendered.removed["control"] == 1


def test_a_list_in_a_cell_gives_only_its_words() -> None:
    row = "<tr><td>06</td><td><ul><li>高</li><li>低</li></ul></td></tr>"
    text = markdown(f"<table><tr><td>时</td><td>潮</td></tr>{row}</table>")
    assert text.splitlines()[-1] == "| 06 | 高<br>低 |"


def test_a_table_around_another_only_lays_out() -> None:
    inner = "<table><tr><td>高</td></tr><tr><td>低</td></tr></table>"
    assert markdown(f"<table><tr><td>时</td><td>{inner}</td></tr></table>") == "时\n\n高\n\n低"


def test_every_reader_takes_an_element_that_has_nothing() -> None:
    for tag in READERS:
        assert isinstance(markdown(f"<p>潮</p><{tag}></{tag}><p>汐</p>"), str)
