"""One look-alike a producer: what each says, and that its furniture is gone."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import State
from crawler.clean.exports import TEXT, Adopted, Document, Form, Link, read_export
from crawler.clean.exports.producers import PRODUCERS
from crawler.clean.exports.whole_pages import WHOLE_PAGES
from crawler.formats.xhtml import render_xhtml
from crawler.marks import CUT, with_cut_mark
from tests.growth import assert_linear
from tests.lookalikes import HOLLOW, IN_A_LINE

URL = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
BODY = "渡口的船六点开。\n\n## 船期\n\n![](https://mmbiz.qpic.cn/a/640?wx_fmt=png)\n\n票在船上买。"
SAID = {"url": URL, "title": "渡口夜话", "account": "渡口", "author": "阿青", "date": "2026-05-23"}

DOCUMENTS = {
    "jina": (
        (f"Title: 渡口夜话\n\nURL Source: {URL}\n\nPublished Time: Sat, 23 May 2026 "
        f"03:29:00 GMT\n\n"
        f"Markdown Content:\n{BODY}"),
        {"account": "", "author": ""},
    ),
    "simpread": (
        ("> 本文由 [简悦 SimpRead](http://ksria.com/simpread/) 转码， 原文地址"
        f" [mp.weixin.qq.com]({URL})\n\n{BODY}"),
        {"account": "", "author": "", "date": ""},
    ),
    "wechatmp2markdown": (
        (
            f"> **原文链接**: {URL}\n\n#  渡口夜话   \n原创 阿青  渡口   2026-05-23 11:29  \n"
            f"  \n{BODY}"
        ),
        {},
    ),
    "note-sync": (
        (f"# 渡口夜话\n#笔记同步助手\n## 来源\n[原文链接]({URL})\n## 正文\n"
        f"公众号名称：渡口\n\n作者名称：阿青\n\n"
        f"发布时间：2026-05-23 11:29\n\n{BODY}"),
        {},
    ),
    "note-sync-tagged": (
        (f"---\nauthor: 阿青\nsource: 微信公众号\nurl: {URL}\nsaved: 2026-05-24 13:07:39\ntags:\n"
        "  - 笔记同步助手\nid: 1\n---\n\n公众号名称：渡口\n\n发布时间：2026-05-23 11:29\n\n"
        f"原文链接：[x](https://example.com/more)\n\n{BODY}"),
        {},
    ),
    "wx-kit": (
        (f'---\ntitle: "渡口夜话"\naccount: "渡口"\nauthor: "阿青"\n'
        f'publishTime: "2026-05-23 11:29"\n'
        f'source: "{URL}"\ndownloadTime: "2026-06-01T02:03:04.000Z"\n---\n\n# 渡口夜话\n\n{BODY}'),
        {},
    ),
    "notebank": (
        ("---\ntitle: '渡口夜话'\nauthor: 阿青\nwechatName: 渡口\npubDate: '2026-05-23'\n"
        f"sourceUrl: '{URL}'\narchivedAt: '2026-06-01T02:03:04.000Z'\ntags: []\n---\n{BODY}"),
        {},
    ),
    "cubox": (
        (f'---\nid: "7"\ncubox_url: https://cubox.pro/x\nurl: {URL}\n---\n# 渡口夜话\n\n'
        f'摘要。\n\n---\n\n'
        f"## 📖 正文全文\n\n# 渡口夜话\n\n[mp.weixin.qq.com]({URL})阿青 渡口\n\n{BODY}"),
        {"date": ""},
    ),
    "omnivore": (
        ("---\nid: 3\ntitle: |\n  渡口夜话\nauthor: |\n  阿青\n"
        "date_saved: 2026-05-24 08:33:43\n---\n\n# 渡口夜话\n"
        f"#Omnivore\n\n[Read on Omnivore](https://omnivore.app/me/x)\n\n[Read Original]({URL})\n\n"
        f"# Full Content: \n\n原创 阿青  渡口 _2026-05-23 11:29_ _北京_ \n\n{BODY}"),
        {},
    ),
    "readwise": (
        ("# 渡口夜话\n\n![rw-book-cover](https://a.b/c)\n\n## Metadata\n- Author: [[阿青]]\n"
        f"- Full Title: 渡口夜话\n- Category: #articles\n- Summary: 说明。\n- URL: {URL}\n\n"
        f"## Full Document\n{BODY}\n## Highlights\n- 船六点开。 ([View Highlight](https://read."
        "readwise.io/read/01h)) ^7\n    - Note: 早。\n\n## New highlights added May 24, 2026\n"
        "- 船六点开。 ([View Highlight](https://read.readwise.io/read/01j))\n"),
        {"account": "", "date": ""},
    ),
    "web-clipper": (
        (f'---\ntitle: "渡口夜话"\nsource: "{URL}"\nauthor:\n  - "[[阿青]]"\npublished:\n'
        f'created: 2026-06-05\n'
        'description: "说明。"\ntags:\n  - "clippings"\n---\n原创 阿青 *2026年5月23日 11:29*\n\n'
        f"{BODY}\n\n夜话 · 目录\n\n继续滑动看下一个\n\n渡口\n\n向上滑动看下一个\n"),
        {},
    ),
    "clipper-bookmarklet": (
        (f'---\ncategory: "[[Clippings]]"\nauthor: "[[阿青]]"\ntitle: "渡口夜话"\nsource: {URL}\n'
        f"clipped: 2023-10-04\npublished: \n---\n\n{BODY}"),
        {"account": "", "date": ""},
    ),
    "markdownload": (
        (f"---\ncreated: 2022-05-23T11:29:00 (UTC +08:00)\ntags: []\nsource: {URL}\n"
        f"author: 阿青\n---\n\n"
        f"# 渡口夜话\n\n> ## Excerpt\n> 说明。\n\n---\n{BODY}"),
        {"account": "", "date": ""},
    ),
    "monitor": (
        ('---\ntitle: "渡口夜话"\nauthor: "渡口"\npublish_date: ""\nsaved_date: "2026-06-27"\n'
        f'source: "wechat-monitor"\nurl: "{URL}"\n---\n\n---\ntitle: "渡口夜话"\n'
        f'publish_date: "2026-05-23 08:36:00"\n---\n# 渡口夜话\n{BODY}'),
        {"author": ""},
    ),
    "bzd6661": (
        (f'---\ntitle: "渡口夜话"\nauthor: 渡口\ndate: "2026-05-23 11:29:46"\n'
        f'source: "{URL}"\n---\n\n'
        f"# 渡口夜话\n\n{BODY}\n\n---\n\n## Media References\n\n"
        f"- [音频](https://res.wx.qq.com/x)\n"),
        {"author": ""},
    ),
    "bzd6661-quoted": (
        (
            f"# 渡口夜话\n\n> Author: 渡口\n> Date: 2026-05-23 11:29:46\n> Source: {URL}\n\n"
            f"---\n\n{BODY}"
        ),
        {"author": ""},
    ),
    "joplin": (
        ('---\ntitle: "渡口夜话"\nupdated: 2026-05-24 00:33:43Z\ncreated: 2026-05-24 00:33:43Z\n'
        f"source: {URL}\nauthor: 阿青\n---\n\n{BODY}"),
        {"account": "", "date": ""},
    ),
    "joplin-raw": (
        (
            f"渡口夜话\n\n{BODY}\n\nid: 0123\nauthor: 阿青\nsource_url: {URL}\n"
            f"source: joplin-desktop\ntype_: 1"
        ),
        {"account": "", "date": ""},
    ),
    "siyuan": (
        ('---\ntitle: 渡口夜话\ndate: "2026-05-24T08:33:43+08:00"\n'
        'lastmod: "2026-05-24T08:33:43+08:00"\n---\n\n'
        f"# 渡口夜话\n\n> [渡口夜话]({URL})\n>\n> 说明。\n\n{BODY}"),
        {"account": "", "author": "", "date": ""},
    ),
    "exporter": (
        (
            f"# 渡口夜话\n\n原创 阿青 渡口 2026-05-23 11:29 undefined\n\n"
            f"> 原文地址: [{URL}]({URL})\n\n{BODY}"
        ),
        {},
    ),
    "jackwener": (
        (f"# 渡口夜话\n\n> 公众号: 渡口\n> 作者: 阿青\n> 发布时间: 2026-05-23 11:29:46\n"
        f"> 原文链接: {URL}\n\n"
        f"---\n\n{BODY}"),
        {},
    ),
    "qiye45": (
        ("#  渡口夜话\n\n原创  阿青  [ 渡口 ](javascript:void\\(0\\);)\n\n__ _ _ _ _\n\n"
        f"{BODY}\n\n预览时标签不可点\n\n继续滑动看下一个\n\n渡口\n\n"
        f"赞  分享  在看  写留言\n\n向上滑动看下一个\n"),
        {"url": ""},
    ),
    "exporter-page": (
        ("![cover\\_image](https://mmbiz.qpic.cn/c/0)\n\n# 渡口夜话\n\n原创 阿青 [渡口]"
        f"(javascript:void\\(0\\);)\n\n在小说阅读器中沉浸阅读\n\n{BODY}\n\n预览时标签不可点\n\n"
        "微信扫一扫\n"),
        {"url": "", "date": ""},
    ),
    "joplin-page": (
        ('# 渡口夜话\n\n<a id="copyright_logo"></a>Original 阿青 <a id="profileBt"></a>'
        f'<a id="js_name"></a>渡口 *2026-05-23 11:29*\n\n{BODY}'),
        {"url": ""},
    ),
    "notion": (
        (
            f"# 渡口夜话\n\nURL: {URL}\nTags: 公众号\nCreated: May 24, 2026 8:33 AM\n"
            f"Author: 阿青\n\n{BODY}"
        ),
        {"account": "", "date": ""},
    ),
}  # fmt: skip
NAMES = {"qiye45": "20260523渡口夜话.md"}


def _read(text: str, name: str = "渡口夜话.md", known: Link | None = None) -> Adopted:
    return read_export(Document(name=name, content=text.encode(), known=known))


def test_every_producer_of_copies_has_a_look_alike() -> None:
    assert set(DOCUMENTS) == {row.id for row in PRODUCERS if row.form is Form.BODY}


@pytest.mark.parametrize("producer", DOCUMENTS)
def test_what_a_copy_says_is_read_and_nothing_else_is_made_up(producer: str) -> None:
    text, differing = DOCUMENTS[producer]
    read = _read(text, NAMES.get(producer, "渡口夜话.md"))
    assert (read.producer, read.form, read.state) == (producer, Form.BODY, State.OK)
    assert {name: getattr(read, name) for name in SAID} == {**SAID, **differing}


@pytest.mark.parametrize("producer", DOCUMENTS)
def test_a_copy_that_a_program_tidied_says_the_same(producer: str) -> None:
    """Linters part headings by blank lines, leave one space, and emphasise by underlines."""
    text, differing = DOCUMENTS[producer]
    for pattern, by in (
        (r"(?m)^(#{1,6}) {1,}([^\n]*?) *\n+", r"\1 \2\n\n"),
        (r"(?<=\S) {2,}(?=\S)", " "),
        (r"(?<!\*)\*(\d[^*\n]*+)\*(?!\*)", r"_\1_"),
    ):
        text = re.sub(pattern, by, text)
    read = _read(text, NAMES.get(producer, "渡口夜话.md"))
    assert (read.producer, read.form) == (producer, Form.BODY)
    assert {name: getattr(read, name) for name in SAID} == {**SAID, **differing}


@pytest.mark.parametrize("producer", DOCUMENTS)
def test_what_a_tool_put_around_the_text_is_gone_and_the_text_is_whole(producer: str) -> None:
    text, _ = DOCUMENTS[producer]
    assert _read(text, NAMES.get(producer, "渡口夜话.md")).text == BODY


@pytest.mark.parametrize(
    ("text", "producer"),
    [
        (
            (
                f"---\nid: 3\n---\n\n# 渡口夜话\n#Omnivore\n\n[Read on Omnivore](https://o.app/x)\n"
                f"[Read Original]({URL})\n\n## Highlights\n\n> 船六点开。\n"
            ),
            "omnivore",
        ),
        (
            (
                f'---\nid: "7"\ncubox_url: https://cubox.pro/x\nurl: {URL}\n---\n# 渡口夜话\n\n'
                f"摘要。\n"
            ),
            "cubox",
        ),
        (
            (
                "# 渡口夜话\n\n## Metadata\n- Author: [[阿青]]\n- Full Title: 渡口夜话\n"
                f"- Category: #articles\n- URL: {URL}\n\n## Highlights\n- 船六点开。\n"
            ),
            "readwise",
        ),
        (
            (
                "# 渡口夜话\n\n## Metadata\n- Full Title: 渡口夜话\n- Category: #articles\n"
                f"- URL: {URL}\n\n## Full Document\n\n[[Full Document Contents/渡口夜话.md|See "
                "full document content →]]\n\n## Highlights\n- 船六点开。\n"
            ),
            "readwise",
        ),
        *(
            (
                (
                    "# 渡口夜话\n\n## Metadata\n- Full Title: 渡口夜话\n- Category: #articles\n"
                    f"- URL: {URL}\n\n## Full Document\n{told}\n## Highlights\n- 船六点开。\n"
                ),
                "readwise",
            )
            for told in ("", "  [[a|b]]\n", "[See full document content →](a.md)\n")
        ),
        (f"full-title:: 渡口夜话\nurl:: {URL}\n\n- 船六点开。 #Highlight\n", "readwise"),
        (f"---\ntitle: 渡口夜话\ntype: digest\n原始链接: {URL}\n---\n\n船六点开。\n", "note"),
    ],
)
def test_a_note_about_an_article_is_no_body_and_its_link_is_queued(
    text: str, producer: str
) -> None:
    read = _read(text)
    assert (read.producer, read.form, read.text) == (producer, Form.NOTE, "")
    assert [(link.url, link.title) for link in read.links] == [(URL, "渡口夜话")]


def test_the_properties_of_a_notion_page_end_with_their_block() -> None:
    read = _read(
        f"# 渡口夜话\n\nDate/Time: May 24, 2026 8:33 AM\nURL: {URL}\n📅 状态: 已读\n公众号: 渡口\n"
        f"Author: 阿青\n\nStatus: 船\n\n{BODY}"
    )
    assert (read.producer, read.account, read.author) == ("notion", "渡口", "阿青")
    assert read.text.startswith("Status: 船\n\n")


@pytest.mark.parametrize("first", ["编者按：船开了。", "**导语**: 船开了", "- 船: 开了"])
def test_a_text_right_below_the_line_of_its_link_is_no_property(first: str) -> None:
    read = _read(f"# 渡口夜话\n\nURL: {URL}\n{first}\n\n{BODY}")
    assert read.text.startswith(first)


@pytest.mark.parametrize("mark", ["**公众号**", "- 公众号"])
def test_lines_with_marks_above_a_link_are_no_properties_of_notion(mark: str) -> None:
    read = _read(f"# 渡口夜话\n\n{mark}: 渡口\nURL: {URL}\n\n{BODY}")
    assert (read.producer, read.account) == ("unknown", "渡口")


@pytest.mark.parametrize(
    ("quoted", "is_source"),
    [
        (f"[[五月] 渡口[夜话]]({URL})", True),
        (f"[渡口夜话]({URL})", True),
        (f"[旧书](https://example.com/a)里说的，见[另一篇]({URL})", False),
    ],
)
def test_the_source_of_siyuan_is_the_only_link_of_its_quotation(
    quoted: str, *, is_source: bool
) -> None:
    keys = 'title: 渡口\ndate: "2026-05-24T08:33:43+08:00"\nlastmod: "2026-05-24T08:33:43+08:00"'
    adopted = _read(f"---\n{keys}\n---\n\n> {quoted}\n> 引文。\n\n{BODY}")
    assert (adopted.url == URL) is is_source


@pytest.mark.parametrize("above", ['<a name="dnk2I"></a>\n', "<!-- toc -->\n\n"])
@pytest.mark.parametrize(
    "head", [f"# 渡口夜话\n\n> 来源：{URL}\n\n", f"---\ntitle: 渡口夜话\nsource: {URL}\n---\n\n"]
)
def test_markdown_below_an_anchor_or_a_comment_is_a_copy_as_without(above: str, head: str) -> None:
    """Yuque writes an anchor above each heading: with one above all it was taken for HTML."""
    text = f"{head}{BODY}\n"
    below = read_export(Document(name="a.md", content=f"{above}{text}".encode()))
    assert below == read_export(Document(name="a.md", content=text.encode()))
    assert (below.form, below.url, below.title) == (Form.BODY, URL, "渡口夜话")


def test_an_unknown_tool_is_adopted_where_it_names_its_source() -> None:
    read = _read(
        f"# 渡口夜话\n\n> 来源：微信公众号「渡口」，2026-05-23\n> 原文链接：{URL}\n\n{BODY}"
    )
    assert (read.form, read.url, read.account, read.date) == (
        Form.BODY, URL, "渡口", "2026-05-23",
    )  # fmt: skip
    assert read.text == BODY


@pytest.mark.parametrize(
    "producer", sorted(set(DOCUMENTS) - {"wechatmp2markdown", *(row.id for row in WHOLE_PAGES)})
)
def test_a_tools_copy_of_another_site_is_none_of_ours(producer: str) -> None:
    text = DOCUMENTS[producer][0].replace(URL, "https://blog.example.com/posts/1")
    assert (_read(text).form, _read(text).state) == (Form.REFUSE, State.NOT_WECHAT)


def test_a_text_that_only_cites_an_article_is_none() -> None:
    assert _read(f"# 我的笔记\n\n见 {URL} 。\n").form is Form.REFUSE


def test_lost_pictures_make_a_copy_a_part_of_its_article() -> None:
    text, _ = DOCUMENTS["web-clipper"]
    read = _read(text.replace("https://mmbiz.qpic.cn/a/640?wx_fmt=png", "data:image/svg+xml,x"))
    assert (read.state, read.pictures_lost) == (State.TRUNCATED, 1)


def test_a_page_that_was_refused_is_no_copy() -> None:
    read = _read(
        f"Title: Weixin Official Accounts Platform\n\nURL Source: {URL}\n\nMarkdown Content:\n"
        "## 环境异常\n\n当前环境异常，完成验证后即可继续访问。\n\n去验证\n"
    )
    assert (read.state, read.title, read.text) == (State.VERIFICATION, "", "")


def test_what_a_container_says_of_its_document_counts_for_more() -> None:
    known = Link(url=URL, title="渡口夜话", account="渡口", date="2026-05-23")
    read = _read(
        "<p>原创 <span>阿青</span> 2026-05-23 11:29 北京</p><p>船六点开。</p>", known=known
    )
    assert (read.url, read.title, read.author, read.text) == (URL, "渡口夜话", "阿青", "船六点开。")


@pytest.mark.parametrize(
    ("author", "read"),
    [
        ("keeper@lamp.example", ""),
        ("a.b+c@mail.lamp-post.cn", ""),
        ("阿青", "阿青"),
        ("@阿青", "@阿青"),
        ("阿青@渡口", "阿青@渡口"),
        ("阿青 keeper@lamp.example", "阿青 keeper@lamp.example"),
    ],
)
def test_the_address_of_whoever_kept_a_note_is_no_author_of_its_article(
    author: str, read: str
) -> None:
    known = Link(url=URL, title="渡口夜话", author=author)
    for producer in ("evernote", "wallabag"):
        document = Document(
            name="x#1", content=b"<p>\xe8\x88\xb9</p>", known=known, producer=producer
        )
        assert read_export(document).author == read
    text = f"---\ntitle: 渡口夜话\nupdated: 2026-05-23\ncreated: 2026-05-23\nsource: {URL}\n"
    text += f'author: "{author}"\n---\n\n{BODY}\n'
    assert read_export(Document(name="x.md", content=text.encode())).author == read


@pytest.mark.parametrize("content", [b"\0\1\2", b"\xff\xfe\x00\xd8", b"", b"\x80" * 50])
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    assert read_export(Document(name="a.md", content=content)).form is Form.REFUSE


@given(
    st.lists(st.sampled_from([line for text, _ in DOCUMENTS.values() for line in text.split("\n")]))
)
def test_no_mixture_of_their_lines_stops_it(lines: list[str]) -> None:
    read = _read("\n".join(lines))
    assert read.state.has_body or not read.text


@pytest.mark.parametrize(
    "piece",
    [
        "甲  \n",
        "甲\n",
        "![](u) ",
        "<table>",
        "<b>甲</b>",
        f"{URL} ",
        "key: a\n",
        "* 甲\n",
        "题\n==\n\n",
    ],
)
@pytest.mark.parametrize("producer", ["wechatmp2markdown", "qiye45", "web-clipper", "simpread"])
def test_work_grows_with_the_text_whatever_it_repeats(producer: str, piece: str) -> None:
    head = DOCUMENTS[producer][0].removesuffix(BODY)
    assert_linear(lambda times: _read(head + piece * times), 300)


_HARBOUR = "<div><p>雾</p><img src='https://mmbiz.qpic.cn/a/640'></div>"


@pytest.mark.parametrize(
    ("carried", "text", "state"),
    [
        (
            "<p> 是段落，\n用 **星** 不行",
            "\\<p> 是段落，\n\n用 \\*\\*星\\*\\* 不行",
            State.TRUNCATED,
        ),
        ("<p>甲</p> 是段落", r"\<p>甲\</p> 是段落", State.TRUNCATED),
        (_HARBOUR, "雾\n\n![](https://mmbiz.qpic.cn/a/640)", State.OK),
        (f"<p>{'雾' * 33_000}</p><p>灯", f"{'雾' * 33_000}\n\n灯", State.TRUNCATED),
        (
            "# 渡口\n\n**雾**\n\n![](https://mmbiz.qpic.cn/a/640)",
            "**雾**\n\n![](https://mmbiz.qpic.cn/a/640)",
            State.OK,
        ),
    ],
)
def test_a_row_carries_words_alone_unless_they_are_html_or_hold_a_picture(
    carried: str, text: str, state: State
) -> None:
    known = Link(url="https://mp.weixin.qq.com/s/FerryAtNight00000000000", title="渡口")
    document = Document(name="a.xlsx#1", content=carried.encode(), known=known, producer=TEXT)
    adopted = read_export(document)
    assert (adopted.text, adopted.state) == (text, state)


def test_html_that_repeats_its_title_as_a_heading_has_it_once() -> None:
    html = "<h1>渡口 夜话</h1><p>船六点开。</p><h2>渡口夜话</h2>"
    known = Link(url=URL, title="渡口 夜话")
    adopted = read_export(Document(name="a.html", content=html.encode(), known=known))
    assert adopted.text == "船六点开。\n\n### 渡口夜话"
    assert adopted.removed["title:again"] == 1


def test_a_button_in_the_text_of_a_copy_does_not_make_its_lines_those_of_a_byline() -> None:
    body = "渡口的人说：\n\n[关注](javascript:void(0);)\n\n船开了。"
    read = _read(f"---\nsource: {URL}\n---\n\n# 渡口夜话\n\n{body}", "渡口夜话.md")
    assert (read.producer, read.author, read.account) == ("unknown", "", "")
    assert read.text == "渡口的人说：\n\n关注\n\n船开了。"


@pytest.mark.parametrize("line", ["标题：渡口", "日期：2024年", "作者：何晚", "阅读：一遍又一遍"])
def test_lines_behind_those_of_an_unknown_tool_are_the_articles_own(line: str) -> None:
    text = f"# 渡口夜话\n\n> 来源：微信公众号「渡口」\n> 原文链接：{URL}\n\n{line}\n\n船六点开。"
    read = _read(text, "渡口夜话.md")
    assert (read.title, read.text) == ("渡口夜话", f"{line}\n\n船六点开。")
    sentence = f"# 渡口夜话\n\n链接：{URL}\n\n日期：那一天，风大，浪大。\n\n船六点开。"
    assert "风大" in _read(sentence, "渡口夜话.md").text


@pytest.mark.parametrize(
    "lines",
    [
        f"标题：渡口夜话\n作者：何晚\n链接：{URL}",
        f"> 标题：渡口夜话\n>\n> 链接：{URL}",
        f"**作者**：何晚\n\n公众号：渡口\n\n原文链接：{URL}",
        f"> 作者：何晚\n\n链接：{URL}",
        f"> 作者：何晚\n>\n> 来源：公众号「渡口」，早报，头条\n>\n> 链接：{URL}",
    ],
)
def test_lines_that_hold_the_link_are_an_unknown_tools_whatever_else_they_say(lines: str) -> None:
    read = _read(f"# 渡口夜话 - 渡口\n\n{lines}\n\n船六点开。", "a.md")
    assert (read.url, read.text) == (URL, "船六点开。")


@pytest.mark.parametrize(
    "lines", [f"> 作者：何晚\n\n链接：{URL}", f"标题：渡口夜话\n\n> 链接：{URL}"]
)
@pytest.mark.parametrize("line", ["时间：那是早上六点。", "标题：其一", "摘要：风大。浪也大。"])
def test_lines_behind_the_one_that_holds_the_link_are_the_articles_own(
    lines: str, line: str
) -> None:
    assert _read(f"# 渡口夜话\n\n{lines}\n\n{line}\n\n船。", "a.md").text == f"{line}\n\n船。"


def test_a_heading_is_the_articles_own_where_lines_above_the_link_say_another_title() -> None:
    read = _read(f"# 第一节\n\n作者：何晚\n\n标题：渡口夜话\n\n链接：{URL}\n\n船。", "a.md")
    assert (read.title, read.text) == ("渡口夜话", "## 第一节\n\n船。")


@pytest.mark.parametrize("producer", sorted(DOCUMENTS))
@pytest.mark.parametrize(
    "body",
    [
        "作者：何晚\n来源：某县日报\n日期：2019年3月\n\n渡口的船六点开。",
        "## Media References 怎么写\n\n这一段讲的是写作。",
        "预览时标签不可点，是手机上的一句话。\n\n渡口没有标签。",
        "手机上写着：\n\n向上滑动看下一个\n\n渡口的人都照做了。",
        "*2024年的最后一场雪*\n\n渡口的船六点开。",
        f"{'渡口的船开了。' * 3}\n\n" * 12 + "#笔记同步助手\n\n[Read on Omnivore](https://a.cn)",
        "```\n#笔记同步助手\n[Read on Omnivore](https://a.cn)\nfull-title:: 船\n```",
        "手机上写着：\n\n预览时标签不可点\n\n渡口的人都照做了。\n\n他们等船。\n\n船来了。",
        "## Media References\n\n写报道的人要列出处。\n\n列了才算数。",
        "```\n## Media References\n预览时标签不可点\n```\n\n渡口的船六点开。",
        "该内容已被发布者删除\n\n阿青看到这行字，愣了很久。",
    ],
)
def test_an_article_that_speaks_like_a_tool_or_a_page_is_whole(producer: str, body: str) -> None:
    text = DOCUMENTS[producer][0].replace(BODY, body)
    read = _read(text, NAMES.get(producer, "渡口夜话.md"))
    assert read.state is State.OK
    assert "".join(read.text.split()) == "".join(body.split())


@pytest.mark.parametrize(
    "end",
    [
        "- 船六点开。\n- 灯亮到天明。",
        "- Note: 船六点开。\n- Tags: 灯亮到天明。",
        "船六点开。\n\n## New highlights added to the museum\n\n- Note: 灯亮到天明。",
    ],
)
def test_highlights_that_the_article_itself_ends_in_are_its_own(end: str) -> None:
    own = f"{BODY}\n\n## Highlights\n\n{end}"
    text = DOCUMENTS["readwise"][0].replace(BODY, own)
    for one in (text, text[: text.index("\n## Highlights\n- 船六点开。 (")]):
        assert _read(one).text == own
    # marks that came later stand behind it without a heading of their own
    marks = "\n- 灯。 ([View Highlight](https://read.readwise.io/read/01j))" * 3
    later = f"{text[: text.index(end) + len(end)]}\n\n## New highlights added May 24, 2026{marks}"
    assert _read(later).text.startswith(own)


@pytest.mark.parametrize("producer", sorted(set(DOCUMENTS) - {"qiye45"}))
def test_a_first_heading_that_is_not_the_title_is_the_articles(producer: str) -> None:
    text = DOCUMENTS[producer][0].replace(BODY, f"# 第一章\n\n{BODY}")
    read = _read(text, NAMES.get(producer, "渡口夜话.md"))
    assert read.title == "渡口夜话"
    assert read.text.startswith("## 第一章\n\n渡口的船")


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (f"> 原文：[渡口夜话]({URL}) | 渡口 | 2026-05-24", "渡口夜话"),
        (f"> 原文链接：[**渡口夜话**]({URL})", "渡口夜话"),
        (f"> 原文：[阅读原文]({URL})", ""),
        (f"> 原文：[👉 请在微信中打开]({URL})", ""),
        (f"> 原文链接：[点击查看]({URL})", ""),
        (f"> 原文：[View original]({URL})", ""),
        (f"> 原文：[阅读的人]({URL})", "阅读的人"),
        (f"> 原文链接：[{URL}]({URL})", ""),
        (f"> 来源：[渡口]({URL})", ""),
        (f"标题：灯塔\n原文链接：[渡口夜话]({URL})", "灯塔"),
    ],
)
def test_the_words_of_the_link_to_the_source_are_the_title_where_nothing_else_says_one(
    lines: str, title: str
) -> None:
    read = _read(f"{lines}\n\n{BODY}")
    assert (read.url, read.title) == (URL, title)


def test_front_matter_in_toml_is_read_as_any_other() -> None:
    keys = f'title = "渡口\\"夜话\\""\nsource = \'{URL}\'\ndate = 2026-05-24\ntags = ["a"]'
    read = _read(f'+++\n{keys}\n\n[params]\n  author = "阿青"\n+++\n\n{BODY}')
    assert (read.form, read.url, read.title) == (Form.BODY, URL, '渡口"夜话"')
    assert (read.author, read.date) == ("阿青", "")
    assert read.text.startswith("渡口的船")
    words = "一句，没有键。" * 40
    assert words in _read(f"+++\n{words}\n+++\n\n原文链接：{URL}\n").text


@pytest.mark.parametrize("unit", ["\\_", "\\[", "["])
def test_a_link_to_the_source_that_never_ends_is_none_however_much_is_escaped_in_it(
    unit: str,
) -> None:
    read = _read(f"> 原文链接：[{unit * 5_000} {URL}\n\n{BODY}")
    assert read.text == BODY


_OTHER = URL.replace("AbC", "Xyz")
_PROSE = "船六点开，人都在岸上等。" * 20


@pytest.mark.parametrize(
    "other",
    [f"上一篇《[灯塔]({_OTHER})》说过。", f"往期推荐：\n\n[灯塔]({_OTHER})", f"见 {_OTHER}"],
)
def test_a_text_that_links_to_others_is_the_one_that_its_last_line_names(other: str) -> None:
    read = _read(f"# 渡口夜话\n\n{_PROSE}\n\n{other}\n\n原文链接：{URL}\n")
    assert (read.form, read.url, read.title) == (Form.BODY, URL, "渡口夜话")
    assert (_OTHER in read.text, "原文链接" in read.text) == (True, False)


@pytest.mark.parametrize(
    "digest",
    [
        f"# 今日\n\n{_PROSE}\n\n原文链接：{_OTHER}\n\n## 二\n\n{_PROSE}",
        f"# 今日\n\n{_PROSE}\n\n链接: {_OTHER}\n\n## 二\n\n{_PROSE}",
        f"# 今日\n\n{_PROSE}\n\n[阅读原文]({_OTHER})\n\n## 二\n\n{_PROSE}",
        f"# 今日\n\n- [灯塔]({_OTHER})\n- 渡口",
    ],
)
def test_a_digest_or_a_list_whose_last_line_names_a_source_is_no_copy_of_it(digest: str) -> None:
    assert _read(f"{digest}\n\n原文链接：{URL}\n").form is Form.REFUSE


@pytest.mark.parametrize(
    ("heading", "kept"),
    [
        ("渡口夜话的人们，还在岸上等船", "## 渡口夜话的人们，还在岸上等船\n\n"),
        ("渡口夜话 - 第一章 - 等船", "## 渡口夜话 - 第一章 - 等船\n\n"),
        ("渡口夜话 | 渡口", ""),
        ("**渡口夜话**", ""),
        ("夜话", ""),
        (f"[渡口夜话]({URL})", ""),
        (f"[渡口夜话 | 渡口]({URL})", ""),
        ('<a id="渡"></a>渡口夜话<br>', ""),
        ("渡口夜话 {#activity-name .rich_media_title}", ""),
        ("渡口夜话&nbsp;", ""),
        ("渡口夜话 ^a1b2c3", ""),
        ("渡口夜话 ![](https://a.example/b.png)", "## 渡口夜话 ![](https://a.example/b.png)\n\n"),
    ],
)
def test_a_first_heading_that_begins_with_the_title_and_goes_on_is_the_articles(
    heading: str, kept: str
) -> None:
    read = _read(f"---\ntitle: 渡口夜话\nsource: {URL}\n---\n\n# {heading}\n\n船六点开。", "a.md")
    assert (read.title, read.text) == ("渡口夜话", f"{kept}船六点开。")


def test_a_copy_of_which_a_few_bytes_are_damaged_is_read_as_a_part() -> None:
    said = f"---\nsource: {URL}\n---\n\n# 渡口夜话\n\n{BODY}\n\n{'船六点开，人都在岸上等。' * 9}"
    text = said.encode()
    at = text.index("船六点".encode())
    read = read_export(Document(name="a.md", content=text[:at] + b"\xfe" + text[at + 1 :]))
    assert (read.state, read.text.count("\ufffd") > 0) == (State.TRUNCATED, True)
    assert read.text.endswith("人都在岸上等。")


@pytest.mark.parametrize("missing", [1, 2])
def test_a_copy_that_was_cut_within_a_letter_is_a_part_without_it(missing: int) -> None:
    text = f"---\nsource: {URL}\n---\n\n# 渡口夜话\n\n{'船六点开，人都在岸上等。' * 9}天明".encode()
    read = read_export(Document(name="a.md", content=text[:-missing]))
    assert (read.state, read.text[-3:]) == (State.TRUNCATED, "等。天")


@pytest.mark.parametrize(("text", "producer"), [("<p>{}天明", ""), ("{}天明", "text")])
def test_html_and_plain_text_that_were_cut_within_a_letter_are_parts_without_it(
    text: str, producer: str
) -> None:
    content = text.format("船六点开，人都在岸上等。" * 9).encode()[:-1]
    read = read_export(Document(name="a", content=content, known=Link(url=URL), producer=producer))
    assert (read.state, read.text[-3:]) == (State.TRUNCATED, "等。天")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_sign_of_a_lost_letter_that_a_copy_holds_itself_makes_it_no_part(encoding: str) -> None:
    text = f"---\nsource: {URL}\n---\n\n# 渡口夜话\n\n船\ufffd点开。"
    assert read_export(Document(name="a.md", content=text.encode(encoding))).state is State.OK


@pytest.mark.parametrize(
    "first",
    [
        "文｜阿青",
        "<em>导语</em>",
        "<iframe src='https://v.qq.com/x'></iframe>",
        "<style>p{}</style>",
    ],
)
def test_what_a_container_holds_is_html_whatever_it_begins_with(first: str) -> None:
    html = f"{first}<p>渡口的船</p><div>六点*开*。</div>"
    document = Document(name="a", content=html.encode(), known=Link(url=URL), producer="feed")
    adopted = read_export(document)
    assert adopted.text.endswith("渡口的船\n\n六点\\*开\\*。")
    assert adopted.producer == "feed"


@pytest.mark.parametrize("state", CUT)
def test_a_part_of_an_article_in_a_feed_of_ours_is_a_part_when_it_is_read(state: State) -> None:
    """As a whole text it took the place of a part, and its rest was asked for no more."""
    html = render_xhtml(with_cut_mark("渡口的船\n\n六点开。\n", state), str)
    document = Document(name="a", content=html.encode(), known=Link(url=URL), producer="feed")
    adopted = read_export(document)
    assert (adopted.state, adopted.text.strip()) == (state, "渡口的船\n\n六点开。")
    whole = html.replace(CUT[state][2:], "本文到此为止")
    assert read_export(replace(document, content=whole.encode())).state is State.OK
    quoted = read_export(replace(document, content=f"{html}<p>雾散了。</p>".encode()))
    assert (quoted.state, quoted.text[-4:]) == (State.OK, "雾散了。")


@pytest.mark.parametrize(
    "note",
    [
        f"---\nsource: {URL}\ntags: [待读]\n---\n转发给法务看看，周五前回复。\n",
        f"原文链接：{URL}\n备注：下周汇报用\n",
        f"- url: {URL}\n  cookie: wap_sid2=5ecret\n  key: 5ecret\n",
        f"原文链接：{URL}\n\n# AI 总结\n\n船六点开。\n",
        f"原文链接：{URL}\n\n# 速查表\n\n{'船六点开，灯塔照常亮起。' * 20}\n",
    ],
)
def test_a_remark_beside_a_link_is_no_articles_text(note: str) -> None:
    read = _read(note)
    assert (read.form, read.text, [link.url for link in read.links]) == (Form.NOTE, "", [URL])


@pytest.mark.parametrize("beside", ["", "渡轮记事第一百回\n", "- 渡轮记事 "])
@pytest.mark.parametrize("count", [1, 20])
def test_a_list_whose_first_line_says_source_is_no_text_of_that_one(
    beside: str, count: int
) -> None:
    listed = "".join(f"{beside}{URL}&n={number}\n" for number in range(count))
    read = _read(f"原文链接：{URL}\n{listed}")
    assert (read.form, read.state) == (Form.REFUSE, State.NOT_WECHAT)
    text = f"原文链接：{URL}\n{listed}{'船六点开，灯塔照常亮起。' * 20}\n"
    assert "船六点开" in _read(text).text


def test_a_text_of_short_paragraphs_each_with_a_link_is_no_list() -> None:
    paragraph = f"{'渡口的船六点开' * 12}！\n\n{URL}x\n\n"
    document = Document(name="a.md", content=f"---\nurl: {URL}\n---\n{paragraph * 9}".encode())
    assert "渡口的船" in read_export(document).text


@pytest.mark.parametrize(
    "copy",
    [
        f"---\ntitle: 渡口\nsource: {URL}\n---\n船六点开。\n",
        f"原文链接：{URL}\n\n# 渡口\n\n船六点开。\n",
        f"原文链接：{URL}\n\n船六点开。\n\n![](https://mmbiz.qpic.cn/a/0)\n",
        f"原文链接：{URL}\n\n{'船六点开，灯塔照常亮起。' * 20}\n",
    ],
)
def test_a_short_copy_with_a_title_or_a_picture_and_any_long_one_is(copy: str) -> None:
    read = _read(copy)
    assert (read.form, "船六点开" in read.text) == (Form.BODY, True)


@pytest.mark.parametrize(
    ("head", "title", "text"),
    [
        (f"原文链接：{URL}\n\n# 渡口\n\n", "渡口", "船"),  # as this tool advises to write it
        (f"> **原文链接**: {URL}\n# 渡口\n", "渡口", "船"),
        (f"标题：渡口\n原文链接：{URL}\n\n# 渡口\n\n", "渡口", "船"),
        (f"标题：渡口\n原文链接：{URL}\n\n# 一、船\n\n", "渡口", "## 一、船"),
        (f"原文链接：[渡口]({URL})\n\n# 一、船\n\n", "渡口", "## 一、船"),
        (f"原文链接：{URL}\n\n# ![](https://mmbiz.qpic.cn/a/0)\n\n", "", "![](https://mmbiz"),
        (f"# ![](https://mmbiz.qpic.cn/a/0)\n\n原文链接：{URL}\n\n", "", "![](https://mmbiz"),
        (f"渡口\n====\n\n> 原文链接: {URL}\n\n", "渡口", "船"),  # as Turndown writes one
        (f"原文链接：{URL}\n\n渡口\n====\n", "渡口", "船"),
        (f"标题：渡口\n原文链接：{URL}\n\n```\n===\n```\n\n", "渡口", "```\n===\n```"),
        (f"标题：渡口\n原文链接：{URL}\n\n~~~\n===\n~~~\n\n", "渡口", "~~~\n===\n~~~"),
        (f"标题：渡口\n原文链接：{URL}\n\n一、船\n===\n\n", "渡口", "## 一、船"),
        (f"一、船\n===\n\n标题：渡口\n原文链接：{URL}\n\n", "渡口", "## 一、船"),
        (f"# [**渡口\\_夜**]({URL})\n\n原文链接：{URL}\n\n", "渡口_夜", "船"),
        (f"# **甲**与**乙**\n\n原文链接：{URL}\n\n", "**甲**与**乙**", "船"),
        (f"# __渡口_1__\n\n原文链接：{URL}\n\n", "渡口_1", "船"),
        (f"原文链接：{URL}\n公众号：江畔\n\n# 一、船\n\n", "", "## 一、船"),
        (f"原文链接：{URL}\n公众号：江畔\n\n# 01 船\n\n", "", "## 01 船"),
        (f"原文链接：{URL}\n公众号：江畔\n\n# **编者按：**\n\n", "", "## **编者按：**"),
        (f"原文链接：{URL}\n公众号：江畔\n\n# ① 船\n\n", "", "## ① 船"),
        (f"原文链接：{URL}\n公众号：江畔\n\n# 序曲\n\n", "序曲", "船"),
        (f"原文链接：{URL}\n公众号：江畔\n\n# 1.5 亿艘船\n\n", "1.5 亿艘船", "船"),
        (f"原文链接：{URL}\n公众号：江畔\n\n# 00后的船\n\n", "00后的船", "船"),
        (f"原文链接：{URL}\n公众号：江畔\n\n# 一艘船\n\n", "一艘船", "船"),
        (f"# [甲](https://a.b/c)\n\n原文链接：{URL}\n\n", "[甲](https://a.b/c)", "船"),
    ],
)
def test_a_heading_below_the_lines_of_the_source_is_the_title(
    head: str, title: str, text: str
) -> None:
    read = _read(f"{head}{'船六点开，灯塔照常亮起。' * 20}\n")
    assert (read.title, read.text[: len(text)]) == (title, text)


@pytest.mark.parametrize(
    ("key", "form", "title"),
    [
        ("标题：渡口夜话", Form.BODY, "渡口夜话"),
        ("**Title:** 渡口", Form.REFUSE, ""),
        ("公众号：江畔", Form.REFUSE, ""),
    ],
)
def test_a_key_that_is_underlined_is_no_part_of_a_title(key: str, form: Form, title: str) -> None:
    read = _read(f"{key}\n{'=' * 20}\n原文链接：{URL}\n\n{BODY}")
    assert (read.form, read.title) == (form, title)


def test_what_a_container_holds_without_a_block_of_html_is_markdown() -> None:
    document = Document(
        name="a", content="渡口\n\n**六点**<br>开".encode(), known=Link(url=URL), producer="feed"
    )
    assert read_export(document).text.startswith("渡口\n\n**六点**")
    known = Link(url=URL, title="渡口")
    assert _read("# 渡口\n\n船", known=known).text == "船"
    assert _read("# 一、船期\n\n船", known=known).text == "## 一、船期\n\n船"


@pytest.mark.parametrize(
    "said",
    [
        "获取全文失败，请重试~",
        "<p>获取全文失败，请重试~</p>",
        "None",
        "DELETED",
        (
            "wallabag can&#039;t retrieve contents for this article. Please <a"
            ' href="https://doc.wallabag.org/en/user/x.html">troubleshoot this issue</a>.'
        ),
        "<p>Your link is being saved...</p>",
    ],
)
def test_what_a_tool_says_of_its_failure_is_no_articles_text(said: str) -> None:
    document = Document(name="a", content=said.encode(), known=Link(url=URL), producer="feed")
    adopted = read_export(document)
    assert (adopted.state, adopted.text) == (State.HOLLOW, "")


_ABOVE = "<p>预览时标签不可点</p><p>微信扫一扫<br>关注该公众号</p><p>取消 允许</p>"


@pytest.mark.parametrize(
    "labels", [HOLLOW, IN_A_LINE, f"<p>{IN_A_LINE}</p>", f"{_ABOVE}<p>{IN_A_LINE}</p>"]
)
def test_the_labels_of_a_page_alone_are_no_copy_of_its_article(labels: str) -> None:
    document = Document(name="a", content=labels.encode(), known=Link(url=URL), producer="feed")
    adopted = read_export(document)
    assert (adopted.state, adopted.text) == (State.HOLLOW, "")


def test_the_labels_of_a_page_below_a_text_take_nothing_of_it() -> None:
    text = f"{BODY}\n\n{IN_A_LINE}"
    document = Document(name="a", content=text.encode(), known=Link(url=URL), producer="feed")
    adopted = read_export(document)
    assert (adopted.state, adopted.text.startswith("渡口的船六点开。")) == (State.OK, True)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("操作过于频繁，请稍后再试。", State.RATE_LIMITED),
        ("根据作者隐私设置，无法查看该内容\n\n看作者其他内容", State.PRIVATE),
        ("Unable to view this content because it violates regulation", State.VIOLATION),
        ("此内容发送失败无法查看\n\n此内容因涉嫌违反相关法律法规和政策发送失败", State.SEND_FAILED),
    ],
)
def test_what_a_tool_was_shown_in_place_of_an_article_is_no_text_of_it(
    said: str, state: State
) -> None:
    for text in (said, f"{said}\n\n{IN_A_LINE}"):
        document = Document(name="a", content=text.encode(), known=Link(url=URL), producer="feed")
        adopted = read_export(document)
        assert (adopted.state, adopted.text) == (state, "")


def test_a_note_that_joplin_keeps_as_html_is_read_as_html() -> None:
    html = (
        "<h1>渡口夜话</h1><p>船六点开。</p><p>a &lt; b，*星*。</p><ul><li>票</li><li>船</li></ul>"
    )
    keys = f"id: 0123\nsource_url: {URL}\nmarkup_language: 2\ntype_: 1"
    read = _read(f"渡口夜话\n\n{html}\n\n{keys}")
    assert (read.producer, read.title) == ("joplin-raw", "渡口夜话")
    assert read.text == "船六点开。\n\na < b，\\*星\\*。\n\n- 票\n- 船"


def test_a_note_of_joplins_without_elements_is_no_html_whatever_it_says() -> None:
    keys = f"id: 0123\nsource_url: {URL}\nmarkup_language: 2\ntype_: 1"
    assert _read(f"渡口夜话\n\n{BODY}\n\n{keys}").text == BODY


_STYLE = "渡口夜话 \\* { margin: 0; } .\\_\\_page\\_content\\_\\_ { padding: 0; }\n\n"
_BAR = (
    "![](http://mmbiz.qpic.cn/b/0) 渡口\n\n ![](data:image/svg+xml,%3Cg a='b(0 -2.3)'%3E) 阅读"
    "![](data:image/svg+xml,%3Csvg%3E) 赞 ![](data:image/svg+xml,%3Csvg%3E) "
)


@pytest.mark.parametrize("title", ["# 渡口夜话", "渡口夜话\n====", f"     {_STYLE}渡口夜话\n===="])
@pytest.mark.parametrize("byline", ["原创 阿青 渡口", "阿青 渡口"])
@pytest.mark.parametrize("bar", ["", f"\n\n{_BAR}留言", f"\n\n{_BAR}12"])
@pytest.mark.parametrize("front", ["", "---\ndate: 2020-01-01\n---\n"])
def test_every_version_of_the_exporter_is_known(
    title: str, byline: str, bar: str, front: str
) -> None:
    head = f"{title}\n\n{byline} 2026-05-23 11:29 北京\n\n> 原文地址: [{URL}]({URL})\n\n"
    read = _read(front + head + BODY + bar)
    assert (read.producer, read.state, read.text) == ("exporter", State.OK, BODY)
    assert {name: getattr(read, name) for name in SAID} == SAID


@pytest.mark.parametrize("author", ["文：阿青", "作者：阿青", "图:阿青"])
def test_an_author_who_signs_with_a_colon_costs_the_exporter_no_article(author: str) -> None:
    byline = f"原创 {author} 渡口 2026-05-23 11:29 北京"
    read = _read(f"# 甲\n\n{byline}\n\n> 原文地址: [{URL}]({URL})\n\n{BODY}")
    assert (read.producer, read.author, read.account) == ("exporter", author, "渡口")
    assert (read.url, read.text) == (URL, BODY)


@pytest.mark.parametrize(
    "line",
    [
        "这篇发于 2026-05-23 的文章，我读了。",
        "渡口 2026-05-23 11:29，我读了。",
        "收藏于 2026-05-23",
        "摘自 2026-05-23 的文章",
    ],
)
def test_a_persons_line_with_a_day_above_a_source_is_no_byline_of_the_exporter(line: str) -> None:
    read = _read(f"# 甲\n\n{line}\n\n> 原文地址: [{URL}]({URL})\n\n{BODY}")
    assert (read.form, read.text) == (Form.REFUSE, "")


def test_an_account_with_a_space_that_is_its_own_author_is_one_name() -> None:
    byline = "原创 渡口 夜话 渡口 夜话 2026-05-23 11:29 北京"
    read = _read(f"# 甲\n\n{byline}\n\n> 原文地址: [{URL}]({URL})\n\n{BODY}")
    assert (read.account, read.author) == ("渡口 夜话", "渡口 夜话")


def test_what_the_exporter_writes_for_no_title_is_none() -> None:
    byline = "原创 渡口 2026-05-23 11:29 北京"
    read = _read(f"# (无标题)\n\n{byline}\n\n> 原文地址: [{URL}]({URL})\n\n{BODY}")
    assert (read.producer, read.title, read.text) == ("exporter", "", BODY)


_SIMPREAD = (
    "> 本文由 [简悦 SimpRead](http://ksria.com/simpread/) 转码， 原文地址 [mp.weixin.qq.com]"
)


@pytest.mark.parametrize("above", ["---\ntitle: 渡口夜话\n---\n", "# 渡口夜话\n\n", "\n"])
@pytest.mark.parametrize("line", [_SIMPREAD, re.sub(r"[>\[\]]", r"\\\g<0>", _SIMPREAD)])
def test_what_simpread_wrote_is_known_below_what_a_person_put_above_it(
    above: str, line: str
) -> None:
    read = _read(f"{above}{line}({URL})\n\n{BODY}")
    assert (read.producer, read.url, read.title, read.text) == ("simpread", URL, "渡口夜话", BODY)


def test_a_long_text_in_a_note_of_a_tool_is_told_and_no_quotation() -> None:
    front = f"---\nid: 7\ncubox_url: https://cubox.pro/x\nurl: {URL}\n---\n# 渡口夜话\n\n"
    words = "渡口的船六点开。" * 40
    marked = (f"> {words}", f"- {words}", f"- 船。\n\n    {words}\n  {words}")
    for text, is_told in ((words, True), *((text, False) for text in marked)):
        note = read_export(Document(name="a.md", content=(front + f"{text}\n\n" * 9).encode()))
        assert note.form is Form.NOTE
        assert ("its text was left" in note.left_out) is is_told


def test_the_text_that_cubox_keeps_below_an_escaped_heading_is_the_articles() -> None:
    front = f'---\nid: "7"\ncubox_url: https://cubox.pro/x\nurl: {URL}\n---\n# 渡口夜话\n\n'
    head = f"\\## 📖 正文全文\n\n# 渡口夜话\n\n[mp.weixin.qq.com]({URL})阿青 渡口\n\n"
    read = _read(f"{front}---\n\n{head}{BODY}")
    assert (read.form, read.account, read.text) == (Form.BODY, "渡口", BODY)


@pytest.mark.parametrize(
    ("byline", "account", "published_at"),
    [
        ("阿青 渡口 *Sep 23, 2026, 12:37 PM*", "渡口", "2026-09-23T12:37:00+08:00"),
        ("Original 阿青 *May 3, 2026, 8:30 AM* *北京*", "", "2026-05-03T08:30:00+08:00"),
        ("原创 阿青 渡口 夜话 *2026年5月23日 11:29*", "渡口 夜话", "2026-05-23T11:29:00+08:00"),
        ("阿青青 *2026年5月23日 11:29*", "", "2026-05-23T11:29:00+08:00"),
        ("阿青 渡_口 _2026年5月23日 11:29_ _北京_", "渡_口", "2026-05-23T11:29:00+08:00"),
        (
            "阿青 [渡口](javascript:void\\(0\\);) *2026年5月23日 11:29*",
            "渡口",
            "2026-05-23T11:29:00+08:00",
        ),
        (
            "阿青 渡口 在小说阅读器读本章 *2026年5月23日 11:29*",
            "",
            "2026-05-23T11:29:00+08:00",
        ),
    ],
)
def test_the_byline_that_the_clipper_keeps_tells_the_account_and_the_moment(
    byline: str, account: str, published_at: str
) -> None:
    keys = f'title: "渡口夜话"\nsource: "{URL}"\nauthor:\n  - "[[阿青]]"\npublished:\n'
    keys += "created: 2026-06-05\ndescription: x\ntags:\n  - clippings\n"
    read = _read(f"---\n{keys}---\n{byline}\n\n{BODY}")
    assert (read.account, read.author, read.published_at) == (account, "阿青", published_at)
    assert read.text == BODY


@pytest.mark.parametrize(
    ("byline", "author", "account"),
    [
        ("渡口 *2026年5月23日 11:29* *北京*", "", "渡口"),
        ("原创 阿青 渡口 *2026年5月23日 11:29*", "阿青", "渡口"),
        ("[渡口](javascript:void\\(0\\);) *2026年5月23日 11:29*", "", "渡口"),
        ("原创 阿青 [渡口](javascript:void\\(0\\);) *2026年5月23日 11:29*", "阿青", "渡口"),
    ],
)
def test_no_name_of_the_clippers_byline_is_lost_where_nothing_else_tells_it(
    byline: str, author: str, account: str
) -> None:
    keys = f'title: "渡口夜话"\nsource: "{URL}"\nauthor:\npublished:\n'
    keys += "created: 2026-06-05\ndescription: x\ntags:\n  - clippings\n"
    read = _read(f"---\n{keys}---\n{byline}\n\n{BODY}")
    assert (read.author, read.account, read.text) == (author, account, BODY)
    said = "记者从港务局获悉，渡轮恢复通航的日子是 *2026年5月23日*"
    read = _read(f"---\n{keys}---\n{said}\n\n{BODY}")
    assert (read.text, read.date) == (f"{said}\n\n{BODY}", "")


def test_an_author_whose_name_has_a_space_is_not_split_by_omnivore() -> None:
    front = "---\nid: 3\ntitle: |\n  渡口夜话\n---\n\n# 渡口夜话\n#Omnivore\n\n"
    links = f"[Read on Omnivore](https://omnivore.app/me/x)\n[Read Original]({URL})\n\n"
    read = _read(
        f"{front}{links}# Full Content: \n\n原创 A Qing  渡口 _2026-05-23 11:29_\n\n{BODY}"
    )
    assert (read.account, read.author) == ("渡口", "A Qing")


@pytest.mark.parametrize(
    ("byline", "account"),
    [("原创 A Qing 渡口 夜话 _{}_ _北京_", "渡口 夜话"), ("渡口 *{}* *北京*", "渡口"),
     ("A Qing  A Qing 渡口 _{}_", "A Qing 渡口")],
)  # fmt: skip
def test_a_note_of_omnivore_that_a_program_tidied_tells_the_account(
    byline: str, account: str
) -> None:
    front = (
        "---\nid: 3\ntitle: |\n  渡口夜话\nauthor: |\n  A Qing\n---\n\n# 渡口夜话\n#Omnivore\n\n"
    )
    links = f"[Read on Omnivore](https://omnivore.app/me/x)\n[Read Original]({URL})\n\n"
    said = byline.format("2026-05-23 11:29")
    read = _read(f"{front}{links}# Full Content:\n\n{said}\n\n{BODY}")
    assert (read.account, read.author, read.text) == (account, "A Qing", BODY)
    assert read.published_at == "2026-05-23T11:29:00+08:00"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("是否已读：否", "truncated"),
        ("Status: unread\nPriority: high", "truncated"),
        ("- [ ] 读完", "truncated"),
        ("#渡口 #待读", "truncated"),
        ("待读", "truncated"),
        ("备注：船六点开，人都到齐了，灯还亮着。", "ok"),
        ("船六点开，人都到齐了，灯塔还亮着。", "ok"),
        (f"备注：好\n\n{BODY}", "ok"),
    ],
)
def test_lines_of_keys_alone_are_no_whole_text_of_an_article(text: str, state: str) -> None:
    head = f"标题：渡口夜话\n公众号：江畔\n日期：2024-01-02\n链接：{URL}\n"
    read = _read(head + text)
    assert (read.state, read.title, read.text) == (state, "渡口夜话", text)


@pytest.mark.parametrize("other", ["{0} {1}", "{0}, {1}", "{0}、{1}", "[{0}, {1}]"])
@pytest.mark.parametrize("form", ["链接：{0}\n", "---\ntitle: 渡口\nurl: {0}\n---\n{1}"])
@pytest.mark.parametrize("text", ["", BODY])
def test_links_to_other_articles_in_a_key_are_told(other: str, form: str, text: str) -> None:
    links = other.format(URL, "https://mp.weixin.qq.com/s/Kk000000000000000000ab")
    read = _read(form.format(links, text))
    assert read.form is Form.LIST or "1 link of its file" in read.left_out


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("[2025-12-20225424]甲.md", "2025-12-20"),
        ("2025-12-20_甲.md", "2025-12-20"),
        ("[202512202254]甲.md", "2025-12-20"),
        ("2025-12-2022甲.md", ""),
    ],
)
def test_the_day_that_begins_a_files_name_is_read_in_every_form(name: str, date: str) -> None:
    assert _read(DOCUMENTS["qiye45"][0], name).date == date


@pytest.mark.parametrize(
    "title", ["2024年度盘点", "1024程序员节", "12306：指南", "2月", "5.20", "甲"]
)
@pytest.mark.parametrize(("stamp", "time"), [("20250108", ""), ("[202501081130]", "11:30")])
def test_digits_of_a_title_are_no_part_of_the_day_before_it(
    title: str, stamp: str, time: str
) -> None:
    text = DOCUMENTS["qiye45"][0].replace("渡口夜话", title)
    read = _read(text, f"{stamp}{title.replace('：', '')}.md")
    assert read.title == title
    assert (read.date, read.published_at[11:16]) == ("2025-01-08", time)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("<p>船六点开，灯还亮着...</p>", State.TRUNCATED),
        (f'<p>船六点开。</p><p><a href="{URL}">阅读全文</a></p>', State.TRUNCATED),
        ("<p>渡口</p>", State.TRUNCATED),
        ("<p>抓取全文失败</p>", State.HOLLOW),
        ("<p>船六点开，灯还亮着。</p>", State.OK),
        (f"<p>{'船六点开，灯还亮着。' * 30}……</p>", State.OK),
        ("<div id='js_content'><p>船六点开……</p></div>", State.OK),
    ],
)
def test_few_words_in_a_feed_that_go_on_elsewhere_are_a_part(text: str, state: State) -> None:
    known = Link(url=URL, title="渡口")
    document = Document(name="a.xml#1", content=text.encode(), known=known, producer="feed")
    assert read_export(document).state is state


@pytest.mark.parametrize("mark", ["", "原创 "])
def test_a_byline_that_names_the_author_on_a_line_of_its_own_first_is_one(mark: str) -> None:
    byline = f"{mark}阿青\n                    阿青  渡口   2026-05-23 11:29  "
    text = f"#  渡口夜话  \n{byline}\n  \n{BODY}"
    adopted = read_export(Document(name="x.md", content=text.encode()))
    assert (adopted.producer, adopted.title) == ("wechatmp2markdown", "渡口夜话")
    assert (adopted.account, adopted.author, adopted.date) == ("渡口", "阿青", "2026-05-23")
    assert "阿青" not in adopted.text


_LABELS_OF_PAGE = "视频 小程序 赞 ，轻点两下取消赞 在看 ，轻点两下取消在看 分享 留言 收藏 听过"
_TAIL_OF_PAGE = f"向上滑动看下一个\n\n微信扫一扫  \n使用小程序\n\n： ， ， 。 {_LABELS_OF_PAGE}\n"


@pytest.mark.parametrize(
    ("above", "state"),
    [
        ("渡口夜话社\n\n", State.HOLLOW),
        ("在小说阅读器读本章\n\n去阅读\n\n渡口夜话社\n\n", State.HOLLOW),
        ("", State.HOLLOW),
        ("渡口今天不开。\n\n", State.OK),
        ("渡口今天不开\n\n渡口夜话社\n\n", State.OK),
        ("![](https://mmbiz.qpic.cn/a/640)\n\n", State.OK),
    ],
)
def test_a_pages_tail_alone_is_no_text_whose_account_stands_above_it(
    above: str, state: State
) -> None:
    """Defuddle gives no more of a post whose text is in a script."""
    head = f"---\ntitle: 渡口夜话\nsource: {URL}\n---\n\n"
    read = _read(head + above + _TAIL_OF_PAGE)
    assert (read.form, read.state) == (Form.BODY, state)
    assert bool(read.text) == (state is State.OK)


@pytest.mark.parametrize("producer", ["note-sync", "note-sync-tagged"])
@pytest.mark.parametrize(
    ("text", "state"),
    [("该内容已被发布者删除", State.DELETED), ("", State.HOLLOW), (BODY, State.OK)],
)
def test_a_line_that_a_tool_writes_below_every_text_hides_no_notice(
    producer: str, text: str, state: State
) -> None:
    line = (
        "内容效果不满意？[点此反馈](https://feedback.notebooksyncer.com/feedback/0?u=a&s=obsidian)"
    )
    read = _read(DOCUMENTS[producer][0].replace(BODY, f"{text}\n\n---\n\n{line}\n"))
    assert (read.state, read.text) == (state, BODY if state is State.OK else "")
    assert not read.left_out


_TAIL_OF_POST = (
    "知道了\n\n微信扫一扫  \n使用小程序\n\n[取消](javascript:void(0);) [允许](javascript:void(0);)"
)


@pytest.mark.parametrize(
    ("above", "state"),
    [
        ("渡口\n", State.HOLLOW),
        ("轻触阅读原文\n\n渡口\n", State.HOLLOW),
        ("渡口\n\n渡口夜话\n\n,\n,\n\n写留言\n\n关注\n\n渡口\n", State.HOLLOW),
        ("船六点开。\n\n渡口\n", State.OK),
        ("今晚八点，渡口见~\n", State.OK),
        ("![](https://mmbiz.qpic.cn/a/640)\n\n渡口\n", State.OK),
    ],
)
def test_what_a_served_page_says_around_a_post_that_scripts_fill_in_is_no_text(
    above: str, state: State
) -> None:
    text = (
        f"---\ntitle: 渡口夜话\nsource: {URL}\n---\n{above}\n向上滑动看下一个\n\n{_TAIL_OF_POST}\n"
    )
    assert read_export(Document(name="x.md", content=text.encode())).state is state


@pytest.mark.parametrize("producer", ["wechatmp2markdown", "exporter-page"])
def test_a_tools_copy_has_the_link_that_somebody_wrote_below_it(producer: str) -> None:
    heads = {
        "wechatmp2markdown": "#  渡口夜话  \n阿青  渡口   2026-05-23 11:29  \n  \n",
        "exporter-page": "![cover\\_image](u)\n\n# 渡口夜话\n\n[渡口](javascript:void\\(0\\);)\n\n",
    }
    text = f"{heads[producer]}{BODY}\n\n原文链接：{URL}\n"
    adopted = read_export(Document(name="x.md", content=text.encode()))
    assert (adopted.producer, adopted.url) == (producer, URL)
    assert "原文链接" not in adopted.text


def test_a_page_of_the_exporters_has_the_day_that_begins_its_name() -> None:
    text = f"![cover\\_image](u)\n\n# 每日早报\n\n[渡口](javascript:void\\(0\\);)\n\n{BODY}\n"
    adopted = read_export(Document(name="20260523_每日早报.md", content=text.encode()))
    assert (adopted.producer, adopted.date) == ("exporter-page", "2026-05-23")
