"""What the archive knows of an account.

The latest page that told something of it counts, whatever came first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.archive.database import insert
from crawler.archive.saving.addresses import LISTED, listed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from crawler.article import Article

# A look that names nobody, as at half a page, tells least, and a page more than a seed's bare name;
# then the later look counts; the rest of the comparison only breaks ties.
_ORDER = (
    "{0}name <> '', {0}alias || {0}description || {0}avatar <> '',"
    " {0}told_at, {0}name, {0}alias, {0}description, {0}avatar"
)
_TELLS_MORE = f"({_ORDER.format('excluded.')}) > ({_ORDER.format('accounts.')})"
_TOLD = ("name", "alias", "description", "avatar", "told_at")
_SETTINGS = ", ".join(
    f"{name} = CASE WHEN {_TELLS_MORE} THEN excluded.{name} ELSE {name} END" for name in _TOLD
)
# a moment that nobody knows is not the first
_FIRST = """coalesce(min(nullif(first_seen, ''), nullif(excluded.first_seen, '')),
    nullif(first_seen, ''), excluded.first_seen)"""

_NOTE = insert(
    "accounts",
    on_conflict=f"""(biz) DO UPDATE SET
    {_SETTINGS},
    first_seen = {_FIRST},
    last_seen = max(last_seen, excluded.last_seen)
WHERE {_TELLS_MORE} OR first_seen <> {_FIRST} OR excluded.last_seen > last_seen
""",
)


def account_row_of(article: Article) -> tuple[str, ...] | None:
    """What an article's page tells of its account; None where it names none."""
    info = article.account_info
    biz = info.biz if info else article.biz
    name = (info.name if info else "") or article.account
    if not biz or not (name or info):
        return None
    told = (info.alias, info.description, info.avatar) if info else ("", "", "")
    return (biz, name, *told, article.looked_at)


def note_accounts(connection: sqlite3.Connection, account_rows: Iterable[tuple[str, ...]]) -> None:
    """Note that accounts were seen, and what the articles' pages told of them."""
    rows = ((*row, row[-1], row[-1]) for row in account_rows)  # told, first and last
    connection.executemany(_NOTE, rows)


_ACCOUNT = ("biz", *_TOLD, "first_seen", "last_seen")


def note_account_row(connection: sqlite3.Connection, account: Mapping[str, str]) -> None:
    """Note what another archive knows of an account."""
    connection.execute(_NOTE, tuple(account[name] for name in _ACCOUNT))


def drop_unheard(connection: sqlite3.Connection, accounts: Iterable[str]) -> None:
    """Delete those of some accounts of which no article is; all are looked for at once."""
    connection.execute(_DROP, {"some": listed(accounts)})


_SOME = LISTED.replace("?", ":some")
_DROP = f"""
DELETE FROM accounts WHERE biz IN {_SOME}
    AND biz NOT IN (SELECT biz FROM articles WHERE biz IN {_SOME})
"""  # noqa: S608


def knows_account(connection: sqlite3.Connection, biz: str) -> bool:
    """Whether anything is known of an account here."""
    return connection.execute("SELECT 1 FROM accounts WHERE biz = ?", (biz,)).fetchone() is not None


COMMON_NAME = """
    coalesce(
        (SELECT o.account FROM articles AS o
        WHERE o.biz = a.biz AND o.id <> a.id AND o.account NOT IN ('', a.account)
            AND o.body_hash <> ''
        GROUP BY o.account ORDER BY count(*) DESC, max(o.date) DESC, o.account LIMIT 1),
        (SELECT n.name FROM accounts AS n WHERE n.biz = a.biz AND n.name NOT IN ('', a.account)))
"""
"""The name, other than its own, that most texts of the account of article `a` have; or NULL."""

_NAMED = """
    SELECT biz, account, row_number() OVER (
        PARTITION BY biz ORDER BY count(*) DESC, max(date) DESC, account) AS place
    FROM articles
    WHERE account <> '' AND body_hash <> '' AND biz IN (
        SELECT biz FROM articles WHERE account = '' AND rowid > :after)
    GROUP BY biz, account
"""
# The names are worked out once and joined: asked for one article after the other, it would be the
# square of the articles (50,000 took minutes).
_NAMES = f"""
(SELECT n.biz, CASE WHEN n.alias || n.description || n.avatar <> '' THEN n.name
        ELSE coalesce(m.account, n.name) END AS name
    FROM accounts AS n LEFT JOIN ({_NAMED}) AS m ON m.biz = n.biz AND m.place = 1
    WHERE n.name <> '') AS names
"""  # noqa: S608
_NAMELESS = "names.biz = articles.biz AND articles.account = '' AND articles.rowid > :after"
# (not DISTINCT, for which SQLite reads all names for each article)
_TO_NAME = f"""
SELECT names.name, articles.body_hash <> '' FROM {_NAMES} JOIN articles ON {_NAMELESS}
"""  # noqa: S608
_NAME = f"UPDATE articles SET account = names.name FROM {_NAMES} WHERE {_NAMELESS}"  # noqa: S608


def name_articles(connection: sqlite3.Connection, after: int = 0) -> int:
    """Name the account of articles that do not say it, where another of it did; returns how many.

    A hollow seed names a feed as its source, and only its link tells whose it is. The name that a
    page tells counts, else the one that most texts of the account have: one seed may take an author
    for its account. Rows up to number `after` are left.
    """
    found = set(connection.execute(_TO_NAME, {"after": after}))
    if not found:
        return 0
    unlearn(connection, [name for name, has_text in found if has_text])
    return connection.execute(_NAME, {"after": after}).rowcount


def unlearn(connection: sqlite3.Connection, accounts: Iterable[str]) -> None:
    """Note that what promotion was learned from is not all any more, whoever is killed now."""
    connection.executemany(_UNLEARN, [(account,) for account in accounts])


_UNLEARN = "UPDATE learned SET fingerprint = '' WHERE account = ? AND fingerprint <> ''"
