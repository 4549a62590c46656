from __future__ import annotations

from typing import NoReturn

import pytest

pytest.importorskip("math_core", reason="the extra is not installed: pip install .[browse]")

from hypothesis import given
from hypothesis import strategies as st

from crawler.browse import formulas
from crawler.browse.formulas import Allowance, Drawer, formula_html
from crawler.errors import CrawlerError
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
    assert formula_html(tex, Allowance()) == f"<code>{tex}</code>"


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
    assert formula_html(tex, Allowance()).startswith(("<math", "<code>"))


@pytest.mark.parametrize("piece", ["$", "$x", "$x$ ", "$$x$$", "$\\frac", "${"])
def test_hostile_signs_take_linear_steps(piece: str) -> None:
    assert_linear(lambda size: render_markdown(piece * size), 200)


HOLDS = "(" * 60 + "x"
"""Each of these brackets doubles the time that math-core takes: it would draw for ever."""


def test_a_formula_that_takes_too_long_stands_as_it_is_and_so_does_all_behind_it() -> None:
    allowance = Allowance(seconds=0.1)
    assert formula_html("(a]" * 60, allowance).startswith("<math")
    assert formula_html(HOLDS, allowance) == f"<code>{HOLDS}</code>"
    assert formula_html("x", allowance) == "<code>x</code>"


@pytest.mark.parametrize("tex", [r"\mathchoice\Biggl\langle " * 40, r"(\left.)\right." * 60])
def test_what_seems_to_be_closed_holds_no_page_either(tex: str) -> None:
    assert formula_html(tex, Allowance(seconds=0.1)).startswith("<code>")


def test_the_next_text_has_its_formulas_drawn() -> None:
    formula_html(HOLDS, Allowance(seconds=0.1))
    assert render_markdown("$x$") == "<p><math><mi>x</mi></math></p>\n"


def test_each_formula_is_drawn_out_of_what_its_text_may_take() -> None:
    allowance = Allowance()
    brackets = "(a)" * 60, "[0,1)" * 40, r"\Bigl\langle f(x)\Bigr\rangle" * 9, r"\{a\}" * 30
    for tex in brackets:
        assert formula_html(tex, allowance).startswith("<math"), tex
    assert allowance.characters == Allowance().characters - sum(map(len, brackets))
    assert 0 < allowance.seconds <= Allowance().seconds


def test_where_no_process_can_be_started_a_formula_stands_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(module: str, told: object) -> NoReturn:
        raise CrawlerError(module, f"cannot be started, {told}", "see ulimit")

    monkeypatch.setattr(formulas, "start", refuse)
    assert Drawer().draw("x", Allowance(), displayed=False) == ""
