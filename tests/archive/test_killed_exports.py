"""An export that is killed while documents change their names goes on where it was."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from crawler.archive import Archive, documents
from crawler.archive.documents import export
from crawler.archive.files import atomic
from crawler.archive.saving.exported import ExportedFiles
from crawler.marks import NOTES
from tests.archive.specimens import make_article
from tests.lookalikes import link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OLD = dict(enumerate("甲乙丙丁"))
NEW = dict(enumerate("乙甲丁戊"))
"""Titles of articles: two swap theirs, another takes one that is given up."""


class Killed(BaseException):
    """The process is no more."""


class _Moments:
    """The moments before and after each step that changes a disk; killed at one of them."""

    def __init__(self, at: int) -> None:
        self.passed = 0
        self._at = at

    def around(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any) -> Any:
            self._pass()
            done = work(*arguments)
            self._pass()
            return done

        return step

    def _pass(self) -> None:
        self.passed += 1
        if self.passed == self._at:
            raise Killed


def _save(archive: Archive, titles: dict[int, str], day: int) -> None:
    for number, title in titles.items():
        body = f"# {title}\n\n第{number}号，第{day}天。\n"
        at = f"2026-01-0{day}T03:04:05.000006"
        archive.save(make_article(link(number), title=title, body=body, fetch_date=at))


def _export(archive: Archive, folder: Path, at: int = 0) -> int:
    """Export; returns how many moments there were. One step after the other, so not on threads."""
    moments = _Moments(at)
    with (
        mock.patch.object(atomic, "_SYNCED_AT_ONCE", 1),
        mock.patch.object(atomic, "_is_left", moments.around(atomic._is_left)),
        mock.patch.object(ExportedFiles, "note", moments.around(ExportedFiles.note)),
        mock.patch.object(Path, "rename", moments.around(Path.rename)),
        mock.patch.object(documents, "_AT_ONCE", 2),  # so that a batch ends between two that swap
    ):
        for one in export(archive, folder):
            assert not one.left, one
    return moments.passed


def _texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.md")
    }


@pytest.fixture
def prepared(tmp_path: Path) -> Iterator[tuple[Archive, Path]]:
    """An archive whose titles changed after an export, and the folder with a person's notes."""
    folder = tmp_path / "out"
    with Archive.open(tmp_path / "a.db") as archive:
        _save(archive, OLD, 1)
        for one in export(archive, folder):
            with one.path.open("a", encoding="utf-8") as file:
                file.write(f"\n{NOTES}\n\n{one.article_id}的笔记\n")
        _save(archive, NEW, 2)
        yield archive, folder


def test_an_export_that_is_killed_at_any_moment_ends_as_one_that_is_not(
    prepared: tuple[Archive, Path], tmp_path: Path
) -> None:
    archive, folder = prepared
    shutil.copytree(folder, tmp_path / "before")
    rows = archive.exported.below(folder).values()
    moments = _export(archive, folder)
    wanted = _texts(folder)
    assert len(wanted) == len(NEW)
    assert all("第2天" in text and "的笔记" in text for text in wanted.values())
    for at in range(1, moments + 1):
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "before", folder)
        archive.exported.note(folder, rows)
        with pytest.raises(Killed):
            _export(archive, folder, at)
        _export(archive, folder)
        assert _texts(folder) == wanted, at


def test_a_document_that_cannot_be_renamed_is_named_and_stays_the_only_one(
    prepared: tuple[Archive, Path],
) -> None:
    archive, folder = prepared
    with mock.patch.object(Path, "rename", side_effect=PermissionError(13, "Permission denied")):
        done = list(export(archive, folder))
    assert all(one.left for one in done)
    assert len(_texts(folder)) == len(OLD)
    assert all("第1天" in text for text in _texts(folder).values())
    _export(archive, folder)
    assert len(_texts(folder)) == len(NEW)
    assert all("第2天" in text and "的笔记" in text for text in _texts(folder).values())
