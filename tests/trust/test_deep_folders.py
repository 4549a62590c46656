"""Folders in folders, more of them than calls may lie in calls."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from crawler.archive.files import write_file
from crawler.flows import files_below

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
