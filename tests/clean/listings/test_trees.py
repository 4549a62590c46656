from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.clean.listings import limits, read_list, trees
from tests.clean.listings.samples import long, short
from tests.growth import assert_linear


def _read(value: Any) -> list[tuple[str, str, str]]:
    listing = read_list(json.dumps(value, ensure_ascii=False).encode())
    return [(link.url, link.title, link.account) for link in listing.links]


@pytest.mark.parametrize(
    ("value", "title", "account"),
    [
        ([short(1)], "", ""),
        ({short(1): "潮水"}, "潮水", ""),
        ({"潮水": short(1)}, "潮水", ""),
        ({"灯塔通讯": [{"title": "潮水", "link": short(1)}]}, "潮水", "灯塔通讯"),
        ({"灯塔通讯": {"潮水": short(1)}}, "潮水", "灯塔通讯"),
        ({"2024-05-08": {"灯塔通讯": {short(1): "潮水"}}}, "潮水", "灯塔通讯"),
        ({"mp_name": "灯塔", "articles": [{"url": short(1), "title": "潮水"}]}, "潮水", "灯塔"),
        ({"marks": [{"title": "潮水", "content": {"url": short(1)}}]}, "潮水", ""),
        ({"all": [{"name": "收藏", "links": [{"name": "潮水", "url": short(1)}]}]}, "潮水", ""),
        ([{"title": "潮水", "url": short(1), "content": f"<p>{short(2)}</p>"}], "潮水", ""),
        ([{"note": f"见 {short(1)}。"}], "", ""),
        ([{"title": "潮水", "source": short(1), "tags": ["海"]}], "潮水", ""),
        ([{"title": "潮水", "source": short(1), "raw": "光" * 600 + short(2)}], "潮水", ""),
    ],
)  # fmt: skip
def test_json_of_any_shape_gives_its_articles(value: Any, title: str, account: str) -> None:
    assert _read(value) == [(short(1), title, account)]


@pytest.mark.parametrize(
    "table",
    [
        {"title": {"0": "潮水", "7": "退潮"}, "link": {"0": short(1), "7": short(2)}},
        {"columns": ["title", "link"], "index": [0, 7],
         "data": [["潮水", short(1)], ["退潮", short(2)]]},
        {"columns": ["title", "link"], "rows": [["潮水", short(1)], ["退潮", short(2)]]},
    ],
)  # fmt: skip
def test_columns_tell_of_each_row_what_the_keys_of_objects_tell(table: Any) -> None:
    assert _read(table) == [(short(1), "潮水", ""), (short(2), "退潮", "")]
    beside = {"all": [table, {"page": short(3)}]}
    assert [url for url, *_ in _read(beside)] == [short(1), short(2), short(3)]


@pytest.mark.parametrize(
    "beside",
    [
        {"items": [{"title": "潮水", "url": short(2)}]},
        {"pages": [short(2)]},
        {"page": short(2)},
        {"about": {"page": short(2)}},
        {"note": f"见 {short(2)}。"},
    ],
)
@pytest.mark.parametrize("source", ["source", "来源", "原文"])
def test_the_source_of_a_list_takes_the_place_of_none_of_its_links(
    beside: dict[str, Any], source: str
) -> None:
    found = _read({"title": "合集", source: short(1), **beside})
    assert [url for url, *_ in found] == [short(1), short(2)]


def test_the_exporters_keys_tell_the_whole_identity_and_the_moment() -> None:
    entry = {"aid": "2650000001_1", "link": long(1), "title": "潮水", "fakeid": "MzA5MzE5MDAzOA==",
             "_accountName": "灯塔通讯", "create_time": 1715164200, "author_name": "守塔人",
             "appmsg_album_infos": []}  # fmt: skip
    [link] = read_list(json.dumps([entry]).encode()).links
    assert (link.biz, link.mid, link.idx) == ("MzA5MzE5MDAzOA==", "2650000001", "1")
    assert (link.account, link.author, link.published_at) == (
        "灯塔通讯", "守塔人", "2024-05-08T18:30:00+08:00",
    )  # fmt: skip


