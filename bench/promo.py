"""How well promotion is told from content: `python -m bench.promo`.

Learns from the whole seeds of each account with ten or more of them, and compares what is taken
with the labels that were given by hand (tests/promo_labels.tsv: the first and last twelve blocks of
210 articles). Prints precision and recall by half: rules were tuned on the accounts of one half,
and the other was looked at last. Then the share of text and pictures that is taken over all whole
seeds, and the time for an article.
"""

from __future__ import annotations

import csv
import hashlib
import re
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from crawler.article import State
from crawler.clean.promotion import Promo, Sample, learn, strip
from crawler.clean.promotion.blocks import split_blocks, words_of
from crawler.clean.seeds import read_seed

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT.parent / "shared" / "seeds"
LABELS = ROOT / "tests" / "promo_labels.tsv"

_ZONE = 12  # blocks at either end that carry a label
# its account is the one that the work was ordered for, so it was tuned on
_FIRST = "000_89060f971c5e2995.txt"
_MARKS = re.compile(r"[\W_]+")
_PICTURE = re.compile(r"!\[")
_PICTURE_ID = re.compile(r"\x00[^\x00]*\x00")

Accounts = dict[str, list[Sample]]
Labels = dict[str, list[tuple[str, int, str]]]
"""For the hash of a seed's path.

Hash of the block, its position (negative from the end), promo or content.
"""


@dataclass(slots=True, kw_only=True)
class Score:
    """Labelled blocks by what became of them."""

    taken: int = 0  # promotion that went
    missed: int = 0  # promotion that stayed
    wrong: int = 0  # content that went
    lost: int = 0  # labels whose block is no longer found
    labels: int = 0
    articles: int = 0
    worst: Counter[str] = field(default_factory=Counter)  # block -> how often it was judged wrongly

    @property
    def precision(self) -> float:
        """The share of promotion in what was taken."""
        return self.taken / max(1, self.taken + self.wrong)

    @property
    def recall(self) -> float:
        """The share of promotion that was taken."""
        return self.taken / max(1, self.taken + self.missed)

    def __str__(self) -> str:
        rates = f"precision {self.precision:.4f}, recall {self.recall:.4f}"
        blocks = f"{self.taken} taken, {self.missed} missed, {self.wrong} wrong"
        return f"{rates}; {self.articles} articles, {blocks}, {self.lost} of {self.labels} lost"


def read_accounts(folder: Path = SEEDS) -> Accounts:
    """The whole seeds of a folder by account; a sample's id is its path below the folder."""
    accounts: defaultdict[str, list[Sample]] = defaultdict(list)
    with (folder / "INDEX.tsv").open(encoding="utf-8", newline="") as lines:
        paths = [
            row["path"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]
    for path in paths:
        seed = read_seed((folder / path).read_bytes())
        if seed.state is State.OK and seed.front:
            name = seed.account or seed.front.source
            accounts[name].append(Sample(id=path, text=seed.text, date=seed.front.date))
    return dict(accounts)


def read_labels(path: Path = LABELS) -> Labels:
    """The labels of a table, by seed."""
    labels: defaultdict[str, list[tuple[str, int, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            labels[row["seed"]].append((row["block"], int(row["position"]), row["label"]))
    return dict(labels)


def short_hash(text: str) -> str:
    """The first 16 digits of a SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def block_hash(text: str) -> str:
    """How a label names a block: its letters and digits, or all of its words where it has none."""
    words = words_of(text)
    return short_hash(_MARKS.sub("", words) or words)


def is_tuned_on(name: str, samples: list[Sample]) -> bool:
    """Whether an account was looked at while the rules were made."""
    return int(hashlib.sha256(name.encode()).hexdigest()[0], 16) % 2 == 0 or any(
        one.id == _FIRST for one in samples
    )


def score(accounts: Accounts, labels: Labels) -> dict[bool, Score]:
    """What became of the labelled blocks: of the accounts that were tuned on, and of the others."""
    scores = {True: Score(), False: Score()}
    for name, samples in accounts.items():
        labelled = [sample for sample in samples if short_hash(sample.id) in labels]
        promo = learn(samples) if labelled else Promo()
        for sample in labelled:
            _judge(sample, promo, labels[short_hash(sample.id)], scores[is_tuned_on(name, samples)])
    return scores


def _judge(sample: Sample, promo: Promo, labels: list[tuple[str, int, str]], result: Score) -> None:
    blocks = split_blocks(sample.text)
    gone = _gone(blocks, split_blocks(strip(sample.text, promo).text))
    hashes = [block_hash(block) for block in blocks]
    result.articles += 1
    for name, position, label in labels:
        at = _nearest(hashes, name, position if position >= 0 else len(blocks) + position)
        result.labels += 1
        if at < 0:
            result.lost += 1
        elif label == "promo":
            result.taken += at in gone
            result.missed += at not in gone
        else:
            result.wrong += at in gone
        if at >= 0 and (at in gone) is (label == "content"):
            result.worst[f"{label}: {blocks[at][:60]}"] += 1


def _nearest(hashes: list[str], name: str, position: int) -> int:
    """Where the block of a label stands now, within twice the labelled zone, or -1."""
    found = [at for at, one in enumerate(hashes) if one == name and abs(at - position) <= _ZONE]
    return min(found, key=lambda at: abs(at - position), default=-1)


def _gone(before: list[str], after: list[str]) -> set[int]:
    """The positions of blocks that are no longer there."""
    gone = set(range(len(before)))
    for match in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        gone.difference_update(range(match.a, match.a + match.size))
    return gone


def print_shares(accounts: Accounts) -> None:
    """What is taken over all articles, and how long it takes."""
    text = text_gone = pictures = pictures_gone = touched = 0
    start = time.process_time()
    stripped = [
        (one, strip(one.text, promo))
        for samples in accounts.values()
        for promo in [learn(samples)]
        for one in samples
    ]
    seconds_taken = time.process_time() - start
    for sample, result in stripped:
        text += _length(sample.text)
        text_gone += _length(sample.text) - _length(result.text)
        pictures += len(_PICTURE.findall(sample.text))
        pictures_gone += len(_PICTURE.findall(sample.text)) - len(_PICTURE.findall(result.text))
        touched += bool(result.removed)
    seeds = f"{len(stripped)} whole seeds of {len(accounts)} accounts"
    print(f"{seeds}, {touched} with promotion taken off")
    shares = f"{text_gone / text:.1%} of the text, {pictures_gone / pictures:.1%}"
    print(f"taken: {shares} of {pictures} pictures")
    milliseconds = 1000 * seconds_taken / len(stripped)
    print(f"learning and stripping: {milliseconds:.2f} ms an article, processor time")


def _length(text: str) -> int:
    """Characters of text, without markup, addresses and pictures."""
    return len(_PICTURE_ID.sub("", words_of(text)))


def main() -> None:
    accounts, labels = read_accounts(), read_labels()
    for tuned, result in score(accounts, labels).items():
        half = "tuned on" if tuned else "held out"
        print(f"{half}: {result}")
    print_shares(accounts)


if __name__ == "__main__":
    main()
