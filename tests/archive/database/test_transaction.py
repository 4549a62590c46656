from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.archive import Archive
from tests.archive.specimens import make_article

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


def _writing(archive: Archive) -> Generator[int, None, None]:
    with archive.transaction():
        archive.save(make_article())
        yield 1


def test_closing_an_archive_undoes_a_transaction_that_somebody_still_reads_in(
    tmp_path: Path,
) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        reading = _writing(archive)
        next(reading)
    reading.close()
    with Archive.open(tmp_path / "archive.db") as archive:
        assert archive.database["articles"].count == 0
