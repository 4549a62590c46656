"""A search as people type it -> an FTS5 expression over the n-grams that the index holds.

All of FTS5's syntax goes on working: AND, OR, NOT, "phrases", prefix*, column:, {two columns}:,
-column:, ^first, "a" + "b", NEAR("a" "b", 5) and parentheses. What FTS5 would trip over in a plain
word (CVE-2024-3094, C++, a.b) is quoted. The grammar is FTS5's own: words side by side bind
tightest, then NOT, then AND, then OR.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.search.ngrams import has_words, phrase
from crawler.archive.search.signs import SAID, as_said
from crawler.archive.search.tokens import as_read, frequent_match
from crawler.characters import SURROGATES
from crawler.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

COLUMNS = ("title", "account", "source", "body")
"""The columns of the index; any other word before a colon is text."""

_MOST_ASKED = 500  # characters of a search that comes from elsewhere
_MAX_LENGTH = 2_000  # characters; a whole paragraph still fits
# of parentheses; FTS5's own parser has a stack of 100, and a level may take some ten places
_MAX_DEPTH = 8

_NAME = f"(?i:{'|'.join(COLUMNS)})"
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    | (?P<phrase>"(?:[^"]|"")*"\*?)
    | (?P<broken>")
    | (?P<columns>(?:-\s*+)?(?:{_NAME}|\{{\s*+{_NAME}(?:\s++{_NAME})*+\s*+\}})\s*+:)
    | (?P<near>NEAR\s*+\()
    | (?P<operator>(?:AND|OR|NOT)(?=[\s()"]|\Z))
    | (?P<open>\()
    | (?P<close>\))
    | (?P<plus>\+(?=[\s"]))
    | (?P<first>\^)
    | (?P<word>[^\s"()]+)
    """,
    re.VERBOSE,
)
# what SQLite ends a text at, or cannot be handed at all
_NOT_SQL = re.compile(rf"[\x00{SURROGATES}]")
_DISTANCE = re.compile(r"(?P<words>.*?),\s{0,99}(?P<distance>[0-9]{1,6})\s{0,99}\Z", re.DOTALL)
_ADVICE = 'put words to be taken as they are into double quotes, as in "a (b)"'


class Condition(NamedTuple):
    """An expression of SQL with the values for it; empty where nothing is asked."""

    sql: str = ""
    values: tuple[str, ...] = ()


