from __future__ import annotations

import re
from itertools import pairwise

import pytest

pytest.importorskip("nh3", reason="the extra is not installed: pip install .[browse]")

from hypothesis import given
from hypothesis import strategies as st

from crawler.browse.reader import read_body
from tests.browse.markup import render_markdown
from tests.growth import assert_linear


def test_headings_lead_to_their_places_below_the_title_and_leave_no_level_out() -> None:
    reading = read_body("# 标题\n\n#### 一\n\n文\n\n###### 二\n\n#### 三\n", "标题")
    assert [(one.id, one.level, one.title) for one in reading.headings] == [
        ("section-1", 2, "一"),
        ("section-2", 3, "二"),
        ("section-3", 2, "三"),
    ]
    assert '<h3 id="section-2">二</h3>' in reading.html


@given(levels=st.lists(st.integers(1, 6), max_size=12))
def test_no_heading_is_more_than_one_below_the_one_before(levels: list[int]) -> None:
    body = "\n\n".join(f"{'#' * level} 第{level}级" for level in levels)
    shown = [
        1,
        *(int(level) for level in re.findall(r"<h(\d)", render_markdown("前言\n\n" + body))),
    ]
    assert len(shown) == len(levels) + 1
    assert all(after <= before + 1 for before, after in pairwise(shown))
    assert 1 not in shown[1:]


def test_a_heading_that_says_nothing_is_none() -> None:
    assert read_body("文\n\n##\n\n## ![]()\n", "标题").headings == []
    assert "<h2" not in render_markdown("文\n\n##\n")


def test_a_link_that_cannot_be_read_has_the_name_of_its_host() -> None:
    assert ">a.example</a>" in render_markdown("[](https://a.example/x)")
    picture = render_markdown("[![](https://mmbiz.qpic.cn/a)](https://a.example/x)")
    assert 'alt="a.example"' in picture
    assert 'alt="灯塔"' in render_markdown(
        "[![灯塔](https://mmbiz.qpic.cn/a)](https://a.example/x)"
    )


def test_a_cell_without_a_heading_is_no_heading() -> None:
    html = render_markdown("| 甲 |  |\n| --- | --- |\n| 1 | 2 |\n")
    assert "<th>甲</th>\n<td></td>" in html


def test_what_is_wider_than_a_phone_can_be_reached_by_key() -> None:
    html = render_markdown("| 甲 |\n| --- |\n| 1 |\n\n    代码\n\n```sh\nls\n```\n")
    assert html.count('<pre tabindex="0">') == 2
    assert '<table tabindex="0">' in html


@pytest.mark.parametrize(
    "piece", ["[](https://a)", "## 一\n\n", "[![](https://a)](b)", "| |\n|-|\n\n"]
)
def test_hostile_lengths_take_linear_steps(piece: str) -> None:
    assert_linear(lambda size: render_markdown("文\n\n" + piece * size), 200)
