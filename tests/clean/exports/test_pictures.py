from __future__ import annotations

from collections import Counter

import pytest

from crawler.clean.exports.pictures import (
    local_pictures,
    mend_pictures,
    mend_targets,
    place_pictures,
)


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ('![](https://a.example/b "")', "![](https://a.example/b)"),
        ("![Image 7: 渡口](https://a.example/b)", "![渡口](https://a.example/b)"),
        ("![图片](https://a.example/b#imgIndex=3)", "![](https://a.example/b)"),
        ("![](http://mmbiz.qpic.cn/a/0)", "![](https://mmbiz.qpic.cn/a/0)"),
        ("![](http://mmecoa.qpic.cn/a/0)", "![](https://mmecoa.qpic.cn/a/0)"),
        ("![](//mmbiz.qpic.cn/a/0)", "![](https://mmbiz.qpic.cn/a/0)"),
        (
            "![](https://images.weserv.nl/?url=mmbiz.qpic.cn/a/0)",
            "![](https://images.weserv.nl/?url=mmbiz.qpic.cn/a/0)",
        ),
        ("![[images/a b.png]]", "![](images/a%20b.png)"),
        ("![[a.png|渡口的灯|300x200]]", "![渡口的灯](a.png)"),
        ("| ![[a.png\\|渡口]] |", "| ![渡口](a.png) |"),
        ("![渡口](a.png '灯')", "![渡口](a.png)"),
        ("![[夜话]] ![](640)", "![](./夜话) ![](640)"),
        (
            "哈![[微笑]](https://res.wx.qq.com/a.gif)![\\[撇嘴\\]](https://res.wx.qq.com/t/b@2x.png)",
            "哈[微笑][撇嘴]",
        ),
        ("好![[旺柴]](https://res.wx.qq.com/a.gif)(不是)", "好[旺柴\\](不是)"),
        ("![[图]](a_1.png)", "![[图]](a_1.png)"),
        ("![](undefined) ![图](None)", "![](undefined) ![图](None)"),
        ('![图片](地址) 或 ![alt](url "title")', '![图片\\](地址) 或 ![alt\\](url "title")'),
    ],
)
def test_a_picture_is_written_with_its_own_address(given: str, written: str) -> None:
    assert mend_pictures(given, Counter()) == written


@pytest.mark.parametrize(
    ("given", "target"),
    [
        ("渡口 夜话/图 1.png", "渡口%20夜话/图%201.png"),
        ("<渡口 夜话/图 1.png>", "渡口%20夜话/图%201.png"),
        ("./渡口 (1)/a.JPG", "./渡口%20(1)/a.JPG"),
        ('渡口 夜话/a.png "灯"', "渡口%20夜话/a.png"),
        ("a.png =300x", "a.png"),
        ("a.png 'x y'", "a.png"),
    ],
)
def test_a_file_whose_name_holds_spaces_is_a_picture_beside_the_text(
    given: str, target: str
) -> None:
    written = mend_pictures(mend_targets(f"甲![灯]({given})乙"), Counter())
    assert (written, local_pictures(written)) == (f"甲![灯]({target})乙", [target])
    typed = f"`![灯]({given})` 与 ![灯](见 下文)"
    assert mend_targets(typed) == typed


@pytest.mark.parametrize(
    "lost", ["![图片](data:image/svg+xml,%3Csvg%3E)", "![]()", "![](data:image/gif;base64,R0lG)"]
)
def test_a_placeholder_is_counted_as_a_lost_picture(lost: str) -> None:
    counts: Counter[str] = Counter()
    assert mend_pictures(f"前{lost}后", counts) == "前后"
    assert counts == {"picture-lost": 1}


@pytest.mark.parametrize("words", ["", "渡[一]口", "渡\\]口", "`x`"])
@pytest.mark.parametrize("target", ["a.png", "images/a%20(1).png"])
def test_pictures_beside_a_document_are_found_whatever_their_names_and_words(
    words: str, target: str
) -> None:
    text = f"甲![{words}]({target})乙"
    assert local_pictures(text) == [target]
    assert place_pictures(text, {target: "images/b.png"}) == (f"甲![{words}](images/b.png)乙", 0)


@pytest.mark.parametrize("text", ["\\![渡口]()", "\\![渡口](data:x)", "\\![[a.png]]"])
def test_a_picture_that_an_author_only_writes_about_is_none(text: str) -> None:
    assert mend_pictures(text, Counter()) == text
    assert local_pictures("\\![渡口](a.png)") == []


def test_a_picture_behind_a_backslash_of_the_text_is_one() -> None:
    assert mend_pictures("\\\\![渡口]()", Counter()) == "\\\\"
