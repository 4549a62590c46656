from __future__ import annotations

import json
from typing import TYPE_CHECKING

import feedparser  # type: ignore[import-untyped]
import pytest

from crawler.archive import Archive
from crawler.article import State
from tests.archive.specimens import make_article
from tests.clean.pages.lookalikes import notice
from tests.cli.conftest import rows_of
from tests.fake_answers import (
    ANSWERS,
    NOTICES,
    VERIFICATION,
    Answer,
    article,
    long_link,
    short_link,
)

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.archive.reading import Watched
    from tests.cli.conftest import Crawler
    from tests.fake_wechat import FakeWeChat

DELETED = Answer(body=notice(NOTICES["deleted"]))


def look_back(folder: Path, days: int) -> None:
    """Let all looks be so many days ago."""
    with Archive.open(folder / "archive.db") as archive, archive.transaction():
        for table, column in (
            ("events", "at"),
            ("articles", "fetch_date"),
            ("articles", "checked_at"),
        ):
            archive.database.execute(
                f"UPDATE {table} SET {column} ="  # noqa: S608
                f" strftime('%Y-%m-%dT%H:%M:%S.000000', {column}, '{-days:+} days')"
            )


@pytest.fixture
def watched(crawler: Crawler, wechat: FakeWeChat, folder: Path) -> Crawler:
    """Three articles that were fetched a hundred days ago."""
    assert crawler("fetch", *(long_link(number) for number in (1, 2, 3))).exit_code == 0
    look_back(folder, 100)
    wechat.record.clear()
    return crawler


def test_a_run_looks_at_what_is_due_and_says_what_it_found(
    watched: Crawler, wechat: FakeWeChat
) -> None:
    edited = Answer(body=article(2, "<p>改过的灯塔日记，正文与从前不同。</p>"))
    wechat.answer_next(DELETED, edited)
    result = watched("watch")
    assert result.exit_code == 0, result.output
    assert len(wechat.record) == 3
    gone, changed = result.stdout.splitlines()
    assert gone.startswith("gone  deleted  ")
    assert changed.startswith("edited  ok  ")
    assert "looked again: 1 gone, 1 edited, 1 same" in result.stderr
    assert watched("watch").exit_code == 0
    assert len(wechat.record) == 3  # nothing is due any more


def test_a_death_is_in_the_view_the_feed_and_the_history(
    watched: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    wechat.answer_next(DELETED)
    assert watched("watch", "--limit", "1").exit_code == 0
    look_back(folder, 1)
    wechat.answer_next(DELETED)
    result = watched("watch", "--feed", "deaths.xml")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("dead  deleted  ")
    assert "1 death in deaths.xml" in result.stderr
    [(state, said)] = rows_of(folder, "select state, notice from deaths")
    assert (state, said) == ("deleted", NOTICES["deleted"])
    [entry] = feedparser.parse((folder / "deaths.xml").read_bytes()).entries
    assert NOTICES["deleted"] in entry.summary


def test_a_plan_sends_nothing_and_says_what_comes_when(
    watched: Crawler, wechat: FakeWeChat
) -> None:
    result = watched("watch", "--plan", "--limit", "2")
    assert result.exit_code == 0, result.output
    assert wechat.record == []
    lines = result.stdout.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("due ") for line in lines)
    assert "3 articles watched, 3 of them due; 1,000 requests a day may look again" in result.stderr
    watched("watch", "--limit", "1")
    plan = [json.loads(line) for line in watched("watch", "--plan", "--json").stdout.splitlines()]
    assert [set(one) for one in plan] == [{"id", "title", "account", "at", "due", "why"}] * 3
    assert [one["due"] for one in plan] == [True, True, False]


def test_what_every_look_found_is_json(watched: Crawler, wechat: FakeWeChat) -> None:
    wechat.answer_next(DELETED, Answer(status=503), Answer(status=503), Answer(status=503))
    result = watched("watch", "--json")
    assert result.exit_code == 1  # one of them failed
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["found"] for one in found] == ["gone", "nothing", "same"]
    assert found[0]["detail"].count(NOTICES["deleted"]) == 1
    assert found[1]["error"]


