"""Page at hand -> archive: pages out of WARC and HTML files."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.archive import Change
from crawler.archive.files import SavedPage, read_warc
from crawler.archive.saving import arrival_of
from crawler.article import State, sha256, told_by_either
from crawler.characters import DAMAGED, from_utf16
from crawler.clean.exports import (
    Document,
    Link,
    SavedBy,
    breaks_off,
    decode,
    in_china,
    is_page,
    is_strangers,
    local_form,
    own_source,
    pages_in,
    saved_by,
    unspelled,
)
from crawler.clean.listings import read_list
from crawler.clean.markup import less_pictures, refuse_size
from crawler.clean.pages import is_sound, read_page, shrink_page, to_utf8
from crawler.clean.seeds import NO_TEXT
from crawler.errors import InputError
from crawler.flows.adopt import read_document, text_around, texts_under_another_name
from crawler.flows.articles import article_of_page, as_dated, as_tool_says, names_no_article
from crawler.flows.beside import (
    FilesBeside,
    PicturesBehind,
    keep_own,
    keep_pictures,
    with_own_pictures,
)
from crawler.flows.clock import if_it_has_been, shanghai_now
from crawler.flows.doubts import is_anothers
from crawler.flows.inputs import is_warc_file, saved_at
from crawler.flows.lists import KEEP_IT, WHOLE, keep_list, keep_note, left_in
from crawler.flows.looks import as_told, note_move
from crawler.flows.namesakes import told_of_namesake
from crawler.flows.outcome import Outcome
from crawler.flows.siblings import NONE, Siblings
from crawler.flows.wall import attempt, fenced
from crawler.inputs import MAX_PAGE_BYTES, MB, name_of, read_input, too_long
from crawler.times import comparable
from crawler.urls import HOST, identity_of, long_form, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crawler.archive import Archive
    from crawler.article import Article
    from crawler.clean.pages import Page

_ADVICE = "a page that names its article, or was saved with its link, can be read"
_ANOTHERS = (
    "names no link, and that of its title in a list beside it is of another account or day",
    "nothing of it was kept; a CSV beside it may say its own: title,account,published,url",
)
_AGAIN = "fetch the article, or save its page again"
_UNPACKED = "a page that came packed, as by gzip, is read where it is unpacked"
_TOO_MUCH = "no article has, but for its pictures; leave out what is none of it"
_AS_TEXT = "give it as plain HTML; one that unpacks itself, as SingleFile's do, unzipped"


def read_pages(path: Path, archive: Archive, siblings: Siblings = NONE) -> Iterator[Outcome]:
    """Bring the pages of one WARC or HTML file into the archive; yields one Outcome a page."""
    beside = FilesBeside(path.parent)
    try:
        yield from fenced(name_of(path), _pages_of(path, archive, siblings, beside))
    except InputError as error:
        yield Outcome.of_error(name_of(path), error)
    for name, why in beside.unread.items():
        yield Outcome.of_error(name, why)


def _pages_of(
    path: Path, archive: Archive, siblings: Siblings, beside: FilesBeside
) -> Iterator[Outcome]:
    if is_warc_file(path):
        pictures = PicturesBehind(archive)
        pages = read_warc(path, pictures=pictures)
        yield from keep_warc(pages, name_of(path), archive, pictures)
    else:
        yield from keep_pages(name_of(path), _html_file(path), archive, siblings, beside)


def keep_warc(
    pages: Iterator[SavedPage], name: str, archive: Archive, pictures: PicturesBehind
) -> Iterator[Outcome]:
    """Bring the pages of a WARC in, with `pictures`; yields one Outcome a page, or of a loss."""
    try:
        for page in pages:
            outcome = _kept_of_warc(page.url or name, page, archive)
            if outcome.change and outcome.change is not Change.FORGOTTEN:
                pictures.expect(archive.find(outcome.article_id) or outcome.article_id)
            yield told_of_damage(f"{name}, {page.url}", page, outcome)
        pictures.refuse_missed(name)
    except InputError as error:
        yield Outcome.of_error(name, error)


def _kept_of_warc(name: str, page: SavedPage, archive: Archive) -> Outcome:
    kept = attempt(name, lambda: _keep(name, page, archive, SavedBy("warc", Link(url=""))))
    return _or_unreadable(name, kept)


def _or_unreadable(name: str, kept: Outcome | InputError) -> Outcome:
    if isinstance(kept, InputError):
        return Outcome.of_error(name, kept, State.UNREADABLE)
    return kept


def _html_file(path: Path) -> SavedPage:
    """A page that a browser or a tool saved: its link stands in it, and mostly its moment."""
    return page_in_file(read_input(path, MAX_PAGE_BYTES), saved_at(path))


def page_in_file(content: bytes, written_at: str) -> SavedPage:
    """A page of which only its file is known, and when that was written."""
    return SavedPage(
        url="",
        content=content,
        charset="",
        http_status=None,
        fetched_at="",
        written_at=written_at,
    )


def keep_pages(
    name: str,
    saved: SavedPage,
    archive: Archive,
    siblings: Siblings,
    beside: Callable[[str], bytes | None],
) -> Iterator[Outcome]:
    """Bring the pages of one file in: a download that began anew stands behind what broke off."""
    given, saved = saved, _out_of_utf16(saved)
    if given is not saved and not is_sound(given.content):
        saved = replace(saved, is_whole=False)  # of UTF-16 it is seen only before it is read
    saved = replace(saved, content=unspelled(saved.content))
    for number, content in enumerate(pages_in(saved.content), 1):
        one = replace(saved, content=content)
        own = name if number == 1 else f"{name} ({number})"
        outcome = keep_html(own, one, archive, siblings, beside)
        yield told_of_damage(own, one, outcome)


def told_of_damage(name: str, saved: SavedPage, outcome: Outcome) -> Outcome:
    """What came of a page, with an error where letters of its file are gone, as a disk loses them.

    Zeros are such, too: nothing is seen of them in the text, in whose place they stand. Of a record
    that says its digest this tells, be the letters in its place none or others.
    """
    if outcome.error or not outcome.change:  # of 64 MB that are refused nothing is asked
        return outcome
    is_whole = saved.is_whole
    if is_whole is None:
        is_whole = is_sound(saved.content, saved.charset)
    if is_whole:
        return outcome
    advice = "what is there was kept; give a whole copy"
    return replace(outcome, error=InputError(name, DAMAGED, advice))


def keep_html(
    name: str,
    saved: SavedPage,
    archive: Archive,
    siblings: Siblings,
    beside: Callable[[str], bytes | None],
) -> Outcome:
    """Bring a page in that a tool saved, with the pictures that lie beside it.

    What it does not say itself, the tool's marks say, or a list beside it. HTML that is no page of
    WeChat's is counted. `beside` gives the files beside a page by their paths.
    """
    kept = attempt(name, lambda: _keep_html(name, saved, archive, siblings, beside))
    return _or_unreadable(name, kept)


def _keep_html(
    name: str,
    saved: SavedPage,
    archive: Archive,
    siblings: Siblings,
    beside: Callable[[str], bytes | None],
) -> Outcome:
    saved = _out_of_utf16(saved)
    if not is_page(saved.content):
        outcome = _keep_other(name, saved, archive, beside)
        return told_of_namesake(outcome, _in_utf8(saved), siblings, archive)
    saved, kept = with_own_pictures(saved, beside)
    tool = saved_by(_in_utf8(saved))
    page = _page_of(saved, tool)
    said = Link(
        url=_link_of(page, saved, tool),
        title=page.title,
        account=page.account,
        date=page.published_at[:10],
        published_at=page.published_at,
    )
    found = siblings.link_of(name, said)
    by_title = found is not None and not (said.url or (found.account and found.date))
    if found:
        tool = tool._replace(link=_told_beside(page, saved, tool.link, found))
    moments = (local_form(tool.link.saved) or saved.fetched_at, local_form(page.served_at))
    # a tool dates what it saves, which may be a tab that was opened days before
    fetched_at = min(filter(comparable, moments), key=comparable, default="")
    with archive.transaction():  # whoever is killed between a page and its pictures has neither
        dated = replace(saved, fetched_at=fetched_at)
        outcome = _keep(name, dated, archive, tool, by_title=by_title)
        if outcome.change and outcome.change is not Change.FORGOTTEN:
            # the row of a short link may be another's, that tells the identity
            article_id = archive.find(outcome.article_id) or outcome.article_id
            keep_pictures(saved, archive, article_id, beside)
            keep_own(kept, archive, article_id, beside, at=saved.at)
    return outcome


def _out_of_utf16(saved: SavedPage) -> SavedPage:
    """The page in bytes in which a tool's marks are found."""
    content = from_utf16(saved.content)
    if content is saved.content:
        return saved
    return replace(saved, content=content, charset="utf-8")


