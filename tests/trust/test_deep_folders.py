"""Folders in folders, more of them than calls may lie in calls."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from crawler.archive.files import write_file
from crawler.article import State
from crawler.flows import ElsewhereWay, Recovery, files_below
from tests.archive.specimens import make_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.archive import Archive

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="paths may be shorter elsewhere")


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A place below more folders than Python has calls; pytest cannot remove what is made there."""
    path = tmp_path / ("d/" * (sys.getrecursionlimit() + 99)) / "a.md"
    yield path
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == tmp_path:
            break
        folder.rmdir()


def test_a_file_is_written_there_and_found(deep: Path, tmp_path: Path) -> None:
    assert write_file(deep, b"here")
    errors: list[Exception] = []
    assert list(files_below(tmp_path, (".md",), errors)) == [deep]  # type: ignore[arg-type]
    assert not errors


def test_a_text_that_lies_there_comes_back_of_somebody_elses_files(
    deep: Path, archive: Archive
) -> None:
    article = make_article(state=State.HOLLOW)
    archive.save(article)
    document = f"---\ntitle: {article.title}\nurl: {article.url}\n---\n\n海面起雾。\n"
    write_file(deep, document.encode())
    [result] = Recovery(archive, now=lambda: "2026-11-26T00:00:00").go([ElsewhereWay([deep])])
    assert (result.source, result.version) == (str(deep), "")
