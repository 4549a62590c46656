"""Words that say more than the index holds of them: C++, C#, .NET, --help.

To FTS5 signs are what stands between words, so that C++ would find every C. Where signs begin or
end a word that is searched for, the word must stand so in the title or the text, too. Signs inside
a word (CVE-2024-3094) are not asked for: there texts are written in many ways.
"""

from __future__ import annotations

import re

from crawler.folding import fold_width

# Not those that end a sentence, nor those that texts write in full width as well (50％).
_BEFORE = re.compile(r"[-.#@+]+(?=[^\W_])")
_AFTER = re.compile(r"(?<=[^\W_])[+#]+\Z")

# A body is Markdown, in which a sign may stand behind a backslash.
_SAID = (
    "instr(lower(replace(coalesce({table}.title, '') || ' ' || coalesce({table}.body, ''),"
    " '\\', '')), {value}) > 0"
)


def outer_signs(word: str) -> tuple[str, str]:
    """The signs that a word begins and ends with, as far as they are a part of it."""
    before, after = _BEFORE.match(word), _AFTER.search(word)
    return before[0] if before else "", after[0] if after else ""


def as_said(word: str) -> str:
    """The word as it must stand in a text, in small letters; empty where the index says it all."""
    return fold_width(word).lower() if any(outer_signs(word)) else ""


def said_in(table: str, value: str) -> str:
    """The condition of SQL that a row of `articles`, by its name there, says such a word.

    `value` is the placeholder for it.
    """
    return _SAID.format(table=table, value=value)
