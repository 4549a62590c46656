"""Saves an article with all that another archive has of it, beside what is there already.

What two archives know is joined as two looks are: the row is a function of all copies of both, so
that it makes no difference in which of them an input was read. An archive that knows nothing of an
article gets its rows as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.archive.database import insert, unpack
from crawler.archive.reading import PREFIX
from crawler.archive.saving.accounts import note_account_row, unlearn
from crawler.archive.saving.addresses import (
    LISTED,
    claim_own,
    fetchable,
    is_provisional,
    keep_forms,
    listed,
    note_others,
    queue_key,
    queue_key_of,
    rows_of,
    waits,
)
from crawler.archive.saving.copies import (
    as_looked_at,
    check_copy,
    copy_of_row,
    front_matter_of,
    key_of,
    load_copy,
    marked,
    prune_copies,
)
from crawler.archive.saving.kept_away import forgotten_among, is_forgotten, keep_mark, keeps_away
from crawler.archive.saving.mending import mend_all
from crawler.archive.saving.merge import EARLIER_COUNTS, EARLIER_LOOK_COUNTS, lacks_row, merge_rows
from crawler.archive.saving.of_old import key_of_old, shared_addresses, told_apart
from crawler.archive.saving.queue import put
from crawler.archive.saving.rows import copies_of, dated_looks, settle_moments, write_copies
from crawler.archive.saving.save import Change, note_mentions, note_seeds, show
from crawler.archive.saving.tried import avoid_refused, refused_links
from crawler.article import OF_THE_LINK
from crawler.errors import InputError
from crawler.folding import title_key
from crawler.links import as_kept, mentions
from crawler.urls import parse_url

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from crawler.archive.saving.copies import Copy
    from crawler.urls import ArticleUrl

Row = dict[str, Any]

_MOST_ADDRESSES = 10_000
"""Of one article, for each look asks with all."""


class Whole(NamedTuple):
    """An article's row, and the rows of other tables that hang on it, by table.

    A table that is not named says nothing; one without rows says that there are none.
    """

    row: Row
    parts: Mapping[str, list[Row]]

    @property
    def copies(self) -> dict[str, Copy]:
        """The copies behind the row; the row itself where only one counts."""
        rows = self.parts.get("copies", ())
        if rows:
            copies = {row["copy"]: load_copy(row["fields"]) for row in rows}
            return marked(copies, self.undated)
        removed = {
            row["rule_id"]: row["count"]
            for row in self.parts.get("removed", ())
            if not row["rule_id"].startswith(PREFIX)
        }
        copy = copy_of_row(self.row, removed)
        return marked({key_of(copy): copy}, self.undated)

    @property
    def undated(self) -> set[str]:
        """The evidence of looks at moments that nobody knows, or that cannot have been."""
        events = self.parts.get("events", ())
        return {row["evidence"] for row in events if not row["at"]} - {""}

    def check(self) -> None:
        """Raises ValueError where an address or a copy is none, or addresses are without number."""
        if len(self.parts.get("urls", ())) > _MOST_ADDRESSES:
            raise ValueError(f"has more than {_MOST_ADDRESSES:,} addresses")
        try:
            for copy in self.copies.values():
                check_copy(copy)
            _ = self.forms
        except (InputError, KeyError, TypeError) as error:
            raise ValueError(str(error)) from error

    @property
    def forms(self) -> list[ArticleUrl]:
        """Every address of the article, taken apart. Raises InputError for one of another site."""
        return [parse_url(row["url"]) for row in self.parts.get("urls", ())]


def save_whole(connection: sqlite3.Connection, whole: Whole) -> tuple[str, Change]:
    """Save an article within the transaction that is open: the key of its row, and what changed.

    Raises ArchiveError where a row cannot be kept.
    """
    whole = _without_strangers(connection, whole._replace(row=told_apart(whole.row)))
    forms = [form for form in whole.forms if not form.tells_none]
    keys = [whole.row["id"], *(form.article_id for form in forms if not form.temporary)]
    canonical = {form.canonical for form in forms}
    names = {*keys, *canonical, *shared_addresses(whole.row, whole.forms)}
    if keeps_away(connection, whole.row, names):
        return whole.row["id"], Change.FORGOTTEN
    older = key_of_old(connection, whole.row["id"], whole.row, whole.forms)
    article_id, rows = rows_of(connection, older or list(dict.fromkeys(keys)), canonical)
    _check_addresses(connection, article_id, rows, forms)
    is_back = lacks_row(connection, article_id, rows)
    if is_back or not rows:
        row = {**whole.row, "id": article_id}
        _insert(connection, "articles", [{**row, "front_matter": front_matter_of(row)}])
        unlearn(connection, [row["account"]])
        for table in ("removed", "copies"):
            _insert(connection, table, _of(whole, table, article_id), "DO NOTHING")
    if rows:
        own = {article_id} if is_back else set()
        change = _join(connection, article_id, whole, rows | own)
        return article_id, Change.ADDED if is_back else change
    _add(connection, article_id, whole)
    if whole.undated or "queue" not in whole.parts or waits(connection, article_id, whole.forms):
        settle_moments(connection, article_id, whole.copies)
        show(connection, article_id, whole.copies)
        _better_entry(connection, article_id, whole)
    else:
        _insert(connection, "queue", _of(whole, "queue", article_id))
    return article_id, Change.ADDED


def _without_strangers(connection: sqlite3.Connection, whole: Whole) -> Whole:
    """The article without the addresses of others that are here, where it names several.

    Nobody knows yet which those are: all would become this one, of which one text is shown. What
    has its title, or alone stands at its addresses, may be it. At one that tells none all stand.
    """
    asked = {form.canonical: form.article_id for form in whole.forms if not form.tells_none}
    names = {whole.row["id"], *asked.values()}
    found = connection.execute(_AT_ADDRESSES, (listed(asked), listed(names))).fetchall()
    told = {key: (title_key(title), date) for _, key, title, date in found}
    known = {key for key in told if not is_provisional(key) or key == whole.row["id"]}
    if len({told[key] for key in told.keys() - known}) + bool(known) <= 1:
        return whole
    titles = {told[key][0] for key in known} or {title_key(whole.row["title"])}
    alike = {key for key in told.keys() - known if told[key][0] in titles}
    unsaid = {""} if known else set()
    if len({told[key][1] for key in alike | known} - unsaid) > 1:  # issues of a series
        days = {told[key][1] for key in known} or {whole.row["date"]}
        alike = {key for key in alike if told[key][1] in days | unsaid}
    if not (strangers := told.keys() - known - alike):
        return whole
    away = {address for address, key, *_ in found if key in strangers}
    urls = [
        row
        for row, form in zip(whole.parts["urls"], whole.forms, strict=True)
        if form.canonical not in away and form.article_id not in strangers
    ]
    return whole._replace(parts={**whole.parts, "urls": urls})


_TELLS = "a.body_hash <> '' AND typeof(a.id) = 'text' AND typeof(a.title) = 'text'"
_AT_ADDRESSES = f"""
SELECT u.canonical, a.id, a.title, a.date FROM urls AS u JOIN articles AS a ON a.id = u.article_id
    WHERE u.canonical IN {LISTED} AND {_TELLS}
