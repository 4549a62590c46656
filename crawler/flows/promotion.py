"""Archive -> archive: what an account repeats at the edges of its articles is learned, and no longer shown."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from crawler.article import State
from crawler.clean.document import assemble_document, split_document
from crawler.clean.promo import Promo, Sample, learn, strip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.archive.store import Archive
    from crawler.config import PromoConfig


CHANGES = 1000  # articles
ACCOUNTS = 50  # and no more than this wait for one that changes, so that the progress bar moves


def learn_account(archive: Archive, account: str, config: PromoConfig) -> Promo:
    """What an account repeats at the edges of all its articles in the archive."""
    # A part of an article has no tail to learn from, and would only thin out what the whole ones say.
    whole = (text for text in archive.whole_texts(account) if text.state == State.OK)
    samples = (Sample(id=text.id, text=split_document(text.body)[2], date=text.date) for text in whole)
    return learn(samples, config, account=account)


class Stripping:
    """Shows the articles of accounts less their promotion, and knows of which accounts it did.

    What promotion is follows from the account's articles alone, so that doing it again changes nothing; with
    `config.enabled` off it gives everything back.
    """

    def __init__(self, archive: Archive, config: PromoConfig) -> None:
        self.changed = 0
        """How many articles show something else than before."""
        self._archive = archive
        self._config = config
        self._done: dict[str, int] = {}  # account -> the bodies that it had then

    def strip(self, account: str) -> None:
        """Show every article of an account less its promotion, within the transaction that is open."""
        bodies = hash(tuple(self._archive.bodies_of(account)))
        if self._done.get(account) == bodies:
            return
        self._done[account] = bodies
        promo = learn_account(self._archive, account, self._config)
        for text in self._archive.whole_texts(account):
            body, removed = _less(text.body, promo)
            if body != text.shown or removed != text.removed:
                self._archive.show_body(text.id, body, removed)
                self.changed += 1

    def strip_all(self, accounts: Iterable[str]) -> Iterator[str]:
        """Strip many accounts; yields each once it is on disk.

        They share a transaction until enough articles changed, because the index costs half as much then.
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
