from __future__ import annotations

from html import escape

import pytest

from crawler.article import Kind, State
from crawler.clean.pages import read_page, shrink_page
from tests.clean.pages.lookalikes import (
    ACCOUNT,
    BODY,
    LINK,
    modern,
    quoted,
)


def picture(name: str) -> str:
    return (
        f"{{ cdn_url: JsDecode({quoted(name)}),"
        " watermark_info: { cdn_url: JsDecode('http://x.cn/no') }, },"
    )


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


def test_a_gallery_of_before_2025_has_the_pictures_that_its_scripts_set_alone() -> None:
    pictures = picture("https://mmbiz.qpic.cn/a/0") + picture("https://mmbiz.qpic.cn/b/0")
    page = (
        '<html><head><meta property="og:title" content="两张图">'
        '<meta property="og:description" content="第一句\\x0a第二句"></head><body>'
        '<script>var item_show_type = "8";\nvar ct = "1718000000";</script>'
        "<script>window.picture_page_info_list = [];\n</script><script>\n"
        f"window.picture_page_info_list = [\n{pictures}\n].slice(0, 20);\n</script></body></html>"
    ).encode()
    read = read_page(page)
    assert (read.state, read.kind, read.image_count) == (State.OK, Kind.GALLERY, 2)
    assert read.text.startswith("第一句  \n第二句\n\n![](https://mmbiz.qpic.cn/a/0)")
    assert "x.cn" not in read.text
    assert read_page(shrink_page(page)) == read


def program(**said: str) -> str:
    """What such pages say in one long program, as the template of 2022 to 2025 has it."""
    names = ("videoContentNoEncode", "TextContentNoEncode", "ContentNoEncode", "content", "desc")
    sets = "".join(
        f"var {name} = window.a_value_which_never_exists || {quoted(said.get(name, ''))};\n"
        for name in names
    )
    return f"<script>var a=1;{'b(a);' * 9_000}if(!c){{\n{sets}d(content || desc)}}</script>"


@pytest.mark.parametrize(
    ("item_show_type", "name"),
    [
        ("10", "ContentNoEncode"),
        ("10", "TextContentNoEncode"),
        ("7", "ContentNoEncode"),
        ("5", "videoContentNoEncode"),
        ("8", "content"),
        ("8", "desc"),
    ],
)
def test_a_post_of_before_2025_says_what_its_program_holds(item_show_type: str, name: str) -> None:
    words = (
        '第一行\n第二行 <a class="wx_topic_link" href="https://mp.weixin.qq.com/s/x">题</a> "引"'
    )
    said = escape(words) if item_show_type == "8" else words  # the others are its NoEncode
    page = (
        "<html><head></head><body><div id='js_article'></div><script>"
        f'var item_show_type = "{item_show_type}";\nvar msg_title = "有题目";</script>'
        f"{program(**{name: said})}</body></html>"
    ).encode()
    read = read_page(page)
    assert read.text.startswith('第一行  \n第二行 [题](https://mp.weixin.qq.com/s/x) "引"')
    assert read.title == "有题目"
    assert read_page(shrink_page(page)) == read


def test_an_article_is_not_what_a_program_for_posts_holds() -> None:
    page = modern().replace(b"cgiDataNew", b"cgiDataOther")
    with_program = page.replace(b"</body>", program(desc="别的").encode() + b"</body>")
    assert read_page(with_program).text == read_page(page).text != ""


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
    inner = (
        "text_page_info: { is_user_title: '0' * 1, content_noencode:"
        f" JsDecode({quoted('只有一句。')}), }},\n"
    )
    read = read_page(
        modern("decoy", item_show_type="10", title="", content_noencode="", extra=inner)
    )
    assert (read.title, read.text) == ("只有一句。", "只有一句。")


POST = (
    '<html><head><meta property="og:title" content="{}"></head><body class="page_share_text">'
    '<div id="js_article"><div id="js_content"><div class="wx_follow_nickname">某号</div>{}'
    '<p id="js_text_desc"></p></div></div></body></html>'
)


