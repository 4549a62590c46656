"""What the scripts of a page say of its article, in the page data of today and in variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.clean.pages.scripts import NESTED, NESTED_FOR, WANTED, page_data

if TYPE_CHECKING:
    from crawler.clean.pages.javascript import JsObject


def _read(*scripts: str) -> JsObject:
    page, spans = b"", []
    for script in scripts:
        spans.append((len(page) + 8, len(page) + 8 + len(script.encode())))
        page += b"<script>" + script.encode() + b"</script>"
    return page_data(page, spans)


def test_the_data_of_modern_pages_are_read_by_their_keys() -> None:
    data = _read("window.cgiDataNew = { title: JsDecode('潮'), mid: '7' * 1, secret: 'x' };")
    assert (data.text("title"), data.text("mid")) == ("潮", "7")
    assert "secret" not in data


def test_of_objects_only_what_is_read_is_kept() -> None:
    data = _read("window.cgiDataNew = { user_info: { is_paid: '1', token: 'secret' } };")
    assert data.object("user_info").text("is_paid") == "1"
    assert "secret" not in data.fields["user_info"]


def test_a_list_that_only_pictures_need_is_kept_only_for_them() -> None:
    pictures = "picture_page_info_list: [ { cdn_url: 'a' }, { cdn_url: 'b' } ]"
    gallery = _read(f"window.cgiDataNew = {{ item_show_type: '8', {pictures} }};")
    article = _read(f"window.cgiDataNew = {{ item_show_type: '0', {pictures} }};")
    assert len(gallery.objects("picture_page_info_list")) == 2
    assert "picture_page_info_list" not in article


def test_pictures_that_a_script_sets_alone_are_a_gallerys_unless_they_break_off() -> None:
    script = "window.picture_page_info_list = [ { cdn_url: 'a', no: [1] }, { cdn_url: 'b' }"
    kind = 'var item_show_type = "{}";'
    data = _read(kind.format(8), f"{script} ].slice(0, 20);")
    pictures = data.objects("picture_page_info_list")
    assert [each.text("cdn_url") for each in pictures] == ["a", "b"]
    assert "no" not in pictures[0]
    assert "picture_page_info_list" not in _read(kind.format(8), f"{script}, {{ cdn_url: '")
    assert "picture_page_info_list" not in _read(kind.format(0), f"{script} ];")


@pytest.mark.parametrize(
    ("script", "key", "value"),
    [
        ('var msg_title = "潮";', "title", "潮"),
        ('window.ct = "1715164200";', "create_timestamp", "1715164200"),
        ('d.nick_name = "灯塔";', "nick_name", "灯塔"),
        ('var biz = ""||"MzA5MzE5MDAzOA==";', "bizuin", "MzA5MzE5MDAzOA=="),
        ("window.PAGE_MID = 'mmbizwap:x.html';", "page_mid", "mmbizwap:x.html"),
    ],
)
def test_variables_of_older_pages_say_the_same(script: str, key: str, value: str) -> None:
    assert _read(script).text(key) == value


def test_a_block_of_variables_is_read_however_many_pictures_it_names() -> None:
    pictures = "'https://mmbiz.qpic.cn/mmbiz_png/abcdefgh/0?wx_fmt=png'," * 1_500
    block = f'var msg_link = "x";\nvar list = [{pictures}];\nvar ct = "1715164200";\n'
    assert _read(block).text("create_timestamp") == "1715164200"


def test_what_a_program_says_of_a_post_is_one_literal_and_nothing_behind_it_is_read() -> None:
    says = "var {} = window.a_value_which_never_exists || {} "
    chain = says.format("ContentNoEncode", '""') + '|| "甲" + '
    assert not _read(chain + says.format("desc", '"乙"')).fields
    last = says.format("ContentNoEncode", f"'{'潮' * 100_000}'")  # one may be as long as it is
    assert len(_read(chain + last).text("content_noencode")) == 100_000


def test_the_first_value_that_says_anything_counts() -> None:
    assert _read('var mid = "";\nvar mid = "7";\nvar mid = "8";').text("mid") == "7"


def test_a_comparison_and_another_variable_are_no_assignment() -> None:
    assert "mid" not in _read('if (1) var mid == "7"; xvar_mid = "8";')


def test_the_title_of_an_older_page_is_not_its_accounts_name() -> None:
    assert "title" not in _read('var title = "灯塔";')


def test_the_province_of_older_pages_stands_where_that_of_modern_ones_does() -> None:
    data = _read("window.ip_wording = { countryName: '', provinceName: '海南' };")
    assert data.object("ip_wording").text("province_name") == "海南"


def test_a_verification_page_is_known_by_what_its_script_asks_for() -> None:
    data = _read("load('/secitptpage/template/verify.js')")
    assert data.text("page_mid") == "mmbizwap:secitptpage/verify.html"


def test_a_program_that_names_the_data_is_read_last() -> None:
    program = "window.cgiDataNew = { title: 'no' };" + " " * 1_000_001
    assert _read(program, "window.cgiDataNew = { title: 'yes' };").text("title") == "yes"


def test_a_page_without_scripts_says_nothing() -> None:
    assert not _read().fields
    assert not _read("alert(1)").fields


def test_every_key_of_an_object_is_one_that_is_read() -> None:
    assert {*NESTED_FOR} <= {*NESTED} <= {*WANTED}
