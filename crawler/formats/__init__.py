"""Articles as others read them: values in, text and bytes out. No path, clock or database.

Each name is loaded when it is first asked for, because who only cites renders no Markdown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.lazy import loaded_when_asked

if TYPE_CHECKING:
    from crawler.formats.atom import Entry, Feed, entry_of, feed_blocks, latest, write_feed
    from crawler.formats.citations import STYLES
    from crawler.formats.elements import pair_elements
    from crawler.formats.epub import Chapter, Picture, write_epub
    from crawler.formats.tables import (
        ARTICLES,
        table_of,
        write_articles,
        write_evidence,
        write_rows,
    )
    from crawler.formats.whole import is_in_pieces, markdown_parser
    from crawler.formats.works import Work, without_title

__all__ = [
    "ARTICLES",
    "STYLES",
    "Chapter",
    "Entry",
    "Feed",
    "Picture",
    "Work",
    "entry_of",
    "feed_blocks",
    "is_in_pieces",
    "latest",
    "markdown_parser",
    "pair_elements",
    "table_of",
    "without_title",
    "write_articles",
    "write_epub",
    "write_evidence",
    "write_feed",
    "write_rows",
]

__getattr__ = loaded_when_asked(
    __name__,
    {
        "crawler.formats.atom": (
            "Entry",
            "Feed",
            "entry_of",
            "feed_blocks",
            "latest",
            "write_feed",
        ),
        "crawler.formats.citations": ("STYLES",),
        "crawler.formats.elements": ("pair_elements",),
        "crawler.formats.epub": ("Chapter", "Picture", "write_epub"),
        "crawler.formats.tables": (
            "ARTICLES",
            "table_of",
            "write_articles",
            "write_evidence",
            "write_rows",
        ),
        "crawler.formats.whole": ("is_in_pieces", "markdown_parser"),
        "crawler.formats.works": ("Work", "without_title"),
    },
)
