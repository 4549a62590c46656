"""How many articles of a collection are one story told again, and how well they are told apart.

`python -m bench.stories [FOLDER]` reads the seeds of a folder (else `../shared/seeds`) and prints
the groups, what is surplus, and what it took. Of the sample it also scores 300 pairs that were
labelled by eye (`tests/story_labels.tsv`): all of which at least 15 % of the pieces are shared or
35 % of the shorter text, and as many others, half of one account, as make 300. "same": the same
text told again, whole or nearly, whatever stands around it; "different": anything else, also the
next issue of a series, and an announcement in whose frame other things are announced.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from bench.search import SHARED
from crawler.archive import Archive
from crawler.flows import find_seeds, group_stories, reclean

LABELS = Path(__file__).resolve().parent.parent / "tests" / "story_labels.tsv"


class Label(NamedTuple):
    """Two articles, by the SHA-256 of their seeds, and what they are to one another."""

    one: str
    other: str
    shared: float
    same: bool


def read_labels() -> list[Label]:
    """The pairs that were labelled by eye."""
    with LABELS.open(encoding="utf-8", newline="") as lines:
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


def wrong_pairs(archive: Archive) -> list[Label]:
    """The labelled pairs that the archive's groups tell otherwise."""
    group = groups_of(archive)
    return [
        label
        for label in read_labels()
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


def main() -> None:
    """Print figures of a folder, and of the sample the score."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    with (
        tempfile.TemporaryDirectory() as scratch,
        Archive.open(Path(scratch) / "archive.db", ngram=None) as archive,
    ):
        _print_groups(archive, fill(archive, folder))
        if folder == SHARED:
            labels, wrong = read_labels(), wrong_pairs(archive)
            share = 100 * (1 - len(wrong) / len(labels))
            print(f"{len(labels)} labelled pairs, {share:.1f} % right; wrong:")
            for label in wrong:
                print(f"  {label.one} {label.other} {label.shared:.2f} same: {label.same}")


if __name__ == "__main__":
    main()
