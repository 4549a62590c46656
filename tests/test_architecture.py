"""The house of docs/architecture.md as tables: who imports whom, and which library is whose."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import crawler
from tests.conftest import ROOT

HOUSE = Path(crawler.__file__).parent  # which may be an installed one

GROUND = {
    "article",
    "characters",
    "config",
    "dialect",
    "errors",
    "folding",
    "frontmatter",
    "inputs",
    "lazy",
    "links",
    "marks",
    "plain",
    "states",
    "telling",
    "times",
    "urls",
    "vault",
}
"""Floor 0: words that everybody speaks. They know one another and nothing above."""

CLEAN = {
    "clean.markdown": set[str](),
    "clean.notices": set(),
    "clean.promotion": set(),
    "clean.captures": set(),
    "clean.body": {"clean.markdown"},
    "clean.pages": {"clean.body", "clean.markdown", "clean.notices"},
    "clean.seeds": {"clean.markdown", "clean.notices"},
    "clean.exports": {"clean.body", "clean.markdown", "clean.notices", "clean.seeds"},
    "clean.listings": {"clean.exports"},
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
    "clean.markdown.code": "pages and seeds write code alike",
    "clean.seeds.judge": "the archive's audit asks it, of bodies that are no seeds any more",
    "cli.finding": "three commands take an article",
    "dialect": "the writer of Markdown and its readers agree in it",
    "flows.clock": 'the one "now"',
}
"""Module -> why it is so short."""

MODULES = {
    ".".join(path.relative_to(HOUSE).with_suffix("").parts): path
    for path in sorted(HOUSE.rglob("*.py"))
}
every_module = pytest.mark.parametrize("module", MODULES)


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


def _of_the_house(path: Path) -> set[tuple[str, str]]:
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
    return found


@every_module
def test_every_room_imports_only_the_rooms_it_may(module: str) -> None:
    room = _room(module)
    may = PACKAGES[room] | {room, ""} if module not in GROUND else {""}
    assert {_room(name) for name, _ in _of_the_house(MODULES[module])} <= may


@every_module
def test_from_outside_a_room_only_packages_are_imported(module: str) -> None:
    room = _room(module)
    strangers = {
        name
        for name, _ in _of_the_house(MODULES[module])
        if name not in PACKAGES and name not in GROUND and _room(name) != room
    }
    assert not strangers


@every_module
def test_nobody_imports_the_door_of_its_own_room(module: str) -> None:
    room = _room(module)
    if room and not module.endswith("__init__"):
        assert room not in {name for name, _ in _of_the_house(MODULES[module])}


@pytest.mark.parametrize("room", [room for room in PACKAGES if f"{room}.__init__" in MODULES])
def test_a_door_shows_exactly_what_others_use(room: str) -> None:
    shown = set(_shown(MODULES[f"{room}.__init__"]))
    assert shown == _used()[room]


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


@every_module
def test_every_library_stays_in_the_rooms_it_belongs_to(module: str) -> None:
    libraries = {name.split(".")[0] for name, _ in _imports(MODULES[module])}
    top = module.split(".", maxsplit=1)[0]
    strangers = libraries & BELONGS_TO.keys()
    assert not {library for library in strangers if top not in BELONGS_TO[library]}


@every_module
def test_no_module_outgrows_one_idea_or_is_less_than_one(module: str) -> None:
    lines = len(MODULES[module].read_text(encoding="utf-8").splitlines())
    assert lines <= 400
    is_short = lines < SHORT and not module.endswith("__init__")
    assert is_short == (module in ALLOWED_SHORT)


@every_module
def test_no_function_outgrows_forty_lines(module: str) -> None:
    long = [
        node.name
        for node in ast.walk(_tree(MODULES[module]))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - _first_statement(node).lineno >= 40
    ]
    assert not long


@every_module
def test_no_argument_of_a_call_is_a_conditional_expression(module: str) -> None:
    calls = [node for node in ast.walk(_tree(MODULES[module])) if isinstance(node, ast.Call)]
    arguments = [
        value for call in calls for value in (*call.args, *(word.value for word in call.keywords))
    ]
    assert not [value.lineno for value in arguments if isinstance(value, ast.IfExp)]


def _first_statement(function: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
    """The first statement after the docstring, for a command's help text is no code."""
    return (
        function.body[1]
        if ast.get_docstring(function) and len(function.body) > 1
        else function.body[0]
    )


@pytest.mark.parametrize(
    "module", [name for name in MODULES if name.startswith("clean.") and "__init__" not in name]
)
def test_every_module_that_cleans_is_named_by_a_test_file(module: str) -> None:
    *rooms, name = module.split(".")
    tests = ROOT / "tests"
    is_named = tests.joinpath(*rooms, f"test_{name}.py").is_file() or any(
        module in {one for one, _ in _of_the_house(path)} for path in tests.rglob("test_*.py")
    )
    assert is_named


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
