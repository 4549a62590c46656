from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive import Archive, carry_over
from crawler.article import Origin, State
from crawler.clean.exports import Link
from crawler.config import FetchConfig
from crawler.errors import InputError
from crawler.fetch import Fetcher
from crawler.flows import (
    ArticleFetch,
    Siblings,
    keep_lists,
    learn_links,
    one_link,
    open_lists,
    queue_links,
    read_list_file,
    reclean,
    refusals,
)
from tests.archive.specimens import make_article
from tests.clean.listings.samples import long, short, spreadsheet
from tests.growth import assert_linear

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_what_a_list_says_of_an_article_stands_in_the_queue(
    archive: Archive, tmp_path: Path
) -> None:
    rows = [["标题", "链接", "公众号", "发布时间"], ["潮水", short(1), "灯塔通讯", "2024-05-08"]]
    file = tmp_path / "清单.xlsx"
    file.write_bytes(spreadsheet(rows))
    [outcome] = keep_lists(open_lists([file]), archive)
    assert (outcome.queued, outcome.taken_for) == (1, "list (table)")
    [entry] = archive.queue.entries()
    assert (entry.title, entry.source, entry.date) == ("潮水", "灯塔通讯", "2024-05-08")
    assert entry.why == "named in 清单.xlsx"


@pytest.mark.parametrize("end", ["txt", "csv"])
def test_twice_the_links_of_a_line_that_are_none_is_twice_the_work(
    end: str, tmp_path: Path
) -> None:
    def read(size: int) -> None:
        links = " ".join(f"https://mp.weixin.qq.com/none?{number}" for number in range(size))
        file = tmp_path / f"{size}.{end}"
        file.write_text(f'title,url\na,"{links}"\n' if end == "csv" else links, encoding="utf-8")
        outcomes = list(refusals("a", read_list_file(str(file))))
        assert len({outcome.input for outcome in outcomes}) == 1
        assert len(outcomes) == size

    assert_linear(read, 40)


def test_a_second_reading_adds_nothing_and_forgets_nothing(
    archive: Archive, tmp_path: Path
) -> None:
    file = tmp_path / "list.json"
    file.write_text(json.dumps({short(1): "潮水"}), encoding="utf-8")
    assert [outcome.queued for outcome in keep_lists(open_lists([file, file]), archive)] == [1, 0]
    assert archive.queue.entries()[0].title == "潮水"


def test_an_article_that_the_archive_has_whole_is_left_out_but_its_link_is_learned(
    archive: Archive,
) -> None:
    archive.save(make_article(url=long(1, signed=False), state=State.OK))
    assert queue_links(archive, _links(long(1), long(2)), why="a list") == 1
    assert archive.signed_form(long(1, signed=False)) == long(1)
    assert [entry.request for entry in archive.queue.entries()] == [long(2)]


def test_an_article_that_waited_for_a_link_leaves_that_state_by_a_list(archive: Archive) -> None:
    archive.save(make_article(url=long(1, signed=False), state=State.HOLLOW))
    assert [entry.needs_link for entry in archive.queue.entries()] == [True]
    assert queue_links(archive, _links(long(1)), why="a list") == 0
    [entry] = archive.queue.entries()
    assert (entry.needs_link, entry.request) == (False, long(1))


def test_a_list_that_is_stopped_has_queued_what_it_came_to(archive: Archive) -> None:
    def stopped() -> Iterator[Link]:
        yield from _links(*map(long, range(1_100)))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        queue_links(archive, stopped(), why="a list")
    assert len(archive.queue.entries()) == 1_000


def test_links_to_fetch_wait_as_far_as_they_were_come_to_when_that_is_stopped(
    archive: Archive,
) -> None:
    def stopped() -> Iterator[str]:
        yield from map(long, range(1_100))
        raise KeyboardInterrupt

    with Fetcher(FetchConfig()) as fetcher, pytest.raises(KeyboardInterrupt):
        ArticleFetch(archive=archive, fetcher=fetcher).keep_for_later(stopped())
    assert len(archive.queue.entries()) == 1_000


def test_an_article_that_waited_for_a_link_has_it_from_another_articles_text(
    archive: Archive,
) -> None:
    archive.save(make_article(url=long(1, signed=False), state=State.HOLLOW))
    text = f"# 雾号\n\n见[往期]({long(1)}#rd)，另见[别的]({long(9)})。\n"
    archive.save(make_article(url=short(2), state=State.OK, body=text))
    read: list[str] = []
    archive.database.conn.set_trace_callback(read.append)
    assert learn_links(archive) == 1
    assert not [statement for statement in read if "revisions" in statement]
    # what nobody asked for is not added
    assert [entry.request for entry in archive.queue.entries()] == [long(1)]
    assert learn_links(archive) == 0