_ANYTHING = Condition()
_NOTHING = Condition("0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to hand to `MATCH`, and the words to highlight, as they were typed.

    `condition`: what SQL asks of a row of `articles`, `a`, besides, for the signs in it (C++).
    """

    match: str
    terms: tuple[str, ...]
    condition: Condition = _ANYTHING


FOUND = "a.rowid IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)"
"""The condition of SQL that the index finds a row `a` of `articles`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    """A part of the expression: what `match` finds, as far as that meets the `condition`.

    `simple`: a phrase, which FTS5 lets stand beside another without an AND.
    """

    match: str = ""
    terms: tuple[str, ...] = ()
    condition: Condition = _ANYTHING
    simple: bool = True


def check_asked(words: str, advice: str) -> None:
    """Raises InputError for a search from elsewhere (a browser, a program) that is too long."""
    if len(words) > _MOST_ASKED:
        raise InputError("the search", f"has more than {_MOST_ASKED} characters", advice)


def parse_query(text: str, *, ngram: int = 2) -> Query:
    """Rewrite a search for an index of n-grams.

    Raises InputError, which says what is wrong, where the syntax is broken or there is no word in
    it.
    """
    if len(text) > _MAX_LENGTH:
        raise InputError(
            f"{text[:40]}...", f"is {len(text)} characters long", "search for a part of it"
        )
    node = _Parser(_asked(text), ngram).parse()
    return Query(match=node.match, terms=node.terms, condition=node.condition)


def literal_query(text: str, *, ngram: int = 2) -> Query:
    """Search for every word as it stands, whatever signs are in it.

    One that finds nothing where there is no word.
    """
    words = [word for word in re.split(r'[\s"]+', _asked(text[:_MAX_LENGTH])) if has_words(word)]
    frequent = [frequent_match(word, ngram) for word in words]
    phrases = " ".join(
        _quoted(word, ngram) for word, other in zip(words, frequent, strict=True) if not other
    )
    match = " AND ".join(filter(None, [phrases, *frequent])) or '""'
    return Query(match=match, terms=tuple(words), condition=_all_of(map(_said, words)))


def literal_phrase(text: str, *, ngram: int = 2) -> str:
    """The expression that finds words side by side, whatever signs are between them."""
    return _quoted(_asked(text), ngram)


def lenient_query(text: str, *, ngram: int = 2) -> Query:
    """Search with syntax where it is sound and literally where it is not, as a search box does."""
    try:
        return parse_query(text, ngram=ngram)
    except InputError:
        return literal_query(text, ngram=ngram)


def _asked(text: str) -> str:
    """What is searched for, less the marks that show nothing, which the index leaves out, too."""
    return as_read(_NOT_SQL.sub(" ", text))


def _quoted(text: str, ngram: int, *, prefix: bool = False) -> str:
    tokens, goes_on = phrase(text, ngram=ngram, prefix=prefix)
    return '"' + tokens.replace('"', " ").strip() + '"' + ("*" if goes_on else "")


class _Parser:
    """Recursive descent over the tokens of one search."""

    def __init__(self, text: str, ngram: int) -> None:
        self.text = text
        self.ngram = ngram
        self.tokens = [
            (match.lastgroup or "", match[0])
            for match in _TOKEN.finditer(text)
            if match.lastgroup != "space"
        ]
        self.index = 0
        self.depth = 0
        self.columns = frozenset(COLUMNS)  # in which what is being read is looked for

    def parse(self) -> _Node:
        node = self._either()
        if self._kind() == "close":
            raise self._error("closes a parenthesis that was never opened")
        return node

    def _kind(self) -> str:
        kind, text = self.tokens[self.index] if self.index < len(self.tokens) else ("end", "")
        return text if kind == "operator" else kind

    def _take(self) -> str:
        self.index += 1
        return self.tokens[self.index - 1][1]

    def _accept(self, kind: str) -> bool:
        found = self._kind() == kind
        self.index += found
        return found

    def _error(self, what: str) -> InputError:
        return InputError(f"search for {self.text!r}", what, _ADVICE)

    def _either(self) -> _Node:
        parts = [self._both()]
        while self._accept("OR"):
            parts.append(self._both())
        return replace(_joined(parts, " OR "), condition=self._any_of(parts))

    def _both(self) -> _Node:
        parts = [self._without()]
        while self._accept("AND"):
            parts.append(self._without())
        return _joined(parts, " AND ")

    def _without(self) -> _Node:
        first, *others = [self._side_by_side(), *self._excluded()]
        sure = [replace(other, terms=()) for other in others if not other.condition.sql]
        conditions = [self._not(other) for other in others if other.condition.sql]
        node = _joined([first, *sure], " NOT ")
        return replace(node, condition=_all_of([first.condition, *conditions]))

    def _excluded(self) -> Iterator[_Node]:
        while self._accept("NOT"):
            yield self._side_by_side()

    def _found(self, node: _Node) -> Condition:
        """All that is asked for a part to be found, which the whole `match` may not ask."""
        if not self.columns:
            return _NOTHING
        is_all = len(self.columns) == len(COLUMNS)
        match = node.match if is_all else f"{{{' '.join(sorted(self.columns))}}}: ({node.match})"
        return _all_of([Condition(FOUND, (match,)), node.condition])

    def _not(self, node: _Node) -> Condition:
        sql, values = self._found(node)
        return Condition(f"NOT ({sql})", values)

    def _any_of(self, parts: list[_Node]) -> Condition:
        if len(parts) == 1 or not any(part.condition.sql for part in parts):
            return parts[0].condition
        found = [self._found(part) for part in parts]
        sql = " OR ".join(f"({condition.sql})" for condition in found)
        return Condition(f"({sql})", _all_values(found))

    def _side_by_side(self) -> _Node:
        parts = []
        signs = False
        while self._kind() not in ("end", "close", "AND", "OR", "NOT"):
            part = self._operand()
            parts.append(part)
            signs = signs or not part.match
        parts = [part for part in parts if part.match]
        if not parts:
            raise self._error(self._missing(signs=signs))
        if all(part.simple for part in parts):
            match = " ".join(part.match for part in parts)
            return _Node(match=match, terms=_all_terms(parts), condition=_all_asked(parts))
        return _joined(parts, " AND ")

    def _missing(self, *, signs: bool) -> str:
        if signs:
            return "holds no letter, digit or character to search for"
        if not self.tokens:
            return "is empty"
        if self.index < len(self.tokens):
            return f"needs a word before {self._neighbour()}"
        return f"needs a word after {self._neighbour()}"

    def _neighbour(self) -> str:
        return self.tokens[min(self.index, len(self.tokens) - 1)][1]

    def _operand(self) -> _Node:
        if self._kind() != "columns":
            return self._one_operand()
        outer, columns = self.columns, self._take()
        self.columns &= _names_in(columns)
        node = self._one_operand()
        self.columns = outer
        return replace(node, match=f"{columns} {node.match}") if node.match else node

    def _one_operand(self) -> _Node:
        if self._kind() == "open":
            return self._group()
        return self._near() if self._kind() == "near" else self._phrases()

    def _group(self) -> _Node:
        self._take()
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self._error(f"nests more than {_MAX_DEPTH} parentheses")
        node = self._either()
        if not self._accept("close"):
            raise self._error("has a parenthesis that is never closed")
        self.depth -= 1
        is_group = node.match.startswith("(")
        return node if is_group else replace(node, match=f"({node.match})", simple=False)

    def _near(self) -> _Node:
        self._take()
        phrases = []
        while self._kind() in ("word", "phrase"):
            phrases.append(self._take())
        if not self._accept("close"):
            raise self._error('needs NEAR to look like NEAR("one" "two", 10)')
        inside = _DISTANCE.match(" ".join(phrases))
        distance = f", {inside['distance']}" if inside else ""
        words = inside["words"] if inside else " ".join(phrases)
        nodes = [self._phrase(text) for text in _words(words)]
        found = [node for node in nodes if node.match]
        if not found:
            raise self._error("needs words inside NEAR")
        match = f"NEAR({' '.join(node.match for node in found)}{distance})"
        return _Node(match=match, terms=_all_terms(found), condition=_all_asked(found))

    def _phrases(self) -> _Node:
        first = "^" if self._accept("first") else ""
        parts = [self._one_phrase()]
        while self._accept("plus"):
            parts.append(self._one_phrase())
        text = " ".join(part for part in parts if part.strip('"*'))
        if len(parts) > 1:
            text = f'"{text.replace(chr(34), "")}"'
        node = self._phrase(text)
        # Not where it must be in the first place, nor so deep that its own parentheses are too many
        # for FTS5.
        if (
            not first
            and self.depth < _MAX_DEPTH - 1
            and (frequent := frequent_match(text, self.ngram))
        ):
            return replace(node, match=frequent, simple=False)
        return replace(node, match=first + node.match) if node.match else node

    def _one_phrase(self) -> str:
        if self._kind() == "broken":
            raise self._error("has a quotation mark that is never closed")
        if self._kind() not in ("word", "phrase"):
            raise self._error(self._missing(signs=False))
        return self._take()

    def _phrase(self, text: str) -> _Node:
        prefix = len(text) > 1 and text.endswith("*")
        words = (
            text.rstrip("*").strip('"').replace('""', '"')
            if text.startswith('"')
            else text.rstrip("*")
        )
        if not has_words(words):
            return _Node()
        match = _quoted(words, self.ngram, prefix=prefix)
        return _Node(match=match, terms=(words,), condition=_said(words, self.columns))


def _words(text: str) -> list[str]:
    return re.findall(r'"(?:[^"]|"")*"\*?|[^\s"]+', text)


def _joined(parts: list[_Node], operator: str) -> _Node:
    """The parts in parentheses; one alone stays as it is."""
    if len(parts) == 1:
        return parts[0]
    match = f"({operator.join(part.match for part in parts)})"
    return _Node(match=match, terms=_all_terms(parts), condition=_all_asked(parts), simple=False)


def _all_terms(parts: list[_Node]) -> tuple[str, ...]:
    return tuple(term for part in parts for term in part.terms)


def _all_asked(parts: list[_Node]) -> Condition:
    return _all_of(part.condition for part in parts)


def _all_of(conditions: Iterable[Condition]) -> Condition:
    asked = list(dict.fromkeys(condition for condition in conditions if condition.sql))
    return Condition(" AND ".join(condition.sql for condition in asked), _all_values(asked))


def _all_values(conditions: Iterable[Condition]) -> tuple[str, ...]:
    return tuple(value for condition in conditions for value in condition.values)


def _said(words: str, among: Collection[str] = COLUMNS) -> Condition:
    """That an article says some words with the signs at their ends, in one of some columns."""
    columns = [f"a.{name}" if name in among else "NULL" for name in COLUMNS]
    return _all_of(Condition(SAID.format(*columns), (said,)) for said in as_said(words))


def _names_in(columns: str) -> frozenset[str]:
    """The columns that `title:`, `{title body}:` or `-title:` names."""
    named = frozenset(re.findall("[a-z]+", columns.lower()))
    return frozenset(COLUMNS) - named if columns.startswith("-") else named
