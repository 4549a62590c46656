"""What reading another tool's export gives: the records that this room hands out, and its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from crawler.article import Kind, State, Told

if TYPE_CHECKING:
    from collections.abc import Mapping


class Form(StrEnum):
    """What a file is to the archive."""

    BODY = "body"  # a copy of an article
    NOTE = "note"  # a text about an article: its link is queued, its text is no body
    LIST = "list"  # names articles: they are queued
    REFUSE = "refuse"  # is none of these; the detail says what it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Told):
    """An article's address, and what a list, a feed or a database says of the article.

    What is not said is the empty string. `date` is YYYY-MM-DD in Beijing, `saved` as it was
    written. `number` is the line, row or item, from 1.
    """

    url: str  # as it stands there, less credentials; may be empty where only a key is known
    title: str = ""
    account: str = ""
    author: str = ""
    date: str = ""
    saved: str = ""
    biz: str = ""  # the identity, where a key beside the address tells it
    mid: str = ""
    idx: str = ""
    number: int = 0
    listed: str = ""  # the day under which a list names it, which need not be that of publication
    text: str = ""  # its plain text, where a list carries that
    left: bool = False  # a text of it stands there that is not read


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document out of a container (a ZIP, a feed, a database) or a folder.

    `known` is what the container says of this very document; it counts for more than the document.
    """

    name: str  # as a path: the file's name may hold the title
    content: bytes
    known: Link | None = None
    producer: str = ""  # the container's, where it tells: id of a row of the table
    fetch_date: str = ""  # when the copy was made, as far as the container or file tells
    pictures: Mapping[str, bytes] = field(default_factory=dict)  # address in the text -> content


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted(Told):
    """One document of another tool, read. What it does not say is the empty string."""

    producer: str  # id of a row of PRODUCERS
    form: Form
    state: State = State.OK
    detail: str = ""  # why it is what it is, for people
    url: str = ""  # as it stands there, less credentials
    title: str = ""
    account: str = ""
    author: str = ""
    date: str = ""  # YYYY-MM-DD in Beijing
    saved: str = ""  # when the tool saved it, as it wrote that
    kind: Kind = Kind.NORMAL
    text: str = ""  # Markdown of the body, without the title's heading and the cover
    image_count: int = 0
    pictures_lost: int = 0  # places of pictures whose address is gone
    links: tuple[Link, ...] = ()  # of a note or list: what is to be queued
    left_out: str = ""  # which of its links, or of its lines, are in none of this, for people
    # rule id -> how often it took something
    removed: Mapping[str, int] = field(default_factory=dict)


def refused(state: State, detail: str) -> Adopted:
    """A file that is none of the forms, and why."""
    return Adopted(producer="", form=Form.REFUSE, state=state, detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Producer:
    """One tool. Keys are spelled as `fields.plain_key` does: without case, `_`, `-` and spaces."""

    id: str
    name: str  # as people know it
    evidence: str  # what was looked at
    form: Form = Form.BODY
    keys: frozenset[str] = frozenset()  # front matter has all of these ...
    without: frozenset[str] = frozenset()  # ... and none of these
    mark: str = ""  # a pattern that is found in the first lines
    head: str = ""  # a pattern for what stands before the text; its groups are fields
    lines: bool = False  # lines of `key: value` stand before the text
    body_after: str = ""  # a pattern: the text begins behind it, and without it there is none
    only_wechat: bool = False  # reads nothing else, so that a copy may come without its link
    file_title: bool = False  # the title is the file's name
    file_date: bool = False  # the file's name begins with the day of publication
    roles: Mapping[str, str] = field(default_factory=dict)  # key -> its field; `*` is any key
    utc: bool = False  # moments without a zone are UTC
    tail: tuple[str, ...] = ()  # ids of rows of TAILS
    mends: tuple[str, ...] = ()  # names of mends, in their order
    matches: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()
