"""What a record has; for all who need no more of it, and load nothing that cleans."""

FIELDS = (
    *("id", "url", "state", "detail", "title", "account", "author"),
    *("published_day", "published_at", "modified_at", "kind"),
    *("biz", "mid", "idx", "sn"),
    *("digest", "cover", "source_url", "original", "album", "topics", "place", "item_type"),
    *("read_count", "like_count", "image_count", "characters", "body_hash", "evidence"),
    *("cleaner_version", "text", "markdown", "error"),
)
"""What a record has, in the order of its columns; `error` is None where nothing went wrong."""