def test_a_captcha_stops_the_run_and_the_feed_is_written_all_the_same(
    watched: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    wechat.answer_next(Answer(body=VERIFICATION))
    result = watched("watch", "--feed", "deaths.xml")
    assert result.exit_code == 3
    assert len(wechat.record) == 1
    assert (folder / "deaths.xml").is_file()
    assert rows_of(folder, "select count(*) from deaths") == [(0,)]
    assert rows_of(folder, "select distinct state from articles") == [("ok",)]
    assert watched("watch").exit_code == 3
    assert len(wechat.record) == 1


def test_a_page_that_says_when_it_was_modified_is_an_edit_though_its_text_reads_the_same(
    watched: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    wechat.answer_next(Answer(body=article(1, modify_time="1764900000")))
    result = watched("watch", "--limit", "1", "--json")
    assert [json.loads(line)["found"] for line in result.stdout.splitlines()] == ["edited"]
    modified = rows_of(folder, "select modified_at from articles where modified_at <> ''")
    assert modified == [("2025-12-05T10:00:00+08:00",)]


def test_an_account_that_moved_is_no_death_and_its_article_is_followed(
    watched: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    wechat.answer_next(Answer(body=article(1)), ANSWERS["migrated"](0, 0))
    result = watched("watch", "--limit", "3", "--json")
    assert result.exit_code == 0, result.output
    found = [json.loads(line)["found"] for line in result.stdout.splitlines()]
    assert found == ["same", "moved"]
    assert not any(one.is_gone for one in _articles(folder))


def _articles(folder: Path) -> list[Watched]:
    with Archive.open(folder / "archive.db") as archive:
        return archive.watched.articles()


def test_a_spent_share_of_the_day_is_no_failure(
    watched: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    with (folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write("daily_limit = 10\n[watch]\nshare = 0.2\n")
    look_back(folder, 0)
    result = watched("watch")
    assert result.exit_code == 0, result.output
    assert len(wechat.record) == 2
    assert "what watching may take of the daily limit is reached" in result.stderr


def test_a_clock_that_went_back_gets_a_clear_answer_and_a_way_on(
    watched: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    look_back(folder, -200)  # as if it had been a hundred days ahead
    result = watched("watch")
    assert result.exit_code == 1
    assert wechat.record == []
    assert "error: the clock: says " in result.stderr
    assert "it went back; set it; or" in result.stderr
    assert watched("watch", "--trust-clock").exit_code == 0
    assert watched("watch", "--plan").exit_code == 0


def test_an_archive_that_is_not_there_is_not_made(crawler: Crawler, folder: Path) -> None:
    result = crawler("watch")
    assert result.exit_code == 1
    assert list(folder.iterdir()) == []


def name_in_a_feed(folder: Path, link: str) -> str:
    item = f"<item><title>x</title><link>{link.replace('&', '&amp;')}</link></item>"
    feed = f"<rss version='2.0'><channel><title>y</title>{item}</channel></rss>"
    (folder / "feed.xml").write_text(feed, encoding="utf-8")
    return "feed.xml"


def test_a_link_that_a_strangers_feed_made_up_keeps_no_article_from_being_looked_at(
    watched: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    made_up = long_link(2).replace(f"{2:076x}", "0" * 76)
    assert watched("reclean", name_in_a_feed(folder, made_up)).exit_code == 0
    for _ in range(3):
        wechat.record.clear()
        assert watched("watch").exit_code == 0
        assert len(wechat.record) == 3
        assert not any("0" * 76 in name for name in wechat.names)
        look_back(folder, 100)


def test_where_the_link_of_an_article_is_refused_another_one_is_sent(
    watched: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    other = long_link(1).replace(f"{1:076x}", f"{17:076x}")
    assert watched("reclean", name_in_a_feed(folder, other)).exit_code == 0
    wechat.answer_next(Answer(body=notice(NOTICES["expired"])))
    assert watched("watch", "--limit", "1").exit_code == 0
    look_back(folder, 100)
    wechat.record.clear()
    assert watched("watch").exit_code == 0
    assert sum(f"chksm={17:076x}" in name for name in wechat.names) == 1


@pytest.mark.parametrize("links", [(long_link(1),), ()])
def test_a_refused_link_takes_nothing_from_what_was_said_of_an_article_that_is_gone(
    crawler: Crawler, wechat: FakeWeChat, folder: Path, links: tuple[str, ...]
) -> None:
    """It was one with a bad link then, and nothing looked at it by another link any more."""
    made_up = long_link(1).replace(f"{1:076x}", "0" * 76)
    gone = make_article(long_link(1, signed=False), state=State.DELETED)
    with Archive.open(folder / "archive.db") as archive:
        archive.save(gone)
        for link in (*links, made_up):
            archive.queue.offer(link)
    wechat.answer_next(*[Answer(body=notice(NOTICES["bad_link"]))] * (len(links) + 1))
    said = "SELECT state, state_now FROM articles"
    for _ in (*links, made_up):
        crawler("watch")
        assert rows_of(folder, said) == [("deleted", "bad_link")]
        look_back(folder, 100)
    assert len(set(wechat.names)) == len(wechat.names) == len(links) + 1
    assert "0 articles watched" in crawler("watch", "--plan").stderr


@pytest.mark.parametrize("link", [long_link(1), short_link("article", 1)])
def test_a_refused_link_of_an_article_that_is_gone_does_not_wait_to_be_sent_again(
    crawler: Crawler, wechat: FakeWeChat, folder: Path, link: str
) -> None:
    """Nor does a look go by it again: what is said of a short one is its article's."""
    bare = long_link(1, signed=False)
    with Archive.open(folder / "archive.db") as archive:
        archive.save(make_article(bare, state=State.DELETED, aliases=(link,)))
    wechat.answer_next(Answer(body=notice(NOTICES["bad_link"])))
    assert "in the queue" not in crawler("fetch", "--again", link).stderr
    assert rows_of(folder, "SELECT count(*) FROM queue") == [(0,)]
    assert rows_of(folder, "SELECT state, state_now FROM articles") == [("deleted", "bad_link")]
    assert "0 articles watched" in crawler("watch", "--plan").stderr


_LOOKS = {
    "captcha": (("expired", "captcha", "system", "expired", "article"), "FTTTF"),
    "notice": (("deleted", "article", "deleted", "deleted"), "FTTT"),
    "two notices": (("deleted", "deleted", "article"), "FTF"),
    "notice and faults": (("deleted", *("system",) * 3, "deleted", "deleted"), "FTTTFF"),
    "notice and refusal": (("deleted", "expired", "deleted", "deleted"), "FTFF"),
    "refusal": (("expired", *("system",) * 3, "expired", "system"), "FTTTFF"),
}
"""What comes of each look at an article that has two links -> whether the true one was sent."""


@pytest.mark.parametrize("name", _LOOKS)
def test_of_two_links_the_one_is_sent_that_told_something_or_was_tried_less(
    watched: Crawler, wechat: FakeWeChat, folder: Path, name: str
) -> None:
    for number in (2, 3):
        assert watched("forget", long_link(number), "--yes").exit_code == 0
    made_up = long_link(1).replace(f"{1:076x}", "0" * 76)
    assert watched("reclean", name_in_a_feed(folder, made_up)).exit_code == 0
    with Archive.open(folder / "archive.db") as archive, archive.transaction():
        archive.database.execute("DELETE FROM events")  # as of a seed: no link was tried
    known = {"captcha": Answer(body=VERIFICATION), "article": ANSWERS["article"](1, 0)}
    sent = ""
    for what in _LOOKS[name][0]:
        wechat.record.clear()
        wechat.answer_next(known.get(what) or Answer(body=notice(NOTICES[what])))
        watched("watch")
        sent += "".join("FT"[f"chksm={1:076x}" in one] for one in wechat.names)
        look_back(folder, 100)
        with Archive.open(folder / "archive.db") as archive, archive.transaction():
            archive.database.execute("DELETE FROM pace")  # the cool-down is over
    assert sent == _LOOKS[name][1]
