"""How faithful Markdown is to a page.

What its rendering shows is compared with what the page shows.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, fields

from markdown_it import MarkdownIt

from bench.shown import Shown, body_of_markup, shown

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

# Markdown that is still to be seen once it is rendered, outside code.
LEAKS = re.compile(
    r"\*\*|~~|__(?=\S)|\]\(|!\[|`|\\[!-/:-@\[-`{-~]|&(?:nbsp|amp|lt|gt|quot|#\d+);"
    r"|(?m:^\s*(?:#{1,6}\s+(?=\S)|\|[ :-]*-{3}|>\s+(?=\S)))"
)


# A player or a card is a picture on the page; the word that says what it is counts as no text too
# much.
LABEL = re.compile(
    r"(?m)^(\[?)(?:视频号?|音频|音乐|小程序|公众号|投票|位置|商品|转载自)((?:：.{0,300}|\].{0,300})?)$"
)


def _unlabelled(line: re.Match[str]) -> str:
    """The line of a player or card without its label and the marks between its parts."""
    words = line[2]
    for mark in "：" if "转载自" in line[0] else "：：（）":
        words = words.replace(mark, "", 1)
    return line[1] + words


@dataclass(frozen=True, slots=True)
class Score:
    """One converter on one page; all but the last two are parts of one."""

    recall: float
    precision: float
    images: float
    links: float
    code: float
    cells: float
    bold: float
    formulas: float
    leaks: int
    milliseconds: float


GOALS = {
    "recall": 1.0,
    "precision": 0.999,
    "images": 1.0,
    "links": 1.0,
    "code": 1.0,
    "cells": 1.0,
    "bold": 0.999,
    "formulas": 1.0,
}


def score(markdown: str, page: Shown, milliseconds: float = 0.0) -> Score:
    """Compare Markdown with what a page shows."""
    found, markdown = _formulas(markdown, page.formulas)
    markdown = LABEL.sub(_unlabelled, markdown)
    rendering = shown(body_of_markup(RENDERER.render(markdown)))
    wanted, given = page.characters, rendering.characters
    common = common_length(wanted, given)
    return Score(
        recall=_part(common, len(wanted)),
        precision=_part(common, len(given)),
        images=_part(len(page.images & rendering.images), len(page.images)),
        links=_part(len(page.links & rendering.links), len(page.links)),
        code=_part(_shared(page.code, rendering.code), page.code.total()),
        cells=_part(_shared(page.cells, rendering.cells), page.cells.total()),
        bold=_bold(_bold_of(page, rendering), rendering.bold_characters),
        formulas=_part(found, len(page.formulas)),
        leaks=leaks_of(rendering, page).total(),
        milliseconds=milliseconds,
    )


def common_length(one: str, other: str) -> int:
    """The length of the longest common subsequence, exactly.

    Hyyrö's bit-parallel method on Python's long integers.
    """
    if one == other:
        return len(one)
    places: dict[str, int] = {}
    for place, character in enumerate(one):
        places[character] = places.get(character, 0) | 1 << place
    everywhere = (1 << len(one)) - 1
    row = everywhere
    for character in other:
        matches = row & places.get(character, 0)
        row = (row + matches | row - matches) & everywhere
    return len(one) - row.bit_count()


def _part(common: int, whole: int) -> float:
    return common / whole if whole else 1.0


def _shared(one: Counter[str], other: Counter[str]) -> int:
    return (one & other).total()


def _bold_of(page: Shown, rendering: Shown) -> str:
    """The page's bold words, but for those that only now are headings, which are bold anyway."""
    titles = Counter(rendering.titles) - Counter(page.titles)
    whole = titles & Counter(page.bold)  # others stand in several pieces
    new = list((titles - whole).elements())
    outside = []
    for piece in page.bold:
        if whole[piece] > 0:
            whole[piece] -= 1
            continue
        place = next((place for place, title in enumerate(new) if _is_part(piece, title)), None)
        if place is None:
            outside.append(piece)
        else:
            new[place] = new[place].replace(piece, "", 1)
    return "".join(outside)


def _is_part(piece: str, title: str) -> bool:
    return title.startswith(piece) or (len(piece) > 2 and piece in title)


def _bold(wanted: str, given: str) -> float:
    """Too little and too much bold count alike; punctuation may stand outside of it."""
    wanted, given = ("".join(filter(str.isalnum, text)) for text in (wanted, given))
    return _part(2 * common_length(wanted, given), len(wanted) + len(given))


def _formulas(markdown: str, formulas: list[str]) -> tuple[int, str]:
    """How many formulas stand as `$...$`, and the Markdown without them.

    A plain renderer would show their TeX.
    """
    found = 0
    for formula in formulas:
        pattern = r"\s+".join(map(re.escape, formula.split()))
        markdown, times = re.subn(r"(\${1,2})\s*" + pattern + r"\s*\1", "", markdown, count=1)
        found += times
    return found, markdown


def leaks_of(rendering: Shown, page: Shown) -> Counter[str]:
    """What looks like Markdown in the rendering, less what the page itself shows so."""
    seen = Counter(match.strip() for match in LEAKS.findall("".join(rendering.prose)))
    return seen - Counter(match.strip() for match in LEAKS.findall("".join(page.prose)))


def below_goal(result: Score) -> dict[str, float]:
    """The metrics that miss their goal."""
    missed = {
        name: getattr(result, name)
        for name, goal in GOALS.items()
        if round(getattr(result, name), 6) < goal
    }
    if result.leaks:
        missed["leaks"] = result.leaks
    return missed


METRICS = tuple(field.name for field in fields(Score))
