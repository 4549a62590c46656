from __future__ import annotations

import json
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from crawler.clean.listings import (
    TooLargeError,
    documents_of_feed,
    feeds,
    is_feed,
    links_of_album,
    read_list,
)
from tests.clean.listings.samples import long, short

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = "<p>潮水照常上涨。</p>"
LINK = f"<link>{short(1)}</link>"
KEY = "3071234567-2650000017_2"  # as we-mp-rss calls an article
OWN = "https://mp.weixin.qq.com/s?__biz=MzA3MTIzNDU2Nw==&mid=2650000017&idx=2"


def _rss(item: str, head: str = "") -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>灯塔通讯</title>{head}<item><title>潮水</title>{item}</item></channel></rss>"
    ).encode()


@pytest.mark.parametrize(
    ("item", "url"),
    [
        (f"<link>{short(1)}</link>", short(1)),
        (f"<guid>{short(1)}</guid>", short(1)),
        (f"<link>http://nas/1</link><guid>{short(1)}</guid>", short(1)),
        (f"<link>https://r.example/?u={quote(short(1), safe='')}</link>", short(1)),
        (f"<link>{long(1)}</link>", long(1)),  # its ampersands are no XML
        (f"<link><![CDATA[{long(1)}]]></link>", long(1)),
        (f"<link>http://nas/rss/feed/{KEY}</link><guid>http://nas/rss/feed/{KEY}</guid>", OWN),
        (
            (f"<link>http://nas/1</link><content:encoded><![CDATA[<a href='{short(1)}'>原文</a>]]>"
            "</content:encoded>"),
            short(1),
        ),
    ],
)  # fmt: skip
def test_the_article_is_found_wherever_a_feed_keeps_its_link(item: str, url: str) -> None:
    [link] = read_list(_rss(item)).links
    assert (link.url, link.title, link.account) == (url, "潮水", "灯塔通讯")


def _atom(title: str, *entries: tuple[str, str]) -> bytes:
    items = "".join(
        f"<entry><title>潮水</title><author><name>{author}</name></author><link href='{url}'/>"
        "</entry>"
        for url, author in entries
    )
    head = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{title}</title>"
    return f"<?xml version='1.0'?>{head}{items}</feed>".replace("&mid", "&amp;mid").encode()


def _json(title: str, *entries: tuple[str, str]) -> bytes:
    items = [{"url": url, "title": "潮水", "author": {"name": name}} for url, name in entries]
    feed = {"version": "https://jsonfeed.org/version/1", "title": title, "items": items}
    return json.dumps(feed).encode()


@pytest.mark.parametrize("written", [_atom, _json])
def test_a_feed_of_all_names_the_account_of_each_article_or_none(written: Any) -> None:
    entries = ((short(1), "灯塔通讯"), (short(2), "-"))
    links = read_list(written("WeWe-RSS All", *entries)).links
    assert [link.account for link in links] == ["灯塔通讯", ""]
    for name in ("WeRss", "精选文章"):
        links = read_list(written(name, *entries)).links
        assert [link.account for link in links] == ["", ""]
    links = read_list(written("雾号", *entries)).links
    assert [link.account for link in links] == ["雾号", "雾号"]


@pytest.mark.parametrize("written", [_atom, _json])
def test_a_feed_of_several_accounts_is_called_like_none_of_them(written: Any) -> None:
    other = long(2).replace("MzA5MzE5MDAzOA==", "MzA5MzE5MDAzOQ==")
    assert other != long(2)
    links = read_list(written("我的订阅", (long(1), ""), (other, ""))).links
    assert [link.account for link in links] == ["", ""]


@pytest.mark.parametrize(
    ("title", "source", "account"),
    [
        ("公众号", "雾号", "雾号"),  # a reader hands it on, and its folder is no account
        ("港口 via me on Inoreader", "雾号", "雾号"),
        ("港口 via me on Inoreader", "", ""),
        ("港口 · FreshRSS", "", ""),
        ("我的订阅", "雾号", "雾号"),
        ("雾号", "雾号", "雾号"),
        ("灯塔通讯", "微信公众号", "灯塔通讯"),
        ("公众号", "WeWe-RSS All", "阿青"),
    ],
)
def test_an_item_that_a_reader_hands_on_is_of_the_account_of_its_source(
    title: str, source: str, account: str
) -> None:
    rss = _rss(f"<author>阿青</author><source url='http://nas/'>{source}</source>{LINK}")
    atom = _atom(title, (short(1), "阿青")).replace(
        b"</entry>", f"<source><title>{source}</title></source></entry>".encode()
    )
    for feed in (rss.replace("灯塔通讯".encode(), title.encode()), atom):
        [link] = read_list(feed).links
        assert link.account == account


