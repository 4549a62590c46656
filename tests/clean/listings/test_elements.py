from __future__ import annotations

import pytest

from crawler.clean.listings import read_list
from tests.clean.listings.samples import long, short

_WORDS = f'<p>光扫过海面。<a href="{short(9)}">另一篇</a></p>' * 20


def _xml(*entries: str) -> bytes:
    return f"<?xml version='1.0'?><result>{''.join(entries)}</result>".encode()


def _entry(url: str, words: str, tags: str = "<tags/>") -> str:
    said = f"<title>潮水 &amp; 光</title><url>{url.replace('&', '&amp;')}</url>{tags}"
    more = "<domain_name>mp.weixin.qq.com</domain_name>"
    return f"<entry>{said}{more}<content><![CDATA[{words}]]></content></entry>"


def test_elements_of_xml_are_said_of_the_article_beside_them_and_their_texts_are_told() -> None:
    """Wallabag writes so: what its texts link to stood in the queue in their place."""
    whole = _entry(long(1), _WORDS, "<tags><entry>海</entry><entry>光</entry></tags>")
    links = read_list(_xml(whole, _entry(short(2), "一句。"))).links
    assert [(link.url, link.title, link.left) for link in links] == [
        (long(1), "潮水 & 光", True),
        (short(2), "潮水 & 光", False),
    ]


def test_a_column_of_a_dump_is_called_by_its_name() -> None:
    row = f'<row><field name="title">潮水</field><field name="link">{short(1)}</field></row>'
    [link] = read_list(_xml(row)).links
    assert (link.url, link.title) == (short(1), "潮水")


@pytest.mark.parametrize(
    "content",
    [
        _xml(f'<article href="{short(1)}"><title>潮水</title></article>'),
        f"<?xml version='1.0'?><html><p>见 {short(1)}</p></html>".encode(),
        _xml(f"<p>见 {short(1)}</p>"),
        _entry(short(1), "").encode(),
    ],
)
def test_links_that_stand_in_no_element_of_their_own_are_found_as_before(content: bytes) -> None:
    assert [link.url for link in read_list(content).links] == [short(1)]


@pytest.mark.parametrize(
    "others",
    [
        f"<url>{short(2)}</url><url>{short(3)}</url>",
        f'<entry href="{short(2)}"><title>光</title></entry><p>{short(3)}</p>',
        f'<a href="{short(2)}">光</a><p><a href="{short(3)}">夜</a></p>',
        f"<entry><address>{short(2)}</address></entry><p>{short(3)}</p>",
        f"<entry><br><url>{short(2)}</url></entry><p>{short(3)}</p>",
        f"<entry><title>光</title><content><p>见 {short(2)}</p> {short(3)}</content></entry>",
        f"{'<a>' * 200}<url>{short(2)}</url><url>{short(3)}</url>",
    ],
)
def test_links_beside_those_that_stand_in_elements_of_their_own_are_found(others: str) -> None:
    """Each was lost without a word where one other link stood so."""
    links = read_list(_xml(f"<url>{short(1)}</url>", _entry(short(4), _WORDS), others)).links
    assert sorted(link.url for link in links) == sorted(map(short, range(1, 5)))


@pytest.mark.parametrize(
    "unit", ["<a>", "<![CDATA[", "<a><![CDATA[b]]>", "</a>", "<a b", "<a/>", "]]>", "<", "<a>b</a>"]
)
def test_xml_without_end_is_read_in_the_order_of_its_length(unit: str) -> None:
    listing = read_list(_xml(_entry(short(1), "")) + (unit * 100_000).encode())
    assert [link.url for link in listing.links] == [short(1)]
