"""The statements that make tables which follow from the others, and are made anew at any time.

What was released is never edited, as in `tables`.
"""

from __future__ import annotations

# Which articles have the same text, or nearly.
STORIES = (
    """
    CREATE TABLE stories (
        article_id TEXT PRIMARY KEY NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
        body_hash TEXT NOT NULL,    -- of the text that was signed
        cut INTEGER NOT NULL,       -- 1: its end is missing
        version INTEGER NOT NULL,   -- of the way to sign
        text TEXT NOT NULL,         -- a name for its letters; empty where these are too few
        signature TEXT NOT NULL,    -- MinHash of its pieces, base64
        compared INTEGER NOT NULL,  -- 0: with no other text yet
        earliest TEXT REFERENCES articles (id) ON UPDATE CASCADE,  -- of its group; NULL: alone
        best TEXT REFERENCES articles (id) ON UPDATE CASCADE
    )
    """,
    "CREATE INDEX stories_earliest ON stories (earliest)",
    "CREATE INDEX stories_best ON stories (best)",
    "CREATE INDEX stories_text ON stories (text)",
)
