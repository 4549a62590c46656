"""What a page turned out to be, and what it says of its article."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Kind, State
from crawler.clean.pages.read import Page, read_page
from crawler.urls import identity_of
from tests.clean.lookalikes import (
    ACCOUNT,
    BIZ,
    BODY,
    IDX,
    LINK,
    MID,
    SN,
    modern,
    notice,
    old,
    quoted,
)
from tests.conftest import PAGES, index_of, needs_shared

ARTICLE_STATES = (State.OK, State.PAID, State.TRUNCATED)


def picture(name: str) -> str:
    return f"{{ cdn_url: JsDecode({quoted(name)}), watermark_info: {{ cdn_url: JsDecode('http://x.cn/no') }}, }},"


# Metadata


@pytest.mark.parametrize(
    "page", [modern(), modern(after_body=True), modern(decoder=""), old()], ids=["E", "D", "F", "A"]
)
def test_each_generation_of_the_template_says_the_same(page: bytes) -> None:
    read = read_page(page)
    assert (read.state, read.kind, read.title, read.account, read.author) == (
        State.OK,
        Kind.NORMAL,
        "雾中的电台",
        ACCOUNT,
        "阿岭",
    )
    assert (read.biz, read.mid, read.idx, read.sn) == (BIZ, MID, IDX, SN)
    assert read.digest == "早上六点"
    assert read.cover == "https://mmbiz.qpic.cn/mmbiz_jpg/cover/0?wx_fmt=jpeg"
    assert read.aliases == (LINK,)
    assert read.account_info is not None
    assert read.account_info.name == ACCOUNT
    assert "电台从早上六点开始播音。" in read.text
    assert not read.text.startswith("#")


def test_times_are_told_in_beijing() -> None:
    assert read_page(modern()).published_at == "2025-12-04T18:00:51+08:00"
    assert read_page(modern()).modified_at == ""
    assert read_page(modern(modify_time="1764846000")).modified_at == "2025-12-04T19:00:00+08:00"
    assert read_page(old()).published_at == "2017-12-13T19:15:00+08:00"


@pytest.mark.parametrize("stamp", ["0", "", "99999999999999999999", "9999999999", "-5", "١٢٣"])
def test_a_time_that_no_post_can_have_is_none(stamp: str) -> None:
    assert read_page(modern(create_timestamp=stamp)).published_at == ""


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ("2024年12月18日 18:08", "2024-12-18T18:08:00+08:00"),
        ("2019-05-17", "2019-05-17T00:00:00+08:00"),
        ("昨天", ""),
        ("3天前", ""),
        ("2019-02-31", ""),
    ],
)
def test_a_saved_page_without_scripts_tells_its_date_only_where_it_is_a_date(
    shown: str, told: str
) -> None:
    page = (
        '<html><meta property="og:title" content="雾\\x0a中"><meta property="og:url" content="'
        + LINK.replace("&", "&amp;")
        + f'"><em id="publish_time"> {shown} </em><a id="js_name"> {ACCOUNT} </a><div id="js_content">字</div></html>'
    )
    read = read_page(page.encode())
    assert (read.published_at, read.title, read.account, read.mid) == (told, "雾 中", ACCOUNT, MID)


def test_identity_is_taken_from_the_own_link_where_the_variables_are_empty() -> None:
    block = f'var biz = "";\nvar mid = "" || "";\nvar msg_link = "{LINK}";'
    read = read_page(old(variables=block))
    assert (read.biz, read.mid, read.idx, read.sn) == (BIZ, MID, IDX, SN)


def test_the_own_link_never_carries_credentials() -> None:
    assert read_page(modern(link=LINK.replace("#rd", "&key=secret&uin=1#rd"))).aliases == (LINK,)


def test_escapes_in_the_data_are_undone_once_more() -> None:
    read = read_page(modern(title="雾 &amp; &lt;电台&gt;", desc="&quot;早&quot;\n上"))
    assert (read.title, read.digest) == ("雾 & <电台>", '"早" 上')


# Kinds


def test_a_gallery_has_its_own_pictures_and_its_text_line_by_line() -> None:
    pictures = picture("http://mmbiz.qpic.cn/a/0?wx_fmt=png&amp;from=appmsg") + picture(
        "https://mmbiz.qpic.cn/b/0"
    )
    extra = f"picture_page_info_list: [{pictures}],\n"
    page = modern(
        None, item_show_type="8", content_noencode="第一行\n第二行 a<b", title="", extra=extra
    )
    read = read_page(page)
    assert (read.state, read.kind, read.title, read.image_count) == (
        State.OK,
        Kind.GALLERY,
        "第一行",
        2,
    )
    assert "第一行" in read.text
    assert "第二行 a\\<b" in read.text or "第二行 a<b" in read.text
    assert read.text.count("](https://mmbiz.qpic.cn/") == 2
    assert "no" not in read.text


def test_a_text_post_is_its_data_and_not_the_decoy_in_the_page() -> None:
    whole = "山里下了三天雨。电台照常播音。\n\n" + "第二段写得很长，" * 20
    card = f"<div class='wx_follow_nickname'>{ACCOUNT}</div>关注"
    read = read_page(
        modern(card, item_show_type="10", title=whole, content_noencode=whole, cdn_url="")
    )
    assert (read.kind, read.title) == (Kind.TEXT, "山里下了三天雨。电台照常播音。")
    assert "关注" not in read.text
    assert read.text.count("第二段写得很长") == 20


def test_a_text_post_with_its_text_in_the_inner_object() -> None:
    inner = f"text_page_info: {{ is_user_title: '0' * 1, content_noencode: JsDecode({quoted('只有一句。')}), }},\n"
    read = read_page(
        modern("decoy", item_show_type="10", title="", content_noencode="", extra=inner)
    )
    assert (read.title, read.text) == ("只有一句。", "只有一句。")


def test_a_repost_is_the_comment_the_source_in_one_line_and_the_article() -> None:
    link = LINK.replace("==", "%3D%3D").replace("&", "&amp;")
    card = (
        '<div id="js_share_author">远山</div><span id="original_panel_title">原来的题目</span>'
        '<p class="share_notice" id="js_share_notice"><script>document.getElementById(\'js_share_notice\').innerHTML = '
        '"值得一读。\\x0a真的。".replace(/\\r/g,"");</script></p>'
        f'<div id="js_content"></div><span data-url="{link}" id="js_share_source">阅读全文</span>'
    )
    page = modern(None, content_noencode="<p>别人的文章。</p>").replace(
        b"<div id='js_article'>", f"<div id='js_article'>{card}".encode()
    )
    read = read_page(page)
    assert read.kind is Kind.REPOST
    lines = [line for line in read.text.splitlines() if line.strip()]
    assert lines[0].startswith("值得一读。")
    assert lines[2].startswith("转载自：远山 [原来的题目](https://mp.weixin.qq.com/s?__biz=")
    assert lines[3] == "别人的文章。"


def test_a_video_post_is_its_words_and_one_line_for_the_player() -> None:
    script = "document.getElementById('js_video_desc').innerHTML = \"三分钟看雾\";"
    words = f"<p class=share_notice><script>{script}</script></p>"
    extra = "vid: JsDecode('wxv_1234567890123456789'),\n"
    read = read_page(modern(words, item_show_type="5", content_noencode="", extra=extra))
    assert read.kind is Kind.VIDEO
    assert read.text.startswith(
        "三分钟看雾\n\n[视频：雾中的电台](https://mp.weixin.qq.com/mp/readtemplate?"
    )
    assert read.text.endswith("vid=wxv_1234567890123456789)")


def test_an_audio_post_links_its_recording() -> None:
    voices = "voice_in_appmsg: [ { voice_encode_fileid: JsDecode('MzA3_abc'), name: JsDecode('晨间'), }, ],\n"
    read = read_page(modern(None, item_show_type="7", content_noencode="", extra=voices))
    assert read.kind is Kind.AUDIO
    assert read.text.endswith(
        "[音频：雾中的电台](https://res.wx.qq.com/voice/getvoice?mediaid=MzA3_abc)"
    )


def test_an_article_with_a_player_in_it_stays_normal() -> None:
    frame = '<iframe class="video_iframe" data-mpvid="wxv_1" data-src="https://v.qq.com/iframe/preview.html?vid=o0608305r9k">'
    assert read_page(modern(f"{BODY}{frame}</iframe>")).kind is Kind.NORMAL


# States


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("该内容已被发布者删除", State.DELETED),
        ("此内容因违规无法查看", State.VIOLATION),
        ("此帐号已自主注销，内容无法查看", State.ACCOUNT_GONE),
        ("链接已过期", State.EXPIRED),
        ("参数错误", State.BAD_LINK),
        ("系统出错", State.SYSTEM),
    ],
)
def test_a_notice_is_its_state_and_the_detail_names_its_marker(text: str, state: State) -> None:
    read = read_page(notice(text))
    assert (read.state, read.text, read.title) == (state, "", "")
    assert ".weui-msg__title" in read.detail
    assert text in read.detail


def test_an_article_that_quotes_a_notice_is_an_article() -> None:
    quoting = '<div class="weui-msg__title">该内容已被发布者删除</div><p>环境异常</p><p>secitptpage/verify.html</p>'
    assert read_page(modern(quoting)).state is State.OK
    assert (
        read_page(old("<pre>var PAGE_MID='mmbizwap:secitptpage/verify.html'</pre>")).state
        is State.OK
    )


def test_a_migrated_article_tells_where_it_went() -> None:
    read = read_page(notice("该公众号已迁移", script=f"var transferTargetLink = '{LINK}';"))
    assert (read.state, read.transfer_target) == (State.MIGRATED, LINK)


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
    shell = b"<html><body><script>var PAGE_MID='mmbizwap:secitptpage/verify.html'</script></body></html>"
    unnamed = (
        b"<html><body><script>seajs.use('secitptpage/template/verify.js')</script></body></html>"
    )
    address = "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=secret&target_url=x"
    for read in (read_page(shell), read_page(unnamed), read_page(modern(), url=address)):
        assert read.state is State.VERIFICATION
        assert "secret" not in read.detail


def test_albums_and_pages_about_accounts_are_named_for_what_they_are() -> None:
    album = (
        '<html><div class="album js_album_container"><div id="js_tag_name">晨间周报</div></div>'
        f"<script>window.cgiData = {{ title: '晨间周报', nick_name: '{ACCOUNT}', articleList: [{{}}] }}</script>"
    )
    read = read_page(album.encode())
    assert (read.state, read.title, read.account) == (State.ALBUM, "晨间周报", ACCOUNT)
    assert "晨间周报" in read.detail
    account = b"<html><div class=\"about-page\"></div><script>var PAGE_MID='mmbizwap:wxverify/info.html';</script></html>"
    assert read_page(account).state is State.ACCOUNT_PAGE
    assert (
        read_page(b"<html>x</html>", url=f"https://mp.weixin.qq.com/mp/aboutbiz?__biz={BIZ}").state
        is State.ACCOUNT_PAGE
    )


def test_a_free_preview_is_paid_and_an_unlocked_article_is_whole() -> None:
    preview = (
        BODY
        + '<p class="js_pay_preview_filter"><mp-pay-preview-filter></mp-pay-preview-filter></p>'
    )
    read = read_page(modern(preview))
    assert read.state is State.PAID
    assert "电台" in read.text
    unlocked = modern(
        preview, extra="is_pay_subscribe: '1' * 1,\n user_info: { is_paid: '1' * 1, },\n"
    )
    assert read_page(unlocked).state is State.OK
    assert (
        read_page(modern(extra="is_pay_subscribe: '1' * 1,\n pay_type: '1',\n")).state is State.PAID
    )


def test_a_download_that_broke_off_is_never_called_deleted() -> None:
    page = modern(after_body=True)
    before = read_page(page[: page.index(b"js_content") - 60])
    assert (before.state, before.text) == (State.UNREADABLE, "")
    inside = read_page(page[: page.index("电台从".encode()) + 9])
    assert inside.state is State.TRUNCATED
    assert "山里的雾散得很慢。" in inside.text


def test_a_download_that_broke_off_behind_its_data_is_whole() -> None:
    page = modern()
    read = read_page(page[: page.index("电台从".encode(), page.index(b"js_content")) + 9])
    assert read.state is State.OK
    assert read.text == read_page(page).text


def test_a_page_that_came_without_its_article_is_hollow() -> None:
    assert read_page(modern("", content_noencode="")).state is State.HOLLOW
    assert read_page(b'<html><div id="js_article"></div></html>').state is State.HOLLOW


def test_an_empty_article_beside_a_notice_is_the_notice() -> None:
    said = notice("该内容已被发布者删除").replace(b"<body", b"<div id=js_content></div><body")
    assert read_page(said).state is State.DELETED
    data = "window.cgiDataNew = { title: JsDecode(''), content_noencode: JsDecode(''), picture_page_info_list: [ ], }"
    assert read_page(notice("参数错误", script=data)).state is State.BAD_LINK


@pytest.mark.parametrize(
    "content", [b"", b"  ", b"{}", b"\x89PNG\r\n", b"<html></html>", b"\xff\xfe"]
)
def test_what_is_no_page_is_unreadable_and_says_why(content: bytes) -> None:
    read = read_page(content)
    assert read.state is State.UNREADABLE
    assert read.detail


def test_a_page_in_another_character_set_is_read() -> None:
    page = old().decode().encode("gb18030")
    assert read_page(page, charset="gbk").title == read_page(page).title == "雾中的电台"


@given(st.binary(max_size=2000), st.sampled_from(["", "utf-8", "gbk", "nonsense", "utf-16", "hex"]))
def test_no_bytes_break_the_reader(content: bytes, charset: str) -> None:
    assert isinstance(read_page(content, charset=charset), Page)


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.binary(max_size=20))
def test_no_mutation_of_a_page_breaks_the_reader(at: int, cut: int, put: bytes) -> None:
    page = modern() if at % 2 else old()
    at %= len(page)
    assert isinstance(read_page(page[:at] + put + page[at + cut % 300 :]), Page)


# Real pages

_REAL = {
    "error_other/davidturing-truncated-download": State.UNREADABLE,
    "error_other/evetools-2026-param-error": State.BAD_LINK,
    "error_other/exporter-temporarily-unavailable": State.UNAVAILABLE,
    "error_other/weextract-2018-break-string-escaped": State.OK,
    "error_other/weextract-2018-expired-link": State.EXPIRED,
    "error_other/weextract-2019-quota-limit": State.RATE_LIMITED,
    "browser_saved/wechatdownload-text-tian": State.OK,
}
_BY_KIND = {
    "deleted": State.DELETED,
    "violation": State.VIOLATION,
    "verify": State.VERIFICATION,
    "album": State.ALBUM,
    "account_page": State.ACCOUNT_PAGE,
}
_KINDS = {"8": Kind.GALLERY, "10": Kind.TEXT, "5": Kind.VIDEO}
FULL_PAGES = [row for row in index_of(PAGES) if row["scope"] == "full page"]


def read_real(row: dict[str, str]) -> Page:
    return read_page(gzip.decompress((PAGES / row["file"]).read_bytes()))


@needs_shared
@pytest.mark.parametrize(
    "row", FULL_PAGES, ids=lambda row: Path(row["file"]).name.removesuffix(".html.gz")
)
def test_every_real_page_comes_out_in_its_state_kind_and_identity(row: dict[str, str]) -> None:
    name = row["file"].removesuffix(".html.gz")
    read = read_real(row)
    assert read.state is _REAL.get(name, _BY_KIND.get(row["kind"], State.OK)), read.detail
    if read.state is not State.OK:
        assert read.text == ""
        assert read.detail
        return
    expected = _KINDS.get(row["item_show_type"], Kind.NORMAL)
    assert read.kind is (
        Kind.REPOST if "repost" in name else Kind.GALLERY if name.endswith("tian") else expected
    )
    assert read.title
    assert "\\n" not in read.title
    assert "\\x0a" not in read.title
    assert len(read.title) <= 64
    assert read.cover.startswith("https://") or read.kind is Kind.TEXT
    assert read.text.strip()
    if not name.endswith("tian"):  # its tool left neither account nor identity
        assert read.account
        assert identity_of(read.biz, read.mid, read.idx)
    if "wechatdownload" not in name:  # the tool took the scripts out, and the date with them
        assert read.published_at.endswith("+08:00")
