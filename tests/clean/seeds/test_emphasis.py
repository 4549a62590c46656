from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from crawler.clean.markdown.runs import BOLD, ITALIC, LINE_BREAK, STRIKE, Link, Run, join_runs
from crawler.clean.seeds import emphasis
from crawler.clean.seeds.emphasis import SETTLED, mend_emphasis
from tests.growth import assert_linear

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
STYLE_OF = {"strong": BOLD, "em": ITALIC, "del": STRIKE, "s": STRIKE}

# What stands beside emphasis in Chinese text; none of these characters is Markdown's own.
SOUP = "重点内容漏洞ab1Z ，。：“”《》（）、！%-—…·＋￥🔥①é　"
texts = st.text(alphabet=SOUP, min_size=0, max_size=6)
# not neutral
runs = st.builds(Run, texts, st.integers(min_value=0, max_value=7), st.just(False))  # noqa: FBT003


def shown(markdown: str) -> list[tuple[str, int]]:
    """Every character that a reader sees, with the style it has; spaces are left out."""
    characters: list[tuple[str, int]] = []
    depth = {BOLD: 0, ITALIC: 0, STRIKE: 0}
    for part in re.split(r"(<[^>]*>)", RENDERER.renderInline(markdown)):
        tag = re.fullmatch(r"<(/?)([a-z]+)[^>]*>", part)
        if tag and tag[2] in STYLE_OF:
            depth[STYLE_OF[tag[2]]] += -1 if tag[1] else 1
        elif not tag:
            style = sum(one for one, deep in depth.items() if deep)
            characters += [(character, style) for character in part if not character.isspace()]
    return characters


def meant(pieces: list[Run]) -> list[tuple[str, int]]:
    return [
        (character, run.style)
        for run in pieces
        for character in run.text
        if not character.isspace()
    ]


def assert_shown(markdown: str, wanted: list[tuple[str, int]]) -> None:
    """Every letter has its style; punctuation at the ends of one may have lost it."""
    found = shown(markdown)
    assert [character for character, _ in found] == [character for character, _ in wanted]
    for (character, style), (_, was) in zip(found, wanted, strict=True):
        assert style == was or (not character.isalnum() and style & was == style), character


@given(st.lists(runs, max_size=8))
def test_what_was_bold_italic_or_struck_is_exactly_that_and_no_marker_shows(
    pieces: list[Run],
) -> None:
    assert_shown(join_runs(pieces), meant(pieces))


@given(st.lists(st.one_of(runs, st.just(LINE_BREAK)), max_size=8))
def test_a_line_break_ends_every_style_and_none_is_lost(pieces: list[Run]) -> None:
    assert_shown(join_runs(pieces), meant(pieces))


@given(
    st.lists(runs, max_size=4), st.lists(runs, min_size=1, max_size=3), st.lists(runs, max_size=4)
)
def test_a_link_keeps_the_style_of_its_words_and_of_its_neighbours(
    before: list[Run], inside: list[Run], after: list[Run]
) -> None:
    written = join_runs([*before, Link(tuple(inside), "https://example.com/"), *after])
    assert_shown(written, meant([*before, *inside, *after]))


@given(st.lists(runs, max_size=8))
def test_mending_what_closes_already_changes_nothing_that_is_seen(pieces: list[Run]) -> None:
    written = join_runs(pieces)
    assert_shown(mend_emphasis(written), meant(pieces))


@given(st.text(alphabet="*~`<>\\[]()重点内，“”a ", max_size=24))
@example("***\\ *")
@example("~**~")
@example("重\\\n点<")
def test_mending_twice_is_mending_once(text: str) -> None:
    once = mend_emphasis(text)
    assert mend_emphasis(once) == once


@given(st.text(alphabet="*~`<>\\[]()重点内，a \n", max_size=40))
@example("**重** 点 `内\n重` 点")
@example("重 `点\n内\n重` 点 <em>")
def test_no_word_is_lost_whatever_stands_around_it(text: str) -> None:
    mended = mend_emphasis(text)
    assert re.findall("[重点内，]", mended) == re.findall("[重点内，]", text)


@pytest.mark.parametrize(
    "text",
    [
        "**重点** 按 ` 键，\n再按 ` 键。",
        "**粗** ``a ` b\nc *d* e`` 尾",
        "**粗 `a\nb` 尾**",
        "- **甲** 用 `ls\n  -l` 看",
    ],
)
def test_code_over_lines_stays_as_it_is(text: str) -> None:
    assert mend_emphasis(text) == text


@given(st.lists(st.one_of(texts, st.sampled_from(["**", "****"])), max_size=12))
def test_no_asterisk_of_a_bold_marker_is_left_to_see(parts: list[str]) -> None:
    source = "重" + "".join(parts)
    assume(not re.search(r"[0-9A-Za-z]\*{7,}[0-9A-Za-z]|[0-9]\*{4}[0-9]", source))  # a mask
    assert not [character for character, _ in shown(mend_emphasis(source)) if character == "*"]


