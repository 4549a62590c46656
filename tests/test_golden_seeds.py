"""Seed in, document out.

Each folder below golden/seeds is one case, with what must come of it beside it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from crawler.clean.seeds import read_seed
from crawler.flows.articles import article_of_seed
from crawler.frontmatter import FrontMatter, render_front_matter
from tests.conftest import GOLDEN

if TYPE_CHECKING:
    from pathlib import Path

CASES = sorted((GOLDEN / "seeds").iterdir())


def results(case: Path) -> dict[str, str]:
    """What the case's files should hold, by name."""
    seed = read_seed((case / "input.md").read_bytes())
    article = article_of_seed(seed, seed.front, evidence="") if seed.front else None
    assert article is not None
    front = FrontMatter(
        title=article.title,
        url=article.url,
        source=article.source,
        date=article.date,
        fetch_date=article.fetch_date,
    )
    told = {
        name: getattr(article, name)
        for name in ("id", "state", "title", "account", "author", "cover")
    }
    told["disclosures"] = list(seed.disclosures)
    return {
        "expected.md": render_front_matter(front) + article.body,
        "expected.json": json.dumps(told, ensure_ascii=False, indent=2) + "\n",
        "removed.txt": "".join(f"{rule} {count}\n" for rule, count in sorted(seed.removed.items())),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_seed_becomes_exactly_the_document_that_its_case_expects(
    case: Path,
    update_golden: bool,  # noqa: FBT001
) -> None:
    for name, text in results(case).items():
        if update_golden:
            (case / name).write_text(text, encoding="utf-8")
        assert (case / name).read_text(encoding="utf-8") == text, name


def test_every_sort_of_seed_has_a_case() -> None:
    states = {
        json.loads((case / "expected.json").read_text(encoding="utf-8"))["state"] for case in CASES
    }
    assert states >= {
        "ok",
        "truncated",
        "hollow",
        "verification",
        "deleted",
        "violation",
        "migrated",
        "account_gone",
    }
