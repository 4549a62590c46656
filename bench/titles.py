"""Section titles against labels: `python -m bench.titles [--show]`.

Each labelled page is read, and the headings of its Markdown are compared with what an eye took for
a title on the page. `tests/title_labels.tsv` names a title by a hash of its letters: `title` must
be a heading, `either` may be one, and nothing else may; `none` says that a page has no title.
Pages are those of ../shared/pages, and in tests/titles those that copy what editors write, a third
of which only look like titles: quotations, captions, poems, questions, lists of bold words.
Labels stood before the rules of `crawler/clean/body/headings.py` were run on them; the half
`unseen` was scored once, after the rules were frozen, and not looked at before.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from markdown_it import MarkdownIt

from bench.fidelity import PAGES, cases
from crawler.clean.pages import read_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TESTS = Path(__file__).resolve().parent.parent / "tests"
LABELS = TESTS / "title_labels.tsv"
MADE = TESTS / "titles"
HALVES = ("seen", "unseen")

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_MARKS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\A(?:part)?[0-9]+(?=.)")  # whether or not it joins the title is no matter
_TAG = re.compile(r"</?[a-z]+>")


@dataclass(slots=True)
class Labels:
    """What an eye saw on one page, by the hashes of titles."""

    half: str
    titles: set[str] = field(default_factory=set)
    either: set[str] = field(default_factory=set)


class TitleScore(NamedTuple):
    """How the headings of one page compare."""

    name: str
    half: str
    right: int  # headings that are titles
    wrong: tuple[str, ...]  # headings that are none
    missed: int  # titles that are no heading


def title_hash(text: str) -> str:
    """How a label names a title: by its letters and digits, less a number before it."""
    dense = _MARKS.sub("", unicodedata.normalize("NFKC", text)).lower()
    return hashlib.sha256(_NUMBER.sub("", dense).encode()).hexdigest()[:12]


def read_labels(path: Path = LABELS) -> dict[str, Labels]:
    """The labels of every page."""
    labels: dict[str, Labels] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            page = labels.setdefault(row["page"], Labels(row["half"]))
            if row["label"] == "title":
                page.titles.add(row["key"])
            elif row["label"] == "either":
                page.either.add(row["key"])
    return labels


def pages() -> Iterator[tuple[str, bytes]]:
    """The names and bytes of all pages that are at hand."""
    for path in sorted(MADE.glob("*.html")):
        yield f"made/{path.stem}", path.read_bytes()
    if PAGES.is_dir():
        for case in cases(PAGES):
            yield case.name, case.page


def headings(markdown: str) -> list[str]:
    """The words of each heading of a document."""
    tokens = _MARKDOWN.parse(markdown)
    return [
        _TAG.sub("", "".join(child.content for child in token.children or ()))
        for before, token in pairwise(tokens)
        if before.type == "heading_open"
    ]


def score_page(name: str, page: bytes, labels: Labels) -> TitleScore:
    """Compare one page's headings with its labels."""
    given = {title_hash(title): title for title in headings(read_page(page).text)}
    known = labels.titles | labels.either
    return TitleScore(
        name=name,
        half=labels.half,
        right=len(labels.titles & given.keys()),
        wrong=tuple(title for key, title in given.items() if key not in known),
        missed=len(labels.titles - given.keys()),
    )


def measure(labels: Mapping[str, Labels]) -> list[TitleScore]:
    """Every page that has labels and is at hand."""
    return [score_page(name, page, labels[name]) for name, page in pages() if name in labels]


def rates(scores: list[TitleScore]) -> tuple[float, float]:
    """Precision and recall over all titles of some pages."""
    right = sum(score.right for score in scores)
    wrong = sum(len(score.wrong) for score in scores)
    missed = sum(score.missed for score in scores)
    return right / max(1, right + wrong), right / max(1, right + missed)


def main() -> int:
    """Print the table of the README."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--half", choices=HALVES, help="score one half only")
    parser.add_argument("--show", action="store_true", help="print the pages that differ")
    given = parser.parse_args()
    groups: defaultdict[tuple[str, str], list[TitleScore]] = defaultdict(list)
    for score in measure(_of_half(read_labels(), given.half)):
        source = "made" if score.name.startswith("made/") else "real"
        groups[score.half, source].append(score)
        groups[score.half, "all"].append(score)
        if given.show and (score.wrong or score.missed):
            print(f"- {score.name}: {score.right} right, {score.missed} missed, {score.wrong}")
    print("| half | pages | count | titles | precision | recall |\n|---|---|---|---|---|---|")
    for (half, source), scores in sorted(groups.items()):
        precision, recall = rates(scores)
        titles = sum(score.right + score.missed for score in scores)
        print(f"| {half} | {source} | {len(scores)} | {titles} | {precision:.3f} | {recall:.3f} |")
    return 0


def _of_half(labels: dict[str, Labels], half: str | None) -> dict[str, Labels]:
    return {name: label for name, label in labels.items() if half in (None, label.half)}


if __name__ == "__main__":
    raise SystemExit(main())