def test_the_other_articles_of_a_message_stand_in_its_first_one() -> None:
    others = [{"title": "退潮", "content_url": long(2)}, {"title": "满潮", "content_url": long(3)}]
    info = {"title": "潮水", "content_url": long(1), "multi_app_msg_item_list": others}
    message = {"comm_msg_info": {"datetime": 1715164200}, "app_msg_ext_info": info}
    assert _read({"nickname": "灯塔通讯", "list": [message]}) == [
        (long(1), "潮水", "灯塔通讯"),
        (long(2), "退潮", "灯塔通讯"),
        (long(3), "满潮", "灯塔通讯"),
    ]


def test_the_articles_of_a_message_are_of_the_day_on_which_it_was_sent() -> None:
    others = [{"title": "退潮", "content_url": long(2)}]
    info = {"title": "潮水", "content_url": long(1), "multi_app_msg_item_list": others}
    sent = {"comm_msg_info": {"datetime": 1715164200}, "app_msg_ext_info": info}
    for answer in ({"list": [sent]}, {"ret": 0, "general_msg_list": json.dumps({"list": [sent]})}):
        links = read_list(json.dumps(answer).encode()).links
        assert [(one.title, one.date) for one in links] == [
            ("潮水", "2024-05-08"),
            ("退潮", "2024-05-08"),
        ]


@pytest.mark.parametrize(
    "moment",
    [
        {"publish_time": {"$date": "2024-05-08T10:30:00Z"}},
        {"publish_time": {"$date": {"$numberLong": "1715164200000"}}},
        {"publish_time": {"$numberLong": "1715164200"}},
        {"publish_time": 0, "create_time": 1715164200},
    ],
)
def test_a_day_is_read_as_mongodb_writes_it_and_nought_is_none(moment: dict[str, Any]) -> None:
    [link] = read_list(json.dumps([{"url": short(1), **moment}]).encode()).links
    assert link.published_at == "2024-05-08T18:30:00+08:00"


@pytest.mark.parametrize(
    "shape",
    [
        {"markdown": "TEXT", "metadata": {"title": "潮水", "sourceURL": short(1)}},
        {"text": "TEXT", "meta": {"url": short(1)}},
        {"objects": [{"pageUrl": short(1), "text": "TEXT"}]},
        {"url": short(1), "blocks": [{"type": "p", "said": "TEXT"}]},
        {"url": short(1), "text": ["潮水", "TEXT"]},
        {"url": short(1), "text": ["潮水", {"type": "bold", "text": "灯塔"}, "TEXT"]},
        {"name": "潮水", "desc": "TEXT", "attachments": [{"name": "潮", "url": short(1)}]},
        {"content": "TEXT", "embeds": [{"title": "潮", "url": short(1)}]},
        {"content": "TEXT", "links": [{"title": "潮", "url": short(1)}, {"title": "岸"}]},
        {"text": [{"type": "bold", "text": "潮水"}, "TEXT", {"text": "原文", "href": short(1)}]},
        {"text": ["TEXT\n来源：", {"type": "text_link", "text": "灯塔通讯", "href": short(1)}]},
        {"text": ["TEXT", {"text": "来源："}, " ", {"text": "灯塔通讯", "href": short(1)}]},
    ],
)
def test_a_text_beside_the_object_that_names_its_article_is_left_with_a_word(shape: Any) -> None:
    said = json.dumps(shape).replace("TEXT", "灯塔的光每隔七秒扫过一次海面。" * 40)
    listing = read_list(said.encode())
    [link] = listing.links
    assert link.left or listing.unplaced


def test_words_above_a_list_of_several_articles_are_no_text_of_theirs() -> None:
    several = [{"title": "潮", "url": short(number)} for number in range(1, 4)]
    listing = read_list(json.dumps({"summary": "灯塔的光。" * 120, "links": several}).encode())
    assert (len(listing.links), listing.unplaced) == (3, 0)


def test_articles_that_an_articles_object_names_are_no_text_of_it() -> None:
    others = [{"title": "潮水" * 30, "href": short(number)} for number in range(2, 20)]
    [link, *_] = read_list(json.dumps({"url": short(1), "related": others}).encode()).links
    assert not link.left


def test_a_key_for_links_may_hold_several_of_them() -> None:
    value = {"公众号": "灯塔通讯", "标题": "潮水", "链接": [short(1), short(2)]}
    assert _read(value) == [(short(1), "潮水", "灯塔通讯"), (short(2), "", "灯塔通讯")]


def test_what_the_texts_of_an_article_mention_is_no_part_of_the_list() -> None:
    entry = {"url": short(1), "title": "潮水", "links": [short(2)], "said": {"note": short(3)}}
    mentioned = {"internal": [{"href": short(4), "text": "往期"}], "external": []}
    assert _read([entry, {**entry, "links": mentioned}]) == [(short(1), "潮水", "")]


