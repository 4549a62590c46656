"""Cells that say a title and its link together, and the rows of tables in HTML."""

from __future__ import annotations

import re
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING

from crawler.characters import on_one_line, unescaped
from crawler.clean.listings.fields import ROLES, article_links
from crawler.clean.listings.ruled import names_of, words_of
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FORMULA = re.compile(
    r"\s*=\s?HYPERLINK\(\s?\"[^\"]*+\"\s?[,;]\s?\"(?P<words>(?:[^\"]|\"\")*+)\"\s?\)\s*",
    re.IGNORECASE,
)
_ANCHOR = re.compile(r"\s*<a\s[^<>]*+>(?P<words>[^<]*+)</a>\s*", re.IGNORECASE)
_LABELLED = re.compile(r"\s*!?\[")
_MAY_LEAD = frozenset(ROLES["title"]).union(ROLES["account"], ROLES["published"], ROLES["listed"])
_MAY_LEAD -= {"source", "来源"}  # where the words of a link say no more than that one is there
_MOST_COLUMNS = 64
_AT_ONCE = 1000  # rows
_LONGEST = 200_000  # characters of a cell, which may hold a text
_MOST_ABOVE = 5  # rows, with what a table is called
_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_ROW = re.compile(r"<tr\b", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b[^<>]*+>", re.IGNORECASE)
_REACH = re.compile(r"\s(row|col)span\s?=\s?[\"']?([0-9]{1,5})", re.IGNORECASE)
_LONGEST_AGAIN = 200  # characters that a cell says in each row that it reaches into
_END = re.compile(r"</(?:t[dhr]|table|tbody|thead)\b", re.IGNORECASE)
_BREAK = re.compile(r"<br\b[^<>]*+>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*+>")
_HREF = re.compile(r"\shref\s?=\s?(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))", re.IGNORECASE)


def with_titles(values: Mapping[str, str]) -> Mapping[str, str]:
    """What a row says, of a title, an account or a day that stands in a link the words."""
    leading = [key for key, said in values.items() if key in _MAY_LEAD and HOST in said]
    return {**values, **{key: _words_in(values[key]) for key in leading}}


def link_in_title(values: Mapping[str, str]) -> str:
    """The article to which the title in a row leads, which is its own; "" for none, or several."""
    titles = (article_links(values.get(key, "")) for key in ROLES["title"])
    links = {*next(filter(None, titles), [])}
    return links.pop() if len(links) == 1 else ""


def _words_in(cell: str) -> str:
    found = _FORMULA.fullmatch(cell) or _ANCHOR.fullmatch(cell)
    if found:
        return unescaped(found["words"].replace('""', '"'))
    return words_of(cell) if _LABELLED.match(cell) else cell


def tables_in(html: str) -> Iterator[list[list[str]]]:
    """The rows of each table in HTML below one that names columns that are known, some at a time.

    Each time with that row: all that is said of 100,000 links would fill memory.
    """
    html = _without_comments(html)
    for start, end in _spans(_TABLE, html, 0, len(html)):
        rows = _rows_in(html, start, end)
        head = next(filter(names_of, islice(rows, _MOST_ABOVE)), None)
        if head:
            while some := [*islice(rows, _AT_ONCE)]:
                yield [head, *some]


def _without_comments(html: str) -> str:
    """HTML less its comments, in which programs for tables write cells for others."""
    parts, at = list[str](), 0
    while (begin := html.find("<!--", at)) >= 0 and (end := html.find("-->", begin)) >= 0:
        parts.append(html[at:begin])
        at = end + len("-->")
    return "".join([*parts, html[at:]])


def _spans(begin: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """From where each of these begins to the next, or to the end."""
    starts = (found.start() for found in begin.finditer(text, start, end))
    return pairwise(chain(starts, [end]))


def _rows_in(html: str, start: int, end: int) -> Iterator[list[str]]:
    """The cells of each row, with those that reach into it from above."""
    reach: dict[int, tuple[int, str]] = {}  # by column: up to which row, and what is said there
    for number, (at, behind) in enumerate(_spans(_ROW, html, start, end)):
        row = list[str]()
        for one, other in islice(_spans(_CELL, html, at, behind), _MOST_COLUMNS):
            _add_reaching(row, number, reach)
            if len(row) >= _MOST_COLUMNS:
                break
            column, words = len(row), _cell(html[one:other])
            down, right = _reach_of(html, one)
            row += [words] + [""] * min(right - 1, _MOST_COLUMNS - column)
            if down > 1:
                again = words if len(words) < _LONGEST_AGAIN and HOST not in words else ""
                above = dict.fromkeys(range(column, len(row)), (number + down, ""))
                reach |= {**above, column: (number + down, again)}
        _add_reaching(row, number, reach)
        yield row


def _reach_of(html: str, place: int) -> tuple[int, int]:
    """How many rows and columns the cell that begins here takes."""
    found = _REACH.findall(html, place, html.index(">", place))
    said = {key.lower(): int(count) for key, count in found}
    return said.get("row", 1), said.get("col", 1)


def _add_reaching(row: list[str], number: int, reach: Mapping[int, tuple[int, str]]) -> None:
    while (above := reach.get(len(row))) and number < above[0] and len(row) < _MOST_COLUMNS:
        row.append(above[1])


def _cell(html: str) -> str:
    """What a cell says; behind that the links to articles that it only leads to.

    Of several nobody knows whose its words are.
    """
    html = _END.split(html[:_LONGEST], maxsplit=1)[0]
    words = on_one_line(unescaped(_TAG.sub("", _BREAK.sub(" ", html))))
    hrefs = (unescaped(next(filter(None, found), "")) for found in _HREF.findall(html))
    leads = dict.fromkeys(link for href in hrefs for link in article_links(href))
    if len(leads) > 1:
        return " ".join(leads)
    return f"[{words}]({next(iter(leads))})" if leads and not article_links(words) else words
