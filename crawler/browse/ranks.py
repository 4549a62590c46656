"""Whether a visitor's SQL has an index call, for its rank, what takes the square of a text.

FTS5 calls any function of its own for the column `rank` of an index, where that is compared with
how it is called: `rank MATCH 'highlight(0, 1, 2)'`, `JOIN ... USING (rank)`, or a second value for
an index that is called like a function. SQLite asks whether such a column may be read for the first
of them alone. So a statement may sort by the rank of an index and show it, and do no more with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_RANK = "rank"
_TOKEN = re.compile(
    r"""
    --[^\n]*+ | /\*(?:[^*]|\*(?!/))*+ (?:\*/)?+  # comments
    | '(?:[^']|'')*+'?+ | "(?:[^"]|"")*+"?+ | `(?:[^`]|``)*+`?+ | \[[^\]]*+\]?+
    | \ufeff  # which is a space
    | [:@$\#](?:[\w$\u0080-\U0010ffff]|::)*+(?:\([^\t-\r )]*+\)?+)?+  # :a and even :a(')
    | \?[0-9]*+ | [\w\u0080-\U0010ffff][\w$\u0080-\U0010ffff]*+ | \S
    """,
    re.VERBOSE | re.ASCII,
)
_NOTHING = ("--", "/*", "\ufeff")
_CLAUSES = frozenset(
    {"select", "from", "where", "on", "using", "having", "group", "order", "limit"}
)
_SHOWN_BEFORE = (",", "from")  # by its own name, and no other that is compared elsewhere


def asks_rank(sql: str, indexes: Collection[str]) -> bool:
    """Whether a statement does more with the rank of an index than to sort by it and to show it."""
    tokens = [token for token in _TOKEN.findall(sql) if not token.startswith(_NOTHING)]
    names = [_name(token) for token in tokens]
    if not any(name in indexes for name in names):
        return False
    return _is_told(tokens, names, indexes) or any(
        name == _RANK and not is_free
        for name, is_free in zip(names, _are_free(tokens), strict=True)
    )


def _name(token: str) -> str:
    """What a token names, however it is quoted."""
    quote = token[0]
    if quote == "[":
        return token[1:-1].lower()
    if quote in "'\"`":
        return token[1:-1].replace(quote * 2, quote).lower()
    return token.lower()


def _is_told(tokens: list[str], names: list[str], indexes: Collection[str]) -> bool:
    """Whether an index that is called like a function is given more than what to search for."""
    called = [False]
    for before, sign in zip(["", *names], tokens, strict=False):
        if sign == "(":
            called.append(before in indexes)
        elif sign == ")" and len(called) > 1:
            called.pop()
        elif sign == "," and called[-1]:
            return True
    return False


def _are_free(tokens: list[str]) -> Iterator[bool]:
    """For each token whether a rank may stand there."""
    clauses, words = [""], [token.lower() for token in tokens]
    is_one = words.count("select") == 1  # others could compare what it shows by another name
    for word, then in zip(words, [*words[1:], ""], strict=True):
        if word == "(":
            clauses.append(clauses[-1])
        elif word == ")" and len(clauses) > 1:
            clauses.pop()
        elif word in _CLAUSES:
            clauses[-1] = word
        is_shown = clauses[-1] == "select" and is_one and then in _SHOWN_BEFORE
        yield clauses[-1] == "order" or is_shown