UNION SELECT '', a.id, a.title, a.date FROM articles AS a WHERE a.id IN {LISTED} AND {_TELLS}
"""  # noqa: S608


def _check_addresses(
    connection: sqlite3.Connection, key: str, rows: Iterable[str], forms: Sequence[ArticleUrl]
) -> None:
    """Raises InputError where an article would get more addresses than can be carried."""
    given = {form.given for form in forms}
    for row in rows:
        given.update(address for (address,) in connection.execute(_ADDRESSES, (row,)))
    if len(given) > _MOST_ADDRESSES:
        raise InputError(key, f"gives an article more than {_MOST_ADDRESSES:,} addresses")


_DOUBTS = f"DELETE FROM events WHERE at = '' AND article_id IN {LISTED} AND evidence IN {LISTED}"  # noqa: S608
_ADDRESSES = "SELECT url FROM urls WHERE article_id = ?"


def _join(connection: sqlite3.Connection, article_id: str, whole: Whole, rows: set[str]) -> Change:
    """Save what is new of an article that is there, perhaps in rows that become one now.

    A look at no known moment says nothing of one here, at a known one, that found the same.
    """
    start = connection.total_changes
    *others, own = sorted(rows, key=lambda row: (row == article_id, row))
    held = dated_looks(connection, own)
    before = {key: c for row in (*others, own) for key, c in copies_of(connection, row).items()}
    events = [row for row in _of(whole, "events", own) if row["at"] or row["evidence"] not in held]
    there = {k: c for k, c in whole.copies.items() if not (c["undated"] and c["evidence"] in held)}
    whole = whole._replace(parts={**whole.parts, "events": events})
    connection.execute(_DOUBTS, (listed(others), listed(held)))
    together = _both(before, there)
    after = prune_copies(together)
    merged = merge_rows(connection, article_id, rows)
    _add(connection, article_id, whole)
    settle_moments(connection, article_id, together)
    if merged or after != before:
        write_copies(connection, article_id, after)
    is_new = after != before or connection.total_changes > start
    changed = is_new and show(connection, article_id, after)
    _better_entry(connection, article_id, whole)
    if changed or merged:
        return Change.UPDATED
    return Change.KEPT_BETTER if connection.total_changes > start else Change.UNCHANGED


def _both(here: Mapping[str, Copy], there: Mapping[str, Copy]) -> dict[str, Copy]:
    """The copies of both; of one input that both have read what the later cleaner made of it."""
    both = dict(here)
    for key, copy in there.items():
        known = both.get(key)
        if known is None or known["cleaner_version"] < copy["cleaner_version"]:
            both[key] = as_looked_at(copy, known)
        else:
            both[key] = as_looked_at(known, copy)
    undated = {copy["evidence"] for copy in (*here.values(), *there.values()) if copy["undated"]}
    return marked(both, undated)


def _add(connection: sqlite3.Connection, article_id: str, whole: Whole) -> None:
    """Keep what hangs on an article and is not there yet."""
    keep_forms(connection, article_id, whole.forms)
    claim_own(connection, [article_id])
    mend_all(connection, article_id, whole.parts)
    for table, clause in _ONCE.items():
        rows = _of(whole, table, article_id)
        if table == "evidence":  # what was forgotten here comes back in no offer to another
            away = forgotten_among(connection, {row["source"] for row in rows})
            rows = [row for row in rows if row["source"] not in away]
            rows = [row for row in rows if not is_forgotten(connection, row["url"])]
        _insert(connection, table, rows, clause)
    for revision in whole.parts.get("revisions", ()):
        note_mentions(connection, mentions(unpack(revision["body"]).decode()))
    for row in _of(whole, "events", article_id):
        _note_event(connection, row)
    seeds = _of(whole, "seeds", article_id)
    note_seeds(connection, [tuple(row[name] for name in _SEED) for row in seeds])


_SEED = ("sha256", "path", "article_id", "state", "cleaner_version")
_VERDICTS = ("pointer", "candidate", "proof", "refused", "accepted")
_FIRMNESS = " ".join(
    ["CASE {0}verdict", *(f"WHEN '{word}' THEN {n}" for n, word in enumerate(_VERDICTS)), "END"]
)
"""How firm a verdict is: a person's word counts more than what was only found."""

