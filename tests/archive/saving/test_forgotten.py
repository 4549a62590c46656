"""What is taken out for good is gone from every table, and no way in brings it back."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import sys
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive.archive import Archive, Change
from crawler.archive.carrying import carry_over
from crawler.archive.database import opening, text_of
from crawler.archive.saving import Evidence, Forgotten, arrival_of, kept_away, save
from crawler.article import Origin, State, own_key
from crawler.errors import ArchiveError, InputError
from crawler.urls import parse_url
from tests.archive.specimens import (
    BIZ,
    ID,
    OTHER_SHORT,
    SHORT,
    SIGNED,
    UNSIGNED,
    begin_in_utf16,
    make_article,
    make_page,
    tables_of,
)
from tests.growth import count_lines
from tests.trust.faults import Fault, once

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.archive.saving.arrival import Arrival
    from crawler.article import Article
    from crawler.urls import ArticleUrl

NOW = datetime(2026, 11, 2, tzinfo=UTC)
AT = "2026-11-01T10:00:00"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PICTURE = "https://mmbiz.qpic.cn/mmbiz_png/lamp/0"


def _page(url: str = SHORT, **fields: object) -> Article:
    return make_page(url, body=f"# 夜航的灯塔\n\n![]({PICTURE})\n\n七秒一闪。\n", **fields)


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """An archive with an article that has all that can hang on one, and another article."""
    archive.save(make_article(UNSIGNED))
    archive.save(_page(), snapshot=b"<html>")
    archive.images.keep(ID, PICTURE, PNG, at=AT)
    archive.save(make_article(OTHER_SHORT, title="别的", body="# 别的\n\n无关。\n", same_as=ID))
    return archive


@pytest.mark.parametrize("name", [ID, SHORT, SIGNED, UNSIGNED])
def test_nothing_of_a_forgotten_article_is_left_but_its_names(filled: Archive, name: str) -> None:
    assert filled.forgotten.add(name, at=AT)
    for table, rows in tables_of(filled.database).items():
        if table != "forgotten":
            assert not [row for row in rows if ID in row], table
            assert "灯塔" not in repr(rows), table
    assert not filled.search("灯塔")
    assert filled.get(OTHER_SHORT) is not None
    assert filled.database.conn.execute("PRAGMA foreign_key_check").fetchall() == []


def test_what_it_offered_to_another_article_goes_too(filled: Archive) -> None:
    other = "s:" + OTHER_SHORT.rsplit("/", maxsplit=1)[1]
    found = Evidence(article_id=other, way="titles", source=ID, verdict="candidate", at=AT)
    filled.evidence.note(found, _page())
    filled.forgotten.add(ID, at=AT)
    assert filled.evidence.of_article(other) == []


@pytest.mark.parametrize("url", [SHORT, ""])
def test_what_it_offered_to_another_article_under_an_earlier_key_goes_too(
    archive: Archive, url: str
) -> None:
    text = replace(make_article(SHORT), origin=Origin.ADOPTED)
    if not url:
        text = replace(text, id=own_key(text.title, text.account, text.date), url="")
    archive.save(text)
    archive.save(make_article(OTHER_SHORT, state=State.HOLLOW, body="", same_as=text.id))
    other = archive.find(OTHER_SHORT) or ""
    found = Evidence(article_id=other, way="titles", source=text.id, verdict="candidate", at=AT)
    archive.evidence.note(found, text)
    archive.save(_page())
    if not url:
        link = {"url": SHORT, "sn": "", "biz": BIZ, "mid": "2650000001", "idx": "1"}
        archive.join_copy(text.id, ID, link)
    archive.forgotten.add(ID, at=AT)
    assert archive.evidence.of_article(other) == []
    assert [row["same_as"] for row in archive.database["articles"].rows] == [""]


@pytest.mark.parametrize("url", [SHORT, SIGNED, UNSIGNED, SIGNED.replace("scene=27", "scene=1")])
def test_what_a_file_with_its_link_offered_to_another_article_goes_too(
    filled: Archive, url: str
) -> None:
    other = "s:" + OTHER_SHORT.rsplit("/", maxsplit=1)[1]
    for source, link in (("a.md", url), ("b.md", OTHER_SHORT), ("c.md", "")):
        found = Evidence(
            article_id=other, way="from", source=source, url=link, verdict="candidate", at=AT
        )
        filled.evidence.note(found, _page())
    hurt = "UPDATE evidence SET url = CAST(x'68ff74' AS TEXT) WHERE source = 'c.md'"
    filled.database.conn.execute(hurt)
    filled.forgotten.add(ID, at=AT)
    left = filled.database.conn.execute("SELECT source FROM evidence").fetchall()
    assert left == [("b.md",), ("c.md",)]


def test_what_was_offered_is_taken_apart_once_for_all_articles_that_are_forgotten(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.save(make_article(OTHER_SHORT, state=State.HOLLOW, body=""))
    other = archive.find(OTHER_SHORT) or ""
    offered = [f"https://mp.weixin.qq.com/s/{number:022d}" for number in range(60)]
    for url in offered:
        found = Evidence(
            article_id=other, way="from", source=url, url=url, verdict="pointer", at=AT
        )
        archive.evidence.note(found)
    taken_apart: list[str] = []

    def counted(text: str) -> ArticleUrl:
        taken_apart.append(text)
        return parse_url(text)

    monkeypatch.setattr(kept_away, "parse_url", counted)
    for url in offered[:5]:
        archive.forgotten.add(url, at=AT)
    left = {one.source for one in archive.evidence.of_article(other)}
    assert left == set(offered[5:])
    assert len(taken_apart) <= len(offered) + 5 * 5


@pytest.mark.parametrize("source", [ID, f"s:{SHORT.rpartition('/')[2]}"])
def test_what_it_offered_to_another_article_stays_away_where_another_archive_brings_it(
    filled: Archive, tmp_path: Path, source: str
) -> None:
    filled.forgotten.add(ID, at=AT)
    hollow = make_article(OTHER_SHORT, state=State.HOLLOW, body="")
    (tmp_path / "other").mkdir()
    with Archive.open(tmp_path / "other" / "archive.db") as other:
        other.save(hollow)
        for way, said, url in (
            ("titles", source, ""),
            ("from", "a.md", ""),
            ("from", "b.md", SIGNED.replace("scene=27", "scene=1")),
            ("from", "c.md", OTHER_SHORT),
        ):
            found = Evidence(
                article_id=hollow.id, way=way, source=said, url=url, verdict="candidate", at=AT
            )
            other.evidence.note(found, make_article())
        list(carry_over(filled, other, now=NOW))
    assert [one.source for one in filled.evidence.of_article(hollow.id)] == ["a.md", "c.md"]


def test_a_signed_link_that_only_its_text_had_goes_too_and_one_of_others_stays(
    archive: Archive,
) -> None:
    links = [f"{_LINK}&mid=265000001{number}&idx=1&sn=0a&chksm=0b" for number in range(3)]
    archive.save(make_article(SHORT, body=f"# 灯\n\n[一]({links[0]})，[二]({links[1]})。\n"))
    archive.save(make_article(SHORT, body=f"# 灯\n\n后来：[三]({links[2]})。\n"))
    archive.save(make_article(OTHER_SHORT, title="别的", body=f"# 别的\n\n[二]({links[1]})\n"))
    mentioned = "SELECT link FROM mentions ORDER BY link"
    assert len(archive.database.conn.execute(mentioned).fetchall()) == 3
    archive.forgotten.add(SHORT, at=AT)
    assert archive.database.conn.execute(mentioned).fetchall() == [(links[1],)]


def _in_a_text(number: int, *links: int) -> Article:
    """An article of many lines that names some links."""
    named = "".join(f"\n[{one}]({_LINK}&mid={one}&idx=1&sn=0a&chksm=0b)\n" for one in links)
    url = f"{_LINK}&mid={number}&idx=1&sn=0c&chksm=0d"
    return make_article(url, title=f"灯 {number}", body="海上的灯亮着。\n\n" * 60 + named)


def _mentioned(archive: Archive) -> set[int]:
    rows = archive.connection.execute("SELECT link FROM mentions")
    return {int(link.partition("mid=")[2].partition("&")[0]) for (link,) in rows}


def test_the_texts_that_are_left_are_read_once_for_all_articles_that_go(archive: Archive) -> None:
    articles = [_in_a_text(2000 + one, 3000 + one, 4000 + one // 2) for one in range(30)]
    archive.save_all([arrival_of(article) for article in articles])
    first = count_lines(lambda: archive.forgotten.add(articles[0].id, at=AT))
    rest = count_lines(lambda: [archive.forgotten.add(one.id, at=AT) for one in articles[1:11]])
    assert rest < 5 * first
    assert _mentioned(archive) == {*range(3011, 3030), *range(4005, 4015)}


def test_a_link_that_came_between_two_that_go_stays(archive: Archive) -> None:
    articles = [_in_a_text(2000 + one, 3000, 3001, 3002, 3003) for one in range(3)]
    archive.save_all([arrival_of(article) for article in articles])
    archive.forgotten.add(articles[0].id, at=AT)
    archive.save(_in_a_text(2010, 3001))
    archive.forgotten.add(articles[1].id, at=AT)
    with Archive.open(archive.path) as other:
        other.save(_in_a_text(2011, 3002))
    with suppress(LookupError), archive.transaction():
        archive.save(_in_a_text(2012, 3000))
        archive.forgotten.add(archive.find(articles[2].id) or "", at=AT)
        assert _mentioned(archive) == {3000, 3001, 3002}
        raise LookupError
    archive.forgotten.add(articles[2].id, at=AT)
    assert _mentioned(archive) == {3001, 3002}


def test_the_other_link_of_an_article_that_waited_goes_with_it(archive: Archive) -> None:
    links = [f"{_LINK}&mid=2650000019&idx=1&sn=0a&chksm=0{letter}" for letter in "ab"]
    for link in links:
        archive.queue.enqueue(link)
    noted = "SELECT link FROM mentions"
    assert archive.database.conn.execute(noted).fetchall() == [(links[1],)]
    archive.forgotten.add(links[0], at=AT)
    assert not archive.database.conn.execute(noted).fetchall()
    assert not archive.queue.entries()


_LINK = f"https://mp.weixin.qq.com/s?__biz={BIZ}"


def test_a_forged_row_of_a_picture_takes_no_file_elsewhere(filled: Archive) -> None:
    victim = filled.images.root.parent / "victim"
    victim.write_text("mine")
    filled.database.conn.execute("UPDATE images SET path = ?", (f"../{victim.name}",))
    filled.forgotten.add(ID, at=AT)
    assert victim.read_text() == "mine"


@pytest.mark.parametrize(
    "name", ["victim.txt", "images/victim.png", f"images/ab/{'ab12' * 16}.png"]
)
def test_a_forged_row_of_a_picture_takes_no_other_file_of_the_folder(
    filled: Archive, name: str
) -> None:
    victim = filled.images.root / name
    victim.parent.mkdir(parents=True, exist_ok=True)
    victim.write_text("mine")
    filled.database.conn.execute("UPDATE images SET path = ?", (name,))
    filled.forgotten.add(ID, at=AT)
    assert victim.read_text() == "mine"


def test_a_row_of_a_picture_whose_name_no_file_has_keeps_no_article(filled: Archive) -> None:
    filled.database.conn.execute("UPDATE images SET path = 'images/a' || char(0)")
    assert filled.forgotten.add(ID, at=AT)
    assert filled.get(ID) is None


def test_its_pictures_go_where_no_other_article_shows_them(filled: Archive) -> None:
    [path] = [file for file in filled.images.root.rglob("*.png") if file.is_file()]
    assert filled.images.link("s:" + OTHER_SHORT.rsplit("/", maxsplit=1)[1], PICTURE)
    filled.forgotten.add(ID, at=AT)
    assert path.exists()
    filled.forgotten.add(OTHER_SHORT, at=AT)
    assert not path.exists()


@pytest.mark.parametrize(
    "salvaged",
    [
        "UPDATE images SET path = replace(path, '.png', '.jpg'), type = ''",
        "UPDATE images SET path = 'images/00/lost.png'",
    ],
)
def test_its_pictures_go_by_whatever_name_their_rows_call_them(
    filled: Archive, salvaged: str
) -> None:
    [path] = [file for file in filled.images.root.rglob("*.png") if file.is_file()]
    filled.database.conn.execute(salvaged)
    filled.forgotten.add(ID, at=AT)
    assert not path.exists()


def test_that_nobody_may_look_for_its_pictures_is_told(filled: Archive) -> None:
    [path] = [file for file in filled.images.root.rglob("*.png") if file.is_file()]
    kept: list[tuple[str, str]] = []
    filled.forgotten.on_kept = lambda *told: kept.append(told)
    with once(Fault("list", path.parent, 1, errno.EACCES)):
        assert filled.forgotten.add(ID, at=AT)
    [(told, why)] = kept
    assert told == f"images/{path.parent.name}"
    assert "nobody may look into it" in why


def test_its_pictures_stay_that_another_archive_in_the_folder_shows(filled: Archive) -> None:
    [path] = [file for file in filled.images.root.rglob("*.png") if file.is_file()]
    kept: list[str] = []
    filled.forgotten.on_kept = lambda path, _: kept.append(path)
    with Archive.open(filled.path.with_name("other.db")) as other:
        other.save(_page())
        other.images.keep(ID, PICTURE, PNG, at=AT)
        filled.forgotten.add(ID, at=AT)
        assert path.exists()
        assert kept == [path.relative_to(filled.images.root).as_posix()]
        other.forgotten.add(ID, at=AT)
    assert not path.exists()


def test_its_pictures_stay_beside_an_archive_that_cannot_be_read(filled: Archive) -> None:
    [path] = [file for file in filled.images.root.rglob("*.png") if file.is_file()]
    filled.path.with_name("hurt.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    filled.forgotten.add(ID, at=AT)
    assert path.exists()


def _moved_away(archive: Archive, folder: Path) -> Path:
    """The one picture of an archive, whose folder of pictures is a link to another disk's."""
    if sys.platform == "win32":
        pytest.skip("links need rights there")
    folder.mkdir()
    images = (archive.images.root / "images").rename(folder / "images")
    (archive.images.root / "images").symlink_to(images)
    [path] = images.rglob("*.png")
    return path


