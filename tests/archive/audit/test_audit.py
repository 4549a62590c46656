"""What an audit promises.

Every kind of damage is found where it is, and repaired where that is safe.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive.archive import Archive
from crawler.archive.audit.audit import Audit
from crawler.archive.audit.checks import CHECKS, Check, Finding
from crawler.archive.audit.pictures import find_damaged
from crawler.archive.audit.repairs import REPAIRS
from crawler.archive.backups import back_up, restore, save_readable
from crawler.archive.carrying import carry_over
from crawler.archive.database import our_tables
from crawler.archive.files.images import place_of
from crawler.archive.saving.arrival import arrival_of
from crawler.archive.saving.evidence import Evidence
from crawler.archive.saving.save import Change
from crawler.archive.search import SEARCH_STATEMENTS, sync_index
from crawler.article import Origin, State, Verdict
from crawler.times import SHANGHAI
from tests.archive.files.test_images import ONE, png
from tests.archive.specimens import BIZ, ID, SHORT, make_article, make_page
from tests.growth import assert_linear
from tests.trust.faults import SICK, Fault, once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crawler.article import Article

TODAY = "2026-11-23"
FIRST = "SELECT min(id) FROM articles WHERE body <> ''"
BODY = f"# 夜航的灯塔\n\n海面。\n\n![]({ONE})\n"
SECRET = f'["https://mp.weixin.qq.com/s?__biz={BIZ}&key={"0af1" * 8}"]'
OTHER = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000007&idx=1"
OTHER_ID = f"{BIZ}:2650000007:1"
HOLLOW = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000009&idx=2"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sound archive that has something in every table."""
    folder = tmp_path_factory.mktemp("sound")
    with Archive.open(folder / "archive.db") as archive:
        archive.save_all([arrival_of(make_article(), "a.md")])
        archive.save(make_page(SHORT, body=BODY), snapshot=b"<html></html>")
        archive.save(make_article(HOLLOW, state=State.HOLLOW))
        archive.images.keep(ID, ONE, png(300, 200), at="2026-01-01T00:00:00")
    return folder


@pytest.fixture
def path(sound: Path, tmp_path: Path) -> Path:
    """A copy of it, to break."""
    shutil.copytree(sound, tmp_path, dirs_exist_ok=True)
    return tmp_path / "archive.db"


def _break(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.executescript(statement)


def _audit(path: Path, *, fix: bool = False) -> list[Finding]:
    with Archive.open(path, ngram=None) as archive:
        return list(archive.audit(today=TODAY, fix=fix))


def _standing(path: Path) -> set[str]:
    return {finding.check for finding in _audit(path)}


def test_a_day_that_one_copy_says_beside_a_moment_that_another_does_is_no_fault(path: Path) -> None:
    told = "2024-05-07T20:30:00+08:00"
    with Archive.open(path) as archive:
        archive.save(make_article(OTHER))
        said = {"date": told[:10], "published_at": told, "fetch_date": "2025-10-05T12:00:00"}
        archive.save(make_article(OTHER, origin=Origin.ADOPTED, **said))
        record = archive.get(OTHER)
        assert record
        assert (record.date, record.published_at) == ("2024-05-08", told)
    assert _audit(path) == []
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE articles SET date = '2020-01-01' WHERE published_at = ?", (told,))
    assert "date-published" in _standing(path)  # which no copy says


def test_a_sound_archive_passes(path: Path) -> None:
    assert _audit(path) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_finds_what_would_break_a_sound_archive(path: Path, check: Check) -> None:
    _break(path, check.breaks)
    assert check.id in _standing(path)


@pytest.mark.parametrize(
    "check",
    [check for check in CHECKS if check.repair or check.id in REPAIRS],
    ids=lambda check: check.id,
)
def test_what_can_be_repaired_safely_is_gone_after_it(path: Path, check: Check) -> None:
    _break(path, check.breaks)
    assert any(finding.fixed for finding in _audit(path, fix=True) if finding.check == check.id)
    _audit(path, fix=True)
    assert check.id not in _standing(path)


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        ("front-matter", "UPDATE articles SET front_matter = 'title: [' WHERE state = 'ok'"),
        ("front-matter", "UPDATE articles SET title = '改过的题目' WHERE state = 'ok'"),
        ("body-hash", "UPDATE articles SET body = body || '添了一句。' WHERE state = 'ok'"),
        ("characters", "UPDATE articles SET characters = 3 WHERE state = 'ok'"),
        (
            "revision",
            (
                "UPDATE revisions SET body = x'00' WHERE body_hash = (SELECT body_hash FROM"
                " articles WHERE state = 'ok')"
            ),
        ),
        ("index", "DELETE FROM articles_fts_docsize"),
    ],
)
def test_damage_that_only_reading_finds_is_found_and_repaired(
    path: Path, check: str, statement: str
) -> None:
    _break(path, statement)
    assert check in _standing(path)
    assert all(finding.fixed for finding in _audit(path, fix=True))
    assert _audit(path) == []


def test_what_front_matter_said_is_told_where_a_repair_takes_the_rows_words(path: Path) -> None:
    # a bit of the title fell, of which the front matter has what it was
    _break(path, "UPDATE articles SET title = '夜舫的灯塔' WHERE state = 'ok'")
    [finding] = _audit(path, fix=True)
    assert finding.fixed
    assert finding.what.endswith(": title '夜航的灯塔' is '夜舫的灯塔' in the row, which counts")


def test_a_body_that_another_program_changed_is_kept_beside_the_one_that_was_archived(
    path: Path,
) -> None:
    _break(path, "UPDATE articles SET body = '# 夜航的灯塔\n\n自己写的。\n' WHERE state = 'ok'")
    _audit(path, fix=True)
    with Archive.open(path) as archive:
        bodies = [
            archive.history.body(ID, revision.body_hash)
            for revision in archive.history.revisions(ID)
        ]
    assert len(bodies) == 3
    assert "# 夜航的灯塔\n\n自己写的。\n" in bodies