def test_a_day_as_a_key_is_the_day_of_what_stands_under_it() -> None:
    [link] = read_list(json.dumps({"2024-05-08": [short(1)]}).encode()).links
    assert link.date == "2024-05-08"


def test_lines_of_json_are_read_in_their_order() -> None:
    lines = [json.dumps({"url": short(n), "title": f"第{n}夜"}) for n in range(3)]
    links = read_list("\n".join(lines).encode()).links
    assert [link.title for link in links] == ["第0夜", "第1夜", "第2夜"]


@pytest.mark.parametrize("between", ["", "\n", ",\n", " , "])
def test_objects_that_stand_one_behind_the_other_are_read(between: str) -> None:
    entries = [{"title": f"第{n}夜", "url": short(n), "account": "灯塔"} for n in range(3)]
    text = between.join(json.dumps(entry, indent=1) for entry in entries)
    links = read_list(f"{text}{between}".encode()).links
    assert [(link.title, link.account) for link in links] == [
        (f"第{n}夜", "灯塔") for n in range(3)
    ]


def test_markdown_that_begins_with_a_bracket_is_no_json() -> None:
    [link] = read_list(f"[潮水]({short(1)})".encode()).links
    assert link.title == "潮水"


@pytest.mark.parametrize("unit", [b"[", b'{"a":'])
def test_json_nested_without_end_is_named(unit: bytes) -> None:
    listing = read_list(unit * 100_000)
    assert listing.links == ()
    assert listing.problem


def test_json_that_ends_in_the_middle_still_gives_the_links_that_came() -> None:
    text = json.dumps([{"url": short(1)}, {"url": short(2)}])
    assert [link.url for link in read_list(text[:-12].encode()).links] == [short(1)]


def test_credentials_never_come_out() -> None:
    value = {"token": "s3cret", "cookies": ["s3cret"], "items": [{"url": f"{long(1)}&key=s3cret"}]}
    assert "s3cret" not in repr(read_list(json.dumps(value).encode()))


def _row(number: int) -> str:
    said = f'"aid": "2247500001_{number}", "title": "第{number}篇", "content": "正文{number}。"'
    return f'{{"link": "{short(number)}", {said}}}'


@pytest.mark.parametrize(
    "text",
    [
        f"[{_row(1)},\n{_row(2)},\n" + '{"link": "' + short(3),
        f"[{_row(1)},\n{_row(2)},\n{_row(3)[:-9]}",
        f"[{_row(1)},\n{_row(2)}\n{_row(3)}]",
        f"{_row(1)}\n{_row(2)}\n{_row(3)[:-9]}\n",
    ],
)
def test_what_stands_before_a_break_of_json_is_read_whole_and_the_break_named(text: str) -> None:
    listing = read_list(text.encode())
    assert [(link.title, link.text) for link in listing.links] == [
        ("第1篇", "正文1。"),
        ("第2篇", "正文2。"),
        ("", ""),
    ]
    [broken] = listing.refused
    assert (broken.number, broken.why) == (text.rstrip().count("\n") + 1, "is no whole JSON")


@pytest.mark.parametrize("end", ["", ",", ", "])
def test_a_list_of_json_without_an_end_is_named(end: str) -> None:
    listing = read_list(f"[{_row(1)}{end}".encode())
    assert (len(listing.links), len(listing.refused)) == (1, 1)


@pytest.mark.parametrize(
    "text",
    [
        f"[{_row(1)},]\n",
        f"[1] 甲 {short(1)}\n[2] 乙 {short(2)}",
        f"[甲]({short(1)})\n[乙]({short(2)})",
        f"{{}}\n甲 {short(1)}\n乙 {short(2)}",
    ],
)
def test_what_only_begins_like_json_is_not_called_broken(text: str) -> None:
    listing = read_list(text.encode())
    assert listing.refused == ()
    assert len(listing.links) == text.count("https")


def test_broken_json_that_names_no_article_is_no_failure() -> None:
    assert read_list(b'[{"a": 1}, {"b": ').refused == ()


