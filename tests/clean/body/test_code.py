from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import builder, render_body
from crawler.clean.body.builder import TreeBuilder
from crawler.clean.body.code import code_block
from tests.growth import count_lines

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


def markdown(markup: str) -> str:
    return render_body(body_of_markup(markup)).text


CARD = "font-family:Consolas,monospace;background:#f6f8fa;border-radius:6px"
NUMBER = "<span style='user-select:none'>{}</span>"
SET_BESIDE = "<span style='user-select:none;{}'>{}</span>"


@pytest.mark.parametrize(
    "markup",
    [
        "<pre><code class='line-numbers'>a = 1<br>b = 2</code></pre>",
        "<pre><ol class='linenums'><li>a = 1</li><li>b = 2</li></ol></pre>",
        (
            "<pre><code><b style='display:block'>a = 1</b><b style='display:block'>b ="
            " 2</b></code></pre>"
        ),
        (
            "<figure><table><tr><td class='gutter'><pre>1<br>2</pre></td>"
            "<td class='code'><pre>a = 1<br>b = 2</pre></td></tr></table></figure>"
        ),
        (
            "<pre><code><table><tr><td class='hljs-ln-numbers'>1</td><td>a = 1</td></tr>"
            "<tr><td class='hljs-ln-numbers'>2</td><td>b = 2</td></tr></table></code></pre>"
        ),
        (
            "<table class='syntaxhighlighter'><tr><td class='gutter'><div>1</div><div>2</div></td>"
            "<td class='code'><div><div>a = 1</div><div>b = 2</div></div></td></tr></table>"
        ),
        "<ol class='dp-py'><li>a = 1</li><li>b = 2</li></ol>",
        (
            "<div class='line-numbers-mode'><pre>a = 1\nb = 2</pre>"
            "<div class='line-numbers'><span>1</span><br><span>2</span><br></div></div>"
        ),
        "<p>复制</p><pre>a = 1\nb = 2</pre>",
        "<div><span>Copy code</span></div><pre><code>a = 1\nb = 2</code></pre>",
        f"<pre><code>{NUMBER.format(1)}a = 1<br>{NUMBER.format(2)}b = 2</code></pre>",
        f"<pre><code>a = 1\nb = 2</code>{NUMBER.format('1 2')}</pre>",
        "<pre>a = 1\nb = 2<div style='user-select:none'>7</div></pre>",
        f"<pre>a = {SET_BESIDE.format('display:none', 7)}1\nb = 2</pre>",
        f"<pre>a = {SET_BESIDE.format('visibility:hidden', 7)}1\nb = 2</pre>",
        f"<pre>a = 1{SET_BESIDE.format('float:right', 1)}\nb = 2</pre>",
        f"<pre>a = 1{SET_BESIDE.format('position:absolute', 1)}\nb = 2</pre>",
        f"<pre>a = 1{SET_BESIDE.format('display:block', '')}{NUMBER.format(2)}b = 2</pre>",
        (
            "<pre><table><tr><td class='lineno'>1</td><td>a = 1</td>"
            "<td style='user-select:none'>1</td></tr>"
            "<tr><td class='lineno'>2</td><td>b = 2</td>"
            "<td style='user-select:none'>2</td></tr></table></pre>"
        ),
        "<pre>a <b style='width:0;overflow:hidden'>=</b> 1\nb = 2</pre>",
        "<pre>a = 1<b style='float:left;width:0;overflow:hidden'>0</b>\nb = 2</pre>",
    ],
)
def test_code_is_one_block_without_the_numbers_of_its_lines(markup: str) -> None:
    assert markdown(markup) == "```\na = 1\nb = 2\n```"


def test_two_cards_of_code_are_two_blocks() -> None:
    cards = f"<section style='{CARD}'><p>a = 1;</p><p>b = 2;</p></section>" * 2
    assert markdown(cards) == "```\na = 1;\nb = 2;\n```\n\n```\na = 1;\nb = 2;\n```"


@pytest.mark.parametrize("number", [NUMBER.format(1), f"<b>=</b> {NUMBER.format(1)}"])
def test_a_number_in_a_line_of_code_that_cannot_be_selected_is_a_word_of_it(number: str) -> None:
    shown = number.replace("<b>=</b> ", "")
    line = f"{NUMBER.format(7)}a {'= ' if shown == number else ''}{number}; c\n"
    assert markdown(f"<pre>{line}b = 2</pre>") == "```\na = 1; c\nb = 2\n```"


@pytest.mark.parametrize("style", ["display:flex", "display:grid"])
def test_a_number_that_its_line_begins_with_is_none_of_its_words(style: str) -> None:
    lines = (f"<span style='{style}'>{NUMBER.format(n)}<i>潮 = {n};</i></span>" for n in (8, 9))
    assert markdown(f"<pre>{''.join(lines)}</pre>") == "```\n潮 = 8;潮 = 9;\n```"


