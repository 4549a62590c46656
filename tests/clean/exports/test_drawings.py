from __future__ import annotations

import pytest

from crawler.clean.exports.drawings import without_drawings
from tests.growth import assert_linear

INNER = "<defs><style>.a{b:c}</style></defs><rect x='1'/><text><tspan>是</tspan></text>"


def test_a_drawing_shows_its_words_and_none_of_its_tags() -> None:
    box = f"<foreignObject><svg>{INNER}</svg><p>卡片</p></foreignObject>"
    shown = without_drawings(f"潮<svg viewBox='0 0 3 1'>{INNER}{box}</svg>汐")
    assert " ".join(shown.split()) == (
        "潮<svg viewBox='0 0 3 1'> 是 <svg> 是 </svg><p>卡片</p> </svg>汐"
    )


@pytest.mark.parametrize(
    "text",
    [
        "`<svg><rect width='1'/></svg>`",
        "`<svg>` 开始，`<rect/>` 在中间，`</svg>` 结束",
        "一个 <svg> 与 <text>",
        "一个 <svg> 与 <title>题</title>，`</svg>` 结束",
        "空 <svg/> 与 <title>题</title> <svg></svg>",
        "<text>字</text>",
    ],
)
def test_code_and_what_stands_in_no_drawing_stay(text: str) -> None:
    assert without_drawings(text) == text


@pytest.mark.parametrize("piece", ["<svg>", "<svg><rect/>", "</svg>", "<svg></svg>", "<text "])
def test_drawings_without_end_are_read_in_linear_work(piece: str) -> None:
    assert_linear(lambda count: without_drawings(piece * count + "</svg>"), 200)
