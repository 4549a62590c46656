"""Lists and exports in one file that were cut, or of which a byte is damaged."""

from __future__ import annotations

import codecs
import json

import pytest

from crawler.article import State
from crawler.clean.containers import documents_in
from crawler.clean.exports import read_export
from crawler.clean.listings import read_list
from tests.clean.listings.samples import short

WORDS = "灯塔的光每隔七秒扫过一次海面，渔民都知道这件事。"
NUMBERS = (1, 2, 3)


def _html(number: int) -> str:
    return f"<p>{WORDS}</p><p>{'潮水退去以后，滩涂上留下许多小小的洞。' * 6}{number}</p>"


RSS = (
    '<?xml version="1.0"?><rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
    + "".join(
        f"<item><title>潮水{number}</title><link>{short(number)}</link>"
        f"<content:encoded><![CDATA[{_html(number)}]]></content:encoded></item>"
        for number in NUMBERS
    )
    + "</channel></rss>\n"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom">'
    + "".join(
        f'<entry><title>潮水{number}</title><link href="{short(number)}"/>'
        f'<content type="html"><![CDATA[{_html(number)}]]></content></entry>'
        for number in NUMBERS
    )
    + "</feed>\n"
)
ENEX = (
    '<?xml version="1.0"?><en-export>'
    + "".join(
        f"<note><title>潮水{number}</title><content><![CDATA[<en-note>{_html(number)}</en-note>]]>"
        f"</content><note-attributes><source-url>{short(number)}</source-url></note-attributes></note>"
        for number in NUMBERS
    )
    + "</en-export>\n"
)
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {"url": short(number), "title": f"潮水{number}", "content_html": _html(number)}
            for number in NUMBERS
        ],
    },
    ensure_ascii=False,
)
WALLABAG = json.dumps(
    [
        {
            "title": f"潮水{number}",
            "url": short(number),
            "given_url": short(number),
            "content": _html(number),
            "domain_name": "mp.weixin.qq.com",
        }
        for number in NUMBERS
    ],
    ensure_ascii=False,
)
EXPORTS = {"rss": RSS, "atom": ATOM, "enex": ENEX, "json": JSON_FEED, "wallabag": WALLABAG}


def _texts(content: bytes) -> list[tuple[State, str]]:
    adopted = [read_export(document) for document in documents_in("a", content)]
    return [(one.state, one.text) for one in adopted]


@pytest.mark.parametrize("hurt_by", [b"\x3d", b"\xff\xff", b"\0", bytes(64)])
@pytest.mark.parametrize("text", EXPORTS.values(), ids=EXPORTS)
def test_of_an_export_of_which_some_bytes_are_damaged_one_text_is_a_part_and_the_others_are_whole(
    text: str, hurt_by: bytes
) -> None:
    content = bytearray(text.encode())
    place = content.index("渔民".encode()) + 1
    content[place : place + len(hurt_by)] = hurt_by
    hurt, *others = _texts(bytes(content))
    assert hurt[0] is State.TRUNCATED
    assert "潮水退去以后" in hurt[1]
    assert [(state, WORDS in words) for state, words in others] == [(State.OK, True)] * 2
    listing = read_list(bytes(content))
    assert [link.url for link in listing.links][1:] == [short(2), short(3)][
        -len(listing.links) + 1 :
    ]
    assert "some letters of its file are damaged" in {one.why for one in listing.refused}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", EXPORTS.values(), ids=EXPORTS)
def test_an_export_in_utf16_is_read_as_one_in_utf8(text: str, encoding: str) -> None:
    own = text.replace("小小的", "小\ufffd的")
    assert read_list(own.encode(encoding)) == read_list(own.encode())
    assert _texts(own.encode(encoding)) == _texts(own.encode())
    content = text.encode(encoding)
    place = content.index("渔民".encode(encoding)[-4:])
    hurt = content[:place] + b"\xd8\xd8" + content[place + 2 :]
    states = [state for state, _ in _texts(hurt)]
    assert states == [State.TRUNCATED, State.OK, State.OK]
    whys = [one.why for one in read_list(hurt).refused]
    assert whys == ["some letters of its file are damaged"]


