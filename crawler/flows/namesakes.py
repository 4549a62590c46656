"""A text that names no link, and a list beside it that names an article of its title.

It may be that article as a tool of today writes it, or a note about it: nobody can tell, and so it
is left, and whoever gave it is told.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from crawler.article import State
from crawler.clean.exports import Form, Link, decode, headings_of
from crawler.clean.listings import ListKind, letters_of, words_of_html
from crawler.clean.markup import less_pictures
from crawler.errors import InputError
from crawler.flows.inputs import begins_as_page
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.archive import Archive
    from crawler.clean.exports import Adopted, Document
    from crawler.flows.outcome import Outcome
    from crawler.flows.siblings import Siblings


def named_beside(adopted: Adopted, document: Document, siblings: Siblings) -> Adopted:
    """What is said of a text that names nothing, where a list beside it names an article so."""
    is_none = adopted.form is Form.REFUSE and adopted.state is State.NOT_WECHAT
    if not siblings.by_folder or not (is_none or adopted.form is Form.LIST):
        return adopted
    text, first, how = _said_in(document.content)
    beside = "".join(line for line in text.split("\n") if HOST not in line)
    is_long = len(text) >= max(_SHORTEST_TEXT, _MOST_OF_A_LINK * len(adopted.links))
    if not is_long and letters_of(beside) < _SHORTEST_TEXT:
        return adopted
    if _named(document.name, first, siblings) is None:
        return adopted
    if is_none:
        why = f"names no link, and {_NAMED_BESIDE}: {how}"
        return replace(adopted, state=State.UNREADABLE, detail=why)
    why = f"holds a text, and {_NAMED_BESIDE}: {how}"
    return replace(adopted, left_out="; ".join(filter(None, (adopted.left_out, why))))


def _said_in(content: bytes) -> tuple[str, list[str], str]:
    """The text of a file, what may be its title, and how its link would be written into it."""
    text = (decode(content) or "").strip()
    if begins_as_page(content):  # in a packed file; of others `told_of_namesake` is asked
        return words_of_html(text), headings_of(content), IN_ITS_HEAD
    first = text.partition("\n")[0][:_LONGEST_TITLE].strip("# ")
    heading = _HEADING.search(text, 0, _HEAD)  # below a picture, say
    titles = [first, heading[1] or heading[2]] if heading else [first]
    return text, titles, ABOVE_IT


def told_of_namesake(
    outcome: Outcome, content: bytes, siblings: Siblings, archive: Archive
) -> Outcome:
    """The same of HTML in UTF-8, of which nothing was kept but links; not where the text is here.

    Tools write one article as Markdown and as HTML, of which one alone may say its link.
    """
    is_none = outcome.state is State.NOT_WECHAT
    is_left = is_none or outcome.taken_for == _LIST
    if outcome.error or not (siblings.by_folder and is_left):
        return outcome
    meant = _named(outcome.input, headings_of(content), siblings)
    if meant is None or _is_whole(meant, archive):
        return outcome
    words = words_of_html(less_pictures(content).decode("utf-8", "replace"))
    names = content.count(HOST.encode())
    if letters_of(words) < max(_SHORTEST_TEXT, _LETTERS_OF_A_LINK * names):
        return outcome
    begin = "names no link" if is_none else "holds a text"
    error = InputError(outcome.input, f"{begin}, and {_NAMED_BESIDE}", IN_ITS_HEAD)
    state = State.UNREADABLE if is_none else None
    return replace(outcome, state=state, detail=error.what, error=error)


def _named(name: str, titles: Iterable[str], siblings: Siblings) -> Link | None:
    """The article that a list beside a file names so as the file, or as one of the titles."""
    stem = PurePath(name).stem
    said = (Link(url="", title=title) for title in (stem, _DAY.sub("", stem), *titles))
    found = (siblings.link_of(name, link) for link in said)
    return next(filter(None, found), None)


def _is_whole(link: Link, archive: Archive) -> bool:
    """Whether the archive has the text of a link's article."""
    record = archive.get(link.url)
    return record is not None and record.state == State.OK


_LIST = f"list ({ListKind.HTML})"
_HEADING = re.compile(r"^(?:# ([^\n]++)|([^\n]{1,300}+)\n=++[ \t]*+)$", re.MULTILINE)
_HEAD = 4000  # characters
_SHORTEST_TEXT, _LONGEST_TITLE = 200, 300  # characters
_DAY = re.compile(r"\A\[?(?:\d{8}|\d{4}-\d\d-\d\d)\]?[\s_-]{1,3}", re.ASCII)  # as we-mp-rss has it
_MOST_OF_A_LINK = 600  # characters that a list says of an article
_LETTERS_OF_A_LINK = 150  # on the average, of all that a page says of several
_NAMED_BESIDE = "a list beside it names an article of its title"
ABOVE_IT = "if it is that of an article, write a line `原文链接：` with its link above it"
IN_ITS_HEAD = (
    "if it is that of an article, write its link into its head,"
    ' as `<link rel="canonical" href="...">`'
)
