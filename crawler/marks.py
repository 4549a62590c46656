"""Lines of ours in a document beside the article's own text: where it is cut, where notes begin.

They stand in what is shown and exported, never in what the archive keeps; reading takes them off.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from crawler.article import State
from crawler.characters import visible
from crawler.dialect import fence_after

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTES = "<!-- notes -->"
"""The line below which a person writes into an exported file."""

_NOTES = re.compile(r" {0,3}<!-- *+notes *+-->\s*+\Z", re.IGNORECASE)
"""The same as people type it, and editors leave it."""

CUT = {
    State.TRUNCATED: "> ✂ 本文到此为止，其余未能保存 · This copy was cut here by its tool.",
    State.PAID: "> ✂ 以下为付费内容 · Here ends the free part of a paid article.",
}
"""State -> the last line of a document whose text goes on elsewhere."""
_LINES = {state.value: line for state, line in CUT.items()}

OWN = "原文如此 · The article itself says: "
"""What stands in such a line that is an article's own, or it would be taken for ours."""
_LIKE_OURS = re.compile(  # as editors leave it, and people mark it
    rf"(?P<quote> {{0,3}}>[ \t]*+)(?P<own>(?:{re.escape(OWN)})*+)"
    r"(?:[^\w\n]|_){0,9}?(?:\[!\w{1,20}\](?:[^\w\n]|_){0,9}?)?✂(?P<said>[^\n]{0,300}+)\Z"
)
_BEHIND = re.compile(r"(?:\s\^[\w-]++|\[\^[\w-]++\]|%%[^%]*+%%)\s*+\Z")
_NO_LETTERS = re.compile(r"[\W_]++")


def _letters(words: str) -> str:
    return _NO_LETTERS.sub("", _BEHIND.sub("", words)).casefold()


_STATES = {_letters(line): state for state, line in CUT.items()}


def _told_in(line: str) -> tuple[State | None, re.Match[str] | None]:
    """The state that a line tells which is like ours, and its parts; None for any other."""
    found = _LIKE_OURS.match(line) if "✂" in line else None
    state = _STATES.get(_letters(found["said"])) if found else None
    return state, found if state else None


def with_cut_mark(document: str, state: str) -> str:
    """The document, which says at its end that the article goes on where its state says so.

    A state that is none, as in somebody else's archive, says nothing.
    """
    line = _LINES.get(state)
    document = _with_own_lines_told(document)
    return f"{document.rstrip()}\n\n{line}\n" if line else document


def _with_own_lines_told(document: str) -> str:
    """The document, in which lines of its own that are like ours say whose they are."""
    if "✂" not in document:
        return document
    text = visible(document)  # or what goes later would make such a line of another
    told = "\n".join(map(_own_told, text.split("\n")))
    return document if told == text else told


def _own_told(line: str) -> str:
    _, found = _told_in(line)
    return f"{found['quote']}{OWN}{line[found.end('quote') :]}" if found else line


def _as_it_was(document: str) -> str:
    """The document of which `_with_own_lines_told` made this one."""
    return "\n".join(map(_own_untold, document.split("\n"))) if OWN in document else document


def _own_untold(line: str) -> str:
    _, found = _told_in(line)
    is_told = found is not None and found["own"]
    return line.replace(OWN, "", 1) if is_told else line


def split_cut_mark(document: str) -> tuple[str, State | None, str]:
    """The document above that line, the state that it told, and what stands below it.

    None and "" where there is no such line. What stands below is nobody's but its reader's, for
    the article's own lines of the kind are told; in a block of code that is closed it is none.
    """
    at, fence = 0, ""
    text = document.rstrip() if "✂" in document else ""
    for line in text.split("\n"):
        fence = fence_after(line, fence)
        end = at + len(line)
        state, found = _told_in(line)
        if found and not found["own"] and (not fence or end == len(text)):
            return f"{_as_it_was(text[:at].rstrip())}\n", state, text[end:].strip()
        at = end + 1
    return _as_it_was(document), None, ""


def split_notes(document: str) -> tuple[str, str]:
    """The document above its notes, and the notes with the line that they begin with, or "".

    The same line in a block of code is the article's own.
    """
    at, fence = 0, ""
    for line in document.split("\n") if "<!--" in document else ():
        fence = fence_after(line, fence)
        if not fence and _NOTES.match(line):
            return document[:at], document[at:]
        at += len(line) + 1
    return document, ""


def split_notes_of_changed(document: str, ours: str) -> tuple[str, str]:
    """The same of a document that a person changed, and `ours` was.

    A block of code that they opened and did not close hides where their notes begin: at the first
    such line that ours has none for.
    """
    plain, notes = split_notes(document)
    known = sum(1 for _ in _each_mark(ours))
    at = next(islice(_each_mark(document), known, None), len(document))
    return (plain, notes) if at >= len(plain) else (document[:at], document[at:])


def _each_mark(document: str) -> Iterator[int]:
    """Where each line of notes begins, also those in code."""
    at = 0
    for line in document.split("\n") if "<!--" in document else ():
        if _NOTES.match(line):
            yield at
        at += len(line) + 1
