from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import rows_of
from tests.lookalikes import link

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler


@pytest.mark.parametrize("style", ["gbt7714", "bibtex", "csl"])
def test_a_reference_names_the_archived_copy_and_the_hash_of_its_text(
    seeded: Crawler, folder: Path, style: str
) -> None:
    query = "SELECT id, title, body_hash FROM articles WHERE state = 'ok'"
    [(key, title, digest)] = rows_of(folder, query)
    result = seeded("cite", str(key), "--as", style)
    assert result.exit_code == 0
    assert str(title) in result.stdout
    assert str(digest) in result.stdout


def test_several_articles_are_cited_together(seeded: Crawler) -> None:
    result = seeded("cite", link(), link(3), "--as", "csl")
    assert len(json.loads(result.stdout)) == 2
    assert len(seeded("cite", link(), link(3)).stdout.splitlines()) == 2


def test_an_article_that_is_not_there_is_named(seeded: Crawler) -> None:
    result = seeded("cite", link(77))
    assert result.exit_code == 1
    assert "is not in the archive" in result.stderr
