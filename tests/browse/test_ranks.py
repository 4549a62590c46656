from __future__ import annotations

import pytest

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")

from crawler.browse.ranks import asks_rank
from tests.growth import assert_linear

INDEXES = frozenset({"articles_fts"})


@pytest.mark.parametrize(
    "sql",
    [
        "select 1 from articles_fts where `rank` = 1",
        "select 1 from main.[Articles_FTS] where RANK in (1)",
        "select 1 from articles_fts --\n where rank = 2",
        "select 1 from articles_fts where title match 'x' and 1 = :a(') and rank = \"x\" --'",
        "select 1 from articles_fts f where $a::b(') = f.rank or $a::b(')",
        "select ?1from articles_fts where ?1=rank",
        "select 1 from a where exists (select 1 from articles_fts order by 1) and rank = 2",
        "select 1 from a order by 1 limit (select 1 from articles_fts where rank = 'x')",
        "select 1 from articles_fts ('x' /* , */ , 'y')",
        "select 1 where 1 in 'articles_fts' \ufeff\ufeff ('x', 'y')",
    ],
)
def test_a_statement_that_does_more_with_a_rank_than_to_show_it_is_found(sql: str) -> None:
    assert asks_rank(sql, INDEXES)


@pytest.mark.parametrize(
    "sql",
    [
        "select rank from articles where rank = 2",
        "select 1 from articles_fts where title = 'rank it' order by max(1, rank), title",
        "select 1 from articles_fts(coalesce('x', 'y')) order by rank -- rank = 2",
        "select f.rank, id from articles_fts f join articles using (id) where title match 'Frank'",
        "select id, rank from articles_fts where id = :rank order by date, articles_fts.rank desc",
    ],
)
def test_what_shows_ranks_and_sorts_by_them_and_what_has_none_is_free(sql: str) -> None:
    assert not asks_rank(sql, INDEXES)


@pytest.mark.parametrize("unit", ["rank,", "(", "'", '"', "[", "/*", "--", ":a(", "::", "a.rank ("])
def test_twice_the_words_are_twice_the_work(unit: str) -> None:
    assert_linear(lambda size: asks_rank(f"select articles_fts {unit * size}", INDEXES), 500)
