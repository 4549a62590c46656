from __future__ import annotations

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import render_body
from crawler.clean.body.lists import marked_item
from crawler.clean.body.paragraphs import Leaf


def markdown(markup: str) -> str:
    return render_body(body_of_markup(markup)).text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<ul><li>• 潮</li><li>• 汐</li></ul>", "- 潮\n- 汐"),
        ("<ol><li>1. 潮</li><li>2、汐</li></ol>", "1. 潮\n2. 汐"),
        ("<ol><li>7. 潮</li></ol>", "1. 7\\. 潮"),
        ("<ol><li>001.潮</li><li>02、汐</li></ol>", "1. 001.潮\n2. 02、汐"),
        ("<ol start=3><li value=5>潮</li><li>汐</li></ol>", "5. 潮\n6. 汐"),
        ("<ul><li>潮<br>汐</li><li>港</li></ul>", "- 潮  \n  汐\n- 港"),
        ("<ol><li>潮<br>汐<br>港</li></ol>", "1. 潮  \n   汐  \n   港"),
        ("<ol reversed><li>潮</li><li>汐</li></ol>", "2. 潮\n1. 汐"),
        ("<ol reversed><li>1. 潮</li><li>汐</li></ol>", "2. 1\\. 潮\n1. 汐"),
        ("<ol><li value=5>潮</li><li>2. 汐</li></ol>", "5. 潮\n6. 2\\. 汐"),
        ("<ol><li value=5>5. 潮</li><li value=2>2. 汐</li></ol>", "5. 潮\n2. 汐"),
        (
            "<ol type=a start=27><li>潮</li><li><p>汐</p><p>港</p></li></ol>",
            "- aa. 潮\n\n- ab. 汐\n\n  港",
        ),
        (
            "<ol style='list-style-type: upper-alpha;'><li>潮<ul><li>汐</li></ul></li></ol>",
            "- A. 潮\n  - 汐",
        ),
        ("<ol type=I start=4><li><pre>x = 1</pre></li></ol>", "- IV.\n\n  ```\n  x = 1\n  ```"),
        ("<ol style='list-style: cjk-ideographic' start=12><li>潮</ol>", "- 十二、 潮"),
        (
            "<ol style='list-style-type:none' type=a><li>1.1 潮</li><li>汐</li></ol>",
            "- 1.1 潮\n- 汐",
        ),
        ("<ol style='list-style: none'><li>1. 潮</li><li>2. 汐</li></ol>", "1. 潮\n2. 汐"),
        ("<ol style='list-style: decimal' type=a><li>潮</ol>", "1. 潮"),
        ("<ol><li>1<code>汐</code>. 潮</li></ol>", "1. 1`汐`. 潮"),
        ("<p><span style='display:block'>3<code>汐</code>. 潮</span></p>", "3`汐`. 潮"),
        (
            "<ul><li><input type=checkbox checked> 潮</li><li><input type=checkbox> 汐</li></ul>",
            "- [x] 潮\n- [ ] 汐",
        ),
    ],
)
def test_an_item_has_one_mark(markup: str, text: str) -> None:
    assert markdown(markup) == text


def test_lines_with_written_marks_count_on_and_begin_anew() -> None:
    spans = "".join(
        f"<span style='display:block'>{line}</span>" for line in ("1. 潮", "2. 汐", "• 雾")
    )
    assert markdown(f"<p>{spans}</p>") == "1. 潮\n2. 汐\n\n- 雾"


def test_a_number_that_begins_with_a_nought_is_a_word_and_no_mark() -> None:
    spans = "".join(f"<span style='display:block'>{line}</span>" for line in ("007、潮", "00. 汐"))
    assert markdown(f"<p>{spans}</p>") == "007、潮\n\n00\\. 汐"


def test_a_line_without_a_mark_is_no_item() -> None:
    assert marked_item(None, [Leaf("text", "潮水")]) is None
    assert marked_item(None, [Leaf("picture", "https://a"), Leaf("text", "• 潮")]) is None
