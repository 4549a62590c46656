"""Another tool's document -> archive: what it is taken for, its link found beside it, its record.

`reclean` asks here for every document that is no seed.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from functools import partial
from itertools import groupby, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from crawler.archive.files import is_place, place_of
from crawler.article import State, own_key, told_by_either
from crawler.clean.containers import documents_in
from crawler.clean.exports import (
    Document,
    Form,
    Link,
    decode,
    files_meant,
    is_page,
    local_pictures,
    read_export,
    with_pictures,
)
from crawler.clean.listings import (
    ListKind,
    is_feed,
    is_part_of_text,
    letters_of,
    read_list,
    what_is_left_out,
    words_of_html,
)
from crawler.errors import InputError
from crawler.flows.articles import article_of_adopted
from crawler.flows.inputs import begins_as_page
from crawler.flows.lists import left_in
from crawler.flows.namesakes import ABOVE_IT, IN_ITS_HEAD, named_beside
from crawler.inputs import MB, read_input, resolved
from crawler.telling import counted
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.archive import Archive
    from crawler.article import Article
    from crawler.clean.exports import Adopted
    from crawler.clean.listings import Listing
    from crawler.flows.siblings import Siblings


MAX_PICTURE_BYTES = 32 * MB


class Picture(NamedTuple):
    """A picture that lies beside a document: its address in the body, and its file.

    What comes out of a packed file has its content at hand.
    """

    address: str
    path: Path | None = None
    content: bytes = b""

    def load(self) -> bytes:
        """The picture; empty where its file is gone."""
        return self.content if self.path is None else _content_of(self.path)


class Reading(NamedTuple):
    """One document, read: what it was taken for, and the record, where it is an article's copy.

    `lacks`: whether a picture that its text names was not at hand, and may come later. `own_key`:
    the key that it has where only a list tells its link, else "". `without`: the article without
    that link, where the list says not both account and day.
    """

    adopted: Adopted
    article: Article | None = None
    pictures: tuple[Picture, ...] = ()
    lacks: bool = False
    own_key: str = ""
    without: Article | None = None


def read_document(document: Document, evidence: str, siblings: Siblings) -> Reading:
    """Read a document of another tool; lists beside it give the link that it lacks."""
    adopted = read_export(document)
    if adopted.form is Form.REFUSE and adopted.state is State.NOT_WECHAT:
        adopted = _as_page(adopted, document.content) or _as_list(adopted, document)
        adopted = named_beside(adopted, document, siblings)
    if adopted.form is not Form.BODY:
        return Reading(adopted)
    said, link = adopted, _sibling_of(adopted, document.name, siblings)
    adopted = _with_sibling(adopted, link) if link else adopted
    named = said.url or not adopted.url
    own = "" if named else own_key(said.title, said.account, said.date)
    targets = local_pictures(adopted.text)
    pictures = _pictures_of(document, targets)
    places = {target: picture.address for target, picture in pictures.items()}
    adopted, said = with_pictures(adopted, places), with_pictures(said, places)
    made_of = partial(
        article_of_adopted, evidence=evidence, fetch_date=document.fetch_date, told=document.known
    )
    by_title = own and link and not (link.account and link.date)
    without = made_of(said) if by_title else None
    lacks = not pictures.keys() >= set(targets)
    return Reading(adopted, made_of(adopted), tuple(pictures.values()), lacks, own, without)


def _pictures_of(document: Document, targets: Iterable[str]) -> dict[str, Picture]:
    """The pictures of a document that are at hand, by how its text names them."""
    packed = {
        target: Picture(address, content=content)
        for target, content in document.pictures.items()
        # that of one that was placed already may be in a file
        if (address := place_of(content) if content else target * is_place(target))
    }
    return packed or _pictures_beside(document.name, targets)


def _pictures_beside(name: str, targets: Iterable[str]) -> dict[str, Picture]:
    """Those that lie in files beside it, where it is a file, and none of a packed one.

    A name in there may lead anywhere, and Python takes the `..` behind a file for its folder.
    """
    folder = Path(name).parent.absolute()
    if not os.path.isdir(folder):  # noqa: PTH112  (no word where that may not be looked at)
        return {}
    found, root = {}, resolved(folder)
    places: dict[Path, str] = {}  # a text may name one file in thousands of ways
    meant = [(target, file) for target in targets for file in files_meant(target)]
    for target, file in meant:
        path = resolved(folder / unquote(file))
        if path not in places:
            places[path] = place_of(_content_of(path)) if path.is_relative_to(root) else ""
        if places[path]:
            found[target] = Picture(places[path], path=path)
    return found


def _content_of(path: Path) -> bytes:
    try:
        return read_input(path, MAX_PICTURE_BYTES)
    except (InputError, OSError, ValueError):
        return b""


def keep_pictures(archive: Archive, key: str, pictures: Iterable[Picture], *, at: str) -> None:
    """Keep the pictures that lay beside a document, in the archive's folder."""
    article_id = archive.find(key)
    for picture in {picture.address: picture for picture in pictures}.values():
        content = picture.load()
        if article_id and content:
            archive.images.keep(article_id, picture.address, content, at=at)


