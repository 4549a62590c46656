"""Files in which several documents stand one behind another, and lists written as copies begin.

`cat *.md > all.md` makes the first, a script that writes title, account and link of each article on
lines of their own the second: the text of the first article would be all that follows.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from crawler.article import State
from crawler.clean.exports.fields import (
    ADDRESS,
    MAX_HEAD,
    WORDS_OF_A_TEXT,
    key_line,
    marks_of,
    plain_key,
    read_sheet,
)
from crawler.clean.exports.furniture import take_head, with_signs
from crawler.clean.exports.known import producer_of
from crawler.clean.exports.producers import UNKNOWN
from crawler.clean.exports.records import Form, refused
from crawler.clean.exports.says import own_link, what_it_says
from crawler.dialect import fence_after
from crawler.urls import HOST, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.clean.exports.records import Adopted, Producer
    from crawler.clean.exports.says import Says

SEVERAL = "holds several articles, one behind another: give each a file of its own"
_LIST = "is a list of articles, each with lines of its own"
_OF_ONE = (
    "holds a text below one of its records alone, which was left: if it is that article's, give it"
    " a file of its own"
)
_WORDS_OF_ONE = 40  # letters; fewer are a remark
_LONGEST_TITLE, _ENDS = 100, ("。", "；", "…")
_ON_THE_AVERAGE = 50  # letters of Chinese beside a link; a title has some 25, and 64 at the most
_HAN = re.compile(r"[\u3400-\u9fff]")
_MOST_LINES = 3  # of a link in a list: a title, a day
_LONGEST = 4_000  # characters in which a document begins
_MOST = 100  # places that are looked at
_HEADING = re.compile(r"#{1,6}(?=\s)")
_BLOCK = re.compile(
    r"\n\nid: [0-9a-f]{32}\n(?:(?!type_)[a-z_]{1,40}:[^\n]*+\n)++type_: \d"
)  # Joplin's
_RULE = "---"
_FIRST_SIGNS = 8  # of a line that is neither a heading nor a key's


class _Begin(NamedTuple):
    """How a document begins: who made it, what it says, how long that is.

    And how its link is named, and the first of all keys below front matter.
    """

    producer: Producer
    says: Says
    form: str
    record: str
    length: int


def refuse_several(adopted: Adopted, text: str) -> Adopted:
    """A copy, or a note, of one article, and nothing of a file that holds several."""
    if adopted.form not in (Form.BODY, Form.NOTE):
        return adopted
    if len(list(islice(_BLOCK.finditer(text), 2))) > 1:
        return refused(State.UNREADABLE, SEVERAL)
    text = with_signs(text)
    own = _begin_of(text[:MAX_HEAD])
    if text.lower().count(HOST) < 2 and not own.producer.only_wechat:  # as nearly all
        return adopted
    first = _shape(text.lstrip().partition("\n")[0])
    if words := _words_of_parts(text, own, first):
        if not own.says.url or max(words) >= WORDS_OF_A_TEXT:
            return refused(State.UNREADABLE, SEVERAL)
        return _list(words)
    # below a heading of its own, or front matter, a list's records begin as its first one does
    words = _words_of_parts(text, own, own.record) if own.record not in ("", first) else []
    if words and max(words) < WORDS_OF_A_TEXT:
        return _list(words)
    return refused(State.NOT_WECHAT, _LIST) if _is_bare(text, own) else adopted


def _words_of_parts(text: str, own: _Begin, shape: str) -> list[int]:
    """How many words stand in each part of a text that begins so; none of one article's text."""
    starts = list(_starts(text, own.length, shape))
    is_headed = _HEADING.match(text.lstrip()) is not None
    pieces = (text[start : start + _LONGEST] for start in islice(starts, _MOST))
    others = (_begin_of(piece) for piece in pieces if HOST in piece or not own.says.url)
    if not any(_is_other(one, own, is_headed=is_headed) for one in others):
        return []
    return [_words_in(text[start:end]) for start, end in pairwise([0, *starts, len(text)])]


def _list(words: list[int]) -> Adopted:
    """What is said of a list; one of whose records alone has more words may be a copy."""
    is_one = sum(count >= _WORDS_OF_ONE for count in words) == 1
    return replace(refused(State.NOT_WECHAT, _LIST), left_out=_OF_ONE * is_one)


