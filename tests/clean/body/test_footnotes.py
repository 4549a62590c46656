"""`[n]` beside a word becomes the link that the list of references names."""

from __future__ import annotations

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import render_body
from crawler.clean.body.footnotes import link_footnotes
from crawler.clean.body.paragraphs import Leaf

MARK = Leaf("text", "[1]", raised="sup")
ADDRESS = "https://tide.example/a"


def _linked(*lines: list[Leaf]) -> list[list[tuple[str, str]]]:
    link_footnotes(lines)
    return [[(leaf.text, leaf.href) for leaf in line] for line in lines]


def test_a_raised_number_leads_where_its_entry_says() -> None:
    shown = _linked([Leaf("text", "潮汐"), MARK], [Leaf("text", f"[1] 潮汐表: {ADDRESS}。")])
    assert shown[0] == [("潮汐", ""), ("[1]", ADDRESS)]


@pytest.mark.parametrize(
    "entry",
    [
        [Leaf("text", "[1] "), Leaf("text", ADDRESS, style=2)],
        [Leaf("code", "[1]"), Leaf("text", f" 潮汐表 {ADDRESS}")],
        [Leaf("text", "[1] "), Leaf("text", "潮汐表", href=ADDRESS)],
        [Leaf("text", "参考"), Leaf("break"), Leaf("text", f"[1] {ADDRESS}")],
    ],
)
def test_an_entry_is_found_however_an_editor_styles_it(entry: list[Leaf]) -> None:
    assert _linked([MARK], entry)[0] == [("[1]", ADDRESS)]


def test_a_number_in_a_paragraph_of_its_own_has_its_entry_in_the_next_one() -> None:
    shown = _linked([MARK], [Leaf("text", "[1]")], [Leaf("text", ADDRESS)])
    assert (shown[0], shown[2]) == ([("[1]", ADDRESS)], [(ADDRESS, ADDRESS)])


def test_the_first_entry_of_a_number_counts_and_one_without_an_address_does_not() -> None:
    shown = _linked(
        [MARK],
        [Leaf("text", "[1] 手抄的潮汐表")],
        [Leaf("text", f"[1] {ADDRESS}")],
        [Leaf("text", "[1] https://other.example/b")],
    )
    assert shown[0] == [("[1]", ADDRESS)]


def test_a_number_of_each_part_leads_to_the_entry_of_that_part() -> None:
    parts = [
        [[MARK], [Leaf("text", f"[1] {ADDRESS}{part}")], [Leaf("text", "又"), MARK]]
        for part in "xy"
    ]
    shown = _linked(*parts[0], *parts[1])
    assert [href for line in shown for text, href in line if text == "[1]"] == [
        f"{ADDRESS}{part}" for part in "xyyy"
    ]


def test_brackets_in_the_text_are_no_footnotes_without_a_raised_number() -> None:
    lines = [[Leaf("text", "数组 a[1]")], [Leaf("text", f"[1] {ADDRESS}")]]
    assert _linked(*lines)[1] == [(f"[1] {ADDRESS}", "")]


def test_a_number_that_is_linked_already_keeps_its_link() -> None:
    own = MARK._replace(href="https://own.example/")
    shown = _linked([own, Leaf("text", " "), MARK], [Leaf("text", f"[1] {ADDRESS}")])
    assert [href for _, href in shown[0]] == ["https://own.example/", "", ADDRESS]


def test_an_address_that_is_not_safe_makes_no_link() -> None:
    markup = "<p>潮汐<sup>[1]</sup></p><p>[1] javascript:alert(1)</p>"
    assert "](" not in render_body(body_of_markup(markup)).text
