"""Words that say more than the index holds of them: C++, C#, .NET, --help.

To FTS5 signs are what stands between words, so that C++ would find every C. Where signs begin or
end a word that is searched for, the word must stand so in the title or the text, too. Signs inside
a word (CVE-2024-3094) are not asked for: there texts are written in many ways.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import suppress

from crawler.folding import fold, fold_width

# Not those that end a sentence, nor those that texts write in full width as well (50％).
_BEFORE = re.compile(r"[-.#@+]+(?=[^\W_])")
_AFTER = re.compile(r"(?<=[^\W_])[+#]+\Z")

_WIDE_SIGNS = {0xFF00 + ord(sign) - 0x20: sign for sign in "-.#@+"}
_WIDE = {sign: chr(place) for place, sign in _WIDE_SIGNS.items()}
_SAID = "says({table}.title, {table}.body, {value})"


def register_says(connection: sqlite3.Connection) -> None:
    """Register the function of SQL in which `said_in` says its condition."""
    with suppress(sqlite3.OperationalError):  # it is there, and in use
        connection.create_function("says", 3, says, deterministic=True)


def says(title: object, body: object, said: str) -> bool:
    """Whether a title or a text says a word, given as `as_said` has it. Never raises.

    Width and script make no difference, as in the index; a body is Markdown, in which a sign may
    stand behind a backslash.
    """
    text = f"{title or ''} {body or ''}"
    if not all(sign in text or _WIDE[sign] in text for sign in _SIGNS.findall(said)):
        return False  # as most do, which is quickly seen
    text = text.replace("\\", "")
    for sign, wide in _WIDE.items():
        text = text.replace(wide, sign)
    # (of a word in ASCII no letter has another script, which takes ten times as long)
    folded = fold_width(text) if said.isascii() else fold(text)
    return said in folded.lower()


_SIGNS = re.compile(r"[-.#@+]")


def outer_signs(word: str) -> tuple[str, str]:
    """The signs that a word begins and ends with, as far as they are a part of it."""
    word = word.translate(_WIDE_SIGNS)
    before, after = _BEFORE.match(word), _AFTER.search(word)
    return before[0] if before else "", after[0] if after else ""


def either_width(signs: str) -> str:
    """The pattern of some signs, each as wide as it may be."""
    return "".join(f"[{re.escape(sign)}{_WIDE[sign]}]" for sign in signs)


def as_said(word: str) -> str:
    """The word as a text must say it, folded; empty where the index says it all."""
    return fold(word.translate(_WIDE_SIGNS)).lower() if any(outer_signs(word)) else ""


def said_in(table: str, value: str) -> str:
    """The condition of SQL that a row of `articles`, by its name there, says such a word.

    `value` is the placeholder for it.
    """
    return _SAID.format(table=table, value=value)
