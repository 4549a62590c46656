"""Drawings and formulas in a page: what is cut out of them, and where HTML begins again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.clean.pages.split import split_page
from tests.clean.pages.lookalikes import shown

_DRAWN = (
    *("潮", "<g>", "</g>", "<g/>", "<path/>", "<text>汐</text>", "<!-- > -->", "<!-- a --!>"),
    *("<style/>", "<script/>", "<title/>", "<desc/>", "<textarea/>", "<style>.a{}</style>"),
    *("<style><![CDATA[a>b<p>]]></style>", "<script>if(a<1){}</script>", "<style><g/></style>"),
    *("<title>岸</title>", "<foreignObject><style>p>a{}</style><p>礁</p></foreignObject>"),
    *("<desc><title>a<b></title></desc>", "<foreignobject/>", "<font><a>浪</a></font>"),
    *("<math><mi><xmp><!--</xmp>滩</mi><style/></math>", "<![CDATA[<style>]]>", "<section/>"),
    *("<math><annotation-xml encoding='text/html'><style>a</style></annotation-xml></math>"),
)
_LEFT = ("</svg>", "<p>", "<br>", "</p>", "<font color=red>", "<img>", "</svg><style>a{}</style>")


@given(st.sampled_from(("svg", "math")), st.lists(st.sampled_from(_DRAWN)), st.sampled_from(_LEFT))
def test_cutting_changes_no_word_in_and_behind_a_drawing(
    root: str, pieces: list[str], left: str
) -> None:
    page = f"<p>岩<{root}>{''.join(pieces)}{left}<p>礁<style>a</style><!-- b -->石".encode()
    assert shown(split_page(page).markup) == shown(page)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<svg><style/><path/></svg>甲<style>a</style>乙", "甲乙"),
        ("<svg><style/><path/></svg>甲", "甲"),
        ("<svg><script/></svg>甲<script>a</script>", "甲"),
        ("<svg><title/></svg>甲<script>a</script>", "甲"),
        ("<svg/><style/>甲</style>乙", "乙"),
        ("<svg><foreignObject><style/>甲</style>乙</foreignObject></svg>丙", "乙丙"),
        ("<div><svg></div><style/>甲</style>乙", "乙"),
        ("<svg></section><style/><path/></svg>甲<style>a</style>乙", "甲乙"),
        ("<svg><p><style/>甲</style>乙", "乙"),
        ("<svg><font>甲</font><style/>乙<style>a</style></svg>丙", "甲乙丙"),
        ("<svg><font></font><xmp><!--</xmp>甲</svg><p>乙<!-- b -->丙", "丙"),
    ],
)
def test_an_empty_style_is_one_in_drawings_alone(page: str, words: str) -> None:
    assert shown(split_page(page.encode()).markup) == words


def test_a_style_in_a_drawing_is_cut_out() -> None:
    page = b"<svg><style>.a{}</style><style><![CDATA[a>b]]></style><path/></svg>"
    assert split_page(page).markup == b"<svg><path/></svg>"


def test_the_data_behind_an_empty_title_of_a_drawing_are_read() -> None:
    script = "<script>window.cgiDataNew = {title: '潮'}</script>"
    parts = split_page(f"<svg><title/><path/></svg>{script}".encode())
    assert parts.data.text("title") == "潮"
    assert b"<script" not in parts.markup
