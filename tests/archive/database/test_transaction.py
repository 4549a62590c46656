from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive import Archive
from crawler.archive.database.connection import ArchiveConnection
from crawler.archive.database.transaction import _STEP, _WHOLE, _undone_on_error
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


def test_ctrl_c_at_the_end_of_a_step_is_told_as_what_it_is(tmp_path: Path) -> None:
    class _Pressed(ArchiveConnection):
        def execute(self, *arguments: Any) -> Any:
            done = super().execute(*arguments)
            if arguments[0].startswith("RELEASE"):
                raise KeyboardInterrupt
            return done

    connection = sqlite3.connect(tmp_path / "a.db", isolation_level=None, factory=_Pressed)
    connection.execute("CREATE TABLE words (word)")
    with (
        pytest.raises(KeyboardInterrupt),
        _undone_on_error(connection, _WHOLE),
        _undone_on_error(connection, _STEP),
    ):
        connection.execute("INSERT INTO words VALUES ('潮水')")
    assert connection.execute("SELECT count(*) FROM words").fetchall() == [(0,)]
    connection.close()
