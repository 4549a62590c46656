"""The tables of an archive, as sqlite-utils migrations.

What `sqlite-utils schema archive.db` shows, comments and all.

A migration that has been released is never edited; a change is a new one at the end. The names of
those that were applied stand in the database itself, in sqlite-utils' own table, so that its
version is the length of that list.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from crawler.archive.database.packing import unpack
from crawler.archive.database.recovery import EVIDENCE, WEB
from crawler.links import mentions
from crawler.states import MEANINGS

if TYPE_CHECKING:
    from sqlite_utils import Database

MIGRATIONS = Migrations("crawler")


# Long texts stand last: SQLite reads a row up to the column it needs, so counting by account never
# touches a body. The key is a text, because foreign keys, Datasette's links and people use it; the
# full-text index goes by rowid, which VACUUM keeps in a table that has an index (a test watches
# this).
_BASE = (
    """
    CREATE TABLE articles (
        id TEXT PRIMARY KEY NOT NULL,  -- biz:mid:idx, or s:token until a page tells more
        url TEXT NOT NULL,             -- as it was given
        title TEXT NOT NULL,
        source TEXT NOT NULL,          -- as the seed or the page names it
        account TEXT NOT NULL,
        author TEXT NOT NULL,
        date TEXT NOT NULL,            -- YYYY-MM-DD in Asia/Shanghai
        fetch_date TEXT NOT NULL,      -- when the copy that is kept was fetched
        published_at TEXT NOT NULL,    -- ISO 8601, +08:00
        modified_at TEXT NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,           -- of the copy that is kept
        state_now TEXT NOT NULL,       -- of the latest look at the web, and when that was
        checked_at TEXT NOT NULL,
        digest TEXT NOT NULL,
        cover TEXT NOT NULL,
        characters INTEGER NOT NULL,   -- of the whole body
        image_count INTEGER NOT NULL,
        body_hash TEXT NOT NULL,       -- SHA-256 of the whole body, which table revisions keeps
        cleaner_version INTEGER NOT NULL,
        origin TEXT NOT NULL,          -- fetch or seed
        evidence TEXT NOT NULL,        -- SHA-256 of the page or seed that the copy was read from
        biz TEXT NOT NULL,
        mid TEXT NOT NULL,
        idx TEXT NOT NULL,
        sn TEXT NOT NULL,
        front_matter TEXT NOT NULL,    -- front_matter || body is the whole document
        body TEXT NOT NULL             -- what is shown: the whole body less its account's promotion
    )
    """,
    "CREATE INDEX articles_date ON articles (date)",
    "CREATE INDEX articles_account ON articles (account)",
    "CREATE INDEX articles_state ON articles (state)",
    """
    CREATE TABLE urls (
        url TEXT PRIMARY KEY NOT NULL,
        canonical TEXT NOT NULL,  -- one spelling for all links that say the same
        article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE
    )
    """,
    "CREATE INDEX urls_canonical ON urls (canonical)",
    "CREATE INDEX urls_article ON urls (article_id)",
    """
    CREATE TABLE revisions (
        article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
        body_hash TEXT NOT NULL,
        at TEXT NOT NULL,       -- when a copy with this body was first fetched, and what it was read from
        state TEXT NOT NULL,
        origin TEXT NOT NULL,
        url TEXT NOT NULL,
        evidence TEXT NOT NULL,
        characters INTEGER NOT NULL,
        body BLOB NOT NULL,     -- UTF-8, zstd-compressed
        PRIMARY KEY (article_id, body_hash)
    )
    """,
    """
    CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        url TEXT NOT NULL,
        article_id TEXT REFERENCES articles (id) ON UPDATE CASCADE,
        state TEXT NOT NULL,      -- empty where no page came at all: then detail says why
        http_status INTEGER,
        origin TEXT NOT NULL,
        detail TEXT NOT NULL,
        evidence TEXT NOT NULL
    )
    """,
    "CREATE INDEX events_article ON events (article_id, at)",
    """
    CREATE TABLE copies (  -- what each look found, for articles of which more than one copy counts
        article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
        copy TEXT NOT NULL,
        fields TEXT NOT NULL,  -- JSON: the columns of articles as this copy alone would fill them
        PRIMARY KEY (article_id, copy)
    )
    """,
    """
    CREATE TABLE snapshots (
        article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
        sha256 TEXT NOT NULL,      -- of the page as it came
        url TEXT NOT NULL,
        fetched_at TEXT NOT NULL,
        bytes INTEGER NOT NULL,    -- before compression
        content BLOB NOT NULL,     -- what cleaning needs of the page, zstd-compressed
        PRIMARY KEY (article_id, sha256)
    )
    """,
    """
    CREATE TABLE queue (
        url TEXT PRIMARY KEY NOT NULL,  -- the article's canonical address
        request TEXT NOT NULL,          -- the address to fetch, the best that is known
        article_id TEXT REFERENCES articles (id) ON UPDATE CASCADE,
        state TEXT NOT NULL,            -- what the last look gave
        needs_link INTEGER NOT NULL,    -- 1: only a link without chksm is known; a signed or short one is needed
        attempts INTEGER NOT NULL,
        not_before TEXT NOT NULL,
        last_error TEXT NOT NULL,
        why TEXT NOT NULL,
        date TEXT NOT NULL
    )
    """,
    "CREATE INDEX queue_due ON queue (needs_link, date DESC)",
    "CREATE INDEX queue_article ON queue (article_id)",
    """
    CREATE TABLE accounts (
        biz TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        alias TEXT NOT NULL,        -- the WeChat ID that people type
        description TEXT NOT NULL,
        avatar TEXT NOT NULL,
        told_at TEXT NOT NULL,      -- when the page was fetched that told these
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE removed (  -- what cleaning took out of the copy that is kept
        article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
        rule_id TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (article_id, rule_id)
    )
    """,
    """
    CREATE TABLE seeds (  -- the seed files that were read: which file made which row
        sha256 TEXT PRIMARY KEY NOT NULL,
        path TEXT NOT NULL,
        article_id TEXT REFERENCES articles (id) ON UPDATE CASCADE,
        state TEXT NOT NULL,
        cleaner_version INTEGER NOT NULL
    )
    """,
    "CREATE INDEX seeds_article ON seeds (article_id)",
    "CREATE TABLE pace (host TEXT PRIMARY KEY NOT NULL)",
    """
    CREATE VIEW documents AS
    SELECT id, title, front_matter || body AS markdown FROM articles WHERE body <> ''
    """,
)

_PICTURES = (
    """
    CREATE TABLE images (  -- files below images/, each content once
        sha256 TEXT PRIMARY KEY NOT NULL,
        path TEXT NOT NULL,      -- relative to the archive's own folder
        type TEXT NOT NULL,      -- told by the content, never by the link
        bytes INTEGER NOT NULL,
        width INTEGER NOT NULL,  -- 0 where the content does not tell
        height INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE pictures (  -- which article shows which picture, and what came of fetching it
        article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
        url TEXT NOT NULL,       -- as it stands in the body
        sha256 TEXT REFERENCES images (sha256),
        state TEXT NOT NULL,     -- stored, missing, blocked (the placeholder came instead) or too_large
        at TEXT NOT NULL,
        PRIMARY KEY (article_id, url)
    )
    """,
    "CREATE INDEX pictures_sha256 ON pictures (sha256)",
    "CREATE INDEX pictures_url ON pictures (url)",
)

# What a page, a list or the tool whose copy was adopted says of an article beside its text. They
# stand behind the body, for a column that is added stands last.
_TOLD = (
    "ALTER TABLE articles ADD COLUMN source_url TEXT NOT NULL DEFAULT ''",  # "read more" leads there
    "ALTER TABLE articles ADD COLUMN original TEXT NOT NULL DEFAULT ''",  # original or reprint
    "ALTER TABLE articles ADD COLUMN album TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE articles ADD COLUMN topics TEXT NOT NULL DEFAULT ''",  # a JSON list
    "ALTER TABLE articles ADD COLUMN place TEXT NOT NULL DEFAULT ''",  # the province of the sender
    "ALTER TABLE articles ADD COLUMN item_type TEXT NOT NULL DEFAULT ''",  # WeChat's item_show_type
    "ALTER TABLE articles ADD COLUMN read_count INTEGER",
    "ALTER TABLE articles ADD COLUMN like_count INTEGER",
    "ALTER TABLE articles ADD COLUMN date_source TEXT NOT NULL DEFAULT ''",  # what proved the day
    "ALTER TABLE articles ADD COLUMN producer TEXT NOT NULL DEFAULT ''",  # the tool, if adopted
    "ALTER TABLE articles ADD COLUMN same_as TEXT NOT NULL DEFAULT ''",  # an article it seems to be
    "ALTER TABLE queue ADD COLUMN title TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE queue ADD COLUMN source TEXT NOT NULL DEFAULT ''",
)

# What accounts' promotion was learned from, so that it is not learned again from the same.
_LEARNED = (
    """
    CREATE TABLE learned (
        account TEXT PRIMARY KEY NOT NULL,
        fingerprint TEXT NOT NULL,
        spared TEXT NOT NULL  -- JSON: the articles that keep theirs, as too little would be left
    )
    """,
)

# What the server sent before the page, so that others can be given it as an answer.
_HEADS = ("ALTER TABLE snapshots ADD COLUMN head TEXT NOT NULL DEFAULT ''",)

# What a person took out for good: by these names nothing comes back.
_FORGOTTEN = (
    """
    CREATE TABLE forgotten (
        name TEXT PRIMARY KEY NOT NULL,  -- a key or an address of the article
        article TEXT NOT NULL,           -- its key
        at TEXT NOT NULL
    )
    """,
    "CREATE INDEX forgotten_article ON forgotten (article)",
)

# Where a text was recovered from, as its document says it.
_RECOVERED = ("ALTER TABLE articles ADD COLUMN recovered_from TEXT NOT NULL DEFAULT ''",)


_MENTIONS = (
    """
    CREATE TABLE mentions (  -- signed links in texts, for articles that wait for one
        url TEXT NOT NULL,   -- the article that it leads to, as the queue calls it
        link TEXT NOT NULL,
        PRIMARY KEY (url, link)
    )
    """,
)
_MENTION = "INSERT INTO mentions (url, link) VALUES (?, ?) ON CONFLICT DO NOTHING"


def _view_of_states() -> str:
    """A view and no table, for nobody shall edit it; `JOIN states USING (state)`."""
    rows = ",\n".join(
        f"({_quoted(row.state)}, {_quoted(row.english)}, {_quoted(row.chinese)},"
        f" {row.final:d}, {row.state.has_body:d}, {_quoted(row.what_to_do)})"
        for row in MEANINGS
    )
    columns = "state, meaning, meaning_zh, final, has_text, what_to_do"
    return f"CREATE VIEW states ({columns}) AS VALUES\n{rows}"


def _quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


PACE = {
    "started_at": "REAL",
    "dice": "REAL",
    "not_before": "REAL",
    "day": "INTEGER",
    "used": "INTEGER",
    "trips": "INTEGER",
    "closed_until": "REAL",
    "why": "TEXT",
    "probe_at": "REAL",
}
"""What is kept of a host's pace; a test holds it to what the gate of the fetcher has."""


@MIGRATIONS(name="0001_base")
def _base(db: Database) -> None:
    _execute(db, _BASE)


@MIGRATIONS(name="0002_pictures")
def _pictures(db: Database) -> None:
    _execute(db, _PICTURES)


@MIGRATIONS(name="0003_told")
def _told(db: Database) -> None:
    _execute(db, _TOLD)


@MIGRATIONS(name="0004_pace")
def _pace(db: Database) -> None:
    """Earlier versions added a column when the first row needed it."""
    there = {column.name for column in db["pace"].columns}
    for name, kind in PACE.items():
        if name not in there:
            db.conn.execute(f"ALTER TABLE pace ADD COLUMN {name} {kind}")


@MIGRATIONS(name="0005_learned")
def _learned(db: Database) -> None:
    _execute(db, _LEARNED)


@MIGRATIONS(name="0006_states")
def _states(db: Database) -> None:
    """Rows that change later need a migration that makes the view anew; a test says so."""
    db.conn.execute("DROP VIEW IF EXISTS states")
    db.conn.execute(_view_of_states())


@MIGRATIONS(name="0007_evidence")
def _evidence(db: Database) -> None:
    _execute(db, EVIDENCE)


@MIGRATIONS(name="0008_heads")
def _heads(db: Database) -> None:
    _execute(db, _HEADS)


@MIGRATIONS(name="0009_forgotten")
def _forgotten(db: Database) -> None:
    _execute(db, _FORGOTTEN)


@MIGRATIONS(name="0010_recovered")
def _recovered(db: Database) -> None:
    _execute(db, _RECOVERED)


@MIGRATIONS(name="0011_mentions")
def _mentions(db: Database) -> None:
    """A text that is damaged mentions nothing; an audit names it."""
    _execute(db, _MENTIONS)
    for (packed,) in db.conn.execute("SELECT body FROM revisions"):
        with suppress(ValueError, TypeError):
            db.conn.executemany(_MENTION, mentions(unpack(packed).decode()))


@MIGRATIONS(name="0012_web")
def _web(db: Database) -> None:
    _execute(db, WEB)


def _execute(db: Database, statements: tuple[str, ...]) -> None:
    for statement in statements:
        db.conn.execute(_dedented(statement))


def _dedented(statement: str) -> str:
    """The statement as SQLite keeps it and people read it."""
    return statement.strip().replace("\n    ", "\n")


def version_of(db: Database) -> int:
    """How many of our migrations the database has seen; 0 where it is none of ours."""
    return len(MIGRATIONS.applied(db))


def strange_migrations(db: Database) -> list[str]:
    """Migrations that a newer version of this program made."""
    # (there is no public list)
    known = {migration.name for migration in MIGRATIONS._migrations}  # noqa: SLF001
    return [migration.name for migration in MIGRATIONS.applied(db) if migration.name not in known]
