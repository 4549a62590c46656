"""Words that say more than the index holds of them: C++, C#, .NET, --help.

To FTS5 signs are what stands between words, so that C++ would find every C. Where signs begin or
end a word that is searched for, the word must stand so in the article, too. Signs inside a word
(CVE-2024-3094) are not asked for: there texts are written in many ways.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import suppress
from functools import lru_cache

from crawler.characters import INVISIBLE, JOINERS
from crawler.folding import fold, fold_width
from crawler.plain import plain_text

# Not those that end a sentence, nor those that texts write in full width as well (50％).
_BEFORE = re.compile(r"[-.#@+]+(?=[^\W_])")
_AFTER = re.compile(r"(?<=[^\W_])[+#]+\Z")
# the same, each with its word
_FIRST = re.compile(r"[-.#@+]++[^\W_]++")
_LAST = re.compile(r"(?<![^\W_])[^\W_]++[+#]++\Z")

_WIDE_SIGNS = {0xFF00 + ord(sign) - 0x20: sign for sign in "-.#@+"}
_WIDE = {sign: chr(place) for place, sign in _WIDE_SIGNS.items()}

SAID = "says({}, {}, {}, {}, ?)"
"""The condition of SQL that one of four columns says a word, given as `as_said` has it."""


def register_says(connection: sqlite3.Connection) -> None:
    """Register the function of SQL that `SAID` asks."""
    with suppress(sqlite3.OperationalError):  # it is there, and in use
        connection.create_function("says", 5, says, deterministic=True)


def says(title: object, account: object, source: object, body: object, said: str) -> bool:
    """Whether one of these says a word, given as `as_said` has it. Never raises.

    Width and script make no difference, as in the index; a body is Markdown, in which a sign may
    stand behind a backslash, or a mark of emphasis between a word and its signs.
    """
    columns = (title, account, source, body)
    text = " ".join(str(one[:_LOOKED_AT]) for one in columns if isinstance(one, str | bytes))
    if len(said) > _LONGEST_SAID:
        return False
    if not all(sign in text or _WIDE[sign] in text for sign in {*_SIGNS.findall(said)}):
        return False  # as most do, which is quickly seen
    is_ascii = said.isascii()
    if said in _folded(text, is_ascii=is_ascii):
        return True
    return said in _bare(text, is_ascii=is_ascii) and said in _plain(text, is_ascii=is_ascii)


# The words of one search are looked for in one row after another: each is made ready once.
@lru_cache(maxsize=2)
def _folded(text: str, *, is_ascii: bool) -> str:
    return _fold(text.replace("\\", ""), is_ascii=is_ascii)


@lru_cache(maxsize=2)
def _bare(text: str, *, is_ascii: bool) -> str:
    """A text less what may be markup, which takes a hundredth of the time of its plain words."""
    return _fold(_MARKUP.sub("", text), is_ascii=is_ascii)


@lru_cache(maxsize=2)
def _plain(text: str, *, is_ascii: bool) -> str:
    return _fold(plain_text(text), is_ascii=is_ascii)


def _fold(text: str, *, is_ascii: bool) -> str:
    for sign, wide in _WIDE.items():
        text = text.replace(wide, sign)
    # (of a word in ASCII no letter has another script, which takes ten times as long)
    folded = fold_width(text) if is_ascii else fold(text)
    return folded.lower()


_MARKUP = re.compile(
    r"\]\([^()\s]*+\)|\]\[[^\[\]\n]*+\]|<[^<>]*+>"
    rf"|[*_`~\\\[\]${INVISIBLE}{JOINERS}]++"
)
_SIGNS = re.compile(r"[-.#@+]")
_LONGEST_SAID = 2_000  # characters, as a search may have
_LOOKED_AT = 1 << 19  # characters; the longest of 2,100 real texts has a twentieth of that


def outer_signs(word: str) -> tuple[str, str]:
    """The signs that a word begins and ends with, as far as they are a part of it."""
    word = word.translate(_WIDE_SIGNS)
    before, after = _BEFORE.match(word), _AFTER.search(word)
    return before[0] if before else "", after[0] if after else ""


def either_width(signs: str) -> str:
    """The pattern of some signs, each as wide as it may be."""
    return "".join(f"[{re.escape(sign)}{_WIDE[sign]}]" for sign in signs)


def as_said(words: str) -> tuple[str, ...]:
    """What a text must say of some words side by side, folded; nothing where the index says it all.

    That is the first of them with the signs before it, and the last with those behind it; what
    stands between may be written in many ways.
    """
    text = fold(words.translate(_WIDE_SIGNS)).lower().strip()
    found = (_FIRST.match(text), _LAST.search(text))
    return tuple(dict.fromkeys(one[0] for one in found if one))
