"""Markdown text as blocks, and the key by which a block is known in another article.

A block is what stands between blank lines; a code fence is one block, blank lines and all. The key
forgets what differs between two prints of the same thing: emphasis, escapes, white space, width,
case, where a link leads, and everything of a picture but its id.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from crawler.characters import BIDI, JOINERS, ZERO_WIDTH, normalized
from crawler.clean.promotion.appeals import appeal_of
from crawler.clean.promotion.senses import Sense
from crawler.clean.promotion.wordings import NO_SENSE, senses_of
from crawler.dialect import fence_after

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.clean.promotion.phrases import Appeal

# a longer block is known by its exact text; no promotion that was seen has so many characters
_LONGEST_PLAIN = 800
_LONGEST = 8000  # the same for a block with links, whose addresses are long
_FEW = 4  # letters beside a link that are no text
_TITLED = 3  # links that make a list of titles
_SHORT = 100  # characters; a call word in a longer block is a word of its prose
_LIGHT = 40  # characters; a caption, a slogan or a heading is shorter, most sentences are longer

_FENCE = re.compile(r"[ \t>]{0,20}(?:`{3}|~{3})")
_PICTURE = re.compile(r"!\[[^\[\]]{0,500}\]\(([^()\s]{0,2000})[^()]{0,200}\)")
_TARGET = re.compile(r"\]\([^()\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]]{0,500})\]\([^()\n]{1,2000}\)")
# A linked card, picture over title, is cut in two by the blank line between them.
_HALF_CARD = re.compile(
    r"\[!\[[^\[\]]{0,500}\]\([^()\s]{0,2000}\)\s*\Z"
    r"|[^\[\]\n]{1,200}\]\(https?://mp\.weixin\.qq\.com/[^()\s]{0,2000}\)\s*\Z"
)
_TAG = re.compile(r"</?(?:strong|em|b|i|u|s|del|mark|span|br|sub|sup) ?/?>", re.IGNORECASE)
_MARKUP = re.compile(rf"[\s\\*_#>`~\[\]\ufe0e\ufe0f{BIDI}{ZERO_WIDTH}{JOINERS}]+")
_DIGITS = re.compile(r"\d+")
_ADDRESS = re.compile(r"https?://[^\s)\]>]{1,2000}")
_LETTER = re.compile(r"[^\W\d_]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_TELLS = re.compile(r"[^\W_]|\x00")
_SENTENCE = re.compile(r"[。！？!?；;…]")
PICTURE_MARK = "\x00"
_COMMON = frozenset(
    {"安全", "网络", "信息", "中国", "国家", "数据", "黑客", "代码", "情报", "漏洞", "白帽", "红队"}
)


class Form(StrEnum):
    """What a block is made of, as far as promotion needs to know."""

    CODE = "code"
    EMPTY = "empty"  # nothing that shows: an empty heading, a lone zero-width mark
    RULE = "rule"  # --- or other marks without a letter
    PICTURE = "picture"  # pictures and nothing else, linked or not
    LINKS = "links"  # links and hardly a word beside them
    ADDRESS = "address"  # a bare address, as the reference that it is
    LINE = "line"  # a few words without the end of a sentence
    PROSE = "prose"


_NEVER = frozenset({Form.EMPTY, Form.RULE, Form.CODE})
_WORDED = frozenset({Form.LINE, Form.PROSE})
_LEADING = frozenset({Sense.TOPIC, Sense.NOTICE, Sense.LEAD})
_STAYING = frozenset({Sense.KEPT, Sense.TOPIC, Sense.NOTICE, Sense.SOURCE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a text.

    `key` is 64 hexadecimal digits; `words` is the text that the key was made of.
    """

    text: str
    words: str
    key: str
    form: Form
    senses: frozenset[Sense] = NO_SENSE
    appeal: Appeal | None = None

    @property
    def is_kept(self) -> bool:
        """Whether it stays, however often it repeats."""
        if self.appeal:
            return False
        if self.form in _NEVER or not self.senses.isdisjoint(_STAYING):
            return True
        return Sense.LEAD in self.senses and not self.is_call

    @property
    def is_topic(self) -> bool:
        """Whether it is a heading or a date of the article, over which no walk goes."""
        return Sense.TOPIC in self.senses and not self.appeal

    @property
    def leads(self) -> bool:
        """Whether plain words behind it belong to it: a heading, a date, a notice, a lead-in."""
        return self.is_kept and not self.senses.isdisjoint(_LEADING)

    @property
    def is_call(self) -> bool:
        """Whether it asks the reader to do something for the account. Calls are short."""
        return Sense.CALL in self.senses and len(self.words) <= _SHORT

    @property
    def is_related(self) -> bool:
        """Whether it heads a list of links to other articles."""
        return self.form in _WORDED and Sense.RELATED in self.senses

    @property
    def is_signature(self) -> bool:
        """Whether it says who made the article, and on what terms."""
        return self.is_kept and Sense.KEPT in self.senses and not self.is_topic

    @property
    def is_pointer(self) -> bool:
        """Whether it leads to what stands behind it, and is no call."""
        return Sense.LEAD in self.senses and self.is_kept

    @property
    def is_lead(self) -> bool:
        """Whether it stays for nothing but that it leads to what stands behind it."""
        return self.is_pointer and self.senses.isdisjoint(_STAYING)

    @property
    def is_end(self) -> bool:
        """Whether it marks the end of an article."""
        return Sense.END in self.senses

    @property
    def is_plain(self) -> bool:
        """Whether it is words alone that neither call to the reader nor head a list."""
        worded = self.form in _WORDED and PICTURE_MARK not in self.words
        return worded and not (self.is_call or Sense.RELATED in self.senses)


