"""The house of docs/architecture.md as tables: who imports whom, and which library is whose."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import crawler
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

HOUSE = Path(crawler.__file__).parent  # which may be an installed one

GROUND = {
    "article",
    "characters",
    "config",
    "credentials",
    "cut_links",
    "dialect",
    "errors",
    "fields",
    "folding",
    "formulas",
    "frontmatter",
    "inert",
    "inputs",
    "lazy",
    "links",
    "marks",
    "plain",
    "processes",
    "spellings",
    "states",
    "telling",
    "times",
    "unkept",
    "urls",
    "vault",
}
"""Floor 0: words that everybody speaks. They know one another and nothing above."""

CLEAN = {
    "clean.markdown": set[str](),
    "clean.notices": set(),
    "clean.promotion": set(),
    "clean.captures": set(),
    "clean.markup": set(),
    "clean.body": {"clean.markdown"},
    "clean.pages": {"clean.body", "clean.markdown", "clean.markup", "clean.notices"},
    "clean.seeds": {"clean.markdown", "clean.notices"},
    "clean.exports": {
        "clean.body",
        "clean.markdown",
        "clean.markup",
        "clean.notices",
        "clean.seeds",
    },
    "clean.listings": {"clean.exports", "clean.markup"},
    "clean.containers": {"clean.exports", "clean.listings"},
    "clean.recovery": set(),
    "clean.stories": {"clean.markdown"},
}
ARCHIVE = {
    "archive.search": set[str](),
    "archive.database": {"archive.search"},
    "archive.reading": {"archive.database", "archive.search"},
    "archive.files": {"archive.database", "archive.reading"},
    "archive.saving": {"archive.database", "archive.reading", "archive.search"},
    "archive.lines": {"archive.database", "archive.files", "archive.reading", "archive.saving"},
    "archive.audit": {
        "archive.database",
        "archive.files",
        "archive.reading",
        "archive.saving",
        "archive.search",
    },
}
BELOW_FLOWS = {*CLEAN, *ARCHIVE, "archive", "fetch", "formats"}

PACKAGES: dict[str, set[str]] = {
    **CLEAN,
    **ARCHIVE,
    "archive": set(ARCHIVE),
    "fetch": set(),
    "formats": set(),
    "flows": BELOW_FLOWS,
    "browse": {"archive", *ARCHIVE, "formats"},
    "mcp": {"archive", *ARCHIVE, "flows", "formats"},
    "batch": {"archive.files", "clean.pages", "flows", "formats"},
    "cli": {"archive", *ARCHIVE, "batch", "browse", "fetch", "flows", "formats", "mcp"},
    "": BELOW_FLOWS | {"cli"},  # the library's names, and `python -m crawler`
}
"""Room -> the rooms whose packages it may import, beside floor 0 and itself."""

BELONGS_TO = {
    "httpx": {"fetch"},
    "httpcore": {"fetch"},
    "tenacity": {"fetch"},
    "socket": {"fetch"},
    "random": {"fetch"},
    "selectolax": {"clean"},
    "markdownify": {"clean"},
    "bs4": {"clean"},
    "sqlite_utils": {"archive"},
    "sqlite3": {"archive", "browse"},
    "zstandard": {"archive"},
    "warcio": {"archive"},
    "feedparser": {"clean"},
    "markdown_it": {"browse", "formats"},
    "mcp": {"mcp"},
    "pyarrow": {"batch", "formats"},
    "dask": {"batch"},
    "distributed": {"batch"},
    "datatrove": {"batch"},
    "nemo_curator": {"batch"},
    "openpyxl": {"clean"},
    "rensa": {"clean"},
    "charset_normalizer": {"clean"},
    "datasette": {"archive", "browse"},
    "click": {"cli", "archive"},  # archive: the plugin wraps a click command of sqlite-utils
    "rich": {"cli"},
    "yaml": {"frontmatter", "clean", "vault"},
    "tomllib": {"config"},
    "time": {"fetch", "flows", "cli"},
}
"""Library -> the top-level rooms that may import it."""

SHORT = 25
"""Lines under which a module is too small to have its own."""

ALLOWED_SHORT = {
    "__main__": "`python -m crawler`",
    "batch.fields": "the process that reads tables loads nothing that cleans",
    "clean.markdown.code": "pages and seeds write code alike",
    "clean.seeds.judge": "the archive's audit asks it, of bodies that are no seeds any more",
    "flows.clock": 'the one "now"',
}
"""Module -> why it is so short."""

MODULES = {
    ".".join(path.relative_to(HOUSE).with_suffix("").parts): path
    for path in sorted(HOUSE.rglob("*.py"))
}


def _where(look: Callable[[str], Collection[object]]) -> dict[str, Collection[object]]:
    """Module -> what one look at it finds, where that is anything."""
    return {module: found for module in MODULES if (found := look(module))}


@pytest.fixture(scope="module", autouse=True)
def _trees() -> Iterator[None]:
    """Forget what was parsed, which is 130 MB, when these tests are through."""
    yield
    _tree.cache_clear()


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _room(name: str) -> str:
    """The room that a module is in, or that a package is: the longest name that fits."""
    name = name.removesuffix("__init__").rstrip(".")
    rooms = [room for room in PACKAGES if name == room or name.startswith(f"{room}.") or not room]
    return max(rooms, key=len)


@cache
def _imports(path: Path) -> frozenset[tuple[str, str]]:
    """Everything that a file imports, as (module or package, name); "" for a module as a whole."""
    found: set[tuple[str, str]] = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found.update((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.update((node.module or "", alias.name) for alias in node.names)
    return frozenset(found)


@cache
def _of_the_house(path: Path) -> frozenset[tuple[str, str]]:
    """What a file imports of the house, `crawler.` left out; a module in place of its name."""
    found = set()
    for module, name in _imports(path):
        if module == "crawler" or module.startswith("crawler."):
            inside = module.removeprefix("crawler").removeprefix(".")
            whole = f"{inside}.{name}".removeprefix(".")
            is_module = whole in MODULES or f"{whole}.__init__" in MODULES
            # a door may show a function that has its module's name
            is_module = is_module and name not in _shown(MODULES.get(f"{inside}.__init__"))
            found.add((whole, "") if is_module else (inside, name))
    return frozenset(found)


def test_every_room_imports_only_the_rooms_it_may() -> None:
    assert not _where(_strange_rooms)


def _strange_rooms(module: str) -> set[str]:
    room = _room(module)
    may = PACKAGES[room] | {room, ""} if module not in GROUND else {""}
    return {_room(name) for name, _ in _of_the_house(MODULES[module])} - may


def test_from_outside_a_room_only_packages_are_imported() -> None:
    assert not _where(_strange_modules)


def _strange_modules(module: str) -> set[str]:
    room = _room(module)
    return {
        name
        for name, _ in _of_the_house(MODULES[module])
        if name not in PACKAGES and name not in GROUND and _room(name) != room
    }


def test_nobody_imports_the_door_of_its_own_room() -> None:
    assert not _where(_own_door)


def _own_door(module: str) -> set[str]:
    room = _room(module)
    if not room or module.endswith("__init__"):
        return set()
    return {name for name, _ in _of_the_house(MODULES[module]) if name == room}


@pytest.mark.parametrize("room", [room for room in PACKAGES if f"{room}.__init__" in MODULES])
def test_a_door_shows_exactly_what_others_use(room: str) -> None:
    shown = set(_shown(MODULES[f"{room}.__init__"]))
    assert shown == _used()[room]


@cache
def _shown(path: Path | None) -> list[str]:
    """The names in a package's `__all__`."""
    for node in _tree(path).body if path else ():
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            names: list[str] = ast.literal_eval(node.value)
            return names
    return []


