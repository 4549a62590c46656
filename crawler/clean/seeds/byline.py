"""What stands between a seed's heading and its text.

Cover, the title again, author and account, reader, reprint card.

The order never varies in 10,257 whole seeds: cover (none since August 2026), `# title` again (70
differ: escapes, or retitled since), [原创] [author] account, the novel reader's lines, then perhaps
a reprint card.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.characters import INVISIBLE, JOINERS, on_one_line
from crawler.clean.seeds.furniture import Where, rule_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_COVER = re.compile(r"!\[cover_image\]\(([^()\s]*)\)\Z")
_NAME = re.compile(r"[^\n#*!\[\](){}<>|`：:。！？；，、]{1,40}\Z")
_MARKUP = re.compile(rf"[\s\\*_#`~{INVISIBLE}{JOINERS}]+")
_AVATAR = re.compile(r"!\[[^\]\n]*\]\(https?://(?:wx|mmbiz)\.qlogo\.cn/[^)\n]*\)\Z")
_SOURCE_NAME = re.compile(r"\*\*(?P<name>.{1,60})\*\*\s*\.\Z", re.DOTALL)
_ESCAPE = re.compile(r"\\(?=[_*])")  # the only signs that the older tool escaped
_REPRINT = "以下文章来源于"
_EDITOR = "编者荐语"
ORIGINAL = "原创"


@dataclass(slots=True, kw_only=True)
class Byline:
    """What was read, and at which block the text begins."""

    end: int = 0
    cover: str = ""
    heading: str = ""  # the page's own title
    author: str = ""
    account: str = ""
    attribution: str = ""  # one line: whose article it is, and what the editor says of it
    removed: Counter[str] = field(default_factory=Counter)

    def take(self, rule_id: str, blocks: int = 1) -> None:
        """Count blocks as read."""
        self.removed[rule_id] += blocks
        self.end += blocks


def read_byline(blocks: Sequence[str], *, account: str, title: str, source: str) -> Byline:
    """Read the head of a seed.

    `blocks` begin after the first heading, `account` is what the tail says, or empty.
    """
    byline = Byline()
    cover = _COVER.match(blocks[0].strip()) if blocks else None
    if cover:
        byline.cover = cover[1]
        byline.end = 1
    length = _length_of_heading(blocks[byline.end :], title, sure=bool(cover))
    if not length:
        return byline
    heading = " ".join(blocks[byline.end : byline.end + length])
    byline.heading = _name(heading.removeprefix("# "))
    byline.take("head:title", length)
    _read_names(byline, blocks, account, source)
    _read_reader(byline, blocks)
    _read_reprint(byline, blocks)
    return byline


def _length_of_heading(blocks: Sequence[str], title: str, *, sure: bool) -> int:
    """Of how many blocks the title is that stands here again; 0 where none does.

    Right behind a cover (`sure`) any heading of the first level is one.
    """
    if not (blocks and blocks[0].startswith("# ")):
        return 0
    wanted, said = _MARKUP.sub("", title), ""
    for length, block in enumerate(blocks, 1):
        said += _MARKUP.sub("", block)
        if said == wanted:
            return length
        if not wanted.startswith(said):
            break
    return int(sure)


def _read_names(byline: Byline, blocks: Sequence[str], account: str, source: str) -> None:
    is_original = byline.end < len(blocks) and blocks[byline.end].strip() == ORIGINAL
    start = byline.end + int(is_original)
    shown = list(map(_name, blocks[start : start + 3]))
    index = _index_of_account(shown, account, source, original=is_original)
    if index < 0 or (index and not _may_be_author(blocks[start].strip())):
        return
    if is_original:
        byline.take("head:original")
    byline.account = shown[index]
    byline.author = _undoubled(blocks[start]) if index else ""
    byline.take("head:byline", index + 1)


def _may_be_author(block: str) -> bool:
    """Whether a block has the shape of a name: a picture and a paragraph are the text's."""
    return rule_of(block, Where.BYLINE) == "head:byline" and not block.startswith("![")