@pytest.mark.parametrize("text", [RSS, ATOM, ENEX], ids=["rss", "atom", "enex"])
def test_an_export_in_utf16_that_was_cut_says_so(text: str) -> None:
    cut = text[: len(text) // 2].encode("utf-16")
    assert [one.why for one in read_list(cut).refused] == ["it was cut, and there may be more"]


@pytest.mark.parametrize("text", EXPORTS.values(), ids=EXPORTS)
def test_a_text_that_holds_signs_of_lost_letters_itself_is_read_where_a_byte_is_damaged(
    text: str,
) -> None:
    content = text.replace("小小的", "\ufffd" * 9).encode()
    place = content.index("渔民".encode()) + 1
    hurt, *others = _texts(content[:place] + b"\xff" + content[place + 1 :])
    assert hurt[0] is State.TRUNCATED
    assert [words.count("\ufffd" * 9) for _, words in (hurt, *others)] == [6] * 3


@pytest.mark.parametrize("text", EXPORTS.values(), ids=EXPORTS)
def test_a_text_of_which_many_bytes_are_damaged_is_a_part_in_an_export_of_many(text: str) -> None:
    content = (text[:-1].rstrip() + " " * 99_000 + text.rstrip()[-1]).encode()
    words = "退去以后，滩涂".encode()
    place = content.index(words)
    hurt = content[:place] + b"\xff" * len(words) + content[place + len(words) :]
    states = [state for state, _ in _texts(hurt)]
    assert states == [State.TRUNCATED, State.OK, State.OK]


@pytest.mark.parametrize("text", EXPORTS.values(), ids=EXPORTS)
def test_an_export_that_was_cut_says_so_and_no_text_of_it_is_another(text: str) -> None:
    content = text.encode()
    for share in range(10, 100, 5):
        cut = content[: len(content) * share // 100]
        listing = read_list(cut)
        assert all(words.startswith(WORDS) for _, words in _texts(cut)), share
        is_told = listing.refused or listing.unread
        assert is_told or not _texts(cut), share
        assert is_told or text == WALLABAG, share


@pytest.mark.parametrize("text", EXPORTS.values(), ids=EXPORTS)
def test_a_whole_export_is_told_of_nothing(text: str) -> None:
    listing = read_list(text.encode())
    assert (listing.refused, listing.unread) == ((), False)
    assert [state for state, _ in _texts(text.encode())] == [State.OK] * 3


def test_a_feed_in_no_encoding_is_named_and_not_taken_for_latin() -> None:
    content = RSS.encode().replace("光".encode(), b"\xe5\x85\xff" * 30)
    listing = read_list(content)
    assert (listing.links, listing.unread) == ((), True)
    assert "encoding" in listing.problem
    assert _texts(content) == []


def test_a_feed_in_the_latin_that_it_names_is_read() -> None:
    content = RSS.replace('"1.0"', '"1.0" encoding="ISO-8859-1"', 1).encode("ascii", "ignore")
    listing = read_list(content.replace(b"<title>", b"<title>caf\xe9 "))
    assert [link.title for link in listing.links] == ["café 1", "café 2", "café 3"]


@pytest.mark.parametrize(
    "name",
    ["us-ascii", "ASCII", "latin-1", "cp1252", "macintosh", "cp950", "hz", "iso-2022-jp"],
)
def test_a_feed_in_any_encoding_that_it_names_and_is_in_is_read(name: str) -> None:
    """In some of which the sign `&` may be half a letter, as that of `λ` and `う` is."""
    text = RSS.replace('"1.0"', f'"1.0" encoding="{name}"', 1).replace("潮水", "café 潮水うλ")
    listing = read_list(text.encode(name, "xmlcharrefreplace"))
    assert [link.title for link in listing.links] == [f"café 潮水うλ{number}" for number in NUMBERS]
    assert listing.refused == ()


@pytest.mark.parametrize("name", ["macintosh", "ibm866", "koi8-r", "gbk", "utf-16", "gb2312"])
@pytest.mark.parametrize("title", ["潮水", "tide "])
def test_a_feed_in_utf8_is_read_so_whatever_it_names(name: str, title: str) -> None:
    text = RSS.replace('"1.0"', f'"1.0" encoding="{name}"', 1).replace("潮水", title)
    listing = read_list(text.encode())
    assert [link.title for link in listing.links] == [f"{title}{number}" for number in NUMBERS]
    assert [state for state, _ in _texts(text.encode())] == [State.OK] * 3


@pytest.mark.parametrize("name", ["macintosh", "latin-1", "koi8-r", "gb2312"])
@pytest.mark.parametrize("hurt_by", [b"\xff", b"\0", bytes(9)])
def test_a_feed_in_utf8_is_read_so_whatever_it_names_where_a_few_letters_are_damaged(
    name: str, hurt_by: bytes
) -> None:
    text = RSS.replace('"1.0"', f'"1.0" encoding="{name}"', 1).encode()
    place = text.index("渔民".encode()) + 1
    content = text[:place] + hurt_by + text[place + len(hurt_by) :]
    listing = read_list(content)
    assert [link.title for link in listing.links] == [f"潮水{number}" for number in NUMBERS]
    assert [one.why for one in listing.refused] == ["some letters of its file are damaged"]
    states = [State.TRUNCATED, State.OK, State.OK]
    assert [(state, "潮水退去以后" in words) for state, words in _texts(content)] == [
        (state, True) for state in states
    ]


def test_no_codec_that_is_no_character_set_is_asked_for_a_feed() -> None:
    def decode(*_: object) -> tuple[str, int]:
        raise AssertionError("it may take the square of a text")

    def find(name: str) -> codecs.CodecInfo | None:
        ours = codecs.CodecInfo(codecs.ascii_encode, decode, name="of_ours")
        return ours if name == ours.name else None

    text = RSS.replace('"1.0"', '"1.0" encoding="of_ours"', 1)
    codecs.register(find)
    try:
        assert len(read_list(text.encode("ascii", "xmlcharrefreplace")).links) == 3
    finally:
        codecs.unregister(find)


def test_a_feed_in_latin_in_which_a_disk_left_zeros_is_told_of_them() -> None:
    text = RSS.replace('"1.0"', '"1.0" encoding="latin-1"', 1).replace("潮水", "café x")
    content = text.encode("latin-1", "xmlcharrefreplace").replace(b" x2", b"\0\0\0", 1)
    listing = read_list(content)
    assert [link.title for link in listing.links] == ["café x1", "café\ufffd", "café x3"]
    assert [one.why for one in listing.refused] == ["some letters of its file are damaged"]


@pytest.mark.parametrize("name", ["iso-8859-12", "punycode", "hex", "idna", "x-none", "a.b"])
def test_no_encoding_that_a_damaged_feed_names_breaks_the_reading(name: str) -> None:
    text = RSS.replace('"1.0"', f'"1.0" encoding="{name}"', 1).encode()
    content = text.replace("渔民".encode(), b"\xe6\xff\x94\xe6\xb0\x91", 1)
    assert len(read_list(content).links) == len(_texts(content)) == 3


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("lost", ["", "海\ufffd面 "])
def test_a_list_in_utf16_is_told_of_lost_letters_only_where_they_are_lost(
    lost: str, encoding: str
) -> None:
    text = f"title,url\n{lost}灯塔,{short(1)}\n潮水,{short(2)}\n"
    assert read_list(text.encode(encoding)).refused == ()
    hurt = read_list(text.replace("灯", "\ud800").encode(encoding, "surrogatepass"))
    assert len(hurt.links) == 2
    assert [one.why for one in hurt.refused] == ["some letters of its file are damaged"]


def test_a_page_that_shows_a_feed_is_none_that_was_cut() -> None:
    page = f"<html><body><feedback></feedback><pre><rss></pre><a href='{short(1)}'>潮水</a>"
    assert read_list(page.encode()).refused == ()


@pytest.mark.parametrize("text", [WALLABAG, ENEX, f"title,url\n{WORDS},{short(1)}\n"])
def test_a_list_that_is_damaged_beyond_reading_is_named(text: str) -> None:
    words = text.encode()
    for sign in "灯塔的光隔七秒":
        words = words.replace(sign.encode(), b"\xff\xfe\xff")
    listing = read_list(words)
    assert (listing.links, listing.unread) == ((), True)
