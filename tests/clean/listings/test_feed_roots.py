from __future__ import annotations

import pytest

from crawler.clean.listings import read_list
from crawler.clean.listings.feed_roots import is_feed
from tests.clean.listings.samples import short

FEED = f"<rss><channel><title>灯塔</title><item><link>{short(1)}</link></item></channel></rss>"


@pytest.mark.parametrize(
    "above",
    [
        "",
        "\ufeff<?xml version='1.0'?>\n",
        f"<?xml version='1.0'?><!-- {'潮水' * 2000} -->",
        "<!DOCTYPE rss [\n<!-- it's -->" + '<!ENTITY a "]>">' * 300 + "\n]>",
        '<!DOCTYPE rss PUBLIC "-//a//b" "http://a/">',
    ],
)
def test_a_feed_is_known_whatever_stands_above_its_root(above: str) -> None:
    feed = f"{above}{FEED}".encode()
    assert is_feed(feed)
    assert len(read_list(feed).links) == 1


def test_a_root_may_have_a_name_for_its_namespace() -> None:
    entry = f"<a:entry><a:title>潮水</a:title><a:link href='{short(1)}'/></a:entry>"
    feed = f"<a:feed xmlns:a='http://www.w3.org/2005/Atom'>{entry}</a:feed>".encode()
    assert [link.title for link in read_list(feed).links] == ["潮水"]


@pytest.mark.parametrize("text", ["", "潮水", "<feedback>", "<html><rssx>", '{"items": []}'])
def test_anything_else_is_none(text: str) -> None:
    assert not is_feed(text.encode())
