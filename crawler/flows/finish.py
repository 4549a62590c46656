"""The closing steps of every run that brought articles in."""

from __future__ import annotations

from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING

from crawler.errors import ArchiveError
from crawler.flows.same import settle_copies

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from crawler.archive import Archive
    from crawler.flows.promotion import Stripping


def settle(archive: Archive) -> None:
    """Name the accounts of articles, and let copies without a link join them.

    Before articles with the same text are looked for: one that is joined is looked at anew.
    """
    archive.name_articles()
    settle_copies(archive)


def finish_run(
    archive: Archive, stripping: Stripping, article_ids: Collection[str] | None = None
) -> tuple[int, Iterator[str]]:
    """Take promotion off the accounts of articles, behind `settle`.

    `article_ids` are the articles that the run wrote; None stands for all of the archive. Accounts
    that a run brought which was killed before it came here are stripped, too. Returns how many
    there are, and an iterator that yields each once it is stripped on disk.
    """
    accounts = archive.texts.accounts(article_ids)
    left: list[str] = []
    with suppress(ArchiveError):  # of a damaged name
        left = [account for account in archive.texts.unlearned() if account not in accounts]
    return len(accounts) + len(left), chain(stripping.strip_all(accounts), _strip(stripping, left))


def _strip(stripping: Stripping, accounts: Sequence[str]) -> Iterator[str]:
    """Strip accounts of other runs. What is damaged of them is no matter of this one."""
    for account in accounts:
        with suppress(ArchiveError):
            yield from stripping.strip_all([account])
