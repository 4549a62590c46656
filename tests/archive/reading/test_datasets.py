from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from crawler.archive.reading import beside_articles

_TABLES = """
CREATE TABLE removed (article_id, rule_id, count);
CREATE TABLE learned (account, fingerprint, spared);
INSERT INTO removed VALUES ('a', 'promo:blocks', 2), ('a', 'promo:calls', 1), ('a', 'tail', 9);
INSERT INTO learned VALUES ('江畔', '', '["b", 7]'), ('渡口', '', 'no list'), ('雾', '', '{}');
"""
_STORIES = """
CREATE TABLE stories (article_id, earliest, best);
INSERT INTO stories VALUES ('a', 'a', 'b'), ('b', 'a', NULL), ('c', NULL, NULL), ('d', '', '');
"""


@pytest.mark.parametrize(
    ("statements", "stories"),
    [(_TABLES, {}), (_TABLES + _STORIES, {"a": ("a", "b"), "b": ("a", "a")})],
)
def test_promotion_and_groups_are_read_where_the_archive_has_them(
    statements: str, stories: dict[str, tuple[str, str]]
) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(statements)
        beside = beside_articles(connection)
    assert beside.promotion == {"a": 3}
    assert beside.spared == {"b"}
    assert beside.stories == stories
