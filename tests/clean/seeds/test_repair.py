from __future__ import annotations

import html
import importlib
import itertools
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from crawler.clean.seeds.links import close_cut_link
from crawler.clean.seeds.repair import NOTHING_TO_MEND, repair

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("snake\\_case\\_name", "snake_case_name"),
        ("5 \\* 3 = 15", "5 * 3 = 15"),
        ("**0****1**", "**01**"),
        ("**支持「****读书圈」**", "**支持「读书圈」**"),
        ("一\xa0二\u200b三\ufeff", "一 二三"),
        ("看图![]()这里", "看图这里"),
        ("![]()", ""),
        ("[点我](javascript:;)", "点我"),
        (
            "[![](https://mmbiz.qpic.cn/a/640)](javascript:void(0);)",
            "![](https://mmbiz.qpic.cn/a/640)",
        ),
        ("上\n\n##\n\n下", "上\n\n下"),
        ("## ****", ""),
        ("![](http://mmbiz.qpic.cn/a/640)", "![](https://mmbiz.qpic.cn/a/640)"),
        ("![](http://mmecoa.qpic.cn/a/640)", "![](https://mmecoa.qpic.cn/a/640)"),
        ("<script>alert(1)</script>", "\\<script>alert(1)\\</script>"),
        ("写`\n<script>x\n</Script>\ny`与", "写`   <script>x   </Script>  \ny`与"),
        ("> 写`a\n> <!-- b`", "> 写`a <!-- b`"),
        ("写\\](<script>)与](a<!--b)", "写\\\\](\\<script>)与](a\\<!--b)"),
        ("上\n\n\n\n下", "上\n\n下"),
        ("    缩进的一段", "缩进的一段"),
        ("\\*图片来源：灯塔", "*图片来源：灯塔"),
        ("## ![](https://mmbiz.qpic.cn/a/640)", "![](https://mmbiz.qpic.cn/a/640)"),
        ("#### ---", "---"),
        ("3[\u200d](https://mp.weixin.qq.com/s/a)", "3"),
        ("第一段\n\n\xa0\xa0\xa0\xa01. 字段", "第一段\n\n1. 字段"),
    ],
)
def test_what_the_older_tool_broke_is_mended(broken: str, mended: str) -> None:
    assert repair(broken).text == mended


@pytest.mark.parametrize(
    "text",
    [
        "普通的一段，什么也没有。",
        "**重点** 和 *斜体*",
        "- 一\n- 二\n  - 三",
        "> 引文\n> 第二行",
        "> \\* 注：数据截至五月",
        "1. \\* 甲项为估计",
        "`a\\_b` 与 `**`",
        "[链接](https://example.com/a_b_c)",
        "[链接](<https://example.com/a_b_*>)",
        "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |",
        "1. 一\n2. 二",
        "---",
        "👨\u200d👩\u200d👧",
        "第一行  \n第二行",
    ],
)
def test_what_is_whole_is_left_alone(text: str) -> None:
    assert repair(text).text == text


@pytest.mark.parametrize(
    ("taken_over", "shown"),
    [
        ('转义成\\"的引号', '转义成\\"的引号'),
        ("C:\\{灯塔}\\", "C:\\{灯塔}\\"),
        ("\\\\root\\\\cimv2", "\\\\root\\\\cimv2"),
        ('href="a\\">\\</script>', 'href="a\\">\\</script>'),
        ("&#19990;与&lt;", "&#19990;与&lt;"),
        ("`\\.` 和 [链接](https://a.example/\\._)", "\\. 和 链接"),
        ("1.\xa0甲", "1. 甲"),
        ("+\xa0+\xa0+", "+ + +"),
    ],
)
def test_a_sign_of_the_author_shows_as_the_page_showed_it(taken_over: str, shown: str) -> None:
    rendered = RENDERER.render(repair(taken_over).text)
    assert "<li>" not in rendered
    assert html.unescape(re.sub(r"<[^>]*>", "", rendered)).strip() == shown


@pytest.mark.parametrize(
    ("spread", "gathered"),
    [
        (
            "[\n![](https://a.example/1)\n\n灯塔\n\n2024-05-03](https://mp.weixin.qq.com/s/abcdef)",
            (
                "[![](https://a.example/1)](https://mp.weixin.qq.com/s/abcdef)\n\n"
                "[灯塔](https://mp.weixin.qq.com/s/abcdef)\n\n[2024-05-03](https://mp.weixin.qq.com/s/abcdef)"
            ),
        ),
        (
            "[上\n\n## 下](https://a.example)",
            "[上](https://a.example)\n\n## [下](https://a.example)",
        ),
        ("[注\n\n[链接](https://a.example)", "[注\n\n[链接](https://a.example)"),
        ("[一个  \n链接](https://a.example)", "[一个  \n链接](https://a.example)"),
    ],
)
def test_a_link_that_is_spread_over_blocks_becomes_one_of_each(spread: str, gathered: str) -> None:
    assert repair(spread).text == gathered


