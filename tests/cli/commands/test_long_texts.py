"""What is written as a document is what can be read back: one measure for both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from crawler.inputs import MAX_TEXT_BYTES
from tests.archive.specimens import ID, make_article
from tests.cli.conftest import rows_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler

LINE = "灯塔的光每隔七秒扫过一次海面。\n\n"


def _archive(folder: Path, size: int) -> None:
    """An archive with one article whose body has nearly so many bytes."""
    with Archive.open(folder / "archive.db") as archive:
        body = "# 夜航的灯塔\n\n" + LINE * (size // len(LINE.encode()))
        archive.save(make_article(body=body.rstrip() + "\n"))


@pytest.mark.parametrize("where", [("out",), ("--vault", "out")])
def test_a_text_that_reclean_would_refuse_is_named_and_not_lost(
    crawler: Crawler, folder: Path, where: tuple[str, ...]
) -> None:
    _archive(folder, MAX_TEXT_BYTES + 9999)
    said = crawler("export", *where).stderr
    assert "has more than 1 MB of text, which crawler reclean would not read back" in said
    assert not list(folder.glob("out/**/*.md"))
    lines = crawler("export", "--jsonl").stdout
    (folder / "all.jsonl").write_text(lines, encoding="utf-8")
    assert crawler("--db", "other.db", "reclean", "all.jsonl").exit_code == 0
    with Archive.open(folder / "other.db") as other, Archive.open(folder / "archive.db") as archive:
        assert other.get(ID) == archive.get(ID)


def test_what_stands_beside_documents_has_a_text_that_is_too_long(
    crawler: Crawler, folder: Path
) -> None:
    _archive(folder, MAX_TEXT_BYTES + 9999)
    assert crawler("export", "out").exit_code == 0
    assert crawler("--db", "other.db", "reclean", "out").exit_code == 0
    with Archive.open(folder / "other.db") as other, Archive.open(folder / "archive.db") as archive:
        assert other.get(ID) == archive.get(ID)


@pytest.mark.parametrize("where", [("out",), ("--vault", "out")])
def test_a_text_just_below_is_written_and_read_back(
    crawler: Crawler, folder: Path, where: tuple[str, ...]
) -> None:
    _archive(folder, MAX_TEXT_BYTES - 999)
    assert crawler("export", *where).exit_code == 0
    [note] = folder.glob("out/**/*.md")
    assert note.stat().st_size < MAX_TEXT_BYTES
    before = rows_of(folder, "SELECT body FROM articles")
    (folder / "archive.db").unlink()
    assert crawler("reclean", "out").exit_code == 0
    assert rows_of(folder, "SELECT body FROM articles") == before


@pytest.mark.parametrize("where", [("out",), ("--vault", "out")])
def test_notes_that_make_a_document_too_long_are_left_with_it(
    crawler: Crawler, folder: Path, where: tuple[str, ...]
) -> None:
    _archive(folder, MAX_TEXT_BYTES // 2)
    crawler("export", *where)
    [note] = folder.glob("out/**/*.md")
    mine = note.read_text(encoding="utf-8") + "\n<!-- notes -->\n" + "mine " * 150_000
    note.write_text(mine, encoding="utf-8")
    with Archive.open(folder / "archive.db") as archive:
        archive.save(
            make_article(body=f"# 夜航的灯塔\n\n{LINE * 9}{'b' * (MAX_TEXT_BYTES // 2)}\n")
        )
    assert "with its notes it has more than 1 MB" in crawler("export", *where).stderr
    assert note.read_text(encoding="utf-8") == mine