def test_the_number_of_a_line_beside_the_sign_of_a_change_is_none_of_its_words() -> None:
    sign = NUMBER.format("+")
    assert markdown(f"<pre>{sign}{NUMBER.format(8)}a = 1;\n</pre>") == "```\n+a = 1;\n```"


def test_a_pre_of_words_is_paragraphs_with_their_links() -> None:
    assert (
        markdown("<pre>往期<br><a href='https://a.cn'>潮汐</a></pre>")
        == "往期  \n[潮汐](https://a.cn)"
    )
    assert (
        markdown("<pre>往期(甲)：<br><a href='https://a.cn'>潮汐</a></pre>")
        == "往期(甲)：  \n[潮汐](https://a.cn)"
    )
    assert markdown("<pre style='white-space:normal'>潮水\n很大。</pre>") == "潮水很大。"
    assert markdown("<pre>x = '潮'; y = 1</pre>").startswith("```")
    assert markdown("<pre>函数：\n\t返回 一</pre>").startswith("```")


@pytest.mark.parametrize("beside", ["<a href='#1'></a>", "<a href='javascript:;'></a>"])
def test_a_pre_with_links_that_lead_nowhere_is_code(beside: str) -> None:
    code = f"{beside}make install\n{beside}make test"
    assert markdown(f"<pre>{code}</pre>") == "```\nmake install\nmake test\n```"


def test_what_says_only_that_there_is_code_is_no_language() -> None:
    assert (
        markdown("<pre class='language-code-block' lang='zh-CN'><code>a</code></pre>")
        == "```\na\n```"
    )


def test_empty_lines_around_a_block_go() -> None:
    assert code_block("\n \n a\n\nb\n") == " a\n\nb"


NUMBERED = "<table><tr><td class='gutter'>1</td><td class='code'>ls -l</td></tr></table>"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            f"<table><tr><td>潮<a href='https://a.cn/'>汐</a>{NUMBERED}<h2>岸</h2>礁</td></table>",
            "潮[汐](https://a.cn/)\n\n```\nls -l\n```\n\n## 岸\n\n礁",
        ),
        (f"<pre><h2>岸</h2>{NUMBERED}</pre>", "## 岸\n\n```\nls -l\n```"),
        ("<table><tr><td class='gutter'>潮<td>汐<tr><td>岸<td>礁</table>", None),
        ("<pre><code>ls;</code><mpvoice name='潮'></mpvoice></pre>", None),
        ("<ol class='linenums'><li>潮<img data-src='https://mmbiz.qpic.cn/a/640'></ol>", None),
    ],
)
def test_words_around_code_are_no_code(markup: str, text: str | None) -> None:
    written = markdown(markup)
    assert text is None or written == text
    assert ("```" in written) == (text is not None)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>按 <kbd><button>确定</button></kbd></p>", "按 `确定`"),
        ("<pre><button>复制</button>ls -l</pre>", "```\nls -l\n```"),
        ("<pre><code class='code-copyable'>rm -rf x</code></pre>", "```\nrm -rf x\n```"),
        ("<pre><div class='copy-codeblock'>rm -rf x</div></pre>", "```\nrm -rf x\n```"),
        ("<pre><span class='copy-btn'>Copy</span>ls -l</pre>", "```\nls -l\n```"),
        ("<p>券 <span class='copy-btn'>ABC123</span></p>", "券 ABC123"),
    ],
)
def test_what_offers_to_copy_says_so_and_other_words_stay(markup: str, text: str) -> None:
    assert markdown(markup) == text


@pytest.mark.parametrize(
    ("within", "text"),
    [
        ("<mp-common-profile data-nickname='江畔'></mp-common-profile>", "公众号：江畔"),
        ("<mp-common-mpaudio name='潮声'></mp-common-mpaudio>", "音频：潮声"),
        ("<mp-common-new data-title='新卡片'></mp-common-new>", "新卡片"),
        ("<qqmusic music_name='潮声'></qqmusic>", "音乐：潮声"),
        ("<span data-formula='x^2'></span>", "$x^2$"),
        ("<math><mi>x</mi></math>", "$x$"),
    ],
)
@pytest.mark.parametrize(
    "box",
    [
        "<section style='font-family:Optima,monospace;white-space:pre-wrap'>{}</section>",
        "<pre>{}</pre>",
    ],
)
def test_a_box_in_the_look_of_code_keeps_cards_and_formulas(
    box: str, within: str, text: str
) -> None:
    written = markdown(box.format(f"<p>a = 1; {within} b</p>"))
    assert text in written
    assert "```" not in written


