"""Links to WeChat that mail broke at the ends of its lines, or of which a part is emphasised."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from crawler.spellings import ANNOUNCED, EQUALS, HOST, NAMES, OF_VALUES, OURS, RUN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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

# what emphasises a part of a link: signs of Markdown, and tags, escaped or in a script as well
_TAG_IN_SCRIPT = r"\\{1,4}(?:x|u00)3c(?:(?!\\{1,4}(?:x|u00)3[ce])[^<>\n]){0,300}+\\{1,4}(?:x|u00)3e"
_MARK = re.compile(
    r"(?:\\{0,4}\*){1,3}|\\{0,4}(?:`{1,3}|~~|\[|<[^<>\n]{1,300}+>)"
    rf"|&lt;[^<>&\n]{{1,300}}+&gt;|{_TAG_IN_SCRIPT}",
    re.IGNORECASE,
)
_MARKS = rf"(?:{_MARK.pattern}){{0,4}}+"
_TAG_NAME = re.compile(r"(?:<|&lt;|[x0]3c)(/?)([a-z0-9]++)", re.IGNORECASE)
# and signs before a credential, which has none of its own there
_SIGNS = r"(?:\\?[!-%'-/:-@\[-`{-~]){0,6}+"
# (a third of the time of what ignores case)
_ANY_NAME = re.compile(f"{NAMES}|{NAMES.upper()}|{NAMES.title()}")
_AND = r"(?:&(?:amp;)*+|\\{1,4}(?:x|u00)26(?:amp;)*+|%(?:25)*+26)"
_CREDENTIAL = re.compile(
    rf"(?:(?<=[&?＆])|(?<=(?:amp|[#0]38|x26);)|(?<=[%x05](?:26|3f)))(?P<signs>{_SIGNS})(?:{NAMES})"
    rf"(?:{EQUALS.pattern})(?P<value>{OF_VALUES})(?:{_AND})?",
    re.IGNORECASE,
)
# a link up to what ends it, which no mark does, in no more pieces than memory is spent on; where it
# begins is found by its first sign, in a sixth of the time; behind a blank, or on the next line, it
# goes on with a parameter, or a credential
_ENDS = r"\s\"'<>，。；、！（）"
_PARAMETER = rf"[a-z_]{{1,20}}+(?:{EQUALS.pattern})"
_NAMED = rf"{_MARKS}{_SIGNS}(?:{NAMES}){_MARKS}(?:{EQUALS.pattern})"
_MARKED = re.compile(
    rf"[wW_/](?<=(?=(?i:{OURS}))[wW_/])(?:[^{_ENDS}&*`~\[\]\\:]++|(?i:{_MARK.pattern})"
    rf"|(?<=[&?;])\s++(?=(?i:{_NAMED}))|\s++(?=&(?i:(?:amp;)*+{_PARAMETER}))"
    r"|(?:(?<==http)|(?<==https)):|:(?!(?:\\{0,4}/){2})|\](?!\()|[&*`~\[\\]){0,5000}+"
)
_OF_MARKED = re.compile(rf"{_MARK.pattern}|\s++", re.IGNORECASE)
_LEAST_EMPHASISED = 8
_OF_LINKS = ("[", "a")  # what begins another link, and goes on within none
# what no word, day or name looks like: letters and digits by turns, or many of them
_OF_A_VALUE = re.compile(
    r"(?=(?:(?:[^0-9]|[0-9](?![A-Za-z]))*+[0-9]){2})(?s:.){8}"
    r"|(?=[^0-9]*+[0-9])(?=[^A-Za-z]*+[A-Za-z])(?s:.){16}"
)


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
    return _MARKED.sub(_without_marked, text)


def _without_marked(link: re.Match[str]) -> str:
    """A link less its credentials at and behind its first mark: what is one is seen without any."""
    text = link[0]
    bare = _OF_MARKED.sub("", text)
    if not _ANY_NAME.search(bare):
        return text
    marks = list(_OF_MARKED.finditer(text))
    lengths = [0, *accumulate(len(mark[0]) for mark in marks)]
    places = [mark.start() - before for mark, before in zip(marks, lengths[:-1], strict=True)]
    kept, end = list[str](), 0
    ends = [place for place, mark in zip(places, _partnered(marks), strict=True) if not mark]
    for start, stop, signs in _credentials_of(bare, places, ends):
        first, last = bisect_left(places, start), bisect_right(places, stop)
        if bare[start].isalnum() and not bisect_left(places, stop):
            continue  # which is one without any look at marks
        kept += [text[end : start + lengths[first]], signs]
        kept.append(_unpaired([mark[0] for mark in marks[first:last]]))
        end = stop + lengths[last]
    return "".join([*kept, text[end:]])


def _credentials_of(
    bare: str, marks: Sequence[int], ends: Sequence[int]
) -> list[tuple[int, int, str]]:
    """Where credentials begin and end, neighbours as one, and signs before it that end nowhere."""
    spans = list[tuple[int, int, str]]()
    for found in _CREDENTIAL.finditer(bare):
        start, signs = found.start(), found["signs"]
        value = _value_of(found, marks, ends)
        if len(value) < _LEAST_EMPHASISED or ANNOUNCED.fullmatch(value):
            continue
        if spans and spans[-1][1] == start:
            start, _, before = spans.pop()
            signs = before + signs
        is_whole = value == found["value"]
        stop = found.end() if is_whole else found.start("value") + len(value)
        spans.append((start, stop, "" if value.endswith(signs) else signs))
    return spans


def _value_of(found: re.Match[str], marks: Sequence[int], ends: Sequence[int]) -> str:
    """A value up to what ends its link, or its last piece that is no word or number beside it."""
    start, stop = found.span("value")
    end = bisect_right(ends, start)
    stop = min([stop, *ends[end : end + 1]])
    within = marks[bisect_right(marks, start) : bisect_left(marks, stop)]
    cuts = [place - start for place in (*within, stop)]
    last = cuts[0]
    for before, after in pairwise(cuts):
        if _OF_A_VALUE.match(found["value"], before, after):
            last = after
    return found["value"][:last]


def _partnered(marks: Iterable[re.Match[str]]) -> list[bool]:
    """Of each mark whether it begins what another one ends, or ends it, or stands within a word."""
    partnered, begun = list[bool](), dict[str, list[int]]()
    for number, mark in enumerate(marks):
        tag = _TAG_NAME.search(mark[0])
        name = tag[2].lower() if tag else mark[0]
        before = begun.setdefault(name, [])
        is_end = name not in _OF_LINKS and (tag[1] if tag else before)
        partnered.append(name == "wbr" or bool(is_end and before))
        if not is_end:
            before.append(number)
        elif before:
            partnered[before.pop()] = True
    return partnered


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