def test_a_body_that_is_a_notice_is_named_and_waits_to_be_fetched_again(path: Path) -> None:
    with Archive.open(path) as archive:
        judge = {"海面": "it is about the sea"}
        found = list(
            archive.audit(
                today=TODAY, judge=lambda body: judge["海面"] * ("海面" in body), fix=True
            )
        )
        assert [(finding.check, finding.subject, finding.fixed) for finding in found] == [
            ("notice", ID, False)
        ]
        assert "about the sea" in found[0].what
        entry = archive.queue.get(ID)
        assert entry
        assert entry.request == SHORT
    assert _audit(path) == []


def test_a_picture_that_is_gone_from_the_disk_is_asked_for_again_or_known_when_it_is_back(
    path: Path,
) -> None:
    (file,) = path.parent.rglob("*.png")
    elsewhere = file.rename(path.with_name("elsewhere.png"))
    assert [(one.check, one.fixed) for one in _audit(path, fix=True)] == [("picture", False)]
    with Archive.open(path) as archive:
        assert not list(archive.images.wanted(ID))
        assert [wanted.url for wanted in archive.images.wanted(ID, again=True)] == [ONE]
        archive.images.miss(ID, ONE, at="2026-01-02", why="HTTP status 404")
    assert _audit(path) == []
    elsewhere.rename(file)
    assert _standing(path) == {"picture-back"}
    _audit(path, fix=True)
    assert _audit(path) == []
    with Archive.open(path) as archive:
        assert not list(archive.images.wanted(ID, again=True))
        assert archive.images.local(ID) == {ONE: file}


@pytest.mark.parametrize("content", [png(300, 200), png(30, 20)], ids=["same", "another"])
def test_a_picture_that_comes_again_takes_the_place_of_one_that_is_gone(
    path: Path, content: bytes
) -> None:
    (file,) = path.parent.rglob("*.png")
    file.unlink()
    with Archive.open(path) as archive:
        archive.images.keep(ID, ONE, content, at="2026-01-02")
        assert archive.images.local(ID)[ONE].read_bytes() == content
    assert _audit(path) == []
    file.write_bytes(png(300, 200))
    assert _audit(path, fix=True) == []


def test_a_file_that_no_article_shows_is_found_and_removed(path: Path) -> None:
    stray = path.parent / "images" / "ab" / f"{'ab12' * 16}.png"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(png(9, 9))
    assert _standing(path) == {"stray-file"}
    _audit(path, fix=True)
    assert not stray.exists()
    assert _audit(path) == []


@pytest.mark.parametrize(
    "name",
    [
        *("en/logo.png", "ab/ab12.png", f"ab/{'cd12' * 16}.png"),
        f"ab/{'ab12' * 16}.sync-conflict-20260101-120000-ABCDEFG.png",  # by Syncthing
        *(f"ab/{'ab12' * 16}{ending}" for ending in (" 2.png", ".png~", ".png.bak", ".drawn.png")),
        f"ab/.{'ab12' * 16}.png.icloud",
    ],
)
def test_a_persons_own_file_in_a_folder_of_that_name_is_no_stray(path: Path, name: str) -> None:
    own = path.parent / "images" / name
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_bytes(png(9, 9))
    assert _audit(path, fix=True) == []
    assert own.exists()


@pytest.mark.parametrize("name", [f".{'ab12' * 16}.png.part", f".{'cd34' * 8}.part"])
def test_a_picture_that_was_half_written_when_a_run_was_killed_is_a_stray(
    path: Path, name: str
) -> None:
    half = path.parent / "images" / "ab" / name
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(b"half")
    assert _standing(path) == {"stray-file"}


def test_a_picture_of_another_archive_in_the_folder_is_no_stray(path: Path) -> None:
    backup = path.with_name("backup.db")
    back_up(path, backup)
    with Archive.open(path) as archive:
        archive.images.keep(ID, f"{ONE}&later", png(7, 7), at="2026-01-02")
    pictures = sorted(path.parent.rglob("*.png"))
    assert _audit(backup) == []
    _audit(backup, fix=True)
    assert sorted(path.parent.rglob("*.png")) == pictures
    stray = path.parent / "images" / "ab" / f"{'ab12' * 16}.png"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(png(9, 9))
    assert _standing(backup) == {"stray-file"}


@contextmanager
def _found_before(path: Path) -> Iterator[Callable[[], list[Finding]]]:
    """Repairs what is found now, once that is asked for."""
    with Archive.open(path) as archive:
        audit = Audit(
            connection=archive.connection,
            root=archive.images.root,
            today=TODAY,
            judge=lambda _: "",
        )
        found = list(audit.run())

        def repair() -> list[Finding]:
            with archive.transaction():
                return [audit.repair(finding) for finding in found]

        yield repair