def _in_utf8(saved: SavedPage) -> bytes:
    """A page in which a tool may speak GBK; as it is, where it is too large to be looked at."""
    if refuse_size(saved.content):
        return saved.content
    return to_utf8(saved.content, saved.charset)


def _told_beside(page: Page, saved: SavedPage, link: Link, found: Link) -> Link:
    """What a tool's marks say of a page, and what a list beside it adds."""
    is_known = saved.url or page.aliases or link.url or page.mid
    address = link.url if is_known else found.url
    return replace(
        link,
        url=address,
        account=link.account or found.account,
        author=link.author or found.author,
        date=link.date or found.date,
        **told_by_either(link, found),
    )


def _keep_other(
    name: str, saved: SavedPage, archive: Archive, beside: Callable[[str], bytes | None]
) -> Outcome:
    """HTML that is no page of WeChat's: a reader's copy of an article, or a list of links."""
    source = own_source(_in_utf8(saved), address=saved.url)
    if source is None and not _FRONT_MATTER.match(saved.content):
        return _keep_links(name, saved, archive)
    saved, kept = with_own_pictures(saved, beside)
    content = less_pictures(saved.content)
    is_long = len(content) > 4 * MB  # for Markdown, which takes more memory than HTML
    if what := refuse_size(content) if source else too_long(content) * is_long:
        return Outcome.of_error(name, InputError(name, what, _TOO_MUCH), State.UNREADABLE)
    document = Document(
        name=name,
        content=content,
        known=source,
        fetch_date=saved.fetched_at,
        pictures={own.address: own.content for own in kept},
    )
    adopted, article, *_ = read_document(document, sha256(saved.content), NONE)
    if article is None and source is None:
        return _keep_links(name, saved, archive)
    if article is None and adopted.state is State.UNREADABLE:
        error = InputError(name, adopted.detail, _AS_TEXT)
        return Outcome.of_error(name, error, State.UNREADABLE)
    if article is None:
        return keep_note(name, adopted, archive)
    if is_strangers(_in_utf8(saved), adopted, is_mail=bool(saved.url)):
        what = f"is no article, but what another server said at its address ({adopted.title})"
        return Outcome.of_error(name, InputError(name, what, _AGAIN), State.NOT_WECHAT)
    article = as_dated(article, shanghai_now())
    if article.state is State.OK and breaks_off(saved.content):
        article = replace(article, state=State.TRUNCATED, detail="its file broke off")
    with archive.transaction():
        [change] = archive.save_all([arrival_of(article, name)])
        if change is not Change.FORGOTTEN:
            article_id = archive.find(article.id) or article.id
            keep_pictures(saved, archive, article_id, beside)
            keep_own(kept, archive, article_id, beside, at=saved.at)
        if article.state is State.MIGRATED and change is not Change.FORGOTTEN:
            note_move(archive, read_page(saved.content, charset=saved.charset).transfer_target)
    outcome = Outcome.of_article(name, article, change)
    return replace(outcome, taken_for=adopted.producer, left=adopted.left_out)


