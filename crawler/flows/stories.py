"""Archive -> archive: which articles, of any accounts, have the same text, or nearly.

Every whole text is signed once. Only texts that are new, or whose groups lost a member, are
compared: by their signatures with all, and to the letter with those that may be the same. What
joins two articles depends on these two alone, so that the groups follow from the set of articles.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from crawler.archive.saving import StoryRow
from crawler.article import Origin, Rank, State
from crawler.clean.stories import (
    VERSION,
    Joined,
    Member,
    Shelf,
    Signed,
    are_same,
    best_of,
    earliest_of,
    join_pairs,
    letters_of,
    shingles_of,
    sign,
)
from crawler.flows.workers import batched

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from crawler.archive import Archive
    from crawler.archive.saving import StoryMember, Unsigned

_KEPT = 400  # texts in memory, taken apart: some 40 MB


def group_stories(archive: Archive) -> tuple[int, Iterator[str]]:
    """Bring the groups up to date.

    Returns how many texts have to be signed for that, and an iterator that yields each once it is;
    the groups are on disk when it ends.
    """
    archive.stories.drop_stale(VERSION)
    return archive.stories.count_unsigned(), _grouped(archive)


def _grouped(archive: Archive) -> Iterator[str]:
    for batch in batched(archive.stories.unsigned()):
        archive.stories.keep([_signed(article) for article in batch])
        yield from (article.id for article in batch)
    fresh = {row.text for row in archive.stories.signed(only_fresh=True)}
    pairs = _same_texts(archive) if fresh else []
    with archive.transaction():  # another process may join groups, too
        archive.stories.join(_groups_with(archive, fresh, pairs), compared=fresh)
        _name_groups(archive)


def _signed(article: Unsigned) -> StoryRow:
    signed = sign(letters_of(article.body))
    return StoryRow(article.id, article.body_hash, article.cut, VERSION, *signed)


def _groups_with(
    archive: Archive, fresh: Collection[str], pairs: Collection[tuple[str, str]]
) -> list[list[str]]:
    """The groups that texts which were not compared yet belong to, as keys of articles."""
    texts = {*fresh, *(text for pair in pairs for text in pair)}
    held = [(_name_of(text), key) for text in texts for key in archive.stories.holding(text)]
    named = [(_name_of(one), _name_of(other)) for one, other in pairs]
    groups = join_pairs([*archive.stories.groups(), *held, *named])
    names = {_name_of(text) for text in texts}
    articles = [sorted(group - names) for group in groups if not names.isdisjoint(group)]
    return [group for group in articles if len(group) > 1]


def _name_of(text: str) -> str:
    """A text among keys of articles, of which none begins so."""
    return f"text {text}"


def _same_texts(archive: Archive) -> list[tuple[str, str]]:
    """The texts that are the same, or nearly, of which one was not compared yet.

    Those that others have joined already are not compared: so a story that was told thousands of
    times, each a little otherwise, takes as many looks and not their square.
    """

    @lru_cache(maxsize=_KEPT)
    def pieces(text: str) -> frozenset[str]:
        return shingles_of(letters_of(archive.stories.body(text)))

    candidates = _candidates(archive)
    joined, same = _joined(archive, candidates), []
    for (one, other), cut in sorted(candidates.items()):
        if joined.are(one, other) or not are_same(pieces(one), pieces(other), cut=cut):
            continue
        joined.join(one, other)
        same.append((one, other))
    return same


def _joined(archive: Archive, pairs: Iterable[tuple[str, str]]) -> Joined:
    """What is known of the groups of these texts."""
    groups = archive.stories.groups()
    joined, known = Joined(groups), {name for name, _ in groups}
    for text in {text for pair in pairs for text in pair}:
        for key in archive.stories.holding(text):
            if key in known:
                joined.join(text, key)
    return joined


def _candidates(archive: Archive) -> dict[tuple[str, str], bool]:
    """The pairs of texts that may be the same by their signatures: whether one of them was cut."""
    shelf = Shelf()
    for row in archive.stories.signed(only_fresh=True):
        shelf.add(Signed(row.text, row.signature), cut=bool(row.cut))
    found: dict[tuple[str, str], bool] = {}
    for row in archive.stories.signed():
        for other, cut in shelf.like(Signed(row.text, row.signature), cut=bool(row.cut)):
            pair = (min(row.text, other.text), max(row.text, other.text))
            found[pair] = found.get(pair, False) or cut
    return found


def _name_groups(archive: Archive) -> None:
    """Name each group's earliest and best article, as they are now."""
    by_group = groupby(archive.stories.members(), key=lambda row: (row.group, row.named_best))
    for (group, named_best), rows in by_group:
        members = [_member(row) for row in rows]
        earliest, best = earliest_of(members).id, best_of(members).id
        if (group, named_best) != (earliest, best):
            archive.stories.name(group, earliest=earliest, best=best)


def _member(row: StoryMember) -> Member:
    rank = Rank(
        state=State(row.state),
        origin=Origin(row.origin),
        fetch_date=row.fetch_date,
        characters=row.characters,
        evidence=row.evidence,
        producer=row.producer,
    )
    return Member(id=row.id, published=row.published, rank=rank)