def _stray_beside(path: Path) -> tuple[bytes, Path]:
    """A picture in the folder of pictures, of which no row tells, and its file."""
    picture = png(9, 9)
    file = path.parent / place_of(picture)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(picture)
    return picture, file


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("beside", [True, False])
def test_no_picture_is_a_stray_where_the_folder_is_a_link_that_others_may_have_too(
    path: Path, *, beside: bool
) -> None:
    owner = path.parent / "owner"
    owner.mkdir()
    shutil.copy(path, owner / "archive.db")
    (path.parent / "images").rename(owner / "images")
    backup = path.parent / "backup" / "archive.db"
    backup.parent.mkdir()
    back_up(owner / "archive.db", backup)
    with Archive.open(owner / "archive.db") as archive:
        archive.images.keep(ID, f"{ONE}&later", png(7, 7), at="2026-01-02")
    shared = owner / "images" if beside else (owner / "images").rename(path.parent / "shared")
    for folder in {backup.parent} if beside else {backup.parent, owner}:
        (folder / "images").symlink_to(shared)
    pictures = sorted(shared.rglob("*.png"))
    assert _audit(backup, fix=True) == []
    assert sorted(shared.rglob("*.png")) == pictures


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_no_picture_is_a_stray_that_an_archive_shows_which_a_restore_put_aside_behind_a_link(
    path: Path,
) -> None:
    file = path.parent / "disk" / "a.db"
    file.parent.mkdir()
    path.rename(file)
    path.symlink_to(file)
    back_up(path, path.with_name("backup.db"))
    with Archive.open(path) as archive:
        archive.images.keep(ID, f"{ONE}&later", png(7, 7), at="2026-01-02")
    pictures = sorted(path.parent.rglob("*.png"))
    _, kept = restore(path, path.with_name("backup.db"))
    assert kept == file.with_name("a.db.replaced-1")
    assert _audit(path, fix=True) == []
    assert sorted(path.parent.rglob("*.png")) == pictures


@pytest.mark.parametrize("of", ["archive.db", "backup.db"])
@pytest.mark.parametrize("lost", ["substr(path, 2)", "replace(path, '.png', '.pnf')"])
def test_a_picture_whose_row_leads_elsewhere_is_no_stray(path: Path, of: str, lost: str) -> None:
    back_up(path, path.with_name("backup.db"))
    picture, file = _stray_beside(path)
    with Archive.open(path.with_name(of)) as archive:
        archive.images.keep(ID, f"{ONE}&later", picture, at="2026-01-02")
    _break(path.with_name(of), f"UPDATE images SET path = {lost}")  # noqa: S608
    _audit(path, fix=True)
    assert file.read_bytes() == picture


@pytest.mark.parametrize("column", ["state", "at"])
@pytest.mark.parametrize("letters", ["x'6fe7'", "'2026-01-02T03:04:0s'"], ids=["none", "others"])
def test_a_damaged_look_is_told_and_no_article_gets_its_letters(
    path: Path, column: str, letters: str
) -> None:
    rows = "SELECT id, state_now, checked_at FROM articles ORDER BY id"
    with closing(sqlite3.connect(path)) as database:
        before = database.execute(rows).fetchall()
    _break(path, f"UPDATE events SET {column} = cast({letters} AS text)")  # noqa: S608
    found = _audit(path, fix=True)
    assert found
    assert not any(finding.fixed for finding in found)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute(rows).fetchall() == before


@pytest.mark.parametrize("kept", ["archive.db", "saved.db"])
def test_a_picture_that_an_article_shows_is_no_stray_though_its_row_is_lost(
    path: Path, kept: str
) -> None:
    before = _rows_of_pictures(path)
    (file,) = path.parent.rglob("*.png")
    _break(path, "DELETE FROM images")
    if kept == "saved.db":
        saved = save_readable(path, path.with_name(kept))
        assert [lost.table for lost in saved.lost] == ["pictures"]
        path.unlink()
    assert [one.check for one in _audit(path.with_name(kept), fix=True)] == ["picture-row"]
    assert file.is_file()
    assert _rows_of_pictures(path.with_name(kept)) == before
    assert _audit(path.with_name(kept)) == []


def test_a_picture_is_no_stray_where_another_archive_beside_lost_its_row(path: Path) -> None:
    picture, file = _stray_beside(path)
    with Archive.open(path.with_name("other.db")) as other:
        other.save(make_article())
        other.images.keep(ID, ONE, picture, at="2026-01-02")
    _break(path.with_name("other.db"), "DELETE FROM images")
    assert _audit(path, fix=True) == []
    assert file.is_file()


def test_a_picture_without_row_and_file_is_told(path: Path) -> None:
    _break(path, "DELETE FROM images")
    (file,) = path.parent.rglob("*.png")
    file.unlink()
    for fix in (True, False):
        assert [(one.check, one.fixed) for one in _audit(path, fix=fix)] == [("picture-row", False)]
    with Archive.open(path) as archive:
        assert [wanted.url for wanted in archive.images.wanted(ID, again=True)] == [ONE]
    file.write_bytes(png(7, 7))
    assert [(one.check, one.fixed) for one in _audit(path, fix=True)] == [("picture-row", False)]


def test_a_picture_whose_row_and_file_were_lost_is_asked_for_until_it_came(path: Path) -> None:
    before, saved = _rows_of_pictures(path), path.with_name("saved.db")
    (file,) = path.parent.rglob("*.png")
    picture = file.read_bytes()
    _break(path, "DELETE FROM images")
    save_readable(path, saved)
    path.unlink()
    file.unlink()
    with Archive.open(saved) as archive:
        digest = before[0][0]
        assert not archive.images.has(digest)  # so that a merge brings its articles no picture
        archive.images.keep(ID, ONE, picture, at="2026-01-01T00:00:00")
        assert archive.images.has(digest)
        assert list(archive.images.wanted(ID, again=True)) == []
    assert _rows_of_pictures(saved) == before
    assert _audit(saved) == []


@pytest.mark.parametrize(
    "damage",
    ["path = replace(path, 'png', 'gif')", "bytes = bytes + 1, width = 'x'", "bytes = NULL"],
)
def test_a_picture_whose_row_is_damaged_is_asked_for_until_it_came(path: Path, damage: str) -> None:
    before = _rows_of_pictures(path)
    (file,) = path.parent.rglob("*.png")
    _break(path, f"{_SAYS.format(' NOT NULL', '')} UPDATE images SET {damage};")  # noqa: S608
    _break(path, _SAYS.format("", " NOT NULL"))
    with Archive.open(path) as archive:
        assert [wanted.url for wanted in archive.images.wanted(ID, again=True)] == [ONE]
        archive.images.keep(ID, ONE, file.read_bytes(), at="2026-01-01T00:00:00")
        assert list(archive.images.wanted(ID, again=True)) == []
    assert _rows_of_pictures(path) == before