_FRONT_MATTER = re.compile(rb"(?:\xef\xbb\xbf)?---\r?\n")  # above HTML, as Joplin writes it


def _keep_links(name: str, saved: SavedPage, archive: Archive) -> Outcome:
    """A page that is nobody's copy of an article, as the list of links that it may be."""
    content = less_pictures(saved.content)
    listing = read_list(content)
    if listing.links:
        outcome = keep_list(name, listing, archive, page=content)
        left = texts_under_another_name(name, content) or left_in(listing)
        error = InputError(name, left, KEEP_IT) if left else None
        around = "" if left else text_around(content, listing)
        around = "; ".join(filter(None, (outcome.left, around)))
        return replace(outcome, error=outcome.error or error, left=around)
    told = (listing.problem, WHOLE) if listing.unread and HOST.encode() in content else None
    told = (NO_TEXT, _UNPACKED) if decode(content[: 16 * MB]) is None else told
    if told:
        return Outcome.of_error(name, InputError(name, *told), State.UNREADABLE)
    return Outcome(input=name, state=State.NOT_WECHAT, detail="is no page of an article")


def _page_of(saved: SavedPage, tool: SavedBy) -> Page:
    content = in_china(saved.content, tool.link.saved)
    return read_page(content, charset=saved.charset, url=saved.url)