@pytest.mark.parametrize(
    "markup",
    [
        "<code><p>a = 1</p><p>b = 2</p></code>",
        "<code style='display:block'><section>a = 1</section><section>b = 2</section></code>",
        "<code><span style='display:block'>a = 1</span><b style='display:block'>b = 2</b></code>",
        "<code><pre>a = 1\nb = 2</pre></code>",
        "<code style='white-space:pre-wrap'>a = 1\nb = 2</code>",
        "<section style='white-space:pre'><code>a = 1\nb = 2</code></section>",
    ],
)
def test_lines_of_code_without_a_pre_around_them_are_lines(markup: str) -> None:
    assert markdown(markup) == "```\na = 1\nb = 2\n```"


def test_lines_of_code_in_a_cell_or_a_heading_do_not_run_together() -> None:
    code = "<code><p>a</p><p>b</p></code>"
    assert markdown(f"<h2>{code}</h2>") == "## `a b`"
    row = f"<tr><td>{code}</td><td>甲</td></tr>"
    assert markdown(f"<table>{row}{row}</table>").startswith("| `a b` | 甲 |\n")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p><code>npm </code>install</p>", "`npm` install"),
        ("<p>run<code>&nbsp;npm</code></p>", "run `npm`"),
        ("<p>run <code> npm </code> now</p>", "run `npm` now"),
        ("<p><code>npm </code><code>install</code></p>", "`npm install`"),
        ("<p><code> npm </code></p>", "`npm`"),
    ],
)
def test_spaces_at_the_ends_of_code_stand_beside_it(markup: str, text: str) -> None:
    assert markdown(markup) == text


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("<code>npm i</code> 复制", "`npm i` 复制"),
        ("<a href='https://a.cn'>bash</a>", "[bash](https://a.cn)"),
        (
            "<img data-src='https://mmbiz.qpic.cn/a/0'>复制",
            "![](https://mmbiz.qpic.cn/a/0)复制",
        ),
    ],
)
def test_what_says_more_than_a_label_stays_before_its_code(line: str, text: str) -> None:
    code = "<pre><code class='language-bash'>ls</code></pre>"
    assert markdown(f"<p>{line}</p>{code}") == f"{text}\n\n```bash\nls\n```"


def test_a_heading_that_names_a_language_is_no_label_of_the_code_below() -> None:
    code = "<pre><code class='language-python'>a = 1</code></pre>"
    assert markdown(f"<h2>Python</h2>{code}").startswith("## Python\n")
    assert markdown(f"<p>python</p>{code}").startswith("```python\n")


@pytest.mark.parametrize(
    "markup",
    [
        "<pre><code>a</code><code></code><code>b</code></pre>",
        "<pre><code>a</code><code><br></code><code>b</code></pre>",
        "<pre><code>a</code><code>\n</code><code>b</code></pre>",
        "<pre><ol class='linenums'><li>a</li><li></li><li>b</li></ol></pre>",
        "<pre><ol class=linenums><li><code>a</code><li><code></code><li>b</ol></pre>",
    ],
)
def test_an_empty_line_of_code_is_one(markup: str) -> None:
    assert markdown(markup) == "```\na\n\nb\n```"


@pytest.mark.parametrize(
    "markup",
    [
        "<pre class='line-numbers'><code class='line-numbers'>1 1 2<br>3 5 8</code></pre>",
        "<pre class='linenums'><ol class='linenums'><li>1 1 2</li><li>3 5 8</li></ol></pre>",
        "<div class='line-numbers'><pre>1 1 2\n3 5 8</pre></div>",
    ],
)
def test_numbers_that_are_the_code_are_no_numbers_of_its_lines(markup: str) -> None:
    assert markdown(markup) == "```\n1 1 2\n3 5 8\n```"


STYLED = "font-family:Courier;white-space:pre"


@pytest.mark.parametrize("part", ["td", "tr", "tbody", "table"])
def test_a_piece_of_a_table_in_a_font_of_code_stays_in_it(part: str) -> None:
    table = "<table><tbody><tr><td>ab</td><td>潮</td></tr><tr><td>cd</td><td>汐</td></tr></table>"
    table = table.replace(f"<{part}>", f"<{part} style='{STYLED}'>", 1)
    assert markdown(table) == "| ab | 潮 |\n| --- | --- |\n| cd | 汐 |"


def test_an_item_in_a_font_of_code_is_an_item_and_lines_by_whatever_name_are_lines() -> None:
    assert markdown(f"<ul><li>潮</li><li style='{STYLED}'>ab</li></ul>") == "- 潮\n- ab"
    folded = f"<details style='{STYLED}'><summary>ab</summary>cd</details>"
    assert markdown(folded) == "```\nab\ncd\n```"


