from __future__ import annotations

import pytest

pytest.importorskip("nh3", reason="the extra is not installed: pip install .[browse]")

from tests.browse.markup import render_markdown


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("在<strong>.NET</strong>里", "在<strong>.NET</strong>里"),
        ("x<sup>2</sup>与 H<sub>2</sub>O", "x<sup>2</sup>与 H<sub>2</sub>O"),
        ("一<br>二", "一<br>二"),
        ("<strong>一**二**三</strong>", "<strong>一<strong>二</strong>三</strong>"),
        # an element without its partner, or across another's end, is text
        ("一<strong>二", "一&lt;strong&gt;二"),
        ("一</em>二", "一&lt;/em&gt;二"),
        ("<em><strong>一</em></strong>", "&lt;em&gt;<strong>一&lt;/em&gt;</strong>"),
        ("**一<em>二**三</em>", "<strong>一&lt;em&gt;二</strong>三&lt;/em&gt;"),
        # nothing but our own tags, as they are written
        ('一<strong class="a">二</strong>', '一&lt;strong class="a"&gt;二&lt;/strong&gt;'),
        ("<u>一</u><br/>", "&lt;u&gt;一&lt;/u&gt;&lt;br/&gt;"),
        ("`<strong>`一\\<br>", "<code>&lt;strong&gt;</code>一&lt;br&gt;"),
    ],
)
def test_our_own_elements_are_shown_and_nothing_else(markdown: str, html: str) -> None:
    assert render_markdown(markdown) == f"<p>{html}</p>\n"


def test_no_style_runs_on_behind_its_paragraph() -> None:
    assert "<p>二</p>" in render_markdown("<strong>一\n\n二")


def test_a_cell_holds_its_breaks() -> None:
    assert "<td>一<br>二</td>" in render_markdown("| 甲 |\n| --- |\n| 一<br>二 |")
