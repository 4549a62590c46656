from __future__ import annotations

import json

import pytest

from crawler.clean.listings import read_list
from tests.clean.listings.samples import long, short

BOOKMARKS = f"""<!DOCTYPE NETSCAPE-Bookmark-file-1>
<DL><p>
<DT><H3>公众号</H3>
<DL><p>
<DT><A HREF="{short(1)}" ADD_DATE="1715164200">潮水 &amp; 雾号</A>
<DT><A HREF="{long(2).replace("&", "&amp;")}">换灯记</A>
<DT><A HREF="https://example.com/">别处</A>
<DT><A HREF='{short(3)}X'>坏的</A>
</DL><p>
"""


def test_bookmarks_give_links_titles_and_the_day_they_were_kept() -> None:
    listing = read_list(BOOKMARKS.encode())
    assert [(link.url, link.title, link.saved) for link in listing.links] == [
        (short(1), "潮水 & 雾号", "1715164200"),
        (long(2), "换灯记", ""),
    ]
    assert listing.elsewhere == 1
    assert [one.number for one in listing.refused] == [4]


def test_html_without_anchors_gives_the_links_of_its_text() -> None:
    [link] = read_list(f"<p>见 {short(1)}。</p>".encode()).links
    assert link.url == short(1)


def test_an_address_as_the_words_of_an_anchor_is_no_title() -> None:
    [link] = read_list(f'<p><a href="{short(1)}">{short(1)}</a></p>'.encode()).links
    assert (link.url, link.title) == (short(1), "")


@pytest.mark.parametrize(
    ("inner", "title"),
    [
        ("渡轮记<em>录纪事</em>第101回", "渡轮记录纪事第101回"),
        ("<em class=hit>渡轮</em>记 &amp; <EM>事</EM>", "渡轮记 & 事"),
        ("<span>渡轮记</span>", "渡轮记"),
        ("<h3>\n<span><b>渡轮记</b></span>\n</h3>", "渡轮记"),
        ("[<span>视频</span>] 渡轮记", "[视频] 渡轮记"),
        ("渡轮记<span>3天前</span>", "渡轮记"),
        ("渡轮记 <span class=from>临港日志</span> 05-08", "渡轮记"),
        ("Ferry <span class=hit>log</span> 1", "Ferry log 1"),
        ("<b>渡轮记</b><i>临港日志</i>", ""),
        ("<span>渡轮记</span><span>临港日志</span>", ""),
        ("渡轮记<div>临港日志<em>说</em></div>", "渡轮记"),
        (f"渡轮记<em>{'灯' * 2000}</em>", "渡轮记"),
    ],
)
def test_the_title_of_an_anchor_goes_on_within_elements_in_it(inner: str, title: str) -> None:
    [link] = read_list(f'<p><a href="{short(1)}">{inner}</a> 潮</p>'.encode()).links
    assert link.title == title


def test_a_bookmark_of_an_album_is_named_beside_articles_and_alone() -> None:
    album = "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA5MzE5MDAzOA==&album_id=1"
    anchor = f'<p><a href="{album.replace("&", "&amp;")}">潮汐</a></p>'
    for beside in (BOOKMARKS, "<p>潮水</p>"):
        assert any("album" in one.why for one in read_list((beside + anchor).encode()).refused)
    listing = read_list(f"{anchor}<p>见 {short(1)}。</p>".encode())
    assert [link.url for link in listing.links] == [short(1)]


_PIECE = "灯塔的光扫过。" * 42  # fewer letters than what a list says of one link


def _linked(above: str, below: str = "") -> str:
    """Links to five articles, each with these words around it."""
    return "".join(f"{above}<a href={short(number)}>潮</a>{below}" for number in range(3, 8))


@pytest.mark.parametrize(
    ("above", "below", "left"),
    [
        ("<h1>潮水</h1><p>守塔人</p>", "<p>灯塔的光。</p>" * 200, 1),
        ("<p>灯塔的光。</p>" * 200, "<p>守塔人</p>", 1),
        ("<p>灯塔的光。</p>" * 200, "<p>灯塔的光。</p>" * 200, 0),
        ("<style>a{}</style>" * 99, "<p>灯塔的光。</p>", 0),
        (f"<a href='{short(2)}'>雾号</a>", "<p>灯塔的光。</p>" * 200, 0),
        ("<!DOCTYPE NETSCAPE-Bookmark-file-1>", "<DT>灯塔的光。" * 200, 0),
        ("<h1>潮水</h1>", f"{'<p>灯塔的光。</p>' * 99}<a href='{short(2)}'>雾号</a>", 1),
        ("<h1>潮水</h1>来源：", f"<a href='{short(2)}'>雾号</a>{'<p>灯塔的光。</p>' * 99}", 1),
        (f"<a href='{short(2)}'>雾号</a>{'<p>灯塔的光。</p>' * 99}", "", 1),
        (f"{'<p>灯塔的光。</p>' * 99}<a href='{short(2)}'>雾号</a>原文链接：", "", 1),
        (f"{'<p>灯塔的光。</p>' * 99}<a href='{short(2)}'>雾号</a>，", "", 0),
        ("", f"{'<p>灯塔的光。</p>' * 99}<a href='{short(1)}'>阅读原文</a>", 1),
        ("灯塔的光。" * 99, f"{'灯塔的光。' * 99}<a href='{short(1)}'>它</a>{'光。' * 200}", 0),
        ("<h1>潮水</h1>", f"{'<p>灯塔的光。</p>' * 20}<a href='{short(2)}'>雾号</a>" * 9, 0),
        (f"{'好。' * 200}{'灯塔的光。' * 99}来源：", "好。" * 200, 1),
        (f"{_linked(_PIECE)}来源：", "", 1),
        ("原文链接：", _linked("", _PIECE), 1),
        (f"{_linked(_PIECE[:160])}来源：", "", 0),
        (f"{_linked(f'{_PIECE}来源：')}来源：", "", 0),
        (_linked(_PIECE), "", 0),
        (f"<!DOCTYPE NETSCAPE-Bookmark-file-1>{'好。' * 400}来源：{short(2)}", "", 0),
        (f"{'灯塔的光。' * 99}来源：", f"{'好。' * 200}<a href={short(2)}>潮</a>{'好。' * 200}", 1),
    ],
)
def test_html_that_names_one_article_above_or_below_a_text_is_told_to_hold_it(
    above: str, below: str, left: int
) -> None:
    page = f"<!doctype html>{above}<a href='{short(1)}'>原文</a>{below}"
    links = read_list(page.encode()).links
    assert sum(link.left for link in links) == left


