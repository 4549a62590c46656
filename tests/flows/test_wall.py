"""A reader that breaks costs the input on which it broke, and nothing else."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest

from crawler.clean.exports import unspelled
from crawler.errors import ArchiveError, InputError
from crawler.flows import lists, looks, pages, read_files, seeds, wall
from crawler.flows.wall import attempt
from tests.clean.pages.lookalikes import modern
from tests.lookalikes import link

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crawler.archive import Archive
    from crawler.flows import Outcome

_BAD = "没有人料到的字"
_SEED = """---
title: {title}
url: {url}
source: 甲号
date: 2026-05-01
fetch_date: 2026-05-02
---

# {title}

灯亮了一夜，船工说起那年的水。
"""


_PLACES = getattr(wall, "_places")  # noqa: B009  (as it is before tests begin)


@pytest.fixture(autouse=True)
def walls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Walls stand here, which all other tests go without."""
    monkeypatch.setattr(wall, "_places", _PLACES)


def _breaking(read: Callable[..., Any]) -> Callable[..., Any]:
    def broken(content: bytes, **named: Any) -> Any:
        if _BAD.encode() in content:
            return list[int]()[len(content)]
        return read(content, **named)

    return broken


@pytest.fixture
def broken_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        (seeds, "read_seed"),
        (pages, "read_page"),
        (looks, "read_page"),
        (lists, "read_list"),
    ):
        monkeypatch.setattr(module, name, _breaking(getattr(module, name)))


def _inputs(folder: Path) -> list[Path]:
    for number, title in enumerate(("渡口的灯", _BAD), 1):
        seed = _SEED.format(title=title, url=link(number))
        (folder / f"{number}.md").write_text(seed, encoding="utf-8")
        (folder / f"{number}.html").write_bytes(modern(title=title, mid=str(number)))
        (folder / f"{number}.csv").write_text(f"标题,链接\n{title},{link(number + 8)}\n")
        with ZipFile(folder / f"{number}.zip", "w") as packed:
            packed.writestr("a.csv", f"标题,链接\n{title},{link(number + 16)}\n")
            packed.writestr("b.md", _SEED.format(title=f"另{title}", url=link(number + 24)))
            packed.writestr("c.md", _SEED.format(title="再另一篇", url=link(number + 32)))
    return sorted(folder.iterdir())


@pytest.mark.usefixtures("broken_readers")
def test_what_breaks_a_reader_is_named_and_the_rest_is_read(
    tmp_path: Path, archive: Archive
) -> None:
    outcomes: list[Outcome] = []
    for stage in read_files(_inputs(tmp_path), archive):
        outcomes += stage.outcomes
    broken = {outcome.error.subject for outcome in outcomes if outcome.error}
    names = ("2.md", "2.html", "2.csv", "2.zip/a.csv", "2.zip/b.md")
    assert broken == {str(tmp_path / name) for name in names}
    told = {outcome.error.what for outcome in outcomes if outcome.error}
    assert all(what.startswith("broke its reader (IndexError in flows/") for what in told)
    kept = ["再另一篇", "再另一篇", "另渡口的灯", "渡口的灯", "渡口的灯"]
    assert sorted(record.title for record in archive.records()) == kept
    assert len(list(archive.queue.entries())) == 2


def test_what_looks_at_a_file_before_its_pages_are_read_is_behind_the_wall_as_well(
    tmp_path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, title in enumerate(("渡口的灯", _BAD), 1):
        (tmp_path / f"{number}.html").write_bytes(modern(title=title, mid=str(number)))
    monkeypatch.setattr(pages, "unspelled", _breaking(unspelled))
    files = sorted(tmp_path.glob("*.html"))
    outcomes = [one for stage in read_files(files, archive) for one in stage.outcomes]
    assert [one.error is not None for one in outcomes] == [False, True]


def test_what_is_foreseen_is_raised_as_it_is() -> None:
    for error in (InputError("a", "b"), ArchiveError("a", "b"), OSError(28, "full"), MemoryError()):
        with pytest.raises(type(error)):
            attempt("a", lambda error=error: _raise(error))  # type: ignore[misc]


def test_what_breaks_in_the_database_ends_the_run(archive: Archive) -> None:
    with pytest.raises((sqlite3.Error, ArchiveError)):
        attempt("a", lambda: archive.connection.execute("select nothing from nowhere"))


def _raise(error: Exception) -> None:
    raise error
