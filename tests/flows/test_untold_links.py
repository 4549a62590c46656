"""Texts whose link names no article: many may have the same, and each is one of its own."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from crawler.archive.carrying import carry_over
from crawler.archive.documents import export
from crawler.archive.layouts import ExportOptions
from crawler.article import State
from crawler.errors import InputError
from crawler.flows.seeds import reclean
from crawler.urls import parse_url
from tests.archive.specimens import SIGNED, make_article, make_page
from tests.archive.test_carrying import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CUT = "https://mp.weixin.qq.com/s?__biz=MzA3NDk1NjI0OQ=="
LINKS = (CUT, "https://mp.weixin.qq.com/s", "https://mp.weixin.qq.com/")
OLD_KEY = "u:65698b9410d8d7a8f834ca"  # which was made of the link alone


def _seed(folder: Path, title: str, link: str, words: str = "记了一笔。") -> Path:
    path = folder / f"{title}-{len(words)}.md"
    head = f"title: {title}\nurl: {link}\nsource: 江畔手记\ndate: 2024-05-08"
    text = f"# {title}\n\n{title}的人{words}\n"
    path.write_text(f"---\n{head}\nfetch_date: 2024-06-01T10:00:0{len(words) % 10}\n---\n\n{text}")
    return path


def _rows(archive: Archive) -> list[tuple[str, str]]:
    return archive.database.conn.execute("SELECT title, body FROM articles ORDER BY id").fetchall()


def _make_old(archive: Archive, key: str) -> None:
    """Let an archive keep an article under its link alone, as archives of old do."""
    connection = archive.database.conn
    for table, column in (("articles", "id"), ("copies", "article_id"), ("urls", "article_id")):
        renamed = f"UPDATE {table} SET {column} = ? WHERE {column} = ?"  # noqa: S608
        connection.execute(renamed, (OLD_KEY, key))
    connection.execute("UPDATE seeds SET cleaner_version = 0, article_id = ?", (OLD_KEY,))


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Archive, Archive]]:
    """One article at a link that names none, in an archive of old, and in one of today."""
    with Archive.open(tmp_path / "old.db") as old, Archive.open(tmp_path / "new.db") as new:
        for one in (old, new):
            list(reclean([_seed(tmp_path, "夜航的灯塔", CUT)], one))
        [(key,)] = old.database.conn.execute("SELECT id FROM articles").fetchall()
        _make_old(old, key)
        yield old, new


def _merge(archive: Archive, other: Archive) -> None:
    taken = list(carry_over(archive, other, now=NOW))
    assert [one.error for one in taken if one.error] == []


@pytest.mark.parametrize("turn", [1, -1])
def test_an_article_of_an_archive_of_old_is_the_one_that_has_its_own_key_today(
    two: tuple[Archive, Archive], tmp_path: Path, turn: int
) -> None:
    here, there = two[::turn]
    _merge(here, there)
    _merge(here, there)
    list(reclean([_seed(tmp_path, "山上的风车", CUT)], here))
    assert sorted(title for title, _ in _rows(here)) == ["夜航的灯塔", "山上的风车"]


@pytest.mark.parametrize("turn", [1, -1])
def test_what_was_forgotten_in_either_stays_away_where_the_other_is_merged(
    two: tuple[Archive, Archive], turn: int
) -> None:
    here, there = two[::turn]
    [(key,)] = here.database.conn.execute("SELECT id FROM articles").fetchall()
    assert here.forgotten.add(key, at="2024-06-02T10:00:00")
    if turn == 1:  # as an archive of old marked it
        marks = here.database.conn
        marks.execute("DELETE FROM forgotten WHERE name <> ?", (OLD_KEY,))
        marks.execute("INSERT INTO forgotten SELECT ?, article, at FROM forgotten", (CUT,))
    _merge(here, there)
    assert _rows(here) == []


def test_what_an_archive_of_old_forgot_comes_by_no_merge_whichever_article_has_its_link(
    two: tuple[Archive, Archive], tmp_path: Path
) -> None:
    """Nobody knows which of those it was, as where their files are read."""
    here, there = two
    list(reclean([_seed(tmp_path, "山上的风车", CUT)], there))
    here.forgotten.add(OLD_KEY, at="2024-06-02T10:00:00")
    marked = "INSERT INTO forgotten SELECT ?, article, at FROM forgotten WHERE name = article"
    here.connection.execute(marked, (CUT,))
    _merge(here, there)
    assert _rows(here) == []


def test_those_without_a_text_at_one_link_come_from_another_archive_too(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as here, Archive.open(tmp_path / "b.db") as there:
        for title, one in (("夜航的灯塔", here), ("山上的风车", there)):
            key = parse_url(CUT).key_of(title, "", "")
            one.save(make_article(CUT, id=key, title=title, state=State.HOLLOW, body=""))
        _merge(here, there)
        assert sorted(title for title, _ in _rows(here)) == ["夜航的灯塔", "山上的风车"]
        assert here.database.table("queue").count == 1


def test_one_that_waits_at_a_link_comes_where_others_stand_at_its_spellings(tmp_path: Path) -> None:
    """It took away the link, and with it what told that another waits there."""
    with Archive.open(tmp_path / "a.db") as here, Archive.open(tmp_path / "b.db") as there:
        for title, link, state, one in (
            ("夜航的灯塔", "http://mp.weixin.qq.com/s", State.TRUNCATED, here),
            ("山上的风车", LINKS[1], State.OK, here),
            ("桥头的集市", LINKS[1], State.TRUNCATED, there),
        ):
            key = parse_url(link).key_of(title, "", "")
            one.save(make_article(link, id=key, title=title, state=state))
        _merge(here, there)
        assert len(_rows(here)) == 3
        assert list(here.audit(today="2026-11-29")) == []


def test_one_of_old_comes_not_twice_where_its_link_went_with_another_or_its_title_is_read_anew(
    archive: Archive,
) -> None:
    old = make_article(CUT, evidence="a" * 64)  # whose key is made of the link alone
    archive.save(old)
    other = make_page(SIGNED, title="桥头的集市", aliases=(CUT,))
    archive.save(other)
    assert archive.forgotten.add(other.id, at="2024-06-02T10:00:00")
    archive.database.conn.execute("DELETE FROM urls")  # as archives of old did with it
    for title, evidence in ((old.title, "b" * 64), ("灯塔", "b" * 64)):
        key = parse_url(CUT).key_of(title, old.source, old.date)
        words = f"# {title}\n\n又一笔。\n"
        read = replace(old, id=key, title=title, evidence=evidence, body=words)
        archive.save(replace(read, fetch_date="2026-01-01T00:00:00", cleaner_version=99))
    assert archive.database.conn.execute("SELECT id, title FROM articles").fetchall() == [
        (OLD_KEY, "灯塔")
    ]


@pytest.mark.parametrize("link", LINKS)
def test_the_document_of_an_article_whose_own_link_is_found_is_still_its_own(
    archive: Archive, tmp_path: Path, link: str
) -> None:
    first = make_page(SIGNED, title="夜航的灯塔", date="2024-05-08")
    archive.save(replace(first, url=link, aliases=()))
    list(export(archive, tmp_path))
    archive.save(replace(first, title="夜航", fetch_date="2026-06-01T00:00:00", evidence="b" * 64))
    [done] = export(archive, tmp_path)
    assert (done.written, done.left) == (True, "")


@pytest.mark.parametrize("link", LINKS)
def test_texts_at_a_link_that_names_no_article_are_told_apart(
    archive: Archive, tmp_path: Path, link: str
) -> None:
    seeds = [_seed(tmp_path, title, link) for title in ("夜航的灯塔", "山上的风车", "桥头的集市")]
    seeds.append(_seed(tmp_path, "桥头的集市", link, "第二天又记了一笔。"))
    list(reclean(seeds, archive))
    shown: dict[str, str] = dict(_rows(archive))
    assert len(_rows(archive)) == len(shown) == 3
    assert all(f"{title}的人" in body for title, body in shown.items())
    assert "第二天" in shown["桥头的集市"]
    assert list(archive.audit(today="2024-06-02")) == []


def test_which_of_them_the_link_leads_to_depends_on_no_order(tmp_path: Path) -> None:
    for title in ("夜航的灯塔", "山上的风车"):
        with Archive.open(tmp_path / f"{title}.db") as one:
            list(reclean([_seed(tmp_path, title, CUT)], one))
    led = set()
    for names in permutations(("夜航的灯塔", "山上的风车")):
        with Archive.open(tmp_path / f"{'-'.join(names)}.db") as archive:
            for name in names:
                with Archive.open(tmp_path / f"{name}.db", read_only=True) as other:
                    list(carry_over(archive, other, now=NOW))
            assert len(_rows(archive)) == 2
            led |= {tuple(row) for row in archive.database.conn.execute("SELECT * FROM urls")}
    assert len(led) == 1


def test_one_that_is_forgotten_stays_away_and_keeps_no_other_away(
    archive: Archive, tmp_path: Path
) -> None:
    seeds = [_seed(tmp_path, title, CUT) for title in ("夜航的灯塔", "山上的风车")]
    list(reclean(seeds[:1], archive))
    [(key,)] = archive.database.conn.execute("SELECT id FROM articles").fetchall()
    assert archive.forgotten.add(key, at="2024-06-02T10:00:00")
    seeds.append(_seed(tmp_path, "夜航的灯塔", CUT, "第二天又记了一笔。"))
    list(reclean(seeds, archive))
    assert [title for title, _ in _rows(archive)] == ["山上的风车"]


@pytest.mark.parametrize("link", LINKS)
def test_what_is_not_here_cannot_be_kept_away_by_a_link_that_names_no_article(
    archive: Archive, tmp_path: Path, link: str
) -> None:
    """It was said to be kept away, and came."""
    with pytest.raises(InputError, match="names no article"):
        archive.forgotten.add(link, at="2024-06-02T10:00:00")
    list(reclean([_seed(tmp_path, "夜航的灯塔", link)], archive))
    assert archive.forgotten.add(link, at="2024-06-02T10:00:00")
    assert _rows(archive) == []


@pytest.mark.parametrize("link", [CUT, CUT.replace("https", "http") + "#rd"])
def test_the_link_of_one_that_is_forgotten_leads_to_one_that_is_left(
    archive: Archive, tmp_path: Path, link: str
) -> None:
    titles = {"夜航的灯塔", "山上的风车", "桥头的集市"}
    list(reclean([_seed(tmp_path, title, link) for title in sorted(titles)], archive))
    while len(titles) > 1:
        led = archive.get(CUT)
        assert led is not None
        assert archive.forgotten.add(led.id, at="2024-06-02T10:00:00")
        archive.forgotten.wipe()
        titles.remove(led.title)
        assert {title for title, _ in _rows(archive)} == titles
        assert list(archive.audit(today="2024-06-02")) == []


def test_what_an_archive_of_old_keeps_under_the_link_alone_stays_that_article(
    archive: Archive, tmp_path: Path
) -> None:
    seeds = [_seed(tmp_path, title, CUT) for title in ("夜航的灯塔", "山上的风车")]
    list(reclean(seeds[:1], archive))
    [(key,)] = archive.database.conn.execute("SELECT id FROM articles").fetchall()
    _make_old(archive, key)
    list(reclean(seeds, archive))
    rows = archive.database.conn.execute("SELECT id = ?, title FROM articles", (OLD_KEY,))
    assert sorted(rows) == [(0, "山上的风车"), (1, "夜航的灯塔")]
    known = make_page(SIGNED, title="夜航的灯塔", date="2024-05-08", aliases=(CUT,))
    archive.save(known)
    assert archive.find(known.id) == known.id
    assert archive.forgotten.add(OLD_KEY, at="2024-06-02T10:00:00")
    archive.database.conn.execute("DELETE FROM seeds")
    list(reclean(seeds, archive))
    assert archive.find(OLD_KEY) is None
    assert sorted(title for title, _ in _rows(archive)) == ["夜航的灯塔", "山上的风车"]


def test_the_documents_of_those_at_one_link_are_each_its_own_and_come_back_as_they_were(
    archive: Archive, tmp_path: Path
) -> None:
    list(reclean([_seed(tmp_path, title, CUT) for title in ("夜航的灯塔", "山上的风车")], archive))
    folder, before = tmp_path / "exported", _rows(archive)
    files = [one.path for one in export(archive, folder)]
    for file in files:
        file.write_text(f"{file.read_text(encoding='utf-8')}\n一句。\n", encoding="utf-8")
    again = list(export(archive, folder, ExportOptions(overwrite=True)))
    assert [(one.written, one.left) for one in again] == [(True, "")] * 2
    list(reclean(files, archive))
    assert _rows(archive) == before
