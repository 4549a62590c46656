"""What the archive still knows of an article's past: its bodies, the looks at it, and its pages."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crawler.archive.archive import Archive, Change
from crawler.archive.database.packing import MAX_UNPACKED, pack, unpack
from crawler.archive.reading.history import compare
from crawler.article import CLEANER_VERSION, State
from crawler.errors import ArchiveError
from tests.archive.specimens import ID, OTHER_SHORT, SHORT, begin_in_utf16, make_article, make_page
from tests.growth import assert_linear

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "# 夜航的灯塔\n\n第一版。\n"
SECOND = "# 夜航的灯塔\n\n第二版。\n\n多一段。\n"
PAGE = "<html><body><div id=js_content>灯塔</div></body></html>".encode()


def test_every_body_that_was_ever_held_can_be_read_back(archive: Archive) -> None:
    archive.save(make_page(body=FIRST, fetch_date="2026-01-01T00:00:00"))
    archive.save(make_page(body=SECOND, fetch_date="2026-02-01T00:00:00"))
    archive.save(make_page(state=State.DELETED, fetch_date="2026-03-01T00:00:00"))
    revisions = archive.history.revisions(ID)
    assert [(one.at[:7], one.shown, one.origin) for one in revisions] == [
        ("2026-01", False, "fetch"),
        ("2026-02", True, "fetch"),
    ]
    assert [archive.history.body(ID, one.body_hash) for one in revisions] == [FIRST, SECOND]
    assert [event.state for event in archive.history.events(ID)] == ["ok", "ok", "deleted"]
    assert archive.history.body(ID, "0" * 64) is None


def test_a_body_that_came_twice_is_one_revision_from_its_first_day(archive: Archive) -> None:
    archive.save(make_page(body=FIRST, fetch_date="2026-02-01T00:00:00"))
    archive.save(make_article(body=FIRST, fetch_date="2025-01-01T00:00:00"))
    (revision,) = archive.history.revisions(ID)
    assert (revision.at, revision.origin, revision.shown) == ("2025-01-01T00:00:00", "seed", True)


def test_what_changed_between_two_bodies_is_told_line_by_line() -> None:
    assert compare(FIRST, FIRST) == []
    assert compare(FIRST, SECOND, names=("1", "2"), context=0) == [
        "--- 1",
        "+++ 2",
        "@@ -3 +3,3 @@",
        "-第一版。",
        "+第二版。",
        "+",
        "+多一段。",
    ]


def test_a_snapshot_comes_back_as_it_was_with_all_that_cleaning_it_again_needs(
    archive: Archive,
) -> None:
    page = make_page(body=FIRST)
    archive.save(page, snapshot=PAGE)
    (snapshot,) = archive.history.snapshots()
    assert snapshot.content == PAGE
    assert (snapshot.article_id, snapshot.evidence, snapshot.url) == (ID, page.evidence, SHORT)
    assert (snapshot.fetched_at, snapshot.http_status) == (page.fetch_date, 200)
    assert list(archive.history.snapshots(SHORT)) == [snapshot]
    assert list(archive.history.snapshots(OTHER_SHORT)) == []


def test_only_what_an_older_cleaner_read_needs_cleaning_again(archive: Archive) -> None:
    archive.save(make_page(), snapshot=PAGE)
    assert list(archive.history.snapshots(below_version=CLEANER_VERSION)) == []
    assert len(list(archive.history.snapshots(below_version=CLEANER_VERSION + 1))) == 1


def test_cleaning_a_snapshot_again_is_no_new_look_at_the_web(archive: Archive) -> None:
    page = make_page(body=FIRST)
    archive.save(page, snapshot=PAGE)
    for snapshot in archive.history.snapshots():
        again = replace(
            page, body=SECOND, cleaner_version=CLEANER_VERSION + 1, fetch_date=snapshot.fetched_at
        )
        assert archive.save(again) is Change.UPDATED
    assert len(archive.history.events(ID)) == 1
    assert len(archive.history.revisions(ID)) == 2


def test_a_merge_keeps_the_history_of_both_rows(archive: Archive) -> None:
    archive.save(make_article(SHORT, body=FIRST), snapshot=PAGE)
    archive.save(make_article(body=SECOND, fetch_date="2025-01-01T00:00:00"), snapshot=PAGE + b" ")
    archive.save(make_page(state=State.DELETED))
    assert archive.database["articles"].count == 1
    assert len(archive.history.revisions(ID)) == 2
    assert len(archive.history.events(ID)) == 3
    assert len(list(archive.history.snapshots(ID))) == 2


def test_a_damaged_snapshot_is_a_clear_error(archive: Archive) -> None:
    archive.save(make_page(), snapshot=PAGE)
    archive.database.conn.execute("UPDATE snapshots SET content = x'00'")
    (snapshot,) = archive.history.snapshots()
    with pytest.raises(ArchiveError, match="is damaged"):
        _ = snapshot.content


DAMAGE = ("x'ff'", "CAST(x'7bff7d' AS TEXT)", "'[1]'", "7", "'{'", f"'{'[' * 100_000}'")


@pytest.mark.parametrize("damage", DAMAGE, ids=range(len(DAMAGE)))
@pytest.mark.parametrize("place", ["copies SET fields", "articles SET account"])
def test_damage_to_what_is_known_of_a_page_keeps_nobody_from_the_page(
    archive: Archive, place: str, damage: str
) -> None:
    archive.save(make_page(producer="saved-page"), snapshot=PAGE)
    if place.startswith("copies"):
        archive.save(make_article(SHORT, body=SECOND))
    archive.connection.execute(f"UPDATE {place} = {damage}")
    [snapshot] = archive.history.snapshots()
    assert snapshot.content == PAGE
    assert isinstance(snapshot.known, dict)


def test_what_is_known_of_a_page_is_read_from_an_archive_in_utf16(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    begin_in_utf16(path)
    with Archive.open(path) as archive:
        archive.save(make_page(producer="saved-page", author="阿岭"), snapshot=PAGE)
        [alone] = archive.history.snapshots()
        archive.save(make_article(SHORT, body=SECOND))
        [beside] = archive.history.snapshots()
    assert alone.known["author"] == beside.known["author"] == "阿岭"


def test_what_was_packed_unpacks_and_nothing_larger_than_a_page_ever_does() -> None:
    assert unpack(pack(PAGE)) == PAGE
    assert unpack(pack(b"")) == b""
    for bad in (b"", b"\0" * 9, pack(PAGE)[:-3], pack(b"\0" * (MAX_UNPACKED + 1))):
        with pytest.raises(ValueError, match=r"."):
            unpack(bad)


def test_whoever_reads_every_article_keeps_nobody_from_writing(archive: Archive) -> None:
    for mid in range(450):
        archive.save(
            make_article(f"https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid={mid}&idx=1")
        )
    seen = []
    with closing(sqlite3.connect(archive.path, timeout=0)) as other:
        for record in archive.records():
            seen.append(record.id)
            if len(seen) % 100 == 50:
                other.execute("INSERT INTO pace (host) VALUES (?)", (record.id,))
                other.commit()
    assert len(seen) == len(set(seen)) == 450
    assert seen == sorted(seen)


def test_texts_that_differ_in_very_many_lines_are_one_change() -> None:
    old = ["题", *(f"旧{number}" for number in range(3_000)), "尾"]
    new = ["题", *(f"新{number}" for number in range(3_000)), "尾"]
    lines = compare("\n".join(old), "\n".join(new))
    assert lines[2] == "@@ -2,3000 +2,3000 @@"
    assert lines[3:] == [*(f"-{line}" for line in old[1:-1]), *(f"+{line}" for line in new[1:-1])]


def test_one_change_in_a_text_of_very_many_lines_is_shown_alone() -> None:
    lines = [f"行{number}" for number in range(5_000)]
    changed = [*lines[:2_500], "改", *lines[2_501:]]
    told = compare("\n".join(lines), "\n".join(changed), context=0)
    assert told[3:] == ["-行2500", "+改"]


def test_comparing_hostile_texts_takes_linear_steps() -> None:
    assert_linear(lambda size: compare("甲\n乙\n丙\n" * size, "乙\n甲\n丁\n" * size), 2_000)
