"""Archive -> archive.

What an account repeats at the edges of its articles is learned, and no longer shown.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.saving.arrival import united
from crawler.article import State
from crawler.clean.markdown import assemble_document, split_document
from crawler.clean.promotion.promo import Promo, Sample, learn, strip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from crawler.archive.archive import Archive
    from crawler.archive.reading.whole_texts import Body
    from crawler.archive.saving.arrival import Arrival
    from crawler.config import PromoConfig


CHANGES = 1000  # articles
ACCOUNTS = 50  # and no more than this wait for one that changes, so that the progress bar moves


class Lesson(NamedTuple):
    """What is taken off the articles of an account if these are all that it has."""

    account: str
    bodies: list[Body]  # by key
    shorter: list[Shorter]  # those that show less than their body


class Shorter(NamedTuple):
    """What an article shows of its body, and what was taken, by rule."""

    id: str
    body: str
    removed: Mapping[str, int]


def learn_account(archive: Archive, account: str, config: PromoConfig) -> Promo:
    """What an account repeats at the edges of all its articles in the archive."""
    texts = ((text.id, text.date, text.state, text.body) for text in archive.whole_texts(account))
    return _learn(texts, config, account)


def _learn(texts: Iterable[tuple[str, str, str, str]], config: PromoConfig, account: str) -> Promo:
    """What an account repeats, out of the key, date, state and whole body of each of its articles."""
    # A part of an article has no tail to learn from, and would only thin out what the whole ones
    # say.
    whole = ((key, date, body) for key, date, state, body in texts if state == State.OK)
    samples = (Sample(id=key, text=split_document(body)[2], date=date) for key, date, body in whole)
    return learn(samples, config, account=account)


def lessons_of(arrivals: Iterable[Arrival], config: PromoConfig) -> list[Lesson]:
    """What articles on their way in teach of their accounts, one lesson an account."""
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
    return [_lesson(account, texts, config) for account, texts in accounts.items() if account]


def _lesson(account: str, texts: list[tuple[Body, str]], config: PromoConfig) -> Lesson:
    promo = _learn(
        ((key, date, state, text) for (key, _, date, state), text in texts), config, account
    )
    shown = (Shorter(key, *_less(text, promo)) for (key, *_), text in texts)
    return Lesson(account, [body for body, _ in texts], [one for one in shown if one.removed])


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

    def strip(self, account: str, lesson: Lesson | None = None) -> None:
        """Show every article of an account less its promotion, within the transaction that is open.

        A lesson that was learned elsewhere is taken where it is of the very bodies that the archive
        has.
        """
        bodies = self._archive.bodies_of(account)
        if self._done.get(account) == (fingerprint := hash(tuple(bodies))):
            return
        self._done[account] = fingerprint
        if lesson and lesson.bodies == bodies and self._archive.is_whole(account):
            shorter: Iterable[Shorter] = lesson.shorter
        else:
            shorter = self._learned(account)
        for key, body, removed in shorter:
            self._archive.show_body(key, body, removed)
            self.changed += 1

    def _learned(self, account: str) -> Iterator[Shorter]:
        """What articles of an account show from now on, where that is something else than before."""
        promo = learn_account(self._archive, account, self.config)
        for text in self._archive.whole_texts(account):
            body, removed = _less(text.body, promo)
            if body != text.shown or removed != text.removed:
                yield Shorter(text.id, body, removed)

    def strip_all(self, accounts: Iterable[str]) -> Iterator[str]:
        """Strip many accounts; yields each once it is on disk.

        They share a transaction until enough articles changed, because the index costs half as much
        then.
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


def _less(body: str, promo: Promo) -> tuple[str, dict[str, int]]:
    title, cover, text = split_document(body)
    stripped = strip(text, promo)
    if not stripped.removed:
        return body, {}
    return assemble_document(title, cover, stripped.text), dict(stripped.removed)
