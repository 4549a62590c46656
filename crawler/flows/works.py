"""Archive -> works: which articles are meant, and what formats are given of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.archive.search import EVERYTHING, Filter
from crawler.credentials import without_secrets
from crawler.errors import InputError
from crawler.fields import sound_row
from crawler.formats import Work
from crawler.marks import with_cut_mark
from crawler.telling import to_bring_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.archive import Archive, Record

ALL = 1 << 31
"""More articles than any archive has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which articles are handed on.

    Those of `ids` (keys or addresses) and no others, where any are given; else those that hold
    `words` and that `chosen` lets through, in the order of a search, each of those with the same
    text, too; else those of `chosen`, the newest first.
    """

    ids: tuple[str, ...] = ()
    words: str = ""
    chosen: Filter = EVERYTHING
    limit: int = ALL


def chosen_keys(archive: Archive, choice: Choice, *, by_account: bool = False) -> list[str]:
    """The keys of the articles that are meant, each once.

    `by_account`: where neither articles nor words give an order, account by account, the oldest of
    each first. Raises InputError for an article that the archive has not, and for a broken search.
    """
    if choice.ids:
        return list(dict.fromkeys(_key_of(archive, name) for name in choice.ids))
    if choice.words:
        hits = archive.search(
            choice.words, limit=choice.limit, shells=True, fold=False, chosen=choice.chosen
        )
        return [hit.id for hit in hits]
    found = archive.listed(choice.chosen, limit=choice.limit)
    if by_account:
        found.sort(key=lambda one: (one.account, one.date, one.id))
    return [one.id for one in found]


def _key_of(archive: Archive, name: str) -> str:
    key = archive.find(name)
    if key is None or archive.get(key) is None:
        raise InputError(name, "is not in the archive", to_bring_in(name))
    return key


def chosen_records(
    archive: Archive, choice: Choice, *, by_account: bool = False
) -> Iterator[Record]:
    """The articles that are meant and have a text. In order and raises as `chosen_keys` does."""
    yield from records_of(archive, chosen_keys(archive, choice, by_account=by_account))


def records_of(archive: Archive, keys: Iterable[str]) -> Iterator[Record]:
    """Those of some articles that have a text, one at a time."""
    for key in keys:
        record = archive.get(key)
        if record is not None and record.body:
            yield record


def every_record(archive: Archive, choice: Choice) -> Iterator[Record]:
    """The articles that are meant, with a text or without.

    Where nothing but states is asked for, they come by key, and none waits in memory. Raises as
    `chosen_keys` does.
    """
    states = choice.chosen.states
    if choice == Choice(chosen=Filter(states=states)):
        yield from (one for one in archive.records() if not states or one.state in states)
        return
    yield from filter(None, map(archive.get, chosen_keys(archive, choice)))


def work_of(record: Record) -> Work:
    """An article as formats take it; one that is cut says so at its end."""
    said = sound_row(record.as_row())
    body = with_cut_mark(said["body"], record.state) if record.body else ""
    return Work(
        id=record.id,
        url=without_secrets(said["url"]),
        title=said["title"],
        account=said["account"] or said["source"],
        author=said["author"],
        published=said["published_at"] or said["date"],
        archived=said["fetch_date"],
        state=said["state"],
        digest=said["digest"],
        sha256=said["body_hash"],
        evidence=said["evidence"],
        body=body,
    )


def title_of(choice: Choice) -> str:
    """What a collection of the articles that are meant is called."""
    told = (choice.chosen.account, choice.words, choice.chosen.since, choice.chosen.until)
    return " · ".join(filter(None, told)) or "微信公众号文章"