@cache
def _used() -> defaultdict[str, set[str]]:
    """Room -> the names that others import of its package, tests and benchmarks too."""
    used: defaultdict[str, set[str]] = defaultdict(set)
    outside = [
        path for name in ("bench", "scripts", "tests") for path in (ROOT / name).rglob("*.py")
    ]
    for path in (*MODULES.values(), *outside):
        for name, item in _of_the_house(path):
            if item and name in PACKAGES:
                used[name].add(item)
    return used


def test_every_library_stays_in_the_rooms_it_belongs_to() -> None:
    assert not _where(_strange_libraries)


def _strange_libraries(module: str) -> set[str]:
    libraries = {name.split(".")[0] for name, _ in _imports(MODULES[module])}
    top = module.split(".", maxsplit=1)[0]
    return {one for one in libraries & BELONGS_TO.keys() if top not in BELONGS_TO[one]}


def test_no_module_outgrows_one_idea_or_is_less_than_one() -> None:
    lines = {
        module: len(path.read_text(encoding="utf-8").splitlines())
        for module, path in MODULES.items()
    }
    assert {module: count for module, count in lines.items() if count > 400} == {}
    short = {module for module, count in lines.items() if count < SHORT}
    assert {module for module in short if not module.endswith("__init__")} == ALLOWED_SHORT.keys()


