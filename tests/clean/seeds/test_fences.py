"""Fences as the older tool wrote them.

Whatever stands around and before a block, its code comes out as it was.
"""

from __future__ import annotations

from functools import reduce
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from crawler.clean.seeds.fences import split_fences
from crawler.clean.seeds.repair import repair
from crawler.dialect import fence_after

RENDERER = MarkdownIt("commonmark")

CODE_LINE = st.text(st.sampled_from("ab*_\\ ;<|\xa0灯"), min_size=1, max_size=8).filter(str.strip)
CODE = (
    st.lists(st.one_of(CODE_LINE, st.just("")), min_size=1, max_size=4)
    .map("\n".join)
    .map(lambda code: f"{code}\n;")
)
PROSE = st.sampled_from(["散文。", "* 甲\n* 乙", "**重点**", "1. 甲"])
EDGE = st.sampled_from(["\n", "\n\n"])


def _fence(text: str, language: str = "") -> str:
    return f"```{language}\n{text}\n```"


SINGLE = st.tuples(CODE.map(lambda code: f"a{code}"), st.sampled_from(["", "c"])).map(
    lambda drawn: (_fence(*drawn), [drawn[0]])
)
EMPTY: st.SearchStrategy[tuple[str, list[str]]] = st.sampled_from(["```\n```", "```\n\n```"]).map(
    lambda fence: (fence, [])
)


