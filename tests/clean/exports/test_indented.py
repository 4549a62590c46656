from __future__ import annotations

import pytest

from crawler.clean.exports.mend import mend_text

_SET_IN = "    int **p = &q;\n\n        <b>x</b>  # 说明\n    print('你好')"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (f"甲\n\n{_SET_IN}\n\n乙", "int **p = &q;\n\n    <b>x</b>  # 说明\nprint('你好')"),
        ("* 项\n\n甲\n\n    \n    x = 2**10\n    \n\n乙", "x = 2**10"),
        ("甲\n\n\tint **p;\n\tint **q;\n乙", "int **p;\nint **q;"),
        ("```\na\n```\n\n    a = `b`;", "a = `b`;"),
        ("<div>\n\n    int **p;\n\n</div>", "int **p;"),
        ("    if a < b:\n        stop", "if a < b:\n    stop"),
        ("    <p>雾</p>\n    <b>x</b>", "<p>雾</p>\n<b>x</b>"),
        ("    a = '<img src=\"//b/c\">';\n    d(a);", "a = '<img src=\"//b/c\">';\nd(a);"),
    ],
)
def test_code_that_is_set_in_stays_as_it_is(given: str, code: str) -> None:
    once = mend_text(given).text
    assert f"```\n{code}\n```" in once
    assert mend_text(once).text == once


def test_a_picture_between_blocks_of_code_is_in_none() -> None:
    shown = "![](https://mmbiz.qpic.cn/a/640)"
    text = mend_text(f"    a = *b;\n    c = *d;\n\n    {shown}\n\n    e = *f;\n    g = *h;").text
    assert text.split("```")[1::2] == ["\na = *b;\nc = *d;\n", "\ne = *f;\ng = *h;\n"]
    assert text.split("```")[2].strip() == shown


def test_code_that_is_set_in_and_holds_a_fence_ends_with_its_own() -> None:
    assert mend_text("    ```\n    a\n    ```").text == "````\n```\na\n```\n````"


@pytest.mark.parametrize(
    "prose",
    [
        "甲\n\n    渡轮在*雾*中停航。\n\n    “三日”。",
        "- 甲\n\n    int **p;",
        "[^1]: 注\n\n    int **p;",
        "甲\n    int **p;",
        "甲\n\n    ![](https://mmbiz.qpic.cn/a/640)\n\n    ——*作者*",
        "甲\n\n    - a = b;\n    - c = d;",
        "甲\n\n    https://a.example/b?x=1&y=2",
        '甲\n\n    <img src="https://mmbiz.qpic.cn/a/640" />',
        '甲\n\n    <a href="https://a.example/b">灯塔</a>',
        "甲\n\n    文 | 张三\n    图 | 李四",
        "甲\n\n    价格=100;很便宜\n    用 `npm` 装",
        "甲\n\n    <strong>小标题</strong>",
        "甲\n\n    Q&A & R&D",
        "甲\n\n    *Price* per day, 10~20",
        "甲\n\n    The *Lunar Log* is a boat (of many) here.\n    She sails.",
        "<div>\n\n    <p>a = b</p>\n\n</div>",
        "甲\n\n        <p>a = b</p>\n        <p>c = d</p>",
        "甲\n\n    <p>乙</p>\n    <p><img src='http://mmbiz.qpic.cn/a/0'></p>\n    <p>丙</p>",
        '甲\n\n    <section style="color: red">\n    <p>乙</p>\n    </section>',
    ],
)
def test_prose_that_is_set_in_is_no_code(prose: str) -> None:
    assert "```" not in mend_text(prose).text
