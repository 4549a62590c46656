"""What stands in code is what a text speaks of: no table, no picture, no tag."""

from __future__ import annotations

import pytest

from crawler.clean.exports.mend import mend_text
from crawler.clean.exports.pictures import local_pictures, place_pictures


@pytest.mark.parametrize(
    "text",
    [
        "标签 `<table>` 里写 `<tr>`。\n\n## 乙\n\n![图](https://a.cn/1)\n\n以 `</table>` 结束。",
        "写 ``<table> ` <tr>`` 与 `</table>`。",
        "写 `![[x]]` 或 `![a](data:image/png;base64,AA)`。",
        "| `甲` | 乙<br>丙 |\n| --- | --- |",
        "写 \\```<table> ![](data:a)`` 或 C:\\\\`<i>`。",
        f"写 `{'a``' * 600}<i>`。",
        "写 `a\n<i>b` 与 `[[c]] ![[d]]`。",
    ],
)
def test_code_is_left_as_it_is(text: str) -> None:
    assert mend_text(text).text == text


def test_a_table_beside_code_is_a_table_and_backticks_in_it_are_signs() -> None:
    row = "<tr><td>`甲</td><td>乙`</td></tr>"
    text = mend_text(f"写 `<table>` 如下\n\n<table>{row}{row}</table>").text
    assert text.startswith("写 `<table>` 如下\n\n|")
    assert "乙" in text.splitlines()[-1].split("|")[2]


def test_a_word_that_only_looks_like_a_table_holds_nothing() -> None:
    assert "## 乙" in mend_text("用 <table> 布局\n\n## 乙\n\n以 </table> 结束").text


def test_a_picture_in_code_lies_nowhere() -> None:
    text = "写 `![甲](b.png)` 得 ![乙](c.png)"
    assert local_pictures(text) == ["c.png"]
    placed, lost = place_pictures(text, {"c.png": "https://a.cn/c"})
    assert (placed, lost) == ("写 `![甲](b.png)` 得 ![乙](https://a.cn/c)", 0)
