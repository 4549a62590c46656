"""Archive -> archive: learn what accounts repeat at the edges of articles, and hide it."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.reading import Body
from crawler.archive.saving import merged
from crawler.article import CLEANER_VERSION, State, sha256
from crawler.clean.markdown import assemble_document, split_document
from crawler.clean.promotion import Promo, Sample, learn, strip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from crawler.archive import Archive
    from crawler.archive.saving import Arrival
    from crawler.config import PromoConfig


CHANGES = 1000  # articles
ACCOUNTS = 50  # and no more than this wait for one that changes, so that the progress bar moves


class Learned(NamedTuple):
    """What is taken off the articles of an account if `bodies` are all that it has."""

    account: str
    bodies: list[Body]  # by key
    shown: list[Shown]  # those that show less than their body
    spared: list[str]  # keys of articles that keep theirs, as too little would be left


class Shown(NamedTuple):
    """What an article shows of its body, and how many blocks each rule took off it."""

    id: str
    body: str
    removed: Mapping[str, int]


def learn_account(archive: Archive, account: str, config: PromoConfig) -> dict[str, Promo]:
    """Learn what the articles of an account's name repeat at their edges, by biz.

    Whoever writes a note may name any account in it: so articles that say a biz learn from those
    of the same alone. What stands by "" is learned from all, for those that say none.
    """
    texts = archive.texts.of_account(account)
    return _learned_by_biz(
        ((text.biz, text.state, _sample(text.id, text.date, text.body)) for text in texts),
        config,
        account,
    )


def _learned_by_biz(
    articles: Iterable[tuple[str, str, Sample]], config: PromoConfig, account: str
) -> dict[str, Promo]:
    samples: defaultdict[str, list[Sample]] = defaultdict(list)
    for biz, state, sample in articles:
        own = samples[biz]
        if _is_complete(state):
            own.append(sample)
    teachers = {biz: own if biz else list(chain(*samples.values())) for biz, own in samples.items()}
    return {biz: learn(own, config, account=account) for biz, own in teachers.items()}


def _is_complete(state: str) -> bool:
    """Whether an article has its tail: a part of one would only thin out what whole ones say."""
    return state == State.OK


def _sample(key: str, date: str, body: str) -> Sample:
    return Sample(id=key, text=split_document(body)[2], date=date)


def learn_arrivals(arrivals: Iterable[Arrival], config: PromoConfig) -> list[Learned]:
    """Learn the promotion of accounts from articles that are not in the archive yet."""
    copies: defaultdict[str, list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        if arrival.body:
            copies[arrival.id].append(arrival)
    accounts: defaultdict[str, list[tuple[Body, str]]] = defaultdict(list)
    for key in sorted(copies):
        shown, text = merged(copies[key])
        accounts[shown["account"]].append(
            (Body(key, shown["body_hash"], shown["date"], shown["state"], shown["biz"]), text)
        )
    return [_learn_bodies(account, texts, config) for account, texts in accounts.items() if account]


def _learn_bodies(account: str, texts: list[tuple[Body, str]], config: PromoConfig) -> Learned:
    promos = _learned_by_biz(
        ((of.biz, of.state, _sample(of.id, of.date, text)) for of, text in texts), config, account
    )
    learned = Learned(account, [body for body, _ in texts], [], [])
    for of, text in texts:
        _take(learned, of.id, text, promos[of.biz])
    return learned


def _take(learned: Learned, key: str, text: str, promo: Promo) -> Shown:
    """What one article shows, which `learned` keeps if it is less than its body."""
    title, cover, body = split_document(text)
    stripped = strip(body, promo)
    if stripped.spared:
        learned.spared.append(key)
    if not stripped.removed:
        return Shown(key, text, {})
    shown = Shown(key, assemble_document(title, cover, stripped.text), dict(stripped.removed))
    learned.shown.append(shown)
    return shown


class Stripping:
    """Shows the articles of accounts less their promotion, where that was not done before.

    What promotion is follows from the account's articles and the settings alone, so that doing it
    again changes nothing; the archive keeps a fingerprint of both for each account. With
    `config.enabled` off everything is given back.
    """

    def __init__(self, archive: Archive, config: PromoConfig) -> None:
        self.config = config
        self.changed = 0
        """How many articles show something else than before."""
        self._archive = archive
        self._texts = archive.texts

    def strip(self, account: str, learned: Learned | None = None) -> None:
        """Show every article of an account less its promotion, in the transaction that is open.

        What a worker learned is used if it learned from the very bodies that the archive has.
        """
        bodies = self._texts.bodies_of(account)
        if self._texts.learned_from(account) == self._fingerprint(account, bodies):
            return
        changed: Iterable[Shown]
        if learned and self._fits(learned, bodies):
            changed = learned.shown
        else:
            learned = Learned(account, bodies, [], [])
            changed = self._changed(learned)
        for key, body, removed in changed:
            self._texts.show(key, body, removed)
            self.changed += 1
        self._texts.keep_learned(account, self._fingerprint(account, bodies), learned.spared)

    def _fits(self, learned: Learned, bodies: list[Body]) -> bool:
        """Whether what a worker learned may be shown as it is: of all articles, and all whole."""
        is_complete = learned.bodies == bodies
        return is_complete and not self._texts.has_promotion_removed(learned.account)

    def _fingerprint(self, account: str, bodies: list[Body]) -> str:
        """All that an account's articles show depends on, beside their texts."""
        taken = self._texts.promotion_removed(account)
        return sha256(repr((CLEANER_VERSION, self.config, bodies, taken)).encode())

    def _changed(self, learned: Learned) -> Iterator[Shown]:
        """Learn an account; yield what its articles show from now on, where that changes."""
        promos = learn_account(self._archive, learned.account, self.config)
        for text in self._texts.of_account(learned.account):
            shown = _take(learned, text.id, text.body, promos[text.biz])
            if shown.body != text.shown or shown.removed != text.removed:
                yield shown

    def strip_all(self, accounts: Iterable[str]) -> Iterator[str]:
        """Strip many accounts. Yields each once it is on disk.

        They share a transaction until enough articles changed: so the index costs half as much.
        """
        rest = iter(accounts)
        while (first := next(rest, None)) is not None:
            done: list[str] = []
            enough = self.changed + CHANGES
            with self._archive.transaction():
                for account in chain([first], rest):
                    self.strip(account)
                    done.append(account)
                    if self.changed >= enough or len(done) >= ACCOUNTS:
                        break
            yield from done