def test_a_text_post_without_a_title_has_its_words_in_the_head_of_a_page_without_data() -> None:
    words = "雾里的电台。\\x0a\\x26quot;" + "早上六点开始播音，" * 8 + "\\x26quot;"
    read = read_page(POST.format(words, "").encode())
    assert (read.state, read.kind, read.title) == (State.OK, Kind.TEXT, "雾里的电台。")
    assert read.text == '雾里的电台。  \n"' + "早上六点开始播音，" * 8 + '"'


@pytest.mark.parametrize("title", ["<h1 id='js_text_title'></h1>", ""])
def test_a_title_is_not_the_words_of_a_text_post_that_lost_them(title: str) -> None:
    assert read_page(POST.format("雾里的电台", title).encode()).state is State.HOLLOW
    page = modern(title, item_show_type="10", title="雾里的电台", content_noencode="", desc="")
    assert read_page(page).text == ("" if title else "雾里的电台")


def test_a_repost_is_the_comment_the_source_in_one_line_and_the_article() -> None:
    link = LINK.replace("==", "%3D%3D").replace("&", "&amp;")
    card = (
        '<div id="js_share_author">远山</div><span id="original_panel_title">原来的题目</span><p'
        ' class="share_notice"'
        " id=\"js_share_notice\"><script>document.getElementById('js_share_notice').innerHTML ="
        ' "值得一读。\\x0a真的。".replace(/\\r/g,"");</script></p><div id="js_content"></div><span'
        f' data-url="{link}" id="js_share_source">阅读全文</span>'
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


REPOST = (
    "<html><head></head><body><div id='js_article'><p class='share_notice' id='js_share_notice'>{}"
    "</p><div id='js_share_author'>远山</div><span id='original_panel_title'>原题</span>"
    "<div class='original_panel_content js_underline_content' id='js_content'>{}</div>"
    f"<span data-url='{LINK}' id='js_share_source'>阅读全文</span></div>{{}}"
)
COMMENT = "<script>document.getElementById('js_share_notice').innerHTML = \"值得一读。\";</script>"
TEMPLATE = (
    "<script id='content_tpl' type='text/html' nonce='1'>\n<p>潮水退了。</p><p>灯还亮着。</p>\n"
    "</script>"
)


@pytest.mark.parametrize(
    ("comment", "shown"), [(COMMENT, ""), ("值得<br>一读。", "<p>潮水退了。灯还...</p>")]
)
def test_a_repost_of_before_2025_has_its_article_in_a_template(comment: str, shown: str) -> None:
    page = REPOST.format(comment, shown, TEMPLATE + "</body></html>").encode()
    read = read_page(page)
    assert (read.state, read.kind) == (State.OK, Kind.REPOST)
    assert read.text.replace("  \n", "").startswith("值得一读。\n\n转载自：远山 [原题](https://mp.")
    assert read.text.endswith(")\n\n潮水退了。\n\n灯还亮着。")
    assert read_page(shrink_page(page)) == read


def test_a_translated_repost_names_its_source_by_a_link_alone() -> None:
    page = REPOST.format(COMMENT, "", TEMPLATE + "</body></html>").replace("原题", "The title")
    read = read_page(page.replace("<body>", "<body _mstmutation='1'>").encode())
    assert read.text.startswith("值得一读。")
    assert "转载自： [原文](https://mp." in read.text
    assert "The title" not in read.text


@pytest.mark.parametrize(
    ("shown", "state"),
    [("潮水...", State.TRUNCATED), ("潮水退了。", State.OK), ("", State.TRUNCATED)],
)
def test_a_repost_without_its_article_is_whole_only_where_all_of_it_is_shown(
    shown: str, state: State
) -> None:
    read = read_page(REPOST.format("值得一读。", f"<p>{shown}</p>", "</body></html>").encode())
    assert (read.state, read.kind) == (state, Kind.REPOST)
    assert read.text.startswith("值得一读。\n\n转载自：")
    assert read.text.endswith(f")\n\n{shown}".strip("\n"))


def test_a_repost_of_which_an_exporter_made_a_link_of_its_source_is_one() -> None:
    """It leaves out scripts, and the id of the element that names the source."""
    source = f"<span data-url='{LINK}' id='js_share_source'>阅读全文</span>"
    link = f"<div class='original_panel_tool'><a href='{LINK}' class='weui-link'>阅读全文</a></div>"
    page = REPOST.replace(source, link).format("", "<p>潮水...</p>", "</body></html>")
    read = read_page(page.encode())
    assert (read.state, read.kind) == (State.TRUNCATED, Kind.REPOST)
    assert read.text.startswith("转载自：远山 [原题](https://mp.")


@pytest.mark.parametrize(("words", "state"), [("", State.TRUNCATED), ("船开。", State.OK)])
def test_a_player_that_lost_its_data_is_a_part(words: str, state: State) -> None:
    inner = "<h2 class='common_share_title'>渡口</h2><p id='js_common_share_desc'>{}</p>"
    page = (
        f"<html><body><div id='js_article'><div id='js_content'>{inner.format(words)}</div></div>"
    )
    assert read_page(f"{page}</body></html>".encode()).state is state


def test_a_repost_that_broke_off_before_its_article_ends_is_not_whole() -> None:
    cut = TEMPLATE.partition("灯还")[0]
    assert read_page(REPOST.format(COMMENT, "", cut).encode()).state is State.TRUNCATED


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
    voices = (
        "voice_in_appmsg: [ { voice_encode_fileid: JsDecode('MzA3_abc'), name: JsDecode('晨间'), },"
        " ],\n"
    )
    read = read_page(modern(None, item_show_type="7", content_noencode="", extra=voices))
    assert read.kind is Kind.AUDIO
    assert read.text.endswith("[音频：晨间](https://res.wx.qq.com/voice/getvoice?mediaid=MzA3_abc)")


def test_each_of_several_recordings_and_videos_has_its_own_name() -> None:
    voices = "{ voice_encode_fileid: 'MzA3_a', name: '潮' }, { voice_encode_fileid: 'MzA3_b' },"
    extra = f"voice_in_appmsg: [ {voices} ],\n"
    read = read_page(modern(None, item_show_type="7", content_noencode="", extra=extra))
    assert "[音频：潮](https://res.wx.qq.com/voice/getvoice?mediaid=MzA3_a)" in read.text
    assert "[音频：雾中的电台](https://res.wx.qq.com/voice/getvoice?mediaid=MzA3_b)" in read.text
    videos = "{ video_id: 'wxv_1', title: '晨' }, { video_id: 'wxv_2', title: '夜' },"
    extra = f"video_page_infos: [ {videos} ],\n"
    read = read_page(modern(None, item_show_type="5", content_noencode="", extra=extra))
    assert [read.text.count(f"[视频：{name}](") for name in "晨夜"] == [1, 1]


def test_a_video_that_a_tool_saved_without_its_scripts_keeps_its_words() -> None:
    page = (
        "<html><body class=video_share_page><div id=js_article><div id=js_content>"
        "<p class=share_notice id=js_video_desc>站在塔顶看一分钟。</p>"
        "<h2 id=video_title>塔顶一分钟</h2></div></div></body></html>"
    )
    read = read_page(page.encode())
    assert (read.kind, read.text) == (Kind.VIDEO, "站在塔顶看一分钟。\n\n视频")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("如果 a<b 时 c>d，就停。", "如果 a\\<b 时 c>d，就停。"),
        ("如果 a<p 就停", "如果 a\\<p 就停"),
        ("甲<i j k 乙", "甲\\<i j k 乙"),
        ('甲<a href="https://x.cn/" data-topic="1">话题</a>乙', "甲[话题](https://x.cn/)乙"),
        ("甲<br  />乙", "甲  \n乙"),
        ("甲<b>乙</b>丙", "甲**乙**丙"),
        ("甲 <b> 是粗体，<p> 是段落", "甲 \\<b> 是粗体，\\<p> 是段落"),
        ("甲 </b> 和 <a>乙</a> 和 <img>", "甲 \\</b> 和 \\<a>乙\\</a> 和 \\<img>"),
        ("甲<i><b>乙</b>丙", "甲\\<i>**乙**丙"),
    ],
)
def test_an_angle_that_was_typed_takes_no_words_with_it(typed: str, shown: str) -> None:
    read = read_page(modern(None, item_show_type="10", content_noencode=typed))
    assert read.text == shown


