from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from crawler.flows import find_seeds, reclean
from tests.lookalikes import link, whole_seed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "good.md").write_text(whole_seed(), encoding="utf-8")
    return folder


def test_a_link_that_leads_out_of_the_folder_is_named_and_not_followed(
    seeds: Path, tmp_path: Path
) -> None:
    (tmp_path / "private.md").write_text(whole_seed(url=link(2)), encoding="utf-8")
    (tmp_path / "more").mkdir()
    (seeds / "out.md").symlink_to(tmp_path / "private.md")
    (seeds / "folder").symlink_to(tmp_path / "more")
    (seeds / "again.md").symlink_to(seeds / "good.md")
    found, errors = find_seeds([seeds])
    assert [path.name for path in found] == ["again.md", "good.md"]
    assert [error.subject.rpartition("/")[2] for error in errors] == ["folder", "out.md"]
    assert all("leads out of" in error.what for error in errors)


def test_a_link_that_is_named_itself_is_read(seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "linked.md").symlink_to(seeds / "good.md")
    assert find_seeds([tmp_path / "linked.md"]) == ([tmp_path / "linked.md"], [])


def test_a_link_in_a_circle_is_named_and_the_rest_goes_on(seeds: Path) -> None:
    (seeds / "circle.md").symlink_to("circle.md")
    (seeds / "circle").symlink_to("circle")
    files, errors = find_seeds([seeds])
    assert not errors
    with Archive.open(seeds.parent / "archive.db") as archive:
        outcomes = list(reclean(files, archive))
    said = {outcome.input.rpartition("/")[2]: outcome.error for outcome in outcomes}
    assert said["good.md"] is None
    assert "cannot be read" in str(said["circle.md"])


def test_a_folder_that_is_linked_within_itself_is_gone_through_once(seeds: Path) -> None:
    (seeds / "below").mkdir()
    (seeds / "below" / "deep.md").write_text(whole_seed(url=link(2)), encoding="utf-8")
    (seeds / "below" / "up").symlink_to(seeds)
    found, errors = find_seeds([seeds])
    assert [path.name for path in found] == ["deep.md", "good.md"]
    assert not errors


def test_files_that_are_no_files_are_named_and_the_rest_goes_on(seeds: Path) -> None:
    os.mkfifo(seeds / "pipe.md")
    with (seeds / "sparse.md").open("wb") as file:
        file.truncate(1 << 40)
    (seeds / "large.md").write_bytes(whole_seed().encode() + b"x\n\n" * (1 << 20))
    files, errors = find_seeds([seeds])
    assert not errors
    with Archive.open(seeds.parent / "archive.db") as archive:
        outcomes = list(reclean(files, archive))
    said = {outcome.input.rpartition("/")[2]: outcome.error for outcome in outcomes}
    assert said.pop("good.md") is None
    assert "is a named pipe" in str(said["pipe.md"])
    assert "is larger than 8 MB" in str(said["sparse.md"])
    assert "of text" in str(said["large.md"])


def test_pictures_that_a_tool_wrote_as_text_do_not_count_as_text(seeds: Path) -> None:
    picture = "![](data:image/png;base64," + "A" * (2 << 20) + ")"
    (seeds / "good.md").write_text(whole_seed(f"岸边\n\n{picture}"), encoding="utf-8")
    with Archive.open(seeds.parent / "archive.db") as archive:
        [outcome] = reclean([seeds / "good.md"], archive)
    assert "of text" not in str(outcome.error)
