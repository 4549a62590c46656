"""Notes about an article: digests, summaries, highlights.

Their text is never the article's. 36 of 36 real notes with one of these signs are no copy of the
article that they name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crawler.article import State
from crawler.clean.exports.fields import ADDRESS, MAX_HEAD, WORDS_OF_A_TEXT, key_line
from crawler.clean.exports.producers import UNKNOWN
from crawler.clean.exports.records import Adopted, Form, Link
from crawler.folding import fold_script

if TYPE_CHECKING:
    from crawler.clean.exports.fields import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One sign of a note: a key's value, a key, or a line of its text."""

    id: str
    key: str = ""
    value: str = ""  # a pattern for the key's whole value; "" where any will do
    line: str = ""  # a pattern for a whole line among the first ones
    # how many such lines show it, the first of them where a short text without a picture begins,
    # whatever tool wrote that; 0: one shows it, in a text of no known tool
    of_short: int = 0
    evidence: str
    matches: tuple[str, ...]  # values, or lines
    spares: tuple[str, ...] = ()


_OF_WECHAT = "mmbiz.qpic.cn/"
_HEADING = "note:heading"
_MARKED = (
    r"(?i)#{1,6} (?:\d\ufe0f?\u20e3|\W){0,9}(?:(?:[一二三四五六七八九十]{1,3}|\d{1,2})\W{1,3})?"
)
"""A heading, as templates write one: behind an emoji, a number, or both."""
SIGNS = (
    Sign(
        id="note:type",
        key="type",
        value=r"(?i)digest|summary|source|entity|knowledge|concept|highlights?|"
        r"distilled|literature(?:[- ]note)?|速读|摘要|(?:文章|文献|阅读|读书)笔记",
        evidence="25 of 25 real notes of these types",
        matches=("digest", "summary", "knowledge", "distilled", "文章笔记"),
        spares=("wechat-article", "article", "clipping"),
    ),
    Sign(
        id="note:title",
        key="title",
        value=r".*(?:速读摘要|(?:读书|阅读)笔记|[（(](?:AI ?)?摘要)[）)]?",
        evidence="a digest calls itself one; of 1,427 articles eight are a weekly 勒索威胁摘要",
        matches=("甲（速读摘要）", "甲（摘要）", "甲 阅读笔记"),
        spares=("摘要算法是什么", "2024年政府工作报告摘要"),
    ),
    Sign(
        id="note:assessed",
        key="评估理由",
        evidence="a collector's cards: 标识, 评估理由, 状态",
        matches=("好",),
    ),
    Sign(id="note:carded", key="标识", evidence="the same collector", matches=("2026-05-24-甲",)),
    Sign(
        id=_HEADING,
        line=r"#{1,3} (?:TL;?DR|速读摘要|速查表|核心观点|一句话(?:总结|摘要)?|(?:AI ?)?摘要|"
        r"文章[摘概]要|Highlights|Annotations)[ \t]*[:：]?",
        evidence="headings of digests and of highlights",
        matches=("## TL;DR", "## 核心观点", "## 文章概要", "## Highlights"),
        spares=("## 核心观点一：甲", "TL;DR"),
    ),
    Sign(
        id="note:in-a-word",
        line=r"> \*\*一句话\*\*[:：].*|> 整理说明[:：][^\n]*笔记.*",
        evidence="digests begin so",
        matches=("> **一句话**：甲是乙。", "> 整理说明：本文是对原文的学习笔记。"),
        spares=("> 一句话说不清", "> 整理说明：本文据录音整理。"),
    ),
    Sign(
        id="note:headed",
        line=_MARKED + r"(?:AI\W?(?:摘要|总结|概要|解读|速读)|速读摘要|一句话(?:总结|摘要|概括)"
        r"|我的(?:笔记|想法|批注)|(?:阅读|读书|个人)笔记|为什么收藏|划线|金句摘录"
        r"|My (?:Notes|Thoughts))\W{0,6}",
        of_short=1,
        evidence="templates of readers and of their models; of 1,816 articles none begins so",
        matches=("## AI 总结", "### 🎯 一句话总结", "## 划线", "## 💭 我的想法"),
        spares=("## 我的想法之一", "## 总结", "我的笔记"),
    ),
    Sign(
        id="note:parted",
        line=_MARKED + r"(?:TL;?DR|核心观点|(?:内容|文章)?(?:摘要|概要|总结)|小结|论据|解读|金句"
        r"|(?:关键|核心|主要)?要点|关键信息|(?:核心|主要)(?:内容|论点|观点)|启发|启示|感想|感悟"
        r"|(?:我的)?思考|笔记|思维导图|(?:(?:我的|个人)(?:心得|收获|感悟|评论|总结)|心得|读后感)"
        r"|重点整理|高亮|速读|摘录|Abstract|Summary|Key (?:Points|Takeaways|Insights|Ideas)|Quotes"
        r"|Takeaways|Highlights|Annotations|Notes|(?:My )?Thoughts|AI\W?(?:摘要|总结))\W{0,6}",
        of_short=2,
        evidence="digests have several of these; of 1,816 articles none begins so",
        matches=("## 📝 摘要", "## 一、核心观点", "## 1. Key Points:", "## 1️⃣ **要点**"),
        spares=("## 摘要算法", "## 核心观点一：甲", "摘要"),
    ),
    Sign(
        id="note:called-out",
        line=r"(?i)> \\?\[!(?:abstract|summary|tldr)\\?\].*"
        r"|(?:> )?\*\*一句话(?:总结|摘要|概括)(?:\*\*[:：]|[:：]\*\*).*",
        of_short=1,
        evidence="callouts of Obsidian, in which digests stand; no article has one",
        matches=("> [!abstract] 摘要", "> [!summary]", "**一句话总结**：甲是乙。"),
        spares=("> [!note] 甲", "一句话总结：甲"),
    ),
)
_LABEL = re.compile(  # in bold, behind which words may stand, or on a line of its own
    r"(?:> )?(?:\*\*(?P<bold>[^*\n]{1,20}?)(?:[:：][ \t]*\*\*|\*\*[ \t]*[:：])[^\n]*"
    r"|(?P<words>[^\s#>:：*-][^:：\n]{0,19})[:：])"
)
_OF_THE_TEXT = re.compile(
    _MARKED + r"(?:(?:文章)?(?:正文|原文|全文|内容)(?:全文|内容| ?/ ?逐字稿)?"
    r"|(?:Full )?(?:Text|Content))\W{0,6}"
)
"""A heading under which a text follows what was said of it."""
_TEXT_ITSELF = re.compile(_MARKED + r"(?:文章)?(?:正文|原文|全文)(?: ?/ ?逐字稿)?\W{0,6}")
_BY_A_MODEL = re.compile(_MARKED + r"AI\W?(?:摘要|总结|概要|解读|速读)\W{0,6}")


