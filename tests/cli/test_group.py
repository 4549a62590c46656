from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from crawler.archive.database.connection import ArchiveConnection
from crawler.cli import group
from crawler.cli.commands import COMMANDS
from crawler.cli.group import cli
from tests.fake_answers import short_link
from tests.lookalikes import link, whole_seed
from tests.trust.faults import Fault, once

if TYPE_CHECKING:
    from tests.cli.conftest import Crawler


def test_reading_commands_never_make_an_archive(crawler: Crawler, folder: Path) -> None:
    for arguments in (["status"], ["show", "x"], ["export", "out"], ["search", "x"]):
        result = crawler(*arguments)
        assert result.exit_code == 1
        assert "no such archive" in result.stderr
    assert list(folder.iterdir()) == []


def test_a_database_that_is_not_ours_is_refused_and_left_alone(
    crawler: Crawler, folder: Path
) -> None:
    (folder / "notes.db").write_text("no database", encoding="utf-8")
    (folder / "a.md").write_text(whole_seed(), encoding="utf-8")
    result = crawler("--db", "notes.db", "reclean", "a.md")
    assert result.exit_code == 1
    assert "notes.db" in result.stderr
    assert (folder / "notes.db").read_text(encoding="utf-8") == "no database"


def test_wrong_settings_end_with_exit_code_2(crawler: Crawler, folder: Path) -> None:
    (folder / "config.toml").write_text("[fetch]\nspeed = 1\n", encoding="utf-8")
    result = crawler("status")
    assert result.exit_code == 2
    assert "unknown key speed" in result.stderr
    assert crawler("--config", "none.toml", "status").exit_code == 2
    assert crawler("no-such-command").exit_code == 2


@pytest.mark.parametrize(
    "words",
    [["fetch"], ["queue", "add"], ["queue", "drop"], ["export"], ["forget"], ["cite"], ["merge"]],
)
def test_a_command_that_is_given_nothing_to_do_is_wrong_usage(
    crawler: Crawler, folder: Path, words: list[str]
) -> None:
    result = crawler(*words)
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: ")
    assert list(folder.iterdir()) == []


def test_the_environment_names_archive_and_settings_and_an_option_wins(
    seeded: Crawler, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "archive.db").rename(folder / "kept.db")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("CRAWLER_DB", "~/kept.db")
    assert seeded("show", link()).exit_code == 0
    assert "no such archive" in seeded("--db", "other.db", "show", link()).stderr
    (folder / "mine.toml").write_text("[fetch]\nspeed = 9\n", encoding="utf-8")
    monkeypatch.setenv("CRAWLER_CONFIG", "mine.toml")
    assert "unknown key speed" in seeded("status").stderr


@pytest.mark.parametrize(
    "arguments",
    [("--db", "", "status"), ("export", ""), ("export", "--vault", ""), ("reclean", "")],
    ids=" ".join,
)
def test_a_path_that_is_empty_is_not_the_folder_at_hand(
    crawler: Crawler, arguments: tuple[str, ...]
) -> None:
    result = crawler(*arguments)
    assert result.exit_code == 2
    assert "is empty" in result.stderr


def test_every_command_has_help_with_examples(crawler: Crawler) -> None:
    listed = crawler("--help").stdout.partition("Commands:")[2]
    for name in COMMANDS:
        assert f"\n  {name} " in listed
        text = crawler(name, "--help").stdout
        assert "Examples:" in text, name


def test_a_read_only_archive_can_be_read_and_refuses_what_is_new(
    seeded: Crawler, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "new.md").write_text(whole_seed(url=link(9)), encoding="utf-8")
    before = (folder / "archive.db").read_bytes()
    monkeypatch.setattr("crawler.archive.database.opening.connect", _connect_read_only)
    result = seeded("reclean", "new.md")
    assert result.exit_code == 1
    assert "read-only" in result.stderr
    assert (folder / "archive.db").read_bytes() == before


def _connect_read_only(path: Path, **_: object) -> sqlite3.Connection:
    """What a file without write permission gives, even to root, who may write anything."""
    uri = f"file:{path}?mode=ro"
    return sqlite3.connect(uri, uri=True, isolation_level=None, factory=ArchiveConnection)


def test_the_list_of_commands_says_of_each_what_its_own_help_says() -> None:
    context = click.Context(cli)
    for name, line in COMMANDS.items():
        found = cli.get_command(context, name)
        assert found is not None
        words = (found.help or "").partition("\n\n")[0].replace("\n", " ")
        assert (name, words) == (name, line)