_TOLD = ("version", "url", "title", "account", "date", "agreed", "differs")
_SAID = ", ".join(f"{name} = excluded.{name}" for name in _TOLD)
_SAYS = ", ".join(f"{{0}}{name}" for name in _TOLD)
_ONCE = {
    "revisions": EARLIER_LOOK_COUNTS,
    # a page that is here stays: only what made it could tell whether another is of those bytes
    "snapshots": """(article_id, sha256) DO UPDATE SET
        url = excluded.url, fetched_at = excluded.fetched_at, head = excluded.head
        WHERE (excluded.fetched_at, excluded.url) < (fetched_at, url)
            AND excluded.content = content""",
    "evidence": f"""(article_id, way, source, sha256) DO UPDATE SET
        {_SAID}, verdict = excluded.verdict, at = excluded.at, offered = excluded.offered
        WHERE ({_FIRMNESS.format("excluded.")}, excluded.at, {_SAYS.format("excluded.")})
            > ({_FIRMNESS.format("evidence.")}, evidence.at, {_SAYS.format("evidence.")})""",
    "web_captures": """(server, captured_at, url) DO UPDATE SET
        looked_at = excluded.looked_at, outcome = excluded.outcome
        WHERE (excluded.looked_at, excluded.outcome) > (looked_at, outcome)""",
    "exported": "(folder, article_id) DO NOTHING",
    **{table: f"{earlier} WHERE excluded.at < at" for table, earlier in EARLIER_COUNTS.items()},
    "pictures": """(article_id, url) DO UPDATE SET
        sha256 = excluded.sha256, state = excluded.state, at = excluded.at
        WHERE state <> 'stored'
            AND (excluded.state = 'stored', excluded.sha256 IS NOT NULL, excluded.at)
                > (0, sha256 IS NOT NULL, at)""",
}
"""Table -> what becomes of a row that is there already."""


def _of(whole: Whole, table: str, article_id: str) -> list[Row]:
    return [{**row, "article_id": article_id} for row in whole.parts.get(table, ())]


def _insert(
    connection: sqlite3.Connection, table: str, rows: Iterable[Row], on_conflict: str = ""
) -> None:
    for row in rows:  # whose names whoever made it has checked
        statement = insert(table, columns=tuple(row), on_conflict=on_conflict)
        connection.execute(statement, tuple(row.values()))


