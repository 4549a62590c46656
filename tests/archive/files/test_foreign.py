from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.archive.files import read_foreign
from crawler.errors import InputError
from tests.archive.journals import forge_journal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NUMBER, BIZ = "3090000000", "MzA5MDAwMDAwMA=="
FEED = f"MP_WXS_{NUMBER}"
TOKEN = "AbCdEfGhIjKlMnOpQrStUv"  # noqa: S105  (the name of an article)


def _database(path: Path, tables: str, **rows: Sequence[object]) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(tables)
        for name, values in rows.items():
            marks = ", ".join("?" * len(values))
            connection.execute(f"INSERT INTO {name.rstrip('_')} VALUES ({marks})", values)  # noqa: S608
        connection.commit()
    return path


def _wewe_rss(path: Path) -> Path:
    return _database(
        path,
        """
        CREATE TABLE accounts (id, token, name);
        CREATE TABLE feeds (id, mp_name);
        CREATE TABLE articles (id, mp_id, title, pic_url, publish_time, created_at);
        """,
        accounts=(1, "s3cret", "x"),
        feeds=(FEED, "灯塔通讯"),
        articles=(TOKEN, FEED, "潮水", "", 1715164200, 1),
    )


def _we_mp_rss(path: Path) -> Path:
    key, link = f"{NUMBER}-2247000001_2", f"https://mp.weixin.qq.com/s/{TOKEN}"
    gone = f"{NUMBER}-2247000003_1", "MP_WXS_9", "雾号", link[:-1] + "w", "DELETED", None, None
    return _database(
        path,
        """
        CREATE TABLE feeds (id, mp_name, faker_id);
        CREATE TABLE articles (id, mp_id, title, url, content, publish_time, created_at);
        """,
        feeds=(FEED, "灯塔通讯", BIZ),
        articles=(key, FEED, "潮水", link, "<p>光</p>", 1715164200, "2024-05-09"),
        articles_=gone,
    )


def test_an_article_of_wewe_rss_is_its_short_link(tmp_path: Path) -> None:
    [article] = read_foreign(_wewe_rss(tmp_path / "a.db"))
    assert article.url == f"https://mp.weixin.qq.com/s/{TOKEN}"
    assert (article.account, article.biz, article.published) == ("灯塔通讯", BIZ, "1715164200")
    assert "s3cret" not in repr(article)


def test_an_article_of_we_mp_rss_tells_its_identity_and_its_text(tmp_path: Path) -> None:
    one, two = read_foreign(_we_mp_rss(tmp_path / "a.db"))
    assert (one.biz, one.mid, one.idx, one.html) == (BIZ, "2247000001", "2", "<p>光</p>")
    assert (two.html, two.published, two.account) == ("", "", "")


def test_the_feed_of_articles_that_were_given_one_by_one_is_no_account(tmp_path: Path) -> None:
    path = _we_mp_rss(tmp_path / "a.db")
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "UPDATE feeds SET id = ?, mp_name = '精选文章'", ("MP_WXS_FEATURED_ARTICLES",)
        )
        database.execute("UPDATE articles SET mp_id = 'MP_WXS_FEATURED_ARTICLES'")
        database.commit()
    assert [article.account for article in read_foreign(path)] == ["", ""]


@pytest.mark.parametrize("has_log", [False, True])
def test_a_database_whose_name_is_no_utf_8_is_read(tmp_path: Path, *, has_log: bool) -> None:
    path = _wewe_rss(tmp_path / os.fsdecode(b"a\xff.db"))
    if has_log:
        path.with_name(f"{path.name}-journal").write_bytes(b"?")
    [article] = read_foreign(path)
    assert article.title == "潮水"


def test_values_of_any_type_are_read_as_the_text_that_they_are(tmp_path: Path) -> None:
    path = _we_mp_rss(tmp_path / "a.db")
    with closing(sqlite3.connect(path)) as connection:
        said = ("潮水".encode(), "<p>光</p>".encode("gb18030"), b"")
        connection.execute("UPDATE articles SET title = ?, content = ?, created_at = ?", said)
        connection.commit()
    one, _ = read_foreign(path)
    assert (one.title, one.html, one.saved) == ("潮水", "<p>光</p>", "")


def test_a_character_that_is_none_spoils_no_row(tmp_path: Path) -> None:
    path = _wewe_rss(tmp_path / "a.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO articles (id, title) VALUES ('b', CAST(x'e6bdaeff' AS TEXT))"
        )
        connection.execute("INSERT INTO articles (title) VALUES ('无')")
        connection.commit()
    found = {article.title: article.url for article in read_foreign(path)}
    assert found == {
        "潮水": f"https://mp.weixin.qq.com/s/{TOKEN}",
        "潮\ufffd": "https://mp.weixin.qq.com/s/b",
        "无": "https://mp.weixin.qq.com/s/",
    }


def test_nothing_is_written_beside_a_database_and_a_lock_does_not_matter(tmp_path: Path) -> None:
    path = _wewe_rss(tmp_path / "a.db")
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        before = sorted(tmp_path.iterdir())
        assert len(list(read_foreign(path))) == 1
        assert sorted(tmp_path.iterdir()) == before


