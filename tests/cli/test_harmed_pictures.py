"""A picture's file is handed on only where it is that picture: what its name says."""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from crawler.archive.files import MAX_BYTES
from crawler.browse.pages.picture import picture_at
from tests.archive.files.test_images import png
from tests.archive.specimens import ID, make_article

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Crawler

ONE = "https://mmbiz.qpic.cn/1/640"
SECRET = b"PRIVATE KEY of whoever reads this archive"


def _link_to_a_secret(file: Path) -> None:
    secret = file.parents[3] / "secret.txt"
    secret.write_bytes(SECRET)
    _link(file, secret)


def _link_to_the_same(file: Path) -> None:
    """It holds the picture, and yet is none of the archive's files."""
    elsewhere = file.parents[3] / "elsewhere.png"
    elsewhere.write_bytes(file.read_bytes())
    _link(file, elsewhere)


def _link_to_a_device(file: Path) -> None:
    _link(file, Path("/dev/zero"))


def _link(file: Path, target: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("links need rights there")
    file.unlink()
    file.symlink_to(target)


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def _swell(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(MAX_BYTES + 1)


HARMS = [_link_to_a_secret, _link_to_the_same, _link_to_a_device, _flip, _swell]


@pytest.fixture(params=HARMS)
def harmed(request: pytest.FixtureRequest, folder: Path) -> Path:
    """The one picture of the archive in the folder, which is no more what it was."""
    with Archive.open(folder / "archive.db") as archive:
        archive.save(make_article(body=f"一。\n\n![]({ONE})\n"))
        archive.images.keep(ID, ONE, png(300, 200), at="2026-01-02T03:04:05")
        [file] = archive.images.local(ID).values()
    harm: Callable[[Path], None] = request.param
    harm(file)
    return file


@pytest.mark.parametrize("words", [("out", "--local-images"), ("--vault", "out")])
def test_what_is_not_the_picture_is_not_copied_into_an_export_and_named(
    crawler: Crawler, folder: Path, harmed: Path, words: tuple[str, ...]
) -> None:
    done = crawler("export", *words)
    assert done.exit_code == 1
    assert done.stderr.count(f"{harmed.name}: ") == 1
    assert not list((folder / "out").rglob("*.png"))
    [document] = (folder / "out").rglob("*.md")
    assert f"]({ONE})" in document.read_text(encoding="utf-8")


def test_what_is_not_the_picture_stands_in_no_line_of_json_and_no_book(
    crawler: Crawler, folder: Path, harmed: Path
) -> None:
    done = crawler("export", "--jsonl", "--epub", "out.epub")
    assert done.exit_code == 1
    assert harmed.name in done.stderr
    assert b64encode(SECRET[:15]).decode() not in done.stdout
    [row] = [json.loads(line) for line in done.stdout.splitlines() if '"content"' in line]
    assert row["content"] is None
    assert harmed.suffix.encode() not in (folder / "out.epub").read_bytes()


def test_what_is_not_the_picture_is_not_shown(folder: Path, harmed: Path) -> None:
    path = harmed.relative_to(folder).as_posix()
    assert picture_at(str(folder / "archive.db"), path) is None


def test_what_is_not_the_picture_comes_into_no_other_archive(
    crawler: Crawler, folder: Path, harmed: Path
) -> None:
    done = crawler("--db", "other.db", "merge", "archive.db")
    assert done.exit_code == 1
    assert done.stderr.count(f"{harmed.name}: ") == 1
    with Archive.open(folder / "other.db") as archive:
        assert not archive.images.local(ID)
    assert harmed.parent.exists()


def test_what_is_not_the_picture_comes_in_with_no_line_of_json_and_is_named(
    crawler: Crawler, folder: Path, harmed: Path
) -> None:
    (folder / "archive.jsonl").write_text(crawler("export", "--jsonl").stdout, encoding="utf-8")
    done = crawler("--db", "other.db", "reclean", "archive.jsonl")
    assert done.exit_code == 1
    assert done.stderr.count(f"{harmed.name}: ") == 1
    with Archive.open(folder / "other.db") as archive:
        assert len(list(archive.records())) == 1
        assert not archive.images.local(ID)


def test_a_picture_that_is_not_what_was_kept_is_found_by_a_deep_audit(
    crawler: Crawler, harmed: Path
) -> None:
    done = crawler("audit", "--deep")
    assert done.exit_code == 1
    assert done.stdout.count(harmed.name) == 1
    assert done.stdout.startswith("picture  ")


def test_a_whole_picture_is_handed_on(crawler: Crawler, folder: Path) -> None:
    with Archive.open(folder / "archive.db") as archive:
        archive.save(make_article(body=f"一。\n\n![]({ONE})\n"))
        archive.images.keep(ID, ONE, png(300, 200), at="2026-01-02T03:04:05")
    assert crawler("audit", "--deep").exit_code == 0
    assert crawler("export", "--vault", "out").exit_code == 0
    [copy] = (folder / "out").rglob("*.png")
    assert copy.read_bytes() == png(300, 200)
    path = f"images/{copy.parent.name}/{copy.name}"
    assert picture_at(str(folder / "archive.db"), path) == png(300, 200)


def test_pictures_whose_files_are_not_there_are_told_by_whatever_hands_them_on(
    crawler: Crawler, folder: Path
) -> None:
    with Archive.open(folder / "archive.db") as archive:
        archive.save(make_article(body=f"一。\n\n![]({ONE})\n"))
        archive.images.keep(ID, ONE, png(300, 200), at="2026-01-02T03:04:05")
        [file] = archive.images.local(ID).values()
    content = file.read_bytes()
    file.unlink()
    for words in (("out", "--local-images"), ("--vault", "vault"), ("--epub", "a.epub")):
        done = crawler("export", *words)
        assert (done.exit_code, "1 picture of those that articles" in done.stderr) == (0, True)
    (folder / "a.jsonl").write_text((done := crawler("export", "--jsonl")).stdout, encoding="utf-8")
    assert (done.exit_code, done.stderr.count("1 picture of those")) == (1, 1)
    for words in (("merge", "archive.db"), ("reclean", "a.jsonl")):
        done = crawler("--db", f"{words[0]}.db", *words)
        assert (done.exit_code, done.stderr.count("lacks pictures")) == (1, 1), done.stderr
    file.write_bytes(content)
    for words in (("merge", "archive.db"), ("reclean", "a.jsonl")):
        done = crawler("--db", f"{words[0]}.db", *words)
        assert (done.exit_code, "lacks pictures" in done.stderr) == (0, False), done.stderr
