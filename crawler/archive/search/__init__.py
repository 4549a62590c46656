"""Full text, in Chinese: the index, queries, and the plugin for sqlite-utils."""

from crawler.archive.search.chosen import EVERYTHING, Filter
from crawler.archive.search.find import Hit, count_shells, search
from crawler.archive.search.index import (
    SEARCH_STATEMENTS,
    install_index,
    is_index_intact,
    ngram_of,
    rebuild_index,
    sync_index,
)
from crawler.archive.search.plain import plain_text
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
    "Tokens",
    "count_shells",
    "highlight",
    "install_index",
    "is_index_intact",
    "lenient_query",
    "ngram_of",
    "parse_query",
    "plain_text",
    "rebuild_index",
    "register_functions",
    "said_in",
    "search",
    "snippet",
    "sync_index",
    "tokens_of",
]