@pytest.mark.parametrize(
    ("pieces", "markdown"),
    [
        ([Run("重点", BOLD), Run("内容")], "**重点**内容"),
        ([Run("“重点”", BOLD), Run("内容")], "“**重点**”内容"),
        ([Run("注意：", BOLD), Run("不要")], "**注意**：不要"),
        ([Run("前"), Run("（备注）", BOLD), Run("后")], "前（**备注**）后"),
        ([Run("前"), Run("《山雾》", BOLD)], "前《**山雾**》"),
        ([Run("他说"), Run("：“好。”", BOLD), Run("便走")], "他说：“**好**。”便走"),
        ([Run("C++", BOLD), Run("语言")], "<strong>C++</strong>语言"),
        ([Run("在"), Run(".NET", BOLD), Run("里")], "在<strong>.NET</strong>里"),
        ([Run("前"), Run("！", BOLD), Run("后")], "前！后"),
        ([Run("0", BOLD), Run("1", BOLD)], "**01**"),
        ([Run(" 重点 ", BOLD), Run("内容")], " **重点** 内容"),
        ([Run("重", BOLD), Run(" "), Run("点", BOLD)], "**重 点**"),
        ([Run("", BOLD), Run("内容")], "内容"),
        ([Run(" ", BOLD), Run("内容")], " 内容"),
        ([Run("重点", BOLD | ITALIC)], "***重点***"),
        ([Run("重点", STRIKE)], "~~重点~~"),
        ([Link((Run("重点", BOLD),), "u"), Run("内容")], "[**重点**](u)内容"),
        ([Run("见", BOLD), Link((Run("此处", BOLD),), "u"), Run("。", BOLD)], "**见[此处](u)。**"),
        ([Run("重", BOLD), Run("![](u)", neutral=True), Run("点", BOLD)], "**重![](u)点**"),
        ([Run("![](u)", BOLD, neutral=True), Run("点")], "![](u)点"),
    ],
)
def test_styles_are_written_as_a_person_would(pieces: list[Run | Link], markdown: str) -> None:
    assert join_runs(pieces) == markdown


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("**0****1**", "**01**"),
        ("**支持「****读书圈」**一起", "**支持「读书圈**」一起"),
        ("**“重点”**内容", "“**重点**”内容"),
        ("** 重点 **内容", " **重点** 内容"),
        ("前****后", "前后"),
        ("中奖者138****5678，**粗****体**", r"中奖者138\*\*\*\*5678，**粗体**"),
        ("110101********1234", "110101" + r"\*" * 8 + "1234"),
        ("**13****14**", "**1314**"),
        ("**138****5678**", "**1385678**"),
        ("****重点****", "**重点**"),
        ("**安全******建议****", "**安全建议**"),
        ("**0******1****2**", "**012**"),
        ("***话题******各位***", "***话题各位***"),
        ("***END***", "***END***"),
        ("**重点", "重点"),
        ("*注：一行", "\\*注：一行"),
        (r"2 \*\* 3 = 8", r"2 \*\* 3 = 8"),
        ("`a ** b` 与 **重点**", "`a ** b` 与 **重点**"),
        ("* 一项**重点**", "* 一项**重点**"),
        ("> **注意：**一行", "> **注意**：一行"),
        ("## **一、** 标题", "## **一、** 标题"),
        ("***", "***"),
        ("* * *", "* * *"),
        ("[名](https://example.com/a*b*c)", "[名](https://example.com/a*b*c)"),
        ("**一**  \n**二**", "**一**  \n**二**"),
        ("~~旧~~**新**", "~~旧~~**新**"),
    ],
)
def test_split_doubled_and_unclosed_emphasis_is_mended(broken: str, mended: str) -> None:
    assert mend_emphasis(broken) == mended


def test_a_line_that_is_taken_for_settled_is_one_that_mending_would_not_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pieces = ("**", "*", "重", "a", "，", "”", "×", " ", "- ")
    lines = (
        "".join(row) for length in range(7) for row in itertools.product(pieces, repeat=length)
    )
    settled = [line for line in lines if SETTLED.fullmatch(line)]
    assert len(settled) > 10_000
    monkeypatch.setattr(emphasis, "SETTLED", re.compile("(?!)"))  # so that every line is mended
    assert all(mend_emphasis(line) == line for line in settled)


@pytest.mark.parametrize(
    "piece", ["**", "*", "`", "``` ` ", "](", "<", "[", "~~", "\\", "**a", "*a ", "> "]
)
def test_hostile_lines_are_mended_in_linear_steps(piece: str) -> None:
    assert_linear(lambda size: mend_emphasis(piece * size), 1_000)


def test_markers_that_each_look_brings_together_cost_no_look_for_each_of_them() -> None:
    def text(size: int) -> str:
        return "甲" + r"`\`********``" * size + "~~ **"

    assert_linear(lambda size: mend_emphasis(text(size)), 24)
    assert mend_emphasis(text(99)) == text(99)
