"""Two rows that turn out to be one article: what hangs on either of them hangs on it."""

from __future__ import annotations

import sqlite3
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive.archive import Archive
from crawler.archive.saving import Evidence
from crawler.article import State, Verdict, sha256
from crawler.errors import ArchiveError
from tests.archive.specimens import ID, SHORT, UNSIGNED, make_article, make_page

if TYPE_CHECKING:
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PICTURE = "https://mmbiz.qpic.cn/mmbiz_png/lamp/0"
TOKEN = f"s:{SHORT.rpartition('/')[2]}"
AT = "2026-01-01T00:00:00"
BOTH = [(ID, TOKEN), (TOKEN, ID)]


@pytest.fixture
def two(archive: Archive) -> Archive:
    """An archive that has one article in two rows, under its identity and under a short link."""
    archive.save(make_article(UNSIGNED, body=f"# 夜航的灯塔\n\n![]({PICTURE})\n"))
    archive.save(make_article(SHORT, body=f"# 夜航的灯塔\n\n![]({PICTURE})\n\n七秒。\n"))
    return archive


@pytest.mark.parametrize(("having", "lacking"), BOTH)
def test_a_picture_that_either_row_has_is_the_articles(
    two: Archive, having: str, lacking: str
) -> None:
    two.images.miss(lacking, PICTURE, at=AT, why="404")
    two.images.keep(having, PICTURE, PNG, at=AT)
    two.save(make_page())
    assert two.images.local(ID).keys() == {PICTURE}
    assert two.database["pictures"].count == 1


@pytest.mark.parametrize(("having", "lacking"), BOTH)
def test_a_picture_whose_file_is_gone_from_either_row_is_known_once_it_comes_back(
    two: Archive, having: str, lacking: str
) -> None:
    two.images.miss(lacking, PICTURE, at=AT, why="404")
    two.images.keep(having, PICTURE, PNG, at=AT)
    two.connection.execute("UPDATE pictures SET state = 'missing'")
    two.save(make_page())
    [row] = two.database["pictures"].rows
    assert row["sha256"] == sha256(PNG)


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.ACCEPTED])
@pytest.mark.parametrize(("decided", "open_"), BOTH)
def test_what_a_person_decided_of_either_row_stays_decided(
    archive: Archive, verdict: Verdict, decided: str, open_: str
) -> None:
    archive.save(make_article(UNSIGNED, state=State.HOLLOW, body=""))
    archive.save(make_article(SHORT, state=State.HOLLOW, body=""))
    said: dict[str, Any] = {
        "way": "from",
        "source": "a.md",
        "sha256": "0a" * 32,
        "verdict": "candidate",
        "at": AT,
    }
    for key in (decided, open_):
        archive.evidence.note(Evidence(article_id=key, **said), make_article())
    archive.evidence.decide(archive.evidence.of_article(decided)[0], verdict, at=AT)
    archive.save(make_page(state=State.DELETED, body=""))
    assert [one.verdict for one in archive.evidence.of_article(ID)] == [verdict]


@pytest.mark.parametrize("on_delete", ["", "ON DELETE CASCADE", "ON DELETE SET NULL"])
@pytest.mark.parametrize("on_update", ["", "ON UPDATE CASCADE", "ON UPDATE SET NULL"])
@pytest.mark.parametrize("urls", [(SHORT,), (SHORT, UNSIGNED)])
def test_rows_of_a_persons_own_table_follow_an_article_whose_key_is_learned(
    tmp_path: Path, urls: tuple[str, ...], on_update: str, on_delete: str
) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        for url in urls:
            archive.save(make_article(url))
    with closing(sqlite3.connect(path)) as own:
        key = f'"of article" TEXT REFERENCES Articles (id) {on_update} {on_delete}'
        own.execute(f'CREATE TABLE "my remarks" ({key}, remark)')
        own.execute('INSERT INTO "my remarks" SELECT id, url FROM articles')
        own.commit()
    with Archive.open(path) as archive:
        archive.save(make_page())
        rows = archive.connection.execute('SELECT * FROM "my remarks" ORDER BY remark DESC')
        assert rows.fetchall() == [(ID, url) for url in urls]


def test_an_own_table_that_sqlite_does_not_write_is_in_the_way_of_no_article_but_its_own(
    tmp_path: Path,
) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save(make_article(SHORT))
    with closing(sqlite3.connect(path)) as own:  # as sqlite-utils enable-fts --create-triggers
        own.executescript(
            "CREATE TABLE r (a REFERENCES articles (id), n);"
            " CREATE VIRTUAL TABLE r_fts USING fts5 (n, content=r);"
            " CREATE TRIGGER r_au AFTER UPDATE ON r BEGIN"
            " INSERT INTO r_fts (rowid, n) VALUES (new.rowid, new.n); END;"
            " CREATE TRIGGER r_ad AFTER DELETE ON r BEGIN"
            " INSERT INTO r_fts (r_fts, rowid, n) VALUES ('delete', old.rowid, old.n); END"
        )
    with Archive.open(path) as archive:
        archive.save(make_page())
        assert archive.find(SHORT) == ID
        assert archive.forgotten.add(SHORT, at=AT)


@pytest.mark.parametrize("on_delete", ["", "ON DELETE CASCADE"])
def test_an_own_table_that_takes_one_row_an_article_is_told_of_or_does_as_it_says(
    tmp_path: Path, on_delete: str
) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save(make_article(SHORT))
        archive.save(make_article(UNSIGNED))
    with closing(sqlite3.connect(path)) as own:
        own.execute(f"CREATE TABLE r (a PRIMARY KEY REFERENCES articles (id) {on_delete}, remark)")
        own.execute("INSERT INTO r SELECT id, url FROM articles")
        own.commit()
    with Archive.open(path) as archive, archive.transaction():
        told = nullcontext() if on_delete else pytest.raises(ArchiveError, match="FOREIGN KEY")
        with told, archive.transaction():
            archive.save(make_page())
        archive.queue.enqueue(SHORT)  # the rest of a batch is kept
    with Archive.open(path) as archive:
        assert archive.database["r"].count == (1 if on_delete else 2)
        assert archive.queue.get(SHORT)
