"""Links to WeChat that mail broke at the ends of its lines, or of which a part is emphasised."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.spellings import ANNOUNCED, EQUALS, HOST, NAMES, ON_A_LINE, OURS, RUN

if TYPE_CHECKING:
    from collections.abc import Sequence

# a link, and what may be the rest of it where mail broke it at an end of its lines; a whole one is
# taken, too, so that none of the hosts within it is begun with again
_BROKEN = re.compile(
    rf"{HOST}{RUN}"
    r"(?:\\?+[ \t]{0,3}+\r?\n[ \t>]{0,9}+(?:[!$%&'*+,./0-9;=@A-Z^_a-z~-]|\\[_&=*~-])++)*+",
    re.IGNORECASE,
)
_OF_BROKEN = re.compile(r"(?P<piece>[^\r\n]*+)(?:\r?\n[ \t>]*+|\Z)")
_LONG_PIECE = 60  # characters; mail breaks lines at 76 or less
_SHORTEST_REST = 8
_LONGEST_HEAD = 100
_SECRET = rf"(?<![A-Za-z0-9_])(?:{NAMES})="
_ANY_ONE = re.compile(rf"{_SECRET}[^&]++", re.IGNORECASE)
_LONG_ONE = re.compile(rf"{_SECRET}[!-%'-~]{{16}}", re.IGNORECASE)

# what emphasises a part of a link: signs of Markdown, and tags, in a script as well
_TAG_IN_SCRIPT = r"\\{1,4}x3c(?:(?!\\{1,4}x3[ce])[^<>\n]){0,300}+\\{1,4}x3e"
_MARK = re.compile(
    rf"(?:\\?\*){{1,3}}|`{{1,3}}|~~|\[|<[^<>\n]{{1,300}}+>|{_TAG_IN_SCRIPT}", re.IGNORECASE
)
_MARKS = rf"(?:{_MARK.pattern}){{0,4}}+"
_TAG_NAME = re.compile(r"(?:<|x3c)(/?)([a-z0-9]++)", re.IGNORECASE)
# (a third of the time of what ignores case)
_ANY_NAME = re.compile(f"{NAMES}|{NAMES.upper()}|{NAMES.title()}")
_EMPHASISED = re.compile(
    rf"(?P<within>{_MARKS}(?:{EQUALS.pattern}){_MARKS})(?P<value>{ON_A_LINE})"
    rf"(?P<after>{_MARKS})(?:&(?:amp;)*+|\\x26(?:amp;)*+)?",
    re.IGNORECASE,
)
_ENDS = r"\s\"'<>，。；、！（）"  # a link
_ENDS_LINK = re.compile(f"[{_ENDS}]")
_CUT_LINK = re.compile(rf"(?:{OURS})[^{_ENDS}]*+\Z", re.IGNORECASE)
_ENDS_OF_CUT_LINKS = ("&", "?", "amp;", "26", "3f", "3F")
_LONGEST_BEFORE = 1_000
_LEAST_EMPHASISED = 16


def joined_lines(text: str) -> str:
    """A text in which links that mail broke stand on one line, up to their last credential."""
    return _BROKEN.sub(_joined, text)


def _joined(broken: re.Match[str]) -> str:
    """A broken link on one line up to its last piece with a credential; what follows is apart."""
    text = broken[0]
    pieces = _pieces_of(broken) if "\n" in text else []
    link = "".join(piece for piece, _ in pieces)
    if "?" not in link or "#" in pieces[0][0] or "?" not in pieces[0][0]:
        return text
    is_sure = _LONG_ONE.search(link) is not None
    last = max((found.end() for found in _ANY_ONE.finditer(link)), default=0) if is_sure else 0
    kept, end = len(pieces[0][0]), 0
    for piece, behind in pieces[1:]:
        if kept >= last:
            break
        kept, end = kept + len(piece), behind
    return link[:kept] + text[end:] if end else text


def _pieces_of(broken: re.Match[str]) -> list[tuple[str, int]]:
    """The pieces of a link that mail may have broken, and where each ends."""
    text = broken[0]
    before = broken.string[max(0, broken.start() - _LONGEST_HEAD) : broken.start()]
    indent = len(before) - before.rfind("\n") - 1
    pieces, widths = list[tuple[str, int]](), list[int]()
    for found in _OF_BROKEN.finditer(text):
        piece, end = found["piece"].rstrip(" \t").removesuffix("\\"), found.end("piece")
        widths.append(end - text.rfind("\n", 0, found.start()) - 1 + indent)
        indent = 0
        if pieces and not (_goes_on(pieces[-1][0], piece) or _fills(widths, piece)):
            break
        pieces.append((piece, end))
    return pieces


def _goes_on(piece: str, below: str) -> bool:
    """Whether a link that ends its line may go on with what begins the next one."""
    value, mark, rest = below.partition("&")
    is_long = (mark and ("=" in rest or not value)) or len(below) >= _LONG_PIECE
    return piece.endswith(("&", "&amp;", "?")) or bool(is_long and "=" not in value)


def _fills(widths: Sequence[int], piece: str) -> bool:
    """Whether lines are as long as one another, as where each is filled, or are but for the last.

    So a name or a value is cut anywhere.
    """
    if widths[-1] == widths[-2] >= _LONG_PIECE:
        return True
    is_rest = len(piece) >= _SHORTEST_REST or any(sign in piece for sign in "&=%")
    return is_rest and len(widths) > 2 and widths[-2] == widths[-3] >= _LONG_PIECE


def without_emphasised(text: str) -> str:
    """A text without credentials within a link that marks or tags have cut."""
    kept, end, place = list[str](), 0, 0
    last, is_within = 0, False  # the name before, and whether a link goes on up to it
    while name := _ANY_NAME.search(text, place):
        place = name.end()
        found = _EMPHASISED.match(text, place)
        if not found or len(found["value"]) < _LEAST_EMPHASISED:
            continue
        place = found.end("value")  # a value holds no other name: none of it is read again
        start = max(last, name.start() - _LONGEST_BEFORE)
        before = _MARK.sub("", text[start : name.start()])
        link = before.rstrip()
        goes_on = is_within and start == last and not _ENDS_LINK.search(link)
        is_link = goes_on or _CUT_LINK.search(link) is not None
        last, is_within = name.start(), is_link and link == before
        is_secret = is_link and link.endswith(_ENDS_OF_CUT_LINKS)
        if not is_secret or ANNOUNCED.fullmatch(found["value"]):
            continue
        marks = _marks_at_end(text[max(end, start) : name.start()])
        kept.append(text[end : name.start() - len("".join(marks))])
        kept.append(_unpaired([*marks, *_MARK.findall(f"{found['within']}\n{found['after']}")]))
        end = place = found.end()
    return "".join([*kept, text[end:]])


def _marks_at_end(text: str) -> list[str]:
    marks, end = list[str](), 0
    for mark in _MARK.finditer(text):
        marks = [*(marks if mark.start() == end else ()), mark[0]]
        end = mark.end()
    return marks if end == len(text) else []


def _unpaired(marks: Sequence[str]) -> str:
    """Marks of which none ends what another one of them begins."""
    left = list[str]()
    for mark in marks:
        tag = _TAG_NAME.search(mark)
        begun = _TAG_NAME.search(left[-1]) if left else None
        is_end = tag and begun and (begun[1], tag[1], tag[2]) == ("", "/", begun[2])
        if is_end or (not tag and mark in left[-1:]):
            left.pop()
        else:
            left.append(mark)
    return "".join(left)