def test_no_function_outgrows_forty_lines() -> None:
    assert not _where(_long_functions)


def _long_functions(module: str) -> list[str]:
    return [
        node.name
        for node in ast.walk(_tree(MODULES[module]))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - _first_statement(node).lineno >= 40
    ]


def test_no_argument_of_a_call_is_a_conditional_expression() -> None:
    assert not _where(_conditional_arguments)


def _conditional_arguments(module: str) -> list[int]:
    calls = [node for node in ast.walk(_tree(MODULES[module])) if isinstance(node, ast.Call)]
    arguments = [
        value for call in calls for value in (*call.args, *(word.value for word in call.keywords))
    ]
    return [value.lineno for value in arguments if isinstance(value, ast.IfExp)]


def test_no_statement_numbers_its_values() -> None:
    """As `?1`: Python 3.12 may warn that it will take no sequence for it."""
    assert not _where(_numbered_values)


def _numbered_values(module: str) -> list[int]:
    words = (node for node in ast.walk(_tree(MODULES[module])) if isinstance(node, ast.Constant))
    return [
        node.lineno
        for node in words
        if isinstance(node.value, str) and re.search(r"[=<>(,] ?\?\d", node.value)
    ]


def _first_statement(function: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
    """The first statement after the docstring, for a command's help text is no code."""
    return (
        function.body[1]
        if ast.get_docstring(function) and len(function.body) > 1
        else function.body[0]
    )


def test_every_module_that_cleans_is_named_by_a_test_file() -> None:
    tests = ROOT / "tests"
    cleaning = {
        name for name in MODULES if name.startswith("clean.") and not name.endswith("__init__")
    }
    imported = {
        one
        for path in tests.rglob("test_*.py")
        for one, _ in _of_the_house(path)
        if one in cleaning
    }
    unnamed = {name for name in cleaning - imported if not _test_of(name).is_file()}
    assert not unnamed


def _test_of(module: str) -> Path:
    *rooms, name = module.split(".")
    return ROOT.joinpath("tests", *rooms, f"test_{name}.py")


def test_the_page_draws_every_room_and_what_lies_on_the_ground() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = page.partition("Imports point downwards")[0]
    rooms = {room.rpartition(".")[2] for room in PACKAGES if room} - {"notices"}
    assert {room for room in rooms if f" {room}/ " not in drawn} == set()
    ground = drawn.partition("floor 0")[2].replace(",", "").split()
    assert set(ground) == GROUND


def test_there_is_no_import_cycle() -> None:
    graph = {
        name.removesuffix(".__init__"): {one for one, _ in _of_the_house(path)}
        for name, path in MODULES.items()
        if name != "__init__"
    }
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail, module))
        if module not in done:
            for name in graph.get(module, set()):
                visit(name, (*trail, module))
            done.add(module)

    for module in graph:
        visit(module, ())