def _as_page(adopted: Adopted, content: bytes) -> Adopted | None:
    """What is said of a page under a name that is no page's: it is no list of its links."""
    if not (begins_as_page(content) and is_page(content)):
        return None
    detail = "is a page of an article, and is read as one where its name ends in .html"
    return replace(adopted, state=State.UNREADABLE, detail=detail)


def _as_list(adopted: Adopted, document: Document) -> Adopted:
    """A text that is no copy of one article, as the list that it may be."""
    content = document.content
    if HOST.encode() not in content.lower() and b"\0" not in content:  # as most notes do not
        return adopted
    listing = read_list(content)
    is_long = listing.kind is ListKind.LINES and content.strip().count(b"\n") >= _SHORT
    may_be_its = is_long and _names_it_at_its_edge(content, is_list=len(listing.links) > 1)
    if not listing.links or (is_long and len(listing.links) == 1 and not may_be_its):
        return adopted
    broken = [f"line {refused.number} {refused.why}" for refused in listing.refused]
    told = texts_under_another_name(document.name, content) or left_in(listing)
    holds_text = may_be_its or (not (is_long or told) and _has_text_on_a_line(content))
    told = _AT_EDGE * holds_text or told
    told = "; ".join(filter(None, (adopted.left_out, what_is_left_out(listing.refused), told)))
    if told and not holds_text and listing.kind is ListKind.LINES:
        told = "; ".join(filter(None, (told, _text_beside(content, len(listing.links)))))
    return replace(
        adopted,
        producer=f"list ({listing.kind})",
        form=Form.LIST,
        state=State.OK,
        detail="; ".join([counted(len(listing.links), "article"), *broken[:_BROKEN_NAMED]]),
        links=listing.links,
        left_out=told,
    )


def mention_in(adopted: Adopted, content: bytes) -> str:
    """What is said of a note that may be more than it was taken for; "" for nothing.

    Of one that is little more than the link of an article nobody can tell whether its writer shared
    that or speaks of it, and of one with headings as digests have, below a callout, or that names
    one somewhere in a text, whether it is the article's text.
    """
    if adopted.producer in {_LINES, _PAGE} and not adopted.left_out:
        return _text_around(adopted, content)
    if adopted.form is Form.NOTE and _BY_HEADING.search(adopted.detail) and not adopted.left_out:
        return f"was taken for {adopted.detail}"
    if adopted.form is Form.REFUSE and _ENCODED_MAIL.match(content):
        return _OF_MAIL
    if adopted.form is not Form.REFUSE or HOST.encode() not in content.lower():
        return ""
    listing = read_list(content)
    count = len(listing.links)
    if not count:
        return _cut_source_in(listing)
    text = decode(content) or ""
    if letters_of(text) >= _SHORTEST_TEXT:
        return f"names {counted(count, 'article')} in a text, and was left: {_TAKE_LINKS}"
    if count == 1 and any(map(_is_link, text.split("\n"))):  # else somebody speaks of it
        return _BESIDE_WORDS
    return ""


def _cut_source_in(listing: Listing) -> str:
    """What is said of a text whose line for its link, as it seems, leads to no whole article."""
    cut = [one for one in listing.refused if _OF_ARTICLES.match(one.why) and _is_link(one.line)]
    return f"{what_is_left_out(cut)}; {_WHOLE_LINK}" if cut else ""


def _text_around(adopted: Adopted, content: bytes) -> str:
    """What is said of lines that were taken for a list, and are more than what one says of each.

    So is an article's text that ends in links to others, its own among them or not.
    """
    if adopted.producer != _LINES:
        return text_around(content, read_list(content))
    return _text_beside(content, len(adopted.links))


def _text_beside(content: bytes, count: int) -> str:
    """The same of lines that name so many articles: all are more than a list, or those above it."""
    lines = (decode(content) or "").split("\n")
    above = "\n".join(takewhile(_has_no_link, lines))
    told = _told_around(above, count, 0, ABOVE_IT)
    return told or _told_around("\n".join(filter(_has_no_link, lines)), count, count, ABOVE_IT)


def _has_no_link(line: str) -> bool:
    return "://" not in line


def text_around(content: bytes, listing: Listing) -> str:
    """The same of HTML that was taken for a list, beside whose links may stand those to others."""
    count = len(listing.links)
    words = words_of_html(decode(content) or "")
    return _told_around(words, count, count + listing.elsewhere, IN_ITS_HEAD)


def _told_around(words: str, count: int, links: int, how: str) -> str:
    if letters_of(words) < max(_OF_A_TEXT, _OF_A_LINK * links):
        return ""
    return f"names {counted(count, 'article')} in a text, which was left: {how}"


