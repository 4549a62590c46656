"""No pattern of the package can be made to take for ever."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

import crawler
from crawler.errors import ConfigError
from tests.patterns import faults, may_start_anew

if TYPE_CHECKING:
    from collections.abc import Iterator

ALLOWED: dict[str, str] = {}
"""Where a pattern stands -> why its repeats may give back all the same. None has to, so far."""


def _modules() -> Iterator[str]:
    """The names of all modules, but those that need an extra which is not installed."""
    for module in pkgutil.walk_packages(crawler.__path__, "crawler."):
        if module.name.endswith("__main__"):
            continue
        with suppress(ConfigError):
            importlib.import_module(module.name)
            yield module.name


def _inside(value: Any, label: str, depth: int = 0) -> Iterator[tuple[str, re.Pattern[str]]]:
    """The patterns in a constant: itself, or in its rows and their fields."""
    if isinstance(value, re.Pattern):
        yield label, value
    elif depth > 4 or isinstance(value, (str, bytes, type)):
        return
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _inside(item, f"{label}[{key!r}]", depth + 1)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for index, item in enumerate(value):
            yield from _inside(item, f"{label}[{index}]", depth + 1)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _inside(getattr(value, field.name, None), f"{label}.{field.name}", depth + 1)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled pattern once, by the first place where it is found."""
    found: dict[re.Pattern[str], str] = {}
    for name in _modules():
        for constant, value in vars(importlib.import_module(name)).items():
            for label, pattern in _inside(value, f"{name.removeprefix('crawler.')}.{constant}"):
                found.setdefault(pattern, label)
    return {label: pattern for pattern, label in found.items()}


def test_no_repeat_may_give_back_inside_or_beside_another() -> None:
    found = {where: faults(pattern) for where, pattern in _patterns().items()}
    allowed = {where for where in ALLOWED if found.pop(where, None)}
    assert allowed == ALLOWED.keys(), "some need no exception any more"
    assert {where: what for where, what in found.items() if what} == {}


def test_no_search_begins_anew_at_every_character_of_a_run() -> None:
    searched = {where: found for where, found in _patterns().items() if _is_searched(where)}
    assert {where: one.pattern for where, one in searched.items() if may_start_anew(one)} == {}


def _is_searched(where: str) -> bool:
    """Whether a pattern may be looked for all over a text; `match` begins at one place only."""
    constant = re.sub(r"\[.*", "", where).rsplit(".", 1)[1]
    return not _all_matched().get(where.split(f".{constant}", 1)[0], {}).get(constant)


@cache
def _all_matched() -> dict[str, dict[str, bool]]:
    """Module -> what `_matched` says of it."""
    return {
        name.removeprefix("crawler."): _matched(inspect.getsource(importlib.import_module(name)))
        for name in _modules()
    }


def _matched(source: str) -> dict[str, bool]:
    """Name -> whether nothing but `match` and `fullmatch` of it is ever used in a module."""
    found: dict[str, bool] = {}
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            user = parents[node]
            user = parents[user] if isinstance(user, ast.Subscript) else user
            begins = isinstance(user, ast.Attribute) and user.attr in ("match", "fullmatch")
            found[node.id] = found.get(node.id, True) and begins
    return found


@pytest.mark.parametrize(
    "pattern", [r"(?:a+)+b", r"(?:a*b?)*c", r"(?:[^b]+|a)*c", r"(?:[^b]|\\.)*b"]
)
def test_repeats_inside_one_another_are_seen(pattern: str) -> None:
    assert "inside one another" in faults(re.compile(pattern))


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[ \t]*\|?[ \t]*-",
        r"\s*\n\s*x",
        r".*a.*b",
        r"a*a*+b",
        r"(.*?)a(.*)b",
        r"a+(?=[ab]*\Z)",
        r"a+b?(?!a*+c)",
    ],
)
def test_repeats_beside_one_another_are_seen(pattern: str) -> None:
    assert "beside one another" in faults(re.compile(pattern))


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:a++b?)*+c",
        r"[ \t]*+\|?[ \t]*-",
        r"(?:[^b]+b)*",
        r"a{1,9}a{1,9}b",
        r"(?>a*)a*b",
        r"a+b+c+",
        r"a++(?=[ab]*\Z)",
        r"a+b(?=a*\Z)",
        r"(?:!\[a*+\]|[^\[\]])*b",
        r"(?:[^b\\]|\\.)*b",
    ],
)
def test_repeats_that_never_choose_are_passed(pattern: str) -> None:
    assert not faults(re.compile(pattern))


@pytest.mark.parametrize(
    "pattern", [r"[ \t]*<br>", r"(?:[ ]+)?x", r"((?:[^|]|a)*)\|", r"a|(?:\s++|b)\Z", r"(?<=b)b+c"]
)
def test_a_long_repeat_at_the_beginning_is_seen(pattern: str) -> None:
    assert may_start_anew(re.compile(pattern))


@pytest.mark.parametrize(
    "pattern", [r"\A\s*x", r"(?:(?<![ ])[ ]++)?x", r"[^|]*", r"(?<=a)b+c", r"b[ ]*c", r"[ ]{0,9}x"]
)
def test_a_repeat_that_begins_at_one_place_of_its_run_is_passed(pattern: str) -> None:
    assert not may_start_anew(re.compile(pattern))
