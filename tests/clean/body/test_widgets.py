from __future__ import annotations

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import Rendered, render_body
from crawler.clean.body.widgets import WIDGETS, Widget


def rendered(markup: str) -> Rendered:
    return render_body(body_of_markup(markup))


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: f"{widget.id}:{min(widget.tags)}")
def test_every_widget_is_one_readable_line_and_is_counted(widget: Widget) -> None:
    found = rendered(f"<p>前</p>{widget.example}<p>后</p>")
    assert found.text == f"前\n\n{widget.shows}\n\n后"
    assert found.removed == {widget.id: 1}


def test_a_mark_of_an_editor_that_says_nothing_does_not_break_a_line() -> None:
    mark = "<mpchecktext contenteditable='false' id='1_0.3'></mpchecktext>"
    assert rendered(f"<p>潮{mark}水</p>").text == "潮水"
    assert rendered(f"<pre><code>a = {mark}1</code></pre>").text == "```\na = 1\n```"


@pytest.mark.parametrize(("tag", "said"), [("video", "视频"), ("audio", "音频")])
def test_a_player_leads_to_its_first_source_where_it_has_no_address_of_its_own(
    tag: str, said: str
) -> None:
    source = '<source src="https://example.com/a"><source src="https://example.com/b">'
    assert rendered(f"<{tag}>{source}</{tag}>").text == f"[{said}](https://example.com/a)"
    own = f'<{tag} src="https://example.com/own">{source}</{tag}>'
    assert rendered(own).text == f"[{said}](https://example.com/own)"
    assert rendered(f"<{tag}></{tag}>").text == said


CARDS = {
    "<mp-common-article data-article-data='{"
    '"title":"渡轮","nickname":"临港","content_url":"https://a.example/s?a=1&amp;amp;b=2"}\'>'
    "</mp-common-article>": "[文章：渡轮（临港）](https://a.example/s?a=1&b=2)",
    '<mp-common-gameprofile data-gameprofile-data=\'{"user_info":{"nick_name":"渡海"},'
    '"user_title_list":[{"title":"船长"},{"title":"舵手"},1]}\'></mp-common-gameprofile>': (
        "游戏：渡海：船长、舵手"
    ),
    '<mp-common-product data-product-info=\'{"product_info":{"title":"茶壶","selling_price":6650,'
    '"market_price":8800},"shop_info":{"shop_window_profile_name":"潮店"}}\'>'
    "</mp-common-product>": "商品：茶壶：¥66.50 ¥88：潮店",
    '<mp-common-product data-title="茶壶" data-origin-price="88" data-discounted-price="66">'
    "</mp-common-product>": "商品：茶壶：¥66 ¥88",
    '<mp-common-product data-product-info=\'{"product_info":{"selling_price":[1]}}\'>'
    "</mp-common-product>": "商品",
    '<mp-common-shoptag data-json=\'{"title":"春日","productNum":3,'
    '"pairingCreator":{"pairingCreatorName":"阿岭"}}\'></mp-common-shoptag>': "搭配：春日（阿岭）",
    "<mp-common-read data-read-data='[1]'></mp-common-read>": "文章",
    "<mp-common-miniprogram data-miniprogram-type=image data-miniprogram-nickname=报名>"
    "<img slot=miniprogram_image data-src=https://mmbiz.qpic.cn/a/640></mp-common-miniprogram>": (
        "小程序：报名\n\n![](https://mmbiz.qpic.cn/a/640)"
    ),
    "<mp-weapp data-miniprogram-type=card data-miniprogram-nickname=报名><b>报名</b></mp-weapp>": (
        "小程序：报名"
    ),
    "<mp-common-product data-cardtype=6><img slot=spot-product data-src=https://mmbiz.qpic.cn/b/640>"
    "</mp-common-product>": "商品\n\n![](https://mmbiz.qpic.cn/b/640)",
}
"""As the program of WeChat's pages reads them: what they say stands in JSON, or as a picture."""


@pytest.mark.parametrize("card", CARDS)
def test_a_card_says_what_the_pages_own_program_shows_of_it(card: str) -> None:
    assert rendered(f"<p>前</p>{card}<p>后</p>").text == f"前\n\n{CARDS[card]}\n\n后"


@pytest.mark.parametrize(
    ("tag", "kind", "words"),
    [
        ("mp-weapp", "data-miniprogram-type=text", "data-miniprogram-textcontent"),
        ("mp-common-product", "data-cardtype=2", "data-title"),
    ],
)
def test_what_is_shown_within_a_line_stands_there(tag: str, kind: str, words: str) -> None:
    card = f"<{tag} {kind} {words}=这个小程序></{tag}>"
    text = render_body(body_of_markup(f"<p>请点<b>击</b>{card}报名。</p>")).text
    assert text == "请点**击**这个小程序报名。"