def _index_of_account(shown: Sequence[str], account: str, source: str, *, original: bool) -> int:
    """Which of the names shown is the account's: a known one, one like it, or a guess; or -1.

    One line at most stands before it, the author's, in each of 1,531 seeds: of two, one is text.
    """
    names = [name for name in (account, source) if name]
    first = shown[:2]
    index = next((first.index(name) for name in map(_name, names) if name in first), -1)
    if index < 0:
        index = _renamed(first, names)
    if index < 0 and not account:
        index = _guess(shown, original=original)
    # the author is the account, and stands as both
    if index >= 0 and shown[index + 1 : index + 2] == [shown[index]]:
        index += 1
    return index


def _renamed(shown: Sequence[str], names: Sequence[str]) -> int:
    """The index of a name that shares most characters with a known one; -1 where none does.

    Accounts change a word of theirs.
    """
    for index, candidate in enumerate(shown):
        if not _NAME.match(candidate):
            break
        if any(_are_alike(candidate, name) for name in names):
            return index
    return -1


def _are_alike(one: str, other: str) -> bool:
    """Whether more than half of the characters of the longer name stand in the other, too."""
    first, second = set(one), set(other)
    return len(first & second) > max(len(first), len(second)) / 2


def _guess(shown: Sequence[str], *, original: bool) -> int:
    """The index of the account if the tail does not say its name; -1 if it cannot be told.

    An original article has its author first. Elsewhere one line may be either; a second one may be
    the text's first, which must not be lost.
    """
    count = 2 if original else 1
    names = shown[:count]
    if len(names) == count and all(map(_NAME.match, names)):
        return count - 1
    return -1


def _undoubled(block: str) -> str:
    """An author, whose name stands on two lines of one block in 85 seeds."""
    lines = [line.strip() for line in block.strip().split("\n")]
    said = lines[0] if len(set(lines)) == 1 else block
    return _name(said)


def _name(text: str) -> str:
    """A name or title on one line, as its page has it."""
    return _ESCAPE.sub("", on_one_line(text))


def _read_reader(byline: Byline, blocks: Sequence[str]) -> None:
    """The novel reader's lines, and the lost pictures between them; 去阅读 alone is a text's."""
    index, last = byline.end, byline.end
    taken: list[str] = []
    is_named = False
    while index < len(blocks) and (rule_id := rule_of(blocks[index].strip(), Where.HEAD)):
        taken.append(rule_id)
        index += 1
        is_named = is_named or "小说" in blocks[index - 1]
        if rule_id == "head:novel-reader" and is_named:
            last = index
    for rule_id in taken[: last - byline.end]:
        byline.take(rule_id)


def _read_reprint(byline: Byline, blocks: Sequence[str]) -> None:
    """A reprint card: real attribution, kept as one line.

    Its avatar, the name again and a slogan go.
    """
    card = [block.strip() for block in blocks[byline.end : byline.end + 12]]
    start = next((index for index, block in enumerate(card) if block.startswith(_REPRINT)), -1)
    editor = card[:start] if start > 0 and card[0].startswith(_EDITOR) else []
    if start < 0 or (start > 0 and not editor):
        return
    lines = ["".join(editor)] if editor else []
    lines.append("".join(line.strip() for line in card[start].split("\n")))
    byline.take("head:reprint-card", start + 1)
    if byline.end < len(blocks) and _AVATAR.match(blocks[byline.end].strip()):
        byline.take("head:reprint-card")
        if byline.end < len(blocks) and _SOURCE_NAME.match(blocks[byline.end].strip()):
            byline.take("head:reprint-card")
            _read_slogan(byline, blocks)
    byline.attribution = "\n\n".join(lines)


def _read_slogan(byline: Byline, blocks: Sequence[str]) -> None:
    """What the other account says of itself: one plain line, in each of 86 cards of the sample."""
    slogan = blocks[byline.end].strip() if byline.end < len(blocks) else ""
    if slogan and slogan[0] not in "#!|>*`[-" and "\n" not in slogan and len(slogan) <= 120:
        byline.take("head:reprint-card")
