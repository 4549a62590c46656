"""Tables of Markdown: rows between bars, below the names of their columns and a rule."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.characters import on_one_line
from crawler.clean.listings.fields import ROLES, plain, title_of_link
from crawler.clean.listings.texts import is_text

_BAR = re.compile(r"(?<!\\)\|")
_LABELLED = re.compile(
    # with brackets of a title's own, and the words that are shown over a link
    r"!?\[((?:\\[\[\]]|\[[^\[\]]{0,100}\]|[^\[\]]){0,300}+)\]"
    r"\([^()\s]{0,2000}+(?:\s{1,3}(?:\"[^\"]{0,300}\"|'[^']{0,300}'))?\)"
)
_WIKI = re.compile(r"\[\[([^\[\]|]{1,300})\]\]")
_MARKED = re.compile(r"(?:\*{1,3}|`)(?P<words>[^*`]++)(?:\*{1,3}|`)")
_ESCAPED = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
KNOWN = frozenset(name for names in ROLES.values() for name in names)
"""What columns and keys are called whose meaning is known, as `plain` writes it."""
_FEWEST = 2  # columns that are known: one word between bars may be anybody's


@dataclass(slots=True)
class Ruled:
    """The table that a line stands in, as the lines above it have it."""

    names: list[str] = field(default_factory=list)
    _above: list[str] = field(default_factory=list)
    _called: list[str] = field(default_factory=list)  # as `names`, those that nobody knows too

    def row(self, line: str) -> dict[str, str]:
        """What a row's cells say, under plain names; nothing where the line is no row.

        Links are their words here, and what columns of unknown names say stands under "".
        """
        cells = _cells_of(line)
        if not cells:
            self.names, self._above, self._called = [], [], []
            return {}
        if _is_rule(line):
            self.names = names_of(self._above) if len(cells) == len(self._above) else []
            self._called = [*map(plain, self._above)]
            return {}
        self._above = cells
        if len(cells) != len(self.names):
            return {}
        values: dict[str, str] = {}
        for name, cell in zip(self.names, cells, strict=True):
            values.setdefault(name, words_of(cell))
        others = (words_of(cell) for name, cell in zip(self.names, cells, strict=True) if not name)
        return {**values, "": " | ".join(filter(None, others))}

    def cells(self, line: str) -> dict[str, str]:
        """What stands in the cells of a row of it, as it stands there, under plain names."""
        return dict(zip(self._called, _cells_of(line), strict=False))

    def has_text(self, line: str) -> bool:
        """Whether a text stands in a cell of this row of it, and no remark."""
        return any(map(is_text, self._called, _cells_of(line)))


def _cells_of(line: str) -> list[str]:
    if "|" not in line:
        return []
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [cell.strip() for cell in _BAR.split(inner)]


def _is_rule(line: str) -> bool:
    return "-" in line and not line.strip("|:+- \t\r\n")


def names_of(cells: list[str]) -> list[str]:
    """The names of columns, those that nobody knows empty; none where hardly any is known."""
    names = [plain(cell) for cell in cells]
    known = [name if name in KNOWN else "" for name in names]
    return known if sum(map(bool, known)) >= _FEWEST else []


def words_of(cell: str) -> str:
    """What a cell, or what stands behind a key, says in words: links are theirs."""
    words = _LABELLED.sub(r"\1", _LABELLED.sub(r"\1", cell))  # of a picture that is a link, too
    words = _WIKI.sub(r"\1", words)
    words = on_one_line(_ESCAPED.sub("", words))
    marked = _MARKED.fullmatch(words)
    words = marked["words"] if marked else words
    return title_of_link(words)
