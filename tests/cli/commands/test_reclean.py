from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from tests.cli.conftest import rows_of
from tests.fake_answers import article, short_link
from tests.lookalikes import hollow_seed, link, whole_seed

ALBUM = "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA5MzE5MDAzOA==&action=getalbum&album_id=1"

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler
    from tests.fake_wechat import FakeWeChat


def test_a_page_is_cleaned_again_from_what_was_stored(crawler: Crawler, wechat: FakeWeChat) -> None:
    crawler("fetch", *(short_link("article", number) for number in range(3)))
    result = crawler("reclean", "--stored", "--json")
    assert result.exit_code == 0
    assert [json.loads(line)["change"] for line in result.stdout.splitlines()] == ["unchanged"] * 3
    assert len(wechat.record) == 3


def test_a_stored_page_that_is_damaged_is_named_and_the_others_are_cleaned_again(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    crawler("fetch", *(short_link("article", number) for number in range(3)))
    with Archive.open(folder / "archive.db") as archive:
        hurt = "UPDATE snapshots SET content = x'28b52ffd00' WHERE rowid = 1"
        archive.database.conn.execute(hurt)
        archive.database.conn.commit()
    result = crawler("reclean", "--stored", "--json")
    assert result.exit_code == 1
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert sorted(one["change"] or "" for one in told) == ["", "unchanged", "unchanged"]
    assert "is damaged" in result.stderr
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


def test_a_link_that_was_missing_makes_a_hollow_seed_fetchable(
    crawler: Crawler, folder: Path
) -> None:
    (folder / "a.md").write_text(hollow_seed(url=link(7, signed=False)), encoding="utf-8")
    assert "1 article without a link that works" in crawler("reclean", "a.md").stderr
    crawler("queue", "add", link(7))
    assert rows_of(folder, "select count(*) from queue where needs_link = 0") == [(1,)]


def test_a_hollow_seed_of_a_feed_lands_on_the_account_that_its_link_names(
    seeded: Crawler, folder: Path
) -> None:
    assert folder.is_dir()
    with Archive.open(folder / "archive.db") as archive:
        record = archive.get(link(2))
    assert record is not None
    assert (record.source, record.account, record.state) == ("Harbour feed", "临港日志", "hollow")
    assert seeded("reclean").exit_code == 0


def test_files_that_may_hold_articles_and_are_not_read_are_told_of(
    crawler: Crawler, folder: Path
) -> None:
    below = folder / "seeds" / "old"
    below.mkdir(parents=True)
    for name in (
        "a.tar.gz",
        "b.eml",
        "c.html~",
        "d.html.1",
        "e.md",
        "f.png",
        "g.warc.gz",
        "h.gz",
        ".i.md.icloud",
    ):
        (below / name).write_bytes(hollow_seed().encode())
    said = crawler("reclean", "seeds").stderr
    kinds = "2 .gz, 1 .eml, 1 .html.1, 1 .html~, 1 .icloud; unpack them"
    assert f"6 files not looked at: {kinds}" in said
    (below / "h.gz").unlink()
    assert "5 files not looked at: 1 " in crawler("reclean", "seeds").stderr
    assert "not looked at" not in crawler("reclean", str(below / "e.md")).stderr
    others = (
        "i.azw3",
        "j.textpack",
        "k.sql",
        "l.parquet",
        "m.har",
        "n.url",
        "o.mdx",
        "p.ris",
        "q.sy",
    )
    for name in others:
        (below / name).write_bytes(b"?")
    assert "14 files not looked at: " in crawler("reclean", "seeds").stderr


def test_such_files_in_a_packed_one_are_told_of_too(crawler: Crawler, folder: Path) -> None:
    with zipfile.ZipFile(folder / "a.zip", "w") as packed:
        packed.writestr("a.md", whole_seed())
        for name in ("b.html.gz", "c.html.gz", "d.docx", "e.png", "indexes/index.cdx.gz"):
            packed.writestr(name, b"?")
    (folder / "b.zip").write_bytes(b"PK, but no more")
    said = crawler("reclean", "a.zip", "b.zip")
    assert "3 files not looked at: 2 .gz, 1 .docx; unpack them" in said.stderr
    assert "1 added" in said.stderr


def test_of_many_that_are_left_each_is_named_where_the_run_says_so(
    crawler: Crawler, folder: Path
) -> None:
    for number in range(7):
        (folder / f"{number}.md").write_text(f"# 待读\n\n甲\n\n{link(number)}\n\n乙\n", "utf-8")
    result = crawler("reclean", "--json", *(f"{number}.md" for number in range(7)))
    assert "2 more say so; --json has each" in result.stderr
    left = [json.loads(line)["left"] for line in result.stdout.splitlines()]
    assert len([one for one in left if "beside a few words" in one]) == len(left) == 7


@pytest.mark.parametrize("suffix", ["txt", "md", "csv", "html", "json", "opml"])
def test_what_a_list_of_any_kind_names_and_is_no_whole_link_of_an_article_is_named(
    suffix: str, crawler: Crawler, folder: Path
) -> None:
    urls = (
        short_link("article", 1),
        short_link("article", 2),
        ALBUM,
        short_link("article", 3)[:-4],
    )
    anchors = "".join(f'<DT><A HREF="{url}">潮水</A>\n' for url in urls)
    outlines = "".join(f'<outline url="{url}"/>\n' for url in urls)
    made = {
        "txt": "\n".join(urls),
        "md": "".join(f"- {url}\n" for url in urls),
        "csv": "\n".join(["链接", *urls]),
        "html": f"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n{anchors}</DL>",
        "json": json.dumps([{"title": "潮水", "url": url} for url in urls]),
        "opml": f'<opml version="2.0"><body>{outlines}</body></opml>',
    }
    (folder / f"list.{suffix}").write_text(made[suffix], encoding="utf-8")
    result = crawler("reclean", f"list.{suffix}")
    assert result.exit_code == 1
    assert "leads to an album" in result.stderr
    assert "has a name of 18 characters" in result.stderr
    assert "2 articles" in result.stderr


def test_of_a_page_that_names_articles_only_what_is_broken_is_said(
    crawler: Crawler, folder: Path
) -> None:
    whole = short_link("article", 1)
    shown = f'<a href="{whole}">{whole[:-4]}...</a>, <a href="{ALBUM}">专辑</a>, '
    cut = f'<a href="{short_link("article", 3)[:-4]}">潮水</a>'
    for name, below, said in (
        ("cut", cut, "line 3 has a name of 18 characters"),
        ("whole", "", ""),
    ):
        page = f"<!DOCTYPE html><p>{shown}{below}</p>"
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
        result = crawler("reclean", "--json", f"{name}.html")
        assert result.exit_code == 0
        assert json.loads(result.stdout)["left"].partition(" behind")[0] == said


@pytest.mark.parametrize("tables", [["articles"], ["articles", "urls"], ["articles", "seeds"]])
@pytest.mark.parametrize("audited", [False, True])
def test_a_file_is_read_again_after_its_article_was_deleted_by_sql(
    audited: bool,  # noqa: FBT001
    tables: list[str],
    crawler: Crawler,
    folder: Path,
) -> None:
    for number in (1, 2):
        (folder / f"{number}.md").write_text(whole_seed(url=link(number)), encoding="utf-8")
    crawler("reclean", "1.md", "2.md")
    kept = "select id, body_hash, rule_id, count from articles join removed on id = article_id"
    before = rows_of(folder, f"{kept} order by id, rule_id")
    with closing(sqlite3.connect(folder / "archive.db")) as tool, tool:
        for table in tables:
            tool.execute(f"DELETE FROM {table} WHERE rowid = 1")  # noqa: S608
    if audited:
        assert "read its seed again with crawler reclean" in crawler("audit", "--fix").stdout
    result = crawler("reclean", "1.md", "2.md")
    assert "1 added, 1 unchanged" in result.stderr
    assert rows_of(folder, f"{kept} order by id, rule_id") == before
    assert crawler("audit").exit_code == 0