_SAYS = """
PRAGMA writable_schema = ON;
UPDATE sqlite_master SET sql = replace(sql, 'bytes INTEGER{0}', 'bytes INTEGER{1}')
    WHERE name = 'images';
PRAGMA writable_schema = RESET;
"""


def _rows_of_pictures(path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return [
            row
            for table in ("images", "pictures")
            for row in database.execute(f"SELECT * FROM {table}")  # noqa: S608
        ]


def test_a_file_whose_row_came_since_it_was_found_is_no_stray(path: Path) -> None:
    picture, file = _stray_beside(path)
    with _found_before(path) as repair:
        with Archive.open(path) as other:
            other.images.keep(ID, f"{ONE}&later", picture, at="2026-01-02")
        assert [(finding.check, finding.fixed) for finding in repair()] == [("stray-file", False)]
    assert file.read_bytes() == picture
    assert _audit(path) == []


def test_a_file_that_another_archive_shows_since_it_was_found_is_no_stray(path: Path) -> None:
    picture, file = _stray_beside(path)
    with _found_before(path) as repair:
        with Archive.open(path.with_name("other.db")) as other:
            other.save(make_article())
            other.images.keep(ID, ONE, picture, at="2026-01-02")
        repair()
    assert file.exists()


def test_no_file_is_a_stray_while_another_archive_beside_is_being_written(path: Path) -> None:
    """Which writes the files of pictures before anybody sees their rows: a merge many of them."""
    picture, file = _stray_beside(path)
    with _found_before(path) as repair, Archive.open(path.with_name("other.db")) as other:
        other.save(make_article())
        with other.transaction():
            other.images.keep(ID, ONE, picture, at="2026-01-02")
            assert [(one.check, one.fixed) for one in repair()] == [("stray-file", False)]
            assert _audit(path, fix=True) == []
    assert file.read_bytes() == picture
    assert _audit(path.with_name("other.db")) == []


def test_a_body_that_was_written_anew_since_it_was_found_is_not_taken_for_somebodys_edit(
    path: Path,
) -> None:
    (body,) = _first(path, "SELECT body FROM articles WHERE id = ?")
    _break(path, f"UPDATE articles SET body = body || 'x' WHERE id = ({FIRST})")  # noqa: S608
    before = _first(path, "SELECT count(*) FROM revisions WHERE article_id = ?")
    with _found_before(path) as repair:
        with closing(sqlite3.connect(path)) as other:
            other.execute(f"UPDATE articles SET body = ? WHERE id = ({FIRST})", (body,))  # noqa: S608
            other.commit()
        assert all(finding.fixed for finding in repair())
    assert _first(path, "SELECT count(*) FROM revisions WHERE article_id = ?") == before


def _first(path: Path, query: str) -> tuple[Any, ...]:
    """What is asked of the first article."""
    with closing(sqlite3.connect(path)) as database:
        (key,) = database.execute(FIRST).fetchone()
        found: tuple[Any, ...] = database.execute(query, (key,)).fetchone()
        return found


def test_twice_the_strays_beside_twice_the_pictures_of_another_archive_are_twice_the_work(
    path: Path,
) -> None:
    other = path.with_name("other.db")
    back_up(path, other)

    def work(size: int) -> None:
        with closing(sqlite3.connect(other)) as database:
            rows = ({"sha256": f"{number:064}"} for number in range(300 * size))
            database.executemany(_PICTURE, rows)
            database.commit()
        for number in range(size):
            stray = path.parent / "images" / "ab" / f"ab{number:062}.png"
            stray.parent.mkdir(parents=True, exist_ok=True)
            stray.write_bytes(png(9, 9))
        found = [finding for finding in _audit(path, fix=True) if finding.fixed]
        assert [finding.check for finding in found] == ["stray-file"] * size

    assert_linear(work, 20)


_PICTURE = """
INSERT OR IGNORE INTO images (sha256, path, type, bytes, width, height)
    SELECT :sha256, 'images/00/' || :sha256 || '.png', 'image/png', 1, 1, 1
"""


@pytest.mark.parametrize("check", ["picture-back", "stray-file"])
def test_twice_the_pictures_to_put_right_are_twice_the_steps(path: Path, check: str) -> None:
    with Archive.open(path) as archive:
        connection = archive.connection
        audit = Audit(connection=connection, root=path.parent, today=TODAY)

        def steps_of(size: int) -> int:
            names = [f"{number:063}0" for number in range(size)]
            connection.executemany(_PICTURE, [{"sha256": name} for name in names])
            connection.executemany(_MISSED, [{"id": ID, "sha256": name} for name in names])
            others = names if check == "picture-back" else [f"{name[1:]}9" for name in names]
            paths = [f"images/00/{name}.png" for name in others]
            steps: list[int] = []
            connection.set_progress_handler(lambda: steps.append(1), 12)
            found = [audit.repair(Finding(check=check, subject=one, what="")) for one in paths]
            connection.set_progress_handler(None, 12)
            assert all(finding.fixed for finding in found)
            return len(steps)

        once, twice = steps_of(80), steps_of(160)
        assert twice <= 2.5 * once, f"{once:,} dozens of steps for 80, {twice:,} for 160"
        (left,) = connection.execute(
            "SELECT count(*) FROM pictures WHERE state = 'missing'"
        ).fetchone()
        assert left == (0 if check == "picture-back" else 160)


_MISSED = """
INSERT INTO pictures (article_id, url, sha256, state, at)
    VALUES (:id, :sha256, :sha256, 'missing', '') ON CONFLICT DO UPDATE SET state = 'missing'
"""


def test_a_copy_without_a_link_is_given_no_address(path: Path) -> None:
    _break(path, "UPDATE articles SET url = '' WHERE state = 'hollow'; DELETE FROM urls")
    _audit(path, fix=True)
    with Archive.open(path) as archive:
        keys = {record.id for record in archive.records() if record.url}
        assert {row["article_id"] for row in archive.database["urls"].rows} == keys
        assert archive.find("") is None
    assert _audit(path) == []


def test_others_write_while_pictures_are_read_for_damage(path: Path) -> None:
    pictures = sorted(path.parent.rglob("*.png"))
    for file in pictures:
        file.write_bytes(b"x" * file.stat().st_size)
    with Archive.open(path, read_only=True) as archive:
        found = find_damaged(archive.connection, path.parent)
        subjects = [next(found).subject]
        with Archive.open(path, timeout=0) as other:
            other.images.keep(ID, f"{ONE}&later", png(7, 7), at="2026-01-02")
        subjects += [finding.subject for finding in found]
    assert sorted(path.parent / subject for subject in subjects) == pictures


def test_beside_an_archive_that_cannot_be_read_no_file_is_a_stray(path: Path) -> None:
    stray = path.parent / "images" / "ab" / f"{'ab12' * 16}.png"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(png(9, 9))
    other = path.with_name("hurt.db")
    other.write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    assert _audit(path, fix=True) == []
    assert stray.exists()
    other.unlink()
    other.symlink_to(SICK)
    assert _audit(path, fix=True) == []
    assert stray.exists()
    other.unlink()
    other.write_bytes(b"no database")
    _audit(path, fix=True)
    assert not stray.exists()


@pytest.mark.parametrize("hurt", ["1", "copy = (SELECT max(copy) FROM copies)"])
@pytest.mark.parametrize("fields", ["[1]", "{", "{}", "[" * 5000 + "]" * 5000, SECRET])
def test_copies_that_say_nothing_any_more_give_way_to_what_is_shown(
    tmp_path: Path, fields: str, hurt: str
) -> None:
    path = tmp_path / "archive.db"
    looks = [
        make_page(body=f"# 灯\n\n{'潮水' * day}。\n", fetch_date=f"2026-01-0{day}T00:00:00.000000")
        for day in range(1, 5)
    ]
    with Archive.open(path) as archive:
        for look in looks[:3]:
            archive.save(look)
        shown = archive.get(ID)
    with closing(sqlite3.connect(path)) as database, database:
        done = database.execute(f"UPDATE copies SET fields = ? WHERE {hurt}", (fields,))  # noqa: S608
        assert done.rowcount == (3 if hurt == "1" else 1)
    assert "copy" in _standing(path)
    _audit(path, fix=True)
    assert _standing(path) == set()
    with Archive.open(path) as archive:
        assert archive.get(ID) == shown
        archive.save(looks[3])
        record = archive.get(ID)
        assert record
        assert record.body == looks[3].body


def test_what_a_row_shows_of_a_damaged_copy_outlives_its_repair(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    named = [
        make_page(body=f"# 灯\n\n{'潮水' * day}。\n", fetch_date=f"2026-01-0{day}T00:00:00.000000")
        for day in range(1, 5)
    ]
    looks = [replace(look, account="", account_info=None) for look in named]
    looks[1] = named[1]
    with Archive.open(path) as archive:
        for look in looks[:3]:
            archive.save(look)
    with closing(sqlite3.connect(path)) as database, database:
        hurt = "UPDATE copies SET fields = '{' WHERE copy = ?"
        assert database.execute(hurt, (looks[1].evidence,)).rowcount == 1
    _audit(path, fix=True)
    with Archive.open(path) as archive:
        archive.save(looks[3])
        shown = archive.get(ID)
    assert shown
    assert (shown.body, shown.account) == (looks[3].body, "江畔手记")


def _three_looks(path: Path) -> list[Article]:
    looks = [
        make_page(body=f"# 灯\n\n{'潮水' * day}。\n", fetch_date=f"2026-01-0{day}T00:00:00.000000")
        for day in range(1, 4)
    ]
    with Archive.open(path) as archive:
        for look in looks:
            archive.save(look)
    return looks


def _hurt_copy(path: Path, look: Article) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE copies SET fields = '{' WHERE copy = ?", (look.evidence,))


_TOLD_BY_COPIES = """
SELECT json_extract(fields, '$.body_hash'), json_extract(fields, '$.characters') FROM copies
"""


@pytest.mark.parametrize("hurt", [0, 2])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE articles SET characters = 3", "UPDATE articles SET body_hash = 'abc'"],
)
def test_a_damaged_row_damages_no_copy_where_another_is_mended(
    tmp_path: Path, statement: str, hurt: int
) -> None:
    path = tmp_path / "archive.db"
    _hurt_copy(path, _three_looks(path)[hurt])
    _break(path, statement)
    _audit(path, fix=True)
    with closing(sqlite3.connect(path)) as database:
        copies = database.execute(_TOLD_BY_COPIES).fetchall()
        texts = database.execute("SELECT body_hash, characters FROM revisions").fetchall()
    assert len(copies) > 1
    assert {*copies} <= {*texts}


def test_a_text_that_a_row_lost_is_shown_again_though_another_copy_is_damaged(
    tmp_path: Path,
) -> None:
    path = tmp_path / "archive.db"
    looks = _three_looks(path)
    _hurt_copy(path, looks[0])
    _break(path, "UPDATE articles SET body = ''")
    _audit(path, fix=True)
    with Archive.open(path) as archive:
        archive.save(make_page(state=State.DELETED, fetch_date="2026-02-01T00:00:00"))
        record = archive.get(ID)
    assert record
    assert record.body == looks[2].body


def test_two_rows_of_one_article_are_joined_though_a_copy_is_damaged(path: Path) -> None:
    statement = next(check.breaks for check in CHECKS if check.id == "two-rows")
    _break(path, statement)
    _break(path, "INSERT INTO copies SELECT id, 'x', '{' FROM articles WHERE id LIKE 's:%'")
    _break(path, "INSERT INTO copies SELECT id, 'y', '{' FROM articles WHERE id LIKE 's:%'")
    assert _standing(path) >= {"two-rows", "copy"}
    _audit(path, fix=True)
    assert _standing(path).isdisjoint({"two-rows", "copy"})


def test_a_short_link_that_leads_to_no_key_joins_no_rows(path: Path) -> None:
    statement = next(check.breaks for check in CHECKS if check.id == "two-rows")
    _break(path, statement)
    other = "canonical = (SELECT 'https://mp.weixin.qq.com/s/' || substr(id, 3) FROM articles"
    where = f"{other} WHERE id LIKE 's:%')"
    _break(path, f"UPDATE urls SET article_id = CAST(article_id AS BLOB) WHERE {where}")  # noqa: S608
    fixed = {finding.check: finding.fixed for finding in _audit(path, fix=True)}
    assert fixed["two-rows"] is fixed["value"] is False


def test_what_could_not_be_looked_for_does_not_count_as_repaired(path: Path) -> None:
    _break(path, "UPDATE articles SET state_now = CAST(x'ff' AS TEXT) WHERE state = 'ok'")
    told = [finding for finding in _audit(path, fix=True) if finding.subject == "database"]
    assert [(finding.check, finding.fixed) for finding in told] == [("state-now", False)]


def test_a_damaged_copy_of_a_damaged_row_keeps_nothing_else_from_repair(path: Path) -> None:
    _break(path, "INSERT INTO copies SELECT id, 'x', '{' FROM articles")
    _break(path, "UPDATE articles SET kind = 'none' WHERE state <> 'hollow'")
    _audit(path, fix=True)
    assert [finding.subject for finding in _audit(path) if finding.check == "copy"] == [ID]


@pytest.mark.parametrize("table", sorted(our_tables()))
def test_a_column_that_holds_what_it_may_not_is_found_in_whatever_table(
    path: Path, table: str
) -> None:
    sound = path.read_bytes()
    for column in our_tables()[table]:
        path.write_bytes(sound)
        wrong = ["x'ff'", "CAST(x'ff' AS TEXT)"] if column.type == "TEXT" else ["'two'"]
        for value in wrong:
            row = f"rowid = (SELECT max(rowid) FROM {table})"  # noqa: S608
            with suppress(sqlite3.IntegrityError):  # the number of a row takes numbers alone
                _break(path, f"UPDATE {table} SET {column.name} = {value} WHERE {row}")  # noqa: S608
            assert bool(_standing(path)) is (path.read_bytes() != sound), column.name


@pytest.mark.parametrize("damage", ["author = x'ff'", "digest = CAST(x'ff' AS TEXT)", "kind = ''"])
@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE articles SET front_matter = ''",
        "UPDATE articles SET body = body || '添了一句。'",
        "UPDATE articles SET characters = 3",
        "DELETE FROM revisions",
        "UPDATE revisions SET body = x'00'",
    ],
)
def test_a_row_that_is_damaged_is_told_and_keeps_no_other_from_repair(
    path: Path, damage: str, broken: str
) -> None:
    with Archive.open(path) as archive:
        archive.save(make_article(OTHER, body="# 雾号\n\n雾里的灯。\n"))
    _break(path, broken)
    _break(path, f"UPDATE articles SET {damage} WHERE id = '{ID}'")  # noqa: S608
    assert OTHER_ID in {finding.subject for finding in _audit(path, fix=True) if finding.fixed}
    left = {finding.subject for finding in _audit(path)}
    assert ID in left
    assert OTHER_ID not in left
    with Archive.open(path) as archive:
        assert not archive.queue.get(ID)


