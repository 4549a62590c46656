"""Builds the one record out of what the clean room read.

Pure, so that every rule of it can be tested alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.article import Article, Origin, State
from crawler.characters import on_one_line, visible
from crawler.clean.markdown import assemble_document
from crawler.links import without_secrets
from crawler.urls import ArticleUrl, Identity, identity_of, long_form, parse_url

if TYPE_CHECKING:
    from crawler.clean.pages import Page
    from crawler.clean.seeds import Seed
    from crawler.frontmatter import FrontMatter

_DAY = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\Z", re.ASCII)


def article_of_page(
    page: Page, url: ArticleUrl, *, fetch_date: str, evidence: str, http_status: int | None
) -> Article:
    """The record of a page that was fetched from `url`; `evidence` is the SHA-256 of its bytes."""
    identity = identity_of(page.biz, page.mid, page.idx) or url.identity
    account = on_one_line(page.account)
    return Article(
        id=identity.id if identity else url.article_id,
        url=url.given,
        title=on_one_line(page.title),
        source=account,
        state=page.state,
        origin=Origin.FETCH,
        fetch_date=fetch_date,
        account=account,
        author=on_one_line(page.author),
        date=page.published_at[:10],
        published_at=page.published_at,
        modified_at=page.modified_at,
        kind=page.kind,
        digest=page.digest,
        cover=page.cover,
        body=_body(page.state, page.title, page.cover, page.text),
        sn=page.sn or url.sn,
        image_count=page.image_count,
        evidence=evidence,
        aliases=(*page.aliases, *_aliases(url, identity)),
        removed=page.removed,
        account_info=page.account_info,
        http_status=http_status,
        detail=page.detail,
        biz=identity.biz if identity else "",
        mid=identity.mid if identity else "",
        idx=identity.idx if identity else "",
    )


def article_of_seed(seed: Seed, front: FrontMatter, *, evidence: str) -> Article:
    """The record of a seed with this front matter."""
    url = parse_url(front.url)
    return Article(
        id=url.article_id,
        url=url.given,
        title=on_one_line(seed.title or front.title),
        source=front.source,
        state=seed.state,
        origin=Origin.SEED,
        fetch_date=front.fetch_date,
        account=on_one_line(seed.account),
        author=on_one_line(seed.author),
        date=front.date if _DAY.match(front.date) else "",
        kind=seed.kind,
        cover=seed.cover,
        body=_body(seed.state, seed.title or front.title, seed.cover, seed.text),
        sn=url.sn,
        image_count=seed.image_count,
        evidence=evidence,
        aliases=_aliases(url, url.identity),
        removed=seed.removed,
        detail=seed.detail or ", ".join(seed.disclosures),
        biz=url.identity.biz if url.identity else "",
        mid=url.identity.mid if url.identity else "",
        idx=url.identity.idx if url.identity else "",
    )


def _body(state: State, title: str, cover: str, text: str) -> str:
    if not state.has_body:
        return ""
    return assemble_document(on_one_line(title), cover, without_secrets(visible(text)))


def _aliases(url: ArticleUrl, identity: Identity | None) -> tuple[str, ...]:
    """Every address that this one vouches for.

    A temporary one dies, so that it is no address to keep.
    """
    own = () if url.temporary else (url.request, url.canonical)
    return (*own, long_form(identity)) if identity else own
