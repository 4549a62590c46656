"""No test asks a clock, and none has a deadline: a slow machine fails nothing.

Growth is counted (`tests.growth`), gaps are those of a clock that the test owns, and what other
threads and processes do is waited for, as long as `PATIENCE`. Order is chance in every run.
"""

from __future__ import annotations

import ast
from importlib.util import find_spec
from typing import TYPE_CHECKING

from hypothesis import settings

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

CLOCKS = frozenset({"monotonic", "perf_counter", "process_time", "thread_time", "time", "timeit"})
CLOCKS |= {f"{name}_ns" for name in CLOCKS} | {"now", "today", "utcnow"}
ALLOWED = {
    "fake_wechat.py": "the clock of a server that a person starts by hand; tests give their own",
}
"""The files that may ask, and why nothing of it is asserted."""


def _files() -> Iterator[tuple[str, ast.Module]]:
    """Every file of the tests, read one at a time: all of them at once are 65 MB."""
    tests = ROOT / "tests"
    for path in sorted(tests.rglob("*.py")):
        yield str(path.relative_to(tests)), ast.parse(path.read_text(encoding="utf-8"))


def _asked(tree: ast.AST) -> Iterator[str]:
    """Where a file takes a function of a clock, be it called there or handed on."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(
                attr=name, value=ast.Name(id="time" | "timeit" | "datetime" | "date")
            ):
                names = [name]
            case ast.ImportFrom(module="time" | "timeit", names=taken):
                names = [alias.name for alias in taken]
            case _:
                continue
        yield from (f"line {node.lineno}: {name}" for name in names if name in CLOCKS)


def _deadlines(tree: ast.AST) -> Iterator[object]:
    """What a file gives as a deadline that is a plain number; the fetcher's own is an object."""
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="deadline", value=ast.Constant(value=value)) if value is not None:
                yield value


def test_no_test_asks_a_clock() -> None:
    asking = {name: places for name, tree in _files() if (places := list(_asked(tree)))}
    assert asking.keys() == ALLOWED.keys(), asking


def test_no_property_has_a_deadline() -> None:
    assert settings().deadline is None
    assert not [name for name, tree in _files() if list(_deadlines(tree))]


def _impatient(tree: ast.AST) -> Iterator[int]:
    """The lines where a test gives up what a busy machine may yet do."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="httpx"), attr="Client" | "get" | "post")
            ) if not any(word.arg == "timeout" for word in node.keywords):
                yield node.lineno  # httpx gives up after five seconds
            case ast.keyword(arg="timeout", value=ast.Constant(value=int(value))) if value > 0:
                yield node.value.lineno


def test_who_waits_for_something_waits_with_the_patience_of_all() -> None:
    assert {name: found for name, tree in _files() if (found := list(_impatient(tree)))} == {}


def test_the_order_of_the_tests_is_chance(pytestconfig: pytest.Config) -> None:
    assert find_spec("pytest_randomly") is not None
    assert "no:randomly" not in pytestconfig.getini("addopts")
