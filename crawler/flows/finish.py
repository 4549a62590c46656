"""The closing steps of every run that brought articles in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.flows.same import settle_copies

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from crawler.archive import Archive
    from crawler.flows.promotion import Stripping


def finish_run(
    archive: Archive, stripping: Stripping, article_ids: Collection[str] | None = None
) -> tuple[int, Iterator[str]]:
    """Name the accounts of articles, let copies without a link join them, then take promotion off.

    `article_ids` are the articles that the run wrote; None stands for all of the archive. Returns
    how many accounts there are, and an iterator that yields each once it is stripped on disk.
    """
    archive.name_articles()
    settle_copies(archive)
    accounts = archive.texts.accounts(article_ids)
    return len(accounts), stripping.strip_all(accounts)
