"""Builds the one record out of what the clean room read.

Pure, so that every rule of it can be tested alone.
"""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from crawler.article import Article, Origin, State, own_key, told_by, told_by_either
from crawler.characters import on_one_line
from crawler.clean.exports import local_form, read_moment
from crawler.clean.markdown import assemble_document
from crawler.fields import harmless
from crawler.links import lasting_link
from crawler.times import can_have_been
from crawler.urls import ArticleUrl, Identity, PageType, identity_of, long_form, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from crawler.archive.reading import Record
    from crawler.archive.saving import QueueEntry
    from crawler.clean.exports import Adopted, Link, SavedBy
    from crawler.clean.pages import Page
    from crawler.clean.seeds import Seed
    from crawler.frontmatter import FrontMatter

_DAY = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\Z", re.ASCII)


def article_of_page(  # noqa: PLR0913  (what a look knows beside its page)
    page: Page,
    url: ArticleUrl,
    *,
    fetch_date: str,
    evidence: str,
    http_status: int | None,
    origin: Origin = Origin.FETCH,
) -> Article:
    """The record of a page that came from `url`; `evidence` is the SHA-256 of its bytes.

    Where the page says that it is another article than the one that `url` names, that address is
    none of its own.
    """
    identity = identity_of(page.biz, page.mid, page.idx) or url.identity
    if identity and is_strange(page, url.identity):
        url = parse_url(long_form(identity, page.sn))
    account = on_one_line(page.account)
    title, date = on_one_line(page.title), page.published_at[:10]
    key = identity.id if identity else url.key_of(title, account, date)
    return Article(
        id=key,
        url=_lasting(url.given, identity, page.state),
        title=title,
        source=account,
        state=page.state,
        origin=origin,
        fetch_date=fetch_date,
        account=account,
        author=on_one_line(page.author),
        date=date,
        kind=page.kind,
        body=_body(page.state, page.title, page.cover, page.text),
        sn=page.sn or url.sn,
        image_count=page.image_count,
        evidence=evidence,
        aliases=(*_own_addresses(page, identity), *_aliases(url, identity)),
        removed=page.removed,
        account_info=page.account_info,
        http_status=http_status,
        detail=", ".join(filter(None, (page.detail, page.left))),
        topics=page.topics,
        **told_by(page),
        **identity_fields(identity),
    )


def is_strange(page: Page, wanted: Identity | None) -> bool:
    """Whether a page says that it is another article than the one that was asked for."""
    shown = identity_of(page.biz, page.mid, page.idx)
    return shown is not None and wanted is not None and shown != wanted


def names_no_article(page: Page, url: ArticleUrl) -> bool:
    """Whether a page without a text names no article, and its address leads to none.

    So it is with what an album, an account's page or a player's is answered with in its place.
    """
    if page.state.has_body or page.aliases or url.page_type is PageType.ARTICLE:
        return False
    return identity_of(page.biz, page.mid, page.idx) is None


def article_of_seed(seed: Seed, front: FrontMatter, *, evidence: str) -> Article:
    """The record of a seed with this front matter."""
    url = parse_url(front.url)
    title, date = on_one_line(seed.title or front.title), _day(front.date)
    return Article(
        id=url.key_of(title, front.source, date),
        url=_lasting(url.given, url.identity, seed.state),
        title=title,
        source=front.source,
        state=seed.state,
        origin=Origin.SEED,
        fetch_date=front.fetch_date,
        account=on_one_line(seed.account),
        author=on_one_line(seed.author),
        date=date,
        published_at=seed.published_at,
        date_source=seed.date_source,
        kind=seed.kind,
        cover=seed.cover,
        body=_body(seed.state, seed.title or front.title, seed.cover, seed.text),
        sn=url.sn,
        image_count=seed.image_count,
        evidence=evidence,
        aliases=_aliases(url, url.identity),
        removed=seed.removed,
        detail=", ".join(filter(None, (seed.detail, *seed.disclosures, seed.left))),
        **identity_fields(url.identity),
    )


def as_dated(article: Article, now: datetime) -> Article:
    """The record; that an input says it was made when it cannot have been is noted, and kept."""
    said = article.fetch_date
    return replace(article, undated=bool(said) and not can_have_been(said, now))


