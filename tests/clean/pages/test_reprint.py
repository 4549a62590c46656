"""What a reader sees above an authorised reprint, and what of it is kept."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.article import State
from crawler.clean.pages import read_page, shrink_page
from crawler.clean.seeds import read_seed
from tests.clean.pages.lookalikes import BODY, modern
from tests.lookalikes import whole_seed

_OPEN = b'<div class="rich_media_content\n  " id="js_content"'
_SOURCE = (
    '<div class="original_area_primary"><p role="option" class="original_primary_card_tips">\n'
    "  <span>以下文章来源于{name}</span>\n  <span>，作者何晚</span>\n</p>"
    '<a class="weui-flex original_primary_card" href="#" id="copyright_info">'
    '<img class="avatar" src="http://wx.qlogo.cn/mmhead/x/0">'
    '<strong class="original_primary_nickname">{name}</strong><span>.</span>'
    '<p class="original_primary_desc">夜里说话的人</p></a></div>\n'
)
_EDITOR = (
    '<div class="original_area_primary" style="margin-bottom: 0;">'
    "<p>编者荐语：</p><div>{words}</div></div>\n"
)
_NO_EDITOR = '<div class="original_area_primary" style="margin-bottom: 0;">\n </div>\n'


def below(card: str, body: str = BODY, **fields: Any) -> bytes:
    page = modern(body, **fields)
    assert page.count(_OPEN) == 1
    return page.replace(_OPEN, card.encode() + _OPEN)


def test_a_reprint_says_whose_article_it_is_in_one_line_above_its_text() -> None:
    page = below(_NO_EDITOR + _SOURCE.format(name="Timeline 青石"))
    assert read_page(page).text == (
        "以下文章来源于Timeline 青石，作者何晚\n\n山里的雾散得很慢。\n\n电台从早上六点开始播音。"
    )


def test_what_an_editor_says_of_a_reprint_stands_above_it_as_in_a_seed() -> None:
    card = _EDITOR.format(words="值得一读。") + _SOURCE.format(name="青石电台")
    body = "<p>潮水退了。</p>"
    seed = read_seed(
        whole_seed(
            "编者荐语：\n\n值得一读。\n\n以下文章来源于青石电台\n，作者何晚\n\n"
            "![](http://wx.qlogo.cn/mmhead/x/0)\n\n**青石电台**\n.\n\n夜里说话的人\n\n潮水退了。"
        ).encode()
    )
    assert read_page(below(card, body)).text == seed.text


def test_each_line_of_an_editor_is_kept_and_no_sign_of_theirs_is_markup() -> None:
    card = _EDITOR.format(words="<div>*一*</div><div><br></div><div>二：</div>三&lt;b&gt;")
    head = read_page(below(card)).text.partition("\n\n山里")[0]
    assert head == "编者荐语：\\*一\\*\n\n二：\n\n三\\<b>"


def test_a_snapshot_of_a_reprint_says_the_same() -> None:
    page = below(_EDITOR.format(words="值得一读。") + _SOURCE.format(name="青石电台"))
    assert read_page(shrink_page(page)) == read_page(page)


@pytest.mark.parametrize("body", ["", "<p> </p>"])
def test_a_card_alone_is_no_article(body: str) -> None:
    page = below(_SOURCE.format(name="青石电台"), body, content_noencode="")
    assert read_page(page).state is State.HOLLOW


def test_a_card_that_an_author_pasted_into_the_text_stays_where_it_stands() -> None:
    pasted = f'<p>甲</p><div id="img-content">{_EDITOR.format(words="值得。")}<p>乙</p></div>'
    assert read_page(modern(pasted)).text == "甲\n\n编者荐语：\n\n值得。\n\n乙"


def test_a_translated_card_is_left_out_where_the_data_have_the_text() -> None:
    page = below(_SOURCE.format(name="青石电台")).replace(
        b'<html class=""', b'<html class="translated-ltr"'
    )
    assert b"translated-ltr" in page
    assert read_page(page).text.startswith("山里的雾")