# headers, also of a part, up to what says that what stands below is no plain text
_ENCODED_MAIL = re.compile(
    rb"(?:From [^\n]{1,999}\n)?+(?=[A-Za-z-]{2,40}+:)(?:[^\n]{0,999}+\n){1,999}?"
    rb"content-transfer-encoding:[ \t]*+(?:base64|quoted-printable)",
    re.IGNORECASE,
)
_OF_MAIL = "is mail whose text is encoded, which is not read: save its page as .html or .mhtml"
_BESIDE_WORDS = (
    "names one article beside a few words, and was left: crawler queue add takes its link"
)
_OF_ARTICLES = re.compile(r"names no article: |leads to an album")  # and to no page of WeChat's
_WHOLE_LINK = (
    "if the text is that of an article, write a line `原文链接：` with its whole link above it"
)
_TAKE_LINKS = "crawler queue add -f takes what it names"


def _names_it_at_its_edge(content: bytes, *, is_list: bool) -> bool:
    """Whether a text names its article in a line of its own, above all else or below.

    Below that may stand tags, a day, a line that ends the text. So does each line of a list:
    between two of these stands no text, and one alone at the edge.
    """
    text = decode(content) or ""
    if letters_of(text) < _SHORTEST_TEXT:
        return False
    front = _FRONT_MATTER.match(text)
    text = text[front.end() :] if front else text
    lines = [line for line in text.split("\n") if line.strip()]
    edges = {*range(len(lines))[:_FIRST_LINES], *range(len(lines))[-_LAST_LINES:]}
    if is_list:
        runs = (list(run) for names, run in groupby(lines, _names_article) if not names)
        if not any(is_part_of_text("".join(run)) for run in runs):
            return False
        edges = {
            at for at in edges if sum(map(_names_article, lines[max(at - 1, 0) : at + 2])) == 1
        }
    return any(_is_link(lines[at]) for at in edges)


def _has_text_on_a_line(content: bytes) -> bool:
    """Whether a line says more than any of a list, as where a text has no paragraphs."""
    return any(letters_of(line) >= _SHORTEST_TEXT for line in (decode(content) or "").split("\n"))


def _names_article(line: str) -> bool:
    return HOST in line


def _is_link(line: str) -> bool:
    """Whether a line, or what stands between two bars of a byline, is hardly more than a link.

    That has a title, as a rule, which may be long.
    """
    parts = (_ADDRESS.sub("", part).strip() for part in _BAR.split(line) if _names_article(part))
    return any(
        len(part) <= _FEW or (len(part) <= _LONG_TITLE and not _SENTENCE.search(part))
        for part in parts
    )


_AT_EDGE = f"names an article beside a text, which was left: {ABOVE_IT}"
# which an article may have, too, or whoever clipped it wrote above it
_BY_HEADING = re.compile(r"\(note:(?:heading|parted|called-out)\)")
_FRONT_MATTER = re.compile(r"---[ \t]*+\n(?:(?!---)[^\n]*+\n)*+---[ \t]*+\n")
_FIRST_LINES, _LAST_LINES = 8, 5  # of which the head of saved mail has some
_SHORTEST_TEXT, _OF_A_TEXT = 200, 500  # letters
_OF_A_LINK = 150  # letters that a list says of it on the average
_LINES, _PAGE = f"list ({ListKind.LINES})", f"list ({ListKind.HTML})"
_FEW = 40  # characters
_LONG_TITLE, _SENTENCE = 200, re.compile(r"[。；]|，.*，|\.\s")
_ADDRESS, _BAR = re.compile(r"https?://[!-~]+"), re.compile(r"[|｜·]")


def texts_under_another_name(name: str, content: bytes) -> str:
    """That a file carries texts which its name keeps from being read; "" where it carries none."""
    count = sum(1 for _ in documents_in(name, content))
    if not count:
        return ""
    suffix = ".enex" if b"<en-export" in content[:_HEAD] else ".json"
    suffix = ".xml" if is_feed(content) else suffix
    return f"carries {counted(count, 'text')}, to be read where its name ends in {suffix}"


_HEAD = 4000
_SHORT = 3  # lines; one link among more of them is a text that mentions an article
_BROKEN_NAMED = 3


def _sibling_of(adopted: Adopted, name: str, siblings: Siblings) -> Link | None:
    said = Link(
        url=adopted.url,
        title=adopted.title,
        account=adopted.account,
        date=adopted.date,
        published_at=adopted.published_at,
    )
    return siblings.link_of(name, said)


def _with_sibling(adopted: Adopted, link: Link) -> Adopted:
    return replace(
        adopted,
        url=adopted.url or link.url,
        account=adopted.account or link.account,
        author=adopted.author or link.author,
        date=adopted.date or link.date,
        **told_by_either(adopted, link),
    )
