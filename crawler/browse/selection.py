"""Which articles a list shows: an address of ours as SQL, and the values for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from crawler.archive.search import said_in

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE_SIZE = 20

ACCOUNT = "CASE WHEN articles.account = '' THEN articles.source ELSE articles.account END"
FACETS = {
    "account": ACCOUNT,
    "year": "substr(articles.date, 1, 4)",
    "kind": "articles.kind",
    "state": "articles.state",
}
"""Name in the address -> what it is in SQL."""

OWN_FACETS = {
    "tag": "articles.id IN (SELECT article_id FROM reader_tags WHERE tag = :tag_is)",
    "starred": "articles.id IN (SELECT article_id FROM reader_stars) AND :starred_is <> ''",
    "noted": "articles.id IN (SELECT article_id FROM reader_notes) AND :noted_is <> ''",
}
"""The same of what a reader added, which an archive of an older day has no tables for."""

RANGE = {
    "since": "articles.date >= :since_is",
    "until": "articles.date <= :until_is AND articles.date <> ''",
}

SORTS = {
    "newest": ("newest first", "articles.date DESC, articles.rowid DESC"),
    "oldest": ("oldest first", "articles.date = '', articles.date, articles.rowid"),
    "longest": ("longest first", "articles.characters DESC, articles.rowid"),
}
"""Name in the address -> its words, and what it is in SQL. Words that are searched rank by
themselves."""

BEST = "best"

_COLUMNS = ", ".join(
    f"articles.{name}"
    for name in ("id", "title", "account", "source", "date", "state", "kind", "digest", "body")
)
_FOUND = "JOIN articles_fts ON articles_fts.rowid = articles.rowid AND articles_fts MATCH :match"
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which articles a page shows.

    What was searched for, what was chosen among facets and days, the order, and which page.
    """

    words: str = ""
    chosen: tuple[tuple[str, str], ...] = ()  # facet or end of a range, value
    sort: str = ""  # one of `sorts`; empty for the first of them
    page: int = 1
    said: tuple[str, ...] = ()  # what must stand in a text for the signs in `words`

    @property
    def sorts(self) -> dict[str, str]:
        """The orders that there are, the first one as it comes: name -> its words."""
        first = {BEST: "best first"} if self.words else {}
        return first | {name: words for name, (words, _) in SORTS.items()}

    @property
    def parameters(self) -> dict[str, str]:
        """Values for the placeholders of the SQL below.

        The rewritten search is added by `match`.
        """
        said = {f"said_{number}": word for number, word in enumerate(self.said)}
        return said | {f"{name}_is": value for name, value in self.chosen}

    def _where(self, *, without: str = "", found: bool = False) -> str:
        clauses = [_clause(name) for name, _ in self.chosen if name != without]
        clauses += [said_in("articles", f":said_{number}") for number in range(len(self.said))]
        if self.words and not found:
            clauses.append(
                "articles.rowid IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :match)"
            )
        return " AND ".join(clauses) or "1"

    @property
    def count_sql(self) -> str:
        """How many articles there are, with a text and without."""
        return (
            "SELECT count(*) AS count, count(*) FILTER (WHERE articles.body_hash <> '') AS texts"  # noqa: S608
            f" FROM articles WHERE {self._where()}"  # our own words
        )

    @property
    def rows_sql(self) -> str:
        """One page of them: the latest first, or the best; those without a text last."""
        page = f"LIMIT {PAGE_SIZE} OFFSET {(self.page - 1) * PAGE_SIZE}"
        ranked = bool(self.words) and self.sort not in SORTS
        order = "articles_fts.rank" if ranked else SORTS[self.sort or "newest"][1]
        found = _FOUND if self.words else ""
        # the page is chosen first, so that no other article's text is read; our own words
        chosen = (
            f"SELECT articles.rowid AS number, articles.body_hash = '' FROM articles {found}"  # noqa: S608
            f" WHERE {self._where(found=True)} ORDER BY 2, {order} {page}"
        )
        return (
            "WITH chosen AS MATERIALIZED (SELECT number, row_number() OVER () AS place"  # noqa: S608
            f" FROM ({chosen})) SELECT {_COLUMNS} FROM chosen"
            " JOIN articles ON articles.rowid = chosen.number ORDER BY chosen.place"
        )

    def facet_sql(self, facet: str) -> str:
        """The values of a facet among what the other facets leave, most frequent first.

        Years as they run.
        """
        order = "1 DESC" if facet == "year" else "2 DESC, 1"
        where = self._where(without=facet)
        if facet == "tag":
            return (
                "SELECT own.tag AS value, count(*) AS count FROM reader_tags AS own JOIN articles"  # noqa: S608
                f" ON articles.id = own.article_id WHERE {where} GROUP BY 1 ORDER BY {order}"
                " LIMIT 15"
            )
        return (
            # our own words
            f"SELECT {FACETS[facet]} AS value, count(*) AS count FROM articles"  # noqa: S608
            f" WHERE {where} GROUP BY 1 ORDER BY {order} LIMIT 15"
        )

    def address(self, *, page: int = 1, toggle: tuple[str, str] | None = None) -> str:
        """The address of this selection on another page.

        `toggle` is a facet and its value, to be chosen or given up.
        """
        chosen = dict(self.chosen)
        if toggle:
            name, value = toggle
            if chosen.get(name) == value:
                del chosen[name]
            else:
                chosen[name] = value
        number = str(page) if page > 1 else ""
        query = {"q": self.words, **chosen, "sort": self.sort, "page": number}
        return "/articles?" + urlencode({name: value for name, value in query.items() if value})


def _clause(name: str) -> str:
    """A condition of our own words, its value a placeholder."""
    if name in FACETS:
        return f"{FACETS[name]} = :{name}_is"
    return f"({(OWN_FACETS | RANGE)[name]})"


def read_selection(arguments: Mapping[str, str], *, own: bool = True) -> Selection:
    """The selection that an address asks for; what makes no sense in it is left out.

    `own` says whether the archive has tables for what a reader adds.
    """
    facets = (*FACETS, *(OWN_FACETS if own else ()))
    chosen = [(name, arguments[name]) for name in facets if arguments.get(name)]
    chosen += [(name, arguments[name]) for name in RANGE if _DAY.fullmatch(arguments.get(name, ""))]
    words = arguments.get("q", "").strip()[:200]
    sort = arguments.get("sort", "")
    return Selection(
        words=words,
        chosen=tuple(chosen),
        sort=sort * (sort in SORTS),
        page=_page_number(arguments.get("page", "")),
    )


def _page_number(text: str) -> int:
    """A page's number, 1 where the text is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        return 1
    return min(max(int(text), 1), 100_000)
