"""What a person sees on a terminal: wide or narrow, in colour or not, also where they press Ctrl-C.

The commands run in a pseudo-terminal, so that bars, colours and widths are what they are there.
"""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import struct
import subprocess
import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from tests.conftest import PATIENCE
from tests.fake_answers import short_link
from tests.fake_wechat import FakeWeChat
from tests.lookalikes import deleted_seed, hollow_seed, link, whole_seed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

fcntl = pytest.importorskip("fcntl", reason="there are no such terminals here")
termios = pytest.importorskip("termios")

pytestmark = pytest.mark.slow

_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-7]|4[0-7]|9[0-7])(?:;\d+)*m")
LONG = "防波堤与航标的年检结果一并公布，渡轮照常往返两岸不受影响"


@dataclass
class Screen:
    """A command on a terminal, and what it wrote there."""

    process: subprocess.Popen[bytes]
    terminal: int
    text: str = ""

    def read(self) -> bool:
        """Take in what comes next; False at the end."""
        try:
            read = os.read(self.terminal, 1 << 16)
        except OSError:  # Linux's way to say that nobody writes any more
            return False
        self.text += read.decode("utf-8", "replace")
        return bool(read)

    def read_until(self, words: str) -> None:
        """Take in what comes until these words stand there."""
        while words not in self.text:
            assert self.read(), self.text

    def end(self) -> int:
        """Take in the rest; gives the exit code."""
        while self.read():
            pass
        return self.process.wait(PATIENCE)

    @property
    def lines(self) -> list[str]:
        """Its lines without what only moves or colours."""
        plain = _ESCAPE.sub("", self.text)
        return [line.rpartition("\r")[2].rstrip() for line in plain.split("\r\n")]


@contextmanager
def on_screen(folder: Path, *words: str, columns: int = 80, **variables: str) -> Iterator[Screen]:
    """Run a command on a terminal of so many columns."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    kept = {name: os.environ[name] for name in os.environ if name not in {"NO_COLOR", "COLUMNS"}}
    with (
        closing(os.fdopen(ours, "rb", buffering=0)),
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "crawler", *words],
            cwd=folder,
            env=kept | {"TERM": "xterm-256color"} | variables,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        ) as process,
    ):
        os.close(theirs)
        yield Screen(process, ours)
        process.kill()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of some seeds, of which titles and accounts are long and Chinese."""
    folder = tmp_path_factory.mktemp("terminal")
    (folder / "seeds").mkdir()
    seeds = [
        whole_seed(title=LONG),
        whole_seed(url=link(5), title="灯塔"),
        whole_seed(url=link(2), account="港", source="港"),
        hollow_seed(url=link(3, signed=False), title=LONG),
        deleted_seed(url=link(4)),
    ]
    for number, seed in enumerate(seeds):
        (folder / "seeds" / f"{number}.md").write_text(seed, encoding="utf-8")
    with on_screen(folder, "reclean") as screen:
        assert screen.end() == 0
    return folder


def _seen(folder: Path, *words: str, columns: int = 80, **variables: str) -> Screen:
    with on_screen(folder, *words, columns=columns, **variables) as screen:
        assert screen.end() == 0, screen.text
    assert "Traceback" not in screen.text
    return screen


def test_a_run_says_what_came_of_it_below_its_bar(made: Path) -> None:
    screen = _seen(made, "reclean")
    assert "\x1b[?25h" in screen.text  # the cursor is back
    assert "5 inputs: 5 unchanged" in screen.lines
    assert screen.lines[-2].startswith("give links with: ")


@pytest.mark.parametrize("columns", [30, 40, 60, 80, 200])
def test_tables_of_chinese_align_and_stay_within_a_terminal_of_any_width(
    made: Path, columns: int
) -> None:
    lines = _seen(made, "status", columns=columns).lines
    table = lines[lines.index("2 accounts, the largest") + 1 :][:3]
    assert [line.split()[-1] for line in table] == ["articles", "2", "1"]
    assert len({cell_len(line) for line in table}) == 1
    states = lines[1 : lines.index("2 accounts, the largest")]
    assert all(cell_len(line) <= columns for line in [*states, *table])


@pytest.mark.parametrize("words", [("status",), ("search", "渡轮"), ("reclean",), ("list",)])
def test_a_dumb_terminal_gets_no_escape_sequence(made: Path, words: tuple[str, ...]) -> None:
    assert "\x1b" not in _seen(made, *words, TERM="dumb").text


@pytest.mark.parametrize("words", [("search", "渡轮"), ("reclean",), ("status",)])
def test_no_color_is_obeyed(made: Path, words: tuple[str, ...]) -> None:
    assert not _COLOUR.search(_seen(made, *words, NO_COLOR="1").text)


def test_a_hit_is_coloured_where_nobody_says_otherwise(made: Path) -> None:
    assert _COLOUR.search(_seen(made, "search", "渡轮").text)


@pytest.mark.parametrize("locale", ["C", "POSIX", "zh_CN.GBK"])
def test_chinese_is_utf8_in_every_locale(made: Path, locale: str) -> None:
    screen = _seen(made, "list", LC_ALL=locale, PYTHONUTF8="0", PYTHONIOENCODING="")
    assert any(LONG in line for line in screen.lines)


def test_ctrl_c_ends_a_fetch_with_what_waits_and_the_command_that_goes_on(tmp_path: Path) -> None:
    with FakeWeChat() as wechat:
        settings = f'[fetch]\ngateway = "{wechat.url}"\ninterval = 0.4\njitter = 0\n'
        (tmp_path / "config.toml").write_text(settings, encoding="utf-8")
        links = [short_link("article", number) for number in range(1, 40)]
        with on_screen(tmp_path, "fetch", *links) as screen:
            screen.read_until("灯塔日记 2")
            screen.process.send_signal(signal.SIGINT)
            assert screen.end() == 130
    assert "Traceback" not in screen.text
    [*_, stopped, last, _] = screen.lines
    assert stopped.startswith("stopped; ")
    waiting = re.fullmatch(r"(\d+) links in the queue; go on with: crawler fetch --queued", last)
    assert waiting
    # The line of an article is whole, whatever the bar did meanwhile; where Ctrl-C came between
    # writing it and noting that, rich writes it once more.
    done = {line for line in screen.lines if re.fullmatch(r"ok  added  \S+  灯塔日记 \d+", line)}
    with closing(sqlite3.connect(tmp_path / "archive.db")) as archive:
        (stored,) = archive.execute("SELECT count(*) FROM articles").fetchone()
    assert stored + int(waiting[1]) == len(links)
    assert len(done) in {stored, stored - 1}  # Ctrl-C may come before the last one is told
