"""Full text, in Chinese: the index, queries, and the plugin for sqlite-utils."""

from crawler.archive.search.chosen import EVERYTHING, Filter
from crawler.archive.search.find import Hit, Shells, count_shells, search
from crawler.archive.search.index import (
    SEARCH_STATEMENTS,
    Track,
    install_index,
    is_index_intact,
    ngram_of,
    rebuild_index,
    sync_index,
)
from crawler.archive.search.plugin import register_functions
from crawler.archive.search.query import lenient_query, parse_query
from crawler.archive.search.signs import said_in
from crawler.archive.search.snippet import MARKS, highlight, snippet
from crawler.archive.search.tokens import Arguments, Tokens, tokens_of

__all__ = [
    "EVERYTHING",
    "MARKS",
    "SEARCH_STATEMENTS",
    "Arguments",
    "Filter",
    "Hit",
    "Shells",
    "Tokens",
    "Track",
    "count_shells",
    "highlight",
    "install_index",
    "is_index_intact",
    "lenient_query",
    "ngram_of",
    "parse_query",
    "rebuild_index",
    "register_functions",
    "said_in",
    "search",
    "snippet",
    "sync_index",
    "tokens_of",
]
