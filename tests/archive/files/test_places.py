"""Where an output may lie that somebody names, and what it never takes the place of."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from crawler.archive import Archive, back_up
from crawler.archive.files import clear_aside, place_of_output, whole_file, write_file
from crawler.errors import ArchiveError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive, with nothing in it."""
    path = tmp_path / "archive.db"
    with Archive.open(path):
        pass
    return path


def test_a_link_that_is_named_as_an_output_goes_on_leading_to_it(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("old", encoding="utf-8")
    for name, target in (("link", "kept"), ("dangling", "new")):
        link = tmp_path / name
        link.symlink_to(target)
        write_file(place_of_output(link), b"a feed")
        assert link.is_symlink()
        assert (tmp_path / target).read_bytes() == b"a feed"


def test_links_in_a_circle_are_no_place_and_stay(tmp_path: Path) -> None:
    link = tmp_path / "circle"
    link.symlink_to("circle")
    with pytest.raises(ArchiveError, match="cannot be written"):
        write_file(place_of_output(link), b"a feed")
    assert link.is_symlink()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_no_backup_takes_the_place_of_a_pipe_or_of_a_folder(path: Path, tmp_path: Path) -> None:
    pipe, folder, link = tmp_path / "pipe", tmp_path / "folder", tmp_path / "link"
    os.mkfifo(pipe)
    folder.mkdir()
    link.symlink_to("pipe")
    for place in (pipe, folder, link):
        with pytest.raises(ArchiveError, match="it is a"):
            back_up(path, place, overwrite=True)
    assert pipe.is_fifo()
    assert link.is_symlink()


def test_a_backup_to_a_link_is_written_where_it_leads(path: Path, tmp_path: Path) -> None:
    (tmp_path / "latest.db").symlink_to("of-november.db")
    back_up(path, tmp_path / "latest.db")
    assert (tmp_path / "latest.db").is_symlink()
    with Archive.open(tmp_path / "of-november.db") as copy:
        assert copy.count() == 0


def test_without_a_folder_for_temporary_files_that_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(ArchiveError, match="TMPDIR"), Archive.scratch():
        pass


@pytest.mark.skipif(os.name == "nt", reason="this system keeps the folder that is in use")
def test_a_file_in_a_folder_that_is_gone_is_told_to_be_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(ArchiveError, match="check that its folder is still there"):
        write_file(Path("config.toml"), b"a setting")


@pytest.mark.skipif(os.name == "nt", reason="this system has no such locks")
def test_what_another_run_is_writing_is_not_taken_for_what_a_killed_one_left(
    tmp_path: Path,
) -> None:
    path = tmp_path / "pages-00000.parquet"
    (left := path.with_name(f".{path.name}.0f.part")).write_bytes(b"half")
    with whole_file(path, mark=".0a") as file:
        file.write(b"whole")
        clear_aside(tmp_path, ".parquet.")
    assert path.read_bytes() == b"whole"
    assert not left.exists()


@pytest.mark.skipif(os.name == "nt", reason="this system has no such locks")
def test_what_is_removed_is_not_taken_by_a_run_that_begins_to_write_just_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, unlink = tmp_path / "pages-00000.parquet", Path.unlink
    path.with_name(f".{path.name}.0a.part").write_bytes(b"half")
    with ExitStack() as run:

        def removed(left: Path, *, missing_ok: bool = False) -> None:
            run.enter_context(whole_file(path, mark=".0a")).write(b"whole")
            unlink(left, missing_ok=missing_ok)

        monkeypatch.setattr(Path, "unlink", removed)
        clear_aside(tmp_path, ".parquet.")
        monkeypatch.undo()
    assert [left.name for left in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"whole"
