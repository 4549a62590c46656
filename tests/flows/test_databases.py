from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.archive import Archive
from crawler.article import Origin, State
from crawler.flows import keep_containers
from tests.archive.specimens import make_article
from tests.clean.listings.samples import short

PAGES = Path(__file__).parents[1] / "golden" / "pages"


def _database(path: Path, html: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE feeds (id, mp_name)")
        columns = "id, title, url, content, mp_id, publish_time, created_at"
        connection.execute(f"CREATE TABLE articles ({columns})")
        row = ("3090000000-2247000001_2", "潮水", short(1), html, "", "", "2026-05-24 08:33:43")
        connection.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        connection.commit()
    return path


def test_a_whole_page_in_a_row_is_read_as_one(archive: Archive, tmp_path: Path) -> None:
    page = (PAGES / "caption--figure" / "input.html").read_text()
    path = _database(tmp_path / "db.db", page + f"<!--{'x' * (1 << 20)}-->")
    kept, listed = keep_containers([path], archive)
    assert (kept.state, kept.taken_for, listed.detail) == (State.OK, "saved-page", "1 article")
    record = archive.get(short(1))
    assert record is not None
    assert (record.origin, record.account) == (Origin.FETCH, "青石电台")
    assert record.fetch_date == "2026-05-24T08:33:43"


@pytest.mark.parametrize("around", ["{}", "<html><body>{}</body></html>"])
def test_a_piece_of_one_is_read_as_a_text(archive: Archive, tmp_path: Path, around: str) -> None:
    piece = "<div id='js_content'><p>灯塔的光扫过海面。</p></div>"
    kept, _ = keep_containers([_database(tmp_path / "db.db", around.format(piece))], archive)
    assert (kept.state, kept.taken_for, kept.title) == (State.OK, "we-mp-rss", "潮水")


@pytest.mark.parametrize("beside", ["", "一句摘要。", "当前环境异常，完成验证后即可继续访问"])
def test_a_text_that_stands_in_its_other_column_is_read(
    archive: Archive, tmp_path: Path, beside: str
) -> None:
    path = _database(tmp_path / "db.db", beside)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE articles ADD content_html")
        text = "<p>灯塔的光扫过海面。</p>" * 9
        connection.execute("UPDATE articles SET content_html = ?", (text,))
        connection.commit()
    first = next(iter(keep_containers([path], archive)))
    assert first.state is State.OK
    record = archive.get(first.article_id)
    assert record
    assert record.body.count("灯塔的光扫过海面") == 9


def test_a_text_counts_before_a_notice_with_more_markup_in_its_other_column(
    archive: Archive, tmp_path: Path
) -> None:
    path = _database(tmp_path / "db.db", "<p>灯塔的光扫过海面。</p>" * 40)
    notice = f"<style>{'x' * 30_000}</style><p>该内容已被发布者删除</p>"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE articles ADD content_html")
        connection.execute("UPDATE articles SET content_html = ?", (notice,))
        connection.commit()
    assert next(iter(keep_containers([path], archive))).state is State.OK


def test_an_archive_of_somebody_else_is_told_how_to_bring_it_in(
    archive: Archive, tmp_path: Path
) -> None:
    with Archive.open(tmp_path / "theirs.db") as theirs:
        theirs.save(make_article())
    [told] = keep_containers([tmp_path / "theirs.db"], archive)
    assert (told.state, told.taken_for) == (State.NOT_WECHAT, "archive (crawler merge)")
    assert told.error is None
