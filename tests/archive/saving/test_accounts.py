"""What the archive knows of an account."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from crawler.article import Account, Article
from tests.archive.specimens import BIZ, SHORT, long_form_of, make_article, make_page

if TYPE_CHECKING:
    from pathlib import Path

NAMELESS = Account(biz=BIZ, name="", alias="", description="", avatar="")
LOOKS = (
    make_article(long_form_of(f"{BIZ}:1:1")),  # which says the name
    make_article(long_form_of(f"{BIZ}:2:1"), account=""),
    make_page(
        SHORT,
        id=f"{BIZ}:3:1",
        mid="3",
        account="",
        aliases=(),
        account_info=NAMELESS,
    ),
)


@pytest.mark.parametrize("looks", [*permutations(LOOKS)])
def test_a_page_that_names_no_account_takes_its_name_from_no_article(
    tmp_path: Path, looks: tuple[Article, ...]
) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        for look in looks:
            archive.save(look)
        archive.name_articles()
        named = archive.database.conn.execute("SELECT DISTINCT account FROM articles").fetchall()
        known = archive.database.conn.execute("SELECT name FROM accounts").fetchall()
    assert (named, known) == ([("江畔手记",)], [("江畔手记",)])
