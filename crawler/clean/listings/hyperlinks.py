"""What of a spreadsheet's cells stands in none: where they lead, and how far down they go.

A title that is a link, as people paste them, and `=HYPERLINK("address", "words")` show words alone.
What reads sheets as streams gives the words, so the addresses are looked for in the sheet's XML.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from crawler.characters import unescaped
from crawler.clean.listings.fields import article_links
from crawler.clean.listings.limits import bounded
from crawler.urls import HOST, parse_url

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator, Mapping

Leads = dict[int, dict[str, int]]
"""Number of a row -> the articles to which its cells lead, each with the column of the first."""

Spans = dict[int, list[tuple[int, int]]]
"""Number of a row -> its cells that go down from it, by the column, and to which row."""

_CHUNK = 1 << 20
_LONGEST = 16 << 10  # bytes of one element; a formula has 8,192 characters at most

_LINK_OR_FORMULA = re.compile(
    rb"<(?:\w{1,20}:)?(?:hyperlink\s(?P<link>[^<>]{1,4000}+)>"
    rb"|c\s(?P<cell>[^<>]{1,300}+)><(?:\w{1,20}:)?f[^<>]{0,300}+>(?P<formula>[^<]{1,9000}+)<)"
)
_MERGED = re.compile(
    rb"<(?:\w{1,20}:)?mergeCell\s[^<>]{0,99}?ref=[\"'](?P<column>[A-Z]{1,3})(?P<first>[0-9]{1,7})"
    rb":[A-Z]{1,3}(?P<last>[0-9]{1,7})[\"']"
)
_RELATIONSHIP = re.compile(rb"<(?:\w{1,20}:)?Relationship\s[^<>]{1,4000}+>")
_ATTRIBUTE = re.compile(r"""(?:^|\s)(?:\w{1,20}:)?(\w{1,20})\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_PLACE = re.compile(r"\$?(?P<column>[A-Z]{1,3})\$?(?P<row>[0-9]{1,7})")
_ADDRESS = re.compile(r'HYPERLINK\(\s*+"([^"]{1,4000}+)"', re.IGNORECASE)


def leads_of(packed: zipfile.ZipFile, sheet: str) -> Leads:
    """Where the cells of one sheet lead, by its path in the packed file.

    Raises TooLargeError for more than any list holds.
    """
    found: Leads = {}  # a hundred thousand cells may claim one row
    for row, column, link in bounded(_places_and_links(packed, sheet)):
        found.setdefault(row, {}).setdefault(link, column)
    return found


def with_leads(cells: list[str], leads: Mapping[str, int]) -> list[str]:
    """The cells of a row, and behind them where they lead.

    Where several articles are named, the cell that leads to one says so, too.
    """
    known = {parse_url(link).article_id for cell in cells for link in article_links(cell)}
    others = [link for link in leads if parse_url(link).article_id not in known]
    for link in others if known or len(others) > 1 else ():
        column = leads[link]
        if column < len(cells) and not article_links(cells[column]):
            cells[column] = f'<a href="{link}">{escape(cells[column], quote=False)}</a>'
    return cells + others


def spans_of(packed: zipfile.ZipFile, sheet: str) -> Spans:
    """The cells of one sheet that go down over more rows than their own.

    Raises TooLargeError for more than any list holds.
    """
    found: Spans = {}
    for merged in bounded(_elements(packed, sheet, _MERGED)):
        column, first, last = _index(merged["column"]), int(merged["first"]), int(merged["last"])
        if last > first:
            found.setdefault(first, []).append((column, last))
    return found


def _index(letters: bytes) -> int:
    """The number of a column, of which A is 0."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number - 1


def _places_and_links(packed: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, int, str]]:
    """The row and column of a cell, and an article to which it leads; other sites do not count."""
    for cell, address in _found(packed, sheet):
        place = _PLACE.match(cell)
        if place:
            column = _index(place["column"].encode())
            yield from ((int(place["row"]), column, link) for link in article_links(address))


def _targets(packed: zipfile.ZipFile, sheet: str) -> dict[str, str]:
    """The addresses that a sheet's relations name, by their ids."""
    folder, _, name = sheet.rpartition("/")
    path = f"{folder}/_rels/{name}.rels"
    if path not in packed.namelist():
        return {}
    relations = (_attributes(found[0]) for found in _elements(packed, path, _RELATIONSHIP))
    named = bounded(told for told in relations if HOST in told.get("Target", ""))
    return {told.get("Id", ""): told["Target"] for told in named}


def _found(packed: zipfile.ZipFile, sheet: str) -> Iterator[tuple[str, str]]:
    """Each cell that leads somewhere by itself, and where to."""
    targets = _targets(packed, sheet)
    for found in _elements(packed, sheet, _LINK_OR_FORMULA):
        told = _attributes(found["link"] or found["cell"])
        target = targets.get(told.get("id", ""))
        if found["link"] and target:
            yield told.get("ref", ""), target
        elif found["formula"] and HOST.encode() in found["formula"]:
            address = _ADDRESS.search(_text(found["formula"]))
            if address:
                yield told.get("r", ""), address[1]


def _elements(
    packed: zipfile.ZipFile, path: str, pattern: re.Pattern[bytes]
) -> Iterator[re.Match[bytes]]:
    """What a pattern finds in a packed file, which is never whole in memory."""
    with packed.open(path) as file:
        rest = b""
        while chunk := file.read(_CHUNK):
            rest += chunk
            end = 0
            for found in pattern.finditer(rest):
                end = found.end()
                yield found
            rest = rest[max(end, len(rest) - _LONGEST) :]


def _attributes(element: bytes) -> dict[str, str]:
    """The attributes of an element, without prefixes of namespaces."""
    found = _ATTRIBUTE.findall(_text(element))
    return {name: double or single for name, double, single in found}


def _text(xml: bytes) -> str:
    return unescaped(xml.decode("utf-8", "replace"))