def test_an_item_without_a_source_beside_others_has_no_account() -> None:
    source = "<source url='http://nas/'>雾号</source>"
    other = f"<item><title>船</title><link>{short(2)}</link></item></channel>"
    feed = _rss(source + LINK).replace(b"</channel>", other.encode())
    assert [link.account for link in read_list(feed).links] == ["雾号", ""]


ELEMENT = '<div class="rich_media_content" id="js_content"><p>潮水照常上涨。</p></div>'


def test_a_summary_that_is_the_articles_own_element_is_its_text() -> None:
    summary = f"<link>{short(1)}</link><description><![CDATA[{ELEMENT}]]></description>"
    entry = {"url": short(1), "summary": ELEMENT}
    feed = {"version": "https://jsonfeed.org/version/1", "items": [entry]}
    for content in (_rss(summary), json.dumps(feed).encode()):
        [document] = documents_of_feed("a", content)
        assert document.content.decode() == ELEMENT
    assert not documents_of_feed("a", _rss(summary.replace("js_content", "x")))


WORDS = "<p>潮水照常上涨，灯塔也亮着。</p>" * 20


def _described(words: str, head: str = "") -> bytes:
    return _rss(f"<link>{short(1)}</link><description><![CDATA[{words}]]></description>", head)


def test_what_rsshub_says_of_an_article_is_its_text_where_it_is_long_and_whole() -> None:
    hub = "<generator>RSSHub</generator>"
    [document] = documents_of_feed("a", _described(WORDS, hub))
    assert document.content.decode() == WORDS
    for words in ("<p>一句摘要。</p>", WORDS + "潮水…"):
        assert not documents_of_feed("a", _described(words, hub))


def _atom_of_hub(words: str, url: str) -> bytes:
    feed = _atom("灯塔通讯", (url, "")).decode()
    feed = feed.replace("<entry>", "<generator>RSSHub</generator><entry>")
    said = f'<content type="html"><![CDATA[{words}]]></content></entry>'
    return feed.replace("</entry>", said).encode()


def _json_of_hub(words: str, url: str) -> bytes:
    items = [{"id": url, "url": url, "title": "潮水", "content_html": words}]
    version, said = "https://jsonfeed.org/version/1.1", "灯塔 - Powered by RSSHub"
    return json.dumps({"version": version, "description": said, "items": items}).encode()


@pytest.mark.parametrize("feed_of", [_atom_of_hub, _json_of_hub])
def test_what_rsshub_says_of_an_article_is_judged_alike_in_each_kind_of_its_feeds(
    feed_of: Callable[[str, str], bytes],
) -> None:
    for words in (WORDS, '<img src="https://mmbiz.qpic.cn/a/640">'):
        [document] = documents_of_feed("a", feed_of(words, short(1)))
        assert document.content.decode() == words
    for words in ("潮水", "<p>一句摘要。</p>", WORDS + "潮水…"):
        assert not documents_of_feed("a", feed_of(words, short(1)))
        [link] = read_list(feed_of(words, short(1))).links
        assert (link.url, link.left) == (short(1), len(words) > 100)


def test_a_post_of_rsshub_that_names_an_article_is_not_its_text() -> None:
    post = f'{WORDS}<a href="{short(1)}">潮水</a>'
    there = "https://t.me/s/lighthouse/1"
    rss = _described(post, "<generator>RSSHub</generator>").decode()
    rss = rss.replace(f"<link>{short(1)}</link>", f"<link>{there}</link>")
    both = json.loads(_json_of_hub(post, there))
    both["items"][0]["content_text"] = WORDS
    in_json = [_json_of_hub(post, there), json.dumps(both).encode()]
    for content in (rss.encode(), _atom_of_hub(post, there), *in_json):
        assert not documents_of_feed("a", content)
        assert not [link for link in read_list(content).links if link.left or link.text]