_TELLING = """
import contextlib, sys
from crawler.cli.group import cli
with contextlib.suppress(SystemExit):
    cli(sys.argv[1:])
print(*sys.modules, sep=chr(10), file=sys.stderr)
"""
UNNEEDED = ("sqlite3", "sqlite_utils", "httpx", "selectolax", "rich", "warcio", "markdownify")


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (["--version"], UNNEEDED),
        (["--help"], UNNEEDED),
        (["reclean", "seeds"], ("openpyxl", "sqlite_utils", "soupsieve.css_parser")),
        (["status"], ("sqlite_utils", "pandas", "markdownify")),
        (["export", "out"], ("sqlite_utils", "pandas", "markdownify")),
        (["search", "x"], (*UNNEEDED[1:], "tenacity", "yaml", "pluggy", "email")),
    ],
)
def test_a_command_loads_no_library_that_it_does_not_need(
    arguments: list[str], unneeded: tuple[str, ...], seeded: Crawler
) -> None:
    assert seeded("status").exit_code == 0
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", _TELLING, *arguments], capture_output=True, text=True, check=False
    )
    loaded = {name for line in done.stderr.splitlines() for name in (line, line.split(".")[0])}
    assert "click" in loaded
    assert not loaded & set(unneeded)


def test_a_library_that_is_put_off_is_there_for_whoever_asks_for_it() -> None:
    program = (
        "import sys, crawler.clean.body, bs4, soupsieve;"
        "assert 'soupsieve.css_parser' not in sys.modules;"
        "print(bs4.BeautifulSoup('<p id=a>x</p>', 'html.parser').select('#a'));"
        "from soupsieve import css_match, compile; import soupsieve.util;"
        "print(compile('p').pattern, soupsieve.__version__ > '', css_match.__name__)"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == '[<p id="a">x</p>]\np True soupsieve.css_match\n'


def test_a_mistake_in_usage_tells_no_credentials_and_no_escapes(crawler: Crawler) -> None:
    private = f"{short_link('article', 1)}?key=AbCdEf0123&uin=77"
    for words in (
        ("list", private),
        ("audit", f"{private}\x1b[31m"),
        ("search", "--state", private, "灯塔"),
        (private,),
        ("queue", private),
    ):
        result = crawler(*words)
        assert result.exit_code == 2
        assert "AbCdEf0123" not in result.output
        assert "\x1b" not in result.output


@pytest.mark.parametrize(
    "arguments",
    [("show", "--{}"), ("{}",), ("search", "word", "--limit", "{}")],
    ids=" ".join,
)
def test_a_message_quotes_the_ends_alone_of_an_argument_without_end(
    crawler: Crawler, arguments: tuple[str, ...]
) -> None:
    endless = f"{'a' * 50_000} https://mp.weixin.qq.com/s?key={'b' * 50_000}"
    told = crawler(*(argument.format(endless) for argument in arguments)).stderr
    assert "a" * 100 in told
    assert len(told) < 4_000
    assert "bbbb" not in told


def test_a_home_that_may_not_be_entered_holds_no_settings(
    crawler: Crawler, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = folder / "home"
    monkeypatch.setattr(group, "config_files", lambda: [Path("config.toml"), home / "config.toml"])
    with once(Fault("stat", home, 1, errno.EACCES)) as fault:
        result = crawler("config")
    assert (result.exit_code, fault.file) == (0, str(home / "config.toml"))
    assert "the defaults" in result.stderr


def test_no_line_tells_the_password_of_an_address(crawler: Crawler, folder: Path) -> None:
    address = "https://bob:5ecre7@mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
    (folder / "links.txt").write_text(f"{address}\n", encoding="utf-8")
    for words in (
        ("fetch", "--feed", address),
        ("fetch", address, "--json"),
        ("fetch", "-f", "links.txt", "--json"),
        ("queue", "add", "-f", "links.txt"),
        ("reclean", address, "--json"),
        ("show", address),
    ):
        result = crawler(*words)
        assert "***@" in result.output
        assert "5ecre7" not in result.output


@pytest.mark.parametrize(
    "before", ["https://bob:5ecre7@w0rd@", "//bob:5ecre7@", "https:///a:5ecre7@"]
)
def test_a_password_is_not_told_however_its_address_is_written(
    crawler: Crawler, before: str
) -> None:
    result = crawler("queue", "add", f"{before}mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv")
    assert "***@mp.weixin.qq.com" in result.output
    assert "5ecre7" not in result.output
    assert "w0rd" not in result.output
