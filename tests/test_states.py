"""Every state has a row of words, and the archive shows them to SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.archive import Archive
from crawler.article import State
from crawler.states import MEANINGS

if TYPE_CHECKING:
    from pathlib import Path


def test_every_state_has_its_meaning_once_in_the_order_of_states() -> None:
    assert [row.state for row in MEANINGS] == list(State)
    assert all(row.english and row.chinese for row in MEANINGS)


def test_what_another_fetch_may_bring_says_what_to_do() -> None:
    assert all(row.what_to_do for row in MEANINGS if not row.final)


def test_an_archive_shows_them_as_a_view_that_joins_by_state(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        rows = archive.database.execute("SELECT * FROM states").fetchall()
    assert rows == [
        (row.state, row.english, row.chinese, row.final, row.state.has_body, row.what_to_do)
        for row in MEANINGS
    ]
