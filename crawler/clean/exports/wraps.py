"""Lines that a tool broke within a sentence, joined: in Han text without a space, else with one.

html2text wraps at 78 columns, also behind the hyphens of addresses; wechatmp2markdown breaks the
line after every span (15,000 times before punctuation alone in 10,222 real documents). A poem's
lines, items, headings, pictures and tables stay apart.
"""

from __future__ import annotations

import re

_BLOCK = re.compile(
    r"\s*(?:[-+*]\s|\d{1,9}[.)]\s|#{1,6}\s|>|\||```|~~~|!\[|\[!\[|<|(?:[-*_=]\s*){3,}\Z)| {4}|\t"
)
_OPAQUE = re.compile(r"\s*(?:\||```|~~~|!\[|\[!\[|<(?!https?:)|#{1,6}\s)")
_MARKS = "*_~`\\"
_CLOSES = re.compile(r"[，。、；：！？）」』”’》】〉…％,.;:!?)\]%]")
_OPENS = re.compile(r"[（「『“‘《【〈，、：(\[]")
_ENDS = re.compile(r"[。！？…!?.；;”」』）)]")
_WORD = re.compile(r"[^\W_]")
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—]")
_HARD_BREAK = re.compile(r"(?:  |\t|\\)\Z")
_OPEN_ADDRESS = re.compile(r"\]\(<?https?://[^()\s<>]*+\Z")
_PIECES = 24  # of a row, gaps counted: an address of a thousand characters has as many
_SPACES = re.compile(r"(?<=\S)[ ]{2,}+(?=\S)")


def join_soft_wraps(block: str) -> str:
    """A paragraph whose lines were wrapped; a hard break stays."""
    rows: list[list[str]] = []
    for line in block.split("\n"):
        if not rows or _HARD_BREAK.search(rows[-1][-1]) or _is_apart(rows[-1], line):
            rows.append([line])
        else:
            rows[-1] += [_glue(rows[-1][-1], line), line.lstrip()]
    lines = ("".join(row) for row in rows)
    return "\n".join(_SPACES.sub(" ", line) if line.strip() else "" for line in lines)


def _is_apart(row: list[str], line: str) -> bool:
    if not row[-1].strip() or not line.strip():
        return True
    if _OPEN_ADDRESS.search("".join(row[-_PIECES:])):
        return False
    return bool(_BLOCK.match(line) or _OPAQUE.match(row[0]))


def _glue(before: str, line: str) -> str:
    """What stood where the line was wrapped: nothing beside Han, behind a hyphen, in an address."""
    if _OPEN_ADDRESS.search(before):
        return ""
    last, first = _last_sign(before), _first_sign(line)
    if before.endswith("-") or _WIDE.match(last) or _WIDE.match(first):
        return ""
    return " "


def join_hard_breaks(block: str) -> str:
    """A paragraph with breaks that stand within a sentence; all others stay."""
    lines = block.split("\n")
    if len(lines) < 2:
        return block
    is_prose = bool(_ENDS.match(_last_sign(lines[-1].rstrip())))
    rows = [[lines[0]]]
    for line in lines[1:]:
        row = rows[-1]
        if _is_within(row, line, is_prose=is_prose):
            row[-1] = row[-1].rstrip()
            row += [_gap(row[-1], line), line.lstrip()]
        else:
            rows.append([line])
    return "\n".join("".join(row) for row in rows)


def _is_within(row: list[str], line: str, *, is_prose: bool) -> bool:
    """Whether a break stands in mid-sentence: before what closes, behind what opens, or in words.

    Between two words only where the paragraph is prose, for a poem's lines may end without a sign.
    """
    last = row[-1]
    if not last.strip() or not line.strip() or _BLOCK.match(line) or _OPAQUE.match(row[0]):
        return False
    left, right = _last_sign(last.rstrip()), _first_sign(line)
    if _CLOSES.match(right) or _OPENS.match(left):
        return True
    return is_prose and bool(_WORD.match(left) and _WORD.match(right))


def _gap(before: str, line: str) -> str:
    left, right = _last_sign(before.rstrip()), _first_sign(line)
    wide = _WIDE.match(left) or _WIDE.match(right)
    return " " if _WORD.match(left) and _WORD.match(right) and not wide else ""


def _last_sign(text: str) -> str:
    return text.rstrip(_MARKS + " \t")[-1:]


def _first_sign(text: str) -> str:
    return text.lstrip(_MARKS + " \t")[:1]
