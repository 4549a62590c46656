from __future__ import annotations

import pytest

from crawler.clean.exports.mend import mend_text


def test_stars_before_a_fence_do_not_turn_code_inside_out() -> None:
    text = "甲  \n****```\nprint(1)\n\nprint(2)\n```\n\n乙"
    assert mend_text(text, ("star-fences",)).text == ("甲\n\n```\nprint(1)\n\nprint(2)\n```\n\n乙")


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("**小节**\n======\n\n正文", "## 小节\n\n正文"),
        ("小节\n----", "## 小节"),
        (f"{'长' * 80}\n====", "长" * 80),
        ("# 又一个大标题", "## 又一个大标题"),
        ("*   甲\n    \n*   乙", "* 甲\n* 乙"),
        ("![渡口](<table 1.png>)", "![渡口](table%201.png)"),
        ('![渡口](<a b.png> "灯")', "![渡口](a%20b.png)"),
        ("[见](<https://a.cn/港_\\(岸\\)?b=1&amp;c=2>)", "[见](https://a.cn/港_(岸)?b=1&c=2)"),
        ("![](https://a.cn/\\(1\\).png?b=1&amp;c=2)", "![](https://a.cn/(1).png?b=1&c=2)"),
        ("![](<图/a\\_b \\(1\\).png>)", "![](图/a_b%20(1).png)"),
        ("![](//a.cn/?b=1&amp;copy;)", "![](https://a.cn/?b=1&amp;copy;)"),
        ("[见](<p 1.md>) `[见](<p 1.md>)`", "[见](p%201.md) `[见](<p 1.md>)`"),
    ],
)
def test_headings_items_and_addresses_are_written_as_we_write_them(
    given: str, written: str
) -> None:
    assert mend_text(given).text == written


def test_a_bracket_that_a_backslash_makes_a_sign_ends_no_words_of_a_link() -> None:
    assert mend_text("用 \\[x\\](<T>) 写").text == "用 \\[x\\](\\<T>) 写"


def test_a_lone_pair_of_waves_stays() -> None:
    assert mend_text("好吃~~").text == "好吃~~"


def test_code_is_left_alone() -> None:
    code = "```\n<table>\n# 题\n![](data:x)\n甲  \n。\n```"
    assert mend_text(code, ("hard-breaks", "soft-wraps")).text == code


def test_what_was_mended_once_is_not_changed_again() -> None:
    table = "<table><tr><td>a</td><td>b</td></tr></table>"
    text = f"说明  \n甲  \n。\n\n![](u)\n\n{table}\n\n好~~\n\n题\n==="
    once = mend_text(text, ("hard-breaks",)).text
    assert mend_text(once).text == once
