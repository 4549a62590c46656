"""How many articles of a collection are one story told again, and how well they are told apart.

`python -m bench.stories [FOLDER]` reads the seeds of a folder (else `../shared/seeds`) and prints
the groups, what is surplus, and what it took. Of the sample it also scores pairs that were labelled
by eye. "same": the same text told again, whole or nearly, whatever stands around it; "different":
anything else, also the next issue of a series, and an announcement in whose frame other things are
announced.

- `tests/story_labels.tsv`, on which the thresholds were chosen: all of which at least 15 % of the
  pieces are shared or 35 % of the shorter text, and as many others, half of one account, as make
  300.
- `tests/story_labels_unseen.tsv`, drawn and labelled after that, on which nothing was chosen: 300
  others, of every stratum of what is shared, the nearest of all first. Nothing there is told again,
  for the first ones hold all that is; so it says how often what only has a frame in common is
  joined, and of retellings that are found nothing.

That is told by retellings made of the sample's texts: cut after half (the signature of a beginning
takes 1,000 letters, so that shorter pieces are not all found), and with another article's last
tenth in the place of their own (which is too much of another text beside a short one).
"""

from __future__ import annotations

import csv
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bench.search import SHARED
from crawler.archive import Archive
from crawler.clean.stories import Shelf, are_same, letters_of, shingles_of, sign
from crawler.flows import find_seeds, group_stories, reclean

if TYPE_CHECKING:
    from collections.abc import Sequence

_TESTS = Path(__file__).resolve().parent.parent / "tests"
LABELS = _TESTS / "story_labels.tsv"
UNSEEN = _TESTS / "story_labels_unseen.tsv"
RETOLD = 500  # texts
_LEAST = 500  # letters of each


class Label(NamedTuple):
    """Two articles, by the SHA-256 of their seeds, and what they are to one another."""

    one: str
    other: str
    shared: float
    same: bool


def read_labels(path: Path = LABELS) -> list[Label]:
    """The pairs that were labelled by eye."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Label(row["one"], row["other"], float(row["shared"]), row["label"] == "same")
            for row in csv.DictReader(lines, delimiter="\t")
        ]


def groups_of(archive: Archive) -> dict[str, str]:
    """Of every article with a text the beginning of its seed's SHA-256, and its group's name."""
    rows = archive.database.conn.execute(
        "SELECT substr(a.evidence, 1, 16), coalesce(s.earliest, a.id)"
        " FROM articles a JOIN stories s ON s.article_id = a.id"
    )
    return dict(rows.fetchall())


def wrong_pairs(archive: Archive, labels: Sequence[Label] | None = None) -> list[Label]:
    """The labelled pairs that the archive's groups tell otherwise."""
    group = groups_of(archive)
    return [
        label
        for label in (read_labels() if labels is None else labels)
        if (group[label.one] == group[label.other]) is not label.same
    ]


def fill(archive: Archive, folder: Path) -> float:
    """Read the seeds of a folder and group them; the processor's seconds that grouping took."""
    for _ in reclean(find_seeds([folder])[0], archive):
        pass
    started = time.process_time()
    for _ in group_stories(archive)[1]:
        pass
    return time.process_time() - started


def _print_groups(archive: Archive, seconds: float) -> None:
    members = list(archive.stories.members())
    sizes = Counter(member.group for member in members)
    accounts = archive.database.conn.execute(_SURPLUS_ACROSS).fetchone()[0]
    cut = archive.database.conn.execute(_CUT_BESIDE_WHOLE).fetchone()[0]
    (signed,) = archive.database.conn.execute("SELECT count(*) FROM stories").fetchone()
    print(f"{signed:,} texts compared in {seconds:.1f} s of processor time")
    print(f"{len(sizes):,} groups hold {len(members) - len(sizes):,} surplus articles,")
    print(f"{accounts:,} of these of another account than the earliest;")
    print(f"{cut:,} groups have a copy that was cut beside a whole one")


_SURPLUS_ACROSS = """
SELECT count(*) FROM stories s
JOIN articles a ON a.id = s.article_id JOIN articles e ON e.id = s.earliest
WHERE a.biz <> e.biz
"""
_CUT_BESIDE_WHOLE = """
SELECT count(*) FROM (
    SELECT 1 FROM stories WHERE earliest IS NOT NULL GROUP BY earliest HAVING min(cut) < max(cut))
"""


def _print_score(archive: Archive, path: Path) -> None:
    labels = read_labels(path)
    wrong = wrong_pairs(archive, labels)
    same = sum(label.same for label in labels)
    missed = sum(label.same for label in wrong)
    joined = same - missed + sum(not label.same for label in wrong)
    print(f"\n{path.name}: {len(labels)} pairs, {same} of them the same")
    print(f"right {_percent(len(labels) - len(wrong), len(labels))}", end=", ")
    print(f"precision {_percent(same - missed, joined)}", end=", ")
    print(f"recall {_percent(same - missed, same)}")
    for label in wrong:
        print(f"  wrong: {label.one} {label.other} {label.shared:.2f} same: {label.same}")


def _percent(part: int, whole: int) -> str:
    return f"{part} of {whole}, {100 * part / whole:.1f} %" if whole else "of none"


def _print_retold(archive: Archive) -> None:
    """How many retellings of texts of the archive are found, of either sort."""
    bodies = archive.database.conn.execute("SELECT body FROM articles ORDER BY id").fetchall()
    texts = [text for (body,) in bodies if len(text := letters_of(body)) >= _LEAST]
    drawn = random.Random(26).sample(texts, min(RETOLD, len(texts)))  # noqa: S311 -- the same draw
    halves = [text[: len(text) // 2] for text in drawn]
    ends = drawn[1:] + drawn[:1]
    framed = [
        text[: len(text) * 9 // 10] + end[len(end) * 9 // 10 :]
        for text, end in zip(drawn, ends, strict=True)
    ]
    print(f"\nretold, cut after half: {_found(drawn, halves, cut=True)}")
    print(f"retold, with another's last tenth: {_found(drawn, framed, cut=False)}")


def _found(texts: Sequence[str], retold: Sequence[str], *, cut: bool) -> str:
    """How many retellings are the same to the letter, and of these found by their signatures."""
    shelf = Shelf()
    for text in texts:
        shelf.add(sign(text), cut=False)
    same = [
        (sign(text), sign(again))
        for text, again in zip(texts, retold, strict=True)
        if are_same(shingles_of(text), shingles_of(again), cut=(False, cut))
    ]
    found = sum(text in {other for other, _ in shelf.like(again, cut=cut)} for text, again in same)
    return (
        f"the same to the letter {_percent(len(same), len(texts))};"
        f" found of these {_percent(found, len(same))}"
    )


def main() -> None:
    """Print figures of a folder, and of the sample the score."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    with (
        tempfile.TemporaryDirectory() as scratch,
        Archive.open(Path(scratch) / "archive.db", ngram=None) as archive,
    ):
        _print_groups(archive, fill(archive, folder))
        if folder == SHARED:
            _print_score(archive, LABELS)
            _print_score(archive, UNSEEN)
            _print_retold(archive)


if __name__ == "__main__":
    main()
