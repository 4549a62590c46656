from __future__ import annotations

import feedparser  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.formats.atom import Entry, Feed, entry_of, feed_blocks, write_feed
from tests.formats.specimens import ODD_TEXTS, make_work

FEED = Feed(id="tag:example.org,2026:a", title="江畔手记", updated="2026-01-02T03:04:05.000006")


def _read(content: bytes) -> feedparser.FeedParserDict:
    found = feedparser.parse(content)
    assert not found.bozo
    assert found.version == "atom10"
    return found


def test_a_feed_is_read_by_another_program_as_it_was_meant() -> None:
    found = _read(write_feed(FEED, [entry_of(make_work())]))
    assert (found.feed.id, found.feed.title) == (FEED.id, FEED.title)
    [entry] = found.entries
    assert entry.id == "tag:mp.weixin.qq.com,2012:MzI0NTk5OTk5MA==:2650000001:1"
    assert entry.link.endswith("&mid=2650000001&idx=1")
    assert (entry.title, entry.author) == ("夜航的灯塔", "林川")
    assert (entry.published, entry.updated) == ("2024-05-08T15:30:00Z", "2025-10-05T17:17:02Z")
    assert entry.content[0].value == "<p>灯塔的光每隔<strong>七秒</strong>扫过一次海面。</p>"
    assert entry.summary == "灯塔的光每隔**七秒**扫过一次海面。"
    assert [tag.term for tag in entry.tags] == ["江畔手记", "ok"]


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("-12.5% 是本季的同比变化。\n\n-5℃ 的清晨", "-12.5% 是本季的同比变化。 -5℃ 的清晨"),
        ("> 潮水\n>\n> 灯\n\n>雾", "潮水 灯 雾"),
        ("## 灯\n\n---\n\n> - 潮水\n\n| 甲 | 乙 |\n|:--|--:|\n\n* 雾 C#", "灯 潮水 甲 | 乙 雾 C#"),
    ],
)
def test_the_beginning_of_a_text_has_its_signs_and_no_marks_of_markdown(
    text: str, summary: str
) -> None:
    assert entry_of(make_work(body=text, digest="")).summary == summary


def test_a_feed_was_updated_with_its_latest_entry_and_an_empty_one_when_it_was_made() -> None:
    early, late = (
        Entry(id=f"tag:example.org,2026:{day}", title="一", updated=f"2026-03-0{day}")
        for day in (1, 2)
    )
    assert _read(write_feed(FEED, [late, early])).feed.updated == "2026-03-01T16:00:00Z"
    assert _read(write_feed(FEED, [])).feed.updated == "2026-01-01T19:04:05Z"


def test_of_a_feed_of_many_entries_one_at_a_time_is_in_memory() -> None:
    entries = [entry_of(make_work(title=f"灯 {number}")) for number in range(3)]
    waiting = iter(entries)
    blocks = feed_blocks(FEED, waiting)
    first = [next(blocks), next(blocks)]
    assert list(waiting) == entries[1:]
    rest = feed_blocks(FEED, entries)
    assert [next(rest), next(rest)] == first
    assert [one.title for one in _read(b"".join([*first, *rest])).entries] == [
        "灯 0",
        "灯 1",
        "灯 2",
    ]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_no_text_breaks_a_feed(text: str) -> None:
    work = make_work(title=text, account=text, author=text, digest=text, body=text)
    [entry] = _read(write_feed(FEED, [entry_of(work)])).entries
    assert entry.title


@given(st.text(), st.text())
def test_whatever_an_article_says_the_feed_is_well_formed(title: str, body: str) -> None:
    found = _read(write_feed(FEED, [entry_of(make_work(title=title, body=body))]))
    assert len(found.entries) == 1


def test_nothing_in_an_entry_runs_or_leads_out_of_the_web() -> None:
    body = "<script>x</script>[一](javascript:x) [二](/etc) ![三](//x/y)"
    entry = entry_of(make_work(url="javascript:x", body=body))
    assert entry.html == "<p>&lt;script&gt;x&lt;/script&gt;[一](javascript:x) <a>二</a> 三</p>\n"
    assert b"javascript:x</content>" not in write_feed(FEED, [entry])
    assert b'href="javascript' not in write_feed(FEED, [entry])


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://my_bucket.oss-cn-beijing.aliyuncs.com/a.pdf", ""),
        ("Http://www.Example.org/R#a#b", "http://www.Example.org/R#a%23b"),
        ("MAILTO:news@example.org?subject=%E7%81%AF", "mailto:news@example.org?subject=%E7%81%AF"),
        ("tel:+861012345", ""),
    ],
)
def test_a_link_leads_to_any_host_to_a_mailbox_and_to_a_telephone(given: str, address: str) -> None:
    html = entry_of(make_work(body=f"[灯]({given})")).html
    assert html == f'<p><a href="{address or given}">灯</a></p>\n'
