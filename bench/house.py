"""How much of the house a newcomer meets: files and arrows of each room, modules that a job visits.

`python -m bench.house` counts, for every room, its files and how often one of them imports another
one; between rooms, how often one imports another; and for a page that is fetched, a seed that is
cleaned and a search, in how many of our modules some function runs. A module that is only imported
is not visited.
"""

from __future__ import annotations

import ast
import os
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

import crawler
from crawler.cli.group import cli
from tests.fake_answers import short_link
from tests.fake_wechat import FakeWeChat
from tests.lookalikes import link, whole_seed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

HOUSE = Path(crawler.__file__).parent


def _room(module: str) -> str:
    """The package that a module lies in, or that it is."""
    path = HOUSE.joinpath(*module.split("."))
    return module if path.is_dir() else module.rpartition(".")[0]


def _modules() -> dict[str, Path]:
    return {
        ".".join(path.relative_to(HOUSE).with_suffix("").parts): path
        for path in HOUSE.rglob("*.py")
        if path.name != "__init__.py"
    }


def _imported(path: Path, modules: dict[str, Path]) -> set[str]:
    """Our modules and packages that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("crawler"):
            inside = (node.module or "").removeprefix("crawler").removeprefix(".")
            for name in (alias.name for alias in node.names):
                whole = f"{inside}.{name}".removeprefix(".")
                found.add(whole if whole in modules else inside)
    return found


def print_rooms() -> None:
    """Print files and arrows a room, and how often one room of a wing imports another."""
    modules = _modules()
    files = Counter(_room(module) for module in modules)
    inside: Counter[str] = Counter()
    between: set[tuple[str, str]] = set()
    for module, path in modules.items():
        room = _room(module)
        for other in _imported(path, modules):
            inside[room] += _room(other) == room and other in modules
            between.add((room, _room(other)))
    print(f"{'room':20} {'files':>6} {'arrows':>7}")
    for room in sorted(files):
        print(f"{room or '(floor 0)':20} {files[room]:6} {inside[room]:7}")
    for wing in ("clean", "archive"):
        rooms = [room for room in files if room.startswith(f"{wing}.")]
        arrows = [pair for pair in between if {*pair} <= {*rooms} and pair[0] != pair[1]]
        print(f"{wing}: {len(rooms)} rooms, {len(arrows)} arrows between them")


@contextmanager
def _watched(visited: set[str]) -> Iterator[None]:
    """Note every module of ours in which a function runs."""

    def see(frame: FrameType, event: str, _value: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_name != "<module>" and code.co_filename.startswith(inside):
            visited.add(code.co_filename)

    inside = f"{HOUSE}{os.sep}"
    sys.setprofile(see)
    try:
        yield
    finally:
        sys.setprofile(None)


def _visits(*arguments: str) -> int:
    visited: set[str] = set()
    with _watched(visited):
        _run(arguments)
    return len(visited)


def _run(arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(cli, arguments)
    if result.exit_code:
        raise SystemExit(result.output)


def print_visits() -> None:
    """Print in how many modules something runs while one page, one seed or one search is done."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, FakeWeChat() as wechat:
        os.chdir(folder)
        try:
            settings = f'[fetch]\ngateway = "{wechat.url}"\ninterval = 0\njitter = 0\n'
            Path("config.toml").write_text(settings, encoding="utf-8")
            for number in range(2):
                seed = whole_seed(url=link(number))
                Path(f"{number}.md").write_text(seed, encoding="utf-8")
            total = len(_modules())
            for name, before_it, arguments in (
                (
                    "a page",
                    ("fetch", short_link("article", 4)),
                    ("fetch", short_link("article", 3)),
                ),
                ("a seed", ("reclean", "0.md"), ("reclean", "1.md")),
                ("a search", ("search", "雾"), ("search", "正文")),
            ):
                _run(before_it)  # what runs while modules load is no visit
                print(f"{name}: {_visits(*arguments)} of {total} modules visited")
        finally:
            os.chdir(before)


if __name__ == "__main__":
    print_rooms()
    print_visits()