def _note_event(connection: sqlite3.Connection, row: Row) -> None:
    """Keep a look that is not there yet."""
    same = " AND ".join(f"{name} IS ?" for name in row)
    found = f"SELECT 1 FROM events WHERE {same}"  # noqa: S608
    if not connection.execute(found, tuple(row.values())).fetchone():
        _insert(connection, "events", [row])


_JOINED_ENTRY = """
UPDATE queue SET attempts = max(attempts, :attempts),
    last_error = CASE WHEN (:not_before, :last_error) > (not_before, last_error)
        THEN :last_error ELSE last_error END,
    not_before = max(not_before, :not_before),
    {words}
WHERE {key} AND (attempts < :attempts OR (not_before, last_error) < (:not_before, :last_error)
    OR {news})
"""
# the first of two words, so that no order makes a difference; those of an article follow its copies
_FIRST = "coalesce(min(nullif({0}, ''), nullif(:{0}, '')), nullif({0}, ''), :{0})"
_OF_IT = "EXISTS (SELECT 1 FROM articles AS a WHERE a.id = article_id AND a.{0} <> '')"
_SAID_OF_IT = {
    "why": f"CASE WHEN article_id IS NOT NULL AND state <> '' THEN why ELSE {_FIRST} END",
    "date": f"CASE WHEN {_OF_IT} THEN date ELSE {_FIRST} END",
    **dict.fromkeys(("title", "source"), _FIRST),
}
_WORDS = {word: said.format(word) for word, said in _SAID_OF_IT.items()}
_OF_ENTRY = ("url", "article_id", "attempts", "not_before", "last_error", *_WORDS)
_NEW = ", ".join(f"{word} = {said}" for word, said in _WORDS.items())
_NEWS = " OR ".join(f"{word} <> {said}" for word, said in _WORDS.items())
_JOIN_BY = {
    key: _JOINED_ENTRY.format(words=_NEW, news=_NEWS, key=f"{key} = :{key}")
    for key in ("article_id", "url")
}


def _better_entry(connection: sqlite3.Connection, article_id: str, whole: Whole) -> None:
    """Let an entry of the queue know what another archive's did; the most attempts count."""
    for row in _of(whole, "queue", article_id):
        _let_wait(connection, article_id, row["request"])
        connection.execute(_JOIN_BY["article_id"], {name: row[name] for name in _OF_ENTRY})
    avoid_refused(connection, article_id)  # of which one archive alone may tell


def _let_wait(connection: sqlite3.Connection, article_id: str, request: str) -> None:
    """Let a link wait here too, or beside one that does, unless it was refused."""
    (state,) = connection.execute(_STATE, (article_id,)).fetchone()
    form, may_wait = parse_url(request), state in OF_THE_LINK
    refused = refused_links(connection, article_id) if may_wait else ()
    if form.temporary or not form.signed or as_kept(request) in refused:
        return
    key = queue_key_of(article_id) or queue_key(form)
    waiting = [url for (url,) in connection.execute(_REQUESTS, (article_id,))]
    if may_wait and fetchable([form, *map(parse_url, waiting)]) not in waiting:
        put(connection, key, [form], article_id=article_id, state="", why="", date="")
    elif waiting:
        note_others(connection, key, [form], waiting[0])


_STATE = "SELECT state FROM articles WHERE id = ?"
_REQUESTS = "SELECT request FROM queue WHERE article_id = ?"


def join_entry(connection: sqlite3.Connection, row: Row) -> None:
    """The same for an entry that hangs on no article, where one is there in its place."""
    known = {**row, "article_id": None}
    connection.execute(_JOIN_BY["url"], {name: known[name] for name in _OF_ENTRY})


def save_loose(connection: sqlite3.Connection, table: str, row: Row) -> None:
    """Keep a row that hangs on no article, unless one is there in its place.

    Links to what was forgotten here are passed over. Raises ArchiveError where a
    row cannot be kept.
    """
    if table == "accounts":
        note_account_row(connection, row)
    elif table == "events":
        _note_event(connection, {**row, "article_id": None})
    elif table == "forgotten":
        keep_mark(connection, row)
    elif table in ("queue", "mentions") and is_forgotten(connection, row["url"]):
        return
    elif table == "web_queries":
        _insert(connection, table, [row], _LATER_ANSWER)
    else:
        _insert(connection, table, [row], "DO NOTHING")


_LATER_ANSWER = """(server, query) DO UPDATE SET
    at = excluded.at, captures = excluded.captures, following = excluded.following
    WHERE (excluded.at, excluded.captures, excluded.following) > (at, captures, following)
"""