def as_listed(article: Article, entry: QueueEntry, known: Record | None) -> Article:
    """An article with what a list told of it, where neither it nor what is `known` of it says that.

    The account is its source: what a list calls so may be a person's collection, and would name
    all that its account published. Its day is told in words alone: a list may name an article
    under a day of its own.
    """
    source = "" if article.account or (known and known.account) else entry.source
    told: dict[str, Any] = {"title": entry.title, "source": source}
    new = (name for name in told if not getattr(article, name) and not getattr(known, name, ""))
    article = replace(article, **{name: told[name] for name in new})
    if article.date or getattr(known, "date", "") or not entry.date:
        return article
    detail = f"a list names it under {entry.date}"
    return replace(article, detail=", ".join(filter(None, (article.detail, detail))))


def identity_fields(identity: Identity | None) -> dict[str, Any]:
    """The fields of an article that say which one it is, where that is known."""
    return asdict(identity) if identity else {}


def _day(date: str) -> str:
    """The day of a date that may carry a time; "" where it is none."""
    return date if _DAY.match(date) else read_moment(date).date


def article_of_adopted(
    adopted: Adopted, *, evidence: str, fetch_date: str, told: Link | None = None
) -> Article:
    """The record of another tool's copy; `fetch_date` is used where the copy tells none itself.

    `told` is what its container says of it: the identity perhaps, where the address is short.

    A copy without a link gets a key made of its title, account and day, which identifies nothing
    else.
    """
    url = parse_url(adopted.url) if adopted.url else None
    identity = url.identity if url else None
    if told and not identity:
        identity = identity_of(told.biz, told.mid, told.idx)
    address, sn, aliases = "", "", tuple[str, ...]()
    if url:
        address, sn = _lasting(url.given, identity, adopted.state), url.sn
        aliases = _aliases(url, identity)
    return Article(
        id=_key(adopted, url, identity),
        url=address,
        title=adopted.title,
        source=adopted.account,
        state=adopted.state,
        origin=Origin.ADOPTED,
        fetch_date=local_form(adopted.saved) or fetch_date,
        account=adopted.account,
        author=adopted.author,
        date=adopted.date,
        kind=adopted.kind,
        body=_body(adopted.state, adopted.title, adopted.cover, adopted.text),
        sn=sn,
        image_count=adopted.image_count,
        evidence=evidence,
        aliases=aliases,
        removed=adopted.removed,
        detail=", ".join(filter(None, (adopted.detail, adopted.left_out))),
        producer=adopted.producer,
        **told_by(adopted),
        **identity_fields(identity),
    )


def _key(adopted: Adopted, url: ArticleUrl | None, identity: Identity | None) -> str:
    """The article's key: its identity, else what its address tells, else what the copy says."""
    if identity:
        return identity.id
    if url:
        return url.key_of(adopted.title, adopted.account, adopted.date)
    return own_key(adopted.title, adopted.account, adopted.date)


def _body(state: State, title: str, cover: str, text: str) -> str:
    if not state.has_body:
        return ""
    return harmless(assemble_document(on_one_line(title), cover, text))


def _own_addresses(page: Page, identity: Identity | None) -> Iterator[str]:
    """The addresses that a page gives for itself."""
    return (_lasting(alias, identity, page.state) for alias in page.aliases)


def _lasting(address: str, identity: Identity | None, state: State) -> str:
    """The address as it was given; a preview's key leaves it once no fetch would bring more."""
    return address if state.worth_fetching else lasting_link(address, identity)


def _aliases(url: ArticleUrl, identity: Identity | None) -> tuple[str, ...]:
    """Every address that this one vouches for.

    A temporary one dies, so that it is no address to keep.
    """
    own = () if url.temporary else (url.request, url.canonical)
    return (*own, long_form(identity)) if identity else own


def as_tool_says(article: Article, tool: SavedBy) -> Article:
    """The record with what the page itself does not say."""
    account = article.account or tool.link.account
    return replace(
        article,
        producer=tool.producer,
        account=account,
        source=article.source or account,
        author=article.author or tool.link.author,
        date=article.date or tool.link.date,
        **told_by_either(article, tool.link),
    )