FEED = "feed"
"""The producer of what a feed carries, where it does not say another one."""
NOTE = "note"
"""What a text about an article is taken for that no known tool wrote."""
_RULE = re.compile(r"-{3,}+|(?:\* ?+){3,}+")
_LONGEST_SHORT = 800  # letters of Chinese, and a fifth of all signs
_HAN = re.compile(r"[\u3400-\u9fff]")
_TASK = re.compile(r"[-*] \[[ xX]\] ")
_TAGS = re.compile(r"(?:#[^\s#]{1,30}+#?+\s*+)++")
_SENTENCE = re.compile(r"[。！？；!?…]|[，,].*[，,]|!\[")
_ITEM = re.compile(r"(?:[-*+]|\d{1,3}[.)])\s")
_FEW, _LONGEST_KEYED = 8, 60  # characters of a line
_LONGEST_LABEL = 12  # characters
_BEGIN = 3  # lines, of which the title may be one
_FIRST_LINES = 12  # a heading farther down may be the article's own
_OF_TITLE = re.compile(r"[（(](?:速读摘要|摘要|读书笔记|阅读笔记)[）)]\Z")


def sign_of_note(sheet: Sheet) -> str:
    """The id of the sign by which a document is a note about an article; "" for none."""
    begin = fold_script(sheet.text[:MAX_HEAD])
    lines = [line.strip() for line in begin.split("\n", 4 * _FIRST_LINES) if line.strip()]
    signs = (sign for sign in SIGNS if not sign.of_short)
    return next((sign.id for sign in signs if _shows(sign, sheet, lines[:_FIRST_LINES])), "")