def _begin_of(text: str) -> _Begin:
    sheet = read_sheet(text)
    producer = producer_of(sheet, text)
    keys = filter(None, map(key_line, sheet.text[:_LONGEST].split("\n")))
    record = next(map(_form, keys), "")
    take_head(sheet, producer)
    says, length = what_it_says(sheet, producer), len(text) - len(sheet.text)
    _, _, below = sheet.text.partition("\n\n")
    if below and not text.endswith(sheet.text) and text.endswith(below):  # a heading was given back
        length = len(text) - len(below)
    forms = (form for form, article_id in _named(text[:length]) if article_id == _id_of(says))
    return _Begin(producer, says, next(forms, ""), record, length)


def _named(text: str) -> list[tuple[str, str]]:
    """The keys, with their marks, that name articles, and which these are."""
    lines = (line for line in text.split("\n") if HOST in line)
    found = [(_form(key), own_link(key["value"])) for key in map(key_line, lines) if key]
    return [(form, parse_url(link).article_id) for form, link in found if link]


def _starts(text: str, begin: int, shape: str) -> Iterator[int]:
    """Where lines behind a place have some shape, outside of code."""
    place, fence = 0, ""
    for line in text.split("\n"):
        fence = fence_after(line, fence)
        is_behind = place >= begin and place > 0
        if is_behind and not fence and line.strip() and _shape(line) == shape:
            yield place
        place += len(line) + 1


def _shape(line: str) -> str:
    """What a line is but for its words: a rule, a heading of some level, a key with its marks."""
    heading = _HEADING.match(line)
    if heading or line.strip() == _RULE:
        return heading[0] if heading else _RULE
    key = key_line(line)
    return _form(key) if key else line.strip()[:_FIRST_SIGNS]


def _form(line: re.Match[str]) -> str:
    return f"{marks_of(line)}{plain_key(line['key'])}:"


def _is_other(one: _Begin, own: _Begin, *, is_headed: bool) -> bool:
    """Whether a document of another article begins as the first one does.

    Headings stand in texts, too: with one another thing is said than the link, or that is said on a
    line of the same key.
    """
    said, known = one.says, own.says
    if one.producer is not own.producer:
        return False
    is_again = said.title == known.title and said.moment.date == known.moment.date
    if said.title and is_again:  # two tools' heads of one article
        return False
    if not (said.url or known.url):
        return bool(said.title and said.moment.date)
    if not (said.url and known.url) or _id_of(said) == _id_of(known):
        return False
    alike = [
        said.title and known.title,
        said.account and known.account,
        said.author and known.author,
        said.moment.date and known.moment.date,
    ]
    is_named = said.title and own.form and one.form == own.form
    is_told = sum(map(bool, alike)) > is_headed or is_named
    return own.producer is not UNKNOWN or bool(is_told)


def _id_of(said: Says) -> str:
    return parse_url(said.url).article_id if said.url else ""


def _words_in(text: str) -> int:
    """How many letters stand in a text beside what a list says of its articles."""
    lines = (ADDRESS.sub("", line.strip()) for line in text.split("\n"))
    return sum(len(line) for line in lines if not _is_of_head(line))


def _is_of_head(line: str) -> bool:
    """Whether a line, less addresses, may stand above a text: a key's, a heading, a rule, blank."""
    is_key = len(line) < WORDS_OF_A_TEXT and key_line(line)
    return bool(is_key or _HEADING.match(line) or not line.strip("-=*_> \t"))


def _is_bare(text: str, own: _Begin) -> bool:
    """Whether nothing but such lines stands in a text, and its own key names others' links, too.

    Where it names several others, a few words of its owner may stand there.
    """
    words, own_id, named = _words_in(text), _id_of(own.says), _named(text)
    forms = {form for form, article_id in named if article_id == own_id}
    others = {article_id for form, article_id in named if form in forms} - {own_id}
    is_list = not words or (words < _WORDS_OF_ONE and len(others) > 1)
    return bool(own.says.url and others) and is_list


def is_of_links(text: str) -> bool:
    """Whether a text is links to articles, each with a title or a few words at most."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    words = [ADDRESS.sub("", line).strip() for line in lines]
    linked = sum(HOST in line for line in lines)
    is_short = all(len(word) <= _LONGEST_TITLE and not word.endswith(_ENDS) for word in words)
    is_list = linked > 0 and is_short and len(lines) <= _MOST_LINES * linked
    return is_list and len(_HAN.findall("".join(words))) <= _ON_THE_AVERAGE * linked
