"""What lists articles -> links: text, Markdown, tables, JSON, bookmarks, feeds and albums."""

from crawler.clean.listings.anchors import words_of_html
from crawler.clean.listings.feed_roots import is_feed
from crawler.clean.listings.feeds import documents_of_feed, links_of_album
from crawler.clean.listings.limits import TooLargeError, check_packing
from crawler.clean.listings.read import read_list
from crawler.clean.listings.records import TO_SEE_EACH, Listing, ListKind, what_is_left_out
from crawler.clean.listings.texts import is_part_of_text, letters_of
from crawler.clean.listings.values import has_document, json_values

__all__ = [
    "TO_SEE_EACH",
    "ListKind",
    "Listing",
    "TooLargeError",
    "check_packing",
    "documents_of_feed",
    "has_document",
    "is_feed",
    "is_part_of_text",
    "json_values",
    "letters_of",
    "links_of_album",
    "read_list",
    "what_is_left_out",
    "words_of_html",
]