NOW = datetime(2026, 11, 28, tzinfo=UTC)
MADE_UP = re.sub("chksm=[0-9a-z]+", f"chksm={0:076}", long(1))


def _refuse(archive: Archive, link: str) -> None:
    seen = {"origin": Origin.FETCH, "fetch_date": "2026-01-02T03:04:05"}
    archive.save(make_article(url=link, state=State.BAD_LINK, body="", **seen))


def _tell(archive: Archive, number: int, link: str) -> None:
    text = f"# 雾号\n\n第{number}篇，见[往期]({link})。\n"
    archive.save(make_article(url=short(number), state=State.OK, body=text))
    learn_links(archive)


@pytest.mark.parametrize("is_late", [True, False])
def test_a_link_that_a_text_made_up_keeps_no_article_away_to_which_another_text_leads(
    archive: Archive, *, is_late: bool
) -> None:
    archive.save(make_article(url=long(1, signed=False), state=State.HOLLOW))
    _tell(archive, 2, MADE_UP)
    if is_late:
        _refuse(archive, MADE_UP)
    _tell(archive, 3, long(1))
    if not is_late:
        _refuse(archive, MADE_UP)
        assert learn_links(archive) == 1
    assert [entry.request for entry in archive.queue.entries()] == [long(1)]
    assert learn_links(archive) == 0


@pytest.mark.parametrize("links", [(MADE_UP, long(1)), (long(1), MADE_UP)])
@pytest.mark.parametrize("known", [True, False])
def test_a_link_that_a_list_made_up_keeps_no_article_away_that_another_list_names(
    archive: Archive, links: tuple[str, str], *, known: bool
) -> None:
    if known:
        archive.save(make_article(url=long(1, signed=False), state=State.HOLLOW))
    for link in links:
        queue_links(archive, _links(link), why="a list")
    [entry] = archive.queue.entries()
    assert entry.request == MADE_UP  # the first of two that look alike
    _refuse(archive, MADE_UP)
    assert learn_links(archive) == 1
    assert [entry.request for entry in archive.queue.entries()] == [long(1)]
    assert learn_links(archive) == 0


def test_a_link_that_another_seed_of_an_article_has_is_tried_where_one_is_refused(
    archive: Archive,
) -> None:
    for number, link in enumerate((MADE_UP, long(1))):
        archive.save(make_article(url=link, state=State.HOLLOW, evidence=f"0{number}" * 32))
    [entry] = archive.queue.entries()
    assert entry.request == MADE_UP
    _refuse(archive, MADE_UP)
    assert learn_links(archive) == 1
    assert [entry.request for entry in archive.queue.entries()] == [long(1)]


def test_a_refused_link_is_not_asked_for_in_another_spelling(archive: Archive) -> None:
    archive.save(make_article(url=long(1), state=State.HOLLOW))
    _tell(archive, 2, f"{long(1)}&scene=21")
    _refuse(archive, long(1))
    assert learn_links(archive) == 0
    assert not archive.queue.entries()


def test_a_link_that_waited_is_tried_where_that_of_a_seed_which_came_later_was_refused(
    archive: Archive,
) -> None:
    queue_links(archive, _links(long(1)), why="a list")
    archive.save(make_article(url=MADE_UP, state=State.HOLLOW))
    [entry] = archive.queue.entries()
    assert entry.request == MADE_UP  # the first of two that look alike
    _refuse(archive, MADE_UP)
    assert learn_links(archive) == 1
    assert [entry.request for entry in archive.queue.entries()] == [long(1)]


@pytest.mark.parametrize("known", [True, False])
def test_a_link_that_waits_in_another_archive_is_tried_where_that_of_this_one_was_refused(
    archive: Archive, tmp_path: Path, *, known: bool
) -> None:
    with Archive.open(tmp_path / "theirs.db") as theirs:
        for link, place in ((MADE_UP, archive), (long(1), theirs)):
            queue_links(place, _links(link), why="a list")
            if known:
                place.save(make_article(url=long(1, signed=False), state=State.HOLLOW))
        assert not [one.error for one in carry_over(archive, theirs, now=NOW) if one.error]
    [entry] = archive.queue.entries()
    assert entry.request == MADE_UP  # the first of two that look alike
    _refuse(archive, MADE_UP)
    assert learn_links(archive) == 1
    assert [entry.request for entry in archive.queue.entries()] == [long(1)]


