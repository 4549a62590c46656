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


def strip_promotion(archive: Archive, accounts: Iterable[str], config: PromoConfig) -> Iterator[tuple[str, int]]:
    """Show every article of the accounts less its promotion; yields each account and how many articles changed.

    Accounts share a transaction until enough of their articles changed, because the index costs half as much then.
    What promotion is follows from the account's articles alone, so that doing it again changes nothing; with
    `config.enabled` off it gives everything back.
    """
    rest = iter(accounts)
    while (first := next(rest, None)) is not None:
        done: dict[str, int] = {}
        with archive.transaction():
            for account in chain([first], rest):
                done[account] = _strip_account(archive, account, config)
                if sum(done.values()) >= CHANGES or len(done) >= ACCOUNTS:
                    break
        yield from done.items()


def _strip_account(archive: Archive, account: str, config: PromoConfig) -> int:
    promo = learn_account(archive, account, config)
    changed = 0
    for text in archive.whole_texts(account):
        body, removed = _less(text.body, promo)
        if body != text.shown or removed != text.removed:
            archive.show_body(text.id, body, removed)
            changed += 1
    return changed


def _less(body: str, promo: Promo) -> tuple[str, dict[str, int]]:
    title, cover, text = split_document(body)
    stripped = strip(text, promo)
    if not stripped.removed:
        return body, {}
    return assemble_document(title, cover, stripped.text), dict(stripped.removed)