def test_a_long_text_in_the_place_of_a_summary_is_told() -> None:
    entry = {"url": short(1), "summary": WORDS}
    feed = {"version": "https://jsonfeed.org/version/1", "items": [entry]}
    for content in (_described(WORDS), json.dumps(feed).encode()):
        [link] = read_list(content).links
        assert link.left
        assert not documents_of_feed("a", content)
    [link] = read_list(_described("<p>一句摘要。</p>")).links
    assert not link.left
    for line, left in (("<p>点击阅读原文</p>", True), (WORDS, False)):
        beside = _described(WORDS).replace(
            b"</item>", f"<content:encoded><![CDATA[{line}]]></content:encoded></item>".encode()
        )
        feed["items"] = [{**entry, "content_html": line}]
        for content in (beside, json.dumps(feed).encode()):
            [link] = read_list(content).links
            assert link.left == left


def test_the_plain_text_of_a_json_feed_is_read_where_it_has_no_other() -> None:
    entry = {"url": short(1), "content_text": "若潮位 x<y，则退潮。" * 20}
    feed = {"version": "https://jsonfeed.org/version/1", "items": [entry]}
    [link] = read_list(json.dumps(feed).encode()).links
    assert link.text == entry["content_text"]
    entry["content_html"] = WORDS
    [link] = read_list(json.dumps(feed).encode()).links
    assert not link.text
    [document] = documents_of_feed("a", json.dumps(feed).encode())
    assert document.content.decode() == WORDS


def test_a_title_that_is_html_is_shown_as_a_reader_sees_it() -> None:
    feed = _atom("灯塔通讯", (short(1), "")).decode()
    feed = feed.replace("<title>潮水<", '<title type="html">潮水 &amp;amp; x&amp;lt;y<')
    [link] = read_list(feed.encode()).links
    assert link.title == "潮水 & x<y"


def test_a_library_that_names_a_module_of_rss_is_no_feed() -> None:
    """As Zotero's does, whatever it holds: its articles were left out without a word."""
    spaces = "='http://z.example/' xmlns:link='http://purl.org/rss/1.0/modules/link/'"
    entries = f"<z:Item rdf:about='{short(1)}'/><z:Item rdf:about='https://example.com/rss/1'/>"
    library = f"<rdf:RDF xmlns:rdf='r' xmlns:z{spaces}>{entries}</rdf:RDF>"
    listing = read_list(library.encode())
    assert [link.url for link in listing.links] == [short(1)]
    feed = library.replace("xmlns:z", "xmlns='http://purl.org/rss/1.0/' xmlns:z")
    assert is_feed(feed.encode())


def test_a_sign_that_a_tool_left_bare_begins_no_character() -> None:
    words = f"R&D 与 AT&T：<a href='{long(1)}&key=s3cret'>潮水</a>"
    inner = f"<p>{words}</p>".replace("<", "&lt;").replace(">", "&gt;")
    feed = _rss(f"<link>{short(1)}</link><content:encoded>{inner}</content:encoded>")
    told = feed.replace("潮水<".encode(), "潮水 R&D &lt;&#65;&hellip;<![CDATA[&D;]]><".encode(), 1)
    [document] = documents_of_feed("a", told)
    assert document.content.decode() == f"<p>{words}</p>"
    assert document.known
    assert document.known.title == "潮水 R&D <A…&D;"
    assert "bare &" in read_list(_rss("<link>&</link>" + "&" * 400_000)).problem


def test_a_text_whose_cdata_was_escaped_as_well_is_all_that_stands_in_it() -> None:
    escaped = "&lt;![CDATA[&lt;p&gt;潮水]]&lt;/p&gt;]]&gt;"
    feed = _rss(f"<link>{short(1)}</link><content:encoded>{escaped}</content:encoded>")
    [document] = documents_of_feed("a", feed)
    assert document.content.decode() == "<p>潮水]]</p>"


_MAIL = "Wed, 08 May 2024 20:30:00"


