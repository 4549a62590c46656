"""What holds several documents: rows of the files that are opened, and what is taken out of them.

Their readers hand out `Document`s with the row's id as producer, or links.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """One sort of file that holds copies of articles, or names them."""

    id: str  # the producer of its documents, where they have none of their own
    name: str
    known_by: str
    gives: str
    evidence: str


HOLDERS = (
    Holder(
        id="feed",
        name="RSS, Atom and JSON feeds (Wechat2RSS, wewe-rss, RSSHub)",
        known_by="its first element or key",
        gives="copies where it carries texts, else links; of posts that name articles links",
        evidence="bylines and picture proxies of Wechat2RSS; times of Atom and JSON are UTC",
    ),
    Holder(
        id="wewe-rss",
        name="wewe-rss.db",
        known_by="tables articles and feeds, articles without content",
        gives="links; `accounts` holds credentials and is never read",
        evidence="619 real rows, all with tokens of 22 characters as ids",
    ),
    Holder(
        id="we-mp-rss",
        name="we-mp-rss, db.db",
        known_by="tables articles (with content) and feeds",
        gives="copies; `DELETED` and empty texts are links only",
        evidence="its source: ids are `number-mid_idx`, the whole identity",
    ),
    Holder(
        id="wallabag",
        name="wallabag, JSON",
        known_by="entries with given_url, content and domain_name",
        gives="copies",
        evidence="its exporter",
    ),
    Holder(
        id="omnivore-export",
        name="Omnivore, whole export",
        known_by="metadata_*.json beside content/",
        gives="copies",
        evidence="its exporter: times are UTC",
    ),
    Holder(
        id="evernote",
        name="Evernote, ENEX",
        known_by="<en-export>",
        gives="copies",
        evidence="its public DTD; no real file was found",
    ),
    Holder(
        id="text",
        name="wechat-article-exporter, JSON and XLSX",
        known_by="`aid` or `ID` beside each link",
        gives="links; the plain text (`content`, 文章内容) as a part until more comes, or HTML",
        evidence="its source: the text has no structure and no pictures",
    ),
)
