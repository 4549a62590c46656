"""What stands in a line: the one table where the writer of lines and their reader agree.

The first line says what the file is. Then every article is a line: its columns, and beside them,
under the name of each table, the rows that hang on it. Every other row is a line of its own, which
names its table. Columns are those that the database itself names, so that a new one is carried by
itself.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.archive.database import our_tables, pack, pack_tight, unpack
from crawler.archive.reading import COLUMNS
from crawler.characters import escaped_in_json
from crawler.credentials import without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT = "wechat-article-archive"
HEADER = {"archive": FORMAT, "version": 1}
"""What the first line says. The version is raised when a reader of today would misread a line."""

FILE = "archive.jsonl"
"""What the file is called that stands beside exported Markdown."""


class Part(NamedTuple):
    """A table whose rows are carried, and in which order."""

    table: str
    order: str
    beside: bool  # whether it stands beside exported Markdown too, which is given away
    called: str = ""  # in an article's line, where a column has the table's name
    of_article: str = "article_id = ?"

    @property
    def key(self) -> str:
        """The name of its rows in an article's line."""
        return self.called or self.table


# Its index begins with the server, of which there are a few: without them each article would read
# all captures. (`+` keeps SQLite from another index that gives their order.)
_CAPTURES = """
server IN (
    WITH RECURSIVE one (name) AS (
        SELECT min(server) FROM web_captures
        UNION ALL
        SELECT (SELECT min(server) FROM web_captures WHERE server > one.name) FROM one
            WHERE one.name IS NOT NULL
    )
    SELECT name FROM one
) AND article_id = ?
"""
OF_ARTICLE = (
    Part("urls", "url", beside=True),
    Part("revisions", "at, body_hash", beside=True),
    Part("events", "id", beside=True),
    Part("copies", "copy", beside=True),
    Part("removed", "rule_id", beside=True),
    Part("pictures", "url", beside=True),
    Part("evidence", "id", beside=False, called="found_elsewhere"),
    Part("snapshots", "sha256", beside=False),
    Part("queue", "url", beside=False),
    Part("seeds", "sha256", beside=False),
    Part("web_captures", "+server, captured_at, url", beside=False, of_article=_CAPTURES),
    Part("exported", "folder", beside=False),
    Part("reader_stars", "at", beside=False),
    Part("reader_tags", "tag", beside=False),
    Part("reader_notes", "at, text", beside=False),
)
BEFORE = (
    Part("images", "sha256", beside=True),  # which pictures refer to
    Part("accounts", "biz", beside=True),
)
BEHIND = (
    Part("queue", "url", beside=False),
    Part("events", "id", beside=False),
    Part("seeds", "sha256", beside=False),
    Part("mentions", "url, link", beside=False),
    Part("learned", "account", beside=False),
    Part("forgotten", "name", beside=False),
    Part("pace", "host", beside=False),
    Part("web_queries", "server, query", beside=False),
)
OF_A_MACHINE = frozenset({"exported", "pace", "learned", "forgotten"})
"""Tables without which archives are merged: folders and requests of one machine, what follows from
all other tables, and what one person wanted to see no more."""

LOOSE = frozenset({"queue", "events", "seeds"})
"""Tables of which some rows hang on an article, and others on none."""


DERIVED = frozenset({"stories"})
"""Tables that follow from the others, and are made anew where lines are read."""


class _Code(NamedTuple):
    """How a packed column is written, and read again."""

    written: Callable[[bytes], str]
    read: Callable[[str], bytes]


def _snapshot(text: str) -> bytes:
    """A page as it is packed already; one that carries credentials is packed anew without."""
    packed = b64decode(text, validate=True)
    page = unpack(packed).decode("utf-8", "surrogateescape")
    clean = without_secrets(page)
    return packed if clean == page else pack_tight(clean.encode("utf-8", "surrogateescape"))


_TEXT = _Code(lambda packed: unpack(packed).decode(), lambda text: pack(text.encode()))
CODES = {
    ("revisions", "body"): _TEXT,
    ("evidence", "offered"): _TEXT,
    ("snapshots", "content"): _Code(lambda packed: b64encode(packed).decode(), _snapshot),
}
NUMBERED = frozenset({("events", "id"), ("evidence", "id")})
"""Numbers that only count rows; their order is kept."""


def columns_of(table: str) -> tuple[str, ...]:
    """The columns of a table that are carried, those of an article as every door shows them."""
    if table == "articles":
        return COLUMNS
    names = (column.name for column in our_tables()[table])
    return tuple(name for name in names if (table, name) not in NUMBERED)


def dump(line: dict[str, Any]) -> str:
    """One line; no credential of a link leaves by a file either, and nothing steers a terminal."""
    written = without_secrets(json.dumps(line, ensure_ascii=False))
    escaped = escaped_in_json(written)
    # whoever reads the line asks it as it stands
    return written if escaped == written else without_secrets(escaped)
