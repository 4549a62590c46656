from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from crawler.clean.markdown.escapes import escape_line_start, escape_text

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@pytest.mark.parametrize("text", ["a_b_c", "2 * 3", "AT&T", "a~b", "x < y", "[注]", "1.5 倍", "C#"])
def test_what_no_renderer_takes_for_syntax_stays_as_it_is(text: str) -> None:
    assert escape_line_start(escape_text(text)) == text


@pytest.mark.parametrize("line", ["--|--", "-|:-:", "- | -", ":-|-"])
def test_a_line_of_a_drawing_in_signs_makes_no_table_of_the_one_before(line: str) -> None:
    drawing = f"潮|汐  \n{escape_line_start(escape_text(line))}"
    assert "<table" not in RENDERER.render(drawing)


@given(st.text(alphabet="a重 *_`[]()<>!#-+~|\\&;=.:1", min_size=1, max_size=20))
def test_whatever_a_line_says_is_shown_and_nothing_of_it_is_syntax(text: str) -> None:
    line = escape_line_start(escape_text(text.strip()))
    tokens = RENDERER.parse(line)
    shown = "".join(part.content for token in tokens for part in token.children or ())
    assert shown == text.strip()
