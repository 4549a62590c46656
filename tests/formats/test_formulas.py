from __future__ import annotations

from html import escape, unescape

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import render_body
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
        r"$1 \\\alpha \\ \text{hidden\_size} * \{a\}$",
        r"$\left[ {\begin{array}{*{20}{c}}{a}\\{b}\end{array}} \right]$",
        r"$\begin{aligned} a &= b \\&= c \end{aligned}$",
        r"$\substack{a\\{b}}$",
        r"$\matrix{a \cr b\\}$",
        r"$\pmatrix{{a}&{b}\\{c}&{d}\\}$",
        r"$\left[ {\substack{{a}\\{b_{1}}\\}} \right]$",
        r"$\text{\_a} \\ b\*c$",
    ],
)
def test_a_book_and_a_feed_show_a_formula_as_it_is_written(text: str) -> None:
    assert _shown(text) == text


@pytest.mark.parametrize(
    "words",
    [
        r"设$a*b*c$与$x_1$",
        r"集$\{a\}$与$\{a*b*c\}$",
        r"$$\begin{matrix} 1 & 2 \\ 3 & 4 \end{matrix}$$",
        r"$x<y>z$，$a~~b~~c$",
        r"$\mathbf{x}_i+f(y)_j$与$\|x\|_2$，$_a_$",
        r"$\text{hidden\_size}_1$",
        r"$\begin{aligned} a &= b \\&= c \end{aligned}$",
        r"$\begin{array}{c}{a}\\{b}\end{array}$",
        r"$\begin{cases} \{a\} \\ b \end{cases}$",
        r"$\left\{\begin{matrix}a\\b\end{matrix}\right.$",
        r"$\begin{matrix}\bigl\{a\Biggm\|b\\c\end{matrix}$",
        r"$\begin{matrix}a\middle\|b\\c\end{matrix}$",
        r"$\begin{matrix}a & \{b_{1}\}\end{matrix}$",
        r"$\begin{matrix}a & \{b_{1}^{c_{2}}, \{d\}\}\end{matrix}$",
        r"$\left \{\begin{matrix}a\\b\end{matrix}\right.$",
        r"$\begin{matrix}a\,b & c\;d\end{matrix}$",
        r"$\begin{matrix}\%a & \#b\end{matrix}$",
    ],
)
def test_tex_that_an_author_typed_as_words_is_shown_as_it_was_typed(words: str) -> None:
    page = render_body(body_of_markup(f"<p>{escape(words)}</p>"))
    assert _shown(page.text) == words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("从$5涨到 **$6**", "从$5涨到 <strong>$6</strong>"),
        (r"\$*x*\$", "$<em>x</em>$"),
        ("`$x$`", "<code>$x$</code>"),
        ("$甲*乙*$", "$甲<em>乙</em>$"),
        ("$5 [a](https://a.cn) (6$)", '$5 <a href="https://a.cn">a</a> (6$)'),
        ("$A<br>${B}", "$A<br />${B}"),
    ],
)
def test_money_and_words_are_no_formula(text: str, shown: str) -> None:
    assert _shown(text) == shown