def test_what_a_deleted_article_links_to_has_not_its_title() -> None:
    gone = {"title": "退潮", "author": "守塔人", "content_url": "", "source_url": long(2)}
    info = {"title": "潮水", "content_url": long(1), "source_url": long(3)}
    alone = {"app_msg_ext_info": {**gone, "source_url": long(4)}}
    message = {"app_msg_ext_info": {**info, "multi_app_msg_item_list": [gone]}}
    assert _read({"nickname": "灯塔通讯", "list": [message, alone]}) == [
        (long(1), "潮水", "灯塔通讯"),
        (long(2), "", "灯塔通讯"),
        (long(4), "", "灯塔通讯"),
    ]


def test_an_account_is_named_without_the_word_for_one() -> None:
    entry = {"title": "潮水", "url": short(1), "source": "公众号：灯塔通讯"}
    assert _read([entry]) == [(short(1), "潮水", "灯塔通讯")]


@pytest.mark.parametrize(
    "source", ["微信公众号 / mp.weixin.qq.com", "公众号：微信", "mp.weixin.qq.com"]
)
def test_the_platform_is_no_account(source: str) -> None:
    assert _read([{"title": "潮水", "url": short(1), "source": source}]) == [(short(1), "潮水", "")]


def test_an_inner_object_is_handed_only_what_says_something_of_its_article() -> None:
    """Else each of thousands takes a copy of thousands of keys."""
    entry: dict[str, Any] = {f"k{number}": "v" for number in range(9)}
    entry |= {"title": "潮水", "content": {}, "Content": {}, "con_tent": {}}
    *_, below = trees._of_object(trees._Place(entry), 1)
    assert [set(place.above) for place in below if isinstance(place.value, dict)] == [
        {"title", "published"}
    ] * 3


ALBUM = "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA5MzE5MDAzOA==&action=getalbum&album_id=1"


def test_an_album_and_a_link_that_is_cut_are_named_where_an_articles_address_stands() -> None:
    urls = (short(1), ALBUM, short(2)[:-3])
    whole = {"bookmarks": [{"title": "潮水", "content": {"url": url}} for url in urls]}
    for value in (whole, [{"link": url} for url in urls], {"a": {"href": "\n".join(urls[1:])}}):
        listing = read_list(json.dumps([{"url": short(1)}, value]).encode())
        assert [link.url for link in listing.links] == [short(1)]
        assert [one.why for one in listing.refused] == [
            "leads to an album, not to an article",
            "has a name of 19 characters behind /s/, where each has 22",
        ]


@pytest.mark.parametrize("page", ["", "/", "/mp/profile_ext?action=home&__biz=MzA5MzE5MDAzOA=="])
def test_the_page_of_an_account_or_of_wechat_itself_is_no_link_that_was_left_out(page: str) -> None:
    account = {"name": "江畔手记", "link": f"https://mp.weixin.qq.com{page}"}
    listing = read_list(json.dumps([{**account, "articles": [{"url": short(1)}]}]).encode())
    assert ([link.url for link in listing.links], listing.refused) == ([short(1)], ())


def test_what_an_article_says_elsewhere_is_no_link_of_its_own_that_was_left_out() -> None:
    entry = {"content_url": "", "source_url": ALBUM, "cover": ALBUM, "text": f"见 {ALBUM}"}
    listing = read_list(json.dumps([{"url": short(1), "source_url": ALBUM}, entry]).encode())
    assert ([link.url for link in listing.links], listing.refused) == ([short(1)], ())


@pytest.mark.parametrize(("address", "words"), [("canonical", "content"), ("alternate", "summary")])
def test_items_of_readers_of_feeds_name_article_account_and_moment_and_their_texts_are_told(
    address: str, words: str
) -> None:
    item = {"title": "潮水", "published": 1715164200, address: [{"href": long(1)}],
            words: {"content": "光扫过海面。" * 50}, "origin": {"title": "灯塔通讯"}}  # fmt: skip
    other = {
        "title": "潮汐",
        "alternate": [{"href": "https://a.b"}],
        "summary": {"content": short(2)},
    }
    value = {"id": "user/-/state/starred", "items": [item, other]}
    first, *_ = read_list(json.dumps(value).encode()).links
    assert (first.url, first.title, first.account, first.left) == (
        long(1), "潮水", "灯塔通讯", True,
    )  # fmt: skip
    assert first.published_at == "2024-05-08T18:30:00+08:00"
    [again] = read_list(json.dumps({**item, words: {"content": "一句摘要。"}}).encode()).links
    assert not again.left


