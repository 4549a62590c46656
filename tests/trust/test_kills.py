"""A command that is killed at any moment leaves an archive that is sound and goes on from there."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import sys
import traceback
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from crawler.archive import Archive
from crawler.cli.group import cli
from tests import moments
from tests.archive.specimens import tables_of
from tests.fake_wechat import FakeWeChat
from tests.lookalikes import hollow_seed, link, whole_seed

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 20261126
QUICK, ALL = 2, 25  # kills of each command: 300 of all twelve
FEW, SEEDS = 12, 60  # of the first proof, and of all

# Each writing command, what runs before it, and whether it changes the archive itself.
COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "reclean": (("reclean", "seeds"),),
    "export": (("reclean", "seeds"), ("export", "out")),
    "index": (("reclean", "seeds"), ("index", "--rebuild")),
    "audit": (("reclean", "seeds"), ("audit", "--fix")),
    "backup": (("reclean", "seeds"), ("backup", "copy.db", "--overwrite")),
    "init": (("init",),),
    "queue": (("reclean", "seeds"), ("queue", "add", link(900))),
    "forget": (("reclean", "seeds"), ("forget", link(3), "--yes")),
    "recover": (("reclean", "seeds"), ("recover", "--from", "seeds")),
    "merge": (("--db", "other.db", "reclean", "seeds"), ("merge", "other.db")),
    "restore": (("reclean", "seeds"), ("backup", "copy.db"), ("restore", "copy.db")),
    "images": (("reclean", "seeds"), ("images",)),
}

OVER_THE_NETWORK = {"images"}
FILES = {"picture", "stray-file"}  # what an audit says of pictures

# what they have done already leaves them too little to be killed at
BEGINNING = {"init", "merge", "reclean"}


def _command(arguments: tuple[str, ...]) -> Callable[[], int]:
    """A command as a process runs it, all that it prints in a file."""

    def work() -> int:
        with Path("told").open("a", encoding="utf-8") as told:
            sys.stdout = sys.stderr = told
            try:
                cli.main(list(arguments), prog_name="crawler")
            except SystemExit as ended:
                return int(ended.code or 0)
            except BaseException:  # noqa: BLE001  (what a user would see is the test)
                traceback.print_exc()
        return 1

    return work


def _finish(arguments: tuple[str, ...], *, done: bool = False) -> int:
    """Run a command to its end; returns how many events it had. It may say that it is `done`."""
    code, events = moments.run(_command(arguments))
    assert code == 0 or done, Path("told").read_text(encoding="utf-8")
    return events


def _check(path: Path) -> None:
    if not path.exists():
        return
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def _rows_of(archive: Archive) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, without the folder's name and the moment of a decision."""
    here = str(archive.path.absolute().parent)
    return {
        table: [
            tuple(_still(value, here) if isinstance(value, str) else value for value in row)
            for row in rows
        ]
        for table, rows in tables_of(archive.database).items()
    }


def _still(value: str, here: str) -> str:
    return _NOW.sub("", value.replace(here, ""))


_NOW = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+")


def _prepare(folder: Path, gateway: str, count: int) -> None:
    seeds = folder / "seeds"
    seeds.mkdir(parents=True)
    if gateway:
        (folder / "config.toml").write_text(_SETTINGS.format(gateway), encoding="utf-8")
    for number in range(count):
        text = whole_seed(url=link(number)).replace("岸边的灯", f"岸边的灯塔{number}")
        text = text.replace("cover0000", f"cover{number}")
        (seeds / f"{number}.md").write_text(text, encoding="utf-8")
    (seeds / "hollow.md").write_text(hollow_seed(url=link(800)), encoding="utf-8")


_SETTINGS = """\
[fetch]
gateway = "{}"
attempts = 1
interval = 0
jitter = 0
picture_interval = 0
"""


def _prove(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills: int) -> None:
    gateway = ""
    with ExitStack() as stack:
        if name in OVER_THE_NETWORK:
            gateway = stack.enter_context(FakeWeChat()).url
        _kill_and_compare(name, tmp_path, monkeypatch, kills, gateway)


def _begin_anew(name: str, archive: Path, before: Path) -> None:
    """Undo what was done, of commands whose rest is soon too little to be killed at."""
    if name in BEGINNING:
        for made in ("archive.db", "archive.db-journal", "config.toml"):
            archive.with_name(made).unlink(missing_ok=True)
    if name in OVER_THE_NETWORK:
        shutil.copy(before, archive)
        shutil.rmtree(archive.parent / "images", ignore_errors=True)


def _kill_and_compare(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills: int, gateway: str
) -> None:
    *before, command = COMMANDS[name]
    seeds = FEW if kills == QUICK else SEEDS
    for folder in (tmp_path / "whole", tmp_path / "killed"):
        _prepare(folder, gateway, seeds)
        monkeypatch.chdir(folder)
        for arguments in before:
            _finish(arguments)
    monkeypatch.chdir(tmp_path / "whole")
    events = _finish(command)
    monkeypatch.chdir(tmp_path / "killed")
    archive = tmp_path / "killed" / "archive.db"
    if archive.exists():
        shutil.copy(archive, tmp_path / "before.db")
    dice = random.Random(SEED)
    killed = runs = 0
    while killed < kills:
        was_running = moments.kill(_command(command), dice.randint(1, events))
        _check(archive)
        killed += was_running
        runs += 1
        assert runs <= 5 * kills, "it ends before its moment comes"
        if not was_running or dice.random() < 0.3:
            _begin_anew(name, archive, tmp_path / "before.db")
    _finish(command, done=name == "forget")  # what is forgotten is not there
    with Archive.open(archive) as survived, Archive.open(tmp_path / "whole/archive.db") as whole:
        known = [_rows_of(one) for one in (survived, whole)]
        for rows in known if name in OVER_THE_NETWORK else ():
            rows.pop("pace")  # who was killed has asked more often
        assert known[0] == known[1]
        assert not [one for one in survived.audit(today="2026-11-26") if one.check in FILES]
        found = [len(one.search("灯塔*", limit=999, fold=False)) for one in (survived, whole)]
        assert found[0] == found[1]
        assert found[1] or name == "init"
    if name == "backup":
        _check(tmp_path / "killed" / "copy.db")
    if name == "export":
        names = [
            sorted(path.name for path in (tmp_path / side / "out").rglob("*.md"))
            for side in ("whole", "killed")
        ]
        assert names[0] == names[1]


pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="kills are signals"),
    pytest.mark.usefixtures("loaded"),
]


READING = {
    *("capture", "cite", "config", "doctor", "history", "list", "mcp"),
    *("promo", "search", "serve", "show", "status"),
}
ELSEWHERE = {
    "clean-parquet",
    "fetch",
    "watch",
}  # `batch/` and `cli/test_killed.py` kill the first two, and the other looks as `fetch` does


def test_every_command_that_writes_is_killed() -> None:
    assert {*COMMANDS} | READING | ELSEWHERE == {*cli.list_commands(click.Context(cli))}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_killed_command_loses_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _prove(name, tmp_path, monkeypatch, QUICK)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_three_hundred_kills_lose_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _prove(name, tmp_path, monkeypatch, ALL)