@st.composite
def outer_fences(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A <pre> that holds others, with or without prose behind each, its edges stripped or not."""
    codes = draw(st.lists(CODE.map(lambda code: f"a{code}"), min_size=1, max_size=3))
    pieces = [
        piece
        for code in codes
        for piece in (_fence(code), draw(st.one_of(st.none(), PROSE)))
        if piece
    ]
    after = "\n" if len(pieces) > len(codes) or len(codes) > 1 else draw(EDGE)
    return "".join(("```", draw(EDGE), "\n\n".join(pieces), after, "```")), codes


@given(
    st.lists(
        st.one_of(SINGLE, EMPTY, outer_fences(), PROSE.map(lambda text: (text, []))), max_size=6
    )
)
def test_every_block_of_code_is_found_whatever_fences_stand_before_it(
    pieces: list[tuple[str, list[str]]],
) -> None:
    parts, _ = split_fences("\n\n".join(text for text, _ in pieces))
    found = [part.text.partition("\n")[2].removesuffix("\n```") for part in parts if part.is_code]
    assert found == [code for _, codes in pieces for code in codes]
    assert not any("```" in part.text for part in parts if not part.is_code)


LINE = st.sampled_from(
    [
        "```",
        "```c",
        "~~~",
        "",
        "字。",
        "a\\_b **c",
        "   ```",
        "   x",
        "* 甲",
        "* ```",
        "| 甲 |",
        "...",
    ]
)


@given(st.lists(LINE, max_size=12).map("\n".join))
def test_fences_that_were_read_once_are_read_alike_again(text: str) -> None:
    once = repair(text).text
    assert repair(once, from_page=False).text == once


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("```c\na;\n```\n\n```\n\n```\nb;\n```\n\n```", "```c\na;\n```\n\n```\nb;\n```"),
        ("```\n```\na;\n```\n\n散文\n\n```\nb;\n```\n```", "```\na;\n```\n\n散文\n\n```\nb;\n```"),
        ("```\n\n```\na;\n```\n\n散文\n```\n\n后", "```\na;\n```\n\n散文\n\n后"),
        ("````\n```\n\n```\na;\n```\n\n```\n````", "````\n```\n\n```\na;\n```\n\n```\n````"),
    ],
)
def test_only_a_fence_that_opens_may_be_the_outer_one_of_two(broken: str, mended: str) -> None:
    assert repair(broken).text == mended


@pytest.mark.parametrize(
    ("cut", "kept"),
    [
        ("```\n\n```\na\\_b **c...", "```\na\\_b **c...\n```"),
        ("```\n```\na;\n```\n\n散文...", "```\na;\n```\n\n散文..."),
    ],
)
def test_a_doubled_block_that_the_seed_was_cut_in_stays_code(cut: str, kept: str) -> None:
    assert repair(cut).text == kept


@pytest.mark.parametrize(
    "text",
    [
        "1. 甲\n\n   ```\n   a\\_b  **c**\n   ```\n\n2. 乙",
        "1. 甲\n   * 乙\n\n     ```\n     a\\_b  **c**\n     ```\n\n   * 丙",
        "10. 甲\n\n    ```\n    a\\_b  **c**\n    ```\n\n11. 乙",
        "* ```\n  a\\_b  **c**\n  ```\n\n* 乙",
        "正文\n\n   ```\n   a\\_b  **c**\n   ```",
    ],
)
def test_code_in_an_item_of_a_list_stays_in_it_however_deep_and_shows_without_the_indent(
    text: str,
) -> None:
    assert repair(text).text == text
    assert "<code>a\\_b  **c**\n</code>" in RENDERER.render(text)


PICTURE = "![](https://mmbiz.qpic.cn/a/640?wx_fmt=gif)"


def test_a_picture_in_a_fence_is_shown_with_the_prose_around_it() -> None:
    assert repair(_fence(f"精彩推荐\n\n{PICTURE}\n")).text == f"精彩推荐\n\n{PICTURE}"


@pytest.mark.parametrize(
    "code",
    [
        "![](https://a.example/1.png)",
        f"{PICTURE}\nint a = 1; // 一个变量，用来记录灯塔的状态",
        f"{PICTURE}\nmake all",
        f"    {PICTURE} # 图",
        "精彩推荐",
    ],
)
def test_what_may_be_code_stays_in_its_fence(code: str) -> None:
    assert repair(_fence(code)).text == _fence(code)


def test_a_document_shows_an_example_of_a_picture_as_it_is_written() -> None:
    assert repair(_fence(PICTURE), from_page=False).text == _fence(PICTURE)


@pytest.mark.parametrize("line", ["~~~", "~~~~~~~~", "~~~海~~~", "* ~~~ 海", "> ~~~"])
def test_a_line_of_tildes_that_an_author_drew_opens_no_code(line: str) -> None:
    once = repair(f"甲。\n\n{line}\n\n乙。").text
    assert once.replace("\\~", "~") == f"甲。\n\n{line}\n\n乙。"
    assert "~~~" not in once.partition("海")[0]
    assert repair(once, from_page=False).text == once


@pytest.mark.parametrize("from_page", [True, False])
@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("```npm install x\n```", "```\nnpm install x\n```"),
        ("``` 这一行是说明\n```", "```\n这一行是说明\n```"),
        ("1. ```make all now\n   ```", "1. ```\n   make all now\n   ```"),
        ("```make all now", "```\nmake all now\n```"),
        ("```python\n```", ""),
        ("```python 示例\nprint(1)\n```", "```python 示例\nprint(1)\n```"),
    ],
)
def test_words_on_a_fences_own_line_are_the_code_where_it_holds_no_other(
    written: str, mended: str, *, from_page: bool
) -> None:
    assert repair(written, from_page=from_page).text == mended


@pytest.mark.parametrize("line", ["    ```", "\t```sh", "- 灯\n\n      ```"])
def test_a_fence_too_far_in_for_one_makes_no_code_of_what_is_below(line: str) -> None:
    once = repair(f"海\n\n{line}\n\n一_句_").text
    assert once.endswith("\n\n一_句_")
    assert not reduce(lambda fence, line: fence_after(line, fence), once.split("\n"), "")
    assert repair(once, from_page=False).text == once


def test_words_behind_tildes_are_kept_too() -> None:
    assert repair("~~~一 句\n~~~", from_page=False).text == "~~~\n一 句\n~~~"


@pytest.mark.parametrize(
    "text",
    [
        "~~~分割线~~~\n\n一**句**",
        "~~~~~~~~\n\n~~~\n\n一**句**",
        "- 灯\n\n  ~~~\n\n  一**句**",
        "```\n~~~\n```\n\n~~~ 灯\n\n一**句**",
        "一**句**\n\n~~~",
    ],
)
def test_in_a_document_tildes_that_nothing_closes_are_a_line_that_an_author_drew(text: str) -> None:
    once = repair(text, from_page=False).text
    assert once.replace("\\~", "~") == text
    opened = list(
        accumulate(once.split("\n"), lambda fence, line: fence_after(line, fence), initial="")
    )
    assert not opened[-1]
    assert "**句**" in "\n".join(
        line for line, fence in zip(once.split("\n"), opened, strict=False) if not fence
    )
    assert repair(once, from_page=False).text == once


@pytest.mark.parametrize("text", ["~~~sh\n2**10", "~~~\n2**10\n", "~~~\n2**1 ..."])
def test_in_a_document_tildes_that_are_closed_name_a_language_or_are_cut_open_code(
    text: str,
) -> None:
    text += "~~~" * text.endswith("\n")
    assert repair(text, from_page=False).text.removesuffix("\n~~~") == text.removesuffix("\n~~~")