@pytest.mark.parametrize("words", ["光扫过海面。" * 120, ["光扫过海面。" * 60] * 2])
def test_a_text_in_a_row_without_names_is_told_beside_its_link(words: str | list[str]) -> None:
    rows = [[short(1), "潮水", words], ["潮汐", words, short(2), short(3)], [short(4), "一句。"]]
    by_line = "\n".join(map(json.dumps, rows))
    for content in (json.dumps(rows), json.dumps({"ok": True, "rows": rows}), by_line):
        links = read_list(content.encode()).links
        assert [link.left for link in links] == [True, True, False, False]
    remarks = {"notes": [[short(1), words]]}
    assert not any(link.left for link in read_list(json.dumps(remarks).encode()).links)


def test_a_feed_of_many_accounts_gives_its_name_to_none() -> None:
    item = {"alternate": [{"href": short(1)}], "origin": {"title": "WeWe-RSS All"}}
    assert _read([item, {"url": short(2), "feed": "精选文章"}]) == [
        (short(1), "", ""),
        (short(2), "", ""),
    ]


def test_no_link_is_lost_by_being_read_as_what_a_reader_of_feeds_exports() -> None:
    both = {"title": "潮水", "alternate": [{"href": short(1)}, {"href": short(2)}]}
    assert [url for url, *_ in _read([both])] == [short(1), short(2)]
    items = [{"title": "光", "canonical": [{"href": short(2)}]}, {"url": short(3)}]
    feed = {"title": "灯塔通讯", "alternate": [{"href": short(1)}], "items": items}
    assert [url for url, *_ in _read(feed)] == [short(1), short(2), short(3)]
    own = {"url": short(1), "alternate": [{"href": short(2)}]}
    assert [url for url, *_ in _read([own])] == [short(1)]


def test_what_an_item_says_under_other_names_stays_where_a_reader_of_feeds_names_its_place() -> (
    None
):
    item = {"feed": "灯塔通讯", "content": "光。" * 200, "alternate": [{"href": short(1)}]}
    [link] = read_list(json.dumps([item]).encode()).links
    assert (link.account, link.left) == ("灯塔通讯", True)


@pytest.mark.parametrize("key", ["items", "articles", "children"])
def test_links_inside_an_articles_object_are_counted_as_left(key: str) -> None:
    entry = {"title": "潮水", "url": short(1), "source_url": short(4), key: [{"url": short(2)}]}
    texts = {"text": f"见 {short(5)}", "raw": f"{'光' * 600} {short(5)}"}
    other = {"url": short(3), **texts, "note": {"said": f"另见 {short(6)}"}}
    listing = read_list(json.dumps([entry, other]).encode())
    assert [link.url for link in listing.links] == [short(1), short(3)]
    assert listing.beside == (short(2), short(6))


@pytest.mark.parametrize("key", ["uri", "share_url", "post_url"])
def test_the_only_link_of_an_object_is_its_own_whatever_its_key(key: str) -> None:
    entry = {"title": "潮水", key: short(1), "cover": "https://mmbiz.qpic.cn/a/0"}
    entry |= {"text": "光" * 600, "domain_name": "mp.weixin.qq.com"}
    [link] = read_list(json.dumps([entry]).encode()).links
    assert (link.url, link.title, link.left) == (short(1), "潮水", True)


@pytest.mark.parametrize(
    "beside",
    [{"url": "https://a.example/1"}, {"note": f"又见 {short(2)}"}, {"pages": [{"url": short(2)}]}],
)
def test_and_is_none_beside_another_address(beside: dict[str, Any]) -> None:
    found = _read([{"title": "潮水", "see_also": short(1), **beside}])
    assert (short(1), "潮水") not in [(url, title) for url, title, *_ in found]


def test_links_beside_others_are_no_more_entries_of_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ENTRIES", 3)
    rows = [{"url": short(number), "next": short(number + 3)} for number in range(3)]
    listing = read_list(json.dumps(rows).encode())
    assert [link.url for link in listing.links] == [short(number) for number in range(3)]
    assert listing.beside == tuple(short(number) for number in range(3, 6))


def test_messages_within_messages_are_looked_at_in_linear_work() -> None:
    def read(depth: int) -> None:
        entry: dict[str, Any] = {"url": short(1), "said": ["潮水"] * depth}
        for _ in range(depth):
            entry = {"url": short(1), "multi_app_msg_item_list": [entry]}
        trees.read_json([entry])

    assert_linear(read, 200)