def _saved(archive: Archive, _: Path) -> None:
    assert not archive.seeds.known()
    assert archive.save(make_page(SHORT, body=BODY)) is Change.UPDATED


def _merged(archive: Archive, backup: Path) -> None:
    now = datetime(2027, 1, 1, tzinfo=SHANGHAI)
    with Archive.open(backup, read_only=True) as other:
        assert not any(carried.error for carried in carry_over(archive, other, now=now))


@pytest.mark.parametrize("offer", [_saved, _merged])
def test_a_text_that_is_damaged_is_whole_again_where_it_comes_once_more(
    path: Path, sound: Path, offer: Callable[[Archive, Path], None]
) -> None:
    shown = f"(SELECT body_hash FROM articles WHERE id = '{ID}')"  # noqa: S608
    _break(path, f"UPDATE revisions SET body = x'00' WHERE body_hash = {shown}")  # noqa: S608
    _break(path, f"UPDATE articles SET body = replace(body, '灯', char(0)) WHERE id = '{ID}'")  # noqa: S608
    assert {finding.check for finding in _audit(path) if finding.subject == ID} == {"revision"}
    told = {one.check: one.advice for one in _audit(path, fix=True) if one.subject == ID}
    assert "a backup" in told["revision"]
    with Archive.open(path) as archive:
        offer(archive, sound / "archive.db")
    _audit(path, fix=True)
    assert not _standing(path)
    with Archive.open(path, read_only=True) as archive:
        record = archive.get(ID)
        assert record
        assert record.body == BODY


