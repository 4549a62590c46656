from __future__ import annotations

import pytest

from crawler.article import State
from crawler.clean.pages import read_page
from tests.clean.pages.lookalikes import (
    ACCOUNT,
    BIZ,
    LINK,
    modern,
    notice,
    old,
)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("该内容已被发布者删除", State.DELETED),
        ("此内容因违规无法查看", State.VIOLATION),
        ("此帐号已自主注销，内容无法查看", State.ACCOUNT_GONE),
        ("链接已过期", State.EXPIRED),
        ("参数错误", State.BAD_LINK),
        ("系统出错", State.SYSTEM),
        ("操作频繁，请稍候再试", State.RATE_LIMITED),
        ("此帐号处于帐号迁移流程中", State.UNAVAILABLE),
    ],
)
def test_a_notice_is_its_state_and_the_detail_names_its_marker(text: str, state: State) -> None:
    read = read_page(notice(text))
    assert (read.state, read.text, read.title) == (state, "", "")
    assert ".weui-msg__title" in read.detail
    assert text in read.detail


def test_an_article_that_quotes_a_notice_is_an_article() -> None:
    quoting = (
        '<div class="weui-msg__title">该内容已被发布者删除</div>'
        "<p>环境异常</p><p>secitptpage/verify.html</p>"
    )
    assert read_page(modern(quoting)).state is State.OK
    assert (
        read_page(old("<pre>var PAGE_MID='mmbizwap:secitptpage/verify.html'</pre>")).state
        is State.OK
    )


def test_an_article_whose_title_names_the_script_of_a_captcha_is_an_article() -> None:
    page = old().replace("雾中的电台".encode(), b"secitptpage/template/verify.js")
    assert read_page(page).state is State.OK


@pytest.mark.parametrize("said", ["var biz = 'MzI0NTk5OTk5MA==';", "var ContentNoEncode = 1;"])
def test_an_article_without_a_title_whose_words_name_the_script_of_a_captcha_is_one(
    said: str,
) -> None:
    words = "'secitptpage/template/verify.js'"
    said = said.replace("= 1", f"= window.a_value_which_never_exists || {words}")
    script = f"<script>{said} var msg_desc = {words};</script>"
    page = f'<html><body><div id="js_content"><p>船六点开。</p></div>{script}</body></html>'
    assert read_page(page.encode()).state is not State.VERIFICATION


@pytest.mark.parametrize("name", ["transferTargetLink", "transfer_target_link"])
@pytest.mark.parametrize("said", ["该公众号已迁移", "此帐号处于帐号迁移流程中"])
def test_a_migrated_article_tells_where_it_went(said: str, name: str) -> None:
    read = read_page(notice(said, script=f"var {name} = '{LINK}';"))
    assert (read.state, read.transfer_target) == (State.MIGRATED, LINK)


def test_an_article_of_an_account_that_is_still_being_moved_tells_no_place_and_waits() -> None:
    read = read_page(notice("此帐号处于帐号迁移流程中", script="var transferTargetLink = '';"))
    assert (read.state, read.transfer_target) == (State.UNAVAILABLE, "")


def test_a_violation_tells_the_account_that_survives() -> None:
    script = f"window.cgiData = {{ del_reason_id: '10001', nick_name: '{ACCOUNT}', }};"
    assert read_page(notice("此内容因违规无法查看", script=script)).account == ACCOUNT


def test_a_notice_that_nobody_knows_is_unreadable_and_quoted() -> None:
    read = read_page(notice("本页正在搬家"))
    assert read.state is State.UNREADABLE
    assert "本页正在搬家" in read.detail


def test_a_notice_that_only_a_script_writes_is_read() -> None:
    box = '<div class="weui-msg">\\\n<p class="weui-msg__desc">访问过于频繁，请稍后</p></div>'
    script = f"if (isMobile) {{ document.write('{box}'); }}"
    assert (
        read_page(f"<html><body><script>{script}</script></body></html>".encode()).state
        is State.RATE_LIMITED
    )


def test_verification_is_told_by_the_page_it_calls_itself_or_by_its_address() -> None:
    shell = (
        b"<html><body><script>var"
        b" PAGE_MID='mmbizwap:secitptpage/verify.html'</script></body></html>"
    )
    unnamed = (
        b"<html><body><script>seajs.use('secitptpage/template/verify.js')</script></body></html>"
    )
    untitled = unnamed.replace(b"<script>", b"<script>window.cgiData = { title: '' };")
    address = "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=secret&target_url=x"
    at_address = read_page(modern(), url=address)
    for read in (*map(read_page, (shell, unnamed, untitled)), at_address):
        assert read.state is State.VERIFICATION
        assert "secret" not in read.detail


@pytest.mark.parametrize("sign", ["secitptpage/verify", "/mp/wappoc_appmsgcaptcha"])
def test_what_a_stranger_wrote_behind_a_link_makes_no_verification_of_its_article(
    sign: str,
) -> None:
    address = LINK.partition("#")[0]
    for url in (f"{address}&x={sign}", f"{address}#{sign}"):
        assert read_page(modern(), url=url).state is State.OK


def test_albums_and_pages_about_accounts_are_named_for_what_they_are() -> None:
    album = (
        '<html><div class="album js_album_container"><div id="js_tag_name">晨间周报</div></div>'
        f"<script>window.cgiData = {{ title: '晨间周报', nick_name: '{ACCOUNT}', articleList:"
        " [{}] }</script>"
    )
    read = read_page(album.encode())
    assert (read.state, read.title, read.account) == (State.ALBUM, "晨间周报", ACCOUNT)
    assert "晨间周报" in read.detail
    account = (
        b'<html><div class="about-page"></div><script>var'
        b" PAGE_MID='mmbizwap:wxverify/info.html';</script></html>"
    )
    assert read_page(account).state is State.ACCOUNT_PAGE
    assert (
        read_page(b"<html>x</html>", url=f"https://mp.weixin.qq.com/mp/aboutbiz?__biz={BIZ}").state
        is State.ACCOUNT_PAGE
    )


def test_an_empty_article_beside_a_notice_is_the_notice() -> None:
    said = notice("该内容已被发布者删除").replace(b"<body", b"<div id=js_content></div><body")
    assert read_page(said).state is State.DELETED
    data = (
        "window.cgiDataNew = { title: JsDecode(''), content_noencode: JsDecode(''),"
        " picture_page_info_list: [ ], }"
    )
    assert read_page(notice("参数错误", script=data)).state is State.BAD_LINK


def test_an_empty_shell_is_private_and_so_is_what_scripts_write_into_it() -> None:
    shell = '<html><head><title></title></head><body><div id="app">{}</div></body></html>'
    written = shell.format("<p>根据作者隐私设置，无法查看该内容</p><a>看作者其他内容</a>")
    for page in (shell.format(""), written):
        assert read_page(page.encode()).state is State.PRIVATE
    other = read_page(shell.format("<p>本页正在搬家</p>").encode())
    assert other.state is State.UNREADABLE


def test_a_shell_whose_download_broke_off_says_nothing_of_its_article() -> None:
    assert read_page(b'<html><body><div id="app"></div>').state is State.UNREADABLE
