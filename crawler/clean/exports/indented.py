"""Code that a copy sets in by four spaces behind a blank line, as Turndown and html2text do.

Scripts set in prose as well, with the spaces of a page's source; so a block is code only where its
lines look like it, and stands in no list, which its lines would go on with.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.clean.seeds import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SET_IN = re.compile(r" {4}| {0,3}\t")
_NO_FURTHER = re.compile(r"(?: {4}| {0,3}\t)\S")
# an item, a note, a definition, a box
_OPENS = re.compile(
    r"[ \t>]*+(?:(?:[-+*]|[0-9]{1,9}[.)]|:|!!!|[?]{3})(?:[ \t]|\Z)|\[[^\[\]\n]++\]:)"
)
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*+){3,}+|(?:-[ \t]*+){3,}+)\Z")
_ELEMENT = re.compile(
    r"<(?P<end>/?)(?P<name>table|pre|div|section|article|figure|center|ul|ol|dl)\b", re.IGNORECASE
)
_OPAQUE = ("table", "pre")  # what stands in them is their own reader's
_TAG = re.compile(r"\s*+</?[a-z]", re.IGNORECASE)
_HAN = re.compile("[\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]")
_ADDRESS = re.compile(r"https?://[^\s\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]++")
_MARK = re.compile(r"[*<>&`~\\]|__|(?<!\w)_|_(?!\w)")  # of Markdown or HTML within a line
# what prose has of signs that code has: an address, an entity, code of a line, words in stars
_OF_PROSE = re.compile(
    rf"{_ADDRESS.pattern}|&[a-z]{{2,8}};|`[^`\n]++`"
    r"|</?(?:[bius]|br|em|strong|su[bp]|font|span)\b[^<>\n]*+>"
    r"|(?<![\w*])\*{1,3}+(?=[^\s*])[^*\n]++(?<=\S)\*{1,3}+(?![\w*])"
)
# braces, assignments, calls, products and pointers, tags, arrows, variables, paths, an end by `;`
_OF_CODE = re.compile(
    r"[{}]|;\s*+\Z|==|=[\"']|\s[-+*/|&:]?=\s|[\"']\s?:\s?[\"'\[{0-9]"
    r"|\w\*(?=[\w(*])|\S\s\*{1,2}(?=[\w\s(])|</?[a-zA-Z!]|[-=]>|<<|&&|&\w+[,;)]|~/|\\\w|\b__\w"
    r"|\$[A-Za-z_({]|\.\w++\(|\w\([\"')]|#!|\A\s*+(?:```|~~~)"
    r"|\A\s*+(?:if|elif|for|while|def|class|with)\b.*+(?<=:)"
)
_COMMENT = re.compile(r"\s*+(?:#|//|--|/?\*|%|<!--)")
_LINK = re.compile(  # of Markdown, or as a tag: scripts leave what they do not know as HTML
    r"!\[|\]\((?:https?:|/)"  # (a program has one within quotes)
    r"|(?<![\"'`])<(?:img|video|a|source)\s[^<>]*?\b(?:src|href)=[\"']?(?:https?:)?//",
    re.IGNORECASE,
)
# a line of a page of WeChat's, as scripts put whole ones below a title of Markdown
_OF_PAGE = re.compile(
    r"\s*+(?=<)[^\n]*?(?:src=[\"']?https?://(?:mmbiz|mmecoa)\.qpic\.cn/"
    r"|<section\s[^<>]*?\b(?:style=|data-))",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"\s*+\[?!\[[^\[\]\n]*+\]\(<?https?://(?:mmbiz|mmecoa)\.qpic\.cn/")
_SENTENCE = re.compile(r"\s*+(?:\S++ ++){5,}+\S++\s*+\Z")
_TICKS = re.compile(r"`{3,}+")


def with_indented(parts: Iterable[Part]) -> list[Part]:
    """The parts of a text that `split_fences` gives, with such blocks as parts of their own."""
    reading = _Reading()
    return [one for part in parts for one in reading.read(part)]


@dataclass(slots=True)
class _Reading:
    """The reading of one text: what stands open before a line."""

    is_beside: bool = True  # a blank line, the beginning, or code stands above
    in_list: bool = False
    elements: Counter[str] = field(default_factory=Counter)

    def read(self, part: Part) -> Iterator[Part]:
        if part.is_code:
            self.is_beside = True
            yield part
            return
        lines, prose, index = part.text.split("\n"), list[str](), 0
        while index < len(lines):
            end = self._end(lines, index)
            block = lines[index:end]
            if self._is_code(block):
                yield Part(text="\n".join(prose), is_code=False)
                yield _fenced(block)
                prose = []
            else:
                prose += map(self._followed, block)
            index = end
        yield Part(text="\n".join(prose), is_code=False)

    def _end(self, lines: Sequence[str], index: int) -> int:
        """Where the block ends that begins at a line; it has that one alone if it is not set in.

        So does a picture of WeChat's, which no program holds.
        """
        end = index + 1
        if not self.is_beside or not _may_be_code(lines[index]):
            return end
        for further in range(end, len(lines)):
            if _may_be_code(lines[further]):
                end = further + 1
            elif lines[further].strip():
                break
        return end

    def _followed(self, line: str) -> str:
        if _OPENS.match(line) and not _RULE.match(line):
            self.in_list = True
        elif self.is_beside and line.strip() and not line.startswith(("  ", "\t")):
            self.in_list = False
        if line.lstrip().startswith("<"):
            for tag in _ELEMENT.finditer(line):
                name = tag["name"].lower()
                self.elements[name] = max(0, self.elements[name] + (-1 if tag["end"] else 1))
        self.is_beside = not line.strip()
        return line

    def _is_code(self, block: Sequence[str]) -> bool:
        if self.in_list or not self.is_beside or not _is_set_in(block[0]):
            return False
        if _OPENS.match(block[0]) or block[0].lstrip().startswith(("|", ">")):
            return False
        if any(self.elements[name] for name in _OPAQUE) or any(map(_OF_PAGE.match, block)):
            return False
        is_markup = _TAG.match(block[0]) is not None and any(self.elements.values())
        return not is_markup and _looks_like_code([line for line in block if line.strip()])


def _is_set_in(line: str) -> bool:
    return _SET_IN.match(line) is not None and bool(line.strip())


def _may_be_code(line: str) -> bool:
    return _is_set_in(line) and not _PICTURE.match(line)


def _looks_like_code(lines: Sequence[str]) -> bool:
    """Whether a block has a line of code, and fewer of prose than of code or of neither kind.

    A page's own spaces set in by any number; code that is set in has a line at its edge. In a block
    of one line only what is taken for a mark does harm.
    """
    if not any(map(_NO_FURTHER.match, lines)):
        return False
    if len(lines) == 1 and not _MARK.search(lines[0]):
        return False
    kinds = Counter(map(_kind, lines))
    return kinds["code"] > 0 and 2 * kinds["prose"] < len(lines)


def _kind(line: str) -> str:
    if _LINK.search(line):
        return "prose"
    words = _OF_PROSE.sub("", line).rstrip()
    if _OF_CODE.search(words):
        return "neither" if _HAN.search(words) and _COMMENT.match(line) else "code"
    is_said = _HAN.search(words) and not _COMMENT.match(line)
    return "prose" if is_said or _SENTENCE.match(words) or not words else "neither"


def _fenced(block: Sequence[str]) -> Part:
    """A block as one that fences hold, longer than any in it; a `<br>` is two spaces there."""
    body = "\n".join(_SET_IN.sub("", line, count=1).rstrip() for line in block)
    fence = "`" * max((len(run) + 1 for run in _TICKS.findall(body)), default=3)
    return Part(text=f"{fence}\n{body}\n{fence}", is_code=True)
