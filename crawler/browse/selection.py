"""Which articles a list shows: an address of ours as SQL, and the values for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE_SIZE = 20

FACETS = {
    "account": "CASE WHEN articles.account = '' THEN articles.source ELSE articles.account END",
    "year": "substr(articles.date, 1, 4)",
    "kind": "articles.kind",
    "state": "articles.state",
}
"""Name in the address -> what it is in SQL."""

_COLUMNS = ", ".join(
    f"articles.{name}"
    for name in ("id", "title", "account", "source", "date", "state", "kind", "digest", "body")
)
_FOUND = "JOIN articles_fts ON articles_fts.rowid = articles.rowid AND articles_fts MATCH :match"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which articles a page shows.

    What was searched for, what was chosen among the facets, and which page.
    """

    words: str = ""
    chosen: tuple[tuple[str, str], ...] = ()  # facet, value
    page: int = 1

    @property
    def parameters(self) -> dict[str, str]:
        """Values for the placeholders of the SQL below.

        The rewritten search is added by `match`.
        """
        return {f"{name}_is": value for name, value in self.chosen}

    def _where(self, *, without: str = "", found: bool = False) -> str:
        clauses = [f"{FACETS[name]} = :{name}_is" for name, _ in self.chosen if name != without]
        if self.words and not found:
            clauses.append(
                "articles.rowid IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :match)"
            )
        return " AND ".join(clauses) or "1"

    @property
    def count_sql(self) -> str:
        """How many articles there are."""
        # our own words
        return f"SELECT count(*) AS count FROM articles WHERE {self._where()}"  # noqa: S608

    @property
    def rows_sql(self) -> str:
        """One page of them: the latest first; or the best, those without a text last."""
        page = f"LIMIT {PAGE_SIZE} OFFSET {(self.page - 1) * PAGE_SIZE}"
        where = self._where(found=True)
        # our own words
        if not self.words:
            order = "articles.date DESC, articles.rowid DESC"
            return f"SELECT {_COLUMNS} FROM articles WHERE {where} ORDER BY {order} {page}"  # noqa: S608
        # the page is chosen first, so that no other article's text is read
        chosen = (
            "SELECT articles.rowid AS number, articles.body_hash = '' AS bare, articles_fts.rank"  # noqa: S608
            f" FROM articles {_FOUND} WHERE {where} ORDER BY 2, 3 {page}"
        )
        return (
            f"WITH chosen AS ({chosen}) SELECT {_COLUMNS} FROM chosen"  # noqa: S608
            " JOIN articles ON articles.rowid = chosen.number ORDER BY chosen.bare, chosen.rank"
        )

    def facet_sql(self, facet: str) -> str:
        """The values of a facet among what the other facets leave, most frequent first.

        Years as they run.
        """
        order = "1 DESC" if facet == "year" else "2 DESC, 1"
        return (
            # our own words
            f"SELECT {FACETS[facet]} AS value, count(*) AS count FROM articles"  # noqa: S608
            f" WHERE {self._where(without=facet)} GROUP BY 1 ORDER BY {order} LIMIT 15"
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
        query = {"q": self.words, **chosen, "page": str(page) if page > 1 else ""}
        return "/articles?" + urlencode({name: value for name, value in query.items() if value})


def read_selection(arguments: Mapping[str, str]) -> Selection:
    """The selection that an address asks for; what makes no sense in it is left out."""
    return Selection(
        words=arguments.get("q", "").strip()[:200],
        chosen=tuple((name, arguments[name]) for name in FACETS if arguments.get(name)),
        page=_page_number(arguments.get("page", "")),
    )


def _page_number(text: str) -> int:
    """A page's number, 1 where the text is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        return 1
    return min(max(int(text), 1), 100_000)
