from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from crawler.archive.archive import Archive
from tests.fake_answers import Answer, album_page, article, feed, long_link, short_link
from tests.lookalikes import hollow_seed, link, whole_seed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler
    from tests.fake_wechat import FakeWeChat


def _count(folder: Path, query: str) -> int:
    with Archive.open(folder / "archive.db") as archive:
        return int(archive.database.execute(query).fetchone()[0])


def test_a_page_is_cleaned_again_from_what_was_stored(crawler: Crawler, wechat: FakeWeChat) -> None:
    crawler("fetch", *(short_link("article", number) for number in range(3)))
    result = crawler("reclean", "--stored", "--json")
    assert result.exit_code == 0
    assert [json.loads(line)["change"] for line in result.stdout.splitlines()] == ["unchanged"] * 3
    assert len(wechat.record) == 3


def test_pages_travel_by_warc_and_by_html(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    crawler("fetch", short_link("article", 1))
    assert wechat.record
    assert crawler("export", "--warc", "pages.warc.gz").exit_code == 0
    (folder / "saved.html").write_bytes(article(2))
    result = crawler("--db", "new.db", "reclean", "pages.warc.gz", "saved.html", "--json")
    assert result.exit_code == 0, result.output
    assert [json.loads(line)["state"] for line in result.stdout.splitlines()] == ["ok", "ok"]
    assert (
        crawler("--db", "new.db", "show", short_link("article", 1)).stdout
        == crawler("show", short_link("article", 1)).stdout
    )


def test_jsonl_has_every_article(crawler: Crawler, wechat: FakeWeChat) -> None:
    crawler("fetch", short_link("article", 1), short_link("deleted", 1))
    assert wechat.record
    states = [
        json.loads(line)["state"] for line in crawler("export", "--jsonl").stdout.splitlines()
    ]
    assert sorted(states) == ["deleted", "ok"]


def test_a_snapshot_can_be_shown_as_the_input_of_a_case(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    crawler("fetch", short_link("article", 1))
    assert wechat.record
    assert "灯塔" in crawler("show", short_link("article", 1), "--snapshot").stdout


def test_history_shows_each_body_and_each_look(crawler: Crawler, wechat: FakeWeChat) -> None:
    crawler("fetch", long_link(1))
    wechat.answer_next(Answer(body=article(1, "<p>潮水退了，守塔人改写了这一夜。</p>")))
    crawler("fetch", long_link(1))
    lines = [
        json.loads(line) for line in crawler("history", long_link(1), "--json").stdout.splitlines()
    ]
    assert [line["type"] for line in lines] == ["revision", "revision", "event", "event"]
    assert "+潮水退了，守塔人改写了这一夜。" in crawler("history", long_link(1), "--diff").stdout


def test_the_queue_is_listed_added_to_dropped_from_and_retried(
    crawler: Crawler, folder: Path
) -> None:
    assert crawler("queue", "add", short_link("article", 1), link(5, signed=False)).exit_code == 0
    listed = crawler("queue", "list").stdout
    assert "ready" in listed
    assert "needs a link" in listed
    assert crawler("queue", "add", "https://example.com/").exit_code == 1
    assert crawler("queue", "drop", short_link("article", 1)).exit_code == 0
    assert crawler("queue", "drop", short_link("article", 1)).exit_code == 1
    assert crawler("queue", "retry").exit_code == 0
    assert _count(folder, "select count(*) from queue") == 1


def test_a_link_that_was_missing_makes_a_hollow_seed_fetchable(
    crawler: Crawler, folder: Path
) -> None:
    (folder / "a.md").write_text(hollow_seed(url=link(7, signed=False)), encoding="utf-8")
    assert "1 need a better link" in crawler("reclean", "a.md").stderr
    crawler("queue", "add", link(7))
    assert _count(folder, "select count(*) from queue where needs_link = 0") == 1


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
    assert _count(folder, "select count(*) from queue") == 0
    with (folder / "config.toml").open("a", encoding="utf-8") as settings:
        settings.write("discover = true\n")
    assert crawler("fetch", url).exit_code == 0
    assert _count(folder, "select count(*) from queue") == 3


def test_what_a_limit_leaves_over_waits_in_the_queue(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    crawler("fetch", *(short_link("article", number) for number in range(5)), "--limit", "2")
    assert len(wechat.record) == 2
    assert _count(folder, "select count(*) from queue") == 3


def test_what_was_looked_at_lately_is_not_asked_for_again(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    for _ in range(2):
        assert crawler("fetch", short_link("article", 1), "--max-age", "1").exit_code == 0
    assert len(wechat.record) == 1


def test_pictures_come_with_an_article_and_are_linked_in_its_export(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    assert crawler("fetch", short_link("article", 1), "--images").exit_code == 0
    assert {seen.host for seen in wechat.record} == {"mp.weixin.qq.com", "mmbiz.qpic.cn"}
    assert list((folder / "images").rglob("*.*"))
    assert crawler("export", "out", "--local-images").exit_code == 0
    [path] = (folder / "out").rglob("*.md")
    assert "https://mmbiz.qpic.cn/mmbiz_png/tower" not in path.read_text(encoding="utf-8")
    assert crawler("images").exit_code == 0
    assert "0 pictures" in crawler("images").stderr


def test_an_audit_of_a_sound_archive_finds_nothing(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    (folder / "a.md").write_text(whole_seed(), encoding="utf-8")
    crawler("reclean", "a.md")
    crawler("fetch", short_link("article", 1), short_link("deleted", 1))
    assert wechat.record
    result = crawler("audit")
    assert (result.exit_code, "all is well" in result.stderr) == (0, True), result.output


def test_an_audit_names_a_body_that_is_a_notice(crawler: Crawler, folder: Path) -> None:
    (folder / "a.md").write_text(whole_seed(), encoding="utf-8")
    crawler("reclean", "a.md")
    with Archive.open(folder / "archive.db") as archive:
        archive.database.execute(
            "update articles set body = '# 渡轮恢复通航\n\n该内容已被发布者删除\n'"
        )
        archive.database.commit()
    result = crawler("audit")
    assert result.exit_code == 1
    assert "notice" in result.stdout


def test_the_index_is_built_anew(crawler: Crawler, folder: Path) -> None:
    (folder / "a.md").write_text(whole_seed(), encoding="utf-8")
    crawler("reclean", "a.md")
    assert "1 articles are in the index" in crawler("index", "--rebuild").stderr
    assert "渡轮" in crawler("search", "渡轮").stdout


@pytest.fixture
def promoted(crawler: Crawler, folder: Path) -> Crawler:
    """An archive of eight articles of one account, each with the same head and tail of its own."""
    for number in range(8):
        middle = f"第{number}天，码头记事{'一二三四五六七八'[number]}则。"
        body = f"**长按二维码关注临港日志**\n\n{middle}\n\n商务合作请致电码头值班室"
        text = whole_seed(body, title=f"码头记事 {number}", url=link(number + 1))
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
    assert crawler("reclean", ".").exit_code == 0
    return crawler


def test_what_an_account_repeats_at_its_edges_goes_and_can_come_back(
    promoted: Crawler, folder: Path
) -> None:
    shown = promoted("show", link(1)).stdout
    assert "第0天" in shown
    assert "二维码" not in shown
    assert "值班室" not in shown
    assert "长按二维码关注临港日志" in promoted("promo", "临港日志").stdout
    assert _count(folder, "select count(*) from removed where rule_id glob 'promo:*'") == 16
    promoted("reclean", ".", "--no-promo")
    assert "二维码" in promoted("show", link(1)).stdout
    assert _count(folder, "select count(*) from revisions") == 8


def test_cleaning_again_changes_nothing_of_what_promotion_left(
    promoted: Crawler, folder: Path
) -> None:
    before = promoted("show", link(3)).stdout
    promoted("reclean", ".")
    assert promoted("show", link(3)).stdout == before
    assert promoted("audit").exit_code == 0
    assert folder.is_dir()
