"""A disk that fails at one call: each command that writes names the file, and loses nothing."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import sys
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, NamedTuple

import click
import pytest
from click.testing import CliRunner

from crawler.archive import Archive
from crawler.cli import guard
from crawler.cli.group import cli
from tests.archive.specimens import tables_of
from tests.flows.test_adopt import PNG
from tests.lookalikes import link, numbered_seed
from tests.trust.faults import CODES, Fault, once

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it reads a file of /proc")

SEED = 20261127
FEW, MANY = 1, 8  # faults of each command
pytestmark = pytest.mark.usefixtures("own_hooks")
NOTES = "\n<!-- notes -->\n\n手写的话\n"

Words = tuple[str, ...]

COMMANDS: dict[str, Words] = {
    "seeds and pages": ("reclean", "more", "page", "--workers", "1"),
    "stored pages": ("reclean", "--stored"),
    "lines": ("--db", "new.db", "reclean", "all.jsonl"),
    "documents": ("--db", "new.db", "reclean", "documents", "--workers", "1"),
    "export again": ("export", "documents", "--local-images", "--properties"),
    "export": ("export", "new", "--local-images"),
    "vault again": ("export", "--vault", "vault", "--overwrite"),
    "vault": ("export", "--vault", "new"),
    "print": ("export", "--jsonl"),
    "warc": ("export", "--warc", "new.warc.gz"),
    "wacz": ("export", "--wacz", "new.wacz"),
    "atom": ("export", "--atom", "new.xml"),
    "epub": ("export", "--epub", "new.epub"),
    "backup": ("backup", "new.db"),
    "backup again": ("backup", "copy.db", "--overwrite"),
    "restore": ("restore", "copy.db"),
    "salvage": ("audit", "--salvage", "new.db"),
    "audit": ("audit", "--fix"),
    "index": ("index", "--rebuild"),
    "init": ("init",),
    "token": ("capture", "--new-token"),
    "queue": ("queue", "add", link(900)),
    "forget": ("forget", link(3), "--yes"),
    "merge": ("merge", "other.db"),
    "recover": ("recover", "--from", "more", "--workers", "1"),
    "deaths": ("watch", "--plan", "--feed", "new.xml"),
}
ONCE = {"backup", "salvage", "forget"}
"""What is done already is refused when it is asked for again."""

READING = {
    *("cite", "config", "doctor", "history", "list", "mcp", "promo"),
    *("search", "serve", "show", "status"),
}
OVER_THE_NETWORK = {"fetch", "images"}
IN_PROCESSES = {"clean-parquet"}


class Done(NamedTuple):
    """How a command ended: its code, and all that it said."""

    code: int
    said: str


_PAGE = (
    f'<html><head><title>渡口夜话</title><meta property="og:url" content="{link(51)}"></head>'
    '<body class="page_share_img"><div id="js_article"><div id="js_share_content_page_hd">'
    '<img src="./files/{}.png"></div><p id="js_image_desc">船六点开。</p></div></body></html>'
)


def _seed(number: int) -> str:
    text = numbered_seed(number)
    return text.replace("cover0000", f"cover{number}")


def _fill(folder: Path) -> None:
    """Seeds, a page with its picture, and more of both."""
    for name, number in (("seeds", 0), ("more", 20)):
        (folder / name).mkdir()
        for one in range(number, number + 3):
            (folder / name / f"{one}.md").write_text(_seed(one), encoding="utf-8")
    for name, number in (("had", 51), ("page", 52)):
        (folder / name / "files").mkdir(parents=True)
        (folder / name / "files" / f"{number}.png").write_bytes(PNG + bytes(number))
        page = _PAGE.replace(link(51), link(number)).format(number)
        (folder / name / "a.html").write_text(page, encoding="utf-8")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive, and all that was made of it."""
    folder = tmp_path_factory.mktemp("whole")
    _fill(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for words in (
            ("reclean", "seeds", "had", "--workers", "1"),
            ("--db", "other.db", "reclean", "more", "--workers", "1"),
            ("backup", "copy.db"),
            ("export", "documents", "--local-images"),
            ("export", "--vault", "vault"),
        ):
            assert CliRunner().invoke(cli, words).exit_code == 0, words
        lines = CliRunner().invoke(cli, ["export", "--jsonl"]).stdout
        (folder / "all.jsonl").write_text(lines, encoding="utf-8")
    for name in ("documents", "vault"):
        for path in (folder / name).rglob("*.md"):
            text = path.read_text(encoding="utf-8").replace("\n---\n", "\nmykey: 我的\n---\n", 1)
            path.write_text(text + NOTES, encoding="utf-8")
    return folder


def _rows(archive: Path) -> tuple[object, object]:
    """What the articles of an archive show; and every row, without folder and moments of today."""
    if not archive.exists():
        return None, None
    with closing(sqlite3.connect(archive)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with Archive.open(archive, ngram=None) as opened:
        shown = opened.database.execute(_SHOWN).fetchall()
        return shown, {
            table: sorted(
                tuple(_NOW.sub("", str(value).replace(str(archive.parent), "")) for value in row)
                for row in rows
            )
            for table, rows in tables_of(opened.database).items()
        }


_NOW = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+")
_EXPORTED = ("*.md", "*.png", "*.jsonl")
_SHOWN = """
SELECT a.id, a.title, a.state, a.body, group_concat(p.url || p.state)
FROM articles AS a LEFT JOIN pictures AS p ON p.article_id = a.id GROUP BY a.id ORDER BY a.id
"""


class Held(NamedTuple):
    """What a folder holds: documents and pictures, what its articles show, and every row."""

    files: dict[str, str]
    shown: list[object]
    rows: list[object]


def _held(folder: Path) -> Held:
    files = {
        str(path.relative_to(folder)): _NOW.sub("", path.read_bytes().decode("latin-1"))
        for pattern in _EXPORTED
        for path in folder.rglob(pattern)
    }
    both = [_rows(folder / name) for name in ("archive.db", "new.db")]
    return Held(files, [shown for shown, _ in both], [rows for _, rows in both])


def _check_named(done: Done, fault: Fault) -> None:
    """One line of words, which names a file; what a run goes on without is an error, too."""
    assert done.code in (0, 1), (done, fault)
    assert "Traceback" not in done.said, (done, fault)
    assert not re.search("crawler broke|broke its reader", done.said), (done, fault)
    if done.code == 1:
        assert re.search(r"^(error: \S+.*: |\S+  \S+  \S)", done.said, re.MULTILINE), (done, fault)


@pytest.fixture
def prove(
    whole: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str, int], None]:
    """Lets a command of the table meet so many faults, each in a folder of its own."""
    tools = _Tools(whole, tmp_path / "run", capsys, monkeypatch)
    return lambda name, faults: _prove(name, faults, tools)


class _Tools(NamedTuple):
    whole: Path
    folder: Path
    capsys: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    def begin(self) -> None:
        """Make the folder anew, and go there."""
        self.patch.chdir(self.whole)
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.whole, self.folder)
        self.patch.chdir(self.folder)

    def run(self, words: Words) -> Done:
        """Run a command as a process would."""
        self.patch.setattr(sys, "argv", ["crawler", *words])
        self.capsys.readouterr()
        code = guard.run_guarded()
        told = self.capsys.readouterr()
        return Done(code, told.out + told.err)


