"""An article as whoever hands it on sees it: what a feed, a book and a reference say of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.characters import on_one_line
from crawler.fields import day
from crawler.folding import title_key
from crawler.plain import one_line
from crawler.urls import HOST

_TITLE = re.compile(r"\s*# [^\n]*\n?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One article; what is not known is the empty string.

    `published` is ISO 8601 with +08:00, or a day alone; `archived` is when the copy was fetched, a
    moment of ours (without an offset); `sha256` is that of its text, `evidence` that of the page or
    file which that was read from; `body` is Markdown under the title's heading.
    """

    id: str
    url: str
    title: str
    account: str = ""
    author: str = ""
    published: str = ""
    archived: str = ""
    state: str = ""
    digest: str = ""
    sha256: str = ""
    evidence: str = ""
    body: str = ""

    @property
    def day(self) -> str:
        """When it was published, YYYY-MM-DD."""
        return day(self.published[:10])

    @property
    def updated(self) -> str:
        """When the copy was fetched, or else when the article was published."""
        return self.archived or self.published

    @property
    def archived_day(self) -> str:
        """When the copy was fetched, YYYY-MM-DD."""
        return day(self.archived[:10])

    @property
    def name(self) -> str:
        """Its title; where it has none, its key."""
        return on_one_line(self.title) or self.id

    @property
    def uri(self) -> str:
        """A name for it that is an address of nothing (RFC 4151), and the same wherever it is."""
        return f"tag:{HOST},2012:{self.id}"

    @property
    def text(self) -> str:
        """Its Markdown without the heading that says the title."""
        return without_title(self.body, self.title)


def without_title(markdown: str, title: str) -> str:
    """A text without the heading that says its title, where it begins with one."""
    heading = _TITLE.match(markdown)
    says = heading and _is_same(one_line(heading[0]), title)
    return markdown[heading.end() :] if heading and says else markdown


def _is_same(words: str, title: str) -> bool:
    """Whether a heading says a title; one without words says nothing."""
    key = title_key(words)
    return key == title_key(title) if key else words in ("", on_one_line(title))
