from __future__ import annotations

from collections import Counter

import pytest

from crawler.clean.exports.elements import mend_elements


def _mended(text: str) -> str:
    return mend_elements(text, Counter()).strip()


def test_a_raw_table_becomes_a_table() -> None:
    first = "<tr><td><section>甲</section></td><td>乙</td></tr>"
    table = f"<table>{first}<tr><td>1</td><td>2</td></tr></table>"
    assert _mended(f"前\n{table}后") == "前\n\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n\n后"


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("甲<br>乙", "甲  \n乙"),
        ('<img src="https://a.example/b" alt="丙">', "![丙](https://a.example/b)"),
        ('见<a href="https://a.example/b">此</a>。', "见[此](https://a.example/b)。"),
        ('<img src="图/a b.png" alt="渡口[一]" width="300">', "![渡口(一)](图/a%20b.png)"),
        (
            '<a href="https://a.example/b"><img src="c.png"></a>',
            "[![](c.png)](https://a.example/b)",
        ),
        (
            '<a href="https://a.example/b">见<img src="https://a.example/c" alt="丙"></a>',
            "[见![丙](https://a.example/c)](https://a.example/b)",
        ),
        ('<a href="#top"><img src="c.png"></a>', "![](c.png)"),
        ("<table><tr><td>甲<td><img src='a b.png' alt='乙'></table>", "甲\n\n![乙](a%20b.png)"),
        ("<strong>重</strong>点", "**重**点"),
        ('<section style="x"><span leaf="">字</span></section>', "字"),
    ],
)
def test_elements_become_their_markdown_and_unknown_ones_their_text(
    given: str, written: str
) -> None:
    assert _mended(given) == written


@pytest.mark.parametrize(
    "kept", ["若 a<b 则", "`<div>` 是块", "Vec<T> 与 <你的名字>", "| a<br>b |"]
)
def test_what_is_no_element_or_is_code_or_a_cell_stays(kept: str) -> None:
    assert _mended(kept) == kept


def test_a_table_that_never_ends_loses_no_word() -> None:
    assert _mended("<table><tr><td>甲") == "甲"
