"""The statements that make the tables of an archive, one group a migration.

What was released is never edited: a change is a new group, and a new migration in `schema`.
"""

from __future__ import annotations

# Long texts stand last: SQLite reads a row up to the column it needs, so counting by account never
# touches a body. The key is a text, because foreign keys, Datasette's links and people use it; the
# full-text index goes by rowid, which VACUUM keeps in a table that has an index (a test watches
# this).
BASE = (
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

PICTURES = (
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
TOLD = (
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
LEARNED = (
    """
    CREATE TABLE learned (
        account TEXT PRIMARY KEY NOT NULL,
        fingerprint TEXT NOT NULL,
        spared TEXT NOT NULL  -- JSON: the articles that keep theirs, as too little would be left
    )
    """,
)

# What the server sent before the page, so that others can be given it as an answer.
HEADS = ("ALTER TABLE snapshots ADD COLUMN head TEXT NOT NULL DEFAULT ''",)

# What a person took out for good: by these names nothing comes back.
FORGOTTEN = (
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
RECOVERED = ("ALTER TABLE articles ADD COLUMN recovered_from TEXT NOT NULL DEFAULT ''",)


MENTIONS = (
    """
    CREATE TABLE mentions (  -- signed links in texts, for articles that wait for one
        url TEXT NOT NULL,   -- the article that it leads to, as the queue calls it
        link TEXT NOT NULL,
        PRIMARY KEY (url, link)
    )
    """,
)
MENTION = "INSERT INTO mentions (url, link) VALUES (?, ?) ON CONFLICT DO NOTHING"

# What was written where, so that no export takes what a person changed.
EXPORTED = (
    """
    CREATE TABLE exported (
        folder TEXT NOT NULL,   -- absolute
        article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
        path TEXT NOT NULL,     -- below the folder
        sha256 TEXT NOT NULL,   -- of the document that was written, here and below
        writing TEXT NOT NULL,  -- of one that may be on its way to the disk
        PRIMARY KEY (folder, article_id)
    )
    """,
    "CREATE INDEX exported_article ON exported (article_id)",
)

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

# What died, when, and how it was said: all of it follows from the looks that events keep. A look
# tells something where it found a text, or a notice that says that the article is gone
# (`State.is_death`); a captcha, a shell, a broken answer tell nothing. What another tool kept, and
# what was recovered, was no look at WeChat.
DEATHS = (
    "ALTER TABLE pace ADD COLUMN watched INTEGER",
    """
    CREATE INDEX events_deaths ON events (article_id) WHERE state IN
        ('deleted', 'violation', 'complaint', 'send_failed', 'account_gone', 'rumour')
    """,
    """
    CREATE VIEW deaths AS  -- each death that a second look on another day confirmed
    WITH looks AS (
        SELECT article_id, at, state, detail,
            state NOT IN ('ok', 'truncated', 'paid') AS dead,
            sum(state IN ('ok', 'truncated', 'paid')) OVER (
                PARTITION BY article_id ORDER BY at, id
            ) AS life
        FROM events
        WHERE article_id IN (
            SELECT article_id FROM events WHERE state IN
                ('deleted', 'violation', 'complaint', 'send_failed', 'account_gone', 'rumour')
        )
        AND state IN ('ok', 'truncated', 'paid',
            'deleted', 'violation', 'complaint', 'send_failed', 'account_gone', 'rumour')
        AND origin IN ('fetch', 'capture', 'seed') AND at > '2' AND at < '3'
    ),
    lives AS (  -- from a look that found it to the next one that did
        SELECT article_id, life,
            max(CASE WHEN NOT dead THEN at END) AS alive,
            min(CASE WHEN dead THEN at END) AS dead
        FROM looks GROUP BY article_id, life
    ),
    ended AS (  -- beside min(), SQLite takes the columns of the row that has it
        SELECT lives.article_id, lives.life, lives.alive, lives.dead,
            min(looks.at) AS confirmed, looks.state, looks.detail
        FROM lives JOIN looks ON looks.article_id = lives.article_id AND looks.life = lives.life
        WHERE looks.dead AND substr(looks.at, 1, 10) > substr(lives.dead, 1, 10)
        GROUP BY lives.article_id, lives.life
    )
    SELECT ended.article_id, articles.title,
        coalesce(nullif(articles.account, ''), articles.source) AS account,
        articles.url, articles.date,
        coalesce(ended.alive, '') AS last_seen_alive,
        ended.dead AS first_seen_dead, ended.confirmed,
        coalesce(later.alive, '') AS seen_again,  -- where it came back
        ended.state,
        CASE WHEN ended.detail LIKE '% says % (notice %' THEN substr(ended.detail,
            instr(ended.detail, ' says ') + 6,
            instr(ended.detail, ' (notice ') - instr(ended.detail, ' says ') - 6
        ) ELSE ended.detail END AS notice,
        articles.characters,  -- what we still hold, here and below
        (SELECT count(*) FROM revisions AS r WHERE r.article_id = ended.article_id) AS revisions,
        (SELECT count(*) FROM snapshots AS s WHERE s.article_id = ended.article_id) AS snapshots,
        (SELECT count(*) FROM pictures AS p
            WHERE p.article_id = ended.article_id AND p.state = 'stored') AS pictures
    FROM ended JOIN articles ON articles.id = ended.article_id
    LEFT JOIN lives AS later
        ON later.article_id = ended.article_id AND later.life = ended.life + 1
    """,
)

# What a person adds to articles, which no page, seed or cleaner ever writes; and an index over all
# articles with a text, from which a first page is counted without reading one of them.
PERSONAL = (
    """
    CREATE TABLE reader_stars (
        article_id TEXT PRIMARY KEY NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
        at TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE reader_tags (
        article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
        tag TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (article_id, tag)
    )
    """,
    "CREATE INDEX reader_tags_tag ON reader_tags (tag)",
    """
    CREATE TABLE reader_notes (
        article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
        text TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (article_id, text)
    )
    """,
    "CREATE INDEX articles_texts ON articles (account, date, body_hash) WHERE body_hash <> ''",
)
