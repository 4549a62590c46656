from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from crawler.clean.listings import limits, read_list
from crawler.clean.listings.limits import TooLargeError, check_json, check_lines
from tests.clean.listings.samples import short

if TYPE_CHECKING:
    from collections.abc import Callable


LARGE: dict[str, Callable[[], bytes]] = {
    "has more than 500,000 lines": lambda: b"url\n" + b"a\n" * 500_001,
    "has more than 300,000 objects": lambda: b'["' + b"[]," * 300_001,
    "has more than 1,250,000 values": lambda: b"[" + b"1," * 1_250_001,
    "has more than 500,000 emoji": lambda: b'["' + "😀".encode() * 500_001 + b'"]',
    "has more than 12 MB in one value": lambda: b'{"a": "' + b"x" * (14 << 20) + b'"}',
    "has more than 20,000 items": lambda: b"<rss>" + b"<item/>" * 20_001,
    "has more than 300,000 tags": lambda: b"<rss>" + b"<a>" * 300_001,
    "has a line of more than 4 MB": lambda: b"a\n" + b"x" * (5 << 20),
    "has more than 8 MB": lambda: b"<rss>" + b" " * (9 << 20),
    "has more than 16 MB of HTML": lambda: b"<p>\n" * (5 << 20),
    "has more than 32 MB of text": lambda: b"x" * (33 << 20),
}
"""What is said of a list -> how to make it: all of them at once are 120 MB."""


@pytest.mark.parametrize("words", LARGE)
def test_a_list_larger_than_any_is_refused_in_words(words: str) -> None:
    _assert_refused(LARGE[words](), words)


def test_a_value_inside_a_list_is_as_bounded_as_one_alone() -> None:
    content = b'[1, {"a": "' + b"x" * (14 << 20) + b'"}]'
    _assert_refused(content, "has more than 12 MB in one value")


def test_more_links_than_any_list_holds_are_refused_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert limits.MAX_ENTRIES == 160_000  # to find so many takes seconds
    monkeypatch.setattr(limits, "MAX_ENTRIES", 1000)
    content = b"<a href='https://mp.weixin.qq.com/s/x'>\n" * 1001
    _assert_refused(content, "has more than 1,000 links")


def _assert_refused(content: bytes, words: str) -> None:
    listing = read_list(content)
    assert listing.unread
    assert listing.problem == words
    assert listing.links == ()


@pytest.mark.parametrize(
    "list_of",
    [
        lambda name, links: json.dumps({name: links}),
        lambda name, links: json.dumps({"account": name, "list": [{"url": one} for one in links]}),
        lambda name, links: json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": name,
                "items": [{"url": one} for one in links],
            }
        ),
        lambda name, links: (
            f"<rss><channel><title>{name}</title>"
            + "".join(f"<item><link>{one}</link></item>" for one in links)
            + "</channel></rss>"
        ),
    ],
    ids=["key of JSON", "value of JSON", "JSON Feed", "RSS"],
)
def test_a_name_that_stands_once_above_all_links_is_no_longer_than_any_in_each_of_them(
    list_of: Callable[[str, list[str]], str],
) -> None:
    """Else megabytes of it were kept with each article, gigabytes of a file of some MB."""
    listing = read_list(list_of("灯" * 5000, [short(1), short(2)]).encode())
    assert [(link.url, link.account) for link in listing.links] == [
        (short(1), "灯" * 300),
        (short(2), "灯" * 300),
    ]


def test_what_stands_in_a_string_is_no_value() -> None:
    check_json(b'{"html": "' + b'[{,\\"' * 1_000_000 + b'"}')


def test_a_quote_that_is_escaped_outside_of_strings_begins_none() -> None:
    escaped = rb"{\"a\":\"b\"}"
    for pattern in (limits._STRING, limits._PART):
        assert b'\\"' in pattern.findall(escaped)
        assert max(map(len, pattern.findall(escaped * 9))) == 2
    check_json(escaped * 100_000)


def test_a_backslash_outside_of_strings_hides_no_line() -> None:
    with pytest.raises(TooLargeError, match="values"):
        check_json(b'{"a": 1}\n' + b"\\\n" * 1_250_001)


def test_a_list_of_a_whole_collection_passes() -> None:
    line = f'{{"url": "{short(1)}", "title": "潮水", "date": "2024-05-08"}},\n'
    check_lines(line.encode() * 143_539)
    eight = ", ".join(f'"{name}": "2024-05-08 潮水"' for name in "abcdefgh")
    check_json(f"[{f'{{{eight}}},' * 143_539}]".encode())


def test_lines_that_end_in_any_way_are_counted() -> None:
    with pytest.raises(TooLargeError):
        check_lines(b"a\r" * 500_001)


def test_notes_with_large_pictures_are_no_list_and_nothing_is_wrong_with_them() -> None:
    listing = read_list(b"<en-export><note>" + b"A" * (5 << 20))
    assert not listing.unread
    assert listing.links == ()
