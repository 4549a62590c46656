from __future__ import annotations

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import render_body
from crawler.clean.body.formulas import tex_of


def markdown(markup: str) -> str:
    return render_body(body_of_markup(markup)).text


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("data-formula", "x^2"),
        ("data-math-raw", "$x^2$"),
        ("data-math-raw", "$$\nx^2\n$$"),
        ("data-latex", "\\(x^2\\)"),
        ("data-latex", "% note\nx^2"),
    ],
)
def test_tex_is_read_without_its_delimiters_and_comments(name: str, given: str) -> None:
    assert tex_of({name: given}) == "x^2"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>式<span data-formula='x'></span>。</p>", "式$x$。"),
        ("<section data-formula='x'></section>", "$$x$$"),
        ("<p>价 $5，<span data-formula='x'></span></p>", "价 \\$5，$x$"),
        ("<p>价 $5 到 $10</p>", "价 $5 到 $10"),
        ("<p>半<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math></p>", "半$\\frac{1}{2}$"),
        ("<p>根<math><msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt></math></p>", "根$\\sqrt{x+1}$"),
        (
            (
                "<math><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr>"
                "<mtr><mtd></mtd><mtd><mn>4</mn></mtd></mtr></mtable></math>"
            ),
            "$$\\begin{matrix} 1 & 2 \\\\ & 4 \\end{matrix}$$",
        ),
        ("<math><mi>f</mi><mfenced><mi>a</mi><mi>b</mi></mfenced></math>", "$$f(a,b)$$"),
        ("<math><mfenced open='[' separators=''><mi>a</mi><mi>b</mi></mfenced></math>", "$$[ab)$$"),
        ("<p>甲<svg><g data-mml-node='math'></g></svg>乙</p>", "甲[公式]乙"),
        ("<p>式<span data-formula='a<b>c</b>d'></span></p>", "式$a< b>c< /b>d$"),
        ("<p>式<math><mi>a</mi><mo>&lt;</mo><mi>b</mi></math></p>", "式$a< b$"),
        ("<math><mtext>潮<b>汐</b>岸</mtext></math>", "$$\\text{潮汐岸}$$"),
        ("<p>礁<math>潮<mi>x</mi> <mo>=</mo> 汐</math></p>", "礁$\\text{潮}x=\\text{汐}$"),
        (
            r"<p>式<span data-formula='v_{初}*\text{末}_终'></span></p>",
            r"式$v_{\text{初}}*\text{末}_{\text{终}}$",
        ),
        (
            "<p>5<span data-formula='a*b'></span>，CO<span data-formula='_2'></span>气</p>",
            "5 $a*b$，CO ${}_2$气",
        ),
        (
            "<p>C\\<span data-formula='f'></span>(x)，$<span data-formula='y'></span>5</p>",
            "C\\\\ $f$ (x)，\\$ $y$ 5",
        ),
        ("<p><b>5</b><span data-formula='a*b'></span>x</p>", "**5**$a*b$ x"),
        ("<p>式<span class='katex'><span class='katex-html'>E=mc</span></span></p>", "式E=mc"),
        ("<p>式<span class='MathJax_Preview'>E=mc</span></p>", "式E=mc"),
        ("<p>式<math></math><span class='katex-html'>E=mc</span></p>", "式E=mc"),
        ("<p>式<math><mo>…</mo></math><span class='katex-html'>…</span></p>", "式$…$"),
        (
            "<p>式<span class='MathJax_Preview'>x</span><span><math><mi>x</mi></math></span></p>",
            "式$x$",
        ),
        (
            "<math><mi>x</mi></math><span class=katex-html>x</span>，<span class=katex-html>y",
            "$x$，y",
        ),
        ("<p>式<img alt='x^2' src='https://www.zhihu.com/equation?tex=x%5E2'></p>", "式$x^2$"),
        ("<p>式<img class='math' alt='x' src='https://a.cn/1'></p>", "式$x$"),
        ("<p>图<img alt='boat' src='https://a.cn/1'></p>", "图![boat](https://a.cn/1)"),
        ("<p>甲<svg viewBox='0 0 1 1'><path d='M0'></path></svg>乙</p>", "甲乙"),
        (
            (
                "<p>甲<mjx-container><svg><g data-mml-node='math'></g></svg>"
                "<mjx-assistive-mml><math><mi>x</mi></math></mjx-assistive-mml></mjx-container></p>"
            ),
            "甲$x$",
        ),
    ],
)
def test_a_formula_stands_once_in_its_line_or_alone(markup: str, text: str) -> None:
    assert markdown(markup) == text


def test_a_drawing_that_holds_its_tex_is_a_formula() -> None:
    assert markdown("<p>甲<svg data-math-raw='y=x'><g data-mml-node='math'/></svg>乙</p>") == (
        "甲$y=x$乙"
    )


def test_an_annotation_is_found_however_its_encoding_is_written() -> None:
    math = (
        "<math><semantics><mi>x</mi><annotation encoding='{}'>x+y</annotation></semantics></math>"
    )
    for encoding in ("application/x-tex", "LaTeX", "TeX"):
        assert markdown(f"<p>甲{math.format(encoding)}</p>") == "甲$x+y$"


@pytest.mark.parametrize("said", ["", " ", "%注"])
def test_a_formula_whose_annotation_says_nothing_is_what_its_elements_say(said: str) -> None:
    annotation = f"<annotation encoding='application/x-tex'>{said}</annotation>"
    math = f"<math><semantics><mrow><mi>x</mi><mo>+</mo></mrow>{annotation}</semantics></math>"
    assert markdown(f"<p>甲{math}</p>") == "甲$x+$"


def test_mathml_however_deep_is_read_without_recursing_past_a_bound() -> None:
    assert "x" in markdown("<p>甲" + "<math>" + "<mrow>" * 500 + "<mi>x</mi>")
