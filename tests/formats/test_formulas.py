from __future__ import annotations

from html import unescape

import pytest

from crawler.formats.xhtml import render_xhtml


def _shown(markdown: str) -> str:
    return unescape(render_xhtml(markdown, lambda _: "")).removeprefix("<p>").removesuffix("</p>\n")


@pytest.mark.parametrize(
    "text",
    [
        r"式 $a*b*c$ 与 $x^*y^*$",
        r"$$\begin{matrix} 1 & 2 \\ 3 & 4 \end{matrix}$$",
        r"集 $\{x_1, x_2\}$ 与 $a<b>c</b>d$",
        r"式 $a_1[b](c)_d$",
    ],
)
def test_a_book_and_a_feed_show_a_formula_as_it_is_written(text: str) -> None:
    assert _shown(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("从$5涨到 **$6**", "从$5涨到 <strong>$6</strong>"),
        (r"\$*x*\$", "$<em>x</em>$"),
        ("`$x$`", "<code>$x$</code>"),
        ("$甲*乙*$", "$甲<em>乙</em>$"),
    ],
)
def test_money_and_words_are_no_formula(text: str, shown: str) -> None:
    assert _shown(text) == shown