def test_a_damaged_snapshot_is_found_and_comes_back_by_a_backup(path: Path, sound: Path) -> None:
    _break(path, "UPDATE snapshots SET content = x'28b52ffd'")
    assert _standing(path) == {"snapshot"}
    with Archive.open(path) as archive:
        _merged(archive, sound / "archive.db")
    assert not _standing(path)


def test_a_candidate_whose_text_is_damaged_is_told_with_the_place_where_it_was_found(
    path: Path,
) -> None:
    offered = make_article(HOLLOW)
    found = Evidence(
        article_id=f"{BIZ}:2650000009:2",
        way="from",
        source="theirs/a.md",
        sha256=offered.body_hash,
        verdict=str(Verdict.CANDIDATE),
        at=TODAY,
    )
    with Archive.open(path) as archive:
        assert archive.evidence.note(found, offered)
    assert _standing(path) == set()
    _break(path, "UPDATE evidence SET offered = substr(offered, 1, length(offered) - 9)")
    (finding,) = _audit(path)
    assert (finding.check, finding.subject) == ("offer", found.article_id)
    assert "theirs/a.md" in finding.what
    (finding,) = _audit(path, fix=True)
    assert not finding.fixed


def test_an_article_that_keeps_what_its_account_repeats_is_not_asked_for_again(path: Path) -> None:
    _break(path, next(check.breaks for check in CHECKS if check.id == "promo-spared"))
    [finding] = _audit(path, fix=True)
    assert finding.check == "promo-spared"
    assert "queue" not in finding.what
    with Archive.open(path) as archive:
        assert {entry.article_id for entry in archive.queue.entries()} == {f"{BIZ}:2650000009:2"}