def test_what_stands_in_a_log_alone_is_read_and_the_log_left_as_it_is(tmp_path: Path) -> None:
    path = _wewe_rss(tmp_path / "a.db")
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("INSERT INTO articles SELECT 'x' || id, 2, 3, 4, 5, 6 FROM articles")
        writer.commit()
        before = {file: file.read_bytes() for file in tmp_path.iterdir()}
        assert tmp_path / "a.db-wal" in before
        assert len(list(read_foreign(path))) == 2
        assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_what_a_killed_writer_did_not_finish_is_not_read(tmp_path: Path) -> None:
    path = _wewe_rss(tmp_path / "live.db")
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("PRAGMA cache_spill = 1")
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3000)"
        writer.execute(f"INSERT INTO articles {numbers} SELECT i, 2, 3, 4, 5, 6 FROM n")  # noqa: S608
        for ending in ("", "-journal"):
            shutil.copyfile(f"{path}{ending}", tmp_path / f"killed.db{ending}")
    killed = tmp_path / "killed.db"
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    assert len(list(read_foreign(killed))) == 1
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_the_log_of_a_database_to_which_a_link_leads_is_read_with_it(tmp_path: Path) -> None:
    path = _wewe_rss(tmp_path / "b.db")
    (tmp_path / "a.db").symlink_to(path)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("INSERT INTO articles SELECT 'x' || id, 2, 3, 4, 5, 6 FROM articles")
        writer.commit()
        assert len(list(read_foreign(tmp_path / "a.db"))) == 2


def test_a_journal_that_names_a_file_removes_none(tmp_path: Path) -> None:
    path, mine = _wewe_rss(tmp_path / "a.db"), tmp_path / "mine"
    mine.write_text("notes", encoding="utf-8")
    forge_journal(path, mine)
    with pytest.raises(InputError, match="names another file"):
        list(read_foreign(path))
    assert mine.read_text(encoding="utf-8") == "notes"


def test_another_database_has_no_articles_for_us(tmp_path: Path) -> None:
    path = _database(tmp_path / "a.db", "CREATE TABLE articles (id, title);")
    assert list(read_foreign(path)) == []


@pytest.mark.parametrize(
    "articles",
    [
        "TABLE articles (id, mp_id, publish_time, created_at, title AS (hex(zeroblob(9))))",
        "VIRTUAL TABLE articles USING fts5(id, mp_id, publish_time, created_at, title)",
        "VIEW articles AS SELECT 1 AS id, 1 AS mp_id, 1 AS publish_time, 1 AS title",
    ],
)
def test_what_a_database_would_compute_is_not_read(tmp_path: Path, articles: str) -> None:
    tables = f"CREATE TABLE feeds (id, mp_name); CREATE {articles}"
    path = _database(tmp_path / "a.db", tables)
    if "VIEW" not in articles:
        insert = "INSERT INTO articles (id, mp_id) VALUES ('a', 'b');"
        renamed = "UPDATE sqlite_master SET sql = replace(sql, 'E V', 'E/**/V');"
        _database(path, f"{insert} PRAGMA writable_schema = ON; {renamed}")
    assert list(read_foreign(path)) == []


def test_a_join_of_each_row_with_all_others_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.archive.files.foreign._STEPS", 0)
    path = _wewe_rss(tmp_path / "a.db")
    with closing(sqlite3.connect(path)) as database:
        database.executemany("INSERT INTO feeds VALUES (?, '灯塔')", [[FEED]] * 2000)
        copies = [[f"{number:022}", FEED] for number in range(2000)]
        database.executemany("INSERT INTO articles (id, mp_id) VALUES (?, ?)", copies)
        database.commit()
    with pytest.raises(InputError, match="more steps than any of its size"):
        list(read_foreign(path))


def test_a_table_in_which_a_page_stands_again_and_again_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA page_size = 512")
        database.execute("CREATE TABLE articles (id, mp_id, title, publish_time, created_at)")
        database.execute("CREATE TABLE feeds (id, mp_name)")
        database.executemany("INSERT INTO articles VALUES (?, '', '', 1, 1)", [[TOKEN]] * 9)
        database.commit()
    content = path.read_bytes()
    content += content[512:1024]  # the page with its rows
    for _ in range(8):  # a page above, each of whose sixty places is the one before
        below = (len(content) // 512).to_bytes(4, "big")
        places = b"".join((512 - 5 * place).to_bytes(2, "big") for place in range(1, 61))
        head = b"\x05\0\0\0\x3c\0\xd4\0" + below + places
        content += head.ljust(212, b"\0") + (below + b"\x01") * 60
    content = content[:512] + content[-512:] + content[1024:]
    path.write_bytes(content[:28] + (len(content) // 512).to_bytes(4, "big") + content[32:])
    with pytest.raises(InputError, match="more steps than any of its size"):
        list(read_foreign(path))


@pytest.mark.parametrize("share", [0.1, 0.4, 0.7])
def test_a_damaged_database_is_named(tmp_path: Path, share: float) -> None:
    path = _we_mp_rss(tmp_path / "a.db")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)] + b"\xff" * 4096)
    with pytest.raises(InputError, match="cannot be read as a database"):
        list(read_foreign(path))


def test_a_row_that_is_not_where_its_number_says_is_named_behind_those_that_are(
    tmp_path: Path,
) -> None:
    path = _we_mp_rss(tmp_path / "a.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE articles SET id = 'z' WHERE content = 'DELETED'")
        connection.execute("ALTER TABLE articles ADD COLUMN rowid DEFAULT 1")
        connection.execute("UPDATE articles SET rowid = NULL WHERE id = 'z'")
        connection.commit()
    articles = read_foreign(path)
    assert next(articles).html == "<p>光</p>"
    with pytest.raises(InputError, match="a row is not where its number says"):
        next(articles)


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"hello" * 999)
    with pytest.raises(InputError, match="cannot be read as a database"):
        list(read_foreign(path))


def test_a_pipe_is_named_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.db")
    with pytest.raises(InputError, match="is a named pipe"):
        list(read_foreign(tmp_path / "pipe.db"))
