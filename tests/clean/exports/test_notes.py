from __future__ import annotations

import pytest

from crawler.clean.exports.fields import read_sheet
from crawler.clean.exports.notes import says_it_is_cut, sign_of_note, title_of_article


def test_a_digest_is_known_by_its_type_and_an_article_is_none() -> None:
    assert sign_of_note(read_sheet("---\ntype: digest\n---\n甲")) == "note:type"
    assert sign_of_note(read_sheet("---\ntype: wechat-article\n---\n甲")) == ""


def test_a_heading_of_digests_counts_only_near_the_top() -> None:
    assert sign_of_note(read_sheet("# 题\n\n## TL;DR\n\n甲")) == "note:heading"
    assert sign_of_note(read_sheet("段落。\n\n" * 40 + "## TL;DR\n")) == ""
    picture = "![](https://mmbiz.qpic.cn/a/0)\n\n"
    assert sign_of_note(read_sheet(f"{picture}## TL;DR\n\n甲")) == "note:heading"
    assert sign_of_note(read_sheet(f"{picture}## TL;DR\n\n甲\n\n{picture}")) == ""


def test_a_note_is_titled_by_the_article() -> None:
    assert title_of_article("渡口（速读摘要）") == "渡口"
    assert title_of_article("渡口（上）") == "渡口（上）"


@pytest.mark.parametrize(
    ("end", "is_cut"),
    [
        (
            "\n\n<error>Content truncated. Call the fetch tool with a start_index of 5000.</error>",
            True,
        ),
        ("\n\n... [truncated]", True),
        ("潮水 \\[Content truncated\\]", True),
        ("\n\n... (12345 characters truncated) ...", True),
        ("\n\n（内容过长，已截断）", True),
        ("...(内容已截断，共 12000 字)", True),
        ("\n\n这一段被截断", False),
        ("\n\n参数 truncated 默认为假", False),
        ("\n\n表名写作 truncated", False),
        ("……", False),
    ],
)
def test_the_last_words_of_a_text_say_that_a_tool_cut_it(end: str, *, is_cut: bool) -> None:
    assert says_it_is_cut(f"潮水的高度。{end}") is is_cut
