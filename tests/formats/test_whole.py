"""What a parser of Markdown would hide is shown: in a feed and a book, and on the site."""

from __future__ import annotations

import re
from html import unescape

import pytest

pytest.importorskip("nh3", reason="the extra is not installed: pip install .[browse]")

from crawler.browse.reader import read_body
from crawler.formats import Work
from crawler.formats.whole import markdown_parser
from crawler.formats.xhtml import render_xhtml
from tests.browse.markup import render_markdown


def _shown(markdown: str) -> list[str]:
    """The words of both renderings, less their elements and blanks."""
    rendered = (render_xhtml(markdown, lambda _: ""), render_markdown(markdown))
    return [re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", one))) for one in rendered]


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("[2]: https://example.com/tides", "[2]:https://example.com/tides"),
        (
            "涨100[2]，**5[2][3]** 倍[4][2]，[文][2]与[2][]\n\n[2]: https://e.com/b\n[3]: /c",
            "涨100[2]，5[2][3]倍[4][2]，文与2[2]:https://e.com/b[3]:/c",
        ),
        (
            '前\n\n[2]: https://e.com/a "潮汐表"\n[3]: 海图集',
            '前[2]:https://e.com/a"潮汐表"[3]:海图集',
        ),
        ("灯塔[^1]\n\n[^1]: 建于光绪年间", "灯塔[^1][^1]:建于光绪年间"),
        ("- [注]: 见下页\n- 乙", "[注]:见下页乙"),
        ("> [注]: 见下页", "[注]:见下页"),
        ("- 甲\n\n  | a | b |\n  | - | - |\n  | c | d | 多出来 |", "甲abcd多出来"),
        ("> | a | b |\n> | - | - |\n> | c | d | 多 | 又多 |\n> | e |", "abcd多又多e"),
        ("见[图1](系统架构)。", "见[图1](系统架构)。"),
        ('g[i](j)，[**甲**](乙 "丙")', 'g[i](j)，[甲](乙"丙")'),
        ("[甲](%E4%B9%99) [乙][t]\n\n[t]: 丙", "[甲](乙)[乙][t][t]:丙"),
        ("[回](#top) [页](/a) [文](b.md) [信](mailto:a@b.c) [网](HTTPS://e.com)", "回页文信网"),
        ('妙![笑](哈哈 "真的")，![*](乙)。', '妙![笑](哈哈"真的")，![*](乙)。'),
        ("用 <std:vector> 与 <a@b.com>", "用<std:vector>与a@b.com"),
        ("```第一步 装上\npip\n```", "第一步装上pip"),
        ("~~~ 说明\npip\n~~~", "说明pip"),
        ("> ```sh 记 得\n> ls\n> ```", "sh记得ls"),
    ],
)
def test_no_word_is_hidden(markdown: str, words: str) -> None:
    assert _shown(markdown) == [words, words]


@pytest.mark.parametrize("levels", [20, 57, 58, 59, 60, 61, 80, 400])
def test_words_that_lie_however_deep_are_shown(levels: int) -> None:
    for one in _shown(f"前\n\n{'>' * levels} 深处\n\n后"):
        assert re.fullmatch("前>*深处后", one)
    steps = "".join(f"{'  ' * level}- 层{level}\n" for level in range(levels))
    for one in _shown(steps):
        assert all(f"层{level}" in one for level in range(levels))


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("10. 甲\n9. 乙\n8. 丙", "start=10 value=9 value=8"),
        ("3. 甲\n1. 乙\n2. 丙\n3. 丁", "start=3 value=1"),
        ("> 1) 甲\n>    - 5. 丙\n>      05. 丁\n> 3) 戊", "start=5 value=5 value=3"),
        ("1. 甲\n2. 乙\n\n7) 丙\n8) 丁", "start=7"),
        ("1. 甲\n1. 乙\n1. 丙", ""),  # written for a parser to count
        ("- 甲\n- 乙", ""),
    ],
)
def test_the_items_of_a_list_keep_their_numbers(markdown: str, shown: str) -> None:
    for rendered in (render_xhtml(markdown, lambda _: ""), render_markdown(markdown)):
        numbers = re.findall(r'<(?:ol|li) (\w+)="(\d+)">', rendered)
        assert " ".join("=".join(number) for number in numbers) == shown


def test_a_definition_goes_on_being_where_its_links_lead() -> None:
    rendered = render_xhtml("见[潮汐表][t]。\n\n[t]: https://example.com/tides", lambda _: "")
    assert 'href="https://example.com/tides">潮汐表</a>' in rendered


def test_the_name_of_a_language_is_no_word() -> None:
    assert _shown("```c++\nint a;\n```") == ["inta;", "inta;"]
    assert "language-python" in render_markdown("```python\n1\n```")


def test_the_words_of_a_picture_that_is_not_there_are_shown_with_its_title() -> None:
    assert "灯塔 夜里所摄" in render_xhtml('![灯塔](https://e.com/a "夜里所摄")', lambda _: "")
    there = render_xhtml('[图](https://e.com "注一")![](https://e.com/a "注二")', lambda url: url)
    assert 'title="注一"' in there
    assert 'title="注二"' in there


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("# 夜航\n\n文", "文"),
        ("# 夜 航。\n\n文", "文"),
        ("# 第一章 起点\n\n文", "# 第一章 起点\n\n文"),
        ("# \n\n文", "文"),
        ("# ?!\n\n文", "# ?!\n\n文"),
        ("文", "文"),
    ],
)
def test_a_first_heading_that_says_something_else_than_the_title_is_shown(
    body: str, text: str
) -> None:
    work = Work(id="a:1:1", url="", title="夜航", body=body)
    assert work.text.strip() == text
    shown = re.sub(r"<[^>]+>", "", read_body(body, "夜航").html)
    assert shown.split() == text.replace("# ", "").split()


@pytest.mark.parametrize(
    "unit", ["甲\n\n", "|甲", "- - 甲\n", "> > 甲\n", "**甲** ", "$x$ ", "<br>", "[甲](#)", "[ "]
)
def test_a_text_of_more_pieces_than_memory_has_room_for_is_shown_as_it_stands(unit: str) -> None:
    text = unit * 60_000
    for rendered in (render_xhtml(text, lambda _: ""), render_markdown(text)):
        assert rendered.startswith("<pre>")
        assert unescape(rendered.removeprefix("<pre>").removesuffix("</pre>")) == text
    assert not render_xhtml(unit * 900, lambda _: "").startswith("<pre>")


@pytest.mark.parametrize(
    "markdown",
    ["&#x202E;反&#8238;", "[反](x%E2%80%AEy)", '![反](https://a.example/b.png "&#x202E;")',
     "``` a &#x202E; b\n反\n```", "&#xE000;反&#xE001;", "反&#xFE00;&#xFE01;&#xE0169;"],
)  # fmt: skip
def test_a_mark_that_steers_is_none_however_it_is_written(markdown: str) -> None:
    rendered = markdown_parser().render(markdown)
    assert "反" in rendered
    assert not {"\u202e", "\ue000", "\ue001", "\ufe01", "\U000e0169"} & set(rendered)


def test_a_reference_in_code_and_one_within_an_emoji_stay() -> None:
    rendered = markdown_parser().render("`&#x202E;` 👨&zwj;💻 1&nbsp;2 3 &lt; 4")
    assert "<code>&amp;#x202E;</code> 👨\u200d💻 1\xa02 3 &lt; 4" in rendered
