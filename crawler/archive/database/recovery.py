"""The statements of two migrations: tables of what was found elsewhere. Never edited, as all."""

from __future__ import annotations

# What was found elsewhere of articles without a body, and what it is to them.
EVIDENCE = (
    """
    CREATE TABLE evidence (
        id INTEGER PRIMARY KEY,
        article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
        way TEXT NOT NULL,      -- links, titles, from or web
        source TEXT NOT NULL,   -- where from: a path, an address, or the key of an article
        version TEXT NOT NULL,  -- its commit, or when it was captured
        url TEXT NOT NULL,      -- what it says of itself, here and below
        title TEXT NOT NULL,
        account TEXT NOT NULL,
        date TEXT NOT NULL,
        sha256 TEXT NOT NULL,   -- of its body; empty where it brings none
        agreed TEXT NOT NULL,   -- what it has in common: identity, title, account, date
        differs TEXT NOT NULL,  -- and what it has not, though both say it
        verdict TEXT NOT NULL,  -- proof, candidate, pointer, accepted or refused
        at TEXT NOT NULL,
        offered BLOB,           -- of a candidate the whole record, JSON, zstd-compressed
        UNIQUE (article_id, way, source, sha256)
    )
    """,
    "CREATE INDEX evidence_verdict ON evidence (verdict)",
)

# What web archives were asked and what they answered, so that nothing is asked twice.
WEB = (
    """
    CREATE TABLE web_queries (
        server TEXT NOT NULL,    -- where the archive replays
        query TEXT NOT NULL,     -- the beginning of addresses, or a whole one
        at TEXT NOT NULL,        -- when its last page was answered
        captures INTEGER NOT NULL,
        following TEXT NOT NULL, -- asks for the next page; empty where all was answered
        PRIMARY KEY (server, query)
    )
    """,
    """
    CREATE TABLE web_captures (  -- those of articles that had no text when they were listed
        server TEXT NOT NULL,
        captured_at TEXT NOT NULL,  -- fourteen digits of UTC
        url TEXT NOT NULL,          -- as captured
        article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
        status TEXT NOT NULL,       -- of HTTP, as the archive's index has it
        digest TEXT NOT NULL,
        looked_at TEXT NOT NULL,    -- empty until it was fetched
        outcome TEXT NOT NULL,      -- what it turned out to be
        PRIMARY KEY (server, captured_at, url)
    )
    """,
    "CREATE INDEX web_captures_pending ON web_captures (server, looked_at, article_id)",
    "CREATE INDEX web_captures_article ON web_captures (server, article_id)",
)