def test_a_merge_brings_no_link_to_what_was_forgotten_here(
    archive: Archive, tmp_path: Path
) -> None:
    archive.forgotten.add(long(1), at=str(NOW))
    with Archive.open(tmp_path / "theirs.db") as theirs:
        for link in (MADE_UP, long(1)):
            queue_links(theirs, _links(link), why="a list")
        assert not [one.error for one in carry_over(archive, theirs, now=NOW) if one.error]
    assert archive.connection.execute("SELECT * FROM mentions").fetchall() == []


def test_a_damaged_link_stops_no_other_from_being_learned(archive: Archive) -> None:
    archive.save(make_article(url=long(1, signed=False), state=State.HOLLOW))
    for link in (MADE_UP, long(1)):
        queue_links(archive, _links(link), why="a list")
    _refuse(archive, MADE_UP)
    damaged = "INSERT INTO mentions SELECT url, link || CAST(x'FF' AS TEXT) FROM mentions"
    archive.connection.execute(damaged)
    assert learn_links(archive) == 1
    assert [entry.request for entry in archive.queue.entries()] == [long(1)]


def test_links_that_one_makes_up_are_asked_for_a_few_times_only(archive: Archive) -> None:
    made_up = [MADE_UP.replace(f"{0:076}", f"{number:076}") for number in range(20)]
    text = "# 雾号\n\n" + "，".join(f"[往期]({link})" for link in made_up) + "\n"
    archive.save(make_article(url=long(1, signed=False), state=State.HOLLOW))
    archive.save(make_article(url=short(2), state=State.OK, body=text))
    asked = 0
    while learn_links(archive):
        [entry] = archive.queue.entries()
        _refuse(archive, entry.request)
        asked += 1
    assert asked == 5
    assert not archive.queue.entries()


def test_a_broken_line_is_named_and_the_rest_goes_on(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"title,url\n甲,{short(1)}X\n乙,{short(2)}\n", encoding="utf-8")
    kept, broken = keep_lists(open_lists([file]), archive)
    assert kept.queued == 1
    assert broken.error is not None
    assert "line 2" in broken.error.subject
    assert "23 characters" in broken.error.what