@pytest.mark.parametrize("part", ["td", "tr"])
def test_code_in_the_only_cell_of_a_table_that_lays_out_keeps_its_lines(part: str) -> None:
    code = "if x:\n    y = {x};"
    table = f"<table><tr><td>{code}</td></tr></table>"
    table = table.replace(f"<{part}>", f"<{part} style='{STYLED}'>", 1)
    assert markdown(table) == f"```\n{code}\n```"


def test_several_lines_of_code_in_an_item_are_a_block_in_that_item() -> None:
    code = "if x:\n    y = {x};"
    items = f"<ul><li>潮</li><li style='{STYLED}'>{code}</li><li>汐</li></ul>"
    assert markdown(items) == "- 潮\n- ```\n  if x:\n      y = {x};\n  ```\n- 汐"


def test_a_link_in_words_in_a_font_of_code_is_kept() -> None:
    box = f"<section style='{STYLED}'>见 <a href='https://a.cn'>潮汐</a>；\n岸</section>"
    assert markdown(box) == "见 [潮汐](https://a.cn)；  \n岸"


def test_indented_lines_in_a_font_of_code_stay_code_though_they_hold_a_link_and_much_chinese() -> (
    None
):
    lines = "# 见<a href='https://a.cn'>说明</a>\ndef 潮水(x):\n    # 返回所有的潮水\n    return x"
    box = f"<section style='{STYLED}'>{lines}</section>"
    assert "\n    return x\n" in markdown(box)


def test_a_link_in_lines_in_an_item_in_a_font_of_code_is_kept() -> None:
    item = f"<ul><li style='{STYLED}'>潮\n<a href='https://a.cn'>汐</a></li></ul>"
    assert markdown(item) == "- 潮  \n  [汐](https://a.cn)"


@pytest.mark.parametrize(
    "beside",
    [
        "<a href='#1'></a>",
        "<a href='javascript:;'></a>",
        "<a name='1'></a>",
        "<input type='hidden' value='潮'>",
    ],
)
def test_a_link_that_leads_nowhere_leaves_lines_of_code_in_an_item_a_block(beside: str) -> None:
    items = f"<ul><li style='{STYLED}'>{beside}if x:\n  {beside}y = {{x}};</li></ul>"
    assert markdown(items) == "- ```\n  if x:\n    y = {x};\n  ```"


def test_words_in_many_boxes_in_a_font_of_code_are_looked_through_as_those_in_one() -> None:
    def work(boxes: int) -> int:
        box = "<section style='font-family:monospace;background:#eee'>"
        markup = box * boxes + "潮水退去" * 9_000 + "</section>" * boxes
        return count_lines(lambda: markdown(markup))

    work(1)  # for what is made once and kept
    assert work(40) < work(1) + 40_000


@pytest.mark.parametrize(
    ("opens", "inside", "closes"),
    [
        ("<section class='copy-btn'>", "{}", "</section>"),
        ("<section class='line-numbers'>1", "{}", "</section>"),
        ("<button><table><tr><td>", "{}", "</td></tr></table></button>"),
        ("<table><tr><td class='gutter'>", "{}", "</td></tr></table>"),
        ("<section style='font-family:monospace;background:#eee'>", "{}", "</section>"),
        ("<b><span class='katex-html'></span>", "<math><mi>{}</mi></math>", "</b>"),
        ("<code class='lineno'>", "{}", "</code>"),
    ],
)
def test_words_in_many_elements_within_one_another_are_not_looked_at_by_each(
    opens: str, inside: str, closes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, most = "潮水 1 退去" * 500, 20_000
    looked: list[str] = []
    look = TreeBuilder.said_by

    def counted(self: TreeBuilder, node: LexborNode) -> str:
        looked.append(look(self, node))
        return looked[-1]

    monkeypatch.setattr(builder, "_MOST_AHEAD", most)
    monkeypatch.setattr(TreeBuilder, "said_by", counted)
    written = markdown(f"{opens * 40}{inside.format(words)}{closes * 40}")
    assert most < sum(map(len, looked)) < most + 2 * len(words)
    assert written.count("潮水") == 500


def test_code_far_within_code_with_a_formula_is_read_and_no_more_looked_through() -> None:
    deep = "<code>" * 6 + "a*b" + "</code>" + "<math><mi>x</mi></math>"
    assert markdown(f"<p>{deep}</p>") == "a\\*b $x$"
    assert markdown(f"<p>{deep[12:]}</p>") == "`a*b`$x$"


def test_a_card_or_a_formula_in_inline_code_is_kept() -> None:
    card = "<mp-common-profile data-nickname='江畔'></mp-common-profile>"
    assert markdown(f"<p><kbd>潮{card}</kbd></p>") == "潮\n\n公众号：江畔"
    assert markdown("<p><code>潮<span data-formula='x'></span></code></p>") == "潮$x$"