@pytest.mark.parametrize("item_show_type", ["17", "99"])
def test_a_kind_that_is_not_known_keeps_its_lines(item_show_type: str) -> None:
    read = read_page(
        modern(None, item_show_type=item_show_type, content_noencode="一行\n二行\n\n三行")
    )
    assert (read.state, read.text) == (State.OK, "一行  \n二行\n\n三行")


@pytest.mark.parametrize("item_show_type", ["11", "16", "17", ""])
def test_plain_text_of_a_kind_that_is_not_known_keeps_what_looks_like_tags(
    item_show_type: str,
) -> None:
    typed = "List<T> 里 a<b && b>c，<p> 是段落"
    read = read_page(modern(None, item_show_type=item_show_type, content_noencode=typed))
    assert read.text == "List\\<T> 里 a\\<b && b>c，\\<p> 是段落"
    marked = "<p>潮<T></p><iframe src='https://x.cn/'></iframe>"
    read = read_page(modern(None, item_show_type=item_show_type, content_noencode=marked))
    assert read.text == "潮\n\n[嵌入内容](https://x.cn/)"


@pytest.mark.parametrize("item_show_type", ["5", "6", "7", "8"])
def test_what_an_editor_wrote_below_a_player_or_a_gallery_is_read(item_show_type: str) -> None:
    extra = f"picture_page_info_list: [{picture('https://mmbiz.qpic.cn/a/0')}],\n"
    body = "<section><p>潮来了。</p><p>潮去了。</p></section>"
    page = modern(body, extra=extra, item_show_type=item_show_type, content_noencode="", desc="潮")
    read = read_page(page)
    assert read.text.startswith("潮来了。\n\n潮去了。\n\n")


