"""A day with the crawler, as a person has it: from the wheel in a fresh environment to a phone.

One test, for each part of a day needs the ones before it. It goes through `crawler` and
`sqlite-utils` as they were installed, in front of the fake WeChat, and looks at nothing but what a
person sees: what is printed, the files in the folder, and pages in a browser where there is one.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pytest
from rich.cells import cell_len

from tests.browse.conftest import find_chromium
from tests.conftest import PATIENCE, ROOT
from tests.fake_answers import short_link
from tests.fake_wechat import FakeWeChat
from tests.lookalikes import deleted_seed, hollow_seed, link, whole_seed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PHONE = {"width": 390, "height": 844}
CHROMIUM = find_chromium()
SOURCES = ROOT / "crawler"
_AFTER_THE_COOL_DOWN = 3700  # seconds

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SOURCES.is_dir(), reason="there is nothing to build a wheel of"),
]


class Said(NamedTuple):
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> str:
        """The last line, where a person's eye is."""
        return (self.err or self.out).splitlines()[-1]


@dataclass(frozen=True)
class Day:
    """A folder of a person's own, the commands that are installed, and WeChat."""

    folder: Path
    commands: Path
    wechat: FakeWeChat

    def run(self, *words: str, tool: str = "crawler") -> Said:
        """Run a command in the folder."""
        done = subprocess.run(  # noqa: S603
            [self.commands / tool, *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=PATIENCE,
        )
        assert "Traceback" not in done.stdout + done.stderr, words
        return Said(done.returncode, done.stdout, done.stderr)

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a person who set none of ours."""
        kept = {name: os.environ[name] for name in os.environ if not name.startswith("CRAWLER_")}
        return kept | {"HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder / "none")}

    def write(self, name: str, text: str) -> None:
        """Put a file into the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    folder = tmp_path / "archive"
    folder.mkdir()
    with FakeWeChat(verify_after=3) as wechat:
        yield Day(folder, _installed(tmp_path), wechat)


def _installed(folder: Path) -> Path:
    """Build the wheel and install it as docs/install.md says; gives the folder of its commands."""
    wheels = folder / "dist"
    if shutil.which("uv"):
        _do("uv", "build", "--quiet", "--wheel", "--out-dir", str(wheels), str(ROOT))
        wanted = f"{next(wheels.glob('*.whl'))}[browse]"
        into = {"UV_TOOL_DIR": str(folder / "tools"), "UV_TOOL_BIN_DIR": str(folder / "bin")}
        tool = ("uv", "tool", "install", "--quiet", "--python", sys.executable)
        _do(*tool, "--with-executables-from", "sqlite-utils", wanted, **into)
        return folder / "bin"
    wheel = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps")
    _do(*wheel, "--wheel-dir", str(wheels), str(ROOT))
    _do(sys.executable, "-m", "venv", str(folder / "venv"))
    pip = str(folder / "venv/bin/pip")
    _do(pip, "install", "--quiet", f"{next(wheels.glob('*.whl'))}[browse]")
    return folder / "venv/bin"


def _do(*words: str, **variables: str) -> None:
    subprocess.run(words, check=True, timeout=PATIENCE, env=os.environ | variables)  # noqa: S603


@pytest.mark.long
def test_a_day_from_the_wheel_to_a_phone(day: Day) -> None:
    _begin(day)
    _adopt_a_folder(day)
    _fetch_a_list_until_wechat_says_stop(day)
    _go_on_after_the_cool_down(day)
    _ask_for_nothing_twice(day)
    _search_and_list(day)
    _export_edit_and_export_again(day)
    with _served(day) as address:
        _read_on_a_phone(address)


def _begin(day: Day) -> None:
    assert re.fullmatch(r"crawler, version \d+\.\d+\.\d+\n", day.run("--version").out)
    begun = day.run("init")
    assert begun.code == 0
    assert begun.last == "go on with: crawler reclean FOLDER, or: crawler fetch URL"
    settings = (day.folder / "config.toml").read_text(encoding="utf-8")
    settings = settings.replace('gateway = ""', f'gateway = "{day.wechat.url}"')
    settings = re.sub(r"(?m)^(interval|jitter) = [\d.]+", r"\1 = 0", settings)
    day.write("config.toml", settings)
    looked = day.run("doctor", "--offline")
    assert looked.code == 0, looked.out
    assert "ok  archive    archive.db: 0 articles, 0 indexed" in looked.out
    [lacking] = [line for line in looked.out.splitlines() if not line.startswith("ok  ")]
    assert lacking.startswith("--  extras  ")  # the wheel brings none, and nothing here needs one


def _adopt_a_folder(day: Day) -> None:
    day.write("Clippings/ferry.md", whole_seed())
    hollow = hollow_seed(title="防波堤年检", url=link(2247000002, signed=False))
    day.write("Clippings/breakwater.md", hollow)
    day.write("Clippings/buoys.md", deleted_seed(title="航标更换", url=link(2247000003)))
    day.write("Clippings/note.md", f"# 读后\n\n今天读了 {short_link('article', 9)} ，很好。\n")
    adopted = day.run("reclean", "Clippings")
    assert adopted.code == 0
    assert "4 inputs: 3 added" in adopted.err
    assert "new in the queue: 1 article that they name" in adopted.err
    assert "1 article can be had by fetching: crawler fetch --queued" in adopted.err
    assert day.run("reclean", "Clippings").err.count("unchanged") == 1


def _fetch_a_list_until_wechat_says_stop(day: Day) -> None:
    links = [short_link("article", number) for number in range(1, 6)]
    day.write("links.txt", "\n".join(["今天要读的：", *links, "https://mp.weixin.qq.com/s/short"]))
    fetched = day.run("fetch", "-f", "links.txt")
    assert fetched.code == 3
    assert [line.split("  ")[0] for line in fetched.out.splitlines()] == [
        *["ok"] * 3,
        "verification",
    ]
    assert "links.txt, line 7: https://mp.weixin.qq.com/s/short" in fetched.err
    stop = r"WeChat asked for verification; nothing is sent until [-\d]+ [\d:]+ \+08:00"
    assert re.search(stop, fetched.err)
    assert fetched.last == "3 links in the queue; go on with: crawler fetch --queued"
    asked = len(day.wechat.record)
    again = day.run("fetch", "--queued")
    assert again.code == 3
    assert len(day.wechat.record) == asked  # nothing is sent while it cools down
    assert "nothing is sent until" in day.run("status").out


def _go_on_after_the_cool_down(day: Day) -> None:
    with closing(sqlite3.connect(day.folder / "archive.db")) as clock, clock:
        clock.execute("UPDATE pace SET closed_until = closed_until - ?", (_AFTER_THE_COOL_DOWN,))
    day.wechat.forgive()
    asked = len(day.wechat.record)
    fetched = day.run("fetch", "--queued")
    assert fetched.code == 0
    assert sorted(name[-2:] for name in day.wechat.names[asked:]) == ["04", "05", "09"]
    assert fetched.last == "3 inputs: 2 added, 1 updated"


def _ask_for_nothing_twice(day: Day) -> None:
    asked = len(day.wechat.record)
    again = day.run("fetch", "-f", "links.txt")
    assert again.code == 1  # the line that is no link
    assert again.last == "6 inputs: nothing written"
    assert len(day.wechat.record) == asked


def _search_and_list(day: Day) -> None:
    hits = day.run("search", "灯塔").out
    assert hits.count("第") == hits.count("夜，【灯塔】照常亮起") == 6
    assert "MzA3MTIzNDU2Nw==:2650000001:1  https://mp.weixin.qq.com/s/" in hits
    listed = day.run("list", "--account", "临港日志", "--until", "2024").out
    assert [line.split()[1::2] for line in listed.splitlines() if line.startswith("20")] == [
        ["ok", "渡轮恢复通航"],
        ["hollow", "防波堤年检"],
        ["deleted", "航标更换"],
    ]
    shown = day.run("show", "MzA3MTIzNDU2Nw==:2650000001:1").out
    assert shown.startswith("---\ntitle: 灯塔日记 1\n")
    words = ("search", "archive.db", "articles", "渡轮", "-c", "account", "-c", "date", "--table")
    header, rule, *rows = day.run(*words, tool="sqlite-utils").out.splitlines()
    assert len(rows) == 1
    assert cell_len(rows[0]) == cell_len(rule)
    assert header.split() == ["account", "date"]


def _export_edit_and_export_again(day: Day) -> None:
    first = day.run("export", "articles")
    assert first.last == "7 articles below articles: 8 files written, 0 left, the rest up to date"
    ferry = day.folder / "articles/2024/05/08/临港日志_渡轮恢复通航.md"
    noted = day.folder / "articles/2025/12/04/青石电台_灯塔日记 1.md"
    mine = ferry.read_text(encoding="utf-8").replace("首班渡轮", "第一班渡轮")
    ferry.write_text(mine, encoding="utf-8")
    with noted.open("a", encoding="utf-8") as file:
        file.write("\n<!-- notes -->\n\n要再读一遍。\n")
    again = day.run("export", "articles", "--properties")
    assert "left as it is: articles/2024/05/08/临港日志_渡轮恢复通航.md" in again.err
    assert "(was changed since it was exported)" in again.err
    assert ferry.read_text(encoding="utf-8") == mine
    kept = noted.read_text(encoding="utf-8")
    assert "state: ok" in kept  # written anew, and what the person wrote below went along
    assert kept.endswith("<!-- notes -->\n\n要再读一遍。\n")
    day.run("export", "articles", "--properties", "--overwrite")
    assert "首班渡轮" in ferry.read_text(encoding="utf-8")


@contextmanager
def _served(day: Day) -> Iterator[str]:
    """The address at which `crawler serve` shows the archive; Ctrl-C ends it."""
    with subprocess.Popen(  # noqa: S603
        [day.commands / "crawler", "serve", "--port", "0"],
        cwd=day.folder,
        env=day.environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr
        line = server.stderr.readline()
        found = re.fullmatch(r"open (http://127\.0\.0\.1:\d+)/ \(Ctrl-C ends it\)\n", line)
        try:
            assert found, line
            yield found[1]
        finally:
            server.send_signal(signal.SIGINT)
            said = server.stderr.read()
    assert "Traceback" not in said


def _read_on_a_phone(address: str) -> None:
    browser = pytest.importorskip("tests.browse.browser", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("the day went well up to here; no chromium to look at the pages with")
    with browser.visit(address, CHROMIUM, **PHONE) as visit:
        article = "/article/MzA3MTIzNDU2Nw%3D%3D%3A2650000001%3A1"
        for path in ("/", "/articles?q=灯塔", "/articles?state=deleted", article):
            visit.open(path)
            assert visit.overflow() == "", path
        assert "灯塔日记 1" in visit.page.locator("h1").first.inner_text()
        assert "守塔人记下了潮水的高度" in visit.page.locator(".body").inner_text()
        visit.open("/articles?q=灯塔")
        assert visit.page.locator("ol mark").first.inner_text() == "灯塔"
        assert visit.leaks == []
