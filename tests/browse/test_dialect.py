"""One dialect from the cleaner to the reader: nothing of Markdown or HTML is left to see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser

pytest.importorskip("nh3", reason="the extra is not installed: pip install .[browse]")

from crawler.clean.seeds import read_seed
from crawler.dialect import TAG
from crawler.frontmatter import split_front_matter
from tests.browse.markup import render_markdown
from tests.conftest import GOLDEN, SEEDS, needs_shared

if TYPE_CHECKING:
    from pathlib import Path

SYNTAX = re.compile(rf"{TAG.pattern}|\*\*|\]\(")
DOCUMENTS = sorted(GOLDEN.glob("*/*/expected.md"))


def _left_to_see(body: str) -> list[str]:
    """The tags and marks that a reader of the body sees as text, outside code.

    What a body escapes, or writes in an address, is its author's own, and is taken out first.
    """
    tree = LexborHTMLParser(render_markdown(re.sub(r"\\[*<\]\[]|<https?:[^<>]*>", ".", body)))
    for code in tree.css("pre, code"):
        code.decompose()
    return SYNTAX.findall(tree.body.text() if tree.body else "")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.parent.name)
def test_no_golden_document_shows_its_syntax(path: Path) -> None:
    _, body = split_front_matter(path.read_text(encoding="utf-8"))
    assert _left_to_see(body) == []


@pytest.mark.long
@pytest.mark.slow
@needs_shared
def test_no_real_seed_shows_its_syntax() -> None:
    seeds = ((path, read_seed(path.read_bytes())) for path in sorted(SEEDS.rglob("*.md")))
    shown = {str(path): _left_to_see(seed.text) for path, seed in seeds if seed.text}
    assert len(shown) > 1_500
    assert {path: marks for path, marks in shown.items() if marks} == {}
