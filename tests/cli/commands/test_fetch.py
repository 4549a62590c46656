from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive import Archive
from crawler.archive.saving import Queue, QueueEntry, arrival_of
from crawler.article import State
from crawler.fetch import Fetcher
from crawler.flows import read_feed
from tests.archive.specimens import make_article
from tests.clean.pages.lookalikes import notice
from tests.cli.conftest import rows_of
from tests.conftest import PAGES, index_of, needs_shared
from tests.fake_answers import (
    ANSWERS,
    NOTICES,
    VERIFICATION,
    Answer,
    album_page,
    article,
    feed,
    long_link,
    short_link,
    token,
)
from tests.fake_wechat import FakeWeChat
from tests.lookalikes import hollow_seed, whole_seed

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from crawler.clean.listings import Listing
    from crawler.fetch import FeedFetcher
    from tests.cli.conftest import Crawler

STATE_OF = {
    "blocked": "account_gone",
    "cancelled": "account_gone",
    "deleted_english": "deleted",
    "limited_notice": "rate_limited",
    "migrating": "unavailable",
}
WHOLE = [
    "code",
    "formula",
    "image_share",
    "normal",
    "old",
    "share",
    "table",
    "text",
    "video",
    "audio",
]


def _records(result: Result) -> list[dict[str, str]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("name", ["article", "gallery", "text", "repost"])
def test_an_article_of_each_kind_is_archived_with_its_text(
    crawler: Crawler, wechat: FakeWeChat, name: str
) -> None:
    result = crawler("fetch", short_link(name, 3), "--json")
    assert result.exit_code == 0, result.output
    [record] = _records(result)
    assert (record["state"], record["change"]) == ("ok", "added")
    shown = crawler("show", short_link(name, 3))
    assert shown.stdout.startswith(f"---\ntitle: {record['title']}\nurl: {short_link(name, 3)}\n")
    assert f"# {record['title']}\n" in shown.stdout
    assert wechat.names == [f"/s/{token(name, 3)}"]


@pytest.mark.parametrize("notice", sorted(NOTICES))
def test_a_notice_is_kept_as_its_state_and_never_as_an_article(
    crawler: Crawler, wechat: FakeWeChat, folder: Path, notice: str
) -> None:
    result = crawler("fetch", short_link(notice))
    assert wechat.record
    [(kept, body)] = rows_of(folder, "select state, body from articles")
    assert (kept, body) == (STATE_OF.get(notice, notice), "")
    assert result.exit_code == (3 if kept in ("verification", "rate_limited") else 0)


@pytest.mark.parametrize("place", ["appmsgalbum?album_id=1", "profile_ext?action=home"])
@pytest.mark.parametrize("said", ["该内容已被发布者删除", "请在微信客户端打开链接", ""])
def test_what_comes_in_place_of_an_album_or_an_account_is_no_article(
    crawler: Crawler, wechat: FakeWeChat, folder: Path, place: str, said: str
) -> None:
    wechat.answer_next(Answer(body=notice(said) if said else VERIFICATION))
    result = crawler("fetch", f"https://mp.weixin.qq.com/mp/{place}")
    assert wechat.record
    assert rows_of(folder, "select count(*) from articles") == [(0,)]
    assert rows_of(folder, "select count(*) from queue") == [(0,)]
    assert rows_of(folder, "select count(*) from events") == [(1,)]
    assert result.exit_code == (1 if said else 3)


def test_urls_come_from_arguments_a_file_and_stdin(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    (folder / "links.txt").write_text(
        f"# my list\n\n{short_link('article', 1)}\n", encoding="utf-8"
    )
    assert crawler("fetch", "-f", "links.txt", short_link("article", 2)).exit_code == 0
    assert crawler("fetch", "-f", "-", stdin=short_link("article", 3) + "\n").exit_code == 0
    assert len(wechat.record) == 3


def test_each_article_is_fetched_once_whatever_the_form_of_its_link(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    link = long_link(4)
    result = crawler(
        "fetch", link, link.replace("https", "http"), link.replace("&", "&amp;"), "--json"
    )
    assert result.exit_code == 0
    assert len(_records(result)) == 3
    assert len(wechat.record) == 1


def test_a_short_link_and_a_long_one_are_one_article(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    assert crawler("fetch", short_link("article", 5)).exit_code == 0
    assert crawler("fetch", long_link(5)).exit_code == 0
    assert len(wechat.record) == 1
    assert crawler("fetch", long_link(5), "--again").exit_code == 0
    assert len(wechat.record) == 2
    assert rows_of(folder, "select count(*) from articles") == [(1,)]


def test_a_deleted_page_never_takes_the_place_of_a_body(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    assert crawler("fetch", long_link(6)).exit_code == 0
    wechat.answer_next(Answer(body=_notice_page()))
    result = crawler("fetch", long_link(6), "--json", "--again")
    assert _records(result)[0]["state"] == "deleted"
    [(state, now, body)] = rows_of(folder, "select state, state_now, body from articles")
    assert (state, now) == ("ok", "deleted")
    assert "灯塔" in str(body)


@pytest.mark.parametrize("way", ["-f", "--queued"])
def test_what_a_list_tells_of_an_article_stays_where_a_notice_says_nothing_of_it(
    crawler: Crawler, wechat: FakeWeChat, folder: Path, way: str
) -> None:
    link = short_link("deleted", 7)
    text = f"标题,链接,公众号,发布时间\n港口夜航,{link},港口日志,2026-03-02 20:30\n"
    (folder / "list.csv").write_text(text, encoding="utf-8")
    crawler("queue", "add", *(("-f", "list.csv") if way == "--queued" else (short_link("text"),)))
    crawler("fetch", way, *(("list.csv",) if way == "-f" else ()))
    for _ in range(2):
        [[*told]] = rows_of(
            folder, "SELECT title, source, date FROM articles WHERE state = 'deleted'"
        )
        assert told == ["港口夜航", "港口日志", ""]
        assert rows_of(folder, "SELECT 1 FROM events WHERE detail LIKE '%under 2026-03-02'")
        wechat.answer_next(Answer(body=_notice_page()))
        crawler("fetch", "--again", link)


def _notice_page() -> bytes:
    text = NOTICES["deleted"]
    return f'<html><body><div class="weui-msg__title warn">{text}</div></body></html>'.encode()


def test_verification_stops_the_run_and_what_is_left_waits(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    wechat.verify_after = 1
    result = crawler("fetch", *(short_link("article", number) for number in range(4)), "--json")
    assert result.exit_code == 3
    assert [record["state"] for record in _records(result)] == ["ok", "verification"]
    assert len(wechat.record) == 2
    assert len(rows_of(folder, "select url from queue")) == 3
    wechat.forgive()
    again = crawler("fetch", "--queued")
    assert again.exit_code == 3
    assert "until" in again.stderr
    assert len(wechat.record) == 2
    assert "nothing is sent until" in crawler("status").stdout


def test_the_queue_is_fetched_when_the_run_goes_on(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    wechat.verify_after = 1
    crawler("fetch", *(short_link("article", number) for number in range(3)))
    wechat.forgive()
    with Archive.open(folder / "archive.db") as archive:
        archive.database.execute("delete from pace")
        archive.database.commit()
    result = crawler("fetch", "--queued")
    assert result.exit_code == 0, result.output
    assert rows_of(folder, "select count(*) from queue") == [(0,)]
    assert rows_of(folder, "select count(*) from articles where state = 'ok'") == [(3,)]


def test_a_page_that_always_asks_for_verification_keeps_no_other_from_being_fetched(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    links = [short_link(name) for name in ("captcha", "verification", "plain", "text")]
    for _ in range(4):
        crawler("fetch", "--queued") if wechat.record else crawler("fetch", *links)
        with Archive.open(folder / "archive.db") as archive:
            archive.database.execute("delete from pace")
            archive.database.commit()
    first, second = (f"/s/{token(name)}" for name in ("captcha", "verification"))
    others = [f"/s/{token(name)}" for name in ("plain", "text")]
    assert wechat.names == [first, *others, second, first, second]
    assert len(rows_of(folder, "select url from queue")) == 2


def test_what_is_done_leaves_the_queue_to_which_it_was_added_by_hand(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    links = [short_link(name) for name in ("article", "deleted")]
    for more in ([], ["--again"]):
        assert crawler("fetch", *links, *more).exit_code == 0
        assert crawler("queue", "add", *links).exit_code == 0
        assert len(rows_of(folder, "select url from queue")) == 2
        asked = len(wechat.record)
        result = crawler("fetch", "--queued", *more)
        assert rows_of(folder, "select url from queue") == []
        assert "in the queue" not in result.stderr
        assert len(wechat.record) == asked + len(links) * len(more)


@pytest.mark.parametrize(
    "breaks",
    [
        "UPDATE revisions SET body = x'00'; UPDATE articles SET body = substr(body, 1, 30)",
        "UPDATE snapshots SET content = x'00'",
        "UPDATE articles SET body = '', body_hash = '', characters = 0",
        "UPDATE articles SET date = '1970-01-01'",
    ],
)
def test_what_an_audit_lets_wait_for_what_is_wrong_with_it_is_asked_for_once(
    crawler: Crawler, wechat: FakeWeChat, folder: Path, breaks: str
) -> None:
    crawler("fetch", short_link("article", 3))
    with closing(sqlite3.connect(folder / "archive.db")) as database:
        database.executescript(breaks)
    assert "it waits in the queue now" in crawler("audit", "--fix").output
    for _ in range(2):
        crawler("fetch", "--queued")
        assert wechat.names == [f"/s/{token('article', 3)}"] * 2
    assert not crawler("queue", "list").stdout
    crawler("audit", "--fix")  # what a text that is whole again tells of the row
    assert crawler("audit").output == "all is well\n"


@pytest.mark.parametrize("lost", [f"{7:08x}&scene=27#rd", f"&chksm={7:076x}&scene=27#rd"])
def test_a_link_without_whole_chksm_is_not_sent_unless_asked_to(
    crawler: Crawler, wechat: FakeWeChat, folder: Path, lost: str
) -> None:
    link = long_link(7).removesuffix(lost)
    result = crawler("fetch", link)
    assert result.exit_code == 1
    assert "has no whole chksm" in result.stderr
    assert not wechat.record
    assert rows_of(folder, "select needs_link from queue") == [(1,)]
    assert crawler("fetch", link, "--unsigned", "try").exit_code == 0
    assert len(wechat.record) == 1


def test_a_better_form_of_the_same_article_is_fetched_instead(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    assert crawler("fetch", long_link(8)).exit_code == 0
    assert crawler("fetch", long_link(8, signed=False)).exit_code == 0
    assert all("chksm" in path for path in wechat.names)


def test_a_migrated_article_is_followed_once(crawler: Crawler, wechat: FakeWeChat) -> None:
    result = crawler("fetch", short_link("migrated", 1), "--json")
    assert result.exit_code == 0
    assert _records(result)[0]["state"] == "ok"
    assert wechat.names == [f"/s/{token('migrated', 1)}", f"/s/{token('article', 1)}"]


def test_where_a_migrated_article_went_waits_in_the_queue_until_it_was_fetched(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    assert crawler("fetch", short_link("migrated", 1), "--limit", "1").exit_code == 0
    assert wechat.names == [f"/s/{token('migrated', 1)}"]
    [(link, why)] = rows_of(folder, "select url, why from queue")
    assert (link, why) == (short_link("article", 1), "a migrated article went there")
    assert crawler("fetch", "--queued").exit_code == 0
    assert rows_of(folder, "select url from queue") == []
    assert len(rows_of(folder, "select id from articles where state = 'ok'")) == 1


def test_a_chain_of_migrated_articles_is_followed_no_further_than_redirects_are(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    for number in range(1, 20):
        target = f"var transferTargetLink = '{short_link('gone', number)}';"
        wechat.answer_next(Answer(body=notice("该公众号已迁移", script=target)))
    crawler("fetch", short_link("gone", 0))
    assert len(wechat.names) == 6
    assert rows_of(folder, "select url from queue") == [(short_link("gone", 6),)]


@pytest.mark.parametrize("name", ["expired", "brotli"])
def test_a_preview_that_brings_nothing_is_not_asked_for_by_every_run(
    crawler: Crawler, wechat: FakeWeChat, folder: Path, name: str
) -> None:
    preview = "https://mp.weixin.qq.com/s?src=11&timestamp=1&ver=1&signature=abc"
    crawler("queue", "add", preview)
    for _ in range(2):
        wechat.answer_next(ANSWERS[name](1, 0))
        crawler("fetch", "--queued", "--unsigned", "try")
    assert len(wechat.record) == 1
    assert rows_of(folder, "select url, attempts from queue") == [(preview, 1)]


@pytest.mark.parametrize("way", [["queue", "add"], ["fetch"]])
def test_an_article_whose_preview_has_expired_is_fetched_by_a_link_that_lasts(
    crawler: Crawler, wechat: FakeWeChat, way: list[str]
) -> None:
    wechat.answer_next(ANSWERS["expired"](1, 0))
    preview = long_link(1, signed=False).removesuffix("#rd") + "&tempkey=abcdef"
    assert "expired" in crawler("fetch", preview).stdout
    assert "done on" in crawler("fetch", preview).stdout
    crawler(*way, long_link(1))
    crawler("fetch", "--queued")
    assert "灯塔日记 1" in crawler("show", long_link(1)).stdout
    assert len(wechat.record) == 2


@pytest.mark.parametrize("link", [long_link(1), f"{short_link('gone')}?tempkey=abcdef"])
def test_a_link_that_was_refused_is_asked_for_once(
    crawler: Crawler, wechat: FakeWeChat, link: str
) -> None:
    wechat.answer_next(ANSWERS["bad_link"](1, 0))
    for _ in range(2):
        assert "bad_link" in crawler("fetch", link).stdout
    assert len(wechat.record) == 1


def test_links_that_were_refused_in_two_ways_are_asked_for_once_each(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    links = long_link(1), long_link(1).removesuffix("#rd") + "&version=2"
    for name in ("bad_link", "expired", "bad_link", "expired"):
        wechat.answer_next(ANSWERS[name](1, 0))
        crawler("fetch", *links)
    assert len(wechat.record) == 2


def test_a_link_in_whose_place_a_better_one_was_refused_is_asked_for_once(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    signed = long_link(1).removesuffix("&scene=27#rd")
    wechat.answer_next(ANSWERS["bad_link"](1, 0), ANSWERS["bad_link"](1, 0))
    crawler("fetch", f"{signed}&scene=27")
    crawler("queue", "add", signed)
    for _ in range(3):
        assert "bad_link" in crawler("fetch", long_link(1, signed=False)).stdout
    assert [sent.path for sent in wechat.record][1:] == [signed.partition("qq.com")[2]]


def test_a_link_that_was_refused_where_an_unsigned_one_was_given_is_sent_by_no_later_run(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    unsigned = long_link(1, signed=False)
    (folder / "a.md").write_text(hollow_seed(url=unsigned), encoding="utf-8")
    crawler("reclean", "a.md")
    crawler("queue", "add", long_link(1))
    wechat.answer_next(ANSWERS["expired"](1, 0))
    assert "expired" in crawler("fetch", unsigned).stdout
    crawler("fetch", "--queued")
    assert len(wechat.record) == 1
    sent = long_link(1).removesuffix("#rd")
    assert rows_of(folder, "select url from events where state = 'expired'") == [(sent,)]


@pytest.mark.parametrize("name", ["deleted", "violation", "expired", "unavailable"])
def test_an_article_whose_text_was_cut_is_not_asked_for_by_every_run_once_a_notice_stands_there(
    crawler: Crawler, wechat: FakeWeChat, folder: Path, name: str
) -> None:
    with Archive.open(folder / "archive.db") as archive:
        archive.save(make_article(long_link(1), state=State.TRUNCATED))
    for _ in range(3):
        wechat.answer_next(ANSWERS[name](1, 0))
        crawler("fetch", "--queued")
    assert len(wechat.record) == 1
    assert rows_of(folder, "select attempts, not_before <> '' from queue") == [(1, 1)]
    assert rows_of(folder, "select state, body <> '' from articles") == [("truncated", 1)]


@pytest.mark.parametrize("first", [State.TRUNCATED, State.HOLLOW])
def test_what_waits_is_asked_for_by_no_link_that_was_refused_where_another_is_known(
    crawler: Crawler, wechat: FakeWeChat, folder: Path, first: State
) -> None:
    refused, other = long_link(1).removesuffix("&scene=27#rd"), long_link(1)
    with Archive.open(folder / "archive.db") as archive:
        archive.save(make_article(refused, state=first))
    wechat.answer_next(ANSWERS["bad_link"](1, 0), ANSWERS["unavailable"](1, 0))
    crawler("fetch", "--queued")
    crawler("queue", "add", other)
    crawler("queue", "retry")
    crawler("fetch", "--queued")
    with Archive.open(folder / "archive.db") as archive:
        archive.queue.offer(refused)
        [entry] = archive.queue.entries()
    assert (entry.request, entry.needs_link) == (other.removesuffix("#rd"), False)
    assert [path.endswith("scene=27") for path in wechat.names] == [False, True]


def test_a_cut_article_whose_only_link_was_refused_waits_for_another(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    with Archive.open(folder / "archive.db") as archive:
        archive.save(make_article(long_link(1), state=State.TRUNCATED))
    wechat.answer_next(ANSWERS["bad_link"](1, 0))
    crawler("fetch", "--queued")
    crawler("queue", "retry")
    crawler("fetch", "--queued")
    assert len(wechat.record) == 1
    assert rows_of(folder, "select needs_link from queue") == [(1,)]


def test_a_further_copy_has_a_refused_link_sent_no_more_and_another_one_sent(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    copy = partial(make_article, state=State.TRUNCATED, fetch_date="2024-05-09T10:00:00")
    more = [copy(long_link(1), body=f"# 灯塔日记\n\n{'更长。' * n}\n") for n in (3, 99)]
    with Archive.open(folder / "archive.db") as archive:
        archive.save(copy(long_link(1)))
    wechat.answer_next(ANSWERS["bad_link"](1, 0))
    crawler("fetch", "--queued")
    with Archive.open(folder / "archive.db") as archive:
        archive.save_all([arrival_of(one) for one in more])
    assert rows_of(folder, "select needs_link, why like 'needs%' from queue") == [(1, 1)]
    crawler("queue", "retry")
    crawler("fetch", "--queued")
    assert len(wechat.record) == 1
    with Archive.open(folder / "archive.db") as archive:
        archive.save(copy(short_link("other"), id=more[0].id, body="# 灯塔日记\n\n还有。\n"))
    crawler("fetch", "--queued")
    assert len(wechat.record) == 2


def test_a_link_that_lasts_waits_on_beside_a_refused_one_and_is_the_one_that_is_sent(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    whole = long_link(1).removesuffix("&scene=27#rd")
    other = f"{whole[:-8]}ffffffff"
    wechat.answer_next(ANSWERS["bad_link"](1, 0))
    crawler("fetch", other)
    crawler("queue", "add", whole)
    assert "done on" in crawler("fetch", other).stdout
    assert "updated" in crawler("fetch", "--queued").stdout
    assert len(wechat.record) == 2


@pytest.mark.parametrize("waiting", [["{whole}"], ["{other}", "{whole}"], ["{whole}", "{other}"]])
def test_a_link_that_waits_is_sent_though_another_one_of_its_article_is_refused_before(
    crawler: Crawler, wechat: FakeWeChat, folder: Path, waiting: list[str]
) -> None:
    whole = long_link(1).removesuffix("&scene=27#rd")
    links = {"whole": long_link(1), "other": f"{whole[:-8]}ffffffff"}
    for link in waiting:
        crawler("queue", "add", link.format_map(links))
    wechat.answer_next(ANSWERS["bad_link"](1, 0))
    crawler("fetch", links["other"])
    assert "all is well" in crawler("audit").stderr
    assert "updated" in crawler("fetch", "--queued").stdout
    assert "灯塔日记 1" in crawler("show", links["other"]).stdout
    assert rows_of(folder, "select url from queue") == []


def test_another_link_of_an_article_is_taken_from_a_list_where_one_was_refused(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    whole = long_link(1).removesuffix("&scene=27#rd")
    (folder / "list.txt").write_text(f"{whole[:-8]}\n{whole}\n")
    (folder / "refused.txt").write_text(f"{whole[:-8]}ffffffff\n")
    wechat.answer_next(ANSWERS["bad_link"](1, 0))
    crawler("fetch", f"{whole[:-8]}ffffffff")
    crawler("queue", "add", "-f", "refused.txt")
    assert rows_of(folder, "select url from queue") == []
    crawler("queue", "add", "-f", "list.txt")
    assert "updated" in crawler("fetch", "--queued").stdout
    assert len(wechat.record) == 2


def test_a_damaged_look_at_one_article_keeps_no_other_of_a_list_from_being_fetched(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    whole = long_link(1).removesuffix("&scene=27#rd")
    wechat.answer_next(ANSWERS["bad_link"](1, 0))
    crawler("fetch", f"{whole[:-8]}ffffffff")
    with Archive.open(folder / "archive.db") as archive:
        archive.connection.execute("UPDATE events SET url = CAST(x'68FF' AS TEXT)")
    (folder / "list.txt").write_text(f"{long_link(2)}\n{whole}\n{long_link(3)}\n")
    assert crawler("fetch", "-f", "list.txt").exit_code == 0
    for number in (1, 2, 3):
        assert f"灯塔日记 {number}" in crawler("show", long_link(number)).stdout


def test_a_link_that_one_article_made_up_is_followed_by_that_which_another_tells(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    made_up = f"{long_link(1, signed=False)}&chksm={'f' * 76}"
    pages = [
        article(number, f'<p>第{number}夜另见<a href="{escape(link)}">潮水</a>，风停了。</p>')
        for number, link in ((2, made_up), (3, long_link(1)))
    ]
    wechat.answer_next(*(Answer(body=page) for page in pages), ANSWERS["bad_link"](1, 0))
    crawler("queue", "add", long_link(1, signed=False))
    crawler("fetch", long_link(2), long_link(3))
    assert "bad_link" in crawler("fetch", "--queued").stdout
    assert "灯塔日记 1" in crawler("fetch", "--queued").stdout


def test_of_two_links_in_one_list_the_second_is_tried_where_the_first_is_refused(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    whole = long_link(1).removesuffix("&scene=27#rd")
    other = f"{whole[:-8]}ffffffff"
    wechat.answer_next(ANSWERS["bad_link"](1, 0))
    told = crawler("fetch", other, other, whole, other, long_link(1)).stdout
    assert [line.split()[0] for line in told.splitlines()[:5]] == ["bad_link"] * 2 + ["ok"] * 3
    assert len(wechat.record) == 2


def test_of_two_links_in_one_list_the_second_is_not_sent_again_where_it_was_in_place_of_the_first(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    whole = long_link(1).removesuffix("&scene=27#rd")
    wechat.answer_next(*[ANSWERS["bad_link"](1, 0)] * 3)
    crawler("fetch", whole)
    told = crawler("fetch", long_link(1, signed=False), f"{whole[:-8]}ffffffff").stdout
    assert told.count("bad_link  ") >= 2
    assert len(wechat.record) == 2


@pytest.mark.parametrize("bad", [long_link(1, signed=False), long_link(1, signed=False)[:-8]])
def test_a_link_that_can_be_sent_is_fetched_though_one_that_cannot_stands_before_it(
    crawler: Crawler, wechat: FakeWeChat, bad: str
) -> None:
    told = crawler("fetch", bad, bad, long_link(1)).stdout
    assert "ok  added" in told
    assert len(wechat.record) == 1


def test_a_link_that_can_be_sent_waits_though_one_that_cannot_was_given_before_it(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    assert crawler("queue", "add", long_link(1, signed=False)).exit_code == 0
    wechat.answer_next(ANSWERS["verification"](2, 0))
    crawler("fetch", long_link(2), long_link(1, signed=False), long_link(1))
    assert rows_of(folder, "select count(*) from queue where not needs_link") == [(2,)]


def test_two_links_of_one_article_both_wait_where_a_run_comes_to_neither(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    """The second was kept nowhere: it was lost once the first was refused."""
    made_up = long_link(1).replace(f"{1:076x}", "0" * 76)
    crawler("fetch", long_link(2), made_up, long_link(1), "--limit", "1")
    wechat.answer_next(ANSWERS["bad_link"](1, 0))
    assert "bad_link" in crawler("fetch", "--queued").stdout
    assert "灯塔日记 1" in crawler("fetch", "--queued").stdout


def test_what_comes_of_a_preview_says_nothing_of_the_link_that_waits_for_its_article(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    crawler("queue", "add", long_link(1))
    wechat.answer_next(ANSWERS["brotli"](1, 0))
    crawler("fetch", long_link(1, signed=False) + "&tempkey=abcdef")
    assert len(wechat.record) == 1
    assert rows_of(folder, "select attempts from queue") == [(0,)]


def test_a_link_that_no_run_came_to_and_that_cannot_wait_is_told(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    album = "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA3MTIzNDU2Nw==&album_id=1"
    preview = "https://mp.weixin.qq.com/s?src=11&timestamp=1&ver=1&signature=abc"
    given = (long_link(1), album, long_link(2), preview)
    limited = crawler("fetch", "--discover", "--limit", "1", *given)
    assert "2 links not come to" in limited.stderr
    wechat.answer_next(ANSWERS["captcha"](2, 0))
    assert "2 links not come to" in crawler("fetch", long_link(3), *given).stderr
    assert "not come to" not in crawler("fetch", long_link(1), long_link(2)).stderr


PREVIEW = long_link(1, signed=False) + "&tempkey=abcdef"


@pytest.mark.parametrize("is_here", [True, False])
def test_a_preview_that_no_run_came_to_is_told_though_another_link_of_its_article_waits(
    crawler: Crawler, wechat: FakeWeChat, *, is_here: bool
) -> None:
    if is_here:
        wechat.answer_next(Answer(body=article(1, " ")))
        crawler("fetch", long_link(1))
    else:
        crawler("queue", "add", long_link(1, signed=False))
    limited = crawler("fetch", "--limit", "1", long_link(2), PREVIEW)
    assert "1 link not come to" in limited.stderr
    wechat.answer_next(Answer(body=article(1)))
    crawler("fetch", PREVIEW)
    assert "not come to" not in crawler("fetch", "--limit", "1", long_link(3), PREVIEW).stderr


def test_what_waits_in_a_long_queue_is_not_looked_for_once_more_where_a_run_ends(
    crawler: Crawler, wechat: FakeWeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawler("queue", "add", *map(long_link, range(3, 33)))
    asked: list[str] = []
    get = Queue.get

    def counted(queue: Queue, url: str) -> QueueEntry | None:
        asked.append(url)
        return get(queue, url)

    monkeypatch.setattr(Queue, "get", counted)
    told = crawler("fetch", long_link(2), PREVIEW, "--queued", "--limit", "1")
    assert "1 link not come to" in told.stderr
    assert len(wechat.record) == 1
    assert len(asked) < 10


def test_a_link_that_cannot_wait_is_told_also_where_a_feed_beside_it_ends_the_run(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    wechat.answer_next(ANSWERS["captcha"](1, 0))
    told = crawler("fetch", long_link(1), PREVIEW, "--feed", "https://mp.weixin.qq.com/feed")
    assert told.exit_code == 3
    assert "1 link not come to" in told.stderr
    assert "1 link in the queue" in told.stderr


def test_a_link_that_leads_to_an_album_is_not_asked_for_by_every_run(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    crawler("queue", "add", short_link("article", 1))
    wechat.answer_next(Answer(body=album_page(3)))
    for _ in range(2):
        crawler("fetch", "--queued")
    assert len(wechat.record) == 1
    assert rows_of(folder, "select attempts from queue") == [(1,)]


def test_a_short_link_that_leads_to_another_article_now_is_not_asked_for_by_every_run(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    link = short_link("hollow", 1)
    wechat.answer_next(Answer(body=article(1, " ")))
    crawler("fetch", link)
    wechat.answer_next(Answer(body=article(2)))
    moved = crawler("fetch", link)
    assert "another article stands there" in moved.stderr
    crawler("fetch", "--queued")
    assert len(wechat.record) == 2
    assert rows_of(folder, "select attempts from queue") == [(2,)]
    assert link not in crawler("show", long_link(2)).stdout  # for it leads to the first


def test_another_articles_page_of_which_no_address_can_be_made_ends_no_run(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    wechat.answer_next(Answer(body=article(2, sn="a" * 9000)))
    told = crawler("fetch", long_link(1), long_link(3))
    assert (told.exit_code, "no link of WeChat's is" in told.stderr) == (1, True)
    assert "灯塔日记 3" in crawler("show", long_link(3)).stdout
    assert rows_of(folder, "select attempts from queue") == [(1,)]


def test_another_articles_page_is_kept_as_its_own_and_the_link_waits_on(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    wechat.answer_next(Answer(body=article(2)))
    result = crawler("fetch", long_link(1))
    assert result.exit_code == 1
    assert "another article stands there" in result.stderr
    assert "灯塔日记 2" in crawler("show", long_link(2)).stdout
    assert "灯塔日记 2" not in crawler("show", long_link(1)).stdout
    assert len(rows_of(folder, "select url from queue")) == 1
    assert crawler("fetch", long_link(1)).exit_code == 0
    assert "灯塔日记 1" in crawler("show", long_link(1)).stdout


def test_a_forgotten_article_is_not_asked_for_where_a_migrated_one_leads_to_it(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    assert crawler("fetch", short_link("article", 1)).exit_code == 0
    assert crawler("forget", short_link("article", 1), "--yes").exit_code == 0
    assert crawler("fetch", short_link("migrated")).exit_code == 0
    assert wechat.names[1:] == [f"/s/{token('migrated')}"]
    assert rows_of(folder, "select state from articles") == [("migrated",)]


def test_a_link_that_turns_out_to_be_a_forgotten_articles_waits_for_no_other_try(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    assert crawler("fetch", short_link("article", 1)).exit_code == 0
    assert crawler("forget", short_link("article", 1), "--yes").exit_code == 0
    assert crawler("fetch", short_link("http", 1)).exit_code == 0
    assert wechat.names[-1].startswith(f"/s/{token('article', 1)}")
    assert rows_of(folder, "select url from queue") == []
    assert rows_of(folder, "select id from articles") == []


def test_a_download_cut_short_is_tried_again_and_then_named(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    (folder / "config.toml").write_text(
        f'[fetch]\ngateway = "{wechat.url}"\ninterval = 0\njitter = 0\nattempts = 1\n',
        encoding="utf-8",
    )
    result = crawler("fetch", short_link("cut", 1), short_link("article", 1))
    assert result.exit_code == 1
    assert short_link("cut", 1) in result.stderr
    assert rows_of(folder, "select count(*) from articles where state = 'ok'") == [(1,)]
    assert len(rows_of(folder, "select * from queue")) == 1


@pytest.mark.parametrize("command", [("fetch", "hello"), ("watch",), ("images",)])
def test_who_sends_says_so_where_the_settings_of_the_folder_send_it_elsewhere(
    crawler: Crawler, wechat: FakeWeChat, folder: Path, command: tuple[str, ...]
) -> None:
    assert crawler("fetch", short_link("article", 1)).exit_code == 0
    with (folder / "config.toml").open("a", encoding="utf-8") as file:
        file.write('\nhosts = ["a.example"]\ntrusted_networks = ["10.0.0.0/8"]\n')
    said = crawler(*command).stderr
    assert f"every request goes to {wechat.url}, as config.toml says" in said
    assert "requests may go to a.example, 10.0.0.0/8 as well, as config.toml says" in said


@pytest.mark.parametrize("url", ["https://example.com/a", "hello", "ftp://mp.weixin.qq.com/s/x"])
def test_a_url_that_is_not_wechats_is_named_and_the_others_go_on(
    crawler: Crawler, wechat: FakeWeChat, url: str
) -> None:
    result = crawler("fetch", url, short_link("article", 1))
    assert result.exit_code == 1
    assert url in result.stderr
    assert len(wechat.record) == 1


def test_an_empty_list_is_an_error_and_makes_no_archive(crawler: Crawler, folder: Path) -> None:
    (folder / "links.txt").write_text("\n# nothing\n", encoding="utf-8")
    for arguments in (["fetch", "-f", "links.txt"], ["fetch", "-f", "none.txt"]):
        result = crawler(*arguments)
        assert result.exit_code == 1
        assert "error:" in result.stderr
    assert not (folder / "archive.db").exists()


def test_a_titles_escape_sequences_never_reach_the_terminal(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    wechat.answer_next(Answer(body=article(9, title="\\x1b[2J灯\\u202e塔")))
    result = crawler("fetch", short_link("article", 9))
    assert "灯" in result.stdout
    assert not {"\x1b", "\u202e"} & set(result.output)


def test_a_feed_adds_the_articles_that_it_lists(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    (folder / "feed.xml").write_bytes(feed(3))
    assert crawler("fetch", "--feed", "feed.xml").exit_code == 0
    assert len(wechat.record) == 3
    crawler("fetch", "--feed", "feed.xml")
    assert len(wechat.record) == 3


def test_an_album_adds_nothing_unless_discovery_is_on(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    url = (
        "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA3MTIzNDU2Nw==&action=getalbum&album_id=1"
    )
    wechat.answer_next(Answer(body=album_page(3)), Answer(body=album_page(3)))
    result = crawler("fetch", url)
    assert result.exit_code == 1
    assert "an album" in result.stderr
    assert rows_of(folder, "select count(*) from queue") == [(0,)]
    with (folder / "config.toml").open("a", encoding="utf-8") as settings:
        settings.write("discover = true\n")
    assert crawler("fetch", url).exit_code == 0
    assert rows_of(folder, "select count(*) from queue") == [(3,)]


def test_what_a_limit_leaves_over_waits_in_the_queue(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    crawler("fetch", *(short_link("article", number) for number in range(5)), "--limit", "2")
    assert len(wechat.record) == 2
    assert rows_of(folder, "select count(*) from queue") == [(3,)]


def test_what_was_looked_at_lately_is_not_asked_for_again(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    for _ in range(2):
        assert crawler("fetch", short_link("article", 1), "--max-age", "1").exit_code == 0
    assert len(wechat.record) == 1


@pytest.mark.usefixtures("wechat")
@pytest.mark.parametrize("days", ["nan", "inf", "-1", "1e308", "800000"])
def test_an_age_that_no_look_can_have_is_wrong_usage(crawler: Crawler, days: str) -> None:
    assert crawler("fetch", short_link("article", 1)).exit_code == 0
    assert crawler("fetch", short_link("article", 1), "--max-age", days).exit_code == 2
    assert crawler("fetch", short_link("article", 1), "--max-age", "36500").exit_code == 0


def test_what_is_done_is_not_done_again_unless_asked_to(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    links = [short_link("article", 1), short_link("deleted", 1), short_link("unavailable", 1)]
    crawler("fetch", *links)
    again = crawler("fetch", *links, "--json")
    assert [seen for seen in wechat.names[3:] if "unavail" not in seen] == []
    details = [record["detail"] for record in _records(again)[:2]]
    assert all("--again asks anew" in detail for detail in details)
    before = len(wechat.record)
    crawler("fetch", *links[:2], "--again")
    assert len(wechat.record) == before + 2


def test_a_limit_counts_requests_and_not_what_is_done_already(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    links = [short_link("article", number) for number in range(6)]
    for done in (2, 4, 6):
        result = crawler("fetch", *links, "--limit", "2")
        assert len(wechat.record) == done
        assert rows_of(folder, "select count(*) from queue") == [(6 - done,)]
        said = "go on with: crawler fetch --queued" in result.stderr.splitlines()[-1]
        assert said == (done < 6)


def test_what_a_killed_run_did_not_come_to_waits_in_the_queue(
    crawler: Crawler, wechat: FakeWeChat, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    get = Fetcher.get

    def interrupted(self: Fetcher, url: str, **named: Any) -> object:
        if len(wechat.record) == 2:
            raise KeyboardInterrupt
        return get(self, url, **named)

    monkeypatch.setattr(Fetcher, "get", interrupted)
    result = crawler("fetch", *(short_link("article", number) for number in range(5)))
    assert result.exit_code == 130
    assert rows_of(folder, "select count(*) from queue") == [(3,)]
    last = result.stderr.splitlines()[-1]
    assert last == "3 links in the queue; go on with: crawler fetch --queued"
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    assert crawler("fetch", "--queued").exit_code == 0
    assert rows_of(folder, "select count(*) from queue") == [(0,)]
    assert len(wechat.record) == 5


@pytest.mark.parametrize(
    ("name", "kept"), [("article", "ok"), ("deleted", "deleted"), ("hollow", "hollow"), ("cut", "")]
)
def test_what_another_run_had_while_this_one_waited_for_its_turn_is_not_asked_for_again(
    crawler: Crawler, wechat: FakeWeChat, monkeypatch: pytest.MonkeyPatch, name: str, kept: str
) -> None:
    links = [short_link("article", number) for number in range(3)]
    crawler("queue", "add", *links)
    [first, *_] = [entry["request"] for entry in _records(crawler("queue", "list", "--json"))]
    wechat.answer_next(*[_MEANWHILE[name](9, 0)] * (3 if name == "cut" else 1))
    get = Fetcher.get

    def wait_for_another(self: Fetcher, url: str, **named: Any) -> object:
        monkeypatch.setattr(Fetcher, "get", get)
        crawler("fetch", "--queued", "--limit", "1")
        wechat.record.clear()
        return get(self, url, **named)

    monkeypatch.setattr(Fetcher, "get", wait_for_another)
    [told, *rest] = _records(crawler("fetch", "--queued", "--json"))
    assert (told["input"], told["state"] or "") == (first, kept)
    assert [one["change"] for one in (told, *rest)] == [None, "added", "added"]
    assert len(wechat.record) == 2
    crawler("fetch", first, "--again")  # which nobody else does
    assert len(wechat.record) == 3


_MEANWHILE = ANSWERS | {"hollow": lambda number, _: Answer(body=article(number, " "))}


def test_another_link_of_an_article_is_sent_though_the_first_was_tried_meanwhile(
    crawler: Crawler, wechat: FakeWeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = long_link(1).replace(f"{1:076x}", f"{2:076x}")
    crawler("queue", "add", long_link(1))
    wechat.answer_next(Answer(body=article(1, " ")))
    get = Fetcher.get

    def wait_for_another(self: Fetcher, url: str, **named: Any) -> object:
        monkeypatch.setattr(Fetcher, "get", get)
        crawler("fetch", "--queued")
        return get(self, url, **named)

    monkeypatch.setattr(Fetcher, "get", wait_for_another)
    [told] = _records(crawler("fetch", other, "--json"))
    assert told["state"] == "ok"
    assert len(wechat.record) == 2


def test_being_offline_stops_the_run_and_is_charged_to_no_article(
    crawler: Crawler, folder: Path
) -> None:
    settings = '[fetch]\ngateway = "http://127.0.0.1:9"\nattempts = 1\ninterval = 0\njitter = 0\n'
    (folder / "config.toml").write_text(settings, encoding="utf-8")
    result = crawler("fetch", *(short_link("article", number) for number in range(6)), "--json")
    assert result.exit_code == 1
    assert len(_records(result)) == 3
    assert "no connection came about for 3 links in a row" in result.stderr
    waiting = rows_of(folder, "select attempts, not_before from queue")
    assert waiting == [(0, "")] * 6


def test_what_a_phones_share_sheet_gives_is_fetched_alone_or_as_a_list(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    shared = [f"灯塔日记 {n}\n{short_link('article', n)}\n来自微信，复制打开" for n in range(3)]
    assert crawler("fetch", shared[0]).exit_code == 0
    assert crawler("fetch", "-f", "-", stdin="\n\n".join(shared[1:])).exit_code == 0
    assert [name for name in wechat.names if "/s/article" in name] == [
        short_link("article", n).removeprefix("https://mp.weixin.qq.com") for n in range(3)
    ]


@needs_shared
@pytest.mark.slow
def test_every_real_page_comes_out_in_its_state_and_with_its_text(
    crawler: Crawler, folder: Path
) -> None:
    rows = [
        row
        for row in index_of(PAGES)
        if row["scope"] == "full page" and row["kind"] != "browser_saved"
    ]
    names = [row["file"].rpartition("/")[2].partition(".html")[0] for row in rows]
    expected = {
        "deleted": "deleted",
        "verify": "verification",
        "violation": "violation",
        "album": "album",
    }
    expected |= {"account_page": "account_page"} | dict.fromkeys(WHOLE, "ok")
    # error_other, in their order
    others = ["unreadable", "bad_link", "unavailable", "ok", "expired", "rate_limited"]
    with FakeWeChat(pages=PAGES) as wechat:
        for name, row in zip(names, rows, strict=True):
            pace = f'[fetch]\ngateway = "{wechat.url}"\ninterval = 0\njitter = 0\n'
            text = f'{pace}[archive]\npath = "{name}.db"\n'
            (folder / "config.toml").write_text(text, encoding="utf-8")
            [record] = _records(
                crawler("fetch", f"https://mp.weixin.qq.com/s/{name:-<22}"[:49], "--json")
            )
            assert record["state"] == (
                others.pop(0) if row["kind"] == "error_other" else expected[row["kind"]]
            ), name


def test_only_whole_links_of_a_list_are_sent_and_the_rest_is_named(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    lines = [
        f"晚潮 {short_link('article', 1)}。",
        f"{long_link(2)} 灯塔与雾号",
        f"{short_link('article', 3)}words",
        "https://mp.weixin.qq.com/",
        short_link("article", 4).replace("//", "//user@"),
    ]
    (folder / "links.txt").write_text("\n".join(lines), encoding="utf-8")
    result = crawler("fetch", "-f", "links.txt")
    assert result.exit_code == 1
    assert len(wechat.record) == 2
    sent = long_link(2).removesuffix("#rd").removeprefix("https://mp.weixin.qq.com")
    assert [seen.path for seen in wechat.record] == [f"/s/{token('article', 1)}", sent]
    told = [line.replace("//user@", "//***@") for line in lines]
    for number in (3, 4, 5):
        assert f"links.txt, line {number}: {told[number - 1]}" in result.stderr
    assert rows_of(folder, "select count(*) from articles where state = 'bad_link'") == [(0,)]


def test_a_link_with_words_around_it_is_fetched_and_a_broken_one_is_not(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    assert crawler("fetch", f"{short_link('article', 1)}。").exit_code == 0
    assert wechat.names == [f"/s/{token('article', 1)}"]
    broken = crawler("fetch", "--unsigned", "try", short_link("article", 2)[:-1])
    assert broken.exit_code == 1
    assert "21 characters" in broken.stderr
    assert len(wechat.record) == 1


def test_a_page_gives_the_articles_that_wait_a_link_that_works(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    unsigned = long_link(7).partition("&chksm=")[0]
    assert crawler("queue", "add", unsigned).exit_code == 0
    assert rows_of(folder, "select needs_link from queue") == [(1,)]
    body = f'<p>灯塔照常亮起，守塔人记下了潮水的高度。<a href="{long_link(7)}">往期</a></p>'
    wechat.answer_next(Answer(body=article(1, body)))
    assert crawler("fetch", short_link("article", 1)).exit_code == 0
    [(needs_link, request)] = rows_of(folder, "select needs_link, request from queue")
    assert (needs_link, request) == (0, long_link(7).removesuffix("#rd"))


def test_a_feed_that_was_cut_says_so_beside_what_is_left_of_it(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    whole = feed(3)
    (folder / "cut.xml").write_bytes(whole[: whole.rindex(b"<item>") + 40])
    result = crawler("fetch", "--feed", "cut.xml")
    assert (result.exit_code, "it was cut" in result.stderr) == (1, True)
    assert len(wechat.record) == 2


def test_a_feed_that_does_not_come_keeps_no_other_link_from_being_fetched(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    (folder / "feed.xml").write_bytes(feed(2))
    given = ("--feed", "none.xml", "--feed", "feed.xml", short_link("article", 9))
    result = crawler("fetch", *given)
    assert (result.exit_code, "none.xml: no such file" in result.stderr) == (1, True)
    assert len(wechat.record) == 3


def test_a_link_waits_in_the_queue_where_a_feed_beside_it_ends_the_run(
    crawler: Crawler, wechat: FakeWeChat, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(name: str, fetcher: FeedFetcher) -> Listing:
        if name != "feed.xml":
            raise KeyboardInterrupt
        return read_feed(name, fetcher)

    monkeypatch.setattr("crawler.cli.commands.fetch.read_feed", pressed)
    (folder / "feed.xml").write_bytes(feed(1))
    given = short_link("article", 9)
    feeds = ("--feed", "feed.xml", "--feed", "other.xml")
    assert crawler("fetch", given, *feeds).exit_code == 130
    assert rows_of(folder, "select count(*) from queue") == [(2,)]
    assert wechat.record == []


@pytest.mark.parametrize("block", ["captcha", "limited", "verification", "limited_notice"])
def test_where_wechat_asks_to_be_left_alone_by_a_feed_nothing_more_is_sent(
    crawler: Crawler, wechat: FakeWeChat, folder: Path, block: str
) -> None:
    wechat.answer_next(ANSWERS[block](1, 0))
    feed_there = "https://mp.weixin.qq.com/feed"
    for _ in range(2):
        result = crawler("fetch", long_link(1), "--feed", feed_there)
        assert result.exit_code == 3
    assert wechat.names == ["/feed"]
    assert rows_of(folder, "select count(*) from queue") == [(1,)]


def test_a_feed_is_read_from_standard_input(crawler: Crawler, wechat: FakeWeChat) -> None:
    feed = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "今日",
            "items": [{"id": "1", "url": short_link("article", 1)}],
        }
    )
    result = crawler("fetch", "--feed", "-", stdin=feed)
    assert result.exit_code == 0, result.stderr
    assert len(wechat.record) == 1


def test_an_album_is_followed_where_the_command_says_so(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    album = (
        "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzI0NTk5OTk5MA==&action=getalbum&album_id=1"
    )
    refused = crawler("fetch", album)
    assert refused.exit_code == 1
    assert "--discover" in refused.stderr
    assert wechat.record
    followed = crawler("fetch", "--discover", album)
    assert followed.exit_code == 0, followed.stderr
    assert "wait in the queue" in followed.stdout


def test_a_look_at_what_was_forgotten_by_another_address_says_where_it_stands(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    link = short_link("article", 1)
    (folder / "seed.md").write_text(whole_seed(url=link), encoding="utf-8")
    crawler("reclean", "seed.md")
    crawler("fetch", long_link(1))
    assert crawler("forget", long_link(1), "--yes").exit_code == 0
    [(kept,)] = rows_of(folder, "select id from articles")
    looks = [["fetch", "--again", link], ["watch"]]
    for told in (crawler(*words).stderr for words in looks):
        assert f"forgotten by another address, and stands here: crawler forget {kept}" in told
    assert len(wechat.record) == 3
    crawler("forget", str(kept), "--yes")
    assert rows_of(folder, "select id from articles") == []


def test_an_album_does_not_say_that_a_forgotten_article_waits(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    album = "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA3MTIzNDU2Nw==&album_id=1"
    pages = [Answer(body=album_page(2)), Answer(body=album_page(2))]
    wechat.answer_next(*pages)
    assert "2 new ones wait in the queue" in crawler("fetch", "--discover", album).stdout
    first = json.loads(crawler("queue", "list", "--json").stdout.splitlines()[0])
    assert crawler("forget", first["url"], "--yes").exit_code == 0
    wechat.answer_next(*pages)
    assert "1 new ones wait in the queue" in crawler("fetch", "--discover", album).stdout


def test_an_article_that_is_gone_is_told_by_the_key_under_which_it_is_kept(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    link = short_link("article", 1)
    before = json.loads(crawler("fetch", "--json", link).stdout)
    wechat.answer_next(Answer(body=notice("该内容已被发布者删除")))
    after = json.loads(crawler("fetch", "--again", "--json", link).stdout)
    assert (after["state"], after["id"]) == ("deleted", before["id"])


def test_a_feed_of_ones_own_server_is_read_once_the_setting_is_there(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    with FakeWeChat() as own:
        refused = crawler("fetch", "--feed", f"{own.url}/feed")
        assert refused.exit_code == 1
        assert f'[fetch] feeds = ["{own.url}"] in config.toml' in refused.stderr
        assert own.record == []
        config = folder / "config.toml"
        text = config.read_text(encoding="utf-8") + f'feeds = ["{own.url}"]\n'
        config.write_text(text, encoding="utf-8")
        assert crawler("fetch", "--feed", f"{own.url}/feed").exit_code == 0
        assert own.names == ["/feed"]
    assert rows_of(folder, "select count(*) from articles where state = 'ok'") == [(3,)]
    assert all(seen.host == "mp.weixin.qq.com" for seen in wechat.record)


def test_a_feed_that_is_not_there_is_named_with_its_status(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    config = folder / "config.toml"
    text = config.read_text(encoding="utf-8") + f'feeds = ["{wechat.url}"]\n'
    config.write_text(text, encoding="utf-8")
    result = crawler("fetch", "--feed", f"{wechat.url}/none.xml")
    assert result.exit_code == 1
    assert "status 404" in result.stderr
