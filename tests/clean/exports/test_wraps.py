from __future__ import annotations

import pytest

from crawler.clean.exports.wraps import join_hard_breaks, join_soft_wraps


@pytest.mark.parametrize(
    ("broken", "joined"),
    [
        ("他说  \n甲  \n。", "他说甲。"),
        ("在（  \n括号  \n）里。", "在（括号）里。"),
        ("the ferry  \nleaves at six.", "the ferry leaves at six."),
        ("**重点**  \n，其余。", "**重点**，其余。"),
    ],
)
def test_breaks_in_mid_sentence_are_joined(broken: str, joined: str) -> None:
    assert join_hard_breaks(broken) == joined


@pytest.mark.parametrize(
    "kept",
    [
        "渡口无人  \n舟自横斜",  # a poem's lines end without a sign
        "第一句。  \n第二句。",
        "* 甲  \n* 乙",
        "## 甲  \n乙。",
        "![](https://a.example/b)  \n说明。",
    ],
)
def test_breaks_between_sentences_items_and_verses_stay(kept: str) -> None:
    assert join_hard_breaks(kept) == kept


@pytest.mark.parametrize(
    ("wrapped", "joined"),
    [
        ("（\nmail@example.com ）。", "（mail@example.com ）。"),
        (
            "_https://example.com/generation-\nbeta-2025/1/_",
            "_https://example.com/generation-beta-2025/1/_",
        ),
        (
            "![](https://mmbiz.qpic.cn/mmbiz_png/aB-\ncd-\nef/640?wx_fmt=png)",
            "![](https://mmbiz.qpic.cn/mmbiz_png/aB-cd-ef/640?wx_fmt=png)",
        ),
        ("见 [船期](https://a.example/x\ny/z) 。", "见 [船期](https://a.example/xy/z) 。"),
        ("the ferry leaves\nat six", "the ferry leaves at six"),
        ("渡轮在\n六点开", "渡轮在六点开"),
    ],
)
def test_wrapped_lines_are_joined_with_a_space_only_between_words(
    wrapped: str, joined: str
) -> None:
    assert join_soft_wraps(wrapped) == joined


def test_hard_breaks_and_blocks_among_wrapped_lines_stay() -> None:
    text = "第一行  \n第二行\n* 甲\n* 乙\n| a |\n| - |"
    assert join_soft_wraps(text) == text


@pytest.mark.parametrize("join", [join_hard_breaks, join_soft_wraps])
def test_what_was_joined_once_is_not_changed_again(join: object) -> None:
    assert callable(join)
    once = join("他说  \n甲  \n。\n乙\n丙  \n丁。")
    assert join(once) == once
