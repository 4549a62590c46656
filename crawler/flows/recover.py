"""What has no body -> what has one, with proof.

A way of recovery yields finds: what it found, and what that says of itself. They are all judged
here, by one truth table, and kept as evidence; only what is proven becomes an article's body.

What agrees in title, account and day waits as a candidate until every way has been gone, for only
then is it known that nothing else can be meant. All that is known is in the archive, so that a run
that was stopped goes on, and one that finds nothing new writes nothing.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from crawler.archive.saving import Evidence
from crawler.article import Article, Facts, Kind, Origin, State, Verdict, sha256
from crawler.clean.recovery import Match, Offer, compare, judge
from crawler.errors import ArchiveError, InputError
from crawler.flows.articles import as_dated
from crawler.flows.clock import shanghai_now
from crawler.flows.recover_shelf import shelf_of
from crawler.flows.workers import batched
from crawler.urls import parse_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from crawler.archive import Archive, Change, Record
    from crawler.archive.saving import Missing
    from crawler.clean.recovery import Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """What a way found: an offer, with the record that it brings, or an address alone."""

    offer: Offer
    article: Article | None = None
    snapshot: bytes | None = None  # what cleaning needs of its page
    pictures: Mapping[str, Path] = field(default_factory=dict)  # address in the text -> file
    cut: str = ""  # the article whose text is the beginning of this one, where a way looks for that


class Way(Protocol):
    """One way of recovery.

    It looks up nothing that is kept as evidence, and judges nothing: it says what it found.
    """

    name: str
    batch: int  # finds a transaction: few where each was dear to get

    def finds(self, missing: Sequence[Missing]) -> Iterator[Find]:
        """All that it finds of articles, of which these have no body."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What became of one find: what it is to an article without a body, and why."""

    article_id: str
    title: str
    way: str
    source: str
    version: str
    url: str
    agreed: str
    differs: str
    verdict: Verdict
    brings_body: bool
    is_new: bool  # was not known before this run
    change: Change | None = None  # of the article's row, where it got the body


def article_of(record: Record, body: str) -> Article:
    """The article of a row, with its whole body."""
    known = {name: getattr(record, name) for name in Facts.__dataclass_fields__}
    return Article(
        **known,
        kind=Kind(record.kind),
        state=State(record.state),
        origin=Origin(record.origin),
        topics=record.topic_names,
        body=body,
    )


def offer_of(article: Article, *, way: str, source: str, version: str = "") -> Offer:
    """What a record offers, found at `source`."""
    return Offer(
        way=way,
        source=source,
        version=version,
        url=article.url,
        title=article.title,
        account=article.account or article.source,
        date=article.date,
        biz=article.biz,
        mid=article.mid,
        idx=article.idx,
        sn=article.sn,
        sha256=article.body_hash,
    )


def by_itself(offer: Offer) -> Offer:
    """What is offered without an address and what that says: title, account and day have to."""
    return replace(offer, url="", biz="", mid="", idx="", sn="")