def test_its_pictures_go_where_their_folder_is_a_link_to_another_disk(
    filled: Archive, tmp_path: Path
) -> None:
    path = _moved_away(filled, tmp_path / "disk")
    filled.forgotten.add(ID, at=AT)
    assert not path.exists()


def test_its_pictures_stay_that_an_archive_shows_beside_the_folder_that_a_link_leads_to(
    filled: Archive, tmp_path: Path
) -> None:
    path = _moved_away(filled, tmp_path / "disk")
    with Archive.open(tmp_path / "disk" / "other.db") as other:
        other.save(_page())
        other.images.keep(ID, PICTURE, PNG, at=AT)
    filled.forgotten.add(ID, at=AT)
    assert path.exists()


def test_no_file_of_that_name_goes_where_a_link_in_the_folder_of_pictures_leads_to(
    filled: Archive, tmp_path: Path
) -> None:
    """Whoever gives an archive away may lay a link in there, which nothing is read by."""
    path = _moved_away(filled, tmp_path / "disk")
    (filled.images.root / "images").unlink()
    (filled.images.root / "images").mkdir()
    vault = path.parent.rename(tmp_path / "vault")
    (filled.images.root / "images" / path.parent.name).symlink_to(vault)
    kept: list[tuple[str, str]] = []
    filled.forgotten.on_kept = lambda *told: kept.append(told)
    assert filled.forgotten.add(ID, at=AT)
    assert (vault / path.name).exists()
    [(_, why)] = kept
    assert "leads out of the folder of pictures" in why