@pytest.mark.parametrize(
    "page",
    [
        "<p><a href='{0}'>潮水</a></p><p>雾号 {1}</p><p>灯塔 {2}</p>",
        "<p>雾号 {1}</p><a href='{0}'>潮水</a><script>'{2}'</script>",
        "<a href='{0}'><b>https://mp.weixin.qq.com/s/cut</b></a><i data-url='{1}'></i>{2}{1}",
        "<a href='https://mp.weixin.qq.com/s?__biz=cut'>潮水</a>{0}<p>{1}</p>{2}",
        "<a href='https://t.example/a'>{1}</a><a href='{0}'>潮水</a><a href='#'>{2}</a>",
        "<a data-url='{1}' href='javascript:;'>雾号</a>{2}<a href='{0}'>潮水</a>",
    ],
)
def test_links_that_stand_in_no_anchor_are_taken_beside_one_that_does(page: str) -> None:
    links = read_list(f"<div>{page.format(short(1), short(2), short(3))}</div>".encode()).links
    assert {link.url for link in links} == {short(1), short(2), short(3)}
    assert not any(link.left for link in links)


@pytest.mark.parametrize("around", ["<!doctype html>{}", "<div>{}</div>"])
@pytest.mark.parametrize(
    ("page", "left"),
    [
        ("<p>原文链接：{0}</p>{1}", 1),
        ("<h1>潮水</h1>{1}<p>{0}</p>", 1),
        ("<p>来源：{0}</p>{1}<p>往期：{2}</p>", 1),
        ("<table><tr><td>潮水<td>{0}<td>{1}<tr><td>雾号<td>{2}<td>{1}</table>", 1),
        ("<p>潮水 {0}</p><p>雾号 {2}</p>", 0),
        ("<script>'{0}'; '{2}'</script>{1}", 0),
        ("<base href='{0}'><meta name='source' content='{0}'><h1>潮水</h1>{1}", 1),
        ("<script type='application/ld+json'>{{'url': '{0}'}}</script>{1}", 1),
        ("<!-- Saved from {0} at 3 --><blockquote>{1}</blockquote>", 1),
        ("<input type=hidden value='{0}'><p>潮水</p>", 0),
        ("<script>[{{text: '{1}来源：{0}'}}, {{link: '{2}'}}]</script>", 1),
        ("<p><a href='{2}'>雾号</a></p>{1}<p>来源：{0}</p><a href='{2}'>雾号</a>。{1}", 1),
    ],
)
def test_a_text_beside_a_link_that_is_no_anchor_is_told(around: str, page: str, left: int) -> None:
    page = page.format(short(1), "<p>灯塔的光。</p>" * 200, short(2))
    links = read_list(around.format(page).encode()).links
    assert sum(link.left for link in links) == left


@pytest.mark.parametrize(
    "script", ["<script>window.x = {};</script>", '<script type="application/ld+json">{}</script>']
)
def test_what_a_script_says_of_links_is_told_as_in_json(script: str) -> None:
    said = [
        {"url": short(number), "title": f"潮水{number}", "body": f"<p>{'灯塔的光。' * 200}</p>"}
        for number in (1, 2)
    ]
    html = script.replace("{}", json.dumps(said).replace("</", r"<\/"))
    links = read_list(f"<html><head>{html}</head><body>灯塔</body></html>".encode()).links
    assert [(link.title, link.left) for link in links] == [("潮水1", True), ("潮水2", True)]


def test_a_note_that_says_its_source_in_its_head_is_told_to_hold_it() -> None:
    page = f'<meta itemprop="source-url" content="{short(1)}"><p>{"灯塔的光。" * 200}</p>'
    [link] = read_list(f"<!doctype html>{page}".encode()).links
    assert link.left


@pytest.mark.parametrize(
    ("source", "above", "left"),
    [
        (short(1), "", False),
        ("", f"原文：{short(1)}", True),
        ("", f"<a href='{short(1)}'>原文</a>", True),
    ],
)
def test_of_notes_of_evernotes_those_are_left_that_say_no_source(
    source: str, above: str, *, left: bool
) -> None:
    note = f"<source-url>{source}</source-url><content>{above}{'灯塔的光。' * 200}</content>"
    [link] = read_list(f"<?xml version='1.0'?><en-export><note>{note}</note>".encode()).links
    assert link.left == left
    others = f"<note><source-url>{short(2)}</source-url><content>船。</content></note>"
    code = "<source-url>https://mp.weixin.qq.com/mp/qrcode?scene=1</source-url>"
    big = f"<resource><data encoding='base64'>{'A' * (5 << 20)}</data>{code}</resource>"
    for picture in ("", big):
        beside = f"<?xml version='1.0'?><en-export>{others}<note>{note}{picture}</note>"
        links = {link.url: link.left for link in read_list(beside.encode()).links}
        assert links.get(short(1), False) == left
        assert not links.get(short(2), False)
