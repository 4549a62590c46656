"""A version is a promise: under one number the same input gives the same output.

`golden/versions.json` pins what each golden input gave under which version. Where an output that is
pinned changes, its version must be raised (`CLEANER_VERSION`, so that rows are cleaned again;
`INDEX_VERSION`, so that indexes are built anew); `--update-golden` then pins what comes now, and
refuses to do so under the old number. While a version is not released, remove the file to pin anew.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive.search.index import INDEX_VERSION
from crawler.archive.search.tokens import tokens_of
from crawler.article import CLEANER_VERSION, sha256
from crawler.clean.pages import read_page
from tests import test_golden_pages, test_golden_seeds
from tests.conftest import GOLDEN

if TYPE_CHECKING:
    from pathlib import Path

PINS = GOLDEN / "versions.json"

Outputs = dict[str, str]


def _cleaned() -> Outputs:
    """A mark of everything that each golden input gives."""
    pages = {
        case: test_golden_pages.results(read_page((case / "input.html").read_bytes()))
        for case in test_golden_pages.CASES
    }
    seeds = {case: test_golden_seeds.results(case) for case in test_golden_seeds.CASES}
    return {_name(case): _mark(files) for case, files in (pages | seeds).items()}


def _indexed() -> Outputs:
    """A mark of the tokens of each document that a golden case expects, by the document's own."""
    documents = {path.parent: path.read_text("utf-8") for path in GOLDEN.glob("*/*/expected.md")}
    return {
        f"{_name(case)} {_mark(text)}": _mark(
            [tokens_of(text, "标题 title", "号", "源", ngram) for ngram in (2, 6)]
        )
        for case, text in sorted(documents.items())
    }


def _name(case: Path) -> str:
    return case.relative_to(GOLDEN).as_posix()


def _mark(value: Any) -> str:
    return sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode())[:16]


VERSIONS = {"cleaner": (CLEANER_VERSION, _cleaned), "index": (INDEX_VERSION, _indexed)}


@pytest.mark.parametrize("part", VERSIONS)
def test_no_output_changes_under_one_version(part: str, *, update_golden: bool) -> None:
    version, outputs = VERSIONS[part]
    pins = json.loads(PINS.read_text(encoding="utf-8")) if PINS.is_file() else {}
    pinned = pins.get(part, {"version": version, "outputs": {}})
    given = outputs()
    if pinned["version"] == version:
        changed = {
            name for name, mark in pinned["outputs"].items() if given.get(name, mark) != mark
        }
        assert not changed, f"raise the version of the {part}, for these give something else now"
    if update_golden:
        pins[part] = {"version": version, "outputs": given}
        PINS.write_text(json.dumps(pins, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        return
    assert pinned == {"version": version, "outputs": given}, "run with --update-golden"