@pytest.mark.parametrize("item_show_type", ["5", "6", "8"])
@pytest.mark.parametrize(
    "body",
    [
        "\u200b",
        "<p style='display:none'>藏</p>",
        "<img data-src='https://mmbiz.qpic.cn/a/0'>\u200b",
    ],
)
def test_a_container_that_shows_no_words_leaves_a_post_its_digest(
    item_show_type: str, body: str
) -> None:
    page = modern(body, item_show_type=item_show_type, content_noencode="", desc="潮来了")
    assert read_page(page).text.startswith("潮来了")


KINDS = {"js_text_desc": "10", "js_image_desc": "8", "js_video_desc": "5", "js_audio_desc": "7"}


@pytest.mark.parametrize("place", KINDS)
def test_a_place_of_a_posts_words_counts_before_its_digest(place: str) -> None:
    page = modern("", item_show_type=KINDS[place], content_noencode="", desc="潮来")
    words = f"<p class='share_notice' id='{place}'>潮来了，<br>又走了。</p></body>"
    assert read_page(page.replace(b"</body>", words.encode())).text.startswith(
        "潮来了，  \n又走了。"
    )


@pytest.mark.parametrize("inside", [">\u200b", " style='display:none'>加载"])
@pytest.mark.parametrize("place", KINDS)
def test_an_empty_place_of_a_posts_words_leaves_it_its_digest(place: str, inside: str) -> None:
    kind = KINDS[place]
    page = modern(None, item_show_type=kind, content_noencode="", desc="潮来了")
    page = page.replace(b"</body>", f"<p id='{place}'{inside}</p></body>".encode())
    assert read_page(page).text.startswith("潮来了")