@pytest.mark.parametrize(
    "content",
    [
        b"{" * 10_000,
        b"[" * 10_000 + b"]" * 10_000,
        b"name,price\nx,1\n",
        b"<html>login</html>",
        b"",
    ],
)  # fmt: skip
def test_what_names_no_article_is_counted_and_stops_nothing(
    archive: Archive, tmp_path: Path, content: bytes
) -> None:
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_bytes(content)
    good.write_text(f"url\n{short(1)}\n", encoding="utf-8")
    first, second = keep_lists(open_lists([bad, good]), archive)
    assert (first.state, first.error, first.queued) == (State.NOT_WECHAT, None, 0)
    assert second.queued == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 half a spreadsheet", "is no whole spreadsheet"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 mp.weixin.qq.com/s/x",
            "is a spreadsheet in the form XLS",
        ),
        (b"url\n" + b"a\n" * 500_001, "has more than 500,000 lines"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_list_that_is_broken_or_larger_than_any_is_named_and_stops_nothing(
    archive: Archive, tmp_path: Path, content: bytes, words: str
) -> None:
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_bytes(content)
    good.write_text(f"url\n{short(1)}\n", encoding="utf-8")
    first, second = keep_lists(open_lists([bad, good]), archive)
    assert words in str(first.error)
    assert second.queued == 1


def test_a_pipe_and_a_folder_are_named_and_hang_nothing(archive: Archive, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    outcomes = list(
        keep_lists(open_lists([tmp_path / "pipe.csv", tmp_path, tmp_path / "none"]), archive)
    )
    assert all(outcome.error is not None for outcome in outcomes)


def test_a_list_without_links_is_an_error_where_it_is_the_only_input(tmp_path: Path) -> None:
    file = tmp_path / "empty.txt"
    file.write_text("潮水\n", encoding="utf-8")
    with pytest.raises(InputError, match="lists no link"):
        read_list_file(str(file))


def test_a_link_that_was_given_with_words_around_is_the_link() -> None:
    assert one_link(f"潮水 {short(1)}。") == short(1)
    assert one_link("hello") == "hello"


def _links(*urls: str) -> list[Link]:
    return [Link(url=url) for url in urls]


def test_a_report_by_account_among_seeds_is_a_list_and_a_mention_is_none(
    archive: Archive, tmp_path: Path
) -> None:
    daily, note = tmp_path / "daily.md", tmp_path / "note.md"
    daily.write_text(
        f"- 灯塔通讯\n  - [潮水]({short(1)})\n  - [雾号]({short(2)})\n", encoding="utf-8"
    )
    note.write_text(f"# 随笔\n\n昨夜读到\n\n{short(3)}\n\n写得好。\n", encoding="utf-8")
    listed, mention = reclean([daily, note], archive)
    assert (listed.queued, listed.taken_for) == (2, "list (lines)")
    assert mention.state is State.NOT_WECHAT
    assert {(entry.title, entry.source) for entry in archive.queue.entries()} == {
        ("潮水", "灯塔通讯"),
        ("雾号", "灯塔通讯"),
    }


def test_a_list_beside_a_document_gives_it_the_link_that_it_lacks(
    archive: Archive, tmp_path: Path
) -> None:
    document, beside = tmp_path / "潮水.md", tmp_path / "data.json"
    head = "#  潮水   \n守塔人  灯塔通讯   2024-05-08 18:30  \n"
    document.write_text(f"{head}\n灯塔的光每隔七秒扫过一次海面。\n", encoding="utf-8")
    beside.write_text(json.dumps({long(1): "潮水"}), encoding="utf-8")
    lists = open_lists([beside])
    siblings = Siblings.of_lists((found.name, found.listing.links) for found in lists)
    [outcome] = reclean([document], archive, siblings=siblings)
    assert outcome.article_id == "MzA5MzE5MDAzOA==:2650000001:1"
    # the article is whole, so that its list adds nothing
    assert [kept.queued for kept in keep_lists(lists, archive)] == [0]


def test_a_refused_line_shows_no_credential(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"url\n{long(1)}x&key=s3cret\n{short(2)}\n", encoding="utf-8")
    outcomes = list(keep_lists(open_lists([file]), archive))
    assert any(outcome.error for outcome in outcomes)
    assert "s3cret" not in repr(outcomes)
    assert "s3cret" not in one_link(f"{short(1)}x?key=s3cret")


def test_a_refused_command_shows_none_of_its_headers_and_cookies(
    archive: Archive, tmp_path: Path
) -> None:
    secret = "5ecret" * 4
    file = tmp_path / "list.txt"
    command = f"curl -H 'x-wechat-key: {secret}' -b 'rewardsn=; ua_id={secret}' '{short(1)}x'"
    file.write_text(f"{command}\n{short(2)}\n", encoding="utf-8")
    outcomes = list(keep_lists(open_lists([file]), archive))
    assert any(outcome.error for outcome in outcomes)
    assert secret not in repr(outcomes)
    assert secret not in one_link(command)


def test_a_refused_line_shows_no_credential_behind_the_break_of_its_link(
    archive: Archive, tmp_path: Path
) -> None:
    secret, link = "0123456789abcdef" * 4, f"{short(1)}x"
    file = tmp_path / "list.txt"
    lines = f"{link} &key={secret}&uin=MTIz\n{link}\u200b&pass_ticket={secret}\n"
    file.write_text(lines, encoding="utf-8")
    outcomes = list(keep_lists(open_lists([file]), archive))
    assert sum(bool(outcome.error) for outcome in outcomes) == 2
    assert secret not in repr(outcomes)


def test_the_plain_text_that_a_list_carries_is_a_part_until_more_comes(
    archive: Archive, tmp_path: Path
) -> None:
    entry = {"aid": "2650000001_1", "fakeid": "MzA5MzE5MDAzOA==", "title": "潮水", "link": long(1)}
    entry |= {"_accountName": "灯塔通讯", "create_time": "1715164200"}
    text = "# 光扫过\n海面。\n\n1. 潮落"
    path = tmp_path / "all.json"
    path.write_text(json.dumps([{**entry, "content": text}]), encoding="utf-8")
    kept, listed = keep_lists(open_lists([path]), archive)
    assert (kept.state, kept.taken_for, listed.queued) == (State.TRUNCATED, "text", 0)
    record = archive.get(long(1))
    assert record is not None
    assert record.body == "# 潮水\n\n\\# 光扫过\n\n海面。\n\n1\\. 潮落\n"
    assert (record.account, record.date) == ("灯塔通讯", "2024-05-08")
    assert [entry.article_id for entry in archive.queue.entries()] == [record.id]
    page = f"---\ntitle: 潮水\nsource: {long(1)}\n---\n\n光扫过海面。\n"
    document = tmp_path / "潮水.md"
    document.write_text(page, encoding="utf-8")
    list(reclean([document], archive))
    better = archive.get(long(1))
    assert better is not None
    assert (better.state, better.producer) == ("ok", "unknown")
    assert archive.queue.entries() == []


def test_links_beside_those_of_a_list_are_told(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"标题,链接,次条链接\n潮水,{long(1)},{long(2)}\n", encoding="utf-8")
    [outcome] = keep_lists(open_lists([path]), archive)
    assert outcome.left.startswith("1 more link beside those of its rows or objects is left")
    assert long(2) in outcome.left


def test_a_copy_that_says_no_account_has_that_under_which_it_has_waited_as_its_source(
    archive: Archive, tmp_path: Path
) -> None:
    """It names no account's other articles; the day is told in words: both may be the list's."""
    listed = Link(url=long(1), title="别的题", account="灯塔通讯", date="2024-05-08")
    queue_links(archive, [listed], why="named in a list")
    path = tmp_path / "潮水.md"
    path.write_text(f"---\ntitle: 潮水\nurl: {long(1)}\n---\n潮水在夜里涨。\n", encoding="utf-8")
    [outcome] = reclean([path], archive)
    assert outcome.change == "added"
    record = archive.get(long(1))
    assert record
    assert (record.title, record.account, record.source) == ("潮水", "", "灯塔通讯")
    assert archive.connection.execute("SELECT name FROM accounts").fetchall() == []
    assert record.date == ""
    [event] = archive.history.events(record.id)
    assert event.detail == "a list names it under 2024-05-08"


@pytest.mark.parametrize("account", ["合集", ""])
def test_what_a_list_tells_is_not_said_over_what_is_known_of_an_article(
    archive: Archive, tmp_path: Path, account: str
) -> None:
    hollow = make_article(long(1), state=State.HOLLOW, body="", account="灯塔通讯")
    archive.save(replace(hollow, date="2024-05-08"))
    if account:
        queue_links(archive, [Link(url=long(1), account=account, date="2026-11-01")], why="")
    path = tmp_path / "潮水.md"
    path.write_text(f"---\ntitle: 潮水\nurl: {long(1)}\n---\n潮水在夜里涨。\n", encoding="utf-8")
    [outcome] = reclean([path], archive)
    record = archive.get(long(1))
    assert record
    assert (outcome.change, record.account, record.date) == ("updated", "灯塔通讯", "2024-05-08")
    assert not any("a list" in one.detail for one in archive.history.events(record.id))


def test_the_day_under_which_a_list_names_an_article_is_kept_in_the_queue(
    archive: Archive, tmp_path: Path
) -> None:
    path = tmp_path / "daily.json"
    entry = {"title": "潮水", "url": long(1), "date": "2024-05-08"}
    path.write_text(json.dumps({"灯塔通讯": [entry]}, ensure_ascii=False), encoding="utf-8")
    list(keep_lists(open_lists([path]), archive))
    [waiting] = archive.queue.entries()
    assert (waiting.title, waiting.source, waiting.date) == ("潮水", "灯塔通讯", "2024-05-08")


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("dump.json", '[{{"title": "潮水", "url": "{0}", "content": "{1}"}}]'),
        ("lines.jsonl", '{{"url": "{0}", "content_html": "{1}"}}\n{{"url": "https://a.b"}}\n'),
        ("dump.csv", "title,url,content_html\n潮水,{0},{1}\n"),
        ("正文.csv", "标题,链接,正文\n潮水,{0},{1}\n"),
    ],
)
def test_texts_that_a_dump_carries_and_nobody_reads_are_told(
    name: str, form: str, archive: Archive, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_text(form.format(short(1), "光扫过海面。" * 50), encoding="utf-8")
    listed, told = keep_lists(open_lists([file]), archive)
    assert (listed.queued, listed.error) == (1, None)
    assert told.error is not None
    assert "1 text in a form that is not read" in str(told.error)
    file.write_text(form.format(short(1), "光扫过海面。"), encoding="utf-8")
    [again] = keep_lists(open_lists([file]), archive)
    assert again.error is None


SITE = "https://lamp.example/"
_LINKING = "光扫过海面。" * 60 + f"[昨夜]({short(1)})" + "潮水退了。" * 60
_SHORT_TEXT = "光扫过海面。" * 30 + short(1) + "潮水退了。" * 30


@pytest.mark.parametrize(
    "dump",
    [
        [{"title": "潮水", "markdown": _LINKING}],
        {"documents": [{"title": "潮水", "body": _LINKING}]},
        {"潮水": _LINKING},
        [["潮水", _LINKING]],
        {"title": {"0": "潮水"}, "text": {"0": _LINKING}},
        {"columns": ["title", "text"], "index": [0], "data": [["潮水", _LINKING]]},
        {"title": {"3": "潮水"}, "url": {"3": short(1)}, "text": {"3": "光" * 600}},
        {"columns": ["title", "url", "text"], "data": [["潮水", short(1), "光" * 600]]},
        {"columns": ["url", "html"], "rows": [[short(1), _LINKING]], "ok": True},
        {"url": short(1), "content": {"type": "doc", "content": [{"text": "光扫过海面。"}] * 100}},
        {"url": short(1), "content": [{"tag": "p", "children": ["光扫过海面。"]}] * 100},
        {short(1): ["光扫过海面。"] * 100},
        {"text": "光扫过海面。" * 100, "meta": json.dumps({"url": short(1)})},
        {"Data": short(1), "Children": [{"Children": [{"Data": "光扫过海面。"}]}] * 100},
        {"blocks": [{"source": short(1)}, *[{"content": "光扫过海面。"}] * 100, {"content": SITE}]},
        {"title": "潮水", "content": "光" * 600, "see": short(1), "images": [{"src": "a"}]},
        {
            "headline": "潮水",
            "body": "光" * 600,
            "page": {"@id": short(1)},
            "author": {"name": "塔"},
        },
        {"title": "潮水", "text": "光" * 600, "links": [{"to": short(1)}]},
        {"data": {"info": {"to": short(1)}, "article": {"said": ["光" * 60] * 10}}},
        {
            "to": short(1),
            "doc": {"all": [{"type": "p", "all": [{"said": "光扫过海面。" * 8}]}] * 20},
        },
        {"found_uri": SITE, "to": short(1), "body": "光" * 600, "images": [{"src": "a"}]},
        {"text": "光" * 600, "from": {"name": "灯塔", "link": short(1)}},
    ],
)
def test_texts_of_json_that_name_no_link_of_their_own_or_stand_in_columns_are_told(
    dump: Any, archive: Archive, tmp_path: Path
) -> None:
    file = tmp_path / "dump.json"
    file.write_text(json.dumps(dump), encoding="utf-8")
    listed, told = keep_lists(open_lists([file]), archive)
    assert (listed.queued, listed.error) == (1, None)
    assert "1 text in a form that is not read" in str(told.error)
    assert [entry.url for entry in archive.queue.entries()] == [short(1)]


@pytest.mark.parametrize(
    "remarks",
    [
        {"messages": [{"from": "守塔人", "text": _SHORT_TEXT}, {"text": "光" * 900}]},
        [{"title": "潮水", "note": _LINKING}],
        [{"comments": [{"user": "守塔人", "text": _LINKING}]}],
        {"id": {"0": 1, "1": 2}, "note": {"0": _LINKING, "1": "光" * 900}},
        {"columns": ["id", "备注"], "data": [[1, _LINKING], [2, "光" * 900]]},
        {"title": {"0": "潮水"}, "text": {"0": _SHORT_TEXT}},
        {"children": [{"name": "昨夜", "url": short(1)}, *[{"name": "光" * 9, "url": SITE}] * 99]},
        {"children": [{"url": short(1)}, *[{"name": "光" * 9, "children": [{"uri": SITE}]}] * 99]},
        {"notice": "光" * 900, "messages": [{"text": "晚"}, {"text": short(1)}]},
        {"group": {"notice": "光" * 900}, "sent": [{"from": "塔", "message": short(1)}]},
        {"said": "光" * 900, "list": [{"name": "潮水", "url": short(1)}]},
        {"link": SITE, "text": "光" * 900, "links": [{"href": short(1)}]},
        {"page": {"link": SITE, "text": "光" * 900}, "see": short(1)},
        {"to": short(1), "recent": [{"day": "初一", "called": "光扫过海面。" * 4}] * 99},
        {"share_url": SITE, "text": "光" * 900, "card": {"to": short(1)}},
        {"canonical": [{"href": SITE}], "summary": {"content": "光" * 600 + short(1)}},
        {"names": ["光扫过海面。" * 3] * 50, "to": [short(1)]},
        {"post": {"link": short(1)}, "comments": ["光" * 900]},
        {"url": short(1), "comment_list": [{"content": "光扫过海面。", "reply": []}] * 100},
        {"url": short(1), "tags": [{"related": {"to": "x"}, "note": ["光扫过海面。"] * 100}]},
        {"children": [{"name": "昨夜", "url": short(1)}, {"children": [{"note": "光" * 900}]}]},
    ],
)
def test_what_a_chat_or_a_reader_says_of_an_article_is_no_text_of_one(
    remarks: Any, archive: Archive, tmp_path: Path
) -> None:
    file = tmp_path / "remarks.json"
    file.write_text(json.dumps(remarks), encoding="utf-8")
    [listed] = keep_lists(open_lists([file]), archive)
    assert (listed.queued, listed.error) == (1, None)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("dump.json", '[{{"title": "潮水", "url": "{0}", "raw_text": "{1}"}}]'),
        ("parts.json", '[{{"title": "潮水", "url": "{0}", "paragraphs": ["{1}", "{1}"]}}]'),
        ("source.json", '{{"title": "潮水", "source": "{0}", "raw_text": "{1}"}}'),
        ("by_number.json", '{{"links": [{{"id": 1, "url": "{0}"}}], "b": {{"1": "<p>{1}</p>"}}}}'),
        ("dump.csv", "标题,链接,文本\n潮水,{0},{1}\n"),
        ("dump.xml", "<?xml version='1.0'?><r><i><url>{0}</url><maintext>{1}</maintext></i></r>"),
        ("parts.xml", "<?xml version='1.0'?><r><i><url>{0}</url><main><p>{1}</p></main></i></r>"),
        ("doc.xml", '<doc title="潮水" url="{0}"><main><p>{1}</p></main></doc>'),
        ("notes.opml", '<opml><outline text="{0}"><outline text="{1}"/></outline></opml>'),
        ("links.xml", f'<doc url="{{0}}"><ref target="{short(2)}"/><p>{{1}}</p></doc>'),
    ],
)
def test_texts_under_a_name_that_nobody_knows_are_told_as_well(
    name: str, form: str, archive: Archive, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_text(form.format(short(1), "光扫过海面。" * 100), encoding="utf-8")
    listed, told = keep_lists(open_lists([file]), archive)
    assert (listed.queued, listed.error) == (1 + ("links" in name), None)
    assert "1 text in a form that is not read" in str(told.error)
    file.write_text(form.format(short(1), "光扫过海面。" * 40), encoding="utf-8")
    [again] = keep_lists(open_lists([file]), archive)
    assert again.error is None


@pytest.mark.parametrize(
    "form",
    [
        '<bookmark href="{0}"><title>潮水</title><desc>{1}</desc></bookmark>',
        '<node TEXT="潮水" LINK="{0}"><richcontent><p>{1}</p></richcontent></node>',
        '<article data-url="{0}"><h2>潮水</h2><p>{1}</p></article>',
    ],
)
def test_texts_in_elements_that_say_their_links_in_attributes_are_told(
    form: str, archive: Archive, tmp_path: Path
) -> None:
    file = tmp_path / "many.xml"
    words = "光扫过海面。" * 100
    file.write_text("".join(form.format(short(number), words) for number in (1, 2, 3)))
    _, told = keep_lists(open_lists([file]), archive)
    assert "in a form that is not read" in str(told.error)
    file.write_text("".join(form.format(short(number), words[:60]) for number in (1, 2, 3)))
    [again] = keep_lists(open_lists([file]), archive)
    assert again.error is None


@pytest.mark.parametrize("column", ["note", "excerpt", "Selection", "摘要"])
def test_what_a_reader_wrote_beside_a_link_is_no_text_of_its_article(
    column: str, archive: Archive, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        f"title,url,{column}\n潮水,{short(1)},{'光扫过海面。' * 200}\n", encoding="utf-8"
    )
    [listed] = keep_lists(open_lists([file]), archive)
    assert (listed.queued, listed.error) == (1, None)