@pytest.mark.parametrize(
    "when",
    [
        *(_MAIL, f"{_MAIL} +0800", f"{_MAIL} +08:00", "Wed, 08 May 2024 12:30:00 -0000"),
        *("2024-05-08 20:30:00", "2024/05/08 20:30", "2024年05月08日 20:30"),
        *("Wed May  8 20:30:00 2024", "2024-05-08T20:30:00", "2024-05-08T20:30:00.000"),
        *("2024-05-08T12:30:00Z", "2024-05-08T12:30:00.000Z", "2024-05-08T14:30:00+02:00"),
    ],
)
def test_a_moment_of_a_feed_without_a_zone_is_beijings(when: str) -> None:
    item = f"<link>{short(1)}</link><pubDate>{when}</pubDate>"
    assert read_list(_rss(item)).links[0].published_at == "2024-05-08T20:30:00+08:00"


def test_two_links_in_a_text_do_not_say_which_article_it_is() -> None:
    text = f"<content:encoded><![CDATA[{short(1)} {short(2)}]]></content:encoded>"
    links = read_list(_rss(f"<link>http://nas/1</link>{text}")).links
    assert [(link.url, link.title) for link in links] == [(short(1), ""), (short(2), "")]


def test_what_items_name_that_are_no_article_of_theirs_is_listed_behind_it() -> None:
    items = f"<link>{short(1)}</link><description>{short(3)}</description></item><item><title>报"
    rss = _rss(
        f"{items}</title><description>&lt;a href='{short(2)}'&gt;雾号&lt;/a&gt;</description>"
    )
    links = read_list(rss).links
    assert [(link.url, link.title) for link in links] == [(short(1), "潮水"), (short(2), "雾号")]


def test_a_feed_behind_a_byte_order_mark_and_an_empty_line_is_read() -> None:
    assert len(read_list(b"\xef\xbb\xbf\n" + _rss(f"<link>{short(1)}</link>")).links) == 1


def test_a_text_comes_with_what_the_feed_says_of_it() -> None:
    item = (
        f"<link>{short(1)}</link><pubDate>Wed, 08 May 2024 20:30:00 GMT</pubDate>"
        f'<content:encoded><![CDATA[{TEXT}<img data-src="x">]]></content:encoded>'
    )
    [document] = documents_of_feed("灯塔.xml", _rss(item))
    assert document.name == "灯塔.xml#1"
    assert document.content.decode() == f'{TEXT}<img data-src="x">'
    assert document.known is not None
    assert document.known.published_at == "2024-05-09T04:30:00+08:00"


def test_a_feeds_own_number_tells_the_account() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>MP_WXS_3090000000</id><title>灯塔</title>'
        f'<entry><title>潮水</title><link href="{short(1)}"/></entry></feed>'
    )
    [link] = read_list(atom.encode()).links
    assert link.biz == "MzA5MDAwMDAwMA=="


def test_a_json_feed_is_a_feed() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "灯塔通讯", "items": [
        {"id": "1", "url": short(1), "title": "潮水", "content_html": TEXT,
         "date_modified": "2024-05-08T20:30:00Z"}]}  # fmt: skip
    content = json.dumps(feed).encode()
    [link] = read_list(content).links
    [document] = documents_of_feed("feed.json", content)
    assert (link.account, link.date) == ("灯塔通讯", "2024-05-09")
    assert document.content.decode() == TEXT


def test_half_a_character_in_a_text_is_a_question_mark_and_stops_nothing() -> None:
    item = {"id": "1", "url": short(1), "content_html": TEXT + "\ud800"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "灯塔通讯", "items": [item]}
    [document] = documents_of_feed("feed.json", json.dumps(feed).encode())
    assert document.content.decode() == TEXT + "?"


def test_a_text_that_only_links_to_the_article_is_no_text() -> None:
    text = "<![CDATA[<p><a href='x'>原文</a></p>]]>"
    item = f"<link>{short(1)}</link><content:encoded>{text}</content:encoded>"
    assert documents_of_feed("f", _rss(item)) == []