def _prove(name: str, faults: int, tools: _Tools) -> None:
    dice = random.Random(f"{SEED} {name}")
    words, folder = COMMANDS[name], tools.folder
    tools.begin()
    with ExitStack() as stack:
        counted = [stack.enter_context(once(Fault(kind, folder))) for kind in CODES]
        undisturbed = tools.run(words)
    assert undisturbed.code in (0, 1), undisturbed
    expected, before = _held(folder), _held(tools.whole)
    calls = [(one.kind, at) for one in counted for at in range(1, one.number + 1)]
    for kind, at in dice.sample(calls, min(faults, len(calls))):
        tools.begin()
        with once(Fault(kind, folder, at, dice.choice(CODES[kind]))) as fault:
            done = tools.run(words)
        _check_named(done, fault)
        kept = _held(folder)
        assert before.files.keys() <= kept.files.keys(), (done, fault)
        if name not in ONCE or kept != expected:
            again = tools.run(words)
            assert again.code == undisturbed.code, (again, fault)
        kept = _held(folder)
        assert kept[:2] == expected[:2], (done, fault)
        if not done.code:  # a look that saw less is remembered
            assert kept.rows == expected.rows, (done, fault)


def test_every_command_that_writes_meets_a_sick_disk() -> None:
    called = {
        next(word for word in words if word in cli.list_commands(click.Context(cli)))
        for words in COMMANDS.values()
    }
    others = READING | OVER_THE_NETWORK | IN_PROCESSES
    assert called | others == {*cli.list_commands(click.Context(cli))}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_call_that_fails_is_told_and_the_same_command_goes_on_from_there(
    name: str, prove: Callable[[str, int], None]
) -> None:
    prove(name, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_two_hundred_calls_that_fail_lose_nothing(
    name: str, prove: Callable[[str, int], None]
) -> None:
    prove(name, MANY)
