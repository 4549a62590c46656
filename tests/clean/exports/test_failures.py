from __future__ import annotations

import pytest

from crawler.article import State
from crawler.clean.exports import Document, read_export
from crawler.clean.exports.failures import FAILURES, failure_of, says_it_is_cut
from tests.lookalikes import link


@pytest.mark.parametrize("row", FAILURES, ids=lambda row: row.id)
def test_what_a_tool_writes_in_place_of_a_text_is_known_where_it_is_all(row: object) -> None:
    assert isinstance(row, type(FAILURES[0]))
    assert [failure_of(text) for text in row.matches] == [row.id] * len(row.matches)
    assert not any(map(failure_of, row.spares))


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


def test_a_copy_that_says_that_its_tool_got_nothing_is_hollow() -> None:
    says = "> 注：由于平台限制，无法获取完整内容。请点击上方链接阅读原文。"
    text = f"# 潮水\n\n原文链接：{link(3)}\n\n{says}\n"
    adopted = read_export(Document(name="潮水.md", content=text.encode()))
    assert adopted.state == State.HOLLOW
    assert adopted.title == "潮水"
