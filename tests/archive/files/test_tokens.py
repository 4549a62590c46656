"""The token beside an archive: made once, for its owner's eyes, whole or not at all."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from crawler.archive.files import capture_token, token_file
from crawler.errors import ArchiveError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


def test_a_token_is_made_once_and_only_its_owner_may_read_it(archive: Path) -> None:
    token = capture_token(archive)
    assert capture_token(archive) == token
    assert len(token) == 43
    assert stat.S_IMODE(token_file(archive).stat().st_mode) == 0o600
    assert [path.name for path in archive.parent.iterdir()] == ["archive.db.capture-token"]


def test_a_new_token_takes_the_place_of_the_old_one(archive: Path) -> None:
    old = capture_token(archive)
    new = capture_token(archive, anew=True)
    assert new != old
    assert capture_token(archive) == new


def test_two_archives_have_two_tokens(archive: Path) -> None:
    assert capture_token(archive) != capture_token(archive.with_name("other.db"))


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_token_that_others_may_read_or_change_is_none(archive: Path, mode: int) -> None:
    capture_token(archive)
    token_file(archive).chmod(mode)
    with pytest.raises(ArchiveError, match="by others; make a new one"):
        capture_token(archive)
    assert capture_token(archive, anew=True)


@pytest.mark.parametrize("content", [b"", b"short\n", b"x" * 44, b"\xff" * 43])
def test_a_file_without_a_token_is_named(archive: Path, content: bytes) -> None:
    capture_token(archive)
    token_file(archive).write_bytes(content)
    with pytest.raises(ArchiveError, match="holds no token"):
        capture_token(archive)


def test_a_link_a_pipe_or_a_folder_in_its_place_is_neither_read_nor_waited_for(
    archive: Path, tmp_path: Path
) -> None:
    path = token_file(archive)
    (tmp_path / "theirs").write_text("x" * 43, encoding="utf-8")
    path.symlink_to(tmp_path / "theirs")
    with pytest.raises(ArchiveError, match="cannot be used"):
        capture_token(archive)
    path.unlink()
    os.mkfifo(path, 0o600)
    with pytest.raises(ArchiveError, match="is no regular file"):
        capture_token(archive)
    path.unlink()
    path.mkdir()
    with pytest.raises(ArchiveError):
        capture_token(archive)


def test_where_there_is_no_folder_the_error_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="capture-token: cannot be used"):
        capture_token(tmp_path / "nowhere" / "archive.db")