def test_what_cannot_be_repaired_waits_in_the_queue(path: Path) -> None:
    _break(path, "UPDATE articles SET body = '', body_hash = '', characters = 0 WHERE state = 'ok'")
    (finding,) = _audit(path, fix=True)
    assert not finding.fixed
    assert finding.what.endswith("it waits in the queue now")


def _named(path: Path, *names: str, author: str = "") -> list[Finding]:
    """What is odd about an account whose articles, a day apart, have these names in turn."""
    with Archive.open(path) as archive:
        for number, name in enumerate(names, start=1):
            url = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=265000010{number}&idx=1"
            day = f"2024-06-0{number}"
            archive.save(make_article(url, account=name, author=author, date=day))
    return [finding for finding in _audit(path) if finding.check == "odd-account"]


@pytest.mark.parametrize(
    ("names", "odd"),
    [
        (("北港灯塔", "修改于", "北港灯塔"), 1),
        (("北港灯塔", "北港灯塔", "北港灯塔", "阿岭", "北港灯塔"), 1),
        (("旧港灯塔", "旧港灯塔", "北港灯塔"), 0),
        (("旧港灯塔", "北港灯塔", "北港灯塔"), 0),
        (("旧港灯塔", "北港灯塔"), 0),
        (("旧港灯塔", "旧港灯塔", "北港灯塔", "北港灯塔"), 0),
        (("老港灯塔", "旧港灯塔", "北港灯塔", "北港灯塔"), 0),
    ],
    ids=["line", "author", "renamed last", "renamed first", "two", "renamed", "renamed twice"],
)
def test_a_name_between_two_of_another_is_an_error_and_one_that_came_once_a_new_name(
    tmp_path: Path, names: tuple[str, ...], odd: int
) -> None:
    assert len(_named(tmp_path / "a.db", *names)) == odd
    list(_audit(tmp_path / "a.db", fix=True))
    with Archive.open(tmp_path / "a.db", ngram=None) as archive:
        accounts = {record.account for record in archive.records()}
    assert accounts == (set(names) if not odd else {"北港灯塔"})


@pytest.mark.parametrize("name", ["北港灯塔", "北港灯塔{}"])
def test_twice_the_articles_of_an_account_are_twice_the_work_of_each_check(
    tmp_path: Path, name: str
) -> None:
    before: dict[str, int] = {}
    with Archive.open(tmp_path / "a.db", ngram=None) as archive:
        for size in (150, 300):
            archive.save_all(
                [
                    arrival_of(
                        make_article(
                            f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid={number}&idx=1",
                            account=name.format(number),
                            evidence=f"{number:064}",
                        )
                    )
                    for number in range(size)
                ]
            )
            for check in CHECKS:
                steps = _steps_of(archive, check)
                assert steps <= 2.5 * before.get(check.id, steps) + 500, check.id
                before[check.id] = steps


def _steps_of(archive: Archive, check: Check) -> int:
    """SQLite's own steps, in dozens."""
    steps: list[int] = []
    archive.connection.set_progress_handler(lambda: steps.append(1), 12)
    archive.connection.execute(check.finds, {"today": TODAY}).fetchall()
    archive.connection.set_progress_handler(None, 12)
    return len(steps)


def test_an_author_for_an_account_is_an_error_wherever_it_stands(tmp_path: Path) -> None:
    assert len(_named(tmp_path / "a.db", "北港灯塔", "北港灯塔", "阿岭", author="阿岭")) == 1


def test_articles_without_a_name_get_that_of_most(tmp_path: Path) -> None:
    names = ("北港灯塔", "北港灯塔", "阿岭")
    _named(tmp_path / "a.db", *names)
    with Archive.open(tmp_path / "a.db") as archive:
        archive.save(make_article(HOLLOW, state=State.HOLLOW, account=""))
        archive.name_articles()
        assert {record.account for record in archive.records() if record.state == "hollow"} == {
            "北港灯塔"
        }


def test_articles_of_which_no_account_is_known_are_not_one_account(tmp_path: Path) -> None:
    names = ("北港灯塔", "阿岭", "北港灯塔")
    with Archive.open(tmp_path / "a.db") as archive:
        for number, name in enumerate(names, start=1):
            url = f"https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu{number}"
            day = f"2024-06-0{number}"
            archive.save(make_article(url, account=name, author=name, date=day))
    assert "odd-account" not in _standing(tmp_path / "a.db")