def _shows(sign: Sign, sheet: Sheet, lines: list[str]) -> bool:
    if sign.line:  # an article may have such a heading; of its pictures a note has but the cover
        is_illustrated = sheet.text.count(_OF_WECHAT) > 1
        return not is_illustrated and any(re.fullmatch(sign.line, line) for line in lines)
    value = sheet.fields.get(sign.key, "")
    return bool(value) and (not sign.value or re.fullmatch(sign.value, value) is not None)


def unless_note(copy: Adopted) -> Adopted:
    """A copy; as a note where it is short, has no picture, and begins as notes do.

    Whoever wrote it: people and their models write below the heads of tools, too. Taken for the
    article's text it would keep that from ever being asked for. One of a known tool is told, but
    for a feed's, which is read day by day.
    """
    is_whole = copy.form is Form.BODY and copy.state is State.OK and copy.url
    is_bare = is_whole and not copy.image_count
    sign = _sign_of_short(copy.text) if is_bare else ""
    if not sign:
        is_doubtful = is_bare and copy.producer == UNKNOWN.id and _is_outline(copy.text)
        told = "; ".join(filter(None, (copy.left_out, DOUBT)))
        return replace(copy, left_out=told) if is_doubtful else copy
    link = Link(
        url=copy.url,
        title=title_of_article(copy.title),
        account=copy.account,
        author=copy.author,
        date=copy.date,
        published_at=copy.published_at,
    )
    told = LEFT.format(sign) * (copy.producer not in (UNKNOWN.id, FEED))
    return note_about(link, sign, producer=NOTE, left_out=told)


DOUBT = "may be a note about its article, as headings and items are most of it"
LEFT = "was taken for a note about its article ({}), and its text was left"


def note_about(link: Link, sign: str, *, producer: str, left_out: str) -> Adopted:
    """A text about an article, of which the link alone is of use."""
    return Adopted(
        producer=producer,
        form=Form.NOTE,
        detail=f"a note about the article ({sign}), not its text",
        url=link.url,
        title=link.title,
        account=link.account,
        author=link.author,
        date=link.date,
        published_at=link.published_at,
        links=(link,),
        left_out=left_out,
    )


def below_summary(text: str, sign: str) -> str:
    """The text below what a model wrote of it, or below an abstract that makes it a note.

    "" where no heading says so of both, or where more of a note follows, or little but quotations
    and items.
    """
    lines = text.split("\n")
    said = [line.strip() for line in lines]
    first = next((line for line in said if line and not _RULE.fullmatch(line)), "")
    if sign not in {"", _HEADING}:
        return ""
    if not (_BY_A_MODEL.fullmatch(first) or (sign == _HEADING and first.startswith("#"))):
        return ""
    at = next((at for at, line in enumerate(said) if _TEXT_ITSELF.fullmatch(line)), len(lines))
    below = said[at + 1 :]
    if not below or any(0 < _rank(line) <= _rank(said[at]) for line in below):
        return ""
    if any(map(_is_of_note, below)):
        return ""
    words = "".join(line for line in below if not _ITEM.match(line) and line[:1] not in {">", "#"})
    is_text = len(ADDRESS.sub("", words)) >= WORDS_OF_A_TEXT
    return "\n".join(lines[at + 1 :]).strip() if is_text else ""