def _keep(
    name: str, saved: SavedPage, archive: Archive, tool: SavedBy, *, by_title: bool = False
) -> Outcome:
    page = _page_of(saved, tool)
    try:
        url = parse_url(_link_of(page, saved, tool))
    except InputError:
        what = f"is no article of WeChat's ({page.detail or 'it names no link'})"
        return Outcome.of_error(name, InputError(name, what, _ADVICE), page.state)
    if not page.state.is_article or names_no_article(page, url):
        return Outcome.of_error(
            name, InputError(name, f"is no article: {page.detail}", _ADVICE), page.state
        )
    try:
        article = article_of_page(
            page,
            url,
            fetch_date=if_it_has_been(saved.fetched_at),
            evidence=sha256(saved.content),
            http_status=saved.http_status,
        )
    except InputError as error:  # what the page says of itself makes no address
        what = f"says that it is another article than its address, and that {error.what}"
        return Outcome.of_error(name, InputError(name, what, _ADVICE), page.state)
    if by_title and is_anothers(article, archive):
        return Outcome.of_error(name, InputError(name, *_ANOTHERS), State.NOT_WECHAT)
    article = as_told(archive, as_tool_says(article, tool), url.given)
    outcome = Outcome.of_article(name, article)
    outcome = replace(outcome, taken_for=tool.producer, left=page.left)
    is_dated = bool(article.fetch_date)  # of two without a moment one may say more
    if _was_read(article, archive) or (is_dated and archive.shows(arrival_of(article))):
        return replace(outcome, change=Change.UNCHANGED)
    content = in_china(saved.content, tool.link.saved)
    snapshot = shrink_page(content, charset=saved.charset) if article.body else None
    with archive.transaction():
        change = archive.save(article, snapshot=snapshot)
        if change is not Change.FORGOTTEN:
            note_move(archive, page.transfer_target)
    return replace(outcome, change=change)


def _was_read(article: Article, archive: Archive) -> bool:
    """Whether the copy that is kept came from these very bytes: two files may hold them.

    Another archive may say so of another text.
    """
    record = archive.get(article.id)
    return (
        record is not None
        and (record.evidence, record.body_hash) == (article.evidence, article.body_hash)
        and record.cleaner_version >= article.cleaner_version
        and not archive.history.is_hurt(record.id, record.body_hash)
    )


def _link_of(page: Page, saved: SavedPage, tool: SavedBy) -> str:
    """The best address of a page: where it was had, its own, the tool's, or what its parts make."""
    identity = identity_of(page.biz, page.mid, page.idx)
    own = long_form(identity, page.sn) if identity else ""
    return saved.url or next(iter(page.aliases), "") or tool.link.url or own