class Recovery:
    """Goes the ways of recovery; everything it finds is judged, kept and told."""

    def __init__(
        self,
        archive: Archive,
        *,
        now: Callable[[], str],
        limit: int | None = None,
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`limit`: articles that get a body at the most; `told` hears a way's name at each find."""
        self._archive = archive
        self._now = now
        self._left = sys.maxsize if limit is None else limit
        self._told = told
        self._rehearses = False
        self._articles = {missing.id: missing for missing in archive.evidence.articles()}
        self.shelf = shelf_of(archive, self._articles.values())

    def missing(self) -> list[Missing]:
        """The articles that have no body."""
        return [article for article in self._articles.values() if not article.has_body]

    def go(self, ways: Iterable[Way]) -> Iterator[Recovered]:
        """Go these ways, then settle what waited; yields what is on disk."""
        for way in ways:
            if not self._left:
                return
            for finds in _together(way.finds(self.missing()), way.batch):
                with self._archive.transaction():
                    results = [result for find in finds for result in self._take(find)]
                yield from results
                if not self._left:
                    return  # before the way looks for what would be left out
        yield from self._settle()

    def rehearse(self, ways: Iterable[Way]) -> Iterator[Recovered]:
        """Go these ways and yield what comes of it, and keep nothing."""
        self._rehearses = True
        with suppress(_UndoneError), self._archive.transaction():
            yield from self.go(ways)
            raise _UndoneError

    def _take(self, find: Find) -> Iterator[Recovered]:
        self._told(find.offer.way)
        if self._archive.forgotten.find(find.offer.url):
            return  # what was forgotten comes back as nobody's text
        key = self._key_of(find.offer.url)
        own = "" if key == find.offer.source else key
        offer = replace(find.offer, key=own)
        for match in self._matches(find, offer):
            result = self._judged(replace(find, offer=offer), match)
            if result:
                yield result

    def _matches(self, find: Find, offer: Offer) -> list[Match]:
        """The articles that an offer may be: what a way says of a text that was cut, or any."""
        if not find.cut:
            return self.shelf.matches(offer)
        known = self.shelf.get(find.cut)
        return [Match(known, replace(compare(known, offer), text=True))] if known else []

    def _key_of(self, url: str) -> str:
        return (self._archive.find(url) or "") if url else ""

    def _judged(self, find: Find, match: Match) -> Recovered | None:
        offer, article = find.offer, self._articles[match.known.id]
        if article.has_body and not (match.agreement.identity or match.agreement.text):
            return None  # it was recovered, and is proven
        refused = self._archive.evidence.is_refused(article.id, offer.sha256)
        verdict = judge(match.agreement, alone=False, refused=refused)
        if verdict in (None, Verdict.REFUSED) or (verdict is Verdict.PROOF and not self._left):
            return None
        found = self._evidence(offer, article.id, match.agreement, verdict)
        waits = find.article if verdict is Verdict.CANDIDATE else None
        is_new = self._archive.evidence.note(found, waits)
        change = self._restore(find, found) if verdict is Verdict.PROOF and is_new else None
        return _told_of(found, is_new=is_new, change=change)

    def _evidence(
        self, offer: Offer, article_id: str, agreement: Agreement, verdict: Verdict
    ) -> Evidence:
        return Evidence(
            article_id=article_id,
            way=offer.way,
            source=offer.source,
            version=offer.version,
            url=offer.url,
            title=offer.title,
            account=offer.account,
            date=offer.date,
            sha256=offer.sha256,
            agreed=" ".join(agreement.agreed),
            differs=" ".join(agreement.differs),
            verdict=str(verdict),
            at=self._now(),
        )

    def _restore(self, find: Find, found: Evidence) -> Change | None:
        """Give an article its body; of an address alone, let the queue have it."""
        if find.article is None or not find.article.body:
            self._archive.queue.learn([find.offer.url])
            return None
        change = self._save(find.article, found, find.snapshot)
        self._keep_pictures(find, found.article_id)
        return change

    def _keep_pictures(self, find: Find, article_id: str) -> None:
        """Keep the pictures of a text that came back, unless it is a rehearsal."""
        record = self._archive.get(article_id) if find.pictures and not self._rehearses else None
        for address, path in find.pictures.items():
            if record and address in record.body:
                content = self._archive.images.read(path)
                if content is not None:
                    self._archive.images.keep(record.id, address, content, at=self._now())

    def _save(self, offered: Article, found: Evidence, snapshot: bytes | None = None) -> Change:
        article = self._articles[found.article_id]
        if found.way == "titles" and not offered.url:
            # a copy of this archive that named no link: it is this article, and no other one
            link = {name: getattr(article, name) for name in _OF_LINK}
            self._archive.join_copy(found.source, article.id, link)
        record = as_dated(restored(offered, article, found), shanghai_now())
        change = self._archive.save(record, snapshot=snapshot)
        self._left -= not article.has_body
        self._articles[article.id] = replace(article, has_body=True)
        return change

    def _settle(self) -> Iterator[Recovered]:
        """Restore those candidates beside which nothing else can be meant."""
        for found in batched(self._archive.evidence.candidates(), SETTLED):
            with self._archive.transaction():
                results = [result for one in found if (result := self._settled(one))]
            yield from results

    def _settled(self, found: Evidence) -> Recovered | None:
        known = self.shelf.get(found.article_id)
        article = self._articles.get(found.article_id)
        if not (known and article and self._left) or article.has_body:
            return None
        try:
            offered = self._archive.evidence.offered(found.id)
        except ArchiveError:  # a person is shown it, and may refuse it
            return None
        if offered is None:
            return None
        offer = offer_of(offered, way=found.way, source=found.source, version=found.version)
        if found.way == "web" and not found.url:  # its address proved nothing at once
            offer = by_itself(offer)
        alone = self.shelf.is_alone(known, offer) and not self._archive.evidence.has_rival(found)
        if judge(compare(known, offer), alone=alone) is not Verdict.PROOF:
            return None
        return self.accept(found, Verdict.PROOF)

    def accept(self, found: Evidence, verdict: Verdict = Verdict.ACCEPTED) -> Recovered | None:
        """Give an article the body that a candidate keeps; None where none is needed any more."""
        with self._archive.transaction():
            offered, now = self._archive.evidence.offered(found.id), self._now_of(found)
            if offered is None or now is None or not self._archive.evidence.is_needed(now):
                return None
            found = now
            if found.article_id not in self._articles:  # it came meanwhile
                self._articles = {one.id: one for one in self._archive.evidence.articles()}
            change = self._save(offered, found)
            self._archive.evidence.decide(found, verdict, at=self._now())
        return _told_of(replace(found, verdict=str(verdict)), is_new=True, change=change)

    def refuse(self, found: Evidence) -> None:
        """Note that a candidate is not the article, so that it is never offered again."""
        with self._archive.transaction():
            now = self._now_of(found) or found
            self._archive.evidence.decide(now, Verdict.REFUSED, at=self._now())

    def _now_of(self, found: Evidence) -> Evidence | None:
        """A row as it is now; None where it is gone, and its number another text's, perhaps."""
        now = self._archive.evidence.get(found.id)
        return now if now and now.sha256 == found.sha256 else None


def _together(finds: Iterable[Find], size: int) -> Iterator[list[Find]]:
    """So many finds at a time; after one with pictures at once, for the way may let go of them."""
    waiting, room = [], _ROOM
    for find in finds:
        waiting.append(find)
        room -= len(find.article.body) if find.article else 0
        if len(waiting) == size or find.pictures or room < 0:
            yield waiting
            waiting, room = [], _ROOM
    if waiting:
        yield waiting


_ROOM = 4 << 20  # characters of texts, each of which may have a million of them
_OF_LINK = ("url", "sn", "biz", "mid", "idx")
SETTLED = 500  # candidates a transaction


class _UndoneError(Exception):
    """Ends a rehearsal."""


def restored(offered: Article, article: Missing, found: Evidence) -> Article:
    """The record of a body that was recovered for an article.

    Its own address counts as the article's only where the identity is proven.
    """
    same = "identity" in found.agreed.split()
    date = article.date or offered.date
    is_that_day = offered.published_at.startswith(date)
    where = f"{found.source} ({found.version})" if found.version else found.source
    where = f"{where}; the same {', '.join(found.agreed.split())}"
    key = offered.id if same and offered.biz else article.id
    day, day_source = ("", "")
    if is_that_day:
        day, day_source = offered.published_at, offered.date_source
    aliases = _addresses(offered) if same else ()
    return replace(
        offered,
        id=key,
        url=article.url,
        origin=Origin.RECOVERED,
        source=article.source or offered.source,
        account=article.account or offered.account,
        date=date,
        published_at=day,
        date_source=day_source,
        biz=article.biz or offered.biz,
        mid=article.mid or offered.mid,
        idx=article.idx or offered.idx,
        sn=article.sn or offered.sn,
        evidence=offered.evidence or sha256(offered.body.encode()),
        aliases=aliases,
        same_as="",
        detail=f"recovered from {where}",
        recovered_from=where,
    )


def _addresses(offered: Article) -> tuple[str, ...]:
    try:
        own = (parse_url(offered.url).request,) if offered.url else ()
    except InputError:
        own = ()
    return (*own, *offered.aliases)


def _told_of(found: Evidence, *, is_new: bool, change: Change | None) -> Recovered:
    return Recovered(
        article_id=found.article_id,
        title=found.title,
        way=found.way,
        source=found.source,
        version=found.version,
        url=found.url,
        agreed=found.agreed,
        differs=found.differs,
        verdict=Verdict(found.verdict),
        brings_body=bool(found.sha256),
        is_new=is_new,
        change=change,
    )
