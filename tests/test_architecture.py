"""The house of docs/architecture.md as two tables.

Who may import whom, and which library belongs to which room.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "crawler"

GROUND = {
    "article",
    "characters",
    "config",
    "dialect",
    "errors",
    "frontmatter",
    "links",
    "times",
    "urls",
}
"""Floor 0: words that everybody speaks. They know one another and nothing above."""

MAY_IMPORT = {
    **dict.fromkeys(GROUND, GROUND),
    "clean": GROUND | {"clean"},
    "fetch": GROUND | {"fetch"},
    "archive": GROUND | {"archive"},
    "flows": GROUND | {"clean", "fetch", "archive", "flows"},
    "cli": GROUND | {"flows", "archive", "fetch", "cli", "browse"},
    "browse": GROUND | {"archive", "browse"},
    "__init__": GROUND | {"clean", "fetch", "archive"},
    "__main__": {"cli"},
}

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
    "python_calamine": {"clean"},
    "charset_normalizer": {"clean"},
    "datasette": {"archive", "browse"},
    "click": {"cli", "archive"},  # archive: the plugin wraps a click command of sqlite-utils
    "rich": {"cli"},
    "yaml": {"frontmatter"},
    "tomllib": {"config"},
    "time": {"fetch", "flows", "cli"},
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "crawler":
            names.update(
                f"crawler.{alias.name}" for alias in node.names if not alias.name.startswith("__")
            )
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_room_imports_only_the_rooms_it_may(path: Path) -> None:
    rooms = {name.split(".")[1] for name in _imports(path) if name.startswith("crawler.")}
    assert rooms <= MAY_IMPORT[_room(path)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_library_stays_in_the_rooms_it_belongs_to(path: Path) -> None:
    libraries = {name.split(".")[0] for name in _imports(path)}
    strangers = {
        library
        for library in libraries & BELONGS_TO.keys()
        if _room(path) not in BELONGS_TO[library]
    }
    assert not strangers


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_outgrows_one_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_function_outgrows_forty_lines(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - _first_statement(node).lineno >= 40
    ]
    assert not long


def _first_statement(function: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
    """The first statement after the docstring, for a command's help text is no code."""
    return (
        function.body[1]
        if ast.get_docstring(function) and len(function.body) > 1
        else function.body[0]
    )


def test_there_is_no_import_cycle() -> None:
    graph = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): _imports(path)
        for path in MODULES
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
