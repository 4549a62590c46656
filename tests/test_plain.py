from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.plain import one_line, plain_text
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("前![图](https://mmbiz.qpic.cn/x/640)后", "前后"),
        ("见[官方**通告**](https://example.com/a)。", "见官方通告。"),
        ("[![图](https://a/b)](https://c/d)", ""),
        ("[[1]](https://example.com)", "[1]"),
        ('[说明](https://example.com "标题")', "说明"),
        ("[词条](https://example.com/a_(b))", "词条"),
        ("电信**网络**诈骗", "电信网络诈骗"),
        ("**0****1**", "01"),
        ("用`code`写", "用code写"),
        (r"\_\*\*", "_**"),
        ("2*3", "2*3"),
        (r"$A_{i}*B_{j}*C$ 与 $p^* + q^*$ 与 $50\%$", r"$A_{i}*B_{j}*C$ 与 $p^* + q^*$ 与 $50\%$"),
        (
            r"$\begin{cases} a & b \\ c \end{cases}$*斜*$5",
            r"$\begin{cases} a & b \\ c \end{cases}$斜$5",
        ),
        (r"$a^*b^*$(样本)，$\{x\}$(集)", r"$a^*b^*$(样本)，$\{x\}$(集)"),
        ("价 $5 **粗** $6，`$a*b$`", "价 $5 粗 $6，$a*b$"),
        ("SELECT * FROM t WHERE a * b 与 -f * -p", "SELECT * FROM t WHERE a * b 与 -f * -p"),
        ("*图片来源：*网络，*本文为", "图片来源：网络，*本文为"),
        (r"*斜\*体*与 5\*3 **粗 *斜* 粗**", "斜*体与 5*3 粗 斜 粗"),
        (r"反引号 \` 单个 \` 两个 `a\` 码", r"反引号 ` 单个 ` 两个 a\ 码"),
        ("零\u200b宽", "零宽"),
        ("**👩\u200d💻**می\u200cخواهم", "👩\u200d💻می\u200cخواهم"),
        ("电信<strong>网络</strong>诈骗", "电信网络诈骗"),
        ("H<sub>2</sub>O 与 x<sup>2</sup>", "H2O 与 x2"),
        ("一<br>二", "一 二"),
        (r"\<strong>不是元素", "<strong>不是元素"),
        ("写`<strong>`就粗", "写<strong>就粗"),
        ("写``a`<sup>b``<sup>2</sup>", "写a`<sup>b2"),
        ("一个`反引号<em>与</em>", "一个`反引号与"),
        ("```html\n<strong>粗</strong>\n```\n<em>斜</em>", "html\n<strong>粗</strong>\n\n斜"),
        ('<strong class="a">别的', '<strong class="a">别的'),
        ("[未完的链接](https://exa", "[未完的链接](https://exa"),
        ("```py\nops[name](request)\n```\n[甲](/b)", "py\nops[name](request)\n\n甲"),
        ("~~~~\n![图](https://a/b)\n~~~~\n![图](/c)", "\n![图](https://a/b)\n\n"),
        ("> ```\n> f[x](y)\n\n[甲](/b)", "> \n> f[x](y)\n\n甲"),
        ("写`[甲](https://a)`见[`f[0](x)`](https://b)", "写[甲](https://a)见f[0](x)"),
        ("按 Ctrl+` 打开，~~旧~~的 100~~200元", "按 Ctrl+` 打开，旧的 100~~200元"),
        (r"a~~b~~c，\~~d~~，~~ e~~，`~~f~~`", "abc，~~d~~，~~ e~~，~~f~~"),
        ("**粗**见<https://*****.a.cn/*b*~~c~~>", "粗见<https://*****.a.cn/*b*~~c~~>"),
        (
            r"List&lt;T&gt;&nbsp;`&lt;`&#42;&amp;lt;\&lt;&foo;&ltx;&#92;*",
            "List<T>\xa0&lt;*&lt;&lt;&foo;&ltx;\\*",
        ),
        ("a&#xE000;b&#57345;&#917505;c&#xAD;d&#x202E;e&#x2028;", "abcde"),
        ("```\na&lt;b &amp;&amp; c\n```", "\na&lt;b &amp;&amp; c\n"),
        ("一个`反引号，[甲](https://a)", "一个`反引号，甲"),
        ("```c\nint **p = 2**10;\n~~x `d`\n```\n**粗**", "c\nint **p = 2**10;\n~~x `d`\n\n粗"),
        ("```\n" + r"a\.b\* \\[x](y)" + "\n```", "\n" + r"a\.b\* \\[x](y)" + "\n"),
        (r"> | `x \| y` | 甲\|乙 |", "> | x | y | 甲|乙 |"),
        (
            r"| $P(A\|B)$ 与 $\\|x\\|$ | `a \| b` |" + "\n" + r"$\|x\|$",
            r"| $P(A|B)$ 与 $\|x\|$ | a | b |" + "\n" + r"$\|x\|$",
        ),
        (r"写\`f\*2\`与\`**粗**\`与\`x", "写`f*2`与`粗`与`x"),
        (r"写`c:\`与`*d`与\`<em>斜</em>\`", "写c:\\与*d与`斜`"),
        (r"写`x \| y`", r"写x \| y"),
        ("写`综``上，**`与`[甲``](a)`", "写综上，**与[甲](a)"),
        (r"写`2**31-1`与``a\`*``与**粗**", r"写2**31-1与a\`*与粗"),
        ("附表[二](说明文字在此)与![三](图)", "附表[二](说明文字在此)与![三](图)"),
        ("[甲](</a b>)![](<x y.png>)[乙](a.md#二)[丙](#丁)", "甲乙丙"),
        (r"写obj[method\](args)与[甲](/b)", "写obj[method](args)与甲"),
        (r"写obj[甲\](a)与[乙\]丙](/b)", "写obj[甲](a)与乙]丙"),
        (r"写\[甲](a)与!\[乙](/b)与\![丙](/c)", "写[甲](a)与![乙](/b)与!丙"),
        (r"![图\]一](https://a/b)后", "后"),
        (r"[甲\\](https://a)", "甲\\"),
    ],
)
def test_plain_text_is_what_a_reader_sees(markdown: str, words: str) -> None:
    assert plain_text(markdown) == words