def _is_of_note(line: str) -> bool:
    """Whether a line begins another part of a note, be it called so in bold, or by words alone."""
    label = re.split("[:：]", line.strip("*_# "), maxsplit=1)[0].strip("*_ ")
    is_short = 0 < len(label) <= _LONGEST_LABEL
    return begins_note(_as_said(line)) or (is_short and begins_note(f"## {label}"))


def _rank(line: str) -> int:
    """How many signs a heading has; 0 for none."""
    signs = len(line) - len(line.lstrip("#"))
    return signs if line[signs : signs + 1] == " " else 0


def is_of_keys(text: str) -> bool:
    """Whether a text is a few lines of keys, tasks, tags and words, of which none is a sentence."""
    lines = [line for line in text.split("\n") if line.strip()]
    return bool(lines) and len(text) < WORDS_OF_A_TEXT and all(map(_is_of_key, lines))


def _is_of_key(line: str) -> bool:
    words = ADDRESS.sub("", line).strip()
    is_one = len(words) <= _FEW or _TASK.match(line) or _TAGS.fullmatch(words) or key_line(words)
    return bool(is_one) and len(words) <= _LONGEST_KEYED and not _SENTENCE.search(words)


def is_long_note(text: str) -> bool:
    """Whether a text is so long that it may be an article with an abstract."""
    return len(text) >= 5 * _LONGEST_SHORT or len(_HAN.findall(text)) >= _LONGEST_SHORT


def _sign_of_short(text: str) -> str:
    """The id of the sign by which a short text is a note about an article; "" for none."""
    if is_long_note(text) or "![" in text:
        return ""
    lines = [_as_said(line.strip()) for line in text.split("\n") if line.strip()]
    if any(_begins_the_text(lines, at) for at in range(len(lines))):
        return ""
    return next((sign.id for sign in SIGNS if sign.of_short and _begins(sign, lines)), "")


def _is_outline(text: str) -> bool:
    """Whether a short text is most of it items below several headings, as notes are."""
    if is_long_note(text) or "![" in text:
        return False
    lines = [_as_said(line.strip()) for line in text.split("\n") if line.strip()]
    headings = sum(line.startswith("#") for line in lines)
    items = sum(_ITEM.match(line) is not None for line in lines)
    return headings > 1 and 2 * items >= len(lines) - headings


def begins_note(line: str) -> bool:
    """Whether a line is one by which a note is known."""
    line = fold_script(line.strip())
    return any(re.fullmatch(sign.line, line) for sign in SIGNS if sign.line)


def _as_said(line: str) -> str:
    """A line as signs have it: in simplified characters, and a label as a heading."""
    label = None if begins_note(line) else _LABEL.fullmatch(line)
    line = f"## {label['bold'] or label['words']}" if label else line
    return fold_script(line)


def _begins_the_text(lines: list[str], at: int) -> bool:
    """Whether a line parts a text from what a reader wrote above it: a heading, or a rule."""
    behind = lines[at + 1 :]
    if not _RULE.fullmatch(lines[at]):
        return _OF_THE_TEXT.fullmatch(lines[at]) is not None
    is_headed = bool(behind) and behind[0].startswith("#")
    return not is_headed and sum(map(len, behind)) >= WORDS_OF_A_TEXT


def _begins(sign: Sign, lines: list[str]) -> bool:
    found = [at for at, line in enumerate(lines) if re.fullmatch(sign.line, line)]
    if len({lines[at] for at in found}) < sign.of_short or found[0] >= _BEGIN:
        return False
    return all(line.startswith("#") for line in lines[: found[0]])


def title_of_article(title: str) -> str:
    """The article's title, out of a note's that only adds what the note is."""
    return _OF_TITLE.sub("", title)
