"""Which articles a list shows: an address of ours as SQL, and the values for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from crawler.archive.search import BEST, LACKS_TEXT, ORDERS, matching

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.archive.search import Query

    Condition = tuple[str, tuple[str, ...]]

PAGE_SIZE = 20

ACCOUNT = "CASE WHEN a.account = '' THEN a.source ELSE a.account END"
FACETS = {
    "account": ACCOUNT,
    "year": "substr(a.date, 1, 4)",
    "kind": "a.kind",
    "state": "a.state",
}
"""Name in the address -> what it is in SQL, of articles AS a."""

OWN_FACETS = {
    "tag": "a.id IN (SELECT article_id FROM reader_tags WHERE tag = ?)",
    "starred": "a.id IN (SELECT article_id FROM reader_stars) AND ? <> ''",
    "noted": "a.id IN (SELECT article_id FROM reader_notes) AND ? <> ''",
}
"""The same of what a reader added, which an archive of an older day has no tables for."""

RANGE = {
    "since": "a.date >= ?",
    "until": "a.date <= ? AND a.date <> ''",
}

SORTS = {
    BEST: "best first",
    "newest": "newest first",
    "oldest": "oldest first",
    "longest": "longest first",
}
"""Name in the address, which is one of `ORDERS`, -> its words."""

_FLAGS = {"all": "without a text, too", "no-fold": "each with the same text"}
"""What a search shows besides, by the options of `crawler search` -> the words for it."""

_COLUMNS = ", ".join(
    f"a.{name}" for name in ("id", "title", "account", "source", "date", "state", "kind", "digest")
)
_BEGINS = "substr(a.body, 1, 20000) AS body"  # of which a list shows some 200 letters
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which articles a page shows.

    What was searched for, what was chosen among facets and days, the order, and which page.

    A search shows what `crawler search` does: one of the articles that have the same text, and
    only those with a text, unless `flags` ask for more. A list without words is what the archive
    holds: there nothing is hidden, for what a person put in must be found in it, in whatever state.
    """

    words: str = ""
    chosen: tuple[tuple[str, str], ...] = ()  # facet or end of a range, value
    flags: frozenset[str] = frozenset()  # of `_FLAGS`
    sort: str = ""  # one of `sorts`; empty for the first of them
    page: int = 1

    @property
    def shells(self) -> bool:
        """Whether articles without a text are shown."""
        return not self.words or "all" in self.flags

    @property
    def fold(self) -> bool:
        """Whether of articles with the same text one is shown."""
        return bool(self.words) and "no-fold" not in self.flags

    @property
    def sorts(self) -> dict[str, str]:
        """The orders that there are, the first one as it comes: name -> its words."""
        return {name: said for name, said in SORTS.items() if self.words or name != BEST}

    @property
    def order(self) -> str:
        """The one of `ORDERS` that is asked for."""
        return self.sort if self.sort in self.sorts else next(iter(self.sorts))

    @property
    def before(self) -> int:
        """How many articles stand on the pages before this one."""
        return (self.page - 1) * PAGE_SIZE

    def conditions(self) -> Condition:
        """What was chosen among facets and days, as a search takes it."""
        sql = "".join(f" AND {_clause(name)}" for name, _ in self.chosen)
        return sql, tuple(value for _, value in self.chosen)

    def without(self, facet: str) -> Selection:
        """The same with nothing chosen of a facet."""
        chosen = tuple(one for one in self.chosen if one[0] != facet)
        return replace(self, chosen=chosen)

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
        flags = {name: "1" for name in _FLAGS if name in self.flags}
        number = str(page) if page > 1 else ""
        query = {"q": self.words, **chosen, **flags, "sort": self.sort, "page": number}
        return "/articles?" + urlencode({name: value for name, value in query.items() if value})

    def flagged(self, name: str) -> str:
        """The address of its first page with something shown besides, or no more so."""
        return replace(self, flags=self.flags ^ {name}).address()

    @property
    def given_flags(self) -> dict[str, str]:
        """What is shown besides: the words for it -> the address without."""
        return {said: self.flagged(name) for name, said in _FLAGS.items() if name in self.flags}


def _clause(name: str) -> str:
    """A condition of our own words, its value a placeholder."""
    if name in FACETS:
        return f"{FACETS[name]} = ?"
    return f"({(OWN_FACETS | RANGE)[name]})"


def asked(selection: Selection, query: Query | None) -> Condition:
    """All that a selection asks of articles AS a; `query` is what its words mean to the index."""
    return matching(query, selection) if query else selection.conditions()


def count_of(condition: Condition) -> Condition:
    """How many articles there are, with a text and without."""
    sql, values = condition
    counted = f"SELECT count(*) AS count, count(*) FILTER (WHERE NOT ({LACKS_TEXT})) AS texts"
    return f"{counted} FROM articles AS a WHERE 1{sql}", values  # our own words


def rows_of(selection: Selection) -> Condition:
    """One page of a list without words, and one article more; those without a text last."""
    sql, values = selection.conditions()
    # the page is chosen first, so that no other article's text is read; our own words
    chosen = (
        f"SELECT a.rowid AS number, a.body_hash = '' FROM articles AS a WHERE 1{sql}"  # noqa: S608
        f" ORDER BY 2, {ORDERS[selection.order]} LIMIT {PAGE_SIZE + 1} OFFSET {selection.before}"
    )
    text = (
        "WITH chosen AS MATERIALIZED (SELECT number, row_number() OVER () AS place"  # noqa: S608
        f" FROM ({chosen})) SELECT {_COLUMNS}, {_BEGINS} FROM chosen"
        " JOIN articles AS a ON a.rowid = chosen.number ORDER BY chosen.place"
    )
    return text, values


def facet_of(facet: str, condition: Condition) -> Condition:
    """The values of a facet among what a condition leaves, most frequent first; years as they run.

    The condition is to leave out the facet itself.
    """
    sql, values = condition
    order = "1 DESC" if facet == "year" else "2 DESC, 1"
    source, value = "articles AS a", FACETS.get(facet, "own.tag")
    if facet == "tag":
        source = "reader_tags AS own JOIN articles AS a ON a.id = own.article_id"
    text = (
        f"SELECT {value} AS value, count(*) AS count FROM {source} WHERE 1{sql}"  # noqa: S608
        f" GROUP BY 1 ORDER BY {order} LIMIT 15"  # our own words
    )
    return text, values


def read_selection(arguments: Mapping[str, str], *, own: bool = True) -> Selection:
    """The selection that an address asks for; what makes no sense in it is left out.

    `own` says whether the archive has tables for what a reader adds.
    """
    facets = (*FACETS, *(OWN_FACETS if own else ()))
    chosen = [(name, arguments[name]) for name in facets if arguments.get(name)]
    chosen += [(name, arguments[name]) for name in RANGE if _DAY.fullmatch(arguments.get(name, ""))]
    words = arguments.get("q", "").strip()
    sort = arguments.get("sort", "")
    return Selection(
        words=words,
        chosen=tuple(chosen),
        flags=frozenset(name for name in _FLAGS if arguments.get(name)),
        sort=sort * (sort in SORTS),
        page=_page_number(arguments.get("page", "")),
    )


def _page_number(text: str) -> int:
    """A page's number, 1 where the text is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        return 1
    return min(max(int(text), 1), 100_000)
