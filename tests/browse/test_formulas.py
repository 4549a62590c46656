from __future__ import annotations

import pytest

pytest.importorskip("math_core", reason="the extra is not installed: pip install .[browse]")

from hypothesis import given
from hypothesis import strategies as st

from crawler.browse.formulas import formula_html
from tests.browse.markup import render_markdown
from tests.growth import assert_linear


def test_a_formula_is_drawn_by_the_browser_without_a_script() -> None:
    html = render_markdown(r"其中 $\frac{a}{b}$ 是比例。")
    fraction = "<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>"
    assert html == f"<p>其中 {fraction} 是比例。</p>\n"


def test_a_formula_of_its_own_line_is_displayed() -> None:
    assert '<math display="block">' in render_markdown(r"$$\sum_{i=1}^{n} x_i$$")


@pytest.mark.parametrize(
    "text",
    [
        "从$5涨到$6",
        "报价$100和$200元",
        "US$ 5 与 US$ 6",
        "export $HOME$PATH",
        "备份名用 $(date +%F)-$(hostname) 拼成",
        "写成 $HOME/$(hostname)",
        "写成 ${HOME}/bin:${PATH}",
        "取 $_GET['a'].$_POST['b'] 两个",
        'exec tclsh $0 ${1+"$@"}',
        "**${jndi:ldap://x}** 与 **${jndi:rmi://y}**",
        "每 $5%a/b$ 一次",
        "$甲乙$",
        r"\$x\$",
        "`$x$`",
        "$ x $",
        "$`x`$",
        "$$",
    ],
)
def test_money_variables_and_words_are_no_formula(text: str) -> None:
    assert "<math" not in render_markdown(text)


@pytest.mark.parametrize("tex", [r"\nosuch{x}", r"\frac{", r"\def\a{\a\a}\a", r"\href{x}{y}"])
def test_what_is_no_tex_that_we_know_stands_as_it_is(tex: str) -> None:
    assert formula_html(tex) == f"<code>{tex}</code>"


def test_formulas_without_number_stand_as_they_are_behind_the_first() -> None:
    html = render_markdown(f"${'+' * 980}$ " * 990)
    assert html.startswith("<p><math>")
    assert html.count("+") == 980 * 990
    assert len(html) < 4_000_000  # drawn it were 20 MB


def test_a_formula_holds_words_but_nothing_that_runs() -> None:
    html = render_markdown(r"$\text{<script>x</script>}=\color{red}{1}$")
    assert "<script" not in html
    assert "style=" not in html
    assert "<math" in html


@given(
    tex=st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "\\frac",
                "{",
                "}",
                "^",
                "_",
                "\\left(",
                "\\right)",
                "\\begin{matrix}",
                "&",
                "\\\\",
                "x",
                "<",
            ]
        )
    ).map("".join)
)
def test_any_tex_is_shown_somehow(tex: str) -> None:
    assert formula_html(tex).startswith(("<math", "<code>"))


@pytest.mark.parametrize("piece", ["$", "$x", "$x$ ", "$$x$$", "$\\frac", "${"])
def test_hostile_signs_take_linear_steps(piece: str) -> None:
    assert_linear(lambda size: render_markdown(piece * size), 200)


@pytest.mark.parametrize(
    "bracket",
    [
        "(",
        "[",
        r"\{",
        r"\langle ",
        r"\lvert ",
        r"\ulcorner ",
        "f'(",
        "⟦",
        r"\lparen ",
        r"\pmod_",
    ],
)
def test_brackets_that_none_closes_are_shown_as_they_are_typed(bracket: str) -> None:
    """Each doubles the time that math-core takes; one that holds the page takes it for ever."""
    assert formula_html(bracket * 60 + "x").startswith("<code>")
    assert formula_html(bracket * 2 + "x").startswith("<math")


def test_brackets_that_are_closed_or_have_a_size_are_drawn() -> None:
    sized = r"\bigl(a\bigr)" * 30, r"\Bigl\langle f(x)\Bigr\rangle" * 9, r"\bigl(" * 60
    others = "(a)" * 60, r"\big(" * 20, r"(a]" * 40, r"\left(x\right)" * 20, r"\{a\}" * 30
    for tex in (*sized, *others):
        assert formula_html(tex).startswith("<math"), tex


@pytest.mark.parametrize(
    "tex",
    [
        r"(\text{)}" * 60,
        "({)}" * 60,
        "( x_)" * 60,
        r"(\left.)\right." * 60,
        r"\newcommand{\a}{(}" + r"\a " * 60,
        r"\bigl\bra" * 60,
        r"\mathchoice\big(" * 60,
        r"\mathchoice\sqrt[3]x" * 60,
        r"\bra\operatorname{" + "(" * 60 + "}",
    ],
)
def test_brackets_that_seem_to_be_closed_hold_no_page_either(tex: str) -> None:
    """Each shown somehow: nothing that is done with them doubles with each."""
    assert formula_html(tex).startswith(("<math", "<code>"))