@pytest.mark.parametrize(
    ("cut", "kept"),
    [
        ("上文\n\n[灯塔与渡轮](http://m...", "上文\n\n灯塔与渡轮..."),
        ("上文![](https://mmbiz...", "上文..."),
        ("[![](https://a.example/1)](http...", "![](https://a.example/1)..."),
        ("[![](https://a.exam...", "..."),
        ("[!...", "..."),
        ("一句被截断的话...", "一句被截断的话..."),
        ("[注] 见[此处](https://a.example)...", "[注] 见[此处](https://a.example)..."),
    ],
)
def test_half_a_link_or_picture_at_the_cut_goes_and_its_words_stay(cut: str, kept: str) -> None:
    assert close_cut_link(cut) == kept


@pytest.mark.parametrize(
    ("lines", "mended"),
    [
        ("船名：晨星\n船长：林小渡", "船名：晨星  \n船长：林小渡"),
        ("1、甲\n2、乙", "1、甲  \n2、乙"),
        ("一句话。\n![](https://a.example/1)", "一句话。  \n![](https://a.example/1)"),
        (f"{'灯' * 50}与\nTower 之间", f"{'灯' * 50}与\nTower 之间"),
        ("- 一\n- 二", "- 一\n- 二"),
        ("> 一\n> 二", "> 一\n> 二"),
        ("| 甲 |\n| --- |\n| 乙 |\n| 丙 |", "甲\n\n乙\n\n丙"),
    ],
)
def test_a_line_break_that_lost_its_two_spaces_breaks_the_line_again(
    lines: str, mended: str
) -> None:
    assert repair(lines).text == mended


@pytest.mark.parametrize(
    "text",
    [
        "- 潮  \n  *汐*水",
        "- 潮  \n  **汐**水\n  - 港**口**  \n    *口*岸",
        "10. 潮\n\n    *汐*水  \n    港",
        "- 潮\n\n  | a | b **c** |\n  | --- | --- |\n  | *c* | **d**e |\n\n- 港",
        "- 潮\n\n  | a | b **c** |\n  | --- | --- |\n  | *c* | **d**e |\n- 港*口*  \n  **岸**边",
        "> 潮/\\*水  \n> ~~**汐**~~",
        "> 潮/\\*水  \n> *汐*水",
        "维 $d_{\\text{hidden\\_size}}$ 与 $\\mathrm{a\\_b}$",
    ],
)
@pytest.mark.parametrize("from_page", [True, False])
def test_lines_of_an_item_and_of_a_quote_stay_what_they_are(text: str, *, from_page: bool) -> None:
    assert repair(text, from_page=from_page).text == text


def test_what_stands_indented_in_a_list_stays_in_it_and_nothing_else_is_indented() -> None:
    listed = "1. 甲\n\n   ![](https://a.example/1)\n2. 乙\n\n   又一段"
    assert repair(f"{listed}\n\n正文\n\n    缩进的一段").text == f"{listed}\n\n正文\n\n缩进的一段"


@pytest.mark.parametrize(
    ("table", "mended"),
    [
        (
            "|  |  |\n| --- | --- |\n| 岗位 | 薪资 |\n| 船长 | 面议 |",
            "| 岗位 | 薪资 |\n| --- | --- |\n| 船长 | 面议 |",
        ),
        ("|  |\n| --- |\n| 一段盒子里的话 |", "一段盒子里的话"),
        ("| 甲 | 乙 |\n| --- | --- |\n| 1 |", "| 甲 | 乙 |\n| --- | --- |\n| 1 |  |"),
        ("|  |\n| --- |\n|  |", ""),
        (
            "|  |  |\n| --- | --- |\n| 岗位 | 薪资 |\n| 船长 | 面...",
            "| 岗位 | 薪资 |\n| --- | --- |\n| 船长 | 面... |",
        ),
        ("|  |  |\n| --- | --- |\n| 岗位 | 薪资 |\n...", "| 岗位 | 薪资 |\n| --- | --- |\n\n..."),
        ("| 品种 | * 甲 * 乙 * 丙 |\n| --- | --- |", "| 品种 | 甲<br>乙<br>丙 |\n| --- | --- |"),
    ],
)
def test_a_table_gets_a_header_that_is_one_and_rows_of_one_length(table: str, mended: str) -> None:
    assert repair(table).text == mended


