from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.archive import Archive
from crawler.flows import merge_archive
from tests.archive.journals import held_until_told
from tests.archive.specimens import SIGNED, make_article
from tests.cli.conftest import rows_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler


def test_what_another_archive_holds_is_searched_and_shown_in_this_one(
    seeded: Crawler, folder: Path
) -> None:
    with Archive.open(folder / "other.db") as archive:
        archive.save(make_article(SIGNED))
    result = seeded("merge", "other.db")
    assert result.exit_code == 0, result.output
    assert "1 input: 1 added" in result.stderr
    assert "夜航的【灯塔】" in seeded("search", "灯塔").stdout
    assert "1 unchanged" in seeded("merge", "other.db").stderr
    assert rows_of(folder, "SELECT count(*) FROM articles") == [(4,)]


def test_an_archive_is_not_merged_with_itself_nor_with_what_is_none(
    seeded: Crawler, folder: Path
) -> None:
    assert "is the archive itself" in seeded("merge", "archive.db").stderr
    assert seeded("merge", "nobody.db").exit_code == 1
    (folder / "text.db").write_text("no database", encoding="utf-8")
    assert seeded("merge", "text.db").exit_code == 1
    assert not (folder / "nobody.db").exists()


def test_whoever_merges_an_archive_that_is_being_written_is_told_so_and_waits(
    folder: Path,
) -> None:
    with Archive.open(folder / "other.db") as archive:
        archive.save(make_article(SIGNED))
    with (
        held_until_told(folder / "other.db") as (told, end),
        Archive.open(folder / "archive.db") as archive,
    ):
        assert len(list(merge_archive(folder / "other.db", archive, end))) == 1
    assert told == [60]
