"""Full text, in Chinese: the index, queries, and the plugin for sqlite-utils."""

from crawler.archive.search.chosen import EVERYTHING, LACKS_TEXT, Filter, is_day
from crawler.archive.search.find import BEST, ORDERS, Hit, Shells, count_shells, matching, search
from crawler.archive.search.functions import csv_cell, register_functions
from crawler.archive.search.holding import holds_instead, is_index_whole, note_as_held
from crawler.archive.search.index import (
    SEARCH_STATEMENTS,
    Track,
    compact_index,
    defend,
    install_index,
    is_index_intact,
    ngram_of,
    rebuild_index,
    sync_index,
)
from crawler.archive.search.query import Query, check_asked, lenient_query, parse_query
from crawler.archive.search.snippet import MARKS, snippet
from crawler.archive.search.tokens import Arguments, Tokens, tokens_of

__all__ = [
    "BEST",
    "EVERYTHING",
    "LACKS_TEXT",
    "MARKS",
    "ORDERS",
    "SEARCH_STATEMENTS",
    "Arguments",
    "Filter",
    "Hit",
    "Query",
    "Shells",
    "Tokens",
    "Track",
    "check_asked",
    "compact_index",
    "count_shells",
    "csv_cell",
    "defend",
    "holds_instead",
    "install_index",
    "is_day",
    "is_index_intact",
    "is_index_whole",
    "lenient_query",
    "matching",
    "ngram_of",
    "note_as_held",
    "parse_query",
    "rebuild_index",
    "register_functions",
    "search",
    "snippet",
    "sync_index",
    "tokens_of",
]
