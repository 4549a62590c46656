"""What came of one input: the one value that the ways through the house yield."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.archive import Change
    from crawler.article import Article, State
    from crawler.errors import CrawlerError


OURS = "archive (crawler merge)"
"""What an archive of this tool is taken for among files, which only a merge brings in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One input, and what it turned out to be.

    `state` is None where nothing could be read at all, and `error` then says why, and where it was
    a list, which `taken_for` says; `change` is None where nothing was written.
    """

    input: str
    state: State | None = None
    change: Change | None = None
    article_id: str = ""
    title: str = ""
    detail: str = ""
    error: CrawlerError | None = None
    taken_for: str = ""  # the producer whose document it is, where it is no seed and no page
    queued: int = 0  # articles that it names, new to the queue
    left: str = ""  # which of its lines are no part of the text, beside furniture, for people

    @classmethod
    def of_article(cls, name: str, article: Article, change: Change | None = None) -> Outcome:
        """The outcome of an input that is an article; `change` is what saving it did."""
        return cls(
            input=name,
            state=article.state,
            change=change,
            article_id=article.id,
            title=article.title,
            detail=article.detail,
        )

    @classmethod
    def of_error(cls, name: str, error: CrawlerError, state: State | None = None) -> Outcome:
        """The outcome of an input that could not be used."""
        return cls(input=name, state=state, detail=error.what, error=error)