def test_a_feed_that_is_the_name_of_a_file_opens_no_file(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(_rss(f"<link>{short(1)}</link>"))
    assert documents_of_feed("f", str(file).encode()) == []


def test_an_album_lists_its_articles_as_a_page_and_as_json() -> None:
    page = (
        f'<ul><li class="album__list-item" data-link="{long(1).replace("&", "&amp;")}"></li></ul>'
    )
    answer = {"getalbum_resp": {"article_list": {"url": long(1)}}}
    assert links_of_album(page.encode()) == [long(1)]
    assert links_of_album(json.dumps(answer).encode()) == [long(1)]
    assert links_of_album(b'{"getalbum_resp": {}}') == []


def test_a_feed_whose_encoding_is_no_text_stops_nothing() -> None:
    broken = b'<?xml version="1.0" encoding="utf\xe1-8"?><rss><channel></channel></rss>'
    assert read_list(broken).problem


def test_a_name_that_is_longer_than_any_is_not_searched_for_mail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    searched: list[int] = []
    mixin = import_module("feedparser.mixin")

    class _Counted:
        def search(self, pattern: str, text: str) -> re.Match[str] | None:
            searched.append(len(text))
            return re.search(pattern, text)

        def __getattr__(self, name: str) -> Any:
            return getattr(re, name)

    monkeypatch.setattr(mixin, "re", _Counted())
    for length in (500, 20_000):
        named = f"<item><author>{'a' * length}</author><link>{short(1)}</link></item>"
        listing = read_list(f"<rss><channel>{named}</channel></rss>".encode())
        assert len(listing.links) == 1
    assert searched
    assert max(searched) < 1_000  # of 30,000 letters the search takes three seconds


@pytest.mark.parametrize("head", ["<?xml version='1.0'?>", "<?xml <rss ", ""])
def test_the_first_line_of_a_feed_is_looked_at_no_further_than_its_declaration(head: str) -> None:
    seen = feeds._with_short_head(f"{head}<rss>{'encoding=&quot;' * 500}".encode())
    line = seen.split(b"\n", 1)[0]
    assert len(line) < 1_000 or not line.startswith(b"<?")
    item = f"<item><link>{short(1)}</link></item>"
    listing = read_list(f"{head}<rss><channel>{item}</channel></rss>".encode())
    assert len(listing.links) == 1


def _defining(definitions: str, text: str) -> bytes:
    head = f'<?xml version="1.0"?>\n<!-- <rss --><!DOCTYPE rss [\n{definitions}\n]>\n'
    item = f"<item><link>{short(1)}</link><title>{text}</title></item>"
    return f"{head}<rss version='2.0'><channel>{item}</channel></rss>".encode()


@pytest.mark.parametrize(
    "definitions",
    [
        f'<!ENTITY a "{"潮" * 30_000}">',
        f'<!-- <!ENTITY \' --><!ENTITY a "{"x" * 90_000}">',
        f'<!ENTITY a "x">\n<!ENTITY b "{"&a;" * 20}">',
    ],
    ids=["long", "behind a quote", "made of others"],
)
def test_a_feed_whose_definitions_unfold_to_more_than_any_is_refused_in_words(
    definitions: str,
) -> None:
    feed = _defining(definitions, "&a;" * 9_000)
    listing = read_list(feed)
    assert (listing.unread, listing.links) == (True, ())
    assert "more than 16 MB, unfolded" in listing.problem
    with pytest.raises(TooLargeError):
        documents_of_feed("a.xml", feed)


@pytest.mark.parametrize(
    ("name", "what"),
    [("a{}", "more than 200 attributes in one element"), ("xmlns:a{}", "more than 200 namespaces")],
)
def test_an_element_of_attributes_or_names_without_number_is_refused_in_words(
    name: str, what: str
) -> None:
    # its reader looks through all of them for each
    def feed(count: int) -> bytes:
        attributes = " ".join(f'{name.format(number)}="u:{number}"' for number in range(count))
        item = f"<item><link {attributes}>{short(1)}</link><guid>1</guid></item>"
        return f"<?xml version='1.0'?><rss><channel>{item}</channel></rss>".encode()

    assert what in read_list(feed(201)).problem
    assert len(read_list(feed(100)).links) == 1
    with pytest.raises(TooLargeError):
        documents_of_feed("a.xml", feed(201))


@pytest.mark.parametrize(
    "words",
    [
        "<category>{}</category>",
        "<category term='{}'/>",
        "<i:keywords xmlns:i='http://www.itunes.com/dtds/podcast-1.0.dtd'>{},{}a,</i:keywords>",
    ],
)
def test_keywords_without_number_are_not_compared_with_one_another(words: str) -> None:
    read_list(b"<rss><channel></channel></rss>")
    equal = vars(import_module("feedparser.util"))["FeedParserDict"]
    compared = 0

    class Counted(equal):  # type: ignore[misc,valid-type]
        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return bool(super().__eq__(other))

        __hash__ = None  # type: ignore[assignment]

    mixin = vars(import_module("feedparser.mixin"))
    mixin["FeedParserDict"] = Counted
    try:
        said = "".join(words.replace("{}", f"k{number}") for number in range(2_000))
        feed = f"<rss><channel><item>{LINK}<guid>1</guid>{said}</item></channel></rss>"
        assert len(read_list(feed.encode()).links) == 1
    finally:
        mixin["FeedParserDict"] = equal
    assert compared < 20_000


def test_a_feed_may_define_the_signs_that_it_uses() -> None:
    feed = _defining('<!ENTITY nbsp "&#160;">\n<!ENTITY mdash "&#8212;">', "潮&nbsp;水&mdash;雾")
    [link] = read_list(feed).links
    assert (link.url, link.title) == (short(1), "潮 水—雾")


def test_an_item_that_leads_to_an_album_or_to_half_a_link_is_named_in_a_feed_of_any_kind() -> None:
    album = "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA5MzE5MDAzOA==&album_id=1"
    urls = (short(1), album, short(2)[:-3], "https://example.com/a")
    items = "".join(f"<item><link>{url.replace('&', '&amp;')}</link></item>" for url in urls)
    version = "https://jsonfeed.org/version/1.1"
    of_json = {"version": version, "items": [{"id": url, "url": url} for url in urls]}
    rss = f"<rss version='2.0'><channel>{items}</channel></rss>"
    for feed in (rss, json.dumps(of_json)):
        listing = read_list(feed.encode())
        assert [link.url for link in listing.links] == [short(1)]
        assert [(one.number, one.why) for one in listing.refused] == [
            (2, "leads to an album, not to an article"),
            (3, "has a name of 19 characters behind /s/, where each has 22"),
        ]


def test_rdf_that_is_no_feed_is_a_list_of_what_it_names() -> None:
    rdf = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns{}>{}</rdf:RDF>"
    entry = "<{0} rdf:about='{1}'><title>潮水</title><link>{1}</link></{0}>"
    for name, space in (("item", "='http://purl.org/rss/1.0/'"), ("z", ":z='http://z.example/'")):
        entries = "".join(entry.format(name, short(number)) for number in (1, 2))
        listing = read_list(rdf.format(space, entries).encode())
        assert [link.url for link in listing.links] == [short(1), short(2)]
        assert listing.kind == ("feed" if name == "item" else "HTML")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("&#55357;&#56832;", "潮水😀"),
        ("&#xD83D;&#xDE00;&#33;", "潮水😀!"),
        ("&#55357;", "潮水\ufffd"),
        ("&#x110000;", "潮水\ufffd"),
    ],
)
def test_a_number_that_is_no_character_takes_no_feed_away(written: str, title: str) -> None:
    feed = _rss(f"<link>{short(1)}</link>").replace(
        b"</title><link>", f"{written}</title><link>".encode()
    )
    assert [link.title for link in read_list(feed).links] == [title]


def test_an_address_of_which_nothing_can_be_made_takes_no_feed_away() -> None:
    feed = _rss(f"<link>{short(1)}</link>").replace(b"<rss ", b'<rss xml:base="http://[" ')
    assert len(read_list(feed).links) == 1


def test_a_feed_over_which_its_reader_breaks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LookupError

    monkeypatch.setattr("feedparser.parse", broken)
    assert "its reader breaks off" in read_list(_rss(f"<link>{short(1)}</link>")).problem


def test_an_item_whose_day_is_empty_is_read_without_a_warning() -> None:
    item = f"<item><title>潮水</title><link>{short(1)}</link><pubDate></pubDate></item>"
    [link] = read_list(f'<rss version="2.0"><channel>{item}</channel></rss>'.encode()).links
    assert (link.title, link.date) == ("潮水", "")
