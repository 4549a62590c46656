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
    from collections.abc import Collection, Iterator, Sequence

_RANK = "rank"
_TOKEN = re.compile(
    r"""
    --[^\n]*+ | /\*(?:[^*]|\*(?!/))*+ (?:\*/)?+  # comments
    | '(?:[^']|'')*+'?+ | "(?:[^"]|"")*+"?+ | `(?:[^`]|``)*+`?+ | \[[^\]]*+\]?+
    | \xef\xbb\xbf  # which is a space
    | [:@$\#](?:[\w$\x80-\xff]|::)*+(?:\([^\t-\r )]*+\)?+)?+  # :a and even :a(')
    | \?[0-9]*+ | [\w\x80-\xff][\w$\x80-\xff]*+ | \S
    """,
    re.VERBOSE | re.ASCII,
)
_NOTHING = ("--", "/*", "\xef\xbb\xbf")
_CLAUSES = frozenset(
    {"select", "from", "where", "on", "using", "having", "group", "order", "limit"}
)
_SHOWN_BEFORE = (",", "from")  # by its own name, and no other that is compared elsewhere


def letters(text: str | bytes) -> str:
    """Each byte of a text as a letter: so SQLite takes names, which need not be UTF-8."""
    return (text if isinstance(text, bytes) else text.encode("utf-8", "replace")).decode("latin-1")


class Statement:
    """The words of a statement, and what each of them names; its text is one of `letters`."""

    def __init__(self, text: str) -> None:
        self.tokens = [token for token in _TOKEN.findall(text) if not token.startswith(_NOTHING)]
        self.names = [_name(token) for token in self.tokens]
        self.words = [token.lower() for token in self.tokens]

    def asks_rank(self, indexes: Collection[str]) -> bool:
        """Whether it does more with the rank of an index than to sort by it and to show it."""
        return self._has_any(indexes) and (
            self._joins_all() or self._tells(indexes) or self._has_rank(_are_free(self.words))
        )

    def joins_rank(self, indexes: Collection[str]) -> bool:
        """Whether it does so in a way in which SQLite asks nobody whether the rank may be read."""
        return self._has_any(indexes) and (
            self._joins_all()
            or self._tells(indexes)
            or self._has_rank(clause != "using" for clause, _ in _clauses(self.words))
        )

    def _has_any(self, indexes: Collection[str]) -> bool:
        return any(name in indexes for name in self.names)

    def _joins_all(self) -> bool:
        """Whether it joins by whatever columns have one name: older versions take hidden ones."""
        return "natural" in self.words

    def _has_rank(self, free: Iterator[bool]) -> bool:
        """Whether a rank stands where none is free."""
        return any(
            name == _RANK and not is_free for name, is_free in zip(self.names, free, strict=True)
        )

    def _tells(self, indexes: Collection[str]) -> bool:
        """Whether an index that is called like a function is given more than what to search for."""
        called = [False]
        for before, sign in zip(["", *self.names], self.tokens, strict=False):
            if sign == "(":
                called.append(before in indexes)
            elif sign == ")" and len(called) > 1:
                called.pop()
            elif sign == "," and called[-1]:
                return True
        return False


def asks_rank(sql: str, indexes: Collection[str]) -> bool:
    """Whether a statement does more with the rank of an index than to sort by it and to show it."""
    return Statement(letters(sql)).asks_rank(indexes)


def _name(token: str) -> str:
    """What a token names, however it is quoted."""
    quote = token[0]
    if quote == "[":
        return token[1:-1].lower()
    if quote in "'\"`":
        return token[1:-1].replace(quote * 2, quote).lower()
    return token.lower()


def _clauses(words: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The clause in which each word stands, and in how many parentheses."""
    clauses = [""]
    for word in words:
        if word == "(":
            clauses.append(clauses[-1])
        elif word == ")" and len(clauses) > 1:
            clauses.pop()
        elif word in _CLAUSES:
            clauses[-1] = word
        yield clauses[-1], len(clauses) - 1


def _are_free(words: Sequence[str]) -> Iterator[bool]:
    """For each word whether a rank may stand there."""
    is_one = words.count("select") == 1  # others could compare what it shows by another name
    for (clause, depth), then in zip(_clauses(words), [*words[1:], ""], strict=True):
        is_last = is_one or not depth
        yield clause == "order" or (clause == "select" and is_last and then in _SHOWN_BEFORE)