def test_a_row_that_holds_a_table_becomes_that_table() -> None:
    inner = (
        "| |  |  | | --- | --- | | **0{0}** | ● 渡轮 | | ► [点击阅读](https://a.example/{0}) | |"
    )
    outer = "\n".join(
        ("|  |  |  |  |", "| --- | --- | --- | --- |", inner.format(1), inner.format(2))
    )
    assert repair(outer).text == "\n\n".join(
        f"| 0{n} | ● 渡轮 |\n| --- | --- |\n| ► [点击阅读](https://a.example/{n}) |  |"
        for n in (1, 2)
    )


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("前\n\n```\n```\n\n后", "前\n\n后"),
        ("```\n\n```\nint a;\n```\n\n```", "```\nint a;\n```"),
        ("```\nint a;\n没有结束", "```\nint a;\n没有结束\n```"),
        ("```\n\n```\n\n散文\n\n```\n\n```", "散文"),
        ("```\n```\nint a;\n```\n\n散文\n```\n\n后", "```\nint a;\n```\n\n散文\n\n后"),
        (
            "```\n甲\n```\n\n```\n乙\n```\n\n```\n丙\n```",
            "```\n甲\n```\n\n```\n乙\n```\n\n```\n丙\n```",
        ),
        (
            "1. 一\n\n   ```\n   int a;\n   ```\n2. 二",
            "1. 一\n\n   ```\n   int a;\n   ```\n\n2. 二",
        ),
    ],
)
def test_a_fence_is_whole_single_and_holds_something(broken: str, mended: str) -> None:
    assert repair(broken).text == mended


CODE = st.lists(
    st.text(st.sampled_from("ab*_\\ []()<|\xa0\u200b"), max_size=12), min_size=1, max_size=5
)


@given(CODE)
def test_code_is_never_altered(lines: list[str]) -> None:
    block = "\n".join(("```c", *lines, "```"))
    if any(line.strip() for line in lines):
        # but for what shows nothing, and spaces that look like any other
        shown = block.replace("\u200b", "").replace("\xa0", " ")
        assert repair(f"上\n\n{block}\n\n下").text == f"上\n\n{shown}\n\n下"


@given(
    st.lists(
        st.sampled_from(["**", "*", "重点", "，", "a", " ", "「", "」", "_", "\\_", "1"]),
        max_size=24,
    ).map("".join)
)
@example("**重点* ，***重点")
def test_mending_twice_is_mending_once(text: str) -> None:
    once = repair(text).text
    assert repair(once, from_page=False).text == once


@given(
    st.lists(
        st.tuples(st.sampled_from(["重点", "“引”", "（甲）", "abc", "0"]), st.booleans()),
        min_size=1,
        max_size=6,
    )
)
def test_no_asterisk_shows_where_the_marks_were_in_pairs(words: list[tuple[str, bool]]) -> None:
    text = "".join(f"**{word}**" if bold else word for word, bold in words)
    shown = re.sub(r"<[^>]*>", "", RENDERER.render(repair(text).text))
    assert "*" not in shown
    assert (
        shown.strip()
        == re.sub(r"<[^>]*>", "", RENDERER.render("".join(word for word, _ in words))).strip()
    )


def test_what_is_taken_out_is_counted() -> None:
    removed = repair("![]()\n\n##\n\n[a](javascript:;)\n\n```\n```\n\n正文").removed
    assert removed == {
        "line:empty-picture": 1,
        "line:empty-heading": 1,
        "line:script-link": 1,
        "line:empty-fence": 1,
    }


def test_a_block_that_is_taken_for_whole_is_one_that_mending_would_not_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pieces = ("* ", "## ", "#", "\n", " ", "字", "[", "](https://a)", "](", "`", "|", "~", "![")
    blocks = (
        "".join(row) for length in range(1, 6) for row in itertools.product(pieces, repeat=length)
    )
    whole = [
        block
        for block in blocks
        if NOTHING_TO_MEND.fullmatch(block) and not re.search("\n\\s*\n|```", block)
    ]
    assert len(whole) > 10_000
    # so that every block is mended
    module = importlib.import_module("crawler.clean.seeds.repair")
    monkeypatch.setattr(module, "NOTHING_TO_MEND", re.compile("(?!)"))
    assert [block for block in whole if repair(block, from_page=False).text != block] == []


@pytest.mark.parametrize("from_page", [True, False])
@pytest.mark.parametrize(
    "code",
    [
        "`[甲](javascript:prompt(document.cookie))`",
        "`![甲]()` 与 `[](https://a.example/)`",
        "`](http://mmbiz.qpic.cn/a)`",
        "> ```\n> ![甲]()\n> ```",
        "`a``b<b>c` 与 [甲](https://a.example/)",
    ],
)
def test_what_code_shows_of_broken_links_stays(code: str, *, from_page: bool) -> None:
    mended = repair(f"潮 **汐**\n\n{code}", from_page=from_page)
    assert mended.text == f"潮 **汐**\n\n{code}"
    assert not mended.removed


@pytest.mark.parametrize("run", ["http://" * 9, "https://a.example/?a=" * 9])
def test_addresses_that_run_into_one_another_are_looked_through_once(run: str) -> None:
    module = importlib.import_module("crawler.clean.seeds.repair")
    assert [found.end() for found in module._ADDRESS.finditer(run)] == [len(run)]
    assert repair(f"{run} \\*甲").text == f"{run} *甲"


def test_an_open_bracket_is_looked_for_near_an_address_alone() -> None:
    assert repair("[灯 https://a.cn/\\_x").text == "[灯 https://a.cn/\\_x"
    far = f"[{'灯' * 3_000} https://a.cn/"
    assert repair(f"{far}\\_x").text == f"{far.replace('https', '<https')}_x>"