def test_a_picture_that_the_disk_does_not_let_go_is_told(filled: Archive) -> None:
    [path] = [file for file in filled.images.root.rglob("*.png") if file.is_file()]
    kept: list[tuple[str, str]] = []
    filled.forgotten.on_kept = lambda *told: kept.append(told)
    with once(Fault("unlink", path.parent, 1, errno.EACCES)):
        assert filled.forgotten.add(ID, at=AT)
    [(told, why)] = kept
    assert told == path.relative_to(filled.images.root).as_posix()
    assert os.strerror(errno.EACCES) in why
    assert path.exists()


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="names there are of letters")
def test_it_goes_whatever_bytes_the_name_of_the_folder_has(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb5\xb5\xb0\xb8"))  # 档案, in GBK
    folder.mkdir()
    with Archive.open(folder / "archive.db") as archive:
        archive.save(_page())
        archive.images.keep(ID, PICTURE, PNG, at=AT)
        assert archive.forgotten.add(ID, at=AT)
        archive.forgotten.wipe()
        assert list(archive.audit(today="2026-11-26")) == []
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["archive.db"]


def test_it_goes_from_an_archive_whose_letters_are_stored_in_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    begin_in_utf16(path)
    with Archive.open(path) as archive:
        archive.save(_page())
        archive.images.keep(ID, PICTURE, PNG, at=AT)
        with pytest.raises(ArchiveError, match=re.escape(f"{path}: table revisions")):
            text_of(archive.connection, None, ID)
        assert archive.forgotten.add(ID, at=AT)
        archive.forgotten.wipe()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["archive.db"]


@pytest.mark.parametrize("name", [SHORT, SIGNED, UNSIGNED])
def test_no_copy_brings_it_back_under_any_of_its_addresses(filled: Archive, name: str) -> None:
    filled.forgotten.add(ID, at=AT)
    assert filled.save(make_article(name), snapshot=b"<html>") is Change.FORGOTTEN
    assert filled.get(name) is None
    assert not list(filled.history.snapshots())


@pytest.mark.parametrize(
    ("day", "of_series", "comes"),
    [
        ("2024-05-08", False, False),
        ("2024-05-07", False, False),  # by a tool whose clock is UTC
        ("2024-05-07", True, True),  # another issue, as far as anybody knows
        ("2024-05-08", True, False),
        ("2024-05-06", False, True),
        ("2024-05-09", False, True),  # the next issue, as no clock is a day late
        ("", False, True),
    ],
)
def test_a_copy_without_a_link_brings_it_back_no_more_than_it_would_have_joined_it(
    archive: Archive, day: str, *, of_series: bool, comes: bool
) -> None:
    archive.save(make_article())
    if of_series:
        archive.save(make_article(OTHER_SHORT, date="2024-05-12"))
    archive.forgotten.add(ID, at=AT)
    copy = make_article(origin=Origin.ADOPTED, date=day)
    for title in (copy.title, f"「{copy.title}」!"):
        told = replace(copy, id=own_key(title, copy.account, copy.date), url="", title=title)
        assert (archive.save(told) is not Change.FORGOTTEN) == comes


def _linkless(title: str, day: str = "2024-05-08", **fields: Any) -> Article:
    copy = make_article(origin=Origin.ADOPTED, title=title, date=day, **fields)
    return replace(copy, id=own_key(title, copy.account, day), url="")


@pytest.mark.parametrize("day", ["2024-05-08", "2024-05-07"])
def test_a_copy_comes_whose_very_title_an_article_has_that_is_here_though_signs_were_forgotten(
    archive: Archive, day: str
) -> None:
    title = make_article().title
    archive.save(make_article())
    archive.save(make_article(OTHER_SHORT, title=f"「{title}」!"))
    archive.forgotten.add(ID, at=AT)
    for other in (title, f"{title}。"):
        assert archive.save(_linkless(other, day)) is Change.FORGOTTEN
        assert not archive.forgotten.spares(other, "江畔手记", day)
    assert archive.forgotten.spares(f"「{title}」!", "江畔手记", day)
    assert archive.save(_linkless(f"「{title}」!", day)) is Change.ADDED


def test_a_copy_that_is_here_in_a_row_of_its_own_is_read_anew_though_its_like_was_forgotten(
    archive: Archive,
) -> None:
    archive.save(make_article())
    own = _linkless(f"「{make_article().title}」", "2024-05-07", body="# 灯塔\n\n另一份。\n")
    archive.save(own)
    archive.forgotten.add(ID, at=AT)
    longer = replace(own, body=f"{own.body}\n又一段。\n", evidence="e" * 64)
    assert archive.save(longer) is not Change.FORGOTTEN


@pytest.mark.parametrize("forgotten", [SIGNED, SHORT])
def test_a_name_that_a_copy_tells_of_a_forgotten_article_brings_it_back_no_more(
    archive: Archive, forgotten: str
) -> None:
    archive.forgotten.add(forgotten, at=AT)
    assert archive.save(make_page(SHORT)) is Change.FORGOTTEN
    for name in (SHORT, SIGNED, UNSIGNED):
        assert archive.save(make_article(name)) is Change.FORGOTTEN
    assert [mark.article_id for mark in archive.forgotten.marks()] != []
    assert archive.forgotten.remove(SIGNED)
    assert archive.save(make_article(SHORT)) is Change.ADDED


def test_a_copy_that_tells_a_name_counts_for_those_behind_it_in_the_same_batch(
    archive: Archive,
) -> None:
    archive.forgotten.add(SIGNED, at=AT)
    arrivals = [arrival_of(article) for article in (make_page(SHORT), make_article(SHORT))]
    assert archive.save_all(arrivals) == [Change.FORGOTTEN, Change.FORGOTTEN]
    assert archive.find(SHORT) is None


def test_what_came_before_its_name_was_told_stays_free_in_the_same_batch(archive: Archive) -> None:
    archive.forgotten.add(SIGNED, at=AT)
    arrivals = [arrival_of(article) for article in (make_article(SHORT), make_page(SHORT))]
    assert archive.save_all(arrivals) == [Change.ADDED, Change.FORGOTTEN]
    assert archive.forgotten.find(SHORT) is None


def test_a_forgotten_article_among_many_lets_most_of_them_be_saved_together(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = [f"https://mp.weixin.qq.com/s/{number:022d}" for number in range(256)]
    archive.forgotten.add(links[77], at=AT)
    sizes: list[int] = []
    together = save._save_wanted

    def counted(connection: sqlite3.Connection, some: Sequence[Arrival]) -> object:
        sizes.append(len(some))
        return together(connection, some)

    monkeypatch.setattr(save, "_save_wanted", counted)
    changes = archive.save_all([arrival_of(make_article(link)) for link in links])
    assert [index for index, one in enumerate(changes) if one is Change.FORGOTTEN] == [77]
    assert sum(sizes) == 255
    assert len(sizes) == 8


def test_what_waits_under_a_name_that_a_copy_tells_waits_no_more(archive: Archive) -> None:
    archive.queue.enqueue(SHORT, title="夜航的灯塔")
    archive.queue.enqueue(OTHER_SHORT)
    archive.forgotten.add(SIGNED, at=AT)
    assert archive.save(make_page(SHORT)) is Change.FORGOTTEN
    assert [entry.url for entry in archive.queue.entries()] == [OTHER_SHORT]


def test_a_link_that_was_given_without_its_beginning_lets_a_copy_tell_the_other_names(
    archive: Archive,
) -> None:
    archive.forgotten.add(SHORT.removeprefix("https://"), at=AT)
    assert archive.save(make_page(SHORT)) is Change.FORGOTTEN
    assert archive.save(make_article(SIGNED)) is Change.FORGOTTEN


@pytest.mark.parametrize("key", ["", "&tempkey=5ecre7"])
def test_a_row_that_names_other_articles_beside_a_forgotten_one_keeps_none_of_them_away(
    archive: Archive, tmp_path: Path, key: str
) -> None:
    stranger = f"{_LINK}&mid=2650000009&idx=1{key}"
    (tmp_path / "other").mkdir()
    archive.forgotten.add(SIGNED, at=AT)
    with Archive.open(tmp_path / "other" / "archive.db") as other:
        other.save(make_page(SHORT))
        row = (stranger, stranger.removesuffix(key), ID)
        other.connection.execute("INSERT INTO urls VALUES (?, ?, ?)", row)
        assert [one.change for one in carry_over(archive, other, now=NOW)] == [Change.FORGOTTEN]
    assert archive.save(make_article(stranger.removesuffix(key))) is Change.ADDED


def test_a_row_of_another_archive_marks_nothing_that_waits_here_as_forgotten(
    archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    archive.forgotten.add(SIGNED, at=AT)
    archive.queue.enqueue(OTHER_SHORT)
    with Archive.open(tmp_path / "other" / "archive.db") as other:
        other.save(make_page(SHORT))
        other.connection.execute(
            "INSERT INTO urls VALUES (?, ?, ?)", (OTHER_SHORT, OTHER_SHORT, ID)
        )
        assert [one.change for one in carry_over(archive, other, now=NOW)] == [Change.FORGOTTEN]
    assert [entry.url for entry in archive.queue.entries()] == [OTHER_SHORT]
    assert archive.save(make_article(OTHER_SHORT)) is Change.ADDED
    assert archive.save(make_article(SHORT)) is Change.FORGOTTEN


def test_an_article_with_more_addresses_than_old_sqlite_takes_at_once_stays_away(
    archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    with Archive.open(tmp_path / "other" / "archive.db") as other:
        other.save(make_page(SHORT))
        links = [f"https://mp.weixin.qq.com/s/{number:022d}" for number in range(600)]
        rows = [(link, link, ID) for link in links]
        other.connection.executemany("INSERT INTO urls VALUES (?, ?, ?)", rows)
        list(carry_over(archive, other, now=NOW))
        archive.forgotten.add(ID, at=AT)
        archive.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
        assert [one.change for one in carry_over(archive, other, now=NOW)] == [Change.FORGOTTEN]


@pytest.mark.parametrize("column", ["name", "at"])
def test_a_damaged_mark_keeps_no_copy_from_being_passed_over(archive: Archive, column: str) -> None:
    archive.forgotten.add(SIGNED, at=AT)
    bare = "SELECT max(rowid) FROM forgotten WHERE name LIKE 'http%'"
    archive.connection.execute(f"UPDATE forgotten SET {column} = x'ff' WHERE rowid = ({bare})")  # noqa: S608
    assert archive.save(make_page(SHORT)) is Change.FORGOTTEN


def test_what_waits_in_another_archive_and_is_forgotten_here_is_passed_over(
    archive: Archive, tmp_path: Path
) -> None:
    archive.forgotten.add(SIGNED, at=AT)
    (tmp_path / "other").mkdir()
    with Archive.open(tmp_path / "other" / "archive.db") as other:
        other.queue.enqueue(UNSIGNED, title="夜航的灯塔")
        other.queue.enqueue(OTHER_SHORT)
        list(carry_over(archive, other, now=NOW))
    assert [entry.url for entry in archive.queue.entries()] == [OTHER_SHORT]


def test_a_document_of_a_forgotten_article_does_not_come_back_from_a_folder_that_names_it(
    archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    with Archive.open(tmp_path / "other" / "archive.db") as other:
        other.save(make_page(SHORT))
        whole = list(carry_over(archive, other, now=NOW))
    assert [one.change for one in whole] == [Change.ADDED]
    archive.forgotten.add(ID, at=AT)
    archive.forgotten.remove(ID)
    archive.forgotten.add(SIGNED, at=AT)
    with Archive.open(tmp_path / "other" / "archive.db", read_only=True) as other:
        [met] = carry_over(archive, other, now=NOW)
    assert met.change is Change.FORGOTTEN
    assert archive.save(make_article(SHORT)) is Change.FORGOTTEN


NAMELESS = f"https://mp.weixin.qq.com/s?__biz={BIZ}&tempkey=5ecre7"


@pytest.mark.parametrize("link", [f"{SIGNED}&key=5ecre7", f"{SIGNED}&tempkey=5ecre7", NAMELESS])
@pytest.mark.parametrize("there", [False, True])
def test_a_mark_keeps_no_credential_of_whoever_forgot_and_holds_all_the_same(
    archive: Archive, link: str, *, there: bool
) -> None:
    hollow = make_page(link, state=State.HOLLOW, body="", aliases=(link,))
    if there:
        archive.save(hollow)
    archive.forgotten.add(link, at=AT)
    assert "5ecre7" not in repr(tables_of(archive.database))
    assert not archive.queue.offer(link)
    assert archive.save(hollow) is Change.FORGOTTEN
    assert archive.forgotten.remove(link)
    assert archive.save(hollow) is Change.ADDED


def test_another_article_at_the_address_of_a_forgotten_one_stays_free_under_its_own(
    archive: Archive,
) -> None:
    archive.save(make_page(SHORT))
    archive.forgotten.add(ID, at=AT)
    other = {"id": f"{BIZ}:2650000009:1", "mid": "2650000009", "aliases": ()}
    assert archive.save(make_page(SHORT, **other)) is Change.FORGOTTEN
    long_link = SIGNED.replace("2650000001", "2650000009")
    assert archive.save(make_article(long_link)) is Change.ADDED


def test_no_list_and_no_hand_puts_it_into_the_queue(filled: Archive) -> None:
    filled.forgotten.add(ID, at=AT)
    assert not filled.queue.offer(SIGNED)
    with pytest.raises(InputError, match=r"forgotten on 2026-11-01.*--undo"):
        filled.queue.enqueue(SHORT)
    assert not filled.queue.entries()


def test_what_only_waits_can_be_forgotten_too(archive: Archive) -> None:
    archive.queue.enqueue(SIGNED)
    assert archive.forgotten.add(SIGNED, at=AT)
    assert not archive.queue.entries()
    assert archive.save(make_article(UNSIGNED)) is Change.FORGOTTEN


def test_what_was_never_there_is_kept_away_all_the_same(archive: Archive) -> None:
    assert not archive.forgotten.add(SHORT, at=AT)
    assert archive.save(make_article(SHORT)) is Change.FORGOTTEN
    with pytest.raises(InputError):
        archive.forgotten.add("no address", at=AT)


def test_a_mark_without_a_name_keeps_nothing_away_that_has_no_address(archive: Archive) -> None:
    with archive.connection as connection:
        connection.execute("INSERT INTO forgotten VALUES ('', 'x:1:1', '2026-05-24')")
    assert archive.forgotten.find("") is None


def test_a_mark_that_is_taken_away_lets_the_article_come_back(filled: Archive) -> None:
    filled.forgotten.add(SHORT, at=AT)
    assert [mark.article_id for mark in filled.forgotten.marks()] == [ID]
    assert filled.forgotten.remove(UNSIGNED)
    assert not filled.forgotten.remove(UNSIGNED)
    assert filled.save(make_article(UNSIGNED)) is Change.ADDED


def test_others_in_the_same_batch_are_saved(archive: Archive) -> None:
    archive.forgotten.add(ID, at=AT)
    arrivals = [arrival_of(make_article(url)) for url in (OTHER_SHORT, UNSIGNED, SHORT)]
    changes = archive.save_all(arrivals)
    assert changes == [Change.ADDED, Change.FORGOTTEN, Change.ADDED]


@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_no_byte_of_the_file_holds_what_was_forgotten(
    tmp_path: Path, journal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # also where SQLite is too old for us to keep a log
    monkeypatch.setattr(opening, "has_safe_wal", lambda _: journal == "WAL")
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        _rewrite_often(archive)
        assert _bytes_beside(path).count(RARE[2:]) > 1
        assert archive.forgotten.add(ID, at=AT)
        archive.forgotten.wipe()
        assert archive.database.journal_mode == journal.lower()
        for word in (RARE[2:], "七秒一闪".encode()):
            assert word not in _bytes_beside(path)
        assert len(archive.search("渡轮")) == OTHERS
        assert not list(archive.audit(today="2026-11-26"))
    with Archive.open(path) as archive:
        assert len(archive.search("渡轮", fold=False)) == OTHERS


@contextmanager
def _somebody_reads(path: Path) -> Iterator[None]:
    """Another program is in the midst of reading."""
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        yield


def test_whoever_reads_meanwhile_is_named_and_the_rest_is_forgotten_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "has_safe_wal", lambda _: True)
    path = tmp_path / "archive.db"
    with Archive.open(path, timeout=0.1) as archive:
        _rewrite_often(archive)
        with _somebody_reads(path):
            archive.forgotten.add(ID, at=AT)
            with pytest.raises(ArchiveError, match=r"archive\.db"):
                archive.forgotten.wipe()
        archive.forgotten.add(ID, at=AT)
        archive.forgotten.wipe()
        assert RARE[2:] not in _bytes_beside(path)


def test_words_that_are_left_in_a_file_that_cannot_be_written_anew_are_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "has_safe_wal", lambda _: False)
    path = tmp_path / "archive.db"
    with Archive.open(path, timeout=0.1) as archive:
        _rewrite_often(archive)
        assert archive.forgotten.add(ID, at=AT)
        told = pytest.raises(ArchiveError, match=r"may still hold words .* run the same command")
        with _somebody_reads(path), told:
            archive.forgotten.wipe()
        archive.forgotten.wipe()
        assert RARE[2:] not in _bytes_beside(path)


def test_an_audit_tells_that_words_of_what_was_forgotten_may_be_left_until_they_are_not(
    tmp_path: Path,
) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        _rewrite_often(archive)
        archive.forgotten.add(ID, at=AT)  # and there the run is killed
    with Archive.open(path) as archive:
        for fix in (False, True):
            (told,) = archive.audit(today="2026-11-26", fix=fix)
            assert (told.check, told.fixed) == ("free-pages", fix)
        assert RARE[2:] not in _bytes_beside(path)
        assert not list(archive.audit(today="2026-11-26"))


def test_what_another_run_takes_out_while_one_writes_anew_stays_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save(_page())
        archive.forgotten.add(ID, at=AT)
        write_anew = Forgotten._write_anew

        def _meanwhile(forgotten: Forgotten) -> bool:
            busy = write_anew(forgotten)
            with Archive.open(path) as other:
                other.forgotten.add(SHORT, at=AT)
            return busy

        with monkeypatch.context() as slow:
            slow.setattr(Forgotten, "_write_anew", _meanwhile)
            archive.forgotten.wipe()
        assert [told.check for told in archive.audit(today="2026-11-26")] == ["free-pages"]


@pytest.mark.parametrize(
    "name", ["my notes", 'say "so"', "events WHERE ?1 <> '' --", "articles WHERE ?1 <> '' --"]
)
def test_rows_of_a_table_with_any_name_that_hang_on_it_go_with_it_and_no_others(
    filled: Archive, name: str
) -> None:
    table, column = (f'"{word.replace(chr(34), chr(34) * 2)}"' for word in (name, f"of {name}"))
    filled.connection.execute(f"CREATE TABLE {table} ({column} TEXT REFERENCES Articles (id))")
    filled.connection.execute(f"INSERT INTO {table} SELECT id FROM articles")  # noqa: S608
    other = filled.find(OTHER_SHORT)
    looks = filled.connection.execute("SELECT * FROM events WHERE article_id = ?", (other,))
    before = looks.fetchall()
    filled.forgotten.add(ID, at=AT)
    assert filled.connection.execute(f"SELECT * FROM {table}").fetchall() == [(other,)]  # noqa: S608
    assert filled.get(OTHER_SHORT) is not None
    assert filled.connection.execute("SELECT * FROM events").fetchall() == before


def test_a_look_at_its_address_that_found_another_article_stays(filled: Archive) -> None:
    moved = f"{BIZ}:2650000077:1"
    filled.save(_page(SIGNED, id=moved, mid="2650000077", aliases=(), title="搬了家的灯塔"))
    looks = "SELECT url, article_id FROM events WHERE article_id = ?"
    before = filled.connection.execute(looks, (moved,)).fetchall()
    filled.forgotten.add(ID, at=AT)
    assert filled.connection.execute(looks, (moved,)).fetchall() == before == [(SIGNED, moved)]


def test_an_account_goes_with_its_last_article(filled: Archive) -> None:
    other = make_article(
        "https://mp.weixin.qq.com/s?__biz=MzI0OTk5OTk5MA==&mid=7&idx=1", account="别家"
    )
    filled.save(other)
    filled.texts.keep_learned("江畔手记", "f", [])
    filled.texts.keep_learned("别家", "f", [])
    assert filled.database["accounts"].count == 2
    filled.forgotten.add(other.id, at=AT)
    assert [row["biz"] for row in filled.database["accounts"].rows] == [BIZ]
    assert [row["account"] for row in filled.database["learned"].rows] == ["江畔手记"]


RARE = b"zebraqueen"
OTHERS = 3


def _rewrite_often(archive: Archive) -> None:
    """Texts that come, go and come back, each in a transaction of its own."""
    for number in range(OTHERS):
        link = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=26500009{number}&idx=1"
        body = f"# 渡轮{number}\n\n第{number}班渡轮。\n"
        archive.save(make_article(link, title=f"渡轮{number}", account="别家", body=body))
        page = f"<p>{RARE.decode()} {number}</p>".encode()
        body = f"# 灯塔\n\n{RARE.decode()}{number}，七秒一闪。\n"
        day = f"2026-01-0{number + 2}T00:00:00"
        archive.save(make_page(body=body, fetch_date=day), snapshot=page)


def _bytes_beside(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))
