"""Documents out of containers -> archive: feeds, databases, ZIP files, readers' exports.

A container's reader hands out documents; here each becomes what a file of its own would become.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.archive import Change
from crawler.archive.files import SavedPage
from crawler.archive.saving import arrival_of
from crawler.article import State, sha256
from crawler.clean.exports import Form, Link, is_page, local_form
from crawler.clean.seeds import read_seed
from crawler.flows.adopt import NONE, Siblings, read_document
from crawler.flows.articles import article_of_seed
from crawler.flows.lists import queue_links
from crawler.flows.outcome import Outcome
from crawler.flows.pages import keep_html
from crawler.urls import is_wechat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.archive import Archive
    from crawler.article import Article
    from crawler.clean.exports import Document


def keep_documents(
    documents: Iterable[Document], archive: Archive, siblings: Siblings = NONE
) -> Iterator[Outcome]:
    """Bring documents in, one after the other; yields one Outcome a document."""
    known = archive.known_seeds()
    for document in documents:
        said = document.known or Link(url="")
        input_sha256 = sha256(said.url.encode() + document.content)
        if input_sha256 in known:
            state = archive.seed_state(input_sha256)
            yield Outcome(input=document.name, state=state, change=Change.UNCHANGED)
        elif is_page(document.content):
            yield _keep_page(document, said, archive, siblings)
        else:
            yield _keep_text(document, input_sha256, archive, siblings)


def _keep_page(document: Document, said: Link, archive: Archive, siblings: Siblings) -> Outcome:
    saved = SavedPage(
        url=said.url,
        content=document.content,
        charset="",
        http_status=None,
        fetched_at=local_form(said.saved) or document.fetch_date,
    )
    outcome = keep_html(document.name, saved, archive, siblings)
    if outcome.change not in (None, Change.UNCHANGED):
        for address in archive.images.lacking(outcome.article_id):
            picture = document.pictures.get(address)
            if picture:
                archive.images.keep(outcome.article_id, address, picture, at=saved.fetched_at)
    return outcome


def _keep_text(
    document: Document, input_sha256: str, archive: Archive, siblings: Siblings
) -> Outcome:
    seed = read_seed(document.content)
    if seed.front is not None and is_wechat(seed.front.url):
        article = article_of_seed(seed, seed.front, evidence=input_sha256)
        return _save(document.name, article, archive, "")
    adopted, copy = read_document(document, input_sha256, siblings)
    if copy is not None:
        return _save(document.name, copy, archive, adopted.producer)
    queued = queue_links(archive, adopted.links, why=f"named in {document.name}")
    state = adopted.state if adopted.form is Form.REFUSE else None
    return Outcome(
        input=document.name,
        state=State.NOT_WECHAT if state is State.UNREADABLE else state,
        title=adopted.title,
        detail=adopted.detail,
        taken_for=adopted.producer,
        queued=queued,
    )


def _save(name: str, article: Article, archive: Archive, producer: str) -> Outcome:
    [change] = archive.save_all([arrival_of(article, name)])
    return replace(Outcome.of_article(name, article, change), taken_for=producer)
