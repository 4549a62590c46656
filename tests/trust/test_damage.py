"""No damage of the file ends in a traceback, and no command that only reads changes a byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from crawler.cli.group import cli
from tests.lookalikes import deleted_seed, hollow_seed, link, whole_seed
from tests.trust.damage import damaged

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

QUICK, ALL = range(18), range(18, 218)
Arguments = tuple[str, ...]
ONLY_READING: tuple[Arguments, ...] = (
    ("status",),
    ("status", "--json"),
    ("show", link(1)),
    ("history", link(1)),
    ("queue", "list"),
    ("audit",),
    ("audit", "--salvage", "new.db"),
    ("backup", "copy.db", "--overwrite"),
)
READING: tuple[Arguments, ...] = (  # search brings the index up to date where it may
    ("search", "灯塔"),
    ("export", "out"),
    ("export", "--jsonl"),
    ("promo",),
)
WRITING: tuple[Arguments, ...] = (
    ("reclean", "new.md"),
    ("reclean", "--stored"),
    ("queue", "add", link(77)),
    ("index",),
    ("index", "--rebuild"),
    ("audit", "--fix"),
)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An archive with all that reading needs: bodies, notices, hollow seeds, an index."""
    folder = tmp_path_factory.mktemp("sound")
    seeds = folder / "seeds"
    seeds.mkdir()
    for number in range(40):
        text = whole_seed(url=link(number))
        (seeds / f"{number}.md").write_text(text.replace("灯塔", f"灯塔{number}"), encoding="utf-8")
    (seeds / "hollow.md").write_text(hollow_seed(url=link(50)), encoding="utf-8")
    (seeds / "deleted.md").write_text(deleted_seed(url=link(51)), encoding="utf-8")
    result = _run("--db", str(folder / "archive.db"), "reclean", str(seeds))
    assert result.exit_code == 0, result.output
    return (folder / "archive.db").read_bytes()


def _told(result: Result, what: object) -> None:
    """A command either did its work or said in words why not."""
    told = result.exception if not isinstance(result.exception, SystemExit) else None
    assert told is None, (what, repr(told))
    assert result.exit_code in (0, 1, 2), what


def _prove(folder: Path, sound: bytes, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    archive = folder / "archive.db"
    (folder / "new.md").write_text(whole_seed(url=link(60)), encoding="utf-8")
    hurt = damaged(sound, seed)
    archive.write_bytes(hurt)
    for arguments in (*ONLY_READING, *READING):
        _told(_run(*arguments), (seed, arguments))
        assert arguments in READING or archive.read_bytes() == hurt, (seed, arguments)
    for arguments in WRITING:
        archive.write_bytes(hurt)
        for beside in folder.glob("archive.db-*"):
            beside.unlink()
        _told(_run(*arguments), (seed, arguments))


@pytest.mark.parametrize("seed", QUICK)
def test_a_damaged_archive_is_told_in_words(
    tmp_path: Path, sound: bytes, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _prove(tmp_path, sound, seed, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("seed", ALL)
def test_two_hundred_damaged_archives_are_told_in_words(
    tmp_path: Path, sound: bytes, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _prove(tmp_path, sound, seed, monkeypatch)
