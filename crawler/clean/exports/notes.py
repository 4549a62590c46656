"""Notes about an article: digests, summaries, highlights. Their text is never the article's.

36 of 36 real notes with one of these signs are no copy of the article that they name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.clean.exports.fields import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One sign of a note: a key's value, a key, or a line of its text."""

    id: str
    key: str = ""
    value: str = ""  # a pattern for the key's whole value; "" where any will do
    line: str = ""  # a pattern for a whole line among the first ones
    evidence: str
    matches: tuple[str, ...]  # values, or lines
    spares: tuple[str, ...] = ()


SIGNS = (
    Sign(
        id="note:type",
        key="type",
        value=r"(?i)digest|summary|source|entity|knowledge|concept|highlights?|"
        r"literature(?:[- ]note)?|速读|摘要",
        evidence="24 of 24 real notes of these types",
        matches=("digest", "summary", "knowledge"),
        spares=("wechat-article", "article", "clipping"),
    ),
    Sign(
        id="note:title",
        key="title",
        value=r".*(?:速读摘要|读书笔记|阅读笔记|摘要)[）)]?",
        evidence="a digest calls itself one",
        matches=("甲（速读摘要）",),
        spares=("摘要算法是什么",),
    ),
    Sign(
        id="note:assessed",
        key="评估理由",
        evidence="a collector's cards: 标识, 评估理由, 状态",
        matches=("好",),
    ),
    Sign(id="note:carded", key="标识", evidence="the same collector", matches=("2026-05-24-甲",)),
    Sign(
        id="note:heading",
        line=r"#{1,3} (?:TL;?DR|速读摘要|速查表|核心观点|一句话(?:总结|摘要)?|(?:AI ?)?摘要|"
        r"Highlights|Annotations)[ \t]*[:：]?",
        evidence="headings of digests and of highlights",
        matches=("## TL;DR", "## 核心观点", "## Highlights"),
        spares=("## 核心观点一：甲", "TL;DR"),
    ),
    Sign(
        id="note:in-a-word",
        line=r"> \*\*一句话\*\*[:：].*",
        evidence="digests begin so",
        matches=("> **一句话**：甲是乙。",),
        spares=("> 一句话说不清",),
    ),
)

_FIRST_LINES = 12  # a heading farther down may be the article's own
_OF_TITLE = re.compile(r"[（(](?:速读摘要|摘要|读书笔记|阅读笔记)[）)]\Z")


def sign_of_note(sheet: Sheet) -> str:
    """The id of the sign by which a document is a note about an article; "" for none."""
    lines = [line.strip() for line in sheet.text.split("\n", 4 * _FIRST_LINES) if line.strip()]
    return next((sign.id for sign in SIGNS if _shows(sign, sheet, lines[:_FIRST_LINES])), "")


def _shows(sign: Sign, sheet: Sheet, lines: list[str]) -> bool:
    if sign.line:
        return any(re.fullmatch(sign.line, line) for line in lines)
    value = sheet.fields.get(sign.key, "")
    return bool(value) and (not sign.value or re.fullmatch(sign.value, value) is not None)


def title_of_article(title: str) -> str:
    """The article's title, out of a note's that only adds what the note is."""
    return _OF_TITLE.sub("", title)
