from __future__ import annotations

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import render_body
from crawler.clean.body.code import code_block


def markdown(markup: str) -> str:
    return render_body(body_of_markup(markup)).text


CARD = "font-family:Consolas,monospace;background:#f6f8fa;border-radius:6px"
NUMBER = "<span style='user-select:none'>{}</span>"


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
    ],
)
def test_code_is_one_block_without_the_numbers_of_its_lines(markup: str) -> None:
    assert markdown(markup) == "```\na = 1\nb = 2\n```"


def test_two_cards_of_code_are_two_blocks() -> None:
    cards = f"<section style='{CARD}'><p>a = 1;</p><p>b = 2;</p></section>" * 2
    assert markdown(cards) == "```\na = 1;\nb = 2;\n```\n\n```\na = 1;\nb = 2;\n```"


def test_a_pre_of_words_is_paragraphs_with_their_links() -> None:
    assert (
        markdown("<pre>往期<br><a href='https://a.cn'>潮汐</a></pre>")
        == "往期  \n[潮汐](https://a.cn)"
    )
    assert markdown("<pre style='white-space:normal'>潮水\n很大。</pre>") == "潮水很大。"
    assert markdown("<pre>x = '潮'; y = 1</pre>").startswith("```")
    assert markdown("<pre>函数：\n\t返回 一</pre>").startswith("```")


def test_what_says_only_that_there_is_code_is_no_language() -> None:
    assert (
        markdown("<pre class='language-code-block' lang='zh-CN'><code>a</code></pre>")
        == "```\na\n```"
    )


def test_empty_lines_around_a_block_go() -> None:
    assert code_block("\n \n a\n\nb\n") == " a\n\nb"
