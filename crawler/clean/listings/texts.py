"""Whether words that stand beside a link are a text, or what a list says of its article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_REMARKS = frozenset(
    {"note", "notes", "comment", "comments", "highlight", "highlights", "selection", "excerpt"}
    | {"备注", "笔记", "评论", "划线"}
)
"""Columns for what a reader wrote, or a program, however long that is."""
_SUMMARIES = frozenset({"summary", "摘要"})
"""Columns for a program's words as well, and for what feedparser calls so: all that a feed has."""
_MOST_OF_A_SUMMARY = 1_500  # letters of Chinese; a model's have fewer, and no elements of HTML
_OF_A_PAGE = re.compile(r"<(?:p|div|section|br)\b|\bmmbiz\.qpic\.cn/", re.IGNORECASE)
_MOST_OF_A_REMARK = 500  # letters of Chinese in any other column: no digest of WeChat's has 130
_MOST_OF_AN_ENTRY = 300  # letters of Chinese: a title, a digest, a remark
_MOST_ON_THE_AVERAGE = 150  # letters of Chinese, of what a list says of each: a title, a digest
_LOOKED_AT = 100_000  # characters; a text in HTML may have styles for most of them
_EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_OTHER_WORD = re.compile(r"\b[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{1,30}+\b")
# links, tags, and keys of JSON
_NO_WORDS = re.compile(
    r"\[[^\[\]\n]*+\]\([^()\s]*+\)|[a-z]{2,10}+://[!-~]++"
    r"|<[a-z!/][^<>]*+>|\\?\"\w{1,60}+\\?\"\s?:",
    re.IGNORECASE,
)
_AS_ONE = 3  # letters of other writings that say as much as one of Chinese


def is_text(key: str, value: str) -> bool:
    """Whether a column, whatever it is called, holds a text and no remark; `key` as `plain` has it.

    A tool of tomorrow, and everybody's own script, calls it as it likes.
    """
    if len(value) < _MOST_OF_A_REMARK or key in _REMARKS:
        return False
    is_words = key in _SUMMARIES and not _OF_A_PAGE.search(value)
    return letters_of(value) >= (_MOST_OF_A_SUMMARY if is_words else _MOST_OF_A_REMARK)


def is_part_of_text(words: str) -> bool:
    """Whether words between two links are more than what a list says of one."""
    return is_more_than_an_entry(letters_of(words))


def is_more_than_an_entry(letters: int) -> bool:
    """Whether so many letters are more than what a list says of one link."""
    return letters >= _MOST_OF_AN_ENTRY


def is_more_than_a_list(letters: Collection[int]) -> bool:
    """Whether words with so many letters before each link are together more than a list has."""
    return sum(letters) >= max(_MOST_OF_A_REMARK, _MOST_ON_THE_AVERAGE * len(letters))


def is_outline(letters: int, links: int) -> bool:
    """Whether the paragraphs of an outline have more letters than what a list says of its links."""
    return letters >= _MOST_OF_A_REMARK * max(links, 1)


def letters_of(words: str) -> int:
    """How many letters of Chinese words have, as far as a text is looked at.

    Three of other writings count as one; those of links, of markup, of keys, and of what is longer
    than words, do not.
    """
    words = words[:_LOOKED_AT]
    others = sum(map(len, _OTHER_WORD.findall(_NO_WORDS.sub(" ", words))))
    return len(_EASTERN.findall(words)) + others // _AS_ONE


def is_remark(key: str) -> bool:
    """Whether a column, `key` as `plain` has it, is one for remarks, or summaries."""
    return key in _REMARKS or key in _SUMMARIES
