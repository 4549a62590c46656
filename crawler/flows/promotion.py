"""Archive -> archive: learn what accounts repeat at the edges of articles, and hide it."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.saving import united
from crawler.article import State
from crawler.clean.markdown import assemble_document, split_document
from crawler.clean.promotion import Promo, Sample, learn, strip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from crawler.archive import Archive
    from crawler.archive.reading import Body
    from crawler.archive.saving import Arrival
    from crawler.config import PromoConfig


CHANGES = 1000  # articles
ACCOUNTS = 50  # and no more than this wait for one that changes, so that the progress bar moves


class Learned(NamedTuple):
    """What is taken off the articles of an account if `bodies` are all that it has."""

    account: str
    bodies: list[Body]  # by key
    shown: list[Shown]  # those that show less than their body


class Shown(NamedTuple):
    """What an article shows of its body, and how many blocks each rule took off it."""

    id: str
    body: str
    removed: Mapping[str, int]


def learn_account(archive: Archive, account: str, config: PromoConfig) -> Promo:
    """Learn what an account repeats at the edges of all its articles in the archive."""
    samples = [
        _sample(text.id, text.date, text.body)
        for text in archive.texts.of_account(account)
        if _is_complete(text.state)
    ]
    return learn(samples, config, account=account)


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
        shown, text = united(copies[key])
        accounts[shown["account"]].append(
            ((key, shown["body_hash"], shown["date"], shown["state"]), text)
        )
    return [_learn_bodies(account, texts, config) for account, texts in accounts.items() if account]


def _learn_bodies(account: str, texts: list[tuple[Body, str]], config: PromoConfig) -> Learned:
    samples = [
        _sample(key, date, text) for (key, _, date, state), text in texts if _is_complete(state)
    ]
    promo = learn(samples, config, account=account)
    shown = (Shown(key, *_stripped(text, promo)) for (key, *_), text in texts)
    return Learned(account, [body for body, _ in texts], [one for one in shown if one.removed])


class Stripping:
    """Shows the articles of accounts less their promotion, and knows of which accounts it did.

    What promotion is follows from the account's articles alone, so that doing it again changes
    nothing; with `config.enabled` off it gives everything back.
    """

    def __init__(self, archive: Archive, config: PromoConfig) -> None:
        self.config = config
        self.changed = 0
        """How many articles show something else than before."""
        self._archive = archive
        self._done: dict[str, int] = {}  # account -> the bodies that it had then

    def strip(self, account: str, learned: Learned | None = None) -> None:
        """Show every article of an account less its promotion, in the transaction that is open.

        What a worker learned is used if it learned from the very bodies that the archive has.
        """
        bodies = self._archive.texts.bodies_of(account)
        if self._done.get(account) == (fingerprint := hash(tuple(bodies))):
            return
        self._done[account] = fingerprint
        if (
            learned
            and learned.bodies == bodies
            and not self._archive.texts.has_promotion_removed(account)
        ):
            shown: Iterable[Shown] = learned.shown
        else:
            shown = self._learned(account)
        for key, body, removed in shown:
            self._archive.texts.show(key, body, removed)
            self.changed += 1

    def _learned(self, account: str) -> Iterator[Shown]:
        """Yield what articles of an account show from now on, where that changes."""
        promo = learn_account(self._archive, account, self.config)
        for text in self._archive.texts.of_account(account):
            body, removed = _stripped(text.body, promo)
            if body != text.shown or removed != text.removed:
                yield Shown(text.id, body, removed)

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


def _stripped(body: str, promo: Promo) -> tuple[str, dict[str, int]]:
    title, cover, text = split_document(body)
    stripped = strip(text, promo)
    if not stripped.removed:
        return body, {}
    return assemble_document(title, cover, stripped.text), dict(stripped.removed)
