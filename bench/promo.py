"""How well promotion is told from content: `python -m bench.promo`.

Learns from the whole seeds of each labelled account, and compares what is taken with labels that
were given by hand: of the first and last blocks of articles, each promo or content, or none where
the eye could not tell. tests/promo_labels.tsv holds the accounts that the rules were made on. Those
of every other table were labelled before they were scored; docs/cleaning.md says what each said
when it was scored first, before the kinds of mistakes that it showed were mended. Then, over all
whole seeds: how many articles begin or end in plain promotion before and after, the share of text
and pictures that is taken, and the time for one.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from crawler.article import State
from crawler.clean.pages import read_page
from crawler.clean.promotion import Promo, Sample, learn, strip
from crawler.clean.promotion.blocks import split_blocks, words_of
from crawler.clean.seeds import read_seed

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT.parent / "shared" / "seeds"
LABELS = ROOT / "tests" / "promo_labels.tsv"
UNSEEN = ROOT / "tests" / "promo_labels_unseen.tsv"
SMALL = ROOT / "tests" / "promo_labels_small.tsv"
LAST = ROOT / "tests" / "promo_labels_last.tsv"
FRESH = ROOT / "tests" / "promo_labels_fresh.tsv"
OF_PAGES = ROOT / "tests" / "promo_labels_pages.tsv"
PAGES = ROOT.parent / "shared" / "pages"

BLIND = {
    "15 accounts of 8 articles": UNSEEN,
    "74 accounts of 1 to 8 articles": SMALL,
    "61 accounts of 1 to 9 articles": LAST,
    "31 accounts of other fields, pages": OF_PAGES,
    "30 accounts that were looked at, other articles": FRESH,
}
"""The tables that were labelled before they were scored, in the order of that."""

_ZONE = 12  # blocks at either end that carry a label
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
    spared: int = 0  # of that, in articles of which too little would be left
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
        blocks = f"{self.taken} taken, {self.missed} missed ({self.spared} spared)"
        labels = f"{self.wrong} wrong, {self.lost} of {self.labels} lost"
        return f"{rates}; {self.articles} articles, {blocks}, {labels}"


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


def read_pages(folder: Path = PAGES) -> Accounts:
    """The whole pages of a folder by account; a sample's id is its path below the folder."""
    accounts: defaultdict[str, list[Sample]] = defaultdict(list)
    for path in sorted(folder.rglob("*.html.gz")):
        page = read_page(gzip.decompress(path.read_bytes()))
        if page.state is State.OK and page.account:
            sample = Sample(id=path.relative_to(folder).as_posix(), text=page.text)
            accounts[page.account].append(sample)
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


def score(accounts: Accounts, labels: Labels) -> Score:
    """What became of the labelled blocks."""
    result = Score()
    for name, samples in accounts.items():
        labelled = [sample for sample in samples if short_hash(sample.id) in labels]
        promo = learn(samples, account=name) if labelled else Promo()
        for sample in labelled:
            _judge(sample, promo, labels[short_hash(sample.id)], result)
    return result


def _judge(sample: Sample, promo: Promo, labels: list[tuple[str, int, str]], result: Score) -> None:
    blocks = split_blocks(sample.text)
    hashes = [block_hash(block) for block in blocks]
    stripped = strip(sample.text, promo)
    gone = _gone(blocks, split_blocks(stripped.text))
    result.articles += 1
    for name, position, label in labels:
        index = _nearest(hashes, name, position if position >= 0 else len(blocks) + position)
        result.labels += 1
        if index < 0:
            result.lost += 1
        elif label == "promo":
            result.taken += index in gone
            result.missed += index not in gone
            result.spared += index not in gone and bool(stripped.spared)
        else:
            result.wrong += index in gone
        if index >= 0 and (index in gone) is (label == "content"):
            result.worst[f"{label}: {blocks[index][:60]}"] += 1


def _nearest(hashes: list[str], name: str, position: int) -> int:
    """Where the block of a label stands now, within twice the labelled zone, or -1."""
    found = [
        index for index, one in enumerate(hashes) if one == name and abs(index - position) <= _ZONE
    ]
    return min(found, key=lambda index: abs(index - position), default=-1)


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
        for name, samples in accounts.items()
        for promo in [learn(samples, account=name)]
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


RESIDUES = {
    "code": r"二维码|扫码|扫一扫|长按.{0,6}(?:识别|关注)",
    "about": r"^关于(?:我们|本)|公司简介|^关于\w{2,12}$",
    "contribute": r"投稿|征稿",
    "original": r"阅读原文|查看原文",
    "circle": r"知识星球|交流群|加群|进群|入群|读者群|粉丝群|社群",
    "follow": r"关注(?:我们|本|\w{0,12}(?:公众号|视频号))|(?:欢迎|点击|敬请|请|记得).{0,4}关注",
    "share": r"点赞|在看|转发|分享给|三连|星标",
    "above": r"点击上方|点击蓝字|上方蓝字|↑",
    "earlier": r"^\W*(?:往期|精彩推荐|推荐阅读|相关阅读|热门推荐|延伸阅读|近期回顾)",
}
"""Wording of promotion, looser than any rule of the cleaner: for each kind a pattern."""

_RESIDUE = {kind: re.compile(pattern) for kind, pattern in RESIDUES.items()}
_LONGEST = 120  # characters of a block that is looked at for residues


def residues_of(text: str) -> set[str]:
    """The kinds of promotion in the first and the last block of words of a text."""
    words = [_PICTURE_ID.sub("", words_of(block)) for block in split_blocks(text)]
    words = [block for block in words if re.search(r"\w", block)]
    return {
        kind
        for block in words[:1] + words[-1:]
        for kind, pattern in _RESIDUE.items()
        if len(block) <= _LONGEST and pattern.search(block)
    }


def print_residues(accounts: Accounts) -> None:
    """How many articles begin or end in plain promotion, before and after."""
    before = after = total = 0
    kinds: Counter[str] = Counter()
    for name, samples in accounts.items():
        promo = learn(samples, account=name)
        for sample in samples:
            left = residues_of(strip(sample.text, promo).text)
            before += bool(residues_of(sample.text))
            after += bool(left)
            total += 1
            kinds.update(left)
    shares = f"{before / total:.1%} before, {after / total:.1%} after"
    print(f"begin or end in plain promotion: {shares} ({dict(kinds.most_common())})")


def main() -> None:
    accounts = read_accounts()
    print(f"looked at: {score(accounts, read_labels())}")
    pages = read_pages()
    for about, table in BLIND.items():
        given = pages if table is OF_PAGES else accounts
        print(f"{about}: {score(given, read_labels(table))}")
    print_residues(accounts)
    print_shares(accounts)


if __name__ == "__main__":
    main()