@pytest.mark.parametrize("place", ["js_text_desc", "js_image_desc", "js_video_desc", "js_content"])
def test_a_translated_post_without_its_words_has_those_of_its_digest(place: str) -> None:
    kind = {"js_text_desc": "10", "js_image_desc": "8"}.get(place, "5")
    page = modern(None, item_show_type=kind, content_noencode="", desc="潮来了")
    shown = f"<font _mstmutation='1'></font><p id='{place}'>The tide.</p></body>"
    assert read_page(page.replace(b"</body>", shown.encode())).text.startswith("潮来了")


def test_a_short_post_keeps_its_pictures() -> None:
    extra = f"picture_page_info_list: [{picture('https://mmbiz.qpic.cn/a/0')}],\n"
    read = read_page(modern(None, item_show_type="17", content_noencode="一行", extra=extra))
    assert (read.kind, read.image_count) == (Kind.GALLERY, 1)


def test_an_article_with_a_player_in_it_stays_normal() -> None:
    frame = (
        '<iframe class="video_iframe" data-mpvid="wxv_1"'
        ' data-src="https://v.qq.com/iframe/preview.html?vid=o0608305r9k">'
    )
    assert read_page(modern(f"{BODY}{frame}</iframe>")).kind is Kind.NORMAL


# States


PICTURES = "".join(
    f'<div class="swiper_item"><img src="https://mmbiz.qpic.cn/g{number}/0"></div>'
    for number in (1, 2)
)


@pytest.mark.parametrize(
    "markup",
    [
        f"<div class=share_media_swiper>{PICTURES}</div><p id=js_image_desc>雾散了。</p>",
        f"<div class=img_swiper_area>{PICTURES}</div><p id=js_image_desc>雾散了。</p>",
        f"<p class=share_notice id=js_image_desc>雾散了。</p><div id=img_list>{PICTURES}</div>",
    ],
)
def test_a_gallery_whose_scripts_have_run_keeps_its_words_and_pictures(markup: str) -> None:
    page = f"<html><head><title>分享图片</title></head><body><div id=js_article>{markup}</div>"
    read = read_page(page.encode())
    assert (read.state, read.kind, read.title) == (State.OK, Kind.GALLERY, "雾散了。")
    assert (read.image_count, read.text.count("雾散了。")) == (2, 1)


@pytest.mark.parametrize(
    ("said", "state"), [("2", State.OK), ("3", State.TRUNCATED), ("x", State.OK)]
)
def test_a_gallery_that_counts_more_pictures_than_it_has_is_not_whole(
    said: str, state: State
) -> None:
    images = "".join(f"<img data-w='9' data-src='https://mmbiz.qpic.cn/{n}'>" for n in "ab")
    markup = (
        "<html><body class='page_share_img'><div id='js_article'>"
        f"<div id='img_swiper_content'><div id='img_list'>{images}</div>"
        f"<span class='swiper_tips_left'>1</span><span class='swiper_tips_right'>{said}</span>"
        "</div><p id='js_image_desc'>雾散了。</p></div></body></html>"
    )
    read = read_page(markup.encode())
    assert (read.state, read.kind, read.image_count) == (state, Kind.GALLERY, 2)


@pytest.mark.parametrize("title", ["分享图片", "分享视频"])
def test_what_every_shared_post_is_called_is_no_title(title: str) -> None:
    page = f"<h1 id=activity-name>{title}</h1><div id=js_article><div id=js_content>雾散了。</div>"
    assert read_page(page.encode()).title == "雾散了。"


def test_commas_between_hidden_labels_are_no_article() -> None:
    page = "<div id=js_article><div id=js_content><p>，</p><span>,,</span></div></div>"
    assert read_page(page.encode()).state is State.HOLLOW