def test_one_line_has_the_signs_that_are_escaped_where_marks_stand() -> None:
    text = "\\> 100 万元\n\\- 8.5% 是全年\n\\# 3 号\n\\|x| > 5\n\n* 甲\n- 乙\n> 丙 \\|\n"
    assert one_line(text) == "> 100 万元 - 8.5% 是全年 # 3 号 |x| > 5 甲 乙 丙 |"


def test_one_line_has_the_signs_with_which_lines_of_code_begin() -> None:
    code = "- timeout: 30\n# 不用\n| grep -v |\n* 2\n----"
    assert one_line(f"- 甲\n\n```sh\n{code}\n```\n- 乙") == f"甲 sh {' '.join(code.split())} 乙"
    assert one_line("> 甲\n>\n> ```\n> > 5 | x\n> - 6\n> ```\n> 乙") == "甲 > 5 | x - 6 乙"


def test_one_line_has_no_marks_of_headings_lists_quotes_or_tables_edges() -> None:
    assert (
        one_line("## 一\n\n> 引用\n- 项目\n\n| a | b |\n| --- | --- |\n| 1 | 2 |")
        == "一 引用 项目 a | b 1 | 2"
    )
    rows = r"| `ps \| wc` | $P(A\|B)$ |" + "\n" + r"> | 甲\|乙 | 丙 \|"
    assert one_line(f"{rows}\n$\\|x\\|$") == r"ps | wc | $P(A|B)$ | 甲|乙 | 丙 | $\|x\|$"


@given(text=st.text(max_size=200))
def test_text_without_marks_stays_as_it_is(text: str) -> None:
    bare = "".join(letter for letter in text if letter.isalnum() or letter in " \n，。")
    assert plain_text(bare) == bare


@pytest.mark.parametrize(
    "piece",
    [
        "![",
        "[",
        "[a",
        "[[",
        "](",
        "![a](",
        "[a](b(",
        '[](a "',
        "*",
        "\\",
        "`",
        "[a]",
        "[a](<",
        "|-",
        "<em>",
        "`<em>",
        "<em>``",
        "<em>\\",
        "```\n<br>",
        "`](",
        "``](`",
        "```\n](",
        "  \n",
    ],
)
def test_hostile_text_takes_linear_steps(piece: str) -> None:
    assert_linear(lambda size: one_line(piece * size), 1_000)
