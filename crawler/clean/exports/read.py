"""Document of another tool -> `Adopted`: what it was taken for, what it says, its text mended."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.article import State
from crawler.characters import (
    BYTE_ORDER_MARK,
    DAMAGED,
    LOST,
    is_damaged,
    on_one_line,
    texts_of,
)
from crawler.clean.exports.failures import failure_of, says_it_is_cut
from crawler.clean.exports.fields import (
    FILE_TITLE,
    WORDS_OF_A_TEXT,
    read_sheet,
    words_of_heading,
)
from crawler.clean.exports.file_names import moment_of_file, title_of_file
from crawler.clean.exports.fragments import (
    holds_blocks,
    is_html,
    read_fragment,
    read_plain,
    without_anchors,
)
from crawler.clean.exports.furniture import take_head, take_tail
from crawler.clean.exports.known import producer_of
from crawler.clean.exports.leavings import with_day_told, with_leavings_told, with_title_told
from crawler.clean.exports.mend import MendedText, mend_text
from crawler.clean.exports.moments import Moment, read_moment
from crawler.clean.exports.notes import (
    FEED,
    LEFT,
    NOTE,
    below_summary,
    is_long_note,
    is_of_keys,
    note_about,
    sign_of_note,
    title_of_article,
    unless_note,
)
from crawler.clean.exports.pictures import place_pictures
from crawler.clean.exports.producers import TEXT, UNKNOWN
from crawler.clean.exports.records import Adopted, Form, Link, refused
from crawler.clean.exports.says import ORIGINAL, Says, what_it_says
from crawler.clean.exports.several import is_of_links, refuse_several
from crawler.clean.markdown import picture_target
from crawler.clean.notices import judge_notice_below_name
from crawler.clean.seeds import NO_TEXT, is_post_alone, is_shell
from crawler.marks import split_cut_mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.clean.exports.fields import Sheet
    from crawler.clean.exports.records import Document, Producer

# Evernote names its user as the author of what was clipped, and Joplin takes that over
_MAIL = re.compile(r"[^\s@<>]++@(?:[\w-]++\.)++\w++")
_PICTURE = re.compile(r"!\[[^\]\n]{0,500}+\]\([^)\n]{1,2000}+\)")
_PICTURE_LINE = re.compile(
    r"^!\[[^\]\n]{0,500}+\]\(https?://(?:mmbiz|mmecoa)\.qpic\.cn/[^()\s]{1,2000}+\)[ \t]*+$",
    re.MULTILINE,
)
_JOPLINS_HTML = "2"  # the markup language of a note that its clipper made as HTML
_CUT = "a part alone: its last line says that it goes on elsewhere"
_OF_KEYS = "a part alone: lines of keys, which whoever saved it may have written"
_FEW = "no more of it than a feed says of an article, whose text may have more"
_GOES_ON = re.compile(
    r"(?:\.{3}|…|(?:阅读|查看)(?:全文|原文|更多)|read more)\W{0,9}(?:\(\S*\))?\Z", re.IGNORECASE
)
_HIGHLIGHT = re.compile(  # with the paragraphs that are indented below it
    r"^[ \t]*+(?:[>*+-]|\d{1,4}[.)])[^\n]*+(?:\n{1,2}(?:\t|  )[^\n]++)*+", re.MULTILINE
)
_LONGEST_CELL, _LONGEST_NOTICE = 32_767, 1500  # characters: a spreadsheet's; as for seeds


def read_export(document: Document) -> Adopted:
    """Read one Markdown or text document. Never raises, whatever it is given."""
    text = decode(document.content)
    if text is None:
        return refused(State.UNREADABLE, NO_TEXT)
    if not text.strip():
        return refused(State.UNREADABLE, "is empty")
    own = text if document.known else without_anchors(text)
    adopted = unless_note(_read(document, own))
    if document.known is None:
        adopted = refuse_several(adopted, text.lstrip("\n" + BYTE_ORDER_MARK))
    return with_leavings_told(adopted, text)


def _read(document: Document, text: str) -> Adopted:
    if document.producer == TEXT:
        return _if_damaged(_in_row(document, text), document.content)
    # what has a container's name as its producer was HTML there
    if is_html(text) or (document.producer and holds_blocks(text)):
        adopted = _if_few_words(_if_cut(_fragment(document, text)), document)
        return _if_damaged(adopted, document.content)
    text = text.lstrip("\n" + BYTE_ORDER_MARK)
    sheet = read_sheet(text)
    producer = producer_of(sheet, text)
    if document.known is not None:  # a heading may be another
        sheet.add(FILE_TITLE, document.known.title)
    if producer.file_title:
        sheet.add(FILE_TITLE, title_of_file(document.name))
    if document.name.lower().endswith((".html", ".htm")):  # as Joplin writes such notes, too
        sheet.add("markuplanguage", _JOPLINS_HTML)
    has_text = take_head(sheet, producer)
    says = _with_known(what_it_says(sheet, producer), document.known)
    if producer.file_title:
        says = says._replace(title=says.title or sheet.fields.get(FILE_TITLE, ""))
    if producer.file_date and not says.moment.date:
        says = says._replace(moment=moment_of_file(document.name, says.title))
    if not (says.url or producer.only_wechat):
        return refused(State.NOT_WECHAT, "names no article of WeChat's as its source")
    sign = _sign_of(sheet) if producer is UNKNOWN else ""
    if sign or producer.form is Form.NOTE or not has_text:
        return _note(producer, says, sign, text=sheet.text)
    adopted = _if_damaged(_copy(producer, says, sheet), document.content)
    return _if_remark(adopted, producer, says) if document.known is None else adopted


def _sign_of(sheet: Sheet) -> str:
    """The sign by which it is a note, "" for none; a text below one is taken out of it."""
    sign = sign_of_note(sheet)
    below = below_summary(sheet.text, sign)
    sheet.text = below or sheet.text
    return "" if below else sign


def _if_remark(adopted: Adopted, producer: Producer, says: Says) -> Adopted:
    """A copy of nobody's as a note where it has no title and is as short as a remark beside a link.

    One whose text is lines of keys, as who means to read an article writes them, is a part of it.
    Taken for the whole text either would keep that from ever being asked for. Where the text is
    links, all of it is a list, whose first line says `source`.
    """
    is_titled = adopted.title or adopted.text.startswith("#")
    is_told = says.account or says.author or says.moment.date  # as no remark tells it
    is_bare = producer is UNKNOWN and not (is_titled or is_told or adopted.image_count)
    if is_bare and is_of_links(adopted.text):
        return refused(State.NOT_WECHAT, "names articles, and holds no text of one")
    if is_bare and adopted.state is State.OK and len(adopted.text) < WORDS_OF_A_TEXT:
        return _note(producer, says, "a short text without a title")
    if producer is UNKNOWN and adopted.state is State.OK and is_of_keys(adopted.text):
        adopted = replace(adopted, state=State.TRUNCATED, detail=_OF_KEYS)
    return with_title_told(adopted) if producer is UNKNOWN else adopted


def _if_cut(adopted: Adopted) -> Adopted:
    """The copy as a part of its article where a feed of ours says so in its last line.

    As a whole one it would take the place of a part, and nobody would ask for the rest. Above words
    such a line is the article's own.
    """
    text, state, below = split_cut_mark(adopted.text)
    if state is None or below or adopted.state is not State.OK:
        return adopted
    return replace(adopted, text=text.strip("\n"), state=state, detail=_CUT)


def _if_few_words(adopted: Adopted, document: Document) -> Adopted:
    """The digest in a feed as a part: few words that end in dots, in a link to more, or a title."""
    if (
        document.producer != FEED
        or adopted.state is not State.OK
        or b"js_content" in document.content
    ):
        return adopted
    words = _PICTURE.sub("", adopted.text).strip()
    is_few = len(words) < WORDS_OF_A_TEXT  # asked first: what follows takes the square of a text
    if is_few and (_GOES_ON.search(words) or words == adopted.title):
        return replace(adopted, state=State.TRUNCATED, detail=_FEW)
    return adopted


def _if_damaged(adopted: Adopted, content: bytes) -> Adopted:
    """The copy as a part of its article where letters of its file are lost.

    Half a letter at its end goes.
    """
    if not is_damaged(adopted.title + adopted.text, content):
        return adopted
    adopted = replace(adopted, text=adopted.text.removesuffix(LOST).rstrip())
    is_whole = adopted.state is State.OK
    return replace(adopted, state=State.TRUNCATED, detail=DAMAGED) if is_whole else adopted


def decode(content: bytes) -> str | None:
    """Bytes as text with line feeds alone; None where they are no text in an encoding of ours."""
    text = next(texts_of(content), "\0").replace("\r\n", "\n").replace("\r", "\n")
    return None if "\0" in text else text


def _with_known(says: Says, known: Link | None) -> Says:
    """What a container says of its document counts for more than what that says itself."""
    if known is None:
        return says
    moment = says.moment
    if known.date:
        moment = Moment(known.date, known.published_at)
    return says._replace(
        url=known.url or says.url,
        title=known.title or says.title,
        account=known.account or says.account,
        author=known.author or says.author,
        moment=moment,
        saved=known.saved or says.saved,
    )


def _note(producer: Producer, says: Says, sign: str, *, text: str = "") -> Adopted:
    """A text about an article: only its link is of use. A long one is told to be left.

    What readers highlight their tools write as quotations and items, which are no text.
    """
    words = text if sign else _HIGHLIGHT.sub("", text)
    link = Link(
        url=says.url,
        title=on_one_line(title_of_article(says.title)),
        account=on_one_line(says.account),
        author=on_one_line(says.author),
        date=says.moment.date,
        published_at=says.moment.at,
    )
    note = note_about(
        link,
        sign or producer.id,
        producer=NOTE * bool(sign) or producer.id,
        left_out=LEFT.format(sign or producer.id) * is_long_note(words),
    )
    return note if says.url else replace(note, form=Form.REFUSE, state=State.NOT_WECHAT, links=())


def _copy(producer: Producer, says: Says, sheet: Sheet) -> Adopted:
    """A copy of an article, its text without what its tool put around it."""
    if sheet.fields.get("markuplanguage") == _JOPLINS_HTML and holds_blocks(sheet.text):
        return _copy_of_html(producer.id, says, sheet.text)
    text, account, tail = take_tail(sheet.text, producer)
    mended = mend_text(text, producer.mends)
    mended = replace(mended, removed={**mended.removed, **tail})
    says = says._replace(account=says.account or account)
    adopted = _adopted(producer.id, says, mended, cover=sheet.fields.get("cover", ""))
    return with_day_told(adopted, sheet.fields) if producer is UNKNOWN else adopted


def _fragment(document: Document, text: str) -> Adopted:
    """A piece of HTML: what it is a copy of, only its container knows."""
    says = _with_known(Says(), document.known)
    if not says.url:
        return refused(State.NOT_WECHAT, "is HTML that names no article as its source")
    return _copy_of_html(document.producer or "html", says, text)


def _copy_of_html(producer: str, says: Says, text: str) -> Adopted:
    """A copy whose text is HTML; its byline says what nothing else does."""
    said, mended = read_fragment(text)
    if mended.refusal:
        return refused(State.UNREADABLE, mended.refusal)
    author, moment = says.author or said.get("author", ""), says.moment
    if not moment.date:
        moment = read_moment(said.get("date", ""))
    says = says._replace(author=author, moment=moment)
    return _adopted(producer, says, _without_title(mended, says.title))


def _without_title(mended: MendedText, title: str) -> MendedText:
    """A text less the heading that only says the title again."""
    first, _, rest = mended.text.partition("\n")
    if not first.startswith("#") or on_one_line(words_of_heading(first.lstrip("# "))) != title:
        return mended
    return replace(mended, text=rest.lstrip("\n"), removed={**mended.removed, "title:again": 1})


def _in_row(document: Document, text: str) -> Adopted:
    """The text that a row of a list carries: words alone, as exporters write, or what scripts do.

    An author may begin with an element as well, and then not end with one, unless a cell was full.
    """
    is_whole = text.rstrip().endswith(">")
    if is_html(text) and holds_blocks(text) and (is_whole or len(text) >= _LONGEST_CELL):
        adopted = _fragment(replace(document, producer=""), text)
        if is_whole or adopted.state is not State.OK:
            return adopted
        return replace(adopted, state=State.TRUNCATED, detail="a part alone: its cell was full")
    says = _with_known(Says(), document.known)
    if says.url and _PICTURE_LINE.search(text):
        mended = _without_title(mend_text(text), says.title)
        return _adopted(UNKNOWN.id, says, mended)
    return _plain(document, text)


def _plain(document: Document, text: str) -> Adopted:
    """The words of an article alone, which a list carries: a part of it, until more is had."""
    says = _with_known(Says(), document.known)
    if not says.url:
        return refused(State.NOT_WECHAT, "names no article of WeChat's as its source")
    adopted = _adopted(TEXT, says, read_plain(text))
    if adopted.state is not State.OK:
        return adopted
    detail = "its plain text alone, without pictures and headings"
    return replace(adopted, state=State.TRUNCATED, detail=detail)


def _adopted(producer: str, says: Says, mended: MendedText, cover: str = "") -> Adopted:
    state, detail = _state(mended, on_one_line(says.title))
    author = on_one_line(says.author)
    if author == ORIGINAL or _MAIL.fullmatch(author):
        author = ""
    text = mended.text if state.has_body else ""
    return Adopted(
        producer=producer,
        form=Form.BODY,
        state=state,
        detail=detail,
        url=says.url,
        title=on_one_line(says.title),
        account=on_one_line(says.account),
        author=author,
        date=says.moment.date,
        published_at=says.moment.at,
        saved=says.saved,
        cover=picture_target(cover),
        read_count=says.read_count,
        like_count=says.like_count,
        text=text,
        image_count=len(_PICTURE.findall(mended.text)),
        pictures_lost=mended.pictures_lost,
        removed=mended.removed,
    )


def _state(mended: MendedText, title: str) -> tuple[State, str]:
    """What a copy is worth: a notice has no body, lost pictures make it a part."""
    if len(mended.text) <= _LONGEST_NOTICE:
        notice = judge_notice_below_name(mended.text)
        if notice:
            return notice[0], f"the tool was shown a notice ({notice[1]})"
        failed = failure_of(mended.text)
        if failed:
            return State.HOLLOW, f"the tool got no text, and says so ({failed})"
        if mended.text and (is_shell(mended.text) or is_post_alone(mended.text, title)):
            return State.HOLLOW, "the page's furniture without its article"
    if not mended.text:
        if mended.pictures_lost:
            return State.HOLLOW, "only places of pictures are left"
        return State.HOLLOW, "it holds no text"
    if mended.pictures_lost:
        return State.TRUNCATED, f"the tool lost {mended.pictures_lost} pictures"
    if says_it_is_cut(mended.text):
        return State.TRUNCATED, "its last words say that its tool cut it"
    return State.OK, ""


def with_pictures(adopted: Adopted, places: Mapping[str, str]) -> Adopted:
    """A copy whose pictures lie beside it, with the addresses at which they are kept now.

    Without one of them it is a part of its article only.
    """
    text, lost = place_pictures(adopted.text, places)
    if not lost:
        return replace(adopted, text=text)
    mended = MendedText(text=text, pictures_lost=adopted.pictures_lost + lost)
    state, detail = _state(mended, adopted.title)
    shown = text if state.has_body else ""
    return replace(
        adopted,
        text=shown,
        state=state,
        detail=detail,
        pictures_lost=mended.pictures_lost,
        image_count=len(_PICTURE.findall(text)),
        removed={**adopted.removed, "picture-lost": mended.pictures_lost},
    )
