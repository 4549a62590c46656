"""Archive -> archive: which articles, of any accounts, have the same text, or nearly.

Every whole text is signed once. Only texts that are new, or whose groups lost a member, are
compared: by their signatures with all, and to the letter with those that may be the same. What
joins two articles depends on these two alone, so that the groups follow from the set of articles.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import groupby, islice
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
    is_sound,
    join_pairs,
    letters_of,
    shingles_of,
    sign,
)
from crawler.flows.workers import batched

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from crawler.archive import Archive
    from crawler.archive.saving import StoryMember, Unsigned
    from crawler.clean.stories import Pieces

_MOST_KEPT = 40 << 20  # bytes of texts in memory, taken apart
_BYTES_OF_ONE = 80  # of a piece in a set; in an array it has 8
_MOST_COMPARED = 30  # of a crowd of texts that are all alike, with each of it
_Told = tuple[str, bool]  # a text, and whether it was cut


def group_stories(archive: Archive) -> tuple[int, Iterator[str]]:
    """Bring the groups up to date.

    Returns how many texts have to be signed for that, and an iterator that yields each once it is;
    the groups are on disk when it ends.
    """
    archive.stories.drop_stale(VERSION)
    return archive.stories.count_unsigned(), _grouped(archive)


def _grouped(archive: Archive) -> Iterator[str]:
    yield from _sign_new(archive)
    if any(archive.stories.signed(only_fresh=True)):  # then all are compared with these
        rows = archive.stories.signed()
        archive.stories.drop([row.article_id for row in rows if not is_sound(row.signature)])
        yield from _sign_new(archive)
    fresh = {row.text for row in archive.stories.signed(only_fresh=True)}
    pairs = _same_texts(archive) if fresh else []
    with archive.transaction():  # another process may join groups, too
        archive.stories.join(_groups_with(archive, fresh, pairs), compared=fresh)
        _name_groups(archive)


def _sign_new(archive: Archive) -> Iterator[str]:
    for batch in batched(map(_signed, archive.stories.unsigned())):  # no more than a text waits
        archive.stories.keep(batch)
        yield from (row.article_id for row in batch)


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

    Each is compared with the likeliest that others have not joined to it already: so a story that
    was told thousands of times, each a little otherwise, takes as many looks and not their square,
    and a crowd of one telling does not hide another one.
    """
    shelf, joined, texts = _fresh(archive), _KnownGroups(archive), _Texts(archive)
    compared: set[tuple[_Told, _Told]] = set()
    same: list[tuple[str, str]] = []

    for row in archive.stories.signed():
        own = (row.text, bool(row.cut))
        likely = shelf.like(Signed(row.text, row.signature), cut=own[1])
        pairs = ((own, (other.text, cut)) for other, cut in likely)
        ordered = ((min(pair), max(pair)) for pair in pairs)
        new = (
            (one, other)
            for one, other in ordered
            if (one, other) not in compared and not joined.are(one[0], other[0])
        )
        for pair in islice(new, _MOST_COMPARED):
            compared.add(pair)
            (one, one_cut), (other, other_cut) = pair
            if are_same(texts.pieces(one), texts.pieces(other), cut=(one_cut, other_cut)):
                joined.join(one, other)
                same.append((one, other))
    return same


class _Texts:
    """Texts, taken apart; those that were asked for last stay in memory."""

    def __init__(self, archive: Archive) -> None:
        self._stories = archive.stories
        self._kept: OrderedDict[str, Pieces] = OrderedDict()
        self._room = _MOST_KEPT

    def pieces(self, text: str) -> Pieces:
        """The pieces of a text."""
        if text in self._kept:
            self._kept.move_to_end(text)
            return self._kept[text]
        found = shingles_of(letters_of(self._stories.body(text)))
        self._kept[text] = found
        self._room -= _size_of(found)
        while self._room < 0 and len(self._kept) > 1:
            self._room += _size_of(self._kept.popitem(last=False)[1])
        return found


def _size_of(pieces: Pieces) -> int:
    """How many bytes the pieces of a text take in memory, about."""
    return len(pieces) * (_BYTES_OF_ONE if isinstance(pieces, frozenset) else pieces.itemsize)


def _fresh(archive: Archive) -> Shelf:
    """The texts that were not compared yet."""
    shelf = Shelf()
    for row in archive.stories.signed(only_fresh=True):
        shelf.add(Signed(row.text, row.signature), cut=bool(row.cut))
    return shelf


class _KnownGroups:
    """The groups of texts: those that the archive knows, and what is joined to them."""

    def __init__(self, archive: Archive) -> None:
        self._stories = archive.stories
        groups = archive.stories.groups()
        self._joined, self._known = Joined(groups), {name for name, _ in groups}
        self._asked: set[str] = set()

    def are(self, one: str, other: str) -> bool:
        """Whether two texts are of one group."""
        self._ask(one)
        self._ask(other)
        return self._joined.are(one, other)

    def join(self, one: str, other: str) -> None:
        """Make two texts, and all that are joined to either, one group."""
        self._joined.join(one, other)

    def _ask(self, text: str) -> None:
        """Join a text to the groups of the articles that hold it."""
        if text not in self._asked:
            self._asked.add(text)
            for key in self._known.intersection(self._stories.holding(text)):
                self._joined.join(text, key)


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
