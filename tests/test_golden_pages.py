"""Whole pages of our own making, one feature each, beside what must come out.

CONTRIBUTING.md says how to add one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from crawler.clean.markdown import assemble_document
from crawler.clean.pages import Page, read_page, shrink_page
from crawler.clean.seeds.emphasis import mend_emphasis
from tests.conftest import GOLDEN

if TYPE_CHECKING:
    from pathlib import Path

CASES = sorted(path for path in (GOLDEN / "pages").iterdir() if path.is_dir())
RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def results(page: Page) -> dict[str, str]:
    """What a case's files must hold, by their names."""
    told = {
        "state": page.state.value,
        "kind": page.kind.value,
        "identity": f"{page.biz}:{page.mid}:{page.idx}",
        "title": page.title,
        "account": page.account,
        "author": page.author,
        "published_at": page.published_at,
    }
    files = {
        "expected.json": json.dumps(told, ensure_ascii=False, indent=2) + "\n",
        "removed.txt": "".join(f"{rule} {count}\n" for rule, count in sorted(page.removed.items())),
    }
    if page.state.has_body:
        files["expected.md"] = assemble_document(page.title, page.cover, page.text)
    return files


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))
def test_a_page_becomes_exactly_the_document_that_its_case_expects(
    case: Path, *, update_golden: bool
) -> None:
    given = results(read_page((case / "input.html").read_bytes()))
    expected = {path.name for path in case.iterdir()} - {"input.html"}
    if update_golden:
        for name in expected - given.keys():
            (case / name).unlink()
        for name, text in given.items():
            (case / name).write_text(text, encoding="utf-8")
        return
    assert expected == given.keys(), "run with --update-golden, then read what it wrote"
    for name, text in given.items():
        assert text == (case / name).read_text(encoding="utf-8"), name


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))
def test_a_page_and_what_is_kept_of_it_read_the_same(case: Path) -> None:
    content = (case / "input.html").read_bytes()
    assert read_page(shrink_page(content)) == read_page(content)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))
def test_the_emphasis_of_a_finished_page_needs_no_mending(case: Path) -> None:
    text = read_page((case / "input.html").read_bytes()).text
    fence = ""
    for line in text.split("\n"):
        if line.lstrip("> ").startswith("```"):
            fence = "" if fence else "```"
        if not fence:
            assert RENDERER.renderInline(mend_emphasis(line)) == RENDERER.renderInline(line)


def test_every_topic_of_the_fidelity_promise_has_its_cases() -> None:
    topics = {case.name.partition("--")[0] for case in CASES}
    assert topics >= {
        "emphasis",
        "code",
        "table",
        "heading",
        "formula",
        "footnote",
        "quote",
        "list",
        "rule",
        "caption",
        "ruby",
        "raised",
        "picture",
        "widget",
        "hidden",
        "kind",
        "nesting",
        "escape",
        "link",
        "security",
    }
    assert len(CASES) >= 40