def split_blocks(text: str) -> list[str]:
    """The blocks of a text, in order, without the blank lines around them.

    A fence that never ends takes the rest.
    """
    blocks: list[str] = []
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        fence = fence_after(line, fence)
        if not fence and (not line or line.isspace()):
            _close(blocks, lines)
            continue
        lines.append(line)
    _close(blocks, lines)
    return blocks


def _close(blocks: list[str], lines: list[str]) -> None:
    block = "\n".join(lines).rstrip()
    if block:
        blocks.append(block)
    lines.clear()


def _opens_fence(text: str) -> bool:
    return _FENCE.match(text) is not None or bool(fence_after(text.partition("\n")[0], ""))


def join_blocks(blocks: Iterable[str]) -> str:
    """The text that splits into these blocks."""
    return "\n\n".join(blocks)


def read_block(text: str) -> Block:
    """A block with its key, form and senses.

    In a short call to the reader a number (a price, a phone, an issue) may be any other. Code is
    known by its exact text; what is Chinese prose (457 in seeds) is read so.
    """
    if _opens_fence(text):
        inner = _inside_fence(text)
        if 2 * len(_HAN.findall(inner)) <= len(_LETTER.findall(inner)) or _opens_fence(inner):
            return Block(text=text, words="", key=_hashed(text), form=Form.CODE)
        if _FENCE.match(text):  # behind an item's mark it is an item like others
            return replace(read_block(inner), text=text)
    if len(text) > _LONGEST_PLAIN and ("](" not in text or len(text) > _LONGEST):
        return Block(text=text, words="", key=_hashed(text), form=Form.PROSE)
    words = words_of(text)
    senses = senses_of(words)
    counts = Sense.COUNT in senses and len(words) <= _SHORT
    compared = _DIGITS.sub("0", words) if counts else words
    appeal = None if text.startswith("#") else appeal_of(_outside_pictures(words))
    return Block(
        text=text,
        words=words,
        key=_hashed(compared),
        form=_form(text, words),
        senses=senses,
        appeal=appeal,
    )


def _inside_fence(text: str) -> str:
    """What a block of code holds, and what follows it in its list or quotation."""
    inner, _, last = text.partition("\n")[2].rpartition("\n")
    return inner if _FENCE.match(last) else f"{inner}\n{last}"


def words_of(text: str) -> str:
    """A block's text without markup, link targets, white space, width and case.

    A picture leaves its id.
    """
    bare = text
    if "](" in bare:
        bare = _PICTURE.sub(
            lambda found: f"{PICTURE_MARK}{picture_id(found[1])}{PICTURE_MARK}", bare
        )
        bare = _TARGET.sub("", bare)
    if "<" in bare:
        bare = _TAG.sub("", bare)
    # A picture's id is the one thing whose case counts; to fold it does no harm, as ids are 40
    # characters of chance.
    return _MARKUP.sub("", normalized("NFKC", bare)).casefold()


def picture_id(url: str) -> str:
    """What stays the same of a picture's address.

    WeChat serves one picture under many hosts, sizes and queries.
    """
    path = url.split("#", 1)[0].split("?", 1)[0]
    parts = [part for part in path.split("/")[3:] if part]
    if len(parts) > 1 and parts[-1].isdecimal():
        parts.pop()  # /640 or /0, the size
    return parts[-1] if parts else url


def _hashed(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def _form(text: str, words: str) -> Form:
    if not words:
        return Form.EMPTY
    if not _TELLS.search(words):
        return Form.RULE
    if "](" in text and _is_list(text):
        return Form.LINKS
    outside = _outside_pictures(words)
    if outside != words and not _LETTER.search(outside):
        return Form.PICTURE
    if "://" in text and _few_letters(_ADDRESS.sub("", text), _FEW // 2):
        return Form.ADDRESS
    return Form.LINE if len(outside) <= _LIGHT and not _SENTENCE.search(outside) else Form.PROSE


def _is_list(text: str) -> bool:
    """Whether links make up a block.

    From three on, each may have a title beside it, as in a table of articles.
    """
    if _HALF_CARD.match(text):
        return True
    links = count_links(text)
    is_titled = links >= _TITLED or text.startswith("|")
    most = links * _LIGHT if is_titled else _FEW
    return links > 0 and _few_letters(_without_links(text), most)


def count_links(text: str) -> int:
    """How many links a text holds, pictures not counted."""
    return text.count("](") - text.count("![")


def stem_of(account: str) -> str:
    """The letters by which an account calls itself: two, or four where two are a common word."""
    name = words_of(account)
    return name[: 4 if name[:2] in _COMMON else 2]


def plain_length(text: str) -> int:
    """The characters of a block that holds no link and no picture; of another none."""
    return 0 if "](" in text else len(text)


def count_letters(words: str) -> int:
    """How many letters and digits a text holds, the ids of pictures not counted."""
    return sum(map(str.isalnum, _outside_pictures(words)))


def _few_letters(text: str, most: int) -> bool:
    return len(_LETTER.findall(text)) <= most


def _outside_pictures(words: str) -> str:
    return "".join(words.split(PICTURE_MARK)[::2])


def _without_links(text: str) -> str:
    return _LINK.sub("", _PICTURE.sub("", text))
