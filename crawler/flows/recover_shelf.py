"""The articles of an archive as recovery compares them with what is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.clean.recovery import Known, Shelf, day_of
from crawler.folding import title_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crawler.archive import Archive
    from crawler.archive.saving import Missing

_NO_NAMES: frozenset[str] = frozenset()
_MOST_NAMES = 100  # of one account; renamed ones have two or three


def shelf_of(archive: Archive, articles: Iterable[Missing]) -> Shelf:
    """All articles of an archive, for offers to be compared with."""
    given: dict[str, set[str]] = {}
    for biz, name in archive.evidence.account_names():
        given.setdefault(biz, set()).add(title_key(name))
    names = {biz: frozenset(several) - {""} for biz, several in given.items()}
    shared = archive.evidence.shared_sources()
    return Shelf(_known(article, names, shared) for article in articles)


def _known(article: Missing, given: Mapping[str, frozenset[str]], shared: frozenset[str]) -> Known:
    # a feed of many accounts is no account
    own = title_key(article.account or ("" if article.source in shared else article.source))
    others = given.get(article.biz, _NO_NAMES)
    others = others if len(others) <= _MOST_NAMES else _NO_NAMES  # a stranger made them up
    # one set for all articles of an account, or N of them would take the square of N
    names = others if not own or own in others else others | {own}
    return Known(
        id=article.id,
        title=title_key(article.title),
        names=names,
        day=day_of(article.date),
        biz=article.biz,
        sn=article.sn,
        missing=not article.held,
    )