def test_by_a_clock_that_went_back_no_article_is_of_a_day_to_come(path: Path) -> None:
    with Archive.open(path, ngram=None) as archive:
        queued = archive.queue.entries()
        found = list(archive.audit(today="1970-01-01", fix=True))
        assert {finding.check for finding in found} == {"clock"}
        assert "went back" in found[0].what
        assert archive.queue.entries() == queued


def test_a_folder_of_pictures_that_was_moved_away_is_missed_and_nothing_of_it_forgotten(
    path: Path,
) -> None:
    images, elsewhere = path.parent / "images", path.parent / "elsewhere"
    images.rename(elsewhere)
    found = _audit(path, fix=True)
    assert [(finding.check, finding.fixed) for finding in found] == [("pictures", False)]
    assert "1 picture" in found[0].what
    elsewhere.rename(images)
    assert _audit(path, fix=True) == []
    assert len(list(images.rglob("*.png"))) == 1


def test_pictures_that_were_moved_away_are_known_again_after_a_run_made_their_folder_anew(
    path: Path,
) -> None:
    images, elsewhere = path.parent / "images", path.parent / "elsewhere"
    images.rename(elsewhere)
    with Archive.open(path) as archive:
        archive.images.keep(ID, f"{ONE}&later", png(7, 7), at="2026-01-02")
    assert {one.check for one in _audit(path, fix=True)} == {"picture"}
    shutil.copytree(elsewhere, images, dirs_exist_ok=True)
    assert _audit(path, fix=True) == []
    with Archive.open(path) as archive:
        assert all(file.is_file() for file in archive.images.local(ID).values())
        assert {ONE, f"{ONE}&later"} == set(archive.images.local(ID))


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO])
@pytest.mark.parametrize(
    ("kind", "moment", "unseen"),
    [("list", 1, r"images"), ("list", 2, r"images/.."), ("stat", 1, r"images/../\w+\.png")],
)
def test_pictures_that_may_not_be_looked_at_are_named_and_neither_gone_nor_strays(
    path: Path, kind: str, moment: int, unseen: str, code: int
) -> None:
    [file] = path.parent.rglob("*.png")
    with once(Fault(kind, path.parent / "images", moment, code)):
        [found] = _audit(path, fix=True)
    assert (found.check, found.fixed) == ("picture", False)
    assert re.fullmatch(unseen, found.subject)
    assert os.strerror(code) in found.what
    assert file.is_file()
    assert _audit(path) == []


def test_a_stray_that_cannot_be_removed_stays_and_the_rest_is_repaired(path: Path) -> None:
    strays = [path.parent / "images" / "ab" / f"ab{number:062}.png" for number in range(3)]
    strays[0].parent.mkdir(parents=True, exist_ok=True)
    for stray in strays:
        stray.write_bytes(png(9, 9))
    with once(Fault("unlink", path.parent / "images", 2, errno.EACCES)):
        found = _audit(path, fix=True)
    assert [one.fixed for one in found] == [True, False, True]
    assert [stray.exists() for stray in strays] == [False, True, False]


def test_strays_are_not_told_where_the_folder_may_not_be_listed(path: Path) -> None:
    stray = path.parent / "images" / "ab" / f"{'ab12' * 16}.png"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(png(9, 9))
    with once(Fault("list", path.parent)) as counted:
        assert [one.check for one in _audit(path)] == ["stray-file"]
    with once(Fault("list", path.parent, counted.number, errno.EACCES)) as fault:
        assert _audit(path, fix=True) == []
    assert fault.file == str(path.parent)
    assert stray.exists()


_ZEROS = "zeros"
_BIT = "a bit"
_DAMAGE: dict[str, Callable[[str], str]] = {
    _ZEROS: lambda body: f"{body[:9]}{chr(0) * (len(body) - 12)}{body[-3:]}",
    _BIT: lambda body: body[:-3] + chr(ord(body[-3]) ^ 1) + body[-2:],
}


@pytest.mark.parametrize("damage", _DAMAGE)
def test_a_text_that_nobody_can_have_written_so_is_its_revisions_again(
    archive: Archive, damage: str
) -> None:
    archive.save(make_article())
    sync_index(archive.connection)
    [before] = archive.records()
    with archive.transaction():  # nothing notes it, as where it falls into the file
        archive.connection.execute("DROP TRIGGER search_update")
        changed = (_DAMAGE[damage](before.body),)
        archive.connection.execute("UPDATE articles SET body = ?", changed)
        archive.connection.execute(SEARCH_STATEMENTS["search_update"])
    told = archive.audit(today=TODAY, fix=True)
    assert [(one.check, one.fixed) for one in told] == [("body-hash", True)]
    assert list(archive.records()) == [before]
    assert archive.database["revisions"].count == 1
    assert not list(archive.audit(today=TODAY, deep=True))


@pytest.mark.parametrize("is_indexed", [True, False])
@pytest.mark.parametrize(
    ("wrong", "right"), [("2024", "2025"), ("末", "未"), ("the", "The"), ("(https", "(htpps")]
)
def test_a_letter_that_somebody_put_right_stays_though_one_bit_of_it_is_another(
    archive: Archive, wrong: str, right: str, *, is_indexed: bool
) -> None:
    address = "![](https://mmbiz.qpic.cn/a)"
    article = make_article(body=f"# 标题\n\n船到{wrong}来，https 和灯都亮着。\n\n{address}\n")
    archive.save(article)
    sync_index(archive.connection)
    mended = article.body.replace(wrong, right)
    with closing(sqlite3.connect(archive.path)) as database, database:
        asked = "UPDATE articles SET body = replace(body, ?, ?) WHERE id = ?"
        database.execute(asked, (wrong, right, article.id))
    if is_indexed:
        sync_index(archive.connection)
    list(archive.audit(today=TODAY, fix=True))
    record = archive.get(article.id)
    assert record
    assert record.body == mended
    assert not list(archive.audit(today=TODAY, deep=True))
